"""The volumes of a report become the demand of a scenario, contact by contact."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_scenarios import MAIL, PHONE, written

from simulator.history import (
    ReportError,
    Role,
    Volumes,
    guess_mapping,
    handling_time_overrides,
    read_report,
    scenario_volumes,
    volumes_of,
)
from simulator.scenario import Scenario, load_scenario
from simulator.scenario.model import HistoryDemand, ProfileDemand

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPICS = '[topics]\norder = "Order"\nreturn = "Return"\n'
MIX = 'mix = { order = "50 %", return = "50 %" }\n[channels.phone.demand]'


def volumes(text: str, **changed: Role) -> Volumes:
    report = read_report("report.csv", text.encode())
    mapping = guess_mapping(report)
    for column, role in changed.items():
        mapping = mapping.changed(report.columns.index(column), role)
    return volumes_of(report, mapping, "Europe/Helsinki")


def loaded(
    folder: Path,
    result: Volumes,
    channels: dict[str, str],
    text: str = PHONE,
    *,
    use: Literal["typical week", "dated"] = "typical week",
    topics: Mapping[str, str] = MappingProxyType({}),
) -> Scenario:
    made = scenario_volumes(result, channels, file="imported.csv", use=use, topics=topics)
    (folder / "imported.csv").write_bytes(made.csv)
    return load_scenario(written(folder, text), overrides=made.overrides)


def history(scenario: Scenario, channel: int = 0) -> HistoryDemand:
    demand = scenario.channels[channel].demand
    assert isinstance(demand, HistoryDemand)
    return demand


WEEK = "Date,Time,Queue,Offered,AHT\n" + "".join(
    f"2026-05-{25 + day},{9 + half // 2:02}:{30 * (half % 2):02},{queue},{10 * day + half + extra},{240 + 60 * extra}\n"
    for day in range(5)
    for half in range(4)
    for extra, queue in enumerate(("Phone", "Mail"))
)


def test_channels_get_the_counts_of_theirs(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, volumes(WEEK), {"Phone": "phone", "Mail": "mail"}, PHONE + MAIL)
    for channel in (0, 1):
        demand = history(scenario, channel)
        assert (demand.use, demand.step, demand.source) == ("typical week", 1800, "imported.csv")
        expected = [[10 * day + half + channel for half in range(4)] for day in range(5)]
        assert demand.count[:, :, 0].tolist() == expected


def test_several_channels_of_a_report_may_go_into_one_and_others_be_left_out(tmp_path: Path) -> None:
    both = history(loaded(tmp_path, volumes(WEEK), {"Phone": "phone", "Mail": "phone"}))
    alone = history(loaded(tmp_path, volumes(WEEK), {"Mail": "phone"}))
    assert both.count.sum() == 2 * alone.count.sum() - 20
    assert alone.count[0, :, 0].tolist() == [1, 2, 3, 4]


def test_a_channel_whose_name_looks_like_a_formula_is_read_back(tmp_path: Path) -> None:
    text = PHONE.replace("channels.phone", "channels.-1").replace("skills.phone", "skills.-1")
    made = scenario_volumes(volumes(WEEK), {"Phone": "-1"}, file="imported.csv")
    assert b"'-1" in made.csv
    assert history(loaded(tmp_path, volumes(WEEK), {"Phone": "-1"}, text)).count[0, :, 0].tolist() == [0, 1, 2, 3]


def test_dates_may_be_those_of_the_horizon(tmp_path: Path) -> None:
    text = WEEK.replace("2026-05-25", "2026-06-01").replace("2026-05-26", "2026-06-02")
    demand = history(loaded(tmp_path, volumes(text), {"Phone": "phone"}, use="dated"))
    assert demand.use == "dated"
    assert date(2026, 6, 1) in demand.date


def test_topics_make_the_mix_if_they_are_named(tmp_path: Path) -> None:
    text = "Date,Time,Reason,Offered\n2026-06-01,09:00,o,5\n2026-06-01,09:30,r,3\n2026-06-01,10:00,x,9\n"
    text += "2026-06-02,09:00,o,1\n2026-06-02,09:30,r,1\n"
    result = volumes(text)
    scenario_text = TOPICS + PHONE.replace('title = "Small day"', "").replace("[channels.phone.demand]", MIX)
    topics = {"o": "order", "r": "return"}
    scenario = loaded(tmp_path, result, {"contacts": "phone"}, scenario_text, topics=topics)
    assert history(scenario).count[:, :, 0].tolist() == [[5, 3, 0], [1, 1, 0]]
    assert [each.share for each in scenario.channels[0].types] == [0.6, 0.4]
    assert history(loaded(tmp_path, result, {"contacts": "phone"})).count[0, :, 0].tolist() == [5, 3, 9]


def test_an_interval_without_a_row_had_no_contacts_and_a_day_without_rows_is_left_out() -> None:
    text = "Date,Time,Offered\n2026-06-01,09:00,5\n2026-06-01,09:30,3\n2026-06-01,10:30,3\n2026-06-03,09:30,3\n"
    result = volumes(text)
    assert result.quality.intervals_without_row == 4
    made = scenario_volumes(result, {"contacts": "phone"}, file="f.csv").csv.decode().splitlines()
    assert made[0] == "time,channel,contacts"
    assert made[1:5] == [f"2026-06-01 {time},phone,{n}" for time, n in zip(TIMES, (5, 3, 0, 3), strict=True)]
    assert made[5:] == [f"2026-06-03 {time},phone,{n}" for time, n in zip(TIMES, (0, 3, 0, 0), strict=True)]


TIMES = ("09:00", "09:30", "10:00", "10:30")


def test_a_report_by_day_says_how_many_contacts_and_on_which_weekdays(tmp_path: Path) -> None:
    rows = [f"{date(2026, 5, 4) + timedelta(days=k)},{100 + 10 * (k % 7) + k // 7}\n" for k in range(14) if k % 7 < 6]
    result = volumes("Date,Offered\n" + "".join(rows))
    made = scenario_volumes(result, {"contacts": "phone"}, file="f.csv")
    assert made.csv == b""
    demand = load_scenario(written(tmp_path), overrides=made.overrides).channels[0].demand
    assert isinstance(demand, ProfileDemand)
    by_weekday = np.array([100.5 + 10 * day for day in range(6)] + [0])
    assert demand.per_week == pytest.approx(by_weekday.sum())
    np.testing.assert_allclose(demand.weekday_share, by_weekday / by_weekday.sum(), rtol=1e-4)


def test_handling_times_come_from_the_report(tmp_path: Path) -> None:
    result = volumes(WEEK)
    overrides = handling_time_overrides(result, {"Phone": "phone", "Mail": "mail"})
    assert overrides == {"channels.phone.handling_time.mean": "4 min", "channels.mail.handling_time.mean": "5 min"}
    scenario = load_scenario(written(tmp_path, PHONE + MAIL), overrides=overrides)
    assert [channel.types[0].handling_time.mean for channel in scenario.channels] == [240, 300]
    together = handling_time_overrides(result, {"Phone": "phone", "Mail": "phone"})
    phone, mail = (sum(10 * day + half + extra for day in range(5) for half in range(4)) for extra in (0, 1))
    assert together == {"channels.phone.handling_time.mean": "4 min 30.7 s"}
    assert (240 * phone + 300 * mail) / (phone + mail) == pytest.approx(270.7, abs=0.05)


def test_without_handling_times_there_are_no_overrides() -> None:
    assert handling_time_overrides(volumes("Date,Offered\n2026-06-01,5\n"), {"contacts": "phone"}) == {}


@pytest.mark.parametrize("make", [handling_time_overrides, lambda *given: scenario_volumes(*given, file="f.csv")])
def test_a_channel_that_the_report_does_not_have_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ReportError, match=r'no channel "phone".*mean "Phone"'):
        make(volumes(WEEK), {"phone": "phone"})


def test_a_topic_that_the_report_does_not_have_is_refused() -> None:
    with pytest.raises(ReportError, match='no topic "x"'):
        scenario_volumes(volumes(WEEK), {"Phone": "phone"}, file="f.csv", topics={"x": "order"})


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", (2, 4, 5)), ("2026-10-25", (2, 3, 3, 4, 5))])
def test_a_day_on_which_the_clock_is_moved_is_written_as_the_scenario_reads_it(
    tmp_path: Path, day: str, hours: tuple[int, ...]
) -> None:
    other = f"{date.fromisoformat(day) - timedelta(days=1)}"
    rows = [f"{other},{hour:02}:00,1\n" for hour in (2, 3, 4, 5)] + [f"{day},{hour:02}:00,4\n" for hour in hours]
    result = volumes("Date,Time,Offered\n" + "".join(rows))
    made = scenario_volumes(result, {"contacts": "phone"}, file="imported.csv", use="dated")
    assert sum(float(row.rpartition(",")[2]) for row in made.csv.decode().splitlines()[1:]) == result.offered.sum()
    text = PHONE.replace("start = 2026-06-01", f'start = {day}\ntimezone = "Europe/Helsinki"').replace(
        "days = 2", "days = 1"
    )
    (tmp_path / "imported.csv").write_bytes(made.csv)
    demand = history(load_scenario(written(tmp_path, text), overrides=made.overrides))
    assert demand.count[-1, :, 0].tolist() == ([4, 0, 4, 4] if len(hours) == 3 else [4, 4, 4, 4])


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from(["Phone", "Mail", "=1+1"])),
        st.integers(0, 999),
        min_size=1,
    )
)
def test_no_contact_is_lost_on_the_way_into_the_scenario(counts: dict[tuple[int, int, str], int]) -> None:
    rows = [
        f"2026-06-{1 + day:02},{9 + half // 2:02}:{30 * (half % 2):02},{channel},{count}\n"
        for (day, half, channel), count in counts.items()
    ]
    rows += ["2026-06-08,09:00,Phone,1\n", "2026-06-08,09:30,Phone,1\n", "2026-06-08,10:00,Phone,1\n"]
    result = volumes("Date,Time,Channel,Offered\n" + "".join(rows))
    made = scenario_volumes(result, dict.fromkeys(result.channels, "phone"), file="f.csv").csv.decode()
    assert sum(float(row.rpartition(",")[2]) for row in made.splitlines()[1:]) == sum(counts.values()) + 3


# ---- Real reports ----------------------------------------------------------------------------------------------------


@pytest.mark.real_data
def test_the_us_bank_counts_drive_a_scenario(data_folder: Path, tmp_path: Path) -> None:
    name = "us_bank_calls_2003_5min_days_1_120.csv.gz"
    report = read_report(name, (data_folder / name).read_bytes())
    result = volumes_of(report, guess_mapping(report), "America/New_York")
    demand = history(loaded(tmp_path, result, {"contacts": "phone"}))
    assert demand.count.shape == (120, 169, 1)
    assert demand.count.sum() == result.offered.sum()


@pytest.mark.real_data
def test_the_queues_of_a_real_centre_drive_a_scenario(data_folder: Path, tmp_path: Path) -> None:
    name = "derived_interval30_by_queue_2014_q1.csv.gz"
    report = read_report(name, (data_folder / "vanad_2014" / name).read_bytes())
    result = volumes_of(report, guess_mapping(report), "Europe/Amsterdam")
    demand = history(loaded(tmp_path, result, dict.fromkeys(result.channels, "phone")))
    assert demand.count.sum() == 374_918


@pytest.mark.real_data
def test_a_real_daily_report_drives_a_scenario(data_folder: Path, tmp_path: Path) -> None:
    name = "kaggle_call_center_daily.csv"
    report = read_report(name, (data_folder / name).read_bytes())
    result = volumes_of(report, guess_mapping(report), "Europe/Helsinki")
    made = scenario_volumes(result, {"contacts": "phone"}, file="f.csv")
    overrides = made.overrides | handling_time_overrides(result, {"contacts": "phone"})
    scenario = load_scenario(written(tmp_path), overrides=overrides)
    demand = scenario.channels[0].demand
    assert isinstance(demand, ProfileDemand)
    assert demand.per_week == pytest.approx(7 * result.offered.mean(), rel=0.01)
    assert scenario.channels[0].types[0].handling_time.mean == pytest.approx(159.5)
