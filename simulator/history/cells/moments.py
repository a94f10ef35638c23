"""Dates and clock times as reports write them: 2026-11-27, 27.11.2026, 11/27/2026, 8:15, 8.15-8.30, 8:15 AM."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from simulator.scenario.fields import YEARS
from simulator.scenario.units import DAY

DateOrder = Literal["day first", "month first"]


_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})\.?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})()([0-9]{2})([0-9]{2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})\.?")
_DAY_THEN_NAME = re.compile(r"([0-9]{1,2})\.?[ -]*([^\W\d_]{3,})[. ,-]*([0-9]{4}|[0-9]{2})")
_NAME_THEN_DAY = re.compile(r"([^\W\d_]{3,})\.? *([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})")
_MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?")
"""Behind a date in a column that has a form for moments, whether it holds moments or not."""
_WEEKDAY = re.compile(r"[^\W\d_]{2,12}[.,]?\s+")
_MONTHS = {
    name: month
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "tam hel maa huh tou kes hei elo syy lok marr jou",
    )
    for month, name in enumerate(names.split(), start=1)
}
"""First letters of the months in English and Finnish; those of `marraskuu` are looked for before those of March."""
_CLOCK = r"(?:[0-9]{1,2})[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?(?:\s*[apAP]\.?[mM]\.?)?"
_ONE_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,]0+)?)?(?:\s*([ap])\.?m\.?)?", re.IGNORECASE)
_BARE_CLOCK = re.compile(r"([0-9]{1,2}?)([0-9]{2})?(?:\s*([ap])\.?m\.?)?", re.IGNORECASE)
_SPAN = re.compile(r"(?:klo\.?\s*)?([^-–—]+?)(?:\s*(?:[-–—]|\bto\b)\s*(.+))?", re.IGNORECASE)
_DATE_AND_CLOCK = re.compile(rf"(.+?)(?:[T,]\s*|\s+)(?:klo\.?\s*)?({_CLOCK})(?:\s*[-–—/]\s*(?:.*[T\s])?({_CLOCK}))?")
_OFFSET = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK})\s*(Z|[+-][0-9]{{2}}:?[0-9]{{2}})(?:/.*)?")


class Moment(NamedTuple):
    """A local date and clock time."""

    day: int
    """Ordinal of the date."""
    clock: int
    """Seconds after midnight."""
    showing: int | None = None
    """Which of two showings of this time, where the clock is put back; None: not told."""


class DateParts(NamedTuple):
    """The three numbers of a date whose order may be in doubt."""

    first: int
    second: int
    year: int
    sure: DateOrder | None
    """The order where the form gives it away."""
    tells: bool
    """Whether that says something about other dates: 2026-11-27 does not."""


def date_parts(text: str) -> DateParts:
    """Split a date, with a midnight behind it or not: workbooks and databases write dates so.

    Raises
    ------
    ValueError
        If it is not of a known form.
    """
    plain = text.strip()
    if midnight := _MIDNIGHT.search(plain):
        plain = plain if midnight.end() < len(plain) else plain[: midnight.start()]
    for form in (plain, _WEEKDAY.sub("", plain, count=1)):
        if parts := _ISO.fullmatch(form) or _COMPACT.fullmatch(form):
            return DateParts(int(parts[4]), int(parts[3]), int(parts[1]), "day first", tells=False)
        if parts := _NUMERIC.fullmatch(form):
            first, second = int(parts[1]), int(parts[3])
            sure: DateOrder | None = "day first" if first > 12 else "month first" if second > 12 else None
            # With points between them, the day is first all over the world.
            return DateParts(first, second, _year(parts[4]), "day first" if parts[2] == "." else sure, tells=True)
        if (parts := _DAY_THEN_NAME.fullmatch(form)) and (month := _month(parts[2])):
            return DateParts(int(parts[1]), month, _year(parts[3]), "day first", tells=False)
        if (parts := _NAME_THEN_DAY.fullmatch(form)) and (month := _month(parts[1])):
            return DateParts(int(parts[2]), month, _year(parts[3]), "day first", tells=False)
    msg = "This is not a date; allowed are such as 2026-11-27, 27.11.2026, 27/11/2026 and 27 Nov 2026."
    raise ValueError(msg)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month(name: str) -> int | None:
    word = name.lower()
    return _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])


@lru_cache(maxsize=8192)
def parse_date(text: str, order: DateOrder) -> date:
    """Read a date; `order` holds where the form leaves it open.

    Raises
    ------
    ValueError
        If it is none.
    """
    first, second, year, sure, _ = date_parts(text)
    day, month = (first, second) if (sure or order) == "day first" else (second, first)
    if year not in YEARS:
        msg = f"The year must lie between {YEARS[0]} and {YEARS[-1]}."
        raise ValueError(msg)
    try:
        return date(year, month, day)
    except ValueError:
        msg = "There is no such date."
        raise ValueError(msg) from None


def looks_like_date(text: str) -> bool:
    """Whether this is a date, in one order or the other."""
    try:
        date_parts(text)
    except ValueError:
        return False
    return True


def looks_like_clock(text: str) -> bool:
    """Whether this is a clock time or a span of them, written with minutes."""
    parts = _SPAN.fullmatch(text.strip())
    if not parts or not _ONE_CLOCK.fullmatch(parts[1]):
        return False
    try:
        parse_clock_time(text)
    except ValueError:
        return False
    return True


def looks_like_moment(text: str) -> bool:
    """Whether this is a date with a clock time."""
    if _OFFSET.fullmatch(text.strip()):
        return True
    parts = _DATE_AND_CLOCK.fullmatch(text.strip())
    return parts is not None and looks_like_date(parts[1])


@lru_cache(maxsize=1 << 17)  # every second of a day, as a log of a year has them
def parse_clock_time(text: str) -> tuple[int, int | None]:
    """Read the start of an interval, and its end if given, in seconds after midnight.

    "08:00", "8.00", "8:00 AM", "0800", "8", "08:00-08:30", "klo 8-9". From 24:00 on it is the next day's.

    Raises
    ------
    ValueError
        If it is none.
    """
    span = _SPAN.fullmatch(text.strip())
    if span:
        start, end = (_seconds(part.strip()) if part else None for part in span.groups())
        if start is not None and (end is not None or not span[2]):
            return start, end
    msg = "This is not a clock time; allowed are such as 08:15, 8.15, 8:15 AM and 08:15-08:30."
    raise ValueError(msg)


def _seconds(text: str) -> int | None:
    parts = _ONE_CLOCK.fullmatch(text)
    if parts:
        hours, minutes, seconds = (int(part or 0) for part in parts.groups()[:3])
        half = parts[4]
    elif parts := _BARE_CLOCK.fullmatch(text):
        hours, minutes, seconds, half = int(parts[1]), int(parts[2] or 0), 0, parts[3]
    else:
        return None
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    return 3600 * hours + 60 * minutes + seconds if hours < 48 and minutes < 60 and seconds < 60 else None


@lru_cache(maxsize=8192)
def parse_moment(text: str, order: DateOrder, timezone: str) -> tuple[Moment, int | None]:
    """Read a date with a clock time, and the length of its interval if given; a date alone is its midnight.

    A time with a zone offset, as in 2026-11-27T06:00:00Z, is put into the local time of `timezone`.

    Raises
    ------
    ValueError
        If it is none.
    """
    plain = text.strip()
    if parts := _OFFSET.fullmatch(plain):
        try:
            told = datetime.fromisoformat(f"{parts[1]}{parts[2]}".replace(",", "."))
        except ValueError:
            msg = "This is not a date and time; allowed are such as 2026-11-27T08:15:00+02:00."
            raise ValueError(msg) from None
        local = told.astimezone(ZoneInfo(timezone))
        return Moment(local.toordinal(), local.hour * 3600 + local.minute * 60 + local.second, local.fold), None
    if parts := _DATE_AND_CLOCK.fullmatch(plain):
        day = parse_date(parts[1], order)
        start, _ = parse_clock_time(parts[2])
        end = parse_clock_time(parts[3])[0] if parts[3] else None
        return rolled(day, start), None if end is None else (end - start) % DAY
    return rolled(parse_date(plain, order), 0), None


def date_text(text: str) -> str:
    """The date in a date and time, as it is written."""
    parts = _DATE_AND_CLOCK.fullmatch(text.strip())
    return parts[1] if parts else text.strip()


def rolled(day: date, clock: int) -> Moment:
    """A clock time on a day; from 24:00 on it is one of the next day."""
    return Moment(day.toordinal() + clock // DAY, clock % DAY)
