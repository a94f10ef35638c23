"""The plan of one day in a grid: who is on duty when, to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import clock, say
from simulator.report.staffing_day import day_frame, day_overrides, rows_on_duty
from simulator.report.staffing_file import TIME
from simulator.scenario import ScenarioError
from simulator.scenario.fields import MOST_AGENTS
from simulator.scenario.units import parse_clock
from simulator.ui.edited import content_key
from simulator.ui.refusal import show_refusal
from simulator.words import day_words

if TYPE_CHECKING:
    from simulator.scenario import Scenario
    from simulator.ui.situation import Situation

_ROW = 35
"""Pixels of a row of a grid."""
_HEIGHT = 17 * _ROW + 2
"""Of the grid: whole rows, below the one that names the groups."""


def show(situation: Situation) -> None:
    """Choose a day, change numbers, take them over as that date's own plan."""
    st.markdown(f"### {say('staffing_page.title')}")
    st.caption(say("staffing_page.told"))
    try:
        plan = situation.without_extras
    except ScenarioError as error:
        show_refusal(error)
        return
    one, two = st.columns([3, 1], vertical_alignment="bottom")
    day = one.selectbox(
        say("staffing_page.day"),
        range(plan.calendar.days),
        format_func=lambda each: day_words(plan.calendar, each),
        key="staffing day",
    )
    whole_day = two.toggle(say("staffing_page.whole_day"), key="staffing whole day")
    overrides = _edited(plan, day, whole_day=whole_day)

    def take_over() -> None:
        situation.view.overrides.update(overrides)

    st.button(
        say("staffing_page.take", count=len(overrides)) if overrides else say("staffing_page.nothing"),
        on_click=take_over,
        disabled=not overrides,
        type="primary",
        key="staffing take",
    )


def _edited(plan: Scenario, day: int, *, whole_day: bool) -> dict[str, object]:
    """Show the grid of a day; what has been changed in it, as overrides."""
    frame = day_frame(plan, day)
    rows = slice(None) if whole_day else rows_on_duty(plan)
    shown = frame.iloc[rows]
    edited = st.data_editor(
        shown.assign(**{TIME: [clock(parse_clock(each)) for each in shown[TIME]]}),
        key=content_key("staffing grid", shown, plan.calendar.date_of_day[day]),
        hide_index=True,
        disabled=[TIME],
        column_config={TIME: st.column_config.TextColumn(say("staffing_page.time"), pinned=True)}
        | {
            column: st.column_config.NumberColumn(
                group.title, min_value=0, max_value=MOST_AGENTS, step=1, required=True
            )
            for group, column in zip(plan.groups, frame.columns[1:], strict=True)
        },
        height=_HEIGHT,
    )
    after = frame.copy()
    after.iloc[rows, 1:] = edited.iloc[:, 1:].fillna(0)
    return day_overrides(plan, day, after)
