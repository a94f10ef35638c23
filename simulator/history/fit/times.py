"""How long agents work at a contact: families by maximum likelihood, what fits, and what does not.

The chosen family is the one with the lowest AIC (Akaike 1974), unless even that is wrong by more than `TOLERANCE`
somewhere along its distribution function: then the quantiles of the data themselves are the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.history.fit.fitted import Fitted
    from simulator.history.logs.calls import Calls

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

Family = Literal["exponential", "gamma", "lognormal", "two hazards", "quantiles"]
"""What a fit may choose; the scenario writes "two hazards" as quantiles too, for it is those with two pieces."""

TOLERANCE = 0.03
"""Largest distance between two distribution functions that is let pass: 3 contacts of 100 on the wrong side."""


@dataclass(frozen=True, slots=True)
class FamilyFit:
    """One family, as well as it can fit."""

    family: Family
    mean: Fitted
    """Seconds."""
    cv: Fitted
    """Standard deviation over mean."""
    log_likelihood: float
    parameters: int
    distance: float
    """Largest distance between its distribution function and the observed one (Kolmogorov-Smirnov)."""
    points: tuple[tuple[float, float], ...] = ()
    """Of "two hazards" and "quantiles": (share done, seconds), as the scenario's `quantiles`."""

    @property
    def aic(self) -> float:
        """Akaike's criterion; the lower, the better."""
        return 2.0 * (self.parameters - self.log_likelihood)


@dataclass(frozen=True, slots=True)
class TimeFit:
    """A random length of time, fitted."""

    chosen: FamilyFit
    """What the scenario says."""
    candidates: tuple[FamilyFit, ...]
    """All that were tried, best AIC first."""
    count: int
    """Times that it rests on, those cut off included."""
    cut_off: int
    """Of them, those known only to be longer than was seen."""
    survival: Survival
    """What was observed, for a picture."""


@dataclass(frozen=True, slots=True)
class Survival:
    """Observed share that is longer than each time (Kaplan-Meier), with bands."""

    seconds: Floats
    share: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    """Of how many it is known that they reached this time."""


@dataclass(frozen=True, slots=True)
class QueueTimes:
    """Handling times by queue."""

    all_queues: TimeFit
    of_queue: tuple[TimeFit, ...]
    """[queue] That of all small queues together for each of these."""
    pooled: tuple[bool, ...]
    """[queue] Whether it was too small to stand alone."""


def fit_time(seconds: Floats, finished: Bools | None = None, *, confidence: float = 0.95) -> TimeFit:
    """Fit a random length of time.

    Parameters
    ----------
    seconds
        [contact] Lengths; those below `SHORTEST` count as that.
    finished
        [contact] False where the time was cut off, so that it is longer than that. Default: all were finished.
    """
    raise NotImplementedError


def fit_handling(calls: Calls, *, least: int = 200, confidence: float = 0.95) -> QueueTimes:
    """Fit the handling times of each queue; queues with fewer than `least` answered calls are put together."""
    raise NotImplementedError
