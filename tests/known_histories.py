"""Histories drawn from known laws, with numpy and scipy alone, for what is fitted to be compared with the truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from simulator.history.estimators.counts import Counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

START = date(2025, 1, 6)
"""A Monday."""
WEEK = np.array([0.24, 0.20, 0.19, 0.18, 0.16, 0.03, 0.0])
"""Shares of weekdays: closed on Sundays."""


def hill(slots: int) -> Floats:
    """A day with a busy noon."""
    shape = np.sin(np.linspace(0.2, 3.0, slots)) + 0.3
    share: Floats = shape / shape.sum()
    return share


@dataclass(frozen=True)
class KnownHistory:
    """The laws."""

    weeks: int = 13
    per_week: float = 6000.0
    slots: int = 8
    step: int = 3600
    day_cv: float = 0.0
    interval_cv: float = 0.0
    memory: float = 0.0
    day_to_day: float = 0.0
    """Part of a normal score that the next day keeps: nearly the correlation of the factors."""
    common: float = 0.0
    """Part of normal scores that two series have in common: nearly the correlation of the factors."""
    trend: float = 0.0
    holidays: tuple[int, ...] = ()
    holiday_factor: float = 1.0
    series: int = 1

    def draw(self, rng: np.random.Generator) -> Counts:
        """One history."""
        days = 7 * self.weeks
        weeks = (np.arange(days) - (days - 1) / 2.0) / 7.0
        level = self.per_week * WEEK[np.arange(days) % 7] * (1.0 + self.trend) ** weeks
        level[list(self.holidays)] *= self.holiday_factor
        shared = remembering(rng.standard_normal((1, days)), self.day_to_day)[0]
        count = np.empty((self.series, days, self.slots))
        for s in range(self.series):
            own = remembering(rng.standard_normal((1, days)), self.day_to_day)[0]
            day = gamma(self.day_cv, np.sqrt(self.common) * shared + np.sqrt(1.0 - self.common) * own)
            kept = np.exp(-self.step / self.memory) if self.memory else 0.0
            swing = gamma(self.interval_cv, remembering(rng.standard_normal((days, self.slots)), kept))
            count[s] = rng.poisson((level * day)[:, None] * hill(self.slots) * swing)
        open_ = count.any(axis=(0, 2))
        dates = tuple(START + timedelta(days=d) for d in np.flatnonzero(open_).tolist())
        clock = 8 * 3600 + self.step * np.arange(self.slots)
        return Counts(tuple(f"series {s}" for s in range(self.series)), dates, self.step, clock, count[:, open_])


def remembering(own: Floats, kept: float) -> Floats:
    """[row, place] Standard normal scores that keep a part of the one before."""
    score = own.copy()
    for place in range(1, own.shape[1]):
        score[:, place] = kept * score[:, place - 1] + np.sqrt(1.0 - kept**2) * own[:, place]
    return score


def gamma(cv: float, score: Floats) -> Floats:
    """Gamma factors of mean 1 at normal scores."""
    if cv == 0.0:
        return np.ones_like(score)
    factor: Floats = stats.gamma.ppf(stats.norm.cdf(score), 1.0 / cv**2, scale=cv**2)
    return factor
