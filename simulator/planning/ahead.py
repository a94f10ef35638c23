"""Ahead of the rush: by which date the search for more people must begin, so that the shifts of a plan can be worked.

Weeks are those of the calendar, from Monday. The first in which a search can begin is that of today, if today is a
Monday, and the next one otherwise: nothing is promised of days that are over. Before the horizon nobody is asked for,
as nothing is known of those weeks; in the weeks of the horizon as many people as the shifts of each week take.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.lead_time import Source, plan_hiring

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.lead_time import HiringPlan
    from simulator.planning.shifts.shift_plan import ShiftPlan
    from simulator.scenario.calendar import Calendar
    from simulator.scenario.shift_catalogue import Hiring, PeopleSource

    Ints = NDArray[np.int64]

MOST_WEEKS = 260
"""From today to the end of the horizon."""
_NEARLY = 1e-9
_WEEK = timedelta(weeks=1)


class TooLateError(ValueError):
    """The horizon is over, or so far away that nothing sensible can be said of it."""


@dataclass(frozen=True, eq=False)
class Ahead:
    """The people of one group, week by week."""

    group: int
    hiring: Hiring
    monday: date
    """Of the first week."""
    plan: HiringPlan

    def date_of(self, week: int) -> date:
        """The Monday of a week of the plan."""
        return self.monday + week * _WEEK

    @property
    def busiest(self) -> int:
        """The first week in which most people are needed beyond those who are there."""
        return int((self.plan.needed - self.plan.today).argmax())

    @property
    def begin(self) -> list[tuple[int, PeopleSource, int]]:
        """Week, source and number of people of each search, the first first."""
        weeks, sources = np.nonzero(self.plan.sought.T)
        found = zip(weeks.tolist(), sources.tolist(), strict=True)
        return [(week, self.hiring.sources[s], int(self.plan.sought[s, week])) for week, s in found]

    def floor(self, week: int, source: PeopleSource) -> date:
        """The first day on the floor of people whose search begins in a week."""
        return self.date_of(week + source.lead + source.training)

    def last_useful(self, source: PeopleSource) -> date | None:
        """The last Monday on which a search still helps in some week that lacks people; None if there is none left."""
        lacking = np.flatnonzero(self.plan.needed > self.plan.today + _NEARLY)
        if not lacking.size or source.most == 0:
            return None
        week = int(lacking[-1]) - source.lead - source.training
        return self.date_of(week) if week >= 0 else None


def first_week(calendar: Calendar, today: date) -> tuple[date, int]:
    """The Monday of the first week, and how many weeks later the week begins in which the horizon does.

    Raises
    ------
    TooLateError
        If the horizon is over by that Monday, or ends more than `MOST_WEEKS` later.
    """
    monday = today + timedelta(days=-today.weekday() % 7)
    of_horizon = calendar.start - timedelta(days=calendar.start.weekday())
    until = (of_horizon - monday).days // 7
    last = calendar.start + timedelta(days=calendar.days - 1)
    if last < monday:
        msg = f"The horizon ends on {last}, before {monday}, the first Monday from {today} on."
        raise TooLateError(msg)
    if last >= monday + MOST_WEEKS * _WEEK:
        msg = f"The horizon ends on {last}, more than {MOST_WEEKS} weeks after {today}."
        raise TooLateError(msg)
    return monday, until


def ahead_of(plan: ShiftPlan, today: date) -> tuple[Ahead, ...]:
    """By when to begin to seek whom, for each group of which the catalogue says who is there and where more come from.

    Raises
    ------
    TooLateError
        As `first_week`.
    TimeoutError
        If no plan of hiring was found in time.
    """
    monday, until = first_week(plan.shifts.scenario.calendar, today)
    found = []
    for group, rules in plan.shifts.rules.items():
        if rules.hiring is None:
            continue
        people = plan.people_by_week(group)
        needed = np.concatenate((np.zeros(max(until, 0)), people[max(-until, 0) :]))
        hours = (rules.hours_per_week or 0) / 3600.0
        sources = [
            Source(
                name=each.name,
                lead=each.lead,
                training=each.training,
                pace=each.pace,
                leave=each.leave,
                price=max(each.cost_per_hour * hours, 1.0),
                most=each.most,
            )
            for each in rules.hiring.sources
        ]
        hired = plan_hiring(needed.tolist(), rules.hiring.today, sources, leave=rules.hiring.leave)
        found.append(Ahead(group, rules.hiring, monday, hired))
    return tuple(found)
