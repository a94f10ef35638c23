"""The side of every page: which scenario, its levers as sliders, and all that has been changed."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import LANGUAGES, say
from simulator.ui.changes import change_title, change_words
from simulator.ui.link import is_short_enough
from simulator.ui.sliders import slider
from simulator.words import field_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.scenario.knobs import Knob
    from simulator.ui.library import Library
    from simulator.ui.view import View

FURTHER = "further levers"
LANGUAGE = "language"
SPOKEN = "spoken language"
"""In the session's state. Not the choice's own: a value given to a choice in a run that is broken off before it shows
it never reaches the browser, which then says that nothing is chosen."""
OWN = ""
"""Stands for what was uploaded or edited in this session, which may be called as one of the library is."""


def choose_language() -> None:
    """The languages of a session."""
    st.session_state[LANGUAGE] = st.session_state[SPOKEN]
    st.segmented_control(
        "Language / Kieli",
        list(LANGUAGES),
        key=LANGUAGE,
        format_func=LANGUAGES.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=_speak,
    )


def _speak() -> None:
    st.session_state[SPOKEN] = st.session_state[LANGUAGE]


def choose_scenario(view: View, library: Library) -> None:
    """Offer the scenarios of the library, and what was uploaded."""
    titles = library.titles()
    if view.opened is not None:
        titles = {OWN: say("sidebar.uploaded", name=view.name), **titles}
    elif view.name not in titles:
        titles = {view.name: view.name, **titles}
    st.session_state["scenario"] = view.name if view.opened is None else OWN

    def chosen() -> None:
        if st.session_state["scenario"] != OWN:
            view.open(st.session_state["scenario"])

    st.selectbox(
        say("sidebar.scenario"), list(titles), key="scenario", format_func=titles.__getitem__, on_change=chosen
    )


def choose_variant(view: View, variants: Mapping[str, Mapping[str, object]], titles: Mapping[str, str]) -> None:
    """Offer the scenario's own variants as a place to start from."""
    if not variants:
        return

    def chosen() -> None:
        name = st.session_state["start from"]
        if name is not None:
            view.start_from(dict(variants[name]))
        st.session_state["start from"] = None

    st.selectbox(
        say("sidebar.start_from"),
        list(variants),
        index=None,
        key="start from",
        format_func=titles.__getitem__,
        placeholder=say("sidebar.start_from_hint"),
        on_change=chosen,
    )


def show_levers(view: View, base: Sequence[Knob], now: Mapping[str, Knob]) -> None:
    """Sliders section by section: those a planner reaches for first, then any other in the order it was asked for.

    Each keeps its place as long as the scenario is looked at, whatever comes and goes beside it.
    """
    chosen = {*st.session_state.get(FURTHER, []), *view.overrides}
    view.asked_for |= dict.fromkeys(knob.path for knob in base if knob.path in chosen and not knob.first)
    for section, members in groupby(base, key=lambda knob: knob.section):
        own = {knob.path: knob for knob in members}
        places = [path for path, knob in own.items() if knob.first] + [path for path in view.asked_for if path in own]
        with st.container():
            if not any(own[path].first or path in chosen for path in places):
                continue
            changed = sum(path in view.overrides for path in own)
            name = say(f"sidebar.section.{section}")
            heading = say("sidebar.section_changed", section=name, count=changed) if changed else name
            with st.expander(heading, key=f"section {section}", expanded=section == "agents"):
                for path in places:
                    with st.container():
                        if own[path].first or path in chosen:
                            slider(own[path], now.get(path, own[path]), view)
    further = {knob.path: field_title(knob) for knob in base if not knob.first}
    if further:
        st.multiselect(
            say("sidebar.further"),
            list(further),
            key=FURTHER,
            format_func=lambda path: further.get(path, path),
            placeholder=say("sidebar.further_hint"),
        )


def show_changes(view: View, knobs: Mapping[str, Knob]) -> None:
    """Every override, to be undone one by one, and what can be done with all of them."""
    if not view.overrides:
        st.caption(say("sidebar.no_changes"))
        return
    st.markdown(f"**{say('sidebar.changes', count=len(view.overrides))}**")
    with st.container():
        for path, told in zip(view.overrides, change_words(view.overrides, knobs), strict=True):
            words, button = st.columns([5, 1], vertical_alignment="center")
            words.html(f'<div style="font-size: .875rem; overflow-wrap: anywhere">{escape(told)}</div>')
            button.button(
                "",
                icon=":material/close:",
                key=f"undo {path}",
                help=say("sidebar.undo", what=change_title(path, knobs)),
                on_click=view.undo,
                args=(path,),
            )
        if not is_short_enough(view.overrides):
            st.caption(say("sidebar.too_long_for_link"))
    st.text_input(say("sidebar.variant_name"), key="variant name", placeholder=say("sidebar.variant_hint"))

    def keep() -> None:
        view.keep(st.session_state.get("variant name", ""))
        st.session_state["variant name"] = ""

    st.button(say("sidebar.keep"), key="keep", on_click=keep, type="primary", width="stretch")
    st.button(say("sidebar.undo_all"), key="undo all", on_click=view.start_from, args=({},), width="stretch")
