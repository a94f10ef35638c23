"""Heads: the shifts of a plan dealt out to people without names, who each keep the rules."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from shift_cases import HOUR, catalogue, centre, kind

from simulator.planning.cover import UncoverableError, cover
from simulator.planning.lines import OFF, Lines, lines_of_work
from simulator.planning.shifts import PossibleShifts, possible_shifts
from simulator.scenario.shift_catalogue import GroupShifts


def check(shifts: PossibleShifts, count: np.ndarray, lines: Lines) -> None:
    """Every shift is dealt out, and each person keeps the rules; seen person by person."""
    rules = shifts.rules[lines.group]
    dealt = np.bincount(lines.shift[lines.shift != OFF], minlength=len(shifts))
    own = shifts.group == lines.group
    assert np.array_equal(dealt[own], count[own])
    for person in lines.shift:
        mine = person[person != OFF]
        assert all(shifts.day[shift] + 1 == place for place, shift in enumerate(person) if shift != OFF)
        start = shifts.day[mine] * 24 * HOUR + shifts.start[mine]
        assert (start[1:] >= (start + shifts.length[mine])[:-1] + rules.rest).all()
        for week in np.unique(shifts.week[mine]):
            in_week = mine[shifts.week[mine] == week]
            assert len(in_week) <= rules.shifts_per_week
            assert rules.hours_per_week is None or shifts.work[in_week].sum() <= rules.hours_per_week


@pytest.mark.parametrize("seed", range(60))
def test_five_days_of_seven_take_as_many_people_as_the_formula_says(seed: int) -> None:
    """Burns and Carter (1985), any days off: the busiest day, or the week's shifts over five, rounded up."""
    luck = np.random.default_rng(seed)
    rules = GroupShifts(0, (kind([8, 12], [8]),), shifts_per_week=5)
    shifts = possible_shifts(centre(14), catalogue(rules))
    need = np.where(luck.random(14) < 0.2, 0, luck.integers(0, 40, 14))
    count = np.zeros(len(shifts), dtype=np.int64)
    early = luck.integers(0, need + 1)
    for day in range(14):
        count[np.flatnonzero(shifts.day == day)] = [early[day], need[day] - early[day]]
    lines = lines_of_work(shifts, count, rules)
    check(shifts, count, lines)
    weeks = need.reshape(2, 7)
    assert lines.heads == lines.at_least == max(need.max(), *(math.ceil(total / 5) for total in weeks.sum(axis=1)))


@pytest.mark.parametrize("seed", range(60))
def test_with_a_rest_between_shifts_the_bound_is_reached(seed: int) -> None:
    """Round the clock with a rest of eleven hours and no limit by the week."""
    luck = np.random.default_rng(seed)
    rules = GroupShifts(0, (kind([0, 6, 9, 14, 16, 22], [8, 9]),), rest=11 * HOUR)
    shifts = possible_shifts(centre(6), catalogue(rules))
    count = np.where(luck.random(len(shifts)) < 0.5, 0, luck.integers(0, 6, len(shifts)))
    lines = lines_of_work(shifts, count, rules)
    check(shifts, count, lines)
    assert lines.heads == lines.at_least


def fewest(shifts: PossibleShifts, count: np.ndarray, rules: GroupShifts) -> int:
    """People by trying all: every line of work that keeps the rules, and the fewest that make up the plan."""
    by_day = [
        [OFF, *np.flatnonzero((shifts.day == day) & (count > 0)).tolist()] for day in range(int(shifts.day.max()) + 1)
    ]
    columns = set()
    for line in itertools.product(*by_day):
        mine = np.array([shift for shift in line if shift != OFF], dtype=np.int64)
        start = shifts.day[mine] * 24 * HOUR + shifts.start[mine]
        rested = (start[1:] >= (start + shifts.length[mine])[:-1] + rules.rest).all()
        hours = rules.hours_per_week is None or shifts.work[mine].sum() <= rules.hours_per_week
        if mine.size and len(mine) <= rules.shifts_per_week and rested and hours:
            columns.add(tuple(mine.tolist()))

    def possible(left: tuple[int, ...], people: int) -> bool:
        first = next((shift for shift, number in enumerate(left) if number), None)
        if first is None:
            return True
        if people == 0:
            return False
        # Somebody works the first of the shifts that are left; it may be taken that each line is as long as it can be.
        for column in columns:
            if column[0] == first and all(left[shift] for shift in column):
                rest = list(left)
                for shift in column:
                    rest[shift] -= 1
                if possible(tuple(rest), people - 1):
                    return True
        return False

    return next(people for people in itertools.count() if possible(tuple(count.tolist()), people))


@pytest.mark.parametrize("seed", range(50))
def test_with_all_rules_at_once_the_lines_are_as_few_as_exhaustive_search_finds_or_say_so(seed: int) -> None:
    luck = np.random.default_rng(3000 + seed)
    rules = GroupShifts(
        0,
        (kind([7, 15], [7, 8]),),
        rest=11 * HOUR,
        shifts_per_week=int(luck.integers(2, 5)),
        hours_per_week=int(luck.integers(15, 30)) * HOUR,
    )
    shifts = possible_shifts(centre(4), catalogue(rules))
    count = np.where(luck.random(len(shifts)) < 0.65, 0, luck.integers(0, 3, len(shifts)))
    lines = lines_of_work(shifts, count, rules)
    check(shifts, count, lines)
    assert lines.at_least <= fewest(shifts, count, rules) <= lines.heads <= lines.at_least + 1


@pytest.mark.parametrize("seed", range(20))
def test_a_plan_for_so_many_heads_is_one_that_they_can_work(seed: int) -> None:
    luck = np.random.default_rng(seed)
    rules = GroupShifts(
        0,
        (kind([6, 8, 10, 13, 14], [6, 8]),),
        heads=9,
        rest=11 * HOUR,
        shifts_per_week=5,
        hours_per_week=38 * HOUR,
    )
    shifts = possible_shifts(centre(7), catalogue(rules))
    need = np.zeros((7, 24), dtype=np.int64)
    need[:, 8:20] = luck.integers(0, 5, (7, 12))
    try:
        plan = cover(shifts, need.reshape(1, -1))
    except UncoverableError:
        # Then nine do not suffice for what is cheapest without a limit on heads either.
        free = possible_shifts(centre(7), catalogue(GroupShifts(0, rules.kinds)))
        count = cover(free, need.reshape(1, -1)).count
        assert lines_of_work(shifts, count, rules).at_least > 9
        return
    check(shifts, plan.count, plan.lines[0])
    assert plan.lines[0].heads <= 9
    assert not plan.short.any()


@pytest.mark.parametrize(("heads", "cost"), [(8, 480), (7, 500), (6, 520)])
def test_with_fewer_heads_some_rest_and_others_work_dearer_shifts(heads: int, cost: int) -> None:
    """Four work until 22:00 and may start again at 07:00; from 06:00 two are needed, and four from 07:00.

    Who starts at 06:00 is paid 6 hours, who starts at 07:00 is paid 8.
    """
    rules = GroupShifts(0, (kind([16], [6]), kind([6], [6]), kind([7], [8])), heads=heads, rest=9 * HOUR)
    need = np.zeros((2, 24), dtype=np.int64)
    need[0, 16:22], need[1, 6], need[1, 7:12] = 4, 2, 4
    plan = cover(possible_shifts(centre(2), catalogue(rules)), need.reshape(1, -1))
    assert plan.cost == cost
    assert plan.lines[0].heads <= heads
