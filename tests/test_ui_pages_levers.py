"""Levers: the page ranks what-ifs with the figures of the experiment, and loads them into the sliders."""

from __future__ import annotations

from pathlib import Path

import pytest
from shown_pages import again, html, shown, texts
from small_scenarios import PHONE, written

from simulator.charts.lever_bars import lever_bars
from simulator.experiment import Levers, run, usual_criterion
from simulator.language import LANGUAGES, say, speaking
from simulator.scenario import load_scenario, load_variants
from simulator.words import estimate_text

RUSH = """
[variants.rush]
title = "Twice as many"
lever = false
"channels.phone.demand.per_week" = 320
"""


def levers_of(path: Path, overrides: dict[str, object] | None = None) -> Levers:
    """The same levers, played without the page."""
    base = load_scenario(path, None, overrides or {})
    _, variants = load_variants(path)
    levers = Levers.beside(run(base), variants.values())
    for name, own in base.variants.items():
        changes = {path: value for path, value in own.items() if path not in ("title", "lever")}
        played = run(load_scenario(path, None, {**(overrides or {}), **changes}))
        levers = levers.and_what_if(name, str(own["title"]), played, can_be_done=own.get("lever") is not False)
    return levers


@pytest.mark.parametrize("language", LANGUAGES)
def test_levers_are_ranked_with_the_experiments_own_differences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    levers = levers_of(written(tmp_path, PHONE + RUSH))
    app = shown(monkeypatch, tmp_path, "levers", language)
    with speaking(language):
        app.selectbox(key="levers by").select("wait")
        page, said = html(again(app)), texts(app)
        for what_if in levers.what_ifs:
            assert estimate_text(levers.difference(what_if, "wait"), "seconds", signed=True) in said
    order = [what_if.name for can in (True, False) for what_if in levers.ranked("wait", can_be_done=can)]
    places = [page.index(f'data-lever="{name}"') for name in order]
    assert places == sorted(places)
    assert order[-1] == "rush"


def test_a_lever_is_loaded_into_the_sliders_on_top_of_what_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "levers", set=["groups.team.absence='10 %'"])
    app.button(key="lever more").click()
    again(app)
    assert app.session_state["view"].overrides == {"groups.team.absence": "10 %", "groups.team.extra_agents": 1}


def test_levers_come_on_top_of_the_sessions_changes_and_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: dict[str, object] = {"groups.team.extra_agents": -1}
    levers = levers_of(written(tmp_path), changes)
    app = shown(monkeypatch, tmp_path, "levers", set=["groups.team.extra_agents=-1"])
    assert say("levers.on_changes", count=1) in [each.value for each in app.info]
    assert any("One more agent" in each.value for each in app.caption)  # it sets the same field
    said = texts(app)
    by = usual_criterion(levers.criteria)
    criterion = levers.criteria[by]
    for what_if in levers.what_ifs:
        difference = levers.difference(what_if, by)
        assert estimate_text(difference, criterion.unit, levers.base.scenario.currency, signed=True) in said


def test_a_scenario_without_levers_says_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, PHONE.partition("[variants.more]")[0])
    app = shown(monkeypatch, tmp_path, "levers")
    assert say("levers.none") in [each.value for each in app.info]


def test_bars_lie_within_their_track_and_start_at_its_zero(tmp_path: Path) -> None:
    levers = levers_of(written(tmp_path, PHONE + RUSH))
    for by in levers.criteria:
        for bar in (bar for bars in lever_bars(levers, by) for bar in bars):
            assert 0 <= bar.low <= bar.value <= bar.high <= 1
            value = float(bar.difference.value)
            assert (bar.value > bar.zero) == (value > 0)
            assert (bar.value < bar.zero) == (value < 0)
            assert (bar.judged == "noise") == (bar.low <= bar.zero <= bar.high and bar.low < bar.high)
