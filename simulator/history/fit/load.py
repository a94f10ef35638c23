"""Whether agents work faster or slower when customers wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.history.fit.fitted import Fitted
    from simulator.history.logs.calls import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LoadEffect:
    """Handling time by how many were waiting at the answer."""

    ratio: Fitted
    """Mean handling time when somebody waited over that when nobody did, like compared with like."""
    waiting: Ints
    """[step] At least so many waited."""
    mean: Floats
    """[step] Mean handling time, seconds."""
    count: Ints


def fit_load_effect(calls: Calls, *, confidence: float = 0.95) -> LoadEffect | None:
    """Compare within each queue and hour of the day; None where there is nothing to compare."""
    raise NotImplementedError
