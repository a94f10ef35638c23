"""How much days, and swings within a day, differ beyond chance, and how surely a history shows it.

The figures are those that a scenario takes from a volume file ("from file": `simulator.demand.moments`). Their
intervals come from histories drawn anew (parametric bootstrap: Efron and Tibshirani 1993, chapter 6): the figures
found in those differ from the ones they were drawn with as ours do from the truth.

How busy days are and how much swings differ can be told only together with the memory of the swings, and a history may
hardly show that. So they are found, and histories drawn, for each of some memories from none to a day. Those memories
count as possible whose misfit to the counts is no larger than all but 1 % of that of histories drawn with them; and an
interval holds what it is with any of these (Berger and Boos 1994, Journal of the American Statistical Association 89:
1012-1016). It is a little wider than it need be where the memory is known well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.moments import busyness_by_memory, busyness_of_counts, likeness
from simulator.demand.quantiles import gamma_at_score
from simulator.history.estimators.estimate import Fitted
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

REDRAWN = 99
"""Histories drawn anew for each memory."""
_OF_MEMORY = 0.2
"""Share of what an interval leaves out that is left to memories which are held impossible, 1 % of 5 %; the intervals
of the cvs with a memory leave out so much less. With fewer than 99 histories no memory is impossible at 95 %."""
_NEXT_MEMORY = 2.0
"""From one memory tried to the next."""
_METHOD = "moments of counts, interval by histories drawn anew with each memory that may be"


@dataclass(frozen=True, slots=True)
class BusynessLaw:
    """Busyness of one series, as the scenario has it."""

    day_cv: float
    interval_cv: float
    interval_memory: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class FittedBusyness:
    """Its figures, each with its interval."""

    day_cv: Fitted
    interval_cv: Fitted
    interval_memory: Fitted

    @property
    def law(self) -> BusynessLaw:
        """The figures alone."""
        return BusynessLaw(self.day_cv.value, self.interval_cv.value, self.interval_memory.value)


@dataclass(frozen=True, slots=True)
class BusynessSample:
    """The ordinary days of one series."""

    count: Floats
    """[day, slot]"""
    mean: Floats
    """[day, slot] Expected counts."""
    alike: Ints
    """[day] Days of the same number have the same expected counts up to their level."""
    level: Floats
    """[day] Relative level."""
    ordinal: Ints
    """[day] Ordinal of the date."""
    interval: float
    """Planning interval in seconds."""
    pieces: int
    """Planning intervals that a slot is long."""

    def found(self, memory: float | None = None) -> BusynessLaw:
        """What the counts show; with a memory of the swings that is known, or with the one that they show.

        Raises
        ------
        ValueError
            If no two days are alike.
        """
        day_cv, interval_cv, found = busyness_of_counts(
            self.count, self.alike, self.interval, self.pieces, memory, level=self.level
        )
        return BusynessLaw(
            min(day_cv, largest_cv(len(self.count))), min(interval_cv, largest_cv(self.count.size)), found
        )

    def memories(self, found: float) -> tuple[float, ...]:
        """Those that are tried: none, a slot's length, and so on to a day; the one found among them."""
        slot = self.interval * self.pieces
        steps = max(round(np.log(DAY / slot) / np.log(_NEXT_MEMORY)), 1)
        return tuple(sorted({0.0, found, *np.geomspace(slot, DAY, steps + 1).tolist()}))

    def misfits(self, memories: tuple[float, ...]) -> Floats:
        """[memory] How badly each explains the counts, beyond the best of them; 0 where these do not tell."""
        found = busyness_by_memory(self.count, self.alike, self.interval, self.pieces, self.level, memories)
        misfit = np.zeros(len(memories)) if found is None else found[2]
        beyond: Floats = misfit - misfit.min()
        return beyond

    def swings_of_day(self, law: BusynessLaw) -> float:
        """Squared coefficient of variation that swings within a day give its total."""
        of_slot = self.mean.mean(axis=0)
        by_lag = likeness(len(of_slot), (law.interval_memory,), self.interval, self.pieces)[0]
        apart = np.abs(np.arange(len(of_slot))[:, None] - np.arange(len(of_slot)))
        together = float((np.outer(of_slot, of_slot) * by_lag[apart]).sum()) / float(of_slot.sum()) ** 2
        return (1.0 + law.day_cv**2) * law.interval_cv**2 * together

    def redrawn(self, law: BusynessLaw, day_to_day: float, rng: np.random.Generator) -> BusynessSample:
        """Counts as they might have been."""
        days, slots = self.count.shape
        factor = np.ones((days, slots))
        if law.day_cv > 0.0:
            place = self.ordinal - self.ordinal[0]
            score = _remembering(rng.standard_normal((1, int(place[-1]) + 1)), day_to_day)[0, place]
            factor *= gamma_at_score(law.day_cv, score)[:, None]
        if law.interval_cv > 0.0:
            kept = np.exp(-self.interval / law.interval_memory) if law.interval_memory > 0.0 else 0.0
            score = _remembering(rng.standard_normal((days, slots * self.pieces)), float(kept))
            swing = gamma_at_score(law.interval_cv, score)
            factor *= swing.reshape(days, slots, self.pieces).mean(axis=2)
        return replace(self, count=rng.poisson(self.mean * factor).astype(np.float64))


def fit_busyness(
    sample: BusynessSample, day_to_day: float = 0.0, *, confidence: float = 0.95, seed: int = 0, redrawn: int = REDRAWN
) -> FittedBusyness:
    """Fit the busyness of one series.

    Parameters
    ----------
    sample
        Its ordinary days.
    day_to_day
        Correlation of its day factors from one day to the next.
    confidence, seed, redrawn
        Of the intervals, and of the histories drawn for them, so many for each memory.

    Raises
    ------
    ValueError
        If no two days are alike.
    """
    law = sample.found()
    days, slots = sample.count.shape
    memories = sample.memories(law.interval_memory) if slots > 1 else (0.0,)
    misfit = sample.misfits(memories)
    chance_of_day, chance_of_slot = 1.0 / sample.mean.sum(axis=1).mean(), 1.0 / sample.mean.mean()
    # Where nothing is found there may be a little all the same: as much as could just be told from nothing.
    least_day = chance_of_day * np.sqrt(2.0 / days)
    least_slot = chance_of_slot * np.sqrt(2.0 / sample.count.size) if slots > 1 else 0.0
    impossible = _OF_MEMORY * (1.0 - confidence)
    inner = confidence + impossible
    rng = np.random.default_rng(seed)
    possible, of_days, of_intervals = [], [(law.day_cv, law.day_cv)], [(law.interval_cv, law.interval_cv)]
    for place, memory in enumerate(memories):
        found = sample.found(memory)
        drawn = BusynessLaw(
            day_cv=float(np.sqrt(max(found.day_cv**2, least_day))),
            interval_cv=float(np.sqrt(max(found.interval_cv**2, least_slot))),
            interval_memory=memory,
        )
        again = [sample.redrawn(drawn, day_to_day, rng) for _ in range(redrawn)]
        as_bad = sum(each.misfits(memories)[place] >= misfit[place] for each in again)
        possible.append(memory == law.interval_memory or (1 + as_bad) / (1 + redrawn) > impossible)
        if possible[-1]:
            anew = [each.found(memory) for each in again]
            day, interval = ([law.day_cv for law in anew], [law.interval_cv for law in anew])
            of_days.append(_between(found.day_cv, day, drawn.day_cv, chance_of_day, inner))
            of_intervals.append(_between(found.interval_cv, interval, drawn.interval_cv, chance_of_slot, inner))

    def hull(value: float, between: list[tuple[float, float]], number: int) -> Fitted:
        low, high = min(low for low, _ in between), max(high for _, high in between)
        return Fitted(value, low, min(high, largest_cv(number)), days, _METHOD, confidence)

    day_cv = hull(law.day_cv, of_days, days)
    if slots == 1:
        method = "counted by day: swings within a day are part of what days differ by"
        nothing = Fitted(0.0, 0.0, 0.0, 0, method, confidence)
        return FittedBusyness(day_cv, nothing, nothing)
    interval_memory = Fitted(law.interval_memory, *_around(memories, possible), days, _METHOD, confidence)
    return FittedBusyness(day_cv, hull(law.interval_cv, of_intervals, days * slots), interval_memory)


def _between(found: float, anew: list[float], truth: float, chance: float, confidence: float) -> tuple[float, float]:
    """An interval by the ratio of variances, that of chance included: it hardly depends on the busyness."""
    smallest, largest = middle((np.array(anew) ** 2 + chance) / (truth**2 + chance), confidence)
    low, high = (np.sqrt(max((found**2 + chance) / ratio - chance, 0.0)) for ratio in (largest, smallest))
    return float(low), float(high)


def _around(memories: tuple[float, ...], possible: list[bool]) -> tuple[float, float]:
    """From below the least possible memory to above the longest: the next ones tried that are not."""
    first, last = possible.index(True), len(possible) - 1 - possible[::-1].index(True)
    return memories[max(first - 1, 0)], memories[last + 1] if memories[last] < DAY else DAY


def middle(drawn: Floats, confidence: float) -> tuple[float, float]:
    """The two values between which the next one drawn would lie with this probability."""
    tail = 0.5 - confidence / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail], method="weibull").tolist()
    return low, high


def largest_cv(number: int) -> float:
    """No so many numbers vary by more; a trend from next to nothing would have it otherwise."""
    return float((number - 1) ** 0.5)


def says_nothing(memory: Fitted) -> bool:
    """Whether every memory is as likely as the one found: its interval spans all that is looked for."""
    return memory.low <= 0.0 and memory.high >= DAY


def _remembering(own: Floats, kept: float) -> Floats:
    """[row, place] Scores that keep a part of the one before."""
    score = own.copy()
    for place in range(1, score.shape[1] if kept else 0):
        score[:, place] = kept * score[:, place - 1] + np.sqrt(1.0 - kept * kept) * own[:, place]
    return score
