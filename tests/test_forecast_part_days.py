"""Days at the ends of a history that are there only in part are left out of a forecast, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from lived_weeks import lived

from simulator.history.forecast import Event, forecast
from simulator.history.forecast.part_days import part_days
from simulator.history.forecast.series import series_of
from simulator.report.forecast.document import forecast_document
from simulator.report.forecast.tables import facts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.estimators.counts import Counts

    Floats = NDArray[np.float64]

WHOLE = lived(8, day_cv=0.05)
FIRST, LAST = WHOLE.dates[0], WHOLE.dates[-1]


def with_day(place: int, slots: Floats | list[float]) -> Counts:
    """The whole weeks, but for one day."""
    count = WHOLE.count.copy()
    count[0, place] = slots
    return replace(WHOLE, count=count)


def with_further_day(ahead: int, slots: list[float]) -> Counts:
    """The whole weeks, and a day after them."""
    count = np.concatenate([WHOLE.count, np.array(slots)[np.newaxis, np.newaxis]], axis=1)
    return replace(WHOLE, dates=(*WHOLE.dates, LAST + timedelta(days=ahead)), count=count)


def parts(counts: Counts) -> tuple[date, ...]:
    return part_days(series_of(counts, counts.names, "all"))


def test_whole_days_are_kept() -> None:
    assert parts(WHOLE) == ()
    for seed in range(40):
        assert parts(lived(6, level=60, day_cv=0.15, seed=seed)) == ()


def test_a_day_that_breaks_off_is_a_part_on_the_side_that_is_open() -> None:
    morning, afternoon = [120.0, 400, 0, 0], [0.0, 0, 300, 200]
    assert parts(with_day(-1, morning)) == (LAST,)
    assert parts(with_day(0, afternoon)) == (FIRST,)
    assert parts(with_day(-1, afternoon)) == ()
    assert parts(with_day(0, morning)) == ()
    assert parts(with_day(7, morning)) == ()  # within the history it is a day that closed early


def test_a_day_breaks_off_where_chance_does_not_explain_it() -> None:
    # The last slot has a fifth of a day: of 4 n contacts before it, n are expected in it; exp(-n) < 0.001 from 7 on.
    many = [0.9 * contacts for contacts in WHOLE.count[0, -1, :3]]
    assert parts(with_day(-1, [*many, 0])) == (LAST,)
    small = replace(WHOLE, count=np.tile([2.0, 8, 6, 4], (1, len(WHOLE.dates), 1)))
    assert part_days(series_of(replace(small, count=cut(small.count, 3)), ("phone",), "all")) == ()
    twice = 2 * small.count
    assert part_days(series_of(replace(small, count=cut(twice, 3)), ("phone",), "all")) == (LAST,)


def cut(count: Floats, slot: int) -> Floats:
    """The last day without its slots from one on."""
    count = count.copy()
    count[0, -1, slot:] = 0
    return count


def test_a_weekday_that_always_closes_early_is_whole() -> None:
    count = WHOLE.count.copy()
    count[0, [day.weekday() == LAST.weekday() for day in WHOLE.dates], 2:] = 0
    assert parts(replace(WHOLE, count=count)) == ()


def test_what_spills_over_midnight_is_a_part_of_a_day() -> None:
    assert parts(with_further_day(1, [3, 0, 0, 0])) == (LAST + timedelta(days=1),)  # Saturday
    assert parts(with_further_day(3, [3, 0, 0, 0])) == (LAST + timedelta(days=3),)  # Monday


def test_a_day_far_below_all_others_is_a_part_though_it_lasts_to_the_end() -> None:
    usual = WHOLE.count[0, -1]
    assert parts(with_day(-1, 0.1 * usual)) == (LAST,)
    assert parts(with_day(-1, 0.5 * usual)) == ()
    count = WHOLE.count.copy()
    count[0, -6] = count[0, -1] = 0.1 * usual  # the Friday before was no better
    assert parts(replace(WHOLE, count=count)) == ()


def test_the_forecast_is_that_of_the_history_without_the_part_and_says_so() -> None:
    made, cut_off = forecast(WHOLE, 7), forecast(with_further_day(3, [120, 400, 0, 0]), 7)
    monday = LAST + timedelta(days=3)
    assert cut_off.in_part == (monday,)
    assert cut_off.known == made.known
    assert cut_off.date == made.date
    np.testing.assert_allclose(cut_off.slot.mean, made.slot.mean)
    assert forecast_document(cut_off)["left_out"] == [monday.isoformat()]
    assert "2 Mar 2026" in facts(cut_off)["Left out"]
    assert "Left out" not in facts(made)


@pytest.mark.parametrize("factor", [0.5, None])
def test_a_day_that_an_event_explains_is_kept(factor: float | None) -> None:
    counts = with_day(-1, [120.0, 400, 0, 0])
    assert forecast(counts, 7, events=[Event(LAST, "closed at noon", factor)]).in_part == ()
    assert forecast(counts, 7).in_part == (LAST,)
