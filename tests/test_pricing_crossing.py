"""Where two costs cross: exactly where there is no chance, and in as many intervals as they promise where there is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulator.planning.pricing.crossing import crossings

LEVELS = (0.7, 0.85, 1.0, 1.15, 1.3)


def test_straight_lines_cross_where_school_says() -> None:
    """A fixed 1,000 against 1,250 by volume: at 0.8."""
    difference = 1250 * np.array(LEVELS)[:, None] - np.full((5, 40), 1000.0)
    (found,) = crossings(LEVELS, difference)
    assert found.level == pytest.approx(0.8)
    assert (found.low, found.high) == pytest.approx((0.8, 0.8))
    assert found.rises
    (turned,) = crossings(LEVELS, -difference)
    assert turned.level == pytest.approx(0.8)
    assert not turned.rises


@pytest.mark.parametrize("level", LEVELS)
def test_a_crossing_at_a_level_is_there_once_and_at_the_first_or_last_it_is_none(level: float) -> None:
    difference = (np.array(LEVELS) - level)[:, None] * np.ones(3)
    found = crossings(LEVELS, difference)
    assert [each.level for each in found] == ([] if level in (0.7, 1.3) else [pytest.approx(level)])


def test_costs_that_touch_do_not_cross_and_those_that_are_the_same_never_do() -> None:
    touching = np.array([1.0, 0.5, 0.0, 0.5, 1.0])[:, None] * np.ones(3)
    assert crossings(LEVELS, touching) == ()
    assert crossings(LEVELS, np.zeros((5, 3))) == ()


def test_costs_that_are_the_same_on_a_stretch_cross_in_its_middle() -> None:
    (found,) = crossings((1.0, 2.0, 4.0, 5.0), np.array([-1.0, 0.0, 0.0, 2.0])[:, None] * np.ones(3))
    assert found.level == 3.0


def test_costs_may_cross_more_than_once() -> None:
    found = crossings((0.0, 1.0, 2.0), np.array([-1.0, 1.0, -3.0])[:, None] * np.ones(3))
    assert [(each.level, each.rises) for each in found] == [(0.5, True), (1.25, False)]


def test_an_end_of_the_interval_is_a_level_at_which_the_difference_is_just_significant() -> None:
    """Checked on the definition: Student's t of the differences, interpolated future by future."""
    generator = np.random.default_rng(3)
    noise = generator.normal(0.0, 0.2, (len(LEVELS), 50)) + generator.normal(0.0, 0.3, 50)
    difference = (np.array(LEVELS) - 1.03)[:, None] + noise
    (found,) = crossings(LEVELS, difference)
    assert found.low < found.level < found.high
    for end in (found.low, found.high):
        there = np.array([np.interp(end, LEVELS, difference[:, each]) for each in range(50)])
        t = there.mean() / (there.std(ddof=1) / np.sqrt(50))
        assert abs(t) == pytest.approx(stats.t.ppf(0.975, 49), rel=1e-6)


def test_an_interval_is_open_where_no_level_tells_the_two_apart() -> None:
    generator = np.random.default_rng(5)
    difference = (np.array(LEVELS) - 1.0)[:, None] + generator.normal(0.0, 10.0, 30)
    difference -= difference[2].mean() - 0.01
    (found,) = crossings(LEVELS, difference)
    assert (found.low, found.high) == (-np.inf, np.inf)


def test_one_future_tells_nothing_of_the_interval() -> None:
    (found,) = crossings((0.0, 1.0), np.array([[-1.0], [1.0]]))
    assert (found.level, found.low, found.high) == (0.5, -np.inf, np.inf)


def test_nineteen_intervals_of_twenty_hold_the_true_crossing() -> None:
    """Skewed costs: 2,000 times 60 futures of a difference whose mean crosses at 0.93."""
    generator = np.random.default_rng(11)
    levels = np.array(LEVELS)
    held = 0
    for _ in range(2000):
        future = generator.gamma(4.0, 0.25, 60)
        difference = levels[:, None] * future * 2.0 - 0.93 * 2.0 + generator.normal(0.0, 0.1, (5, 60))
        (found,) = crossings(LEVELS, difference)
        held += found.low <= 0.93 <= found.high
    assert 0.93 <= held / 2000 <= 0.97
