"""The requirement where groups share channels: cuts, polish, and a check on fresh customers."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.blocked import blocked, missed
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.cuts import Search, Stage, by_cuts
from simulator.planning.staffing.fluid import first_staffings
from simulator.planning.staffing.gradient import Reach
from simulator.planning.staffing.mend import mend
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.polish import polish
from simulator.planning.staffing.slack import slack
from simulator.planning.staffing.step import Budget

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.planning.staffing.blocked import Blocked, Missed, Reason
    from simulator.planning.staffing.cuts import Tried
    from simulator.planning.staffing.evaluator import Evaluator, Played
    from simulator.planning.staffing.goal import Goal

    Ints = NDArray[np.int64]

ROUNDS = 3
"""Searches at most: after each the staffing is tried on fresh customers, and the next one keeps as much slack beyond
the goal as the staffing did better on the customers that it was fitted on. One staffing differs from another by the
same on these and on those, or nearly; so the next is fitted as if to all of them."""
CHECKS = 6
"""Times as many replications in a check as in the search."""
FULL = 3
"""Times the agents of a plan, when it is seen whether any number would do."""
SHARES_OF_TIME = (0.5, 0.6, 1.0)
"""Of what is left, that each search may take."""
_LONGER = 3.0
"""Times that a replication of a check takes what one of the search does: its customers have to be made."""
_OF_MENDING = 25.0
"""Staffings played while what is still missing is mended."""
_UNTIL = (0.45, 0.65, 0.85, 1.0)
"""Of the time of a search, when its parts have to end: cuts, polish, and, if anything is missing then, both again."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How a staffing fares on customers that it was not fitted on: the figures to report."""

    played: Played
    seed: int
    kept: bool
    """Whether all of the goal is kept there."""


@dataclass(frozen=True)
class MultiSkill:
    """The staffing that was found."""

    goal: Goal
    search: Search
    """With which marginal values are worked out, see `worth`."""
    found: Tried
    """The staffing, on the customers that it was fitted on."""
    checked: Checked
    rounds: int
    """Searches that were made: with more than one, the staffing keeps slack beyond the goal."""
    gap: float
    """Of the last programme of cuts, as a share of the plan's cost; says nothing of the search as a whole."""
    blocked: tuple[Blocked, ...]
    """Empty if and only if the goal is kept on the customers that it was fitted on."""

    @property
    def staffing(self) -> Ints:
        """[group, interval] Agents on duty."""
        return self.found.staffing

    @property
    def kept(self) -> bool:
        """Whether the goal is kept on the customers that it was fitted on."""
        return self.goal.is_kept(self.found.played)


def search_for(
    evaluator: Evaluator,
    goal: Goal,
    bounds: Bounds | None = None,
    *,
    rough: int | None = None,
    hours: float | None = None,
    money: float | None = None,
    time_limit: float = 240.0,
) -> Search:
    """Make ready to search.

    Parameters
    ----------
    rough
        Replications from which effects are estimated; by default all where little is planned, and half of them, but
        not fewer than 4, where there are more than a hundred cells.
    hours, money
        Most paid hours, and most cost, of the planned agents.

    Raises
    ------
    ValueError
        If both hours and money are limited, or the bounds ask for more than the budget.
    """
    scenario = evaluator.scenario
    bounds = Bounds.of(scenario, goal) if bounds is None else bounds
    if rough is None:
        rough = evaluator.replications
        if not bounds.few_cells:
            rough = max(4, rough // 2)
    pay = Pay.of(scenario)
    if hours is not None and money is not None:
        msg = "A budget is of hours or of money, not of both."
        raise ValueError(msg)
    budget = None
    if hours is not None:
        budget = Budget(hours, pay.hours.ravel())
    elif money is not None:
        budget = Budget(money, pay.agent.ravel())
    search = Search(
        evaluator,
        goal,
        bounds,
        pay.for_search,
        evaluator.first(min(rough, evaluator.replications)),
        Reach.of(scenario, goal),
        budget,
        time.monotonic() + time_limit,
    )
    if not search.affords(bounds.least):
        msg = "The budget does not pay for the fewest agents that there have to be."
        raise ValueError(msg)
    return search


def multi_skill(
    search: Search,
    *,
    start: Ints | None = None,
    checks: int | None = None,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> MultiSkill:
    """The cheapest staffing found that keeps the goal; with a budget, the one that misses least of it.

    What is guaranteed and what is not is said in `cuts`. With a budget, a staffing that keeps the goal for less is as
    cheap as it was found to be; otherwise the contacts that are missing, all targets and periods together, are as few.

    Parameters
    ----------
    start
        [group, interval] Where to begin; by default a covering of the load (`fluid`).
    checks
        Replications on fresh customers; by default some times those of the search.
    """
    evaluator = search.evaluator
    number = checks or CHECKS * evaluator.replications
    began, gap = time.monotonic(), 0.0

    def seen(stage: Stage) -> None:
        nonlocal gap
        gap = stage.gap
        on_stage(replace(stage, seconds=time.monotonic() - began))

    one = _seconds_a_replication(evaluator)
    search = replace(search, ends=search.ends - _LONGER * number * one)
    mending = _OF_MENDING * evaluator.replications * one
    best: Tried | None = None
    kept: tuple[Tried, Checked] | None = None
    rounds, luck = 0, np.zeros(())
    while True:
        rounds += 1
        seconds = max(search.seconds_left, 0.0) * SHARES_OF_TIME[rounds - 1]
        ends = time.monotonic() + seconds
        begun = start if best is None else best.staffing
        # What could not be mended is not traded again.
        found = _searched(search, max(seconds - mending, 0.0), begun, seen, traded=best is None or kept is not None)
        if begun is None and search.bounds.few_cells and search.seconds_left > 0:
            # Where little is planned there is time for a second start, and a few agents decide.
            flexible = first_staffings(evaluator, search.bounds, search.pay, search.goal.leftover, flexible=True)
            other = _searched(search, max(ends - time.monotonic(), 0.0), flexible[0], seen, traded=True)
            found = min(found, other, key=search.rank)
        best = found
        fresh = evaluator.on_fresh_seed(evaluator.seed + rounds, number)
        played = fresh.evaluate(best.staffing)
        checked = Checked(played, fresh.seed, search.goal.is_kept(played))
        if search.goal.is_kept(best.played):
            kept = best, checked
        elif kept is not None:
            # With a wider margin the search found less: what it found before is the plan.
            best, checked = kept
            break
        luck = luck + slack(search.goal, best.played).value - slack(search.goal, played).value
        done = checked.kept or rounds == ROUNDS or search.seconds_left <= 0 or search.budget is not None
        if done or (best.slack.short > 0 and time.monotonic() < ends):
            break
        if kept is not None:
            margin = np.maximum(luck / rounds, 0.0)
            # What may be left is of today's staffing, and no promise: it is kept in the mean, not beyond.
            margin[len(margin) - len(search.goal.leftover) :] = 0.0
            search = replace(search, margin=margin)
        best = search.judge(best.played)
    return MultiSkill(search.goal, search, best, checked, rounds, gap, _blocked(search, best))


def _searched(
    search: Search, seconds: float, begun: Ints | None, on_stage: Callable[[Stage], None], *, traded: bool
) -> Tried:
    """Cuts and polish: first, where it may be traded, what is missing has a price; in the end it comes before all cost.

    Otherwise a few hundredths of a contact, which every change anywhere moves up or down, would decide what is tried.
    A budget leaves nothing to trade.
    """
    now = time.monotonic()
    cuts, smoothed, mended, end = (now + share * seconds for share in _UNTIL)
    traded = traded and search.budget is None
    priced = replace(search, price=search.contact_price) if traded else search
    found = by_cuts(replace(priced, ends=cuts), begun, on_stage)
    found = polish(replace(priced, ends=smoothed if traded else end), found)
    if found.slack.short > 0 and traded:
        found = by_cuts(replace(search, ends=mended), found.staffing, on_stage)
        found = polish(replace(search, ends=end), found)
    return mend(search, found)


def _seconds_a_replication(evaluator: Evaluator) -> float:
    """How long one takes, once all is compiled and the customers are there."""
    staffing = evaluator.scenario.staffing
    evaluator.evaluate(staffing)
    begun = time.monotonic()
    evaluator.evaluate(staffing)
    return (time.monotonic() - begun) / evaluator.replications


def _blocked(search: Search, best: Tried) -> tuple[Blocked, ...]:
    """Why parts of the goal are missed, if any are."""
    goal, bounds = search.goal, search.bounds
    if goal.is_kept(best.played):
        return ()
    scenario = search.evaluator.scenario
    # As many agents as there may be, or far more than are planned: does that help?
    full = np.where(bounds.on_duty, np.minimum(bounds.most, FULL * best.staffing + 10), best.staffing)
    even_so = {miss.place for miss in missed(goal, search.evaluator.evaluate(full))}

    def why(miss: Missed) -> tuple[Reason, tuple[int, ...]]:
        if search.budget is not None:
            return "budget", ()
        if miss.place not in even_so:
            return "search ended", ()
        serving = [g for g, group in enumerate(scenario.groups) if miss.which in {s.channel for s in group.skills}]
        part = miss.intervals
        at_most = tuple(
            g
            for g in ([miss.which] if miss.limit == "occupancy" else serving)
            if (full[g] == bounds.most[g])[part][bounds.on_duty[g, part]].any()
        )
        return ("maximum", at_most) if at_most else ("agents do not help", ())

    return blocked(goal, best.played, why)


def least_cost(
    evaluator: Evaluator,
    goal: Goal,
    bounds: Bounds | None = None,
    *,
    start: Ints | None = None,
    rough: int | None = None,
    time_limit: float = 240.0,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> MultiSkill:
    """The cheapest staffing found that keeps the goal; parameters as for `search_for` and `multi_skill`."""
    return multi_skill(
        search_for(evaluator, goal, bounds, rough=rough, time_limit=time_limit), start=start, on_stage=on_stage
    )


def best_service(
    evaluator: Evaluator,
    goal: Goal,
    bounds: Bounds | None = None,
    *,
    hours: float | None = None,
    money: float | None = None,
    rough: int | None = None,
    time_limit: float = 240.0,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> MultiSkill:
    """The staffing found that misses least of the goal within a budget; parameters as for `search_for`."""
    search = search_for(evaluator, goal, bounds, rough=rough, hours=hours, money=money, time_limit=time_limit)
    return multi_skill(search, on_stage=on_stage)
