"""The cheapest shifts found that keep a goal: cuts on shifts, not on intervals.

A requirement says how many agents are enough where each interval has its own. Shifts are longer than that: those that
cover a requirement give more than it in many intervals, and where targets are judged by the day, or agents come free
of what is in hand, fewer elsewhere are then enough. So the shifts that cover the requirement are only the beginning:

1. they are played on the customers that the requirement was fitted to;
2. what one agent more and one fewer in each interval does to each target is measured there (`staffing.gradient`);
3. an integer programme over the numbers of shifts finds the cheapest near by that keep all targets by these effects
   (`near`), and the rules of the catalogue;
4. its proposal is played. If it keeps the goal and costs less, the search goes on from there, with new effects;
   otherwise the cuts that it failed are tightened, then the steps are made shorter;
5. in the end shifts are left out or exchanged one by one, each change played (`moves`).

A cover that misses the goal is mended in the same way, and so is one that leaves a part of the requirement open because
no shift can be there.

What is guaranteed
------------------
The shifts keep the rules of the catalogue. If `kept` is true they keep the goal on the customers that they were fitted
to, as played. How they fare on others is what `checked` tells; where it is missed there, but not by the requirement,
and there is time, the search goes on for shifts with slack beyond it: they may cost more than a cover that just keeps
it. That there are no cheaper ones is not guaranteed: `covered` has a proven gap, what simulation makes of it has none.
On small centres it is compared with every plan there is (`tests/test_enough_shifts.py`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, diags_array

from simulator.planning.shifts.cover import NO_CEILING, OutOfTimeError, UncoverableError, cover
from simulator.planning.shifts.moves import by_moves
from simulator.planning.shifts.near import Near
from simulator.planning.shifts.possible import possible_shifts
from simulator.planning.shifts.tried import ShiftSearch
from simulator.planning.staffing.blocked import blocked
from simulator.planning.staffing.cuts import ATTEMPTS, BEYOND, FEWEST_CHANGES, FORGOTTEN, WORTH_GOING_ON, Stage
from simulator.planning.staffing.gradient import touched
from simulator.planning.staffing.multi_skill import CHECKS, ROUNDS, Checked
from simulator.planning.staffing.slack import slack
from simulator.planning.staffing.step import FRICTION, SHORT_PRICE, lessened

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.planning.shifts.possible import PossibleShifts
    from simulator.planning.shifts.shift_plan import ShiftPlan
    from simulator.planning.shifts.tried import TriedShifts
    from simulator.planning.staffing.bounds import Bounds
    from simulator.planning.staffing.cuts import Search, Tried
    from simulator.planning.staffing.evaluator import Played
    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.gradient import Effects
    from simulator.planning.staffing.requirement import Requirement
    from simulator.scenario.model import Scenario
    from simulator.scenario.shift_catalogue import ShiftCatalogue

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

GAP = 5e-4
"""Share of the cost by which the cover may miss its optimum,"""
_GAP_OF_STEPS = 2e-3
"""and a step, which is made of estimates."""
_FOR_COVER = 0.25
"""Of the time limit, for the cover of the requirement at most."""
_SECONDS_A_STEP, _OF_LIMIT = 3.0, 0.05
"""A programme may take so many seconds, or this share of the time limit, if that is more."""
_FEWEST_SECONDS = 0.5
_FOR_STEPS = 0.7
"""Of the time left to a round; the rest is for single shifts."""
_PRICE_OF_OPEN = 1000.0
"""Times the price of the dearest agent-hour, for requirement that is left open: it is the last thing to be done."""


@dataclass(frozen=True, eq=False)
class EnoughShifts:
    """Shifts that simulation says are enough, beside those that cover the requirement."""

    requirement: Requirement
    plan: ShiftPlan
    """The shifts. Its `requirement` is that of the cover: `short` is where simulation says that fewer are enough."""
    search: Search
    """The customers that they were fitted to, those of the requirement, and the slack that is kept beyond the goal."""
    found: Tried
    """Their staffing on these customers."""
    cost: float
    """Of the shifts and of overtime there, in paid hours where nothing has a price."""
    checked: Checked
    """On other customers."""
    covered: ShiftPlan
    """The cheapest shifts found that cover the requirement, with their bound and gap."""
    covered_kept: bool
    """Whether these keep the goal and the requirement's slack, on the customers that it was fitted to."""
    covered_cost: float
    """As `cost`."""
    uncovered: tuple[str, ...]
    """Why no shifts of the catalogue cover the requirement, in sentences; then `covered` leaves as little of it open as
    can be. Empty if they do."""
    rounds: int
    """Searches that were made: with more than one, the shifts keep slack beyond the goal."""

    @property
    def goal(self) -> Goal:
        """What the shifts are to keep."""
        return self.requirement.goal

    @property
    def staffing(self) -> Ints:
        """[group, interval] Agents on duty."""
        return self.plan.staffing

    @cached_property
    def fitted(self) -> Requirement:
        """The staffing of the shifts in the place of the requirement, for whoever tells what a staffing is worth."""
        return replace(
            self.requirement,
            method="shifts",
            search=self.search,
            found=self.found,
            checked=self.checked,
            blocked=blocked(self.goal, self.played, lambda _: ("search ended", ())),
            surplus=np.full(self.staffing.shape, np.nan),
        )

    @property
    def played(self) -> Played:
        """Their staffing on the customers that they were fitted to."""
        return self.found.played

    @property
    def kept(self) -> bool:
        """Whether the goal is kept on the customers that the shifts were fitted to."""
        return self.goal.is_kept(self.played)


def enough_shifts(
    requirement: Requirement,
    catalogue: ShiftCatalogue,
    *,
    checks: int | None = None,
    time_limit: float = 120.0,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> EnoughShifts:
    """The cheapest shifts found with which the goal of a requirement is kept.

    Parameters
    ----------
    checks
        Replications of fresh customers that the end is played on; by default some times those of the requirement.
    time_limit
        Seconds, by the clock. What was found by then is taken.

    Raises
    ------
    UncoverableError
        If no shifts of the catalogue give the fewest agents that there have to be.
    OutOfTimeError
        If no plan was found within the time limit.
    TooManyShiftsError
        If the catalogue allows too many.
    """
    began = time.monotonic()
    evaluator, goal = requirement.evaluator, requirement.goal
    search = replace(requirement.search, ends=began + time_limit)
    shifts = possible_shifts(evaluator.scenario, catalogue)
    ceiling = _ceiling(evaluator.scenario, search.bounds)
    covered, uncovered = _covered(shifts, requirement.staffing, search.bounds.least, ceiling, _FOR_COVER * time_limit)
    among = ShiftSearch(search, ceiling, max(_SECONDS_A_STEP, _OF_LIMIT * time_limit))
    first = among.tried(covered)
    number = checks or CHECKS * evaluator.replications
    best, kept, rounds = first, None, 0
    while True:
        rounds += 1
        seconds = max(search.seconds_left, 0.0) * (0.5 if rounds == 1 and requirement.checked.kept else 1.0)
        ends = time.monotonic() + seconds
        of_steps = replace(among, search=replace(search, ends=time.monotonic() + _FOR_STEPS * seconds))
        best = _by_steps(of_steps, best, began, on_stage)
        best = by_moves(replace(among, search=replace(search, ends=ends)), best)
        on_stage(Stage(time.monotonic() - began, best.cost, best.tried.slack.short, 0.0))
        fresh = evaluator.on_fresh_seed(evaluator.seed + rounds, number)
        played = fresh.evaluate(best.plan.staffing)
        checked = Checked(played, fresh.seed, goal.is_kept(played))
        if goal.is_kept(best.tried.played):
            kept = best, checked, search
        elif kept is not None:
            # With a wider margin the search found less: what it found before is the plan.
            best, checked, search = kept
            break
        # Where the requirement itself has no slack for other customers, the shifts need none.
        enough = checked.kept or not requirement.checked.kept
        if enough or rounds == ROUNDS or search.seconds_left <= 0 or best.tried.slack.short > 0:
            break
        missing = np.maximum(-slack(goal, played).value, 0.0)
        search = replace(search, margin=missing if search.margin is None else search.margin + missing)
        among = replace(among, search=search)
        best = among.judge(best.plan, search.judge(best.tried.played))
    return EnoughShifts(
        requirement=requirement,
        plan=replace(best.plan, requirement=requirement.staffing),
        search=search,
        found=best.tried,
        cost=best.cost,
        checked=checked,
        covered=covered,
        covered_kept=first.tried.slack.short == 0,
        covered_cost=first.cost,
        uncovered=uncovered,
        rounds=rounds,
    )


def _ceiling(scenario: Scenario, bounds: Bounds) -> Ints:
    """[group, interval] Agents on duty at most: shifts may go on after hours, but not begin before their group does."""
    ceiling = np.where(bounds.on_duty, bounds.most, NO_CEILING)
    for g, group in enumerate(scenario.groups):
        if group.learning is not None:
            ceiling[g, ~group.learning.started(scenario.calendar)] = 0
    return np.minimum(np.maximum(ceiling, bounds.least), NO_CEILING)


def _covered(
    shifts: PossibleShifts, requirement: Ints, least: Ints, ceiling: Ints, seconds: float
) -> tuple[ShiftPlan, tuple[str, ...]]:
    """The cheapest shifts that cover a requirement, or as much of it as can be, and then why not all.

    Raises
    ------
    UncoverableError
        If no shifts give the fewest agents that there have to be.
    """
    try:
        return cover(shifts, requirement, most=ceiling, time_limit=seconds, gap=GAP), ()
    except UncoverableError as error:
        cover(shifts, least, most=ceiling, time_limit=seconds, gap=GAP)  # is that possible?
        paid = shifts.cost[: len(shifts)] / np.maximum(shifts.paid[: len(shifts)] / 3600.0, 1e-9)
        price = _PRICE_OF_OPEN * max(float(paid.max(initial=0.0)), 1.0)
        open_ = cover(shifts, requirement, most=ceiling, price_of_short=price, time_limit=seconds, gap=GAP)
        return open_, error.reasons


def _by_steps(among: ShiftSearch, at: TriedShifts, began: float, on_stage: Callable[[Stage], None]) -> TriedShifts:
    """The best shifts that steps by programme find."""
    best, changes = at, np.inf
    disappointment = np.zeros(at.tried.slack.value.size)
    while among.search.seconds_left > _FEWEST_SECONDS:
        was = best
        best, gap, changed, disappointment = _step_from(among, was, changes, disappointment)
        on_stage(Stage(time.monotonic() - began, best.cost, best.tried.slack.short, gap))
        if best.tried.slack.short < was.tried.slack.short or best.cost < (1.0 - WORTH_GOING_ON) * was.cost:
            changes *= 2.0
        elif changed <= FEWEST_CHANGES:
            break
        else:
            changes = max(min(changes, changed) / 3.0, 1.0)
    return best


def _step_from(
    among: ShiftSearch, at: TriedShifts, changes: float, disappointment: Floats
) -> tuple[TriedShifts, float, float, Floats]:
    """Better shifts than these, or themselves.

    Beside them: the gap of the programme, how many agents in how many intervals it changed, and by how much changes
    have disappointed.
    """
    search, shifts = among.search, at.plan.shifts
    found = search.effects_at(at.tried)
    touches = touched(search.evaluator.scenario, search.goal, search.reach, at.tried.slack.period)
    near = _near(among, at, found, changes)
    constant = near.slack
    best, gap, changed = at, 0.0, 0.0
    for attempt in range(ATTEMPTS):
        tightened = replace(
            near,
            slack=constant,
            gain=lessened(found.gain, disappointment),
            loss=_more(found.loss, touches, disappointment),
        )
        left = search.seconds_left
        if attempt and left < _FEWEST_SECONDS:
            break
        # Effects take many plays: one programme makes use of them, even if the time is over.
        seconds = min(among.seconds, max(left, _SECONDS_A_STEP))
        try:
            plan = cover(
                shifts, search.bounds.least, most=among.ceiling, near=tightened, time_limit=seconds, gap=_GAP_OF_STEPS
            )
        except (OutOfTimeError, UncoverableError):
            break
        gap = plan.gap
        change = np.where(near.free, plan.staffing - at.plan.staffing, 0)
        if np.array_equal(plan.count, at.plan.count) and not change.any():
            break
        changed = float(np.abs(change).sum())
        tried = among.tried(plan)
        best = among.best_of(best, tried)
        # The cuts pass through what was seen.
        fewer = touches @ np.maximum(-change, 0).ravel().astype(np.float64)
        less = tightened.promise(plan.staffing) - (tried.tried.slack.value - at.tried.slack.value).ravel()
        new = np.maximum(disappointment + less / np.maximum(fewer, 1.0), FORGOTTEN * disappointment)
        disappointment = np.where(fewer > 0, new, disappointment)
        if tried.tried.slack.short == 0.0:
            break
        constant = constant + BEYOND * np.minimum(tried.tried.slack.value.ravel(), 0.0)
    return best, gap, changed, disappointment


def _near(among: ShiftSearch, at: TriedShifts, found: Effects, changes: float) -> Near:
    """What is known near shifts that were played."""
    search, staffing = among.search, at.plan.staffing
    bounds, agent = search.bounds, search.pay.agent.ravel()
    free = bounds.on_duty & ((bounds.most > bounds.least) | (staffing > bounds.least))
    return Near(
        at=staffing,
        free=free,
        room_up=np.clip(among.ceiling - staffing, 0, 2),
        room_down=np.clip(staffing - bounds.least, 0, 2),
        gain=found.gain,
        loss=found.loss,
        slack=at.tried.slack.value.ravel(),
        price=found.price - agent,
        friction=FRICTION * agent,
        price_of_missing=SHORT_PRICE * float(np.median(found.price)),
        changes=changes,
    )


def _more(loss: csr_array, touches: csr_array, by: Floats) -> csr_array:
    """Each loss, and what is added in its row wherever an agent may matter."""
    more = csr_array(loss + diags_array(by) @ touches)
    more.eliminate_zeros()
    return more
