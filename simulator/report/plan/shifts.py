"""The shifts of a plan: what they cost against the requirement, who works when, how many people that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.text import Text

from simulator.language import NOTHING, say
from simulator.planning.staffing.whole_agents import WEEK
from simulator.report.plan.marginal import price_text
from simulator.report.tables import new_table
from simulator.report.workbook import Column, Sheet
from simulator.scenario.units import DAY, format_clock
from simulator.words import day_words, value_text

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from simulator.planning.shifts.by_simulation import EnoughShifts
    from simulator.planning.shifts.shift_plan import ShiftPlan, WorkedShift
    from simulator.planning.staffing.plan import Plan

MOST_DAYS = 7
"""Days that shifts are shown by; of more, their sums."""


def shifts_report(enough: EnoughShifts, plan: Plan) -> list[RenderableType]:
    """The part of the report on shifts; `plan` is that of their staffing."""
    told = Text("\n".join(shifts_words(enough, plan)))
    return [told, Text(), worked_table(enough.plan), Text(), people_table(enough.plan)]


def shifts_words(enough: EnoughShifts, plan: Plan) -> list[str]:
    """What the shifts cost, against shifts that cover the requirement, the requirement itself, and today's staffing."""
    found, covered = enough.plan, enough.covered

    def price(amount: float) -> str:
        return price_text(enough.requirement, amount)

    lines = [
        f"Shifts of {found.shifts.catalogue.title}: {price(enough.cost)} with premiums and overtime, unpaid breaks "
        "taken off; agents on duty below are theirs, and costs elsewhere in this report are by the interval."
    ]
    sure = "the least" if covered.proven else f"at most {value_text(covered.gap, 'share', 2)} above the least"
    if enough.uncovered:
        lines.append(
            "No shifts of the catalogue cover the requirement of every interval. " + " ".join(enough.uncovered)
        )
        if enough.kept:
            lines.append("The simulation says that these shifts are enough all the same.")
    elif not enough.covered_kept:
        lines.append(
            f"Covering the requirement would cost {price(enough.covered_cost)} ({sure}), and not quite keep the "
            "goal with the slack that the requirement has."
        )
    else:
        less = 1.0 - enough.cost / enough.covered_cost if enough.covered_cost else 0.0
        beyond = " with slack for other customers," if enough.rounds > 1 else ""
        said = (
            f"the simulation says that{beyond} {price(enough.cost)} is enough, {value_text(less, 'share', 1)} less"
            if less > 0
            else f"the simulation{' asks for slack for other customers' if beyond else ' finds nothing cheaper'}"
        )
        lines.append(f"Covering the requirement would cost {price(enough.covered_cost)} ({sure}); {said}.")
    by_interval = enough.requirement.pay.cost(enough.requirement.played)
    lines.append(
        f"The requirement, if people came and went by the interval: {price(by_interval)}; today's staffing, priced in "
        f"the same way: {price(plan.today.cost)}."
    )
    over, short = (float(part.sum()) * _interval_hours(found) for part in (found.over, found.short))
    lines.append(
        f"The shifts give {value_text(over, 'hours', 1)} agent-hours beyond the requirement"
        + (f", and {value_text(short, 'hours', 1)} fewer elsewhere." if short > 0 else ".")
    )
    rounding = found.price_of_rounding
    if rounding > 0:
        lines.append(f"Whole people on each shift, shrinkage made good, cost {price(rounding)} more.")
    lines.append("Proven is the cost of covering the requirement only; cheaper shifts that keep the goal may exist.")
    return lines


def worked_table(plan: ShiftPlan) -> Table:
    """Agents, and people to roster for them, by shift and day."""
    scenario, calendar = plan.shifts.scenario, plan.shifts.scenario.calendar
    by_day = calendar.days <= MOST_DAYS
    rows: dict[tuple[str, str, int, int], list[WorkedShift]] = {}
    for each in _of_catalogue(plan):
        rows.setdefault((each.group, each.kind, each.start, each.end), []).append(each)
    days = [day_words(calendar, day) for day in range(calendar.days)] if by_day else []
    table = new_table("Shifts: agents (people to roster)", "group", "shift", "", *days, "all", texts=2)
    order = {group.title: g for g, group in enumerate(scenario.groups)}
    above = ""
    for (group, kind, start, end), worked in sorted(rows.items(), key=lambda item: (order[item[0][0]], item[0][1:])):
        of_day = {(each.day - calendar.start).days: _pair(each.agents, each.to_roster) for each in worked}
        cells = [of_day.get(day, NOTHING) for day in range(calendar.days)] if by_day else []
        total = _pair(sum(each.agents for each in worked), sum(each.to_roster for each in worked))
        table.add_row(group if group != above else "", kind, f"{_clock(start)}-{_clock(end)}", *cells, total)
        above = group
    for g in plan.shifts.rules:
        heads, rostered = plan.heads[g], rostered_by_day(plan, g)
        cells = [_pair(int(heads[day]), int(rostered[day])) for day in range(calendar.days)] if by_day else []
        title = scenario.groups[g].title
        table.add_row(title, "all", "", *cells, _pair(int(heads.sum()), int(rostered.sum())))
    return table


def people_table(plan: ShiftPlan) -> Table:
    """People and full-time equivalents, with and without shrinkage, and hours."""
    headings = ("people", "with shrinkage", "FTE", "with shrinkage", "paid hours", "with shrinkage")
    table = new_table("People who work these shifts", "group", *headings)
    for g, rules in plan.shifts.rules.items():
        table.add_row(
            plan.shifts.scenario.groups[g].title,
            str(plan.lines[g].heads),
            str(plan.people(g)),
            *(
                value_text(float(plan.fte(_week(rules.hours_per_week), with_shrinkage=paid)[g]), "hours", 1)
                for paid in (False, True)
            ),
            *(value_text(float(hours[g]), "hours") for hours in (plan.hours, plan.paid_hours)),
        )
    return table


def rostered_by_day(plan: ShiftPlan, group: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """[day] People to roster for the shifts of a group that start on each day of the horizon."""
    shifts = plan.shifts
    own = (shifts.group == group) & (shifts.day >= 0)
    rostered = np.zeros(shifts.scenario.calendar.days, dtype=np.int64)
    np.add.at(rostered, shifts.day[own], plan.to_roster()[own])
    return rostered


def shifts_csv(enough: EnoughShifts) -> bytes:
    """The worked shifts as CSV."""
    columns = ("group", "shift", "day", "start", "end", "agents", "to_roster", "breaks")
    import pandas as pd  # slow to import, and only --out needs it

    from simulator.report.files import csv_bytes

    return csv_bytes(pd.DataFrame([_cells(each) for each in _of_catalogue(enough.plan)], columns=list(columns)))


def shifts_sheet(enough: EnoughShifts) -> Sheet:
    """The worked shifts as a sheet of a workbook."""
    names = ("group", "shift", "day", "start", "end", "agents", "to_roster", "breaks")
    texts = [Column(say(f"sheets.shifts.{name}")) for name in names]
    columns = [*texts[:5], *(Column(each.title, "0") for each in texts[5:7]), texts[7]]
    return Sheet(say("sheets.shifts.title"), columns, [_cells(each) for each in _of_catalogue(enough.plan)], 5)


def shifts_document(enough: EnoughShifts) -> dict[str, object]:
    """The shifts of a plan as JSON."""
    plan, covered = enough.plan, enough.covered
    scenario, pay = plan.shifts.scenario, enough.requirement.pay
    of_interval = _interval_hours(plan)
    return {
        "catalogue": plan.shifts.catalogue.name,
        "cost": enough.cost,
        "kept": enough.kept,
        "searches": enough.rounds,
        "price_of_rounding": plan.price_of_rounding,
        "requirement_by_interval": {
            "cost": pay.cost(enough.requirement.played),
            "kept": enough.requirement.kept,
            "agents": {
                group.name: [int(agents) for agents in enough.requirement.staffing[g]]
                for g, group in enumerate(scenario.groups)
            },
        },
        "covering_the_requirement": {
            "cost": enough.covered_cost,
            "kept": enough.covered_kept,
            "gap": covered.gap,
            "proven": covered.proven,
            "cannot": list(enough.uncovered),
        },
        "groups": {
            scenario.groups[g].name: {
                "people": plan.lines[g].heads,
                "people_with_shrinkage": plan.people(g),
                "people_by_week_with_shrinkage": plan.people_by_week(g).tolist(),
                "shifts_by_day": plan.heads[g].tolist(),
                "to_roster_by_day": rostered_by_day(plan, g).tolist(),
                "hours": float(plan.hours[g]),
                "paid_hours": float(plan.paid_hours[g]),
                "full_time": float(plan.fte(_week(rules.hours_per_week), with_shrinkage=False)[g]),
                "full_time_paid": float(plan.fte(_week(rules.hours_per_week))[g]),
                "agent_hours_beyond_requirement": float(plan.over[g].sum()) * of_interval,
                "agent_hours_below_requirement": float(plan.short[g].sum()) * of_interval,
            }
            for g, rules in plan.shifts.rules.items()
        },
        "worked": [
            {
                "group": each.group,
                "shift": each.kind,
                "day": each.day.isoformat(),
                "start": _clock(each.start),
                "end": _clock(each.end),
                "agents": each.agents,
                "to_roster": each.to_roster,
                "breaks": [
                    {"break": name, "start": _clock(begin), "agents": agents} for name, begin, agents in each.breaks
                ],
            }
            for each in _of_catalogue(plan)
        ],
    }


def _of_catalogue(plan: ShiftPlan) -> list[WorkedShift]:
    """The worked shifts; who comes by the interval works none."""
    return [each for each in plan.worked() if each.kind]


def _cells(each: WorkedShift) -> list[str | float]:
    breaks = ", ".join(f"{name} {_clock(begin)} x {agents}" for name, begin, agents in each.breaks)
    times = (_clock(each.start), _clock(each.end))
    return [each.group, each.kind, each.day.isoformat(), *times, each.agents, each.to_roster, breaks]


def _pair(agents: int, rostered: int) -> str:
    return f"{agents} ({rostered})"


def _clock(seconds: int) -> str:
    """What the clock shows; 24:00 is the end of a day, later is the next one."""
    return format_clock(seconds if seconds <= DAY else seconds - DAY)


def _interval_hours(plan: ShiftPlan) -> float:
    return plan.shifts.scenario.calendar.interval / 3600.0


def _week(seconds: int | None) -> float:
    """Hours of a week in full time: as the catalogue says, or the usual."""
    return WEEK if seconds is None else seconds / 3600.0
