"""How well what was simulated agrees with what happened: in order, in size, and in what the bands hold."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from simulator.experiment.estimate import CONFIDENCE, Estimate, student_t

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.backtest.figures import Figure
    from simulator.history.backtest.outlook import Outlook

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one figure, over the cells of one cut."""

    cells: int
    """How many were compared."""
    rank_correlation: Estimate
    """Spearman's."""
    ratio: Estimate | None
    """Median of simulated / observed, of waits and of the unanswered share; None of a service level.

    Of cells in which more than 0 was observed: `replications` is their number.
    """
    difference: Estimate
    """Median of simulated - observed."""
    distance: Estimate
    """Median of |simulated - observed|: half the cells are nearer."""
    held_by_luck: Estimate
    """Share of cells in the band of luck alone."""
    held: Estimate | None
    """Share of cells in the band with the model's error; None: it is not known."""


def agreement(figure: Figure, day: Ints, luck: Outlook, whole: Outlook | None) -> Agreement:
    """Compare.

    Parameters
    ----------
    day
        [cell] Cells of one day are off together, which every interval knows.
    luck
        With bands of luck alone.
    whole
        With bands that know of the model's error.
    """
    known = luck.judged
    day, simulated, observed = day[known], luck.simulated[known], luck.observed[known]
    positive = observed > 0
    return Agreement(
        cells=int(known.sum()),
        rank_correlation=rank_correlation(simulated, observed, day),
        ratio=None
        if figure.name == "service_level"
        else median(simulated[positive] / observed[positive], day[positive]),
        difference=median(simulated - observed, day),
        distance=median(np.abs(simulated - observed), day),
        held_by_luck=share_of(luck.held[known], day),
        held=None if whole is None else share_of(whole.held[known], day),
    )


def rank_correlation(first: Floats, second: Floats, day: Ints) -> Estimate:
    """Spearman's rank correlation, ties at their mean rank; nan where one side does not vary.

    The interval is that of Bonett and Wright (2000), *Sample size requirements for estimating Pearson, Kendall and
    Spearman correlations*: Fisher's z with variance (1 + r^2 / 2) / (n - 3). Of a perfect order, whose z is infinite,
    it is taken as if two neighbours had changed places, which makes r = 1 - 12 / (n (n^2 - 1)).

    Where days have several cells, which are off together, it is not narrower than that of z by the jackknife over days
    (Efron and Tibshirani 1993, *An introduction to the bootstrap*, chapter 11): each day left out once, with Student's
    t for one degree of freedom less than days.
    """
    count = len(first)
    if count < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return _estimate(np.nan, np.nan, np.nan, count)
    value = float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])
    if count < 4:
        return _estimate(value, -1.0, 1.0, count)
    most = 1.0 - 12.0 / (count * (count**2 - 1.0))
    middle = np.arctanh(np.clip(value, -most, most))
    half = _z() * np.sqrt((1.0 + value * value / 2.0) / (count - 3))
    days = np.unique(day)
    if 1 < len(days) < count:
        half = max(half, _jackknifed(first, second, day, days, most))
    low, high = np.tanh(middle - half), np.tanh(middle + half)
    return _estimate(value, min(float(low), value), max(float(high), value), count)


def _jackknifed(first: Floats, second: Floats, day: Ints, days: Ints, most: float) -> float:
    """Half the interval of z = artanh of the rank correlation, each day left out once."""
    without = []
    for each in days:
        rest = day != each
        if np.ptp(first[rest]) > 0 and np.ptp(second[rest]) > 0:
            correlation = np.corrcoef(_ranks(first[rest]), _ranks(second[rest]))[0, 1]
            without.append(float(np.arctanh(np.clip(correlation, -most, most))))
    if len(without) < 2:
        return 0.0
    found = np.array(without)
    variance = (len(found) - 1.0) / len(found) * float(((found - found.mean()) ** 2).sum())
    return float(student_t(CONFIDENCE, len(found) - 1)) * sqrt(variance)


def median(values: Floats, day: Ints) -> Estimate:
    """The median, with the interval between two order statistics that holds it whatever the distribution.

    Its ends are the values of ranks k + 1 and n - k, where k is the largest number of which a binomial variable of n
    and 1/2 is at most with no more than half of what is left out (Conover, *Practical Nonparametric Statistics*, 3rd
    ed., section 3.2); unbounded where so few values tell none. Values of one day are alike: n is as many independent
    ones as tell as much of the share below the median (`independent_of`), and ranks are those of the same shares
    (Woodruff 1952, *Confidence intervals for medians and other position measures*).
    """
    known = ~np.isnan(values)
    values, day = values[known], day[known]
    ordered = np.sort(values)
    count = len(ordered)
    if count == 0:
        return _estimate(np.nan, np.nan, np.nan, 0)
    value = float(np.median(ordered))
    # A value equal to the median is half below it. Down to the next whole number, but for rounding.
    independent = max(int(independent_of(0.5 * (values < value) + 0.5 * (values <= value), day) + 1e-9), 1)
    below = special.bdtr(np.arange(independent // 2 + 1), independent, 0.5) <= (1.0 - CONFIDENCE) / 2.0
    outside = int(below.sum()) * count // independent
    low, high = (-np.inf, np.inf) if outside == 0 else (float(ordered[outside - 1]), float(ordered[count - outside]))
    return _estimate(value, low, high, count)


def independent_of(parts: Floats, day: Ints) -> float:
    """How many independent cells would tell as much of the mean of parts, each from 0 to 1, as these cells of days do.

    Cells over the design effect, the variance between days over that of independent cells (Korn and Graubard 1998,
    *Confidence intervals for proportions with small expected number of positive counts estimated from survey data*);
    not more than there are cells. Where all parts are alike, days are what is counted.
    """
    _, at = np.unique(day, return_inverse=True)
    cells = np.bincount(at).astype(np.float64)
    count, days, mean = len(parts), len(cells), float(parts.mean())
    if days == count:
        return float(count)
    alone = float(parts.var())
    if alone == 0.0 or days == 1:
        return float(days)
    residual = np.bincount(at, parts) - mean * cells
    between = float((residual**2).sum()) / count**2 * days / (days - 1)
    return count / max(between / (alone / count), 1.0)


def share_of(hits: Bools, day: Ints) -> Estimate:
    """The share of cells in which something holds, with an interval that knows that the cells of one day are alike.

    Wilson's score interval, for the number of independent cells that would tell as much (`independent_of`).
    """
    count = len(hits)
    if count == 0:
        return _estimate(np.nan, np.nan, np.nan, 0)
    share = float(hits.mean())
    independent = independent_of(hits.astype(np.float64), day)
    z = _z()
    centre = (share + z * z / (2.0 * independent)) / (1.0 + z * z / independent)
    half = (
        z * np.sqrt(share * (1.0 - share) / independent + z * z / (4.0 * independent**2)) / (1.0 + z * z / independent)
    )
    return _estimate(share, max(centre - float(half), 0.0), min(centre + float(half), 1.0), count)


def _estimate(value: float, low: float, high: float, count: int) -> Estimate:
    return Estimate(np.asarray(value), np.asarray(low), np.asarray(high), count)


def _z() -> float:
    return float(special.ndtri((1.0 + CONFIDENCE) / 2.0))


def _ranks(values: Floats) -> Floats:
    """Ranks from 0, the mean of those that are equal."""
    _, at, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count + 1) / 2.0)[at], dtype=np.float64)
