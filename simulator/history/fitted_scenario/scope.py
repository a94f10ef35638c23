"""Which calls of a log a scenario can have: those that come to a queue which is answered, while somebody is there.

A log counts everybody who calls: also at night, on a day on which nobody came to work, while the telephones were out
of order, and to queues that nobody answers. A scenario has open hours and queues with agents. Whoever called a closed
door is no demand of it, was in no queue, and says nothing of patience; so such calls are left out before anything is
fitted, and counted by their reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs import Calls

    Bools = NDArray[np.bool_]

_IN_A_ROW = 3
"""Callers who are lost one after the other while nobody is in a call: one who hangs up as soon as the telephone rings
may do so with a free agent, and even a second; more of them show that nobody was there."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Calls of a log that its scenario is without."""

    unserved_queues: int
    """To queues that nobody answers, or agents who are there too little to make a group."""
    nobody_there: int
    """Lost at a moment at which nobody was at work, by date."""
    out_of_hours: int
    """Before or after the hours of the weekday in which anybody is usually there."""

    @property
    def total(self) -> int:
        """For any reason."""
        return self.unserved_queues + self.nobody_there + self.out_of_hours


def left_out_words(left: LeftOut) -> str:
    """How many calls a scenario is without, and why; nothing if it has them all."""
    reasons = (
        (left.unserved_queues, "to queues that nobody or hardly anybody answers"),
        (left.nobody_there, "while nobody was there"),
        (left.out_of_hours, "outside the hours in which somebody usually is"),
    )
    told = ", ".join(f"{count:,} {reason}" for count, reason in reasons if count)
    return f"{left.total:,} calls of the log are left out: {told}" if told else ""


def of_queues(calls: Calls, queues: Bools) -> Calls:
    """The calls to some [queue] of the queues."""
    return calls if queues.all() else calls.where(queues[calls.queue])


def answered_queues(calls: Calls) -> Bools:
    """[queue] Whether anybody ever answered it."""
    answered: Bools = np.bincount(calls.queue[calls.served], minlength=len(calls.queues)) > 0
    return answered


def answered_slots(calls: Calls, step: int) -> Bools:
    """[weekday, slot of the day] Whether most calls are answered; Monday is 0, slots have so many seconds."""
    slots = DAY // step
    place = (calls.day - 1) % 7 * slots + calls.clock // step
    came, taken = (np.bincount(place[rows], minlength=7 * slots) for rows in (slice(None), calls.served))
    mostly: Bools = (2 * taken > came).reshape(7, slots)
    return mostly


def at_closed_door(calls: Calls) -> Bools:
    """[call] Whether it came while nobody was at work.

    So it is if at least `_IN_A_ROW` callers were lost one after the other, and none was answered in between, while no
    agent was in a call. Whoever is lost while agents are in calls had to wait for them.

    Parameters
    ----------
    calls
        In order of arrival.
    """
    served = calls.served
    order = np.argsort(calls.answered[served], kind="stable")
    answered = calls.answered[served][order]
    busy_until = np.maximum.accumulate(np.append(-np.inf, calls.released[served][order]))
    lost = np.flatnonzero(~served)
    came, gone = calls.arrival[lost], np.fmax(calls.ended[lost], calls.arrival[lost])
    # A silence is what lies between two answers; its number is that of the answers before it.
    silence = np.searchsorted(answered, came, side="right")
    nobody_busy = (busy_until[silence] <= came) & (np.append(answered, np.inf)[silence] >= gone)
    lost, silence = lost[nobody_busy], silence[nobody_busy]
    closed = np.zeros(len(calls), dtype=np.bool_)
    closed[lost[np.bincount(silence, minlength=1)[silence] >= _IN_A_ROW]] = True
    return closed


def in_hours(calls: Calls, open_: Bools) -> Bools:
    """[call] Whether it came in an open slot [weekday, slot of the day]; Monday is 0."""
    slot = calls.clock // (DAY // open_.shape[1])
    came: Bools = open_[(calls.day - 1) % 7, slot]
    return came
