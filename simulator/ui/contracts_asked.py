"""The widgets that ask for prices: which contracts, on how many futures, of which supplier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from simulator.demand import expected_contacts
from simulator.language import number, say
from simulator.planning.pricing.futures import FUTURES
from simulator.ui.contract_shelf import Shelf, open_contract
from simulator.ui.limits import TooMuchError
from simulator.ui.prices import PLAYED, PriceQuestion
from simulator.ui.refusal import show_problems

if TYPE_CHECKING:
    from simulator.scenario import Scenario
    from simulator.ui.situation import Situation

COUNTS = (100, 200, 500, FUTURES, 2 * FUTURES)
MOST_CONTACTS = 400_000_000
"""Contacts of all futures that are played for one price; some minutes of work."""

_WRAPPED = """
<style>.st-key-contract-pills [data-testid="stButtonGroup"] div { flex-wrap: wrap; overflow: visible; }</style>
"""
"""Titles of contracts are long; those beyond the first line go to the next."""


@dataclass(frozen=True, slots=True)
class ContractsAsked:
    """What is to be priced."""

    shelf: Shelf
    chosen: tuple[str, ...]
    """Names of contracts."""
    question: PriceQuestion

    @property
    def too_much(self) -> TooMuchError | None:
        """Whether it is more than one question may take."""
        contacts = float(expected_contacts(self.question.scenario).sum()) * self.question.futures * PLAYED
        return TooMuchError(contacts, MOST_CONTACTS) if contacts > MOST_CONTACTS else None


def ask_prices(situation: Situation) -> ContractsAsked | None:
    """Show the widgets; None where no contract can be chosen, or none is.

    Raises
    ------
    ScenarioError
        If the scenario is refused as it stands.
    """
    now = situation.scenario
    _open()
    shelf = Shelf.of(situation.library.folder, now)
    with st.container():
        _refused(shelf)
    if not shelf.contracts:
        st.info(say("contracts.none_here"))
        return None
    if not now.suppliers and all(group.employer == "in-house" for group in now.groups):
        st.info(say("contracts.nobody_outside"))
        return None
    titles = shelf.titles
    one, two, *three = st.columns([3, 1, 1] if len(now.suppliers) > 1 else [4, 1])
    st.html(_WRAPPED)
    selected = one.container(key="contract pills").pills(
        say("contracts.choose"),
        list(titles),
        selection_mode="multi",
        default=list(titles),
        format_func=titles.__getitem__,
        key=f"contracts chosen {situation.base.content_hash} {' '.join(titles)}",
    )
    futures = two.selectbox(
        say("contracts.futures"),
        COUNTS,
        index=COUNTS.index(FUTURES),
        format_func=number,
        help=say("contracts.futures_help"),
        key="contracts futures",
    )
    supplier = three[0].selectbox(*_suppliers(now), key="contracts supplier") if three else None
    chosen = [name for name in titles if name in selected]
    if not chosen:
        st.info(say("contracts.none_chosen"))
        return None
    question = PriceQuestion(now, tuple(shelf.contracts.values()), supplier, futures)
    return ContractsAsked(shelf, tuple(chosen), question)


def _suppliers(now: Scenario) -> tuple[str, list[str]]:
    return say("contracts.which_supplier"), [each.name for each in now.suppliers]


def _open() -> None:
    """A contract from the reader's own machine."""
    with st.popover(say("contracts.open"), icon=":material/upload_file:"):
        uploads = st.file_uploader(
            say("contracts.open_told"), type=["toml"], accept_multiple_files=True, key="contract files"
        )
        for upload in uploads:
            open_contract(upload.name.removesuffix(".toml"), upload.getvalue())


def _refused(shelf: Shelf) -> None:
    """Contracts that do not go with this scenario, each with its clause."""
    if not shelf.refused:
        return
    with st.expander(say("contracts.refused", count=len(shelf.refused)), icon=":material/block:"):
        for name, error in shelf.refused.items():
            st.text(f"{name}.toml")
            show_problems(error)
