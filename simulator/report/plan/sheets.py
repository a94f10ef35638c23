"""A plan as a workbook: staffing to be edited and played, what customers get, what the targets cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.language import say
from simulator.planning.staffing.burdens import burdens
from simulator.report.plan.found import when_words
from simulator.report.plan.shifts import shifts_sheet
from simulator.report.sheets import FORMATS, local_times, staffing_sheet
from simulator.report.workbook import Column, Sheet, xlsx
from simulator.words import period_words, promise_words

if TYPE_CHECKING:
    from simulator.experiment import Estimate
    from simulator.planning.shifts.by_simulation import EnoughShifts
    from simulator.planning.staffing.plan import Plan, Side
    from simulator.planning.staffing.requirement import Requirement

_Cells = list[str | float]


def plan_xlsx(requirement: Requirement, plan: Plan, enough: EnoughShifts | None = None) -> bytes:
    """The workbook of a plan. Its first sheet is the staffing, which `ruuhka simulate --staffing` reads.

    With shifts, the second has these.
    """
    sheets = [
        staffing_sheet(plan.planned.experiment.scenario),
        channels_sheet(plan),
        groups_sheet(plan),
        one_more_sheet(requirement, plan),
    ]
    if requirement.kept:
        sheets.insert(3, targets_sheet(requirement))
    if enough is not None:
        sheets.insert(1, shifts_sheet(enough))
    return xlsx(sheets)


def channels_sheet(plan: Plan) -> Sheet:
    """What customers get by the plan and today, with half-widths, and the paired differences."""
    share = FORMATS["share"]
    columns = [
        Column(say("sheets.column.channel")),
        Column(say("sheets.column.target")),
        Column(say("sheets.plan.per")),
    ]
    sides = [(say("sheets.plan.plan"), plan.planned), (say("sheets.plan.today"), plan.today)]
    for name, _ in sides:
        within, met = say("sheets.plan.within"), say("sheets.met.value")
        columns += [Column(f"{within}, {name}", share), Column(f"± {within}, {name}", share)]
        columns += [Column(f"{met}, {name}", share), Column(f"± {met}, {name}", share)]
        columns += [Column(f"{say(f'sheets.plan.{count}')}, {name}", "0") for count in ("kept", "judged")]
    difference = f"{say('sheets.plan.within')}, {say('sheets.plan.difference')}"
    columns += [Column(difference, share), Column(f"± {difference}", share)]
    rows: list[_Cells] = []
    for row, c in enumerate(plan.goal.channels):
        channel = plan.scenario.channels[c]
        cells: _Cells = [
            channel.title,
            promise_words(replace(channel.target, share=plan.goal.shares[row])),
            period_words(plan.goal.periods[row]),
        ]
        for _, side in sides:
            cells += [*_figures(side.within, row), *_figures(side.chance, row)]
            cells += [float(part[row]) for part in side.periods_kept]
        rows.append([*cells, *_figures(plan.within_difference, row)])
    return Sheet(say("sheets.title.channels"), columns, rows)


def groups_sheet(plan: Plan) -> Sheet:
    """Hours, full-time agents and occupancy by the plan and today; the last row is all of them."""
    names = ("agent_hours", "paid_hours", "full_time", "full_time_paid", "most", "occupancy")
    formats = (FORMATS["hours"], FORMATS["hours"], "0.0", "0.0", "0", FORMATS["share"])
    sides = [(say("sheets.plan.plan"), plan.planned), (say("sheets.plan.today"), plan.today)]
    columns = [Column(say("sheets.column.group"))]
    for whose, _ in sides:
        columns += [
            Column(f"{say(f'sheets.plan.{name}')}, {whose}", form) for name, form in zip(names, formats, strict=True)
        ]
        columns.append(Column(_cost_title(plan, whose), FORMATS["currency"]))
    rows: list[_Cells] = []
    for g, group in enumerate(plan.scenario.groups):
        rows.append([group.title, *(figure for _, side in sides for figure in _of_group(side, g))])
    whole: _Cells = [say("sheets.plan.all")]
    for _, side in sides:
        week = side.full_time
        sums = [float(part.sum()) for part in (side.agent_hours, side.paid_hours, week.on_duty, week.paid)]
        whole += [*sums, float("nan"), float("nan"), side.cost]
    return Sheet(say("sheets.title.groups"), columns, [*rows, whole])


def targets_sheet(requirement: Requirement) -> Sheet:
    """Where the targets make the plan dearer, the dearest first."""
    goal, scenario = requirement.goal, requirement.evaluator.scenario
    columns = [
        Column(say("sheets.column.channel")),
        Column(say("sheets.plan.per")),
        Column(say("sheets.plan.when")),
        Column(_with_unit(requirement, say("sheets.plan.last_contact")), FORMATS["currency"]),
    ]
    rows: list[_Cells] = [
        [
            scenario.channels[goal.channels[burden.row]].title,
            period_words(goal.periods[burden.row]),
            when_words(scenario, goal.periods[burden.row], burden.first),
            burden.price,
        ]
        for burden in burdens(requirement.worth)
    ]
    return Sheet(say("sheets.plan.targets"), columns, rows, 3)


def one_more_sheet(requirement: Requirement, plan: Plan) -> Sheet:
    """What one more agent would bring, interval by interval, wherever the group may be planned."""
    goal, scenario, pay = requirement.goal, requirement.evaluator.scenario, requirement.pay
    found, may_be, starts = requirement.worth, requirement.search.bounds.on_duty, local_times(scenario)
    channels = [scenario.channels[c].title for c in goal.channels]
    columns = [
        Column(say("sheets.column.group")),
        Column(say("sheets.column.interval")),
        Column(say("sheets.plan.agents_plan"), "0"),
        Column(say("sheets.plan.agents_today"), "0"),
        *(Column(say("sheets.plan.contacts_more", channel=title), "0.00") for title in channels),
        Column(_with_unit(requirement, say("sheets.plan.saved")), FORMATS["currency"]),
        Column(_with_unit(requirement, say("sheets.plan.price")), FORMATS["currency"]),
    ]
    rows: list[_Cells] = [
        [
            scenario.groups[g].title,
            starts[i],
            float(plan.staffing[g, i]),
            float(plan.today.played.staffing[g, i]),
            *found.contacts[:, g, i].tolist(),
            float(found.saved[g, i]) if requirement.kept else float("nan"),
            float(pay.agent[g, i]),
        ]
        for g, i in np.argwhere(may_be).tolist()
    ]
    return Sheet(say("sheets.plan.one_more"), columns, rows, 2)


def _of_group(side: Side, g: int) -> list[float]:
    week = side.full_time
    parts = (
        *(side.agent_hours, side.paid_hours, week.on_duty, week.paid),
        *(side.most, side.occupancy, side.cost_of_groups),
    )
    return [float(part[g]) for part in parts]


def _figures(estimate: Estimate, row: int) -> tuple[float, float]:
    return float(estimate.value[row]), float(estimate.half_width[row])


def _cost_title(plan: Plan, whose: str) -> str:
    unit = plan.scenario.currency if plan.today.pay.in_currency else say("sheets.unit.hours")
    return say("sheets.figure", measure=f"{say('sheets.plan.cost')}, {whose}", unit=unit)


def _with_unit(requirement: Requirement, title: str) -> str:
    currency = requirement.evaluator.scenario.currency
    return say(
        "sheets.figure", measure=title, unit=currency if requirement.pay.in_currency else say("sheets.unit.hours")
    )
