"""The page History: files come in, what became of them is told, a scenario is fitted, and the pages are about it."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from logged_centre import Centre, logged_calls
from shown_pages import again, shown
from small_scenarios import written
from test_import_sheets import months
from typed import Typed

from simulator.history import ReportError
from simulator.history.fitted_scenario import scenario_text
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.importing.read_history import read_history
from simulator.history.importing.uploads import Upload, history_of_uploads, look_at_uploads
from simulator.language import LANGUAGES, say, speaking

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from simulator.history.logs import Calls
    from simulator.ui.history_held import Held

HEADER = "arrived,queue,agent,answered,hangup"


def csv_of(calls: Calls) -> bytes:
    """The log as a telephone system would export it."""

    def moment(seconds: float) -> str:
        return "" if seconds != seconds else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"

    agents = (*calls.agents, "")
    columns = (calls.arrival.tolist(), calls.queue.tolist(), calls.agent.tolist(), calls.answered.tolist())
    rows = [
        f"{moment(arrival)},{calls.queues[queue]},{agents[agent]},{moment(answered)},{moment(ended)}"
        for arrival, queue, agent, answered, ended in zip(*columns, calls.ended.tolist(), strict=True)
    ]
    return "\n".join([HEADER, *rows, ""]).encode()


@pytest.fixture(scope="module")
def log() -> bytes:
    """Two weeks of a centre, with one row that cannot be read."""
    calls = logged_calls(Centre(calls_a_day=250.0, agents=6, both=2), 2)
    return csv_of(calls) + b"never,Orders,,,\n"


def held_of(app: AppTest) -> Held:
    held: Held = app.session_state["history"]
    return held


def brought_in(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    (upload,) = app.main.file_uploader
    upload.set_value([(name, content, "text/csv") for name, content in files])
    return again(app)


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.main.markdown, *app.main.caption))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_log_is_read_fitted_and_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bytes, language: str
) -> None:
    written(tmp_path)
    rows = log.count(b"\n") - 1
    with speaking(language):
        app = brought_in(shown(monkeypatch, tmp_path, "history", language), ("calls.csv", log))
        assert say("history_page.looks_like", kind=say("history_page.kinds.calls")) in said(app)
        reading = held_of(app).reading
        assert reading is not None
        assert reading.answer is not None
        quality = reading.answer.history.quality["calls"]
        assert (quality["rows"], quality["kept"]) == (rows, rows - 1)
        app.button(key="history fit").click()
        again(app)
        assert not app.error
        fitting = held_of(app).fitting
        assert fitting is not None
        assert fitting.answer is not None
        assert len(app.get("vega_lite_chart")) == 5
        assert app.button(key="history fit").disabled
        app.button(key="fit open").click()
        again(app)
        assert app.session_state["view"].name == "fitted"
        assert app.session_state["view"].opened.text == scenario_text(fitting.answer.fitted.fields)
        assert not app.error
        assert [each.value for each in app.success] == [say("history_page.opened")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_large_a_file_may_be_is_told_before_one_is_brought_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bytes, language: str
) -> None:
    written(tmp_path)
    with speaking(language):
        monkeypatch.setattr("streamlit.get_option", {"server.maxUploadSize": 37}.get)
        app = shown(monkeypatch, tmp_path, "history", language)
        told = say("history_page.large", most=37)
        assert told in [each.value for each in app.main.caption]
        brought_in(app, ("calls.csv", log))
        assert told not in [each.value for each in app.main.caption]


def test_other_days_ask_for_another_fit_and_the_former_one_stays_in_sight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bytes
) -> None:
    written(tmp_path)
    app = brought_in(shown(monkeypatch, tmp_path, "history"), ("calls.csv", log))
    app.button(key="history fit").click()
    again(app)
    app.number_input(key="history within").set_value(45)
    again(app)
    assert not app.button(key="history fit").disabled
    assert say("history_page.of_other_settings") in [each.value for each in app.info]
    assert len(app.get("vega_lite_chart")) == 5


def test_a_column_that_is_changed_is_read_so_and_the_mapping_file_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bytes
) -> None:
    written(tmp_path)
    typed = Typed(monkeypatch)
    typed.cells["columns"] = {(1, "role"): say("history.columns.calls.ignored")}
    app = brought_in(shown(monkeypatch, tmp_path, "history"), ("calls.csv", log))
    reading = held_of(app).reading
    assert reading is not None
    assert reading.answer is not None
    history = reading.answer.history
    assert history.calls is not None
    assert history.calls.queues == ("calls",)
    told = tomllib.loads(history.mapping["calls"])
    assert "queue" not in told["columns"]
    # What the page offers is what `ruuhka import` reads the same files with.
    mapping, file = tmp_path / "mapping.toml", tmp_path / "calls.csv"
    mapping.write_text(history.mapping["calls"], "utf-8")
    file.write_bytes(log)
    again_read = read_history([file], read_mapping(mapping)).calls
    assert again_read is not None
    assert again_read.arrival.tolist() == history.calls.arrival.tolist()


@pytest.mark.parametrize("name", ["..", "", "a/b\\c\0", "x" * 5000 + ".csv", "\ud800.csv"])
def test_no_name_of_a_file_leads_anywhere(log: bytes, name: str) -> None:
    uploads = (Upload(name, log), Upload(name, log))
    look = look_at_uploads(uploads, "UTC")
    history = history_of_uploads(uploads, look.mapping([column.role for column in look.columns]))
    assert history.quality["calls"]["rows"] == 2 * (log.count(b"\n") - 1)


def test_two_columns_of_a_report_cannot_hold_the_same() -> None:
    look = look_at_uploads((Upload("report.csv", b"Date;Time;Offered;Answered\n01.05.2026;09:00;7;6\n" * 3),), "UTC")
    assert look.kind == "intervals"
    with pytest.raises(ReportError, match="Offered, Answered"):
        look.mapping(["date", "time", "offered", "offered"])


def test_several_files_are_one_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bytes) -> None:
    written(tmp_path)
    lines = log.splitlines()
    half = len(lines) // 2
    one, two = (b"\n".join([lines[0], *part, b""]) for part in (lines[1:half], lines[half:]))
    # Two files of one name are two files.
    app = brought_in(shown(monkeypatch, tmp_path, "history"), ("calls.csv", one), ("calls.csv", two))
    reading = held_of(app).reading
    assert reading is not None
    assert reading.answer is not None
    assert reading.answer.history.quality["calls"]["rows"] == len(lines) - 1


def test_orders_are_read_and_no_scenario_is_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    rows = "".join(f"{n},2026-05-{1 + n % 28:02} 12:00,{1 + n % 3},19.90\n" for n in range(60))
    orders = f"Order number,Order date,Quantity,Price\n{rows}".encode()
    app = brought_in(shown(monkeypatch, tmp_path, "history"), ("orders.csv", orders))
    assert not app.error
    assert say("history_page.not_for_fit") in [each.value for each in app.info]
    assert "history fit" not in [each.key for each in app.button]


BAD = {
    "binary": ("calls.csv", b"\x00\x01\x02\xff\xfe\x80" * 40),
    "empty": ("calls.csv", b""),
    "header only": ("calls.csv", HEADER.encode()),
    "no workbook": ("calls.xlsx", b"this is no workbook"),
    "damaged gzip": ("calls.csv.gz", b"\x1f\x8b\x08 no more"),
    "damaged parquet": ("calls.parquet", b"PAR1 no more PAR1"),
    "elsewhere": ("../../calls.csv", b"hello\nworld\n"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_told_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    written(tmp_path)
    app = brought_in(shown(monkeypatch, tmp_path, "history"), BAD[case])
    assert [each.value for each in app.error] == [say("history_page.refused")]
    assert app.main.text
    assert app.session_state["view"].name == "small"


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_little_to_fit_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bytes, language: str
) -> None:
    written(tmp_path)
    few = b"\n".join(log.splitlines()[:40]) + b"\n"
    with speaking(language):
        app = brought_in(shown(monkeypatch, tmp_path, "history", language), ("calls.csv", few))
        app.button(key="history fit").click()
        again(app)
        assert [each.value for each in app.error] == [say("history_page.not_fitted")]
        assert [each.value for each in app.main.text] == [say("refusals.fit_too_little", contacts=100)]
        assert not app.button(key="history fit").disabled


@pytest.mark.parametrize("language", LANGUAGES)
def test_calls_that_the_scenario_is_without_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bytes, language: str
) -> None:
    """Those to a queue that nobody ever answers, beside calls that are answered."""
    written(tmp_path)
    rows = [line.split(b",") for line in log.splitlines()[1:1001]]
    lost = b"".join(b"%s,Nobody,,,%s\n" % (arrived, hangup) for arrived, *_, hangup in rows)
    with speaking(language):
        app = brought_in(shown(monkeypatch, tmp_path, "history", language), ("calls.csv", log + lost))
        app.button(key="history fit").click()
        again(app)
        assert not app.error
        fitting = held_of(app).fitting
        assert fitting is not None
        assert fitting.answer is not None
        (facts,) = (each.value for each in app.main.caption if say("fit.page.without.calls", count=1000) in each.value)
        assert say("fit.page.without.unserved_queues", count=1000) in facts
        assert say("fit.page.without.nobody_there", count=0) not in facts


def test_each_column_of_a_role_says_by_which_words_of_its_own_name_it_was_found(log: bytes) -> None:
    """Of the moments of joining there may be two: the start of the queue, and the end of the voice response before."""
    head, *rows = log.splitlines()
    two = [b"vru_exit," + head.replace(b"arrived", b"q_start"), *(row.split(b",")[0] + b"," + row for row in rows)]
    look = look_at_uploads((Upload("calls.csv", b"\n".join(two)),), "UTC")
    assert {column.name: column.why for column in look.columns if column.role == "arrival"} == {
        "vru_exit": say("history.why.header", seen="vru exit"),
        "q_start": say("history.why.header", seen="q start"),
    }


def test_what_files_are_taken_for_cannot_be_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bytes
) -> None:
    """Streamlit lets a choice be cleared whose value is None."""
    written(tmp_path)
    app = again(brought_in(shown(monkeypatch, tmp_path, "history"), ("calls.csv", log)))
    (kind,) = (each for each in app.main.selectbox if each.label == say("history_page.kind"))
    assert kind.value is not None
    kind.set_value("orders")
    again(app)
    assert held_of(app).kind == "orders"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_role_for_which_no_column_was_found_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bytes, language: str
) -> None:
    written(tmp_path)
    nameless = log.replace(b"answered,hangup", b"answered,zzz", 1)
    with speaking(language):
        (missing,) = look_at_uploads((Upload("calls.csv", nameless),), "UTC").missing(())[-1:]
        app = brought_in(shown(monkeypatch, tmp_path, "history", language), ("calls.csv", nameless))
        told = " / ".join(say(f"history.columns.calls.{role}") for role in missing)
        assert say("history_page.missing", roles=told) in [each.value for each in app.warning]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sheet_of_a_workbook_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    (tmp_path / "scenarios").mkdir()
    written(tmp_path / "scenarios")
    book = months(tmp_path / "calls.xlsx", "calls").read_bytes()

    def days(app: AppTest, sheet: str) -> tuple[object, object]:
        app.selectbox[place(app)].set_value(sheet)
        again(app)
        assert not app.error
        reading = held_of(app).reading
        assert reading is not None
        assert reading.answer is not None
        quality = reading.answer.history.quality["calls"]
        return quality["first_day"], quality["last_day"]

    def place(app: AppTest) -> int:
        return [str(each.key).startswith("history sheet") for each in app.selectbox].index(True)

    with speaking(language):
        app = brought_in(shown(monkeypatch, tmp_path / "scenarios", "history", language), ("calls.xlsx", book))
        assert app.selectbox[place(app)].options[0] == say("history_page.all_sheets")
        assert days(app, "") == ("2026-03-01", "2026-04-30")
        assert days(app, "Draft") == ("2026-02-01", "2026-02-28")
        app.selectbox[place(app)].set_value("Cover")
        again(app)
        assert len(app.error) == 1
        assert days(app, "April") == ("2026-04-01", "2026-04-30")
