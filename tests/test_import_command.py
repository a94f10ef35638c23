"""`ruuhka import`: what it prints, what it keeps, and how it ends, whatever file it is given."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from simulator.cli.program import program
from simulator.history.importing.first_guess import FirstGuess, first_guess
from simulator.history.importing.imported import read_imported
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.intervals.interval_mapping import IntervalMapping

REPORT = "Date,Time,Queue,Offered,AHT\n" + "".join(
    f"2026-01-{day:02},{8 + k // 2:02}:{30 * (k % 2):02},Phone,{12 + k},250\n" for day in (5, 6, 8) for k in range(4)
)
ORDERS = "Order number,Ordered at,Units,Value\n1,2026-01-05 10:00,2,20.50\n2,2026-01-05 11:00,some,9\n" + "".join(
    f"{k},2026-01-06 10:{k},1,5\n" for k in range(10, 18)
)
CALLS = (
    "came,answered,over,queue,agent\n2026-01-05 10:00:00,2026-01-05 10:00:09,2026-01-05 10:04:00,sales,7\n"
    "2026-01-05 10:01:00,,2026-01-05 10:01:30,sales,\n2026-01-05 10:02:00,,2026-01-05 10:01:00,sales,\n"
    + "".join(f"2026-01-05 11:0{k}:00,,2026-01-05 11:0{k}:30,sales,\n" for k in range(8))
)
"""The third is over before it arrived."""
MAPPING = """# by hand
kind = "calls"
timezone = "Europe/Amsterdam"

[columns]
arrival = "came"
answered = "answered"
ended = "over"
queue = "queue"
agent = "agent"
"""


def ruuhka_import(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["import", *map(str, arguments)])


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_without_a_mapping_a_first_guess_is_made_shown_and_kept(tmp_path: Path) -> None:
    out = tmp_path / "history"
    result = ruuhka_import(written(tmp_path, "report.csv", REPORT), "--out", out)
    assert result.exit_code == 0, result.output
    assert 'offered = "Offered" # its name says “offered”' in result.stdout
    assert "intervals: 12 rows read, 12 kept, 0 left out, 0 refused." in result.stdout
    assert "2026-01-05 to 2026-01-08: 162 contacts in intervals of 30 min; channels: Phone." in result.stdout
    assert "No row of 1 day: 2026-01-07 (Wed)" in result.stdout
    history = read_imported(out)
    assert history.kinds == ("intervals",)
    assert history.volumes is not None
    assert history.volumes.offered.sum() == 162
    assert history.mapping["intervals"] == (out / "intervals-mapping.toml").read_text("utf-8")
    assert history.mapping["intervals"] in result.stdout


def test_what_is_shown_can_be_given_as_the_mapping(tmp_path: Path) -> None:
    report = written(tmp_path, "report.csv", REPORT)
    shown = ruuhka_import(report, "--show", "--timezone", "Europe/Amsterdam")
    assert shown.exit_code == 0, shown.output
    mapping = written(tmp_path, "mapping.toml", shown.stdout)
    assert isinstance(read_mapping(mapping), IntervalMapping)
    assert 'timezone = "Europe/Amsterdam"' in shown.stdout
    result = ruuhka_import(report, "--mapping", mapping)
    assert result.exit_code == 0, result.output
    assert "12 kept" in result.stdout
    assert "Nothing is kept without --out" in result.stdout
    assert "its name says" not in result.stdout


def test_a_log_is_read_as_its_mapping_says_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    calls, mapping = written(tmp_path, "calls.csv", CALLS), written(tmp_path, "calls.toml", MAPPING)
    result = ruuhka_import(calls, "--mapping", mapping, "--out", tmp_path / "history")
    assert result.exit_code == 0, result.output
    assert "calls: 11 rows read, 10 kept, 0 left out, 1 refused." in result.stdout
    assert "calls.csv line 4" in result.stdout
    assert "10 contacts, 1 of them answered by 1 agent; queues: sales." in result.stdout
    history = read_imported(tmp_path / "history")
    assert history.calls is not None
    assert history.calls.timezone == "Europe/Amsterdam"
    assert history.mapping["calls"] == MAPPING


@pytest.mark.parametrize("json_", [(), ("--json",)])
def test_where_many_rows_are_refused_a_warning_says_so_and_the_exit_code_is_1(
    json_: tuple[str, ...], tmp_path: Path
) -> None:
    wrong = "".join(f"2026-01-05 10:0{k}:00,,some day,sales,\n" for k in range(7))
    calls, mapping = written(tmp_path, "calls.csv", CALLS + wrong), written(tmp_path, "calls.toml", MAPPING)
    result = ruuhka_import(calls, "--mapping", mapping, "--out", tmp_path / "history", *json_)
    assert result.exit_code == 1
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("WARNING: 44% of the rows of calls were refused (8 of 18)")
    assert "“some day” is not a moment" in line
    assert read_imported(tmp_path / "history").kinds == ("calls",)


@pytest.mark.parametrize(("refused", "code"), [(2, 0), (3, 1)])
def test_a_tenth_of_the_rows_may_be_refused(refused: int, code: int, tmp_path: Path) -> None:
    good = "".join(f"{k},2026-01-06 10:{k},1,5\n" for k in range(10, 28))
    bad = "".join(f"{k},some day,1,5\n" for k in range(refused))
    orders = written(tmp_path, "orders.csv", f"Order number,Ordered at,Units,Value\n{good}{bad}")
    result = ruuhka_import(orders, "--json")
    assert result.exit_code == code
    assert ("WARNING" in result.stderr) == bool(code)


def test_another_kind_is_put_beside_and_the_same_only_by_force(tmp_path: Path) -> None:
    out = tmp_path / "history"
    report, orders = written(tmp_path, "report.csv", REPORT), written(tmp_path, "orders.csv", ORDERS)
    for file in (report, orders):
        assert ruuhka_import(file, "--out", out).exit_code == 0
    assert read_imported(out).kinds == ("intervals", "orders")
    again = ruuhka_import(orders, "--out", out)
    assert again.exit_code == 2
    assert "holds orders already; --force replaces them" in again.stderr
    assert ruuhka_import(orders, "--out", out, "--force").exit_code == 0


def test_json_is_one_document_of_all_that_was_found(tmp_path: Path) -> None:
    result = ruuhka_import(written(tmp_path, "orders.csv", ORDERS), "--json")
    assert result.exit_code == 0, result.output
    quality = json.loads(result.stdout)["kinds"]["orders"]
    assert (quality["rows"], quality["kept"], quality["first_day"]) == (10, 10, "2026-01-05")
    (finding,) = quality["findings"]
    assert (finding["reason"], finding["kind"], finding["value"]) == ("figure_left_empty", "repaired", "some")
    assert (finding["file"], finding["lines"], finding["more"]) == ("orders.csv", [3], False)


def test_a_time_zone_on_the_command_line_is_kept_in_the_mapping(tmp_path: Path) -> None:
    calls, mapping = written(tmp_path, "calls.csv", CALLS), written(tmp_path, "calls.toml", MAPPING)
    out = tmp_path / "history"
    assert ruuhka_import(calls, "--mapping", mapping, "--timezone", "UTC", "--out", out).exit_code == 0
    history = read_imported(out)
    assert history.calls is not None
    assert history.calls.timezone == "UTC"
    assert 'timezone = "UTC"' in history.mapping["calls"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "call"), "--kind: call is not allowed; allowed are intervals, calls, tickets, orders."),
        (("--kind", "calls", "--mapping", "{mapping}"), "--kind: a mapping says it already"),
        (("--timezone", "Mars"), "--timezone: There is no time zone"),
        (("--out", "{mapping}"), "is a file; name a folder"),
        (("--kind", "tickets"), "does not look like an export of tickets"),
        (("--mapping", "{mapping}"), 'no column "came"'),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(options: tuple[str, ...], said: str, tmp_path: Path) -> None:
    mapping = written(tmp_path, "calls.toml", MAPPING)
    report = written(tmp_path, "report.csv", REPORT)
    result = ruuhka_import(report, *(option.format(mapping=mapping) for option in options))
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Date,Offered\n03/04/2026,10\n04/04/2026,12\n", 'date_order = "day first"'),
        ('Date,Offered,AHT\n2026-04-03,10,4.25\n2026-04-04,12,"4,5"\n', 'decimal = "."'),
        ("Date\tOffered\n2026-04-03\t1,250\n2026-04-04\t1,300\n", 'decimal = "."'),
    ],
)
def test_what_a_file_leaves_open_is_asked_for_by_the_name_of_its_field(text: str, field: str, tmp_path: Path) -> None:
    report = written(tmp_path, "report.csv", text)
    result = ruuhka_import(report)
    assert result.exit_code == 2
    assert field in result.stderr
    guess = ruuhka_import(report, "--show").stdout
    mapping = written(tmp_path, "mapping.toml", guess.replace("[columns]", f"{field}\n\n[columns]"))
    assert ruuhka_import(report, "--mapping", mapping).exit_code == 0


FINNISH = (
    "Päivämäärä;Saapumisaika;Jono;Odotusaika (s);Puhelun kesto;Asiakaspalvelija;Tulos;Asiakasnumero\n"
    "7.9.2026;08.07.11;Asiakaspalvelu;9,0;1:01;Anna;vastattu;A0808\n"
    "7.9.2026;08.08.16;Asiakaspalvelu;8,0;2:23;Matti;vastattu;A1391\n"
    "7.9.2026;08.09.10;Asiakaspalvelu;30,0;0:00;;luopui;A1392\n"
)
ENGLISH = (
    "Date,Arrival,Answered,Ended,Agent\n2026-03-01,23:58:10,23:59:00,0:05:00,Ann\n"
    "2026-03-01,24:10:00,24:10:05,24:15:00,Ben\n2026-03-01,25:61:00,25:10:05,25:15:00,Ben\n2026-03-02,22:00,,22:03,\n"
)


@pytest.mark.parametrize(("text", "kept", "answered"), [(FINNISH, 3, 2), (ENGLISH, 3, 2)], ids=["finnish", "english"])
def test_a_row_a_call_is_a_log_of_calls_also_with_a_date_beside_clock_times(
    text: str, kept: int, answered: int, tmp_path: Path
) -> None:
    result = ruuhka_import(written(tmp_path, "log.csv", text), "--out", tmp_path / "history")
    assert 'kind = "calls"' in result.stdout
    calls = read_imported(tmp_path / "history").calls
    assert calls is not None
    assert (len(calls), calls.served.sum()) == (kept, answered)


@pytest.mark.parametrize("kind", [(), ("--kind", "calls")])
def test_a_guess_that_is_not_whole_shows_what_is_known_and_what_is_missing(
    kind: tuple[str, ...], tmp_path: Path
) -> None:
    log = written(tmp_path, "log.csv", "Arrived at,Agent,Xyz\n2026-03-01 10:00,Ann,1:00\n2026-03-01 10:02,Ben,2:00\n")
    guess = ruuhka_import(log, *kind, "--show")
    assert guess.exit_code == 0, guess.output
    assert "NOT WHOLE" in guess.stdout
    assert "answered or waited; released or ended or worked." in guess.stdout
    assert 'arrival = "Arrived at"' in guess.stdout
    assert "# not used: Xyz" in guess.stdout
    refused = ruuhka_import(log, *kind, "--out", tmp_path / "history")
    assert refused.exit_code == 2
    assert "neither in which column the moment of the answer is" in refused.stderr
    assert not (tmp_path / "history").exists()


HOSTILE = {
    "empty": b"",
    "blank": b"\n \n\t\n",
    "header only": b"Date,Time,Offered\n",
    "binary": bytes(range(256)) * 300,
    "random": b"\x8a\xff\x13" * 5000,
    "elf": b"\x7fELF" + bytes(4000),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "pdf": b"%PDF-1.7\n" + b"x" * 500,
    "old excel": b"\xd0\xcf\x11\xe0" + bytes(500),
    "zip": b"PK\x03\x04" + bytes(500),
    "parquet": b"PAR1" + bytes(500) + b"PAR1",
    "damaged gzip": gzip.compress(b"Date,Offered\n2026-01-01,3\n" * 200)[:-30],
    "nothing in gzip": gzip.compress(b""),
    "zeros in gzip": gzip.compress(bytes(5_000_000)),
    "one column": b"Offered\n1\n2\n3\n",
    "one line": b"a" * 3_000_000,
    "a million columns": b",".join(b"c%d" % k for k in range(1_000_000)) + b"\n" + b"1," * 999_999 + b"1\n",
    "mixed date orders": b"Date,Offered\n13/02/2026,1\n02/14/2026,2\n15/02/2026,3\n",
    "no date": b"Offered,Answered\n1,2\n3,4\n",
    "wrong delimiter": b"Date:Offered\n2026-01-01:3\n",
    "quotes that do not end": b'Date,Offered\n"2026-01-01,3\n' + b"2026-01-02,4\n" * 50,
    "page": b"<html><body><table><tr><td>Date</td></tr></table></body></html>",
    "json": b'{"calls": [1, 2, 3]}',
}


@pytest.mark.parametrize("kind", [(), ("--kind", "intervals"), ("--kind", "calls"), ("--kind", "orders")])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_nothing_is_kept(
    name: str, kind: tuple[str, ...], tmp_path: Path
) -> None:
    out = tmp_path / "history"
    result = ruuhka_import(written(tmp_path, "file.csv", HOSTILE[name]), *kind, "--out", out)
    assert result.exit_code == 2, result.output
    assert "file.csv" in result.stderr
    assert len(result.stderr) < 4000
    assert not out.exists()


def test_files_of_different_kinds_are_named_with_what_each_is(tmp_path: Path) -> None:
    report, log = (
        written(tmp_path, "report.csv", REPORT),
        written(tmp_path, "log.csv", CALLS.replace("came", "arrived").replace("over", "ended", 1)),
    )
    orders = written(tmp_path, "orders.csv", ORDERS)
    for files in ((report, log, orders), (log, orders, report), (orders, report, log)):
        result = ruuhka_import(*files, "--out", tmp_path / "history")
        assert result.exit_code == 2
        assert "There is no column" in result.stderr
        for told in ("report.csv: a report of intervals", "log.csv: a log of calls", "orders.csv: an export of orders"):
            assert told in result.stderr
        assert "Import each kind by itself" in result.stderr
    assert not (tmp_path / "history").exists()
    other = ruuhka_import(report, written(tmp_path, "other.csv", REPORT.replace("Offered", "Calls offered")))
    assert 'other.csv:1\n    There is no column "Offered"' in other.stderr
    assert "kind" not in other.stderr


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for how in ((), ("--kind", "intervals"), ("--mapping", written(tmp_path, "calls.toml", MAPPING))):
        result = ruuhka_import(pipe, *how)
        assert result.exit_code == 2
        assert "a pipe or a device" in result.stderr
    assert ruuhka_import(tmp_path).exit_code == 2


@pytest.mark.parametrize("text", [REPORT, CALLS.replace("came", "arrived").replace("over", "ended", 1)])
def test_a_file_that_goes_away_or_may_not_be_read_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "file.csv", text)

    def guess_and_delete(*given: Any) -> FirstGuess:
        found = first_guess(*given)
        file.unlink()
        return found

    with monkeypatch.context() as patch:
        patch.setattr("simulator.cli.import_.first_guess", guess_and_delete)
        result = ruuhka_import(file)
    assert result.exit_code == 2
    assert "file.csv\n    The file cannot be read: No such file or directory." in result.stderr

    def forbidden(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    file.write_text(text)
    monkeypatch.setattr(Path, "open", forbidden)
    monkeypatch.setattr(Path, "read_bytes", forbidden)
    result = ruuhka_import(file)
    assert result.exit_code == 2
    assert "file.csv\n    The file cannot be read: Permission denied." in result.stderr


def parquet(columns: dict[str, object]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


TIMES = [f"2026-03-02 08:0{k}:07" for k in range(5)]
NO_ROWS = {"Date": pa.array([], pa.string()), "Offered": pa.array([], pa.int64())}
SAID = {
    "nested": (
        parquet({"arrival": TIMES, "answered": TIMES, "queue": [["x"]] * 5}),
        "queue\n    The column holds list",
    ),
    "no rows": (parquet(NO_ROWS), "no row of figures"),
    "a long line below": (
        b"arrival,answered,released\n" + b"2026-03-02 08:00:07,,2026-03-02 08:10:00\n" * 9000 + b"x" * 3_000_000,
        "A line has 3.000.000 characters",
    ),
    "a long cell": (b"arrival,answered\n" + b"x" * 300_000, "A cell has more than 131.072 characters"),
    "a quote in a log": (
        b'arrival,answered,queue\n2026-03-02 08:00:07,,"a\n' + b"2026-03-02 08:00:09,,a\n" * 9000,
        "log.csv:2\n    A quotation mark is not closed",
    ),
    "a quote in a report": (
        REPORT.encode() + b'2026-01-09,08:00,"Phone,3,250\n' + b"2026-01-09,08:30,Phone,3,250\n" * 90,
        "log.csv:14\n    A quotation mark is not closed",
    ),
    "a page": (b"<html><table><tr><td>Date</td></tr></table></html>", "HTML or XML"),
    "zero bytes far below": (REPORT.encode() * 2000 + b"2026-01-09,08:00,Ph\0ne,3,250\n", "control character, 0x00"),
    "half a character": (REPORT.encode("utf-16")[:-1], "not a text file"),
}
"""What is wrong with a file, and what must be said about it."""


@pytest.mark.parametrize("name", SAID)
def test_what_is_wrong_with_a_file_is_said(name: str, tmp_path: Path) -> None:
    content, said = SAID[name]
    result = ruuhka_import(written(tmp_path, "log.csv", content), "--out", tmp_path / "history")
    assert result.exit_code == 2
    assert re.search(said, result.stderr), result.stderr
    assert not (tmp_path / "history").exists()


@pytest.mark.parametrize("kind", ["intervals", "calls"])
@pytest.mark.parametrize(
    ("days", "form", "said"),
    [
        (range(1, 8), "{day:02}/03/2026", True),
        (range(1, 8), "03/{day:02}/2026", True),
        (range(7, 15), "{day:02}/03/2026", False),
        (range(7, 15), "03/{day:02}/2026", False),
        (range(1, 8), "{day:02}.03.2026", False),
        (range(1, 8), "2026-03-{day:02}", False),
    ],
)
def test_an_order_of_dates_that_only_their_nearness_tells_is_told_of(
    days: range, form: str, said: bool, kind: str, tmp_path: Path
) -> None:
    dates = [form.format(day=day) for day in days]
    text = {
        "intervals": "Date,Offered\n" + "".join(f"{day},5\n" for day in dates),
        "calls": "arrived,answered,ended\n"
        + "".join(f"{day} 08:00:07,{day} 08:00:17,{day} 08:01:00\n" for day in dates),
    }[kind]
    file, out = written(tmp_path, "file.csv", text), tmp_path / "history"
    result = ruuhka_import(file, "--kind", kind, "--out", out)
    assert result.exit_code == 0, result.output
    assert f"2026-03-{days[0]:02} to 2026-03-{days[-1]:02}" in result.stdout
    found = json.loads((out / f"{kind}-quality.json").read_text())["findings"]
    assert [(each["reason"], each["value"]) for each in found] == [("order_by_nearness", dates[0])] * said
    shown = ruuhka_import(file, "--kind", kind, "--show").stdout
    order = "day first" if form.startswith("{") else "month first"
    mapping = written(tmp_path, "told.toml", f'date_order = "{order}"\n{shown}')
    told = json.loads(ruuhka_import(file, "--mapping", mapping, "--json").stdout)
    assert told["kinds"][kind]["findings"] == []


@pytest.mark.parametrize("dates", [["01/02/2026"] * 3, ["01/02/2026", "01/03/2026"], ["01/02/2026", "06/07/2026"]])
def test_dates_that_tell_no_order_are_asked_about(dates: list[str], tmp_path: Path) -> None:
    text = "arrived,answered,ended\n" + "".join(f"{day} 08:00:07,{day} 08:00:17,{day} 08:01:00\n" for day in dates)
    result = ruuhka_import(written(tmp_path, "log.csv", text))
    assert result.exit_code == 2
    assert 'date_order = "day first" or date_order = "month first"' in result.stderr


def test_a_column_of_two_roles_is_refused(tmp_path: Path) -> None:
    text = 'kind = "intervals"\n[columns]\ndate = "Date"\ntime = "Date"\noffered = "Offered"\n'
    mapping = written(tmp_path, "mapping.toml", text)
    result = ruuhka_import(written(tmp_path, "report.csv", REPORT), "--mapping", mapping)
    assert result.exit_code == 2
    assert "report.csv:1  Date\n    The column is said to hold two things, date and time of day." in result.stderr


def test_a_file_of_a_gigabyte_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as large:
        large.write(REPORT.encode())
        os.truncate(large.fileno(), 1_000_000_000)  # no disk is used
    for how in ((), ("--kind", "intervals"), ("--mapping", written(tmp_path, "calls.toml", MAPPING))):
        result = ruuhka_import(file, *how)
        assert result.exit_code == 2
        assert "large.csv" in result.stderr


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    place = written(tmp_path, "file", "")
    result = ruuhka_import(written(tmp_path, "report.csv", REPORT), "--out", place / "history")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
