"""Whether busy days go together: the correlation of day factors from one day to the next, and over series.

The day factors of one date have the correlation c over any two series, and a series' own have the correlation rho from
a day to the next, about rho^n over n days, as the scenario has them. What the fit of the levels leaves of a day is not
its factor: the levels have been fitted to the same days, which takes some of what days have in common, the more the
slower they change. So rho is the number under which the products of neighbouring days that are left would be expected
as they are, with the fit's own projection taken into account; the variance of days and c accordingly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.busyness import loading
from simulator.demand.quantiles import gamma_at_score
from simulator.history.estimators.busyness import middle
from simulator.history.estimators.estimate import Fitted, nominal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.estimators.day_levels import DayLevels

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_TRIED = np.concatenate((np.arange(-30, 45) * 0.02, np.arange(90, 98) * 0.01))
"""Correlations from day to day. Days that are still more alike cannot be told from a trend."""
_REDRAWN = 400
"""Histories that are drawn anew."""
_LIMIT = 0.99
"""Correlations are taken to be no closer to 1 than this."""
_LOOKS_ABOVE = 3
"""Times that histories are drawn with the highest correlation that is not yet ruled out."""
_METHOD = "moments of days' totals, interval by histories drawn anew"


@dataclass(frozen=True, slots=True)
class DayFactors:
    """How the day factors of a history's series go together."""

    day_to_day: Fitted
    correlation: Fitted | None
    """Over series; None: there are not two whose days differ beyond chance."""
    correlations: Floats
    """[series, series] By pairs, as the counts show them; nan where the days of a series do not differ."""
    busyness: tuple[Floats, ...]
    """[series] Covariance of the busyness of its ordinary days, [day, day]."""


def fit_day_factors(
    series: Sequence[DayLevels], share_of_day: Sequence[float], *, confidence: float = 0.95, seed: int = 0
) -> DayFactors:
    """Fit what the days of several series have in common.

    Parameters
    ----------
    series
        Levels of each.
    share_of_day
        [series] Part of the variance of its days beyond chance that is the day factor's; the rest comes from swings
        within the day, which neither other days nor other series share.
    confidence, seed
        Of the intervals, and of the histories drawn for them.
    """
    days = np.unique(np.concatenate([each.ordinal for each in series]))
    varying = [k for k, each in enumerate(series) if each.varies and share_of_day[k] > 0.0]
    correlations = np.full((len(series),) * 2, np.nan)
    busyness = [each.kappa * np.eye(each.days) for each in series]
    if not varying:
        nothing = Fitted(0.0, 0.0, 1.0, len(days), "days do not differ beyond chance", confidence)
        return DayFactors(nothing, None, correlations, tuple(busyness))

    moments = _Moments([series[k] for k in varying], np.array([share_of_day[k] for k in varying]), days)
    left = np.zeros((1, len(varying), len(days)))
    for row, k in enumerate(varying):
        left[0, row, np.searchsorted(days, series[k].ordinal)] = series[k].left
    rho, kappa, pairs = (found[0] for found in moments.solve(left))
    common = moments.over_series(pairs[np.newaxis])[0]
    correlations[np.ix_(varying, varying)] = np.clip(pairs, -1.0, 1.0)

    rng = np.random.default_rng(seed)
    rho_again, _, pairs_again = moments.solve(moments.draw(float(rho), kappa, float(common), rng))
    rho_drawn, common_drawn = (float(np.clip(value, 0.0, _TRIED[-1])) for value in (rho, common))
    day_to_day = _correlation(float(rho), rho_again, rho_drawn, len(days), confidence)
    # The more alike days are, the further they may seem from it: what lies above is asked of histories drawn there.
    for _ in range(_LOOKS_ABOVE):
        above = float(min(day_to_day.high, _TRIED[-1]))
        seen = moments.solve(moments.draw(above, kappa, float(common), rng))[0]
        high = _correlation(float(rho), seen, above, len(days), confidence).high
        day_to_day = replace(day_to_day, high=max(day_to_day.high, high))
    correlation = None
    if len(varying) > 1:
        again = moments.over_series(pairs_again)
        correlation = _correlation(float(common), again, common_drawn, len(days), confidence)
    for row, k in enumerate(varying):
        share, number = share_of_day[k], series[k].days
        together = share * day_correlation(series[k].ordinal, float(rho)) + (1.0 - share) * np.eye(number)
        busyness[k] = kappa[row] * together
    return DayFactors(
        day_to_day=day_to_day,
        correlation=correlation,
        correlations=correlations,
        busyness=tuple(busyness),
    )


def day_correlation(ordinal: Ints, day_to_day: float) -> Floats:
    """[day, day] Correlation of the factors of days."""
    apart = np.abs(ordinal[:, None] - ordinal).astype(np.float64)
    together: Floats = max(day_to_day, 0.0) ** apart
    return together


@dataclass(frozen=True, slots=True)
class _Fit:
    """What the fit of a series' levels leaves of what its days were: P u = (there - design @ influence) u."""

    there: Floats
    """[day] 1 on the days that the series has, 0 on those of others."""
    design: Floats
    """[day, coefficient]"""
    influence: Floats
    """[coefficient, day]"""

    @classmethod
    def of(cls, levels: DayLevels, days: Ints) -> _Fit:
        """Among the days of all series."""
        place, number = np.searchsorted(days, levels.ordinal), len(levels.coefficient)
        there, design, influence = np.zeros(len(days)), np.zeros((len(days), number)), np.zeros((number, len(days)))
        there[place], design[place], influence[:, place] = 1.0, levels.design, levels.influence
        return cls(there, design, influence)

    def left_of(self, u: Floats) -> Floats:
        """[history, day] P u."""
        left: Floats = u * self.there - (u @ self.influence.T) @ self.design.T
        return left

    def form(self, products: Floats, other: _Fit) -> Floats:
        """[day, day] P' A P of two series, without products of whole squares: there are few coefficients."""
        right = products * other.there - (products @ other.design) @ other.influence
        form: Floats = self.there[:, None] * right - self.influence.T @ (self.design.T @ right)
        return form


class _Moments:
    """Products of what is left of days, and what is expected of them."""

    def __init__(self, series: Sequence[DayLevels], share_of_day: Floats, days: Ints) -> None:
        self.days, self.share = days, share_of_day
        lag = np.abs(days[:, None] - days)
        self._neighbours = (lag == 1).astype(np.float64)
        self._chance = np.zeros((len(series), len(days)))
        """[series, day] Variance by chance; 0 on days that a series has not."""
        self._fits = [_Fit.of(each, days) for each in series]
        for each, chance in zip(series, self._chance, strict=True):
            chance[np.searchsorted(days, each.ordinal)] = 1.0 / each.expected
        # A sum of products of what is left, e' A e, is expected to be the sum of (P' A P) times the covariance, with P
        # what the fits leave of u. It depends on the days between alone: so many coefficients of rho^0, rho^1 ...
        own = np.eye(len(days))
        squares = [fit.form(own, fit) for fit in self._fits]
        products = [fit.form(self._neighbours, fit) for fit in self._fits]
        self._squares = np.array([np.bincount(lag.ravel(), form.ravel()) for form in squares])
        self._products = np.array([np.bincount(lag.ravel(), form.ravel()) for form in products])
        self._of_chance = np.array(
            [
                [(np.diag(form) * chance).sum() for form in forms]
                for chance, *forms in zip(self._chance, squares, products, strict=True)
            ]
        )
        self._cross = np.array(
            [[np.bincount(lag.ravel(), one.form(own, other).ravel()) for other in self._fits] for one in self._fits]
        )
        self._powers = _TRIED[:, None] ** np.arange(self._squares.shape[1])
        kappa = np.array([each.kappa for each in series])
        spread = (kappa + np.array([np.mean(1.0 / each.expected) for each in series])) ** 2
        self._weight = share_of_day * kappa / spread
        """[series] How much a series says: what there is to see over its error."""
        self._pair_weight = np.sqrt(np.outer(share_of_day * kappa, share_of_day * kappa))
        self._pair_weight *= self._pair_weight / np.sqrt(np.outer(spread, spread))

    def solve(self, left: Floats) -> tuple[Floats, Floats, Floats]:
        """Correlation from day to day, variance of days [series], and correlations of pairs [series, series].

        For what is left, [history, series, day]; all have [history] first.
        """
        square = (left**2).sum(axis=2) - self._of_chance[:, 0]
        product = np.einsum("hsd,hsd->hs", left @ self._neighbours, left) - self._of_chance[:, 1]
        # [series, tried] What a variance of 1 would make one expect.
        own, day = (1.0 - self.share)[:, None], self.share[:, None]
        squares = own * self._squares[:, :1] + day * (self._squares @ self._powers.T)
        products = own * self._products[:, :1] + day * (self._products @ self._powers.T)
        surplus = np.einsum("s,hs->h", self._weight, product)[:, None] - np.einsum(
            "s,hs,st->ht", self._weight, np.maximum(square, 0.0), products / squares
        )
        rho = _first_root(surplus)
        powers = rho[:, None] ** np.arange(self._squares.shape[1])
        kappa = np.maximum(square, 0.0) / (own[:, 0] * self._squares[:, 0] + day[:, 0] * (powers @ self._squares.T))
        together = np.einsum("had,hbd->hab", left, left)
        factor = np.sqrt(np.maximum(self.share * kappa, 1e-12))
        expected = np.einsum("hl,abl->hab", powers, self._cross) * factor[:, :, None] * factor[:, None, :]
        pairs = together / expected
        pairs[:, np.arange(len(self.share)), np.arange(len(self.share))] = 1.0
        return rho, kappa, pairs

    def over_series(self, pairs: Floats) -> Floats:
        """[history] One correlation for all pairs."""
        upper = np.triu_indices(len(self.share), 1)
        weight = self._pair_weight[upper]
        if not len(weight):
            return np.zeros(len(pairs))
        mean: Floats = (np.clip(pairs[:, upper[0], upper[1]], -1.0, 2.0) * weight).sum(axis=1) / weight.sum()
        return mean

    def draw(self, rho: float, kappa: Floats, common: float, rng: np.random.Generator) -> Floats:
        """[history, series, day] What would be left of histories with these correlations."""
        rho, common = float(np.clip(rho, 0.0, _TRIED[-1])), float(np.clip(common, 0.0, _TRIED[-1]))
        place = self.days - self.days[0]
        own = rng.standard_normal((_REDRAWN, len(self.share), int(place[-1]) + 1))
        shared = rng.standard_normal((_REDRAWN, int(place[-1]) + 1))
        left = np.empty((_REDRAWN, len(self.share), len(self.days)))
        for s, share in enumerate(self.share.tolist()):
            cv = float(np.sqrt(max(share * kappa[s], 1e-8)))
            of_all, kept = loading(cv, common), loading(cv, rho) ** 2
            score = of_all * shared + np.sqrt(1.0 - of_all**2) * own[:, s]
            for day in range(1, score.shape[1]):
                score[:, day] = kept * score[:, day - 1] + np.sqrt(1.0 - kept**2) * score[:, day]
            noise = np.sqrt(self._chance[s] + (1.0 - share) * kappa[s])
            factor = gamma_at_score(cv, score[:, place])
            left[:, s] = self._fits[s].left_of(factor - 1.0 + noise * rng.standard_normal(factor.shape))
        return left


def _first_root(surplus: Floats) -> Floats:
    """[history] Where the surplus, [history, tried], first falls to 0, in a straight line between two tried.

    Where it does not, where it is smallest.
    """
    below = surplus <= 0.0
    first = np.where(below.any(axis=1), below.argmax(axis=1), surplus.argmin(axis=1))
    before = np.maximum(first - 1, 0)
    rows = np.arange(len(surplus))
    start, end = surplus[rows, before], surplus[rows, first]
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.where((start > 0.0) & (end <= 0.0), start / (start - end), 1.0)
    root: Floats = _TRIED[before] + along * (_TRIED[first] - _TRIED[before])
    return root


def _correlation(found: float, again: Floats, drawn: float, days: int, confidence: float) -> Fitted:
    """A correlation from 0 to 1, with the interval that its errors leave in histories drawn with nearly the same.

    Errors are those of Fisher's z, which hardly depend on the correlation.
    """
    z, z_drawn = (np.arctanh(np.clip(value, -_LIMIT, _LIMIT)) for value in (found, drawn))
    error = np.arctanh(np.clip(again, -_LIMIT, _LIMIT)) - z_drawn
    smallest, largest = middle(error, nominal(confidence))
    low, value, high = np.clip(np.tanh([z - largest, z, z - smallest]), 0.0, 1.0).tolist()
    return Fitted(value, low, 1.0 if high >= _LIMIT else high, days, _METHOD, confidence)
