"""Takes away agents whom the goal does not need, on the customers that all staffings meet.

One agent fewer matters near by only. So every fourth interval gets one fewer at the same time, four staffings tell of
all intervals, and each change is put down to the agent who was taken away from the interval after it, its own, or one
of the two before. What can be spared together by these figures is taken away and played as a whole; where that misses,
the half that did most harm comes back. Neighbours are not spared in one go: an agent who leaves finishes what is in
hand, so that two intervals with one fewer each cost more together than apart.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.goal import ROUNDING
from simulator.planning.staffing.slack import slack, summed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from simulator.planning.staffing.bounds import Bounds
    from simulator.planning.staffing.evaluator import Evaluator, Played
    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.single_queue import SingleQueue

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_APART = 4
"""Intervals from one that has an agent fewer to the next."""
_BEFORE = 1
"""Of those to which an agent matters, so many lie before its own: who waits there is met later."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A staffing from which no agent of an interval can be spared alone, as far as one fewer matters near by only."""

    played: Played
    surplus: Floats
    """[channel of the goal, interval] The part of its last agent that the goal does not need, from 0 to 1; nan where
    there is none, or the goal's minimum needs it."""


def trim(
    evaluator: Evaluator,
    goal: Goal,
    bounds: Bounds,
    queues: Sequence[SingleQueue],
    played: Played,
    margin: Floats,
    *,
    ends: float = math.inf,
    on_played: Callable[[Played], None] = lambda _: None,
) -> Trimmed:
    """Take away agents from a staffing that keeps the goal with a margin, as long as it does.

    Parameters
    ----------
    queues
        [channel of the goal] Each with a group of its own.
    margin
        [row of `Slack`, first interval of a period] Slack to keep.
    ends
        On the clock of `time.monotonic`: when it comes to an end.
    on_played
        Told of every staffing that is kept.
    """
    needed = set[tuple[int, int]]()
    while True:
        before, harms = played, _harms(evaluator, goal, bounds, queues, played)
        base = _Beyond.of(goal, played, margin)
        while time.monotonic() < ends:
            # What has been measured serves until nobody can be spared by it any more.
            left = [each for each in harms if each.place not in needed and each.may_go(played, bounds)]
            certain = len(needed)
            fewer = _without(_spared(goal, base, left), evaluator, goal, played, margin, needed, ends)
            if fewer is not None:
                played, base = fewer, _Beyond.of(goal, fewer, margin)
                on_played(played)
            elif len(needed) == certain:
                break
        if played is before or time.monotonic() >= ends:
            return Trimmed(played, _surplus(goal, base, harms, len(queues)))


def _without(
    spared: list[_Harm],
    evaluator: Evaluator,
    goal: Goal,
    played: Played,
    margin: Floats,
    needed: set[tuple[int, int]],
    ends: float,
) -> Played | None:
    """The staffing without these, or without as many of them as can be spared; None if none can.

    Places of those who are certainly needed are added to `needed`.
    """
    while spared and time.monotonic() < ends:
        staffing = played.staffing.copy()
        for harm in spared:
            staffing[harm.group, harm.interval] -= 1
        fewer = evaluator.evaluate(staffing)
        beyond = _Beyond.of(goal, fewer, margin)
        if (_level(goal, beyond.surplus) >= -ROUNDING).all():
            return fewer
        before = len(spared)
        spared, found = _without_culprits(spared, goal, beyond)
        needed |= found
        if len(spared) == before:
            # What the goal misses by less than can be told is nobody's fault.
            return None
    return None


@dataclass(frozen=True, slots=True)
class _Beyond:
    """What a staffing has beyond a goal and its margin."""

    surplus: Floats
    """[replication, row, first interval of a period]"""
    period: Ints
    """[row, interval] First interval of the period that it belongs to."""

    @classmethod
    def of(cls, goal: Goal, played: Played, margin: Floats) -> _Beyond:
        seen = slack(goal, played)
        return cls(summed(seen.by_interval, seen.period) - margin, seen.period)


@dataclass(frozen=True, slots=True)
class _Harm:
    """What taking one agent away does."""

    queue: int
    """Channel of the goal."""
    group: int
    interval: int
    rows: tuple[int, ...]
    """Rows of `Slack` that it touches."""
    near: slice
    """The intervals in which it matters."""
    change: Floats
    """[replication, row of these, interval of those] Of the surplus."""
    total: float
    """What is lost of the first row, mean over replications."""

    @property
    def place(self) -> tuple[int, int]:
        """Whose it is."""
        return self.queue, self.interval

    def may_go(self, played: Played, bounds: Bounds) -> bool:
        """Whether there still is somebody to be spared."""
        return bool(played.staffing[self.group, self.interval] > bounds.least[self.group, self.interval])


def _harms(
    evaluator: Evaluator, goal: Goal, bounds: Bounds, queues: Sequence[SingleQueue], played: Played
) -> list[_Harm]:
    """One for each interval of which an agent may be taken."""
    intervals = played.staffing.shape[1]
    may = played.staffing > bounds.least
    staffings = []
    for turn in range(_APART):
        staffing = played.staffing.copy()
        for queue in queues:
            row = staffing[queue.group]
            row[turn::_APART] -= may[queue.group, turn::_APART]
        staffings.append(staffing)
    before, harms = slack(goal, played).by_interval, []
    for turn, fewer in enumerate(evaluator.evaluate_all(staffings)):
        change = slack(goal, fewer).by_interval - before
        for k, queue in enumerate(queues):
            rows = (k,) if goal.occupancy_cap is None else (k, len(goal.channels) + queue.group)
            for i in range(turn, intervals, _APART):
                if may[queue.group, i]:
                    near = slice(max(i - _BEFORE, 0), min(i - _BEFORE + _APART, intervals))
                    of_it = change[:, rows, near]
                    harms.append(_Harm(k, queue.group, i, rows, near, of_it, -float(of_it[:, 0].sum(axis=-1).mean())))
    return harms


def _spared(goal: Goal, base: _Beyond, harms: Sequence[_Harm]) -> list[_Harm]:
    """Those who can be spared together by their figures, the least harm first."""
    left, spared = base.surplus.copy(), []
    taken = np.zeros(base.period.shape, dtype=np.bool_)
    for harm in sorted(harms, key=lambda each: (each.total, each.queue, each.interval)):
        if taken[harm.queue, harm.near].any():
            continue
        touched, after = _after(left, base.period, harm)
        if (_level(goal, after, harm.rows) >= -ROUNDING).all():
            left[:, harm.rows, touched] = after
            taken[harm.queue, harm.near] = True
            spared.append(harm)
    return spared


def _without_culprits(spared: Sequence[_Harm], goal: Goal, beyond: _Beyond) -> tuple[list[_Harm], set[tuple[int, int]]]:
    """Those who may still be spared after their goal was missed, and the places of those who are certainly needed.

    In every period that is missed, that half of those who touch it comes back that did most harm.
    """
    missed = _level(goal, beyond.surplus) < -ROUNDING
    back, needed = set[tuple[int, int]](), set[tuple[int, int]]()
    for row, p in np.argwhere(missed).tolist():
        concerned = [harm for harm in spared if row in harm.rows]
        period = beyond.period[row]
        culprits = [harm for harm in concerned if p in period[harm.near]]
        if not culprits:  # one fewer mattered further away than is looked
            last = int(np.flatnonzero(period == p)[-1])
            culprits = sorted(concerned or spared, key=lambda each: abs(each.interval - last))[:1]
        culprits.sort(key=lambda each: each.total)
        back |= {harm.place for harm in culprits[len(culprits) // 2 :]}
        needed |= {harm.place for harm in culprits} if len(culprits) == 1 else set()
    return [harm for harm in spared if harm.place not in back], needed


def _surplus(goal: Goal, base: _Beyond, harms: Sequence[_Harm], queues: int) -> Floats:
    """[channel of the goal, interval] See `Trimmed.surplus`."""
    found = np.full((queues, base.period.shape[1]), np.nan)
    before = base.surplus
    for harm in harms:
        touched, after = _after(before, base.period, harm)
        now, then = (_level(goal, each, harm.rows) for each in (before[:, harm.rows, touched], after))
        needs = then < -ROUNDING
        # Days with one agent fewer and days with all of them, in the proportion that just keeps the goal.
        shares = np.where(needs, now / np.where(needs, now - then, 1.0), 1.0)
        found[harm.queue, harm.interval] = float(np.clip(shares.min(), 0.0, 1.0))
    return found


def _after(surplus: Floats, period: Ints, harm: _Harm) -> tuple[slice, Floats]:
    """The surplus [replication, row of these, interval] with an agent less, and the intervals from which it may differ.

    Parameters
    ----------
    surplus
        [replication, row, first interval of a period] Before.
    period
        [row, interval] First interval of the period that it belongs to.
    """
    of_rows = period[list(harm.rows), harm.near]
    touched = slice(int(of_rows.min()), int(harm.near.stop))
    after: Floats = surplus[:, harm.rows, touched].copy()
    for k, first in enumerate(of_rows):
        for n, p in enumerate((first - touched.start).tolist()):
            after[:, k, p] += harm.change[:, k, n]
    return touched, after


def _level(goal: Goal, surplus: Floats, rows: Sequence[int] | None = None) -> Floats:
    """[row, interval] What may not be below 0 for the goal to be kept, of surpluses [replication, row, interval].

    Of targets with a probability, the share of replications that keep them less that probability; else the mean.
    """
    level: Floats = surplus.mean(axis=0)
    if goal.probability is not None:
        targets = np.array(range(len(level)) if rows is None else rows) < len(goal.channels)
        level[targets] = (surplus[:, targets] >= -ROUNDING).mean(axis=0) - goal.probability
    return level
