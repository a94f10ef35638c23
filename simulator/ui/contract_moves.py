"""Sliders of a contract: rates, block, thresholds, malus, minimum; and what this session has moved in each."""

from __future__ import annotations

import zlib
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import percent, plain, say
from simulator.scenario.contract_terms import between, contract_terms, moved
from simulator.scenario.saving import scenario_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from simulator.scenario.contract_terms import ContractTerm
    from simulator.ui.contract_shelf import ContractFile

MOVES = "contract terms moved"
"""In the session's state: a contract's file -> key of a term -> where it stands."""


def overrides_of(file: ContractFile) -> dict[str, object]:
    """Dotted path -> value: what this session has moved in a contract."""
    places = _places(file)
    return moved(file.source.raw, contract_terms(file.source.raw), places) if places else {}


def text_of(file: ContractFile) -> str:
    """The file with what was moved written into it."""
    overrides = overrides_of(file)
    return scenario_text(file.text, overrides) if overrides else file.text


def show_terms(file: ContractFile) -> None:
    """A slider for each term, where it stands now; moving it moves the contract of this session."""
    places = _places(file)
    terms = contract_terms(file.source.raw)
    for term in between(file.source.raw, terms, places):
        _slider(file, term, places.get(term.key, term.written))
    st.button(
        say("contracts.as_written"),
        icon=":material/undo:",
        on_click=put_back,
        args=(file,),
        disabled=not overrides_of(file),
        key=f"contract put back {file.name}",
    )


def set_rates(file: ContractFile, factor: Decimal) -> None:
    """Put all rates at a multiple of what is written, to the nearest place of their slider."""
    rates = contract_terms(file.source.raw)[0]
    _move(file, rates, min(rates.places, key=lambda place: (place < factor, abs(place - factor))))


def put_back(file: ContractFile) -> None:
    """Everything as the file has it."""
    st.session_state.setdefault(MOVES, {}).pop(_key(file), None)


def _slider(file: ContractFile, term: ContractTerm, now: Decimal) -> None:
    key = f"contract term {_key(file)} {term.key}"

    def slid() -> None:
        _move(file, term, st.session_state[key])

    st.session_state[key] = now
    st.select_slider(
        say(f"contracts.term.{term.kind}", title=term.title),
        term.places,
        key=key,
        help=say(f"contracts.term_help.{term.kind}"),
        on_change=slid,
        format_func=partial(_place_text, term),
    )


def _move(file: ContractFile, term: ContractTerm, place: Decimal) -> None:
    places = st.session_state.setdefault(MOVES, {}).setdefault(_key(file), {})
    if place == term.written:
        places.pop(term.key, None)
    else:
        places[term.key] = place


def _places(file: ContractFile) -> Mapping[str, Decimal]:
    found: Mapping[str, Decimal] = st.session_state.get(MOVES, {}).get(_key(file), {})
    return found


def _key(file: ContractFile) -> str:
    """Another file of the same name has nothing moved in it."""
    return f"{file.name} {zlib.crc32(file.text.encode())}"


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
