"""Which queues each agent takes calls of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.agents.turns import Turns

    Bools = NDArray[np.bool_]

_RARE = 0.02
"""A queue with less than this share of an agent's calls is no skill: it helped out, or the call was passed on to it."""


def usual_skills(turns: Turns, agents: int, queues: int) -> Bools:
    """[agent, queue] Whether calls of the queue were more than rare among those that the agent answered."""
    number = np.zeros((agents, queues), dtype=np.int64)
    np.add.at(number, (turns.agent, turns.queue), 1)
    usual: Bools = (number > 0) & (number >= _RARE * number.sum(axis=1, keepdims=True))
    return usual
