"""A log of a centre of which everything is known, and stand-ins for what infers staffing and plays its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.backtest.day import Played
from simulator.history.logs import Calls

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.backtest.day import Arrivals

    Ints = NDArray[np.int64]

FIRST = date(2026, 3, 2)
"""A Monday."""
CALLS_OF_A_DAY = 120
QUEUES = ("orders", "returns")


def lived_calls(days: int, seed: int = 1, *, harder: float = 0.0, silent: tuple[int, ...] = ()) -> Calls:
    """A log: each day has a mean wait of its own; a share that grows with it is not answered.

    Parameters
    ----------
    harder
        Standard deviation of what makes a day harder than it looks, on the log scale.
    silent
        Days, counted from 0, of which nothing is in the log.
    """
    luck = np.random.default_rng(seed)
    parts = []
    for number in range(days):
        if number in silent:
            continue
        clock = np.sort(luck.integers(9 * 3600, 17 * 3600, CALLS_OF_A_DAY))
        mean = usual_wait(number) * np.exp(luck.normal(0.0, harder) if harder else 0.0)
        waited, answered = fates(luck, mean, CALLS_OF_A_DAY)
        parts.append((np.full(CALLS_OF_A_DAY, number), clock, waited, answered, luck.integers(0, 2, CALLS_OF_A_DAY)))
    day, clock, waited, answered, queue = (np.concatenate(column) for column in zip(*parts, strict=True))
    arrival = 86_400.0 * (day + (FIRST - date(1970, 1, 1)).days) + clock
    ended = arrival + waited + np.where(answered, 60.0, 0.0)
    count = len(day)
    nothing = np.full(count, np.nan)
    return Calls(
        sources=("log",),
        timezone="UTC",
        queues=QUEUES,
        agents=("a",),
        arrival=arrival,
        answered=np.where(answered, arrival + waited, nothing),
        released=np.where(answered, ended, nothing),
        ended=ended,
        queue=queue,
        agent=np.where(answered, 0, -1),
        customer=np.full(count, -1),
        day=day + FIRST.toordinal(),
        clock=clock,
        file=np.zeros(count, dtype=np.int64),
        line=np.arange(2, count + 2),
    )


def usual_wait(number: int) -> float:
    """Mean wait in seconds of a day, counted from 0: some days are four times as long as others."""
    return float(10.0 * 2.0 ** (number * 7 % 5 / 2.0))


def fates(luck: np.random.Generator, mean: float, count: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Waits of this mean, and who was answered."""
    return luck.exponential(mean, count), luck.random(count) >= min(mean / 400.0, 0.9)


@dataclass(frozen=True)
class Taught:
    """What the stand-in has of `Trained`."""

    days: frozenset[int]
    availability: float
    size_reached: bool


@dataclass(frozen=True)
class StandIn:
    """Plays days as `lived_calls` made them, but for a factor on the waits; stands in for `train` and `play_day`."""

    factor: float = 1.0
    size_reached: bool = True

    def train(self, calls: Calls, days: Ints) -> Taught:
        """Nothing is learnt but which days there were."""
        assert np.isin(days, calls.day).all()
        return Taught(frozenset(int(day) for day in days), 0.875, self.size_reached)

    def play_day(
        self,
        trained: Taught,
        calls: Calls,
        *,
        arrivals: Arrivals = "real",
        replications: int = 10,
        seed: int = 1,
    ) -> Played:
        """The arrivals of the day, with waits drawn anew."""
        assert int(calls.day[0]) not in trained.days, "a day was played by what it taught itself"
        luck = np.random.default_rng(seed)
        shift = 0.0 if arrivals == "real" else 1.0
        count = len(calls) * replications
        mean = usual_wait(int(calls.day[0]) - FIRST.toordinal()) * self.factor
        waited, answered = fates(luck, mean, count)
        return Played(
            replications=replications,
            replication=np.repeat(np.arange(replications), len(calls)),
            arrival=np.tile(calls.arrival, replications) + shift,
            clock=np.tile(calls.clock.astype(np.float64), replications) + shift,
            queue=np.tile(calls.queue, replications),
            waited=waited,
            answered=answered,
        )
