"""Weekly hours: the text form, public holidays, and who may claim which moment."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.hours import HOLIDAY, WEEKDAYS, WeeklyHours, Window, parse_hours_table
from simulator.scenario.units import format_clock

H = 3600
MON, FRI, SAT, SUN = 0, 4, 5, 6
FULL_DAY = (Window(0, 24 * H),)
DAY_NAMES = (*WEEKDAYS, "holidays")


def window_text(start: int, end: int) -> str:
    """Write a window of half-hours after midnight; an end after 48 is one past midnight."""
    return f"{format_clock(start * 1800)}-{format_clock((end if end <= 48 else end - 48) * 1800)}"


@st.composite
def day_texts(draw: st.DrawFn) -> str:
    """Windows of one day that do not overlap, at most the last of them past midnight; or `closed`."""
    bounds = sorted(draw(st.lists(st.integers(0, 48), max_size=4, unique=True)))
    windows = list(zip(bounds[::2], bounds[1::2], strict=False))
    first_start, last_end = (windows[0][0], windows[-1][1]) if windows else (48, 0)
    if last_end < 48 and first_start > 0 and draw(st.booleans()):
        start = draw(st.integers(max(last_end, 2), 47))
        windows.append((start, 48 + draw(st.integers(1, min(first_start, start - 1)))))
    return ", ".join(window_text(*window) for window in windows) or "closed"


@st.composite
def hours_texts(draw: st.DrawFn) -> str:
    """Weekly hours of one to three entries, no day in two of them."""
    days = draw(st.permutations(DAY_NAMES))
    cuts = sorted(draw(st.lists(st.integers(1, 8), min_size=2, max_size=4, unique=True)))
    return "; ".join(f"{','.join(days[a:b])} {draw(day_texts())}" for a, b in pairwise(cuts))


def open_half_hours(hours: WeeklyHours, day: int, day_before: int) -> set[int]:
    """Half-hours of a day (7: a holiday) that are open by its own windows or by those of the day before."""

    def of(kind: int) -> set[int]:
        windows = hours.windows(kind % 7, is_holiday=kind == HOLIDAY)
        return {half for start, end in windows for half in range(start // 1800, end // 1800)}

    return {half for half in of(day) | {late - 48 for late in of(day_before)} if 0 <= half < 48}


def test_days_and_windows_are_read_as_the_module_says() -> None:
    hours = WeeklyHours.parse("mon-fri 08:00-20:00; sat 10:00-12:00, 13:00-16:00; holidays 12:00-16:00")
    for weekday in range(MON, FRI + 1):
        assert hours.windows(weekday, is_holiday=False) == ((8 * H, 20 * H),)
    assert hours.windows(SAT, is_holiday=False) == ((10 * H, 12 * H), (13 * H, 16 * H))
    assert hours.windows(SUN, is_holiday=False) == ()
    for weekday in range(7):
        assert hours.windows(weekday, is_holiday=True) == ((12 * H, 16 * H),)


def test_without_the_word_holidays_a_holiday_is_like_its_weekday() -> None:
    hours = WeeklyHours.parse("mon-fri 08:00-20:00")
    assert hours.windows(FRI, is_holiday=True) == ((8 * H, 20 * H),)
    assert hours.windows(SUN, is_holiday=True) == ()


def test_holidays_can_be_closed() -> None:
    hours = WeeklyHours.parse("always; holidays closed")
    assert hours.windows(FRI, is_holiday=False) == FULL_DAY
    assert hours.windows(FRI, is_holiday=True) == ()


def test_a_range_of_days_may_wrap_around_the_week() -> None:
    hours = WeeklyHours.parse("fri-mon 10:00-16:00")
    open_days = [day for day in range(7) if hours.windows(day, is_holiday=False)]
    assert open_days == [MON, FRI, SAT, SUN]


def test_a_window_past_midnight_belongs_to_the_day_it_starts_on() -> None:
    hours = WeeklyHours.parse("fri 22:00-02:00")
    assert hours.windows(FRI, is_holiday=False) == ((22 * H, 26 * H),)
    assert hours.windows(SAT, is_holiday=False) == ()


@pytest.mark.parametrize("text", ["mon 22:00-24:00", "mon 22:00-00:00"])
def test_midnight_at_the_end_may_be_24_or_0(text: str) -> None:
    assert WeeklyHours.parse(text).windows(MON, is_holiday=False) == ((22 * H, 24 * H),)


def test_always_is_every_day_and_never_is_none() -> None:
    assert WeeklyHours.parse("always") == WeeklyHours.parse("daily 00:00-24:00")
    assert WeeklyHours.parse("always").weekdays == (FULL_DAY,) * 7
    assert WeeklyHours.parse("never") == WeeklyHours.parse("closed")
    assert WeeklyHours.parse("never").dated_windows() == []


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("MON–FRI  8:00–20:00 ;sat 10:00-16:00", "mon-fri 08:00-20:00; sat 10:00-16:00"),
        ("sun,holidays 12:00-16:00", "sun 12:00-16:00; holidays 12:00-16:00"),
        ("sat 10:00-12:00; mon,tue,wed,fri 9:00-10:00", "mon-wed,fri 09:00-10:00; sat 10:00-12:00"),
        ("mon-sun 13:00-14:00, 09:00-12:00", "daily 09:00-12:00, 13:00-14:00"),
        ("fri-sat 22:00-02:00", "fri-sat 22:00-02:00"),
        ("daily 00:00-24:00; holidays closed", "always; holidays closed"),
        ("mon closed", "never"),
    ],
)
def test_the_text_form_is_the_same_for_the_same_hours(text: str, canonical: str) -> None:
    assert str(WeeklyHours.parse(text)) == canonical


@given(hours_texts())
def test_hours_read_back_from_their_text_form_are_the_same(text: str) -> None:
    try:
        hours = WeeklyHours.parse(text)
    except ValueError as error:
        assert "overlap" in str(error)  # noqa: PT017  a night may reach into the next day's windows
        return
    assert WeeklyHours.parse(str(hours)) == hours
    assert hash(WeeklyHours.parse(str(hours))) == hash(hours)
    assert str(WeeklyHours.parse(str(hours))) == str(hours)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'is not weekly hours: write days and times, as in "mon-fri 08:00-20:00'),
        ("mon 08:00-20:00;", "is not weekly hours"),
        ("08:00-20:00", "is not weekly hours"),
        ("mon-fri", "is not weekly hours"),
        ("monday 08:00-20:00", '"monday" in .* is not a day; allowed are mon, tue, .*, holidays, daily and ranges'),
        ("mon-holidays 08:00-20:00", "is not a day"),
        ("mon-wed-fri 08:00-20:00", "is not a day"),
        ("mon 8-20", '"8-20" in "mon 8-20" is not a window: write two clock times, as in 08:00-20:00'),
        ("mon 08:00-25:00", "is not a window"),
        ("mon 08:00-08:00", "00:00-24:00 for the whole day"),
        ("mon 24:00-02:00", "is not a window"),
        ("mon 08:00", "is not a window"),
        ("daily 08:00-20:00; sun closed", "says both closed and 08:00-20:00 for sun"),
    ],
)
def test_what_is_not_weekly_hours_is_refused_with_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WeeklyHours.parse(text)


@pytest.mark.parametrize("value", [None, True, 8, ["mon 08:00-20:00"]])
def test_only_text_is_weekly_hours(value: object) -> None:
    with pytest.raises(ValueError, match="is not weekly hours"):
        WeeklyHours.parse(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mon 08:00-12:00, 11:00-15:00", '"mon 08:00-12:00" and "mon 11:00-15:00" overlap on mon 11:00-12:00'),
        ("mon-fri 08:00-20:00; fri 18:00-22:00", '"fri 08:00-20:00" and "fri 18:00-22:00" overlap on fri 18:00-20:00'),
        ("fri 22:00-02:00; sat 01:00-05:00", '"fri 22:00-02:00" and "sat 01:00-05:00" overlap on sat 01:00-02:00'),
        ("sun 22:00-02:00; mon 01:00-05:00", '"sun 22:00-02:00" and "mon 01:00-05:00" overlap on mon 01:00-02:00'),
        ("mon 22:00-02:00, 23:00-01:00", "overlap on mon 23:00-01:00"),
        ("holidays 20:00-06:00, 05:00-10:00", "overlap on holidays 05:00-06:00"),
    ],
)
def test_overlapping_windows_are_refused_naming_both(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WeeklyHours.parse(text)


def test_windows_may_touch() -> None:
    hours = WeeklyHours.parse("mon 08:00-12:00, 12:00-16:00; tue 22:00-02:00; wed 02:00-04:00")
    assert len(hours.dated_windows()) == 4


def test_a_night_may_reach_into_a_holiday() -> None:
    hours = WeeklyHours.parse("fri 22:00-06:00; holidays 00:00-24:00")
    assert hours.windows(SAT, is_holiday=True) == FULL_DAY


def test_in_a_table_that_names_holidays_the_other_keys_are_out_of_force_on_holidays() -> None:
    table = parse_hours_table(["mon-fri 08:00-20:00", "holidays 12:00-16:00"])
    assert table["mon-fri 08:00-20:00"].windows(FRI, is_holiday=True) == ()
    assert table["mon-fri 08:00-20:00"].windows(FRI, is_holiday=False) == ((8 * H, 20 * H),)
    assert table["holidays 12:00-16:00"].windows(FRI, is_holiday=True) == ((12 * H, 16 * H),)


def test_in_a_table_without_holidays_a_holiday_is_like_its_weekday() -> None:
    table = parse_hours_table(["mon-fri 08:00-20:00", "sat 10:00-16:00"])
    assert table["mon-fri 08:00-20:00"].windows(FRI, is_holiday=True) == ((8 * H, 20 * H),)


def test_a_key_of_a_table_may_reach_into_its_own_holidays() -> None:
    table = parse_hours_table(["fri 22:00-06:00; holidays 00:00-24:00", "sun 08:00-10:00"])
    assert len(table) == 2


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            ["mon-fri 08:00-20:00", "fri 18:00-22:00"],
            '^"mon-fri 08:00-20:00" and "fri 18:00-22:00" overlap on fri 18:00-20:00',
        ),
        (["mon 22:00-06:00", "tue 00:00-08:00"], "overlap on tue 00:00-06:00"),
        (["fri 22:00-06:00", "holidays 00:00-24:00"], "overlap on holidays 00:00-06:00"),
        (["holidays 22:00-06:00", "mon 05:00-08:00"], "overlap on mon 05:00-06:00"),
        (["mon 08:00-09:00", "mon 8:00-9:00"], "overlap on mon 08:00-09:00"),
    ],
)
def test_overlapping_keys_are_refused_naming_both_and_when(keys: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_hours_table(keys)


@given(st.lists(hours_texts(), min_size=2, max_size=3, unique=True))
def test_keys_are_refused_just_when_some_moment_belongs_to_two(texts: list[str]) -> None:
    """Every half-hour of every day after every possible day before is counted out."""
    try:
        alone = [WeeklyHours.parse(text) for text in texts]
    except ValueError as error:
        assert "overlap" in str(error)  # noqa: PT017  two windows may meet
        return
    names_holidays = any(hours.holidays is not None for hours in alone)
    in_force = [WeeklyHours(hours.weekdays, (hours.holidays or ()) if names_holidays else None) for hours in alone]
    pairs = [(day, (day - 1) % 7) for day in range(7)]
    if names_holidays:
        pairs += [(HOLIDAY, day) for day in range(8)] + [(day, HOLIDAY) for day in range(7)]
    clash = any(
        open_half_hours(one, *pair) & open_half_hours(other, *pair)
        for one, other in combinations(in_force, 2)
        for pair in pairs
    )
    if clash:
        with pytest.raises(ValueError, match="overlap"):
            parse_hours_table(texts)
    else:
        assert list(parse_hours_table(texts).values()) == in_force


@given(hours_texts())
def test_hours_are_refused_just_when_two_windows_share_a_moment(text: str) -> None:
    """Each entry alone is without fault; together they are, unless a window reaches into the next day's."""
    entries = [WeeklyHours.parse(entry) for entry in text.split(";")]
    pairs = [(day, (day - 1) % 7) for day in range(7)] + [(HOLIDAY, HOLIDAY)]
    clash = any(
        open_half_hours(one, *pair) & open_half_hours(other, *pair)
        for one, other in combinations([WeeklyHours(entry.weekdays, entry.holidays or ()) for entry in entries], 2)
        for pair in pairs
    )
    if clash:
        with pytest.raises(ValueError, match="overlap"):
            WeeklyHours.parse(text)
    else:
        assert len(WeeklyHours.parse(text).dated_windows()) == sum(len(entry.dated_windows()) for entry in entries)
