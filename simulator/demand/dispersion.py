"""How much counts vary: the figures that show whether simulated volumes behave like the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Mean and index of dispersion of counts, each with its standard error."""

    mean: float
    mean_error: float
    index: float
    """Variance within alike days divided by mean; 1 for Poisson counts."""
    index_error: float
    """nan if without one of the days no two would be alike."""


def daily_dispersion(counts: Floats, alike: Ints) -> Dispersion:
    """Mean and dispersion of the totals of days; parameters as for `slot_dispersion`."""
    return slot_dispersion(counts.sum(axis=1, keepdims=True), alike)


def slot_dispersion(counts: Floats, alike: Ints) -> Dispersion:
    """Mean and dispersion of the counts of slots.

    The index is a ratio of sums: over slots and kinds of day, the unbiased variance of the slot's count within that
    kind of day over its mean, both weighted with the kind's number of days less one. Standard errors regard days as
    independent and slots of one day as not; the index's is the jackknife's.

    Parameters
    ----------
    counts
        [day, slot]
    alike
        [day] Days of the same number are expected to be alike: the weekday for a file, the date for replications of
        one horizon. A day without its like is left out.

    Raises
    ------
    ValueError
        If no two days are alike, or nothing was counted on them.
    """
    kinds = [counts[alike == kind] for kind in np.unique(alike)]
    kinds = [days for days in kinds if len(days) > 1]
    if not any(days.any() for days in kinds):
        msg = "Dispersion needs at least two days that are alike, and contacts on them."
        raise ValueError(msg)

    squares = sum(_squares(days) for days in kinds)
    means = sum(_means(days) for days in kinds)
    squares_without = np.concatenate([squares - _squares(days) + _squares_without_one(days) for days in kinds])
    means_without = np.concatenate([means - _means(days) + _means_without_one(days) for days in kinds])
    with np.errstate(divide="ignore", invalid="ignore"):
        without = squares_without / means_without
    number = len(without)
    cells = number * counts.shape[1]
    variance_of_sum = sum(len(days) * days.sum(axis=1).var(ddof=1) for days in kinds)
    return Dispersion(
        mean=float(sum(days.sum() for days in kinds) / cells),
        mean_error=float(np.sqrt(variance_of_sum) / cells),
        index=float(squares / means),
        index_error=float(np.sqrt((number - 1) / number * ((without - without.mean()) ** 2).sum())),
    )


def _squares(days: Floats) -> float:
    """Sum of the slots' variances, times the days less one."""
    return float(((days - days.mean(axis=0)) ** 2).sum())


def _means(days: Floats) -> float:
    """Sum of the slots' means, times the days less one."""
    return float((len(days) - 1) * days.mean(axis=0).sum())


def _squares_without_one(days: Floats) -> Floats:
    """[day] `_squares` of the other days."""
    n = len(days)
    of_day: Floats = ((days - days.mean(axis=0)) ** 2).sum(axis=1)
    return _squares(days) - n / (n - 1) * of_day


def _means_without_one(days: Floats) -> Floats:
    """[day] `_means` of the other days."""
    n = len(days)
    of_others: Floats = days.sum() - days.sum(axis=1)
    return (n - 2) / (n - 1) * of_others
