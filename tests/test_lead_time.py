"""By when to start hiring how many: cases worked by hand, and exhaustive search."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest

from simulator.planning.lead_time import Source, plan_hiring
from simulator.planning.people import needed_by_week
from simulator.scenario.calendar import Calendar


def test_who_is_needed_in_week_eight_is_sought_lead_and_training_before() -> None:
    """Four weeks to find them, two to train them: 5 more from week 8 on are sought in week 2, not sooner."""
    own = Source("own", lead=4, training=2)
    plan = plan_hiring([20] * 8 + [25] * 3, 20, [own])
    assert plan.sought.tolist() == [[0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0]]
    assert plan.first == 2
    assert plan.there.tolist() == [20] * 8 + [25] * 3
    assert plan.paid.tolist() == [[0] * 6 + [5] * 5]
    assert plan.cost == 25
    assert not plan.short.any()


def test_beginners_are_more_people_or_come_sooner_whichever_costs_less() -> None:
    """Half the pace in the first week. For one week of 10: 20 people in it, or 10 who come a week before: the same.

    For two weeks of 10, 10 who come a week before are paid 30 weeks, 20 are paid 40.
    """
    slow = Source("slow", lead=1, pace=(0.5,))
    two = plan_hiring([0, 0, 0, 10, 10], 0, [slow])
    assert two.sought.tolist() == [[0, 10, 0, 0, 0]]
    assert two.there.tolist() == [0, 0, 5, 10, 10]
    one = plan_hiring([0, 0, 0, 10], 0, [slow])
    assert one.cost == 20
    assert one.there[3] == 10


def test_those_who_leave_are_made_good() -> None:
    """Of 100, a tenth leaves each week: 90 and 81 are left, so 10 and then 9 and what the 10 lose, 1, are sought."""
    at_once = Source("at once", lead=0, leave=0.1)
    plan = plan_hiring([100, 100, 100], 100, [at_once], leave=0.1)
    assert plan.today.tolist() == pytest.approx([100, 90, 81])
    assert plan.sought.tolist() == [[0, 10, 10]]
    assert plan.there == pytest.approx([100, 100, 81 + 9 + 10])


def test_what_comes_too_late_is_said_and_the_rest_is_done() -> None:
    """Whoever is sought today is there in week 3: weeks 1 and 2 lack 4 and 2."""
    plan = plan_hiring([10, 14, 12, 12, 12], 10, [Source("own", lead=2, training=1)])
    assert plan.short.tolist() == [0, 4, 2, 0, 0]
    assert plan.sought.tolist() == [[2, 0, 0, 0, 0]]
    assert plan_hiring([5, 6], 5, []).short.tolist() == [0, 1]


def test_a_peak_is_for_temporary_staff_and_growth_for_own_people() -> None:
    """Own people cost 1 a week and 6 weeks of training; temporary staff cost 2 and come trained."""
    own, temporary = Source("own", lead=2, training=6), Source("temporary", lead=1, price=2.0)
    peak = plan_hiring([10] * 10 + [15] + [10] * 3, 10, [own, temporary])
    # One week of 5: temporary ones stay to the end, 4 weeks at 2; own ones would be paid 10 weeks.
    assert peak.sought.sum(axis=1).tolist() == [0, 5]
    assert peak.first == 9
    growth = plan_hiring([10] * 10 + [15] * 20, 10, [own, temporary])
    # For 20 weeks: 26 weeks paid at 1 against 20 at 2.
    assert growth.sought.sum(axis=1).tolist() == [5, 0]
    assert growth.first == 2


def test_no_more_are_sought_at_once_than_may_be() -> None:
    plan = plan_hiring([0, 0, 0, 7], 0, [Source("own", lead=1, most=3)])
    assert plan.sought.tolist() == [[1, 3, 3, 0]]
    few = plan_hiring([0, 0, 7], 0, [Source("own", lead=1, most=3)])
    assert few.short.tolist() == [0, 0, 1]
    assert few.there[2] == 6


@pytest.mark.parametrize("seed", range(50))
def test_no_plan_of_exhaustive_search_is_cheaper(seed: int) -> None:
    luck = np.random.default_rng(seed)
    weeks = 4
    sources = [
        Source("own", 1, int(luck.integers(2)), (0.5, 0.8), 0.05, float(luck.integers(1, 4)), most=3),
        Source("temporary", 0, 0, (0.75,), 0.1, float(luck.integers(2, 6)), most=2),
    ]
    needed = luck.integers(0, 6, weeks).astype(float).tolist()
    plan = plan_hiring(needed, 2.0, sources, leave=0.02)
    chances = [(source, week) for source in sources for week in range(weeks)]
    numbers = np.array(list(itertools.product(*[range(4)] * weeks, *[range(3)] * weeks)))
    there = 2.0 * 0.98 ** np.arange(weeks) + numbers @ np.array([each.worth(week, weeks) for each, week in chances])
    cost = numbers @ np.array([each.price * each.paid(week, weeks).sum() for each, week in chances])
    enough = (there >= np.array(needed) - plan.short - 1e-9).all(axis=1)
    assert plan.cost == pytest.approx(cost[enough].min())


def test_people_of_a_week_are_its_busiest_hour_or_its_hours_whichever_is_more() -> None:
    """From a Thursday: four days of that week with 12 hours of 2, and then a week with one hour of 30."""
    calendar = Calendar("UTC", date(2026, 6, 4), 11, 3600)
    agents = np.zeros(11 * 24, dtype=np.int64)
    agents[: 4 * 24].reshape(4, 24)[:, 8:20] = 2
    agents[5 * 24 + 12] = 30
    assert needed_by_week(agents, calendar, 32.0).tolist() == [4 * 12 * 2 / 32, 30]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"lead": -1}, "whole weeks"),
        ({"pace": (1.2,)}, "from 0 to 1"),
        ({"leave": 1.0}, "below 1"),
        ({"price": 0.0}, "above 0"),
    ],
)
def test_a_source_that_cannot_be_is_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=f"own: .*{says}"):
        Source("own", **{"lead": 1, **wrong})  # type: ignore[arg-type]
