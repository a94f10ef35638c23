"""Volumes by hand: a week's contacts, how they spread over its days, and the shape of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from simulator.language import say
from simulator.scenario import ScenarioError
from simulator.scenario.hours import WEEKDAYS
from simulator.scenario.overrides import apply_overrides
from simulator.scenario.paths import join_path
from simulator.scenario.source import table_at
from simulator.ui.edited import content_key
from simulator.ui.refusal import show_refusal
from simulator.ui.titles import channel_titles

if TYPE_CHECKING:
    from simulator.scenario.source import RawTable
    from simulator.ui.situation import Situation


def edit(situation: Situation) -> None:
    """Grids over the channels whose demand is a profile; what is changed becomes overrides."""
    try:
        raw = apply_overrides(situation.raw, situation.view.overrides)
    except ScenarioError as error:
        show_refusal(error)
        return
    channels = {
        name: title
        for name, title in channel_titles(situation.base).items()
        if "per_week" in table_at(raw, "channels", name, "demand")
    }
    if not channels:
        st.info(say("volumes.no_profiles"))
        return
    st.caption(say("volumes.weeks_told"))
    _weeks(situation, raw, channels)
    _day(situation, raw, channels)


def _weeks(situation: Situation, raw: RawTable, channels: dict[str, str]) -> None:
    """Contacts a week and the weights of its days."""
    rows = []
    for name, title in channels.items():
        demand = table_at(raw, "channels", name, "demand")
        weekdays = table_at(demand, "weekdays")
        days = {day: weekdays.get(day, 0) for day in WEEKDAYS}
        rows.append({"name": name, "channel": title, "per_week": demand["per_week"], **days})
    shown = pd.DataFrame(rows).astype({"per_week": float, **dict.fromkeys(WEEKDAYS, float)})
    weights = {day: st.column_config.NumberColumn(say(f"volumes.weekday.{day}"), min_value=0.0) for day in WEEKDAYS}
    edited = st.data_editor(
        shown,
        key=content_key("weeks", shown),
        hide_index=True,
        disabled=["channel"],
        column_order=["channel", "per_week", *WEEKDAYS],
        column_config={
            "channel": say("volumes.channel"),
            "per_week": st.column_config.NumberColumn(say("volumes.per_week"), min_value=0.0, required=True),
            **weights,
        },
    )

    def take_over() -> None:
        for (_, before), (_, now) in zip(shown.iterrows(), edited.fillna(0.0).iterrows(), strict=True):
            path = ("channels", str(now["name"]), "demand")
            if before["per_week"] != now["per_week"]:
                situation.view.overrides[join_path((*path, "per_week"))] = float(now["per_week"])
            if not before[list(WEEKDAYS)].equals(now[list(WEEKDAYS)]):
                weights = {day: float(now[day]) for day in WEEKDAYS}
                situation.view.overrides[join_path((*path, "weekdays"))] = weights

    changed = not edited.fillna(0.0).equals(shown)
    st.button(say("volumes.take_weeks"), on_click=take_over, disabled=not changed, type="primary", key="weeks take")


def _day(situation: Situation, raw: RawTable, channels: dict[str, str]) -> None:
    """The steps of a channel's day."""
    st.markdown(f"**{say('volumes.day')}**")
    name = st.selectbox(say("volumes.channel"), list(channels), format_func=channels.__getitem__, key="profile channel")
    steps = table_at(raw, "channels", name, "demand", "time_of_day")
    if "file" in steps:
        st.info(say("volumes.profile_in_file"))
        return
    shown = pd.DataFrame({"clock": list(steps), "weight": [float(str(each)) for each in steps.values()]})
    edited = st.data_editor(
        shown,
        key=content_key("profile", shown, name),
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "clock": st.column_config.TextColumn(say("volumes.clock"), required=True, validate=r"^[0-2]?\d:[0-5]\d$"),
            "weight": st.column_config.NumberColumn(say("volumes.weight"), min_value=0.0, required=True),
        },
    )
    st.caption(say("volumes.day_told"))

    def take_over() -> None:
        known = edited.dropna().sort_values("clock")
        path = join_path(("channels", name, "demand", "time_of_day"))
        situation.view.overrides[path] = dict(zip(known["clock"], known["weight"], strict=True))

    changed = not edited.equals(shown)
    st.button(say("volumes.take_day"), on_click=take_over, disabled=not changed, type="primary", key="profile take")
