"""What one agent more or fewer does to the slack, interval by interval: paired finite differences, many at once.

To play every interval of a week by itself would take a thousand plays. An agent more at nine does not matter at noon,
though, to those who wait for an answer: every so many intervals get one agent more at the same time, and what changes
in the arrivals of an interval is put down to the nearest of them before it. So the number of plays does not grow with
the horizon.

Deferred contacts remember longer. A change among those of an interval is put down in equal parts to all the agents that
changed between as long before their arrival as they are given, and their due time; or the end, for those that are left
then.

Neither is exact: changes that reach further than to the next changed interval go to the wrong agent. Cuts made from
them are therefore proposals; whether a staffing keeps the goal is always told by playing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from simulator.planning.staffing.slack import slack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.staffing.bounds import Bounds
    from simulator.planning.staffing.evaluator import Evaluator, Played
    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.pay import Pay
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MEMORY = 7200.0
"""Seconds after which an agent more or fewer is taken to matter no longer to live contacts."""
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Effects:
    """What changes with one agent more or fewer, from one staffing on. A cell is group x intervals + interval."""

    gain: csr_array
    """[row x intervals + first interval of a period, cell] Slack with one agent more."""
    loss: csr_array
    """[row x intervals + first interval of a period, cell] Slack lost with one agent fewer."""
    price: Floats
    """[cell] What one costs: the agent's pay, and what that changes in overtime."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a change is looked for."""

    apart: int
    """Intervals between two that change at the same time."""
    before: Ints
    """[row, interval] First interval whose agents matter to those who arrive in it."""
    until: Ints
    """[row, interval] Last such interval."""
    deferred: Bools
    """[row]"""

    @classmethod
    def of(cls, scenario: Scenario, goal: Goal, memory: float = MEMORY) -> Reach:
        """The reach of changes in a scenario."""
        calendar = scenario.calendar
        edges, intervals = calendar.edges, calendar.intervals
        apart = min(max(2, round(memory / float(np.median(np.diff(edges))))), intervals)
        of_groups = len(scenario.groups) if goal.occupancy_cap is not None else 0
        rows = len(goal.channels) + of_groups + len(goal.leftover)
        before, until = np.tile(np.arange(intervals), (2, rows, 1))
        deferred = np.zeros(rows, dtype=np.bool_)
        behind_groups = range(rows - len(goal.leftover), rows)
        for row, c in (*enumerate(goal.channels), *zip(behind_groups, goal.leftover, strict=True)):
            channel = scenario.channels[c]
            if channel.kind == "live":
                # And the one after: those who still wait when it begins.
                before[row], until[row] = before[row] - apart + 1, until[row] + 1
                continue
            deferred[row] = True
            hours = channel.hours if channel.target.open_time else None
            due = calendar.due_times(edges[1:], channel.target.within, hours)
            until[row] = np.clip(np.searchsorted(edges, due) - 1, np.arange(intervals), intervals - 1)
            before[row] = np.maximum(np.searchsorted(edges, edges[:-1] - (due - edges[1:]), side="right") - 1, 0)
            if row >= len(goal.channels):
                until[row] = intervals - 1
        return cls(apart, np.maximum(before, 0), np.minimum(until, intervals - 1), deferred)


def touched(scenario: Scenario, goal: Goal, reach: Reach, period: Ints) -> csr_array:
    """[row x intervals + first interval of a period, cell] 1 where agents may matter: they serve its channel in time.

    Parameters
    ----------
    period
        [row, interval] First interval of the period that it belongs to.
    """
    intervals = period.shape[1]
    serving_of = [
        [g for g, group in enumerate(scenario.groups) if c in {s.channel for s in group.skills}]
        for c in range(len(scenario.channels))
    ]
    rows = [serving_of[c] for c in goal.channels]
    rows += [[g] for g in range(len(scenario.groups))] if goal.occupancy_cap is not None else []
    rows += [serving_of[c] for c in goal.leftover]
    indices, sizes = [], np.zeros((len(rows), intervals), dtype=np.int64)
    for row, serving in enumerate(rows):
        first = np.flatnonzero(period[row] == np.arange(intervals))
        begin, last = np.minimum.reduceat(reach.before[row], first), np.maximum.reduceat(reach.until[row], first)
        for p, start, end in zip(first.tolist(), begin.tolist(), last.tolist(), strict=True):
            indices += [g * intervals + np.arange(start, end + 1) for g in serving]
            sizes[row, p] = len(serving) * (end + 1 - start)
    whole = np.concatenate(indices) if indices else np.zeros(0, dtype=np.int64)
    ends = np.concatenate(([0], sizes.ravel().cumsum()))
    return csr_array((np.ones(len(whole)), whole, ends), shape=(sizes.size, len(scenario.groups) * intervals))


def effects(evaluator: Evaluator, goal: Goal, base: Played, bounds: Bounds, reach: Reach, pay: Pay) -> Effects:
    """Play one agent more and one fewer everywhere that bounds allow.

    Parameters
    ----------
    base
        The staffing to start from, as this evaluator played it.
    """
    at = base.staffing
    more, more_overtime = _one_by_one(evaluator, goal, base, bounds.most > at, 1, reach, pay)
    fewer, less_overtime = _one_by_one(evaluator, goal, base, (bounds.least < at) & bounds.on_duty, -1, reach, pay)
    # A gain beyond the loss is noise, and would be an invitation to take one and give one.
    both = (bounds.most > at) & (bounds.least < at) & bounds.on_duty
    gain, loss = more, csr_array(-fewer)
    noise = csr_array((gain - loss).maximum(0) * (both.ravel() / 2.0))
    cost, saving = pay.agent.ravel() + more_overtime, pay.agent.ravel() - less_overtime
    middle = np.where(both.ravel(), (cost + saving) / 2.0, np.where(bounds.most.ravel() > at.ravel(), cost, saving))
    middle = np.maximum(middle, 0.05 * pay.agent.ravel())
    return Effects(csr_array(gain - noise), csr_array(loss + noise), middle)


def _one_by_one(
    evaluator: Evaluator, goal: Goal, base: Played, free: Bools, by: int, reach: Reach, pay: Pay
) -> tuple[csr_array, Floats]:
    """Change of slack [row and period, cell] and of overtime cost [cell] with so many agents more in each free cell."""
    groups, intervals = free.shape
    changed = [
        (g, np.flatnonzero(free[g, phase :: reach.apart]) * reach.apart + phase)
        for g in range(groups)
        for phase in range(reach.apart)
    ]
    changed = [(g, places) for g, places in changed if len(places)]
    staffings = []
    for g, places in changed:
        staffing = base.staffing.copy()
        staffing[g, places] += by
        staffings.append(staffing)
    was = slack(goal, base)
    rows = len(was.value)
    row_of, cell_of, change_of = [], [], []
    overtime = np.zeros(free.size)
    price = pay.overtime_hour[:, None] / 3600.0
    overtime_was = (base.overtime.mean(axis=0) * price).sum(axis=0)
    for (g, places), played in zip(changed, evaluator.evaluate_all(staffings), strict=True):
        change = was.change(slack(goal, played))
        for row in range(rows):
            if not np.abs(change[row]).max(initial=0.0) > _NOTHING:
                continue
            if reach.deferred[row]:
                first = np.searchsorted(places, reach.before[row])
                behind = np.searchsorted(places, reach.until[row], side="right")
            else:
                first, behind = _nearest(places, intervals, reach.apart)
            number = behind - first
            spread = np.divide(change[row], number, out=np.zeros(intervals), where=number > 0)
            # What each period adds to each changed place: begins at `first`, ends before `behind`.
            table = np.zeros((intervals, len(places) + 1))
            np.add.at(table, (was.period[row], first), spread)
            np.add.at(table, (was.period[row], behind), -spread)
            table = table.cumsum(axis=1)[:, :-1]
            period, place = np.nonzero(np.abs(table) > _NOTHING)
            row_of.append(row * intervals + period)
            cell_of.append(g * intervals + places[place])
            change_of.append(table[period, place])
        change_in_overtime = (played.overtime.mean(axis=0) * price).sum(axis=0) - overtime_was
        first, behind = _nearest(places, intervals, reach.apart)
        known = behind > first
        np.add.at(overtime, g * intervals + places[first[known]], change_in_overtime[known])
    shape = (rows * intervals, free.size)
    if not row_of:
        return csr_array(shape), overtime
    entries = (np.concatenate(change_of), (np.concatenate(row_of), np.concatenate(cell_of)))
    return csr_array(entries, shape=shape), overtime


def _nearest(places: Ints, intervals: int, apart: int) -> tuple[Ints, Ints]:
    """[interval] The place, and the one behind it, whose change is seen in an interval; twice the same where none is.

    It is the last one not later than the interval after, for those who wait when that begins. A single one has all.
    """
    interval = np.arange(intervals)
    if len(places) == 1:
        return np.zeros(intervals, dtype=np.int64), np.ones(intervals, dtype=np.int64)
    last = np.maximum(np.searchsorted(places, interval + 1, side="right") - 1, 0)
    near = np.abs(interval - places[last]) < apart
    return last, last + near
