"""Compare: variants side by side have the figures of the experiment, and kept ones can be renamed and deleted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import vl_convert
from shown_pages import again, shown, texts
from small_scenarios import MAIL, PHONE, written

from simulator.charts import dressed, variants_chart
from simulator.charts.variants import STYLES
from simulator.experiment import centre_figures, criteria, overview, run
from simulator.language import LANGUAGES, say, speaking
from simulator.scenario import load_scenario
from simulator.ui.pages.compare import CHOSEN
from simulator.ui.view import View
from simulator.words import estimate_text, probability_text


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_sides_and_their_paired_differences_are_those_of_the_experiment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    path = written(tmp_path, PHONE + MAIL)
    base, more = run(load_scenario(path)), run(load_scenario(path, "more"))
    app = shown(monkeypatch, tmp_path, "compare", language)
    said = texts(app)
    with speaking(language):
        for own, other in zip(overview(base), overview(more, base), strict=True):
            assert probability_text(own.met.value) in said
            for name in ("typical", "nine_in_ten", "attained", "lost", "occupancy"):
                assert estimate_text(getattr(own, name).value, getattr(own, name).unit) in said
                figure = getattr(other, name)
                assert estimate_text(figure.value, figure.unit) in said
                assert estimate_text(figure.change, figure.unit, signed=True) in said
        known = criteria(base.scenario, [more.scenario]).values()
        for each in centre_figures(more, known, base):
            told = estimate_text(each.figure.value, each.figure.unit, base.scenario.currency)
            assert (probability_text(each.figure.value) if each.criterion.is_chance else told) in said


def test_present_changes_are_compared_first_and_a_kept_variant_after_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "compare", set=["groups.team.extra_agents=2"])
    assert app.multiselect(key="compare").value == ["now"]
    view: View = app.session_state["view"]
    view.keep("two more")
    app.session_state[CHOSEN] = ["now", "kept two more", "file more"]
    said = texts(again(app))
    assert say("compare.now") in said
    assert "C One more agent" in said
    # The same overrides under two names are the same experiment.
    app.text_input(key="rename two more").input("two more agents")
    again(app)
    assert list(view.kept) == ["two more agents"]
    assert app.multiselect(key="compare").value == ["now", "kept two more agents", "file more"]
    app.button(key="delete two more agents").click()
    again(app)
    assert view.kept == {}
    assert app.multiselect(key="compare").value == ["now", "file more"]
    app.button(key="load file more").click()
    again(app)
    assert view.overrides == {"groups.team.extra_agents": 1}


def test_a_variant_that_other_customers_meet_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, PHONE + '[variants.longer]\ntitle = "A day more"\n"horizon.days" = 3\n')
    app = shown(monkeypatch, tmp_path, "compare")
    app.multiselect(key="compare").set_value(["file longer"])
    again(app)
    assert [each.value for each in app.error] == [say("compare.other_customers", title="A day more", what="days")]


def test_a_kept_variant_takes_no_name_that_is_taken_or_empty() -> None:
    view = View("small", overrides={"a": 1})
    assert (view.keep("one"), view.keep("two")) == ("one", "two")
    view.rename("one", "two")
    view.rename("one", "  ")
    assert list(view.kept) == ["one", "two"]
    view.rename("one", "three")
    assert list(view.kept) == ["three", "two"]


def test_lines_are_medians_of_the_replications_and_differ_in_colour_and_dashes(tmp_path: Path) -> None:
    path = written(tmp_path, PHONE + MAIL)
    experiments = {"base": run(load_scenario(path)), "A: more": run(load_scenario(path, "more"))}
    for channel, measure in ((0, "mean_wait"), (1, "time_to_finish")):
        figure = dressed(variants_chart(experiments, channel, 1))
        assert vl_convert.vegalite_to_vega(figure)["marks"]
        rows = next(rows for rows in figure["datasets"].values() if rows and "wait" in rows[0])
        for name, experiment in experiments.items():
            medians = experiment.band(measure, ("channel", "interval"), (0.5,))[0, channel]
            calendar = experiment.scenario.calendar
            known = {calendar.label(i): medians[i] for i in range(calendar.intervals) if not np.isnan(medians[i])}
            drawn = {row["when"]: row["wait"] for row in rows if row["name"] == name}
            assert drawn
            assert all(known[when] == pytest.approx(wait, abs=1e-3) for when, wait in drawn.items())
            assert {calendar.day_of_interval[i] for i in range(calendar.intervals) if calendar.label(i) in drawn} == {1}
    assert len({colour for colour, _ in STYLES}) == len({dashes for _, dashes in STYLES}) == 5
