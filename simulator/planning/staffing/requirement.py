"""The requirement: the fewest agents of each group, interval by interval, with whom a goal is kept.

Channels that are each one queue with a group of their own are staffed by formula, iteration and trimming (`iteration`,
`trim`); all others by cuts (`multi_skill`, where it is said what they guarantee).

What is guaranteed of single queues whose requirement is `kept`: the goal holds on the customers that it was fitted on,
the whole staffing played as it is. What is not: that it holds on others, which `checked` tells, and that no cheaper
staffing does. No agent of any interval was found to be one too many by itself, as far as one fewer matters near by
only. Two or more who might be exchanged for fewer elsewhere are not looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.planning.staffing.blocked import blocked
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.evaluator import Evaluator
from simulator.planning.staffing.iteration import iterate
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.single_queue import SingleQueue, single_queue
from simulator.planning.staffing.trim import trim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.planning.staffing.blocked import Blocked, Missed, Reason
    from simulator.planning.staffing.cuts import Stage
    from simulator.planning.staffing.evaluator import Played
    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.multi_skill import Checked
    from simulator.planning.staffing.worth import Worth
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Method = Literal["single queues", "cuts", "shifts"]


@dataclass(frozen=True)
class Requirement:
    """Agents on duty that a goal needs, what they were fitted on, and how they fare on others."""

    goal: Goal
    method: Method
    evaluator: Evaluator
    """The customers that it was fitted on."""
    played: Played
    """On them."""
    checked: Checked
    """On others: the figures to report."""
    blocked: tuple[Blocked, ...]
    """Parts of the goal for which no staffing was found; empty if and only if it is kept."""
    start: Ints | None
    """[group, interval] What the formula asked for before anything was played; None where there is none."""
    surplus: Floats
    """[group, interval] Part of the interval's last agent that the goal does not need, on the customers that it was
    fitted on; nan where that is not known."""

    @property
    def staffing(self) -> Ints:
        """[group, interval] Agents on duty: shrinkage is off already, absent agents are still in."""
        return self.played.staffing

    @property
    def kept(self) -> bool:
        """Whether the goal is kept on the customers that it was fitted on."""
        return self.goal.is_kept(self.played)

    @cached_property
    def pay(self) -> Pay:
        """The prices of the scenario's agents."""
        return Pay.of(self.evaluator.scenario)

    @cached_property
    def worth(self) -> Worth:
        """What one more agent would bring, and what the targets cost."""
        from simulator.planning.staffing.multi_skill import search_for  # slow to import
        from simulator.planning.staffing.worth import worth

        search = search_for(self.evaluator, self.goal)
        return worth(search, search.judge(self.played))


def require(
    scenario: Scenario,
    goal: Goal,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    checks: int | None = None,
    maximum: Mapping[str, int] | None = None,
    hours: float | None = None,
    money: float | None = None,
    time_limit: float = 240.0,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> Requirement:
    """The fewest agents found with whom the goal is kept.

    Parameters
    ----------
    replications, seed
        Of the customers that it is fitted on; by default the scenario's own.
    workers
        Replications played at the same time.
    checks
        Replications of fresh customers that the end is played on; by default as many as it was fitted on, or what
        `multi_skill` takes.
    maximum
        By group: agents at most.
    hours, money
        Most paid hours, or most cost, of the planned agents: then the best service for them is searched for.
    time_limit
        Seconds for cuts. Single queues need no limit.
    on_stage
        Told of each step of a search by cuts.

    Raises
    ------
    ValueError
        If a number is out of range, or there is no such group.
    """
    evaluator = Evaluator(
        scenario,
        scenario.replications if replications is None else replications,
        scenario.seed if seed is None else seed,
        workers,
    )
    bounds = Bounds.of(scenario, goal, maximum)
    queues = single_queues(scenario, goal)
    if queues is not None and hours is None and money is None:
        return of_single_queues(evaluator, goal, bounds, queues, checks)
    from simulator.planning.staffing.multi_skill import multi_skill, search_for  # slow to import

    found = multi_skill(
        search_for(evaluator, goal, bounds, hours=hours, money=money, time_limit=time_limit),
        checks=checks,
        on_stage=on_stage,
    )
    unknown = np.full(found.staffing.shape, np.nan)
    return Requirement(goal, "cuts", evaluator, found.found.played, found.checked, found.blocked, None, unknown)


def single_queues(scenario: Scenario, goal: Goal) -> tuple[SingleQueue, ...] | None:
    """[channel of the goal] Each channel as one queue with a group of its own; None if one of them is not."""
    found = [single_queue(scenario, c) for c in goal.channels]
    queues = tuple(each for each in found if isinstance(each, SingleQueue))
    return queues if len(queues) == len(found) else None


def of_single_queues(
    evaluator: Evaluator, goal: Goal, bounds: Bounds, queues: Sequence[SingleQueue], checks: int | None = None
) -> Requirement:
    """The requirement of channels that each have a group of their own; other groups get the least that they may have.

    Parameters
    ----------
    checks
        As for `require`.
    """
    from simulator.planning.staffing.multi_skill import Checked  # slow to import

    iterated = iterate(evaluator, goal, bounds, queues)
    surplus, played = np.full(iterated.start.shape, np.nan), iterated.played
    if goal.is_kept(played):
        trimmed = trim(evaluator, goal, bounds, queues, played)
        played = trimmed.played
        for k, queue in enumerate(queues):
            surplus[queue.group] = trimmed.surplus[k]

    def why(miss: Missed) -> tuple[Reason, tuple[int, ...]]:
        group = miss.which if miss.limit == "occupancy" else queues[goal.channels.index(miss.which)].group
        part = miss.intervals
        full = bool((played.staffing[group, part] >= bounds.most[group, part]).all())
        return ("maximum", (group,)) if full else ("search ended", ())

    fresh = evaluator.on_fresh_seed(evaluator.seed + 1, checks)
    again = fresh.evaluate(played.staffing)
    checked = Checked(again, fresh.seed, goal.is_kept(again))
    return Requirement(
        goal, "single queues", evaluator, played, checked, blocked(goal, played, why), iterated.start, surplus
    )
