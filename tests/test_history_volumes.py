"""What a report counts comes out whole, whatever its form, and every figure that does not is accounted for."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.history import (
    ColumnMapping,
    Report,
    ReportError,
    Role,
    Volumes,
    finding_words,
    guess_mapping,
    kind_words,
    lines_words,
    read_report,
    role_words,
    volumes_of,
    why_words,
)
from simulator.history.cells.moments import DateOrder
from simulator.history.quality import KINDS
from simulator.language import LANGUAGES, speaking

ZONE = "Europe/Helsinki"


def read(text: str, name: str = "report.csv") -> Report:
    return read_report(name, text.encode())


def volumes(text: str, timezone: str = ZONE) -> Volumes:
    report = read(text)
    return volumes_of(report, guess_mapping(report), timezone)


def tidy(found: Volumes) -> list[tuple[str, str, float]]:
    """Time, channel and contacts of each row."""
    starts = (
        datetime.combine(date.fromordinal(day), datetime.min.time()) + timedelta(seconds=clock)
        for day, clock in zip(found.day.tolist(), found.clock.tolist(), strict=True)
    )
    names = [found.channels[channel] for channel in found.channel.tolist()]
    return [(f"{start:%m-%d %H:%M}", *rest) for start, *rest in zip(starts, names, found.offered.tolist(), strict=True)]


def found(result: Volumes) -> dict[str, tuple[int, ...]]:
    return {finding.reason: finding.lines for finding in result.quality.findings}


def roles(text: str) -> list[Role]:
    return [use.role for use in guess_mapping(read(text)).columns]


def assert_nothing_is_lost(result: Volumes) -> None:
    quality = result.quality
    assert quality.figures == quality.kept + quality.figures_of("refused") + quality.figures_of("left_out")


# ---- Which column is what --------------------------------------------------------------------------------------------

EXPECTED = [("11-23 08:00", "Phone", 12.0), ("11-23 08:00", "Chat", 4.0)]
EXPECTED += [("11-23 08:15", "Phone", 14.0), ("11-23 08:15", "Chat", 5.0)]
LONG = (
    "Date,Time,Channel,Offered\n2026-11-23,08:00,Phone,12\n2026-11-23,08:00,Chat,4\n"
    "2026-11-23,08:15,Phone,14\n2026-11-23,08:15,Chat,5\n"
)
SAME_IN_OTHER_FORMS = [
    LONG,
    "Pvm;Klo;Kanava;Tarjotut\n23.11.2026;8.00;Phone;12\n;8.00;Chat;4\n;8.15;Phone;14\n;8.15;Chat;5\n",
    "Date\tInterval\tPhone\tChat\tTotal\n2026-11-23\t08:00-08:15\t12\t4\t16\n2026-11-23\t08:15-08:30\t14\t5\t19\nTotal\t\t26\t9\t35\n",
    "Interval;Phone offered;Phone AHT;Chat offered;Chat AHT\n"
    "23.11.2026 08:00;12;4:10;4;6:00\n23.11.2026 08:15;14;4:20;5;6:10\n",
    "Channel|Time|2026-11-23\nPhone|08:00|12\nPhone|08:15|14\nChat|08:00|4\nChat|08:15|5\n",
    "Date,Channel,08:00,08:15\n2026-11-23,Phone,12,14\n2026-11-23,Chat,4,5\n",
    "Media type,Interval start,Interval end,nEntered,tHandle,Handled,Abandoned\n"
    "Phone,2026-11-23T06:00:00Z,2026-11-23T06:15:00Z,12,,11,1\nChat,2026-11-23T06:00:00Z,2026-11-23T06:15:00Z,4,,4,0\n"
    "Phone,2026-11-23T06:15:00Z,2026-11-23T06:30:00Z,14,,14,0\nChat,2026-11-23T06:15:00Z,2026-11-23T06:30:00Z,5,,5,0\n",
]


@pytest.mark.parametrize("text", SAME_IN_OTHER_FORMS)
def test_the_same_counts_come_out_of_any_form(text: str) -> None:
    result = volumes(text)
    assert sorted(tidy(result)) == sorted(EXPECTED)
    assert (result.step, result.timezone, result.source) == (900, ZONE, "report.csv")
    assert_nothing_is_lost(result)


def test_each_guess_has_a_reason() -> None:
    text = (
        "day_index,Interval,Calls,Answered,AHT,Mystery,Offered\n"
        "1,2026-11-23 08:00,5,4,250,x,6\n2,2026-11-23 08:15,5,4,250,y,6\n"
    )
    mapping = guess_mapping(read(text))
    assert [(use.role, use.why) for use in mapping.columns] == [
        ("ignored", "header"),
        ("moment", "cells"),
        ("ignored", "second"),
        ("answered", "header"),
        ("handling_time", "header"),
        ("ignored", "unknown"),
        ("offered", "header"),
    ]
    assert why_words(mapping.columns[6]) == "its name says “offered”"
    assert why_words(mapping.columns[1]) == "its cells look like “2026-11-23 08:00”"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("when,n\n2026-11-23 08:00,5\n", ["moment", "offered"]),
        ("A,B,C\n2026-11-23,08:00,5\n", ["date", "time", "offered"]),
        ("Date,Hour,Calls\n2026-11-23,8,5\n", ["date", "time", "offered"]),
        ("Date,AHT,Offered\n2026-11-23,0:04:12,5\n", ["date", "handling_time", "offered"]),
        ("Date,Queue,Media,Offered\n2026-11-23,a,b,5\n", ["date", "ignored", "channel", "offered"]),
        ("Date,Offered,Offered\n2026-11-23,5,5\n", ["date", "offered", "ignored"]),
        ("Date,Offered,Answered %\n2026-11-23,5,90 %\n", ["date", "offered", "ignored"]),
        ("Date,Calls,Answered,Agents\n2026-11-23,5,4,3\n", ["date", "offered", "answered", "ignored"]),
        ("Date,Offered\n2026-11-23,many\n", ["date", "ignored"]),
    ],
)
def test_columns_are_told_by_name_and_by_cells(text: str, expected: list[Role]) -> None:
    assert roles(text) == expected


def test_a_person_may_change_the_mapping() -> None:
    report = read("Date,Time,Skill,Offered\n2026-11-23,08:00,returns,5\n2026-11-23,08:15,orders,6\n")
    mapping = guess_mapping(report)
    assert mapping.columns[2].role == "channel"
    changed = replace(mapping.changed(2, "topic"), channel="phone")
    result = volumes_of(report, changed, ZONE)
    assert (result.channels, result.topics, result.topic.tolist()) == (("phone",), ("returns", "orders"), [0, 1])
    assert changed.columns[2].why == "chosen"
    ignored = volumes_of(report, mapping.changed(2, "ignored"), ZONE)
    assert (ignored.channels, ignored.topics, ignored.offered.tolist()) == (("contacts",), (), [5, 6])


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ({0: "ignored"}, "No column is said to hold the date"),
        ({2: "ignored"}, "No column is said to hold the contacts offered"),
        ({2: "answered"}, "No column is said to hold the contacts offered"),
    ],
)
def test_a_column_that_is_needed_is_asked_for(mapping: dict[int, Role], complaint: str) -> None:
    report = read("Date,Time,Offered\n2026-11-23,08:00,5\n")
    changed = guess_mapping(report)
    for place, role in mapping.items():
        changed = changed.changed(place, role)
    with pytest.raises(ReportError, match=f"{complaint}.*Date, Time, Offered"):
        volumes_of(report, changed, ZONE)


def test_a_mapping_of_another_report_and_an_unknown_time_zone_are_refused() -> None:
    report = read(LONG)
    with pytest.raises(ReportError, match="mapping is of 0 columns"):
        volumes_of(report, ColumnMapping(()), ZONE)
    with pytest.raises(ReportError, match='no time zone "Helsinki"'):
        volumes_of(report, guess_mapping(report), "Helsinki")
    with pytest.raises(ReportError, match="no time zone"):
        volumes_of(report, guess_mapping(report), "../../etc/passwd")


# ---- Figures ---------------------------------------------------------------------------------------------------------


def test_the_handling_time_is_weighted_by_the_contacts_answered() -> None:
    text = "Date;Time;Offered;Answered;AHT;ASA;Service level\n"
    text += "23.11.2026;08:00;12;10;4:00;12,5;80 %\n23.11.2026;08:15;40;30;5:00;8;0,9\n23.11.2026;08:30;4;0;;;-\n"
    result = volumes(text)
    assert result.handling_time == ((10 * 240 + 30 * 300) / 40,)
    assert result.measured["asa"].tolist()[:2] == [12.5, 8]
    assert result.measured["service_level"].tolist()[:2] == [0.8, 0.9]
    assert math.isnan(result.measured["asa"][2])
    assert found(result) == {}


def test_rows_added_up_weigh_each_figure_by_the_contacts_that_it_is_a_mean_of() -> None:
    header = "Date,Time,Offered,Answered,AHT,Talk time,ASA,SL\n"
    rows = "2026-11-23,08:00,100,20,300,240,60,10 %\n2026-11-23,08:00,50,40,240,180,9,80 %\n"
    measured = volumes(header + rows + "2026-11-23,08:30,1,1,60,60,1,100 %\n").measured
    assert measured["service_level"][0] == pytest.approx((10 + 40) / 150)  # those answered in time, of those offered
    assert measured["asa"][0] == pytest.approx((20 * 60 + 40 * 9) / 60)
    assert measured["handling_time"][0] == pytest.approx((20 * 300 + 40 * 240) / 60)
    assert measured["talk_time"][0] == pytest.approx((20 * 240 + 40 * 180) / 60)


def test_without_contacts_answered_those_offered_are_the_weights_and_talk_time_stands_in() -> None:
    result = volumes("Date,Time,Offered,Talk time\n2026-11-23,08:00,10,200\n2026-11-23,08:15,30,300\n")
    assert result.handling_time == (275.0,)
    assert found(result) == {"talk_time": ()}
    assert volumes(LONG).handling_time == (None, None)


def test_a_service_level_may_be_in_percent_without_a_sign() -> None:
    result = volumes("Date,Time,Offered,SL\n2026-11-23,08:00,10,76.5\n2026-11-23,08:15,30,1\n")
    assert result.measured["service_level"].tolist() == pytest.approx([0.765, 0.01])


def test_what_was_offered_may_be_the_sum_of_its_parts() -> None:
    rows = "2026-11-23,08:00,10,2\n2026-11-23,08:15,9,\n2026-11-23,08:30,8,0\n"
    result = volumes(f"Date,Interval,Answered,Abandoned\n{rows}".replace("08:00", "08:00-08:15"))
    assert tidy(result) == [("11-23 08:00", "contacts", 12.0), ("11-23 08:30", "contacts", 8.0)]
    assert found(result) == {"sum_of_parts": (2, 4), "empty": (3,)}
    assert_nothing_is_lost(result)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('Date,Offered,AHT\n2026-11-23,"1,234",250.5\n', 1234),
        ("Date;Offered;AHT\n2026-11-23;1.234;250,5\n", 1234),
        ("Date;Offered\n2026-11-23;1.234\n", 1234),
        ('Date,Offered\n2026-11-23,"1,234"\n', 1234),
        ("Date\tOffered\tAHT\n2026-11-23\t1,234\t250.5\n", 1234),
        ("Date\tOffered\tAHT\n2026-11-23\t1,234\t250,5\n", 1.234),
    ],
)
def test_the_decimal_sign_is_told_by_the_column_the_others_or_the_delimiter(text: str, value: float) -> None:
    assert volumes(text).offered.tolist() == [value]


def test_numbers_with_two_meanings_are_refused_until_a_person_says_which() -> None:
    report = read("Date\tOffered\n2026-11-23\t1,234\n")
    mapping = guess_mapping(report)
    with pytest.raises(ReportError, match="more than a thousand, or less"):
        volumes_of(report, mapping, ZONE)
    assert volumes_of(report, replace(mapping, decimal=","), ZONE).offered.tolist() == [1.234]
    assert volumes_of(report, replace(mapping, decimal="."), ZONE).offered.tolist() == [1234]
    with pytest.raises(ReportError, match=r"report.csv:3  Offered.*\n.*a point.*a comma"):
        volumes("Date\tOffered\n2026-11-23\t1.5\n2026-11-24\t1,5\n")


def test_dates_with_two_meanings_are_refused_until_a_person_says_which() -> None:
    report = read("Date,Offered\n3/4/2026,5\n")
    mapping = guess_mapping(report)
    with pytest.raises(ReportError, match="whether the day or the month comes first"):
        volumes_of(report, mapping, ZONE)
    days = [volumes_of(report, replace(mapping, date_order=order), ZONE).quality.first_day for order in ORDERS]
    assert days == [date(2026, 4, 3), date(2026, 3, 4)]
    with pytest.raises(ReportError, match='two orders: "13/4/2026" has the day first and "4/13/2026" has the month'):
        volumes("Date,Offered\n13/4/2026,5\n4/13/2026,5\n")


ORDERS: tuple[DateOrder, ...] = ("day first", "month first")


# ---- What becomes of rows --------------------------------------------------------------------------------------------


def test_every_row_is_accounted_for() -> None:
    rows = [
        ("2026-11-23,08:00,12,250", None),
        ("2026-11-23,08:00,12,250", "repeated"),
        ("2026-11-23,08:00,3,200", "added_up"),
        (",08:15,14,250", "date_from_above"),
        ("2026-11-23,08:30,-4,250", "negative"),
        ("2026-11-23,08:30,many,250", "no_number"),
        ("2026-11-23,08:30,90 %,250", "no_number"),
        ("2026-11-23,08:45,,", "empty"),
        ("2026-11-23,08:52,4,250", "between_steps"),
        ("2026-11-23,24:30,5,250", "next_day"),
        ("2026-11-23,09:00,5,-250", "figure_left_empty"),
        ("2026-11-23,noon,5,250", "no_time"),
        ("soon,09:00,5,250", "no_date"),
        ("Total,,99,250", "total"),
        ("2026-11-25,08:00,5,250,9", "too_many_cells"),
        ("2026-11-26,08:00,5,250", None),
        ("2026-11-26,08:15,5,250", None),
        ("2026-11-26,08:30,5,250", None),
    ]
    result = volumes("Date,Time,Offered,AHT\n" + "\n".join(row for row, _ in rows))
    expected: dict[str, tuple[int, ...]] = {}
    for line, (_, reason) in enumerate(rows, start=2):
        if reason:
            expected[reason] = (*expected.get(reason, ()), line)
    assert found(result) == expected
    assert tidy(result) == [
        ("11-23 08:00", "contacts", 15.0),
        ("11-23 08:15", "contacts", 14.0),
        ("11-23 09:00", "contacts", 5.0),
        ("11-24 00:30", "contacts", 5.0),
        ("11-26 08:00", "contacts", 5.0),
        ("11-26 08:15", "contacts", 5.0),
        ("11-26 08:30", "contacts", 5.0),
    ]
    assert result.handling_time == pytest.approx(((12 * 250 + 3 * 200 + 14 * 250 + 4 * 5 * 250) / 49,))
    quality = result.quality
    assert (quality.rows, quality.figures, quality.kept) == (18, 18, 8)
    assert (quality.first_day, quality.last_day) == (date(2026, 11, 23), date(2026, 11, 26))
    assert quality.missing_days == (date(2026, 11, 25),)
    quarter_hours = 1 + (9 * 60 - 30) // 15  # from 00:30 to 09:00
    assert quality.intervals_without_row == 3 * quarter_hours - 7
    assert_nothing_is_lost(result)


def test_more_parts_than_the_whole_are_kept_and_said() -> None:
    result = volumes("Date,Offered,Answered,Abandoned\n2026-11-23,10,9,2\n")
    assert result.offered.tolist() == [10]
    assert found(result) == {"more_parts_than_whole": (2,)}


def test_a_report_without_a_row_that_can_be_used_is_refused_with_the_reasons() -> None:
    report = read("Date,Offered\n2026-11-23,many\n")
    with pytest.raises(ReportError, match=r"No row below the header can be used.*is not a number of contacts"):
        volumes_of(report, guess_mapping(report).changed(1, "offered"), ZONE)


def test_a_bad_cell_in_a_wide_report_takes_no_other_with_it() -> None:
    phone = ["12", "n/a", "x", "1", "2", "3", "4"]
    rows = [f"2026-11-23,{8 + k}:00,{count},{k}\n" for k, count in enumerate(phone)]
    result = volumes("Date,Time,Phone,Chat\n" + "".join(rows))
    assert result.offered.tolist() == [12, 0, 1, 2, 1, 3, 2, 4, 3, 5, 4, 6]
    assert found(result) == {"no_number": (4,), "empty": (3,)}
    assert_nothing_is_lost(result)


def test_a_wrong_column_of_channels_is_noticed() -> None:
    report = read("Date,Ticket,Offered\n" + "".join(f"2026-11-23,t{k},1\n" for k in range(501)))
    with pytest.raises(ReportError, match="501 channels in the report; at most 500"):
        volumes_of(report, guess_mapping(report).changed(1, "channel"), ZONE)


def test_the_step_comes_from_the_spans_where_each_day_has_one_row() -> None:
    assert volumes("Date,Interval,Offered\n2026-11-23,08:00-08:30,5\n2026-11-24,08:00-08:30,6\n").step == 1800
    with pytest.raises(ReportError, match="length of the intervals cannot be told"):
        volumes("Date,Interval,Offered\n2026-11-23,08:00,5\n2026-11-24,08:00,6\n")


@pytest.mark.parametrize(
    "text",
    [
        "Date,Offered\n2026-11-23,5\n2026-11-24,6\n",
        "Timestamp,Offered\n2026-11-23 00:00:00,5\n2026-11-24 00:00:00,6\n",
    ],
)
def test_a_report_by_day_has_the_step_of_a_day(text: str) -> None:
    result = volumes(text)
    assert result.by_day
    assert result.offered.tolist() == [5, 6]
    assert result.quality.intervals_without_row == 0


# ---- Days on which the clock is moved --------------------------------------------------------------------------------


def test_a_time_that_the_clock_leaves_out_is_refused() -> None:
    rows = "".join(f"2026-03-29,{hour:02}:00,{hour}\n" for hour in range(1, 7))
    result = volumes("Date,Time,Offered\n" + rows)
    assert found(result) == {"no_such_time": (4,)}
    assert result.offered.tolist() == [1, 2, 4, 5, 6]
    assert result.quality.intervals_without_row == 0
    assert len(volumes("Date,Time,Offered\n" + rows, "UTC").offered) == 6


def test_two_rows_of_an_hour_shown_twice_are_its_two_showings() -> None:
    result = volumes("Date,Time,Offered\n" + "".join(f"2026-10-25,{hour:02}:00,7\n" for hour in (2, 3, 3, 4)))
    assert result.clock.tolist() == [7200, 10_800, 10_800, 14_400]
    assert result.showing.tolist() == [0, 0, 1, 0]
    assert found(result) == {}
    assert_nothing_is_lost(result)


@pytest.mark.parametrize("rows", [["3:00,8"], ["3:00,2", "3:00,5", "3:00,1"]])
def test_otherwise_an_hour_shown_twice_is_halved(rows: list[str]) -> None:
    result = volumes("Date,Time,Offered\n" + "".join(f"2026-10-25,{row}\n" for row in ["2:00,7", *rows, "4:00,9"]))
    assert result.offered.tolist() == [7, 4, 4, 9]
    assert result.showing.tolist() == [0, 0, 1, 0]
    assert "halved" in found(result)
    assert_nothing_is_lost(result)


def test_times_with_an_offset_know_their_showing() -> None:
    text = "Timestamp,Offered\n" + "".join(f"2026-10-25T{hour:02}:30:00Z,{hour + 1}\n" for hour in (2, 1, 0))
    result = volumes(text)
    assert (result.clock.tolist(), result.showing.tolist()) == ([12_600, 12_600, 16_200], [0, 1, 0])
    assert result.offered.tolist() == [1, 2, 3]


# ---- Any report comes back -------------------------------------------------------------------------------------------

DATE_FORMS = {"iso": "%Y-%m-%d", "finnish": "%d.%m.%Y", "british": "%d/%m/%Y", "american": "%m/%d/%Y"}
CLOCK_FORMS = {"colon": "%H:%M", "point": "%H.%M", "seconds": "%H:%M:%S", "american": "%I:%M %p", "span": "%H:%M"}


@given(
    st.data(),
    st.sampled_from([*DATE_FORMS]),
    st.sampled_from([*CLOCK_FORMS]),
    st.sampled_from([900, 1800, 3600]),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["long", "channels", "days", "times"]),
    st.booleans(),
)
def test_what_is_written_in_any_form_is_read_back(
    data: st.DataObject, dates: str, clocks: str, step: int, delimiter: str, layout: str, titles: bool
) -> None:
    first = data.draw(st.dates(date(2026, 4, 1), date(2026, 10, 1)))
    days = [first + timedelta(days=k) for k in range(data.draw(st.integers(14, 16)))]  # some day is above the twelfth
    times = [8 * 3600 + k * step for k in range(data.draw(st.integers(2, 5)))]
    channels = ["Phone", "Chat"] if layout in ("long", "channels") else ["contacts"]
    counts = {
        (day, time, channel): data.draw(st.integers(0, 1500)) for day in days for time in times for channel in channels
    }

    def day_text(day: date) -> str:
        return f"{day:{DATE_FORMS[dates]}}"

    def clock_text(time: int) -> str:
        start, end = (datetime(2026, 1, 1) + timedelta(seconds=each) for each in (time, time + step))
        text = f"{start:{CLOCK_FORMS[clocks]}}"
        return f"{text}-{end:%H:%M}" if clocks == "span" else text

    if layout == "long":
        rows = [["Date", "Time", "Channel", "Offered"]]
        rows += [[day_text(day), clock_text(time), channel, str(n)] for (day, time, channel), n in counts.items()]
    elif layout == "channels":
        rows = [["Date", "Time", *channels]]
        for day in days:
            for time in times:
                rows.append([day_text(day), clock_text(time), *(str(counts[day, time, each]) for each in channels)])
    elif layout == "days":
        rows = [["Time", *map(day_text, days)]]
        rows += [[clock_text(time), *(str(counts[day, time, "contacts"]) for day in days)] for time in times]
    else:
        rows = [["Date", *map(clock_text, times)]]
        rows += [[day_text(day), *(str(counts[day, time, "contacts"]) for time in times)] for day in days]
    text = "Interval report\n\n" * titles + "".join(delimiter.join(row) + "\n" for row in rows)
    if layout == "times" and clocks == "point":
        return  # 8.00 at the head of a column may be a number
    result = volumes(text)
    read_back = {
        (date.fromordinal(day), clock, result.channels[channel]): offered
        for day, clock, channel, offered in zip(
            result.day.tolist(), result.clock.tolist(), result.channel.tolist(), result.offered.tolist(), strict=True
        )
    }
    assert read_back == counts
    assert result.step == step
    assert found(result) == {}
    assert_nothing_is_lost(result)


CELL = st.sampled_from(
    ["2026-11-23", "24.11.2026", "08:00", "8.15", "12", "-1", "", "x", "5 %", "Total", "Phone", "1,5", "25:00"]
)


@given(st.lists(st.lists(CELL, min_size=4, max_size=5), min_size=1, max_size=8))
def test_no_figure_is_lost_in_a_report_of_nonsense(rows: list[list[str]]) -> None:
    text = "Date;Time;Channel;Offered\n23.11.2026;08:00;Phone;1\n23.11.2026;08:15;Phone;1\n"
    roles: tuple[Role, ...] = ("date", "time", "channel", "offered")
    try:
        report = read(text + "".join(";".join(row) + "\n" for row in rows))
        mapping = guess_mapping(report)
        for place, role in enumerate(roles):
            mapping = mapping.changed(place, role)
        result = volumes_of(report, mapping, ZONE)
    except ReportError:
        return
    assert_nothing_is_lost(result)
    assert np.isfinite(result.offered).all()
    assert (result.offered >= 0).all()


# ---- Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_found_can_be_said(language: str) -> None:
    result = volumes("Date,Time,Offered\n" + "2026-11-23,08:00,5\n" * 4 + "x,08:15,4\n2026-11-23,08:15,4\n")
    with speaking(language):
        for finding in result.quality.findings:
            assert finding_words(finding)
            assert kind_words(finding.kind)
        assert lines_words(result.quality.findings[0]) in ("line 6", "rivi 6")
        assert lines_words(result.quality.findings[1]) in ("lines 3–5", "rivit 3–5")
        assert {kind_words(kind) for kind in KINDS.values()}
        assert role_words("offered") in ("contacts offered", "tarjotut yhteydenotot")


# ---- Real reports ----------------------------------------------------------------------------------------------------


def real(folder: Path, name: str) -> Volumes:
    report = read_report(name, (folder / name).read_bytes())
    return volumes_of(report, guess_mapping(report), "Europe/Amsterdam")


@pytest.mark.real_data
def test_the_us_bank_counts_are_read_whole(data_folder: Path) -> None:
    result = real(data_folder, "us_bank_calls_2003_5min_days_1_120.csv.gz")
    assert (result.step, len(result.offered), len(set(result.day.tolist()))) == (300, 20_280, 120)
    assert result.quality.figures == result.quality.kept == 20_280
    assert result.quality.findings == ()
    assert result.offered.sum() == pytest.approx(120 * 32_461, rel=0.01)


@pytest.mark.real_data
def test_the_daily_report_with_percent_signs_and_lengths_of_time_is_read_whole(data_folder: Path) -> None:
    result = real(data_folder, "kaggle_call_center_daily.csv")
    assert result.by_day
    assert result.quality.kept == result.quality.rows == 1251
    assert (result.offered[0], result.measured["answered"][0], result.measured["asa"][0]) == (217, 204, 17)
    assert result.measured["service_level"][0] == pytest.approx(0.7628)
    assert result.measured["talk_time"][0] == 134
    np.testing.assert_allclose(result.offered, result.measured["answered"] + result.measured["abandoned"])


@pytest.mark.real_data
def test_the_half_hours_of_a_real_centre_add_up_to_its_calls(data_folder: Path) -> None:
    result = real(data_folder, "vanad_2014/derived_interval30_by_queue_2014_q1.csv.gz")
    assert (result.step, len(result.channels), result.offered.sum()) == (1800, 22, 374_918)
    months = np.array([date.fromordinal(day).month for day in result.day.tolist()])
    assert [result.offered[months == month].sum() for month in (1, 2, 3)] == [126_070, 113_945, 134_903]
    unanswered = [result.measured["abandoned"][months == month].sum() for month in (1, 2, 3)]
    assert np.round(100 * np.array(unanswered) / [126_070, 113_945, 134_903], 2).tolist() == [3.85, 3.04, 5.21]
    assert result.mean_handling_time(result.channels) == pytest.approx(250, abs=10)


def test_figures_that_cannot_be_are_told() -> None:
    lines = [f"2026-11-23,{hour:02}:00,10,8,2,80 %" for hour in range(8, 12)]
    lines += ["2026-11-23,12:00,10,8,2,130 %", "2026-11-23,13:00,10.5,8,2,80 %"]
    found = volumes("\n".join(["Date,Time,Offered,Answered,Abandoned,Service level", *lines]))
    assert [(each.reason, each.kind, each.lines, each.value) for each in found.quality.findings] == [
        ("more_than_all", "repaired", (6,), "130 %"),
        ("part_of_contact", "noted", (7,), "10.5"),
    ]
    assert np.isnan(found.measured["service_level"]).tolist() == [False] * 4 + [True, False]
    assert found.offered.tolist() == [10.0] * 5 + [10.5]


@pytest.mark.parametrize(
    ("cells", "shares"), [(("0.8", "0.9", "1.3"), (0.8, 0.9, None)), (("80", "0.5", "95"), (0.8, 0.005, 0.95))]
)
def test_one_figure_does_not_make_shares_of_all_percent(
    cells: tuple[str, ...], shares: tuple[float | None, ...]
) -> None:
    lines = [f"2026-11-23,{hour:02}:00,200,150,{cell}" for hour, cell in zip(range(8, 11), cells, strict=True)]
    found = volumes("\n".join(["Date,Time,Offered,Answered,Service level", *lines])).measured["service_level"]
    assert [None if np.isnan(each) else pytest.approx(each) for each in found] == list(shares)
