"""What a back-test takes from the days before: work, patience, skills, and how much of their time agents have for calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trained:
    """Everything that a day is played with, besides its arrivals and who was there."""

    queues: tuple[str, ...]
    agents: tuple[str, ...]
    days: Ints
    """[day] Ordinals of the training days."""
    answer_delay: float
    """Seconds from arrival to the answer when somebody is free."""


def train(calls: Calls, days: NDArray[np.int64]) -> Trained:
    """Learn from the calls of these days (ordinals of local dates, as `Calls.day`), and from no others.

    Raises
    ------
    ValueError
        If no call of these days was answered.
    """
    raise NotImplementedError
