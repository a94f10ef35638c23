"""The parts of a forecast, each worked by hand: open days, terms, events, profiles, widths, scores."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import gamma, t

from simulator.history.forecast import Checked, Event, Rolled, read_events
from simulator.history.forecast.ahead import Ahead
from simulator.history.forecast.bands import Miss, Widths, day_band, slot_band, widths_of
from simulator.history.forecast.open_days import OpenDays, open_days
from simulator.history.forecast.profile import profile_of
from simulator.history.forecast.terms import Term, Terms, terms_of
from simulator.scenario import ScenarioError
from simulator.scenario.calendar import Holidays

MONDAY = date(2026, 1, 5)
WORKING = OpenDays(frozenset(range(5)), on_holidays=False, holidays=frozenset(), closed=frozenset())


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def test_a_weekday_is_open_if_it_was_on_half_of_its_dates_of_the_last_quarter() -> None:
    # Mondays to Fridays, and every third Saturday.
    known = [day(k) for k in range(84) if k % 7 < 5 or k % 21 == 5]
    assert open_days(known, None, (), 7).weekdays == frozenset(range(5))
    # Saturdays of the last quarter alone: the centre has begun to open on them.
    later = [day(k) for k in range(280) if k % 7 < 5 or (k % 7 == 5 and k > 190)]
    assert open_days(later, None, (), 7).weekdays == frozenset(range(6))


def test_where_no_holiday_has_passed_a_centre_with_closed_weekdays_is_taken_to_be_closed_on_them() -> None:
    christmas = Holidays(extra={day(32): "fair"})
    every_day, working_days = [day(k) for k in range(28)], [day(k) for k in range(28) if k % 7 < 5]
    assert open_days(every_day, christmas, (), 7).is_open(day(32))
    assert not open_days(working_days, christmas, (), 7).is_open(day(32))


def test_the_first_open_day_is_the_one_after_a_closed_one() -> None:
    closed_on = OpenDays(frozenset(range(5)), on_holidays=False, holidays=frozenset([day(7)]), closed=frozenset())
    assert [closed_on.is_first(day(k)) for k in range(7, 12)] == [False, True, False, False, False]
    assert [WORKING.is_first(day(k)) for k in range(7, 12)] == [True, False, False, False, False]


def test_the_turn_of_a_month_is_its_last_open_day_and_the_first_two() -> None:
    # January 2026 ends on a Saturday; February begins on a Sunday.
    turning = [k for k in range(14, 40) if WORKING.at_turn_of_month(day(k))]
    assert [day(k) for k in turning] == [date(2026, 1, 30), date(2026, 2, 2), date(2026, 2, 3)]


def test_terms_tell_weekdays_from_each_other_once() -> None:
    days = [day(k) for k in range(28)]
    terms = terms_of(days, WORKING, {}, 28)
    known = np.array([each.weekday() < 5 for each in days])
    used = terms.told_apart(known)
    # Wednesday, Thursday and Friday against Tuesday; Monday is the first open day.
    weekdays = [Term("weekday", str(each)) for each in (2, 3, 4)]
    assert list(used.terms) == [*weekdays, Term("first open day"), Term("turn of the month")]
    assert np.linalg.matrix_rank(np.column_stack([np.ones(20), used.columns[known]])) == 6


@pytest.mark.parametrize("weekdays", [{0, 2, 4}, {0, 1, 3, 4}, {1, 2, 3, 5}, {5, 6}])
def test_terms_tell_weekdays_apart_though_several_of_them_follow_a_closed_one(weekdays: set[int]) -> None:
    opening = OpenDays(frozenset(weekdays), on_holidays=False, holidays=frozenset(), closed=frozenset())
    days = [day(k) for k in range(28) if day(k).weekday() in weekdays]
    used = terms_of(days, opening, {}, 28).told_apart(np.ones(len(days), dtype=np.bool_))
    # Any level of each weekday is a sum of the columns and a constant.
    levels = np.array([[each.weekday() == weekday for weekday in sorted(weekdays)] for each in days], dtype=float)
    design = np.column_stack([np.ones(len(days)), used.columns])
    assert np.linalg.matrix_rank(np.column_stack([design, levels])) == np.linalg.matrix_rank(design)


def test_a_column_that_the_known_days_do_not_tell_from_others_is_left_out() -> None:
    columns = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    terms = Terms((Term("weekday", "1"), Term("holiday"), Term("event", "sale")), columns)
    assert terms.told_apart(np.array([True, True, True, False])).terms == (Term("weekday", "1"),)


def test_a_profile_weighs_recent_days_more_and_a_weekday_seen_once_is_not_believed_whole() -> None:
    # Two Mondays, 56 days apart, and a Tuesday: the older Monday counts for half of what the newer one does.
    ordinals = MONDAY.toordinal() + np.array([0, 56, 57])
    count = np.array([[50.0, 50.0], [100.0, 0.0], [0.0, 100.0]])
    profile = profile_of(count, ordinals)
    weight = 0.5 ** (np.array([57, 1, 0]) / 56)
    of_all = weight @ count / (weight.sum() * 100)
    monday = (weight[:2] @ (count[:2] / 100) + 2 * of_all) / (weight[:2].sum() + 2)
    np.testing.assert_allclose(profile.share[0], monday)
    np.testing.assert_allclose(profile.share[1], (np.array([0.0, 1.0]) + 2 * of_all) / 3)
    np.testing.assert_allclose(profile.share[2], of_all)
    np.testing.assert_allclose(profile.share.sum(axis=1), 1)


def test_contacts_by_chance_alone_have_dispersion_1() -> None:
    luck = np.random.default_rng(2)
    count = luck.poisson(np.tile([200.0, 50.0, 10.0], (400, 1))).astype(np.float64)
    dispersion = profile_of(count, MONDAY.toordinal() + np.arange(400)).dispersion
    # Given the day's total, a slot of share p varies by 1 - p; never taken for less than chance.
    assert np.all(dispersion >= 1)
    assert np.all(dispersion < 1.15)


AHEAD = Ahead(
    origin=MONDAY.toordinal(),
    is_open=np.array([True, False]),
    log_mean=np.log([100.0, 50.0]),
    log_sd=np.array([0.1, 0.2]),
    share=np.array([[0.75, 0.25], [0.5, 0.5]]),
    dispersion=np.array([2.0, 1.0]),
    terms=(),
)


def test_widths_are_those_of_the_models_times_what_errors_tell() -> None:
    assert widths_of(AHEAD, [], 70) == Widths(pytest.approx(AHEAD.log_sd), 1.0, 9)  # type: ignore[arg-type]
    misses = [Miss(0, 1, 0.3, 4.0), Miss(1, 2, -0.2, 1.0)]
    found = widths_of(AHEAD, misses, 70)
    # (0.3 / 0.1)^2 = 9 and (0.2 / 0.2)^2 = 1, beside ten days of 1.
    np.testing.assert_allclose(found.log_sd, AHEAD.log_sd * np.sqrt(20 / 12))
    assert found.slots == pytest.approx(np.sqrt(15 / 12))


def test_a_day_is_lognormal_with_the_reach_of_students_t() -> None:
    band = day_band(AHEAD, Widths(AHEAD.log_sd, 1.0, 4), 0.9)
    assert band.middle.tolist() == pytest.approx([100, 0])
    reach = np.exp(t.ppf(0.95, 4) * 0.1)
    assert (band.low[0], band.high[0]) == pytest.approx((100 / reach, 100 * reach))
    assert band.mean[0] == pytest.approx(100 * np.exp(0.005))


def test_a_slot_is_gamma_and_its_ends_are_whole_contacts() -> None:
    band = slot_band(AHEAD, Widths(AHEAD.log_sd, 1.5, 4), 0.9)
    mean = 100 * np.exp(0.005) * np.array([0.75, 0.25])
    variance = 1.5**2 * (mean**2 * np.expm1(0.01) + np.array([2.0, 1.0]) * mean)
    law = gamma(mean**2 / variance, scale=variance / mean)
    np.testing.assert_allclose(band.mean, [mean, [0, 0]])
    np.testing.assert_array_equal(band.low, [np.floor(law.ppf(0.05)), [0, 0]])
    np.testing.assert_array_equal(band.high, [np.ceil(law.ppf(0.95)), [0, 0]])


def checked(origin: int, lead: int, came: float, middle: float, naive: float, naive_error: float) -> Checked:
    """A day whose interval was 10 to either side."""
    numbers = {"came": came, "middle": middle, "low": middle - 10, "high": middle + 10, "naive": naive}
    arrays = {name: np.array([each]) for name, each in numbers.items()}
    return Checked(origin=origin, ordinal=origin + lead, level="day", naive_error=naive_error, **arrays)


def test_a_score_is_worked_by_hand() -> None:
    days = (
        checked(100, 1, 105, 100, 85, 10.0),  # errors 5 and 20 of 10: 0.5 and 2; within
        checked(100, 8, 88, 100, 84, 10.0),  # 12 and 4 of 10: 1.2 and 0.4; not within
        checked(107, 1, 88, 100, 112, 12.0),  # 12 and 24 of 12: 1 and 2; not within
    )
    rolled = Rolled(days, ())
    week = rolled.score("day", 1, 1)
    assert week is not None
    assert (week.origins, week.count) == (2, 2)
    assert (week.error, week.naive_error, week.coverage) == pytest.approx((0.75, 2.0, 0.5))
    assert week.ratio == pytest.approx(0.375)
    both = rolled.score("day", 1, 2)
    assert both is not None
    assert (both.error, both.naive_error, both.coverage) == pytest.approx((0.9, 4.4 / 3, 1 / 3))
    assert rolled.score("day", 3, 3) is None
    assert rolled.score("slot", 1, 2) is None


def test_events_are_read_with_factors_as_planners_write_them(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(
        "date,event,factor\n2026-11-27,Black Friday,+80 %\n2026-12-24,eve,0\n2026-11-30,sale,\n2026-12-01,sale,1.2\n"
    )
    assert read_events(file) == (
        Event(date(2026, 11, 27), "Black Friday", 1.8),
        Event(date(2026, 12, 24), "eve", 0.0),
        Event(date(2026, 11, 30), "sale", None),
        Event(date(2026, 12, 1), "sale", 1.2),
    )


def test_all_that_is_wrong_with_events_is_said_with_lines(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("date,event,factor\n27.11.2026,sale,1.2\n2026-11-27,sale,much\n")
    with pytest.raises(ScenarioError) as refused:
        read_events(file)
    assert [problem.line for problem in refused.value.problems] == [2, 3]
