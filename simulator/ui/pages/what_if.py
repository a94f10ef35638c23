"""The first page: move a lever, see the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.charts import heat_map
from simulator.experiment import overview
from simulator.language import say
from simulator.ui.answers import RESULTS, answers
from simulator.ui.cards import cards
from simulator.ui.chart import show_chart, theme
from simulator.ui.window import show_waits

if TYPE_CHECKING:
    from simulator.experiment import Experiment
    from simulator.ui.situation import Situation


def show(situation: Situation) -> None:
    """Figures of all channels, waits through the day, and where it hurts."""
    st.markdown(f"### {situation.base.title}")
    strip = st.empty()
    experiment = None
    with st.container(key=RESULTS):
        figures = st.empty()
        for experiment, base in answers(situation, strip):
            figures.html(cards(experiment.scenario, overview(experiment, base), theme()))
        if experiment is not None:
            charts(experiment, situation.width)


def charts(experiment: Experiment, width: int) -> None:
    """Waits through the day, and the days and quarter-hours where it hurts."""
    st.markdown(f"#### {say('what_if.waits')}")
    show_waits(experiment, width)
    hurts = heat_map(experiment, width=width)
    if hurts is not None:
        st.markdown(f"#### {say('what_if.hurts')}")
        show_chart(hurts, key="hurts")
