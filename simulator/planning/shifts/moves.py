"""The last shifts: left out, exchanged or added one by one, each change played.

Cuts are estimates, and shifts are whole. From a plan near the best, small changes that should save something are
played in the order in which they promise it: a shift fewer; a shift in place of a dearer one of its day; as long as the
goal is missed, a shift more. A change is kept if the plan then misses less of the goal, or as little and costs less, on
the same customers. The best changes of all days are tried together, and kept day by day.

Guaranteed is that the result is no worse than the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csc_array

from simulator.planning.shifts.tried import price_of_columns, with_shifts
from simulator.planning.staffing.polish import price_of_a_contact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from simulator.planning.shifts.shift_plan import ShiftPlan
    from simulator.planning.shifts.tried import ShiftSearch, TriedShifts
    from simulator.planning.staffing.gradient import Effects

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MOVES_A_DAY = 30
"""Changes of a day that are played with the same effects at most."""
LOOKED_AT = 400
"""Changes of a day whose effects are added up, those that promise most by the price of what they take away."""
_NEAR = 3.0
"""Times what one agent may take of a target: targets with more slack are not looked at."""


class Move(NamedTuple):
    """A small change: columns that are worked once less, and once more."""

    fewer: tuple[int, ...]
    more: tuple[int, ...]

    def changed(self, plan: ShiftPlan) -> ShiftPlan:
        """The plan with this change."""
        columns = np.concatenate((plan.count, plan.placed))
        np.subtract.at(columns, list(self.fewer), 1)
        np.add.at(columns, list(self.more), 1)
        return with_shifts(plan, columns[: len(plan.count)], columns[len(plan.count) :])


def by_moves(among: ShiftSearch, at: TriedShifts) -> TriedShifts:
    """The plan after all small changes that help, or as many as there is time for."""
    best = at
    while among.search.seconds_left > 0:
        found = among.search.effects_at(best.tried)
        was = best
        days = [_moves(among, best, found, day) for day in range(best.plan.shifts.scenario.calendar.days)]
        for _ in range(MOVES_A_DAY):
            moves = [move for move in (next(day, None) for day in days) if move is not None]
            if not moves or among.search.seconds_left <= 0:
                break
            plan = best.plan
            for move in moves:
                changed = move.changed(plan)
                if min(changed.count.min(), changed.placed.min(initial=0)) >= 0 and among.allows(changed):
                    plan = changed
            if plan is not best.plan:
                best = among.best_of(best, among.tried(plan))
        if not best.rank < was.rank:
            break
    return best


def _moves(among: ShiftSearch, at: TriedShifts, found: Effects, day: int) -> Iterator[Move]:
    """Changes of one day, those first that promise most."""
    plan, shifts = at.plan, at.plan.shifts
    gives, price = csc_array(shifts.gives), price_of_columns(among.search, plan)
    slack = at.tried.slack.value.ravel()
    loss_of_one = found.loss.max(axis=1).toarray().ravel()
    near = np.flatnonzero((slack < 0) | (slack < _NEAR * np.maximum(loss_of_one, 1e-9)))
    gain, loss, slack = found.gain[near], found.loss[near], slack[near]
    contact = price_of_a_contact(found.price, np.asarray(gain.maximum(0).sum(axis=0), dtype=np.float64).ravel())
    overtime = found.price - among.search.pay.agent.ravel()
    # What an agent is worth in each cell where every target is tight: only for a first look at which changes to add up.
    worth = contact * np.asarray(((gain + loss) / 2.0).sum(axis=0)).ravel() - overtime
    value = np.asarray(gives.T @ worth).ravel()
    own = np.flatnonzero(shifts.day == day if day else shifts.day <= 0)
    worked = own[plan.count[own] > 0]
    less = {int(s): (int(s), *_break_places(plan, int(s), -value, taken=True)) for s in worked}
    more = {int(s): (int(s), *_break_places(plan, int(s), value, taken=False)) for s in own}
    net_less = {s: sum(price[list(c)]) - sum(value[list(c)]) for s, c in less.items()}
    net_more = {s: sum(value[list(c)]) - sum(price[list(c)]) for s, c in more.items()}
    cost_less, cost_more = ({s: sum(price[list(c)]) for s, c in each.items()} for each in (less, more))
    missing = at.tried.slack.short > 0
    first = [(net_less[s], Move(less[s], ())) for s in less]
    if missing:
        first += [(net_more[s], Move((), more[s])) for s in more]
    first += [
        (net_less[a] + net_more[b], Move(less[a], more[b]))
        for a in less
        for b in more
        if a != b and shifts.group[a] == shifts.group[b] and (missing or cost_more[b] < cost_less[a])
    ]
    first.sort(key=lambda each: -each[0])
    now = float(np.maximum(-slack, 0.0).sum())
    if missing:
        # However little is missing, it is worth more than any shift.
        contact = max(contact, 2.0 * max(cost_more.values(), default=0.0) / max(now, 1e-9))
    order = []
    for number, (_, move) in enumerate(first[:LOOKED_AT]):
        change = np.asarray(gives[:, list(move.more)].sum(axis=1) - gives[:, list(move.fewer)].sum(axis=1)).ravel()
        left = slack + gain @ np.maximum(change, 0) - loss @ np.maximum(-change, 0)
        saved = float(price[list(move.fewer)].sum() - price[list(move.more)].sum() - overtime @ change)
        promise = saved - contact * (float(np.maximum(-left, 0.0).sum()) - now)
        # Estimates err: a change is played unless they speak against it by more than half of what it saves.
        if promise > -0.5 * abs(saved):
            order.append((-promise, number, move))
    return iter([move for _, _, move in sorted(order, key=lambda each: each[:2])])


def _break_places(plan: ShiftPlan, shift: int, value: Floats, *, taken: bool) -> list[int]:
    """The column of each break of a shift where it does least harm; of those that are taken, or of all."""
    shifts = plan.shifts
    places = np.flatnonzero(shifts.break_shift == shift)
    if taken:
        places = places[plan.placed[places] > 0]
    found = []
    for number in np.unique(shifts.break_number[places]).tolist():
        of_break = len(shifts) + places[shifts.break_number[places] == number]
        found.append(int(of_break[value[of_break].argmax()]))
    return found
