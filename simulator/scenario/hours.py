"""Weekly hours: when a channel is open, when a bot answers, which hours a staffing figure holds for.

The text form is what files and screens show::

    mon-fri 08:00-20:00; sat 10:00-12:00, 13:00-16:00; holidays closed

Entries stand between semicolons: first days, then windows or the word `closed`. Days are `mon` to `sun`,
ranges (`mon-fri`, also `sat-mon`), `daily` (Monday to Sunday), `holidays`, or several of these with commas.
Windows are clock times, several with commas; "22:00-02:00" runs past midnight and belongs to the day it
starts on. `always` stands for "daily 00:00-24:00"; `never` or `closed`, alone, for no hours at all.

**Public holidays.** A text that does not name `holidays` treats a public holiday like any other day of its
weekday. In a text that does, the windows of `holidays` replace those of the weekday: "mon-fri 08:00-20:00;
holidays closed" is closed on every public holiday, "mon-fri 08:00-20:00" is not. In a table with hours as
keys (see `parse_hours_table`) the rule holds for the table as a whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from simulator.scenario.units import DAY, format_clock, parse_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY = 7
"""Stands for public holidays where 0 to 6 stand for Monday to Sunday."""

_DAYS = (*WEEKDAYS, "holidays")
_ENTRY = re.compile(r"([a-z][a-z,\-\s]*?)\s+(closed|[0-9].*)")
_ALLOWED = (
    'write days and times, as in "mon-fri 08:00-20:00; sat 10:00-16:00; holidays closed", or "always", or "never".'
)


class Window(NamedTuple):
    """Clock time from `start` up to `end`, in whole seconds after the local midnight that starts its day."""

    start: int
    """From 0 to below 24 h."""
    end: int
    """After the start, at most 24 h later; above 24 h if the window runs past midnight."""

    def __str__(self) -> str:
        return f"{format_clock(self.start)}-{format_clock(self.end if self.end <= DAY else self.end - DAY)}"


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The hours of a week and of public holidays, equal and hashable by value; `str` gives their text form.

    Raises
    ------
    ValueError
        If two windows overlap, on one day or from one weekday into the next.
    """

    weekdays: tuple[tuple[Window, ...], ...]
    """[7] Windows of each day, Monday first, in order of their start."""
    holidays: tuple[Window, ...] | None = None
    """Windows that replace the weekday's on a public holiday; None: a holiday is like its weekday."""

    def __post_init__(self) -> None:
        # Past midnight into a holiday, or out of one, windows may run together: "fri 22:00-06:00; holidays
        # 00:00-24:00" is a sensible thing to want, and open twice is still open.
        claims = [
            _Claim(owner, f"{_DAYS[day]} {window}", day, window)
            for owner, (day, window) in enumerate(self.dated_windows())
        ]
        _refuse_overlap(claims, into_holidays=False)

    @classmethod
    def parse(cls, text: object) -> WeeklyHours:
        """Read the text form that the module describes.

        Raises
        ------
        ValueError
            If `text` is not of that form, or two of its windows overlap.
        """
        if not isinstance(text, str):
            msg = f"{text} is not weekly hours: {_ALLOWED}"
            raise ValueError(msg)
        return _parse(text)

    def windows(self, weekday: int, is_holiday: bool) -> tuple[Window, ...]:
        """Windows that start on a day: `weekday` counts from Monday 0, `is_holiday` for a public holiday."""
        return self.holidays if is_holiday and self.holidays is not None else self.weekdays[weekday]

    def dated_windows(self) -> list[tuple[int, Window]]:
        """Every window with its day: 0 to 6 for Monday to Sunday, `HOLIDAY` for public holidays."""
        days = enumerate((*self.weekdays, self.holidays or ()))
        return [(day, window) for day, windows in days for window in windows]

    def __str__(self) -> str:
        days_of: defaultdict[tuple[Window, ...], list[int]] = defaultdict(list)
        for day, windows in enumerate(self.weekdays):
            days_of[windows].append(day)
        entries = [f"{_days_text(days)} {_windows_text(open_)}" for open_, days in days_of.items() if open_]
        if entries == ["daily 00:00-24:00"]:
            entries = ["always"]
        if self.holidays is not None:
            entries.append(f"holidays {_windows_text(self.holidays)}")
        return "; ".join(entries) or "never"


@lru_cache(maxsize=1024)
def _parse(text: str) -> WeeklyHours:
    plain = text.strip().lower().replace("–", "-")
    if plain in ("never", "closed"):
        return WeeklyHours(((),) * len(WEEKDAYS))
    found: defaultdict[int, list[Window]] = defaultdict(list)
    closed = set()
    for entry in plain.split(";"):
        days, windows = _parse_entry(entry.strip(), text)
        for day in days:
            found[day] += windows
        closed |= set() if windows else set(days)
    for day in closed:
        if found[day]:
            msg = f'"{text}" says both closed and {found[day][0]} for {_DAYS[day]}; keep one of the two.'
            raise ValueError(msg)
    named_holidays = tuple(sorted(found[HOLIDAY])) if HOLIDAY in found else None
    return WeeklyHours(tuple(tuple(sorted(found[day])) for day in range(HOLIDAY)), named_holidays)


def parse_hours_table(keys: Iterable[str]) -> dict[str, WeeklyHours]:
    """Read the keys of a table in which each line holds for some hours, such as "mon-fri 08:00-20:00" = 12.

    Every moment of the week belongs to one key at most; a moment of no key is the caller's to judge. If any
    key names `holidays`, the keys that do not are out of force on public holidays.

    Raises
    ------
    ValueError
        If a key is not weekly hours, or if two keys overlap: names both and when.
    """
    table = {key: WeeklyHours.parse(key) for key in keys}
    if any(hours.holidays is not None for hours in table.values()):
        table = {key: replace(hours, holidays=hours.holidays or ()) for key, hours in table.items()}
    claims = [
        _Claim(owner, key, day, window)
        for owner, (key, hours) in enumerate(table.items())
        for day, window in hours.dated_windows()
    ]
    _refuse_overlap(claims, into_holidays=True)
    return table


class _Claim(NamedTuple):
    """A window of someone who wants it alone."""

    owner: int
    label: str
    day: int
    window: Window


def _refuse_overlap(claims: Sequence[_Claim], *, into_holidays: bool) -> None:
    """Refuse two owners of one moment; `into_holidays` says whether a weekday next to a holiday matters."""
    own = [sorted((claim for claim in claims if claim.day == day), key=_window) for day in range(len(_DAYS))]
    for day, of_day in enumerate(own):
        # In order of their start, some neighbours overlap if any two windows do.
        for one, other in pairwise(of_day):
            _refuse_shared_time(one, other, day)
    for late in (claim for claim in claims if claim.window.end > DAY):
        spilled = late._replace(window=Window(late.window.start - DAY, late.window.end - DAY))
        for day, of_day in enumerate(own):
            if _may_follow(late.day, day, into_holidays):
                for other in of_day:
                    _refuse_shared_time(spilled, other, day)


def _refuse_shared_time(one: _Claim, other: _Claim, day: int) -> None:
    start, end = max(one.window.start, other.window.start), min(one.window.end, other.window.end)
    if start < end and one.owner != other.owner:
        msg = f'"{one.label}" and "{other.label}" overlap on {_DAYS[day]} {Window(start, end)}; they may only touch.'
        raise ValueError(msg)


def _window(claim: _Claim) -> Window:
    return claim.window


def _may_follow(day: int, next_day: int, into_holidays: bool) -> bool:
    if HOLIDAY in (day, next_day):
        return into_holidays or day == next_day
    return next_day == (day + 1) % 7


def _parse_entry(entry: str, text: str) -> tuple[list[int], list[Window]]:
    """Read one entry, such as "mon-fri 08:00-20:00", into its days and windows; `text` is for messages."""
    if entry == "always":
        return list(range(HOLIDAY)), [Window(0, DAY)]
    parts = _ENTRY.fullmatch(entry)
    if not parts:
        msg = f'"{entry}" in "{text}" is not weekly hours: {_ALLOWED}'
        raise ValueError(msg)
    days = [day for item in parts[1].split(",") for day in _parse_days(item.strip(), text)]
    if parts[2] == "closed":
        return days, []
    return days, [_parse_window(item.strip(), text) for item in parts[2].split(",")]


def _parse_days(item: str, text: str) -> list[int]:
    if item == "daily":
        return list(range(HOLIDAY))
    if item == "holidays":
        return [HOLIDAY]
    first, *last = (name.strip() for name in item.split("-"))
    if len(last) > 1 or not {first, *last} <= set(WEEKDAYS):
        allowed = f"{', '.join(_DAYS)}, daily and ranges like mon-fri"
        msg = f'"{item}" in "{text}" is not a day; allowed are {allowed}.'
        raise ValueError(msg)
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last[0] if last else first)
    return [day % 7 for day in range(start, (end if end >= start else end + 7) + 1)]


def _parse_window(item: str, text: str) -> Window:
    try:
        start, end = (parse_clock(clock) for clock in item.split("-"))
    except ValueError:
        start, end = DAY, DAY
    if start in (DAY, end):
        msg = (
            f'"{item}" in "{text}" is not a window: write two clock times, as in 08:00-20:00, '
            "22:00-02:00 for past midnight, or 00:00-24:00 for the whole day."
        )
        raise ValueError(msg)
    return Window(start, end if end > start else end + DAY)


def _windows_text(windows: Sequence[Window]) -> str:
    return ", ".join(str(window) for window in windows) or "closed"


def _days_text(days: Sequence[int]) -> str:
    """Write weekdays, "mon-wed,fri"; `days` in order."""
    if len(days) == len(WEEKDAYS):
        return "daily"
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    ends = ((run[0], run[-1]) if len(run) > 1 else (run[0],) for run in runs)
    return ",".join("-".join(WEEKDAYS[day] for day in run) for run in ends)
