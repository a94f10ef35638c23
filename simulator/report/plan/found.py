"""How a plan was found, what it could not be made to keep, and whether it holds on other customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.blocked import missed
from simulator.planning.staffing.goal import ROUNDING
from simulator.planning.staffing.slack import slack
from simulator.report.plan.asked import period_noun
from simulator.words import day_words, replications_words, value_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.measures import Unit
    from simulator.planning.staffing.blocked import Blocked
    from simulator.planning.staffing.cuts import Stage
    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.plan import Plan
    from simulator.planning.staffing.requirement import Requirement
    from simulator.report.plan.asked import AskedBudget
    from simulator.scenario.model import Scenario, TargetPeriod

    Floats = NDArray[np.float64]

MOST_BLOCKED = 5
"""Parts of the goal that could not be kept and are named."""


def found_words(requirement: Requirement, budget: AskedBudget | None = None) -> list[str]:
    """By what method, on which customers, and what it could not be made to keep there."""
    evaluator = requirement.evaluator
    scenario = evaluator.scenario
    fitted = f"{replications_words(evaluator.replications)} of seed {evaluator.seed}"
    sentences = [f"Found by {requirement.method}, fitted to {fitted}"]
    worst = sorted(requirement.blocked, key=lambda each: (each.limit == "target", -abs(each.attained - each.level)))
    if not worst:
        if budget is not None:
            sentences.append("The budget is enough: all of this is kept on these customers")
        return sentences
    shown = f", the {MOST_BLOCKED} worst" if len(worst) > MOST_BLOCKED else ""
    if budget is None:
        which = f"these {len(worst)}" if len(worst) > 1 else "this"
        sentences.append(f"No staffing was found that keeps {which}{shown}:")
    else:
        short = ", ".join(missing_words(requirement)) or "no target"
        periods = f"{len(worst)} periods" if len(worst) > 1 else "one period"
        sentences.append(f"Not enough for all of this: missed on these customers {short}, {periods}{shown}:")
    sentences += [f"  {blocked_words(scenario, requirement.goal, each)}" for each in worst[:MOST_BLOCKED]]
    if len(worst) > MOST_BLOCKED:
        sentences.append("  All of them are in plan.json")
    if budget is None and any(each.reason == "search ended" for each in worst):
        sentences.append("A longer --time-limit may find one")
    return sentences


def missing_contacts(requirement: Requirement) -> Floats:
    """[channel of the goal] Contacts missing from the targets of all periods, where the plan was fitted."""
    goal = requirement.goal
    of_targets = slack(goal, requirement.played).value[: len(goal.channels)]
    return np.asarray(np.maximum(-of_targets, 0.0).sum(axis=1))


def missing_words(requirement: Requirement) -> list[str]:
    """By how many contacts each channel misses its target: Phone by 35 contacts of 5 964."""
    goal, short = requirement.goal, missing_contacts(requirement)
    judged = goal.judged(requirement.played).mean(axis=0).sum(axis=1)
    return [
        f"{requirement.evaluator.scenario.channels[c].title} by "
        f"{value_text(float(short[k]), 'count', 1 if short[k] < 10 else 0)} contacts of "
        f"{value_text(float(judged[k]), 'count')}"
        for k, c in enumerate(goal.channels)
        if short[k] > ROUNDING
    ]


def blocked_words(scenario: Scenario, goal: Goal, blocked: Blocked) -> str:
    """Phone, Fri 27 Nov 10:00: 74 % instead of 80 %; at the maximum: In-house team."""
    if blocked.limit == "occupancy":
        period: TargetPeriod = goal.occupancy_period
    elif blocked.limit == "leftover" or blocked.channel is None:
        period = "horizon"
    else:
        period = goal.periods[goal.channels.index(blocked.channel)]
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
    when = when_words(scenario, period, blocked.period)
    return f"{whose.title}{', ' if when else ''}{when}: {figures}; {why}"


def when_words(scenario: Scenario, period: TargetPeriod, first: int) -> str:
    """A period by its first interval: Fri 27 Nov 10:00; nothing for the whole horizon."""
    calendar = scenario.calendar
    if period == "horizon":
        return ""
    return day_words(calendar, int(calendar.day_of_interval[first])) if period == "day" else calendar.label(first)


def judged_words(plan: Plan, *, fitted: bool) -> str:
    """Whether the plan keeps its goal on customers that it was not fitted to, and where it does not.

    Parameters
    ----------
    fitted
        Whether it keeps it on those that it was fitted to.
    """
    scenario, goal = plan.scenario, plan.goal
    kept, judged = plan.planned.periods_kept
    beyond = plan.planned.missed_beyond_chance
    told = []
    for row, c in enumerate(goal.channels):
        short = int(judged[row] - kept[row])
        if not short:
            continue
        where = (
            f" in {short} of {judged[row]} {period_noun(scenario, goal.periods[row])}s"
            if goal.periods[row] != "horizon"
            else ""
        )
        told.append(f"{scenario.channels[c].title}{where} ({chance_words(short, int(beyond[row]))})")
    others = [miss for miss in missed(goal, plan.planned.played) if miss.limit != "target"]
    told += [
        f"{scenario.channels[miss.which].title} by what is left open" for miss in others if miss.limit == "leftover"
    ]
    busy = sorted({miss.which for miss in others if miss.limit == "occupancy"})
    told += [f"{scenario.groups[g].title} by its occupancy" for g in busy]
    if not told:
        return "On these customers the plan keeps all of it."
    fixable = fitted and plan.planned.misses_beyond_chance
    advice = " More --replications fit it better; a higher target leaves room." if fixable else ""
    return f"On these customers the plan misses {', '.join(told)}.{advice}"


def chance_words(missed: int, beyond: int) -> str:
    """How many of the periods missed are so by more than chance explains."""
    if beyond == 0:
        return "by no more than chance explains"
    which = "" if beyond == missed else f"{beyond} of them "
    return f"{which}by more than chance explains"


def stage_words(stage: Stage, currency: str) -> str:
    """Where a search stands: best so far 41 200 EUR, 35.0 contacts missing."""
    cost = value_text(stage.cost, "currency" if currency else "hours", 0, currency)
    missing = "keeps the targets" if stage.short <= 0 else f"{value_text(stage.short, 'count', 1)} contacts missing"
    return f"best so far {cost}{'' if currency else ' paid hours'}, {missing}"
