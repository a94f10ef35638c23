"""The kinds of values that fields of a scenario file take, each with its check and its JSON Schema.

`unit` in a schema is what the field table shows in its column of that name; JSON Schema itself ignores it.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from simulator.scenario.errors import shown
from simulator.scenario.hours import WeeklyHours, parse_hours_table
from simulator.scenario.units import (
    DAY,
    Money,
    format_clock,
    parse_clock,
    parse_duration,
    parse_factor,
    parse_money,
    parse_share,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from simulator.scenario.units import Per

YEARS = range(1970, 2200)
"""Years that dates may have."""

MOST_AGENTS = 100_000
"""Of a group, at once."""

NAME_PATTERN = r"^[A-Za-z0-9_-]{1,60}$"

_LONGEST_DURATION = 3650 * DAY
_LARGEST_FACTOR = 1000
_LARGEST_CV = 10
_LONGEST_HOURS = 2000
_MOST_HOURS = 300
_LARGEST_NUMBER = 1e9
_MOST_ATTEMPTS = 20
_MOST_QUANTILES = 100
_SPEEDS = (0.01, 100)
_LOCAL_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9:]+)")


def as_written(text: str) -> Any:
    """A default in the units of the file; it goes through the conversion of its field like a value from a file."""
    return text


def title_of(name: str) -> str:
    """The default of titles: the name, with a capital letter and spaces."""
    return name.replace("_", " ").replace("-", " ").capitalize()


class DayWindow(NamedTuple):
    """A stretch of one day, by its clock."""

    day: date
    start: int
    """Seconds after midnight."""
    end: int
    """Up to 24 h."""

    def __str__(self) -> str:
        return f"{self.day} {format_clock(self.start)}-{format_clock(self.end)}"


class LocalTime(NamedTuple):
    """A date and a clock time on it."""

    day: date
    clock: int
    """Seconds after midnight, up to 24 h."""

    def __str__(self) -> str:
        return f"{self.day} {format_clock(self.clock)}"


def _duration(value: object) -> float:
    seconds = parse_duration(value)
    if seconds > _LONGEST_DURATION:
        msg = f"{shown(value)} is too long; at most 3650 d are allowed."
        raise ValueError(msg)
    return seconds


def _duration_or_infinite(value: object) -> float:
    return float("inf") if value == "infinite" else _duration(value)


def _duration_or_file(value: object) -> float | str:
    if value == "from file":
        return "from file"
    try:
        return _duration(value)
    except ValueError as error:
        msg = f'{error} "from file" is allowed beside a volume file.'
        raise ValueError(msg) from None


def _factor(value: object) -> float:
    factor = parse_factor(value)
    if factor > _LARGEST_FACTOR:
        msg = f"{shown(value)} is too much; a factor of {_LARGEST_FACTOR} is the largest allowed."
        raise ValueError(msg)
    return factor


def _patience_factor(value: object) -> float:
    factor = _factor(value)
    if factor == 0:
        msg = f"{shown(value)} would leave no patience at all; it must be more than 0."
        raise ValueError(msg)
    return factor


def _number(value: object) -> float:
    number = float("nan")
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST_NUMBER:
        number = float(value)
    if not number >= 0:
        msg = f"{shown(value)} is not allowed here: write a number from 0 to {_LARGEST_NUMBER:.0f}, without a unit."
        raise ValueError(msg)
    return number


def _is_change(value: object) -> bool:
    return isinstance(value, str) and value.strip().startswith(("+", "-"))


def _uplift(value: object) -> float:
    if not _is_change(value):
        msg = f'{shown(value)} is not an uplift: write the change with its sign, "+60 %" for more or "-20 %" for less.'
        raise ValueError(msg)
    return _factor(value)


def _speed(value: object) -> float:
    speed = parse_factor(value)
    if not _SPEEDS[0] <= speed <= _SPEEDS[1]:
        msg = f"{shown(value)} is not a speed: write a factor from {_SPEEDS[0]} to {_SPEEDS[1]}; 1 is the usual speed."
        raise ValueError(msg)
    return speed


def _cv(value: object) -> float:
    allowed = f'write 0.7 or "70 %", from 0 to {_LARGEST_CV}.'
    try:
        cv = float("nan") if _is_change(value) else parse_factor(value)
    except ValueError:
        cv = float("nan")
    if not 0 <= cv <= _LARGEST_CV:
        msg = f"{shown(value)} is not a coefficient of variation (standard deviation divided by mean): {allowed}"
        raise ValueError(msg)
    return cv


def _cv_or_file(value: object) -> float | str:
    if value == "from file":
        return "from file"
    try:
        return _cv(value)
    except ValueError as error:
        msg = f'{error} "from file" is allowed beside a volume file.'
        raise ValueError(msg) from None


def _money(per: Per | None, called: str, example: str) -> Callable[[object], Money]:
    """What reads an amount, or a price per something."""

    def read(value: object) -> Money:
        money = parse_money(value)
        if money.per != per:
            how = f'write it with "/{per}"' if per else "write a sum of money alone"
            msg = f"{shown(value)} is not {called}: {how}, as in {shown(example)}."
            raise ValueError(msg)
        return money

    return read


def _shares(value: object) -> tuple[float, ...]:
    if not isinstance(value, list):
        return (parse_share(value),)
    if not 1 <= len(value) <= _MOST_ATTEMPTS:
        msg = f"{shown(value)} has {len(value)} shares; write one, or a list of 1 to {_MOST_ATTEMPTS} by attempt."
        raise ValueError(msg)
    return tuple(map(parse_share, value))


def _date(value: object) -> date:
    day = value
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value.strip()) if len(value.strip()) == 10 else None
        except ValueError:
            day = None
    if not isinstance(day, date) or isinstance(day, datetime):
        msg = f"{shown(value)} is not a date: write year, month and day, as in 2026-11-27."
        raise ValueError(msg)
    if day.year not in YEARS:
        msg = f"{day} is not allowed: the year must lie between {YEARS[0]} and {YEARS[-1]}."
        raise ValueError(msg)
    return day


def _local_time(value: object) -> LocalTime:
    if isinstance(value, datetime) and value.tzinfo is None and not value.microsecond:
        return LocalTime(value.date(), 3600 * value.hour + 60 * value.minute + value.second)
    parts = _LOCAL_TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if not parts:
        msg = f'{shown(value)} is not a local date and time: write it in quotes, as in "2026-11-27 18:00".'
        raise ValueError(msg)
    return LocalTime(_date(parts[1]), parse_clock(parts[2]))


def _hours(value: object) -> WeeklyHours:
    if isinstance(value, str) and len(value) > _LONGEST_HOURS:
        msg = f"These hours have {len(value)} signs; at most {_LONGEST_HOURS} are allowed."
        raise ValueError(msg)
    return WeeklyHours.parse(value)


def _hours_table(table: dict[str, int]) -> dict[str, int]:
    if len(table) > _MOST_HOURS:
        msg = f"There are {len(table)} lines; at most {_MOST_HOURS} are allowed. Put longer plans into a CSV file."
        raise ValueError(msg)
    for key in table:
        _hours(key)
    parse_hours_table(table)
    return table


def parse_day_windows(keys: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Read clock windows of one date, such as "08:00-20:00": key -> start and end in seconds after midnight.

    Raises
    ------
    ValueError
        If a key is not a window within the day, or two overlap: names both.
    """
    windows = {}
    for key in keys:
        try:
            start, end = (parse_clock(clock) for clock in key.split("-"))
        except ValueError:
            start, end = 0, 0
        if start >= end:
            msg = f'{shown(key)} is not a window of one day: write two clock times, as in "08:00-20:00".'
            raise ValueError(msg)
        windows[key] = (start, end)
    for (one, (_, end)), (other, (start, _)) in pairwise(sorted(windows.items(), key=lambda item: item[1])):
        if start < end:
            msg = f"{shown(one)} and {shown(other)} overlap; they may touch, not overlap."
            raise ValueError(msg)
    return windows


def parse_dated_window(key: str) -> DayWindow:
    """Read a clock window of a date, such as "2026-11-27 10:00-14:00".

    Raises
    ------
    ValueError
        If `key` is not one.
    """
    try:
        day, windows = key.split()
        ((start, end),) = parse_day_windows([windows]).values()
        return DayWindow(_date(day), start, end)
    except ValueError:
        msg = f'{shown(key)} is not a window of a date: write both, as in "2026-11-27 10:00-14:00".'
        raise ValueError(msg) from None


def _dated_windows(table: dict[str, int]) -> dict[str, int]:
    if len(table) > _MOST_HOURS:
        msg = f"There are {len(table)} windows; at most {_MOST_HOURS} are allowed."
        raise ValueError(msg)
    for key in table:
        parse_dated_window(key)
    return table


def _steps(table: dict[str, float]) -> dict[str, float]:
    if len(table) > _MOST_HOURS:
        msg = f"There are {len(table)} steps; at most {_MOST_HOURS} are allowed. Put longer profiles into a CSV file."
        raise ValueError(msg)
    parse_steps(table)
    return table


def parse_steps(table: Mapping[str, float]) -> dict[int, float]:
    """Read a profile's steps, clock time -> weight: seconds after midnight -> weight.

    Raises
    ------
    ValueError
        If a key is not a clock time, two are the same, or no time of the day has a weight.
    """
    steps: dict[int, float] = {}
    for key, weight in table.items():
        clock = parse_clock(key)
        if clock in steps:
            msg = f"{shown(key)} is there twice; keep one of the two."
            raise ValueError(msg)
        steps[clock] = weight
    check_steps(steps)
    return steps


def _quantiles(table: dict[str, float]) -> dict[str, float]:
    parse_quantiles(table)
    return table


def parse_quantiles(table: Mapping[str, float]) -> tuple[tuple[float, float], ...]:
    """Read quantiles, share = time: (share, seconds) in their order.

    Raises
    ------
    ValueError
        If a key is not a share below 100 %, a time does not rise with the share, or the last does not lie after the
        one before it.
    """
    if not 1 <= len(table) <= _MOST_QUANTILES:
        msg = f"There are {len(table)} quantiles; 1 to {_MOST_QUANTILES} are allowed."
        raise ValueError(msg)
    points = sorted((parse_share(key), seconds) for key, seconds in table.items())
    if points[-1][0] == 1:
        msg = "No time is given by which all are over: the largest share must be below 100 %."
        raise ValueError(msg)
    for (one, early), (other, late) in pairwise([(0.0, 0.0), *points]):
        if one == other > 0:
            msg = f"The share {100 * one:g} % is there twice; keep one of the two."
            raise ValueError(msg)
        if late < early:
            msg = f"The time of {100 * other:g} % is shorter than that of {100 * one:g} %: times rise with the share."
            raise ValueError(msg)
    if points[-1] == points[0] and points[0][0] == 0:
        msg = "A share of 0 % alone says nothing: write at least one more, such as 50 %."
        raise ValueError(msg)
    if points[-1][1] == (points[-2][1] if len(points) > 1 else 0):
        msg = "The last time must be longer than the one before it: what is still left goes on at that rate."
        raise ValueError(msg)
    return tuple(points)


def check_steps(steps: Mapping[int, float]) -> None:
    """Refuse a profile without any weight; one that starts at 24:00 is over before it begins.

    Raises
    ------
    ValueError
        If no time of the day has a weight.
    """
    if not any(weight for clock, weight in steps.items() if clock < DAY):
        msg = 'At least one time of day needs a weight above 0, as in { "08:00" = 1, "16:00" = 0 }.'
        raise ValueError(msg)


def _day_windows(table: dict[str, int]) -> dict[str, int]:
    if len(table) > _MOST_HOURS:
        msg = f"There are {len(table)} windows; at most {_MOST_HOURS} are allowed."
        raise ValueError(msg)
    parse_day_windows(table)
    return table


def _name(value: str) -> str:
    if not re.fullmatch(NAME_PATTERN.strip("^$"), value):
        msg = f"{shown(value)} is not a name: use letters a-z, digits, - and _, at most 60; say the rest in its title."
        raise ValueError(msg)
    return value


def _currency(value: str) -> str:
    if not re.fullmatch("[A-Z]{3}", value):
        msg = f'{shown(value)} is not a currency: write three capital letters, as in "EUR".'
        raise ValueError(msg)
    return value


def _text(value: str) -> str:
    unprintable = [letter for letter in value if not (letter.isprintable() or letter in "\n\t")]
    if unprintable:
        msg = f"It holds the control character {unprintable[0]!r}; allowed are letters, signs, spaces and line breaks."
        raise ValueError(msg)
    return value


_PERCENT = r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$"
_CHANGE = r"^\s*[+-]\s*[0-9]+(\.[0-9]+)?\s*%\s*$"
_ANY_PERCENT = r"^\s*[+-]?[0-9]+(\.[0-9]+)?\s*%\s*$"


def _key(unit: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "unit": unit})


Name = Annotated[str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": NAME_PATTERN})]
Currency = Annotated[
    str, AfterValidator(_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$", "unit": "currency"})
]
Text = Annotated[str, Field(max_length=10_000), AfterValidator(_text)]
Duration = Annotated[
    float,
    PlainValidator(_duration),
    WithJsonSchema({"type": ["string", "integer"], "unit": "time", "examples": ["90 s", "6 min", "24 h"]}),
]
Patience = Annotated[
    float,
    PlainValidator(_duration_or_infinite),
    WithJsonSchema({"type": ["string", "integer"], "unit": 'time, or "infinite"', "examples": ["3 min", "infinite"]}),
]
DurationOrFile = Annotated[
    float | Literal["from file"],
    PlainValidator(_duration_or_file),
    WithJsonSchema(
        {"type": ["string", "integer"], "unit": 'time, or "from file"', "examples": ["5 h", "from file"]},
    ),
]
Share = Annotated[
    float,
    PlainValidator(parse_share),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "pattern": _PERCENT}, {"type": "number", "minimum": 0, "maximum": 1}],
            "unit": "share",
            "examples": ["35 %"],
        }
    ),
]
_ONE_SHARE: dict[str, Any] = {
    "anyOf": [{"type": "string", "pattern": _PERCENT}, {"type": "number", "minimum": 0, "maximum": 1}]
}
SharesByAttempt = Annotated[
    tuple[float, ...],
    PlainValidator(_shares),
    WithJsonSchema(
        {
            "anyOf": [*_ONE_SHARE["anyOf"], {"type": "array", "items": _ONE_SHARE, "minItems": 1}],
            "unit": "share, or list of shares",
            "examples": ["60 %", ["60 %", "40 %"]],
        }
    ),
]
Factor = Annotated[
    float,
    PlainValidator(_factor),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": _ANY_PERCENT},
                {"type": "number", "minimum": 0, "maximum": _LARGEST_FACTOR},
            ],
            "unit": "factor",
            "examples": [1.2, "+20 %"],
        }
    ),
]
PatienceFactor = Annotated[
    float,
    PlainValidator(_patience_factor),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": _ANY_PERCENT},
                {"type": "number", "exclusiveMinimum": 0, "maximum": _LARGEST_FACTOR},
            ],
            "unit": "factor",
            "examples": [1.25],
        }
    ),
]
Uplift = Annotated[
    float,
    PlainValidator(_uplift),
    WithJsonSchema({"type": "string", "pattern": _CHANGE, "unit": "change", "examples": ["+60 %"]}),
]
Speed = Annotated[
    float,
    PlainValidator(_speed),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "pattern": _ANY_PERCENT}, {"type": "number", "exclusiveMinimum": 0}],
            "unit": "factor",
            "examples": [0.85],
        }
    ),
]
Cv = Annotated[
    float,
    PlainValidator(_cv),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": _PERCENT},
                {"type": "number", "minimum": 0, "maximum": _LARGEST_CV},
            ],
            "unit": "factor or share",
            "examples": [0.7, "12 %"],
        }
    ),
]
CvOrFile = Annotated[
    float | Literal["from file"],
    PlainValidator(_cv_or_file),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": rf"{_PERCENT}|^from file$"},
                {"type": "number", "minimum": 0, "maximum": _LARGEST_CV},
            ],
            "unit": 'factor or share, or "from file"',
            "examples": ["12 %", "from file"],
        }
    ),
]
HourlyCost = Annotated[
    Money,
    PlainValidator(_money("h", "a price per hour", "27 EUR/h")),
    WithJsonSchema({"type": "string", "unit": "money per hour", "examples": ["27 EUR/h"]}),
]
MinuteCost = Annotated[
    Money,
    PlainValidator(_money("min", "a price per minute", "0.06 EUR/min")),
    WithJsonSchema({"type": "string", "unit": "money per minute", "examples": ["0.06 EUR/min"]}),
]
SessionCost = Annotated[
    Money,
    PlainValidator(_money("session", "a price per session", "0.15 EUR/session")),
    WithJsonSchema({"type": "string", "unit": "money per session", "examples": ["0.15 EUR/session"]}),
]
Amount = Annotated[
    Money,
    PlainValidator(_money(None, "an amount", "2000 EUR")),
    WithJsonSchema({"type": "string", "unit": "money", "examples": ["2000 EUR"]}),
]
Number = Annotated[
    float,
    PlainValidator(_number),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": _LARGEST_NUMBER, "unit": "number"}),
]
Date = Annotated[
    date,
    PlainValidator(_date),
    WithJsonSchema({"type": "string", "format": "date", "unit": "date", "examples": ["2026-11-27"]}),
]
LocalMoment = Annotated[
    LocalTime,
    PlainValidator(_local_time),
    WithJsonSchema({"type": "string", "unit": "local date and time", "examples": ["2026-11-26 18:00"]}),
]
Hours = Annotated[
    WeeklyHours,
    PlainValidator(_hours),
    WithJsonSchema(
        {
            "type": "string",
            "unit": "weekly hours",
            "examples": ["mon-fri 08:00-20:00; sat 10:00-16:00; holidays closed", "always"],
        }
    ),
]
Steps = Annotated[
    dict[Annotated[str, _key("clock time")], Number],
    AfterValidator(_steps),
    Field(examples=[{"08:00": 1, "09:00": 1.6, "16:00": 1.2, "20:00": 0}]),
]
Quantiles = Annotated[
    dict[Annotated[str, _key("share")], Duration],
    AfterValidator(_quantiles),
    Field(examples=[{"10 %": "1 min", "50 %": "4 min", "90 %": "10 min"}]),
]
Agents = Annotated[int, Field(ge=0, le=MOST_AGENTS)]
StaffingByHours = Annotated[dict[Annotated[str, _key("weekly hours")], Agents], AfterValidator(_hours_table)]
MoreOrFewer = Annotated[int, Field(ge=-MOST_AGENTS, le=MOST_AGENTS)]
ExtraByDatedWindow = Annotated[
    dict[Annotated[str, _key("date and clock window")], MoreOrFewer], AfterValidator(_dated_windows)
]
StaffingByWindow = Annotated[dict[Annotated[str, _key("clock window")], Agents], AfterValidator(_day_windows)]
