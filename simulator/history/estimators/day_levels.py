"""What days are expected to bring: a level for each weekday, a trend, and what is left of each day.

The total of day d is N_d = m_d (1 + u_d) with log m_d = level of the weekday + trend * weeks from mid-history. What is
left, u_d, is chance of single contacts, of variance 1 / m_d, and busyness, of variance kappa whatever the day; busyness
of two days may go together. Levels and trend are found by iterated weighted least squares with the variance
m_d + kappa m_d^2 (quasi-likelihood: McCullagh and Nelder 1989, Generalized Linear Models, chapter 9); kappa by equating
the sum of squares that is left with what is expected of it, the degrees of freedom that the levels take included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.estimate import Fitted, nominal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

TREND_FROM = 28
"""Days from first to last from which on a trend is looked for."""
_ROUNDS = 60
_METHOD = "quasi-likelihood on days' totals, sandwich interval"


@dataclass(frozen=True, slots=True)
class DayLevels:
    """Levels of the weekdays of one series, and its trend; by ordinary days alone."""

    weekdays: Ints
    """[level] Those with contacts, 0 for Monday."""
    has_trend: bool
    coefficient: Floats
    """[level, then trend] Logarithms of the levels at mid-history, and of the growth in a week."""
    middle: float
    """Ordinal of mid-history."""
    ordinal: Ints
    """[ordinary day]"""
    expected: Floats
    """[ordinary day]"""
    left: Floats
    """[ordinary day] N / m - 1."""
    design: Floats
    """[ordinary day, coefficient] What the logarithm of the expected contacts is made of."""
    influence: Floats
    """[coefficient, ordinary day] Error of the coefficients by the true u: left = u - design @ influence @ u."""
    kappa: float
    """Squared coefficient of variation of days beyond chance; 0 if they vary less than by chance."""

    @property
    def days(self) -> int:
        """Ordinary days that it rests on."""
        return len(self.ordinal)

    @property
    def freedom(self) -> int:
        """Days less coefficients."""
        return self.days - len(self.coefficient)

    @property
    def varies(self) -> bool:
        """Whether days differ by more than chance would make them seem to: two standard errors of `kappa` without any.

        What they have in common with other days can be seen only then.
        """
        return self.kappa > float(2.0 * np.sqrt(2.0 / self.freedom) * np.mean(1.0 / self.expected))

    def expected_on(self, ordinal: Ints) -> Floats:
        """[day] Expected contacts of any days, holidays as if they were none; 0 on weekdays without contacts."""
        level = np.full(7, -np.inf)
        level[self.weekdays] = self.coefficient[: len(self.weekdays)]
        expected: Floats = np.exp(level[(ordinal - 1) % 7]) * self.trend_on(ordinal)
        return expected

    def trend_on(self, ordinal: Ints) -> Floats:
        """[day] The trend's factor, 1 in mid-history."""
        growth = self.coefficient[-1] if self.has_trend else 0.0
        factor: Floats = np.exp(growth * (ordinal - self.middle) / 7.0)
        return factor

    def covariance(self, busyness: Floats) -> Floats:
        """[coefficient, coefficient] If this is the covariance of the busyness of ordinary days, [day, day]."""
        covariance: Floats = self.influence @ (busyness + np.diag(1.0 / self.expected)) @ self.influence.T
        return covariance

    def per_week(self, busyness: Floats, confidence: float, ordinal: float | None = None) -> Fitted:
        """Contacts of a week of ordinary days, at mid-history or around another day."""
        weeks = 0.0 if ordinal is None else (ordinal - self.middle) / 7.0
        growth = self.coefficient[-1] if self.has_trend else 0.0
        level = np.exp(self.coefficient[: len(self.weekdays)] + growth * weeks)
        direction = level / level.sum()
        if self.has_trend:
            direction = np.append(direction, weeks)
        return self._by_log(float(np.log(level.sum())), direction, busyness, confidence)

    def weekday_shares(self, busyness: Floats, confidence: float) -> tuple[Fitted, ...]:
        """[7] Share of the week, each with the days of that weekday; exactly 0 for one without contacts."""
        level = np.exp(self.coefficient[: len(self.weekdays)])
        share = level / level.sum()
        shares = [Fitted(0.0, 0.0, 0.0, 0, "no contacts on this weekday", confidence)] * 7
        for k, weekday in enumerate(self.weekdays.tolist()):
            direction = np.zeros(len(self.coefficient))
            direction[: len(level)] = -share
            direction[k] += 1.0
            days = int(((self.ordinal - 1) % 7 == weekday).sum())
            shares[weekday] = replace(
                self._by_log(float(np.log(share[k])), direction, busyness, confidence), count=days
            )
        return tuple(shares)

    def trend(self, busyness: Floats, confidence: float) -> Fitted | None:
        """Relative change from week to week; None if the history is too short for one."""
        if not self.has_trend:
            return None
        direction = np.zeros(len(self.coefficient))
        direction[-1] = 1.0
        factor = self._by_log(float(self.coefficient[-1]), direction, busyness, confidence)
        return Fitted(factor.value - 1.0, factor.low - 1.0, factor.high - 1.0, self.days, _METHOD, confidence)

    def _by_log(self, value: float, direction: Floats, busyness: Floats, confidence: float) -> Fitted:
        """A figure whose logarithm has this value and this gradient by the coefficients."""
        from scipy.special import stdtrit

        # The weights rest on kappa, found from the same days: a little is added for that, as Kenward and Roger (1997).
        error = np.sqrt(direction @ self.covariance(busyness) @ direction) * (1.0 + 1.0 / self.freedom)
        away = float(stdtrit(self.freedom, 0.5 + nominal(confidence) / 2.0) * error)
        low, found, high = np.exp([value - away, value, value + away]).tolist()
        return Fitted(found, low, high, self.days, _METHOD, confidence)


def fit_day_levels(total: Floats, ordinal: Ints, ordinary: Bools) -> DayLevels | None:
    """Fit levels to one series.

    Parameters
    ----------
    total, ordinal, ordinary
        [day] Contacts, ordinal of the date, and whether the day is no holiday.

    Returns
    -------
    None if too few days are left for it.
    """
    weekday = (ordinal - 1) % 7
    by_weekday = np.bincount(weekday[ordinary], total[ordinary], minlength=7)
    weekdays = np.flatnonzero(by_weekday)
    used = ordinary & (by_weekday[weekday] > 0)
    total, day, weekday = total[used], ordinal[used], weekday[used]
    span = int(day[-1] - day[0]) + 1 if len(day) else 0
    has_trend = span >= TREND_FROM
    if len(day) - len(weekdays) - has_trend < 2:
        return None

    middle = float(day[0] + day[-1]) / 2.0
    design = (weekday[:, None] == weekdays).astype(np.float64)
    if has_trend:
        design = np.column_stack((design, (day - middle) / 7.0))
    start = by_weekday[weekdays] / np.bincount(weekday, minlength=7)[weekdays]
    coefficient = np.append(np.log(start), [0.0] * has_trend)
    kappa = 0.0
    for _ in range(_ROUNDS):
        mean = np.exp(design @ coefficient)
        left = total / mean - 1.0
        weight = mean / (1.0 + kappa * mean)
        influence = np.linalg.solve(design.T @ (weight[:, None] * design), design.T * weight)
        change = influence @ left
        coefficient = coefficient + np.clip(change, -1.0, 1.0)
        before, kappa = kappa, _beyond_chance(left, design, influence, mean)
        if np.abs(change).max() < 1e-10 and abs(kappa - before) <= 1e-10 * (kappa + 1e-6):
            break
    return DayLevels(weekdays, has_trend, coefficient, middle, day, mean, left, design, influence, kappa)


def _beyond_chance(left: Floats, design: Floats, influence: Floats, mean: Floats) -> float:
    """Variance of what is left beyond chance, where days are independent."""
    # The sum of squares of each column of what the fit leaves of each day's u, 1 - design @ influence.
    squared = (
        1.0
        - 2.0 * np.einsum("dc,cd->d", design, influence)
        + np.einsum("cd,ce,ed->d", influence, design.T @ design, influence)
    )
    return max(float((left @ left - (squared / mean).sum()) / squared.sum()), 0.0)
