"""The forecast of a history: days and slots ahead with their intervals, and how good such forecasts have been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.forecast.ahead import ahead_of
from simulator.history.forecast.bands import Band, day_band, slot_band, widths_of
from simulator.history.forecast.errors import ForecastError, check_statsmodels
from simulator.history.forecast.open_days import open_days
from simulator.history.forecast.part_days import part_days
from simulator.history.forecast.rolling import LEVELS, Rolled, Score, roll
from simulator.history.forecast.series import calendar_days, series_of
from simulator.language import say
from simulator.scenario.errors import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from simulator.history.estimators.counts import Counts
    from simulator.history.forecast.events import Event
    from simulator.history.forecast.terms import Term
    from simulator.scenario.calendar import Holidays

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

LONGEST = 371
"""Days ahead: a year and some."""
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Forecast:
    """Contacts of one series on the days after the last known one."""

    name: str
    known: tuple[date, ...]
    """Days with contacts that it rests on."""
    total: Floats
    """[known day] Their contacts."""
    in_part: tuple[date, ...]
    """The first and last day of the history, as far as it seems to have only a part of them; they are left out."""
    date: tuple[date, ...]
    """[day ahead] Every day of the calendar."""
    is_open: Bools
    """[day ahead]"""
    step: int
    """Seconds from one slot to the next."""
    clock: Ints
    """[slot] Local time at which it starts, seconds after midnight."""
    day: Band
    """[day ahead]"""
    slot: Band
    """[day ahead, slot]"""
    sd: Floats
    """[day ahead] Standard deviation of the logarithm of the day's contacts."""
    dispersion: Floats
    """[slot] Variance over mean of a slot's contacts, given the day's total; 1 is chance alone."""
    holidays: Holidays | None
    """Public holidays that it knows."""
    terms: tuple[Term, ...]
    """What the calendar tells that the models use."""
    confidence: float
    rolled: Rolled
    """What the same method said from earlier days, and what came."""

    @property
    def weeks(self) -> int:
        """Of the horizon, the last one perhaps begun."""
        return -(-len(self.date) // _WEEK)

    @property
    def scores(self) -> tuple[Score, ...]:
        """Of days, and of slots if days have several: the first week ahead, the whole horizon, and its last week."""
        levels = LEVELS if len(self.clock) > 1 else LEVELS[:1]
        spans = dict.fromkeys([(1, 1), (1, self.weeks), (self.weeks, self.weeks)])
        found = (self.rolled.score(level, *span) for level in levels for span in spans)
        return tuple(score for score in found if score is not None)


def forecast(
    counts: Counts,
    days: int,
    *,
    channels: Sequence[str] | None = None,
    name: str = "all",
    holidays: Holidays | None = None,
    events: Sequence[Event] = (),
    confidence: float = 0.9,
    on_origin: Callable[[int, int], None] | None = None,
) -> Forecast:
    """Forecast the contacts of the days after a history.

    Parameters
    ----------
    counts
        The history.
    days
        How many days ahead.
    channels
        Series of the history that are forecast together. Default: all.
    name
        What they are called together.
    holidays
        Public holidays of the place. None: no day is one.
    events
        Of the past and the future, as the planner knows them.
    confidence
        Of the intervals.
    on_origin
        Told how many earlier origins are done, and of how many.

    Raises
    ------
    ForecastError
        If the history is too short or contacts come too seldom, there is no such channel, the horizon is no number of
        days that can be forecast, an event ahead has neither a factor nor a past, or statsmodels is not installed.
    """
    check_statsmodels()
    if not 1 <= days <= LONGEST:
        raise ForecastError(say("refusals.forecast_days", days=days, most=LONGEST))
    closed = [event.date for event in events if event.factor == 0]
    names = counts.names if channels is None else channels
    whole = series_of(counts, names, name, closed)
    in_part = part_days(whole, {event.date for event in events})
    series = series_of(counts, names, name, [*closed, *in_part])
    known = series.known
    _check_events(events, known)
    if not open_days(known, holidays, closed, days).weekdays:
        raise ForecastError(say("refusals.forecast_seldom", name=shown(name)))
    rolled = roll(series, days, holidays, events, confidence, on_origin)
    ahead = ahead_of(series, days, holidays, events)
    widths = widths_of(ahead, rolled.misses, series.last - series.first + 1)
    return Forecast(
        name=name,
        known=known,
        total=series.total,
        in_part=in_part,
        date=calendar_days(series.last + 1, series.last + days),
        is_open=ahead.is_open,
        step=series.step,
        clock=series.clock,
        day=day_band(ahead, widths, confidence),
        slot=slot_band(ahead, widths, confidence),
        sd=widths.log_sd,
        dispersion=ahead.dispersion,
        holidays=holidays,
        terms=ahead.terms,
        confidence=confidence,
        rolled=rolled,
    )


def _check_events(events: Sequence[Event], known: Sequence[date]) -> None:
    """An event without a factor needs a day on which it was seen."""
    there = frozenset(known)
    seen = {event.name for event in events if event.date in there}
    for event in events:
        if event.factor is None and event.date > known[-1] and event.name not in seen:
            name = shown(event.name)
            raise ForecastError(say("refusals.forecast_event", day=event.date.isoformat(), event=name))
