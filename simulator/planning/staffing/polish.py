"""The last agents: taken away or swapped one by one, each change played.

Cuts are estimates, and agents are whole. From a staffing near the best, small moves that should save something are
played in the order in which they promise it: one agent fewer; one fewer here and one more there, where that is cheaper;
two fewer for one more. As long as the goal is missed, one more. A move is kept if the staffing then misses less of the
goal, or as little and costs less, on the same replications as before.

One day hardly touches the next: the best moves of all days are tried together, and kept day by day. Where targets are
kept by the interval, moves of one day that are some hours apart are tried together too.

Guaranteed is that the result is no worse than the start. Where the search ends before its time limit, none of the moves
that were played is better; those that were not played are the ones that effects spoke against.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.planning.staffing.cuts import Search, Tried
    from simulator.planning.staffing.gradient import Effects

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PLAYS, PLAYS_OF_FEW = 40, 120
"""That are made with the same effects at most, and where little is planned."""
TOGETHER = 5
"""Moves of one day that are tried together at most."""
_LOOKED_AT = 100
"""Moves, the most promising, among which such are sought as can be tried together."""
CELLS_A_DAY = 36
"""Cells of a day that moves of more than one agent are made of, those that promise most: their number grows with the
square and the third power."""


class Move(NamedTuple):
    """A small change."""

    fewer: tuple[int, ...]
    """Cells with one agent fewer; a cell may stand here twice."""
    more: tuple[int, ...]
    """Cells with one more."""

    def changed(self, staffing: Ints) -> Ints:
        """[group, interval] The staffing with this move."""
        changed = staffing.ravel().copy()
        np.subtract.at(changed, list(self.fewer), 1)
        np.add.at(changed, list(self.more), 1)
        return changed.reshape(staffing.shape)

    def span(self, intervals: int) -> tuple[int, int]:
        """The first and the last interval that it touches."""
        touched = [cell % intervals for cell in (*self.fewer, *self.more)]
        return min(touched), max(touched)


def polish(search: Search, at: Tried) -> Tried:
    """The staffing after all small moves that help, or as many as there is time for."""
    best = at
    calendar = search.evaluator.scenario.calendar
    while search.seconds_left > 0:
        found = search.effects_at(best)
        was = best
        waiting = [_moves(search, best, found, day) for day in range(calendar.days)]
        one_by_one = [0] * calendar.days
        for _ in range(PLAYS_OF_FEW if search.bounds.few_cells else PLAYS):
            if not any(waiting) or search.seconds_left <= 0:
                break
            staffing, chosen = best.staffing, list[list[Move]]()
            for day, moves in enumerate(waiting):
                together = 1 if one_by_one[day] or not best.slack.by_the_interval.any() else TOGETHER
                one_by_one[day] = max(one_by_one[day] - 1, 0)
                chosen.append(_apart(search, moves, together))
                for move in chosen[day]:
                    changed = move.changed(staffing)
                    if np.array_equal(search.bounds.within(changed), changed) and search.affords(changed):
                        staffing = changed
            if np.array_equal(staffing, best.staffing):
                continue
            tried = search.tried(staffing)
            spoilt = search.missing_by_day(tried) > search.missing_by_day(best)
            best = search.best_of(best, tried, _parts(calendar.day_of_interval, chosen))
            for day in np.flatnonzero(spoilt).tolist():
                if len(chosen[day]) > 1:
                    waiting[day][:0] = chosen[day]
                    one_by_one[day] = len(chosen[day])
        if not search.rank(best) < search.rank(was):
            break
    return best


def _apart(search: Search, moves: list[Move], most: int) -> list[Move]:
    """The first moves, so many at most, that are far enough from each other; they are taken out of the list."""
    intervals, apart = search.bounds.most.shape[1], search.reach.apart + 2
    chosen: list[Move] = []
    for move in moves[:_LOOKED_AT]:
        if len(chosen) == most:
            break
        first, last = move.span(intervals)
        if all(first - end >= apart or begin - last >= apart for begin, end in (m.span(intervals) for m in chosen)):
            chosen.append(move)
    for move in chosen:
        moves.remove(move)
    return chosen


def _parts(day: Ints, chosen: Sequence[Sequence[Move]]) -> Ints:
    """[interval] The part of the day that a move is answerable for: from the interval before it to the next one's."""
    begins = np.diff(day, prepend=-1) != 0
    for moves in chosen:
        for first, _ in sorted(move.span(len(day)) for move in moves)[1:]:
            begins[first - 1] = True
    return np.asarray(begins.cumsum() - 1)


def _moves(search: Search, at: Tried, found: Effects, day: int) -> list[Move]:
    """Moves of one day, those first that promise most."""
    groups, intervals = at.staffing.shape
    of_day = np.flatnonzero(search.evaluator.scenario.calendar.day_of_interval == day)
    cells = (np.arange(groups)[:, None] * intervals + of_day).ravel()
    staffing, price = at.staffing.ravel(), found.price
    down = cells[(staffing > search.bounds.least.ravel())[cells]]
    up = cells[(staffing < search.bounds.most.ravel())[cells]]
    slack = at.slack.value.ravel()
    # Only targets that some move of this day might break, or mend, are looked at.
    gain, loss = found.gain[:, up].toarray(), found.loss[:, down].toarray()
    near = np.flatnonzero((slack < 0) | (slack < 3.0 * loss.max(axis=1, initial=0.0)))
    slack, gain, loss = slack[near], gain[near], loss[near]
    contact = price_of_a_contact(price[up], np.maximum(gain, 0.0).sum(axis=0))

    def worth(saved: Floats, left: Floats) -> Floats:
        """What moves promise: what they save, less the price of what they leave short. `left` is [row, move]."""
        missing: Floats = np.maximum(-left, 0.0).sum(axis=0)
        return saved - contact * missing

    now = float(worth(np.zeros(1), slack[:, None])[0])
    best_down = down[np.argsort(-worth(price[down], slack[:, None] - loss), kind="stable")[:CELLS_A_DAY]]
    best_up = up[np.argsort(-worth(-price[up], slack[:, None] + gain), kind="stable")[:CELLS_A_DAY]]
    gain_of = {int(cell): gain[:, k] for k, cell in enumerate(up)}
    loss_of = {int(cell): loss[:, k] for k, cell in enumerate(down)}
    moves: list[Move] = [Move((int(a),), ()) for a in down]
    moves += [Move((), (int(b),)) for b in up if at.slack.short > 0]
    moves += [Move((int(a),), (int(b),)) for a in best_down for b in best_up if a != b and price[a] > price[b]]
    few_down, few_up = best_down[: CELLS_A_DAY // 3], best_up[: CELLS_A_DAY // 3]
    pairs = [(int(a), int(c)) for k, a in enumerate(few_down) for c in few_down[k:] if a != c or staffing[a] > 1]
    moves += [
        Move((a, c), (int(b),)) for a, c in pairs for b in few_up if b not in (a, c) and price[a] + price[c] > price[b]
    ]
    if not moves:
        return []
    saved = np.array([price[list(move.fewer)].sum() - price[list(move.more)].sum() for move in moves])
    left = np.stack(
        [
            slack
            - sum((loss_of[a] for a in move.fewer), start=np.zeros(len(slack)))
            + sum((gain_of[b] for b in move.more), start=np.zeros(len(slack)))
            for move in moves
        ],
        axis=1,
    )
    promise = worth(saved, left)
    # Estimates err: a move is played unless they speak against it by more than half of what it saves; where plays are
    # cheap, all are played, as long as there are plays left.
    doubt = np.inf if search.bounds.few_cells else 0.5
    order = [k for k in np.argsort(-promise, kind="stable").tolist() if promise[k] - now > -doubt * abs(saved[k])]
    return [moves[k] for k in order]


def price_of_a_contact(price: Floats, gain: Floats) -> float:
    """What one more contact within its target costs where it is cheapest.

    Parameters
    ----------
    gain
        [cell] Contacts that one more agent brings, all targets together; `price` is the agent's.
    """
    helps = gain > 1e-9
    return float((price[helps] / gain[helps]).min()) if helps.any() else float(price.max(initial=1.0))
