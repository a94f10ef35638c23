"""The plan of one day in a grid: who is on duty when, to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from simulator.language import clock, say
from simulator.report.staffing_file import TIME, staffing_frame
from simulator.scenario import ScenarioError
from simulator.scenario.day_plan import windows_of_day
from simulator.scenario.fields import MOST_AGENTS
from simulator.scenario.paths import join_path
from simulator.ui.refusal import show_refusal
from simulator.words import day_words

if TYPE_CHECKING:
    from simulator.scenario import Scenario
    from simulator.ui.situation import Situation


def show(situation: Situation) -> None:
    """Choose a day, change numbers, take them over as that date's own plan."""
    st.markdown(f"### {say('staffing_page.title')}")
    st.caption(say("staffing_page.told"))
    try:
        plan = _plan(situation)
    except ScenarioError as error:
        show_refusal(error)
        return
    calendar = plan.calendar
    day = st.selectbox(
        say("staffing_page.day"),
        range(calendar.days),
        format_func=lambda each: day_words(calendar, each),
        key="staffing day",
    )
    date = calendar.date_of_day[day]
    frame = staffing_frame(plan)
    frame = frame[frame[TIME].str.startswith(f"{date} ")].reset_index(drop=True)
    interval = int(calendar.interval)
    shown = pd.DataFrame({say("staffing_page.time"): [clock(place * interval) for place in range(len(frame))]})
    for place, group in enumerate(plan.groups):
        shown[group.name] = frame.iloc[:, place + 1].to_numpy()
    edited = st.data_editor(
        shown,
        key=f"staffing grid {date} {plan.content_hash}",
        hide_index=True,
        disabled=[say("staffing_page.time")],
        column_config={
            group.name: st.column_config.NumberColumn(
                group.title, min_value=0, max_value=MOST_AGENTS, step=1, required=True
            )
            for group in plan.groups
        },
        height=520,
    )
    changed = [group.name for group in plan.groups if not edited[group.name].equals(shown[group.name])]

    def take_over() -> None:
        for name in changed:
            windows = windows_of_day(edited[name].tolist(), interval)
            situation.view.overrides[join_path(("groups", name, "dates", str(date)))] = windows

    st.button(
        say("staffing_page.take", count=len(changed)),
        on_click=take_over,
        disabled=not changed,
        type="primary",
        key="staffing take",
    )


def _plan(situation: Situation) -> Scenario:
    """The scenario as it stands, without the agents that come on top of the plan."""
    on_top: dict[str, object] = {}
    for group in situation.base.groups:
        on_top |= {join_path(("groups", group.name, "extra_agents")): 0}
        on_top |= {join_path(("groups", group.name, "extra_in")): {}}
    kept = {path: value for path, value in situation.view.overrides.items() if ".extra_in" not in path}
    return situation.changed({**kept, **on_top})
