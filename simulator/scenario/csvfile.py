"""Reading a CSV file that a scenario names: limits, encoding, header and rows. What they say is judged elsewhere."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from simulator.scenario.errors import Problem, ScenarioError, clipped, listed, nearest, shown
from simulator.scenario.fields import YEARS
from simulator.scenario.paths import join_path
from simulator.scenario.units import DAY, parse_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path, PurePath

LARGEST_CSV = 200_000_000
"""Bytes, after unpacking."""

MOST_ROW_PROBLEMS = 10
"""After so many wrong rows the rest of a file is not looked at."""

_CHUNK = 1 << 20
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file in memory, and the field of the scenario that names it."""

    path: PurePath
    field: tuple[str, ...]
    content: bytes
    """Unpacked."""
    sha256: str
    """Of the file as it was given, packed or not."""

    def problem(self, message: str, line: int | None = None, value: object = None) -> Problem:
        """Something wrong in this file; `value` is a cell of it."""
        cell = f"{shown(value)}: " if value is not None else ""
        return Problem(f"{cell}{message}", self.field, self.path.name, str(self.path), line)

    def refused(self, message: str, line: int | None = None, value: object = None) -> ScenarioError:
        """The error for one thing that makes the rest unreadable."""
        return ScenarioError([self.problem(message, line, value)])

    def header(self) -> list[str]:
        """The names of its columns.

        Raises
        ------
        ScenarioError
            If the file is not text, empty, or not separated by commas.
        """
        try:
            with io.TextIOWrapper(io.BytesIO(self.content), encoding="utf-8-sig", newline="") as text:
                return self._named(next(csv.reader(text, strict=True), []))
        except UnicodeDecodeError:
            raise self.refused(self._not_utf8()) from None
        except csv.Error as error:
            raise self.refused(f"This is not CSV: {error}.", 1) from None

    def rows(self, columns: Mapping[str, str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Line number and the cells of the wanted columns, row by row.

        Parameters
        ----------
        columns
            Field of the scenario that names a column -> the column.

        Raises
        ------
        ScenarioError
            If the file is not text, lacks a column, has no rows, or a row has too few or too many cells.
        """
        text = io.TextIOWrapper(io.BytesIO(self.content), encoding="utf-8-sig", newline="")
        reader = csv.reader(text, strict=True)
        try:
            header = self._named(next(reader, []))
            places = self._places(header, columns)
            line = None
            for cells in reader:
                if not cells:
                    continue
                line = reader.line_num
                if len(cells) != len(header):
                    comma = " Write decimals with a point." if len(cells) > len(header) else ""
                    message = f"The row has {len(cells)} cells, the header {len(header)}.{comma}"
                    raise self.refused(message, line, ",".join(cells))
                yield line, tuple(cells[place].strip() for place in places)
        except UnicodeDecodeError:
            raise self.refused(self._not_utf8()) from None
        except csv.Error as error:
            raise self.refused(f"This is not CSV: {error}.", reader.line_num) from None
        if line is None:
            raise self.refused("The file has a header and no rows.")

    def _named(self, header: list[str]) -> list[str]:
        """The names of the columns, once they are known to be names."""
        header = [name.strip() for name in header]
        if not any(header):
            raise self.refused("The file is empty; its first row must name the columns.", 1)
        if "\0" in "".join(header):
            raise self.refused("This is not a text file. Save it as CSV in UTF-8.", 1)
        separator = next((sign for sign in (";", "\t", "|") if len(header) == 1 and sign in header[0]), None)
        if separator:
            kind = {";": "semicolons", "\t": "tabs", "|": "bars"}[separator]
            message = f"The columns are separated by {kind}. Save the file with commas instead, and points in decimals."
            raise self.refused(message, 1)
        return header

    def _places(self, header: list[str], columns: Mapping[str, str]) -> list[int]:
        problems = []
        for field, column in columns.items():
            if header.count(column) != 1:
                near = nearest(column, header)
                hint = f' Did you mean "{near}"?' if near and near != column else ""
                how_often = "no" if column not in header else "more than one"
                message = (
                    f"The file has {how_often} column {shown(column)}.{hint} "
                    f"Its columns: {listed(header)}. The field {field} says which to read."
                )
                problems.append(self.problem(message, 1))
        if problems:
            raise ScenarioError(problems)
        return [header.index(column) for column in columns.values()]

    def _not_utf8(self) -> str:
        try:
            self.content.decode("utf-8-sig")
            byte = ""
        except UnicodeDecodeError as error:
            byte = f": byte {error.start + 1} is 0x{self.content[error.start]:02X}"
        return f"The file is not UTF-8 text{byte}. Save it as CSV in UTF-8."


def read_csv_file(path: Path, field: tuple[str, ...]) -> CsvFile:
    """Read a file from disk, unpacked if its name ends in .gz.

    Raises
    ------
    ScenarioError
        If it is missing, no ordinary file, too large, damaged, empty, or not text.
    """
    where = CsvFile(path, field, b"", "")
    try:
        if path.is_dir():
            raise where.refused("This is a folder, not a file.")
        if not path.exists():
            raise where.refused(_missing(path, field))
        if not path.is_file():
            raise where.refused("This is not an ordinary file.")
        if path.stat().st_size > LARGEST_CSV:
            raise where.refused(_too_large(f"{path.stat().st_size / 1e6:,.0f} MB"))
        packed = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise where.refused(_unreadable(error)) from None
    return csv_file(path, field, packed)


def csv_file(path: PurePath, field: tuple[str, ...], packed: bytes) -> CsvFile:
    """A file from its bytes, unpacked if its name ends in .gz; `path` is only what it is called.

    Raises
    ------
    ScenarioError
        If it is too large, damaged, empty, or not text.
    """
    where = CsvFile(path, field, b"", "")
    if len(packed) > LARGEST_CSV:
        raise where.refused(_too_large(f"{len(packed) / 1e6:,.0f} MB"))
    try:
        content = _unpacked(packed) if path.suffix == ".gz" else packed
    except (OSError, EOFError, zlib.error) as error:
        raise where.refused(_unreadable(error)) from None
    if len(content) > LARGEST_CSV:
        raise where.refused(_too_large(f"more than {LARGEST_CSV / 1e6:.0f} MB when unpacked"))
    if not content.strip():
        raise where.refused("The file is empty; its first row must name the columns.")
    if content.startswith(b"PK\x03\x04"):
        raise where.refused("This is an Excel or zip file. Save it as CSV in UTF-8.")
    return CsvFile(path, field, content, hashlib.sha256(packed).hexdigest())


def parse_moment(text: str) -> tuple[date, int]:
    """Read a local date and time, 2026-11-23 08:15, as a date and seconds after midnight.

    Raises
    ------
    ValueError
        If `text` is not of that form.
    """
    parts = _MOMENT.fullmatch(text)
    if not parts:
        msg = "This is not a date and time like 2026-11-23 08:15, in local time."
        raise ValueError(msg)
    return parse_day(parts[1]), _parse_time(parts[2])


@lru_cache(maxsize=1024)
def parse_day(text: str) -> date:
    """Read a date, 2026-11-23.

    Raises
    ------
    ValueError
        If `text` is not one.
    """
    if not _DATE.fullmatch(text):
        msg = "This is not a date like 2026-11-23."
        raise ValueError(msg)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        msg = "There is no such date."
        raise ValueError(msg) from None
    if day.year not in YEARS:
        msg = f"The year must lie between {YEARS[0]} and {YEARS[-1]}."
        raise ValueError(msg)
    return day


@lru_cache(maxsize=1024)
def _parse_time(text: str) -> int:
    clock = parse_clock(text)
    if clock == DAY:
        msg = "Write midnight as 00:00 of the next day."
        raise ValueError(msg)
    return clock


def parse_count(text: str) -> float:
    """Read a finite number that is not negative.

    Raises
    ------
    ValueError
        If `text` is not one.
    """
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 <= number < 1e9 or "_" in text:
        hint = " Write decimals with a point." if "," in text else ""
        msg = f"This is not a number from 0 up.{hint}"
        raise ValueError(msg)
    return number


def _unpacked(packed: bytes) -> bytes:
    """Unpack, but stop soon after the limit: a small file may hold gigabytes of zeros."""
    chunks = []
    size = 0
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        while size <= LARGEST_CSV and (chunk := file.read(_CHUNK)):
            chunks.append(chunk)
            size += len(chunk)
    return b"".join(chunks)


def _missing(path: Path, field: tuple[str, ...]) -> str:
    folder = path.parent
    if folder.is_dir():
        names = sorted(file.name for file in folder.iterdir() if file.is_file() and ".csv" in file.name)
        near = nearest(path.name, names)
        hint = f' Did you mean "{near}"?' if near else f" CSV files in that folder: {listed(names)}."
    else:
        hint = f" There is no folder {folder} either."
    return (
        f"There is no file {path}.{hint} A path starts from the scenario file's folder or else from the current one; "
        f"--set {join_path(field)}=PATH names another file."
    )


def _unreadable(error: Exception) -> str:
    return f"The file cannot be read: {clipped(str(getattr(error, 'strerror', None) or error), 200)}."


def _too_large(size: str) -> str:
    most = f"at most {LARGEST_CSV / 1e6:.0f} MB are allowed"
    return f"The file has {size}; {most}. Leave out columns or days, or use longer steps."
