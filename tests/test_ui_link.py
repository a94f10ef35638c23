"""A link to a scenario that whoever opens it does not have: it is told, and mended once the file is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shown_pages import again, shown
from small_scenarios import PHONE, written

from simulator.language import LANGUAGES, say, speaking
from simulator.ui import link
from simulator.ui.opened import Opened

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from simulator.ui.view import View

OVERRIDE = "groups.team.extra_agents=2"


def view_of(app: AppTest) -> View:
    found: View = app.session_state["view"]
    return found


def warnings(app: AppTest) -> list[str]:
    return [each.value for each in app.warning]


def upload(app: AppTest, name: str) -> AppTest:
    """Open a scenario of one's own."""
    view_of(app).open(name, Opened.read(name, PHONE.replace("Small day", "My day").encode(), {}))
    return again(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scenario_that_is_not_here_is_named_and_its_file_takes_the_changes_of_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "staffing", language, scenario="mine", set=OVERRIDE)
    with speaking(language):
        assert warnings(app) == [say("page.link_missing", name="mine", shown="Small day")]
        assert view_of(app).name == "small"
        assert view_of(app).overrides == {}
        # Another file is not what the link is of.
        assert view_of(upload(app, "other")).overrides == {}
        assert warnings(app) == []
    app = shown(monkeypatch, tmp_path, "staffing", language, scenario="mine", set=OVERRIDE)
    with speaking(language):
        upload(app, "mine")
        assert view_of(app).overrides == {"groups.team.extra_agents": 2}
        assert warnings(app) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_says_of_a_scenario_of_ones_own_that_another_of_its_name_is_not_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    written(tmp_path)
    sender = shown(monkeypatch, tmp_path, "staffing", language, set=OVERRIDE)
    with speaking(language):
        assert warnings(sender) == []
        assert link.OWN not in sender.query_params
        upload(sender, "small")
        assert sender.query_params[link.OWN] == "1"
    app = shown(monkeypatch, tmp_path, "staffing", language, own="1", set=OVERRIDE)
    with speaking(language):
        assert warnings(app) == [say("page.link_same_name", name="small")]
        assert view_of(app).overrides == {"groups.team.extra_agents": 2}
        upload(app, "small")
        assert warnings(app) == []
        assert view_of(app).overrides == {"groups.team.extra_agents": 2}


def test_what_a_link_calls_its_scenario_is_read_as_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    (told,) = warnings(shown(monkeypatch, tmp_path, "staffing", scenario="[a](http://b.example) **c**" + "x" * 500))
    assert r"\[a\]\(http\:\/\/b\.example\) \*\*c\*\*" in told
    assert "x" * 90 not in told


@pytest.mark.parametrize(
    "text",
    [
        "title=" + "[" * 30 + "]" * 30,
        "title={" + ".".join("a" * 1000) + " = 1}",
        ".".join("a" * 1000) + "=1",
        "title=" + "{a.b.c = " * 8 + "1" + "}" * 8,
    ],
    ids=["brackets", "dotted keys", "path", "both"],
)
def test_what_is_too_deep_to_be_read_is_refused(text: str) -> None:
    """Reading and copying go one call deeper for each table: nothing in a link may make them go to the end."""
    overrides, refused = link.read_overrides([text, OVERRIDE])
    assert overrides == {"groups.team.extra_agents": 2}
    assert refused == [text[:80]]


@pytest.mark.parametrize("value", ['"banana"', "nan", "true", "[1]", "{a = 1}"])
@pytest.mark.parametrize("path", ["groups.team.extra_agents", "channels.phone.hours", "groups.team.shrinkage"])
def test_a_value_that_is_refused_can_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, value: str
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "files", set=[f"{path}={value}"])
    assert app.error
    app.button(key=f"undo {path}").click()
    again(app)
    assert not app.error


@pytest.mark.parametrize("own", [{}, {link.OWN: "1"}], ids=["named", "own"])
def test_a_link_into_an_empty_workspace_waits_for_its_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: dict[str, str]
) -> None:
    app = shown(monkeypatch, tmp_path, "what_if", set=[OVERRIDE], **own)
    assert not warnings(app)  # the page says that there is no scenario at all
    view = view_of(app)
    assert view.awaited == ("small", {"groups.team.extra_agents": 2})
