"""Real logs of calls are read whole; every trap in them is survived and reported."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from simulator.history.logs.between_rows import internal_legs
from simulator.history.logs.call_guess import guess_calls
from simulator.history.logs.calls import Calls
from simulator.history.logs.mapping import CallMapping, CellForms
from simulator.history.logs.quality import LogQuality
from simulator.history.logs.read_calls import read_calls
from simulator.history.logs.table import look_at

pytestmark = pytest.mark.real_data

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DUTCH = CallMapping(
    {
        "arrival": ("date_received",),
        "queue": ("queue",),
        "agent": ("agent_number",),
        "answered": ("answered",),
        "consulted": ("consult",),
        "handed_over": ("transfer",),
        "ended": ("hangup",),
    },
    CellForms(timezone="Europe/Amsterdam"),
)
NEVER = ("0:00:00",)
BANK = CallMapping(
    {
        "date": ("date",),
        "entered": ("vru_entry",),
        "arrival": ("vru_exit",),
        "answered": ("ser_start",),
        "released": ("ser_exit",),
        "gave_up": ("q_exit", "vru_exit"),
        "queue": ("type",),
        "agent": ("server",),
        "customer": ("customer_id",),
        "outcome": ("outcome",),
    },
    CellForms(
        timezone="Asia/Jerusalem",
        date_format="%y%m%d",
        nothing={
            **dict.fromkeys(("ser_start", "ser_exit", "q_exit"), NEVER),
            "server": ("NO_SERVER",),
            "customer_id": ("0",),
        },
        leave_out={"outcome": ("PHANTOM",)},
    ),
    answered_words=("AGENT",),
    unanswered_words=("HANG",),
)


def dutch_files(folder: Path) -> list[tuple[str, Path]]:
    return [(file.name, file) for file in sorted((folder / "vanad_2014").glob("vanad_calls_*.csv.gz"))]


def bank_file(folder: Path) -> tuple[str, Path]:
    (file,) = folder.glob("anonymous_bank_*.csv.gz")
    return file.name, file


@pytest.fixture(scope="module")
def dutch(data_folder: Path) -> tuple[Calls, LogQuality]:
    return read_calls(dutch_files(data_folder), DUTCH)


@pytest.fixture(scope="module")
def bank(data_folder: Path) -> tuple[Calls, LogQuality]:
    return read_calls([bank_file(data_folder)], BANK)


def test_every_call_of_the_dutch_centre_is_kept(data_folder: Path, dutch: tuple[Calls, LogQuality]) -> None:
    calls, quality = dutch
    rows = sum(len(pd.read_csv(file)) for _, file in dutch_files(data_folder))
    assert quality.read == quality.kept == len(calls) == rows
    assert quality.rows_of("refused") == quality.rows_of("left_out") == 0
    assert not (calls.waited < 0).any()
    assert not (calls.worked < 0).any()


def test_the_dutch_centre_month_by_month_is_what_is_known_of_it(dutch: tuple[Calls, LogQuality]) -> None:
    calls, _ = dutch
    month = np.array([date.fromordinal(int(day)).month for day in calls.day])
    known = {1: (126_070, 3.85, 30.4, 66.9), 2: (113_945, 3.04, 23.8, 71.3), 3: (134_903, 5.21, 41.7, 59.8)}
    for number, (offered, unanswered, wait, within_20) in known.items():
        here = month == number
        answered = here & calls.served
        assert here.sum() == offered
        assert 100 * (1 - answered.sum() / offered) == pytest.approx(unanswered, abs=0.01)
        assert calls.waited[answered].mean() == pytest.approx(wait, abs=0.1)
        assert 100 * (answered & (calls.waited <= 20)).sum() / offered == pytest.approx(within_20, abs=0.1)


def test_the_moments_of_the_dutch_centre_are_local_times(data_folder: Path, dutch: tuple[Calls, LogQuality]) -> None:
    calls, _ = dutch
    name, file = dutch_files(data_folder)[2]
    table = pd.read_csv(file)
    place = calls.sources.index(name)
    for row in np.flatnonzero(calls.file == place)[:: len(table) // 200]:
        told = table.iloc[calls.line[row] - 2]
        local = datetime.fromisoformat(told["date_received"])
        assert calls.arrival[row] == local.replace(tzinfo=AMSTERDAM).timestamp()
        assert calls.day[row] == local.toordinal()
        assert calls.clock[row] == local.hour * 3600 + local.minute * 60 + local.second
        assert calls.queues[calls.queue[row]] == str(told["queue"])


def test_every_day_agent_and_second_of_work_agrees_with_the_days_of_agents(
    data_folder: Path, dutch: tuple[Calls, LogQuality]
) -> None:
    calls, _ = dutch
    (file,) = (data_folder / "vanad_2014").glob("derived_agent_days_*.csv.gz")
    known = pd.read_csv(file, dtype={"agent": str})
    served = calls.served
    days = pd.DataFrame(
        {
            "date": [str(date.fromordinal(int(day))) for day in calls.day[served]],
            "agent": np.array(calls.agents)[calls.agent[served]],
            "worked": calls.worked[served],
        }
    )
    found = days.groupby(["date", "agent"])["worked"].agg(["size", "sum"])
    both = known.set_index(["date", "agent"]).join(found, how="outer")
    assert both.notna().all(axis=None)
    assert (both["calls"] == both["size"]).all()
    assert (both["busy_s"] == both["sum"]).all()


def test_what_is_strange_in_the_dutch_log_is_told(dutch: tuple[Calls, LogQuality]) -> None:
    _, quality = dutch
    reasons = {finding.reason for finding in quality.findings}
    assert reasons == {"alike", "rang_only", "overlap", "leg_kept", "end_from_release"}
    legs = sum(finding.figures for finding in quality.findings if finding.reason == "leg_kept")
    assert 0.01 < legs / quality.kept < 0.05


def test_few_calls_look_like_internal_legs_by_chance(data_folder: Path) -> None:
    table = pd.read_csv(dutch_files(data_folder)[0][1], parse_dates=["date_received", "consult", "hangup"])
    moments = table[["date_received", "hangup", "consult"]].apply(lambda column: column.astype("datetime64[s]"))
    arrival, ended, consulted = (
        np.where(column.isna(), np.nan, column.astype("int64")) for _, column in moments.items()
    )
    legs, by_chance = (internal_legs(arrival, ended, consulted + moved).sum() for moved in (0.0, 60.0))
    assert by_chance < 0.15 * legs


def test_internal_legs_can_be_left_out(data_folder: Path) -> None:
    mapping = CallMapping(DUTCH.columns, DUTCH.forms, legs="leave out")
    calls, quality = read_calls(dutch_files(data_folder)[:1], mapping)
    assert quality.read == quality.kept + quality.rows_of("left_out") > len(calls) == quality.kept


def test_the_bank_is_what_is_known_of_it(bank: tuple[Calls, LogQuality]) -> None:
    calls, quality = bank
    assert quality.read == quality.kept + quality.rows_of("refused") + quality.rows_of("left_out") == 33_344
    assert 100 * (1 - calls.served.mean()) == pytest.approx(17.9, abs=0.05)
    assert calls.queues == ("IN", "NE", "NW", "PE", "PS", "TT")
    assert len(calls.agents) == 24
    assert quality.missing_days == ()


def test_the_traps_of_the_bank_are_reported_with_their_numbers(
    data_folder: Path, bank: tuple[Calls, LogQuality]
) -> None:
    calls, quality = bank
    rows = pd.read_csv(bank_file(data_folder)[1], dtype=str)
    told = {finding.reason: finding.figures for finding in quality.findings}
    assert told["not_asked_for"] == (rows["outcome"] == "PHANTOM").sum()
    assert told["no_answer_time"] == ((rows["outcome"] == "AGENT") & (rows["ser_start"] == "0:00:00")).sum()
    assert told["not_answered_after_all"] == ((rows["outcome"] == "HANG") & (rows["ser_start"] != "0:00:00")).sum()
    assert told["next_day"] >= (pd.to_timedelta(rows["ser_exit"]) < pd.to_timedelta(rows["ser_start"])).sum()
    assert quality.rows_of("refused") < 0.005 * quality.read
    assert calls.waited.max() < 3600
    assert np.nanmax(calls.worked) < 4 * 3600


def test_the_banks_service_is_as_long_as_the_bank_says(data_folder: Path, bank: tuple[Calls, LogQuality]) -> None:
    calls, _ = bank
    rows = pd.read_csv(bank_file(data_folder)[1])
    told = rows["ser_time"].to_numpy()[calls.line - 2]
    np.testing.assert_array_equal(calls.worked[calls.served], told[calls.served])


def test_both_logs_are_read_as_well_by_what_is_guessed_of_them(
    data_folder: Path, dutch: tuple[Calls, LogQuality], bank: tuple[Calls, LogQuality]
) -> None:
    for files, zone, known in (
        (dutch_files(data_folder), "Europe/Amsterdam", dutch),
        ([bank_file(data_folder)], "Asia/Jerusalem", bank),
    ):
        guess = guess_calls(look_at(files[0]), zone)
        assert guess is not None
        calls, quality = read_calls(files, guess.mapping)
        assert quality.kept == known[1].kept
        np.testing.assert_array_equal(calls.answered, known[0].answered)
        np.testing.assert_array_equal(calls.released, known[0].released)
        assert calls.queues == known[0].queues
        assert calls.agents == known[0].agents
