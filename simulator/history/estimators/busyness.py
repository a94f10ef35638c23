"""How much days, and swings within a day, differ beyond chance, and how surely a history shows it.

The figures are those that a scenario takes from a volume file ("from file": `simulator.demand.moments`). Their
intervals come from histories drawn anew with the figures found (parametric bootstrap: Efron and Tibshirani 1993,
chapter 6): the figures found in those differ from the ones they were drawn with as ours do from the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.moments import busyness_of_counts, likeness
from simulator.demand.quantiles import gamma_at_score
from simulator.history.estimators.estimate import Fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_DAY = 86_400.0
REDRAWN = 199
"""Histories drawn anew."""
_METHOD = "moments of counts, interval by histories drawn anew"


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

    def found(self) -> BusynessLaw:
        """What the counts show.

        Raises
        ------
        ValueError
            If no two days are alike.
        """
        return BusynessLaw(*busyness_of_counts(self.count, self.alike, self.interval, self.pieces, level=self.level))

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
        Of the intervals, and of the histories drawn for them, so many.

    Raises
    ------
    ValueError
        If no two days are alike.
    """
    law = sample.found()
    days, slots = sample.count.shape
    chance_of_day, chance_of_slot = 1.0 / sample.mean.sum(axis=1).mean(), 1.0 / sample.mean.mean()
    # Where nothing is found there may be a little all the same: as much as could just be told from nothing.
    least_day = chance_of_day * np.sqrt(2.0 / days)
    least_slot = chance_of_slot * np.sqrt(2.0 / sample.count.size) if slots > 1 else 0.0
    drawn = BusynessLaw(
        day_cv=float(np.sqrt(max(law.day_cv**2, least_day))),
        interval_cv=float(np.sqrt(max(law.interval_cv**2, least_slot))),
        interval_memory=law.interval_memory,
    )
    rng = np.random.default_rng(seed)
    again = [sample.redrawn(drawn, day_to_day, rng).found() for _ in range(redrawn)]

    def cv(found: float, redrawn: list[float], truth: float, chance: float) -> Fitted:
        """By the ratio of variances, that of chance included: it hardly depends on the busyness."""
        ratio = (np.array(redrawn) ** 2 + chance) / (truth**2 + chance)
        smallest, largest = middle(ratio, confidence)
        low, high = (np.sqrt(np.maximum((found**2 + chance) / r - chance, 0.0)) for r in (largest, smallest))
        return Fitted(found, float(low), float(high), days, _METHOD, confidence)

    day_cv = cv(law.day_cv, [each.day_cv for each in again], drawn.day_cv, chance_of_day)
    if slots == 1:
        method = "counted by day: swings within a day are part of what days differ by"
        nothing = Fitted(0.0, 0.0, 0.0, 0, method, confidence)
        return FittedBusyness(day_cv, nothing, nothing)
    return FittedBusyness(
        day_cv=day_cv,
        interval_cv=cv(law.interval_cv, [each.interval_cv for each in again], drawn.interval_cv, chance_of_slot),
        interval_memory=_memory(law.interval_memory, [each.interval_memory for each in again], sample, confidence),
    )


def middle(drawn: Floats, confidence: float) -> tuple[float, float]:
    """The two values between which the next one drawn would lie with this probability."""
    tail = 0.5 - confidence / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail], method="weibull").tolist()
    return low, high


def says_nothing(memory: Fitted) -> bool:
    """Whether every memory is as likely as the one found: its interval spans all that is looked for."""
    return memory.low <= 0.0 and memory.high >= _DAY


def _memory(found: float, again: list[float], sample: BusynessSample, confidence: float) -> Fitted:
    """By the ratio, or by what is found anew, whichever reaches farther: long memories are cut off at a day.

    Where a history may show no memory although there is one, the interval is open.
    """
    days, slot = len(sample.count), sample.interval * sample.pieces
    if found == 0.0:
        return Fitted(0.0, 0.0, _DAY, days, "no memory shown that could be told from none or from a day", confidence)
    seconds = np.array(again)
    if np.mean(seconds == 0.0) > 0.5 - confidence / 2.0:
        return Fitted(found, 0.0, _DAY, days, _METHOD, confidence)
    shortest, longest = middle(seconds[seconds > 0.0], confidence)
    low, high = min(shortest, found * found / longest), max(longest, found * found / shortest)
    return Fitted(found, 0.0 if low < slot else low, min(high, _DAY), days, _METHOD, confidence)


def _remembering(own: Floats, kept: float) -> Floats:
    """[row, place] Scores that keep a part of the one before."""
    score = own.copy()
    for place in range(1, score.shape[1] if kept else 0):
        score[:, place] = kept * score[:, place - 1] + np.sqrt(1.0 - kept * kept) * own[:, place]
    return score
