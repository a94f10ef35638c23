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
    from collections.abc import Iterator

    from simulator.experiment import Experiment
    from simulator.ui.situation import Situation


def show(situation: Situation) -> Iterator[None]:
    """Figures of all channels, waits through the day, and where it hurts.

    Yields
    ------
    None
        When the first figures stand, or if they may take long to come: so that the side of the page need not wait.
    """
    with st.container():
        st.markdown(f"### {situation.base.title}")
        strip = st.empty()
        with st.container(key=RESULTS):
            figures, pictures = st.empty(), st.container()
    if not situation.answers_at_once:
        yield
    experiment = None
    for experiment, base in answers(situation, strip):
        figures.html(cards(experiment.scenario, overview(experiment, base), theme()))
        yield
    if experiment is not None:
        with pictures:
            charts(experiment, situation.width)


def charts(experiment: Experiment, width: int) -> None:
    """Waits through the day, and the days and quarter-hours where it hurts."""
    st.markdown(f"#### {say('what_if.waits')}")
    show_waits(experiment, width)
    hurts = heat_map(experiment, width=width)
    if hurts is not None:
        st.markdown(f"#### {say('what_if.hurts')}")
        show_chart(hurts, key="hurts")
