"""Days and intervals that are busier than expected: random factors of mean 1 on a channel's volume.

Given its day factor D and its interval factor G, the count of an interval with m expected contacts is Poisson with
mean m D G. Both factors are gamma distributed and shared by all topics of a channel. The day factors of two channels
on one date go together: each is the gamma quantile of a standard normal score

    score = loading * common + sqrt(1 - loading^2) * own

with one common score per date and an own one per channel and date (a Gaussian copula with one factor). An added
channel therefore leaves the factors of the others as they were.

Real swings within a day last for hours. The score of an interval therefore keeps a part of the one before it on its
date, and each date starts anew (a first-order autoregression):

    score[i] = phi * score[i - 1] + sqrt(1 - phi^2) * own[i]        phi = exp(-interval / memory)

Each factor by itself is distributed as without memory. Memory 0 makes the interval factors independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from simulator.demand.moments import busyness_of_history
from simulator.demand.quantiles import exp, gamma_at_score, normal_score
from simulator.scenario.model import HistoryDemand
from simulator.streams import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Channel, Scenario

    Floats = NDArray[np.float64]

_TERMS = 40
"""Hermite terms of a gamma quantile: those left out are below 1e-8 of its variance for cv up to 1."""


@dataclass(frozen=True, slots=True)
class BusynessModel:
    """The busyness of a scenario's channels, ready to be drawn."""

    channels: tuple[str, ...]
    """Names."""
    calendar: Calendar
    day_cv: tuple[float, ...]
    """[channel] Coefficient of variation of the day factor."""
    interval_cv: tuple[float, ...]
    """[channel] Coefficient of variation of the interval factor."""
    interval_memory: tuple[float, ...]
    """[channel] Seconds after which the correlation of interval scores has fallen to 1 / e."""
    loading: tuple[float, ...]
    """[channel] Weight of the common score, from 0 to 1."""

    @classmethod
    def of(cls, scenario: Scenario) -> BusynessModel:
        """Busyness as the scenario gives it or as its volume files show it."""
        calendar = scenario.calendar
        found = [busyness_of_channel(channel, calendar.interval) for channel in scenario.channels]
        day_cv, interval_cv, interval_memory = zip(*found, strict=True) if found else ((), (), ())
        return cls(
            channels=tuple(channel.name for channel in scenario.channels),
            calendar=calendar,
            day_cv=day_cv,
            interval_cv=interval_cv,
            interval_memory=interval_memory,
            loading=tuple(loading(cv, scenario.correlation) for cv in day_cv),
        )

    def correlation(self) -> Floats:
        """[channel, channel] Correlation of the day factors of any two channels; nan where one never varies."""
        pairs = zip(self.day_cv, self.loading, strict=True)
        series = [(cv, _hermite_coefficients(cv) * weight ** np.arange(1, _TERMS + 1)) for cv, weight in pairs if cv]
        of_varying = np.array([[one @ other / (cv * own) for own, other in series] for cv, one in series])
        varying = np.flatnonzero(self.day_cv)
        matrix = np.full((len(self.channels),) * 2, np.nan)
        matrix[np.ix_(varying, varying)] = of_varying.reshape(len(varying), len(varying))
        matrix[varying, varying] = 1.0
        return matrix

    def draw(self, seed: int, replication: int) -> Floats:
        """[channel, interval] Day factor times interval factor."""
        calendar = self.calendar
        first = np.searchsorted(calendar.day_of_interval, np.arange(calendar.days + 1))
        place_in_day = np.arange(calendar.intervals) - first[calendar.day_of_interval]
        dates = [day.isoformat() for day in calendar.date_of_day]
        factors = np.ones((len(self.channels), calendar.intervals))
        common = self._scores(seed, replication, dates, "day factor")
        for c, name in enumerate(self.channels):
            if self.day_cv[c]:
                own = self._scores(seed, replication, dates, "day factor", name)
                score = self.loading[c] * common + np.sqrt(1.0 - self.loading[c] ** 2) * own
                factors[c] *= gamma_at_score(self.day_cv[c], score)[calendar.day_of_interval]
            if self.interval_cv[c]:
                luck = np.concatenate(
                    [
                        stream(seed, replication, "interval factor", name, date).random(length)
                        for date, length in zip(dates, np.diff(first), strict=True)
                    ]
                )
                score = normal_score(luck)
                if self.interval_memory[c]:
                    kept = float(exp(np.array(-calendar.interval / self.interval_memory[c])))
                    score = _with_memory(score, place_in_day, kept)
                factors[c] *= gamma_at_score(self.interval_cv[c], score)
        return factors

    @staticmethod
    def _scores(seed: int, replication: int, dates: list[str], *name: str) -> Floats:
        """[day] One standard normal number for each date."""
        return normal_score(np.array([stream(seed, replication, *name, date).random() for date in dates]))


def busyness_of_channel(channel: Channel, interval: float) -> tuple[float, float, float]:
    """Cv of the day factor, cv of the interval factor and its memory in seconds, from the volume file where not given.

    Raises
    ------
    ValueError
        If one is not given and there is no volume file to show it.
    """
    given = channel.busyness
    # Factors that do not vary have nothing to remember.
    memory = 0.0 if given.interval_cv == 0.0 else given.interval_memory
    if given.day_cv is not None and given.interval_cv is not None and memory is not None:
        return given.day_cv, given.interval_cv, memory
    if not isinstance(channel.demand, HistoryDemand):
        missing = (
            "day_cv" if given.day_cv is None else "interval_cv" if given.interval_cv is None else "interval_memory"
        )
        msg = f"Channel {channel.name} has no volume file to show its busyness; give {missing}, 0 for none."
        raise ValueError(msg)
    day_cv, interval_cv, shown_memory = busyness_of_history(channel.demand, interval, memory)
    return (
        day_cv if given.day_cv is None else given.day_cv,
        interval_cv if given.interval_cv is None else given.interval_cv,
        shown_memory if memory is None else memory,
    )


def loading(cv: float, correlation: float) -> float:
    """Weight of the common score that gives two channels of this day cv exactly this correlation of day factors.

    Parameters
    ----------
    cv
        Of the gamma factors.
    correlation
        From 0 to 1.

    Raises
    ------
    ValueError
        If the correlation is not within 0 to 1.
    """
    if not 0.0 <= correlation <= 1.0:
        msg = f"A correlation of {correlation} is not possible here; allowed are 0 to 1."
        raise ValueError(msg)
    if cv == 0.0 or correlation in (0.0, 1.0):
        return float(np.sqrt(correlation))
    # Scores of correlation r make factors of correlation sum_n c_n^2 r^n / cv^2 (Mehler's formula).
    squares = _hermite_coefficients(cv) ** 2 / cv**2

    def surplus(r: float) -> float:
        return float(squares @ r ** np.arange(1, _TERMS + 1)) - correlation

    return float(np.sqrt(brentq(surplus, 0.0, 1.0, xtol=1e-15))) if surplus(1.0) > 0.0 else 1.0


@lru_cache(maxsize=256)
def _hermite_coefficients(cv: float) -> Floats:
    """[term] Coefficients 1, 2 ... of the gamma quantile as a function of the normal score, in Hermite polynomials.

    The polynomials are those of unit variance, so the squares add up to the variance. The trapezoid rule is as good
    as exact here: the integrand is smooth and vanishes at both ends.
    """
    score = np.arange(-8.5, 8.5, 1.0 / 64)
    weight = np.exp(-0.5 * score**2) / np.sqrt(2.0 * np.pi) / 64
    weighted = weight * gamma_at_score(cv, score)
    before, polynomial = np.zeros_like(score), np.ones_like(score)
    coefficients = np.empty(_TERMS)
    for term in range(_TERMS):
        before, polynomial = polynomial, (score * polynomial - np.sqrt(term) * before) / np.sqrt(term + 1)
        coefficients[term] = weighted @ polynomial
    return coefficients


def _with_memory(own: Floats, place_in_day: NDArray[np.int64], kept: float) -> Floats:
    """[interval] Scores that keep a part of the one before them on their date.

    score[i] = sum_j kept^j start[i - j] is summed up by doubling: after each turn, a score has twice as many terms.
    Multiplying and adding whole columns gives the same bytes everywhere, which a compiled loop need not do.
    """
    score = np.where(place_in_day > 0, np.sqrt(1.0 - kept * kept), 1.0) * own
    terms = 1
    while terms <= place_in_day.max():
        score[terms:] += np.where(place_in_day[terms:] >= terms, kept, 0.0) * score[:-terms]
        terms, kept = 2 * terms, kept * kept
    return score
