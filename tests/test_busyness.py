"""Busyness against exact moments, what it is estimated from, and the figures that show it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from demand_scenarios import FLAT, a_channel, a_history, a_profile, a_scenario, a_type
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from simulator.demand import (
    BusynessModel,
    Demand,
    busyness_of_history,
    daily_dispersion,
    slot_dispersion,
)
from simulator.demand.busyness import busyness_of_channel, loading
from simulator.demand.compiled import normal_score
from simulator.demand.quantiles import gamma_at_score
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.model import Busyness, HistoryDemand, Scenario
from simulator.streams import stream

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.scenario.model import Channel

    Floats = NDArray[np.float64]

DAY = 86_400
HOUR = 3600.0


def gamma_quantile(cv: float, score: Floats) -> Floats:
    """Quantile of the gamma distribution of mean 1 at a normal score, by scipy."""
    return np.asarray(stats.gamma.isf(stats.norm.sf(score), cv**-2, scale=cv**2))


def correlation_of_factors(cv: float, other_cv: float, correlation_of_scores: float) -> float:
    """By integrating over both scores: trapezoid rule over the square, dense enough for eight digits."""
    own, step = np.linspace(-8.2, 8.2, 301, retstep=True)
    weight = stats.norm.pdf(own) * step
    r = correlation_of_scores
    second = r * own[:, None] + math.sqrt(1 - r * r) * own
    mean_of_product = weight @ (gamma_quantile(cv, own)[:, None] * gamma_quantile(other_cv, second)) @ weight
    return float(mean_of_product - 1) / (cv * other_cv)


# --- the copula


@pytest.mark.parametrize("cv", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("correlation", [0.1, 0.5, 0.9])
def test_two_channels_alike_have_exactly_the_correlation_asked_for(cv: float, correlation: float) -> None:
    assert correlation_of_factors(cv, cv, loading(cv, correlation) ** 2) == pytest.approx(correlation, abs=1e-6)


def test_no_and_full_correlation_are_exact() -> None:
    assert [loading(cv, correlation) for cv in (0.0, 0.3) for correlation in (0.0, 1.0)] == [0, 1, 0, 1]


def test_the_correlation_of_channels_unlike_is_told() -> None:
    channels = [
        a_channel(name, busyness=Busyness(cv, 0.0)) for name, cv in zip("abcd", (0.1, 0.8, 0.0, 0.1), strict=True)
    ]
    told = BusynessModel.of(a_scenario(*channels, correlation=0.6)).correlation()
    by_integral = correlation_of_factors(0.1, 0.8, loading(0.1, 0.6) * loading(0.8, 0.6))
    assert told[0, 1] == told[1, 0] == pytest.approx(by_integral, abs=1e-6)
    assert told[0, 3] == pytest.approx(0.6, abs=1e-9)
    assert np.diag(told)[[0, 1, 3]].tolist() == [1, 1, 1]
    assert np.isnan(told[2]).all()
    assert np.isnan(told[:, 2]).all()


@pytest.mark.parametrize("correlation", [-0.1, 1.1, math.nan])
def test_an_impossible_correlation_is_refused(correlation: float) -> None:
    with pytest.raises(ValueError, match="allowed are 0 to 1"):
        loading(0.3, correlation)


# --- drawn day totals


def whole_days(*channels: Channel, days: int, correlation: float = 0.0) -> Scenario:
    """Days of one interval each, without changes of the clock."""
    return a_scenario(*channels, days=days, interval=DAY, timezone="UTC", correlation=correlation)


def a_day_with(name: str, mean: float, day_cv: float) -> Channel:
    return a_channel(name, a_profile(7 * mean, FLAT), busyness=Busyness(day_cv, 0.0))


def variance_and_fourth_moment(mean: float, cv: float) -> tuple[float, float]:
    """Second and fourth central moment of a gamma-mixed Poisson count, by integrating over the factor."""

    def integrand(factor: float, power: int) -> float:
        rate, away = mean * factor, mean * (factor - 1)
        given_factor = {
            2: rate + away**2,
            4: rate + 3 * rate**2 + 4 * rate * away + 6 * rate * away**2 + away**4,
        }
        return float(given_factor[power] * stats.gamma.pdf(factor, cv**-2, scale=cv**2))

    second, fourth = (integrate.quad(integrand, 0, 1 + 12 * cv, (power,))[0] for power in (2, 4))
    return second, fourth


def test_day_totals_have_the_mean_and_variance_of_gamma_mixed_poisson_counts() -> None:
    mean, cv = 100.0, 0.25
    demand = Demand(whole_days(*(a_day_with(name, mean, cv) for name in "abcdefgh"), days=4200))
    totals = np.concatenate([demand.draw_counts(21, replication)[:, 0].ravel() for replication in range(5)])
    variance, fourth = variance_and_fourth_moment(mean, cv)
    assert variance == pytest.approx(mean + (cv * mean) ** 2)
    for found, exact, spread in (
        (totals.mean(), mean, math.sqrt(variance)),
        (totals.var(ddof=1), variance, math.sqrt(fourth - variance**2)),
    ):
        half_width = stats.norm.ppf(0.995) * spread / math.sqrt(len(totals))
        assert half_width < 0.01 * exact
        assert abs(found - exact) < half_width
    # Days are independent of each other.
    assert abs(np.corrcoef(totals[1:], totals[:-1])[0, 1]) < stats.norm.ppf(0.995) / math.sqrt(len(totals))


def test_day_totals_of_two_channels_have_the_correlation_of_their_gamma_factors() -> None:
    means, cv, days, replications = (100.0, 400.0), 0.25, 4000, 9
    channels = [a_day_with(name, mean, cv) for name, mean in zip("ab", means, strict=True)]
    demand = Demand(whole_days(*channels, days=days, correlation=0.8))
    totals = np.concatenate([demand.draw_counts(25, replication)[:, 0] for replication in range(replications)], axis=1)
    variances = [variance_and_fourth_moment(mean, cv)[0] for mean in means]
    exact = 0.8 * cv**2 * math.prod(means) / math.sqrt(math.prod(variances))
    # The spread of a correlation, with a tenth more for totals that are not quite normal.
    half_width = 1.1 * stats.norm.ppf(0.995) * (1 - exact**2) / math.sqrt(days * replications)
    assert half_width < 0.01 * exact
    assert abs(np.corrcoef(totals)[0, 1] - exact) < half_width


def test_a_day_total_has_the_negative_binomial_distribution() -> None:
    demand = Demand(whole_days(a_day_with("a", 20.0, 0.4), days=4000))
    totals = np.concatenate([demand.draw_counts(22, replication)[0, 0] for replication in range(3)])
    shape = 0.4**-2
    bounds = np.arange(5, 46, 2)
    share = np.diff(stats.nbinom.cdf(bounds, shape, shape / (shape + 20.0)), prepend=0.0, append=1.0)
    share[-1] = stats.nbinom.sf(bounds[-1], shape, shape / (shape + 20.0))
    found = np.histogram(totals, np.concatenate([[-np.inf], bounds + 0.5, [np.inf]]))[0]
    assert stats.chisquare(found, share / share.sum() * len(totals)).pvalue > 0.005


def test_an_interval_factor_is_shared_by_the_topics_and_by_nothing_else() -> None:
    # Two topics, two channels: 24 hours a day, all with mean 30 and an interval cv of 0.3.
    channel = a_channel(
        "a", a_profile(7 * 24 * 60.0, FLAT), types=(a_type(0, 0.5), a_type(1, 0.5)), busyness=Busyness(0.0, 0.3)
    )
    scenario = a_scenario(channel, replace(channel, name="b"), days=600, interval=3600, topics=2, timezone="UTC")
    counts = Demand(scenario).draw_counts(23, 0).reshape(4, -1)
    number = counts.shape[1]
    variance = 30 + (0.3 * 30) ** 2
    assert counts.var(axis=1, ddof=1) == pytest.approx(
        [variance] * 4, rel=stats.norm.ppf(0.999) * math.sqrt(2.4 / number)
    )
    correlation: Floats = np.asarray(np.corrcoef(counts))
    width = stats.norm.ppf(0.9995) / math.sqrt(number)
    same = (0.3 * 30) ** 2 / variance
    for one, other, exact in ((0, 1, same), (2, 3, same), (0, 2, 0.0), (1, 3, 0.0)):
        assert abs(correlation[one, other] - exact) < width
    for row in counts:
        assert abs(np.corrcoef(row[1:], row[:-1])[0, 1]) < width


def test_day_and_interval_factor_add_up_to_the_variance_of_an_interval() -> None:
    channel = a_channel(demand=a_profile(7 * 24 * 40.0, FLAT), busyness=Busyness(0.2, 0.25))
    demand = Demand(a_scenario(channel, days=1500, interval=3600, timezone="UTC"))
    counts = demand.draw_counts(24, 0)[0, 0].reshape(1500, 24)
    found = slot_dispersion(counts.astype(float), np.zeros(1500, dtype=np.int64))
    exact = 1 + 40 * ((1 + 0.2**2) * (1 + 0.25**2) - 1)
    assert abs(found.index - exact) < stats.norm.ppf(0.995) * found.index_error
    assert stats.norm.ppf(0.995) * found.index_error < 0.06 * exact
    found = daily_dispersion(counts.astype(float), np.zeros(1500, dtype=np.int64))
    exact = 1 + 960 * 0.2**2 + 40 * (1 + 0.2**2) * 0.25**2
    assert abs(found.index - exact) < stats.norm.ppf(0.995) * found.index_error


def test_another_channel_or_a_longer_horizon_leaves_the_factors_as_they_were() -> None:
    phone = a_channel("phone", busyness=Busyness(0.3, 0.2))
    chat = a_channel("chat", busyness=Busyness(0.6, 0.1))
    alone = BusynessModel.of(a_scenario(phone, days=3, correlation=0.5)).draw(1, 2)
    both = BusynessModel.of(a_scenario(chat, phone, days=5, correlation=0.5)).draw(1, 2)
    assert both[1, : alone.shape[1]].tolist() == alone[0].tolist()


def test_a_day_factor_holds_from_midnight_to_midnight() -> None:
    channel = a_channel(busyness=Busyness(0.3, 0.0))
    scenario = a_scenario(channel, start=date(2026, 10, 24), days=3)
    factors = BusynessModel.of(scenario).draw(1, 0)[0]
    assert [len(set(day.tolist())) for day in np.split(factors, [96, 196])] == [1, 1, 1]
    assert len(set(factors.tolist())) == 3


def test_without_busyness_nothing_varies() -> None:
    assert (BusynessModel.of(a_scenario(a_channel(), correlation=0.5)).draw(1, 0) == 1).all()


# --- memory of the interval factor


def test_memory_0_leaves_each_interval_to_a_number_of_its_own() -> None:
    channel = a_channel(busyness=Busyness(0.0, 0.3))
    scenario = a_scenario(channel, start=date(2026, 10, 24), days=2)
    own = [
        stream(7, 1, "interval factor", "phone", day).random(n) for day, n in (("2026-10-24", 96), ("2026-10-25", 100))
    ]
    factors = gamma_at_score(0.3, normal_score(np.concatenate(own)))
    for busyness in (Busyness(0.0, 0.3), Busyness(0.0, 0.3, 0.0), Busyness(0.0, 0.3, 1.0)):
        drawn = BusynessModel.of(replace(scenario, channels=(replace(channel, busyness=busyness),))).draw(7, 1)
        assert drawn.tobytes() == factors.tobytes()


@pytest.mark.parametrize("memory", [600.0, 5 * HOUR, 3650.0 * DAY])
def test_a_score_keeps_a_part_of_the_one_before_on_its_date_alone(memory: float) -> None:
    # Days of 24, 25 and 24 hours.
    channel = a_channel(busyness=Busyness(0.0, 0.3, memory))
    drawn = BusynessModel.of(a_scenario(channel, start=date(2026, 10, 24), days=3)).draw(7, 1)[0]
    days = zip(("2026-10-24", "2026-10-25", "2026-10-26"), (96, 100, 96), strict=True)
    kept = math.exp(-900 / memory)
    scores = [
        remembering_scores(stats.norm.ppf(stream(7, 1, "interval factor", "phone", day).random((1, n))), kept)[0]
        for day, n in days
    ]
    assert drawn == pytest.approx(gamma_quantile(0.3, np.concatenate(scores)), rel=1e-7)


def test_a_longer_horizon_leaves_remembering_factors_as_they_were() -> None:
    channel = a_channel(busyness=Busyness(0.1, 0.3, 5 * HOUR))
    short, long = (
        BusynessModel.of(a_scenario(channel, start=date(2026, 10, 23), days=days)).draw(1, 2)[0] for days in (2, 3)
    )
    assert long[: len(short)].tobytes() == short.tobytes()


def test_with_memory_each_factor_is_gamma_distributed_as_without() -> None:
    channel = a_channel(busyness=Busyness(0.0, 0.4, 2 * HOUR))
    model = BusynessModel.of(a_scenario(channel, days=3000, interval=3600, timezone="UTC"))
    factors = model.draw(26, 0)[0].reshape(3000, 24)
    gamma = stats.gamma(0.4**-2, scale=0.4**2)
    for place in (0, 1, 12, 23):
        assert stats.kstest(factors[:, place], gamma.cdf).pvalue > 0.005
    # Scores so many hours apart have correlation exp(-hours / 2), and none across midnight.
    scores = stats.norm.ppf(gamma.cdf(factors))
    for one, other, exact in ((5, 6, math.exp(-0.5)), (5, 9, math.exp(-2)), (0, 23, math.exp(-11.5))):
        found = np.corrcoef(scores[:, one], scores[:, other])[0, 1]
        assert abs(found - exact) < stats.norm.ppf(0.995) * (1 - exact**2) / math.sqrt(3000)
    across = np.corrcoef(scores[:-1, 23], scores[1:, 0])[0, 1]
    assert abs(across) < stats.norm.ppf(0.995) / math.sqrt(3000)


@pytest.mark.parametrize(
    ("mean", "day_cv", "interval_cv", "memory", "days"),
    [(160.0, 0.05, 0.06, 4 * HOUR, 1400), (30.0, 0.2, 0.8, HOUR, 1400)],
)
def test_sums_of_intervals_vary_as_the_covariances_of_their_counts_add_up_to(
    mean: float, day_cv: float, interval_cv: float, memory: float, days: int
) -> None:
    channel = a_channel(demand=a_profile(7 * 288 * mean, FLAT), busyness=Busyness(day_cv, interval_cv, memory))
    demand = Demand(a_scenario(channel, days=days // 2, interval=300, timezone="UTC"))
    counts = np.concatenate([demand.draw_counts(27, r)[0, 0] for r in range(2)]).reshape(days, 288).astype(float)
    like = [1.0] + [correlation_of_factors(interval_cv, interval_cv, math.exp(-k * 300 / memory)) for k in range(1, 24)]
    alike = np.zeros(days, dtype=np.int64)
    for together in (1, 6, 12, 24):
        variance = 0.0
        for one in range(together):
            for other in range(together):
                swing = 1 + interval_cv**2 * like[abs(one - other)]
                variance += mean**2 * ((1 + day_cv**2) * swing - 1) + (mean if one == other else 0)
        exact = variance / (together * mean)
        found = slot_dispersion(counts.reshape(days, -1, together).sum(axis=2), alike)
        bound = stats.norm.ppf(0.995) * found.index_error
        assert abs(found.index - exact) < bound
        assert bound < 0.1 * exact


# --- busyness that a volume file shows


def simulated_history(
    rng: np.random.Generator, days: int, shape: Floats, day_cv: float, interval_cv: float
) -> HistoryDemand:
    """Counts with known busyness; volumes differ by weekday, and so does the time of day."""
    weekday = np.arange(days) % 7
    mean = (1 + 0.2 * weekday)[:, None] * (shape + 0.3 * shape.mean() * (weekday[:, None] == 5))
    day = rng.gamma(day_cv**-2, day_cv**2, (days, 1)) if day_cv else np.ones((days, 1))
    interval = rng.gamma(interval_cv**-2, interval_cv**2, mean.shape) if interval_cv else 1.0
    return a_history(rng.poisson(mean * day * interval), date(2026, 6, 1), DAY / len(shape), use="typical week")


@pytest.mark.parametrize(("day_cv", "interval_cv"), [(0.5, 0.1), (0.15, 0.0), (0.0, 0.2)])
def test_estimated_squares_of_busyness_are_right_on_average_even_from_four_weeks(
    day_cv: float, interval_cv: float
) -> None:
    # Of 400 files, without memory. Where there is no factor, the lower half of the estimates is cut off at 0.
    rng = np.random.default_rng(31)
    shape = np.array([0, 0, 5, 20, 60, 80, 70, 40, 30, 10, 0, 0.0])
    found = np.array(
        [
            busyness_of_history(simulated_history(rng, 28, shape, day_cv, interval_cv), 7200.0, 0.0)[:2]
            for _ in range(400)
        ]
    )
    for estimates, truth in zip((found**2).T, (day_cv**2, interval_cv**2), strict=True):
        error = estimates.std(ddof=1) / math.sqrt(len(estimates))
        if truth:
            assert abs(estimates.mean() - truth) < stats.norm.ppf(0.995) * error + 0.01 * truth
            assert stats.norm.ppf(0.995) * error < 0.1 * truth
        else:
            assert 0.4 < (estimates == 0).mean() < 0.65


def test_counts_that_vary_less_than_poisson_show_no_busyness() -> None:
    assert busyness_of_history(a_history(np.full((14, 24), 9.0), date(2026, 6, 1), HOUR), HOUR) == (0.0, 0.0, 0.0)
    assert busyness_of_history(a_history(np.zeros((14, 24)), date(2026, 6, 1), HOUR), HOUR) == (0.0, 0.0, 0.0)


def test_the_scale_of_a_file_does_not_matter() -> None:
    history = simulated_history(np.random.default_rng(1), 70, np.full(24, 30.0), 0.2, 0.1)
    assert busyness_of_history(replace(history, scale=3.0), HOUR) == busyness_of_history(history, HOUR)


def test_finer_rows_are_summed_up_to_the_planning_interval_first() -> None:
    hourly = simulated_history(np.random.default_rng(2), 70, np.full(24, 60.0), 0.2, 0.1)
    count = np.repeat(hourly.count / 4, 4, axis=1)
    quarters = replace(hourly, step=900.0, clock=np.arange(0.0, 86_400.0, 900.0), count=count)
    assert busyness_of_history(quarters, HOUR) == pytest.approx(busyness_of_history(hourly, HOUR))


def test_rows_longer_than_the_planning_interval_vary_as_much_as_they_did() -> None:
    # Hours that vary with cv 0.1 beyond Poisson need independent quarters of cv 0.2.
    hourly = simulated_history(np.random.default_rng(2), 70, np.full(24, 60.0), 0.2, 0.1)
    (day_cv, of_hours, _), (same_day_cv, of_quarters, _) = (
        busyness_of_history(hourly, length, 0.0) for length in (HOUR, 900.0)
    )
    assert of_quarters == pytest.approx(2 * of_hours)
    assert same_day_cv == day_cv


def test_a_file_without_any_weekday_twice_cannot_show_busyness() -> None:
    with pytest.raises(ValueError, match=r"volumes\.csv has no weekday twice"):
        busyness_of_history(a_history(np.ones((7, 24)), date(2026, 6, 1), HOUR), HOUR)


def test_busyness_that_is_given_stays_and_the_rest_is_estimated() -> None:
    history = bank_like_history(np.random.default_rng(3), 100, 0.05, 0.06, 4 * HOUR)
    day_cv, interval_cv, memory = busyness_of_history(history, 300.0)
    alone_day_cv, alone_interval_cv, _ = busyness_of_history(history, 300.0, 0.0)
    beside_day_cv, beside_interval_cv, _ = busyness_of_history(history, 300.0, HOUR)
    channel = a_channel(demand=history)
    for given_busyness, used in (
        ((None, None, None), (day_cv, interval_cv, memory)),
        ((0.5, None, None), (0.5, interval_cv, memory)),
        ((0.5, 0.3, None), (0.5, 0.3, memory)),
        ((None, None, 0.0), (alone_day_cv, alone_interval_cv, 0.0)),
        ((None, None, HOUR), (beside_day_cv, beside_interval_cv, HOUR)),
        ((None, 0.0, None), (alone_day_cv, 0.0, 0.0)),
        ((0.3, 0.4, HOUR), (0.3, 0.4, HOUR)),
    ):
        assert busyness_of_channel(replace(channel, busyness=Busyness(*given_busyness)), 300.0) == used


@pytest.mark.parametrize(
    ("busyness", "missing"), [(Busyness(0.1, None), "interval_cv"), (Busyness(0.1, 0.1, None), "interval_memory")]
)
def test_busyness_to_be_shown_by_a_file_needs_a_file(busyness: Busyness, missing: str) -> None:
    with pytest.raises(ValueError, match=f"Channel phone has no volume file .*; give {missing}, 0 for none"):
        Demand(a_scenario(a_channel(busyness=busyness)))


# --- what a volume file shows of memory


def remembering_scores(own: Floats, kept: float) -> Floats:
    """[day, slot] One score after the other, from independent ones."""
    score = own.copy()
    for slot in range(1, own.shape[1]):
        score[:, slot] = kept * score[:, slot - 1] + math.sqrt(1 - kept**2) * own[:, slot]
    return score


def bank_like_history(
    rng: np.random.Generator, days: int, day_cv: float, interval_cv: float, memory: float
) -> HistoryDemand:
    """5-minute counts from 7 to 21 o'clock, with the bank's volumes and of known busyness."""
    slot = np.arange(168)
    mean = (1 + 0.1 * (np.arange(days) % 7))[:, None] * (90 + 100 * np.sin(np.pi * (slot + 8) / 184))
    day = gamma_quantile(day_cv, rng.standard_normal((days, 1))) if day_cv else 1.0
    kept = math.exp(-300 / memory) if memory else 0.0
    swing = gamma_quantile(interval_cv, remembering_scores(rng.standard_normal(mean.shape), kept)) if interval_cv else 1
    clock = 7 * HOUR + 300.0 * slot
    return a_history(rng.poisson(mean * day * swing), date(2026, 6, 1), 300.0, clock, use="typical week")


def half_width(estimates: Floats) -> Floats:
    """[what] Of the 99 % confidence interval of the mean of estimates [replication, what]."""
    number = len(estimates)
    return np.asarray(stats.t.ppf(0.995, number - 1) * estimates.std(axis=0, ddof=1) / math.sqrt(number))


@pytest.fixture(scope="module")
def files_with_memory() -> list[HistoryDemand]:
    rng = np.random.default_rng(51)
    return [bank_like_history(rng, 700, 0.05, 0.06, 4 * HOUR) for _ in range(24)]


def squared(found: tuple[float, float, float]) -> tuple[float, float, float]:
    return found[0] ** 2, found[1] ** 2, found[2]


@pytest.mark.parametrize("interval", [300.0, 900.0])
def test_day_swing_and_memory_of_simulated_files_are_found_again(
    files_with_memory: list[HistoryDemand], interval: float
) -> None:
    found = np.array([squared(busyness_of_history(history, interval)) for history in files_with_memory])
    truth = np.array([0.05**2, 0.06**2, 4 * HOUR])
    assert (half_width(found) < 0.1 * truth).all()
    assert (np.abs(found.mean(axis=0) - truth) < half_width(found) + 0.01 * truth).all()


def test_a_memory_that_is_given_is_kept_and_the_rest_found(files_with_memory: list[HistoryDemand]) -> None:
    found = np.array([squared(busyness_of_history(history, 300.0, 4 * HOUR)) for history in files_with_memory])
    truth = np.array([0.05**2, 0.06**2])
    assert (found[:, 2] == 4 * HOUR).all()
    assert (half_width(found[:, :2]) < 0.07 * truth).all()
    assert (np.abs(found.mean(axis=0)[:2] - truth) < half_width(found[:, :2]) + 0.01 * truth).all()


def hourly(history: HistoryDemand) -> HistoryDemand:
    count = history.count.reshape(-1, 14, 12, 1).sum(axis=2)
    return replace(history, step=HOUR, clock=history.clock[::12], count=count)


def test_swings_of_intervals_within_longer_rows_are_found_again(files_with_memory: list[HistoryDemand]) -> None:
    found = np.array([squared(busyness_of_history(hourly(history), 300.0)) for history in files_with_memory])
    truth = np.array([0.05**2, 0.06**2, 4 * HOUR])
    assert (half_width(found) < 0.15 * truth).all()
    assert (np.abs(found.mean(axis=0) - truth) < half_width(found) + 0.01 * truth).all()


def test_swings_shorter_than_the_rows_are_found_again() -> None:
    # The factor of an hour varies half as much as those of its intervals; by how much exactly is seen here.
    rng = np.random.default_rng(53)
    files = [hourly(bank_like_history(rng, 140, 0.05, 0.15, HOUR / 2)) for _ in range(24)]
    found = np.array([squared(busyness_of_history(history, 300.0, HOUR / 2)) for history in files])[:, :2]
    truth = np.array([0.05**2, 0.15**2])
    assert (half_width(found) < np.array([0.15, 0.04]) * truth).all()
    assert (np.abs(found.mean(axis=0) - truth) < half_width(found) + 0.01 * truth).all()


@pytest.mark.parametrize(("day_cv", "interval_cv", "memory"), [(0.06, 0.04, 0.0), (0.0, 0.3, 60 * HOUR)])
def test_where_no_memory_shows_intervals_are_independent(day_cv: float, interval_cv: float, memory: float) -> None:
    # Swings of days are hardly swings within a day: day factors explain them about as well.
    history = bank_like_history(np.random.default_rng(52), 400, day_cv, interval_cv, memory)
    found = busyness_of_history(history, 300.0)
    assert found == busyness_of_history(history, 300.0, 0.0)
    assert found[2] == 0


def test_three_rows_a_day_show_no_memory() -> None:
    history = simulated_history(np.random.default_rng(4), 70, np.full(3, 400.0), 0.2, 0.1)
    assert busyness_of_history(history, 8 * HOUR) == busyness_of_history(history, 8 * HOUR, 0.0)
    assert busyness_of_history(history, 8 * HOUR)[1] > 0


# --- dispersion


def test_dispersion_by_hand() -> None:
    # Two Mondays (4, 8) and (6, 2), one Tuesday without its like. Variances 2 and 18 over means 5 and 5.
    counts, weekday = np.array([[4.0, 8.0], [6.0, 2.0], [50.0, 70.0]]), np.array([0, 0, 1])
    assert slot_dispersion(counts, weekday).index == 2.0
    assert slot_dispersion(counts, weekday).mean == 5.0
    # Totals 12 and 8: variance 8 over mean 10, whose standard error is the root of 8 / 2.
    day = daily_dispersion(counts, weekday)
    assert (day.index, day.mean, day.mean_error) == (0.8, 10.0, 2.0)


def test_the_expected_difference_between_kinds_of_day_is_no_dispersion() -> None:
    counts = np.random.default_rng(4).poisson(np.array([[10.0], [300.0]] * 300), (600, 20)).astype(float)
    found = slot_dispersion(counts, np.arange(600) % 2)
    assert abs(found.index - 1) < stats.norm.ppf(0.995) * found.index_error
    assert found.index_error < 0.02


@given(st.integers(0, 2**32 - 1))
def test_the_jackknife_leaves_out_one_day_at_a_time(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts, weekday = rng.poisson(9.0, (13, 3)).astype(float), np.arange(13) % 4
    without = []
    for left_out in range(13):
        kept = np.arange(13) != left_out
        top = bottom = 0.0
        for kind in range(4):
            days = counts[kept & (weekday == kind)]
            top += days.var(axis=0, ddof=1).sum() * (len(days) - 1)
            bottom += days.mean(axis=0).sum() * (len(days) - 1)
        without.append(top / bottom)
    error = math.sqrt(12 * np.var(without))
    assert slot_dispersion(counts, weekday).index_error == pytest.approx(error)


def test_dispersion_needs_days_that_are_alike_and_contacts() -> None:
    for counts, weekday in ((np.ones((2, 3)), [0, 1]), (np.zeros((2, 3)), [0, 0])):
        with pytest.raises(ValueError, match="two days that are alike"):
            slot_dispersion(counts, np.array(weekday))


# --- the real bank


def bank_history(folder: Path) -> HistoryDemand:
    rows = np.genfromtxt(
        folder / "us_bank_calls_2003_5min_days_1_120.csv.gz", delimiter=",", skip_header=1, dtype=None, encoding="ascii"
    )
    times = np.array([row[0] for row in rows], dtype="datetime64[s]").reshape(120, 169)
    return HistoryDemand(
        use="typical week",
        step=300.0,
        date=tuple(times[:, 0].astype("datetime64[D]").tolist()),
        clock=(times[0] - times[0, 0].astype("datetime64[D]")).astype(float),
        topics=(-1,),
        count=np.array([row[1] for row in rows], dtype=float).reshape(120, 169, 1),
        scale=1.0,
        source="bank",
    )


@pytest.mark.real_data
def test_simulated_bank_counts_have_the_mean_and_dispersion_of_the_real_ones(data_folder: Path) -> None:
    history = bank_history(data_folder)
    busyness = Busyness(None, None, None)
    channel = a_channel(demand=history, hours=WeeklyHours.parse("mon-fri 07:00-22:00"), busyness=busyness)
    demand = Demand(a_scenario(channel, start=date(2003, 6, 2), days=28, interval=300, timezone="America/New_York"))
    assert demand.busyness.interval_memory[0] > HOUR
    days = np.concatenate([demand.draw_counts(41, replication)[0, 0].reshape(28, 288) for replication in range(60)])
    weekday = np.tile(np.arange(28) % 7, 60)
    simulated, kinds = days[weekday < 5][:, 84 : 84 + 169].astype(float), weekday[weekday < 5]
    assert days.sum() == simulated.sum()
    real = history.count[:, :, 0]
    real_kinds = np.array([day.weekday() for day in history.date])
    # Sums of 5, 15, 30, 60 and 120 minutes, as many as fit into the day, and the whole day.
    for together in (1, 3, 6, 12, 24, 169):
        whole = 169 // together * together
        one, other = (
            slot_dispersion(counts[:, :whole].reshape(len(counts), -1, together).sum(axis=2), alike)
            for counts, alike in ((simulated, kinds), (real, real_kinds))
        )
        assert abs(one.index - other.index) < 2.6 * math.hypot(one.index_error, other.index_error)
        # The file has not equally many days of each weekday; the expected counts are compared exactly elsewhere.
        assert abs(one.mean - other.mean) < 2.6 * math.hypot(one.mean_error, other.mean_error)
        assert one.index_error < 0.05 * one.index
        assert one.index > 2
