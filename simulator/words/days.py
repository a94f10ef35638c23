"""Days, steps and the horizon of a calendar in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import day, day_and_year, duration, say

if TYPE_CHECKING:
    from simulator.scenario.calendar import Calendar

_NAMED_STEPS = (900, 1800, 3600)
"""Seconds."""


def day_words(calendar: Calendar, number: int) -> str:
    """A day of the horizon: Fri 27 Nov."""
    return day(calendar.date_of_day[number])


def day_names(calendar: Calendar) -> list[str]:
    """[day] Fri 27 Nov; with the year where the same date may come twice."""
    return [(day if calendar.days <= 365 else day_and_year)(date) for date in calendar.date_of_day]


def span_words(calendar: Calendar) -> str:
    """From the first day to the last: Mon 23 Nov 2026 to Sun 29 Nov 2026."""
    first, last = day_and_year(calendar.date_of_day[0]), day_and_year(calendar.date_of_day[-1])
    return say("words.span", first=first, last=last) if calendar.days > 1 else first


def horizon_words(calendar: Calendar) -> str:
    """Mon 23 Nov 2026 to Sun 29 Nov 2026, local time of Europe/Helsinki."""
    return say("words.horizon", span=span_words(calendar), timezone=calendar.timezone)


def grid_words(calendar: Calendar) -> str:
    """Mon 23 Nov 2026 to Sun 29 Nov 2026, in steps of 15 min, Europe/Helsinki."""
    return say("words.grid", span=span_words(calendar), step=duration(calendar.interval), timezone=calendar.timezone)


def step_words(seconds: float) -> str:
    """What an interval of this length is called: quarter-hour, half-hour, hour or the length itself."""
    if seconds in _NAMED_STEPS:
        return say(f"words.named_step.{int(seconds)}")
    return say("words.other_step", length=duration(seconds))
