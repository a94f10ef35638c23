"""Days and intervals that are busier than expected: random factors of mean 1 on a channel's volume.

Given its day factor D and its interval factor G, the count of an interval with m expected contacts is Poisson with
mean m D G. Both factors are gamma distributed and shared by all topics of a channel. Interval factors are
independent. The day factors of two channels on one date go together: each is the gamma quantile of a standard normal
score

    score = loading * common + sqrt(1 - loading^2) * own

with one common score per date and an own one per channel and date (a Gaussian copula with one factor). An added
channel therefore leaves the factors of the others as they were.

Where a file shows the busyness, simulated days and intervals vary as its own do. Sums over a few intervals vary less:
real swings within a day tend to last for hours, and these factors know nothing of their neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from simulator.demand.quantiles import gamma_at_score, normal_score
from simulator.demand.rates import spread, step_ends
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
    loading: tuple[float, ...]
    """[channel] Weight of the common score, from 0 to 1."""

    @classmethod
    def of(cls, scenario: Scenario) -> BusynessModel:
        """Busyness as the scenario gives it or as its volume files show it."""
        calendar = scenario.calendar
        found = [busyness_of_channel(channel, calendar.interval) for channel in scenario.channels]
        day_cv = tuple(day_cv for day_cv, _ in found)
        return cls(
            channels=tuple(channel.name for channel in scenario.channels),
            calendar=calendar,
            day_cv=day_cv,
            interval_cv=tuple(interval_cv for _, interval_cv in found),
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
                factors[c] *= gamma_at_score(self.interval_cv[c], normal_score(luck))
        return factors

    @staticmethod
    def _scores(seed: int, replication: int, dates: list[str], *name: str) -> Floats:
        """[day] One standard normal number for each date."""
        return normal_score(np.array([stream(seed, replication, *name, date).random() for date in dates]))


def busyness_of_channel(channel: Channel, interval: float) -> tuple[float, float]:
    """Coefficients of variation of the day and the interval factor, from the volume file where not given.

    Raises
    ------
    ValueError
        If one is not given and there is no volume file to show it.
    """
    given = channel.busyness
    if given.day_cv is not None and given.interval_cv is not None:
        return given.day_cv, given.interval_cv
    if not isinstance(channel.demand, HistoryDemand):
        missing = "day_cv" if given.day_cv is None else "interval_cv"
        msg = f"Channel {channel.name} has no volume file to show its busyness; give {missing}, 0 for none."
        raise ValueError(msg)
    day_cv, interval_cv = busyness_of_history(channel.demand, interval)
    return (
        day_cv if given.day_cv is None else given.day_cv,
        interval_cv if given.interval_cv is None else given.interval_cv,
    )


def busyness_of_history(history: HistoryDemand, interval: float) -> tuple[float, float]:
    """Coefficients of variation of the day and the interval factor, by moments of the counts in a volume file.

    All topics are taken together, and each weekday has expected counts of its own, which are estimated from the same
    days. Write, for a weekday with n days, N_d for day d's total with mean m and unbiased variance s^2, Y for the
    sum of the n totals, and p_j for the share of slot j in Y.

    **Interval.** Given its total, a day's count in slot j would be binomial without interval factors. With them

        E sum_d N_d (x_dj / N_d - p_j)^2 = (n - 1) q_j (1 - q_j) + interval_cv^2 w_j (Y - sum_d N_d^2 / Y)
        w_j = q_j^2 (1 - 2 q_j + sum_k q_k^2)

    to first order in 1 / N, where q_j are the true shares. The factor n - 1 makes up for the estimated shares, and
    p_j (1 - p_j) Y / (Y - 1) is put for q_j (1 - q_j). The equations are summed over slots and weekdays, and solved.

    **Day.** E s^2 = m + interval_cv^2 S + day_cv^2 (m^2 + interval_cv^2 S) with S the sum of the squared expected
    counts of the slots. The equations are summed over weekdays, each with its n - 1 degrees of freedom, and solved;
    for m^2 its unbiased estimate, the square of the mean total less s^2 / n, is taken.

    Numerators and denominators are unbiased but for terms of order 1 / N, the ratio of the two is consistent. A
    negative estimate, less variation than Poisson, becomes 0.

    Parameters
    ----------
    history
        Its scale does not matter: the counts as they were show the busyness.
    interval
        Planning interval in seconds. Finer steps of the file are summed up to it first. Of a coarser step, cut into
        r intervals, the interval factors get r times the squared cv, so that step by step counts vary as they did.

    Raises
    ------
    ValueError
        If the file has no weekday twice.
    """
    counts = history.count.sum(axis=2)
    pieces = max(history.step / interval, 1.0)
    if history.step < interval:
        counts = spread(counts, history.clock, step_ends(history), interval)
    weekdays = np.array([day.weekday() for day in history.date])
    by_weekday = [counts[weekdays == weekday] for weekday in np.unique(weekdays)]
    by_weekday = [days for days in by_weekday if len(days) > 1]
    if not by_weekday:
        msg = f"{history.source} has no weekday twice, so it cannot show busyness; give day_cv and interval_cv."
        raise ValueError(msg)

    interval_excess = _ratio([_interval_equation(days) for days in by_weekday])
    day_excess = _ratio([_day_equation(days, interval_excess) for days in by_weekday])
    return float(np.sqrt(day_excess)), float(np.sqrt(interval_excess * pieces))


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


def _interval_equation(days: Floats) -> tuple[float, float]:
    """Excess and coefficient of interval_cv^2 for the days [day, slot] of one weekday."""
    total = days.sum(axis=1)
    days, total = days[total > 0], total[total > 0]
    grand = total.sum()
    if len(days) < 2 or grand <= 1:
        return 0.0, 0.0
    share = days.sum(axis=0) / grand
    found = (total[:, None] * (days / total[:, None] - share) ** 2).sum(axis=0)
    binomial = (len(days) - 1) * share * (1.0 - share) * grand / (grand - 1.0)
    weight = share**2 * (1.0 - 2.0 * share + (share**2).sum())
    return float((found - binomial).sum()), float(weight.sum() * (grand - (total**2).sum() / grand))


def _day_equation(days: Floats, interval_excess: float) -> tuple[float, float]:
    """Excess and coefficient of day_cv^2 for the days [day, slot] of one weekday."""
    total = days.sum(axis=1)
    mean, variance, freedom = total.mean(), total.var(ddof=1), len(days) - 1
    squared_mean = mean**2 - variance / len(days)
    of_intervals = interval_excess * (days.mean(axis=0) ** 2).sum()
    return float(freedom * (variance - mean - of_intervals)), float(freedom * (squared_mean + of_intervals))


def _ratio(equations: list[tuple[float, float]]) -> float:
    """Solution of the summed equations; 0 if negative or if they say nothing."""
    excess, coefficient = (sum(side) for side in zip(*equations, strict=True))
    return max(excess / coefficient, 0.0) if coefficient > 0 else 0.0
