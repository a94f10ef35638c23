"""Real exports, read by the shipped mappings: what is known of them comes out, and nothing is lost."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from simulator.history.importing.imported import Imported
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.importing.read_history import read_history
from simulator.history.logs import Calls

MAPPINGS = Path(__file__).parents[1] / "scenarios" / "mappings"

pytestmark = pytest.mark.real_data


def history_of(mapping: str, *files: Path) -> Imported:
    return read_history(files, read_mapping(MAPPINGS / f"{mapping}.toml"))


@pytest.fixture(scope="module")
def vanad(data_folder: Path) -> Imported:
    return history_of("vanad-calls", *sorted((data_folder / "vanad_2014").glob("vanad_calls_*.csv.gz")))


def calls_in(imported: Imported) -> Calls:
    assert imported.calls is not None
    return imported.calls


def test_every_call_of_three_months_is_there(vanad: Imported, data_folder: Path) -> None:
    calls, quality = calls_in(vanad), vanad.quality["calls"]
    rows = 0
    for file in sorted((data_folder / "vanad_2014").glob("vanad_calls_*.csv.gz")):
        with gzip.open(file, "rt") as lines:
            rows += sum(1 for _ in lines) - 1
    assert len(calls) == quality["kept"] == quality["rows"] == rows
    assert calls.timezone == "Europe/Amsterdam"


def test_months_wait_and_give_up_as_is_known_of_them(vanad: Imported) -> None:
    """Offered, percent unanswered, mean wait of those answered, and percent of all answered within 20 s.

    All as those computed them who shared the data.
    """
    calls = calls_in(vanad)
    month = np.array([np.datetime64(day - 719_163, "D") for day in calls.day.tolist()]).astype("datetime64[M]")
    for name, offered, unanswered, wait, within in (
        ("2014-01", 126_070, 3.85, 30.4, 66.9),
        ("2014-02", 113_945, 3.04, 23.8, 71.3),
        ("2014-03", 134_903, 5.21, 41.7, 59.8),
    ):
        here = month == np.datetime64(name)
        assert here.sum() == offered
        assert 100 * (1 - calls.served[here].mean()) == pytest.approx(unanswered, abs=0.005)
        assert calls.waited[here & calls.served].mean() == pytest.approx(wait, abs=0.05)
        in_time = calls.served[here] & (calls.waited[here] <= 20)
        assert 100 * in_time.mean() == pytest.approx(within, abs=0.05)


def test_the_same_calls_counted_by_the_half_hour_are_the_report_of_half_hours(
    vanad: Imported, data_folder: Path
) -> None:
    calls = calls_in(vanad)
    volumes = history_of(
        "interval-report", data_folder / "vanad_2014" / "derived_interval30_by_queue_2014_q1.csv.gz"
    ).volumes
    assert volumes is not None
    assert volumes.step == 1800
    counted: dict[tuple[int, int, str], list[float]] = {}
    for day, clock, queue, served in zip(
        calls.day.tolist(), calls.clock.tolist(), calls.queue.tolist(), calls.served.tolist(), strict=True
    ):
        counts = counted.setdefault((day, clock // 1800 * 1800, calls.queues[queue]), [0.0, 0.0])
        counts[0] += 1
        counts[1] += served
    reported = {
        (day, clock, volumes.channels[channel]): [offered, answered]
        for day, clock, channel, offered, answered in zip(
            volumes.day.tolist(),
            volumes.clock.tolist(),
            volumes.channel.tolist(),
            volumes.offered.tolist(),
            volumes.measured["answered"].tolist(),
            strict=True,
        )
    }
    assert counted == reported


def test_the_bank_gives_up_as_is_known_and_every_trap_is_told(data_folder: Path) -> None:
    history = history_of("anonymous-bank", data_folder / "anonymous_bank_1999_02.csv.gz")
    calls, quality = calls_in(history), cast("dict[str, Any]", history.quality["calls"])
    with gzip.open(data_folder / "anonymous_bank_1999_02.csv.gz", "rt") as lines:
        rows = list(csv.DictReader(lines))
    found: dict[str, int] = {}
    for finding in quality["findings"]:
        found[finding["reason"]] = found.get(finding["reason"], 0) + finding["figures"]
    assert found["not_asked_for"] == sum(row["outcome"] == "PHANTOM" for row in rows)
    assert found["next_day"] > 0
    assert quality["rows"] == len(rows)
    refused = quality["rows"] - quality["kept"] - found["not_asked_for"]
    assert 0 < refused < 0.005 * len(rows)
    assert 100 * (1 - calls.served.mean()) == pytest.approx(17.9, abs=0.1)
    assert set(calls.queues) == {row["type"] for row in rows}
    assert "NO_SERVER" not in calls.agents
    by_hand = [float(row["ser_time"]) for row in rows if row["outcome"] == "AGENT" and row["ser_start"] != "0:00:00"]
    assert np.nanmean(calls.worked) == pytest.approx(np.mean(by_hand), rel=0.005)


def test_a_report_by_day_with_lengths_and_percent_signs(data_folder: Path) -> None:
    file = data_folder / "kaggle_call_center_daily.csv"
    volumes = history_of("kaggle-daily", file).volumes
    assert volumes is not None
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert volumes.by_day
    assert volumes.offered.tolist() == [float(row["Incoming Calls"].replace(",", "")) for row in rows]
    assert volumes.measured["service_level"][0] == pytest.approx(0.7628)
    hours, minutes, seconds = map(int, rows[0]["Talk Duration (AVG)"].split(":"))
    assert volumes.measured["talk_time"][0] == 3600 * hours + 60 * minutes + seconds
    assert not np.isnan(volumes.measured["asa"]).any()


def test_counts_of_five_minutes(data_folder: Path) -> None:
    file = data_folder / "us_bank_calls_2003_5min_days_1_120.csv.gz"
    volumes = history_of("us-bank", file).volumes
    assert volumes is not None
    with gzip.open(file, "rt") as lines:
        rows = list(csv.DictReader(lines))
    assert (volumes.step, volumes.channels, len(np.unique(volumes.day))) == (300, ("phone",), 120)
    assert volumes.offered.sum() == sum(float(row["calls"]) for row in rows)
    assert volumes.offered.sum() / 120 == pytest.approx(32_461, rel=0.01)
