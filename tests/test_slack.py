"""Slack is below 0 where a goal is missed and only there, and adds up over intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from centre_to_plan import TWO_GROUPS
from small_scenarios import loaded

from simulator.experiment import run
from simulator.planning.staffing.bounds import NO_MAXIMUM, Bounds
from simulator.planning.staffing.evaluator import Evaluator, with_staffing
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.slack import slack

if TYPE_CHECKING:
    from typing import Any

    from simulator.planning.staffing.evaluator import Played
    from simulator.scenario import Scenario


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return loaded(tmp_path_factory.mktemp("slack"), TWO_GROUPS)


@pytest.fixture(scope="module")
def seen(small: Scenario) -> list[Played]:
    staffing = small.staffing
    fewer = staffing.copy()
    fewer[0, 20:22] = 0
    return Evaluator(small, replications=9, seed=3).evaluate_all([staffing, fewer])


@pytest.mark.parametrize("period", ["interval", "day", "horizon", None, {"phone": "horizon", "chat": "day"}])
@pytest.mark.parametrize("probability", [None, 0.3, 0.7, 1.0])
def test_slack_is_negative_where_the_goal_is_missed_and_only_there(
    small: Scenario, seen: list[Played], period: Any, probability: float | None
) -> None:
    goal = Goal.of(small, period=period, probability=probability)
    kept = [goal.kept(played) for played in seen]
    for played, as_judged in zip(seen, kept, strict=True):
        found = slack(goal, played)
        assert np.array_equal(found.value[:3] >= -1e-9, as_judged)
        assert (found.short == 0) == goal.is_kept(played)
    assert not kept[1].all()


def test_a_cap_on_occupancy_is_kept_where_its_slack_says_so(small: Scenario, seen: list[Played]) -> None:
    goal = Goal.of(small, period="day", occupancy_cap=0.75)
    occupancy = goal.occupancy(seen[0])
    found = slack(goal, seen[0]).value[len(goal.channels) : -1]
    assert np.array_equal(found >= -1e-9, ~(occupancy > 0.75))
    assert (found < 0).any()
    assert (found > 0).any()


def test_in_expectation_the_change_by_interval_adds_up_to_the_change_of_slack(
    small: Scenario, seen: list[Played]
) -> None:
    goal = Goal.of(small, period="day")
    one, other = (slack(goal, played) for played in seen)
    by_day = one.change(other)[:3].reshape(3, 2, 48).sum(axis=2)
    assert np.allclose(by_day, (other.value - one.value)[:3, [0, 48]])
    assert not np.allclose(by_day, 0)
    assert np.allclose(one.change(other)[3].sum() - (other.value - one.value)[3, 0], (seen[1].backlog_left).mean())


def test_what_is_left_at_the_end_is_what_a_run_says_is_open(small: Scenario) -> None:
    nobody = np.zeros_like(small.staffing)
    evaluator = Evaluator(small, replications=4, seed=3)
    today, none = evaluator.evaluate_all([small.staffing, nobody])
    assert (none.left[:, :2] == 0).all(), "live channels leave nothing for later"
    for played in (today, none):
        experiment = run(with_staffing(small, played.staffing), replications=4, seed=3)
        open_, _ = experiment.sums("open", ("channel",))
        assert np.array_equal(played.left[:, 2].sum(axis=1) + played.backlog_left[:, 2], open_[:, 2])
        # Five are there to begin with, and today's staffing leaves no more.
        assert np.array_equal(
            played.may_be_left[:, 2], np.maximum(5, today.left[:, 2].sum(axis=1) + today.backlog_left[:, 2])
        )
    assert none.backlog_left[:, 2].tolist() == [5.0] * 4
    goal = Goal.of(small, ["mail"])
    row = slack(goal, none).value[1]
    assert row[0] == pytest.approx(goal.may_be_left(none)[0] - goal.left(none)[0])
    assert row[0] < 0
    assert not row[1:].any()
    assert slack(goal, today).value[1, 0] >= 0


def test_weights_of_replications_add_up_to_one(small: Scenario, seen: list[Played]) -> None:
    for probability in (None, 0.5, 0.95):
        goal = Goal.of(small, period="day", probability=probability, occupancy_cap=0.9)
        assert np.allclose(slack(goal, seen[0]).weight.sum(axis=0), 1), probability


def test_a_group_may_be_planned_while_its_channels_are_open_and_where_it_is_planned_already(small: Scenario) -> None:
    bounds = Bounds.of(small, Goal.of(small, minimum={"phones": 2}), {"writers": 5})
    # Open from 9 to 12 (intervals 18 to 24); planned until half past.
    assert np.flatnonzero(bounds.most[0, :48]).tolist() == list(range(18, 25))
    assert set(bounds.most[0]) == {0, NO_MAXIMUM}
    assert set(bounds.most[1]) == {0, 5}
    assert bounds.least[0, 18:25].tolist() == [2] * 7
    assert bounds.least[0].sum() == 2 * 7 * 2
    assert bounds.least[1].sum() == 0


def test_who_is_on_call_stays_as_the_scenario_has_it(small: Scenario) -> None:
    bounds = Bounds.of(small, Goal.of(small))
    assert np.array_equal(bounds.least[2], small.staffing[2])
    assert np.array_equal(bounds.most[2], small.staffing[2])
    assert not bounds.on_duty[2].any()
    assert np.array_equal(bounds.within(np.zeros_like(small.staffing)), bounds.least)


def test_bounds_that_contradict_each_other_are_refused(small: Scenario) -> None:
    with pytest.raises(ValueError, match="phones may have 1 agents at most, but is to have 2 at least"):
        Bounds.of(small, Goal.of(small, minimum={"phones": 2}), {"phones": 1})
    with pytest.raises(ValueError, match="nobody"):
        Bounds.of(small, Goal.of(small), {"nobody": 1})
