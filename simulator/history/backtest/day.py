"""Plays one day as it might have been: its arrivals, the agents who were there, all else from training days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.history.logs.zone import Zone

if TYPE_CHECKING:
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
    answered what when, to say which agents were there (`Trained.attendance`). That takes the moments at which answered
    calls came, were answered and were over: whether a call had stood waiting for its agent, and where the last call of
    a spell of presence lies; and that many called while nobody was in a call, and none was answered. What is played has
    work, patience and waits of its own. Who gave up, and when, is not used.

    Parameters
    ----------
    trained
        From training days, of the same history: its queues and agents have the same numbers.
    calls
        All calls of one local date.
    arrivals
        Whether the calls come as they came, or as the training days let expect for the weekday.

    Raises
    ------
    ValueError
        If there are no calls, or calls of several dates.
    """
    if len(np.unique(calls.day)) != 1:
        msg = f"A day is played with the calls of one date, not of {len(np.unique(calls.day))}."
        raise ValueError(msg)
    day = int(calls.day[0])
    zone = Zone(calls.timezone)
    midnight, next_midnight = zone.moments(np.array([day, day + 1]), np.zeros(2)).tolist()
    floor = trained.floor(trained.attendance(calls), midnight, next_midnight)
    came = [(calls.clock, calls.queue)] * replications
    if arrivals == "forecast":
        usual = trained.usual.on(day)
        came = [usual.draw(seed, replication) for replication in range(replications)]
    moments, waited, answered = [], [], []
    for replication, (clock, queue) in enumerate(came):
        arrival: Floats = (
            calls.arrival if arrivals == "real" else zone.moments(np.full(len(clock), day), clock.astype(np.float64))
        )
        wait, took = trained.play(floor, arrival, clock, queue, day, seed, replication)
        waited.append(wait)
        answered.append(took)
        moments.append(arrival)
    clock, queue = (np.concatenate(column) for column in zip(*came, strict=True))
    return Played(
        replications=replications,
        replication=np.repeat(np.arange(replications), [len(wait) for wait in waited]),
        arrival=np.concatenate(moments),
        clock=clock.astype(np.float64),
        queue=queue,
        waited=np.concatenate(waited),
        answered=np.concatenate(answered),
    )
