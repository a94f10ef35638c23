"""What the promises of a plan cost, and what one more agent would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.language import NOTHING
from simulator.planning.staffing.burdens import burdens, one_more
from simulator.report.plan.asked import short_contract_words
from simulator.report.plan.found import when_words
from simulator.report.tables import new_table
from simulator.scenario.units import format_clock
from simulator.words import day_words, value_text

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.measures import Unit
    from simulator.planning.staffing.requirement import Requirement

MOST_BURDENS = 8
"""Targets that are shown, the dearest."""
SMALL = 0.05
"""Contacts; an agent who brings less than this in an hour is not worth a line."""


def burdens_table(requirement: Requirement) -> list[Table]:
    """Where the targets make the plan dearer; no table where none does, or the goal is not kept."""
    goal, scenario = requirement.goal, requirement.evaluator.scenario
    if not requirement.kept:
        return []
    found = burdens(requirement.worth)
    if not found:
        return []
    judged = (goal.judged(requirement.played).sum(axis=0) > 0).sum()
    shown = "" if len(found) <= MOST_BURDENS else f", the {MOST_BURDENS} dearest"
    title = f"What the targets cost: {len(found)} of {judged} make the plan dearer{shown}"
    table = new_table(title, "target", "when", "the last contact within it costs", texts=2)
    for burden in found[:MOST_BURDENS]:
        channel = scenario.channels[goal.channels[burden.row]]
        when = when_words(scenario, goal.periods[burden.row], burden.first)
        price = price_text(requirement, burden.price)
        table.add_row(f"{channel.title}, {short_contract_words(scenario, goal, burden.row)}", when, price)
    return [table]


def one_more_table(requirement: Requirement) -> list[Table]:
    """What one more agent brings, by the hour of that day on which it brings most; no table where it brings nothing."""
    scenario, calendar = requirement.evaluator.scenario, requirement.evaluator.scenario.calendar
    found = one_more(requirement.worth, scenario, requirement.pay, requirement.search.bounds.on_duty)
    of_all = found.contacts.sum(axis=0)
    day = int(np.argmax(np.bincount(found.day, np.maximum(of_all, 0.0).sum(axis=0), calendar.days)))
    groups = np.flatnonzero(found.price.any(axis=1)).tolist()
    places = np.flatnonzero((found.day == day) & (np.abs(of_all) > SMALL).any(axis=0)).tolist()
    if not places:
        return []
    saves = ["saves"] if requirement.kept else []
    headings = [part for g in groups for part in (f"{scenario.groups[g].title}: contacts", *saves)]
    table = new_table(f"One more agent, {day_words(calendar, day)}", "from", *headings)
    for h in places:
        cells = []
        for g in groups:
            there = found.price[g, h] > 0
            contacts = float(of_all[g, h]) if there else float("nan")
            cells.append(value_text(contacts, "count", 1))
            if requirement.kept:
                cells.append(price_text(requirement, float(found.saved[g, h])) if there else NOTHING)
        table.add_row(format_clock(3600 * int(found.clock[h])), *cells)
    if requirement.kept:
        own = [price_text(requirement, float(found.price[g].max())) for g in groups]
        table.add_row("costs", *(part for price in own for part in ("", price)), end_section=True)
    return [table]


def price_text(requirement: Requirement, price: float) -> str:
    """In the scenario's currency, or in paid hours."""
    in_currency = requirement.pay.in_currency
    currency = requirement.evaluator.scenario.currency
    unit: Unit = "currency" if in_currency else "hours"
    text = value_text(price, unit, 2 if price < 10 else 0, currency if in_currency else "")
    return text if in_currency else f"{text} h"
