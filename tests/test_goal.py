"""What a goal asks, on figures worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from centre_to_plan import TWO_GROUPS
from small_scenarios import loaded

from simulator.measures import Yardstick
from simulator.planning.staffing.evaluator import Played
from simulator.planning.staffing.goal import Goal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from simulator.scenario import Scenario


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return loaded(tmp_path_factory.mktemp("goal"), TWO_GROUPS)


def played(scenario: Scenario, cells: Mapping[tuple[int, int, int], tuple[float, float]], replications: int) -> Played:
    """Nothing but these contacts: (replication, channel, interval) -> met, judged."""
    channels, intervals, groups = len(scenario.channels), scenario.calendar.intervals, len(scenario.groups)
    met, judged = np.zeros((2, replications, channels, intervals))
    for cell, (inside, all_) in cells.items():
        met[cell], judged[cell] = inside, all_
    backlog = np.zeros((2, replications, channels))
    agents = np.zeros((3, replications, groups, intervals))
    return Played(Yardstick.of(scenario), scenario.staffing, met, judged, *backlog, *agents)


def test_in_expectation_replications_are_added_up_before_they_are_divided(small: Scenario) -> None:
    goal = Goal.of(small, ["phone"])
    seen = played(small, {(0, 0, 20): (2, 10), (1, 0, 20): (30, 30)}, 2)
    assert goal.attained(seen)[0, 20] == pytest.approx(32 / 40)
    assert goal.is_kept(seen)
    assert not goal.is_kept(played(small, {(0, 0, 20): (1, 10), (1, 0, 20): (30, 30)}, 2))


def test_with_a_probability_replications_are_counted(small: Scenario) -> None:
    cells = {(0, 0, 20): (8.0, 10.0), (1, 0, 20): (79.0, 100.0), (2, 0, 20): (4.0, 4.0)}
    seen = played(small, cells, 4)  # the fourth judges nobody, and keeps the target
    assert Goal.of(small, ["phone"], probability=0.75).is_kept(seen)
    assert not Goal.of(small, ["phone"], probability=0.76).is_kept(seen)
    assert Goal.of(small, ["phone"], probability=0.75).attained(seen)[0, 20] == 0.75


@pytest.mark.parametrize(("period", "kept"), [("interval", False), ("day", True), ("horizon", True)])
def test_a_good_morning_makes_up_for_a_bad_noon_over_the_day_only(small: Scenario, period: Any, kept: bool) -> None:
    seen = played(small, {(0, 0, 19): (10, 10), (0, 0, 23): (6, 10)}, 1)
    assert Goal.of(small, ["phone"], period).is_kept(seen) is kept


@pytest.mark.parametrize(("period", "kept"), [("day", False), ("horizon", True)])
def test_a_good_day_makes_up_for_a_bad_one_over_the_horizon_only(small: Scenario, period: Any, kept: bool) -> None:
    seen = played(small, {(0, 0, 19): (10, 10), (0, 0, 48 + 19): (6, 10)}, 1)
    assert Goal.of(small, ["phone"], period).is_kept(seen) is kept


def test_nobody_to_judge_keeps_the_goal(small: Scenario) -> None:
    seen = played(small, {}, 2)
    for probability in (None, 0.9):
        goal = Goal.of(small, period="day", probability=probability)
        assert goal.is_kept(seen)
        assert np.isnan(goal.attained(seen)).all()


def test_a_share_is_kept_where_it_is_just_reached_whatever_rounding_does(small: Scenario) -> None:
    # 0.55 x 20 is a little more than 11 in binary.
    goal = Goal.of(small, ["phone"]).with_shares([0.55])
    assert goal.is_kept(played(small, {(0, 0, 19): (11, 20)}, 1))


def test_occupancy_counts_overtime_as_there(small: Scenario) -> None:
    seen = played(small, {}, 1)
    seen.busy[0, 1, 19] = 900.0
    seen.staffed[0, 1, 19] = 900.0
    assert not Goal.of(small, occupancy_cap=0.95).is_kept(seen)
    seen.overtime[0, 1, 19] = 100.0
    assert Goal.of(small, occupancy_cap=0.9).occupancy(seen)[1, 19] == pytest.approx(0.9)
    assert not Goal.of(small, occupancy_cap=0.85).is_kept(seen)
    assert Goal.of(small, occupancy_cap=0.95).is_kept(seen)


@pytest.mark.parametrize(
    ("channels", "options", "message"),
    [
        (["fax"], {}, "fax"),
        ([], {"period": "week"}, "week"),
        ([], {"minimum": {"nobody": 2}}, "nobody"),
        ([], {"minimum": {"phones": -2}}, "A minimum of -2 for phones"),
        ([], {"probability": 0.0}, "A probability of 0.0"),
        ([], {"occupancy_cap": 1.5}, "An occupancy cap of 1.5"),
    ],
)
def test_what_cannot_be_asked_is_refused(small: Scenario, channels: Sequence[str], options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Goal.of(small, channels, **options)


def test_minimum_is_told_by_group(small: Scenario) -> None:
    assert Goal.of(small, minimum={"writers": 1}).minimum == (0, 1, 0)
