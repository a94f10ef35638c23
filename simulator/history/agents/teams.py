"""Agents alike in skills, as groups of a scenario with staffing by weekday and interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.history.agents.trained import Trained
    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Teams:
    """Groups of agents. The first dimension is the group."""

    skills: Bools
    """[group, queue] Whether its agents take calls of the queue."""
    members: Ints
    """[group] Different agents that belong to it."""
    staffing: Floats
    """[group, weekday, interval] Mean number of agents there to take calls, over the days of that weekday on which
    anybody was; Monday is 0."""
    step: int
    """Seconds of an interval; the first begins at midnight."""


def teams(calls: Calls, trained: Trained, *, most: int = 8, step: int = 1800) -> Teams:
    """Gather the agents into at most `most` groups of like skills, with their usual staffing."""
    raise NotImplementedError
