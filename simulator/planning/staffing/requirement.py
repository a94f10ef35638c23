"""The requirement: the fewest agents of each group, interval by interval, with whom a goal is kept.

Channels that are each one queue with a group of their own are staffed by formula, iteration and trimming (`iteration`,
`trim`), with a margin beyond the goal (`margin`). All others, and whatever has a budget, by cuts (`multi_skill`, where
it is said what they guarantee).

What is guaranteed of single queues whose requirement is `kept`: the goal holds on the customers that it was fitted on,
the whole staffing played as it is. What is not: that it holds on others, which the margin makes likely for each target
and `checked` tells, and that no cheaper staffing does. Unless time ran out, no agent of any interval was found to be
one too many by itself, goal and margin together, as far as one fewer matters near by only. Two or more who might be
exchanged for fewer elsewhere are not looked for.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.planning.staffing.blocked import blocked
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.evaluator import Evaluator
from simulator.planning.staffing.iteration import iterate
from simulator.planning.staffing.margin import SURE, surer
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.single_queue import SingleQueue, single_queue
from simulator.planning.staffing.slack import slack
from simulator.planning.staffing.trim import trim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.planning.staffing.blocked import Blocked, Missed, Reason
    from simulator.planning.staffing.cuts import Search, Stage, Tried
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
    search: Search
    """The customers that it was fitted on, its bounds, and the margin that it keeps beyond the goal."""
    found: Tried
    """The staffing, on them."""
    checked: Checked
    """On others: the figures to report."""
    blocked: tuple[Blocked, ...]
    """Parts of the goal for which no staffing was found; empty if and only if it is kept."""
    start: Ints | None
    """[group, interval] What the formula asked for before anything was played; None where there is none."""
    surplus: Floats
    """[group, interval] Part of the interval's last agent that the goal and its margin do not need, on the customers
    that it was fitted on; nan where that is not known."""

    @property
    def evaluator(self) -> Evaluator:
        """The customers that it was fitted on."""
        return self.search.evaluator

    @property
    def played(self) -> Played:
        """On them."""
        return self.found.played

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
        """What one agent more would be worth; it takes some plays, the first time."""
        from simulator.planning.staffing.worth import worth

        return worth(self.search, self.found)


def _nobody_watches(stage: Stage) -> None:
    """Say nothing to anybody."""


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
    on_stage: Callable[[Stage], None] = _nobody_watches,
) -> Requirement:
    """The fewest agents found with whom the goal is kept; with a budget, those who miss least of it.

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
        A budget: most paid hours, or most cost, of the planned agents, those who are no part of the plan included.
    time_limit
        Seconds for all of it.
    on_stage
        Told of every staffing on the way.

    Raises
    ------
    ValueError
        If a number is out of range, there is no such group or none to be planned, or the budget does not pay for the
        fewest agents that there have to be.
    """
    began = time.monotonic()
    evaluator = Evaluator(
        scenario,
        scenario.replications if replications is None else replications,
        scenario.seed if seed is None else seed,
        workers,
    )
    bounds = Bounds.of(scenario, goal, maximum)
    queues = single_queues(scenario, goal) if hours is None and money is None else None
    if queues is not None:
        return of_single_queues(evaluator, goal, bounds, queues, checks, time_limit=time_limit, on_stage=on_stage)
    from simulator.planning.staffing.multi_skill import multi_skill, search_for  # slow to import

    left = max(time_limit - (time.monotonic() - began), 0.0)
    search = search_for(evaluator, goal, bounds, hours=hours, money=money, time_limit=left)
    found = multi_skill(search, checks=checks, on_stage=on_stage)
    unknown = np.full(found.staffing.shape, np.nan)
    return Requirement(goal, "cuts", found.search, found.found, found.checked, found.blocked, None, unknown)


def single_queues(scenario: Scenario, goal: Goal) -> tuple[SingleQueue, ...] | None:
    """[channel of the goal] Each channel as one queue with a group of its own; None if one of them is not."""
    found = [single_queue(scenario, c) for c in goal.channels]
    queues = tuple(each for each in found if isinstance(each, SingleQueue))
    return queues if len(queues) == len(found) else None


def of_single_queues(
    evaluator: Evaluator,
    goal: Goal,
    bounds: Bounds,
    queues: Sequence[SingleQueue],
    checks: int | None = None,
    *,
    sure: float = SURE,
    time_limit: float = math.inf,
    on_stage: Callable[[Stage], None] = _nobody_watches,
) -> Requirement:
    """The requirement of channels that each have a group of their own; other groups get the least that they may have.

    Parameters
    ----------
    sure
        See `margin`.
    checks, time_limit, on_stage
        As for `require`.
    """
    from simulator.planning.staffing.cuts import Stage  # slow to import
    from simulator.planning.staffing.multi_skill import Checked, search_for

    began = time.monotonic()
    search = search_for(evaluator, goal, bounds, time_limit=time_limit)
    aimed = surer(goal, evaluator.replications, sure)

    def told(played: Played) -> None:
        tried = search.judge(played)
        on_stage(Stage(time.monotonic() - began, tried.cost, tried.slack.short, 0.0))

    iterated = iterate(evaluator, aimed, bounds, queues, sure=sure, ends=search.ends, on_played=told)
    surplus, played = np.full(iterated.start.shape, np.nan), iterated.played
    if goal.is_kept(played):
        if not aimed.is_kept(played):
            aimed = goal
        # Where there are too few agents for all of the margin, what there is of it.
        margin = np.clip(slack(aimed, played).value, 0.0, iterated.margin)
        trimmed = trim(evaluator, aimed, bounds, queues, played, margin, ends=search.ends, on_played=told)
        played = trimmed.played
        search = replace(search, goal=aimed, margin=margin)
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
        goal,
        "single queues",
        search,
        search.judge(played),
        checked,
        blocked(goal, played, why),
        iterated.start,
        surplus,
    )
