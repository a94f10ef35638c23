"""Check the number: where any figure comes from, how sure it is, and what a formula says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.experiment.formula import formula_figures
from simulator.experiment.workings import Asked, Place, figures_of, places, workings
from simulator.language import say
from simulator.ui.answers import RESULTS, answers
from simulator.ui.worked import beside_formula, figure_title, place_title, worked

if TYPE_CHECKING:
    from simulator.scenario import Scenario
    from simulator.ui.situation import Situation


def show(situation: Situation) -> None:
    """Choose a figure; see how it comes about."""
    st.markdown(f"### {say('number.title')}")
    st.caption(say("number.about"))
    place, asked = choose(situation.base)
    strip = st.empty()
    with st.container(key=RESULTS):
        figure, formula = st.empty(), st.empty()
        for experiment, _ in answers(situation, strip):
            scenario = experiment.scenario
            found = workings(experiment, place, asked)
            figure.html(worked(scenario, place, asked, found))
            if place.kind == "channel":
                told = formula_figures(scenario)[place.index]
                formula.html(beside_formula(scenario, place, asked, found, told))


def choose(scenario: Scenario) -> tuple[Place, Asked]:
    """The figure that is asked for; at first how the first channel keeps its target."""
    left, right = st.columns([1, 2])
    of = places(scenario)
    place = left.selectbox(
        say("number.place"), of, key="number of", format_func=lambda place: place_title(scenario, place)
    )
    known = figures_of(scenario, place)
    asked = right.selectbox(
        say("number.figure"),
        known,
        key=f"number {place.kind}",
        format_func=lambda asked: figure_title(asked, unit=True),
    )
    return place, asked if asked in known else known[0]
