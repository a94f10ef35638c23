"""Contracts between a shop and its outsourcer on the same futures: what each brings and costs, and what to quote.

Futures are played once; whatever is moved afterwards is priced from them at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from simulator.charts import break_even_chart, margin_chart, margins_chart
from simulator.charts.look import NARROW
from simulator.jit import is_compiled
from simulator.language import number, percent, say
from simulator.planning.pricing.asked import Asked
from simulator.planning.pricing.pricing import PriceError, priced
from simulator.planning.pricing.quote import RISK, TARGET_MARGIN
from simulator.report.pricing.quote_sheet import quote_page
from simulator.report.pricing.workbook import price_xlsx
from simulator.scenario import ScenarioError
from simulator.scenario.units import exact
from simulator.ui.chart import show_chart
from simulator.ui.contract_moves import overrides_of, set_rates, show_terms, text_of
from simulator.ui.contract_told import (
    contract_cards,
    curves,
    flips,
    flips_words,
    quote_words,
    regret_table,
)
from simulator.ui.contracts_asked import ask_prices
from simulator.ui.download import XLSX, offer
from simulator.ui.last_asked import LastAsked, last_asked
from simulator.ui.prices import OnSale
from simulator.ui.refusal import show_problems, show_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.planning.pricing.pricing import Pricing
    from simulator.scenario.contract import Contract
    from simulator.ui.contracts_asked import ContractsAsked
    from simulator.ui.prices import Play, Prices
    from simulator.ui.situation import Situation

BETWEEN_LOOKS = 0.5
"""Seconds."""
RISKS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
MARGINS = tuple(percent / 100 for percent in range(1, 41))
_BESIDE = (1, 2)
"""Widths of the sliders and of what they move."""
_GAPS = 130
"""Pixels between the columns, and of the words beside a chart."""


def show(situation: Situation) -> Iterator[None]:
    """Choose contracts, play the futures once, move terms and see both sides."""
    st.markdown(f"### {say('contracts.title')}")
    st.caption(say("contracts.told"))
    try:
        asked = ask_prices(situation)
    except ScenarioError as error:
        show_refusal(error)
        return
    if asked is None:
        return
    play = _played(situation, asked)
    if play is None:
        return
    if not play.is_over():
        yield
        _watch(play)
        # Widgets that are made after the side would be others than those of the next run, and lose what is moved.
        st.rerun()
    prices = play.answer
    if prices is not None:
        if play.question.key != asked.question.key:
            st.info(say("contracts.of_other_settings"))
        _priced(situation, asked, play, prices)
    elif play.error is not None:
        _told_error(play.error)


def _played(situation: Situation, asked: ContractsAsked) -> Play | None:
    """The button, and the futures to look at: of what is asked now, or else those asked for last."""
    question, desk, of = asked.question, situation.desk.prices, situation.base.content_hash
    known = desk.found(question)
    former: LastAsked[Play] = last_asked("contracts")
    last, running = former.of_file(of), former.running
    if known is not None and running is None:
        former.keep(of, known)

    def begin() -> None:
        if running is not None:
            running.stop()
        former.keep(of, desk.ask(question))

    refused = asked.too_much
    busy = last is not None and not last.is_over() and last.question.key == question.key
    if known is None:
        st.button(
            say("contracts.play", count=question.futures),
            icon=":material/casino:",
            type="primary",
            on_click=begin,
            disabled=refused is not None or busy,
            key="contracts play",
        )
        if last is None:
            st.caption(say("contracts.play_told"))
    if refused is not None:
        st.error(say("answers.too_much", contacts=round(refused.contacts), most=refused.most))
    return known or last


def _watch(play: Play) -> None:
    """How far it is, until it is over; it goes on when somebody turns to another page meanwhile."""
    bar, button = st.empty(), st.empty()
    button.button(
        say("plan.stop"),
        icon=":material/stop:",
        on_click=_stop,
        args=(play, last_asked("contracts")),
        key="contracts stop",
    )
    while not play.is_over():
        bar.progress(min(play.played / play.wanted, 1.0), _progress_words(play))
        play.wait(BETWEEN_LOOKS)
    bar.empty()
    button.empty()


def _stop(play: Play, asked: LastAsked[Play]) -> None:
    """Look at it no longer; for others who asked for the same it goes on."""
    play.stop()
    asked.forget()


def _progress_words(play: Play) -> str:
    if play.state == "waiting":
        return say("contracts.waiting")
    if not is_compiled():
        return say("answers.compiling")
    return say("contracts.playing", done=play.played, wanted=play.wanted)


def _told_error(error: Exception) -> None:
    if not isinstance(error, PriceError | ValueError):
        raise error
    st.error(say("contracts.cannot"))
    st.caption(say("page.in_words_of_file"))
    st.text(str(error))


def _priced(situation: Situation, asked: ContractsAsked, play: Play, prices: Prices) -> None:
    """The terms of one contract beside what they move; then all contracts, over demand, and the quote sheet."""
    st.caption(
        say(
            "contracts.of_futures",
            count=len(prices.played.futures),
            seed=str(prices.played.futures.seed),
            seconds=number(play.took),
        )
    )
    titles = asked.shelf.titles
    one, two, three = st.columns(3)
    name = one.selectbox(
        say("contracts.move"), asked.chosen, format_func=titles.__getitem__, key=f"contract moved {asked.chosen}"
    )
    risk = two.select_slider(
        say("contracts.risk"), RISKS, RISK, format_func=percent, help=say("contracts.risk_help"), key="contracts risk"
    )
    target = three.select_slider(
        say("contracts.target"),
        MARGINS,
        TARGET_MARGIN,
        format_func=percent,
        help=say("contracts.target_help"),
        key="contracts target",
    )
    beside = situation.width >= NARROW
    left, right = st.columns(_BESIDE, gap="medium") if beside else (st.container(), st.container())
    with left:
        show_terms(asked.shelf.files[name])
    began = time.perf_counter()
    try:
        on_sale = [_on_sale(situation, asked, each) for each in asked.chosen]
        pricing = _Shown(situation, asked, prices, on_sale, name, risk, target)
        with right:
            pricing.moved((situation.width + _GAPS) * _BESIDE[1] // sum(_BESIDE) - _GAPS if beside else situation.width)
        pricing.all_of_them()
        pricing.over_demand()
    except ScenarioError as error:
        st.error(say("contracts.cannot"))
        show_problems(error)
        return
    except ValueError as error:
        _told_error(error)
        return
    st.caption(say("contracts.priced_in", seconds=number(time.perf_counter() - began, 2)))
    pricing.taken()


def _on_sale(situation: Situation, asked: ContractsAsked, name: str) -> OnSale:
    """A contract with what this session has moved in it."""
    file = asked.shelf.files[name]
    overrides = overrides_of(file)
    contract = file.contract(situation.scenario, overrides) if overrides else asked.shelf.contracts[name]
    return OnSale(contract, (file.text, tuple(overrides.items())))


@dataclass(frozen=True)
class _Shown:
    """Prices as they are shown."""

    situation: Situation
    asked: ContractsAsked
    prices: Prices
    on_sale: Sequence[OnSale]
    name: str
    """Of the contract whose terms are moved."""
    risk: float
    target: float

    @property
    def currency(self) -> str:
        return self.situation.scenario.currency

    @property
    def titles(self) -> list[str]:
        return [self.asked.shelf.titles[name] for name in self.asked.chosen]

    @property
    def moved_at(self) -> int:
        """Number of the contract whose terms are moved."""
        return self.asked.chosen.index(self.name)

    def is_moved(self, number: int) -> bool:
        """Whether anything is not as the file has it."""
        name = self.asked.chosen[number]
        return self.on_sale[number].contract is not self.asked.shelf.contracts[name]

    def moved(self, width: int) -> None:
        """The margin of the contract whose terms are moved, and its rate to quote."""
        at = self.moved_at
        view = self.prices.supplier_view(self.on_sale[at])
        if view is None:
            st.info(say("contracts.no_supplier"))
            return
        before = None
        if self.is_moved(at):
            file = self.asked.shelf.files[self.name]
            before = self.prices.supplier_view(OnSale(self.asked.shelf.contracts[self.name], (file.text, ())))
        values = None if before is None else before.margin.values
        show_chart(
            margin_chart(view.margin.values, self.currency, before=values, width=width),
            key=f"contracts margin {width}",
        )
        self._quote()

    def _quote(self) -> None:
        """What to quote, and a button that sets the rates to it."""
        file = self.asked.shelf.files[self.name]
        found = self.prices.quote(self.on_sale[self.moved_at], self.target, self.risk)
        assert found is not None
        st.markdown(quote_words(found))
        if found.factor is not None:
            st.button(
                say("contracts.set_rates"),
                on_click=set_rates,
                args=(file, exact(float(found.factor.value))),
                icon=":material/sell:",
                key="contracts set rates",
            )

    def all_of_them(self) -> None:
        """Both sides of every contract, and the margins side by side."""
        st.markdown(f"#### {say('contracts.sides')}")
        views = [self.prices.supplier_view(each) for each in self.on_sale]
        quotes = [self.prices.quote(each, self.target, self.risk) for each in self.on_sale]
        moved = [self.is_moved(number) for number in range(len(self.on_sale))]
        buyer = self.prices.buyer_view(self.on_sale)
        st.html(contract_cards(self.titles, moved, views, quotes, buyer, self.currency))
        margins = {title: view.margin.values for title, view in zip(self.titles, views, strict=True) if view}
        if margins:
            show_chart(margins_chart(margins, self.currency, width=self.situation.width), key="contracts margins")

    def over_demand(self) -> None:
        """What is paid over levels of demand, where the cheapest changes, and what a wrong guess costs."""
        st.markdown(f"#### {say('contracts.demand')}")
        found = self.prices.break_evens(self.on_sale)
        chart = break_even_chart(
            found.levels,
            curves(found, self.titles),
            flips(found, self.titles),
            self.currency,
            width=self.situation.width,
        )
        show_chart(chart, key="contracts break-even")
        st.markdown(flips_words(found, self.titles))
        with st.expander(say("contracts.regret")):
            st.caption(say("contracts.regret_told"))
            st.dataframe(regret_table(found, self.titles, self.currency), hide_index=True)

    def taken(self) -> None:
        """The quote sheet, and the contract as it was moved."""
        st.markdown(f"#### {say('contracts.take')}")
        one, two, three = st.columns(3)
        name, sheet = (
            self.situation.opened.name,
            partial(_pricing, self.prices, [each.contract for each in self.on_sale], self.target, self.risk),
        )
        offer(
            say("contracts.sheet_html"),
            f"{name}-quote.html",
            "text/html",
            lambda: _page(sheet()),
            key="contracts html",
            place=one,
        )
        offer(
            say("contracts.sheet_xlsx"),
            f"{name}-quote.xlsx",
            XLSX,
            lambda: _xlsx(sheet()),
            key="contracts xlsx",
            place=two,
        )
        file = self.asked.shelf.files[self.name]
        text = text_of(file)
        offer(
            say("contracts.toml"),
            f"{self.name}.toml",
            "application/toml",
            text.encode,
            key="contracts toml",
            place=three,
        )


def _pricing(prices: Prices, contracts: Sequence[Contract], target: float, risk: float) -> Pricing:
    return priced(prices.played, contracts, Asked(risk=risk, target_margin=target))


def _page(pricing: Pricing) -> bytes:
    return quote_page(pricing).encode()


def _xlsx(pricing: Pricing) -> bytes:
    return price_xlsx(pricing)
