"""How many calls a day brings, as other days let expect: its weekday, the level of the days near it, and how sure.

The logarithm of a day's calls is the effect of its weekday, a level that days have in common the more the nearer they
are, and what is the day's own:

    y_d = a_weekday + u_d + e_d,    cov(u_c, u_d) = l s^2 exp(-|c - d| / t),    var(e_d) = (1 - l) s^2

The best linear unbiased prediction of a day (Robinson 1991, That BLUP is a good thing, Statistical Science 6; universal
kriging in the words of geostatistics) is as sure as the days near it make it: recent weeks count more the more levels
are seen to last, and a day far from all known ones has the mean of its weekday. How long levels last (t) and what share
of the variance they have (l) is hardly known from a month, so that all on a grid are taken, each with its restricted
likelihood as its weight; s^2 is the best for each (Harville 1977, Journal of the American Statistical Association 72).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_LASTING = (7.0, 28.0, 112.0, 448.0)
"""Days, t: from a week to as good as a level that wanders without coming back."""
_SHARES = (0.0, 0.15, 0.3, 0.45, 0.6)
"""Of the variance, l: days that have more in common than that are too few to be told from a spell that is over."""
_MOST_DAYS = 366
"""The last ones. Work grows with the third power of the days, and a level of more than a year ago tells nothing."""
_FAR_OFF = 4.5
"""Standard deviations, by the median of what days are off, at which a day counts that is further off: one on which
telephones were down for most of it says little of others."""
_LEAST_VARIANCE = 1e-12
"""So that days that are all alike have a likelihood."""
_WEEK = 7


class DayTotal(NamedTuple):
    """How many calls are expected on a day: a lognormal mean, of which a Poisson number comes."""

    log_mean: float
    """Of the logarithm; minus infinity: none, on a weekday of which no day is known."""
    log_sd: float
    """Standard deviation of it: what the day has of its own beyond chance, and how little of its level is known."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """The model with one t and one l."""

    lasting: float
    share: float
    effect: Floats
    """[weekday]"""
    inverse: Floats
    """[day, day] Of the covariance, in units of s^2."""
    weighted: Floats
    """[day] Inverse times what the effects leave of the days."""
    variance: float
    """s^2."""
    effect_cov: Floats
    """[weekday, weekday] In units of s^2."""
    likelihood: float
    """Its logarithm, restricted, but for a constant."""


@dataclass(frozen=True, slots=True)
class DayTotals:
    """Known days, ready to tell others."""

    ordinal: Ints
    """[day]"""
    weekdays: Ints
    """[weekday] Those that are known, rising; Monday is 0."""
    chance: float
    """Mean of 1 / calls: variance of the logarithm that comes of the chance of single calls."""
    fits: tuple[_Fit, ...]
    weight: Floats
    """[fit] They add up to 1."""

    def on(self, day: int) -> DayTotal:
        """What a day lets expect, be it before, between or after the known ones."""
        row = (self.weekdays == (day - 1) % _WEEK).astype(np.float64)
        if not row.any():
            return DayTotal(-np.inf, 0.0)
        of_day = (self.weekdays == ((self.ordinal - 1) % _WEEK)[:, np.newaxis]).astype(np.float64)
        away = np.abs(self.ordinal - day)
        mean, variance = np.empty(len(self.fits)), np.empty(len(self.fits))
        for k, fit in enumerate(self.fits):
            near = fit.share * np.exp(-away / fit.lasting)
            told = fit.inverse @ near
            untold = row - told @ of_day
            mean[k] = row @ fit.effect + near @ fit.weighted
            variance[k] = fit.variance * (1.0 - near @ told + untold @ fit.effect_cov @ untold)
        # As Student's t varies more than the normal: f / (f - 2), which is 1 + 2 / f but for 1 / f^2.
        variance *= 1.0 + 2.0 / max(len(self.ordinal) - len(self.weekdays), 1)
        middle = float(self.weight @ mean)
        spread = float(self.weight @ (variance + (mean - middle) ** 2))
        # E log N is log m - 1 / 2m, and var log N is 1 / m, of a Poisson number N with the mean m, but for 1 / m^2.
        return DayTotal(middle + 0.5 * self.chance, float(np.sqrt(max(spread - self.chance, 0.0))))


def fit_day_totals(ordinal: Ints, calls: Floats) -> DayTotals:
    """Learn from some days.

    Parameters
    ----------
    ordinal
        [day] Of the dates, rising.
    calls
        [day] 1 or more.

    Notes
    -----
    If no weekday has two days, nothing says how days differ, and a day is taken to be as its weekday was.
    """
    ordinal, calls = ordinal[-_MOST_DAYS:], calls[-_MOST_DAYS:]
    weekdays = np.unique((ordinal - 1) % _WEEK)
    of_day = (weekdays == ((ordinal - 1) % _WEEK)[:, np.newaxis]).astype(np.float64)
    log = _within_reach(np.log(calls), of_day)
    # Without any freedom there is no likelihood either: all models tell the same.
    tried = [(t, share) for share in _SHARES for t in _LASTING] if len(log) > len(weekdays) else [(_LASTING[0], 0.0)]
    fits = tuple(_fitted(ordinal, log, of_day, t, share) for t, share in tried)
    likelihood = np.array([fit.likelihood for fit in fits])
    weight = np.exp(likelihood - likelihood.max())
    return DayTotals(ordinal, weekdays, float(np.mean(np.exp(-log))), fits, weight / weight.sum())


def _within_reach(log: Floats, of_day: Floats) -> Floats:
    """[day] Days that are far off from the median of their weekday, as far off as a day may be."""
    median = np.array([np.median(log[rows]) for rows in of_day.T.astype(np.bool_)])
    usual = of_day @ median
    reach = _FAR_OFF * 1.4826 * float(np.median(np.abs(log - usual)))
    return np.clip(log, usual - reach, usual + reach) if reach > 0.0 else log


def _fitted(ordinal: Ints, log: Floats, of_day: Floats, lasting: float, share: float) -> _Fit:
    """Generalized least squares."""
    away = np.abs(ordinal[:, np.newaxis] - ordinal)
    covariance = share * np.exp(-away / lasting) + (1.0 - share) * np.eye(len(log))
    inverse = np.linalg.inv(covariance)
    information = of_day.T @ inverse @ of_day
    effect_cov = np.linalg.inv(information).astype(np.float64)
    effect = effect_cov @ (of_day.T @ inverse @ log)
    left = log - of_day @ effect
    weighted = inverse @ left
    freedom = len(log) - of_day.shape[1]
    variance = max(float(left @ weighted) / freedom, _LEAST_VARIANCE) if freedom else 0.0
    determinants = np.linalg.slogdet(covariance).logabsdet + np.linalg.slogdet(information).logabsdet
    likelihood = -0.5 * (freedom * np.log(variance) + determinants) if freedom else 0.0
    return _Fit(
        lasting=lasting,
        share=share,
        effect=effect,
        inverse=inverse,
        weighted=weighted,
        variance=variance,
        effect_cov=effect_cov,
        likelihood=float(likelihood),
    )
