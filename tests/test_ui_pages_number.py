"""Check the number: the page shows where figures come from, and they are those of the experiment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from shown_pages import again, shown, texts
from small_scenarios import MAIL, PHONE, written

from simulator.experiment import Experiment, run
from simulator.experiment.formula import FormulaFigures, formula_figures
from simulator.experiment.workings import Asked, Place, figures_of, places, workings
from simulator.language import LANGUAGES, speaking
from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.scenario import load_scenario
from simulator.words import estimate_text, probability_text, value_text


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    """A phone and a mailbox, two groups' worth of measures, eight futures."""
    folder = tmp_path_factory.mktemp("number")
    return run(load_scenario(written(folder, PHONE + MAIL)), replications=8)


def test_every_figure_of_every_place_has_workings_that_give_its_value(played: Experiment) -> None:
    for place in places(played.scenario):
        for asked in figures_of(played.scenario, place):
            found = workings(played, place, asked)
            value = float(found.value.value)
            if found.numerator is None:
                continue
            if asked.kind == "met":
                assert found.denominator is not None
                assert value == pytest.approx(np.mean(found.numerator / found.denominator))
            elif found.denominator is None:
                assert value == pytest.approx(found.mean_above)
            elif found.total_below > 0:
                assert value == pytest.approx(found.total_above / found.total_below)
            else:
                assert np.isnan(value)


def test_the_sums_of_a_share_are_counts_of_the_summaries(played: Experiment) -> None:
    found = workings(played, Place("channel", 0), Asked("measure", MEASURES["abandonment_ratio"]))
    abandoned = [float(played.first(8).sums("abandoned", ("channel",))[0][r, 0]) for r in range(8)]
    assert found.numerator is not None
    assert found.numerator.tolist() == abandoned
    assert found.judged == 8


def test_single_futures_are_spread_around_their_median(played: Experiment) -> None:
    found = workings(played, Place("channel", 0), Asked("quantile", None, Duration.WAIT, 90))
    each = np.sort([summary.waits.quantile[0, Duration.WAIT, PERCENTS.index(90)] for summary in played.summaries])
    assert each[0] <= found.futures[0] <= found.futures[1] <= found.futures[2] <= each[-1]
    assert found.futures[1] == pytest.approx(np.median(each))
    assert float(found.value.value) == pytest.approx(np.mean(each))


def test_a_group_has_no_service_level(played: Experiment) -> None:
    with pytest.raises(ValueError, match="no such figure"):
        workings(played, Place("group", 0), Asked("measure", MEASURES["asa"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_experiments_own_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    experiment = run(load_scenario(written(tmp_path)))
    app = shown(monkeypatch, tmp_path, "number", language)
    with speaking(language):
        said = texts(app)
        assert estimate_text(experiment.targets[0].attained, "share") in said
        (figures,) = formula_figures(experiment.scenario)
        assert isinstance(figures, FormulaFigures)
        assert value_text(figures.service_level, "share", 2) in said
        assert all(each in said for each in figures.differences)
        app.selectbox(key="number channel").select_index(1)
        assert probability_text(experiment.targets[0].met) in texts(again(app))
        asa = next(each for each in app.selectbox(key="number channel").options if MEASURES["asa"].title in each)
        app.selectbox(key="number channel").select(asa)
        said = texts(again(app))
        assert estimate_text(experiment.estimate("asa", ("channel",))[0], "seconds") in said
        assert MEASURES["asa"].formula in said
        assert value_text(figures.asa, "seconds", 1) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_and_the_centre_can_be_checked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    experiment = run(load_scenario(written(tmp_path)))
    app = shown(monkeypatch, tmp_path, "number", language)
    with speaking(language):
        app.selectbox(key="number of").select_index(1)
        said = texts(again(app))
        assert estimate_text(experiment.estimate("agents", ("group",))[0], "agents") in said
        app.selectbox(key="number of").select_index(2)
        assert estimate_text(experiment.estimate("arrived"), "count") in texts(again(app))


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_formula_applies_the_page_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    scenario = load_scenario(written(tmp_path, PHONE + MAIL))
    app = shown(monkeypatch, tmp_path, "number", language)
    with speaking(language):
        none, _ = formula_figures(scenario)
        assert not isinstance(none, FormulaFigures)
        assert none.reason in texts(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("agents", "applies"), [(4, True), (3, False)])
def test_where_nobody_gives_up_it_is_erlang_c_unless_the_queue_would_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, agents: int, applies: bool
) -> None:
    endless = PHONE.replace('patience = { mean = "2 min" }', 'patience = "infinite"')
    written(tmp_path, endless.replace('"mon-fri 09:00-11:30" = 4', f'"mon-fri 09:00-11:30" = {agents}'))
    scenario = load_scenario(tmp_path / "small.toml")
    app = shown(monkeypatch, tmp_path, "number", language)
    with speaking(language):
        (told,) = formula_figures(scenario)
        said = texts(app)
        if isinstance(told, FormulaFigures):
            assert said.count("Erlang C") == 1
            assert value_text(told.service_level, "share", 2) in said
            assert all(each in said for each in told.differences)
        else:
            assert told.reason in said
        assert isinstance(told, FormulaFigures) == applies
