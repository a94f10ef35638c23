"""The error of the forecast and the memory of day factors, against exact moments, quantiles and correlations."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from demand_scenarios import FLAT, a_channel, a_profile, a_scenario
from scipy import stats

from simulator.demand import BusynessModel, Demand, draw_contacts, expected_contacts
from simulator.demand.forecast import fixed_forecast_factors, forecast_cv, forecast_factors
from simulator.experiment.formula import FormulaFigures, formula_figures
from simulator.report.moved import uncertainty_sentences
from simulator.scenario import load_scenario
from simulator.scenario.model import Busyness, Uncertainty

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.scenario.model import ForecastBand, Scenario

    Floats = NDArray[np.float64]

DAY = 86_400.0
DAYS = 14
WRONG = Uncertainty(forecast_cv=0.12, lead=3 * DAY)
CALM = a_scenario(
    a_channel("phone", a_profile(2100.0, FLAT)),
    a_channel("chat", a_profile(700.0, FLAT)),
    days=DAYS,
    interval=3600,
    timezone="UTC",
)


def uncertain(**changes: object) -> Scenario:
    return replace(CALM, uncertainty=replace(WRONG, **changes))  # type: ignore[arg-type]  # fields of Uncertainty


# --- the error of the forecast


def test_the_error_grows_with_the_square_root_of_the_days_ahead() -> None:
    assert forecast_cv(WRONG, DAYS).tolist() == pytest.approx([0.12 * math.sqrt((3 + d) / 7) for d in range(DAYS)])
    assert forecast_cv(WRONG, DAYS)[4] == pytest.approx(0.12)  # a week after it was made
    assert forecast_cv(replace(WRONG, growth="none"), 3).tolist() == [0.12] * 3


def test_factors_have_mean_1_and_their_coefficient_of_variation() -> None:
    # By integrating over the score: the trapezoid rule is as good as exact here.
    score, step = np.linspace(-12, 12, 4801, retstep=True)
    weight = stats.norm.pdf(score) * step
    factors = np.array([forecast_factors(WRONG, DAYS, each) for each in score.tolist()])
    assert (weight @ factors).tolist() == pytest.approx([1.0] * DAYS, rel=1e-9)
    assert (weight @ (factors - 1) ** 2).tolist() == pytest.approx((forecast_cv(WRONG, DAYS) ** 2).tolist(), rel=1e-9)


def test_drawn_errors_are_lognormal_and_the_same_for_all_channels_at_their_quantile_on_all_days() -> None:
    model, replications = BusynessModel.of(uncertain()), 4000
    drawn = np.array([model.draw(17, replication) for replication in range(replications)])
    assert (drawn[:, 0] == drawn[:, 1]).all()
    by_day = drawn[:, 0].reshape(replications, DAYS, 24)
    assert (by_day == by_day[:, :, :1]).all()
    by_day = by_day[:, :, 0]
    for day in (0, DAYS - 1):
        cv = 0.12 * math.sqrt((3 + day) / 7)
        spread = math.sqrt(math.log1p(cv**2))
        law = stats.lognorm(spread, scale=math.exp(-(spread**2) / 2))
        assert stats.kstest(by_day[:, day], law.cdf).pvalue > 0.005
        half_width = stats.norm.ppf(0.995) * cv / math.sqrt(replications)
        assert abs(by_day[:, day].mean() - 1) < half_width < 0.01
        # The variance of a sample variance, from the fourth moment of the lognormal distribution.
        fourth = float(law.stats("k")) + 3
        half_width = stats.norm.ppf(0.995) * cv**2 * math.sqrt((fourth - 1) / replications)
        assert abs(by_day[:, day].var(ddof=1) - cv**2) < half_width < 0.1 * cv**2
    order = np.argsort(by_day[:, 0])
    assert (np.diff(by_day[order], axis=0) >= 0).all()


@pytest.mark.parametrize(("band", "quantile"), [("pessimistic", 0.9), ("optimistic", 0.1)])
def test_the_volume_of_a_band_is_the_quantile_of_the_drawn_volumes(band: ForecastBand, quantile: float) -> None:
    # All days at one quantile: so is their sum, whatever the weights of the days.
    volume = expected_contacts(uncertain(band=band)).sum()
    of_day = expected_contacts(CALM).sum(axis=(0, 1)).reshape(DAYS, 24).sum(axis=1)
    model = BusynessModel.of(uncertain())
    drawn = np.array([of_day @ model.draw(18, replication)[0, ::24] for replication in range(3000)])
    low, high = stats.binom.interval(0.99, len(drawn), quantile)
    assert low <= (drawn < volume).sum() <= high
    for day, cv in enumerate(forecast_cv(WRONG, DAYS).tolist()):
        spread = math.sqrt(math.log1p(cv**2))
        exact = stats.lognorm.ppf(quantile, spread, scale=math.exp(-(spread**2) / 2))
        found = expected_contacts(uncertain(band=band))[:, :, 24 * day : 24 * day + 24].sum() / of_day[day]
        assert found == pytest.approx(exact, rel=1e-9)


def test_a_band_meets_the_same_customers_and_more_or_fewer() -> None:
    def customers(band: ForecastBand) -> Counter[tuple[float, int, float, float]]:
        contacts = draw_contacts(uncertain(band=band), 4, 2)
        columns = (contacts.arrival, contacts.channel, contacts.work, contacts.patience)
        return Counter(zip(*(column.tolist() for column in columns), strict=True))

    optimistic, expected, pessimistic = (customers(band) for band in ("optimistic", "expected", "pessimistic"))
    assert optimistic < expected < pessimistic
    assert pessimistic.total() > 1.05 * expected.total()


def test_in_a_band_nothing_but_chance_differs_between_replications() -> None:
    for band in ("expected", "pessimistic"):
        model = BusynessModel.of(uncertain(band=band))
        assert (model.draw(1, 0) == 1).all()
    demand, replications = Demand(uncertain(band="pessimistic")), 200
    totals = np.array([demand.draw_counts(19, replication).sum() for replication in range(replications)])
    mean = demand.expected.sum()
    assert abs(totals.mean() - mean) < stats.norm.ppf(0.995) * math.sqrt(mean / replications)
    low, high = (stats.chi2.ppf(share, replications - 1) / (replications - 1) for share in (0.005, 0.995))
    assert low < totals.var(ddof=1) / mean < high


def test_without_an_error_all_is_as_it_was_and_expected_is_no_error() -> None:
    assert fixed_forecast_factors(Uncertainty(), 3) is None
    busy = replace(CALM, channels=tuple(replace(each, busyness=Busyness(0.2, 0.1)) for each in CALM.channels))
    before = BusynessModel.of(busy).draw(1, 0)
    none = replace(busy, uncertainty=replace(WRONG, band="expected"))
    assert BusynessModel.of(none).draw(1, 0).tobytes() == before.tobytes()
    wrong = BusynessModel.of(replace(busy, uncertainty=WRONG)).draw(1, 0)
    alone = BusynessModel.of(uncertain()).draw(1, 0)
    np.testing.assert_allclose(wrong, before * alone, rtol=1e-14)


def test_a_longer_horizon_leaves_the_errors_of_its_days_as_they_were() -> None:
    longer = replace(uncertain(), calendar=replace(CALM.calendar, days=DAYS + 3))
    errors = [BusynessModel.of(scenario).draw(5, 1)[0, : 24 * DAYS] for scenario in (uncertain(), longer)]
    assert errors[0].tobytes() == errors[1].tobytes()


# --- the memory of day factors


def gamma_scores(factors: Floats, cv: float) -> Floats:
    return np.asarray(stats.norm.ppf(stats.gamma.cdf(factors, cv**-2, scale=cv**2)))


REMEMBERING = a_scenario(
    a_channel("phone", busyness=Busyness(0.3, 0.0)),
    a_channel("chat", busyness=Busyness(0.3, 0.0)),
    a_channel("calm", busyness=Busyness(0.05, 0.0)),
    days=380,
    interval=86_400,
    timezone="UTC",
    correlation=0.5,
    day_to_day=0.6,
)


@pytest.fixture(scope="module")
def remembered() -> Floats:
    """[replication, channel, day] Day factors."""
    model = BusynessModel.of(REMEMBERING)
    return np.array([model.draw(31, replication) for replication in range(150)])


def correlated(one: Floats, other: Floats, exact: float) -> None:
    """Of factors [replication, day] that remember: replications are independent, days are not."""
    products = ((one - 1) * (other - 1)).mean(axis=1)
    variances = np.array([((one - 1) ** 2).mean(axis=1), ((other - 1) ** 2).mean(axis=1)])
    scale = math.sqrt(variances[0].mean() * variances[1].mean())
    # A ratio of means: its error by the delta method.
    away = products / scale - 0.5 * exact * (variances[0] / variances[0].mean() + variances[1] / variances[1].mean())
    half_width = stats.norm.ppf(0.9975) * away.std(ddof=1) / math.sqrt(len(one))
    assert half_width < 0.02
    assert abs(products.mean() / scale - exact) < half_width


def test_a_day_factor_has_the_correlation_asked_for_with_the_next_days(remembered: Floats) -> None:
    for channel in range(3):
        factors = remembered[:, channel]
        correlated(factors[:, 1:], factors[:, :-1], 0.6)


def test_further_apart_scores_have_powers_of_the_correlation(remembered: Floats) -> None:
    kept = BusynessModel.of(REMEMBERING).day_kept[0]
    assert kept == pytest.approx(0.6, abs=0.02)
    scores = gamma_scores(remembered[:, 0], 0.3)
    for days in (2, 5):
        correlated(scores[:, days:] + 1, scores[:, :-days] + 1, kept**days)


def test_with_memory_channels_are_correlated_as_without_and_factors_gamma_distributed(remembered: Floats) -> None:
    correlated(remembered[:, 0], remembered[:, 1], 0.5)
    for day in (0, 1, 200):
        assert stats.kstest(remembered[:, 0, day], stats.gamma(0.3**-2, scale=0.3**2).cdf).pvalue > 0.005


def test_each_day_keeps_a_part_of_the_score_of_the_day_before_and_has_the_luck_of_its_date() -> None:
    scenario = replace(REMEMBERING, calendar=replace(REMEMBERING.calendar, days=6))
    with_memory, without = (
        gamma_scores(BusynessModel.of(each).draw(3, 0)[0], 0.3)
        for each in (scenario, replace(scenario, day_to_day=0.0))
    )
    kept = BusynessModel.of(scenario).day_kept[0]
    score = float(without[0])
    for day in range(6):
        score = float(without[day]) if day == 0 else kept * score + math.sqrt(1 - kept**2) * float(without[day])
        assert with_memory[day] == pytest.approx(score, abs=1e-6)


def test_a_longer_horizon_leaves_remembering_days_as_they_were() -> None:
    short = replace(REMEMBERING, calendar=replace(REMEMBERING.calendar, days=5))
    factors = [BusynessModel.of(scenario).draw(3, 0)[:, :5] for scenario in (short, REMEMBERING)]
    assert factors[0].tobytes() == factors[1].tobytes()


def test_days_that_remember_everything_are_all_alike() -> None:
    factors = BusynessModel.of(replace(REMEMBERING, day_to_day=1.0)).draw(3, 0)
    assert (factors == factors[:, :1]).all()
    assert factors[0, 0] != 1.0


# --- from a file

FILE = """
[horizon]
start = 2026-11-23
days = 8
holidays = "none"

[busyness]
day_to_day = "40 %"

[uncertainty]
forecast_cv = "8 %"
forecast_lead = "14 d"
quantile = "95 %"

[channels.phone]
kind = "live"
hours = "mon-fri 08:00-16:00"
handling_time = "5 min"
patience = "3 min"
target = { answered = "80 %", within = "20 s" }
busyness = { day_cv = "10 %" }
demand = { per_week = 2000, weekdays = { mon = 1 }, time_of_day = { "08:00" = 1, "16:00" = 0 } }

[groups.team]
staffing = { "mon-fri 08:00-16:00" = 5 }
[groups.team.skills.phone]

[variants.pessimistic]
"uncertainty.band" = "pessimistic"
"""


def test_the_formula_says_that_it_takes_the_forecast_to_be_right_unless_a_band_does_so_too(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(FILE, encoding="utf-8")
    for variant, said in ((None, True), ("pessimistic", False)):
        (figures,) = formula_figures(load_scenario(path, variant))
        assert isinstance(figures, FormulaFigures)
        assert ("it takes the forecast to be right" in figures.differences) == said


def test_a_file_says_how_wrong_its_forecast_may_be_and_a_variant_which_band(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(FILE, encoding="utf-8")
    base, pessimistic = load_scenario(path), load_scenario(path, "pessimistic")
    assert base.day_to_day == 0.4
    assert base.uncertainty == Uncertainty(0.08, 14 * DAY, "square root", "drawn", 0.95)
    assert pessimistic.uncertainty.band == "pessimistic"
    spread = math.sqrt(math.log1p(0.08**2 * 2))
    first_monday = expected_contacts(pessimistic)[0, 0, :96].sum() / expected_contacts(base)[0, 0, :96].sum()
    assert first_monday == pytest.approx(stats.lognorm.ppf(0.95, spread, scale=math.exp(-(spread**2) / 2)), rel=1e-9)
    assert uncertainty_sentences(base) == (
        "A busy day makes the next one busy: their day factors are correlated by 0.40. The forecast may be wrong by "
        "11.3 % to 13.9 % (coefficient of variation); each replication has an error of its own."
    )
    assert uncertainty_sentences(pessimistic).endswith("here all volumes are at its 95 % quantile.")
    assert uncertainty_sentences(CALM) == ""
