"""The arrivals that past days let expect: as many as such a day brings, spread as on its weekday."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.agents.day_totals import DayTotal, DayTotals, fit_day_totals
from simulator.scenario.units import DAY
from simulator.streams import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_STEP = 900
"""Seconds within which calls come evenly."""


@dataclass(frozen=True, slots=True)
class UsualDay:
    """The arrivals of one day."""

    total: DayTotal
    share: Floats
    """[quarter of an hour, queue] Of the day's calls."""

    def draw(self, seed: int, replication: int) -> tuple[Ints, Ints]:
        """[call] Seconds after midnight, rising, and index of the queue.

        How many are to be expected is drawn for the day as a whole; then counts are Poisson.
        """
        luck = stream(seed, replication, "usual arrivals")
        mean = np.exp(self.total.log_mean + self.total.log_sd * luck.standard_normal())
        number = luck.poisson(mean * self.share)
        quarter, queue = np.nonzero(number)
        times = number[quarter, queue]
        clock = _STEP * np.repeat(quarter, times) + luck.integers(_STEP, size=times.sum())
        order = np.argsort(clock, kind="stable")
        return clock[order], np.repeat(queue, times)[order]


@dataclass(frozen=True, slots=True)
class Usual:
    """What days bring, and when in the day it comes."""

    totals: DayTotals
    share: Floats
    """[weekday, quarter of an hour, queue] Of the calls of a day; Monday is 0. 0 of a weekday without a day."""

    def on(self, day: int) -> UsualDay:
        """The arrivals of a day, by its ordinal; on a weekday of which no day is known there are none."""
        return UsualDay(self.totals.on(day), self.share[(day - 1) % 7])


def usual_arrivals(calls: Calls) -> Usual:
    """What these calls let expect of other days."""
    days, index = np.unique(calls.day, return_inverse=True)
    number = np.zeros((7, -(-DAY // _STEP), len(calls.queues)))
    np.add.at(number, ((calls.day - 1) % 7, calls.clock // _STEP, calls.queue), 1.0)
    of_weekday = number.sum(axis=(1, 2), keepdims=True)
    totals = fit_day_totals(days, np.bincount(index).astype(np.float64))
    return Usual(totals, number / np.maximum(of_weekday, 1.0))
