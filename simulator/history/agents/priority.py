"""Which queues go before the others, whoever has waited longest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.history.agents.attendance import most_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_CLEARLY = 5.0
"""Seconds by which a call has to be older, and to wait on, for a choice to be one."""
_LONGEST = 1800.0
"""Seconds within which those who wait are looked for."""
_LOOKED_AT = 100_000
"""Calls of the recent past that are enough to tell."""
_TIMES = 10
"""Choices from which an order is believed."""


def goes_first(calls: Calls, skills: Bools) -> Bools:
    """[queue] Whether a queue goes before others: mostly taken although an older call of another queue stood waiting.

    Only choices tell: an agent takes a call of the queue, or an older one of another, while both wait and it takes
    both queues.

    Parameters
    ----------
    calls
        In order of arrival.
    skills
        [agent, queue] Whether the agent takes calls of the queue.
    """
    recent = calls.where(np.arange(len(calls)) >= len(calls) - _LOOKED_AT)
    of_queue = [recent.where(recent.queue == queue) for queue in range(len(calls.queues))]
    taken = [each.where(each.served & (each.agent >= 0)) for each in of_queue]
    jumped, kept_to = np.zeros(len(of_queue)), np.zeros(len(of_queue))
    for queue, own in enumerate(taken):
        over = np.zeros(len(own), dtype=np.bool_)
        for other, waiting in enumerate(of_queue):
            if other == queue or not len(own) or not len(waiting):
                continue
            both = skills[own.agent, other]
            over |= both & _waits(waiting, own.answered - _LONGEST, own.arrival - _CLEARLY, own.answered)
            others = taken[other]
            behind = _waits(of_queue[queue], others.arrival + _CLEARLY, others.answered, others.answered)
            kept_to[queue] += np.sum(behind & skills[others.agent, queue])
        jumped[queue] = over.sum()
    first: Bools = (jumped >= _TIMES) & (jumped > kept_to)
    return first


def _waits(waiting: Calls, after: Floats, before: Floats, at: Floats) -> Bools:
    """[moment] Whether a call that came between two moments still waits clearly later than a third."""
    until = np.where(waiting.served, waiting.answered, waiting.ended)
    last = most_of(until, np.searchsorted(waiting.arrival, after), np.searchsorted(waiting.arrival, before))
    still: Bools = last > at + _CLEARLY
    return still
