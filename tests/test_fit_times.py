"""Handling times fitted to data whose law is known, and to two real logs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from recovery import AT_LEAST, check_recovery
from scipy import optimize, stats

from simulator.history.estimators.by_queue import fit_by_queue
from simulator.history.estimators.families import Sample, fit_gamma
from simulator.history.estimators.survival import kaplan_meier
from simulator.history.estimators.times import fit_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from simulator.history.estimators import Fitted

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

COUNT = 600
MEAN, CV = 250.0, 0.72


def gamma(random: np.random.Generator, count: int = COUNT, cv: float = CV) -> Floats:
    return random.gamma(cv**-2, MEAN * cv**2, count)


def lognormal(random: np.random.Generator, count: int = COUNT) -> Floats:
    variance = math.log1p(CV**2)
    return random.lognormal(math.log(MEAN) - variance / 2, math.sqrt(variance), count)


@pytest.mark.parametrize(("family", "draw"), [("gamma", gamma), ("lognormal", lognormal)], ids=["gamma", "lognormal"])
def test_known_times_are_fitted_back_inside_their_intervals(
    family: str, draw: Callable[[np.random.Generator], Floats]
) -> None:
    chosen = []

    def fitted(random: np.random.Generator) -> Mapping[str, Fitted]:
        fit = fit_time(draw(random))
        chosen.append(fit.chosen.family)
        own = next(each for each in fit.candidates if each.family == family)
        return {"mean": own.mean, "cv": own.cv}

    check_recovery(fitted, {"mean": MEAN, "cv": CV})
    assert sum(each == family for each in chosen) >= AT_LEAST


def test_times_that_were_cut_off_are_fitted_back_too() -> None:
    """A third of them was still going on when the log ended."""

    def fitted(random: np.random.Generator) -> Mapping[str, Fitted]:
        length, seen = gamma(random), random.exponential(450.0, COUNT)
        over = length <= seen
        assert 0.2 < 1 - over.mean() < 0.45
        sample = Sample.of(np.minimum(length, seen), over)
        fit = fit_gamma(sample, kaplan_meier(sample.seconds, over), 0.95)
        return {"mean": fit.mean, "cv": fit.cv}

    check_recovery(fitted, {"mean": MEAN, "cv": CV})


def test_constant_rates_are_exponential_and_their_interval_is_exact() -> None:
    fit = fit_time(np.random.default_rng(2).exponential(300.0, 1000))
    exponential = next(each for each in fit.candidates if each.family == "exponential")
    total = exponential.mean.value * 1000
    for end, tail in ((exponential.mean.high, 0.025), (exponential.mean.low, 0.975)):
        ended = 1000 if tail == 0.025 else 1001
        assert stats.chi2.cdf(2 * total / end, 2 * ended) == pytest.approx(tail)


def test_the_maximum_is_that_of_scipy() -> None:
    times = gamma(np.random.default_rng(5))
    fit = next(each for each in fit_time(times).candidates if each.family == "gamma")
    shape, _, scale = stats.gamma.fit(times, floc=0)
    assert (fit.mean.value, fit.cv.value) == pytest.approx((shape * scale, shape**-0.5), rel=1e-4)
    assert fit.log_likelihood == pytest.approx(stats.gamma.logpdf(times, shape, scale=scale).sum(), rel=1e-9)
    assert fit.distance == pytest.approx(stats.kstest(times, "gamma", (shape, 0, scale)).statistic, abs=1e-4)


def test_the_end_of_an_interval_is_where_the_best_of_the_rest_falls_to_the_quantile_of_f() -> None:
    times = gamma(np.random.default_rng(6))
    fit = next(each for each in fit_time(times).candidates if each.family == "gamma")

    def height(mean: float) -> float:
        found = optimize.minimize_scalar(
            lambda shape: -stats.gamma.logpdf(times, shape, scale=mean / shape).sum(), bounds=(0.5, 6), method="bounded"
        )
        return -float(found.fun)

    for end in (fit.mean.low, fit.mean.high):
        assert fit.log_likelihood - height(end) == pytest.approx(stats.f.ppf(0.95, 2, COUNT - 2), rel=1e-3)


def test_what_no_family_fits_is_said_by_its_quantiles() -> None:
    """Half of the calls are transferred within a minute, the others take ten."""
    random = np.random.default_rng(3)
    times = np.where(random.random(4000) < 0.5, random.gamma(9, 5, 4000), random.gamma(25, 24, 4000))
    fit = fit_time(times)
    assert fit.chosen.family == "quantiles"
    assert fit.chosen.distance < 0.05 < 0.1 < min(each.distance for each in fit.candidates)
    assert fit.chosen.mean.value == pytest.approx(times.mean())
    assert fit.chosen.mean.low < 322.5 < fit.chosen.mean.high
    for share, seconds in fit.chosen.points:
        assert (times <= seconds).mean() == pytest.approx(share, abs=0.05)


def test_few_times_are_not_taken_for_more_than_they_are() -> None:
    assert fit_time(np.array([30.0, 200.0, 90.0])).chosen.family == "exponential"
    assert fit_time(np.full(50, 60.0)).chosen.mean.value == pytest.approx(60.0)
    assert fit_time(np.array([0.0, 120.0])).chosen.mean.value == 60.25
    with pytest.raises(ValueError, match="No time was seen to its end"):
        fit_time(np.array([30.0]), np.array([False]))


def test_small_queues_are_fitted_together() -> None:
    queue = np.repeat(np.arange(4), (500, 300, 60, 50))
    everything = np.ones(len(queue), dtype=np.bool_)
    sizes = fit_by_queue(queue, 5, everything, 100, lambda rows: int(np.count_nonzero(rows)))
    assert sizes.all_queues == 910
    assert sizes.of_queue == (500, 300, 110, 110, 110)
    assert sizes.pooled == (False, False, True, True, True)
    assert fit_by_queue(queue, 4, everything, 200, lambda rows: int(rows.sum())).of_queue == (500, 300, 910, 910)


def test_the_band_is_that_of_scipy() -> None:
    random = np.random.default_rng(4)
    length, seen = random.exponential(100.0, 400), random.exponential(60.0, 400)
    observed = kaplan_meier(np.minimum(length, seen), length <= seen)
    data = stats.CensoredData.right_censored(np.minimum(length, seen), length > seen)
    with pytest.warns(RuntimeWarning, match="undefined at some observations"):
        band: Any = stats.ecdf(data).sf.confidence_interval(method="log-log")
    inner = observed.share > 0
    assert band.low.evaluate(observed.seconds)[inner] == pytest.approx(observed.low[inner])
    assert band.high.evaluate(observed.seconds)[inner] == pytest.approx(observed.high[inner])
    value, low, high = observed.quantile(0.5)
    assert low < value < high
    assert observed.quantile(0.9999)[2] == math.inf
    assert len(observed.thinned(50).seconds) <= 50
