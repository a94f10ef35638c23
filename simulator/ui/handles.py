"""The widgets of fields as a session has them: where each was when it was last looked at, and what was moved since.

A widget belongs to whoever moves it. Giving it a value, as an assignment to the session's state does, turns it back
under a hand that has moved on by the time the value reaches the browser, and a move is lost. So none is given one: a
widget that is to stand elsewhere than it was left becomes another widget, which begins there.

Nor is every change told by Streamlit: what it calls upon a change is broken off where the next change comes, and never
called again. So each run begins by looking what was moved; what one run does not come to, the next one does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.language import spoken
from simulator.scenario.knobs import as_override

if TYPE_CHECKING:
    from simulator.scenario.knobs import Knob
    from simulator.ui.view import View

PREFIX = "knob "
"""Of the keys of these widgets in the session's state."""
NO_NUMBER = float("inf")
"""Where a slider stands whose field is left out, or has a word instead of a number: beyond all numbers."""


Place = float | bool | str


@dataclass(frozen=True, slots=True)
class Handle:
    """One widget of one field."""

    key: str
    knob: Knob
    """The field as the file has it."""
    began: Knob
    """The field as it was when the widget was made."""
    language: str
    value: object
    """What is written in the field as long as nothing but this widget moves it."""
    place: Place | None
    """Where the widget was when it was last looked at; None: nothing was chosen."""

    @property
    def start(self) -> Place | None:
        """Where it was when it was made."""
        return _place(self.knob, self.began)

    @property
    def is_text(self) -> bool:
        """Whether it is written into; otherwise, if it is of a number, it is a slider."""
        return _is_text(self.knob, self.began)

    @property
    def beside(self) -> Knob | None:
        """What the place beyond all numbers stands for, if there is one."""
        return next((each for each in (self.began, self.knob) if each.value is None), None)

    def moved(self, place: Any) -> Handle:
        """The widget at another place, and what the field is there."""
        beside = self.beside
        value = beside.written if beside and place == NO_NUMBER else as_override(self.knob, place)
        return replace(self, place=place, value=value)


def take_moves(view: View) -> None:
    """Override each field whose widget has been moved."""
    for path, handle in list(view.handles.items()):
        # Here a run may be broken off.
        place = st.session_state.get(handle.key, handle.place)
        if place != handle.place:
            view.handles[path] = moved = handle.moved(place)
            view.set(path, moved.value, handle.knob.written)


def handle_of(knob: Knob, now: Knob, view: View) -> Handle:
    """The widget that stands where the view has the field: the one that is there already, or else another one.

    Parameters
    ----------
    knob
        The field as the file has it.
    now
        The same with the overrides applied.
    """
    found = view.handles.get(knob.path)
    if (
        found is not None
        and (found.knob, found.language, found.value) == (knob, spoken(), now.written)
        # One that a run has left out may be forgotten here and known to the browser still, at a place of its own.
        and found.key in st.session_state
    ):
        return found
    key = f"{PREFIX}{knob.path} {next(view.numbers)}"
    view.handles[knob.path] = made = Handle(key, knob, now, spoken(), now.written, _place(knob, now))
    return made


def _place(knob: Knob, now: Knob) -> Place | None:
    if knob.kind == "switch":
        return bool(now.value)
    if knob.kind == "choice":
        return now.value
    if _is_text(knob, now):
        return "" if now.value is None else str(now.value)
    return NO_NUMBER if now.value is None else float(now.value)


def _is_text(knob: Knob, now: Knob) -> bool:
    return knob.low is None or knob.high is None or knob.step is None or isinstance(now.value, str)
