"""Volumes: what is typed or brought in as a report is what the scenario then expects; bad reports change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from shown_pages import again, shown
from small_scenarios import written
from typed import Typed

from simulator.demand import expected_contacts
from simulator.language import say
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from simulator.ui.view import View

FIRST_MONDAY = 4  # of May 2026
REPORT = "Date;Time;Offered\n" + "".join(
    f"{day:02}.05.2026;{clock};{7 + day % 2}\n"
    for day in range(FIRST_MONDAY, FIRST_MONDAY + 14)
    for clock in ("09:00", "09:30", "10:00", "10:30")
)
BAD = {
    "binary": ("report.csv", b"\x00\x01\x02\xff\xfe\x80" * 40),
    "empty": ("report.csv", b""),
    "no workbook": ("report.xlsx", b"this is no workbook"),
    "words": ("report.csv", b"hello\nworld\n"),
    "elsewhere": ("../../report.csv", b"hello\nworld\n"),
}


def view_of(app: AppTest) -> View:
    view: View = app.session_state["view"]
    return view


def test_weeks_that_are_typed_are_expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path)
    typed = Typed(monkeypatch)
    app = shown(monkeypatch, tmp_path, "volumes")
    assert app.button(key="weeks take").disabled
    typed.cells["weeks"] = {(0, "per_week"): 300.0, (0, "tue"): 2.0}
    again(app)
    app.button(key="weeks take").click()
    typed.cells.clear()
    again(app)
    days = expected_contacts(load_scenario(file, None, view_of(app).overrides)).sum(axis=0).reshape(2, -1).sum(axis=1)
    assert days.tolist() == pytest.approx([100.0, 200.0])
    assert app.button(key="weeks take").disabled
    assert set(view_of(app).overrides) == {"channels.phone.demand.per_week", "channels.phone.demand.weekdays"}


def test_a_week_without_weight_is_refused_and_can_be_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    typed = Typed(monkeypatch)
    typed.cells["weeks"] = {(0, "mon"): 0.0, (0, "tue"): 0.0}
    app = shown(monkeypatch, tmp_path, "volumes")
    app.button(key="weeks take").click()
    again(app)
    assert [each.value for each in app.error] == [say("page.refused")]
    assert "channels.phone.demand.weekdays" in " ".join(each.value for each in app.main.text)
    typed.cells.clear()
    app.button(key="undo channels.phone.demand.weekdays").click()
    again(app)
    assert not app.error


def test_a_days_shape_that_is_typed_is_expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path)
    typed = Typed(monkeypatch)
    typed.cells["profile"] = {(0, "clock"): "10:00"}
    app = shown(monkeypatch, tmp_path, "volumes")
    app.button(key="profile take").click()
    again(app)
    expected = expected_contacts(load_scenario(file, None, view_of(app).overrides)).reshape(-1)
    assert np.flatnonzero(expected).tolist() == [20, 21, 48 + 20, 48 + 21]


@pytest.mark.parametrize(("name", "content"), BAD.values(), ids=list(BAD))
def test_a_bad_report_is_refused_in_words_and_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "volumes", set=["groups.team.extra_agents=1"])
    app.file_uploader(key="report").upload(name, content)
    again(app)
    assert [each.value for each in app.error] == [say("volumes.refused")]
    assert any(each.value for each in app.main.text)
    assert "report take" not in [each.key for each in app.button]
    assert view_of(app).opened is None
    assert view_of(app).overrides == {"groups.team.extra_agents": 1}


def test_a_report_becomes_the_volume_of_the_session_and_other_changes_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "volumes", set=["groups.team.extra_agents=1"])
    app.file_uploader(key="report").upload("report.csv", REPORT.encode())
    again(app)
    assert not app.error
    app.button(key="report take").click()
    again(app)
    assert not app.error
    assert [each.value for each in app.success] == [say("volumes.taken")]
    assert view_of(app).overrides == {"groups.team.extra_agents": 1}
    opened = view_of(app).opened
    assert opened is not None
    # Mondays and Tuesdays of the report had 28 and 32 contacts, and the other way round a week later.
    days = expected_contacts(opened.reader.scenario()).sum(axis=0).reshape(2, -1).sum(axis=1)
    assert days.tolist() == pytest.approx([30.0, 30.0])
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"]
