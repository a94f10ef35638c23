"""Answered calls as the agents lived them: one after the other, with the time between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Turns:
    """Answered calls in the order of day, agent and answer. Columns have shape [turn]."""

    agent: Ints
    """Index in `Calls.agents`."""
    queue: Ints
    """Index in `Calls.queues`."""
    day: Ints
    """Ordinal of the local date of arrival."""
    waited: Floats
    """Seconds from arrival to the answer."""
    answered: Floats
    released: Floats
    before: Floats
    """Moment at which the agent was free of its calls before on this day; nan: this is the first."""

    def __len__(self) -> int:
        return len(self.agent)

    @property
    def first(self) -> Bools:
        """[turn] Whether it is the agent's first of the day."""
        return np.isnan(self.before)

    @property
    def between(self) -> Floats:
        """[turn] Seconds from the call before to the answer, not below 0; nan for the first of the day."""
        return np.maximum(self.answered - self.before, 0.0)


def turns_of(calls: Calls) -> Turns:
    """The calls that somebody answered, day by day and agent by agent."""
    row = np.flatnonzero(calls.served & (calls.agent >= 0))
    row = row[np.lexsort((calls.answered[row], calls.agent[row], calls.day[row]))]
    agent, day = calls.agent[row], calls.day[row]
    # A call whose end is not known keeps nobody; one that was never left (end before answer) neither.
    released = np.fmax(calls.released[row], calls.answered[row])
    before = np.full(len(row), np.nan)
    again = (agent[1:] == agent[:-1]) & (day[1:] == day[:-1])
    # Calls may overlap: an agent is free when all of those before are over. Ranks of each agent and day are set above
    # all of those before them, so that one running maximum serves for all; moments would lose their last digits.
    if len(row):
        order = np.argsort(released, kind="stable")
        rank = np.empty(len(row), dtype=np.int64)
        rank[order] = np.arange(len(row))
        above = len(row) * np.cumsum(np.append(False, ~again))
        free = released[order[np.maximum.accumulate(rank + above) - above]]
        before[1:][again] = free[:-1][again]
    return Turns(agent, calls.queue[row], day, calls.waited[row], calls.answered[row], released, before)
