"""What planning is told of a staffing is what a run of that staffing says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from centre_to_plan import TWO_GROUPS
from small_scenarios import loaded

from simulator.experiment import run
from simulator.measures import target_measure
from simulator.planning.staffing.evaluator import Evaluator, with_staffing
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.pay import Pay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario import Scenario


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return loaded(tmp_path_factory.mktemp("evaluated"), TWO_GROUPS)


@pytest.fixture(scope="module")
def other(small: Scenario) -> NDArray[np.int64]:
    """A staffing that differs from the scenario's in every group, with a gap in it."""
    staffing = small.staffing
    staffing[0, 18:22] += 2
    staffing[1, 20] = 0
    staffing[2] = 2 * (staffing[1] > 0)
    return staffing


def test_contacts_judged_are_those_of_the_targets_measure_in_a_run_of_the_staffing(
    small: Scenario, other: NDArray[np.int64]
) -> None:
    played = Evaluator(small, replications=4, seed=5).evaluate(other)
    experiment = run(with_staffing(small, other), replications=4, seed=5)
    for c, channel in enumerate(small.channels):
        measure = target_measure(channel.target, live=channel.kind == "live")
        met, judged = (part[:, c] for part in experiment.sums(measure, ("channel", "interval")))
        assert np.array_equal(played.met[:, c], met)
        assert np.array_equal(played.judged[:, c], judged)
        met, judged = (part[:, c] for part in experiment.sums(measure, ("channel",)))
        assert np.array_equal(played.met[:, c].sum(axis=1) + played.backlog_met[:, c], met)
        assert np.array_equal(played.judged[:, c].sum(axis=1) + played.backlog_judged[:, c], judged)
    assert played.backlog_judged[:, 2].tolist() == [5.0] * 4
    assert played.judged[:, 0].any()


def test_agents_time_is_that_of_a_run_of_the_staffing(small: Scenario, other: NDArray[np.int64]) -> None:
    played = Evaluator(small, replications=4, seed=5).evaluate(other)
    experiment = run(with_staffing(small, other), replications=4, seed=5)
    busy, there = experiment.sums("occupancy", ("group", "interval"))
    assert np.array_equal(played.busy, busy)
    assert np.array_equal(played.staffed + played.overtime, there)
    assert np.allclose(played.overtime / 3600, experiment.sums("overtime_hours", ("group", "interval"))[0])
    assert (played.staffed[:, 0] < 1800 * other[0]).any()  # some are absent
    assert (played.staffed[:, 2] == 0).any(), "some are on call and not called"
    assert played.staffed[:, 2].any(), "and some are called"


def test_days_and_horizon_are_judged_as_a_run_judges_them(small: Scenario, other: NDArray[np.int64]) -> None:
    for period in ("interval", "day", "horizon"):
        channels = tuple(replace(each, target=replace(each.target, period=period)) for each in small.channels)
        asked = replace(small, channels=channels)
        goal = Goal.of(asked, period=period, probability=0.5)
        played = Evaluator(asked, replications=4, seed=5).evaluate(other)
        experiment = run(with_staffing(asked, other), replications=4, seed=5)
        for c in range(3):
            outcomes = [outcome[c] for outcome in experiment.target_outcomes]
            first = played.yardstick.first_intervals(period)
            assert np.array_equal(goal.met(played)[:, c, first], [each.numerator for each in outcomes])
            assert np.array_equal(goal.judged(played)[:, c, first], [each.denominator for each in outcomes])
            missed = np.array([each.met == 0 for each in outcomes])
            judged = goal.judged(played)[:, c, first].any(axis=0)
            assert np.array_equal(goal.attained(played)[c, first][judged], 1 - missed.mean(axis=0)[judged])


def test_planned_and_overtime_cost_is_the_cost_of_a_run(small: Scenario) -> None:
    nobody_on_call = replace(small, groups=small.groups[:2])
    staffing = nobody_on_call.staffing
    staffing[0, 20:24] += 3
    played = Evaluator(nobody_on_call, replications=4, seed=5).evaluate(staffing)
    pay = Pay.of(nobody_on_call)
    experiment = run(with_staffing(nobody_on_call, staffing), replications=4, seed=5)
    assert pay.cost(played) == pytest.approx(float(experiment.estimate("cost").value))
    planned_and_overtime = float(experiment.estimate("paid_hours").value)
    overtime = float(experiment.estimate("overtime_hours").value)
    assert pay.paid_hours(staffing) == pytest.approx(planned_and_overtime - overtime)


def test_without_prices_a_paid_hour_costs_one(small: Scenario) -> None:
    free = replace(small, groups=tuple(replace(group, cost_per_hour=0.0) for group in small.groups))
    pay = Pay.of(free)
    assert not pay.in_currency
    # Half an hour of which a fifth is no work: paid 0.625 h.
    assert pay.agent[0, 18] == pytest.approx(0.625)
    assert pay.planned(free.staffing) == pytest.approx(pay.paid_hours(free.staffing))


def test_the_same_customers_come_whatever_the_staffing(small: Scenario) -> None:
    evaluator = Evaluator(small, replications=3, seed=2)
    some, none = evaluator.evaluate_all([small.staffing, np.zeros_like(small.staffing)])
    # All who come while open are judged, with agents or without: nobody balks or comes again, and no channel cuts.
    assert np.array_equal(some.judged, none.judged)
    assert none.met[:, 0].sum() == 0


def test_neither_threads_nor_company_change_a_figure(small: Scenario, other: NDArray[np.int64]) -> None:
    alone = Evaluator(small, replications=3, seed=2).evaluate(other)
    _, beside = Evaluator(small, replications=3, seed=2, workers=3).evaluate_all([small.staffing, other])
    for name in ("met", "judged", "backlog_met", "busy", "staffed", "overtime", "staffing", "left", "may_be_left"):
        assert np.array_equal(getattr(alone, name), getattr(beside, name)), name


def test_a_fresh_seed_brings_other_customers(small: Scenario) -> None:
    evaluator = Evaluator(small, replications=3, seed=2)
    fresh = evaluator.on_fresh_seed(3, replications=5).evaluate(small.staffing)
    assert fresh.replications == 5
    assert not np.array_equal(fresh.judged[:3], evaluator.evaluate(small.staffing).judged)


def test_what_cannot_be_a_staffing_is_refused(small: Scenario) -> None:
    with pytest.raises(ValueError, match=r"it must be \[group, interval\] = \(3, 96\)"):
        with_staffing(small, small.staffing[:2])
    wrong = small.staffing
    wrong[1, 30] = -1
    with pytest.raises(ValueError, match="writers has -1 agents in interval 30"):
        with_staffing(small, wrong)
    with pytest.raises(ValueError, match="replications is 0"):
        Evaluator(small, replications=0, seed=1)
