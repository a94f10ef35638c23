"""The rules of a catalogue of shifts as rows of a linear programme: what so many people can work at most.

**What is guaranteed.** Nobody is named: a plan says how many work each shift, and the rows bound these numbers by the
number of people H of the group. All of them are necessary for the shifts to be dealt out to H people:

- one shift a day: shifts that start on a day <= H;
- shifts of a week <= H x shifts per week, or as many as the hours per week leave room for; paid hours of a week
  <= H x hours per week, rounded down to what shifts of these lengths can add up to;
- rest: those of a day that end too late for a start at t on the next day, and the next day's that start at t or
  sooner, together <= H, for each t.

They are sufficient, so that H people can work the plan, in two cases. With a limit on shifts per week, but neither a
rest that matters nor shifts of several lengths with a limit on hours: the week's shifts, in the order of their days,
are dealt out in turn (as in Burns & Carter, Operations Research 33, 1985). With a rest, but no limit by the week that
matters: who may follow whom is a matter of one threshold, so that Hall's condition, which is the row above, makes each
day a matching of the next. Otherwise `lines` deals the shifts out, and so proves how many people can work them.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from simulator.planning.shifts.possible import PossibleShifts
    from simulator.scenario.shift_catalogue import GroupShifts

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Rule = Literal["most", "maximum", "heads", "shifts_per_week", "hours_per_week", "rest"]
"""What may stand in the way of a plan: fields of the catalogue, and the most agents that there may be at a time."""

_SHIFTS_PER_WEEK: Rule = "shifts_per_week"
_HOURS_PER_WEEK: Rule = "hours_per_week"


class Limit(NamedTuple):
    """A sum over shifts that may not pass a limit."""

    rule: Rule
    group: int
    shifts: Ints
    """The shifts that are summed up."""
    weight: Floats
    """What one of each counts."""
    per_head: float
    """The limit for one person; for the rule "most" that of all."""
    what: str
    """The sum in words, in English."""

    def heads(self, count: Ints) -> int:
        """People that so many shifts take at least, count [shift]."""
        return int(np.ceil(np.round(self.weight @ count[self.shifts] / self.per_head, 9)))


def most_of_kinds(shifts: PossibleShifts) -> Iterator[Limit]:
    """Limits on the shifts of a kind that start on one day."""
    for rules in shifts.catalogue.groups:
        for k, kind in enumerate(rules.kinds):
            if kind.most is None:
                continue
            of_kind = np.flatnonzero((shifts.group == rules.group) & (shifts.kind == k))
            for day in np.unique(shifts.day[of_kind]).tolist():
                on_day = of_kind[shifts.day[of_kind] == day]
                yield Limit("most", rules.group, on_day, np.ones(len(on_day)), kind.most, kind.title)


def limits_by_head(shifts: PossibleShifts, rules: GroupShifts) -> Iterator[Limit]:
    """What each person of a group can work, so that H people can work H times as much."""
    own = np.flatnonzero(shifts.group == rules.group)
    days, weeks = shifts.day[own], shifts.week[own]
    for day in np.unique(days).tolist():
        on_day = own[days == day]
        yield Limit("heads", rules.group, on_day, np.ones(len(on_day)), 1.0, f"shifts of day {day + 1}")
    hours_most = _most_hours(shifts.work[own], rules)
    for week in np.unique(weeks).tolist():
        in_week = own[weeks == week]
        most, rule = rules.shifts_per_week, _SHIFTS_PER_WEEK
        if hours_most is not None and hours_most // int(shifts.work[in_week].min()) < most:
            most, rule = hours_most // int(shifts.work[in_week].min()), _HOURS_PER_WEEK
        if most < len(np.unique(shifts.day[in_week])):
            ones = np.ones(len(in_week))
            yield Limit(rule, rules.group, in_week, ones, float(most), f"shifts of week {week + 1}")
        if hours_most is not None:
            hours = shifts.work[in_week] / 3600.0
            yield Limit(_HOURS_PER_WEEK, rules.group, in_week, hours, hours_most / 3600.0, f"hours of week {week + 1}")
    yield from _rests(shifts, rules, own)


def _most_hours(work: Ints, rules: GroupShifts) -> int | None:
    """Paid seconds that shifts of these lengths can add up to in a week of one person."""
    if rules.hours_per_week is None:
        return None
    step = math.gcd(*map(int, np.unique(work)))
    return rules.hours_per_week // step * step


def _rests(shifts: PossibleShifts, rules: GroupShifts, own: Ints) -> Iterator[Limit]:
    """Hall's condition from each day to the next: who still rests at t, and who starts by t, are different people."""
    days = shifts.day[own]
    for day, following in pairwise(np.unique(days).tolist()):
        if following != day + 1:
            continue
        before, after = own[days == day], own[days == following]
        free = shifts.end[before] + rules.rest - DAY
        start = shifts.start[after]
        for clock in np.unique(start).tolist():
            resting = before[free > clock]
            if resting.size:
                together = np.concatenate((resting, after[start <= clock]))
                what = f"shifts that rest or start by {clock // 3600:02}:{clock % 3600 // 60:02} of day {following + 1}"
                yield Limit("rest", rules.group, together, np.ones(len(together)), 1.0, what)


def summed(limits: list[Limit], columns: int) -> csr_array:
    """[limit, column] The sums of the limits as rows."""
    row = np.repeat(np.arange(len(limits)), [len(each.shifts) for each in limits])
    column = np.concatenate([each.shifts for each in limits]) if limits else np.zeros(0, dtype=np.int64)
    weight = np.concatenate([each.weight for each in limits]) if limits else np.zeros(0)
    return csr_array((weight, (row, column)), shape=(len(limits), columns))
