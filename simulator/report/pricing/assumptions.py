"""What a price rests on: what was played, and every figure's source as its file gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.demand.forecast import forecast_cv
from simulator.experiment import CONFIDENCE
from simulator.language import number
from simulator.scenario.units import DAY, format_share
from simulator.words import horizon_words

if TYPE_CHECKING:
    from simulator.planning.pricing.pricing import Pricing

_OF_A_PRICE = ("suppliers", "groups", "uncertainty", "day_factors", "campaigns", "busyness", "costs", "channels")
"""Sections of a scenario that a price rests on, the nearest to it first."""


def run_facts(pricing: Pricing, change: str = "") -> list[tuple[str, str]]:
    """What was played, and what was asked for."""
    played, asked = pricing.played, pricing.asked
    scenario, futures = played.scenario, played.futures
    uncertainty = scenario.uncertainty
    errors = forecast_cv(uncertainty, scenario.calendar.days)
    known = pricing.supplier is not None
    margin, risk = format_share(asked.target_margin), format_share(asked.risk)
    return [
        ("Scenario", f"{scenario.title} ({scenario.name}, content {scenario.content_hash[:12]})"),
        ("Horizon", horizon_words(scenario.calendar)),
        *([("Changed", change)] if change else []),
        ("Futures", f"{number(len(futures))}, seed {futures.seed}; the same for every contract"),
        (
            "Forecast error",
            f"drawn; made {uncertainty.lead / DAY:g} days ahead, {_rounded(errors[0])} on the first day and "
            f"{_rounded(errors[-1])} on the last",
        ),
        ("Supplier", _supplier(pricing)),
        *([("Asked", f"expected margin {margin} of expected revenue, P(loss) at most {risk}")] if known else []),
        (
            "Engagement",
            "what is owed after the horizon is in the price"
            if asked.whole_engagement
            else "priced for the horizon, months pro rata; what is owed after it stands beside",
        ),
        ("Intervals", f"{CONFIDENCE:.0%} confidence, over futures; differences are paired, future by future"),
    ]


def assumptions(pricing: Pricing) -> list[tuple[str, str, str]]:
    """Which file, which figures, and their source: of the contracts and of what the scenario says of a price."""
    scenario = pricing.played.scenario
    found = [
        (contract.name, path, source) for contract in pricing.contracts for path, source in contract.sources.items()
    ]
    for section in _OF_A_PRICE:
        found += [
            (scenario.name, path, source) for path, source in scenario.sources.items() if path.split(".")[0] == section
        ]
    return found


def _rounded(share: float) -> str:
    return f"{number(100 * share, 1)} %"


def _supplier(pricing: Pricing) -> str:
    scenario, futures = pricing.played.scenario, pricing.played.futures
    groups = ", ".join(scenario.groups[g].title for g in futures.groups)
    if futures.supplier is None:
        return f"{groups}; the scenario has no table of a supplier, so its costs are not known and its view is left out"
    return f"{scenario.supplier(futures.supplier).title}: {groups}"
