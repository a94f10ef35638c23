"""The requirement: the fewest agents of each group, interval by interval, with whom a goal is kept.

What is guaranteed of a requirement that is `kept`: the goal holds on the customers that it was fitted on, for the whole
staffing played as it is. What is not: that it holds on others, which `verified` tells, and that no cheaper staffing
does. Of single queues, no agent of any interval can be left out alone (see `trim`); two or more who are exchanged for
fewer elsewhere are not looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.experiment.formula import NoFormula
from simulator.planning.bounds import Bounds
from simulator.planning.evaluator import Evaluator
from simulator.planning.iteration import iterate
from simulator.planning.pay import Pay
from simulator.planning.single_queue import SingleQueue, single_queue
from simulator.planning.trim import trim

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.evaluator import Played
    from simulator.planning.goal import Goal
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Method = Literal["single queues"]


@dataclass(frozen=True)
class Requirement:
    """Agents on duty that a goal needs, and what they were fitted on."""

    goal: Goal
    method: Method
    evaluator: Evaluator
    """The customers that it was fitted on."""
    played: Played
    """On them."""
    evaluations: int
    """Staffings that were played to find it."""
    start: Ints
    """[group, interval] What the formula asked for, before anything was played."""
    surplus: Floats
    """[group, interval] Part of the interval's last agent that the goal does not need, on the customers that it was
    fitted on; nan where that is not known. Only where each interval is a period of its own do these add up."""

    @property
    def staffing(self) -> Ints:
        """[group, interval] Agents on duty: less shrinkage already, absent ones still in."""
        return self.played.staffing

    @property
    def kept(self) -> bool:
        """Whether the goal is kept on the customers that it was fitted on."""
        return self.goal.is_kept(self.played)

    @property
    def missed(self) -> Bools:
        """[channel of the goal, period] Where no staffing was found that keeps the target."""
        return ~self.goal.kept(self.played)

    @cached_property
    def pay(self) -> Pay:
        """The prices of the scenario's agents."""
        return Pay.of(self.evaluator.scenario)

    def verified(self, *, seed: int | None = None, replications: int | None = None) -> Played:
        """The staffing on other customers, which it was not fitted on: the figures to report.

        Parameters
        ----------
        seed
            By default the one after that of the fit.
        replications
            By default as many as in the fit.
        """
        fresh = self.evaluator.on_fresh_seed(self.evaluator.seed + 1 if seed is None else seed, replications)
        return fresh.evaluate(self.staffing)


def require(
    scenario: Scenario,
    goal: Goal,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int = 1,
) -> Requirement:
    """The fewest agents with whom the goal is kept.

    Parameters
    ----------
    replications, seed
        Of the customers that it is fitted on; by default the scenario's own.
    workers
        Replications played at the same time.

    Raises
    ------
    ValueError
        If a channel of the goal is not a queue by itself.
    """
    evaluator = Evaluator(
        scenario,
        scenario.replications if replications is None else replications,
        scenario.seed if seed is None else seed,
        workers,
    )
    queues = []
    for c in goal.channels:
        found = single_queue(scenario, c)
        if isinstance(found, NoFormula):
            raise ValueError(f"{scenario.channels[c].title}: {found.reason}")
        queues.append(found)
    return of_single_queues(evaluator, goal, Bounds.of(scenario, goal), queues)


def of_single_queues(evaluator: Evaluator, goal: Goal, bounds: Bounds, queues: list[SingleQueue]) -> Requirement:
    """The requirement of channels that each have a group of their own."""
    iterated = iterate(evaluator, goal, bounds, queues)
    surplus = np.full(iterated.start.shape, np.nan)
    played, evaluations = iterated.played, iterated.evaluations
    if goal.is_kept(played):
        trimmed = trim(evaluator, goal, bounds, queues, played)
        played, evaluations = trimmed.played, evaluations + trimmed.evaluations
        for k, queue in enumerate(queues):
            surplus[queue.group] = trimmed.surplus[k]
    return Requirement(goal, "single queues", evaluator, played, evaluations, iterated.start, surplus)
