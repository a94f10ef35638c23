"""The requirement of single queues: the goal is kept, nobody is too many, and it holds on other customers too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sine
from small_scenarios import MAIL, PHONE, loaded

from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.requirement import Requirement, of_single_queues, require, single_queues
from simulator.planning.staffing.whole_agents import full_time, rounding
from simulator.scenario.model import Scenario, TargetPeriod

REPLICATIONS = 20

TWO_TEAMS = (
    PHONE
    + """
[channels.chat]
kind = "live"
hours = "mon-fri 09:00-11:00"
handling_time = { mean = "8 min", distribution = "gamma", cv = 0.7 }
patience = { mean = "4 min" }
target = { answered = "70 %", within = "30 s" }
[channels.chat.demand]
per_week = 60
weekdays = { mon = 1, tue = 2 }
time_of_day = { "09:00" = 1, "11:00" = 0 }
[groups.chatters]
[groups.chatters.staffing]
"mon-fri 09:00-11:00" = 2
[groups.chatters.skills.chat]
"""
)


def required(scenario: Scenario, goal: Goal, maximum: dict[str, int] | None = None) -> Requirement:
    return require(scenario, goal, replications=REPLICATIONS, seed=7, maximum=maximum)


@pytest.mark.parametrize("probability", [None, 0.7], ids=["in expectation", "with a probability"])
@pytest.mark.parametrize("period", ["interval", "day", "horizon"])
def test_the_goal_is_kept_and_not_with_one_agent_fewer_anywhere(
    tmp_path: Path, period: TargetPeriod, probability: float | None
) -> None:
    scenario = loaded(tmp_path)
    goal = Goal.of(scenario, period=period, probability=probability)
    found = required(scenario, goal)
    assert found.method == "single queues"
    assert found.kept
    assert found.blocked == ()
    played = found.evaluator.evaluate(found.staffing)
    assert goal.is_kept(played)
    for g, i in np.argwhere(found.staffing > 0).tolist():
        fewer = found.staffing.copy()
        fewer[g, i] -= 1
        assert not goal.is_kept(found.evaluator.evaluate(fewer)), (i, found.staffing)


def test_longer_periods_and_less_certainty_ask_for_less(tmp_path: Path) -> None:
    """What keeps every interval keeps the day; what keeps the day keeps the horizon."""
    scenario = loaded(tmp_path)
    by_interval, by_day, by_horizon = (
        required(scenario, Goal.of(scenario, period=period)).staffing.sum() for period in ("interval", "day", "horizon")
    )
    assert by_interval >= by_day >= by_horizon
    sure = required(scenario, Goal.of(scenario, period="day", probability=0.9)).staffing.sum()
    assert sure > by_day


def test_the_figures_to_report_are_of_other_customers(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    found = required(scenario, Goal.of(scenario, period="horizon"))
    assert found.checked.seed != found.evaluator.seed
    assert (found.checked.played.staffing == found.staffing).all()
    assert not np.array_equal(found.checked.played.judged, found.played.judged)
    share = found.checked.played.met.sum() / found.checked.played.judged.sum()
    assert share == pytest.approx(0.8, abs=0.05)


def test_teams_that_do_not_meet_are_staffed_as_if_each_were_alone(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, TWO_TEAMS)
    both = required(scenario, Goal.of(scenario)).staffing
    for g, channel in enumerate(("phone", "chat")):
        alone = required(scenario, Goal.of(scenario, [channel]))
        assert (alone.staffing[g] == both[g]).all()
        # A team that serves no channel of the goal is no part of the plan.
        assert (alone.staffing[1 - g] == scenario.staffing[1 - g]).all()


def test_a_cap_of_occupancy_is_not_for_intervals_in_which_somebody_only_finishes(tmp_path: Path) -> None:
    """After the last agent's duty all who are left are busy, and no number of agents would change that."""
    scenario = loaded(tmp_path, PHONE.replace('"mon-fri 09:00-11:30" = 4', '"mon-fri 09:00-11:00" = 4'))
    goal = Goal.of(scenario, period="interval", occupancy_cap=0.85)
    found = required(scenario, goal)
    assert found.played.overtime[:, :, ~scenario.calendar.open_mask(scenario.channels[0].hours)].any()
    assert found.kept
    assert np.nanmax(goal.occupancy(found.played)) <= 0.85
    assert (found.staffing >= required(scenario, Goal.of(scenario, period="interval")).staffing).any()


def test_minimum_and_occupancy_cap_hold(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    plain = required(scenario, Goal.of(scenario))
    least = required(scenario, Goal.of(scenario, minimum={"team": 9}))
    open_ = scenario.calendar.open_mask(scenario.channels[0].hours)
    assert (least.staffing[0, open_] >= 9).all()
    goal = Goal.of(scenario, period="day", occupancy_cap=0.4)
    relaxed = required(scenario, goal)
    assert relaxed.kept
    assert np.nanmax(goal.occupancy(relaxed.played)) <= 0.4
    assert np.nanmax(goal.occupancy(plain.played)) > 0.4


def test_with_too_few_to_be_had_it_is_said_which_target_is_missed(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    found = required(scenario, Goal.of(scenario, period="day"), maximum={"team": 3})
    assert not found.kept
    assert {each.reason for each in found.blocked} == {"maximum"}
    assert {each.period for each in found.blocked} <= {0, 48}
    assert all(each.attained < 0.8 for each in found.blocked)
    assert found.staffing.max() == 3


def test_nobody_to_serve_needs_nobody(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    found = required(scenario, Goal.of(scenario))
    open_ = scenario.calendar.open_mask(scenario.channels[0].hours)
    assert not found.staffing[0, ~open_].any()


def test_a_group_with_other_channels_is_no_single_queue(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, PHONE + MAIL)
    assert single_queues(scenario, Goal.of(scenario)) is None


def test_the_same_seed_finds_the_same_whatever_the_workers(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    goal = Goal.of(scenario)
    one, two = (require(scenario, goal, replications=20, seed=3, workers=workers) for workers in (1, 2))
    assert (one.staffing == two.staffing).all()
    assert np.array_equal(one.surplus, two.surplus, equal_nan=True)


def test_fractions_lie_below_whole_agents_and_cost_what_they_say(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, groups__team__shrinkage="25 %")
    found = required(scenario, Goal.of(scenario))
    spared = rounding(found)
    needed = found.staffing > 0
    assert (spared.agents[needed] > found.staffing[needed] - 1).all()
    assert (spared.agents <= found.staffing).all()
    # Half an hour of an agent takes 40 minutes of pay, at 30 EUR an hour.
    assert spared.hours == pytest.approx((found.staffing - spared.agents).sum() * 0.5 / 0.75)
    assert spared.cost == pytest.approx(30 * spared.hours)
    assert 0 < spared.share < 1
    equivalents = full_time(found, hours_a_week=35)
    assert equivalents.on_duty[0] == pytest.approx(found.staffing.sum() * 0.5 / (2 / 7 * 35))
    assert equivalents.paid[0] == pytest.approx(equivalents.on_duty[0] / 0.75)


def test_the_fraction_just_keeps_the_target_when_days_are_mixed(tmp_path: Path) -> None:
    """Days with all agents and days without the last one of an interval, as the fraction says: that target exactly."""
    scenario = loaded(tmp_path)
    goal = Goal.of(scenario)
    found = required(scenario, goal)
    i = int(np.nanargmin(np.where(found.staffing[0] > 0, abs(found.surplus[0] - 0.5), np.nan)))
    fewer = found.staffing.copy()
    fewer[0, i] -= 1
    without, spare = found.evaluator.evaluate(fewer), float(found.surplus[0, i])
    met, judged = (
        (1 - spare) * of_all[0].sum(axis=0) + spare * of_fewer[0].sum(axis=0)
        for of_all, of_fewer in (
            (goal.met(found.played).transpose(1, 0, 2), goal.met(without).transpose(1, 0, 2)),
            (goal.judged(found.played).transpose(1, 0, 2), goal.judged(without).transpose(1, 0, 2)),
        )
    )
    mixed = met[judged > 0] / judged[judged > 0]
    # Others near by were one fewer too when the fraction was measured.
    assert mixed.min() == pytest.approx(0.8, abs=0.01)


def test_only_intervals_of_their_own_have_fractions(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    with pytest.raises(ValueError, match="kept by day"):
        rounding(required(scenario, Goal.of(scenario, period="day")))


@pytest.mark.slow
@pytest.mark.parametrize("delayed", [0.1, 0.9])
def test_in_waves_the_same_share_is_delayed_at_all_times(tmp_path: Path, delayed: float) -> None:
    """On fresh customers, over any stretch as long as a handling time. All targets: `python tests/sine.py`."""
    waves = sine.Waves(tmp_path, delayed, days=80, replications=20, seed=3)
    goal = Goal.of(waves.scenario)
    found = of_single_queues(waves, goal, Bounds.of(waves.scenario, goal), (sine.queue(tmp_path, delayed),))
    assert found.kept
    share = sine.delayed_share(found.checked.played, sine.A_UNIT)
    assert abs(share - delayed).max() <= sine.TOLERANCE, share
