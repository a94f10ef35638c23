"""By which date to begin to seek people for the shifts of a plan: dates worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from shift_cases import HOUR, catalogue, centre, kind

from simulator.planning.ahead import TooLateError, ahead_of
from simulator.planning.shifts.cover import cover
from simulator.planning.shifts.possible import possible_shifts
from simulator.planning.shifts.shift_plan import ShiftPlan
from simulator.report.plan.ahead import ahead_document, ahead_words
from simulator.scenario.shift_catalogue import GroupShifts, Hiring, PeopleSource

OWN = PeopleSource("own", "own hires", lead=4, training=2, pace=(), leave=0.0, cost_per_hour=20.0, most=None)
LENT = PeopleSource("lent", "a partner", lead=1, training=0, pace=(0.5,), leave=0.0, cost_per_hour=50.0, most=3)
MONDAY = date(2026, 6, 1)


def plan_of(*needed: int, hiring: Hiring, shrinkage: float = 0.0, start: date = MONDAY) -> ShiftPlan:
    """Weeks of one shift a day from 8 to 16, worked by so many agents on the first five of seven days."""
    scenario = centre(days=7 * len(needed), start=start, shrinkage=shrinkage)
    rules = GroupShifts(group=0, kinds=(kind([8], [8]),), hours_per_week=40 * HOUR, hiring=hiring)
    by_hour = np.zeros((1, len(needed), 7, 24), dtype=np.int64)
    by_hour[0, :, :5, 8:16] = np.array(needed)[:, None, None]
    return cover(possible_shifts(scenario, catalogue(rules)), by_hour.reshape(1, -1))


def test_the_search_begins_so_many_weeks_before_the_rush() -> None:
    """6 more than the 4 of today from Mon 8 June on: 4 weeks to find and 2 to train own people, from Mon 27 April."""
    plan = plan_of(4, 10, hiring=Hiring(4, 0.0, (OWN,)))
    (ahead,) = ahead_of(plan, date(2026, 4, 1))
    assert [(ahead.date_of(week), source, number) for week, source, number in ahead.begin] == [
        (date(2026, 4, 27), OWN, 6)
    ]
    assert ahead.floor(ahead.begin[0][0], OWN) == date(2026, 6, 8)
    assert ahead.last_useful(OWN) == date(2026, 4, 27)
    assert ahead.date_of(ahead.busiest) == date(2026, 6, 8)
    assert not ahead.plan.short.any()
    words = " ".join(ahead_words(plan.shifts.scenario, (ahead,), date(2026, 4, 1)))
    assert "Begin to seek 6 people by Mon 27 Apr 2026 from own hires" in words
    assert "10 people are needed in the week of Mon 8 Jun 2026" in words


def test_shrinkage_makes_more_people_of_the_same_shifts() -> None:
    (ahead,) = ahead_of(plan_of(4, 10, hiring=Hiring(0, 0.0, (OWN,)), shrinkage=0.2), MONDAY)
    assert ahead.plan.needed.tolist() == [5, 13]


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 5, 25), date(2026, 5, 25)),
        (date(2026, 5, 26), date(2026, 6, 1)),
        (date(2026, 5, 31), date(2026, 6, 1)),
    ],
)
def test_the_first_week_is_that_of_the_next_monday_or_of_today(today: date, first: date) -> None:
    (ahead,) = ahead_of(plan_of(4, 10, hiring=Hiring(4, 0.0, (OWN,))), today)
    assert ahead.monday == first


def test_what_cannot_be_had_in_time_is_said() -> None:
    """On Tue 26 May own people are too late; the partner lends 3 from Mon 8 June on, each worth a half in that week."""
    plan = plan_of(4, 10, hiring=Hiring(4, 0.0, (OWN, LENT)))
    today = date(2026, 5, 26)
    (ahead,) = ahead_of(plan, today)
    assert ahead.last_useful(OWN) is None
    assert ahead.last_useful(LENT) == MONDAY
    assert [(week, source, number) for week, source, number in ahead.begin] == [(0, LENT, 3)]
    assert ahead.plan.short.tolist() == [0.0, 4.5]
    words = " ".join(ahead_words(plan.shifts.scenario, (ahead,), today))
    assert "4.5 people are missing in the week of Mon 8 Jun 2026" in words
    document = ahead_document(plan.shifts.scenario, (ahead,), today)
    assert document["today"] == "2026-05-26"


def test_within_the_horizon_only_the_weeks_that_are_left_count() -> None:
    (ahead,) = ahead_of(plan_of(9, 5, hiring=Hiring(5, 0.0, (LENT,))), date(2026, 6, 2))
    assert ahead.plan.needed.tolist() == [5]
    assert not ahead.begin


def test_a_horizon_that_begins_in_the_middle_of_a_week_counts_from_its_monday() -> None:
    plan = plan_of(4, 10, hiring=Hiring(4, 0.0, (OWN,)), start=date(2026, 6, 3))
    (ahead,) = ahead_of(plan, date(2026, 5, 25))
    assert ahead.date_of(1) == MONDAY
    assert len(ahead.plan.needed) == 1 + 3


@pytest.mark.parametrize("today", [date(2026, 6, 9), date(2010, 1, 1)])
def test_a_date_behind_the_horizon_or_years_before_it_is_refused(today: date) -> None:
    plan = plan_of(4, 10, hiring=Hiring(4, 0.0, (OWN,)))
    with pytest.raises(TooLateError):
        ahead_of(plan, today)


def test_a_group_of_which_nothing_is_said_is_left_out() -> None:
    plan = plan_of(4, hiring=Hiring(4, 0.0, ()))
    rules = replace(plan.shifts.catalogue.groups[0], hiring=None)
    silent = replace(plan, shifts=replace(plan.shifts, catalogue=catalogue(rules)))
    assert ahead_of(silent, date(2026, 5, 1)) == ()
