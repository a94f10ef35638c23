"""A price as one JSON document for scripts. Its keys are described in `docs/pricing.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.estimate import CONFIDENCE, mean_estimate
from simulator.language import speaking
from simulator.report.document import estimate_document
from simulator.report.json_output import number
from simulator.report.pricing.clauses import price_words, service_formulas
from simulator.report.pricing.report import demand, recommended_words
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.experiment import Estimate
    from simulator.planning.pricing.buyer_view import BuyerContract
    from simulator.planning.pricing.pricing import Pricing, Quoted, SupplierSide
    from simulator.planning.pricing.risk import Outcomes
    from simulator.planning.pricing.supplier_view import SupplierView
    from simulator.scenario.contract import Contract


@speaking("en")
def price_document(pricing: Pricing) -> dict[str, object]:
    """`ruuhka price --json`."""
    played, asked = pricing.played, pricing.asked
    scenario, futures = played.scenario, played.futures
    names = [contract.name for contract in pricing.contracts]
    side = pricing.supplier
    return {
        "run": {
            "title": scenario.title,
            "scenario_sha256": scenario.content_hash,
            "currency": scenario.currency,
            "seed": futures.seed,
            "futures": len(futures),
            "confidence": CONFIDENCE,
            "supplier": futures.supplier,
            "groups": [scenario.groups[g].name for g in futures.groups],
        },
        "asked": {
            "risk": asked.risk,
            "margin": asked.target_margin,
            "probability": asked.probability,
            "levels": list(asked.levels),
            "follow": played.follow,
            "whole_engagement": asked.whole_engagement,
        },
        "contracts": {contract.name: contract_document(contract) for contract in pricing.contracts},
        "demand": {name: of_outcomes(outcomes) for name, _, outcomes in demand(futures)},
        "supplier": None if side is None else supplier_document(side),
        "recommended": None if side is None or side.recommended is None else names[side.recommended],
        "told": recommended_words(pricing),
        "buyer": buyer_document(pricing),
        "levels": levels_document(pricing),
        "mix": mix_document(pricing),
    }


def contract_document(contract: Contract) -> dict[str, object]:
    """What is agreed, in words."""
    return {
        "title": contract.title,
        "risk": contract.risk,
        "price": dict(price_words(contract)),
        "service_levels": dict(service_formulas(contract)),
    }


def supplier_document(side: SupplierSide) -> dict[str, object]:
    """The supplier's side."""
    return {
        "cost": {
            "total": estimate_document(mean_estimate(side.cost.total)),
            "parts": {name: estimate_document(mean_estimate(part)) for name, part in side.cost.parts.items()},
        },
        "contracts": {view.contract.name: view_document(view) for view in side.views},
        "quotes": {each.quote.contract.name: quoted_document(each) for each in side.quotes},
    }


def view_document(view: SupplierView) -> dict[str, object]:
    """A contract as its supplier sees it."""
    return {
        "revenue": of_outcomes(view.revenue),
        "margin": of_outcomes(view.margin),
        "margin_share": estimate_document(view.margin_share),
        "worst_tenth": estimate_document(view.margin.expected_shortfall()),
        "p_loss": estimate_document(view.margin.below()),
        **{
            name: estimate_document(part.mean)
            for name, part in (
                ("charges", view.charges),
                ("bonus", view.bonus),
                ("malus", view.malus),
                ("fees", view.fees),
                ("malus_worth", view.malus_worth),
                ("idle_hours", view.idle_hours),
            )
        },
    }


def quoted_document(quoted: Quoted) -> dict[str, object]:
    """The rate to quote, or why there is none."""
    found = quoted.quote
    return {
        "factor": _maybe(found.factor),
        "for_margin": _maybe(found.for_margin),
        "for_risk": _maybe(found.for_risk),
        "decided_by": None if found.factor is None else found.binding,
        "refused": found.refused,
        "why": found.why or None,
        "price": None if found.quoted is None else dict(price_words(found.quoted)),
        "then": None if quoted.view is None else view_document(quoted.view),
        "bound_to_pay": None if quoted.bound is None else of_outcomes(quoted.bound),
    }


def buyer_document(pricing: Pricing) -> dict[str, object]:
    """The buyer's side."""
    buyer, channels = pricing.buyer, pricing.played.scenario.channels
    without = buyer.met_without
    return {
        "ranking": [pricing.contracts[at].name for at in buyer.ranking],
        "contracts": {each.contract.name: bought_document(pricing, each) for each in buyer.contracts},
        "target_met": {
            channel.name: {
                "with": estimate_document(buyer.met[c]),
                "without": None if without is None else estimate_document(without[c]),
            }
            for c, channel in enumerate(channels)
        },
        "orders_saved": _maybe(buyer.orders_saved),
    }


def bought_document(pricing: Pricing, each: BuyerContract) -> dict[str, object]:
    """A contract as the shop sees it."""
    return {
        "invoice": of_outcomes(each.paid),
        "owed_after": estimate_document(mean_estimate(pricing.played.futures.commitment(each.contract))),
        "whole_cost": of_outcomes(each.whole_cost),
        "per_contact": estimate_document(each.per_contact),
        "per_resolved": estimate_document(each.per_resolved),
        "paid_per_contact": _maybe(each.paid_per_contact),
        "paid_per_resolved": _maybe(each.paid_per_resolved),
        "per_order_saved": _maybe(each.per_order_saved),
        "worth": _maybe(each.worth),
        "dearer": estimate_document(each.dearer),
        "p_cheapest": estimate_document(each.cheapest),
    }


def levels_document(pricing: Pricing) -> dict[str, object]:
    """Contracts over levels of demand."""
    found, margin = pricing.break_even, pricing.margin_by_level
    names = [contract.name for contract in found.contracts]
    return {
        "levels": list(found.levels),
        "cheapest": [names[at] for at in found.best],
        "invoice": _by_level(names, found.expected),
        "regret": _by_level(names, found.regret),
        "margin": None if margin is None else _by_level(names, margin),
        "break_even": [
            {
                "below": names[each.below],
                "above": names[each.above],
                "level": number(each.level),
                "low": number(each.low),
                "high": number(each.high),
                "flips": each.flips,
            }
            for each in found.crossings
        ],
    }


def mix_document(pricing: Pricing) -> dict[str, object] | None:
    """Mixes of agents; null where none was played."""
    if pricing.mix is None:
        return None
    channels, held = pricing.played.scenario.channels, pricing.held
    return {
        "priced": [
            {
                "extra": each.mix,
                "contract": each.contract.name,
                "invoice": estimate_document(each.paid),
                "whole_cost": estimate_document(each.whole_cost),
                "target_met": {channel.name: estimate_document(each.met[c]) for c, channel in enumerate(channels)},
                "keeps": each.keeps,
                "told": each.verdict,
                "signed": each.signed,
            }
            for each in pricing.mix.priced
        ],
        "commitment": [
            {
                "lead_days": each.lead / DAY,
                "extra": each.best.mix,
                "whole_cost": estimate_document(each.best.whole_cost),
                "dearer": estimate_document(each.dearer),
                "told": each.best.verdict,
                "same_dearer": _maybe(each.same_dearer),
            }
            for each in pricing.commitments
        ],
        "held": None
        if held is None
        else {
            "contract": held.contract.name,
            "groups": {"base": held.base, "on_call": held.on_call},
            "least_handled": held.least_handled,
            "newsvendor": None if held.start is None else {"base": held.start.base, "on_call": held.start.on_call},
            "choices": [
                {
                    "base": each.base,
                    "on_call": each.on_call,
                    "margin": estimate_document(each.margin),
                    "best_is_better_by": estimate_document(each.better),
                    "handled": estimate_document(each.handled),
                    "delivers": each.delivers,
                }
                for each in held.choices
            ],
        },
    }


def of_outcomes(outcomes: Outcomes) -> dict[str, object]:
    """Mean and quantiles, each with its interval."""
    return {
        "mean": estimate_document(outcomes.mean),
        "p10": estimate_document(outcomes.p10),
        "p50": estimate_document(outcomes.p50),
        "p90": estimate_document(outcomes.p90),
    }


def _by_level(names: list[str], figures: Estimate) -> Mapping[str, object]:
    """Figures [contract, level] by name of the contract."""
    levels = range(np.shape(figures.value)[1])
    return {name: [estimate_document(figures[at, place]) for place in levels] for at, name in enumerate(names)}


def _maybe(estimate: Estimate | None) -> dict[str, float | None] | None:
    return None if estimate is None else estimate_document(estimate)
