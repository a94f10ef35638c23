"""A price as a workbook: every table of the report, with intervals, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.experiment.estimate import Estimate
from simulator.report.pricing.assumptions import assumptions, run_facts
from simulator.report.pricing.clauses import price_words, service_formulas
from simulator.report.pricing.offer import offer_facts, offer_sources, offer_tables, offer_title, offered
from simulator.report.pricing.report import demand_table, price_tables
from simulator.report.sheets import FORMATS
from simulator.report.workbook import Column, Sheet, xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.planning.pricing.pricing import Pricing
    from simulator.report.pricing.table import Cell, Figures, PriceTable
    from simulator.scenario.contract import Contract


def price_xlsx(pricing: Pricing, change: str = "") -> bytes:
    """The workbook of a price: all that both sides may want to know."""
    return xlsx(price_sheets(pricing, change))


def quote_xlsx(pricing: Pricing, change: str = "") -> bytes:
    """The quote sheet as a workbook, for the buyer: the supplier's costs and margin are not in it."""
    return xlsx(quote_sheets(pricing, change))


def price_sheets(pricing: Pricing, change: str = "") -> Iterator[Sheet]:
    """What was run, each table, the clauses of each contract, and where figures come from."""
    yield _facts(run_facts(pricing, change))
    currency = pricing.played.scenario.currency
    for table in price_tables(pricing):
        yield as_sheet(table, currency)
    yield _clauses(pricing.contracts)
    yield Sheet("Assumptions", [Column("of"), Column("figures"), Column("source")], assumptions(pricing), 2)


def quote_sheets(pricing: Pricing, change: str = "") -> Iterator[Sheet]:
    """What is offered and on what it rests."""
    contract, currency = offered(pricing), pricing.played.scenario.currency
    yield _facts([("Sheet", offer_title(pricing)), *offer_facts(pricing, change)])
    yield _clauses(pricing.contracts if contract is None else (contract,))
    for table in (*offer_tables(pricing), demand_table(pricing)):
        yield as_sheet(table, currency)
    yield Sheet("Assumptions", [Column("figures"), Column("source")], offer_sources(pricing))


def _facts(facts: list[tuple[str, str]]) -> Sheet:
    return Sheet("About", [Column("what"), Column("")], facts)


def _clauses(contracts: Sequence[Contract]) -> Sheet:
    clauses: list[tuple[str, str, str]] = []
    for contract in contracts:
        clauses.append((contract.name, "Risk", " ".join(contract.risk.split())))
        clauses += [(contract.name, title, words) for title, words in price_words(contract)]
        clauses += [(contract.name, f"Service level: {title}", words) for title, words in service_formulas(contract)]
    return Sheet("Contracts", [Column("contract"), Column("clause"), Column("")], clauses, 2)


def as_sheet(table: PriceTable, currency: str) -> Sheet:
    """The table for a spreadsheet: of each figure its value and both ends of its interval."""
    columns: list[Column] = []
    for column in table.columns:
        if column.kind == "text":
            columns.append(Column(column.title))
            continue
        unit = f" ({currency})" if column.unit == "currency" else ""
        form = FORMATS[column.unit]
        columns += [Column(f"{column.title}{unit}", form), Column("from", form), Column("to", form)]
    rows = [list(_numbers(row, table.columns)) for row in table.rows]
    return Sheet(table.short, columns, rows, table.texts)


def _numbers(row: Sequence[Cell], columns: Sequence[Figures]) -> Iterator[str | float]:
    for cell, column in zip(row, columns, strict=True):
        if column.kind == "text":
            yield cell if isinstance(cell, str) else ""
        elif isinstance(cell, Estimate):
            yield from (float(cell.value), float(cell.low), float(cell.high))
        else:
            yield from (float("nan"),) * 3
