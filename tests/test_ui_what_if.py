"""The first page: what is asked for comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from shown_pages import again, html, lever, shown, texts
from small_scenarios import PHONE, written

from simulator.experiment import overview
from simulator.language import say
from simulator.ui import sidebar
from simulator.ui.pages import what_if

if TYPE_CHECKING:
    from pathlib import Path


def test_figures_of_a_move_come_before_the_side_and_those_of_a_new_scenario_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of so many replications, so that no other test has asked for it.
    written(tmp_path, PHONE.replace("replications = 3", "replications = 2"))
    order: list[str] = []
    show_levers = sidebar.show_levers

    def figures(*args: Any) -> Any:
        order.append("figures")
        return overview(*args)

    def levers(*args: Any) -> None:
        order.append("side")
        show_levers(*args)

    monkeypatch.setattr(what_if, "overview", figures)
    monkeypatch.setattr(sidebar, "show_levers", levers)
    app = shown(monkeypatch, tmp_path, "what_if")
    # Today's plan has to be played before there is anything to compare: meanwhile the side is of use already.
    assert order[0] == "side"
    order.clear()
    lever(app, "groups.team.extra_agents").set_value(1.0)
    again(app)
    assert order == ["figures", "side"]
    assert app.session_state["view"].overrides["groups.team.extra_agents"] == 1
    assert lever(app, "groups.team.extra_agents").value == 1.0


def test_a_question_that_is_too_much_is_refused_in_words_and_the_side_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "what_if")
    app.session_state["view"].replications = 10**9
    again(app)
    (told,) = [each.value for each in app.error]
    assert told.startswith(say("answers.too_much", contacts=0, most=0).split("0")[0])
    assert 'class="ruuhka-cards"' not in html(app)
    assert lever(app, "groups.team.extra_agents").value == 0.0


@pytest.mark.parametrize("path", ["simulation.seed", "horizon.days"])
def test_what_meets_other_customers_is_shown_without_a_comparison(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """No slider sets these; a link may."""
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "what_if")
    app.session_state["view"].overrides[path] = 1
    again(app)
    assert not app.error
    assert 'class="ruuhka-cards"' in html(app)
    # The base's seed is taken for both, so that they are a pair; days that the base does not have make none.
    assert ("\N{ALMOST EQUAL TO}" in texts(app)) == (path == "simulation.seed")
