"""Risk figures of futures: against distributions whose quantiles and shortfalls are known, and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from simulator.planning.pricing.risk import Outcomes, order_bounds

CASES = 400
FUTURES = 500


def _draw(name: str, *shape: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    return {
        "normal": rng.normal(100.0, 40.0, shape),
        "exponential": rng.exponential(100.0, shape),
        "lognormal": rng.lognormal(0.0, 0.8, shape),
    }[name]


def _quantile(name: str, share: float) -> float:
    z = float(special.ndtri(share))
    return {"normal": 100.0 + 40.0 * z, "exponential": -100.0 * math.log1p(-share), "lognormal": math.exp(0.8 * z)}[
        name
    ]


def _shortfall(name: str, tail: float) -> float:
    """The mean below the quantile of the tail, in closed form."""
    z = float(special.ndtri(tail))
    if name == "normal":
        return 100.0 - 40.0 * math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / tail
    if name == "exponential":
        return 100.0 * (1.0 + (1.0 - tail) * math.log1p(-tail) / tail)
    return math.exp(0.32) * float(special.ndtr(z - 0.8)) / tail


def _held(true: float, low: float, high: float) -> bool:
    return low <= true <= high


@pytest.mark.parametrize("name", ["normal", "exponential", "lognormal"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_intervals_of_quantiles_hold_the_true_one_at_least_as_often_as_they_say(name: str, share: float) -> None:
    found = [Outcomes(row).quantile(share) for row in _draw(name, CASES, FUTURES)]
    held = np.mean([_held(_quantile(name, share), float(each.low), float(each.high)) for each in found])
    assert held >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / CASES)


@pytest.mark.parametrize("name", ["normal", "exponential", "lognormal"])
@pytest.mark.parametrize("tail", [0.1, 0.25])
def test_intervals_of_shortfalls_hold_the_true_one_about_as_often_as_they_say(name: str, tail: float) -> None:
    """Their theory is of many futures: a little less is allowed for."""
    drawn = _draw(name, CASES, FUTURES)
    found = [Outcomes(row).expected_shortfall(tail) for row in drawn]
    held = np.mean([_held(_shortfall(name, tail), float(each.low), float(each.high)) for each in found])
    assert 0.95 - 0.02 - 3 * math.sqrt(0.95 * 0.05 / CASES) <= held < 1
    error = np.mean([float(each.value) for each in found]) - _shortfall(name, tail)
    assert abs(error) < 0.01 * drawn.std()


@pytest.mark.parametrize("futures", [5, 40, 1000])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_ranks_of_a_quantile_leave_at_most_half_of_the_rest_on_each_side_and_no_closer_ones_would(
    futures: int, share: float
) -> None:
    """Of n futures, k below the quantile is binomial; its ends summed term by term."""
    terms = [
        math.exp(
            math.lgamma(futures + 1)
            - math.lgamma(k + 1)
            - math.lgamma(futures - k + 1)
            + k * math.log(share)
            + (futures - k) * math.log1p(-share)
        )
        for k in range(futures + 1)
    ]
    low, high = order_bounds(futures, share, 0.95)
    assert math.fsum(terms[:low]) <= 0.025 + 1e-12
    assert math.fsum(terms[: low + 1]) > 0.025 - 1e-12
    assert math.fsum(terms[high:]) <= 0.025 + 1e-12
    assert math.fsum(terms[high - 1 :]) > 0.025 - 1e-12


def test_figures_of_ten_futures_are_those_worked_out_by_hand() -> None:
    outcomes = Outcomes(np.array([5.0, -3.0, 8.0, 1.0, -1.0, 4.0, 2.0, 9.0, 7.0, 6.0]))
    assert float(outcomes.mean.value) == pytest.approx(3.8)
    assert [float(each.value) for each in (outcomes.p10, outcomes.p50, outcomes.p90)] == [-3.0, 4.0, 8.0]
    assert float(outcomes.expected_shortfall(0.2).value) == pytest.approx(-2.0)
    assert float(outcomes.expected_shortfall(0.25).value) == pytest.approx((-3.0 - 1.0 + 0.5 * 1.0) / 2.5)
    assert float(outcomes.below().value) == pytest.approx(0.2)
    assert float(outcomes.below(1.0).value) == pytest.approx(0.2)


def test_the_tenth_of_ten_futures_has_no_lower_bound() -> None:
    """A tenth of all may well lie below the lowest of ten: 35 % of the time."""
    assert float(Outcomes(np.arange(10.0)).p10.low) == -np.inf


@pytest.mark.parametrize("values", [np.zeros((2, 2)), np.zeros(0), np.array([1.0, np.nan])])
def test_what_is_no_amount_by_future_is_refused(values: np.ndarray) -> None:
    with pytest.raises(ValueError, match="one finite amount"):
        Outcomes(values)
