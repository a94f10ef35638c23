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
    """[day] Calls of each past day over the mean of its weekday."""

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
    return Usual(mean, np.bincount(index) / mean.sum(axis=(1, 2))[weekday])
