"""What `ruuhka plan` prints: what was asked, agents by group, what customers get for them, what the promises cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Group as Lines
from rich.text import Text

from simulator.experiment import CONFIDENCE
from simulator.language import NOTHING
from simulator.planning.staffing.whole_agents import WEEK
from simulator.report.plan.asked import budget_words, contract_words, period_noun
from simulator.report.plan.found import found_words, judged_words
from simulator.report.plan.marginal import burdens_table, one_more_table, price_text
from simulator.report.plan.messages import messages_words
from simulator.report.plan.rounding import rounding_words
from simulator.report.tables import new_table
from simulator.scenario.units import format_clock
from simulator.words import day_words, estimate_text, grid_words, probability_text, replications_words, value_text

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rich.console import RenderableType
    from rich.table import Table

    from simulator.measures import Unit
    from simulator.planning.shifts.by_simulation import EnoughShifts
    from simulator.planning.staffing.plan import Plan
    from simulator.planning.staffing.requirement import Requirement
    from simulator.report.plan.asked import AskedBudget

    Floats = NDArray[np.float64]

MOST_DAYS = 7
"""Days that are shown hour by hour."""


def plan_report(
    requirement: Requirement,
    plan: Plan,
    change: str = "",
    budget: AskedBudget | None = None,
    enough: EnoughShifts | None = None,
) -> RenderableType:
    """The whole report; `change` says what differs from the scenario file, `enough` which shifts the staffing is of."""
    scenario = plan.scenario
    head = Text.assemble((scenario.title, "bold"), f"\n{grid_words(scenario.calendar)}")
    if change:
        head.append(f"\n{change}")
    lines = contract_words(scenario, plan.goal)
    if budget is not None:
        planned = plan.planned.pay
        taken = planned.paid_hours if budget.unit == "hours" else planned.planned
        lines.append(budget_words(scenario, budget, planned, taken(plan.staffing)))
    tested = plan.planned.experiment
    runs = replications_words(tested.replications)
    lines += [
        *found_words(requirement, budget),
        f"All figures of what customers get: {runs} of seed {tested.seed}, which the plan was not fitted to",
    ]
    head.append("\n" + "\n".join(lines))
    head.append(f"\n{judged_words(plan, fitted=requirement.kept)}\n{cost_words(plan)}", "bold")
    if enough is not None:
        cost = price_text(requirement, enough.cost)
        head.append(f" As shifts, with premiums and without unpaid breaks: {cost}.", "bold")
    head.append("".join(f"\n{line}" for line in at_once_words(plan)))
    marginal = [*burdens_table(requirement), *one_more_table(requirement)]
    tables = [channels_table(plan), groups_table(plan), *hours_tables(plan), *marginal]
    spaced = [part for table in tables for part in (Text(), table)]
    on_call = any(group.on_call is not None for group in scenario.groups)
    told = Text("\n".join([*rounding_words(requirement), *messages_words(plan)]))
    return Lines(head, *spaced, Text(), *([told] if told else []), footnotes(marginal=bool(marginal), on_call=on_call))


def cost_words(plan: Plan) -> str:
    """What the plan costs, and what today's staffing does: agents and their overtime."""
    currency = plan.scenario.currency if plan.today.pay.in_currency else ""
    unit: Unit = "currency" if plan.today.pay.in_currency else "hours"
    today, planned = (value_text(side.cost, unit, 0, currency) for side in (plan.today, plan.planned))
    difference = estimate_text(plan.cost_difference, unit, currency, signed=True)
    change = (plan.planned.cost / plan.today.cost - 1.0) if plan.today.cost else float("nan")
    told = f", {value_text(change, 'share', 1)}" if change == change else ""
    return f"Agents and overtime: {planned} by the plan, {today} today ({difference}{told})."


def at_once_words(plan: Plan) -> list[str]:
    """Groups of which the plan has more agents at once than there are today: perhaps there are no more of them."""
    pairs = zip(plan.scenario.groups, plan.planned.most.tolist(), plan.today.most.tolist(), strict=True)
    return [
        f"{group.title}: up to {planned} at once, {today} today; --maximum {group.name}=AGENTS says how many there are."
        for group, planned, today in pairs
        if planned > today
    ]


def channels_table(plan: Plan) -> Table:
    """What the customers of each channel get by the plan and today, and the difference on the same customers."""
    table = new_table("Channels", "channel", "", "by the plan", "today", "difference", texts=2)
    goal, sides = plan.goal, (plan.planned, plan.today)
    for row, c in enumerate(goal.channels):
        if not any(side.periods_kept[1][row] for side in sides):
            table.add_row(plan.scenario.channels[c].title, "nobody to judge", "", "", "")
            continue
        noun = period_noun(plan.scenario, goal.periods[row])
        within = (estimate_text(side.within[row], "share") for side in sides)
        difference = estimate_text(plan.within_difference[row], "share", signed=True)
        table.add_row(plan.scenario.channels[c].title, "within target", *within, difference)
        chances = (probability_text(side.chance[row]) for side in sides)
        difference = estimate_text(plan.chance_difference[row], "share", signed=True)
        table.add_row("", f"P(met), per {noun}", *chances, difference)
        if goal.periods[row] != "horizon":
            kept = (f"{side.periods_kept[0][row]} of {side.periods_kept[1][row]}" for side in sides)
            table.add_row("", f"{noun}s that keep it", *kept, "")
    return table


def groups_table(plan: Plan) -> Table:
    """Agents, their hours and full-time equivalents by the plan, and today."""
    scenario = plan.scenario
    headings = ("agent-hours", "paid hours", "FTE", "FTE paid", "most at once", "occupancy")
    table = new_table("Agents, by the plan (today)", "group", *headings)
    sides = [
        (
            (side.agent_hours, "hours", 0),
            (side.paid_hours, "hours", 0),
            (side.full_time.on_duty, "hours", 1),
            (side.full_time.paid, "hours", 1),
            (side.most.astype(np.float64), "count", 0),
            (side.occupancy, "share", 0),
        )
        for side in (plan.planned, plan.today)
    ]
    pairs: list[tuple[tuple[Floats, Unit, int], ...]] = list(zip(*sides, strict=True))
    for g, group in enumerate(scenario.groups):
        cells = [[value_text(float(of[g]), unit, decimals) for of, unit, decimals in pair] for pair in pairs]
        table.add_row(group.title, *(beside(*pair) for pair in cells))
    if len(scenario.groups) > 1:
        cells = [[value_text(float(of.sum()), unit, decimals) for of, unit, decimals in pair] for pair in pairs[:4]]
        table.add_row("All", *(beside(*pair) for pair in cells), "", "")
    return table


def beside(planned: str, today: str) -> str:
    """A figure of the plan with today's behind it."""
    return f"{planned} ({today})"


def hours_tables(plan: Plan) -> list[Table]:
    """Agents by clock hour and day: the most of the hour by the plan, today's in brackets.

    A table for each group that the plan changes anything of.
    """
    scenario, calendar = plan.scenario, plan.scenario.calendar
    if calendar.days > MOST_DAYS:
        return []
    hour_of = calendar.clock_of_interval // 3600
    tables: list[Table] = []
    for g, group in enumerate(scenario.groups):
        sides = [side.played.staffing[g] for side in (plan.planned, plan.today)]
        if (sides[0] == sides[1]).all():
            continue
        there = sorted({int(hour) for side in sides for hour in hour_of[side > 0]})
        title = f"{group.title}: most agents in the hour by the plan (today)"
        table = new_table(title, "from", *(day_words(calendar, day) for day in range(calendar.days)))
        for hour in there:
            cells = []
            for day in range(calendar.days):
                at = (calendar.day_of_interval == day) & (hour_of == hour)
                planned, today = (int(side[at].max(initial=0)) for side in sides)
                cells.append(f"{planned} ({today})" if planned or today else NOTHING)
            table.add_row(format_clock(hour * 3600), *cells)
        tables.append(table)
    return tables


def footnotes(*, marginal: bool, on_call: bool) -> Text:
    """What the numbers mean; `marginal`: those of one more agent as well; `on_call`: those of a group on call."""
    lines = [
        "within target: share of contacts, over the horizon; of the starting backlog only where the horizon is the "
        "period. P(met): probability that a period meets its target, the period being that of the contract. keep it: "
        "periods that keep what is asked, all futures together.",
        f"Agent-hours are on duty; paid hours are those over 1 - shrinkage. FTE: agent-hours as full-time agents of "
        f"{WEEK:g} hours a week, were every week like this one; FTE paid: with shrinkage.",
        "today: the scenario's own staffing. Differences are paired: the same customers met both. ± is half of a "
        f"{CONFIDENCE:.0%} confidence interval, [–] the interval itself; pp: percentage points.",
    ]
    if on_call:
        lines.append(
            "Hours and costs of a group on call, which is no part of the plan, are as if it were always called."
        )
    if marginal:
        lines.append(
            "One more agent, there for an hour, on the day on which that brings most: contacts more within target, "
            "beyond the share of any that come in addition; saves: what the plan could then do without elsewhere. "
            "These and the costs of targets are estimates for small changes near the plan, on the customers that it "
            "was fitted to."
        )
    return Text("\n".join(lines), style="dim")
