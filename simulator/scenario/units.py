"""Human units to plain numbers and back: the one place where they are converted.

Files and screens say "6 min", "35 %", "27 EUR/h" and "08:15"; the package computes with seconds, with shares
from 0 to 1 and with amounts. Every `parse_` function takes whatever a file may hold and raises `ValueError`
with a sentence that says what is allowed; the caller adds the file and the field. What a `format_` function
writes, its `parse_` function reads back to the very same number. (`format_seconds`, for screens, rounds.)
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal, get_args

from simulator.language import in_units

DAY = 86_400
"""Seconds of a day whose clocks are not moved."""
_SECONDS = {"wk": 7 * DAY, "d": DAY, "h": 3_600, "min": 60, "sec": 1, "s": 1}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_PART = re.compile(rf"\s*({_NUMBER})\s*(wk|d|h|min|sec|s)(?![a-z])")
_PARTS = re.compile(rf"(?:{_PART.pattern})+")
_STOPWATCH = re.compile(r"(?:([0-9]+):(?=[0-9]{2}:))?([0-9]+):([0-9]{2})")
_PERCENT = re.compile(rf"([+-]?)\s*({_NUMBER})\s*%")
_MONEY = re.compile(rf"([+-]?{_NUMBER})\s*([A-Z]{{3}})(?:\s*/\s*([A-Za-z][A-Za-z -]*))?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")

_DURATION_ALLOWED = (
    "write a number and a unit (s, sec, min, h, d, wk), largest unit first, "
    'as in "90 s", "6 min", "1.5 h" or "1 h 30 min", or minutes and seconds as in "1:30".'
)
_CLOCK_ALLOWED = 'write hours and minutes in quotes, from "00:00" to "24:00".'

Per = Literal["h", "min", "contact", "session", "order", "month", "FTE-month", "resolved contact", "agent"]
"""What a price may be per."""

_PER: dict[str, Per] = {per: per for per in get_args(Per)}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money, or a price per something. The currency is a label; nothing is ever converted."""

    amount: float
    currency: str
    """Three capital letters."""
    per: Per | None = None
    """None: an amount, not a price."""


def parse_duration(value: object) -> float:
    """Convert a length of time to seconds.

    A day is 24 hours and a week 168 hours, whatever the clocks do. Only 0 needs no unit. "1:30" is minutes
    and seconds, "1:30:00" hours, minutes and seconds.

    Raises
    ------
    ValueError
        If `value` is not a length of time, is negative, or is too long to be a number.
    """
    if _is_number(value) and value == 0:
        return 0.0
    if not isinstance(value, str):
        unit = " has no unit" if _is_number(value) else " is not a length of time"
        msg = f"{_shown(value)}{unit}: {_DURATION_ALLOWED}"
        raise ValueError(msg)
    text = value.strip()
    if text == "0":
        return 0.0
    total = _units_total(text)
    if total is None:
        total = _stopwatch_total(text)
    if total is None or math.isinf(total):
        msg = f"{_shown(value)} is not a length of time: {_DURATION_ALLOWED}{_comma_hint(value)}"
        raise ValueError(msg)
    return float(total)


def format_duration(seconds: float) -> str:
    """Write seconds in units, exactly: "90 s" as "1 min 30 s".

    Days appear from three days on, so that a promise of 24 or 48 open hours is not mistaken for one or two
    business days.

    Raises
    ------
    ValueError
        If `seconds` is negative or not finite.
    """
    return " ".join(f"{digits} {unit}" for digits, unit in in_units(_not_negative(seconds)))


def format_seconds(seconds: float) -> str:
    """Write a wait or a handling time the short way, to the nearest second: "0:07", "1:23", "1:02:03".

    Raises
    ------
    ValueError
        If `seconds` is negative or not finite.
    """
    minutes, rest = divmod(math.floor(_not_negative(seconds) + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def parse_share(value: object) -> float:
    """Convert a share, "35 %" or 0.35, to a number from 0 to 1.

    Raises
    ------
    ValueError
        If `value` is not a share, or lies outside 0 % to 100 %.
    """
    allowed = 'write "35 %" or 0.35, from 0 % to 100 %.'
    if isinstance(value, str):
        percent = _PERCENT.fullmatch(value.strip())
        share = float(Decimal(percent[2]).scaleb(-2)) if percent and not percent[1] else math.nan
        hint = _comma_hint(value)
    else:
        share = _number(value)
        hint = f' {value} means {100 * share:g} %; did you mean "{value} %"?' if 1 < share <= 100 else ""
    if not 0 <= share <= 1:
        msg = f"{_shown(value)} is not a share: {allowed}{hint}"
        raise ValueError(msg)
    return share


def format_share(share: float) -> str:
    """Write a share exactly: 0.35 as "35 %".

    Raises
    ------
    ValueError
        If `share` lies outside 0 to 1.
    """
    if not 0 <= share <= 1:
        msg = f"{share} is not a share: it must lie between 0 and 1."
        raise ValueError(msg)
    return f"{_plain(exact(share).scaleb(2))} %"


def parse_factor(value: object) -> float:
    """Convert a factor to a number: 1.2, "120 %" and "+20 %" are all 1.2, and "-10 %" is 0.9.

    Raises
    ------
    ValueError
        If `value` is not a factor, or is below 0.
    """
    if isinstance(value, str):
        percent = _PERCENT.fullmatch(value.strip())
        factor = math.nan
        if percent:
            change = Decimal(percent[1] + percent[2]).scaleb(-2)
            factor = float(1 + change if percent[1] else change)
    else:
        factor = _number(value)
    if not 0 <= factor < math.inf:
        allowed = 'write 1.2, "120 %", "+20 %" or "-10 %"; it must not be below 0.'
        msg = f"{_shown(value)} is not a factor: {allowed}{_comma_hint(value)}"
        raise ValueError(msg)
    return factor


def parse_money(value: object, *, allow_negative: bool = False) -> Money:
    """Convert an amount or a price, such as "500 EUR" or "27 EUR/h".

    Raises
    ------
    ValueError
        If `value` is neither, or is negative where that is not allowed.
    """
    parts = _MONEY.fullmatch(value.strip()) if isinstance(value, str) else None
    amount = float(parts[1]) if parts else math.nan
    if parts is None or math.isinf(amount):
        msg = (
            f"{_shown(value)} is not an amount of money: write a number, a currency of three capital letters "
            f'and, for a price, what it is per ({", ".join(_PER)}), as in "500 EUR" or "27 EUR/h".'
            f"{_comma_hint(value)}"
        )
        raise ValueError(msg)
    per = _PER.get(parts[3])
    if parts[3] and per is None:
        msg = f"{_shown(value)} is a price per {parts[3]}; a price may be per {', '.join(_PER)}."
        raise ValueError(msg)
    if amount < 0 and not allow_negative:
        msg = f"{_shown(value)} is negative; allowed is 0 {parts[2]} or more."
        raise ValueError(msg)
    return Money(amount, parts[2], per)


def format_money(money: Money) -> str:
    """Write money exactly, with two decimals or none where that is enough: "27.50 EUR/h", "500 EUR"."""
    whole, _, cents = _plain(exact(money.amount)).partition(".")
    number = f"{whole}.{cents:0<2}" if cents else whole
    return f"{number} {money.currency}" + (f"/{money.per}" if money.per else "")


def parse_clock(value: object) -> int:
    """Convert a local time of day, "08:15" or "08:15:30", to seconds after midnight; "24:00" ends the day.

    Raises
    ------
    ValueError
        If `value` is not a time of day.
    """
    clock = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    hours, minutes, seconds = (int(part or 0) for part in clock.groups()) if clock else (99, 0, 0)
    total = 3600 * hours + 60 * minutes + seconds
    if minutes > 59 or seconds > 59 or total > DAY:
        msg = f"{_shown(value)} is not a time of day: {_CLOCK_ALLOWED}"
        raise ValueError(msg)
    return total


def format_clock(seconds: int) -> str:
    """Write whole seconds after midnight as a time of day, "08:15", with seconds only where there are any.

    Raises
    ------
    ValueError
        If `seconds` lies outside 0 to 86400.
    """
    if not 0 <= seconds <= DAY or seconds % 1:
        msg = f"{seconds} is not a time of day: whole seconds after midnight, from 0 to 86400, are."
        raise ValueError(msg)
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")


def _units_total(text: str) -> Decimal | None:
    """Add up "1 h 30 min"; None if it is not of that form.

    In decimals, because 1.1 h is exactly 3960 s on paper and a saved scenario must read back unchanged.
    """
    if not _PARTS.fullmatch(text):
        return None
    parts = [(Decimal(number), _SECONDS[unit]) for number, unit in _PART.findall(text)]
    if any(smaller >= larger for (_, larger), (_, smaller) in pairwise(parts)):
        return None
    return sum((number * size for number, size in parts), Decimal(0))


def _stopwatch_total(text: str) -> Decimal | None:
    """Add up "1:30" or "1:02:03"; None if it is not of that form."""
    stopwatch = _STOPWATCH.fullmatch(text)
    if not stopwatch:
        return None
    hours, minutes, seconds = (Decimal(part or 0) for part in stopwatch.groups())
    if seconds >= 60 or (stopwatch[1] and minutes >= 60):
        return None
    return 3600 * hours + 60 * minutes + seconds


def _is_number(value: object) -> bool:
    """Tell whether `value` is a number; true and false, which Python counts among the integers, are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object) -> float:
    """Give the number that `value` is, or nan."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _not_negative(seconds: float) -> float:
    if not 0 <= seconds < math.inf:
        msg = f"{seconds} is not a length of time: seconds must be finite and not negative."
        raise ValueError(msg)
    return seconds


def exact(number: float) -> Decimal:
    """Give the shortest decimal that reads back to `number`, which is what its author wrote; -0.0 becomes 0."""
    return Decimal(repr(float(number) + 0.0))


def _comma_hint(value: object) -> str:
    """Help those who write decimals with a comma."""
    comma = isinstance(value, str) and re.search("[0-9],[0-9]", value)
    return " Write decimals with a point." if comma else ""


def _plain(number: Decimal) -> str:
    """Write a decimal without an exponent and without trailing zeros."""
    return f"{number.normalize():f}"


def _shown(value: object) -> str:
    """Show a value as its author wrote it in the file."""
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value)
