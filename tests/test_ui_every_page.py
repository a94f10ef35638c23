"""Every page, as a session first sees it, and what the pages do together with what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shown_pages import again, html, lever, shown
from small_scenarios import MAIL, PHONE, written

from simulator.language import LANGUAGES, say, speaking
from simulator.ui.app import PAGES

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [name for name, _, _ in PAGES]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", NAMES)
def test_a_page_is_shown_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, language: str
) -> None:
    written(tmp_path, PHONE + MAIL)
    app = shown(monkeypatch, tmp_path, page, language)
    assert not app.error
    with speaking(language):
        assert app.selectbox(key="scenario").label == say("sidebar.scenario")


@pytest.mark.parametrize("page", ["what_if", "surface", "volumes"])
def test_a_bad_value_is_told_with_its_field_on_any_page_and_taken_back_at_the_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, page)
    lever(app, "channels.phone.hours").input("mon-fri 25:00-26:00")
    again(app)
    assert [each.value for each in app.error] == [say("page.refused")]
    (told,) = [each.value for each in app.main.text]
    assert "channels.phone.hours" in told
    assert "25:00" in told
    app.button(key="undo channels.phone.hours").click()
    again(app)
    assert not app.error
    assert lever(app, "channels.phone.hours").value == "mon-fri 09:00-11:00"


def test_another_scenario_leaves_nothing_of_the_former_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    other = (
        PHONE.replace("Small day", "Other day").replace('"30 min"', '"15 min"').replace("groups.team", "groups.crew")
    )
    written(tmp_path, other, "other.toml")
    app = shown(monkeypatch, tmp_path, "surface", set=["groups.team.extra_agents=1"])
    app.selectbox(key="scenario").select("other")
    again(app)
    assert app.session_state["view"].overrides == {}
    assert app.selectbox(key="surface group").value == "crew"
    assert app.select_slider(key="window hours 900").value == (8 * 3600, 16 * 3600)
    assert not app.error


def test_where_no_scenario_is_the_page_says_where_it_looked_and_opens_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = shown(monkeypatch, tmp_path, "what_if")
    assert not app.error
    assert [each.value for each in app.main.text] == [str(tmp_path)]
    (upload,) = app.main.file_uploader
    upload.set_value([("mine.toml", PHONE.encode(), "application/toml")])
    again(app)
    app.button(key="open upload").click()
    again(app)
    assert app.selectbox(key="scenario").value == ""
    assert ".ruuhka-card" in html(app)
