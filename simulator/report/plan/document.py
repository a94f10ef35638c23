"""A plan as one JSON document for scripts. Its keys are described in `docs/results.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.language import speaking
from simulator.report.document import estimate_document, run_document
from simulator.report.json_output import number
from simulator.report.plan.asked import contract_words
from simulator.report.plan.found import found_words, missing_contacts
from simulator.report.plan.rounding import known_rounding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.planning.staffing.blocked import Blocked
    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.plan import Plan, Side
    from simulator.planning.staffing.requirement import Requirement
    from simulator.report.plan.asked import AskedBudget
    from simulator.scenario.model import Scenario


@speaking("en")
def plan_document(requirement: Requirement, plan: Plan, budget: AskedBudget | None = None) -> dict[str, object]:
    """`ruuhka plan --json`."""
    scenario, goal, evaluator = plan.scenario, plan.goal, requirement.evaluator
    starts = [scenario.calendar.local_datetime(start).isoformat() for start in scenario.calendar.edges[:-1].tolist()]
    rounded, freedom = known_rounding(requirement), plan.freedom
    return {
        "run": {
            **run_document(plan.planned.experiment),
            "fitted": {"seed": evaluator.seed, "replications": evaluator.replications, "method": requirement.method},
        },
        "goal": goal_document(scenario, goal),
        "budget": None if budget is None else {"unit": budget.unit, "amount": budget.amount},
        "kept": requirement.kept,
        "kept_on_others": goal.is_kept(plan.planned.played),
        "told": found_words(requirement, budget),
        "missed": [missed_document(scenario, goal, starts, each) for each in requirement.blocked],
        "missing_contacts": {
            scenario.channels[c].name: number(short)
            for c, short in zip(goal.channels, missing_contacts(requirement), strict=True)
        },
        "interval_starts": starts,
        "today": side_document(plan, plan.today),
        "plan": side_document(plan, plan.planned),
        "differences": {
            "cost": estimate_document(plan.cost_difference),
            "channels": {
                scenario.channels[c].name: {
                    "within_target": estimate_document(plan.within_difference[row]),
                    "target_met": estimate_document(plan.chance_difference[row]),
                }
                for row, c in enumerate(goal.channels)
            },
        },
        "worth": worth_document(requirement, starts),
        "rounding": None if rounded is None else {"hours": rounded.hours, "cost": rounded.cost, "share": rounded.share},
        "due_times": None
        if freedom is None
        else {
            "agent_hours_at_once": freedom.at_once,
            "agent_hours_until_due": freedom.until_due,
            "cost_at_once": freedom.cost_at_once,
            "cost_until_due": freedom.cost_until_due,
        },
    }


def goal_document(scenario: Scenario, goal: Goal) -> dict[str, object]:
    """What was asked for."""
    return {
        "channels": [scenario.channels[c].name for c in goal.channels],
        "shares": list(goal.shares),
        "periods": list(goal.periods),
        "probability": goal.probability,
        "occupancy_cap": goal.occupancy_cap,
        "minimum": dict(zip((group.name for group in scenario.groups), goal.minimum, strict=False)),
        "none_left_for_later": [scenario.channels[c].name for c in goal.leftover],
        "told": contract_words(scenario, goal),
    }


def missed_document(scenario: Scenario, goal: Goal, starts: list[str], blocked: Blocked) -> dict[str, object]:
    """A part of the goal that was not kept on the customers that the plan was fitted to."""
    whole = blocked.limit == "leftover" or (
        blocked.channel is not None and goal.periods[goal.channels.index(blocked.channel)] == "horizon"
    )
    return {
        "limit": blocked.limit,
        "channel": None if blocked.channel is None else scenario.channels[blocked.channel].name,
        "group": None if blocked.group is None else scenario.groups[blocked.group].name,
        "start": None if whole else starts[blocked.period],
        "attained": number(blocked.attained),
        "asked": number(blocked.level),
        "reason": blocked.reason,
        "groups_at_maximum": [scenario.groups[g].name for g in blocked.groups],
    }


def side_document(plan: Plan, side: Side) -> dict[str, object]:
    """One staffing: what its customers get, its hours and its cost."""
    scenario = plan.scenario
    kept, judged = side.periods_kept
    return {
        "channels": {
            scenario.channels[c].name: {
                "within_target": estimate_document(side.within[row]),
                "target_met": estimate_document(side.chance[row]),
                "periods_kept": int(kept[row]),
                "periods_judged": int(judged[row]),
                "periods_missed_beyond_chance": int(side.missed_beyond_chance[row]),
            }
            for row, c in enumerate(plan.goal.channels)
        },
        "groups": {
            group.name: {
                "agent_hours": float(side.agent_hours[g]),
                "paid_hours": float(side.paid_hours[g]),
                "full_time": float(side.full_time.on_duty[g]),
                "full_time_paid": float(side.full_time.paid[g]),
                "most": int(side.most[g]),
                "occupancy": number(side.occupancy[g]),
                "cost": float(side.cost_of_groups[g]),
                "staffing": [int(agents) for agents in side.played.staffing[g]],
            }
            for g, group in enumerate(scenario.groups)
        },
        "cost": side.cost,
        "messages_by_hour": {
            "live_agent_hours": _numbers(side.done.live_load),
            "come": _numbers(side.done.come),
            "done": _numbers(side.done.done),
            "agent_hours": _numbers(side.done.on_duty),
        },
    }


def worth_document(requirement: Requirement, starts: list[str]) -> dict[str, object]:
    """Marginal values near the plan; null where nobody may be planned, and prices null where the goal is not kept."""
    scenario, goal, found = requirement.evaluator.scenario, requirement.goal, requirement.worth
    may_be, price = requirement.search.bounds.on_duty, requirement.pay.agent
    kept = requirement.kept
    return {
        "in_currency": requirement.pay.in_currency,
        "targets": {
            scenario.channels[c].name: [
                {"start": None if goal.periods[k] == "horizon" else starts[i], "price": float(found.shadow[k, i])}
                for i in np.flatnonzero(found.binding[k]).tolist()
            ]
            for k, c in enumerate(goal.channels)
        }
        if kept
        else None,
        "one_more_agent": {
            group.name: {
                "contacts": {
                    scenario.channels[c].name: _numbers(np.where(may_be[g], found.contacts[k, g], np.nan))
                    for k, c in enumerate(goal.channels)
                },
                "saved": _numbers(np.where(may_be[g] & kept, found.saved[g], np.nan)),
                "price": _numbers(np.where(may_be[g], price[g], np.nan)),
            }
            for g, group in enumerate(scenario.groups)
            if may_be[g].any()
        },
    }


def _numbers(values: Iterable[float]) -> list[float | None]:
    return [number(value) for value in values]
