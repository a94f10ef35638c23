"""Shifts that simulation says are enough: against every plan of shifts there is, and what is promised beside the cost."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from shift_cases import catalogue, kind
from small_centres import SMALL_CENTRES, SmallCentre, Truth

from simulator.planning import Goal, require
from simulator.planning.shifts.by_simulation import EnoughShifts, enough_shifts
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
    played = other.play(found.staffing)
    print(centre.name, best, found.cost, found.covered_cost, found.covered_kept, found.rounds)
    assert other.goal.is_kept(played)
    assert found.plan.cost + other.pay.overtime(played) <= 1.02 * best
