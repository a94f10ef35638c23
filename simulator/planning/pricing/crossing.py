"""Where two costs cross, each known at some levels in many futures, and how surely.

Between two levels every future's cost is taken to change in a straight line, and so does the mean. The crossing is the
root of the mean difference. Its interval holds the levels next to it at which a difference of nothing cannot be ruled
out, by Student's t of the paired differences at that level: Fieller's interval of a root (E. C. Fieller, Some problems
in interval estimation, Journal of the Royal Statistical Society B 16, 1954), which may be open on either side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.estimate import CONFIDENCE, student_t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


_HAIR = 1e-6
"""Of the way from one level to the next: the square root of what rounding leaves of a difference without spread."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A level at which the mean difference changes its sign."""

    level: float
    low: float
    """-inf where the interval goes on beyond the first level."""
    high: float
    """inf where it goes on beyond the last one."""
    rises: bool
    """Whether the difference is negative below the level and positive above it."""


def crossings(levels: Sequence[float], difference: Floats, confidence: float = CONFIDENCE) -> tuple[Crossing, ...]:
    """Where a difference changes its sign, by rising level.

    Parameters
    ----------
    levels
        Rising.
    difference
        [level, future]
    """
    at = np.asarray(levels, dtype=np.float64)
    mean = difference.mean(axis=1)
    told = np.flatnonzero(mean)
    found = []
    for left, right in zip(told[:-1].tolist(), told[1:].tolist(), strict=True):
        if (mean[left] < 0) == (mean[right] < 0):
            continue
        if right == left + 1:
            share = mean[left] / (mean[left] - mean[right])
            level = float(at[left] + share * (at[right] - at[left]))
        else:  # Nothing at the levels between: the middle of them stands for all.
            level = float(at[left + 1] + at[right - 1]) / 2.0
        low, high = _interval(at, difference, level, confidence)
        found.append(Crossing(level, low, high, rises=bool(mean[left] < 0)))
    return tuple(found)


def _interval(at: Floats, difference: Floats, level: float, confidence: float) -> tuple[float, float]:
    """The levels on both sides of a crossing up to where the mean is clearly not nothing."""
    futures = difference.shape[1]
    if futures < 2:
        return -math.inf, math.inf
    allowed = float(student_t(confidence, np.array([futures - 1]))[0]) ** 2 / futures
    piece = min(max(int(np.searchsorted(at, level, side="right")) - 1, 0), len(at) - 2)
    share = (level - at[piece]) / (at[piece + 1] - at[piece])
    low, high = -math.inf, math.inf
    for k in range(piece, -1, -1):
        within = [root for root in _roots(difference[k], difference[k + 1], allowed) if root <= share + _HAIR]
        if within:
            low = float(at[k] + max(within) * (at[k + 1] - at[k]))
            break
        share = 1.0
    share = (level - at[piece]) / (at[piece + 1] - at[piece])
    for k in range(piece, len(at) - 1):
        within = [root for root in _roots(difference[k], difference[k + 1], allowed) if root >= share - _HAIR]
        if within:
            high = float(at[k] + min(within) * (at[k + 1] - at[k]))
            break
        share = 0.0
    # A difference without spread has its crossing as both ends, but for rounding.
    return min(low, level), max(high, level)


def _roots(first: Floats, last: Floats, allowed: float) -> list[float]:
    """Where, from 0 at the first level to 1 at the last, the squared mean is `allowed` times the variance."""
    slope = last - first
    covariance = np.cov(np.stack((first, slope)))
    a = float(slope.mean() ** 2 - allowed * covariance[1, 1])
    b = float(2.0 * (first.mean() * slope.mean() - allowed * covariance[0, 1]))
    c = float(first.mean() ** 2 - allowed * covariance[0, 0])
    inner = b * b - 4.0 * a * c
    if a == 0.0:
        roots = [-c / b] if b else []
    elif inner < -_HAIR * b * b:
        roots = []
    else:
        reach = math.sqrt(max(inner, 0.0))
        roots = [(-b - reach) / (2.0 * a), (-b + reach) / (2.0 * a)]
    return [root for root in roots if -_HAIR <= root <= 1.0 + _HAIR]
