"""`ruuhka results`: what it prints, where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_batches import SIX, batch_of, contents
from typer.testing import CliRunner, Result

from simulator.batch import run_batch
from simulator.batch.results import Results
from simulator.cli.program import program


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("six")
    run_batch(batch_of(folder), folder / "out")
    return folder / "out"


def ask(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["results", *map(str, arguments)])


WAITS = "select handling, agents, phone_mean_wait from wide order by 1, 2"


def test_without_a_query_it_tells_what_is_there_and_what_to_ask(out: Path) -> None:
    result = ask(out)
    assert result.exit_code == 0, result.output
    assert "6 of 6 cases are there." in result.stdout
    for name in ("cases", "wide", "results", "phone_mean_wait", "interval_start", "in min (set by the batch)"):
        assert name in result.stdout
    asked = re.findall(r'^  ruuhka results \S+ "(.*)"$', result.stdout, re.MULTILINE)
    assert len(asked) >= 3
    assert all(ask(out, query).exit_code == 0 for query in asked)
    told = json.loads(ask(out, "--json").stdout)
    assert (told["cases"], told["done"], told["failed"], told["damaged"]) == (6, 6, 0, 0)
    assert [each["sql"] for each in told["questions"]] == asked
    assert told["tables"]["wide"]["phone_mean_wait"] == "Mean wait of all, phone (seconds)"


def test_an_answer_is_a_table_and_the_same_as_csv_and_json(out: Path) -> None:
    printed = [line.split() for line in ask(out, WAITS).stdout.splitlines()]
    head, *rows = csv.reader(io.StringIO(ask(out, WAITS, "--csv").stdout))
    assert head == ["handling", "agents", "phone_mean_wait"] == printed[0]
    assert [[handling, agents, f"{float(wait):.6g}"] for handling, agents, wait in rows] == printed[2:]
    document = json.loads(ask(out, WAITS, "--json").stdout)
    assert [[str(value) for value in row.values()] for row in document] == rows
    assert list(document[0]) == head
    assert [tuple(row.values()) for row in document] == list(Results.of(out).query(WAITS).rows())


def test_what_is_too_wide_is_printed_one_below_the_other(out: Path) -> None:
    result = ask(out, "select * from wide order by case_number")
    assert [line for line in result.stdout.splitlines() if line.startswith("-- ")] == [
        f"-- {k} of 6" for k in range(1, 7)
    ]
    assert re.search(r"^phone_mean_wait +[\d.]+$", result.stdout, re.MULTILINE)


def test_a_long_answer_is_cut_and_says_so(out: Path) -> None:
    result = ask(out, "select * from range(1234)")
    assert len(result.stdout.splitlines()) == 203
    assert result.stdout.endswith(
        "... and 1\N{NO-BREAK SPACE}034 more rows; --csv, --json and --out give all of them.\n"
    )
    assert len(ask(out, "select * from range(1234)", "--csv").stdout.splitlines()) == 1235


def test_no_rows_are_no_error(out: Path) -> None:
    result = ask(out, "select agents from wide where agents > 100")
    assert (result.exit_code, result.stdout.split()[0]) == (0, "agents")
    assert json.loads(ask(out, "select agents from wide where agents > 100", "--json").stdout) == []


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_rows_are_written_to_a_file_once(ending: str, out: Path, tmp_path: Path) -> None:
    before = contents(out)
    file = tmp_path / f"rows.{ending}"
    result = ask(out, WAITS, "--out", file)
    assert result.exit_code == 0, result.output
    assert "6 rows are in" in result.stdout
    made = file.read_bytes()
    again = ask(out, WAITS, "--out", file)
    assert (again.exit_code, file.read_bytes()) == (2, made)
    assert "--force" in again.stderr
    assert ask(out, "select 1 as one", "--out", file, "--force").exit_code == 0
    assert file.read_bytes() != made
    assert list(tmp_path.iterdir()) == [file]
    assert contents(out) == before
    if ending == "parquet":
        assert pq.read_table(file).to_pylist() == [{"one": 1}]


def test_what_is_there_so_far_is_answered_and_told(tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(progress: object) -> None:
        if getattr(progress, "done", 0) == 2:
            raise StoppedError

    batch = batch_of(tmp_path, SIX)
    with pytest.raises(StoppedError):
        run_batch(batch, tmp_path / "out", on_done=stop)
    assert "2 of 6 cases are there." in ask(tmp_path / "out").stdout
    result = ask(tmp_path / "out", "select case_number from cases order by 1", "--csv")
    assert (result.exit_code, result.stdout) == (0, "case_number\n1\n2\n")
    assert result.stderr == "2 of 6 cases are there.\n"
    for file in (tmp_path / "out" / "cases").glob("0*"):
        file.write_bytes(b"")
    none = ask(tmp_path / "out", "from wide")
    assert (none.exit_code, none.stdout) == (2, "")
    assert "no case is finished yet; 0 of 6 cases are there. 2 files are damaged" in none.stderr
    assert "0 of 6 cases are there." in ask(tmp_path / "out").stdout
    assert json.loads(ask(tmp_path / "out", "--json").stdout)["done"] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{out}", "selec 1"), "selec"),
        (("{out}", "select nothing from wide"), "tells which tables and columns there are"),
        (("{out}", "drop view wide"), "cannot DROP"),
        (("{out}", "--csv"), "--csv: write a query"),
        (("{out}", "--out", "{folder}/x.csv"), "--out: write a query"),
        (("{out}", "from wide", "--csv", "--json"), "choose one"),
        (("{out}", "from wide", "--out", "{folder}/x.txt"), ".csv, .parquet, .xlsx"),
        (("{out}", "from wide", "--out", "{out}/x.csv"), "among the results themselves"),
        (("{out}", "from wide", "--out", "{out}/cases/../x.csv"), "among the results themselves"),
        (("{out}", "from wide", "--out", "{folder}/missing/x.csv"), "cannot be written"),
        (("{out}", "from wide", "--out", "{folder}/folder.csv", "--force"), "there already"),
        (("{folder}",), "no results of a batch"),
        (("{folder}/missing",), "no such folder"),
    ],
)
def test_what_cannot_be_done_is_refused(arguments: tuple[str, ...], said: str, out: Path, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    before = contents(out)
    result = ask(*(argument.format(out=out, folder=tmp_path) for argument in arguments))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert contents(out) == before
