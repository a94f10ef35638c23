"""Which days a centre is open, as its history shows it: by weekday, and on public holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from simulator.scenario.calendar import Holidays

_LOOKS_BACK = 91
"""Days before the last known one that tell which weekdays are open."""
_WEEK = 7


@dataclass(frozen=True, slots=True)
class OpenDays:
    """What is known on a day of the days after it, and how it tells the days before."""

    weekdays: frozenset[int]
    """0 for Monday."""
    on_holidays: bool
    holidays: frozenset[date]
    closed: frozenset[date]
    """Days of an event that leaves no contacts."""

    def is_open(self, day: date) -> bool:
        """Whether contacts are to come."""
        if day in self.closed or day.weekday() not in self.weekdays:
            return False
        return self.on_holidays or day not in self.holidays

    def is_first(self, day: date) -> bool:
        """Whether it is open after a day that was not: what had to wait comes too."""
        return self.is_open(day) and not self.is_open(day - timedelta(days=1))

    def follows_open(self, weekday: int) -> bool:
        """Whether the weekday before it is an open one."""
        return (weekday - 1) % _WEEK in self.weekdays

    def at_turn_of_month(self, day: date) -> bool:
        """Whether it is the last open day of a month, or one of the first two: salaries, rents and bills fall there."""
        if not self.is_open(day):
            return False
        before = sum(self.is_open(day.replace(day=k)) for k in range(1, day.day))
        following = day + timedelta(days=1)
        while following.month == day.month and not self.is_open(following):
            following += timedelta(days=1)
        return before < 2 or following.month != day.month


def open_days(known: Collection[date], holidays: Holidays | None, closed: Collection[date], ahead: int) -> OpenDays:
    """The open days of a history and of some days after it.

    Parameters
    ----------
    known
        Days with contacts; the last of them is the one on which this is asked.
    holidays
        Public holidays of the place. None: no day is one.
    closed
        Further days without contacts.
    ahead
        Days after the last known one.

    Notes
    -----
    A weekday is open if at least half of its dates in the last quarter had contacts. Holidays are open if most of
    those that fell on open weekdays had contacts; where none is known, if the centre is open on all weekdays.
    """
    there = frozenset(known)
    first, last = min(there), max(there)
    recent = [last - timedelta(days=k) for k in range(min(_LOOKS_BACK, (last - first).days + 1))]
    dates = [[day for day in recent if day.weekday() == weekday] for weekday in range(_WEEK)]
    weekdays = frozenset(
        weekday
        for weekday in range(_WEEK)
        if 2 * sum(day in there for day in dates[weekday]) >= len(dates[weekday]) > 0
    )
    public = frozenset(holidays.between(first, last + timedelta(days=ahead))) if holidays is not None else frozenset()
    past = [day for day in public if day <= last and day.weekday() in weekdays]
    on_holidays = 2 * sum(day in there for day in past) > len(past) if past else len(weekdays) == _WEEK
    return OpenDays(weekdays, on_holidays, public, frozenset(closed))
