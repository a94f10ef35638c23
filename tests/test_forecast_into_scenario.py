"""A forecast as the demand of a scenario: what is loaded expects what was forecast, and is as unsure of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from lived_weeks import lived
from small_scenarios import PHONE, written

from simulator.demand.expected import expected_contacts
from simulator.history.forecast import Forecast, Rolled, dated_volumes, forecast, forecast_overrides
from simulator.history.forecast.bands import Miss
from simulator.history.forecast.into_scenario import error_parts, interval_cv
from simulator.scenario import load_scenario
from simulator.scenario.units import parse_share


@pytest.fixture(scope="module")
def made() -> Forecast:
    return forecast(lived(6, day_cv=0.05), 14)


def test_the_scenario_expects_what_was_forecast(made: Forecast, tmp_path: Path) -> None:
    file = written(tmp_path, PHONE.replace("09:00-11:00", "09:00-13:00"))
    (tmp_path / "ahead.csv").write_bytes(dated_volumes(made, "Europe/Helsinki"))
    scenario = load_scenario(file, overrides=forecast_overrides(made, "phone", "ahead.csv"))
    assert scenario.calendar.start == made.date[0]
    assert scenario.calendar.days == 14
    expected = expected_contacts(scenario).sum(axis=(0, 1))
    of_day = np.bincount(np.asarray(scenario.calendar.day_of_interval), expected, 14)
    np.testing.assert_allclose(of_day, made.day.mean, rtol=1e-5)
    assert scenario.uncertainty.lead == 86_400


def test_slots_that_are_shown_twice_are_there_twice_and_those_never_shown_not_at_all(made: Forecast) -> None:
    night = replace(
        made,
        date=(date(2026, 3, 29), date(2026, 10, 25)),
        clock=np.array([3 * 3600]),
        slot=replace(made.slot, mean=np.array([[5.0], [6.0]])),
    )
    assert dated_volumes(night, "Europe/Helsinki").decode().splitlines() == [
        "time,contacts",
        "2026-10-25 03:00,6",
        "2026-10-25 03:00,6",
    ]


def with_errors(made: Forecast, *groups: tuple[float, ...]) -> Forecast:
    """The forecast, if earlier ones had been so wrong on the first days of a week each."""
    misses = tuple(
        Miss(lead, 1000 + 7 * origin + lead, error, 1.0)
        for origin, errors in enumerate(groups)
        for lead, error in enumerate(errors)
    )
    return replace(made, rolled=Rolled((), misses))


def test_errors_that_weeks_have_in_common_are_told_from_those_of_days(made: Forecast) -> None:
    assert error_parts(with_errors(made, (0.1, 0.1), (-0.1, -0.1))) == pytest.approx((1.0, 0.0))
    common, own = error_parts(with_errors(made, (0.1, -0.1), (0.1, -0.1)))
    assert (common, own) == pytest.approx((0.0, 0.02))
    # Within: (0.01 + 0.01) / 2 degrees of freedom; mean square: (0.09 + 0.01 + 0.01 + 0.01) / 4 errors.
    common, own = error_parts(with_errors(made, (0.3, 0.1), (0.1, 0.1)))
    assert (common, own) == pytest.approx((1 - 0.01 / 0.03, 0.01))


def test_the_forecast_error_of_a_week_ahead_has_the_lead_and_the_growth_that_were_found(made: Forecast) -> None:
    common_alone = with_errors(made, (0.1, 0.1), (-0.1, -0.1))
    ahead = np.arange(1, 15)
    growing = forecast_overrides(replace(common_alone, sd=0.08 * np.sqrt(ahead / 7)), "phone", "x.csv")
    assert growing["uncertainty.growth"] == "square root"
    assert parse_share(growing["uncertainty.forecast_cv"]) == pytest.approx(np.sqrt(np.expm1(0.08**2)), abs=1e-4)
    assert growing["uncertainty.forecast_lead"] == "24 h"
    steady = forecast_overrides(replace(common_alone, sd=np.full(14, 0.05)), "phone", "x.csv")
    assert steady["uncertainty.growth"] == "none"
    assert parse_share(steady["uncertainty.forecast_cv"]) == pytest.approx(np.sqrt(np.expm1(0.05**2)), abs=1e-4)
    assert parse_share(steady["channels.phone.busyness.day_cv"]) == 0


def test_busyness_of_days_is_what_is_left_beyond_what_their_slots_vary_by(made: Forecast) -> None:
    one_day = replace(
        made,
        is_open=np.array([True]),
        sd=np.array([0.3]),
        slot=replace(made.slot, mean=np.array([[10.0, 40.0]])),
        dispersion=np.array([1.0, 1.5]),
    )
    # (1 x 10 + 1.5 x 40) / 50^2 = 0.028; errors of e and -e in a week have the variance 2 e^2 of their own.
    for own, cv in ((0.028, 0.0), (0.01, 0.0), (0.028 + np.log1p(0.1**2), 0.1)):
        error = np.sqrt(own / 2)
        overrides = forecast_overrides(with_errors(one_day, (error, -error), (error, -error)), "phone", "x.csv")
        assert parse_share(overrides["channels.phone.busyness.day_cv"]) == pytest.approx(cv, abs=1e-4)


def test_busyness_of_slots_is_what_is_left_beyond_chance(made: Forecast) -> None:
    # Every slot has a factor of cv 0.2: variance over mean is 1 + 0.04 x mean, whatever the mean.
    one_day = replace(
        made,
        is_open=np.array([True]),
        slot=replace(made.slot, mean=np.array([[10.0, 40.0]])),
        dispersion=np.array([1 + 0.04 * 10, 1 + 0.04 * 40]),
    )
    assert interval_cv(one_day) == pytest.approx(0.2)
    assert interval_cv(replace(one_day, dispersion=np.ones(2))) == 0
