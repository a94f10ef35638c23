"""Plans of shifts that were played: which of two is better, and what is made of the better days of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.shifts.rules import most_of_kinds
from simulator.planning.staffing.goal import ROUNDING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.shifts.shift_plan import ShiftPlan
    from simulator.planning.staffing.cuts import Search, Tried

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TriedShifts:
    """A plan of shifts, and how its staffing fared."""

    plan: ShiftPlan
    tried: Tried
    cost: float
    """Of the shifts, premiums included, and of overtime; in paid hours where nothing has a price."""

    @property
    def rank(self) -> tuple[float, float]:
        """Least is best: what is missing comes before what it costs."""
        return self.tried.slack.short, self.cost


@dataclass(frozen=True)
class ShiftSearch:
    """What a search among shifts needs to know: how staffings are played, and what they may be."""

    search: Search
    ceiling: Ints
    """[group, interval] Agents on duty at most."""
    seconds: float
    """That one programme may take."""

    def tried(self, plan: ShiftPlan) -> TriedShifts:
        """Play a plan."""
        return self.judge(plan, self.search.tried(plan.staffing))

    def judge(self, plan: ShiftPlan, tried: Tried) -> TriedShifts:
        """What a played plan is worth."""
        return TriedShifts(plan, tried, self.price(plan) + self.search.pay.overtime(tried.played))

    def price(self, plan: ShiftPlan) -> float:
        """What the shifts of a plan cost, in paid hours where nothing has a price."""
        return plan.cost if self.search.pay.in_currency else float(plan.paid_hours.sum())

    def allows(self, plan: ShiftPlan) -> bool:
        """Whether a plan that was made of parts of others keeps all rules."""
        shifts, staffing = plan.shifts, plan.staffing
        if (staffing < self.search.bounds.least).any() or (staffing > self.ceiling).any():
            return False
        if any(each.weight @ plan.count[each.shifts] > each.per_head for each in most_of_kinds(shifts)):
            return False
        return all(
            rules.heads is None or plan.lines[group].heads <= rules.heads for group, rules in shifts.rules.items()
        )

    def best_of(self, one: TriedShifts, other: TriedShifts) -> TriedShifts:
        """The better of two, or what is made of the better days of each, if that is better still."""
        better, worse = sorted((one, other), key=lambda each: each.rank)
        if "horizon" in self.search.goal.periods:
            return better
        of_better, of_worse = (self._by_day(each) for each in (better, worse))
        taken = np.array([mine > theirs for mine, theirs in zip(of_better, of_worse, strict=True)])
        if not taken.any() or taken.all():
            return better
        mixed = self._with_days(better.plan, worse.plan, taken)
        if not self.allows(mixed):
            return better
        return min(better, self.tried(mixed), key=lambda each: each.rank)

    def _with_days(self, plan: ShiftPlan, other: ShiftPlan, taken: NDArray[np.bool_]) -> ShiftPlan:
        """A plan with the shifts that another starts on these days; the eve goes with the first."""
        shifts = plan.shifts
        own = taken[np.maximum(shifts.day, 0)]
        of_breaks = own[shifts.break_shift]
        return with_shifts(plan, np.where(own, other.count, plan.count), np.where(of_breaks, other.placed, plan.placed))

    def _by_day(self, tried: TriedShifts) -> list[tuple[float, float]]:
        """What is missing and what it costs, day by day."""
        plan, slack, pay = tried.plan, tried.tried.slack, self.search.pay
        shifts, calendar = plan.shifts, plan.shifts.scenario.calendar
        day = calendar.day_of_interval
        missing = np.maximum(-slack.value - ROUNDING, 0.0)
        of_targets = len(missing) - len(self.search.goal.leftover)
        short = np.bincount(day, missing[:of_targets].sum(axis=0), minlength=calendar.days)
        short[-1] += missing[of_targets:].sum()  # what is left at the end
        overtime = tried.tried.played.overtime.mean(axis=0) * pay.overtime_hour[:, None] / 3600.0
        cost = np.bincount(day, overtime.sum(axis=0), minlength=calendar.days)
        columns = np.concatenate((plan.count, plan.placed))
        started = np.maximum(np.concatenate((shifts.day, shifts.day[shifts.break_shift])), 0)
        cost += np.bincount(started, columns * price_of_columns(self.search, plan), minlength=calendar.days)
        return list(zip(short.tolist(), cost.tolist(), strict=True))


def price_of_columns(search: Search, plan: ShiftPlan) -> Floats:
    """[shift or place of a break] What one costs, in paid hours where nothing has a price."""
    shifts = plan.shifts
    if search.pay.in_currency:
        return shifts.cost
    group = np.concatenate((shifts.group, shifts.group[shifts.break_shift]))
    available = np.array([1.0 - each.shrinkage for each in shifts.scenario.groups])
    hours: Floats = shifts.paid / 3600.0 / available[group]
    return hours


def with_shifts(plan: ShiftPlan, count: Ints, placed: Ints) -> ShiftPlan:
    """A plan with other shifts; nothing is known of a bound of its cost."""
    found = replace(plan, count=count, placed=placed)
    return replace(found, objective=found.cost, bound=0.0)
