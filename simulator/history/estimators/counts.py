"""Contacts counted by day and time of day, as the fits of demand take them: from logs and from interval reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.rates import spread
from simulator.language import say
from simulator.scenario.units import DAY
from simulator.scenario.volumes import LocalClock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.intervals.volumes import Volumes
    from simulator.history.logs import Calls, Orders, Tickets

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_LONGEST_HISTORY = 40_000
"""Days; longer than a century."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Contacts of one or several series (channels, queues, topics), counted by local date and time of day."""

    names: tuple[str, ...]
    """[series]"""
    dates: tuple[date, ...]
    """[day] Days with any contact at all, in order. Others between them were closed, or nothing is known of them."""
    step: int
    """Seconds from one slot to the next."""
    clock: Ints
    """[slot] Local time at which it starts, seconds after midnight, `step` apart; none for hours before and after."""
    count: Floats
    """[series, day, slot] Of a slot that the clock shows twice from end to end: the mean of both."""

    @property
    def total(self) -> Floats:
        """[series, day] Contacts of the day."""
        total: Floats = self.count.sum(axis=2)
        return total

    @property
    def ordinal(self) -> Ints:
        """[day] Ordinal of the date."""
        return np.array([day.toordinal() for day in self.dates], dtype=np.int64)

    @property
    def weekday(self) -> Ints:
        """[day] 0 for Monday."""
        return (self.ordinal - 1) % 7

    def between(self, first: date, last: date) -> Counts:
        """The days from `first` to `last`, both included."""
        kept = [k for k, day in enumerate(self.dates) if first <= day <= last]
        return replace(self, dates=tuple(self.dates[k] for k in kept), count=self.count[:, kept])

    def merged(self, series: Mapping[str, str]) -> Counts:
        """Series added up: name here -> name there; one left out is not used."""
        names = tuple(dict.fromkeys(series[name] for name in self.names if name in series))
        count = np.zeros((len(names), *self.count.shape[1:]))
        for name, own in zip(self.names, self.count, strict=True):
            if name in series:
                count[names.index(series[name])] += own
        return replace(self, names=names, count=count)

    def coarser(self, step: int) -> Counts:
        """The same in longer slots; `step` is a multiple of this one's and divides the day."""
        start = self.clock.astype(np.float64)
        count = spread(self.count, start, start + self.step, step)
        clock = np.arange(0, DAY, step)
        first, last = self.clock[0] // step, self.clock[-1] // step
        return replace(self, step=step, clock=clock[first : last + 1], count=count[:, :, first : last + 1])


def counts_of_calls(calls: Calls, step: int = 900) -> Counts:
    """Calls that reached a queue, a series for each queue; `step` divides the day.

    Raises
    ------
    ValueError
        If there is not one.
    """
    return _counted(calls.queues, calls.queue, calls.day, calls.clock, step, calls.timezone)


def counts_of_tickets(tickets: Tickets, step: int = 900) -> Counts:
    """Messages that were created, a series for each channel; as `counts_of_calls`."""
    return _counted(tickets.channels, tickets.channel, tickets.day, tickets.clock, step, tickets.timezone)


def counts_of_orders(orders: Orders, step: int = DAY, name: str = "orders") -> Counts:
    """Orders that were placed and not cancelled, as one series; as `counts_of_calls`."""
    kept = ~orders.cancelled
    series = np.zeros(int(kept.sum()), dtype=np.int64)
    return _counted((name,), series, orders.day[kept], orders.clock[kept], step, orders.timezone)


def counts_of_volumes(volumes: Volumes) -> Counts:
    """Contacts offered as an interval report counts them, a series for each channel, in the report's own steps."""
    columns = volumes.channel, volumes.day, volumes.clock
    return _counted(volumes.channels, *columns, volumes.step, volumes.timezone, volumes.offered)


def _counted(
    names: Sequence[str],
    series: Ints,
    day: Ints,
    clock: Ints,
    step: int,
    timezone: str,
    weight: Floats | None = None,
) -> Counts:
    if not len(day) or (weight is not None and not weight.any()):
        msg = say("refusals.fit_nothing_counted")
        raise ValueError(msg)
    if step <= 0 or DAY % step:
        msg = f"Slots of {step} s do not divide the day."
        raise ValueError(msg)
    first, slots = int(day.min()), DAY // step
    days = int(day.max()) - first + 1
    if days > _LONGEST_HISTORY:
        msg = say("refusals.fit_too_long", days=days, first=str(date.fromordinal(first)), most=_LONGEST_HISTORY)
        raise ValueError(msg)
    # By day first, so that days and slots without anything go before the whole table is made.
    some = np.ones(len(day), dtype=np.bool_) if weight is None else weight > 0
    there = np.flatnonzero(np.bincount(day[some] - first, minlength=days))
    used = np.flatnonzero(np.bincount(clock[some] // step, minlength=slots))
    place_of_day = np.full(days, -1)
    place_of_day[there] = np.arange(len(there))
    begin, wide = int(used[0]), int(used[-1] - used[0]) + 1
    cell = (series[some] * len(there) + place_of_day[day[some] - first]) * wide + clock[some] // step - begin
    shape = len(names), len(there), wide
    of_row = None if weight is None else weight[some]
    count = np.bincount(cell, of_row, minlength=int(np.prod(shape))).reshape(shape).astype(np.float64)
    slot_clock = (begin + np.arange(wide)) * step
    local = LocalClock(timezone)
    for place, ordinal in enumerate((there + first).tolist()):
        if local.is_moved(ordinal):
            ends = [
                [local.times_shown(ordinal, time) for time in (start, start + step - 1)]
                for start in slot_clock.tolist()
            ]
            count[:, place] /= np.clip(np.min(ends, axis=1), 1, 2)
    dates = tuple(date.fromordinal(ordinal) for ordinal in (there + first).tolist())
    return Counts(tuple(names), dates, step, slot_clock, count)
