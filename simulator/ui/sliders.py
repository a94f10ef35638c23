"""A widget for a knob: what kind it is follows from the scenario's model, so that a new lever needs nothing here."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache, partial
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import number, plain, say, speaking, spoken
from simulator.scenario.knobs import as_override
from simulator.words import choice_words, field_help, field_title

if TYPE_CHECKING:
    from simulator.scenario.knobs import Knob
    from simulator.ui.view import View

PREFIX = "knob "
"""Of the keys of these widgets in the session's state."""

_LETTERS = 22
"""That a text's field has room for; a longer text, such as hours day by day, stands below it as a whole too."""

NO_NUMBER = float("inf")
"""Where a slider stands whose field is left out, or has a word instead of a number: beyond all numbers."""

_UNITS = ("s", "min", "h", "d", "session")
"""Those that languages write each in its own way."""


def slider(knob: Knob, now: Knob, view: View) -> None:
    """Show a knob where it stands now; moving it overrides its field.

    Parameters
    ----------
    knob
        The field as the file has it.
    now
        The same with the overrides applied.
    """
    key = PREFIX + knob.path
    label, told = field_title(knob), field_help(knob)
    beside = next((each for each in (now, knob) if each.value is None), None)

    def moved() -> None:
        place = st.session_state[key]
        written = beside.written if beside and place == NO_NUMBER else as_override(knob, place)
        view.set(knob.path, written, knob.written)

    if knob.kind == "switch":
        st.session_state[key] = bool(now.value)
        st.toggle(label, key=key, help=told, on_change=moved)
    elif knob.kind == "choice":
        st.session_state[key] = now.value
        st.selectbox(label, knob.choices, key=key, help=told, on_change=moved, format_func=partial(choice_words, knob))
    elif knob.low is None or knob.high is None or knob.step is None or isinstance(now.value, str):
        text = st.session_state[key] = "" if now.value is None else str(now.value)
        st.text_input(label, key=key, help=told, on_change=moved)
        if len(text) > _LETTERS:
            st.html(f'<div style="font-size: .8rem; opacity: .75; overflow-wrap: anywhere">{escape(text)}</div>')
    else:
        places = [*positions(knob, now), *([NO_NUMBER] if beside else [])]
        st.session_state[key] = float(now.value) if now.value is not None else NO_NUMBER

        def words(place: float) -> str:
            return _no_number_words(beside) if beside and place == NO_NUMBER else position_text(knob, place)

        st.select_slider(label, places, key=key, help=told, on_change=moved, format_func=words)


def positions(knob: Knob, now: Knob) -> list[float]:
    """Where the slider can stand: its steps from end to end, and where it stands in the file and now."""
    assert knob.low is not None
    assert knob.high is not None
    assert knob.step is not None
    values = {float(each.value) for each in (knob, now) if isinstance(each.value, int | float)}
    return sorted(_steps(knob.low, knob.high, knob.step) | values)


def position_text(knob: Knob, place: float) -> str:
    """A position with its unit; a change with its sign."""
    signed = knob.kind == "change" or (knob.kind == "count" and knob.low is not None and knob.low < 0)
    return _text(place, knob.unit, spoken(), signed=signed)


@lru_cache(maxsize=1000)
def _steps(low: float, high: float, step: float) -> frozenset[float]:
    """The steps of a slider from end to end."""
    first, each = Decimal(repr(low)), Decimal(repr(step))
    count = int((Decimal(repr(high)) - first) / each)
    return frozenset({*(float(first + each * k) for k in range(count + 1)), high})


@lru_cache(maxsize=20_000)
def _text(place: float, unit: str, language: str, *, signed: bool) -> str:
    """Kept, for every slider is sent with the words of all its positions, thousands of them, at every move of one."""
    with speaking(language):
        text = plain(place) if not signed else number(place, 0 if place == round(place) else 1, signed=True)
        return f"{text}\N{NO-BREAK SPACE}{_unit_words(unit)}".strip()


def _unit_words(unit: str) -> str:
    """A unit as it follows a number: EUR/h; d, vrk."""
    money, slash, part = unit.rpartition("/")
    return f"{money}{slash}{say(f'names.unit.{part}')}" if part in _UNITS else unit


def _no_number_words(knob: Knob) -> str:
    """What stands instead of a number: not set, no limit, from the file."""
    return say(f"names.no_number.{'left out' if knob.written is None else knob.written}")
