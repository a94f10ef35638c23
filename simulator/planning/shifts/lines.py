"""Lines of work: the shifts of a plan dealt out to people without a name, as proof that so many can work them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from simulator.planning.shifts.rules import limits_by_head
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.shifts.possible import PossibleShifts
    from simulator.scenario.shift_catalogue import GroupShifts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OFF = -1
"""A day without a shift."""

_TRIES = 5
"""Times that shifts are dealt out to one number of people, each in another order."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Who works when, without names: each person keeps the rules of the group."""

    group: int
    shift: Ints
    """[person, day + 1] The shift, as numbered among the possible shifts, or `OFF`; the first day is the eve."""
    at_least: int
    """No fewer people can work the plan."""

    @property
    def heads(self) -> int:
        """People who do."""
        return len(self.shift)


def lines_of_work(shifts: PossibleShifts, count: Ints, rules: GroupShifts) -> Lines:
    """Deal out the shifts of a group, day by day, to as few people as it finds.

    Each day is an assignment of least cost: nobody who still rests, or who has worked what the week allows, and rather
    those who have worked less. Where `rules` says that its rows are sufficient, that takes the fewest people there can
    be; otherwise it may take more, and the number is one that can be kept, not one that must be.

    Parameters
    ----------
    count
        [S] How often each shift is worked.
    """
    limits = list(limits_by_head(shifts, rules))
    at_least = max((limit.heads(count) for limit in limits), default=0)
    own = np.flatnonzero((shifts.group == rules.group) & (count > 0))
    by_day = {day: own[shifts.day[own] == day] for day in np.unique(shifts.day[own]).tolist()}
    worked = {day: np.repeat(which, count[which]) for day, which in by_day.items()}
    heads = at_least
    while True:
        for attempt in range(_TRIES):
            found = _dealt(shifts, worked, rules, heads, np.random.default_rng(attempt) if attempt else None)
            if found is not None:
                return Lines(rules.group, found, at_least)
        heads += 1


def _dealt(
    shifts: PossibleShifts,
    worked: dict[int, Ints],
    rules: GroupShifts,
    heads: int,
    luck: np.random.Generator | None,
) -> Ints | None:
    """[person, day + 1] The shifts dealt out to so many people; None if that does not work out."""
    lines = np.full((heads, shifts.scenario.calendar.days + 1), OFF)
    free = np.full(heads, -(10**9))
    """When each may start again, in seconds after the midnight of the day in hand."""
    times, hours = np.zeros(heads), np.zeros(heads)
    week, today = None, None
    most_hours = np.inf if rules.hours_per_week is None else rules.hours_per_week
    for day, of_day in worked.items():
        this_week = int(shifts.week[of_day[0]])
        if this_week != week:
            week, times, hours = this_week, np.zeros(heads), np.zeros(heads)
        free = free - (DAY * (day - today) if today is not None else 0)
        today = day
        after = hours[:, None] + shifts.work[of_day][None, :]
        barred = (free[:, None] > shifts.start[of_day][None, :]) | (after > most_hours)
        barred |= (times >= rules.shifts_per_week)[:, None]
        cost = (times[:, None] + 1) ** 2 + (after / 36_000) ** 2
        if luck is not None:
            cost = cost + 0.5 * luck.random(cost.shape)
        who, what = linear_sum_assignment(np.where(barred, 1e6, cost))
        if len(what) < len(of_day) or barred[who, what].any():
            return None
        chosen = of_day[what]
        lines[who, day + 1] = chosen
        times[who] += 1
        hours[who] += shifts.work[chosen]
        free[who] = shifts.end[chosen] + rules.rest
    return lines
