"""The surface: its points are plain runs, and loading one sets the sliders to it and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from shown_pages import again, lever, shown
from small_scenarios import PHONE, written

from simulator.charts import surface_chart
from simulator.experiment import run
from simulator.language import LANGUAGES, say, speaking
from simulator.scenario import load_scenario, read_source
from simulator.scenario.knobs import knobs
from simulator.ui.pages import surface
from simulator.words import apart_words

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.planning import Grid


def test_points_are_plain_runs_and_loading_one_keeps_the_surface(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path)
    grids: list[Grid] = []

    def draw(grid: Grid, *args: Any, **named: Any) -> Any:
        grids.append(grid)
        return surface_chart(grid, *args, **named)

    monkeypatch.setattr(surface, "surface_chart", draw)
    app = shown(monkeypatch, tmp_path, "surface", set=["groups.team.absence='5 %'"])
    whole = grids[-1]
    assert whole.is_whole
    assert app.selectbox(key="surface lever").value == "overall.volume"
    ends = app.select_slider(key="surface lever overall.volume")
    assert [ends.options[0], ends.options[-1]] == ["-50\N{NO-BREAK SPACE}%", "+100\N{NO-BREAK SPACE}%"]
    for place in ((0, 0), (4, 2)):
        overrides = {"groups.team.absence": "5 %", **whole.overrides(place)}
        plain = run(load_scenario(file, None, overrides), replications=whole.replications)
        wait = whole.estimate(place, "mean_wait")
        assert wait.value == pytest.approx(plain.estimate("mean_wait", ("channel",)).value, rel=1e-12)

    app.selectbox(key="surface point None").select((4, 2))
    again(app)
    app.button(key="surface take").click()
    again(app)
    taken = {path: value for path, value in whole.overrides((4, 2)).items() if value != 0}
    assert app.session_state["view"].overrides == {"groups.team.absence": "5 %", **taken}
    assert lever(app, "groups.team.extra_agents").value == taken["groups.team.extra_agents"]
    # The ends of the axes have not moved, nothing was played again, and today is where the point was.
    assert [axis.values for axis in grids[-1].axes] == [axis.values for axis in whole.axes]
    assert grids[-1].points is whole.points
    assert grids[-1].today_at == (4.0, 2.0)
    here, there = grids[-1].estimate(None, "mean_wait"), whole.estimate((4, 2), "mean_wait")
    assert here.value.tolist() == there.value.tolist()
    assert grids[-1].base.content_hash != whole.base.content_hash


def test_a_field_that_is_no_axis_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "surface")
    app.selectbox(key="surface lever").select("channels.phone.target.within")
    again(app)
    assert len(app.error) == 1
    assert "targets" in app.error[0].value
    app.selectbox(key="surface lever").select("groups.team.absence")
    again(app)
    assert not app.error


def test_without_anybody_on_duty_there_is_no_axis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, PHONE.replace('"mon-fri 09:00-11:30" = 4', '"mon-fri 09:00-11:30" = 0'))
    app = shown(monkeypatch, tmp_path, "surface")
    assert [each.value for each in app.error] == [say("surface.nobody")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_that_an_axis_does_not_move_are_named_where_it_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    text = (
        PHONE
        + """
[channels.phone.bot]
containment = "30 %"
time = "90 s"
[channels.phone.bot.topics.general]
containment = "10 %"
"""
    )
    known = {knob.path: knob for knob in knobs(read_source(written(tmp_path, text)).raw)}
    app = shown(monkeypatch, tmp_path, "surface", language)
    with speaking(language):
        told = apart_words(known["channels.phone.bot.containment"], known.values())
        assert "10 %" in told
        assert told in [each.value for each in app.caption]
        app.selectbox(key="surface lever").select("overall.volume")
        assert told not in [each.value for each in again(app).caption]
