"""Which queues each agent takes calls of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.agents.turns import Turns

    Bools = NDArray[np.bool_]

_RARE = 0.02
"""With less than this share of an agent's calls, and of the queue's, a queue is no skill: the agent helped out, or the
call was passed on to it."""


def usual_skills(turns: Turns, agents: int, queues: int) -> Bools:
    """[agent, queue] Whether the agent takes calls of the queue: more than rare among its own or among the queue's."""
    number = np.zeros((agents, queues), dtype=np.int64)
    np.add.at(number, (turns.agent, turns.queue), 1)
    of_agent, of_queue = number.sum(axis=1, keepdims=True), number.sum(axis=0, keepdims=True)
    usual: Bools = (number > 0) & ((number >= _RARE * of_agent) | (number >= _RARE * of_queue))
    return usual
