"""Days and clock times in the spoken language's form."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from simulator.language.catalogue import say
from simulator.language.spoken import spoken

if TYPE_CHECKING:
    from datetime import date


def day(date: date) -> str:
    """A day of a year that is known: Fri 27 Nov, pe 27.11."""
    return _written(date, say("forms.day"), spoken())


def day_and_year(date: date) -> str:
    """A day: Fri 27 Nov 2026, pe 27.11.2026."""
    return _written(date, say("forms.day_and_year"), spoken())


def short_day(date: date) -> str:
    """A day where there is little room and the month is known: Fri 27, 27.11."""
    return _written(date, say("forms.short_day"), spoken())


def weekday(date: date) -> str:
    """A day of a week that is known: Fri, pe."""
    return _written(date, say("forms.weekday"), spoken())


def day_of_year(date: date) -> str:
    """A day without its weekday: 27 Nov, 27.11."""
    return _written(date, say("forms.day_of_year"), spoken())


def clock(seconds: int) -> str:
    """Whole seconds after midnight as a time of day: 08:15, 8.15; with seconds only where there are any."""
    minutes, rest = divmod(seconds, 60)
    text = say("forms.clock", hours=str(minutes // 60), minutes=str(minutes % 60))
    return say("forms.clock_with_seconds", clock=text, seconds=str(rest)) if rest else text


@lru_cache(maxsize=4096)
def _written(date: date, pattern: str, language: str) -> str:
    from babel.dates import format_date  # slow, and many runs show no day

    return format_date(date, pattern, locale=language)
