"""The quote sheet: one page on paper with what is offered, on what it rests, and how it moves with demand."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.language import speaking
from simulator.report.pricing.clauses import price_words, service_formulas
from simulator.report.pricing.offer import offer_facts, offer_sources, offer_tables, offer_title, offered
from simulator.report.pricing.report import demand_table
from simulator.report.pricing.table import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.planning.pricing.pricing import Pricing
    from simulator.report.pricing.table import PriceTable

_STYLE = """
body { font: 13px/1.4 "Liberation Sans", Arial, Helvetica, sans-serif; color: #222; background: #fff;
  max-width: 1060px; margin: 1.5em auto; padding: 0 1em; }
h1 { font-size: 1.6em; margin: 0; } h2 { font-size: 1.05em; margin: .9em 0 .2em; border-bottom: 2px solid #999; }
p { margin: .25em 0; } .faint { color: #555; }
.columns { columns: 2; column-gap: 1.6em; } .columns > * { break-inside: avoid; }
.columns h2 { margin-top: 0; padding-top: .4em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1em .9em; margin: .2em 0; }
dt { font-weight: bold; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: .12em .5em .12em 0; text-align: right; vertical-align: top; border-bottom: 1px solid #ddd; }
th { font-weight: normal; color: #555; vertical-align: bottom; } .words { text-align: left; }
td { white-space: nowrap; } td.words { white-space: normal; }
figure { margin: .3em 0 0; } figure svg { max-width: 100%; height: auto; }
@page { size: A4; margin: 9mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 9px; line-height: 1.3; } }
"""
"""On paper the letters are as small as one page of A4 asks for."""


@speaking("en")
def quote_page(pricing: Pricing, change: str = "", pictures: Sequence[str] = ()) -> str:
    """The sheet as one HTML file, which opens without a network and prints on one page of A4.

    It is for the buyer: the supplier's costs and margin are not on it. Without a rate to quote it compares contracts.

    Parameters
    ----------
    change
        What differs from the files.
    pictures
        Charts as SVG, which stand beside each other.
    """
    title = offer_title(pricing)
    figures = "".join(f"<figure>{picture}</figure>" for picture in pictures)
    tables = "".join(_table(table, pricing) for table in offer_tables(pricing))
    facts = _list(offer_facts(pricing, change)) + _table(demand_table(pricing), pricing)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(title)}</h1>
<p class="faint">{escape(pricing.played.scenario.title)}</p>
<div class="columns">
{"".join(_terms(pricing))}
<section><h2>What it rests on</h2>{facts}</section>
</div>
<section>{tables}</section>
<div class="columns">{figures}</div>
<section><h2>Assumptions and their sources</h2>{_sources(pricing)}</section>
</body>
</html>
"""


def _terms(pricing: Pricing) -> Iterator[str]:
    """Price and service formula: of what is offered, or of all contracts."""
    offer = offered(pricing)
    for contract in (offer,) if offer is not None else pricing.contracts:
        title = "Price" if offer is not None else contract.title
        yield f"<section><h2>{escape(title)}</h2>{_list(price_words(contract))}"
        yield "<h2>Service formula</h2>" if offer is not None else ""
        yield _list(service_formulas(contract))
        yield f'<p class="faint">{escape(" ".join(contract.risk.split()))}</p></section>'


def _sources(pricing: Pricing) -> str:
    rows = (f"<b>{escape(what)}</b> {escape(source)}" for what, source in offer_sources(pricing))
    return "<p>" + " · ".join(rows) + "</p>"


def _list(rows: Sequence[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in rows) + "</dl>"


def _table(table: PriceTable, pricing: Pricing) -> str:
    currency = pricing.played.scenario.currency
    kinds = [' class="words"' if column.kind == "text" else "" for column in table.columns]
    heads = "".join(f"<th{kind}>{escape(each.title)}</th>" for kind, each in zip(kinds, table.columns, strict=True))
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{kind}>{escape(cell_text(cell, column, ''))}</td>"
            for cell, column, kind in zip(row, table.columns, kinds, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    note = f'<p class="faint">{escape(table.note)}</p>' if table.note else ""
    unit = f", {currency}" if any(c.unit == "currency" and c.kind != "text" for c in table.columns) else ""
    return f"<h2>{escape(table.title)}{escape(unit)}</h2><table><thead><tr>{heads}</tr></thead>{rows}</table>{note}"
