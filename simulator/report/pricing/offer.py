"""What the supplier hands over: the contract to quote at its quoted rates, and nothing of its own costs and margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.planning.pricing.break_even import break_evens
from simulator.planning.pricing.risk import Outcomes
from simulator.report.pricing.assumptions import assumptions, run_facts
from simulator.report.pricing.report import crossings_table, levels_table, paid_table
from simulator.report.pricing.table import Figures, PriceTable, words_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.planning.pricing.pricing import Pricing
    from simulator.scenario.contract import Contract

_OWN = ("Asked",)
"""What the supplier asked of the price is not the buyer's to know."""


def offered(pricing: Pricing) -> Contract | None:
    """The contract to quote, at its quoted rates; None where none is quoted."""
    side = pricing.supplier
    at = side.recommended if side is not None else None
    return side.quotes[at].quote.quoted if side is not None and at is not None else None


def offer_title(pricing: Pricing) -> str:
    """What the sheet is called."""
    contract = offered(pricing)
    return f"Quote: {contract.title}" if contract is not None else "Contracts compared"


def offer_facts(pricing: Pricing, change: str = "") -> list[tuple[str, str]]:
    """What was played."""
    return [(name, words) for name, words in run_facts(pricing, change) if name not in _OWN]


def offer_tables(pricing: Pricing) -> Iterator[PriceTable]:
    """What it costs and how that moves with demand: of what is offered, or of all contracts where nothing is."""
    contract = offered(pricing)
    if contract is None:
        yield paid_table(pricing)
        yield levels_table(pricing)
        yield crossings_table(pricing)
        return
    yield invoice_table(pricing, contract)
    yield sensitivity_table(pricing, contract)


def invoice_table(pricing: Pricing, contract: Contract) -> PriceTable:
    """What the offer comes to, part by part."""
    settled = pricing.played.futures.settle(contract)
    parts = (
        ("charges", settled.of("charge").sum(axis=-1)),
        ("bonus", settled.of("bonus").sum(axis=-1)),
        ("malus", settled.of("malus").sum(axis=-1)),
        ("fees", settled.of("fee").sum(axis=-1)),
        ("invoice", settled.total),
        ("owed after the horizon", pricing.played.futures.commitment(contract)),
    )
    columns = (words_column(""), Figures("expected"), Figures("P10"), Figures("P50"), Figures("P90"))
    rows = []
    for name, amounts in parts:
        if name == "invoice" or amounts.any():
            seen = Outcomes(amounts)
            rows.append((name, seen.mean, seen.p10, seen.p50, seen.p90))
    return PriceTable("What it comes to", columns, tuple(rows), short="Price")


def sensitivity_table(pricing: Pricing, contract: Contract) -> PriceTable:
    """What the offer comes to at each level of demand."""
    asked = {level: pricing.played.levels[level] for level in pricing.asked.levels}
    columns = (
        words_column("demand, of the forecast"),
        Figures("invoice expected"),
        Figures("P10"),
        Figures("P50"),
        Figures("P90"),
        Figures("than at forecast", "difference"),
    )
    paid = dict(zip(asked, break_evens((contract,), asked).paid[0], strict=True))
    rows = []
    for level, amounts in paid.items():
        seen = Outcomes(amounts)
        more = Outcomes(amounts - paid[1.0]).mean
        rows.append((f"{100 * level:.0f} %", seen.mean, seen.p10, seen.p50, seen.p90, more))
    follow = "so many times their number" if pricing.played.follow else "as many as at the forecast"
    note = f"The supplier's agents are {follow}; locked forecasts stay."
    return PriceTable("Sensitivity to demand", columns, tuple(rows), note, short="Sensitivity")


def offer_sources(pricing: Pricing) -> list[tuple[str, str]]:
    """What, and its source: of what is offered and of the scenario; figures of one source together."""
    contract = offered(pricing)
    by_source: dict[tuple[str, str], list[str]] = {}
    for of, path, source in assumptions(pricing):
        of_others = contract is not None and of not in (contract.name, pricing.played.scenario.name)
        if not of_others and not path.startswith("suppliers"):
            by_source.setdefault((of, source), []).append(path)
    return [(f"{of}: {', '.join(paths)}", source) for (of, source), paths in by_source.items()]
