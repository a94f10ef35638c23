"""M/M/n with exponential patience by its chain, state by state: slow, and apart from `simulator.queueing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import expm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import ServiceLevelDefinition

    Floats = NDArray[np.float64]

_STATES = 20_000
"""Beyond them the queues of the tests are never found."""


@dataclass(frozen=True)
class Chain:
    """Poisson arrivals, alike agents, exponential handling times and patience (rate 0: nobody gives up)."""

    agents: int
    arrival_rate: float
    service_rate: float
    giving_up: float

    @property
    def stable(self) -> bool:
        return self.giving_up > 0 or self.agents * self.service_rate > self.arrival_rate

    def found(self) -> Floats:
        """[contacts in the system] How likely an arriving contact finds so many."""
        k = np.arange(1, _STATES)
        leaving = np.minimum(k, self.agents) * self.service_rate + np.maximum(k - self.agents, 0) * self.giving_up
        logs = np.concatenate(([0.0], np.cumsum(np.log(self.arrival_rate) - np.log(np.maximum(leaving, 1e-300)))))
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.sum())

    def waiting(self, within: float) -> tuple[Floats, Floats]:
        """[contacts ahead in the line] Probability to be answered, and to have given up, within so many seconds."""
        # Ahead of somebody are j: one of them leaves at rate r[j], the last one makes room.
        reach = int(60 + 3 * (self.agents * self.service_rate + self.giving_up * 60) * within)
        j = np.arange(reach)
        moving = self.agents * self.service_rate + j * self.giving_up
        # States: j ahead, then answered, then given up; of a chain that starts in each of them.
        rates = np.zeros((reach + 2, reach + 2))
        rates[j, j] = -(moving + self.giving_up)
        rates[j[1:], j[:-1]] = moving[1:]
        rates[0, reach] = moving[0]
        rates[j, reach + 1] = self.giving_up
        after = expm(rates * within)
        return after[:reach, reach], after[:reach, reach + 1]

    def share(self, within: float, definition: ServiceLevelDefinition) -> float:
        """The service level by its definition; 0 where agents cannot keep up."""
        if not self.stable:
            return 0.0
        found = self.found()
        in_line = found[self.agents :]
        answered, given_up = self.waiting(within)
        count = min(len(answered), len(in_line))
        # Who stands further back than `waiting` looks is not answered, but may give up.
        behind = in_line[count:].sum() * -np.expm1(-self.giving_up * within)
        top = float(found[: self.agents].sum() + in_line[:count] @ answered[:count])
        lost_within = float(in_line[:count] @ given_up[:count] + behind)
        lost = float(in_line @ np.arange(len(in_line))) * self.giving_up / self.arrival_rate
        match definition:
            case "offered":
                return top
            case "offered less abandoned within":
                return top / (1.0 - lost_within)
            case "answered":
                return top / (1.0 - lost) if lost < 1.0 else 0.0
            case "abandoned within as met":
                return top + lost_within
        raise ValueError(definition)
