"""When each agent was there to take calls, and of which queues."""

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
class Attendance:
    """Spells of presence. Columns have shape [spell]; spells of one agent do not overlap."""

    agent: Ints
    """Index in `Calls.agents`."""
    start: Floats
    """Moment, seconds since 1970-01-01 00:00 UTC."""
    end: Floats
    """Moment at which the agent leaves (after the work in hand)."""
    skills: Bools
    """[spell, queue] Whether the agent takes calls of the queue."""

    def __len__(self) -> int:
        return len(self.agent)


def attendance_of(calls: Calls, skills: Bools) -> Attendance:
    """Infer the spells of presence of the agents who answered these calls.

    Parameters
    ----------
    calls
        Calls of one day or of several.
    skills
        [agent, queue] What each agent is known to take from other days; the day itself adds what it shows.
    """
    raise NotImplementedError
