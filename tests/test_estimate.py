from __future__ import annotations

import numpy as np
import pytest

from simulator.experiment.estimate import (
    band,
    mean_estimate,
    proportion_estimate,
    ratio_difference,
    ratio_estimate,
    replications_for,
    student_t,
)

REPETITIONS = 4000


def covered(low: np.ndarray, high: np.ndarray, truth: float) -> float:
    return float(np.mean((low <= truth) & (truth <= high)))


def test_mean_of_three_values_by_hand() -> None:
    # mean 4, sample deviation 2, t(0.975, 2) = 4.302653: half-width 4.302653 * 2 / sqrt(3).
    estimate = mean_estimate(np.array([2.0, 4.0, 6.0]))
    assert estimate.value == pytest.approx(4.0)
    assert estimate.half_width == pytest.approx(4.302653 * 2 / np.sqrt(3), rel=1e-6)


def test_mean_leaves_out_replications_without_a_value() -> None:
    with_gap = mean_estimate(np.array([2.0, np.nan, 4.0, 6.0]))
    without = mean_estimate(np.array([2.0, 4.0, 6.0]))
    assert with_gap.value == without.value
    assert with_gap.half_width == pytest.approx(float(without.half_width))
    assert np.isnan(mean_estimate(np.array([np.nan, np.nan])).value)


def test_one_replication_has_no_finite_interval() -> None:
    assert np.isinf(mean_estimate(np.array([3.0])).half_width)
    assert np.isinf(ratio_estimate(np.array([3.0]), np.array([4.0])).half_width)


def test_ratio_of_sums_is_not_the_mean_of_ratios() -> None:
    estimate = ratio_estimate(np.array([1.0, 9.0]), np.array([1.0, 19.0]))
    assert estimate.value == pytest.approx(0.5)


def test_ratio_without_denominator_is_nan() -> None:
    estimate = ratio_estimate(np.zeros(5), np.zeros(5))
    assert np.isnan(estimate.value)
    assert np.isnan(estimate.half_width)


def test_replications_without_a_denominator_do_not_narrow_the_interval_of_a_ratio() -> None:
    """A quarter of an hour in which one future of four has a call: nothing is known of how the wait varies."""
    assert np.isinf(ratio_estimate(np.array([0.0, 0.0, 30.0, 0.0]), np.array([0.0, 0.0, 1.0, 0.0])).half_width)
    waits, calls = np.array([40.0, 90.0, 20.0]), np.array([2.0, 3.0, 1.0])
    among_others = ratio_estimate(np.r_[waits, 0.0, 0.0], np.r_[calls, 0.0, 0.0])
    alone = ratio_estimate(waits, calls)
    assert among_others.value == pytest.approx(float(alone.value))
    assert among_others.half_width == pytest.approx(float(alone.half_width))
    base = ratio_estimate(np.ones(5), np.ones(5))
    difference = ratio_difference(np.r_[waits, 0.0, 0.0], np.r_[calls, 0.0, 0.0], np.ones(5), np.ones(5))
    assert difference.value == pytest.approx(float(alone.value - base.value))
    assert difference.half_width == pytest.approx(float(alone.half_width))


def test_intervals_of_ratios_cover_the_truth_as_often_as_they_claim() -> None:
    """Twenty replications, answered out of a random number offered: 95 %, give or take four standard errors."""
    rng = np.random.default_rng(7)
    offered = rng.poisson(200, (20, REPETITIONS)).astype(np.float64)
    answered = rng.binomial(offered.astype(np.int64), 0.8).astype(np.float64)
    estimate = ratio_estimate(answered, offered)
    assert covered(estimate.low, estimate.high, 0.8) == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / REPETITIONS))


def test_intervals_of_paired_differences_cover_and_are_narrower_than_unpaired_ones() -> None:
    rng = np.random.default_rng(8)
    luck = rng.normal(size=(20, REPETITIONS))
    offered = 200 + 20 * luck
    base = 0.7 * offered + 5 * luck + rng.normal(size=luck.shape)
    better = 0.75 * offered + 5 * luck + rng.normal(size=luck.shape)
    paired = ratio_difference(better, offered, base, offered)
    truth = 0.05
    assert covered(paired.low, paired.high, truth) == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / REPETITIONS))
    alone = ratio_estimate(better, offered)
    assert np.median(paired.half_width) < 0.5 * np.median(alone.half_width)


def test_difference_to_itself_is_exactly_zero() -> None:
    rng = np.random.default_rng(9)
    answered, offered = rng.random(10), 1 + rng.random(10)
    estimate = ratio_difference(answered, offered, answered, offered)
    assert estimate.value == 0
    assert estimate.half_width == 0


def test_proportion_of_eight_in_ten_by_hand() -> None:
    # Wilson with z = 1.959964: centre (0.8 + 0.192073) / 1.384146, half 1.959964 sqrt(0.016 + 0.0096036) / 1.384146.
    estimate = proportion_estimate(np.array([1.0] * 8 + [0.0] * 2))
    assert estimate.low == pytest.approx(0.490162, abs=2e-6)
    assert estimate.high == pytest.approx(0.943318, abs=2e-6)


def test_certain_looking_proportions_still_have_a_width() -> None:
    always = proportion_estimate(np.ones(20))
    assert always.value == 1
    assert 0.8 < float(always.low) < 0.9
    never = proportion_estimate(np.zeros(20))
    assert never.low == 0
    assert 0.1 < float(never.high) < 0.2
    assert np.isnan(proportion_estimate(np.array([np.nan, np.nan])).value)


def test_student_t_from_the_table() -> None:
    assert student_t(0.95, 10) == pytest.approx(2.228139, abs=1e-6)
    assert student_t(0.99, 30) == pytest.approx(2.749996, abs=1e-6)
    assert np.isinf(student_t(0.95, 0))


def test_each_cell_has_the_quantile_of_its_own_degrees_of_freedom() -> None:
    found = student_t(0.95, np.array([[10, 1], [-1, 10]]))
    assert found == pytest.approx(np.array([[2.228139, 12.706205], [np.inf, 2.228139]]), abs=1e-6)


def test_band_leaves_out_missing_futures() -> None:
    values = np.array([[1.0, np.nan], [2.0, np.nan], [np.nan, np.nan], [3.0, np.nan]])
    np.testing.assert_array_equal(band(values, (0.0, 0.5, 1.0))[:, 0], [1.0, 2.0, 3.0])
    assert np.isnan(band(values, (0.5,))[0, 1])


def test_bands_are_numpys_quantiles_with_the_missing_left_out() -> None:
    rng = np.random.default_rng(10)
    values = rng.normal(size=(13, 40))
    values[rng.random(values.shape) < 0.3] = np.nan
    shares = (0.025, 0.1, 0.5, 0.9, 1.0)
    np.testing.assert_allclose(band(values, shares), np.nanquantile(values, shares, axis=0), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("probability", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_so_many_replications_that_always_meet_it_show_a_probability_and_one_less_does_not(probability: float) -> None:
    needed = replications_for(probability)
    assert proportion_estimate(np.ones(needed)).low >= probability
    assert proportion_estimate(np.ones(needed - 1)).low < probability
