"""Numbers, lengths of time, dates and clock times of reports are read as people mean them, or not at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.history.cells.date_order import date_orders
from simulator.history.cells.moments import (
    DateOrder,
    Moment,
    looks_like_clock,
    looks_like_date,
    parse_clock_time,
    parse_date,
    parse_moment,
)
from simulator.history.cells.numbers import DecimalSign, decimal_shown, is_ambiguous, parse_number, parse_seconds
from simulator.history.files.words import known, unit_of


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("12", ".", 12),
        ("1234.5", ".", 1234.5),
        ("1,234", ".", 1234),
        ("1,234.5", ".", 1234.5),
        ("1,234,567", ".", 1234567),
        ("1234,5", ",", 1234.5),
        ("1.234", ",", 1234),
        ("1.234,5", ",", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1\N{NO-BREAK SPACE}234", ",", 1234),
        ("1\N{NARROW NO-BREAK SPACE}234", ".", 1234),
        ("1'234.5", ".", 1234.5),
        ("0,125", ",", 0.125),
        ("94.01%", ".", 0.9401),
        ("94,01 %", ",", 0.9401),
        ("-3", ".", -3),
        ("\N{MINUS SIGN}3", ".", -3),
    ],
)
def test_numbers(text: str, decimal: DecimalSign, value: float) -> None:
    assert parse_number(text, decimal) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "1,23,4", "12:30", "1e5", "nan", "inf", "1.5,5", "1 2 x", "9" * 40])
@pytest.mark.parametrize("decimal", [".", ","])
def test_what_is_no_number_is_refused(text: str, decimal: DecimalSign) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text, decimal)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("12", None),
        ("1,234", None),
        ("1.234", None),
        ("12,5", ","),
        ("12.5", "."),
        ("1.234,5", ","),
        ("1,234.5", "."),
        ("1,234,567", "."),
        ("1.234.567", ","),
        ("0,125", ","),
        ("1234,567", ","),
        ("4:12,5", None),
    ],
)
def test_the_decimal_sign_is_told_only_where_it_shows(text: str, sign: DecimalSign | None) -> None:
    assert decimal_shown(text) == sign
    assert is_ambiguous(text) == (text in ("1,234", "1.234"))


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("0:04:12", 1, 252),
        ("00:04:12", 1, 252),
        ("1:00:00", 1, 3600),
        ("27:00:00", 1, 97_200),
        ("4:12", 1, 252),
        ("75:30", 1, 4530),
        ("4:12.5", 1, 252.5),
        ("252", 1, 252),
        ("4.2", 60, 252),
        ("0.07", 3600, 252),
        ("4 min 12 s", 1, 252),
        ("252 s", 1, 252),
        ("-4:12", 1, -252),
    ],
)
def test_lengths_of_time(text: str, unit: float, seconds: float) -> None:
    assert parse_seconds(text, ".", unit) == pytest.approx(seconds)


def test_lengths_of_time_with_decimal_commas() -> None:
    assert parse_seconds("4:12,5", ",", 1) == 252.5
    assert parse_seconds("4,2 min", ",", 1) == 252


@pytest.mark.parametrize("text", ["4:60", "1:60:00", "4:1", "x", "4:12:30:10", ""])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a length of time"):
        parse_seconds(text, ".", 1)


@given(st.integers(0, 400_000))
def test_lengths_of_time_come_back(seconds: int) -> None:
    assert parse_seconds(str(timedelta(seconds=seconds % 86_400)), ".", 1) == seconds % 86_400
    assert parse_seconds(f"{seconds // 60}:{seconds % 60:02}", ".", 1) == seconds


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-11-27", "month first", date(2026, 11, 27)),
        ("2026/1/7", "month first", date(2026, 1, 7)),
        ("20261127", "day first", date(2026, 11, 27)),
        ("27.11.2026", "month first", date(2026, 11, 27)),
        ("1.2.2026", "month first", date(2026, 2, 1)),
        ("7.11.26", "day first", date(2026, 11, 7)),
        ("27/11/2026", "month first", date(2026, 11, 27)),
        ("3/4/2026", "day first", date(2026, 4, 3)),
        ("3/4/2026", "month first", date(2026, 3, 4)),
        ("11-27-2026", "day first", date(2026, 11, 27)),
        ("Fri 27.11.2026", "day first", date(2026, 11, 27)),
        ("pe 27.11.2026", "day first", date(2026, 11, 27)),
        ("27 Nov 2026", "day first", date(2026, 11, 27)),
        ("27-Mar-26", "day first", date(2026, 3, 27)),
        ("Nov 27, 2026", "day first", date(2026, 11, 27)),
        ("27. marraskuuta 2026", "day first", date(2026, 11, 27)),
        ("1. maaliskuuta 2026", "day first", date(2026, 3, 1)),
        ("6. heinäkuuta 2026", "day first", date(2026, 7, 6)),
    ],
)
def test_dates(text: str, order: DateOrder, day: date) -> None:
    assert parse_date(text, order) == day
    assert looks_like_date(text)


@pytest.mark.parametrize("text", ["", "2026", "27.11.", "12", "201511", "2026-11", "11/2026", "1-2/2026", "Monday"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        parse_date(text, "day first")


@pytest.mark.parametrize("text", ["2026-02-30", "31.4.2026", "13/13/2026", "0/5/2026"])
def test_a_date_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no such date"):
        parse_date(text, "day first")


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["1/2/2026", "27/11/2026"], "day first"),
        (["1/2/2026", "11/27/2026"], "month first"),
        (["27/11/2026", "11/27/2026"], None),
        (["1/2/2026"], None),
        (["01/11/2026", "02/11/2026", "03/11/2026"], "day first"),
        (["11/01/2026", "11/02/2026", "11/03/2026"], "month first"),
        (["1/1/2026", "2/2/2026", "3/3/2026"], None),
        (["1.2.2026"], "day first"),
        (["2026-11-27", "11/27/2026"], "month first"),
        ([], "day first"),
    ],
)
def test_the_order_of_dates_is_told_from_the_data_or_not_at_all(texts: list[str], order: DateOrder | None) -> None:
    assert date_orders(texts).order == order


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1), st.sampled_from(["day first", "month first"])
)
def test_an_order_that_is_told_is_never_the_wrong_one_if_a_day_is_above_twelve(
    days: list[date], order: DateOrder
) -> None:
    form = "%d/%m/%Y" if order == "day first" else "%m/%d/%Y"
    told = date_orders([f"{day:{form}}" for day in days]).order
    if any(day.day > 12 for day in days):
        assert told == order
        assert [parse_date(f"{day:{form}}", told) for day in days] == days


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("08:15", 29_700, None),
        ("8.15", 29_700, None),
        ("08:15:00", 29_700, None),
        ("0815", 29_700, None),
        ("8", 28_800, None),
        ("klo 8", 28_800, None),
        ("8:15 AM", 29_700, None),
        ("8:15 p.m.", 72_900, None),
        ("12:00 AM", 0, None),
        ("12:30 PM", 45_000, None),
        ("08:00-08:15", 28_800, 29_700),
        ("08:00 – 08:15", 28_800, 29_700),
        ("8.00-8.15", 28_800, 29_700),
        ("8-9", 28_800, 32_400),
        ("08:00 to 08:15", 28_800, 29_700),
        ("25:30", 91_800, None),
    ],
)
def test_clock_times(text: str, start: int, end: int | None) -> None:
    assert parse_clock_time(text) == (start, end)


@pytest.mark.parametrize("text", ["", "8:60", "48:00", "13:00 PM", "x", "8:0", "08:00-x", "12345"])
def test_what_is_no_clock_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a clock time"):
        parse_clock_time(text)
    assert not looks_like_clock(text)


@pytest.mark.parametrize(
    ("text", "clock", "showing", "length"),
    [
        ("2026-11-27 08:15", 29_700, None, None),
        ("2026-11-27T08:15:00.000", 29_700, None, None),
        ("27.11.2026 8.15", 29_700, None, None),
        ("27.11.2026 klo 8.15", 29_700, None, None),
        ("Fri 27 Nov 2026 08:15", 29_700, None, None),
        ("11/27/2026 8:15 AM", 29_700, None, None),
        ("27.11.2026 08:15 - 08:30", 29_700, None, 900),
        ("27.11.2026 08:15 - 27.11.2026 08:30", 29_700, None, 900),
        ("2026-11-27T06:15:00Z", 29_700, 0, None),
        ("2026-11-27T06:15:00.000Z/2026-11-27T06:30:00.000Z", 29_700, 0, None),
        ("2026-11-27 08:15:00+02:00", 29_700, 0, None),
        ("27.11.2026", 0, None, None),
    ],
)
def test_date_and_time_in_one_cell(text: str, clock: int, showing: int | None, length: int | None) -> None:
    day = date(2026, 11, 27).toordinal()
    assert parse_moment(text, "day first", "Europe/Helsinki") == (Moment(day, clock, showing), length)


def test_an_offset_tells_which_showing_of_an_hour_is_meant() -> None:
    first, _ = parse_moment("2026-10-25T00:30:00Z", "day first", "Europe/Helsinki")
    second, _ = parse_moment("2026-10-25T01:30:00Z", "day first", "Europe/Helsinki")
    assert (first.clock, first.showing) == (12_600, 0)
    assert (second.clock, second.showing) == (12_600, 1)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Offered", "offered"),
        ("Calls Offered", "offered"),
        ("nOffered", "offered"),
        ("Tarjotut puhelut", "offered"),
        ("Saapuneet", "offered"),
        ("ACD Calls", "answered"),
        ("Vastatut", "answered"),
        ("Luopuneet", "abandoned"),
        ("Not answered", "abandoned"),
        ("AHT (s)", "handling_time"),
        ("AvgHandleTime", "handling_time"),
        ("Keskimääräinen käsittelyaika", "handling_time"),
        ("Talk Duration (AVG)", "talk_time"),
        ("Answer Speed (AVG)", "asa"),
        ("Service Level (20 Seconds)", "service_level"),
        ("Palvelutaso %", "service_level"),
        ("Answered within 20 s", "ignored"),
        ("Abandoned %", "ignored"),
        ("Answer Rate", "ignored"),
        ("Waiting Time (AVG)", "ignored"),
        ("Interval End", "ignored"),
        ("Päivämäärä", "date"),
        ("Kellonaika", "time"),
        ("Timestamp", "moment"),
        ("Kanava", "channel"),
        ("Aihe", "topic"),
    ],
)
def test_headers_say_what_their_columns_hold(header: str, role: str) -> None:
    found = known(header)
    assert found is not None
    assert found.role == role


def test_a_header_tells_the_unit_of_its_numbers() -> None:
    assert [unit_of(header) for header in ("AHT", "AHT (s)", "AHT (min)", "AHT [h]", "AHT mm:ss")] == [
        1,
        1,
        60,
        3600,
        1,
    ]
