"""What a plan was asked for: the contract of each channel, and a budget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from simulator.scenario.units import format_share
from simulator.words import definition_words, promise_words, step_words, value_text

if TYPE_CHECKING:
    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.pay import Pay
    from simulator.scenario.model import Scenario, TargetPeriod


@dataclass(frozen=True, slots=True)
class AskedBudget:
    """What the planned agents may take; the best service for it was asked for, not the least cost."""

    amount: float
    unit: Literal["hours", "currency"]
    """Paid hours, or the price of them: overtime, of which a plan knows only when it is played, is in neither."""


def contract_words(scenario: Scenario, goal: Goal) -> list[str]:
    """What is asked for in sentences, the first of which says of how many futures."""
    if goal.probability is None:
        lines = ["Asked for, all futures added up:"]
    else:
        lines = [f"Asked for, each of them in {format_share(goal.probability)} of all futures:"]
    for c, share, period in zip(goal.channels, goal.shares, goal.periods, strict=True):
        channel = scenario.channels[c]
        promise = promise_words(replace(channel.target, share=share))
        of = "" if channel.kind == "deferred" else f" ({definition_words(channel.target.definition)})"
        lines.append(f"  {channel.title}: {promise}{of}, {_where(scenario, period, channel.kind)}")
    if goal.leftover:
        names = _and([scenario.channels[c].title for c in goal.leftover])
        lines.append(f"  {names}: at the end no more open than today's staffing leaves, or than at the start")
    if goal.occupancy_cap is not None:
        period = goal.occupancy_period
        where = "over the horizon" if period == "horizon" else f"in any {period_noun(scenario, period)}"
        lines.append(f"  Nobody busier than {format_share(goal.occupancy_cap)} {where}")
    least = [
        f"{group.title} {number}" for group, number in zip(scenario.groups, goal.minimum, strict=False) if number > 0
    ]
    if least:
        lines.append(f"  At least, whenever they may be on duty: {', '.join(least)}")
    return lines


def short_contract_words(scenario: Scenario, goal: Goal, row: int) -> str:
    """Of a channel of the goal: 80 % per quarter-hour."""
    period = goal.periods[row]
    noun = "horizon" if period == "horizon" else period_noun(scenario, period)
    return f"{format_share(goal.shares[row])} per {noun}"


def period_noun(scenario: Scenario, period: TargetPeriod) -> str:
    """A quarter-hour, a day, the horizon."""
    return step_words(scenario.calendar.interval) if period == "interval" else period


def budget_words(scenario: Scenario, budget: AskedBudget, pay: Pay, planned: float) -> str:
    """Budget: 4 000 paid hours, of which the plan takes 3 998."""
    if budget.unit == "hours":
        asked = f"{value_text(budget.amount, 'hours', 1)} paid hours"
        taken = value_text(planned, "hours", 1)
    else:
        currency = scenario.currency if pay.in_currency else ""
        asked, taken = (value_text(each, "currency", 0, currency) for each in (budget.amount, planned))
    return f"Best service for {asked}, of which the plan takes {taken}; overtime is not in it"


def _where(scenario: Scenario, period: TargetPeriod, kind: str) -> str:
    if period == "horizon":
        return "over the whole horizon"
    where = f"in every {period_noun(scenario, period)}" if period == "interval" else "on every day"
    return f"{where}, by arrival" if kind == "deferred" else where


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
