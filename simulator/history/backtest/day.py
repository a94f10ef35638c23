"""Plays one day as it might have been: its arrivals, the agents who were there, and everything else from the days before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.history.agents import Trained
    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Arrivals = Literal["real", "forecast"]


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one day, over all replications. Columns have shape [contact], replication after replication."""

    replications: int
    replication: Ints
    """0-based."""
    arrival: Floats
    """Moment of joining the queue, as `Calls.arrival`."""
    clock: Floats
    """Local time of arrival, seconds after midnight."""
    queue: Ints
    """Index in `Calls.queues`."""
    waited: Floats
    """Seconds to the answer, or to giving up, in the words of `Calls.waited`: the answering delay is in it."""
    answered: Bools
    """Whether an agent took it."""

    def __len__(self) -> int:
        return len(self.replication)


def play_day(
    trained: Trained, calls: Calls, *, arrivals: Arrivals = "real", replications: int = 10, seed: int = 1
) -> Played:
    """Play the day of these calls.

    Of the day itself only this is used: its date, the arrivals (moment and queue; not with forecast arrivals), and who
    answered what when, to say which agents were there (`attendance_of`). Not how long customers waited, nor who gave up.

    Parameters
    ----------
    trained
        From the days before.
    calls
        All calls of one local date.
    arrivals
        Whether the calls come as they came, or as the training days let expect for the weekday.
    """
    raise NotImplementedError
