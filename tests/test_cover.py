"""The cheapest shifts: proven optima of the literature, exact methods of another kind, and exhaustive search."""

from __future__ import annotations

import itertools
import math
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csc_array
from shift_cases import HOUR, catalogue, centre, columns, kind

from simulator.planning.shifts.cover import Cut, UncoverableError, cover
from simulator.planning.shifts.possible import PossibleShifts, possible_shifts
from simulator.scenario.shift_catalogue import GroupShifts

DESIGN = tomllib.loads((Path(__file__).parent / "data" / "shift-design.toml").read_text(encoding="utf-8"))
TYPES = {"morning": (5, 8), "day": (9, 11), "afternoon": (13, 15), "night": (21, 23)}
"""First and last start of the four types of shifts in the instances of Musliu, Schaerf and Slany."""


@pytest.mark.parametrize("name", DESIGN)
def test_published_instances_of_shift_design_are_covered_without_an_hour_too_many(name: str) -> None:
    minutes, need = DESIGN[name]["minutes"], np.array([DESIGN[name]["need"]])
    step = minutes / 60
    lengths = np.arange(7, 9 + step / 2, step).tolist()
    kinds = tuple(kind(np.arange(first, last + step / 2, step).tolist(), lengths) for first, last in TYPES.values())
    shifts = possible_shifts(centre(7, 60 * minutes), catalogue(GroupShifts(0, kinds)))
    plan = cover(shifts, need)
    assert plan.proven
    assert plan.hours.sum() == pytest.approx(need.sum() * step)
    assert np.array_equal(plan.staffing, need)


def by_the_day(need: list[int], pattern: list[int]) -> tuple[PossibleShifts, np.ndarray]:
    """A cycle of periods, and one shift for each period to start in: it is worked where the pattern says."""
    count = len(need)
    gives = np.array([[pattern[(row - start) % count] for start in range(count)] for row in range(count)])
    return columns(centre(1, 24 * HOUR // count), gives, np.ones(count)), np.array([need])


def test_the_post_office_needs_23_people() -> None:
    """Winston, Operations Research: five days on and two off; the linear relaxation has 22 1/3."""
    gives = np.zeros((24, 7), dtype=np.int64)
    for start, day in itertools.product(range(7), range(5)):
        gives[(start + day) % 7, start] = 1
    need = np.zeros((1, 24), dtype=np.int64)
    need[0, :7] = [17, 13, 15, 19, 14, 16, 11]
    plan = cover(columns(centre(), gives, np.ones(7)), need)
    assert (plan.objective, plan.proven) == (23.0, True)


def test_the_call_centre_of_the_course_in_prague_needs_55_shifts_of_eight_hours() -> None:
    """An exercise of the course in combinatorial optimisation at CTU in Prague: any hour may start a shift."""
    need = [6, 6, 6, 6, 6, 8, 9, 12, 18, 22, 25, 21, 21, 20, 18, 21, 21, 24, 24, 18, 18, 18, 12, 8]
    plan = cover(*by_the_day(need, [1] * 8 + [0] * 16))
    assert (plan.objective, plan.proven) == (55.0, True)


def test_st_josephs_hospital_needs_100_nurses() -> None:
    """Guéret, Prins and Sevaux, Applications of Optimization with Xpress-MP, 14.4: 2 x 4 hours and 2 between them."""
    need = [15, 15, 15, 35, 40, 40, 40, 30, 31, 35, 30, 20]
    plan = cover(*by_the_day(need, [1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]))
    assert (plan.objective, plan.proven) == (100.0, True)


def cyclic_least(need: list[int], on: int) -> int:
    """Fewest people who work `on` periods in a row of a cycle, by shortest paths.

    With the number of people N given, the starts added up, y, are bound by differences alone, y(t) - y(t - on) >= need
    within the cycle and y(t) + N - y(t - on + cycle) >= need across its end, and whole numbers keep them if there is no
    negative cycle (Bartholdi, Orlin and Ratliff, Operations Research 28, 1980).
    """
    cycle = len(need)
    for people in itertools.count(max(need)):
        # y(t) is node t + 1, node 0 is 0; an edge u -> v of length w says y(v) <= y(u) + w.
        edges = [(t + 1, t, 0) for t in range(cycle)]
        edges += [(0, cycle, people), (cycle, 0, -people)]
        for t in range(cycle):
            if t >= on - 1:
                edges.append((t + 1, t + 1 - on, -need[t]))
            else:
                edges.append((t + 1, t + 1 - on + cycle, people - need[t]))
        distance = [0] * (cycle + 1)
        for _ in range(cycle + 1):
            for u, v, w in edges:
                distance[v] = min(distance[v], distance[u] + w)
        if all(distance[v] <= distance[u] + w for u, v, w in edges):
            return people
    raise AssertionError


@pytest.mark.parametrize("seed", range(60))
def test_cyclic_staffing_takes_as_few_people_as_shortest_paths_say(seed: int) -> None:
    luck = np.random.default_rng(seed)
    cycle = int(luck.choice([6, 8, 12, 24]))
    on = int(luck.integers(2, cycle))
    need = luck.integers(0, 30, cycle).tolist()
    plan = cover(*by_the_day(need, [1] * on + [0] * (cycle - on)))
    assert plan.proven
    assert plan.objective == cyclic_least(need, on)


@pytest.mark.parametrize("seed", range(60))
def test_shifts_of_one_length_take_as_few_as_starting_each_as_late_as_may_be(seed: int) -> None:
    luck = np.random.default_rng(1000 + seed)
    length, intervals = int(luck.integers(1, 9)), 24
    need = luck.integers(0, 12, intervals)
    starts = [float(hour) for hour in range(intervals - length + 1)]
    shifts = possible_shifts(centre(), catalogue(GroupShifts(0, (kind(starts, [length]),))))
    # From left to right: what the first hour still lacks must start by then, and later is never worse.
    started = np.zeros(intervals, dtype=np.int64)
    for hour in range(intervals):
        there = started[max(hour - length + 1, 0) : hour + 1].sum()
        started[min(hour, intervals - length)] += max(need[hour] - there, 0)
    plan = cover(shifts, need[None, :])
    assert plan.proven
    assert plan.count.sum() == started.sum()
    assert plan.cost == pytest.approx(10.0 * length * started.sum())


def cheapest(shifts: PossibleShifts, need: np.ndarray, cuts: list[Cut], price: float | None, most: int) -> float | None:
    """The least cost by trying all: breaks multiplied out, every number of each shift up to `most`."""
    gives = csc_array(shifts.gives).toarray()
    ways = []
    for shift in range(len(shifts)):
        own = np.flatnonzero(shifts.break_shift == shift)
        by_break = [
            (own[shifts.break_number[own] == number] + len(shifts)).tolist()
            for number in np.unique(shifts.break_number[own])
        ]
        ways += [[shift, *places] for places in itertools.product(*by_break)]
    column = np.array([gives[:, way].sum(axis=1) for way in ways]).T
    cost = np.array([shifts.cost[way].sum() for way in ways])
    hour = shifts.scenario.calendar.interval / 3600
    best = math.inf
    for numbers in itertools.product(range(most + 1), repeat=len(ways)):
        there = (column @ np.array(numbers)).reshape(need.shape)
        short = np.maximum(need - there, 0).sum()
        if (short and price is None) or any((cut.weight * there).sum() < cut.least - 1e-9 for cut in cuts):
            continue
        best = min(best, float(cost @ np.array(numbers)) + (price or 0.0) * hour * short)
    return None if math.isinf(best) else best


@pytest.mark.parametrize("seed", range(60))
def test_no_plan_of_exhaustive_search_is_cheaper(seed: int) -> None:
    """Breaks with several places, two groups of different price, cuts across them, shortage at a price."""
    luck = np.random.default_rng(2000 + seed)
    centre_ = centre(1, 4 * HOUR, costs=(10.0, 14.0))
    breaks = [(4, 8, 4, bool(luck.integers(2)))]
    own = GroupShifts(0, (kind([0, 4], [16], breaks=breaks),))
    other = GroupShifts(1, (kind([0, 12], [12], within="daily 00:00-24:00"),))
    shifts = possible_shifts(centre_, catalogue(own, other))
    keep = shifts.day == 0  # The eve's shifts would make too many combinations; the programme may use them no more.
    need = luck.integers(0, 3, (2, 6))
    need[:, [0, 5]] = 0
    cuts = []
    if luck.integers(2):
        cuts.append(Cut(luck.integers(0, 3, (2, 6)).astype(float), float(luck.integers(1, 12))))
    price = None if luck.integers(2) else float(luck.integers(4, 30))
    shifts = only(shifts, keep)
    least = cheapest(shifts, need, cuts, price, 3)
    if least is None:
        with pytest.raises(UncoverableError):
            cover(shifts, need, cuts=cuts, price_of_short=price)
        return
    plan = cover(shifts, need, cuts=cuts, price_of_short=price)
    assert plan.proven
    assert plan.objective == pytest.approx(least)
    assert plan.count.max() <= 3  # what exhaustive search has looked at
    assert all((cut.weight * plan.staffing).sum() >= cut.least - 1e-6 for cut in cuts)
    assert price is not None or not plan.short.any()


def only(shifts: PossibleShifts, keep: np.ndarray) -> PossibleShifts:
    """Some of the shifts, with their breaks."""
    number = np.cumsum(keep) - 1
    places = keep[shifts.break_shift]
    both = np.concatenate((keep, places))
    fields = ("group", "kind", "day", "start", "length", "work")
    return replace(
        shifts,
        **{field: getattr(shifts, field)[keep] for field in fields},
        break_shift=number[shifts.break_shift[places]],
        break_number=shifts.break_number[places],
        break_start=shifts.break_start[places],
        gives=shifts.gives[:, np.flatnonzero(both)],
        paid=shifts.paid[both],
        cost=shifts.cost[both],
    )


def test_a_hard_plan_is_cut_short_and_says_how_far_it_may_be_from_the_cheapest() -> None:
    """Columns with holes at random, of prices at random: a set covering that takes minutes to prove."""
    luck = np.random.default_rng(5)
    gives = (luck.random((96, 300)) < 0.15).astype(np.int64)
    cost = luck.integers(80, 120, 300).astype(float)
    need = luck.integers(1, 12, (1, 96))
    plan = cover(columns(centre(1, 900), gives, cost), need, time_limit=0.05)
    assert not plan.short.any()
    assert plan.objective == pytest.approx(plan.cost)
    assert not plan.proven
    relaxed = float(linprog(cost, A_ub=-gives, b_ub=-need[0]).fun or 0.0)
    assert relaxed * (1 - 1e-9) <= plan.bound < plan.cost  # above the relaxed optimum as far as the time was enough for
    assert plan.gap == pytest.approx(1 - plan.bound / plan.cost)
    assert plan.gap < 0.25


def test_breaks_are_placed_for_each_shift_and_cover_is_kept_in_them() -> None:
    luck = np.random.default_rng(6)
    kinds = (
        kind([h / 2 for h in range(12, 28)], [8.0], breaks=[(3, 5, 0.5, False), (6, 7, 0.5, True)]),
        kind([h / 2 for h in range(12, 34)], [4.0, 5.0], breaks=[(2, 3, 0.5, True)]),
    )
    shifts = possible_shifts(centre(2, 1800), catalogue(GroupShifts(0, kinds)))
    hours = (np.arange(96) % 48) / 2
    need = np.where((hours >= 8) & (hours < 20), luck.integers(1, 12, 96), 0)[None, :]
    plan = cover(shifts, need)
    assert plan.proven
    assert not plan.short.any()
    assert (np.bincount(shifts.break_shift, plan.placed, len(shifts)) == plan.count * breaks_of(shifts)).all()
    # On duty by another way of adding up: the half-hours of all shifts less those of all breaks.
    assert plan.staffing.sum() / 2 == (plan.count * shifts.length / 3600).sum() - plan.placed.sum() / 2
    unpaid = plan.placed[(shifts.kind[shifts.break_shift] == 0) & (shifts.break_number == 0)].sum()
    assert plan.hours[0] == (plan.count * shifts.length / 3600).sum() - unpaid / 2
    assert plan.cost == pytest.approx(10 * plan.hours[0])


def breaks_of(shifts: PossibleShifts) -> np.ndarray:
    """[shift] How many breaks each has."""
    pairs = np.unique(np.stack((shifts.break_shift, shifts.break_number)), axis=1)
    return np.bincount(pairs[0], minlength=len(shifts))


def test_a_gap_that_is_allowed_is_kept() -> None:
    shifts = possible_shifts(centre(), catalogue(GroupShifts(0, (kind(range(20), [5, 7]),))))
    need = np.random.default_rng(3).integers(0, 20, (1, 24))
    loose, tight = cover(shifts, need, gap=0.2), cover(shifts, need)
    assert tight.proven
    assert tight.objective <= loose.objective <= tight.objective / 0.8
    assert loose.bound <= tight.objective


def test_times_at_which_nobody_can_come_are_named() -> None:
    shifts = possible_shifts(centre(), catalogue(GroupShifts(0, (kind([8], [8]),))))
    need = np.zeros((1, 24), dtype=np.int64)
    need[0, [3, 9, 20]] = 1
    with pytest.raises(UncoverableError, match="No shift covers Group 0 Mon 1 Jun 03:00, Group 0 Mon 1 Jun 20:00"):
        cover(shifts, need)


@pytest.mark.parametrize(
    ("rules", "most", "early", "late", "culprit"),
    [
        (GroupShifts(0, (), heads=4), None, [2], [3], "Without heads it"),
        (GroupShifts(0, (), heads=4, shifts_per_week=4), None, [2] * 5, [2] * 5, "Without shifts_per_week it"),
        (GroupShifts(0, (), heads=4, hours_per_week=39 * HOUR), None, [2] * 5, [2] * 5, "Without hours_per_week it"),
        (GroupShifts(0, (), heads=5, rest=11 * HOUR), None, [0, 3], [3, 0], "Without rest it"),
        (GroupShifts(0, (), heads=9), 2, [1], [3], "Without most it"),
        (GroupShifts(0, (), heads=2), 2, [1], [3], "No single rule"),
    ],
)
def test_the_rule_that_is_in_the_way_is_named(
    rules: GroupShifts, most: int | None, early: list[int], late: list[int], culprit: str
) -> None:
    """Early shifts from 6 to 14, late ones from 14 to 22; so many are needed on the first days of a week."""
    shifts = possible_shifts(centre(7), catalogue(replace(rules, kinds=(kind([6, 14], [8], most=most),))))
    need = np.zeros((7, 24), dtype=np.int64)
    need[: len(early), 6:14], need[: len(late), 14:22] = np.array(early)[:, None], np.array(late)[:, None]
    with pytest.raises(UncoverableError, match="too few shifts for Group 0 ") as refused:
        cover(shifts, need.reshape(1, -1))
    assert culprit in str(refused.value), refused.value


def test_cuts_that_no_shifts_can_keep_are_told_apart_from_the_requirement() -> None:
    shifts = possible_shifts(centre(), catalogue(GroupShifts(0, (kind([8], [8]),), heads=3)))
    weight = np.zeros((1, 24))
    weight[0, 12] = 1.0
    assert cover(shifts, cuts=[Cut(weight, 2.5)]).count.sum() == 3
    with pytest.raises(UncoverableError, match="cuts ask for more"):
        cover(shifts, cuts=[Cut(weight, 3.5)])


def test_a_group_without_shifts_comes_by_the_interval() -> None:
    shifts = possible_shifts(centre(costs=(10.0, 8.0)), catalogue(GroupShifts(0, (kind([8], [8]),))))
    need = np.zeros((2, 24), dtype=np.int64)
    need[0, 10], need[1, 5:8] = 2, [1, 3, 2]
    plan = cover(shifts, need)
    assert np.array_equal(plan.staffing[1], need[1])
    assert plan.cost == 2 * 80 + 6 * 8
    assert plan.heads.tolist() == [[2], [3]]
    # A cut across both groups is bought where it is cheapest: two shifts of 8 h for 80 against hours for 8 each.
    weight = np.zeros((2, 24))
    weight[0, 8:16], weight[1, 8:16] = 1.0, 0.9
    assert cover(shifts, need, cuts=[Cut(weight, 20.0)]).cost == 2 * 80 + 6 * 8 + 5 * 8


def test_a_month_made_week_by_week_is_near_the_bound_and_keeps_the_heads() -> None:
    luck = np.random.default_rng(8)
    rules = GroupShifts(
        0,
        (kind(range(6, 14), [8], breaks=[(3, 5, 1, False)]), kind([*range(7, 17), 22], [5, 8])),
        heads=40,
        rest=11 * HOUR,
        shifts_per_week=5,
        hours_per_week=38 * HOUR,
    )
    shifts = possible_shifts(centre(28), catalogue(rules))
    need = np.zeros((28, 24), dtype=np.int64)
    need[:, 8:20], need[:, 20:], need[:, :6] = luck.integers(6, 14, (28, 12)), 1, 1
    plan = cover(shifts, need.reshape(1, -1), gap=0.01)
    assert plan.gap <= 0.01
    assert not plan.short.any()
    assert plan.lines[0].heads <= 40
