"""The calendar against days worked by hand, against `zoneinfo`, and against a clock that is read minute by minute."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulator.scenario.calendar import Calendar, Holidays, public_holidays
from simulator.scenario.hours import WeeklyHours

H = 3600
DAY = 24 * H
QUARTER = 900
HELSINKI = "Europe/Helsinki"
CHRISTMAS_2026 = (date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26))
ZONES = (
    HELSINKI,
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",  # until 2019 its summer began at midnight: a day without 00:00
    "America/Havana",  # its summer ends at 01:00: a day with 00:00 twice
    "Asia/Beirut",  # begins and ends at midnight
    "Asia/Kathmandu",  # 5 h 45 min from UTC
    "Australia/Lord_Howe",  # moves by half an hour
    "Africa/Casablanca",  # moves for Ramadan
    "Pacific/Apia",  # had no 30 December 2011
)
OFFICE = WeeklyHours.parse("mon-fri 08:00-16:00; holidays closed")


def helsinki(start: date, days: int, interval: int = QUARTER) -> Calendar:
    return Calendar(HELSINKI, start, days, interval, Holidays("FI"))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any horizon that the calendar accepts, most of them around a change of the clock or of the year."""
    zone = draw(st.sampled_from(ZONES))
    start = draw(
        st.dates(date(1990, 1, 1), date(2060, 1, 1))
        | st.dates(date(2026, 3, 20), date(2026, 4, 1))
        | st.dates(date(2018, 10, 28), date(2018, 11, 6))
        | st.dates(date(2026, 12, 27), date(2027, 1, 2))
        | st.dates(date(2011, 12, 27), date(2011, 12, 31))
    )
    days = draw(st.integers(1, 10) | st.integers(1, 400))
    try:
        return Calendar(zone, start, days, draw(st.sampled_from([300, QUARTER, 1800])))
    except ValueError as error:
        assert "does not fit" in str(error)  # noqa: PT017  a historic change off the grid
        assume(False)
        raise


def test_a_plain_day_has_96_quarters_that_start_at_local_midnight() -> None:
    calendar = helsinki(date(2026, 11, 27), 1)
    assert calendar.intervals == 96
    assert calendar.edges.tolist() == [QUARTER * i for i in range(97)]
    assert calendar.clock_of_interval.tolist() == [QUARTER * i for i in range(96)]
    assert calendar.local_datetime(0) == datetime(2026, 11, 27, tzinfo=ZoneInfo(HELSINKI))
    assert calendar.label(69) == "Fri 27 Nov 17:15"


def test_the_spring_day_has_23_hours_and_no_clock_time_from_3_to_4() -> None:
    calendar = helsinki(date(2026, 3, 28), 3)
    assert (np.diff(calendar.day_edges) / H).tolist() == [24, 23, 24]
    assert np.bincount(calendar.day_of_interval).tolist() == [96, 92, 96]
    spring = calendar.clock_of_interval[calendar.day_of_interval == 1]
    assert spring.tolist() == [*range(0, 3 * H, QUARTER), *range(4 * H, DAY, QUARTER)]


def test_the_autumn_day_has_25_hours_and_3_to_4_twice() -> None:
    calendar = helsinki(date(2026, 10, 24), 3)
    assert (np.diff(calendar.day_edges) / H).tolist() == [24, 25, 24]
    assert np.bincount(calendar.day_of_interval).tolist() == [96, 100, 96]
    autumn = calendar.clock_of_interval[calendar.day_of_interval == 1]
    assert autumn.tolist() == [*range(0, 4 * H, QUARTER), *range(3 * H, DAY, QUARTER)]
    assert [calendar.label(96 + quarter) for quarter in (11, 12, 15, 16, 19, 20)] == [
        "Sun 25 Oct 02:45",
        "Sun 25 Oct 03:00",
        "Sun 25 Oct 03:45",
        "Sun 25 Oct 03:00 (2nd)",
        "Sun 25 Oct 03:45 (2nd)",
        "Sun 25 Oct 04:00",
    ]


def test_a_year_has_as_many_quarters_as_any_other_whatever_its_clock_does() -> None:
    assert helsinki(date(2026, 1, 1), 365).intervals == 365 * 96


def test_labels_tell_the_intervals_of_a_year_apart() -> None:
    calendar = helsinki(date(2026, 9, 1), 365, 1800)
    assert len({calendar.label(i) for i in range(calendar.intervals)}) == calendar.intervals


def test_a_day_whose_midnight_the_clock_skips_starts_at_one() -> None:
    calendar = Calendar("America/Sao_Paulo", date(2018, 11, 3), 3, H)
    assert (np.diff(calendar.day_edges) / H).tolist() == [24, 23, 24]
    assert calendar.label(24) == "Sun 4 Nov 01:00"
    assert calendar.seconds_at(date(2018, 11, 4), 0) == calendar.seconds_at(date(2018, 11, 3), DAY) == DAY
    horizon_from_there = Calendar("America/Sao_Paulo", date(2018, 11, 4), 1, H)
    assert horizon_from_there.intervals == 23
    assert horizon_from_there.clock_of_interval[0] == H


def test_a_day_that_ends_by_going_back_to_23_has_25_hours() -> None:
    calendar = Calendar("Asia/Beirut", date(2026, 10, 24), 2, H)
    assert (np.diff(calendar.day_edges) / H).tolist() == [25, 24]
    assert calendar.clock_of_interval[22:26].tolist() == [22 * H, 23 * H, 23 * H, 0]


def test_midnight_shown_twice_starts_the_day_the_first_time() -> None:
    calendar = Calendar("America/Havana", date(2026, 11, 1), 1, H)
    assert calendar.intervals == 25
    assert calendar.seconds_at(date(2026, 11, 1), 0) == 0
    assert calendar.seconds_at(date(2026, 11, 1), 0, fold=1) == H


def test_a_change_by_half_an_hour_makes_a_day_of_23_and_a_half() -> None:
    calendar = Calendar("Australia/Lord_Howe", date(2026, 10, 4), 1, 1800)
    assert calendar.day_edges.tolist() == [0, 23.5 * H]
    assert calendar.clock_of_interval[:5].tolist() == [0, 1800, H, H + 1800, 2 * H + 1800]


def test_a_date_that_a_place_skipped_has_no_interval() -> None:
    calendar = Calendar("Pacific/Apia", date(2011, 12, 29), 3, H)
    assert np.diff(calendar.day_edges).tolist() == [DAY, 0, DAY]
    assert set(calendar.day_of_interval.tolist()) == {0, 2}


def test_a_horizon_runs_over_the_year_s_end() -> None:
    calendar = helsinki(date(2026, 12, 31), 2)
    assert calendar.date_of_day == (date(2026, 12, 31), date(2027, 1, 1))
    assert calendar.weekday_of_day.tolist() == [3, 4]
    assert calendar.is_holiday.tolist() == [False, True]
    assert calendar.holiday_of_day == (None, "New Year's Day")
    assert calendar.label(96) == "Fri 1 Jan 00:00"


@settings(max_examples=60)
@given(calendars(), st.data())
def test_every_interval_starts_when_zoneinfo_says(calendar: Calendar, data: st.DataObject) -> None:
    zone = ZoneInfo(calendar.timezone)
    start = calendar.local_datetime(0).astimezone(UTC)
    assert calendar.edges.shape == (calendar.intervals + 1,)
    assert calendar.edges[-1] == calendar.day_edges[-1]
    for i in [0, *data.draw(st.lists(st.integers(0, calendar.intervals - 1), min_size=5, max_size=5))]:
        local = (start + timedelta(seconds=float(calendar.edges[i]))).astimezone(zone)
        day = calendar.day_of_interval[i]
        assert local.date() == calendar.date_of_day[day] == calendar.start + timedelta(days=int(day))
        clock = 3600 * local.hour + 60 * local.minute + local.second
        assert clock == calendar.clock_of_interval[i]
        assert calendar.weekday_of_day[day] == local.weekday()
        assert calendar.day_edges[day] <= calendar.edges[i] < calendar.day_edges[day + 1]
        assert calendar.seconds_at(local.date(), clock, local.fold) == calendar.edges[i]
        assert calendar.local_datetime(calendar.edges[i]) == local


@settings(max_examples=60)
@given(calendars())
def test_a_day_starts_at_the_first_instant_that_bears_its_date(calendar: Calendar) -> None:
    for day in {0, calendar.days // 2, calendar.days - 1}:
        start = float(calendar.day_edges[day])
        assert calendar.local_datetime(start - 1).date() < calendar.date_of_day[day]
        if calendar.day_edges[day + 1] > start:
            assert calendar.local_datetime(start).date() == calendar.date_of_day[day]


@given(st.sampled_from(ZONES), st.integers(-500 * DAY, 900 * DAY))
def test_an_instant_reads_back_from_its_local_date_and_time(zone: str, seconds: int) -> None:
    """Within the horizon and far from it; the date and time alone, with the fold, are enough."""
    calendar = Calendar(zone, date(2026, 6, 1), 1, 1800)
    local = calendar.local_datetime(seconds)
    clock = 3600 * local.hour + 60 * local.minute + local.second
    assert calendar.seconds_at(local.date(), clock, local.fold) == seconds
    assert calendar.local_datetime(seconds).astimezone(UTC) == calendar.local_datetime(0).astimezone(UTC) + timedelta(
        seconds=seconds
    )


def test_fractions_of_a_second_are_kept() -> None:
    calendar = helsinki(date(2026, 11, 27), 1)
    assert calendar.seconds_at(date(2026, 11, 28), 0.25) == DAY + 0.25
    assert calendar.local_datetime(0.25).microsecond == 250_000


def test_a_time_that_the_clock_skips_is_refused() -> None:
    calendar = helsinki(date(2026, 3, 29), 1)
    with pytest.raises(ValueError, match=r"in Europe/Helsinki never shows 03:30 on Sun 29 Mar 2026"):
        calendar.seconds_at(date(2026, 3, 29), 3.5 * H)


@pytest.mark.parametrize("clock", [-1, DAY + 1, float("nan")])
def test_a_clock_beyond_the_day_is_refused(clock: float) -> None:
    with pytest.raises(ValueError, match="allowed are 0 to 86400"):
        helsinki(date(2026, 11, 27), 1).seconds_at(date(2026, 11, 27), clock)


@pytest.mark.parametrize("interval", [-1, 96])
def test_an_interval_beyond_the_horizon_has_no_label(interval: int) -> None:
    with pytest.raises(ValueError, match="the horizon has 0 to 95"):
        helsinki(date(2026, 11, 27), 1).label(interval)


@pytest.mark.parametrize("interval", [0, -900, 1000, 7 * 60, 2 * DAY, 0.5, float("nan")])
def test_an_interval_that_does_not_divide_the_day_is_refused(interval: int) -> None:
    with pytest.raises(ValueError, match="does not divide the day; allowed are 5, 10, 15, 30 or 60 min"):
        helsinki(date(2026, 11, 27), 1, interval)


def test_an_interval_of_whole_seconds_may_come_as_a_decimal_number() -> None:
    assert Calendar("UTC", date(2026, 1, 1), 1, 900.0) == Calendar("UTC", date(2026, 1, 1), 1, 900)  # type: ignore[arg-type]  # as parse_duration gives it


@pytest.mark.parametrize(
    ("zone", "start", "interval", "message"),
    [
        (HELSINKI, date(2026, 3, 29), 2 * H, "Sun 29 Mar 2026 from 03:00 to 04:00; allowed are .* that divide 1 h"),
        ("Australia/Lord_Howe", date(2026, 10, 4), H, "from 02:00 to 02:30; allowed are intervals that divide 30 min"),
        ("America/Sao_Paulo", date(2018, 11, 4), 2 * H, "allowed are intervals that divide 1 h"),
        (
            "America/St_Johns",
            date(2010, 3, 14),
            QUARTER,
            "from 00:01 to 01:01; allowed are intervals that divide 1 min",
        ),
        ("America/Toronto", date(1919, 3, 30), H, "from 23:30 to 00:30; allowed are intervals that divide 30 min"),
        ("America/Toronto", date(1919, 3, 31), H, "from 23:30 to 00:30; allowed are intervals that divide 30 min"),
    ],
)
def test_an_interval_that_a_change_of_the_clock_would_cut_is_refused(
    zone: str, start: date, interval: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Calendar(zone, start, 1, interval)


def test_an_interval_is_free_where_no_clock_moves() -> None:
    assert Calendar(HELSINKI, date(2026, 3, 30), 200, DAY).intervals == 200


def test_a_change_of_the_clock_at_the_very_end_is_no_matter() -> None:
    assert Calendar("Asia/Beirut", date(2026, 3, 28), 1, DAY).intervals == 1


def test_a_clock_that_goes_back_over_midnight_is_refused() -> None:
    with pytest.raises(ValueError, match="goes back over midnight on Sun 7 Nov 2010 from 00:01 to 23:01"):
        Calendar("America/St_Johns", date(2010, 11, 6), 3, 60)


@pytest.mark.parametrize(
    ("zone", "near"),
    [
        ("Helsinki", HELSINKI),
        ("europe/helsinki", HELSINKI),
        ("New York", "America/New_York"),
        ("Europe", "Europe/"),
        ("", "none"),
    ],
)
def test_an_unknown_time_zone_is_refused_with_near_matches(zone: str, near: str) -> None:
    with pytest.raises(ValueError, match=f'^"{zone}" is not a time zone; near matches: {near}'):
        Calendar(zone, date(2026, 11, 27), 1, QUARTER)


@pytest.mark.parametrize(
    ("start", "days"), [(date(1899, 12, 31), 1), (date(2200, 12, 31), 2), (date(2026, 1, 1), 10**9)]
)
def test_dates_out_of_reach_are_refused(start: date, days: int) -> None:
    with pytest.raises(ValueError, match="do not lie within 1900-01-01 to 2200-12-31"):
        Calendar("UTC", start, days, QUARTER)


def test_a_horizon_without_days_is_refused() -> None:
    with pytest.raises(ValueError, match="0 is not a number of days"):
        Calendar("UTC", date(2026, 1, 1), 0, QUARTER)


def test_a_start_with_a_time_of_day_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed is a date such as 2026-01-01"):
        Calendar("UTC", datetime(2026, 1, 1, 8), 1, QUARTER)


def test_equal_calendars_are_equal_after_a_journey_and_their_arrays_cannot_be_changed() -> None:
    calendar = Calendar(
        HELSINKI, date(2026, 12, 1), 31, QUARTER, Holidays("FI", extra={date(2026, 12, 31): "Stocktaking"})
    )
    assert calendar.is_holiday.sum() == 5
    copy = pickle.loads(pickle.dumps(calendar))
    assert copy == calendar
    assert hash(copy) == hash(calendar)
    for each in (calendar, copy):
        arrays = (each.edges, each.day_edges, each.day_of_interval, each.clock_of_interval, each.weekday_of_day)
        assert not any(array.flags.writeable for array in (*arrays, each.is_holiday))


# Public holidays


def test_the_finnish_holidays_of_2026_are_those_of_the_almanac() -> None:
    """Fixed days, Easter on 5 April, Midsummer, All Saints'; and the two eves that shops keep as holidays."""
    assert set(public_holidays("FI", [2026])) == {
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 4, 3),
        date(2026, 4, 5),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 24),
        date(2026, 6, 19),
        date(2026, 6, 20),
        date(2026, 10, 31),
        date(2026, 12, 6),
        *CHRISTMAS_2026,
    }
    assert public_holidays("FI", [2026])[date(2026, 12, 6)] == "Independence Day"


def test_holidays_of_several_years_come_in_order_and_within_them() -> None:
    days = list(public_holidays("US", [2028, 2027]))
    assert days == sorted(days)
    assert {day.year for day in days} == {2027, 2028}
    assert date(2027, 12, 31) in days, "New Year's Day of 2028 is a Saturday, kept on the Friday before"


def test_a_part_of_a_country_may_have_more_holidays() -> None:
    assert date(2026, 8, 15) not in public_holidays("DE", [2026])
    assert date(2026, 8, 15) in public_holidays("DE", [2026], "SL")


def test_no_country_has_no_holidays() -> None:
    assert public_holidays(None, [2026]) == {}
    with pytest.raises(ValueError, match="needs a country"):
        public_holidays(None, [2026], "BY")


@pytest.mark.parametrize(
    ("country", "near"), [("Finland", r"FI \(Finland\)"), ("fi", r"FI \(Finland\)"), ("UK", r"GB \(UnitedKingdom\)")]
)
def test_an_unknown_country_is_refused_with_near_matches(country: str, near: str) -> None:
    with pytest.raises(ValueError, match=f'"{country}" is not a country with known holidays; near matches: {near}'):
        public_holidays(country, [2026])


def test_an_unknown_part_of_a_country_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match=r'"XX" is not a subdivision of DE with known holidays; allowed are BB, BE, .*, TH'
    ):
        Holidays("DE", "XX")


def test_a_year_that_the_source_does_not_know_is_refused_instead_of_empty() -> None:
    with pytest.raises(ValueError, match=r"holidays of FI are known for .*, not for 2150"):
        public_holidays("FI", [2150])


def test_days_may_be_added_and_taken_away() -> None:
    shop = Holidays("FI", extra={date(2026, 12, 31): "Stocktaking"}, not_holidays=frozenset({date(2026, 12, 6)}))
    assert shop.between(date(2026, 12, 1), date(2026, 12, 31)) == {
        date(2026, 12, 24): "Christmas Eve",
        date(2026, 12, 25): "Christmas Day",
        date(2026, 12, 26): "Second Day of Christmas",
        date(2026, 12, 31): "Stocktaking",
    }


def test_a_day_taken_away_must_be_a_holiday() -> None:
    with pytest.raises(
        ValueError, match=r"2026-12-07 is no public holiday in FI anyway; .* 2026-12-06 Independence Day"
    ):
        Holidays("FI", not_holidays=frozenset({date(2026, 12, 7)}))


def test_a_day_cannot_be_both_added_and_taken_away() -> None:
    with pytest.raises(ValueError, match="keep one of the two"):
        Holidays("FI", extra={date(2026, 12, 6): "x"}, not_holidays=frozenset({date(2026, 12, 6)}))


def test_the_slow_package_of_holidays_is_read_only_when_a_country_is_named() -> None:
    script = (
        "import sys, datetime; from simulator.scenario.calendar import Calendar; "
        "Calendar('UTC', datetime.date(2026, 1, 1), 1, 900).is_holiday; sys.exit('holidays' in sys.modules)"
    )
    root = Path(__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0


# Opening hours on the grid


def test_the_mask_follows_weekdays_holidays_and_nights() -> None:
    calendar = helsinki(date(2026, 12, 23), 4, H)  # Wednesday, then Christmas from Thursday to Saturday
    hours = WeeklyHours.parse("mon-fri 08:00-12:00; wed 22:00-02:00; holidays 12:00-13:00")
    opened = np.flatnonzero(calendar.open_mask(hours)).tolist()
    assert opened == [8, 9, 10, 11, 22, 23, 24, 25, 24 + 12, 48 + 12, 72 + 12]


def test_a_window_of_the_night_before_the_horizon_reaches_into_it() -> None:
    calendar = helsinki(date(2026, 11, 28), 1, H)
    assert np.flatnonzero(calendar.open_mask(WeeklyHours.parse("fri 22:00-02:00"))).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("day", "quarters"), [(date(2026, 3, 29), 28), (date(2026, 10, 25), 36), (date(2026, 11, 1), 32)]
)
def test_a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn(day: date, quarters: int) -> None:
    calendar = helsinki(day - timedelta(days=1), 2)
    assert calendar.open_mask(WeeklyHours.parse("sat 22:00-06:00")).sum() == quarters


def test_always_is_every_interval_and_never_is_none() -> None:
    calendar = helsinki(date(2026, 10, 20), 10)
    assert calendar.open_mask(WeeklyHours.parse("always")).all()
    assert not calendar.open_mask(WeeklyHours.parse("never")).any()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sat 10:05-16:00", "The window 10:05-16:00 does not fit intervals of 15 min: .* such as 10:00-16:00"),
        ("holidays 10:00-16:05", "The window 10:00-16:05 .* such as 10:00-16:15"),
        ("fri 22:00-01:55", "The window 22:00-01:55 .* such as 22:00-02:00"),
    ],
)
def test_a_window_off_the_grid_is_refused_naming_it_and_the_interval(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        helsinki(date(2026, 11, 27), 1).open_mask(WeeklyHours.parse(text))


# A clock read minute by minute


class MinuteClock:
    """What the local clock and calendar show at each minute; an oracle that knows only `zoneinfo`."""

    def __init__(self, calendar: Calendar, first_day: int, last_day: int) -> None:
        zone = ZoneInfo(calendar.timezone)
        midnight = datetime(calendar.start.year, calendar.start.month, calendar.start.day, tzinfo=zone).astimezone(UTC)
        named = calendar.holidays.between(date(2025, 1, 1), date(2028, 1, 1))
        self.first = first_day * 1440
        minutes = range(self.first, last_day * 1440)
        local = [(midnight + timedelta(minutes=minute)).astimezone(zone) for minute in minutes]
        self.dates = np.array([moment.toordinal() for moment in local])
        self.clocks = np.array([60 * (60 * moment.hour + moment.minute) for moment in local])
        self.days = {
            ordinal: (date.fromordinal(ordinal).weekday(), date.fromordinal(ordinal) in named)
            for ordinal in range(int(self.dates.min()) - 1, int(self.dates.max()) + 1)
        }

    def opened(self, hours: WeeklyHours) -> list[bool]:
        """Whether each minute is open: the clock shows a time in a window of the day or of the night before."""
        opened = np.zeros(len(self.dates), dtype=np.bool_)
        for ordinal, (weekday, is_holiday) in self.days.items():
            for start, end in hours.windows(weekday, is_holiday):
                opened |= (self.dates == ordinal) & (self.clocks >= start) & (self.clocks < end)
                opened |= (self.dates == ordinal + 1) & (self.clocks + DAY < end)
        return [bool(minute) for minute in opened]


def due_minute(opened: list[bool], arrival: int, allowed: int) -> int:
    """The minute at which `allowed` open minutes have passed; all counted from the oracle's first minute."""
    now = arrival
    while not opened[now]:
        now += 1
    for _ in range(allowed):
        while not opened[now]:
            now += 1
        now += 1
    return now


@st.composite
def random_hours(draw: st.DrawFn) -> WeeklyHours:
    """Hours of up to four random windows to the minute, many of them at night, with or without holidays."""
    clocks = st.integers(0, 1439) | st.integers(2 * 60, 4 * 60 + 30)
    entries = []
    for day in draw(
        st.lists(st.sampled_from(["mon", "tue-thu", "fri", "sat-sun", "holidays"]), min_size=1, unique=True)
    ):
        start, end = draw(clocks), draw(clocks)
        entries.append(f"{day} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}")
    try:
        return WeeklyHours.parse("; ".join(entries))
    except ValueError:
        assume(False)
        raise


SPRING = helsinki(date(2026, 3, 27), 12)  # the change of the clock, then Easter
AUTUMN = helsinki(date(2026, 10, 22), 12)  # the change of the clock, then All Saints'
NEW_YEAR = helsinki(date(2026, 12, 22), 12)
HALF_HOUR = Calendar("Australia/Lord_Howe", date(2026, 4, 1), 12, QUARTER, Holidays("AU"))
MIDNIGHT = Calendar("Asia/Beirut", date(2026, 3, 26), 12, QUARTER, Holidays("LB"))
ORACLES = [(calendar, MinuteClock(calendar, -5, 24)) for calendar in (SPRING, AUTUMN, NEW_YEAR, HALF_HOUR, MIDNIGHT)]


@settings(max_examples=150)
@given(
    st.sampled_from(ORACLES),
    random_hours(),
    st.lists(st.integers(0, 20 * 1440), min_size=1, max_size=4),
    st.integers(0, 900),
)
def test_due_times_are_those_of_a_clock_read_minute_by_minute(
    oracle: tuple[Calendar, MinuteClock], hours: WeeklyHours, arrivals: list[int], allowed: int
) -> None:
    calendar, clock = oracle
    opened = clock.opened(hours)
    open_from = list(accumulate(reversed(opened)))[::-1]
    arrivals = [arrival for arrival in arrivals if open_from[arrival] > allowed]
    assume(arrivals)
    seconds = 60.0 * (np.array(arrivals) + clock.first)
    expected = [60.0 * (due_minute(opened, arrival, allowed) + clock.first) for arrival in arrivals]
    assert calendar.due_times(seconds, 60.0 * allowed, hours).tolist() == expected


@settings(max_examples=50)
@given(st.sampled_from(ORACLES), random_hours())
def test_the_mask_is_that_of_a_clock_read_minute_by_minute(
    oracle: tuple[Calendar, MinuteClock], hours: WeeklyHours
) -> None:
    reference, clock = oracle
    calendar = Calendar(reference.timezone, reference.start, reference.days, 60, reference.holidays)
    opened = clock.opened(hours)[-clock.first :]
    assert calendar.open_mask(hours).tolist() == opened[: calendar.intervals]


# Due times worked by hand


def due(calendar: Calendar, day: date, time_of_day: float, allowed: float, hours: WeeklyHours | None) -> str:
    arrival = calendar.seconds_at(day, time_of_day)
    return f"{calendar.local_datetime(float(calendar.due_times([arrival], allowed, hours)[0])):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("day", "arrives", "allowed", "falls_due"),
    [
        (date(2026, 11, 23), 9, 2, "Mon 23 Nov 11:00"),
        (date(2026, 11, 23), 7, 2, "Mon 23 Nov 10:00"),
        (date(2026, 11, 23), 15, 2, "Tue 24 Nov 09:00"),
        (date(2026, 11, 23), 8, 8, "Mon 23 Nov 16:00"),  # just at closing
        (date(2026, 11, 23), 16, 1, "Tue 24 Nov 09:00"),  # arrives just at closing
        (date(2026, 11, 27), 15, 2, "Mon 30 Nov 09:00"),  # over the weekend
        (date(2026, 11, 28), 12, 0, "Mon 30 Nov 08:00"),  # nothing allowed: the next opening
        (date(2026, 11, 25), 12, 0, "Wed 25 Nov 12:00"),
        (date(2026, 11, 30), 8, 24, "Wed 02 Dec 16:00"),
        (date(2026, 12, 23), 12, 8, "Mon 28 Dec 12:00"),  # over Christmas, beyond the horizon
        (date(2026, 12, 31), 12, 8, "Mon 04 Jan 12:00"),  # over New Year's Day, a Friday
        (date(2026, 11, 20), 15, 2, "Mon 23 Nov 09:00"),  # arrives before the horizon
    ],
)
def test_an_office_answers_in_its_own_hours(day: date, arrives: float, allowed: float, falls_due: str) -> None:
    calendar = helsinki(date(2026, 11, 23), 14)
    assert due(calendar, day, arrives * H, allowed * H, OFFICE) == falls_due


@pytest.mark.parametrize(
    ("day", "falls_due"), [(date(2026, 3, 28), "Sun 29 Mar 05:00"), (date(2026, 10, 24), "Sun 25 Oct 03:00")]
)
def test_open_time_of_a_night_is_elapsed_time(day: date, falls_due: str) -> None:
    assert due(helsinki(day, 2), day, 23 * H, 5 * H, WeeklyHours.parse("always")) == falls_due


def test_clock_time_and_always_open_are_the_same_to_the_last_bit() -> None:
    calendar = helsinki(date(2026, 10, 1), 60)
    arrivals = np.random.default_rng(1).uniform(-40 * DAY, 100 * DAY, 1000)
    assert (calendar.due_times(arrivals, DAY / 3, None) == arrivals + DAY / 3).all()
    assert (calendar.due_times(arrivals, DAY / 3, WeeklyHours.parse("always")) == arrivals + DAY / 3).all()


def test_who_comes_later_is_not_due_earlier() -> None:
    calendar = helsinki(date(2026, 10, 1), 400)
    arrivals = np.sort(np.random.default_rng(2).uniform(-30 * DAY, 430 * DAY, 5000))
    due_at = calendar.due_times(arrivals, 12.5 * H, OFFICE)
    assert (np.diff(due_at) >= 0).all()
    assert (due_at >= arrivals + 12.5 * H).all()


def test_hours_of_holidays_only_wait_for_the_next_holiday() -> None:
    calendar = helsinki(date(2026, 12, 27), 1)
    hours = WeeklyHours.parse("holidays 12:00-16:00")
    assert due(calendar, date(2026, 12, 27), 0, 6 * H, hours) == "Wed 06 Jan 14:00"
    assert due(calendar, date(2026, 12, 27), 0, 9 * H, hours) == "Fri 26 Mar 13:00"


def test_no_arrivals_have_no_due_times() -> None:
    assert helsinki(date(2026, 11, 23), 1).due_times([], H, OFFICE).shape == (0,)


@pytest.mark.parametrize(
    ("text", "holidays"),
    [("never", Holidays("FI")), ("holidays 12:00-16:00", Holidays()), ("holidays closed", Holidays("FI"))],
)
def test_hours_that_never_open_are_refused(text: str, holidays: Holidays) -> None:
    calendar = Calendar(HELSINKI, date(2026, 11, 23), 1, QUARTER, holidays)
    with pytest.raises(ValueError, match=f'the hours "{text}" do not pass within 20 years'):
        calendar.due_times([0.0], H, WeeklyHours.parse(text))


def test_more_time_than_20_years_of_hours_is_refused_and_less_is_not() -> None:
    calendar = Calendar("UTC", date(2026, 11, 23), 1, QUARTER)
    sunday_hour = WeeklyHours.parse("sun 12:00-13:00")
    assert calendar.due_times([0.0], 1000 * H, sunday_hour)[0] == 6 * DAY + 999 * 7 * DAY + 13 * H
    with pytest.raises(ValueError, match="too seldom"):
        calendar.due_times([0.0], 1100 * H, sunday_hour)


@pytest.mark.parametrize(("arrival", "allowed"), [(np.nan, H), (np.inf, H), (0.0, -1.0), (0.0, np.inf), (0.0, np.nan)])
def test_impossible_arrivals_and_times_are_refused(arrival: float, allowed: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        helsinki(date(2026, 11, 23), 1).due_times([arrival], allowed, OFFICE)
