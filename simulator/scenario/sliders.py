"""The slider of a field: in which unit a planner reads it, how far it goes, and how fine it is.

Computed in decimals, so that 7 % stays 7 and not 7.000000000000001.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from simulator.scenario.levers import LEVER, NOTHING_SAID
from simulator.scenario.source import table_at
from simulator.scenario.units import DAY, parse_duration, parse_factor, parse_money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.scenario.levers import Lever
    from simulator.scenario.source import RawTable

Kind = Literal[
    "share", "change", "factor", "time", "count", "number", "money", "hours", "date", "moment", "choice", "switch"
]
"""share, change: percent, without and with a sign. hours, date, moment: text as in the file."""

_KINDS: dict[str, Kind] = {
    "share": "share",
    "share, or list of shares": "share",
    "factor or share": "share",
    'factor or share, or "from file"': "share",
    "change": "change",
    "factor": "factor",
    "time": "time",
    'time, or "infinite"': "time",
    'time, or "from file"': "time",
    "number": "number",
    "money": "money",
    "money per hour": "money",
    "money per minute": "money",
    "money per session": "money",
    "weekly hours": "hours",
    "date": "date",
    "local date and time": "moment",
}
"""By the unit in the schema."""

_WITHOUT: tuple[Kind, ...] = ("hours", "date", "moment", "choice", "switch")
"""Kinds that are no matter of more or less."""

NO_NUMBERS = ("infinite", "from file")
"""Words that may stand instead of a number."""

_TIME_UNITS = {"d": DAY, "h": 3600, "min": 60, "s": 1}
_LEAST_DAYS = 3
_FINEST = 10
"""A time that is no whole number of tenths of a unit is told in a smaller one."""

_LOW = {"change": Decimal(-50)}
_HIGH = {"share": Decimal(100), "change": Decimal(200)}
_HIGH_FROM_NOTHING = Decimal(10)
"""How far a slider goes that stands at 0, where nothing else is said."""
_STEPS = 100
"""Of a slider, about, where nothing says how fine it is."""

Node = dict[str, Any]
"""A part of a JSON Schema."""


class Slider(NamedTuple):
    """All numbers in its unit; those of a count are whole."""

    value: float | None
    """Now, between the ends; None where that is no number."""
    low: float
    high: float
    step: float
    unit: str
    """%, s, min, h, d, EUR/h and so on; empty where there is none."""


def kind_of(node: Node) -> Kind | None:
    """What a part of a schema takes; None: nothing that can be moved."""
    if "unit" in node:
        return _KINDS.get(node["unit"])
    if "enum" in node:
        return "choice"
    simple: dict[str, Kind] = {"boolean": "switch", "integer": "count"}
    return simple.get(node.get("type", ""))


def has_slider(kind: Kind) -> bool:
    """Whether a kind is a matter of more or less."""
    return kind not in _WITHOUT


def slider(kind: Kind, node: Node, value: object, beside: Mapping[str, object], raw: RawTable) -> Slider | None:
    """The slider of a field; None if it has nowhere to go.

    Parameters
    ----------
    kind, node
        What the field takes, and its schema with what `levers` put there.
    value
        What the file writes, or the default.
    beside
        The table that the field stands in.
    raw
        The whole file.
    """
    mark: Lever = node.get(LEVER, NOTHING_SAID)
    unit, size = _unit(kind, mark, value)
    now, low, high = (_number(each, kind, size) for each in (value, mark["low"], mark["high"]))
    least, most = Decimal(node.get("minimum", 0)), Decimal(node.get("maximum", "inf"))
    if reach := _reach(beside.get(mark["sibling"])):
        low, high = (-reach if least < 0 else low), reach
    if low is None:
        low = _LOW.get(kind, max(least, Decimal(0)))
    if high is None:
        high = _HIGH.get(kind) or _round_up(2 * now if now else _HIGH_FROM_NOTHING)
    high = min(high, most)
    if now is not None:
        low, high = min(low, now), max(high, now)
    if low >= high:
        return None
    step = min(_said_step(kind, mark, size, raw) or _step(high - low, now, whole=kind == "count"), high - low)
    if low != now:
        low = step * math.ceil(low / step)
    exact = int if kind == "count" else float
    return Slider(None if now is None else exact(now), exact(low), exact(high), exact(step), unit)


def plain(number: float) -> str:
    """A number without an exponent and without trailing zeros."""
    return f"{_decimal(number).normalize():f}"


def _unit(kind: Kind, mark: Lever, value: object) -> tuple[str, int]:
    """The unit of a slider, and of a time how many seconds it has."""
    if kind in ("share", "change"):
        return "%", 1
    if kind == "money":
        money = parse_money(value)
        return (f"{money.currency}/{money.per}" if money.per else money.currency), 1
    if kind != "time":
        return "", 1
    said = [mark["low"], mark["high"], value]
    seconds = [0.0, *(parse_duration(each) for each in said if each is not None and each not in NO_NUMBERS)]
    told = seconds[-1] or max(seconds) or 60.0
    step = 0.0 if mark["step"] in (None, "interval") else parse_duration(mark["step"])
    for unit, size in _TIME_UNITS.items():
        long_enough = told >= size * (_LEAST_DAYS if unit == "d" else 1)
        if long_enough and not (told * _FINEST / size) % 1 and not (step * _FINEST / size) % 1:
            return unit, size
    return "s", 1


def _number(value: object, kind: Kind, size: int) -> Decimal | None:
    """A value of the file in the unit of its slider, of a list that of its first; None if it is no number."""
    if isinstance(value, list):
        value = value[0]
    if value is None or value in NO_NUMBERS:
        return None
    if kind == "share":  # perhaps a coefficient of variation, which may be above 100 %
        return 100 * _decimal(parse_factor(value))
    if kind == "change":
        return 100 * (_decimal(parse_factor(value)) - 1)
    if kind == "time":
        return _decimal(parse_duration(value)) / size
    if kind == "money":
        return _decimal(parse_money(value).amount)
    return _decimal(parse_factor(value) if kind == "factor" else value)


def _said_step(kind: Kind, mark: Lever, size: int, raw: RawTable) -> Decimal | None:
    said = table_at(raw, "horizon").get("interval", "15 min") if mark["step"] == "interval" else mark["step"]
    # The step of a change is a share: it has no sign.
    return _number(said, "share" if kind == "change" else kind, size)


def _reach(sibling: object) -> Decimal | None:
    """The length of a list, or the largest number of a table of numbers; None for anything else."""
    if isinstance(sibling, list):
        return Decimal(len(sibling))
    numbers = [number for number in sibling.values() if isinstance(number, int)] if isinstance(sibling, dict) else []
    return Decimal(max(numbers)) if numbers else None


def _round_up(number: Decimal) -> Decimal:
    """The next of 1, 2, 5, 10, 20, 50, ... that is not less."""
    power = number.adjusted()
    return next(nice for digit in (1, 2, 5, 10) if (nice := Decimal(digit).scaleb(power)) >= number)


def _step(span: Decimal, now: Decimal | None, *, whole: bool) -> Decimal:
    """About a hundredth of the span, finer if the present value asks for it."""
    wanted = _round_up(span / _STEPS)
    finer = (wanted / divisor for divisor in (1, 2, 5, 10, 20, 50, 100))
    steps = [step for step in finer if not whole or step >= 1] or [Decimal(1)]
    return next((step for step in steps if now is None or not now % step), Decimal(1) if whole else wanted)


def _decimal(number: object) -> Decimal:
    """The shortest decimal that reads back to a number; a -0.0 becomes plain."""
    assert isinstance(number, int | float)
    return Decimal(repr(number + 0))
