"""Agents more or fewer within some hours of one day: a window that is chosen with sliders, or dragged in a chart."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import streamlit as st

from simulator.charts import WINDOW, dragged, wait_axis, wait_chart
from simulator.language import clock, day, number, say
from simulator.scenario.knobs import window_path
from simulator.scenario.units import DAY
from simulator.ui.chart import show_chart
from simulator.ui.titles import group_titles
from simulator.words import day_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from streamlit.delta_generator import DeltaGenerator

    from simulator.charts.axis import TimeAxis
    from simulator.experiment import Experiment
    from simulator.scenario.calendar import Calendar
    from simulator.scenario.fields import DayWindow
    from simulator.ui.situation import Situation

MOST = 50
"""Agents more or fewer."""
DRAGGED = "window dragged"
"""In the session's state: the window that was dragged last, until it is let go."""
_LET_GO = "windows let go"
"""In the session's state, how often: the chart forgets what is marked in it only by becoming another widget."""
_WORKDAY = (8 * 3600, 16 * 3600)


def choose_window(situation: Situation) -> None:
    """Offer a group, a day, its hours and a number of agents; adding them overrides `extra_in` of the group.

    Day and hours start at the window that was dragged, if one was; then all of this stands open.
    """
    scenario = situation.base
    calendar = scenario.calendar
    groups = group_titles(scenario)
    window = _dragged_on(calendar)
    with _place(window):
        group = st.selectbox(say("window.group"), list(groups), format_func=groups.__getitem__, key="window group")
        # Another window makes other widgets, which start at it.
        which = f" {window}" if window else ""
        chosen = st.selectbox(
            say("window.day"),
            range(calendar.days),
            index=calendar.date_of_day.index(window.day) if window else 0,
            format_func=lambda each: day_words(calendar, each),
            key=f"window day{which}",
        )
        interval = int(calendar.interval)
        start, end = st.select_slider(
            say("window.hours"),
            list(range(0, DAY + 1, interval)),
            (window.start, window.end) if window else _WORKDAY,
            format_func=clock,
            key=f"window hours {interval}{which}",
        )
        agents = st.slider(say("window.agents"), -MOST, MOST, 2, key="window agents", help=say("window.help"))

        def add() -> None:
            situation.view.overrides[window_path(group, calendar.date_of_day[chosen], start, end)] = agents

        st.button(
            say("window.add", agents=number(agents, signed=True)),
            on_click=add,
            disabled=start == end or agents == 0,
            key="window add",
            type="primary",
        )
        if window:
            st.button(say("window.let_go"), on_click=let_go, key="window let go")


def _place(window: DayWindow | None) -> DeltaGenerator:
    """Folded away, unless a window was dragged: then it stands where that is seen."""
    if window is None:
        return st.popover(say("window.title"), icon=":material/more_time:", width="stretch")
    place = st.container(border=True, key="window")
    place.markdown(f"**{say('window.title')}**")
    return place


def show_waits(experiment: Experiment, width: int) -> None:
    """The waits through the day as a chart in which a window can be dragged, and what is to be known about that."""
    axis = wait_axis(experiment, width=width)
    calendar = experiment.scenario.calendar
    window = _dragged_on(calendar)
    if window is None:
        st.caption(say("window.drag"))
    else:
        st.caption(say("window.dragged", day=day(window.day), start=clock(window.start), end=clock(window.end)))
    # Where time is left out on another axis, what is marked would stand elsewhere: another axis is another widget.
    key = f"waits {calendar.start} {zlib.crc32(axis.left.tobytes())} {st.session_state.get(_LET_GO, 0)}"

    def moved() -> None:
        take(st.session_state[key], axis, calendar)

    show_chart(wait_chart(experiment, width=width, marked_on=axis), key, selection=WINDOW, on_select=moved)


def take(event: Mapping[str, Any], axis: TimeAxis, calendar: Calendar) -> None:
    """Keep what was dragged in the chart for the sliders; or nothing any more, if it was let go."""
    positions = event["selection"].get(WINDOW, {}).get("at")
    st.session_state[DRAGGED] = dragged(positions, axis, calendar) if positions else None


def let_go() -> None:
    """Forget what was dragged."""
    st.session_state[DRAGGED] = None
    st.session_state[_LET_GO] = st.session_state.get(_LET_GO, 0) + 1


def _dragged_on(calendar: Calendar) -> DayWindow | None:
    """The window that was dragged, if this calendar has it: it may be of a scenario that was looked at before."""
    window: DayWindow | None = st.session_state.get(DRAGGED)
    if window is None or window.day not in calendar.date_of_day:
        return None
    return window if window.start % calendar.interval == window.end % calendar.interval == 0 else None
