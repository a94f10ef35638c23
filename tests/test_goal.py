"""What a goal asks, on figures worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from centre_to_plan import TWO_GROUPS
from small_scenarios import loaded

from simulator.measures import Yardstick
from simulator.planning.staffing.blocked import blocked, missed
from simulator.planning.staffing.evaluator import Played
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.plan import Plan, Side
from simulator.report.plan import judged_words

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
    left, backlog_left, may_be_left = np.zeros_like(met), *np.zeros((2, replications, channels))
    parts = (met, judged, *backlog, *agents, left, backlog_left, may_be_left)
    return Played(Yardstick.of(scenario), scenario.staffing, *parts)


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


def test_by_default_live_channels_are_judged_by_the_interval_and_deferred_ones_by_the_day(small: Scenario) -> None:
    goal = Goal.of(small)
    assert goal.periods == ("interval", "interval", "day")
    assert goal.occupancy_period == "interval"
    # Phone makes up within the day, mail too; only mail may.
    for channel, keeps in (("phone", False), ("mail", True)):
        c = ("phone", "chat", "mail").index(channel)
        seen = played(small, {(0, c, 19): (10, 10), (0, c, 23): (8, 10) if c else (6, 10)}, 1)
        assert goal.is_kept(seen) is keeps, channel
    assert Goal.of(small, ["mail", "phone"], {"mail": "horizon"}).periods == ("horizon", "interval")
    assert Goal.of(small, period={"phone": "day"}).periods == ("day", "interval", "day")
    assert Goal.of(small, ["mail"]).occupancy_period == "day"


def test_each_channel_is_judged_by_its_own_period_which_is_named_by_its_first_interval(small: Scenario) -> None:
    goal = Goal.of(small, period={"phone": "interval", "chat": "day", "mail": "horizon"})
    seen = played(small, {(0, c, i): (c + 1, 4) for c in range(3) for i in (19, 23, 48 + 20)}, 1)
    seen.backlog_met[0], seen.backlog_judged[0] = (0, 0, 3), (0, 0, 4)
    attained = goal.attained(seen)
    assert {i: attained[0, i] for i in np.flatnonzero(~np.isnan(attained[0])).tolist()} == {
        19: 0.25,
        23: 0.25,
        68: 0.25,
    }
    assert {i: attained[1, i] for i in np.flatnonzero(~np.isnan(attained[1])).tolist()} == {0: 0.5, 48: 0.5}
    # Three intervals of 3 of 4, and the starting backlog.
    assert {i: attained[2, i] for i in np.flatnonzero(~np.isnan(attained[2])).tolist()} == {0: 0.75}
    assert goal.judged(seen)[0, 1, [0, 48]].tolist() == [8, 4]
    assert goal.judged(seen)[0, 2, 0] == 16
    assert goal.period_of(seen.yardstick)[:, 68].tolist() == [68, 48, 0]


def test_no_more_may_be_left_at_the_end_than_today_or_to_begin_with(small: Scenario) -> None:
    goal = Goal.of(small)
    assert goal.leftover == (2,)
    assert Goal.of(small, ["phone"]).leftover == ()
    seen = played(small, {}, 2)
    seen.may_be_left[:, 2] = 5, 8
    seen.left[:, 2, 90] = 3, 6
    seen.backlog_left[:, 2] = 2, 2
    # 6.5 in the mean of both: one future may leave more, if the other leaves less.
    assert goal.left(seen)[0] == goal.may_be_left(seen)[0] == 6.5
    assert goal.is_kept(seen)
    seen.left[0, 2, 40] = 1
    assert not goal.is_kept(seen)
    assert Goal.of(small, ["phone", "chat"]).is_kept(seen), "what is left of others is no part of the goal"


def test_all_that_is_missed_is_named_and_where(small: Scenario) -> None:
    goal = Goal.of(small, occupancy_cap=0.85)
    seen = played(small, {(0, 0, 20): (6, 10), (0, 2, 48 + 19): (8, 10)}, 1)
    seen.busy[0, 1, 22], seen.staffed[0, 1, 22] = 900, 1000
    seen.left[0, 2, 60], seen.may_be_left[0, 2] = 4, 3
    found = missed(goal, seen)
    assert [(each.limit, each.which, each.period, each.attained, each.level) for each in found] == [
        ("target", 0, 20, 0.6, 0.8),
        ("target", 2, 48, 0.8, 0.9),
        ("occupancy", 1, 22, 0.9, 0.85),
        ("leftover", 2, 0, 4.0, 3.0),
    ]
    assert found[1].intervals.tolist() == list(range(48, 96))
    assert missed(goal, played(small, {}, 1)) == []
    told = blocked(goal, seen, lambda miss: ("maximum", (miss.which,)))
    assert [(each.channel, each.group) for each in told] == [(0, None), (2, None), (None, 1), (2, None)]


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


def test_who_is_always_busy_keeps_a_cap_of_all_the_time_whatever_rounding_does(small: Scenario) -> None:
    goal = Goal.of(small, occupancy_cap=1.0)
    seen = played(small, {}, 1)
    seen.busy[0, 1, 19], seen.staffed[0, 1, 19] = 0.1 + 0.2, 0.3
    assert goal.occupancy(seen)[1, 19] > 1
    assert goal.is_kept(seen)
    assert missed(goal, seen) == []


@pytest.mark.parametrize(
    ("channels", "options", "message"),
    [
        (["fax"], {}, "fax"),
        ([], {"period": "week"}, "week"),
        ([], {"period": {"phone": "week"}}, "week"),
        ([], {"period": {"fax": "day"}}, "fax"),
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


FOUR_FUTURES: Mapping[int, Sequence[int]] = {19: (10, 10, 10, 10), 20: (8, 6, 9, 7), 21: (7, 7, 7, 6)}
"""By interval: met of ten in each future; 80 % are asked for.

20: 0.75; residuals 0.05, -0.15, 0.15, -0.05; standard error sqrt(0.05 x 4 / 3) / 4 = 0.0645; Student's t 3.182: at most
0.955. 21: 0.675; residuals 0.025 thrice and -0.075; standard error sqrt(0.0075 x 4 / 3) / 4 = 0.025; at most 0.755.
Kept in 2 of 4 futures and in none; by Wilson's score at most 0.850 and 3.84 / 7.84 = 0.490 of all.
"""


@pytest.mark.parametrize(
    ("intervals", "options", "high", "beyond", "told"),
    [
        ((19, 20, 21), {}, {20: 0.955, 21: 0.755}, 1, "2 of 3 half-hours (1 of them by more than chance explains)."),
        ((19, 20), {}, {20: 0.955}, 0, "Phone in 1 of 2 half-hours (by no more than chance explains)."),
        ((21,), {}, {21: 0.755}, 1, "Phone in 1 of 1 half-hours (by more than chance explains)."),
        ((20, 21), {"period": "horizon"}, {0: 0.832}, 0, "misses Phone (by no more than chance explains)."),
        ((20, 21), {"probability": 0.75}, {20: 0.850, 21: 0.490}, 1, "(1 of them by more than chance explains)."),
    ],
)
def test_what_is_missed_is_told_apart_from_what_chance_explains(
    small: Scenario, intervals: Sequence[int], options: Any, high: Mapping[int, float], beyond: int, told: str
) -> None:
    goal = Goal.of(small, ["phone"], **options)
    cells = {(r, 0, i): (float(FOUR_FUTURES[i][r]), 10.0) for i in intervals for r in range(4)}
    unplayed: Any = None  # neither the run nor its price matters
    side = Side(goal, unplayed, played(small, cells, 4), unplayed)
    assert {first: side.attained.high[0, first] for first in high} == pytest.approx(high, abs=0.0006)
    assert side.missed_beyond_chance.tolist() == [beyond]
    words = judged_words(Plan(small, goal, side, side), fitted=True)
    assert told in words
    assert ("a higher target leaves room" in words) == bool(beyond)
