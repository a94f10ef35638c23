"""A widget for a knob: what kind it is follows from the scenario's model, so that a new lever needs nothing here."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache, partial
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import number, plain, say, speaking, spoken
from simulator.ui.handles import NO_NUMBER, handle_of
from simulator.words import choice_words, field_help, field_title

if TYPE_CHECKING:
    from simulator.scenario.knobs import Knob
    from simulator.ui.view import View

_LETTERS = 22
"""That a text's field has room for; a longer text, such as hours day by day, stands below it as a whole too."""

_UNITS = ("s", "min", "h", "d", "session")
"""Those that languages write each in its own way."""


def slider(knob: Knob, now: Knob, view: View) -> None:
    """Show a knob where it stands now; `take_moves` overrides its field once it has been moved.

    Parameters
    ----------
    knob
        The field as the file has it.
    now
        The same with the overrides applied.
    """
    handle = handle_of(knob, now, view)
    key, start, label, told = handle.key, handle.start, field_title(knob), field_help(knob)
    if knob.kind == "switch":
        st.toggle(label, bool(start), key=key, help=told)
    elif knob.kind == "choice":
        chosen = knob.choices.index(start) if start in knob.choices else None
        st.selectbox(label, knob.choices, chosen, key=key, help=told, format_func=partial(choice_words, knob))
    elif handle.is_text:
        st.text_input(label, str(start), key=key, help=told)
        if len(str(handle.place)) > _LETTERS:
            whole = escape(str(handle.place))
            st.html(f'<div style="font-size: .8rem; opacity: .75; overflow-wrap: anywhere">{whole}</div>')
    else:
        beside = handle.beside
        places = [*positions(knob, handle.began), *([NO_NUMBER] if beside else [])]

        def words(place: float) -> str:
            return _no_number_words(beside) if beside and place == NO_NUMBER else position_text(knob, place)

        st.select_slider(label, places, start, key=key, help=told, format_func=words)


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
