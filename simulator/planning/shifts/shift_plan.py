"""A plan of shifts: how often each is worked, what that gives, interval by interval, and what it takes and costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.planning.shifts.lines import lines_of_work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from numpy.typing import NDArray

    from simulator.planning.shifts.lines import Lines
    from simulator.planning.shifts.possible import PossibleShifts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class WorkedShift(NamedTuple):
    """A shift of a plan, for lists."""

    group: str
    """Titles, as the scenario and the catalogue have them."""
    kind: str
    """Empty for a group that comes by the interval."""
    day: date
    """On which it starts; that of the eve is the day before the horizon."""
    start: int
    """Seconds after midnight, by the clock."""
    end: int
    """Above 24 h if it ends on the next day."""
    agents: int
    """Who work it, net of shrinkage."""
    to_roster: int
    """People to roster for it, so that after shrinkage as many work it."""
    breaks: tuple[tuple[str, int, int], ...] = ()
    """Break, when it begins in seconds after midnight by the clock, and how many of the agents take it then."""


@dataclass(frozen=True, eq=False)
class ShiftPlan:
    """Shifts that cover a requirement, and how sure it is that no cheaper ones do. Arrays are not to be changed."""

    shifts: PossibleShifts
    requirement: Ints
    """[group, interval] Agents on duty that were asked for."""
    count: Ints
    """[S] How often each possible shift is worked."""
    placed: Ints
    """[P] How often each place of a break is taken."""
    objective: float
    """What was minimised: the cost, and the price of what is short."""
    bound: float
    """No plan that keeps the rules can have a lower objective."""
    seconds: float
    """Time that it took, by the clock."""

    @cached_property
    def staffing(self) -> Ints:
        """[group, interval] Agents on duty, net of shrinkage: what an evaluator plays."""
        given = self.shifts.gives @ np.concatenate((self.count, self.placed))
        staffing: Ints = np.rint(given).astype(np.int64).reshape(self.requirement.shape)
        return staffing

    @property
    def over(self) -> Ints:
        """[group, interval] Agents on duty beyond the requirement."""
        over: Ints = np.maximum(self.staffing - self.requirement, 0)
        return over

    @property
    def short(self) -> Ints:
        """[group, interval] Agents that the requirement lacks; none, unless that was allowed at a price."""
        short: Ints = np.maximum(self.requirement - self.staffing, 0)
        return short

    @property
    def gap(self) -> float:
        """How far the objective may lie above the least, as a share of it; 0: it is the least."""
        return max(self.objective - self.bound, 0.0) / self.objective if self.objective > 0 else 0.0

    @property
    def proven(self) -> bool:
        """Whether no cheaper plan keeps the rules."""
        return self.gap <= 1e-9

    @property
    def cost(self) -> float:
        """Price of the paid hours, shrinkage and premiums included, in the scenario's currency."""
        return float(self.shifts.cost @ np.concatenate((self.count, self.placed)))

    @property
    def heads(self) -> Ints:
        """[group, day] Shifts that start on each day of the horizon, those of the eve left out; net of shrinkage.

        Of a group that comes by the interval: the most who are there at once.
        """
        calendar = self.shifts.scenario.calendar
        heads = np.zeros((len(self.requirement), calendar.days), dtype=np.int64)
        starts = self.shifts.day >= 0
        np.add.at(heads, (self.shifts.group[starts], self.shifts.day[starts]), self.count[starts])
        for g in range(len(self.requirement)):
            if g not in self.shifts.rules:
                heads[g] = 0
                np.maximum.at(heads[g], calendar.day_of_interval, self.staffing[g])
        return heads

    @property
    def hours(self) -> Floats:
        """[group] Paid hours within the horizon, net of shrinkage: paid breaks count, unpaid ones do not."""
        paid = np.concatenate((self.count, self.placed)) * self.shifts.paid / 3600.0
        group = np.concatenate((self.shifts.group, self.shifts.group[self.shifts.break_shift]))
        hours: Floats = np.bincount(group, weights=paid, minlength=len(self.requirement)).astype(np.float64)
        return hours

    @property
    def paid_hours(self) -> Floats:
        """[group] Paid hours within the horizon, shrinkage included."""
        return self.hours / self._available

    def fte(self, hours_per_week: float, *, with_shrinkage: bool = True) -> Floats:
        """[group] Full-time equivalents: paid hours over those of one person in full time, seven days to the week."""
        hours = self.paid_hours if with_shrinkage else self.hours
        return hours / (hours_per_week * self.shifts.scenario.calendar.days / 7.0)

    @cached_property
    def lines(self) -> Mapping[int, Lines]:
        """By group that works shifts: the shifts dealt out to people without names, each of whom keeps the rules."""
        return {group: lines_of_work(self.shifts, self.count, rules) for group, rules in self.shifts.rules.items()}

    def people(self, group: int) -> int:
        """People whom a group needs on its payroll: those who work the lines, over 1 less shrinkage, rounded up.

        The shrinkage, of holidays and training above all, is made good by more people. Absence is not in it: whoever
        plays the staffing takes the absent away from it, so that the requirement has room for them already.
        """
        return _rounded_up(self.lines[group].heads / self._available[group])

    def people_by_week(self, group: int) -> Ints:
        """[week, Monday to Sunday] People whom the shifts of each week take by themselves, counted as `people` does."""
        shifts, calendar = self.shifts, self.shifts.scenario.calendar
        weeks = (calendar.start.weekday() + calendar.days - 1) // 7 + 1
        week = np.maximum(shifts.week, 0)
        return np.array(
            [
                _rounded_up(
                    lines_of_work(shifts, np.where(week == each, self.count, 0), shifts.rules[group]).heads
                    / float(self._available[group])
                )
                for each in range(weeks)
            ],
            dtype=np.int64,
        )

    def to_roster(self) -> Ints:
        """[S] How many people to roster for each shift, so that after shrinkage as many work it as the plan says."""
        return np.array([_rounded_up(n) for n in self.count / self._available[self.shifts.group]], dtype=np.int64)

    def worked(self) -> list[WorkedShift]:
        """The shifts that are worked, by group, day, start and end."""
        shifts, scenario = self.shifts, self.shifts.scenario
        rostered = self.to_roster()
        which = np.flatnonzero(self.count)
        order = np.lexsort([each[which] for each in (shifts.end, shifts.start, shifts.day, shifts.group)])
        return [
            WorkedShift(
                group=scenario.groups[shifts.group[s]].title,
                kind="" if shifts.kind[s] < 0 else shifts.rules[int(shifts.group[s])].kinds[shifts.kind[s]].title,
                day=scenario.calendar.start + timedelta(days=int(shifts.day[s])),
                start=int(shifts.start[s]),
                end=int(shifts.end[s]),
                agents=int(self.count[s]),
                to_roster=int(rostered[s]),
                breaks=tuple(self._breaks(s)),
            )
            for s in which[order].tolist()
        ]

    def _breaks(self, shift: int) -> Iterator[tuple[str, int, int]]:
        """The breaks of a shift, by time."""
        shifts = self.shifts
        for place in np.flatnonzero((shifts.break_shift == shift) & (self.placed > 0)).tolist():
            kind = shifts.rules[int(shifts.group[shift])].kinds[shifts.kind[shift]]
            begin = int(shifts.start[shift] + shifts.break_start[place])
            yield kind.breaks[shifts.break_number[place]].name, begin, int(self.placed[place])

    @property
    def price_of_rounding(self) -> float:
        """What `to_roster` costs beyond `cost`, because of people who cannot be split between shifts.

        Who is rostered on top is taken to have the breaks of the others.
        """
        more = self.to_roster() * self._available[self.shifts.group] - self.count
        whole = self.shifts.cost[: len(self.shifts)].copy()
        unpaid = self.placed * self.shifts.cost[len(self.shifts) :]
        breaks = np.bincount(self.shifts.break_shift, weights=unpaid, minlength=len(self.shifts))
        worked = np.maximum(self.count, 1)
        return float(more @ (whole + breaks / worked))

    @property
    def _available(self) -> Floats:
        """[group] Share of paid time."""
        return np.array([1.0 - group.shrinkage for group in self.shifts.scenario.groups])


def _rounded_up(number: float) -> int:
    """Up to the next whole number, unless it is one but for the last digits."""
    return math.ceil(round(number, 9))
