"""The requirement of single queues: the goal is kept, nobody is too many, and it holds on other customers too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sine
from small_scenarios import MAIL, PHONE, loaded

from simulator.planning.staffing.bounds import Bounds, BoundsError
from simulator.planning.staffing.cuts import Stage
from simulator.planning.staffing.evaluator import Evaluator
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.margin import SURE, margin, surer
from simulator.planning.staffing.requirement import Requirement, of_single_queues, require, single_queues
from simulator.planning.staffing.slack import Slack
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
def test_the_goal_and_its_margin_are_kept_and_not_with_one_agent_fewer_anywhere(
    tmp_path: Path, period: TargetPeriod, probability: float | None
) -> None:
    scenario = loaded(tmp_path)
    goal = Goal.of(scenario, period=period, probability=probability)
    found = required(scenario, goal)
    assert found.method == "single queues"
    assert found.kept
    assert found.blocked == ()
    assert goal.is_kept(found.evaluator.evaluate(found.staffing))
    assert found.found.slack.short == 0
    for g, i in np.argwhere(found.staffing > 0).tolist():
        fewer = found.staffing.copy()
        fewer[g, i] -= 1
        assert found.search.tried(fewer).slack.short > 0, (i, found.staffing)


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


def test_a_cap_that_too_few_agents_cannot_keep_is_named_though_the_target_is_kept(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    goal = Goal.of(scenario, period="day", occupancy_cap=0.3)
    found = required(scenario, goal, maximum={"team": 9})
    assert goal.kept(found.played).all()
    assert not found.kept
    assert {(each.limit, each.group, each.reason, each.groups) for each in found.blocked} == {
        ("occupancy", 0, "maximum", (0,))
    }


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
    assert spared is not None
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
    """Days with all agents and days without the last one of an interval, as the fraction says: target and margin."""
    scenario = loaded(tmp_path)
    goal = Goal.of(scenario)
    found = required(scenario, goal)
    i = int(np.nanargmin(np.where(found.staffing[0] > 0, abs(found.surplus[0] - 0.5), np.nan)))
    fewer = found.staffing.copy()
    fewer[0, i] -= 1
    spare = float(found.surplus[0, i])
    mixed = (1 - spare) * found.found.slack.value + spare * found.search.tried(fewer).slack.value
    # Others near by were one fewer too when the fraction was measured; an interval has 20 contacts.
    assert mixed.min() == pytest.approx(0.0, abs=0.2)


def test_only_intervals_that_are_periods_of_their_own_have_fractions(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, TWO_TEAMS)
    assert rounding(required(scenario, Goal.of(scenario, period="day"))) is None
    spared = rounding(required(scenario, Goal.of(scenario, period={"chat": "day"})))
    assert spared is not None
    fractions = spared.agents != np.round(spared.agents)
    assert fractions[0].any()
    assert not fractions[1].any()


@pytest.mark.slow
def test_a_margin_keeps_the_target_in_truth_where_without_it_noise_decides(tmp_path: Path) -> None:
    """Plans of ten replications each, judged by twenty times as many."""
    scenario = loaded(tmp_path)
    goal, bounds = Goal.of(scenario), Bounds.of(scenario, Goal.of(scenario))
    queues = single_queues(scenario, goal)
    assert queues is not None
    judge = Evaluator(scenario, 200, 99)
    missed: dict[float, float] = {}
    for sure in (sine.NO_MARGIN, SURE):
        kept = []
        for seed in range(6):
            found = of_single_queues(Evaluator(scenario, 10, seed), goal, bounds, queues, 1, sure=sure)
            kept.append(goal.kept(judge.evaluate(found.staffing))[~np.isnan(goal.attained(found.played))])
        missed[sure] = 1.0 - float(np.mean(kept))
    assert missed[SURE] <= 0.05
    assert missed[sine.NO_MARGIN] > 2 * missed[SURE]


def test_a_margin_is_a_quantile_of_student_t_times_the_standard_error() -> None:
    """Two replications with surpluses of 1 and 3: mean 2, standard error 1; 12.706 is the quantile for 97.5 %."""
    goal = Goal((0,), (0.8,), ("interval",))
    surplus = np.array([1.0, 3.0]).reshape(2, 1, 1)
    seen = Slack(surplus, np.zeros((1, 1), dtype=np.int64), surplus.mean(axis=0), np.full((2, 1, 1), 0.5))
    many = np.full((2, 1, 1), 1000.0)
    assert margin(goal, seen, many) == pytest.approx(12.706, abs=1e-3)
    assert margin(goal, seen, many, sine.NO_MARGIN) == pytest.approx(0.0)
    # Of 40 contacts 8 may be missed: it takes half of these, and not more than there are.
    assert margin(goal, seen, np.full((2, 1, 1), 40.0)) == pytest.approx(4.0)
    # 80 of 100, each of which has a standard deviation of 0.4; 1.984 is the quantile of 99 degrees of freedom.
    sure = surer(replace(goal, probability=0.8), 100)
    assert sure.probability == pytest.approx(0.8 + 1.984 * 0.04, abs=1e-4)
    assert surer(replace(goal, probability=0.9), 5).probability == 1.0


def test_three_replications_ask_for_no_more_than_can_be_had(tmp_path: Path) -> None:
    """Student's t is 4.3 for them: some intervals would never be sure, whoever came, and others get no crowd for it."""
    scenario = loaded(tmp_path)
    found = require(scenario, Goal.of(scenario), replications=3, seed=1, checks=1)
    many = require(scenario, Goal.of(scenario), replications=40, seed=1, checks=1)
    assert found.kept
    assert found.staffing.sum() <= 1.5 * many.staffing.sum()


def test_with_a_budget_the_best_that_it_pays_for_is_planned(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    goal = Goal.of(scenario)
    enough = required(scenario, goal)
    hours = 0.8 * enough.pay.paid_hours(enough.staffing)
    found = require(scenario, goal, replications=REPLICATIONS, seed=7, hours=hours, checks=5)
    assert found.method == "cuts"
    assert found.pay.paid_hours(found.staffing) <= hours + 1e-9
    assert not found.kept
    assert {each.reason for each in found.blocked} == {"budget"}


def test_whoever_watches_is_told_of_every_staffing_and_time_ends_the_search(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    goal = Goal.of(scenario)
    stages: list[Stage] = []
    found = require(scenario, goal, replications=REPLICATIONS, seed=7, on_stage=stages.append)
    assert stages[-1].cost == pytest.approx(found.found.cost)
    assert stages[-1].short == 0
    assert [each.seconds for each in stages] == sorted(each.seconds for each in stages)
    stages.clear()
    stopped = require(scenario, goal, replications=REPLICATIONS, seed=7, time_limit=1e-3, on_stage=stages.append)
    assert len(stages) <= 2
    assert stopped.checked.played.staffing.shape == stopped.staffing.shape


def test_one_more_agent_is_worth_most_where_fewest_are_to_spare(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    found = required(scenario, Goal.of(scenario))
    open_ = found.staffing > 0
    assert (found.worth.contacts[0][open_] > 0).all()
    assert (found.worth.contacts[0][~open_] <= 0.5).all()
    assert found.worth is found.worth


@pytest.mark.parametrize("limit", ["minimum", "maximum"])
def test_limits_of_a_group_that_is_no_part_of_the_plan_are_refused(tmp_path: Path, limit: str) -> None:
    scenario = loaded(tmp_path, TWO_TEAMS)
    goal = Goal.of(scenario, ["phone"], minimum={"chatters": 3} if limit == "minimum" else None)
    with pytest.raises(BoundsError, match="chatters serves no channel of the goal"):
        Bounds.of(scenario, goal, {"chatters": 3} if limit == "maximum" else None)


@pytest.mark.slow
@pytest.mark.parametrize("delayed", [0.1, 0.9])
def test_in_waves_the_same_share_is_delayed_at_all_times(tmp_path: Path, delayed: float) -> None:
    """On fresh customers, over any stretch as long as a handling time. All targets: `python tests/sine.py`."""
    waves = sine.Waves(tmp_path, delayed, days=80, replications=20, seed=3)
    goal = Goal.of(waves.scenario)
    bounds, queues = Bounds.of(waves.scenario, goal), (sine.queue(tmp_path, delayed),)
    found = of_single_queues(waves, goal, bounds, queues, sure=sine.NO_MARGIN)
    assert found.kept
    share = sine.delayed_share(found.checked.played, sine.A_UNIT)
    assert abs(share - delayed).max() <= sine.TOLERANCE, share
