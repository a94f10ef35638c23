"""What may come of something in many futures: mean, quantiles, shortfall and chance of a loss, each with its interval.

All futures are independent and equally probable. Nothing is assumed of how the money is distributed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from simulator.experiment.estimate import CONFIDENCE, Estimate, mean_estimate, proportion_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHARES = (0.1, 0.5, 0.9)
"""P10, P50, P90."""
TAIL = 0.1
"""Share of the futures of an expected shortfall: the worst tenth."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """An amount of money in each future.

    Raises
    ------
    ValueError
        If there is no future, or an amount is not a finite number.
    """

    values: Floats
    """[future]"""
    confidence: float = CONFIDENCE

    def __post_init__(self) -> None:
        """Refuse what cannot be judged."""
        if self.values.ndim != 1 or not self.values.size or not np.isfinite(self.values).all():
            msg = "Outcomes are one finite amount for each of one or more futures."
            raise ValueError(msg)

    def __sub__(self, other: Outcomes) -> Outcomes:
        """Future by future, so of the same futures: how much more."""
        return Outcomes(self.values - other.values, self.confidence)

    @property
    def mean(self) -> Estimate:
        """With Student's interval."""
        return mean_estimate(self.values, self.confidence)

    def quantile(self, share: float) -> Estimate:
        """The amount below which a share of the futures lies, with an interval of order statistics."""
        return quantile_estimate(self.values, share, self.confidence)

    @property
    def p10(self) -> Estimate:
        """One future in ten is below."""
        return self.quantile(SHARES[0])

    @property
    def p50(self) -> Estimate:
        """The median."""
        return self.quantile(SHARES[1])

    @property
    def p90(self) -> Estimate:
        """One future in ten is above."""
        return self.quantile(SHARES[2])

    def expected_shortfall(self, tail: float = TAIL) -> Estimate:
        """The mean of the worst futures, the lowest `tail` of them."""
        return shortfall_estimate(self.values, tail, self.confidence)

    def below(self, threshold: float = 0.0) -> Estimate:
        """The probability of less than an amount: of a loss. Wilson's interval."""
        return proportion_estimate((self.values < threshold).astype(np.float64), self.confidence)


def order_bounds(futures: int, share: float, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Ranks, from 1, between which the quantile of a share lies with the confidence; 0 and futures + 1: no bound.

    The number of futures below the quantile is binomial, whatever the distribution (David and Nagaraja, *Order
    Statistics*, 3rd ed., section 7.1). Each side has at most half of what the confidence leaves.
    """
    half = (1.0 - confidence) / 2.0
    ranks = np.arange(futures + 1)
    at_most = special.bdtr(ranks, futures, share)
    # P(X_(low) > q) = P(fewer than low below it) <= half; P(X_(high) < q) = P(at least high below it) <= half.
    low = int(np.searchsorted(at_most, half, side="right"))
    high = int(np.searchsorted(at_most, 1.0 - half, side="left")) + 1
    return low, min(high, futures + 1)


def quantile_estimate(values: Floats, share: float, confidence: float = CONFIDENCE) -> Estimate:
    """A quantile over futures (axis 0) with its distribution-free interval.

    The value is the least amount that at least the share of the futures does not exceed: an outcome that came.
    """
    ordered = np.append(np.append(-np.inf, np.sort(values)), np.inf)
    futures = len(values)
    rank = min(max(int(np.ceil(share * futures - 1e-9)), 1), futures)
    low, high = order_bounds(futures, share, confidence)
    value, least, most = (np.asarray(ordered[each]) for each in (rank, low, high))
    return Estimate(value, least, most, futures, confidence)


def shortfall_estimate(values: Floats, tail: float = TAIL, confidence: float = CONFIDENCE) -> Estimate:
    """The mean of the lowest share of the futures, with its interval.

    The greatest of q - mean((q - x)+) / tail over q (Rockafellar and Uryasev 2000), which is at the quantile; the terms
    of the mean at that q are the estimate's influence values, and their spread gives the interval (Chen 2008).
    """
    q = quantile_estimate(values, tail, confidence).value
    return mean_estimate(q - np.maximum(q - values, 0.0) / tail, confidence)
