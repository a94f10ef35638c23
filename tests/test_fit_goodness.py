"""Pictures and figures of a fit: curves are those of the families, the level is found, charts can be drawn."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from logged_centre import FIRST, Centre, logged_calls
from scipy import stats
from test_charts import check, numbers, tables

from simulator.charts import dressed
from simulator.charts.goodness import (
    Curve,
    Observed,
    QuantilePairs,
    days_chart,
    profile_chart,
    quantile_pairs_chart,
    staffing_chart,
    survival_chart,
)
from simulator.charts.look import NARROW, WIDTH
from simulator.history.agents import Teams
from simulator.history.estimators import Fitted
from simulator.history.estimators.families import FamilyFit
from simulator.history.fitted_scenario import Level, find_level, observed, of_days
from simulator.history.fitted_scenario.curves import longer_share, quantiles
from simulator.language import LANGUAGES, speaking

if TYPE_CHECKING:
    from simulator.charts.vega import Chart
    from simulator.history.estimators.families import Family


def figure(value: float) -> Fitted:
    return Fitted(value, value, value, 100, "given")


def family(name: Family, mean: float, cv: float, points: tuple[tuple[float, float], ...] = ()) -> FamilyFit:
    return FamilyFit(name, figure(mean), figure(cv), 0.0, 2, 0.0, 0.0, points)


# ---- Curves ----------------------------------------------------------------------------------------------------------

SHARES = np.linspace(0.02, 0.98, 25)


@pytest.mark.parametrize(
    ("fit", "law"),
    [
        (family("exponential", 300.0, 1.0), stats.expon(scale=300.0)),
        (family("gamma", 250.0, 0.7), stats.gamma(0.7**-2, scale=250.0 * 0.49)),
        (
            family("lognormal", 200.0, 1.2),
            stats.lognorm(math.sqrt(math.log1p(1.44)), scale=200.0 / math.sqrt(1.0 + 1.44)),
        ),
    ],
    ids=lambda each: each.family if isinstance(each, FamilyFit) else "",
)
def test_a_curve_is_that_of_the_family(fit: FamilyFit, law: stats.rv_continuous) -> None:
    at = law.ppf(SHARES)
    np.testing.assert_allclose(quantiles(fit, SHARES), at, rtol=1e-9)
    np.testing.assert_allclose(longer_share(fit, at), 1.0 - SHARES, rtol=1e-9)


def test_between_quantiles_those_left_end_at_a_constant_rate_and_so_they_do_after_the_last() -> None:
    fit = family("quantiles", 100.0, 1.0, ((0.5, 60.0), (0.75, 180.0)))
    half = 60.0, 120.0
    at = np.array([0.0, 30.0, 60.0, 120.0, 180.0, 300.0])
    rates = [math.log(2) / length for length in half]
    expected = [1.0, math.exp(-30 * rates[0]), 0.5, 0.5 * math.exp(-60 * rates[1]), 0.25, 0.125]
    np.testing.assert_allclose(longer_share(fit, at), expected, rtol=1e-12)
    np.testing.assert_allclose(quantiles(fit, 1.0 - np.array(expected)), at, atol=1e-9)


# ---- What happened, and the level ------------------------------------------------------------------------------------


def test_service_over_a_time_is_that_of_its_calls() -> None:
    calls = logged_calls(Centre(calls_a_day=200.0, agents=4, both=4), 2)
    seen = observed(calls, 30.0)
    waits = [
        (answered if answered == answered else ended) - arrival
        for arrival, answered, ended in zip(calls.arrival, calls.answered, calls.ended, strict=True)
    ]
    answered = [not math.isnan(each) for each in calls.answered.tolist()]
    assert seen.contacts == len(waits)
    assert seen.mean_wait == pytest.approx(sum(waits) / len(waits))
    assert seen.unanswered == pytest.approx(1 - sum(answered) / len(waits))
    in_time = sum(wait <= 30 and taken for wait, taken in zip(waits, answered, strict=True))
    assert seen.in_time == pytest.approx(in_time / len(waits))
    assert (seen.first_day, seen.days) == (FIRST, 10)
    assert len(of_days(calls, FIRST, FIRST)) == int((calls.day == FIRST.toordinal()).sum())


def test_the_level_is_where_customers_wait_as_they_did() -> None:
    plays = []

    def play(availability: float) -> Level:
        plays.append(availability)
        return Level(availability, 4000.0 * math.exp(-6.0 * availability), 0.0, 0.0, reached=False)

    wanted = 4000.0 * math.exp(-6.0 * 0.83)
    level = find_level(play, wanted, 0.9)
    assert level.reached
    assert level.mean_wait == pytest.approx(wanted, rel=0.05)
    assert level.availability == pytest.approx(0.83, abs=0.01)
    assert len(plays) <= 6


def test_a_level_that_cannot_be_reached_says_so_and_is_the_nearest() -> None:
    def play(availability: float) -> Level:
        return Level(availability, 20.0 + 10.0 * (1.5 - availability), 0.0, 0.0, reached=False)

    level = find_level(play, 5.0, 0.9)
    assert not level.reached
    assert level.availability == pytest.approx(1.5)


# ---- Charts ----------------------------------------------------------------------------------------------------------


def charts(width: int) -> dict[str, Chart]:
    at = np.linspace(1.0, 600.0, 500)
    share = np.exp(-at / 200.0)
    week = np.full((7, 48), np.nan)
    week[:5, 18:34] = 20.0 + np.arange(16)
    days = np.arange(740_000, 740_030)
    came = 1000.0 + 50.0 * np.sin(days)
    staffing = np.zeros((2, 7, 48))
    staffing[:, :5, 18:34] = 4.5
    skills = np.ones((2, 3), dtype=np.bool_)
    return {
        "survival": survival_chart(
            Observed(at, share, share * 0.95, np.minimum(share * 1.05, 1.0)),
            [Curve("gamma", at, np.exp(-at / 220.0)), Curve("lognormal", at, np.exp(-at / 180.0))],
            longest=500.0,
            width=width,
        ),
        "pairs": quantile_pairs_chart(
            [QuantilePairs("Orders", SHARES, 100.0 * SHARES, 101.0 * SHARES)] * 4, width=width
        ),
        "profile": profile_chart(week, 0.8 * week, 1.2 * week, week, 1800, width=width),
        "days": days_chart(days, came, np.full(30, 1000.0), np.full(30, 900.0), np.full(30, 1100.0), width=width),
        "staffing": staffing_chart(
            Teams(skills, np.array([5, 7]), staffing, 1800, 1.0), np.where(np.isnan(week), 0.0, 6.0), width=width
        ),
    }


@pytest.mark.parametrize("width", [WIDTH, NARROW - 200])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["survival", "pairs", "profile", "days", "staffing"])
def test_every_picture_can_be_drawn(name: str, language: str, width: int) -> None:
    with speaking(language):
        chart = dressed(charts(width)[name])
    check(chart)
    assert all(math.isfinite(value) for rows in tables(chart) for value in numbers(rows))


def test_a_day_shows_what_came_and_what_was_expected() -> None:
    (rows, *_) = tables(dressed(charts(WIDTH)["days"]), "came", "expected")
    assert [row["came"] for row in rows] == pytest.approx(
        (1000.0 + 50.0 * np.sin(np.arange(740_000, 740_030))).tolist()
    )
    assert {row["expected"] for row in rows} == {1000.0}


def test_the_staffing_is_that_of_all_teams_together() -> None:
    rows = tables(dressed(charts(WIDTH)["staffing"]), "agents", "load")[0]
    assert {row["agents"] for row in rows} == {9.0}
    assert rows[0]["when"].replace(".", ":") == "09:00"


@pytest.mark.parametrize(
    ("days", "told"), [(28, "Wed 28"), (200, "19 Jul"), (1251, "Mon 4 Jun 2029")], ids=["month", "months", "years"]
)
def test_an_axis_of_several_months_or_years_says_which(days: int, told: str) -> None:
    first = date(2026, 1, 1).toordinal()
    flat = np.full(days, 100.0)
    chart = dressed(days_chart(np.arange(first, first + days), flat, flat, flat, flat))
    labels = re.findall(r'"labelExpr": "((?:[^"\\]|\\.)*)"', json.dumps(chart, ensure_ascii=False, default=str))
    assert labels
    assert all(re.search(rf"[^\w ]{told}[^\w ]", each) for each in labels)
