"""Work that may wait: what its freedom saves, worked out by hand, and when it is done, counted from the records."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_scenarios import MAIL, PHONE, loaded

from simulator.engine import centre_of, simulate
from simulator.experiment import Customers, run
from simulator.planning import Goal
from simulator.planning.staffing.fluid import MARGIN
from simulator.planning.staffing.plan import Plan
from simulator.planning.staffing.valleys import done_by_hour, freedom
from simulator.presence import Presence

if TYPE_CHECKING:
    from pathlib import Path

ONLY_MAIL = """
title = "Letters"
[horizon]
start = 2026-06-01
days = 1
interval = "1 h"
[simulation]
replications = 3
seed = 1
[channels.mail]
kind = "deferred"
hours = "mon-sun 09:00-13:00"
handling_time = { mean = "6 min", distribution = "exponential" }
target = { answered = "90 %", within = "WITHIN" }
[channels.mail.demand]
per_week = 420
weekdays = { mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }
time_of_day = { SHAPE }
[groups.team]
cost = "30 EUR/h"
shrinkage = "25 %"
[groups.team.staffing]
"mon-sun 09:00-13:00" = 3
[groups.team.skills.mail]
"""
"""Sixty letters of six minutes a day: six agent-hours."""
FROM_NINE_TO_ELEVEN = '"09:00" = 2, "10:00" = 1, "11:00" = 0'
AT_NIGHT = '"00:00" = 1, "09:00" = 0'


def letters(folder: Path, shape: str, within: str) -> float:
    scenario = loaded(folder, ONLY_MAIL.replace("SHAPE", shape).replace("WITHIN", within))
    found = freedom(scenario, Goal.of(scenario))
    assert found is not None
    assert found.until_due == pytest.approx(6.0)
    assert found.cost == pytest.approx(found.hours * 30 / 0.75)
    return found.at_once


def test_a_letter_done_when_it_comes_needs_the_reserve_of_a_call(tmp_path: Path) -> None:
    """Load of 4 and 2 in two hours, each with its reserve; none of it if there is time until the evening."""
    at_once = letters(tmp_path, FROM_NINE_TO_ELEVEN, "9 h")
    assert at_once == pytest.approx(6.0 + MARGIN * (math.sqrt(4.0) + math.sqrt(2.0)))


def test_letters_of_the_night_are_done_at_once_when_the_first_comes_on_duty(tmp_path: Path) -> None:
    assert letters(tmp_path, AT_NIGHT, "30 h") == pytest.approx(6.0 + MARGIN * math.sqrt(6.0))


def test_what_is_due_tomorrow_is_not_left_for_tomorrow_to_look_cheap(tmp_path: Path) -> None:
    """All six hours of work are done today, though none of it is due before tomorrow."""
    letters(tmp_path, FROM_NINE_TO_ELEVEN, "48 h")


def test_calls_have_no_freedom(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    assert freedom(scenario, Goal.of(scenario)) is None


def test_messages_are_done_when_the_records_say_that_they_end(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, PHONE + MAIL)
    experiment = run(scenario, replications=3, seed=5)
    customers, centre, presence = Customers(scenario), centre_of(scenario), Presence(scenario)
    done, come = np.zeros((2, 24))
    for number in range(3):
        contacts, _ = customers.draw_diverted(5, number)
        records, _ = simulate(centre, contacts, presence.draw(5, number))
        of_mail = contacts.channel == 1
        for times, counted in ((records.ended, done), (contacts.arrival, come)):
            inside = of_mail & (times >= 0) & (times < scenario.calendar.edges[-1])
            clock = [scenario.calendar.local_datetime(float(at)).hour for at in times[inside]]
            counted += np.bincount(clock, minlength=24) / 3
    found = done_by_hour(experiment)
    assert found.done == pytest.approx(done)
    assert found.come == pytest.approx(come)
    assert found.done.sum() > 0


def test_the_busy_hours_are_the_fewest_with_half_of_the_calls(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, PHONE + MAIL)
    found = done_by_hour(run(scenario, replications=3, seed=5))
    half = found.live_load.sum() / 2
    assert found.live_load[found.busy].sum() >= half
    assert found.live_load[found.busy].sum() - found.live_load[found.busy].min() < half
    assert found.live_load[found.busy].min() >= found.live_load[~found.busy].max()
    edges = np.diff(scenario.calendar.edges)
    assert found.on_duty.sum() == pytest.approx((scenario.staffing * edges).sum() / 3600)
    assert found.on_duty[9] == pytest.approx(8.0)  # four agents from nine to ten on two days
    assert found.done_when_busy == pytest.approx(found.done[found.busy].sum() / found.done.sum())


def test_a_plan_knows_its_freedom(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, PHONE + MAIL)
    goal = Goal.of(scenario)
    plan = Plan.checked(scenario, goal, scenario.staffing, replications=2, seed=7)
    assert plan.freedom == freedom(scenario, goal)
