"""Shifts that simulation says are enough: held against every plan of shifts there is, and the parts by hand."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.sparse import csr_array
from shift_cases import catalogue, centre, kind
from small_centres import SMALL_CENTRES, SmallCentre, Truth

from simulator.planning import Goal, require
from simulator.planning.shifts.by_simulation import EnoughShifts, enough_shifts
from simulator.planning.shifts.cover import cover
from simulator.planning.shifts.near import Near
from simulator.planning.shifts.possible import possible_shifts
from simulator.scenario.shift_catalogue import GroupShifts

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.planning.shifts.possible import PossibleShifts
    from simulator.scenario import Scenario
    from simulator.scenario.shift_catalogue import ShiftCatalogue, ShiftKind

    Ints = NDArray[np.int64]

CENTRE = {centre.name: centre for centre in SMALL_CENTRES}


def _one_queue(calls: int) -> SmallCentre:
    """Callers of a phone alone, so many on a day: twice as many in the middle hour of three."""
    three = CENTRE["three-hours-day"].text
    of_phone = slice(three.index("[channels.phone]"), three.index("[channels.chat]"))
    of_callers = slice(three.index("[groups.callers]"), three.index("[groups.both]"))
    text = three[: of_phone.start] + three[of_phone].replace("per_week = 280", f"per_week = {7 * calls}")
    return SmallCentre(f"phone-{calls}", text + three[of_callers], "day", (20,))


PAIRS = (kind([9, 10], [2]),)
"""Two of the three hours from 9 to 12."""
FROM_NINE = (kind([9], [3]), kind([9], [1]))
"""All three, or the first: who is there in the busy hour stays for the quiet one."""


def _shifts(scenario: Scenario, kinds: tuple[ShiftKind, ...]) -> ShiftCatalogue:
    return catalogue(*(GroupShifts(group=g, kinds=kinds) for g in range(len(scenario.groups))))


def _cheapest(truth: Truth, other: Truth, shifts: PossibleShifts, most: int) -> float:
    """The least cost of all plans of so many agents a shift at most that keep the goal on many days, and on others.

    A staffing that has no more agents anywhere than one that misses the goal by far misses it too, and is not played.
    """
    gives = shifts.gives.toarray().astype(np.int64)
    every = np.array(list(product(range(most + 1), repeat=len(shifts))))
    cost = every @ shifts.cost
    missed: list[Ints] = []
    best = np.inf
    for number in np.argsort(cost, kind="stable"):
        if cost[number] >= best:
            break
        staffing = (gives @ every[number]).reshape(len(shifts.scenario.groups), -1)
        if any((staffing <= each).all() for each in missed):
            continue
        played = truth.play(staffing)
        if not truth.goal.is_kept(played):
            if np.nanmax(truth.goal.level[:, None] - truth.goal.attained(played)) > 0.06:
                missed.append(staffing)
        elif other.goal.is_kept(other.play(staffing)):
            best = min(best, cost[number] + truth.pay.overtime(played))
    return float(best)


def _found(scenario: Scenario, goal: Goal, shifts: ShiftCatalogue) -> EnoughShifts:
    requirement = require(scenario, goal, replications=60, seed=1, time_limit=1e6)
    return enough_shifts(requirement, shifts, time_limit=1e6)


@pytest.mark.parametrize(
    ("centre", "kinds", "most"),
    [(_one_queue(150), FROM_NINE, 9), (_one_queue(100), PAIRS, 9), (CENTRE["three-hours-day"], PAIRS, 4)],
    ids=["late", "pairs", "two groups"],
)
def test_no_plan_of_shifts_is_cheaper_by_more_than_two_percent(
    centre: SmallCentre, kinds: tuple[ShiftKind, ...], most: int, tmp_path: Path
) -> None:
    truth, other = Truth(centre, tmp_path, seed=77, plays=2), Truth(centre, tmp_path, seed=501, plays=4)
    day = centre.scenario(tmp_path)
    shifts = _shifts(day, kinds)
    best = _cheapest(truth, other, possible_shifts(day, shifts), most)
    found = _found(day, centre.goal(day), shifts)
    assert found.kept
    assert found.cost <= found.covered_cost or not found.covered_kept
    played = other.play(found.staffing)
    assert other.goal.is_kept(played)
    assert found.plan.cost + other.pay.overtime(played) <= 1.02 * best


def test_what_no_shift_covers_is_made_good_elsewhere(tmp_path: Path) -> None:
    """Nobody can be there in the first of three hours, a quarter of the calls: the other two keep the day's target."""
    day = _one_queue(100).scenario(tmp_path)
    found = _found(day, Goal.of(day, period="day"), _shifts(day, (kind([10], [2], most=12),)))
    assert found.uncovered[0].startswith("No shift covers Callers Fri 1 May 09:00")
    assert not found.staffing[0, 9]
    assert not found.kept
    assert found.fitted.blocked
    # With a target that leaves the first hour out of account, they do.
    goal = Goal.of(day, period="day").with_shares([0.6])
    easier = _found(day, goal, _shifts(day, (kind([10], [2], most=12),)))
    assert easier.kept
    assert easier.plan.count.sum() <= 12


def _programme(slack: float, changes: float = np.inf) -> Ints:
    """Agents of two hours, 3 each as played; one fewer takes 0.6 of the slack, one more adds 0.5."""
    scenario = centre()
    at = np.zeros((1, 24), dtype=np.int64)
    at[0, 9:11] = 3
    free = at > 0
    effect = csr_array(free.reshape(1, -1).astype(np.float64))
    near = Near(
        at=at,
        free=free,
        room_up=np.where(free, 2, 0),
        room_down=np.where(free, 2, 0),
        gain=effect * 0.5,
        loss=effect * 0.6,
        slack=np.array([slack]),
        price=np.zeros(24),
        friction=np.zeros(24),
        price_of_missing=1000.0,
        changes=changes,
    )
    return cover(possible_shifts(scenario, catalogue()), near=near).staffing[0, 9:11]


@pytest.mark.parametrize(
    ("slack", "agents"),
    [
        (0.5, (3, 3)),
        (1.0, (2, 3)),
        (1.3, (2, 2)),  # not two of one hour, the second of which takes 0.6 x 1.8
        (2.3, (1, 2)),
        (-0.4, (3, 4)),
        (-0.9, (4, 4)),  # not two in one hour, the second of whom adds 0.5 x 0.6
    ],
)
def test_agents_go_as_far_as_the_slack_lets_them_and_come_where_it_is_short(
    slack: float, agents: tuple[int, int]
) -> None:
    assert tuple(sorted(_programme(slack).tolist())) == agents


def test_a_short_step_changes_no_more_than_it_may() -> None:
    assert np.abs(_programme(2.3, changes=1.0) - 3).sum() == 1


def test_no_more_agents_are_on_duty_than_there_may_be() -> None:
    """3 are needed at nine and 1 at ten; shifts last two hours, and 2 may be there at eleven."""
    scenario = centre()
    need, most = np.zeros((1, 24), dtype=np.int64), np.full((1, 24), 9)
    need[0, 9], need[0, 10], most[0, 11] = 3, 1, 2
    shifts = possible_shifts(scenario, catalogue(GroupShifts(group=0, kinds=(kind([8, 9, 10], [2]),))))
    assert cover(shifts, need, most=most).staffing[0, 11] <= 2
    most[0, 10] = 1
    assert cover(shifts, need, most=most).staffing[0, 8:12].tolist() == [2, 3, 1, 0]
    with pytest.raises(ValueError, match="no fewer than are required"):
        cover(shifts, need, most=np.zeros_like(most))
