"""What was observed of a length of time of which some are only known to be longer: Kaplan-Meier, with bands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Survival:
    """Observed share that is longer than each time (Kaplan and Meier 1958), with bands. Columns have shape [step]."""

    seconds: Floats
    """Where the share falls."""
    share: Floats
    """Share that is longer than this."""
    low: Floats
    high: Floats
    """Greenwood's variance on the scale log(-log), so that the band stays between 0 and 1."""
    at_risk: Floats
    """How many are known to have reached this time."""
    confidence: float = 0.95

    def quantile(self, share: float) -> tuple[float, float, float]:
        """Time by which a share is over, and its interval (Brookmeyer and Crowley 1982); inf: not within what was seen.

        The interval holds the times at which the band does.
        """
        left = 1.0 - share
        value, low, high = (self._first_below(curve, left) for curve in (self.share, self.low, self.high))
        return value, low, high

    def distances(self, cdf: Callable[[Floats], Floats]) -> tuple[float, float]:
        """Largest distance between a distribution function and the observed one, plain and beyond chance.

        Looked at before and after each step; beyond chance is what is left of it less half the width of the band there.
        """
        done = 1.0 - self.share
        before = np.append(0.0, done)[:-1]
        given = cdf(self.seconds)
        distance = np.maximum(np.abs(given - done), np.abs(given - before))
        beyond = distance - 0.5 * (self.high - self.low)
        return float(distance.max(initial=0.0)), float(beyond.max(initial=0.0))

    def thinned(self, steps: int) -> Survival:
        """At most so many steps, for a picture: evenly by share."""
        if len(self.seconds) <= steps:
            return self
        wanted = np.linspace(self.share[0], self.share[-1], steps)
        kept = np.unique(np.minimum(np.searchsorted(-self.share, -wanted), len(self.share) - 1))
        seconds, share, at_risk = self.seconds[kept], self.share[kept], self.at_risk[kept]
        return Survival(seconds, share, self.low[kept], self.high[kept], at_risk, self.confidence)

    def _first_below(self, curve: Floats, level: float) -> float:
        below = np.flatnonzero(curve <= level)
        return float(self.seconds[below[0]]) if len(below) else float(np.inf)


def kaplan_meier(seconds: Floats, over: Bools, confidence: float = 0.95) -> Survival:
    """Observed survival.

    Parameters
    ----------
    seconds
        [contact] Lengths.
    over
        [contact] False: longer than that.
    """
    from scipy import stats  # slow to import

    if not over.any():
        nothing = np.empty(0)
        return Survival(nothing, nothing, nothing, nothing, nothing, confidence)
    observed = stats.ecdf(stats.CensoredData.right_censored(seconds, ~over)).sf
    ordered, ends = np.sort(seconds), np.sort(seconds[over])
    when = np.unique(ends)
    share = np.array(observed.evaluate(when), dtype=np.float64)
    at_risk = len(ordered) - np.searchsorted(ordered, when).astype(np.float64)
    ended = np.diff(np.searchsorted(ends, when, side="right"), prepend=0).astype(np.float64)
    low, high = _band(share, at_risk, ended, confidence)
    return Survival(when, share, low, high, at_risk, confidence)


def _band(share: Floats, at_risk: Floats, ended: Floats, confidence: float) -> tuple[Floats, Floats]:
    """[step] Band of the share; where nobody is left, it goes down to 0 from what it was."""
    from scipy import special

    score = special.ndtri(0.5 * (1.0 + confidence))
    left = at_risk > ended
    growth = np.zeros_like(share)
    np.divide(ended, at_risk * (at_risk - ended), out=growth, where=left)
    width = np.zeros_like(share)
    np.divide(
        score * np.sqrt(np.cumsum(growth)), -np.log(share, where=left, out=np.ones_like(share)), out=width, where=left
    )
    low, high = np.power(share, np.exp(width)), np.power(share, np.exp(-width))
    return np.where(left, low, 0.0), np.where(left, high, np.append(1.0, high[:-1]))
