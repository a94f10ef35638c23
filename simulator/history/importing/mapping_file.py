"""Mapping files: TOML that says which column of a team's exports is what, for a planner to read and edit.

kind = "calls"
timezone = "Europe/Amsterdam"

[columns]
arrival = "date_received"
answered = "answered"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.history.cells.moments import DateOrder
from simulator.history.cells.numbers import DecimalSign
from simulator.history.errors import ReportError
from simulator.history.importing.imported import HISTORY_KINDS, HistoryKind
from simulator.history.intervals.interval_mapping import INTERVAL_ROLES, IntervalMapping, may_tell_channels
from simulator.history.logs.mapping import CALL_ROLES, CallMapping, CellForms, Legs
from simulator.history.logs.order_mapping import ORDER_ROLES, OrderMapping
from simulator.history.logs.ticket_mapping import TICKET_ROLES, TicketMapping
from simulator.scenario.errors import NO_VALUE, Problem, ScenarioError, listed, nearest, shown, unknown
from simulator.scenario.source import read_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulator.scenario.source import Source

LogMapping = CallMapping | TicketMapping | OrderMapping
HistoryMapping = IntervalMapping | LogMapping


def read_mapping(file: Path) -> HistoryMapping:
    """Read a mapping file.

    Raises
    ------
    ReportError
        With everything that is wrong with it: line, field, value, and what is allowed.
    """
    try:
        source = read_source(file)
    except ScenarioError as error:
        raise ReportError(error.problems) from None
    return _Reading(source).mapping()


def kind_of(mapping: HistoryMapping) -> HistoryKind:
    """What a mapping reads."""
    return next(kind for kind, each in RULES.items() if isinstance(mapping, each.form))


def in_timezone(mapping: HistoryMapping, timezone: str) -> HistoryMapping:
    """The mapping for another time zone.

    Raises
    ------
    ValueError
        If there is no such zone.
    """
    _zone(timezone)
    if isinstance(mapping, IntervalMapping):
        return replace(mapping, timezone=timezone)
    return replace(mapping, forms=replace(mapping.forms, timezone=timezone))


def in_sheet(mapping: HistoryMapping, sheet: str) -> HistoryMapping:
    """The mapping for one sheet of workbooks."""
    if isinstance(mapping, IntervalMapping):
        return replace(mapping, sheet=sheet)
    return replace(mapping, forms=replace(mapping.forms, sheet=sheet))


def written_values(mapping: HistoryMapping) -> dict[str, object]:
    """The fields of a mapping's file, but for those that hold what they would if they were left out."""
    kind = kind_of(mapping)
    values: dict[str, object] = {"kind": kind}
    plain = RULES[kind].form(columns={})
    for name in RULES[kind].fields:
        value = _plain(_field(mapping, name))
        if name == "timezone" or value != _plain(_field(plain, name)):
            values[name] = value
    columns = {"columns": {role: _plain(told) for role, told in mapping.columns.items()}}
    tables = {name: value for name, value in values.items() if isinstance(value, dict)}
    return {name: value for name, value in values.items() if name not in tables} | columns | tables


def _field(mapping: HistoryMapping, name: str) -> object:
    if not isinstance(mapping, IntervalMapping) and name in _FORMS:
        return getattr(mapping.forms, name)
    return getattr(mapping, name)


def _plain(value: object) -> object:
    """A value as TOML has it; a list of one word is the word."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else list(value)
    return value


class _Reading:
    """One mapping file being read; all its problems are found before it is refused."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def mapping(self) -> HistoryMapping:
        raw = dict(self.source.raw)
        kind = self._kind(raw.pop("kind", NO_VALUE))
        rules = RULES[kind]
        columns = self._columns(raw.pop("columns", NO_VALUE), kind)
        given: dict[str, Any] = {}
        for name, value in raw.items():
            check = rules.fields.get(name)
            if check is None:
                known = ("kind", *rules.fields, "columns")
                self._wrong((name,), value, _unknown("field", name, known))
                continue
            try:
                given[name] = check(value)
            except ValueError as error:
                self._wrong((name,), value, str(error))
        named = tuple(word for words in columns.values() for word in words)
        for column in given["unit"] if isinstance(given.get("unit"), dict) else ():
            if column not in named:
                self._wrong(("unit", column), given["unit"][column], unknown("column in use", column, named))
        self._stop_if_wrong()
        if rules.form is IntervalMapping:
            return IntervalMapping(columns, **given)
        forms = CellForms(**{name: given.pop(name) for name in _FORMS if name in given})
        return cast("HistoryMapping", rules.form(columns=columns, forms=forms, **given))

    def _kind(self, value: object) -> HistoryKind:
        if value not in HISTORY_KINDS:
            message = f"Say what the files hold: {listed([shown(kind) for kind in HISTORY_KINDS])}."
            self._wrong(("kind",), value, message)
            self._stop_if_wrong()
        return cast("HistoryKind", value)

    def _columns(self, raw: object, kind: HistoryKind) -> dict[Any, Any]:
        roles = RULES[kind].roles
        if not isinstance(raw, dict) or not raw:
            message = (
                f'Say which column is what, as in {roles[0]} = "name of a column"; allowed are {", ".join(roles)}.'
            )
            self._wrong(("columns",), raw, message)
            return {}
        columns: dict[str, object] = {}
        for role, value in raw.items():
            if role not in roles:
                self._wrong(("columns", role), value, _unknown("role", role, roles))
                continue
            try:
                columns[role] = _report_columns(role, value) if kind == "intervals" else _words(value)
            except ValueError as error:
                self._wrong(("columns", role), value, str(error))
        return columns

    def _wrong(self, path: tuple[str, ...], value: object, message: str) -> None:
        self.problems.append(self.source.located(Problem(message, path, value)))

    def _stop_if_wrong(self) -> None:
        if self.problems:
            raise ReportError(self.problems)


def _unknown(what: str, name: str, known: tuple[str, ...]) -> str:
    near = nearest(name, known)
    hint = f' Did you mean "{near}"?' if near else ""
    return f"There is no such {what}.{hint} Allowed are {', '.join(known)}."


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        msg = 'This must be text, as in "phone".'
        raise ValueError(msg)
    return value


def _words(value: object) -> tuple[str, ...]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        msg = 'This must be text or a list of texts, as in "one" or ["one", "another"].'
        raise ValueError(msg)
    return tuple(words)


def _words_by_column(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        msg = 'This must be a table of columns and words, as in { outcome = ["PHANTOM"] }.'
        raise ValueError(msg)
    return {column: _words(words) for column, words in value.items()}


def _report_columns(role: str, value: object) -> str | dict[str, str]:
    if isinstance(value, dict) and may_tell_channels(cast("Any", role)):
        return {channel: _text(name) for channel, name in value.items()}
    return _text(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        msg = "This must be a number, 0 or more."
        raise ValueError(msg)
    return float(value)


def _unit(value: object) -> float | dict[str, float]:
    units = value if isinstance(value, dict) else {"": value}
    try:
        seconds = {column: _number(unit) for column, unit in units.items()}
    except ValueError:
        seconds = {"": 0.0}
    if not all(seconds.values()):
        msg = 'This must be a number of seconds above 0, or a table of columns and such, as in { "Talk (min)" = 60 }.'
        raise ValueError(msg)
    return seconds if isinstance(value, dict) else seconds[""]


def _zone(value: object) -> str:
    name = _text(value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        msg = f"There is no time zone {shown(name)}; allowed are such as Europe/Helsinki."
        raise ValueError(msg) from None
    return name


def _one_of(choices: object) -> Callable[[object], object]:
    allowed = get_args(choices)

    def check(value: object) -> object:
        if value not in allowed:
            msg = f"Allowed are {listed([shown(choice) for choice in allowed])}."
            raise ValueError(msg)
        return value

    return check


@dataclass(frozen=True, slots=True)
class Rules:
    """What a mapping file of one kind may say."""

    form: type[Any]
    roles: tuple[str, ...]
    fields: Mapping[str, Callable[[object], object]]


_FORMS: Mapping[str, Callable[[object], object]] = {
    "timezone": _zone,
    "date_order": _one_of(DateOrder),
    "date_format": _text,
    "decimal": _one_of(DecimalSign),
    "unit": _unit,
    "sheet": _text,
    "nothing": _words_by_column,
    "leave_out": _words_by_column,
}
"""Of `CellForms`."""

RULES: Mapping[HistoryKind, Rules] = {
    "intervals": Rules(
        IntervalMapping,
        INTERVAL_ROLES,
        {
            "timezone": _zone,
            "channel": _text,
            "across": _one_of(Literal["date", "time"]),
            "date_order": _one_of(DateOrder),
            "decimal": _one_of(DecimalSign),
            "sheet": _text,
        },
    ),
    "calls": Rules(
        CallMapping,
        CALL_ROLES,
        {
            **_FORMS,
            "queue": _text,
            "answered_words": _words,
            "unanswered_words": _words,
            "slack": _number,
            "legs": _one_of(Legs),
        },
    ),
    "tickets": Rules(TicketMapping, TICKET_ROLES, {**_FORMS, "channel": _text}),
    "orders": Rules(OrderMapping, ORDER_ROLES, {**_FORMS, "cancelled_words": _words}),
}
