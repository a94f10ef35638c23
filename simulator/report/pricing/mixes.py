"""Tables of mixes: the buyer's cheapest, what a week's lead is worth, and what the supplier best holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import NOTHING, number
from simulator.report.pricing.table import Figures, PriceTable, words_column
from simulator.scenario.units import DAY, format_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.planning.pricing.newsvendor import Holding
    from simulator.planning.pricing.pricing import Pricing
    from simulator.scenario.model import Scenario

SHOWN = 6
"""Rows of a table of mixes."""


def mix_tables(pricing: Pricing) -> Iterator[PriceTable]:
    """Those that were played."""
    if pricing.mix is not None:
        yield mix_table(pricing)
    if pricing.commitments:
        yield commitment_table(pricing)
    if pricing.held is not None:
        yield held_table(pricing)


def mix_words(scenario: Scenario, mix: Mapping[str, int]) -> str:
    """Agents more or fewer of each group; as today where there are none."""
    title = {group.name: group.title for group in scenario.groups}
    parts = [f"{title[name]} {extra:+d}" for name, extra in mix.items() if extra]
    return ", ".join(parts) or "as today"


def mix_table(pricing: Pricing) -> PriceTable:
    """The cheapest mixes that keep the targets, or the cheapest of all where none does."""
    assert pricing.mix is not None
    scenario, found = pricing.played.scenario, pricing.mix
    # Without anybody of the supplier's all contracts come to the same: to none.
    different = [each for each in found.priced if each.signed or each.contract == found.priced[0].contract]
    kept = [each for each in different if each.keeps]
    columns = (
        words_column("agents"),
        words_column("contract"),
        words_column("targets"),
        Figures("invoice"),
        Figures("whole cost"),
    )
    rows = tuple(
        (
            mix_words(scenario, each.mix),
            each.contract.name if each.signed else "none",
            each.verdict,
            each.paid,
            each.whole_cost,
        )
        for each in (kept or different)[:SHOWN]
    )
    asked = format_share(found.probability)
    note = (
        f"Cheapest first by whole cost, at the rates of the files; every target is met with {asked} or more. kept: and "
        "the whole interval says so."
        if kept
        else f"No mix that was played meets every target with {asked}; these cost least."
    )
    return PriceTable(f"Mix of agents that meets the targets with {asked}", columns, rows, note, short="Mix")


def commitment_table(pricing: Pricing) -> PriceTable:
    """The best mix under each lead."""
    scenario = pricing.played.scenario
    columns = (
        words_column("decided ahead"),
        words_column("best mix"),
        words_column("targets"),
        Figures("whole cost"),
        Figures("dearer by", "difference"),
        Figures("same mix\ndearer by", "difference"),
    )
    rows = tuple(
        (
            f"{each.lead / DAY:g} days",
            mix_words(scenario, each.best.mix),
            each.best.verdict,
            each.best.whole_cost,
            each.dearer,
            each.same_dearer,
        )
        for each in pricing.commitments
    )
    note = (
        f"Under {pricing.commitments[0].best.contract.name}. The later it is decided, the less the forecast errs. "
        "dearer by: the best mix of that lead, than that of the scenario's own lead, paired. same mix: the best of the "
        "own lead, under that lead."
    )
    if any(each.best.verdict != "kept" for each in pricing.commitments):
        note += (
            " Where it cannot be told whether the targets are kept, luck has a part in which mix is the best, and in "
            "what it is dearer by; same mix is free of that."
        )
    return PriceTable("Worth of a week's earlier or later commitment", columns, rows, note, short="Commitment")


def held_table(pricing: Pricing) -> PriceTable:
    """Agents to hold as base and on call."""
    held = pricing.held
    assert held is not None
    columns = (
        words_column("base"),
        words_column("on call"),
        Figures("margin"),
        Figures("best is better by", "difference"),
        Figures("handled", unit="share"),
    )
    shown = [each for each in held.choices if each.delivers][:SHOWN]
    paid_for_nothing = held.paid_for_not_coming
    rows = tuple(
        (f"{each.base:+d}", f"{each.on_call:+d}", each.margin, each.better, each.handled)
        for each in (*shown, *(() if paid_for_nothing is None else (paid_for_nothing,)))
    )
    start = NOTHING if held.start is None else _newsvendor(held.start)
    note = (
        f"Agents more or fewer than the scenario has, of {held.base} and {held.on_call or 'nobody'}; under "
        f"{held.contract.name} at its quoted rates. handled: billed contacts, over those at the planned staffing; "
        f"less than {format_share(held.least_handled)} is not advised, whatever it brings. What is offered and was "
        f"forecast stays as planned. The newsvendor's answer, where nobody queues: {start}."
    )
    if paid_for_nothing is not None:
        note += (
            "\nThe contract pays its supplier for not coming: the last row brings it more than the best, and handles "
            "less than is asked. Fees that are paid in any case, and a malus that seldom bites, do that."
        )
    return PriceTable("Supplier: agents to hold", columns, rows, note, short="Agents to hold")


def _newsvendor(start: Holding) -> str:
    return f"{number(start.base, 1, signed=True)} as base, {number(start.on_call, 1, signed=True)} on call"
