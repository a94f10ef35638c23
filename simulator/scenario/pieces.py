"""A random time by some of its quantiles: between two of them it ends at a constant rate, after the last at the last.

With the share p_i over by the time t_i, the rate from t_i to t_(i+1) is h_i = (H_(i+1) - H_i) / (t_(i+1) - t_i), where
H = -log(1 - p). The time is therefore a piecewise linear function of an exponential time of mean 1: that one reaches
H_i when the time reaches t_i. Two equal times with unequal shares are a jump: so many end there at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Pieces(NamedTuple):
    """A random time as a function of an exponential time of mean 1. Columns have shape [piece]."""

    unit: Floats
    """What that one has reached where the piece begins."""
    begin: Floats
    """Time where the piece begins."""
    slope: Floats
    """Time for each unit; the mean time that is left, if the piece went on for ever. 0: a jump."""

    @classmethod
    def of(cls, points: Sequence[tuple[float, float]], log: Callable[[Floats], Floats] = np.log) -> Pieces:
        """Join quantiles (share over, time), both rising; `log` is what takes logarithms."""
        share, time = np.array(points, dtype=np.float64).T
        if share[0] > 0.0:
            share, time = np.append(0.0, share), np.append(0.0, time)
        unit = -log(1.0 - share)
        slope = np.diff(time) / np.diff(unit)
        return cls(unit[:-1], time[:-1], slope)

    @property
    def mean(self) -> float:
        """Integral of the share that is not over."""
        lasting = np.append(np.exp(-self.unit), 0.0)
        return float(self.begin[0] + self.slope @ -np.diff(lasting))

    @property
    def cv(self) -> float:
        """Standard deviation over mean; the mean square is twice the integral of time x share not over."""
        lasting = np.append(np.exp(-self.unit), 0.0)
        first = self.begin * lasting[:-1] - np.append(self.begin[1:], 0.0) * lasting[1:]
        square = self.begin[0] ** 2 + 2.0 * (self.slope @ (first - self.slope * np.diff(lasting)))
        return float(np.sqrt(max(square - self.mean**2, 0.0)) / self.mean)

    def stretched(self, factor: float) -> Pieces:
        """All times multiplied."""
        return Pieces(self.unit, self.begin * factor, self.slope * factor)

    def at(self, unit: Floats) -> Floats:
        """Times that belong to exponential times of mean 1."""
        piece = np.searchsorted(self.unit, unit, side="right") - 1
        return np.asarray(self.begin[piece] + (unit - self.unit[piece]) * self.slope[piece])

    def over(self, time: Floats) -> Floats:
        """Share that is over by each time; at a jump, with those who end there."""
        piece = np.maximum(np.searchsorted(self.begin, time, side="right") - 1, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            past = np.where(self.slope[piece] > 0.0, (time - self.begin[piece]) / self.slope[piece], 0.0)
        return np.asarray(np.where(time < self.begin[0], 0.0, -np.expm1(-self.unit[piece] - past)))

    def integral_of_over(self, time: Floats) -> Floats:
        """Integral of `over` from 0 to each time, none negative: the mean time since the end, counting 0 before it."""
        lasting = np.exp(-self.unit)
        ends = np.append(self.begin[1:], np.inf)
        upto = np.clip(time[..., None], self.begin, ends)
        with np.errstate(divide="ignore", invalid="ignore"):
            past = np.where(self.slope > 0.0, (upto - self.begin) / self.slope, 0.0)
        not_over = np.minimum(time, self.begin[0]) - (np.expm1(-past) * lasting * self.slope).sum(axis=-1)
        return np.asarray(time - not_over)
