"""The busyness that a volume file shows, by moments of its counts.

Nothing here depends on the machine, so that the same file makes the same contacts everywhere: sums are numpy's own,
not the linear algebra library's, and exponentials are those of `quantiles`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.quantiles import exp
from simulator.demand.rates import spread, step_ends
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import HistoryDemand

    Floats = NDArray[np.float64]

_MEMORY_STEP = 1.02
"""Memories tried grow by this factor; files of months show a memory to a third or so."""
_LAGS = 4
"""Distances between slots, from which a memory can be told from a day that is busy as a whole."""


def busyness_of_history(
    history: HistoryDemand, interval: float, memory: float | None = None
) -> tuple[float, float, float]:
    """Cv of the day factor, cv of the interval factor and its memory in seconds, as the counts of a file show them.

    All topics are taken together, and each weekday has expected counts of its own, which are estimated from the same
    days. An estimate below 0, less variation than Poisson, becomes 0.

    **With memory.** Counts x_i and x_j of two slots of a day, k slots apart, with expected counts m_i and m_j, have

        Cov(x_i, x_j) = f_k m_i m_j + [i = j] m_i
        f_k = day_cv^2 + (1 + day_cv^2) interval_cv^2 s_k
        s_k = exp(-k slot / memory)

    where s_k leaves out terms of order interval_cv^2: what the gamma quantile changes in the correlation of normal
    scores. For each lag k, f_k is estimated by the sum over weekdays and pairs of slots of (n - 1) times the
    covariance, less Poisson's part, over that of (n - 1) m_i m_j =: w_k, both unbiased, where n is the weekday's
    number of days. Then

        sum_k w_k (f_k - a - b s_k)^2

    is made smallest over a >= 0, b >= 0, and the memory: 0 or from the slot's length to a day, in steps of 2 %.
    The solution gives day_cv^2 = a and interval_cv^2 = b / (1 + a). A memory that is given is not searched for.

    **Without memory.** If the memory given or found is 0, or day and swing cannot be told apart (the best memory is a
    whole day, b is 0, or fewer than four lags have w_k > 0), memory is 0, and each cv has an equation of its own.
    Write, for a weekday with n days, N_d for day d's total with mean m and unbiased variance s^2, Y for the sum of the
    n totals, and p_j for the share of slot j in Y. Given its total, a day's count in slot j would be binomial without
    interval factors. With them

        E sum_d N_d (x_dj / N_d - p_j)^2 = (n - 1) q_j (1 - q_j) + interval_cv^2 w_j (Y - sum_d N_d^2 / Y)
        w_j = q_j^2 (1 - 2 q_j + sum_k q_k^2)

    to first order in 1 / N, where q_j are the true shares. The factor n - 1 makes up for the estimated shares, and
    p_j (1 - p_j) Y / (Y - 1) is put for q_j (1 - q_j). The equations are summed over slots and weekdays, and solved.
    For the day factor, E s^2 = m + interval_cv^2 S + day_cv^2 (m^2 + interval_cv^2 S) with S the sum of the squared
    expected counts of the slots. The equations are summed over weekdays, each with its n - 1 degrees of freedom, and
    solved; for m^2 its unbiased estimate, the square of the mean total less s^2 / n, is taken.

    Numerators and denominators are unbiased but for terms of order 1 / N, the ratio of the two is consistent.

    Parameters
    ----------
    history
        Its scale does not matter: the counts as they were show the busyness.
    interval
        Planning interval in seconds. Finer steps of the file are summed up to it first. For a coarser step, cut into
        r intervals, the factor of the step is the mean of r interval factors, so that step by step counts vary as they
        did: s_k is the mean of exp(-t / memory) over the distances t of intervals in steps k apart. Without memory
        the interval factors get r times the squared cv.
    memory
        Seconds, if it is known; None: as the file shows it.

    Raises
    ------
    ValueError
        If the file has no weekday twice.
    """
    counts = history.count.sum(axis=2)
    if history.step < interval:
        counts = spread(counts, history.clock, step_ends(history), interval)
    weekdays = np.array([day.weekday() for day in history.date])
    try:
        return busyness_of_counts(counts, weekdays, interval, max(round(history.step / interval), 1), memory)
    except ValueError:
        msg = (
            f"{history.source} has no weekday twice, so it cannot show busyness; "
            "give day_cv, interval_cv and interval_memory."
        )
        raise ValueError(msg) from None


def busyness_of_counts(
    counts: Floats,
    alike: NDArray[np.int64],
    interval: float,
    pieces: int = 1,
    memory: float | None = None,
    level: Floats | None = None,
) -> tuple[float, float, float]:
    """The same from the counts themselves.

    Parameters
    ----------
    counts
        [day, slot] Slots of equal length, one after the other.
    alike
        [day] Days of the same number have the same expected counts, up to their level: the weekday.
    interval
        Planning interval in seconds.
    pieces
        Intervals that a slot is long.
    memory
        As for `busyness_of_history`.
    level
        [day] Relative level of the days, as a trend makes it. Counts are divided by it, their mean and their variance
        taken of what is left, and Poisson's part of it is what it was, divided by the level once more. Default: 1.

    Raises
    ------
    ValueError
        If no two days are alike.
    """
    days_alike = _days_alike(counts, alike, level)
    if memory != 0.0:
        found = _with_memory(days_alike, interval, pieces, memory)
        if found is not None:
            return found
    interval_excess = _ratio([_interval_equation(days.counts) for days in days_alike])
    day_excess = _ratio([_day_equation(days, interval_excess) for days in days_alike])
    return float(np.sqrt(day_excess)), float(np.sqrt(interval_excess * pieces)), memory or 0.0


def busyness_by_memory(
    counts: Floats,
    alike: NDArray[np.int64],
    interval: float,
    pieces: int,
    level: Floats,
    memories: tuple[float, ...],
) -> tuple[Floats, Floats, Floats] | None:
    """[memory] Day cv, interval cv and misfit to the covariances of slots, for each of these memories.

    All of them, 0 too, by the covariances of slots, as `busyness_of_counts` does with a memory; the misfit is the sum
    that it makes smallest. None if the counts have too few slots to tell one memory from another.

    Parameters
    ----------
    counts, alike, interval, pieces, level
        As for `busyness_of_counts`.
    memories
        Seconds.

    Raises
    ------
    ValueError
        If no two days are alike.
    """
    days_alike = _days_alike(counts, alike, level)
    lag, excess, weight = _by_lag(days_alike)
    if len(lag) < _LAGS:
        return None
    likely = np.take(likeness(counts.shape[1], memories, interval, pieces), lag, axis=1)
    day_excess, swing, misfit = _least_squares(excess, weight, likely)
    return np.sqrt(day_excess), np.sqrt(swing / (1.0 + day_excess)), misfit


class _Alike:
    """Counts of days that are alike up to their level."""

    def __init__(self, counts: Floats, level: Floats) -> None:
        self.counts = counts
        """[day, slot] As they were."""
        self.levelled = counts / level[:, np.newaxis]
        """[day, slot] At level 1."""
        self.poisson = (self.levelled / level[:, np.newaxis]).mean(axis=0)
        """[slot] Variance of the levelled counts by chance alone."""


def _days_alike(counts: Floats, alike: NDArray[np.int64], level: Floats | None) -> list[_Alike]:
    groups = [np.flatnonzero(alike == kind) for kind in np.unique(alike)]
    levels = np.ones(len(counts)) if level is None else level
    days_alike = [_Alike(counts[group], levels[group]) for group in groups if len(group) > 1]
    if not days_alike:
        msg = "Busyness is shown by days that are alike; no two are."
        raise ValueError(msg)
    return days_alike


def _by_lag(days_alike: list[_Alike]) -> tuple[NDArray[np.int64], Floats, Floats]:
    """[lag] Those that say something, their excess f_k and its weight w_k."""
    covariance, weight = (np.sum(sides, axis=0) for sides in zip(*map(_covariances, days_alike), strict=True))
    lag = np.flatnonzero(weight > 0.0)
    return lag, covariance[lag] / weight[lag], weight[lag]


def _with_memory(
    days_alike: list[_Alike], interval: float, pieces: int, memory: float | None
) -> tuple[float, float, float] | None:
    """Solve by covariances at all lags; None if the counts do not show what is asked for."""
    lag, excess, weight = _by_lag(days_alike)
    if len(lag) < (_LAGS if memory is None else 2):
        return None
    slots = days_alike[0].counts.shape[1]
    tried = _memories(interval * pieces) if memory is None else (memory,)
    alike = np.take(likeness(slots, tried, interval, pieces), lag, axis=1)
    level, swing, misfit = _least_squares(excess, weight, alike)
    best = int(np.argmin(misfit))
    if memory is None and (best in (0, len(tried) - 1) or swing[best] == 0.0):
        return None
    day_excess = level[best]
    return float(np.sqrt(day_excess)), float(np.sqrt(swing[best] / (1.0 + day_excess))), tried[best]


def _covariances(days: _Alike) -> tuple[Floats, Floats]:
    """[lag] Sums over pairs of slots of the covariance beyond Poisson, and of the product of expected counts.

    For the days of one weekday, both times the number of days less one.
    """
    number, slots = days.counts.shape
    mean = days.levelled.mean(axis=0)
    away = days.levelled - mean
    covariance = np.array([(away[:, lag:] * away[:, : slots - lag]).sum() for lag in range(slots)])
    product = np.array([(mean[lag:] * mean[: slots - lag]).sum() for lag in range(slots)])
    product = (number - 1) * product - covariance / number
    covariance[0] -= (number - 1) * days.poisson.sum()
    return covariance, product


@lru_cache(maxsize=4)
def _memories(shortest: float) -> tuple[float, ...]:
    """Memories to try: none first, a day last."""
    memories = [shortest]
    while memories[-1] * _MEMORY_STEP < DAY:
        memories.append(memories[-1] * _MEMORY_STEP)
    return (0.0, *memories, DAY)


@lru_cache(maxsize=4)
def likeness(slots: int, memories: tuple[float, ...], interval: float, pieces: int) -> Floats:
    """[memory, lag] Mean of exp(-t / memory) over the distances t of intervals in slots so far apart; read only.

    A slot is so many `pieces` of a planning `interval` long, in seconds as the memories.
    """
    shift = np.arange(1 - pieces, pieces)
    often = (pieces - np.abs(shift)) / pieces**2
    distance = np.abs(np.arange(slots)[:, None] * pieces + shift) * interval
    by_memory = np.stack(
        [((exp(-distance / each) if each else (distance == 0.0)) * often).sum(axis=1) for each in memories]
    )
    by_memory.flags.writeable = False
    return by_memory


def _least_squares(y: Floats, weight: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
    """[row] Level and slope, neither negative, of the best lines from each row of x to y, and their misfit."""
    total = weight.sum()
    mean_x, mean_y = (weight * x).sum(axis=1) / total, (weight * y).sum() / total
    away = x - mean_x[:, None]
    nothing = np.zeros(len(x))
    # A row without any slope, or of zeros, makes nan, which is never allowed below.
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (weight * away * (y - mean_y)).sum(axis=1) / (weight * away**2).sum(axis=1)
        through_origin = (weight * x * y).sum(axis=1) / (weight * x**2).sum(axis=1)
        # Where the free solution is not allowed, the best one lies on a border: without slope or without level.
        levels = np.stack((mean_y - slope * mean_x, nothing + max(mean_y, 0.0), nothing))
        slopes = np.stack((slope, nothing, np.maximum(through_origin, 0.0)))
        misfits = (weight * (y - levels[:, :, None] - slopes[:, :, None] * x) ** 2).sum(axis=2)
    misfits = np.where((levels >= 0.0) & (slopes >= 0.0), misfits, np.inf)
    best = (np.argmin(misfits, axis=0), np.arange(len(x)))
    return levels[best], slopes[best], misfits[best]


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


def _day_equation(days: _Alike, interval_excess: float) -> tuple[float, float]:
    """Excess and coefficient of day_cv^2 for the days of one weekday."""
    total = days.levelled.sum(axis=1)
    mean, variance, freedom = total.mean(), total.var(ddof=1), len(total) - 1
    squared_mean = mean**2 - variance / len(total)
    of_intervals = interval_excess * (days.levelled.mean(axis=0) ** 2).sum()
    return float(freedom * (variance - days.poisson.sum() - of_intervals)), float(
        freedom * (squared_mean + of_intervals)
    )


def _ratio(equations: list[tuple[float, float]]) -> float:
    """Solution of the summed equations; 0 if negative or if they say nothing."""
    excess, coefficient = (sum(side) for side in zip(*equations, strict=True))
    return max(excess / coefficient, 0.0) if coefficient > 0 else 0.0
