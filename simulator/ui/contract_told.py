"""Priced contracts in words, cards and tables: the supplier's side and the buyer's, each figure with its interval."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.charts import CostCurve, Flip, flip_words
from simulator.language import number, percent, say
from simulator.ui.cards import STYLE
from simulator.words import estimate_text, probability_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.experiment import Estimate
    from simulator.planning.pricing.break_even import BreakEvens
    from simulator.planning.pricing.buyer_view import BuyerContract, BuyerView
    from simulator.planning.pricing.quote import Quote
    from simulator.planning.pricing.risk import Outcomes
    from simulator.planning.pricing.supplier_view import SupplierView

_STYLE = """
<style>
.ruuhka-card .side { font-size: .78rem; font-weight: 600; margin: .15rem 0 .1rem; letter-spacing: .02em; }
.ruuhka-card .sides { display: grid; gap: .45rem; min-width: 0; }
.ruuhka-card h3 mark { background: none; color: inherit; font-size: .72rem; font-weight: 600; padding: 0 .35rem;
  border: 1px solid currentColor; border-radius: .6rem; white-space: nowrap; }
</style>
"""


def contract_cards(
    titles: Sequence[str],
    moved: Sequence[bool],
    supplier: Sequence[SupplierView | None],
    quotes: Sequence[Quote | None],
    buyer: BuyerView,
    currency: str,
) -> str:
    """A card for each contract, cheapest for the buyer first: what the supplier has of it, and what the buyer."""
    cards = [
        _card(place, titles[k], supplier[k], quotes[k], buyer.contracts[k], currency, moved=moved[k])
        for place, k in enumerate(buyer.ranking)
    ]
    return f'{STYLE}{_STYLE}<div class="ruuhka-cards">{"".join(cards)}</div>'


def quote_words(quote: Quote) -> str:
    """The rate to quote, or why there is none."""
    if quote.factor is None:
        return say("contracts.no_quote", why=say(f"contracts.refusal.{(quote.refused or 'risk').replace(' ', '_')}"))
    return say("contracts.quote", change=_change(quote.factor), by=say(f"contracts.binding.{quote.binding}"))


def curves(found: BreakEvens, titles: Sequence[str]) -> list[CostCurve]:
    """What the chart shows of each contract."""
    of = found.expected
    return [CostCurve(title, of.value[k], of.low[k], of.high[k]) for k, title in enumerate(titles)]


def flips(found: BreakEvens, titles: Sequence[str]) -> list[Flip]:
    """Where the cheapest contract changes."""
    return [
        Flip(
            each.level,
            each.low,
            each.high,
            titles[each.below],
            titles[each.above],
            float(np.interp(each.level, found.levels, found.expected.value[each.above])),
        )
        for each in found.flips
    ]


def flips_words(found: BreakEvens, titles: Sequence[str]) -> str:
    """The same in a sentence."""
    told = [
        say(
            "contracts.flip",
            level=flip_words(each, found.levels),
            below=each.cheaper_below,
            above=each.cheaper_above,
        )
        for each in flips(found, titles)
    ]
    return " ".join(told) if told else say("contracts.no_flip", title=titles[found.best[0]])


def regret_table(found: BreakEvens, titles: Sequence[str], currency: str) -> pd.DataFrame:
    """What is paid more than under the best contract of each level."""
    columns: dict[str, list[str]] = {say("contracts.contract"): list(titles)}
    for at, level in enumerate(found.levels):
        title = say("contracts.at_forecast") if level == 1.0 else f"{'+' if level > 1 else ''}{percent(level - 1)}"
        columns[title] = [
            say("contracts.best") if found.best[at] == k else estimate_text(found.regret[k, at], "currency", currency)
            for k in range(len(titles))
        ]
    return pd.DataFrame(columns)


def _card(
    place: int,
    title: str,
    view: SupplierView | None,
    quote: Quote | None,
    bought: BuyerContract,
    currency: str,
    *,
    moved: bool,
) -> str:
    def money(estimate: Estimate | None, *, signed: bool = False) -> str:
        return (
            say("contracts.not_told")
            if estimate is None
            else estimate_text(estimate, "currency", currency, signed=signed)
        )

    def spread(outcomes: Outcomes) -> str:
        low, high = (number(float(each.value)) for each in (outcomes.p10, outcomes.p90))
        return say("contracts.spread", low=low, high=high)

    sides = []
    if view is not None:
        share = say("contracts.of_revenue", share=estimate_text(view.margin_share, "share"))
        figures = [
            (say("contracts.revenue"), money(view.revenue.mean), spread(view.revenue)),
            (
                say("contracts.margin"),
                money(view.margin.mean),
                f"{spread(view.margin)}; {share}",
            ),
            (
                say("contracts.loss"),
                probability_text(view.margin.below()),
                say("contracts.worst_tenth", money=money(view.margin.expected_shortfall())),
            ),
            _quoted(quote) if quote is not None else (say("contracts.to_quote"), "…", ""),
        ]
        sides.append((say("contracts.supplier"), figures))
    dearer = say("contracts.cheapest") if place == 0 else say("contracts.dearer", money=money(bought.dearer))
    sides.append(
        (
            say("contracts.buyer"),
            [
                (say("contracts.pays"), money(bought.paid.mean), spread(bought.paid)),
                (say("contracts.whole_cost"), money(bought.whole_cost.mean), dearer),
                (
                    say("contracts.per_contact"),
                    money(bought.per_contact),
                    say("contracts.per_resolved", money=money(bought.per_resolved)),
                ),
                (
                    say("contracts.per_order"),
                    money(bought.per_order_saved),
                    say("contracts.worth", money=money(bought.worth, signed=True)) if bought.worth is not None else "",
                ),
            ],
        )
    )
    inner = "".join(f'<div><div class="side">{escape(side)}</div>{_list(figures)}</div>' for side, figures in sides)
    mark = f" <mark>{escape(say('contracts.moved'))}</mark>" if moved else ""
    risk = " ".join(bought.contract.risk.split())
    return (
        f'<article class="ruuhka-card" data-contract="{escape(bought.contract.name)}"><h3>{escape(title)}{mark}'
        f'<small>{escape(risk)}</small></h3><div class="sides">{inner}</div></article>'
    )


def _quoted(quote: Quote) -> tuple[str, str, str]:
    title = say("contracts.to_quote")
    if quote.factor is None:
        return title, say("contracts.none"), say(f"contracts.refusal.{(quote.refused or 'risk').replace(' ', '_')}")
    return title, _change(quote.factor), say(f"contracts.binding.{quote.binding}")


def _change(factor: Estimate) -> str:
    """A factor as the change that it is, with its interval: +8 % [+5, +11]."""
    value, low, high = (100 * (float(each) - 1) for each in (factor.value, factor.low, factor.high))
    between = f"{number(low, signed=True)}, {number(high, signed=True)}"
    return f"{say('forms.unit.percent', number=number(value, 1, signed=True))} [{between}]"


def _list(figures: Sequence[tuple[str, str, str]]) -> str:
    rows = (
        f'<div><dt>{escape(label)}</dt><dd class="value">{escape(value)}</dd><dd>{escape(also)}</dd></div>'
        for label, value, also in figures
    )
    return f"<dl>{''.join(rows)}</dl>"
