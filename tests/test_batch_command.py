"""`ruuhka batch`: what it prints, where, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_batches import batch_file, contents
from test_batch_run import CLASHING, FINE
from typer.testing import CliRunner, Result

from simulator.cli.program import program


def batch(*arguments: str | Path) -> Result:
    """Run the command in this process, with a worker."""
    return CliRunner().invoke(program, ["batch", *map(str, arguments), "--workers", "1"])


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_batch_is_played_and_told_of_in_a_line(tmp_path: Path) -> None:
    result = batch(batch_file(tmp_path), "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "6 of 6 cases are in" in result.stdout
    assert "0 failed" in result.stdout
    again = batch(batch_file(tmp_path), "--out", tmp_path / "out")
    assert "Played now: 0 contacts" in again.stdout


def test_a_case_that_fails_is_told_of_at_once_and_by_the_exit_code(tmp_path: Path) -> None:
    result = batch(batch_file(tmp_path, CLASHING, FINE), "--out", tmp_path / "out", "--quiet")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Case 4 failed: channels.phone.hours" in result.stderr


def test_json_is_a_line_for_each_case(tmp_path: Path) -> None:
    result = batch(batch_file(tmp_path, CLASHING, FINE), "--out", tmp_path / "out", "--json")
    begin, *played, end = lines(result)
    assert result.stderr == ""
    assert begin == {"event": "begin", "done": 0, "of": 4, "failed": 0}
    assert [(line["case"], line["done"], line["error"] is None) for line in played] == [
        (1, 1, True),
        (2, 2, True),
        (3, 3, True),
        (4, 4, False),
    ]
    assert (end["event"], end["done"], end["failed"]) == ("end", 4, 1)


def test_a_dry_run_prints_the_cases_and_what_they_take_and_keeps_nothing(tmp_path: Path) -> None:
    path = batch_file(tmp_path)
    before = contents(tmp_path)
    result = batch(path, "--dry-run", "--shard", "2/3")
    assert result.exit_code == 0, result.output
    agents = "groups.team.extra_agents"
    assert f"2  small.toml, channels.phone.handling_time.mean = 4 min, {agents} = 0\n" in result.stdout
    assert f"5  small.toml, channels.phone.handling_time.mean = 6 min, {agents} = 0\n" in result.stdout
    assert "2 cases, about 640 first attempts" in result.stdout
    *told, end = lines(batch(path, "--dry-run", "--json"))
    assert [line["case"] for line in told] == [1, 2, 3, 4, 5, 6]
    assert (end["event"], end["cases"]) == ("forecast", 6)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--out"),
        (("--out", "{folder}/out", "--shard", "4/3"), '--shard: "4/3"'),
        (("--out", "{folder}/batch.toml"), "--out"),
        (("--out", "{folder}"), "no results of a batch"),
    ],
)
def test_what_cannot_be_done_is_refused(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    path = batch_file(tmp_path)
    result = batch(path, *(argument.format(folder=tmp_path) for argument in arguments))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr


def test_a_wrong_batch_file_is_refused_by_its_name(tmp_path: Path) -> None:
    result = batch(batch_file(tmp_path, "scenario = 1\n"), "--dry-run")
    assert result.exit_code == 2
    assert "batch.toml" in result.stderr
    assert "scenarios" in result.stderr


def test_a_log_is_told_how_far_a_batch_is_and_when_it_will_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.cli.batch.TOLD_EVERY", -1.0)
    result = batch(batch_file(tmp_path), "--out", tmp_path / "out")
    told = [line for line in result.stderr.splitlines() if "cases" in line]
    assert [line.split(" cases")[0] for line in told] == [f"{done} of 6" for done in range(7)]
    assert ["left" in line for line in told] == [False] * 5 + [True] * 2


def test_dates_that_are_swept_are_text_in_json(tmp_path: Path) -> None:
    text = 'scenarios = ["small.toml"]\n[sweep.start]\npath = "horizon.start"\nvalues = [2026-06-01, 2026-06-08]\n'
    result = batch(batch_file(tmp_path, text), "--out", tmp_path / "out", "--json")
    assert result.exit_code == 0, result.output
    played = [line["swept"] for line in lines(result) if line["event"] == "case"]
    assert played == [{"horizon.start": "2026-06-01"}, {"horizon.start": "2026-06-08"}]


def test_a_log_beside_the_folder_has_a_line_for_each_case_and_for_the_end(tmp_path: Path) -> None:
    path, log = batch_file(tmp_path, CLASHING, FINE), tmp_path / "out.log"
    batch(path, "--out", tmp_path / "out", "--quiet")
    told = [line.partition(" ")[2] for line in log.read_text(encoding="utf-8").splitlines()]
    assert told[0].startswith("begin: ")
    assert told[1] == "0 of 4 cases, 0 failed"
    assert [line.split(":")[0] for line in told[2:6]] == ["case 1", "case 2", "case 3", "case 4"]
    assert "failed: channels.phone.hours" in told[5]
    assert told[6] == "end: 4 of 4 cases, 1 failed"
    again = batch(path, "--out", tmp_path / "out", "--quiet")
    assert again.exit_code == 1
    assert len(log.read_text(encoding="utf-8").splitlines()) == 10  # begin, how far it was, end


def test_a_log_may_be_elsewhere_and_tells_what_stopped_the_batch(tmp_path: Path) -> None:
    path, log = batch_file(tmp_path), tmp_path / "my.log"
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    assert batch(path, "--out", tmp_path / "out", "--log", log).exit_code == 2
    assert "stopped: " in log.read_text(encoding="utf-8").splitlines()[-1]
    assert not (tmp_path / "out.log").exists()
    refused = batch(path, "--out", tmp_path / "new", "--log", tmp_path / "none" / "my.log")
    assert refused.exit_code == 2
    assert "--log" in refused.stderr
    assert not (tmp_path / "new").exists()
