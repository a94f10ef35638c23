"""From replications to a number with its uncertainty.

Replications are independent futures, so everything here is one sample of size `replications` along the first axis.
Ratios over replications are ratios of sums; their intervals come from the linearised residuals (Cochran, *Sampling
Techniques*, 3rd ed., chapter 6, ratio estimators); proportions use Wilson's score interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CONFIDENCE = 0.95
"""The confidence of every interval, unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its confidence interval; arrays of any one shape. nan where there is nothing to judge."""

    value: Floats
    low: Floats
    high: Floats
    replications: int
    confidence: float = CONFIDENCE

    @property
    def half_width(self) -> Floats:
        """Half the length of the interval."""
        return (self.high - self.low) / 2

    def __getitem__(self, key: int | tuple[int, ...]) -> Estimate:
        """The estimate at an index of its arrays."""
        value, low, high = (np.asarray(part[key]) for part in (self.value, self.low, self.high))
        return Estimate(value, low, high, self.replications, self.confidence)


def student_t(confidence: float, freedom: int | Ints) -> Floats:
    """Two-sided quantile of Student's t distribution; inf without a degree of freedom."""
    # Many cells have the same few degrees of freedom.
    degrees, place = np.unique(freedom, return_inverse=True)
    quantiles = np.where(degrees > 0, special.stdtrit(np.maximum(degrees, 1.0), (1 + confidence) / 2), np.inf)
    return np.asarray(quantiles[place].reshape(np.shape(freedom)))


def mean_estimate(values: Floats, confidence: float = CONFIDENCE) -> Estimate:
    """Mean over replications (axis 0) of values, those that are nan left out.

    The interval is Student's t with the number of replications that have a value, less one, degrees of freedom.
    """
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, values, 0.0).sum(axis=0) / count
        squares = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0)
        half = student_t(confidence, count - 1) * np.sqrt(squares / (count - 1) / count)
    half = np.where(count > 1, half, np.where(count == 1, np.inf, np.nan))
    return Estimate(mean, mean - half, mean + half, len(values), confidence)


def ratio_residuals(numerator: Floats, denominator: Floats) -> tuple[Floats, Floats]:
    """The ratio of sums over replications (axis 0), and each replication's linearised residual from it."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = denominator.mean(axis=0)
        ratio = np.where(mean > 0, numerator.mean(axis=0) / mean, np.nan)
        residuals = (numerator - ratio * denominator) / mean
    return ratio, residuals


def ratio_estimate(numerator: Floats, denominator: Floats, confidence: float = CONFIDENCE) -> Estimate:
    """Ratio of sums over replications (axis 0): `sum(numerator) / sum(denominator)`.

    Replications without a denominator say nothing of the ratio, and nothing of its spread either.
    """
    ratio, residuals = ratio_residuals(numerator, denominator)
    return spread_around(ratio, residuals, (denominator != 0).sum(axis=0), confidence)


def ratio_difference(
    numerator: Floats,
    denominator: Floats,
    base_numerator: Floats,
    base_denominator: Floats,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """Difference of two ratios of sums that met the same customers, replication by replication (paired)."""
    ratio, residuals = ratio_residuals(numerator, denominator)
    base, base_residuals = ratio_residuals(base_numerator, base_denominator)
    judged = np.minimum((denominator != 0).sum(axis=0), (base_denominator != 0).sum(axis=0))
    return spread_around(ratio - base, residuals - base_residuals, judged, confidence)


def spread_around(value: Floats, residuals: Floats, judged: Ints, confidence: float) -> Estimate:
    """The interval of a mean whose replications deviate from it by `residuals`; those not `judged` have zeros."""
    count = len(residuals)
    with np.errstate(invalid="ignore"):
        # The sample is the k judged: squares over k (k - 1), of residuals that are k / count times as large.
        error = np.sqrt((residuals**2).sum(axis=0) * judged / np.maximum(judged - 1, 1)) / count
        half = student_t(confidence, judged - 1) * error
    half = np.where(np.isnan(value), np.nan, np.where(judged > 1, half, np.inf))
    return Estimate(np.asarray(value), value - half, value + half, count, confidence)


def symmetric_estimate(value: float, standard_error: float, confidence: float = CONFIDENCE) -> Estimate:
    """An estimate whose standard error is known, with its normal interval."""
    half = float(special.ndtri((1 + confidence) / 2)) * standard_error
    low, middle, high = (np.asarray(each) for each in (value - half, value, value + half))
    return Estimate(middle, low, high, 1, confidence)


def proportion_estimate(met: Floats, confidence: float = CONFIDENCE) -> Estimate:
    """Probability of an event seen (1) or not (0) in each replication (axis 0); nan where it could not be judged.

    Wilson's score interval (Wilson 1927), which stays within 0 and 1 and has a width when nothing or everything met.
    """
    known = ~np.isnan(met)
    count = known.sum(axis=0).astype(np.float64)
    z = float(special.ndtri((1 + confidence) / 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(count > 0, np.where(known, met, 0.0).sum(axis=0) / count, np.nan)
        centre = (share + z * z / (2 * count)) / (1 + z * z / count)
        half = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count**2)) / (1 + z * z / count)
    return Estimate(share, np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0), len(met), confidence)


def replications_for(probability: float, confidence: float = CONFIDENCE) -> int:
    """Least number of replications of which the interval of `proportion_estimate` can lie at a probability or above.

    With fewer, an event that is seen in every one of them may still be less probable.
    """
    z = float(special.ndtri((1 + confidence) / 2))
    return int(np.ceil(probability * z * z / (1 - probability))) if probability < 1 else np.iinfo(np.int64).max


def band(values: Floats, shares: tuple[float, ...]) -> Floats:
    """Quantiles over replications (axis 0) of what one future may bring: shape [share, ...]. nan are left out.

    Between two futures the quantile is interpolated linearly, as numpy's is.
    """
    ordered = np.sort(values, axis=0)  # nan last
    last = np.sum(~np.isnan(values), axis=0) - 1
    result = np.full((len(shares), *values.shape[1:]), np.nan)
    for place, share in enumerate(shares):
        position = np.maximum(last, 0) * share
        below = np.floor(position).astype(np.int64)
        above = np.minimum(below + 1, np.maximum(last, 0))
        low, high = (np.take_along_axis(ordered, each[None], axis=0)[0] for each in (below, above))
        result[place] = low + (high - low) * (position - below)
    return result
