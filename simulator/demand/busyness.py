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

Day scores go on from day to day in the same way, the common ones and the own ones: what they keep is chosen so that a
channel's day factors have the correlation asked for from one day to the next. They start anew with the horizon.

On top of busyness comes the error of the forecast (`simulator.demand.forecast`), one for all channels and days.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.forecast import forecast_factors
from simulator.demand.moments import busyness_of_history
from simulator.demand.quantiles import exp, gamma_at_score, log_gamma_table
from simulator.scenario.model import HistoryDemand
from simulator.streams import encoded, starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Channel, Scenario, Uncertainty

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

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
    day_kept: tuple[float, ...]
    """[channel] Part of a day score that the next day keeps, from 0 to 1."""
    uncertainty: Uncertainty
    day_streams: tuple[bytes, ...]
    """Names of the common day scores' streams, one a date, then those of each channel that has a day factor."""
    interval_streams: tuple[bytes, ...]
    """Those of the interval scores, one a date, of each channel that has an interval factor."""

    @classmethod
    def of(cls, scenario: Scenario) -> BusynessModel:
        """Busyness as the scenario gives it or as its volume files show it."""
        calendar = scenario.calendar
        found = [busyness_of_channel(channel, calendar.interval) for channel in scenario.channels]
        day_cv, interval_cv, interval_memory = zip(*found, strict=True) if found else ((), (), ())
        channels = tuple(channel.name for channel in scenario.channels)
        with_day_factor = [name for name, cv in zip(channels, day_cv, strict=True) if cv]
        with_interval_factor = [name for name, cv in zip(channels, interval_cv, strict=True) if cv]
        dates = [day.isoformat() for day in calendar.date_of_day]
        common = [encoded("day factor", date) for date in dates] if with_day_factor else []
        own = [encoded("day factor", name, date) for name in with_day_factor for date in dates]
        return cls(
            channels=channels,
            calendar=calendar,
            day_cv=day_cv,
            interval_cv=interval_cv,
            interval_memory=interval_memory,
            loading=tuple(loading(cv, scenario.correlation) for cv in day_cv),
            # Scores of which a part r is common have factors correlated as those of scores of correlation r.
            day_kept=tuple(loading(cv, scenario.day_to_day) ** 2 for cv in day_cv),
            uncertainty=scenario.uncertainty,
            day_streams=(*common, *own),
            interval_streams=tuple(
                encoded("interval factor", name, date) for name in with_interval_factor for date in dates
            ),
        )

    def correlation(self) -> Floats:
        """[channel, channel] Correlation of the day factors of any two channels; nan where one never varies.

        With memory from day to day this is the first day's; later ones differ in the fifth digit where cvs do.
        """
        pairs = zip(self.day_cv, self.loading, strict=True)
        series = [(cv, _hermite_coefficients(cv) * weight ** np.arange(1, _TERMS + 1)) for cv, weight in pairs if cv]
        of_varying = np.array([[one @ other / (cv * own) for own, other in series] for cv, one in series])
        varying = np.flatnonzero(self.day_cv)
        matrix = np.full((len(self.channels),) * 2, np.nan)
        matrix[np.ix_(varying, varying)] = of_varying.reshape(len(varying), len(varying))
        matrix[varying, varying] = 1.0
        return matrix

    def draw(self, seed: int, replication: int) -> Floats:
        """[channel, interval] Day factor times interval factor, times the error of the forecast where it is drawn."""
        from simulator.demand import compiled  # Numba is loaded only where something is drawn

        calendar = self.calendar
        day, length = calendar.day_of_interval, np.bincount(calendar.day_of_interval)
        factors = np.ones((len(self.channels), calendar.intervals))

        def scores(streams: tuple[bytes, ...], numbers: Ints) -> Floats:
            """[score] Standard normal numbers, so many of each stream."""
            return _scores(seed, replication, streams, numbers)

        one_each = np.ones(len(self.day_streams), dtype=np.int64)
        common_and_own = scores(self.day_streams, one_each).reshape(-1, calendar.days)
        for c, own in zip(np.flatnonzero(self.day_cv), common_and_own[1:], strict=True):
            score = self.loading[c] * common_and_own[0] + np.sqrt(1.0 - self.loading[c] ** 2) * own
            if self.day_kept[c]:
                score = _with_memory(score, np.arange(calendar.days), self.day_kept[c])
            factors[c] *= compiled.gamma_at_score(log_gamma_table(self.day_cv[c]), score)[day]

        varying = np.flatnonzero(self.interval_cv)
        own_scores = scores(self.interval_streams, np.tile(length, len(varying)))
        for c, score in zip(varying, own_scores.reshape(-1, calendar.intervals), strict=True):
            if self.interval_memory[c]:
                kept = float(exp(np.array(-calendar.interval / self.interval_memory[c])))
                place_in_day = np.arange(calendar.intervals) - (np.cumsum(length) - length)[day]
                score = _with_memory(score, place_in_day, kept)
            factors[c] *= compiled.gamma_at_score(log_gamma_table(self.interval_cv[c]), score)
        if self.uncertainty.forecast_cv and self.uncertainty.band == "drawn":
            factors *= forecast_factors(self.uncertainty, calendar.days, forecast_score(seed, replication))[day]
        return factors


def forecast_score(seed: int, replication: int) -> float:
    """The normal score of the error of the forecast, where it is drawn."""
    return float(_scores(seed, replication, (encoded("forecast error"),), np.ones(1, dtype=np.int64))[0])


def _scores(seed: int, replication: int, streams: tuple[bytes, ...], numbers: Ints) -> Floats:
    """[score] Standard normal numbers, so many of each stream."""
    from simulator.demand import compiled  # Numba is loaded only where something is drawn

    return compiled.normal_score(compiled.read_numbers(starts(seed, replication, streams), numbers))


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
    from scipy.optimize import brentq  # slow to import, and most correlations are none

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


def _with_memory(own: Floats, place_in_day: Ints, kept: float) -> Floats:
    """[interval] Scores that keep a part of the one before them on their date.

    score[i] = sum_j kept^j start[i - j] is summed up by doubling: after each turn, a score has twice as many terms.
    """
    score = np.where(place_in_day > 0, np.sqrt(1.0 - kept * kept), 1.0) * own
    terms = 1
    while terms <= place_in_day.max():
        score[terms:] += np.where(place_in_day[terms:] >= terms, kept, 0.0) * score[:-terms]
        terms, kept = 2 * terms, kept * kept
    return score
