"""Columns of moments and lengths of time mean what single cells of reports mean, and local times are the right ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.history.cells.moments import DateOrder, parse_moment
from simulator.history.cells.numbers import parse_seconds
from simulator.history.logs.times import Times, date_texts, read_lengths, read_times
from simulator.history.logs.zone import Zone

HELSINKI = ZoneInfo("Europe/Helsinki")
NOVEMBER_27 = datetime(2026, 11, 27).toordinal()


def times(*texts: str, order: DateOrder = "day first", date_format: str = "") -> Times:
    return read_times(pa.array(texts, pa.string()), order, date_format)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2026-11-27 08:15:00", 29_700),
        ("2026-11-27T08:15:00", 29_700),
        ("27.11.2026 8.15", 29_700),
        ("27.11.2026 klo 8:15", 29_700),
        ("27 Nov 2026, 08:15", 29_700),
        ("Fri 27/11/2026 8:15 AM", 29_700),
        ("27.11.2026 8:15:30,25", 29_730.25),
        ("2026-11-27 08:15:30.5", 29_730.5),
        ("26.11.2026 24:10", 600),
        ("2026-11-27", 0),
        ("27.11.2026", 0),
        ("27.11.2026.", 0),
    ],
)
def test_a_moment_is_read_in_every_usual_form(text: str, clock: float) -> None:
    read = times(text)
    assert (read.day[0], read.clock[0], read.wrong[0]) == (NOVEMBER_27, clock, False)
    assert np.isnan(read.offset[0])


@pytest.mark.parametrize(
    ("text", "day"),
    [("07.09.2026", (2026, 9, 7)), ("15.10.2026", (2026, 10, 15)), ("1.10.2026", (2026, 10, 1))],
)
def test_a_date_with_points_is_no_clock_time_with_a_fraction(text: str, day: tuple[int, int, int]) -> None:
    read = times(text)
    assert (read.day[0], read.clock[0], read.wrong[0]) == (datetime(*day).toordinal(), 0, False)
    assert date_texts(pa.array([text])) == [text]


def test_what_may_be_a_date_or_a_clock_time_is_told_by_its_column() -> None:
    assert times("08.07.11").clock[0] == 8 * 3600 + 7 * 60 + 11
    dates = read_times(pa.array(["08.07.11", "08.07.2011", "8.7.2011 9.00"]), "day first", dated=True)
    assert dates.day.tolist() == [datetime(2011, 7, 8).toordinal()] * 3
    assert dates.clock.tolist() == [0, 0, 9 * 3600]


@pytest.mark.parametrize("text", ["2026-13-01 08:00", "yesterday", "2026-11-27 8:61", "27:61", "8", "=A1"])
def test_what_is_no_moment_is_wrong(text: str) -> None:
    read = times(text)
    assert read.wrong[0]
    assert np.isnan(read.clock[0])


@pytest.mark.parametrize("text", ["", "-", "NULL", "n/a"])
def test_nothing_is_not_wrong(text: str) -> None:
    read = times(text)
    assert not read.wrong[0]
    assert not read.told[0]


def test_a_clock_time_alone_has_no_day() -> None:
    read = times("7:02:47", "24:10")
    assert read.day.tolist() == [0, 0]
    assert read.clock.tolist() == [25_367, 87_000]


@pytest.mark.parametrize(
    ("zone", "offset"), [("Z", 0), ("+02:00", 7200), ("+0200", 7200), ("-03:30", -12_600), ("+02", 7200)]
)
def test_an_offset_is_kept(zone: str, offset: float) -> None:
    assert times(f"2026-11-27T06:00:00{zone}").offset[0] == offset


def test_a_date_in_another_form_is_read_as_the_mapping_says() -> None:
    read = times("990201", "000229", "990229", date_format="%y%m%d")
    assert [datetime.fromordinal(day).date().isoformat() for day in read.day[:2]] == ["1999-02-01", "2000-02-29"]
    assert read.wrong.tolist() == [False, False, True]


def test_the_order_of_dates_decides_where_the_form_does_not() -> None:
    assert times("3/4/2026 8:00", order="day first").day[0] == datetime(2026, 4, 3).toordinal()
    assert times("3/4/2026 8:00", order="month first").day[0] == datetime(2026, 3, 4).toordinal()


def test_dates_are_told_apart_as_they_are_written() -> None:
    cells = pa.array(["3/4/2026 8:00", "3/4/2026 9:00", "", "5/4/2026", "7:00"])
    assert sorted(date_texts(cells)) == ["3/4/2026", "5/4/2026"]


@given(
    st.lists(st.datetimes(datetime(1999, 1, 1), datetime(2030, 1, 1)), min_size=1, max_size=20),
    st.sampled_from(
        ["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H.%M", "%Y-%m-%dT%H:%M", "%d/%m/%Y %I:%M:%S %p", "%d %b %Y %H:%M"]
    ),
)
def test_a_column_is_read_as_each_of_its_cells_would_be(moments: list[datetime], form: str) -> None:
    texts = [moment.strftime(form) for moment in moments]
    read = times(*texts)
    for k, text in enumerate(texts):
        one, _ = parse_moment(text, "day first", "UTC")
        assert (read.day[k], read.clock[k]) == (one.day, one.clock)


def test_lengths_are_read_in_every_form() -> None:
    texts = ["0:04:12", "4:12", "4 min 12 s", "252", "252,5", "", "-", "-3", "long"]
    seconds, wrong = read_lengths(pa.array(texts), ",")
    np.testing.assert_equal(seconds, [252, 252, 252, 252, 252.5, np.nan, np.nan, -3, np.nan])
    assert wrong.tolist() == [False] * 8 + [True]


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=20), st.sampled_from([1.0, 60.0]))
def test_lengths_of_a_column_are_those_of_its_cells(values: list[int], unit: float) -> None:
    texts = [str(value) for value in values]
    seconds, _ = read_lengths(pa.array(texts), ".", unit)
    assert seconds.tolist() == [parse_seconds(text, ".", unit) for text in texts]


def days_and_clocks(moments: Sequence[datetime]) -> tuple[np.ndarray, np.ndarray]:
    day = np.array([moment.toordinal() for moment in moments])
    clock = np.array([moment.hour * 3600.0 + moment.minute * 60 + moment.second for moment in moments])
    return day, clock


@pytest.mark.parametrize(
    "name", ["Europe/Helsinki", "America/St_Johns", "Australia/Lord_Howe", "Asia/Jerusalem", "UTC"]
)
@pytest.mark.parametrize("showing", [0, 1])
def test_moments_are_those_of_the_time_zone(name: str, showing: int) -> None:
    start = datetime(2010, 1, 1)  # when Newfoundland still moved its clocks at one minute past midnight
    local = [start + timedelta(minutes=97 * k) for k in range(6000)]
    told = [moment.replace(tzinfo=ZoneInfo(name), fold=showing).timestamp() for moment in local]
    assert Zone(name).moments(*days_and_clocks(local), showing).tolist() == told


@pytest.mark.parametrize("name", ["Europe/Helsinki", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_moments_and_local_times_are_each_others_inverse(name: str) -> None:
    moments = 1_262_304_000.0 + 97 * 61 * np.arange(6000.0)
    day, clock = Zone(name).local(moments)
    zone = ZoneInfo(name)
    local = [datetime.fromtimestamp(moment, tz=zone) for moment in moments]
    expected_day, expected_clock = days_and_clocks(local)
    np.testing.assert_array_equal(day, expected_day)
    np.testing.assert_array_equal(clock, expected_clock)


def test_an_hour_is_shown_twice_in_autumn_and_never_in_spring() -> None:
    spring, autumn = datetime(2026, 3, 29).toordinal(), datetime(2026, 10, 25).toordinal()
    day = np.array([spring, spring, autumn, autumn, autumn])
    clock = np.array([3.5, 4.0, 2.99, 3.0, 3.99]) * 3600
    assert Zone("Europe/Helsinki").times_shown(day, clock).tolist() == [0, 1, 1, 2, 2]


def test_no_moment_has_no_local_time() -> None:
    day, clock = Zone("Europe/Helsinki").local(np.array([np.nan]))
    assert day[0] == 0
    assert np.isnan(clock[0])
