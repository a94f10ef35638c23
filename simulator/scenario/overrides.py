"""Overrides: single fields of a scenario set by dotted path. A slider, a `--set` and a variant are all this.

They change the raw table before anything is judged, so that a value from an override is checked like one from the
file, and in the same units.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.errors import Problem, ScenarioError, shown, unknown
from simulator.scenario.fields import title_of
from simulator.scenario.paths import join_path, split_leading_path, split_path
from simulator.scenario.source import table_at

if TYPE_CHECKING:
    from simulator.scenario.source import RawTable

NAMED_TABLES = {
    "channels": "channel",
    "groups": "group",
    "day_factors": "named day",
    "campaigns": "campaign",
    "announcements": "announcement",
    "openings": "opening",
    "outages": "outage",
}
"""Tables whose keys are names that the file gives; an override inside one of them must name one that is there."""

_SHORTHAND = dict.fromkeys(
    ("handling_time", "patience", "time", "delay", "lead", "tolerance", "retry_after", "back_after", "switch_after"),
    "mean",
)
"""Fields that may be a plain value instead of a table, and the field of the table which that value is."""

_NOT_SET = {"variants", "sources"}

_OF_VARIANT = {"title", "lever"}
"""Fields of a variant itself; all others are paths."""


def parse_override(text: str) -> tuple[str, object]:
    """Read "path=value" as a command line gives it.

    The value is read as in the file (2, 0.5, true, ["product", "order"], {mean = "6 min"}), but text needs no
    quotes: `channels.chat.bot.containment=50 %`.

    Raises
    ------
    ValueError
        If `text` is not of that form.
    """
    allowed = 'write path=value, as in channels.chat.bot.containment="50 %".'
    if "=" not in text:
        msg = f'"{text}" has no "=": {allowed}'
        raise ValueError(msg)
    path, rest = split_leading_path(text)
    if not rest.startswith("="):
        msg = f'"{text}" is not an override: {allowed}'
        raise ValueError(msg)
    value = rest[1:].strip()
    if not value:
        msg = f'"{text}" gives no value: {allowed}'
        raise ValueError(msg)
    return join_path(path), _parse_value(value)


def apply_overrides(raw: RawTable, overrides: Mapping[str, object]) -> RawTable:
    """A copy of `raw` with each field of `overrides`, dotted path -> value, set in turn.

    Tables that no path goes through are those of `raw` itself. What `[sources]` says of a value that is replaced is
    left out: it tells where another value came from.

    Raises
    ------
    ScenarioError
        Naming every path that cannot be set.
    """
    changed = dict(raw)
    problems = []
    fields: list[tuple[str, ...]] = []
    for path, value in overrides.items():
        field: tuple[str, ...] = (path,)
        try:
            field = split_path(path)
            _set(changed, field, plain_value(value))
            fields.append(field)
        except ValueError as error:
            problems.append(Problem(str(error), field, value))
    if problems:
        raise ScenarioError(problems)
    sources = table_at(raw, "sources")
    kept = {path: words for path, words in sources.items() if not _replaced(raw, changed, path, fields)}
    return {**changed, "sources": kept} if len(kept) < len(sources) else changed


def _replaced(raw: RawTable, changed: RawTable, source: str, fields: Sequence[tuple[str, ...]]) -> bool:
    """Whether what a source is about is one of these fields or in it, and is not what it was."""
    try:
        path = split_path(source)
    except ValueError:
        return False  # its own problem, found when sources are checked
    if not any(path[: len(field)] == field for field in fields):
        return False
    *tables, name = path
    before, after = table_at(raw, *tables).get(name), table_at(changed, *tables).get(name)
    return type(before) is not type(after) or before != after


def variant_overrides(raw: RawTable, name: str) -> dict[str, object]:
    """The overrides of the variant called `name`, its own fields left out.

    Raises
    ------
    ScenarioError
        If there is no such variant, or it is not a table.
    """
    known = table_at(raw, "variants")
    if name not in known:
        raise ScenarioError([Problem(unknown("variant", name, list(known)), ("variants",))])
    variant = known[name]
    if not isinstance(variant, dict):
        msg = 'A variant is a table: a title, and paths in quotes with their values, as in "simulation.seed" = 2.'
        raise ScenarioError([Problem(msg, ("variants", name), variant)])
    return {path: value for path, value in variant.items() if path not in _OF_VARIANT}


def variant_title(raw: RawTable, name: str) -> str:
    """What a variant is called on screens: its title, or else its name."""
    title = table_at(raw, "variants", name).get("title")
    return title if isinstance(title, str) else title_of(name)


def _parse_value(text: str) -> object:
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    value = table.get("value")
    # Dates and clock times are text wherever a scenario takes them, and "08:00" alone would be a TOML time.
    return text if len(table) > 1 or isinstance(value, date | time) else value


def plain_value(value: object) -> object:
    """`value` as a TOML reader would give it; scripts sweep over numpy's numbers."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple | list | np.ndarray):
        return [plain_value(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    return value


def _set(raw: RawTable, path: tuple[str, ...], value: object) -> None:
    if path[0] in _NOT_SET:
        msg = f"An override cannot change {path[0]}."
        raise ValueError(msg)
    if len(path) == 1 and isinstance(value, dict):
        # A variant's path without quotes: TOML makes tables of it.
        msg = (
            f'{path[0]} is a whole section. Set a field of it, its path in quotes, as in "channels.phone.priority" = 2.'
        )
        raise ValueError(msg)
    table = raw
    for depth, name in enumerate(path[:-1]):
        if depth == 1 and path[0] in NAMED_TABLES and name not in table:
            # Without this a misspelt name would make a second channel.
            raise ValueError(unknown(NAMED_TABLES[path[0]], name, list(table)))
        inner = table.get(name, {})
        if not isinstance(inner, dict):
            if name not in _SHORTHAND:
                msg = (
                    f"{join_path(path[: depth + 1])} is {shown(inner)}, not a table: it has no field {path[depth + 1]}."
                )
                raise ValueError(msg)
            inner = {_SHORTHAND[name]: inner}
        inner = dict(inner)
        table[name] = inner
        table = inner
    present = table.get(path[-1])
    if isinstance(present, dict) and not isinstance(value, dict):
        fields = ", ".join(present) or "none yet"
        msg = f"{join_path(path)} is a table: set one of its fields ({fields}), or give a table."
        raise ValueError(msg)
    table[path[-1]] = value
