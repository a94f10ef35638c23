"""Agents more or fewer within some hours of one day: the window that a planner drags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import clock, number, say
from simulator.scenario.knobs import window_path
from simulator.ui.titles import group_titles
from simulator.words import day_words

if TYPE_CHECKING:
    from simulator.ui.situation import Situation

MOST = 50
"""Agents more or fewer."""
_DAY = 86_400
_WORKDAY = (8 * 3600, 16 * 3600)


def choose_window(situation: Situation) -> None:
    """Offer a group, a day, its hours and a number of agents; adding them overrides `extra_in` of the group."""
    scenario = situation.base
    calendar = scenario.calendar
    groups = group_titles(scenario)
    with st.popover(say("window.title"), icon=":material/more_time:", width="stretch"):
        group = st.selectbox(say("window.group"), list(groups), format_func=groups.__getitem__, key="window group")
        day = st.selectbox(
            say("window.day"),
            range(calendar.days),
            format_func=lambda each: day_words(calendar, each),
            key="window day",
        )
        interval = int(calendar.interval)
        places = list(range(0, _DAY + 1, interval))
        start, end = st.select_slider(
            say("window.hours"), places, _WORKDAY, format_func=clock, key=f"window hours {interval}"
        )
        agents = st.slider(say("window.agents"), -MOST, MOST, 2, key="window agents", help=say("window.help"))

        def add() -> None:
            situation.view.overrides[window_path(group, calendar.date_of_day[day], start, end)] = agents

        st.button(
            say("window.add", agents=number(agents, signed=True)),
            on_click=add,
            disabled=start == end or agents == 0,
            key="window add",
            type="primary",
        )
