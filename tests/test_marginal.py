"""What one more agent brings and what a promise costs: against plays of just that, and against a programme by hand."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_centres import SMALL_CENTRES
from small_scenarios import PHONE, loaded

from simulator.planning import Goal, require
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.burdens import burdens, one_more
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.slack import slack
from simulator.planning.staffing.worth import Worth

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.planning.staffing.requirement import Requirement
    from simulator.scenario.model import TargetPeriod


def contacts_more(requirement: Requirement, group: int, interval: int) -> float:
    """What one more agent brings within the target, played, beyond the share of those who come in addition."""
    goal, evaluator = requirement.goal, requirement.evaluator
    staffing = requirement.staffing.copy()
    staffing[group, interval] += 1
    before, after = (evaluator.evaluate(each) for each in (requirement.staffing, staffing))
    met, judged = (float((part(after) - part(before)).sum(axis=(1, 2)).mean()) for part in (goal.met, goal.judged))
    return met - goal.shares[0] * judged


@pytest.mark.parametrize("period", ["interval", "day"])
def test_one_more_agent_brings_the_contacts_that_a_play_of_one_more_agent_brings(
    tmp_path: Path, period: TargetPeriod
) -> None:
    """Of a single queue, whose agents hardly matter two hours later: that little is what it may err by."""
    scenario = loaded(tmp_path, PHONE.replace("replications = 3", "replications = 40"))
    goal = Goal.of(scenario, period=period)
    requirement = require(scenario, goal, seed=3)
    places = np.flatnonzero(Bounds.of(scenario, goal).on_duty[0])
    told = requirement.worth.contacts[0, 0, places]
    played = np.array([contacts_more(requirement, 0, int(i)) for i in places])
    assert told == pytest.approx(played, abs=0.25)
    assert told.sum() == pytest.approx(played.sum(), rel=0.15)
    assert played.max() > 1.0


def test_hours_are_sums_of_their_intervals_and_promises_come_the_dearest_first(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    rng = np.random.default_rng(4)
    intervals = scenario.calendar.intervals
    contacts, saved = rng.random((1, 1, intervals)), rng.random((1, intervals))
    shadow = np.maximum(rng.normal(size=(1, intervals)), 0.0)
    worth = Worth(contacts, saved, shadow)
    may_be = np.ones((1, intervals), dtype=np.bool_)
    may_be[0, 18] = False
    found = one_more(worth, scenario, Pay.of(scenario), may_be)
    assert len(found.day) == 48
    nine = 9
    assert (found.day[nine], found.clock[nine]) == (0, 9)
    assert found.contacts[0, 0, nine] == pytest.approx(contacts[0, 0, 18] + contacts[0, 0, 19])
    assert found.saved[0, nine] == pytest.approx(saved[0, 18] + saved[0, 19])
    assert found.price[0, nine] == pytest.approx(
        15.0
    )  # half an hour of an agent at 30 EUR/h: there may be none at 9:00
    told = burdens(worth)
    assert [each.price for each in told] == sorted(shadow[shadow > 0], reverse=True)
    assert {each.first for each in told} == set(np.flatnonzero(shadow[0]))


def test_the_hour_that_the_clock_shows_twice_is_two_hours(tmp_path: Path) -> None:
    text = PHONE.replace("2026-06-01", "2026-10-25").replace("[horizon]", '[horizon]\ntimezone = "Europe/Helsinki"')
    scenario = loaded(tmp_path, text)
    ones = np.ones((1, scenario.calendar.intervals))
    found = one_more(Worth(ones[None], ones, ones), scenario, Pay.of(scenario), ones > 0)
    assert found.clock[:6].tolist() == [0, 1, 2, 3, 3, 4]
    assert len(found.day) == 49
    assert (found.saved == 2).all(), "an hour is two intervals"


def test_a_promise_that_is_no_burden_costs_nothing(tmp_path: Path) -> None:
    """Where a minimum is far more than the target needs, the target costs nothing and an agent saves nothing."""
    scenario = loaded(tmp_path)
    requirement = require(scenario, Goal.of(scenario, period="day", minimum={"team": 15}), replications=4, seed=3)
    assert burdens(requirement.worth) == []
    assert not requirement.worth.saved.any()


def test_what_a_budget_buys_is_as_good_as_the_best_staffing_that_it_pays_for(tmp_path: Path) -> None:
    """Phone and chat of two hours, callers and all-rounders: every staffing that takes the budget up is played."""
    centre = next(each for each in SMALL_CENTRES if each.name == "rising-day")
    scenario, hours = centre.scenario(tmp_path), 4
    goal = centre.goal(scenario)
    requirement = require(scenario, goal, replications=30, seed=1, hours=hours, time_limit=1e6)
    assert requirement.pay.paid_hours(requirement.staffing) <= hours
    assert {each.reason for each in requirement.blocked} == {"budget"}
    cells = np.argwhere(Bounds.of(scenario, goal).on_duty)
    missed = []
    for agents in product(range(hours + 1), repeat=len(cells)):
        if sum(agents) == hours:
            staffing = np.zeros_like(requirement.staffing)
            staffing[tuple(cells.T)] = agents
            missed.append(slack(goal, requirement.evaluator.evaluate(staffing)).short)
    assert min(missed) > 1.0
    assert slack(goal, requirement.played).short <= min(missed) + 0.1


def test_a_budget_that_is_enough_buys_the_whole_goal(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    goal = Goal.of(scenario, period="day")
    free = require(scenario, goal, replications=10, seed=3)
    rich = require(scenario, goal, replications=10, seed=3, money=1.2 * free.pay.planned(free.staffing))
    assert rich.kept
    assert rich.blocked == ()
    assert rich.pay.planned(rich.staffing) <= 1.1 * free.pay.planned(free.staffing)
