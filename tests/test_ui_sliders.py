"""Sliders and windows: moving one sets exactly its field, in the file's own words, and the scenario follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shown_pages import again, lever, shown
from small_scenarios import MAIL, PHONE, written

from simulator.language import say
from simulator.scenario import load_scenario
from simulator.ui.sidebar import FURTHER

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from simulator.ui.view import View

LEARNING = """
[groups.team.learning]
start = 2026-05-25
pace = "80 %"
learnt_per_week = "40 %"
"""
BOT = """
[channels.phone.bot]
containment = "30 %"
time = "90 s"
"""
ALL = PHONE + MAIL + LEARNING + BOT

MOVES = {
    "share": ("groups.team.absence", "select_slider", 10.0, "10 %"),
    "time": ("channels.phone.handling_time.mean", "select_slider", 6.0, "6 min"),
    "count": ("groups.team.extra_agents", "select_slider", -1.0, -1),
    "change": ("overall.volume", "select_slider", 10.0, "+10 %"),
    "change down": ("overall.handling_time", "select_slider", -20.0, "-20 %"),
    "money": ("groups.team.cost", "select_slider", 35.0, "35 EUR/h"),
    "number": ("channels.phone.demand.per_week", "select_slider", 200.0, 200.0),
    "factor": ("costs.overtime", "select_slider", 1.5, 1.5),
    "switch": ("channels.mail.interruptible", "toggle", True, True),
    "choice": ("channels.phone.closing", "selectbox", "cut", "cut"),
    "hours": ("channels.phone.hours", "text_input", "mon-fri 09:30-11:00", "mon-fri 09:30-11:00"),
    "date": ("groups.team.learning.start", "text_input", "2026-06-01", "2026-06-01"),
    "not set": ("channels.phone.bot.capacity", "select_slider", 10.0, 10),
}


def view_of(app: AppTest) -> View:
    view: View = app.session_state["view"]
    return view


@pytest.mark.parametrize(("path", "widget", "place", "override"), MOVES.values(), ids=list(MOVES))
def test_moving_a_field_sets_it_as_the_file_would_write_it_and_back_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, widget: str, place: object, override: object
) -> None:
    file = written(tmp_path, ALL)
    app = shown(monkeypatch, tmp_path, "staffing")
    app.session_state[FURTHER] = [path]
    again(app)
    field = lever(app, path)
    assert field.type == widget
    before, key = field.value, field.key
    field.set_value(place)
    again(app)
    assert view_of(app).overrides == {path: override}
    assert type(view_of(app).overrides[path]) is type(override)
    field = lever(app, path)
    # Another one would have lost the focus, and whatever was moved meanwhile.
    assert (field.value, field.key) == (place, key)
    assert load_scenario(file, None, view_of(app).overrides).content_hash != load_scenario(file).content_hash
    assert app.query_params["set"].startswith(f"{path}=")
    field.set_value(before)
    again(app)
    assert view_of(app).overrides == {}
    assert not app.error


def test_changes_are_undone_one_by_one_or_all_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    app = shown(
        monkeypatch,
        tmp_path,
        "staffing",
        set=["groups.team.absence='10 %'", "overall.volume='+5 %'", "groups.team.reserve=1"],
    )
    assert say("sidebar.changes", count=3) in "".join(each.value for each in app.markdown)
    app.button(key="undo overall.volume").click()
    again(app)
    assert view_of(app).overrides == {"groups.team.absence": "10 %", "groups.team.reserve": 1}
    assert lever(app, "overall.volume").value == 0
    app.button(key="undo all").click()
    again(app)
    assert view_of(app).overrides == {}
    assert lever(app, "groups.team.absence").value == 0


def test_changes_are_kept_under_a_name_that_no_other_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "staffing", set=["groups.team.extra_agents=1"])
    for _ in range(2):
        app.text_input(key="variant name").input("one more")
        app.button(key="keep").click()
        again(app)
    assert view_of(app).kept == {name: {"groups.team.extra_agents": 1} for name in ("one more", "one more 2")}
    assert app.text_input(key="variant name").value == ""


def test_a_what_if_of_the_file_replaces_all_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "staffing", set=["groups.team.absence='10 %'"])
    app.selectbox(key="start from").select("more")
    again(app)
    assert view_of(app).overrides == {"groups.team.extra_agents": 1}
    assert app.selectbox(key="start from").value is None
    assert lever(app, "groups.team.extra_agents").value == 1


def test_agents_of_a_window_come_on_top_of_the_plan_in_its_hours_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path)
    app = shown(monkeypatch, tmp_path, "staffing")
    app.selectbox(key="window day").select(1)
    app.select_slider(key="window hours 1800").set_value((10 * 3600, 11 * 3600))
    app.slider(key="window agents").set_value(3)
    again(app)
    app.button(key="window add").click()
    again(app)
    path = 'groups.team.extra_in."2026-06-02 10:00-11:00"'
    assert view_of(app).overrides == {path: 3}
    now, base = load_scenario(file, None, view_of(app).overrides), load_scenario(file)
    more = [b - a for a, b in zip(base.groups[0].staffing, now.groups[0].staffing, strict=True)]
    assert [place for place, each in enumerate(more) if each] == [48 + 20, 48 + 21]
    assert set(more) == {0, 3}
    app.button(key=f"undo {path}").click()
    again(app)
    assert view_of(app).overrides == {}


def test_no_agents_or_no_hours_cannot_be_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "staffing")
    app.slider(key="window agents").set_value(0)
    again(app)
    assert app.button(key="window add").disabled
    app.slider(key="window agents").set_value(1)
    app.select_slider(key="window hours 1800").set_value((3600, 3600))
    again(app)
    assert app.button(key="window add").disabled
