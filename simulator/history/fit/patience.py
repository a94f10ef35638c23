"""How long customers are willing to wait, from those who gave up and those who were answered before they did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.history.fit.fitted import Fitted
    from simulator.history.fit.times import FamilyFit, Survival
    from simulator.history.logs.calls import Calls

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TwoHazards:
    """Giving up at one rate until a moment of the wait, and at another from then on."""

    early: Fitted
    """Share of those still waiting who give up, per second, up to `until`."""
    late: Fitted
    until: Fitted
    """Seconds of waiting."""


@dataclass(frozen=True, slots=True)
class PatienceFit:
    """A patience, fitted."""

    chosen: FamilyFit
    candidates: tuple[FamilyFit, ...]
    """All that were tried, best AIC first."""
    exponential: Fitted
    """Mean patience if customers do not grow less patient by waiting: time waited over those who gave up."""
    two_hazards: TwoHazards | None
    """None with too few who gave up."""
    median: Fitted
    """Kaplan-Meier, nan or inf where so long a wait was not seen."""
    survival: Survival
    count: int
    gave_up: int


@dataclass(frozen=True, slots=True)
class QueuePatience:
    """Patience by queue."""

    all_queues: PatienceFit
    of_queue: tuple[PatienceFit, ...]
    """[queue] That of all queues with few who gave up, together, for each of these."""
    pooled: tuple[bool, ...]


def fit_patience(waited: Floats, gave_up: Bools, *, confidence: float = 0.95) -> PatienceFit:
    """Fit patience.

    Parameters
    ----------
    waited
        [contact] Seconds until the answer or until the customer was gone.
    gave_up
        [contact] Whether that was the customer's doing; otherwise patience was longer than this.
    """
    raise NotImplementedError


def fit_queue_patience(calls: Calls, *, least: int = 100, confidence: float = 0.95) -> QueuePatience:
    """Fit the patience of each queue; queues where fewer than `least` gave up are put together."""
    raise NotImplementedError
