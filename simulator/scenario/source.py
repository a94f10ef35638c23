"""Reading a scenario file: from bytes to the raw table, with the line of each field. No field is judged here."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from simulator.scenario.errors import Problem, ScenarioError, clipped, nearest
from simulator.scenario.paths import split_leading_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path, PurePath

LARGEST_FILE = 5_000_000
"""Bytes; volumes belong in CSV files beside the scenario."""

DEEPEST_TABLE = 30
"""Tables within tables; no field of a scenario is nearly so deep, and what walks the table may recurse."""

RawTable = dict[str, object]
"""A TOML table as read: strings, numbers, dates, lists and further tables."""

_NO_UPLOADS: Mapping[str, bytes] = {}

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # text of several lines
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'  # text of one line
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]"
    r"|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A scenario file as read."""

    path: PurePath
    """Where it is; of an uploaded scenario only its name, which nothing opens."""
    raw: RawTable
    lines: Mapping[tuple[str, ...], int]
    """Line of each field and table, from 1; fields within braces are left out."""
    uploads: Mapping[str, bytes] | None = None
    """The CSV files of an uploaded scenario by name; None: they are on disk, seen from the folder of `path`."""

    def located(self, problem: Problem) -> Problem:
        """The problem with this file, and the line of its field, or else of the innermost table around it."""
        if problem.file:
            return problem
        lines = (self.lines.get(problem.field[:end]) for end in range(len(problem.field), 0, -1))
        return replace(problem, file=str(self.path), line=next((line for line in lines if line is not None), None))


def table_at(raw: object, *path: str) -> dict[str, object]:
    """The table at a path of a raw table; an empty one if there is none."""
    table = raw
    for name in path:
        table = table.get(name) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def with_value(raw: RawTable, path: Sequence[str], value: object) -> RawTable:
    """A copy of a raw table with a field set; the tables on the way to it must be there."""
    name, *rest = path
    inner = raw.get(name)
    assert isinstance(inner, dict) or not rest
    return {**raw, name: with_value(inner, rest, value) if isinstance(inner, dict) and rest else value}


def read_source(path: Path) -> Source:
    """Read a TOML file.

    Raises
    ------
    ScenarioError
        If there is no such file, or it is too large, not UTF-8 text, not TOML, or empty.
    """
    raw, lines = _parsed(path, _text(path, _content(path)))
    return Source(path, raw, lines)


def read_upload(name: str, content: bytes, uploads: Mapping[str, bytes] = _NO_UPLOADS) -> Source:
    """Read a scenario that was uploaded; nothing of it touches the file system.

    Parameters
    ----------
    name
        What it is called, such as "peak.toml"; folders in it do not count.
    content
        The TOML file.
    uploads
        CSV files that it may name, by name. A name with a folder in it, such as "../volumes.csv", is never found.

    Raises
    ------
    ScenarioError
        If it is too large, not UTF-8 text, not TOML, or empty.
    """
    path = PurePosixPath(name.replace("\\", "/").rpartition("/")[2] or "scenario.toml")
    if len(content) > LARGEST_FILE:
        raise _refused(path, _too_large(len(content)))
    raw, lines = _parsed(path, _text(path, content))
    return Source(path, raw, lines, uploads)


def _parsed(path: PurePath, text: str) -> tuple[RawTable, dict[tuple[str, ...], int]]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(path, f"This is not TOML. {_sentence(str(error))}", _toml_error_line(str(error))) from None
    except (ValueError, RecursionError):
        raise _refused(path, "This is not TOML: a number is too long, or brackets are nested too deep.") from None
    if _depth(raw) > DEEPEST_TABLE:
        raise _refused(path, f"Tables and lists are nested more than {DEEPEST_TABLE} deep.")
    if not raw:
        msg = "The file is empty. scenarios/README.md lists the fields of a scenario."
        raise _refused(path, msg)
    lines: dict[tuple[str, ...], int] = {}
    for field, line in _lines(text):
        lines.setdefault(field, line)
    return raw, lines


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            inside = ", ".join(sorted(file.name for file in path.glob("*.toml"))[:10]) or "none"
            raise _refused(path, f"This is a folder; a scenario file is needed. TOML files in it: {inside}.")
        if not path.exists():
            raise _refused(path, f"There is no such file.{_near_files(path)}")
        if not path.is_file():
            raise _refused(path, "This is not an ordinary file.")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise _refused(path, _too_large(size))
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _refused(path, f"The file cannot be read: {reason}.") from None


def _too_large(size: int) -> str:
    return (
        f"The file has {size / 1e6:,.1f} MB; a scenario file may have {LARGEST_FILE / 1e6:.0f} MB. "
        "Put volumes into a CSV file and name it in the channel's demand."
    )


def _text(path: PurePath, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"The file is not UTF-8 text: byte {error.start + 1} is 0x{content[error.start]:02X}. Save it as UTF-8."
        raise _refused(path, msg, line) from None


def _refused(path: PurePath, message: str, line: int | None = None) -> ScenarioError:
    return ScenarioError([Problem(message, file=str(path), line=line)])


def _near_files(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f" There is no folder {folder} either."
    names = sorted(file.name for file in folder.glob("*.toml"))
    near = nearest(path.name, names)
    if near:
        return f" Did you mean {folder / near}?"
    return f" Scenario files in that folder: {', '.join(names[:10]) or 'none'}."


def _sentence(text: str) -> str:
    return clipped(text if text.endswith(".") else f"{text}.", 300)


def _toml_error_line(text: str) -> int | None:
    found = re.search(r"at line ([0-9]+)", text)
    return int(found[1]) if found else None


def _depth(raw: RawTable) -> int:
    level: list[dict[str, object] | list[object]] = [raw]
    depth = 0
    while level and depth <= DEEPEST_TABLE:
        depth += 1
        inside = chain.from_iterable(value.values() if isinstance(value, dict) else value for value in level)
        level = [item for item in inside if isinstance(item, dict | list)]
    return depth


class Statement(NamedTuple):
    """A header of a table, or `key = value`, which may go on over several lines."""

    first: int
    """Its lines, from 1."""
    last: int
    table: tuple[str, ...]
    """Path of the table whose header it is, or stands below."""
    path: tuple[str, ...]
    """Of the table or the field."""

    @property
    def is_header(self) -> bool:
        """Whether it is the header of a table."""
        return self.table == self.path


def statements(text: str) -> Iterator[Statement]:
    """Each header and each field of a text that is known to be TOML; lists of tables, in double brackets, left out."""
    table: tuple[str, ...] | None = ()
    for first, last, statement in _statements(text):
        if statement.startswith("[["):
            table = None
        elif statement.startswith("["):
            table, _ = split_leading_path(statement[1:])
            yield Statement(first, last, table, table)
        elif table is not None:
            key, _ = split_leading_path(statement)
            yield Statement(first, last, table, table + key)


def _lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Each table and field of a text that is known to be TOML, with its line."""
    for statement in statements(text):
        for end in range(len(statement.table) + (not statement.is_header), len(statement.path) + 1):
            yield statement.path[:end], statement.first


def _statements(text: str) -> Iterator[tuple[int, int, str]]:
    """First and last line and the text of each header and each `key = value`."""
    line = start = 1
    depth = 0
    statement = ""
    for token in _TOKEN.findall(f"{text}\n"):
        if token == "\n" and depth == 0:
            if statement.strip():
                yield start, line, statement.strip()
            statement = ""
            start = line + 1
        elif not token.startswith("#"):
            depth += (token in "[{") - (token in "]}")
            statement += token
        line += token.count("\n")
