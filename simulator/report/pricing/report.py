"""What `ruuhka price` prints: the supplier's side, the buyer's side, where contracts cost the same, what to quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Group as Lines
from rich.text import Text

from simulator.experiment import CONFIDENCE
from simulator.experiment.estimate import mean_estimate
from simulator.language import number
from simulator.planning.pricing.risk import TAIL, Outcomes
from simulator.report.pricing.assumptions import run_facts
from simulator.report.pricing.clauses import money_text, price_words, service_formulas
from simulator.report.pricing.mixes import mix_tables
from simulator.report.pricing.table import Figures, PriceTable, on_the_terminal, words_column
from simulator.scenario.units import format_share
from simulator.words import value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from simulator.experiment import Estimate
    from simulator.planning.pricing.break_even import BreakEven, BreakEvens
    from simulator.planning.pricing.futures import Futures
    from simulator.planning.pricing.pricing import Pricing, SupplierSide
    from simulator.report.pricing.table import Cell


def price_report(pricing: Pricing, change: str = "") -> RenderableType:
    """The whole report."""
    head = Text(pricing.played.scenario.title, "bold")
    facts = Text("\n".join(f"{title}: {words}" for title, words in run_facts(pricing, change)[1:]))
    told = Text("\n".join(recommended_words(pricing)), "bold")
    spaced: list[RenderableType] = []
    for table in price_tables(pricing):
        spaced += [Text(), on_the_terminal(table)]
        if table.note:
            spaced.append(Text(table.note, style="dim"))
    formulas = Text("\n".join(formula_lines(pricing)))
    return Lines(head, facts, Text(), told, *spaced, Text(), formulas, Text(), footnotes(pricing))


def price_tables(pricing: Pricing) -> Iterator[PriceTable]:
    """Every table of a price, in the order in which it is read."""
    if pricing.supplier is not None:
        yield margin_table(pricing.supplier)
        yield risk_table(pricing.supplier)
        yield cost_table(pricing.supplier)
        yield quote_table(pricing)
    yield paid_table(pricing)
    yield unit_costs_table(pricing)
    yield service_table(pricing)
    yield demand_table(pricing)
    yield levels_table(pricing)
    if pricing.margin_by_level is not None:
        yield margin_levels_table(pricing, pricing.margin_by_level)
    yield crossings_table(pricing)
    yield regret_table(pricing)
    yield from mix_tables(pricing)


# ---- Supplier --------------------------------------------------------------------------------------------------------


def margin_table(side: SupplierSide) -> PriceTable:
    """What each contract brings its supplier, and what it costs."""
    columns = (
        words_column("contract"),
        Figures("revenue"),
        Figures("cost"),
        Figures("margin"),
        Figures("of revenue", unit="share"),
        Figures("P(loss)", "probability", "share"),
    )
    rows = tuple(
        (
            view.contract.name,
            view.revenue.mean,
            mean_estimate(view.cost.total),
            view.margin.mean,
            view.margin_share,
            view.margin.below(),
        )
        for view in side.views
    )
    return PriceTable("Supplier: margin at the rates of the files", columns, rows, short="Supplier margin")


def risk_table(side: SupplierSide) -> PriceTable:
    """How far the margin may be from its expectation, and what bonus and malus have to do with it."""
    columns = (
        words_column("contract"),
        Figures("margin P10"),
        Figures("P50"),
        Figures("P90"),
        Figures("worst tenth"),
        Figures("bonus"),
        Figures("malus"),
        Figures("malus' worth"),
    )
    rows = tuple(
        (
            view.contract.name,
            view.margin.p10,
            view.margin.p50,
            view.margin.p90,
            view.margin.expected_shortfall(),
            view.bonus.mean,
            view.malus.mean,
            view.malus_worth.mean,
        )
        for view in side.views
    )
    note = (
        f"worst tenth: mean margin of the worst {format_share(TAIL)} of futures (expected shortfall). malus' worth: "
        "margin with no malus less margin, future by future."
    )
    return PriceTable("Supplier: the margin over all futures", columns, rows, note, short="Supplier risk")


def cost_table(side: SupplierSide) -> PriceTable:
    """What the supplier's people cost it; the same under every contract."""
    columns = (words_column("part"), Figures("cost"), Figures("of all", unit="share"))
    total = side.cost.total
    rows: list[tuple[Cell, ...]] = [
        (name, mean_estimate(part), mean_estimate(part / total)) for name, part in side.cost.parts.items() if part.any()
    ]
    rows.append(("all", mean_estimate(total), mean_estimate(total / total)))
    return PriceTable("Supplier: cost of its people", columns, tuple(rows), short="Supplier cost")


def quote_table(pricing: Pricing) -> PriceTable:
    """The rate to quote of each contract, and what both sides have of it."""
    assert pricing.supplier is not None
    columns = (
        words_column("contract"),
        Figures("rates times", unit="count"),
        words_column("decided by"),
        Figures("margin then"),
        Figures("worst tenth"),
        Figures("P(loss)", "probability", "share"),
        Figures("buyer pays"),
        Figures("bound to pay"),
    )
    rows: list[tuple[Cell, ...]] = []
    for quoted in pricing.supplier.quotes:
        found, view = quoted.quote, quoted.view
        if view is None or quoted.bound is None:
            rows.append((found.contract.name, None, "no rate does", None, None, None, None, None))
            continue
        seen = (
            view.margin.mean,
            view.margin.expected_shortfall(),
            view.margin.below(),
            view.revenue.mean,
            quoted.bound.mean,
        )
        rows.append((found.contract.name, found.factor, found.binding, *seen))
    refusals = [
        f"{each.quote.contract.name}: {each.quote.why}" for each in pricing.supplier.quotes if each.view is None
    ]
    asked = pricing.asked
    note = (
        f"All rates of a contract's lines times one factor, the least for which the expected margin is "
        f"{format_share(asked.target_margin)} of expected revenue and P(loss) at most {format_share(asked.risk)}; the "
        "rest of the contract stays. Its interval is over futures."
    )
    return PriceTable(
        f"Rate to quote for a margin of {format_share(asked.target_margin)} at a risk of {format_share(asked.risk)}",
        columns,
        tuple(rows),
        "\n".join([note, *refusals]),
        short="Rate to quote",
    )


def recommended_words(pricing: Pricing) -> list[str]:
    """The contract to quote, in sentences."""
    side, currency = pricing.supplier, pricing.played.scenario.currency
    if side is None:
        return ["No rate is quoted: the scenario does not say what the supplier's people cost it."]
    at = side.recommended
    if at is None:
        return ["No rate is quoted: none of these contracts reaches the margin at the risk."]
    quoted = side.quotes[at]
    assert quoted.quote.quoted is not None
    assert quoted.view is not None
    assert quoted.quote.factor is not None
    assert quoted.bound is not None
    return [
        f"To quote: {quoted.quote.contract.title} ({quoted.quote.contract.name}), rates times "
        f"{number(float(quoted.quote.factor.value), 3)} ({number(float(quoted.quote.factor.low), 3)} to "
        f"{number(float(quoted.quote.factor.high), 3)}).",
        *rate_lines(pricing, at),
        f"The buyer then pays {_money(quoted.view.revenue.mean, currency)}, and is bound to pay "
        f"{_money(quoted.bound.mean, currency)} in all; no other contract with a rate to quote is told to cost it "
        "less, and of those that cost as much this one leaves the supplier most in the worst tenth of futures.",
    ]


def _money(amount: Estimate, currency: str) -> str:
    return value_text(float(amount.value), "currency", 0, currency)


def rate_lines(pricing: Pricing, at: int) -> list[str]:
    """The main rates of a contract, as its file has them and as quoted."""
    assert pricing.supplier is not None
    quoted = pricing.supplier.quotes[at].quote
    if quoted.quoted is None:
        return []
    currency = quoted.contract.currency
    return [
        f"{before.title}: {money_text(before.reference)} becomes {money_text(after.reference)} {currency} "
        f"for a {before.unit}."
        for before, after in zip(quoted.contract.lines, quoted.quoted.lines, strict=True)
    ]


# ---- Buyer -----------------------------------------------------------------------------------------------------------


def paid_table(pricing: Pricing) -> PriceTable:
    """What the shop pays, the cheapest first."""
    columns = (
        words_column("contract"),
        Figures("invoice"),
        Figures("P10"),
        Figures("P50"),
        Figures("P90"),
        Figures("dearer by", "difference"),
        Figures("P(cheapest)", "probability", "share"),
    )
    rows = []
    for at in pricing.buyer.ranking:
        each = pricing.buyer.contracts[at]
        paid = each.paid
        rows.append((each.contract.name, paid.mean, paid.p10, paid.p50, paid.p90, each.dearer, each.cheapest))
    note = (
        "At the rates of the files, which the supplier need not offer. invoice: of the horizon"
        + (", and what is owed after it" if pricing.asked.whole_engagement else ", months pro rata")
        + ". dearer by: than the first of the table, paired."
    )
    return PriceTable("Buyer: what the shop pays, cheapest first", columns, tuple(rows), note, short="Buyer pays")


def unit_costs_table(pricing: Pricing) -> PriceTable:
    """What the shop has for it."""
    columns = (
        words_column("contract"),
        Figures("whole cost"),
        Figures("by contact"),
        Figures("by resolved"),
        Figures("by contact of\nthe supplier"),
        Figures("by order saved"),
        Figures("worth"),
        Figures("owed after"),
    )
    rows = []
    for at in pricing.buyer.ranking:
        each = pricing.buyer.contracts[at]
        units = (each.per_contact, each.per_resolved, each.paid_per_contact, each.per_order_saved)
        owed = mean_estimate(pricing.played.futures.commitment(each.contract))
        rows.append((each.contract.name, each.whole_cost.mean, *units, each.worth, owed))
    note = (
        "whole cost: invoice, the shop's own costs and lost orders. by contact, by resolved: invoice and own costs "
        "over all contacts served, over those resolved. of the supplier: invoice over contacts that it handled. "
        "by order saved: what the shop pays more than without the supplier, over the orders that it loses less. "
        "worth: whole cost without the supplier less whole cost. owed after: blocks and minimum billing until the shop "
        "is no longer bound, the most that this can cost beside."
    )
    return PriceTable("Buyer: what the shop has for it", columns, tuple(rows), note, short="Buyer by unit")


def service_table(pricing: Pricing) -> PriceTable:
    """What customers get, with the supplier and without; the same under every contract."""
    scenario, buyer = pricing.played.scenario, pricing.buyer
    columns = (
        words_column("channel"),
        Figures("P(target met)", "probability", "share"),
        Figures("without the supplier", "probability", "share"),
    )
    rows = tuple(
        (channel.title, buyer.met[c], buyer.met_without[c] if buyer.met_without is not None else None)
        for c, channel in enumerate(scenario.channels)
        if np.isfinite(buyer.met.value[c])
    )
    return PriceTable("Buyer: what customers get, under every contract", columns, rows, short="Service")


# ---- Demand ----------------------------------------------------------------------------------------------------------


def demand_table(pricing: Pricing) -> PriceTable:
    """The band of demand that all figures are over."""
    columns = (
        words_column(""),
        Figures("mean", unit="count"),
        Figures("P10", unit="count"),
        Figures("P50", unit="count"),
        Figures("P90", unit="count"),
    )
    rows = [(title, seen.mean, seen.p10, seen.p50, seen.p90) for _, title, seen in demand(pricing.played.futures)]
    return PriceTable("Demand band", columns, tuple(rows), short="Demand band")


def demand(futures: Futures) -> Iterator[tuple[str, str, Outcomes]]:
    """Key, title and amounts of what came, and of what it was for the supplier."""
    ours = list(futures.groups)
    for key, title, values in (
        ("volume", "enquiries, times their mean", futures.volume),
        ("contacts", "contacts served", futures.contacts),
        ("logged_hours", "hours of the supplier's people on duty", futures.logged_hours[:, ours].sum(axis=1)),
        ("busy_hours", "hours of theirs at work", futures.busy_hours[:, ours].sum(axis=1)),
    ):
        yield key, title, Outcomes(np.asarray(values, dtype=np.float64))


def levels_table(pricing: Pricing) -> PriceTable:
    """What each contract costs at each level of demand."""
    found = pricing.break_even
    columns = (words_column("contract"), *(Figures(f"{100 * level:.0f} %") for level in found.levels))
    rows = _by_level(found, found.expected)
    cheapest = [found.contracts[at].name for at in found.best]
    follow = "have so many times their number" if pricing.played.follow else "are as many as at the forecast"
    note = (
        f"Invoice at the rates of the files, at so much of the demand of the forecast; the supplier's agents {follow}, "
        "locked forecasts stay. "
        "Cheapest: "
        + ", ".join(f"{name} at {100 * level:.0f} %" for name, level in zip(cheapest, found.levels, strict=True))
        + "."
    )
    return PriceTable("Sensitivity: invoice by demand", columns, rows, note, short="By demand")


def margin_levels_table(pricing: Pricing, margin: Estimate) -> PriceTable:
    """What each contract brings its supplier at each level of demand."""
    found = pricing.break_even
    columns = (words_column("contract"), *(Figures(f"{100 * level:.0f} %") for level in found.levels))
    rows = _by_level(found, margin)
    note = "Margin at the rates of the files, at so much of the demand of the forecast."
    return PriceTable("Sensitivity: supplier's margin by demand", columns, rows, note, short="Margin by demand")


def crossings_table(pricing: Pricing) -> PriceTable:
    """Where two contracts cost the same."""
    found = pricing.break_even
    columns = (
        words_column("cheaper below"),
        words_column("cheaper above"),
        words_column("break-even demand"),
        words_column("interval"),
        words_column("the cheapest of all"),
    )
    rows = tuple(
        (
            found.contracts[each.below].name,
            found.contracts[each.above].name,
            f"{100 * each.level:.1f} %",
            crossing_interval(each),
            "changes here" if each.flips else "",
        )
        for each in found.crossings
    )
    note = "" if rows else "No two of these contracts cost the same at any demand between these levels."
    return PriceTable("Break-even demand of contracts", columns, rows, note, short="Break-even")


def crossing_interval(each: BreakEven) -> str:
    """The interval of a break-even, open where it goes on beyond the levels that were played."""
    low = f"{100 * each.low:.1f}" if np.isfinite(each.low) else "below"
    high = f"{100 * each.high:.1f} %" if np.isfinite(each.high) else "beyond"
    return f"{low} to {high}"


def regret_table(pricing: Pricing) -> PriceTable:
    """What a contract costs too much, should demand be another than the forecast."""
    found = pricing.break_even
    columns = (words_column("contract"), *(Figures(f"{100 * level:.0f} %") for level in found.levels))
    rows = _by_level(found, found.regret)
    note = "What is paid more than under the contract that is the cheapest at that demand, paired."
    return PriceTable("Regret: had the other contract been signed", columns, rows, note, short="Regret")


def _by_level(found: BreakEvens, figures: Estimate) -> tuple[tuple[Cell, ...], ...]:
    """Rows of figures [contract, level]."""
    return tuple(
        (contract.name, *(figures[at, place] for place in range(len(found.levels))))
        for at, contract in enumerate(found.contracts)
    )


# ---- Words -----------------------------------------------------------------------------------------------------------


def formula_lines(pricing: Pricing) -> Iterator[str]:
    """Price and service formula of each contract."""
    for contract in pricing.contracts:
        yield f"{contract.name}: {contract.title}"
        for title, words in price_words(contract):
            yield f"  {title}: {words}"
        for title, words in service_formulas(contract):
            yield f"  Service level, {title}: {words}"


def footnotes(pricing: Pricing) -> Text:
    """What the numbers mean."""
    lines = [
        f"Money in {pricing.played.scenario.currency}, nothing rounded but what is shown. ± is half of a "
        f"{CONFIDENCE:.0%} confidence interval over futures, [low-high] the interval of a probability; quantiles have "
        "intervals of order statistics.",
        "Every contract meets the same futures, so that differences are paired.",
    ]
    return Text("\n".join(lines), style="dim")
