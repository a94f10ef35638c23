"""What `ruuhka plan` prints: agents by group, what each channel gets for them, and the plan through the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group as Lines
from rich.text import Text

from simulator.experiment import CONFIDENCE
from simulator.language import NOTHING
from simulator.report.document import estimate_document, run_document
from simulator.report.tables import new_table
from simulator.scenario.units import format_clock, format_share
from simulator.words import (
    day_words,
    estimate_text,
    grid_words,
    probability_text,
    replications_words,
    target_words,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from simulator.measures import Unit
    from simulator.planning.staffing.blocked import Blocked
    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.plan import Plan, Side
    from simulator.planning.staffing.requirement import Requirement
    from simulator.scenario.model import Scenario, TargetPeriod

MOST_BLOCKED = 5
"""Targets that could not be kept and are named."""
MOST_DAYS = 7
"""Days that are shown hour by hour."""
PERIODS = {"interval": "every interval", "day": "every day", "horizon": "the whole horizon"}


def plan_report(plan: Plan, found: Sequence[str], change: str = "") -> RenderableType:
    """The whole report; `found` says how the plan was found, in sentences."""
    scenario = plan.scenario
    head = Text.assemble(
        (scenario.title, "bold"), f"\n{grid_words(scenario.calendar)}\nPlan: {goal_words(scenario, plan.goal)}"
    )
    for sentence in found:
        head.append(f"\n{sentence}")
    tested = plan.planned.experiment
    runs = replications_words(tested.replications)
    head.append(f"\nAll figures: {runs} of seed {tested.seed}, which the plan was not fitted to")
    if change:
        head.append(f"\n{change}")
    head.append(f"\n{judged_words(plan)}", "bold")
    tables = [channels_table(plan), groups_table(plan), *hours_tables(plan)]
    spaced = [part for table in tables for part in (Text(), table)]
    return Lines(head, *spaced, Text(), footnotes(plan))


def judged_words(plan: Plan) -> str:
    """Whether the plan keeps its goal on customers that it was not fitted to, and where it does not."""
    kept, judged = plan.planned.periods_kept
    missed = [
        f"{plan.scenario.channels[c].title} in {judged[row] - kept[row]} of {judged[row]} periods"
        for row, c in enumerate(plan.goal.channels)
        if kept[row] < judged[row]
    ]
    if not missed:
        return "On these customers the plan keeps the targets."
    return (
        f"On these customers the plan misses the targets: {', '.join(missed)}. "
        "More --replications fit it better; a higher target leaves room."
    )


def goal_words(scenario: Scenario, goal: Goal) -> str:
    """The targets of phone in every interval and of e-mail in every day, in expectation."""
    how = "in expectation" if goal.probability is None else f"with a probability of {format_share(goal.probability)}"
    by_period: dict[TargetPeriod, list[str]] = {}
    for c, period in zip(goal.channels, goal.periods, strict=True):
        by_period.setdefault(period, []).append(scenario.channels[c].title)
    parts = []
    for period, titles in by_period.items():
        whose = f" of {', '.join(titles)}" if len(by_period) > 1 else ""
        parts.append(f"{whose} {'over' if period == 'horizon' else 'in'} {PERIODS[period]}")
    where = ";".join(parts).strip()
    cap = "" if goal.occupancy_cap is None else f", nobody busier than {format_share(goal.occupancy_cap)}"
    return f"the targets {where}, {how}{cap}"


def found_words(requirement: Requirement) -> list[str]:
    """How a plan was found, in sentences: by what method, on which customers, and what it could not be made to keep."""
    evaluator = requirement.evaluator
    fitted = f"{replications_words(evaluator.replications)} of seed {evaluator.seed}"
    sentences = [f"Found by {requirement.method}, fitted to {fitted}"]
    told = [blocked_words(evaluator.scenario, requirement.goal, each) for each in requirement.blocked]
    if told:
        sentences.append(f"No staffing was found that keeps these {len(told)}:")
        sentences += [f"  {each}" for each in told[:MOST_BLOCKED]]
        if len(told) > MOST_BLOCKED:
            sentences.append(f"  and {len(told) - MOST_BLOCKED} more")
    return sentences


def blocked_words(scenario: Scenario, goal: Goal, blocked: Blocked) -> str:
    """Phone, Fri 27 Nov: 74 % instead of 80 %, for the In-house team has its maximum."""
    calendar = scenario.calendar
    if blocked.channel is None or blocked.limit == "leftover":
        period = goal.occupancy_period if blocked.limit == "occupancy" else "horizon"
    else:
        period = goal.periods[goal.channels.index(blocked.channel)]
    if period == "day":
        when = f", {day_words(calendar, int(calendar.day_of_interval[blocked.period]))}"
    else:
        when = f", {calendar.label(blocked.period)}" if period == "interval" else ""
    groups = " and ".join(scenario.groups[g].title for g in blocked.groups)
    why = {
        "maximum": f"at the maximum: {groups}",
        "agents do not help": "no number of agents helps",
        "budget": "the budget is spent",
        "search ended": "the search ended before one was found",
    }[blocked.reason]
    unit: Unit = "count" if blocked.limit == "leftover" else "share"
    reached, asked = value_text(blocked.attained, unit, 1), value_text(blocked.level, unit, 1)
    figures = {
        "target": f"{reached} instead of {asked}",
        "occupancy": f"busy for {reached} instead of {asked} at most",
        "leftover": f"{reached} left at the end instead of {asked} at most",
    }[blocked.limit]
    whose = scenario.channels[blocked.channel] if blocked.channel is not None else scenario.groups[blocked.group or 0]
    return f"{whose.title}{when}: {figures}; {why}"


def channels_table(plan: Plan) -> Table:
    """What the customers of each channel get by the plan, and today."""
    table = new_table("Channels, by the plan (today)", "channel", "within target", "P(met)", "periods that keep it")
    for row, c in enumerate(plan.goal.channels):
        cells = [
            (
                estimate_text(side.within[row], "share"),
                probability_text(side.chance[row]),
                f"{side.periods_kept[0][row]} of {side.periods_kept[1][row]}",
            )
            for side in (plan.planned, plan.today)
        ]
        table.add_row(plan.scenario.channels[c].title, *map(beside, *cells))
    return table


def groups_table(plan: Plan) -> Table:
    """Agents and their hours by the plan, and today."""
    scenario, sides = plan.scenario, (plan.planned, plan.today)
    headings = ("agent-hours", "paid hours", "most at once", "occupancy")
    table = new_table("Agents, by the plan (today)", "group", *headings)
    for g, group in enumerate(scenario.groups):
        cells = [
            (
                value_text(float(side.agent_hours[g]), "hours"),
                value_text(float(side.paid_hours[g]), "hours"),
                str(side.most[g]),
                value_text(float(side.occupancy[g]), "share"),
            )
            for side in sides
        ]
        table.add_row(group.title, *map(beside, *cells))
    if len(scenario.groups) > 1:
        hours = [
            [value_text(float(each.sum()), "hours") for each in (side.agent_hours, side.paid_hours)] for side in sides
        ]
        table.add_row("All", *map(beside, *hours), "", "")
    return table


def beside(planned: str, today: str) -> str:
    """A figure of the plan with today's behind it."""
    return f"{planned} ({today})"


def cost_words(plan: Plan) -> str:
    """What the plan costs, and what today's staffing does: agents and their overtime."""
    currency = plan.scenario.currency if plan.today.pay.in_currency else ""
    unit: Unit = "currency" if plan.today.pay.in_currency else "hours"
    today, planned = (value_text(side.cost, unit, 0, currency) for side in (plan.today, plan.planned))
    change = (plan.planned.cost / plan.today.cost - 1.0) if plan.today.cost else float("nan")
    told = f" ({value_text(change, 'share', 1)})" if change == change else ""
    return f"Agents and overtime: {planned} by the plan, {today} today{told}."


def hours_tables(plan: Plan) -> list[Table]:
    """Agents by clock hour and day, a table for each group: the most of the hour by the plan, today's in brackets."""
    scenario, calendar = plan.scenario, plan.scenario.calendar
    if calendar.days > MOST_DAYS:
        return []
    hour_of = calendar.clock_of_interval // 3600
    tables: list[Table] = []
    for g, group in enumerate(scenario.groups):
        sides = [side.played.staffing[g] for side in (plan.planned, plan.today)]
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


def footnotes(plan: Plan) -> Text:
    """What the numbers mean."""
    channels = [plan.scenario.channels[c] for c in plan.goal.channels]
    period = " or ".join(
        PERIODS[each].removeprefix("every ").removeprefix("the ") for each in dict.fromkeys(plan.goal.periods)
    )
    lines = (
        cost_words(plan),
        "Targets: " + "; ".join(f"{channel.title} {target_words(channel)}" for channel in channels) + ".",
        f"P(met): probability that a period ({period}) keeps its target. Periods: those that keep the goal, of all "
        "in which anybody is judged.",
        "Agent-hours are on duty; paid hours are those over 1 - shrinkage. today: the scenario's own staffing, on the "
        f"same customers. ± is half of a {CONFIDENCE:.0%} confidence interval, [–] the interval itself.",
    )
    return Text("\n".join(lines), style="dim")


def plan_document(plan: Plan, found: Sequence[str]) -> dict[str, object]:
    """`ruuhka plan --json`."""
    tested = plan.planned.experiment
    return {
        "run": {**run_document(tested), "fitted": list(found)},
        "goal": {
            "channels": [plan.scenario.channels[c].name for c in plan.goal.channels],
            "shares": list(plan.goal.shares),
            "periods": list(plan.goal.periods),
            "probability": plan.goal.probability,
            "occupancy_cap": plan.goal.occupancy_cap,
        },
        "today": side_document(plan, plan.today),
        "plan": side_document(plan, plan.planned),
    }


def side_document(plan: Plan, side: Side) -> dict[str, object]:
    """One staffing: what its customers get, its hours and its cost."""
    kept, judged = side.periods_kept
    return {
        "channels": {
            plan.scenario.channels[c].name: {
                "within_target": estimate_document(side.within[row]),
                "target_met": estimate_document(side.chance[row]),
                "periods_kept": int(kept[row]),
                "periods_judged": int(judged[row]),
            }
            for row, c in enumerate(plan.goal.channels)
        },
        "groups": {
            group.name: {
                "agent_hours": float(side.agent_hours[g]),
                "paid_hours": float(side.paid_hours[g]),
                "most": int(side.most[g]),
                "staffing": [int(agents) for agents in side.played.staffing[g]],
            }
            for g, group in enumerate(plan.scenario.groups)
        },
        "cost": side.cost,
    }
