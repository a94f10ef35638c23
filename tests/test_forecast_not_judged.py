"""What the scores of a forecast leave out is said: open days that nobody can judge, and weeks that none has reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from lived_weeks import FIRST, lived

from simulator.history.estimators.counts import Counts
from simulator.history.forecast import Event, Forecast, ForecastError, NotJudged, forecast
from simulator.report.forecast.document import forecast_document
from simulator.report.forecast.page import figures_html
from simulator.report.forecast.tables import not_judged_words, untried_words

WEEKS = 8


def day(week: int, weekday: int) -> date:
    return FIRST + timedelta(days=7 * week + weekday)


def made_of(counts: Counts, days: int = 14, **rest: list[Event]) -> Forecast:
    return forecast(counts, days, **rest)  # type: ignore[arg-type]  # events alone


def judged(made: Forecast) -> int:
    return sum(each.level == "day" for each in made.rolled.checked)


def test_every_open_day_after_an_origin_is_judged_where_all_have_contacts() -> None:
    """From Fridays of the fifth to the seventh week: 10 days ahead twice, then the 5 that are left."""
    made = made_of(lived(WEEKS, day_cv=0.05))
    assert judged(made) == made.rolled.open_days == 10 + 10 + 5
    assert made.rolled.not_judged == ()
    assert not_judged_words(made) == ""


@pytest.mark.parametrize("zero", [False, True])
def test_a_missing_day_is_named_whether_it_has_no_row_or_no_contacts(*, zero: bool) -> None:
    """The Wednesday of the seventh week lies ahead of two origins: a week and more, and less than a week."""
    hole = day(6, 2)
    counts = lived(WEEKS, day_cv=0.05, factors={} if zero else {hole: 0.0})
    if zero:
        there = counts.ordinal != hole.toordinal()
        counts = replace(counts, count=counts.count * there[:, None])
    made = made_of(counts)
    before = [day(week, 4).toordinal() for week in (4, 5)]
    assert made.rolled.not_judged == tuple(NotJudged(origin, hole.toordinal(), "no_contacts") for origin in before)
    assert judged(made) + 2 == made.rolled.open_days == 25
    assert not_judged_words(made).startswith(
        "Not judged: 2 of 25 forecasts of open days: the history has no contacts on Wed 18 Feb 2026 ("
    )
    assert not_judged_words(made) in figures_html([made])
    document = forecast_document(made)
    assert document["open_days"] == 25
    assert document["not_judged"] == [
        {"made": date.fromordinal(origin).isoformat(), "date": "2026-02-18", "reason": "no_contacts"}
        for origin in before
    ]


def test_a_day_that_the_planner_says_was_closed_is_no_open_day() -> None:
    hole = day(6, 2)
    made = made_of(lived(WEEKS, day_cv=0.05, factors={hole: 0.0}), events=[Event(hole, "closed", 0.0)])
    assert made.rolled.not_judged == ()
    assert judged(made) == 23


def test_a_day_whose_weekday_was_never_seen_before_has_nothing_to_be_held_against() -> None:
    """Wednesdays begin in the sixth week: a single one, and no forecast expects it."""
    shut = {day(week, 2): 0.0 for week in range(WEEKS) if week != 5}
    made = made_of(lived(WEEKS, day_cv=0.05, factors=shut))
    assert {(each.ordinal, each.reason) for each in made.rolled.not_judged} == {(day(5, 2).toordinal(), "no_earlier")}
    assert "no earlier day of the weekday was known to seasonal-naive on Wed 11 Feb 2026" in not_judged_words(made)


def test_of_many_days_some_are_named_and_the_others_counted() -> None:
    made = made_of(
        lived(WEEKS, day_cv=0.05, factors={day(week, k): 0.0 for week in (5,) for k in range(5)} | {day(6, 0): 0.0})
    )
    assert "and 1 day more" in not_judged_words(made)


@pytest.mark.parametrize(("days", "first"), [(14, None), (21, None), (22, 4), (70, 4)])
def test_weeks_ahead_that_no_earlier_forecast_reached_are_told(days: int, first: int | None) -> None:
    """The first origin is the Friday of the fifth week: three weeks come after it."""
    words = untried_words(made_of(lived(WEEKS, day_cv=0.05), days))
    assert words == "" if first is None else words.startswith(f"From week {first} of the horizon on")


def test_a_history_without_any_earlier_forecast_says_so_in_its_facts_and_nowhere_else() -> None:
    assert untried_words(made_of(lived(4, day_cv=0.05), 28)) == ""


def test_four_weeks_of_mondays_to_fridays_are_enough_and_a_day_less_is_told_what_there_is() -> None:
    assert made_of(lived(4, day_cv=0.05), 7).date[0] == day(3, 5)
    with pytest.raises(ForecastError, match=r'"all": 19 days with contacts, from 2026-01-05 to 2026-01-29.* 4 weeks'):
        made_of(lived(4, day_cv=0.05, factors={day(3, 4): 0.0}), 7)
    counts = lived(4)
    with pytest.raises(ForecastError, match="no day has any contacts"):
        made_of(replace(counts, count=0 * counts.count), 7)
