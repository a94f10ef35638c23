"""Sliders of a contract: rates, block, thresholds, malus, minimum; and what this session has moved in each."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import percent, plain, say
from simulator.scenario.contract_terms import between, contract_terms, moved
from simulator.scenario.saving import scenario_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from simulator.scenario.contract_terms import ContractTerm
    from simulator.ui.contract_shelf import ContractFile

MOVES = "contract terms moved"
"""In the session's state: a contract's file -> what was moved in it."""


@dataclass
class Moves:
    """What one session has moved in one contract.

    A widget belongs to whoever moves it: none is given a value. Where terms are set by anything else, other widgets
    take the place of those there were, and begin where the terms then stand.
    """

    widgets: int = 0
    """How often they were replaced."""
    places: dict[str, Decimal] = field(default_factory=dict)
    """Key of a term -> where it stands, of those that do not stand as they are written."""

    def put(self, term: ContractTerm, place: Decimal) -> None:
        """Move a term."""
        if place == term.written:
            self.places.pop(term.key, None)
        else:
            self.places[term.key] = place


def overrides_of(file: ContractFile) -> dict[str, object]:
    """Dotted path -> value: what this session has moved in a contract."""
    raw, terms = file.source.raw, contract_terms(file.source.raw)
    return moved(raw, terms, _looked_at(file, terms).places)


def text_of(file: ContractFile) -> str:
    """The file with what was moved written into it."""
    overrides = overrides_of(file)
    return scenario_text(file.text, overrides) if overrides else file.text


def show_terms(file: ContractFile) -> None:
    """A slider for each term; moving it moves the contract of this session."""
    terms = contract_terms(file.source.raw)
    moves = _looked_at(file, terms)
    for term in between(file.source.raw, terms, moves.places):
        st.select_slider(
            say(f"contracts.term.{term.kind}", title=term.title),
            term.places,
            moves.places.get(term.key, term.written),
            key=_widget(file, moves, term),
            help=say(f"contracts.term_help.{term.kind}"),
            format_func=partial(_place_text, term),
        )
    st.button(
        say("contracts.as_written"),
        icon=":material/undo:",
        on_click=put_back,
        args=(file,),
        disabled=not moves.places,
        key=f"contract put back {file.name}",
    )


def set_rates(file: ContractFile, factor: Decimal) -> None:
    """Multiply all rates as they stand: to the first place of their slider that is no less, if there is one."""
    terms = contract_terms(file.source.raw)
    moves, rates = _looked_at(file, terms), terms[0]
    wanted = moves.places.get(rates.key, rates.written) * factor
    moves.put(rates, next((place for place in rates.places if place >= wanted), rates.places[-1]))
    moves.widgets += 1


def put_back(file: ContractFile) -> None:
    """Everything as the file has it."""
    moves = _moves(file)
    moves.places.clear()
    moves.widgets += 1


def _looked_at(file: ContractFile, terms: Sequence[ContractTerm]) -> Moves:
    """What was moved, with what widgets stand at that have been moved since."""
    moves = _moves(file)
    for term in terms:
        place = st.session_state.get(_widget(file, moves, term))
        if place is not None:
            moves.put(term, place)
    return moves


def _moves(file: ContractFile) -> Moves:
    """Another file of the same name has nothing moved in it."""
    of = f"{file.name} {zlib.crc32(file.text.encode())}"
    found: Moves = st.session_state.setdefault(MOVES, {}).setdefault(of, Moves())
    return found


def _widget(file: ContractFile, moves: Moves, term: ContractTerm) -> str:
    return f"contract term {file.name} {zlib.crc32(file.text.encode())} {moves.widgets} {term.key}"


def _place_text(term: ContractTerm, place: Decimal) -> str:
    if term.kind == "rates":
        before = "+" if place > 1 else ""
        return f"{before}{percent(float(place) - 1)}"
    if not term.unit:
        return percent(float(place))
    if term.unit == "share":
        return percent(float(place), None)
    return f"{plain(place)}\N{NO-BREAK SPACE}{unit_words(term.unit)}"


def unit_words(unit: str) -> str:
    """A billed unit as it follows a number; a currency as it is."""
    if unit.isupper():
        return unit
    return say(f"contracts.unit.{unit.replace(' ', '_').replace('-', '_').lower()}")
