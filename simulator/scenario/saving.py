"""Saving a scenario with overrides in it, or as a further variant: its text, with comments and order as they were.

What is there is changed in place, by tomlkit. What is new is put where a person would write it: after the last field of
its table, before the comments that belong to the next one.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

import tomlkit
from tomlkit.items import InlineTable

from simulator.scenario.errors import NO_VALUE, Problem, ScenarioError
from simulator.scenario.fields import NAME_PATTERN
from simulator.scenario.overrides import apply_overrides, plain_value
from simulator.scenario.paths import join_path
from simulator.scenario.source import statements, table_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.scenario.source import RawTable, Statement

_Path = tuple[str, ...]


def scenario_text(text: str, overrides: Mapping[str, object], sources: Mapping[str, str] | None = None) -> str:
    """The text of a scenario with overrides written into its fields.

    What is loaded from it is what is loaded from `text` with the overrides, but for the sources given here.

    Parameters
    ----------
    text
        A scenario file that can be read; line ends are those of Unix afterwards.
    overrides
        Dotted path -> value, as everywhere.
    sources
        Dotted path -> where the new value comes from, for `[sources]`; those of the values replaced are left out.

    Raises
    ------
    ScenarioError
        Naming every path that cannot be set.
    """
    text = _unix(text)
    raw = tomllib.loads(text)
    wanted = apply_overrides(raw, overrides)
    if sources:
        wanted = {**wanted, "sources": {**table_at(wanted, "sources"), **sources}}
    return _rewritten(text, raw, wanted)


def text_with_variant(text: str, name: str, title: str, overrides: Mapping[str, object], *, lever: bool = True) -> str:
    """The text of a scenario with one more variant, after those there are.

    Parameters
    ----------
    text, overrides
        As of `scenario_text`; the fields themselves stay as they are.
    name, title
        Of the variant.
    lever
        Whether it is something that one can do.

    Raises
    ------
    ScenarioError
        If the name is none, or there is such a variant already; naming every path that cannot be set.
    """
    text = _unix(text)
    raw = tomllib.loads(text)
    apply_overrides(raw, overrides)
    variants = raw.get("variants", {})
    if not re.fullmatch(NAME_PATTERN.strip("^$"), name):
        message = "This is not a name of a variant: use letters a-z, digits, - and _, at most 60."
        raise ScenarioError([Problem(message, ("variants",), name)])
    if name in variants:
        message = "There is a variant of this name already; choose another name."
        raise ScenarioError([Problem(message, ("variants", name), NO_VALUE)])
    own: dict[str, object] = {"title": title} if lever else {"title": title, "lever": False}
    variant = own | {path: plain_value(value) for path, value in overrides.items()}
    return _rewritten(text, raw, {**raw, "variants": {**variants, name: variant}})


class _Change(NamedTuple):
    path: _Path
    value: object
    """`NO_VALUE`: take it out."""
    is_new: bool


def _rewritten(text: str, raw: RawTable, wanted: RawTable) -> str:
    changes = list(_changes(raw, wanted, ()))
    saved = tomlkit.parse(text)
    for change in changes:
        table = _inside(saved, change.path[:-1])
        if change.value is NO_VALUE:
            table.remove(change.path[-1])
        elif not change.is_new or isinstance(table, InlineTable):
            table[change.path[-1]] = tomlkit.value(written_value(change.value))
    result = tomlkit.dumps(saved)
    for change in changes:
        if change.is_new and not isinstance(_inside(saved, change.path[:-1]), InlineTable):
            result = _with_field(result, change.path, change.value)
    assert tomllib.loads(result) == wanted, "what is saved is what was asked for"
    return result


def _changes(before: RawTable, after: RawTable, path: _Path) -> Iterator[_Change]:
    for name in before.keys() - after.keys():
        yield _Change((*path, name), NO_VALUE, is_new=False)
    for name, value in after.items():
        old = before.get(name, NO_VALUE)
        if isinstance(old, dict) and isinstance(value, dict):
            yield from _changes(old, value, (*path, name))
        elif type(old) is not type(value) or old != value:
            yield _Change((*path, name), value, is_new=old is NO_VALUE)


def _inside(saved: Any, path: _Path) -> Any:
    for name in path:
        saved = saved[name]
    return saved


def written_value(value: object) -> str:
    """A value as TOML writes it; tables on one line, in braces."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{join_path((name,))} = {written_value(inner)}' for name, inner in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(written_value, value))}]"
    return tomlkit.item(value).as_string()


def _with_field(text: str, path: _Path, value: object) -> str:
    """Put a field where its table is: below its header, or else beside its dotted keys, or else in a new table."""
    *above, name = path
    table = tuple(above)
    there = list(statements(text))
    under = [each for each in there if each.table == table]
    if (table and under) or (not table and not isinstance(value, dict)):
        return _with_lines(text, under[-1].last if under else 0, [_line((name,), value)])
    dotted = [each for each in there if not each.is_header and each.path[: len(table)] == table]
    if dotted and len(dotted[-1].table) < len(table):
        beside = dotted[-1].table
        return _with_lines(text, dotted[-1].last, [_line(path[len(beside) :], value)])
    header, fields = (path, value) if isinstance(value, dict) else (table, {name: value})
    lines = ["", f"[{join_path(header)}]", *(_line((key,), inner) for key, inner in fields.items())]
    return _with_lines(text, _end_of(table, there), lines)


def _end_of(table: _Path, there: Sequence[Statement]) -> int:
    """The last line of a table or else of one around it; of the file, but before the variants, if there is none."""
    for depth in range(len(table), 0, -1):
        if beside := [each.last for each in there if each.path[:depth] == table[:depth]]:
            return beside[-1]
    first_variant = next((number for number, each in enumerate(there) if each.path[0] == "variants"), len(there))
    return there[first_variant - 1].last if first_variant else 0


def _line(key: _Path, value: object) -> str:
    return f"{join_path(key)} = {written_value(value)}"


def _with_lines(text: str, after: int, lines: Sequence[str]) -> str:
    """The text with lines put in after that line, from 1; 0: before the first."""
    before = text.split("\n")
    return "\n".join([*before[:after], *lines, *before[after:]])


def _unix(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")
