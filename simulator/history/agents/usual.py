"""The arrivals that past days let expect: what came on that weekday, with a busyness of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.streams import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_STEP = 900
"""Seconds within which calls come evenly."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Mean calls of a weekday, and how busy days were against it."""

    calls: Floats
    """[weekday, quarter of an hour, queue] Mean number; Monday is 0."""
    busyness: Floats
    """[day] How busy each past day was, with the chance in its count taken off; of weekdays with two days or more."""

    def draw(self, day: int, seed: int, replication: int) -> tuple[Ints, Ints]:
        """[call] Seconds after midnight, rising, and index of the queue.

        The day is as busy as one of the past; within it, counts are Poisson.
        """
        luck = stream(seed, replication, "usual arrivals")
        busyness = luck.choice(self.busyness) if len(self.busyness) else 1.0
        number = luck.poisson(busyness * self.calls[(day - 1) % 7])
        quarter, queue = np.nonzero(number)
        times = number[quarter, queue]
        clock = _STEP * np.repeat(quarter, times) + luck.integers(_STEP, size=times.sum())
        order = np.argsort(clock, kind="stable")
        return clock[order], np.repeat(queue, times)[order]


def usual_arrivals(calls: Calls) -> Usual:
    """What came on each weekday, on the mean of its days; a weekday without a day has no calls."""
    days, index = np.unique(calls.day, return_inverse=True)
    weekday = (days - 1) % 7
    number = np.zeros((7, -(-86400 // _STEP), len(calls.queues)))
    np.add.at(number, (weekday[index], calls.clock // _STEP, calls.queue), 1.0)
    mean = number / np.maximum(np.bincount(weekday, minlength=7), 1)[:, None, None]
    return Usual(mean, _busyness(np.bincount(index).astype(np.float64), weekday))


def _busyness(number: Floats, weekday: Ints) -> Floats:
    """[day] Factors whose variance is that of the busyness alone, from the number of calls of each day.

    A count over its mean m varies by the busyness and, Poisson, by 1 / m; with a mean of n days, by (n - 1) / n of it.
    What is beyond the Poisson part (Cox 1955, *Some statistical methods connected with series of events*) is kept, by
    shrinking all deviations alike. A weekday with a single day tells nothing of how days differ.
    """
    days = np.bincount(weekday, minlength=7)[weekday]
    mean = (np.bincount(weekday, number, minlength=7) / np.maximum(np.bincount(weekday, minlength=7), 1))[weekday]
    several = days > 1
    if not several.any():
        return np.ones(0)
    days, mean = days[several], mean[several]
    deviation = (number[several] / mean - 1.0) * np.sqrt(days / (days - 1.0))
    # A weekday of n days has n - 1 deviations that are free.
    seen, chance = (float(np.average(each, weights=(days - 1.0) / days)) for each in (deviation**2, 1.0 / mean))
    kept = np.sqrt(max(seen - chance, 0.0) / seen) if seen else 0.0
    return np.asarray(np.maximum(1.0 + kept * deviation, 0.0))
