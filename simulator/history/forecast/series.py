"""One series of counts on the calendar, as the models take it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.forecast.errors import ForecastError
from simulator.language import say
from simulator.scenario.errors import listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.estimators.counts import Counts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEAST_DAYS = 26
"""From the first known day to the last, both included: four weeks of Mondays to Fridays."""
LEAST_KNOWN = 10
"""Days with contacts."""


@dataclass(frozen=True, slots=True)
class Series:
    """Contacts of one channel, or of several together, on the days on which there were any."""

    name: str
    step: int
    """Seconds from one slot to the next."""
    clock: Ints
    """[slot] Local time at which it starts, seconds after midnight."""
    ordinal: Ints
    """[known day] Of the date; rising."""
    count: Floats
    """[known day, slot] Not all 0 on any day."""

    @property
    def total(self) -> Floats:
        """[known day] Contacts of each day."""
        return np.asarray(self.count.sum(axis=1))

    @property
    def first(self) -> int:
        """Ordinal of the first known day."""
        return int(self.ordinal[0])

    @property
    def last(self) -> int:
        """Ordinal of the last known day."""
        return int(self.ordinal[-1])

    @property
    def known(self) -> tuple[date, ...]:
        """Dates of the known days."""
        return dates(self.ordinal.tolist())

    def until(self, ordinal: int) -> Series:
        """What is known at the end of a day."""
        there = int(np.searchsorted(self.ordinal, ordinal, side="right"))
        return replace(self, ordinal=self.ordinal[:there], count=self.count[:there])

    def on(self, ordinal: int) -> Floats | None:
        """[slot] Contacts of a day; None if there were none."""
        place = int(np.searchsorted(self.ordinal, ordinal))
        return self.count[place] if place < len(self.ordinal) and self.ordinal[place] == ordinal else None


def series_of(counts: Counts, names: Sequence[str], name: str, without: Sequence[date] = ()) -> Series:
    """Some series of a history added up to one.

    Parameters
    ----------
    counts
        The history.
    names
        Which of its series.
    name
        What their sum is called.
    without
        Days that are not to count: those of an event that left no contacts, or of which there is only a part.

    Raises
    ------
    ForecastError
        If there is no such series, or it has too few days with contacts, or they do not span four weeks.
    """
    for each in names:
        if each not in counts.names:
            there = listed(counts.names)
            raise ForecastError(say("refusals.forecast_channel", channel=shown(each), channels=there))
    count = counts.count[[counts.names.index(each) for each in names]].sum(axis=0)
    kept = (count.sum(axis=1) > 0) & ~np.isin(counts.ordinal, [day.toordinal() for day in without])
    series = Series(name, counts.step, counts.clock, counts.ordinal[kept], count[kept])
    if not kept.any():
        raise ForecastError(say("refusals.forecast_none", name=shown(name)))
    if kept.sum() < LEAST_KNOWN or series.last - series.first + 1 < LEAST_DAYS:
        ends = {"first": series.known[0].isoformat(), "last": series.known[-1].isoformat()}
        least = {"days": LEAST_KNOWN, "weeks": -(-LEAST_DAYS // 7)}
        raise ForecastError(say("refusals.forecast_short", name=shown(name), count=int(kept.sum()), **ends, **least))
    return series


def dates(ordinals: Sequence[int]) -> tuple[date, ...]:
    """The dates of some ordinals."""
    return tuple(date.fromordinal(each) for each in ordinals)


def calendar_days(first: int, last: int) -> tuple[date, ...]:
    """All days from one ordinal to another, both included."""
    start = date.fromordinal(first)
    return tuple(start + timedelta(days=k) for k in range(last - first + 1))
