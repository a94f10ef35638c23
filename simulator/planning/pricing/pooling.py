"""Several clients with one pool: how much less the supplier has to hold than for each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.experiment.estimate import Estimate

    Floats = NDArray


@dataclass(frozen=True)
class Pooling:
    """A pool against the clients by themselves."""

    shifts: tuple[int, ...]
    """[client] Days by which each one's rush is moved."""
    probability: float
    """With which what is held is enough throughout the horizon."""
    alone: Estimate
    """[client] What each needs at its peak."""
    pool: Estimate
    """What all need together at the peak of all."""
    saved: Estimate
    """Share of the sum of `alone` that the pool need not hold."""


def needs_of(futures: Any) -> Floats:
    """[future, day] Hours of work offered to the supplier."""
    raise NotImplementedError


def pooling(needs: Sequence[Floats], shifts: Sequence[int], probability: float = 0.9) -> Pooling:
    """Hold a pool against its clients, future by future."""
    raise NotImplementedError
