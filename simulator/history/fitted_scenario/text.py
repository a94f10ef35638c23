"""Writing a scenario file from sourced fields: tables in the order given, intervals as comments, sources at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.scenario.paths import join_path
from simulator.scenario.saving import written_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simulator.history.fitted_scenario.sourced import SourcedField
    from simulator.scenario.source import RawTable

    Path = tuple[str, ...]

_WIDTH = 110
"""A table that fits on a line of this many signs, in braces, has no heading of its own."""


def raw_table(fields: Iterable[SourcedField]) -> RawTable:
    """The scenario that fields make, as `tomllib` would read it, with its `[sources]`."""
    raw: RawTable = {}
    sources: dict[str, object] = {}
    fields = tuple(fields)
    for field in fields:
        *tables, name = field.path
        table = raw
        for each in tables:
            inner = table.setdefault(each, {})
            assert isinstance(inner, dict), "a field stands in a table"
            table = inner
        if field.value is not None:
            table[name] = field.value
    for field in fields:
        if not field.source:
            continue
        if _is_there(raw, field.path):
            sources[join_path(field.path)] = field.source
        else:
            around, told = join_path(field.path[:-1]), f"{field.path[-1]} is left out: {field.source}"
            sources[around] = f"{sources[around]}; {told}" if around in sources else told
    return {**raw, "sources": sources} if sources else raw


def _is_there(raw: RawTable, path: Path) -> bool:
    table: object = raw
    for name in path:
        if not isinstance(table, dict) or name not in table:
            return False
        table = table[name]
    return True


def scenario_text(fields: Iterable[SourcedField], heading: str = "") -> str:
    """The text of a scenario file.

    Parameters
    ----------
    fields
        In the order in which they are to stand; fields of one table that are given apart come together.
    heading
        Comment above all, of one or more lines.
    """
    fields = list(fields)
    comments = {field.path: field.comment for field in fields if field.comment}
    top = [f"# {line}".rstrip() for line in heading.splitlines()]
    return "\n".join([*top, *_lines(raw_table(fields), (), comments)]) + "\n"


def _lines(table: RawTable, path: Path, comments: Mapping[Path, str]) -> Iterator[str]:
    """A table's own fields, and then the tables in it that have a heading."""
    headed = {
        name: value for name, value in table.items() if isinstance(value, dict) and _has_heading(path, name, value)
    }
    own = {name: value for name, value in table.items() if name not in headed}
    if path and (own or not headed):
        yield ""
        yield f"[{join_path(path)}]" + _behind(comments.get(path))
    for name, value in own.items():
        yield f"{join_path((name,))} = {written_value(value)}" + _behind(comments.get((*path, name)))
    for name, value in headed.items():
        yield from _lines(value, (*path, name), comments)


def _has_heading(path: Path, name: str, value: RawTable) -> bool:
    """Whether a table has a heading: channels, groups and the like do, and what has no room on a line."""
    if len(path) < 2 or path[2:] == ("skills",) or name == "skills":
        return True
    return len(f"{name} = {written_value(value)}") > _WIDTH


def _behind(comment: str | None) -> str:
    return f"  # {comment}" if comment else ""
