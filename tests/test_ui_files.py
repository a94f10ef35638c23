"""Files in and out: bad uploads are refused in words and change nothing; what is taken away is what is looked at."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from openpyxl import load_workbook
from shown_pages import again, shown
from small_scenarios import PHONE, written

from simulator.experiment import run
from simulator.language import say
from simulator.report.sheets import results_csv
from simulator.report.staffing_file import staffing_csv
from simulator.scenario import Reader, load_scenario, read_upload

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from simulator.ui.view import View

FROM_FILE = PHONE.replace(
    PHONE[PHONE.index("[channels.phone.demand]") : PHONE.index("[groups.team]")],
    '[channels.phone.demand]\nfile = "FILE"\nuse = "typical week"\n',
)
NOT_BUSY = "[channels.phone.busyness]\nday_cv = 0\ninterval_cv = 0\n[groups.team]"
VOLUMES = "time,contacts\n" + "".join(
    f"2026-05-{day:02} {clock},7\n" for day in range(4, 11) for clock in ("09:00", "09:30", "10:00", "10:30")
)
BAD = {
    "binary": (b"\x00\xff\xfe\x80 nothing", "UTF-8"),
    "empty": (b"", "The file is empty"),
    "no TOML": (b"[channels\n", "TOML"),
    "unknown field": (PHONE.replace('kind = "live"', 'kind = "live"\nspeed = 3').encode(), "channels.phone.speed"),
    "file too short": (FROM_FILE.replace("FILE", "week.csv").encode(), "week.csv has no weekday twice"),
    "file missing": (FROM_FILE.replace("FILE", "volumes.csv").encode(), "volumes.csv"),
    "file elsewhere": (FROM_FILE.replace("FILE", "../small.toml").encode(), "without a folder"),
    "absolute file": (FROM_FILE.replace("FILE", "/etc/passwd").encode(), "without a folder"),
}


def view_of(app: AppTest) -> View:
    view: View = app.session_state["view"]
    return view


@pytest.mark.parametrize(("content", "told"), BAD.values(), ids=list(BAD))
def test_a_bad_scenario_is_refused_in_words_and_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, told: str
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "files", set=["groups.team.extra_agents=1"])
    app.file_uploader(key="files opened").upload("week.csv", VOLUMES.encode())
    app.file_uploader(key="files opened").upload("bad.toml", content)
    again(app)
    assert [each.value for each in app.error] == [say("page.refused")]
    assert told in " ".join(each.value for each in app.main.text)
    assert "open upload" not in [each.key for each in app.button]
    assert view_of(app).opened is None
    assert view_of(app).overrides == {"groups.team.extra_agents": 1}


def test_an_uploaded_scenario_is_opened_with_its_files_and_the_librarys_can_be_chosen_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    known = FROM_FILE.replace("FILE", "volumes.csv").replace("[groups.team]", NOT_BUSY)
    app = shown(monkeypatch, tmp_path, "files", set=["groups.team.extra_agents=1"])
    app.file_uploader(key="files opened").upload("volumes.csv", VOLUMES.encode())
    app.file_uploader(key="files opened").upload("small.toml", known.encode())
    again(app)
    app.button(key="open upload").click()
    again(app)
    assert not app.error
    assert view_of(app).opened is not None
    assert view_of(app).overrides == {}
    # It is called as one of the library is, and is not that one.
    assert app.selectbox(key="scenario").options == [say("sidebar.uploaded", name="small"), "Small day"]
    app.selectbox(key="scenario").select("small")
    again(app)
    assert view_of(app).opened is None


@pytest.mark.parametrize("name", ["../small", "a/b", "", "Small day", ".hidden", "small.toml"])
def test_a_name_that_is_none_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "files")
    app.text_input(key="save name small").input(name)
    app.button(key="save").click()
    again(app)
    assert len(app.error) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"]


def test_what_is_saved_is_the_scenario_with_the_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path)
    app = shown(monkeypatch, tmp_path, "files", set=["groups.team.extra_agents=1"])
    app.button(key="save").click()
    again(app)
    assert len(app.error) == 1  # it is there already
    assert file.read_text(encoding="utf-8") == PHONE
    app.text_input(key="save name small").input("one-more")
    app.button(key="save").click()
    again(app)
    assert [each.value for each in app.success] == [say("files.saved", name="one-more")]
    wanted = load_scenario(file, None, {"groups.team.extra_agents": 1})
    assert load_scenario(tmp_path / "one-more.toml").content_hash == wanted.content_hash


def test_what_is_taken_away_is_what_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario(written(tmp_path), None, {"groups.team.extra_agents": 1})
    offered: dict[str, Any] = {}

    def offer(label: str, data: Any, file_name: str, mime: str, **_: Any) -> bool:
        assert label
        assert mime
        offered[file_name] = data
        return False

    monkeypatch.setattr(st, "download_button", offer)
    shown(monkeypatch, tmp_path, "files", set=["groups.team.extra_agents=1"])
    saved = Reader(read_upload("small.toml", offered.pop("small.toml").encode(), {})).scenario()
    assert saved.content_hash == scenario.content_hash
    made = {name: data() for name, data in offered.items()}
    assert made["small-results.csv"] == results_csv(run(scenario))
    assert made["small-staffing.csv"] == staffing_csv(scenario)
    assert "groups.team.extra_agents = 1" in made["small.html"].decode()
    results = load_workbook(io.BytesIO(made["small-results.xlsx"]), read_only=True)
    assert say("sheets.title.staffing") in results.sheetnames
    staffing = load_workbook(io.BytesIO(made["small-staffing.xlsx"]), read_only=True)
    assert max(row[1] for row in staffing.active.iter_rows(min_row=2, values_only=True)) == 5
