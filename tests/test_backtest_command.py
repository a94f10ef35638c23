"""`ruuhka backtest` reads folders and logs, refuses what it cannot use, and writes all or nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from lived_days import StandIn, lived_calls
from test_backtest import TEST, TRAIN, stand_in
from typer.testing import CliRunner

from simulator.cli.backtest import calls_of
from simulator.cli.program import program
from simulator.history.importing.imported import Imported, write_imported

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.history.logs import Calls

WINDOWS = ("--train", str(TRAIN), "--test", str(TEST), "--replications", "20", "--workers", "1")
MAPPING = """kind = "calls"
timezone = "UTC"
[columns]
arrival = "came"
answered = "answered"
ended = "gone"
queue = "queue"
agent = "agent"
"""


@pytest.fixture(autouse=True)
def _right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days are played as they came about."""
    stand_in(monkeypatch, StandIn())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What `ruuhka import` would have written."""
    write_imported(tmp_path / "history", Imported(calls=lived_calls(60)))
    return tmp_path / "history"


def told(*arguments: object, code: int = 0) -> str:
    """What the command prints."""
    result = CliRunner().invoke(program, ["backtest", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def log(calls: Calls) -> str:
    """The calls as a log with whole seconds."""
    lines = ["came,answered,gone,queue,agent"]
    moments = (calls.arrival, calls.answered, calls.ended)
    for k in range(len(calls)):
        came, answered, gone = (
            "" if np.isnan(each[k]) else str(np.datetime64(round(each[k]), "s")).replace("T", " ") for each in moments
        )
        lines.append(f"{came},{answered},{gone},{calls.queues[calls.queue[k]]},{'a' if answered else ''}")
    return "\n".join(lines) + "\n"


def test_a_folder_is_back_tested(folder: Path) -> None:
    printed = told(folder, *WINDOWS)
    assert "Back-test of 2026-04-11..2026-04-30" in printed
    assert "20 days with calls" in printed
    assert "Mean wait" in printed


def test_files_of_a_log_with_their_mapping_come_to_the_same(tmp_path: Path, folder: Path) -> None:
    """Two files, read as one; waits are whole seconds there."""
    calls = lived_calls(60)
    early = calls.day <= TRAIN.last.toordinal()
    for name, which in (("early.csv", early), ("late.csv", ~early)):
        (tmp_path / name).write_text(log(calls.where(which)), encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    files = (tmp_path / "early.csv", tmp_path / "late.csv", "--mapping", tmp_path / "mapping.toml")
    of_log, of_folder = (json.loads(told(*given, *WINDOWS, "--json")) for given in (files, (folder,)))
    assert [each["day"] for each in of_log["days"]] == [each["day"] for each in of_folder["days"]]
    for a, b in zip(of_log["days"], of_folder["days"], strict=True):
        waits = [each["figures"]["mean_wait"]["observed"] for each in (a, b)]
        assert waits[0] == pytest.approx(waits[1], abs=1.0)
        assert a["figures"]["unanswered"]["observed"] == b["figures"]["unanswered"]["observed"]


def test_rows_of_a_log_that_are_not_kept_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls = lived_calls(4)
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    file = tmp_path / "log.csv"
    file.write_text(log(calls), encoding="utf-8")
    assert len(calls_of([file], tmp_path / "mapping.toml")) == len(calls)
    assert not capsys.readouterr().err
    file.write_text(log(calls) + "soon,,later,sales,\n", encoding="utf-8")
    assert len(calls_of([file], tmp_path / "mapping.toml")) == len(calls)
    assert "0 left out, 1 refused. ruuhka import says why." in capsys.readouterr().err


def test_out_holds_the_page_and_every_table(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "are in" in told(folder, *WINDOWS, "--no-error", "--out", out)
    names = {path.name for path in out.iterdir()}
    assert {"backtest.html", "backtest.json", "days.csv", "half_hours.csv", "queues.csv", "manifest.json"} <= names
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["sources"] == ["history"]
    assert "earlier result" in told(folder, *WINDOWS, "--out", out, code=2)
    told(folder, *WINDOWS, "--no-error", "--out", out, "--force")


def test_windows_need_not_be_said(folder: Path) -> None:
    run = json.loads(told(folder, "--replications", "2", "--no-error", "--json"))["run"]
    assert run["train"] == {"first": TRAIN.first.isoformat(), "last": TRAIN.last.isoformat()}
    assert run["test"] == {"first": TEST.first.isoformat(), "last": TEST.last.isoformat()}


@pytest.mark.parametrize(("days", "caution"), [(1, True), (9, True), (10, False)])
def test_training_on_too_few_days_is_said(folder: Path, days: int, *, caution: bool) -> None:
    """Days of calls in a row: lived calls come on every day."""
    last = TRAIN.first + timedelta(days - 1)
    windows = ("--train", f"{TRAIN.first}..{last}", "--test", str(TEST), "--replications", "2", "--no-error")
    printed = " ".join(told(folder, *windows).split())
    assert (f"trained on {days} day" in printed) == caution
    assert ("train on 10 days at least" in printed) == caution


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--target", "80"), '--target "80": write percent, from 0 to 100, and seconds, as in 80/20.'),
        (("--target", "120/20"), "write percent, from 0 to 100, and seconds"),
        (("--target", "80/soon"), "write percent, from 0 to 100, and seconds"),
        (("--arrivals", "none"), '--arrivals "none": there is real and forecast.'),
        (("--train", "march"), '--train "march" is no window of days'),
        (("--test", "2026-05..2026-04"), '--test "2026-05..2026-04" ends before it begins.'),
        (("--train", "2026-04", "--test", "2026-03"), "has to follow the training window"),
        (("--train", "2026-03", "--test", "2030-01"), "no call was answered within 2030-01-01..2030-01-31"),
        (("--train", "2031-01"), "too few days"),
    ],
)
def test_options_that_cannot_be_are_refused(folder: Path, options: tuple[str, ...], words: str) -> None:
    assert words in " ".join(told(folder, *options, code=2).split())


def test_a_file_without_a_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "--mapping" in told(tmp_path / "log.csv", code=2)


def test_a_folder_that_holds_no_history_is_refused(tmp_path: Path) -> None:
    assert str(tmp_path.name) in told(tmp_path, code=2).replace("\n", "")


def test_a_mapping_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    mapping = 'kind = "orders"\ntimezone = "UTC"\n[columns]\nplaced = "a"\n'
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    printed = told(tmp_path / "log.csv", "--mapping", tmp_path / "mapping.toml", code=2)
    assert 'only "calls" can be back-tested' in " ".join(printed.split())


def test_a_target_may_be_written_with_units(folder: Path) -> None:
    options = ("--replications", "2", "--no-error", "--json", "--target", "75 % / 1 min")
    assert json.loads(told(folder, *options))["run"]["target"] == {"share": 0.75, "within": 60.0}
