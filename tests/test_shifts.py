"""From a catalogue to what its shifts give: worked by hand, on days of 24 hours and of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from shift_cases import HOUR, catalogue, centre, kind
from small_scenarios import loaded

from simulator.planning.shifts.cover import cover
from simulator.planning.shifts.possible import PossibleShifts, possible_shifts
from simulator.planning.staffing.evaluator import Evaluator
from simulator.scenario import load_scenario
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.shift_catalogue import GroupShifts
from simulator.scenario.shift_file import load_shifts

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"


def given(shifts: PossibleShifts, shift: int) -> list[int]:
    """Intervals that a shift covers."""
    return np.flatnonzero(shifts.gives[:, [shift]].toarray()).tolist()


def test_a_shift_covers_the_intervals_from_its_start_to_its_end() -> None:
    shifts = possible_shifts(centre(2, HOUR // 2), catalogue(GroupShifts(0, (kind([8, 20.5], [2, 3]),))))
    assert len(shifts) == 8
    found = {shifts.label(shift): given(shifts, shift) for shift in range(len(shifts))}
    assert found["Mon 1 Jun 08:00-10:00"] == [16, 17, 18, 19]
    assert found["Tue 2 Jun 20:30-23:30"] == [89, 90, 91, 92, 93, 94]
    assert shifts.paid.tolist() == [7200, 10800] * 4


def test_a_night_shift_counts_with_its_part_within_the_horizon() -> None:
    shifts = possible_shifts(centre(1), catalogue(GroupShifts(0, (kind([22], [8], breaks=[(4, 4, 1, False)]),))))
    assert shifts.day.tolist() == [-1, 0]
    assert [given(shifts, shift) for shift in (0, 1)] == [[0, 1, 2, 3, 4, 5], [22, 23]]
    # The break of the eve's shift is from 02:00, that of the other beyond the horizon.
    assert [given(shifts, place) for place in (2, 3)] == [[2], []]
    assert shifts.paid.tolist() == [6 * HOUR, 2 * HOUR, -HOUR, 0]
    assert shifts.work.tolist() == [7 * HOUR, 7 * HOUR]


def test_shifts_lie_within_the_hours_they_are_allowed_in() -> None:
    """Whit Monday is no holiday of this centre; the Saturday is shorter, and on Sunday nobody comes."""
    kinds = (kind([8, 12], [4, 8], within="mon-fri 08:00-20:00; sat 08:00-16:00"),)
    shifts = possible_shifts(centre(7), catalogue(GroupShifts(0, kinds)))
    by_day = [
        sorted({shifts.label(s)[-11:] for s in np.flatnonzero(shifts.day == day).tolist()}) for day in range(-1, 7)
    ]
    week = ["08:00-12:00", "08:00-16:00", "12:00-16:00", "12:00-20:00"]
    assert by_day == [[], *[week] * 5, week[:3], []]


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    night = catalogue(GroupShifts(0, (kind([22], [8], breaks=[(5, 5, 1, False)]),)))
    spring = possible_shifts(centre(2, start=date(2026, 3, 28), timezone="Europe/Helsinki"), night)
    autumn = possible_shifts(centre(2, start=date(2026, 10, 24), timezone="Europe/Helsinki"), night)
    assert (spring.scenario.calendar.intervals, autumn.scenario.calendar.intervals) == (47, 49)
    # Clocks go from 03:00 to 04:00, and from 04:00 back to 03:00; the break at 03:00 is left out, or taken twice.
    assert given(spring, 1) == [22, 23, 24, 25, 26, 27, 28]
    assert given(autumn, 1) == [22, 23, 24, 25, 26, 27, 28, 29, 30]
    assert (spring.paid[1], autumn.paid[1]) == (7 * HOUR, 9 * HOUR)
    first = len(spring) + int(np.flatnonzero(spring.break_shift == 1)[0])
    assert (given(spring, first), given(autumn, first)) == ([], [27, 28])


def test_a_shift_costs_its_paid_hours_with_shrinkage_and_premiums() -> None:
    rules = GroupShifts(
        0,
        (kind([12], [8], breaks=[(4, 6, 1, False)]),),
        premium=((WeeklyHours.parse("mon-sat 17:00-24:00"), 1.2), (WeeklyHours.parse("sun 00:00-24:00"), 2.0)),
    )
    shifts = possible_shifts(centre(7, costs=(30.0,), shrinkage=0.25), catalogue(rules))
    hour = 30 / 0.75
    assert shifts.cost[[0, 6]] == pytest.approx([hour * (5 + 3 * 1.2), hour * 8 * 2])
    # A break from 16:00 saves a plain hour, from 17:00 and 18:00 one with a premium.
    assert shifts.break_start[:3].tolist() == [4 * HOUR, 5 * HOUR, 6 * HOUR]
    assert shifts.cost[7:10] == pytest.approx([-hour, -1.2 * hour, -1.2 * hour])
    need = np.zeros((1, 168), dtype=np.int64)
    need[0, 12] = 1
    plan = cover(shifts, need)
    assert plan.cost == pytest.approx(hour * (8 + 0.2 * 3 - 1.2))
    assert plan.paid_hours[0] == pytest.approx(7 / 0.75)


def test_the_figures_of_a_plan_worked_by_hand() -> None:
    """Two groups at 25 % shrinkage: three and one in shifts of eight hours, half an hour of them unpaid."""
    lunch = (kind([8], [8], breaks=[(4, 4, 0.5, False)]),)
    shifts = possible_shifts(
        centre(7, HOUR // 2, costs=(30.0, 20.0), shrinkage=0.25),
        catalogue(GroupShifts(0, lunch, shifts_per_week=2), GroupShifts(1, lunch)),
    )
    need = np.zeros((2, 7, 48), dtype=np.int64)
    need[0, :5, 20], need[1, 0, 20], need[0, 0, 21] = 3, 1, 1
    plan = cover(shifts, need.reshape(2, -1))
    assert plan.count.sum() == 16
    assert plan.heads.tolist() == [[3, 3, 3, 3, 3, 0, 0], [1, 0, 0, 0, 0, 0, 0]]
    assert plan.hours.tolist() == [15 * 7.5, 7.5]
    assert plan.paid_hours == pytest.approx([150.0, 10.0])
    assert plan.cost == pytest.approx(150 * 30 + 10 * 20)
    assert plan.fte(37.5) == pytest.approx([4.0, 10 / 37.5])
    assert plan.fte(37.5, with_shrinkage=False) == pytest.approx([3.0, 7.5 / 37.5])
    # 15 shifts, two for each of eight people; 8 / 0.75 makes eleven.
    assert (plan.lines[0].heads, plan.people(0)) == (8, 11)
    # Three of four rostered come, so 3 / 0.75 = 4 for each shift, and 1 / 0.75 rounded up to 2.
    assert set(plan.to_roster()[plan.count > 0]) == {2, 4}
    assert plan.price_of_rounding == pytest.approx((2 * 0.75 - 1) * 7.5 * 20 / 0.75)
    first, *_, last = plan.worked()
    assert first == ("Group 0", "Shift", date(2026, 6, 1), 8 * HOUR, 16 * HOUR, 3, 4, (("b0", 12 * HOUR, 3),))
    assert last == ("Group 1", "Shift", date(2026, 6, 1), 8 * HOUR, 16 * HOUR, 1, 2, (("b0", 12 * HOUR, 1),))
    staffing = plan.staffing.reshape(2, 7, 48)
    assert staffing[0, 0].tolist() == [0] * 16 + [3] * 8 + [0] + [3] * 7 + [0] * 16
    assert np.array_equal(plan.over, plan.staffing - plan.requirement)


@pytest.mark.parametrize("path", sorted((SCENARIOS / "shifts").glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_catalogue_covers_a_shipped_scenario(path: Path) -> None:
    """Half of the scenario's own staffing is there; of the scenario of that name, or else of that of Black Friday."""
    own = SCENARIOS / path.name
    scenario = load_scenario(own if own.exists() else SCENARIOS / "black-friday.toml")
    shifts = possible_shifts(scenario, load_shifts(path, scenario))
    need = np.array([group.staffing for group in scenario.groups]) // 2
    plan = cover(shifts, need, gap=0.02)
    assert not plan.short.any()
    assert plan.gap <= 0.02
    played = replace(
        scenario,
        groups=tuple(
            replace(group, staffing=tuple(row))
            for group, row in zip(scenario.groups, plan.staffing.tolist(), strict=True)
        ),
    )
    assert np.array_equal(played.staffing, plan.staffing)


def test_the_staffing_that_shifts_give_can_be_played(tmp_path: Path) -> None:
    """From 9 to 11:30 on two days; who works the longer of two shifts is there for a while before."""
    scenario = loaded(tmp_path)
    shifts = possible_shifts(scenario, catalogue(GroupShifts(0, (kind([8.5], [3]), kind([9], [1])))))
    plan = cover(shifts, np.array([group.staffing for group in scenario.groups]))
    played = Evaluator(scenario, replications=2, seed=3).evaluate(plan.staffing)
    assert np.array_equal(played.staffing, plan.staffing)
    assert (played.staffed == plan.staffing * scenario.calendar.interval).all()
    assert plan.staffing.sum(axis=1).tolist() == [2 * 4 * 6]
