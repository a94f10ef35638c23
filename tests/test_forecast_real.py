"""The forecast of a real bank's calls, held against what came: better than seasonal-naive, and as unsure as it says."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from simulator.history import guess_mapping, read_report, volumes_of
from simulator.history.estimators.counts import Counts, counts_of_volumes
from simulator.history.forecast import Forecast, forecast
from simulator.scenario.calendar import Holidays

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

WEEKS = 4


@cache
def counts_of(folder: Path) -> Counts:
    file = folder / "us_bank_calls_2003_5min_days_1_120.csv.gz"
    report = read_report(file.name, file.read_bytes())
    return counts_of_volumes(volumes_of(report, guess_mapping(report), "America/New_York")).coarser(1800)


@cache
def made(folder: Path, days_left_out: int) -> Forecast:
    counts = counts_of(folder)
    known = counts.between(counts.dates[0], counts.dates[-1 - days_left_out])
    return forecast(known, 7 * WEEKS, holidays=Holidays("US"))


@pytest.mark.parametrize("level", ["day", "slot"])
def test_one_and_four_weeks_ahead_are_better_than_seasonal_naive_and_intervals_hold_what_they_say(
    data_folder: Path, level: str
) -> None:
    """Twenty origins, a week apart."""
    scores = {score.weeks: score for score in made(data_folder, 0).scores if score.level == level}
    assert set(scores) == {(1, 1), (1, WEEKS), (WEEKS, WEEKS)}
    for score in scores.values():
        assert score.ratio < 0.85
        assert 0.85 <= score.coverage <= 0.95
    assert (scores[1, 1].origins, scores[WEEKS, WEEKS].origins) == (20, 17)


def test_so_they_are_from_origins_on_every_weekday(data_folder: Path) -> None:
    """All five together: a hundred days ahead of one weekday's origins tell a share of 0.9 to no better than 0.03."""
    of_origins = [made(data_folder, days).scores for days in range(5)]
    for same in zip(*of_origins, strict=True):
        count = sum(score.count for score in same)
        assert sum(score.error * score.count for score in same) < 0.9 * sum(
            score.naive_error * score.count for score in same
        )
        assert 0.85 <= sum(score.coverage * score.count for score in same) / count <= 0.95


def test_so_they_are_if_no_more_than_a_week_is_asked_for(data_folder: Path) -> None:
    """The widths of a shorter horizon rest on the errors of a week ahead alone."""
    scores = forecast(counts_of(data_folder), 7, holidays=Holidays("US")).scores
    assert [(score.level, score.weeks) for score in scores] == [("day", (1, 1)), ("slot", (1, 1))]
    for score in scores:
        assert score.ratio < 0.85
        assert 0.85 <= score.coverage <= 0.95


def test_of_all_open_days_those_are_not_judged_that_the_file_does_not_have(data_folder: Path) -> None:
    """Two days of April 2003 are missing, both soon after the first origin; every other day since then is judged."""
    rolled = made(data_folder, 0).rolled
    assert {date.fromordinal(each.ordinal) for each in rolled.not_judged} == {date(2003, 4, 4), date(2003, 4, 7)}
    assert {each.reason for each in rolled.not_judged} == {"no_contacts"}
    days = {each.ordinal for each in rolled.checked if each.level == "day"}
    known = {day.toordinal() for day in made(data_folder, 0).known}
    assert days == {day for day in known if day > min(each.origin for each in rolled.checked)}


def test_the_tuesday_after_a_holiday_is_forecast_as_the_first_day_of_its_week(data_folder: Path) -> None:
    """Labor Day, 1 September 2003, is closed as Memorial Day was; the Tuesday after that was like a Monday."""
    found = made(data_folder, 0)
    of_day = {day.isoformat(): middle for day, middle in zip(found.date, found.day.middle.tolist(), strict=True)}
    assert of_day["2003-09-01"] == 0
    assert of_day["2003-09-02"] > 1.1 * of_day["2003-09-09"]
