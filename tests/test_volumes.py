"""Volumes, profiles and staffing from CSV files are read as they stand, or refused with the line."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario import Scenario, ScenarioError, csvfile, load_scenario
from simulator.scenario.model import HistoryDemand, ProfileDemand

TEXT = """
[horizon]
start = {start}
days = {days}
interval = "{interval}"

[topics]
order = "Order"
return = "Return"

[channels.phone]
kind = "live"
hours = "{hours}"
handling_time = "6 min"
patience = "3 min"
target = {{ answered = "80 %", within = "20 s" }}
{mix}

[channels.phone.demand]
file = "{file}"
{fields}

[groups.team]
staffing = {staffing}
[groups.team.skills.phone]
"""

MIX = 'mix = { order = "50 %", return = "50 %" }'
MONDAY = date(2026, 11, 2)


def load(
    folder: Path,
    rows: str | bytes,
    fields: str = 'use = "typical week"',
    *,
    file: str = "volumes.csv",
    start: str = "2026-11-23",
    days: int = 7,
    interval: str = "15 min",
    hours: str = "mon 08:00-09:00",
    mix: str = MIX,
    staffing: str = '{ "mon 08:00-09:00" = 1 }',
) -> Scenario:
    (folder / "volumes.csv").write_bytes(rows if isinstance(rows, bytes) else rows.encode())
    path = folder / "case.toml"
    text = TEXT.format(**{name: value for name, value in locals().items() if name not in ("folder", "rows", "path")})
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def history(scenario: Scenario) -> HistoryDemand:
    demand = scenario.channels[0].demand
    assert isinstance(demand, HistoryDemand)
    return demand


def table(rows: Iterable[str], header: str = "time,contacts") -> str:
    return "\n".join([header, *rows]) + "\n"


def quarters(day: date = MONDAY, counts: Iterable[float] = (3, 4, 5, 6), hour: int = 8) -> list[str]:
    first = datetime(day.year, day.month, day.day, hour)
    return [f"{first + timedelta(minutes=15 * step):%Y-%m-%d %H:%M},{count}" for step, count in enumerate(counts)]


def refusal(folder: Path, rows: str | bytes, *args: str, **kwargs: str | int) -> str:
    with pytest.raises(ScenarioError) as refused:
        load(folder, rows, *args, **kwargs)  # type: ignore[arg-type]  # each has the type of its parameter
    return str(refused.value)


def test_a_plain_file(tmp_path: Path) -> None:
    later = MONDAY + timedelta(days=7)
    demand = history(load(tmp_path, table([*quarters(), *quarters(later, (1, 0, 2.5, 0))])))
    assert (demand.use, demand.step, demand.scale, demand.source) == ("typical week", 900.0, 1.0, "volumes.csv")
    assert demand.date == (MONDAY, later)
    assert list(demand.clock) == [28_800, 29_700, 30_600, 31_500]
    assert demand.topics == (-1,)
    assert demand.count[:, :, 0].tolist() == [[3, 4, 5, 6], [1, 0, 2.5, 0]]


@given(
    days=st.lists(st.integers(0, 60), min_size=1, max_size=5, unique=True),
    first=st.integers(0, 80),
    step=st.sampled_from([5, 15, 30, 60]),
    data=st.data(),
)
def test_every_count_is_found_again(
    days: list[int], first: int, step: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Days in November to January, when no clock is moved; steps that divide the planning interval or are divided."""
    slots = data.draw(st.integers(2, 96 * 15 // step - -(-first * 15 // step)))
    counts = np.array(
        data.draw(st.lists(st.integers(0, 999), min_size=len(days) * slots, max_size=len(days) * slots)), dtype=float
    ).reshape(len(days), slots)
    start = -(-first * 15 // step) * step
    dates = [MONDAY + timedelta(days=day) for day in sorted(days)]
    rows = [
        f"{day} {(start + step * slot) // 60:02}:{(start + step * slot) % 60:02},{counts[row, slot]:g}"
        for row, day in enumerate(dates)
        for slot in range(slots)
    ]
    demand = history(load(tmp_path_factory.mktemp("volumes"), table(rows), hours="never", days=1))
    assert demand.date == tuple(dates)
    assert list(demand.clock) == [60 * (start + step * slot) for slot in range(slots)]
    assert np.array_equal(demand.count[:, :, 0], counts)


def test_topics_have_their_own_columns_and_are_zero_where_they_have_no_row(tmp_path: Path) -> None:
    rows = ["2026-11-02 08:00,return,2", "2026-11-02 08:00,order,3", "2026-11-02 08:15,order,4"]
    scenario = load(
        tmp_path, table(rows, "time,topic,contacts"), 'use = "typical week"\ntopic_column = "topic"', mix=""
    )
    demand = history(scenario)
    assert demand.topics == (0, 1)
    assert demand.count[0].tolist() == [[3, 2], [4, 0]]
    assert [kind.share for kind in scenario.channels[0].types] == pytest.approx([7 / 9, 2 / 9])


def test_only_the_rows_of_the_channel_count(tmp_path: Path) -> None:
    rows = ["2026-11-02 08:00,phone,3", "2026-11-02 08:00,chat,8", "2026-11-02 08:15,phone,4", "x,chat,y"]
    fields = 'use = "typical week"\nchannel_column = "line"'
    assert history(load(tmp_path, table(rows, "time,line,contacts"), fields)).count.ravel().tolist() == [3, 4]
    message = refusal(tmp_path, table(rows, "time,line,contacts"), fields + '\nchannel = "fone"')
    assert 'no channel "fone" in column "line". Did you mean "phone"? There are: phone, chat.' in message


def test_other_column_names_a_factor_and_a_packed_file(tmp_path: Path) -> None:
    packed = gzip.compress(table(quarters(), "start,calls").encode())
    (tmp_path / "volumes.csv.gz").write_bytes(packed)
    fields = 'use = "typical week"\ntime_column = "start"\ncount_column = "calls"\nscale = "+10 %"'
    demand = history(load(tmp_path, "", fields, file="volumes.csv.gz"))
    assert (demand.scale, demand.source) == (1.1, "volumes.csv.gz")
    assert demand.count.ravel().tolist() == [3, 4, 5, 6]


def test_quotes_blank_lines_a_byte_order_mark_seconds_and_short_hours_are_no_matter(tmp_path: Path) -> None:
    text = '\ufeff"time","contacts","remark"\r\n2026-11-02 8:00:00,3,"a, b"\r\n\r\n2026-11-02T08:15:00.000, 4 ,\r\n'
    assert history(load(tmp_path, text)).count.ravel().tolist() == [3, 4]


def test_the_steps_may_be_finer_or_coarser_than_the_planning_interval(tmp_path: Path) -> None:
    assert history(load(tmp_path, table(quarters()), interval="60 min")).step == 900
    hours = table([f"2026-11-02 {hour:02}:00,5" for hour in (8, 9, 10)])
    assert history(load(tmp_path, hours)).step == 3600
    assert "50 min" in refusal(tmp_path, table(["2026-11-02 08:20,5", "2026-11-02 09:10,5"]))
    long = table([f"2026-11-02 {hour:02}:00,5" for hour in (0, 7, 14, 21)])
    assert "The step that starts at 21:00 runs past midnight" in refusal(tmp_path, long)


# ---- days on which the clock is moved --------------------------------------------------------------------------------

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)


def clock_day(day: date, step: int = 30) -> list[str]:
    """The times that the clock in Helsinki shows on a day, in order, each with the number of its step as count."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Europe/Helsinki")).timestamp()
    local = [datetime.fromtimestamp(start + 60 * step * number, ZoneInfo("Europe/Helsinki")) for number in range(60)]
    return [f"{moment:%Y-%m-%d %H:%M},{number}" for number, moment in enumerate(local) if moment.date() == day]


@pytest.mark.parametrize(
    ("day", "steps", "at_three", "at_six"),
    [(SPRING, 46, 0, 10), (MONDAY, 48, 6, 12), (AUTUMN, 50, (6 + 8) / 2, 14)],
)
def test_a_day_has_the_rows_that_the_clock_shows(
    tmp_path: Path, day: date, steps: int, at_three: float, at_six: float
) -> None:
    """Three o'clock comes never, once or twice; rows carry the number of their step as count."""
    rows = clock_day(day)
    assert len(rows) == steps
    before = day - timedelta(days=1)
    text = table([*clock_day(before), *rows])
    demand = history(load(tmp_path, text, 'use = "dated"', start=str(before), days=2, hours="always"))
    assert demand.count.shape == (2, 48, 1)
    assert demand.count[1, [6, 12, 47], 0].tolist() == [at_three, at_six, steps - 1]


def test_contacts_of_a_day_with_25_hours_are_all_there(tmp_path: Path) -> None:
    rows = [*clock_day(AUTUMN - timedelta(days=1)), *clock_day(AUTUMN)]
    demand = history(load(tmp_path, table(rows), 'use = "dated"', start="2026-10-24", days=2, hours="always"))
    showings = np.where((demand.clock >= 3 * 3600) & (demand.clock < 4 * 3600), 2, 1)
    assert demand.count[1, :, 0] @ showings == sum(range(50))


def test_a_typical_week_leaves_out_days_on_which_the_rows_meet_a_change_of_the_clock(tmp_path: Path) -> None:
    days = [SPRING + timedelta(days=shift) for shift in (-7, -1, 0, 1)]
    rows = [row for day in days for row in clock_day(day)]
    assert SPRING not in history(load(tmp_path, table(rows), hours="sat-mon 08:00-20:00")).date
    daytime = [row for row in rows if "08:00" <= row[11:16] <= "19:30"]
    assert SPRING in history(load(tmp_path, table(daytime), hours="sat-mon 08:00-20:00")).date


@pytest.mark.parametrize(
    ("left_out", "complaint"),
    [
        (["03:00,8", "03:30,9"], "lacks the usual rows: 03:00, 03:30"),
        (["03:30,9"], "without 03:30"),
        (["03:30,7"], "after 2026-10-25 03:00 comes 03:00"),
        (["03:00,6", "03:30,7", "03:00,8", "03:30,9"], "without 03:00"),
    ],
)
def test_a_day_with_25_hours_needs_the_doubled_hour_twice(tmp_path: Path, left_out: list[str], complaint: str) -> None:
    whole = [*clock_day(AUTUMN - timedelta(days=1)), *clock_day(AUTUMN)]
    rows = [row for row in whole if row not in [f"{AUTUMN} {time}" for time in left_out]]
    message = refusal(tmp_path, table(rows), 'use = "dated"', start="2026-10-24", days=2, hours="always")
    assert complaint.lower() in message.lower()
    assert "The clock is moved" in message


def test_rows_of_an_hour_that_the_clock_leaves_out_are_refused(tmp_path: Path) -> None:
    usual = clock_day(SPRING - timedelta(days=1))
    wrong = [row.replace(str(SPRING - timedelta(days=1)), str(SPRING)) for row in usual]
    message = refusal(tmp_path, table([*usual, *wrong]), 'use = "dated"', start="2026-03-28", days=2, hours="always")
    assert "volumes.csv:56" in message
    assert '"2026-03-29 03:00": The clock does not show this time on this day' in message


# ---- what the file must cover ----------------------------------------------------------------------------------------


def test_dated_volumes_may_lack_days_on_which_the_channel_is_closed(tmp_path: Path) -> None:
    rows = [row for day in (23, 25) for row in quarters(date(2026, 11, day))]
    demand = history(load(tmp_path, table(rows), 'use = "dated"', hours="mon,wed 08:00-09:00"))
    assert demand.date == (date(2026, 11, 23), date(2026, 11, 25))
    message = refusal(tmp_path, table(rows), 'use = "dated"', hours="mon-wed 08:00-09:00")
    assert "no rows for 2026-11-24" in message
    holiday = table(quarters(date(2027, 1, 5)))  # the next day is Epiphany
    closed = "tue-wed 08:00-09:00; holidays closed"
    assert history(load(tmp_path, holiday, 'use = "dated"', start="2027-01-05", days=2, hours=closed)).date
    assert "2027-01-06" in refusal(tmp_path, holiday, 'use = "dated"', start="2027-01-05", days=2, hours=closed[:19])


def test_a_typical_week_needs_the_weekdays_of_the_horizon_on_which_the_channel_is_open(tmp_path: Path) -> None:
    assert history(load(tmp_path, table(quarters()), hours="mon 08:00-09:00")).date == (MONDAY,)
    assert history(load(tmp_path, table(quarters()), hours="mon-tue 08:00-09:00", days=1)).date == (MONDAY,)
    assert "The file has no Tuesday such as 2026-11-24" in refusal(
        tmp_path, table(quarters()), hours="mon-tue 08:00-09:00"
    )


# ---- files that are none ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"time,contacts\n2026-11-02 08:00,\xff\n", "not UTF-8 text: byte 32 is 0xFF"),
        ("time,contacts\n2026-11-02 08:00,5\n".encode("utf-16"), "not UTF-8"),
        (b"\0\0\0\0\n", "not a text file"),
        (b"PK\x03\x04....", "Excel"),
        (b'time,contacts\n2026-11-02 08:00,"5\n', "not CSV"),
        (b"time;contacts\n2026-11-02 08:00;5\n", "semicolons"),
        (b"time\tcontacts\n2026-11-02 08:00\t5\n", "tabs"),
        (b"time,contacts,contacts\n2026-11-02 08:00,5,5\n", "more than one column"),
        (b"time,contacts\n2026-11-02 08:00\n", "1 cells, the header 2"),
        (b"time,contacts\n2026-11-31 08:00,5\n", "no such date"),
        (b"time,contacts\n2026-11-02 25:00,5\n", "not a time of day"),
        (b"time,contacts\n2026-11-02 24:00,5\n", "00:00 of the next day"),
        (b"time,contacts\n2026-11-02T08:00+02:00,5\n", "in local time"),
        (b"time,contacts\n0001-01-01 08:00,5\n", "between 1970 and 2199"),
        (b"time,contacts\n2026-11-02 08:00,1_000\n", "not a number"),
    ],
)
def test_what_is_no_volume_file_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    assert complaint in refusal(tmp_path, content)


def test_a_file_of_more_than_200_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(csvfile.LARGEST_CSV + 1)  # takes no room on disk
    assert "The file has 200 MB; at most 200 MB are allowed" in refusal(tmp_path, "", file="big.csv")


def test_a_small_file_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvfile, "LARGEST_CSV", 5_000_000)
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"0" * 50_000_000))
    assert "more than 5 MB when unpacked" in refusal(tmp_path, "", file="bomb.csv.gz")


@pytest.mark.parametrize(
    "content",
    [b"time,contacts\n", gzip.compress(b"time,contacts\n" * 99, mtime=0)[:-9]],
    ids=["not packed", "cut short"],
)
def test_a_damaged_packed_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "volumes.csv.gz").write_bytes(content)
    assert "cannot be read" in refusal(tmp_path, "", file="volumes.csv.gz")


@pytest.mark.parametrize(
    ("file", "complaint"),
    [("volume.csv", 'Did you mean "volumes.csv"?'), (".", "folder"), ("no/where.csv", "no folder"), ("a" * 999, "")],
)
def test_a_file_that_is_not_there_is_refused_with_what_is(tmp_path: Path, file: str, complaint: str) -> None:
    message = refusal(tmp_path, "", file=file)
    assert complaint in message
    assert "channels.phone.demand.file" in message


def test_a_path_may_start_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "elsewhere.csv").write_text(table(quarters()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert history(load(tmp_path / "scenarios", "", file="elsewhere.csv")).source == "elsewhere.csv"


# ---- profiles and staffing -------------------------------------------------------------------------------------------


def test_a_profile_file_is_a_list_of_steps_in_any_order(tmp_path: Path) -> None:
    fields = 'per_week = 700\nweekdays = { mon = 1 }\ntime_of_day = { file = "p.csv" }'
    (tmp_path / "p.csv").write_text("weight,time\n0,9:00\n2.5,08:00\n", encoding="utf-8")
    text = TEXT.replace('file = "{file}"\n', "").format(
        start="2026-11-23", days=1, interval="15 min", hours="always", mix=MIX, fields=fields, staffing="{ always = 1 }"
    )
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    demand = load_scenario(path).channels[0].demand
    assert isinstance(demand, ProfileDemand)
    assert list(demand.time_of_day[0].clock) == [0, 28_800, 32_400]
    assert list(demand.time_of_day[0].weight) == [0, 2.5, 0]
    for rows, complaint in {
        "08:00,-1": "p.csv:2",
        "8,1": '"8"',
        "08:00,1\n8:00,2": "twice",
        "08:00,0": "above 0",
    }.items():
        (tmp_path / "p.csv").write_text(f"time,weight\n{rows}\n", encoding="utf-8")
        with pytest.raises(ScenarioError, match=complaint):
            load_scenario(path)


def staffing(folder: Path, rows: list[str], **more: str | int) -> list[int]:
    (folder / "staff.csv").write_text(table(rows, "time,agents"), encoding="utf-8")
    scenario = load(folder, table(quarters()), staffing='{ file = "staff.csv" }', **more)  # type: ignore[arg-type]
    return list(scenario.groups[0].staffing)


def test_staffing_rows_hold_for_their_step_and_nobody_is_there_between(tmp_path: Path) -> None:
    agents = staffing(tmp_path, ["2026-11-23 08:00,3", "2026-11-23 08:30,5"])
    assert agents == [0] * 32 + [3, 3, 5, 5] + [0] * (7 * 96 - 36)


def test_staffing_rows_go_by_the_clock_where_it_is_moved(tmp_path: Path) -> None:
    rows = [f"2026-10-25 {hour:02}:00,{hour}" for hour in range(24)]
    agents = staffing(tmp_path, rows, start="2026-10-25", days=1)
    assert agents[::4] == [0, 1, 2, 3, 3, *range(4, 24)]
    rows = [row.replace("10-25", "03-29") for row in rows]
    assert staffing(tmp_path, rows, start="2026-03-29", days=1)[::4] == [0, 1, 2, *range(4, 24)]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["2026-11-23 08:00,3", "2026-11-23 08:05,3", "2026-11-23 08:10,3"], "each longer step"),
        (["2026-11-23 08:00,3", "2026-11-23 08:20,3"], "20 min"),
        (["2026-11-23 08:05,3", "2026-11-23 08:20,3"], "do not fit"),
        (["2026-11-23 08:00,3", "2026-11-23 08:15,3", "2026-11-23 09:00,3"], "staff.csv:4"),
        (["2026-11-23 08:15,3", "2026-11-23 08:00,3"], "Sort"),
        (["2026-11-23 08:00,3", "2026-11-23 08:00,3"], "not later"),
        (["2026-11-23 08:00,2.5", "2026-11-23 08:15,3"], "whole number"),
        (["2026-11-24 08:00,3", "2026-11-24 08:15,3"], "no rows for 2026-11-23"),
        (["2026-11-23 08:00,3"], "one row a day"),
    ],
)
def test_staffing_that_cannot_be_is_refused(tmp_path: Path, rows: list[str], complaint: str) -> None:
    with pytest.raises(ScenarioError, match=complaint):
        staffing(tmp_path, rows)


@pytest.mark.real_data
def test_the_us_bank_counts_are_read_whole(data_folder: Path, tmp_path: Path) -> None:
    file = data_folder / "us_bank_calls_2003_5min_days_1_120.csv.gz"
    fields = 'use = "typical week"\ntime_column = "datetime"\ncount_column = "calls"'
    demand = history(load(tmp_path, "", fields, file=str(file), hours="mon-fri 07:00-21:00", start="2003-07-07"))
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        next(rows)
        total = sum(int(row.rpartition(",")[2]) for row in rows)
    assert demand.count.shape == (120, 169, 1)
    assert demand.count.sum() == total
    assert (demand.date[0], demand.step) == (date(2003, 3, 3), 300)
