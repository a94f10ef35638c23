"""Forecasts of histories whose truth is known, and that no forecast knows what came after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from lived_weeks import FIRST, SHARES, WEEKDAYS, lived

from simulator.history.forecast import Event, ForecastError, forecast
from simulator.history.forecast.series import series_of
from simulator.scenario.calendar import Holidays

WEEKS = 6
AFTER = FIRST + timedelta(days=7 * WEEKS)
"""The Monday after the history."""


def days_ahead(day: date) -> int:
    """Place of a day in a forecast that begins on the day after the last Friday."""
    return (day - (AFTER - timedelta(days=2))).days


def test_without_chance_the_forecast_is_what_comes_every_week() -> None:
    made = forecast(lived(WEEKS), 14)
    assert made.date[0] == AFTER - timedelta(days=2)
    assert made.is_open.tolist() == [day.weekday() < 5 for day in made.date]
    truth = np.array([1000 * WEEKDAYS[day.weekday()] if day.weekday() < 5 else 0.0 for day in made.date])
    np.testing.assert_allclose(made.day.middle, truth, rtol=0.003)
    np.testing.assert_allclose(made.slot.mean, truth[:, np.newaxis] * SHARES, rtol=0.003)
    assert not made.day.high[~made.is_open].any()
    assert not made.slot.high[~made.is_open].any()


def test_growth_is_followed() -> None:
    counts = lived(WEEKS)
    growing = replace(counts, count=counts.count * 1.01 ** np.arange(5 * WEEKS)[:, np.newaxis])
    made = forecast(growing, 7)
    level = 1000 * 1.01 ** (5 * WEEKS - 1)
    assert made.day.middle[days_ahead(AFTER + timedelta(days=1))] > 0.93 * level
    # The level of the last week, and not that of the history's middle.
    assert made.day.middle[made.is_open].sum() > 1.05 * forecast(counts, 7).day.middle.sum()


def test_an_event_with_a_factor_multiplies_the_forecast_by_it() -> None:
    counts = lived(WEEKS, day_cv=0.05)
    tuesday = AFTER + timedelta(days=1)
    plain, busy = (forecast(counts, 7, events=events) for events in ((), [Event(tuesday, "sale", 1.4)]))
    ratio = busy.day.middle[busy.is_open] / plain.day.middle[plain.is_open]
    np.testing.assert_allclose(ratio, [1, 1.4, 1, 1, 1], rtol=1e-9)
    np.testing.assert_allclose(busy.slot.mean[days_ahead(tuesday)], 1.4 * plain.slot.mean[days_ahead(tuesday)])


def test_the_effect_of_an_event_is_learnt_from_its_past_days() -> None:
    past = [FIRST + timedelta(days=k) for k in (16, 31, 37)]
    counts = lived(WEEKS, factors=dict.fromkeys(past, 1.5))
    again = AFTER + timedelta(days=2)
    events = [Event(day, "mailing", None) for day in (*past, again)]
    made = forecast(counts, 7, events=events)
    assert made.day.middle[days_ahead(again)] == pytest.approx(1.5 * 950, rel=0.005)
    assert made.day.middle[days_ahead(again) + 1] == pytest.approx(900, rel=0.005)
    assert ("event", "mailing") in made.terms


def test_a_past_event_with_a_factor_leaves_no_trace() -> None:
    past = FIRST + timedelta(days=37)
    told = forecast(lived(WEEKS, factors={past: 3.0}), 7, events=[Event(past, "outage elsewhere", 3.0)])
    np.testing.assert_allclose(told.day.middle, forecast(lived(WEEKS), 7).day.middle, rtol=1e-6)


def test_a_day_of_an_event_that_closes_has_no_contacts_and_the_next_one_is_like_a_monday() -> None:
    monday = AFTER
    made = forecast(lived(WEEKS), 7, events=[Event(monday, "strike", 0.0)])
    assert not made.is_open[days_ahead(monday)]
    assert made.day.mean[days_ahead(monday)] == 0
    assert made.day.middle[days_ahead(monday) + 1] == pytest.approx(1300, rel=0.005)


def test_on_public_holidays_nobody_is_expected_where_the_centre_has_been_closed_on_them() -> None:
    # Finland: 6 January 2026, a Tuesday, is Epiphany, 3 April Good Friday.
    epiphany, friday = date(2026, 1, 6), date(2026, 4, 3)
    for factor, expected in ((0.0, False), (1.0, True)):
        made = forecast(lived(12, factors={epiphany: factor}), 7, holidays=Holidays("FI"))
        assert made.date[-1] == friday
        assert made.is_open.tolist() == [False, False, True, True, True, True, expected]


def test_no_forecast_knows_what_came_after_it() -> None:
    whole = lived(12, day_cv=0.1)
    earlier = whole.between(FIRST, FIRST + timedelta(days=7 * 9 - 3))
    long, short = (forecast(counts, 14).rolled.checked for counts in (whole, earlier))
    assert len(short) > 20
    of_long = {(each.origin, each.ordinal, each.level): each for each in long}
    for each in short:
        same = of_long[each.origin, each.ordinal, each.level]
        for name in ("came", "middle", "low", "high", "naive", "naive_error"):
            np.testing.assert_array_equal(getattr(each, name), getattr(same, name))


def test_seasonal_naive_is_what_came_in_the_last_week_that_was_known() -> None:
    counts = lived(7, day_cv=0.1)
    came = {day.toordinal(): slots for day, slots in zip(counts.dates, counts.count[0], strict=True)}
    checked = [each for each in forecast(counts, 14).rolled.checked if each.level == "slot"]
    assert {each.week for each in checked} == {1, 2}
    for each in checked:
        np.testing.assert_array_equal(each.came, came[each.ordinal])
        np.testing.assert_array_equal(each.naive, came[each.ordinal - 7 * each.week])


def test_weeks_that_are_equal_to_the_last_contact_leave_only_chance() -> None:
    counts = lived(WEEKS)
    equal = replace(counts, count=np.tile(np.round(counts.count[:, :5]), (1, WEEKS, 1)))
    made = forecast(equal, 7)
    monday = days_ahead(AFTER)
    assert made.day.middle[monday] == pytest.approx(1300, rel=0.005)
    # A Poisson count of 1300: 90 % within 1.645 x its square root, or a little more by Student's t.
    assert 1.6 * np.sqrt(1300) < made.day.high[monday] - made.day.middle[monday] < 3 * np.sqrt(1300)
    assert not any(np.isfinite(score.error) for score in made.scores)


@pytest.mark.slow
def test_days_that_differ_by_chance_alone_are_forecast_as_well_as_can_be_and_intervals_hold_what_they_say() -> None:
    """The error of the best forecast has the standard deviation of one day, that of seasonal-naive of two: 0.71 of it.

    Eight histories of 12 weeks give some 300 days ahead; those of one history rest on the same effects, so a share of
    0.9 is known to about 0.03.
    """
    errors, naive, held, count = 0.0, 0.0, 0.0, 0
    for seed in range(8):
        for score in forecast(lived(12, day_cv=0.1, seed=seed), 7).scores:
            if score.level == "day":
                errors += score.error * score.count
                naive += score.naive_error * score.count
                held += score.coverage * score.count
                count += score.count
    assert count > 250
    assert 0.65 < errors / naive < 0.85
    assert 0.84 < held / count < 0.96


def test_what_cannot_be_forecast_is_refused() -> None:
    counts = lived(WEEKS)
    with pytest.raises(ForecastError, match="1 to 371"):
        forecast(counts, 0)
    with pytest.raises(ForecastError, match=r'no channel "mail".*phone'):
        forecast(counts, 7, channels=["mail"])
    with pytest.raises(ForecastError, match="4 weeks"):
        forecast(lived(3), 7)
    with pytest.raises(ForecastError, match=r"1 day with contacts .*must be 10 at least"):
        forecast(counts.between(FIRST, FIRST).merged({"phone": "phone"}), 7)
    seldom = lived(20, factors={FIRST + timedelta(days=k): float(k % 14 == 0) for k in range(140)})
    with pytest.raises(ForecastError, match="too seldom"):
        forecast(replace(seldom, dates=tuple(FIRST + timedelta(days=15 * k) for k in range(len(seldom.dates)))), 7)
    with pytest.raises(ForecastError, match='"sale" has no past day'):
        forecast(counts, 7, events=[Event(AFTER, "sale", None)])


def test_channels_are_added_up_and_days_without_contacts_are_not_known() -> None:
    counts = lived(6)
    both = replace(counts, names=("a", "b"), count=np.concatenate([counts.count, 2 * counts.count]))
    both.count[:, 7] = 0
    series = series_of(both, ("a", "b"), "both")
    assert len(series.ordinal) == len(counts.dates) - 1
    np.testing.assert_allclose(series.count[0], 3 * counts.count[0, 0])
    assert series.on(counts.dates[7].toordinal()) is None
