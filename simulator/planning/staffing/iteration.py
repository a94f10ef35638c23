"""Staffing of single queues by iteration: play, see how far each period is off, staff anew, until nothing changes.

After Feldman, Mandelbaum, Massey and Whitt, Staffing of time-varying queues to achieve time-stable performance
(Management Science 54, 2008). The staffing that it ends with keeps the goal, and a margin beyond it (`margin`), on the
customers that it was played on; that no agent is left who is not needed is the task of `trim`.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.quantiles import normal_quantile
from simulator.measures import ratio
from simulator.planning.staffing.goal import ROUNDING, period_of
from simulator.planning.staffing.margin import SURE, margin
from simulator.planning.staffing.response import Response
from simulator.planning.staffing.slack import slack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from simulator.planning.staffing.bounds import Bounds
    from simulator.planning.staffing.evaluator import Evaluator, Played
    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.single_queue import SingleQueue

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_ROUNDS = 12
"""Staffings that are played at most before what still misses is mended."""
_MENDINGS = 40
_ROUGH = 4
"""The first staffings, so many at most, are played on one replication of so many."""
_FEWEST = 10
"""Replications that are played at least, if there are as many."""
_DAMPING = 0.5
"""Part of a difference between normal scores of P(target met) by which the share aimed at is moved."""


@dataclass(frozen=True, slots=True)
class Iterated:
    """Where the iteration ended."""

    played: Played
    start: Ints
    """[group, interval] The staffing by formula that it began with."""
    margin: Floats
    """[row of `Slack`, first interval of a period] Slack beyond the goal that is asked for there."""


class Aim:
    """The share of each period's contacts to be within the target: what the goal says, or what P(target met) needs.

    In expectation, that is the target's share and the margin beyond it.

    With a probability, more has to be met on average than the target says. How much more is searched between the shares
    at which the goal was missed and kept.
    """

    def __init__(self, goal: Goal, intervals: int, sure: float) -> None:
        self._goal, self._sure = goal, sure
        self._beyond = np.zeros((len(goal.shares), intervals))
        self._score = np.repeat(_score(np.array(goal.shares))[:, None], intervals, axis=1)
        self.on_other_customers()

    def on_other_customers(self) -> None:
        """Go on from here, without what was missed and kept so far."""
        self._missed = np.full(self._score.shape, -np.inf)
        self._kept = np.full(self._score.shape, np.inf)

    @property
    def shares(self) -> Floats:
        """[channel of the goal, first interval of a period]."""
        from scipy import special  # slow to import, and only planning needs it

        if self._goal.probability is not None:
            return np.asarray(special.ndtr(self._score))
        return np.minimum(np.array(self._goal.shares)[:, None] + self._beyond, 1.0)

    def learn(self, played: Played) -> None:
        """Aim higher where a staffing missed the goal, lower where it had to spare."""
        if self._goal.probability is None:
            judged = self._goal.judged(played)
            asked = margin(self._goal, slack(self._goal, played), judged, self._sure)[: len(self._goal.channels)]
            self._beyond = np.nan_to_num(ratio(asked, judged.mean(axis=0)))
            return
        judged, kept = self._goal.judged(played).sum(axis=0), self._goal.kept(played)
        now = _score(np.nan_to_num(ratio(self._goal.met(played).sum(axis=0), judged), nan=1.0))
        attained = np.nan_to_num(self._goal.attained(played), nan=1.0)
        off = _score(attained) - _score(np.array([self._goal.probability]))
        self._kept = np.where(kept, np.minimum(self._kept, now), self._kept)
        self._missed = np.where(kept, self._missed, np.maximum(self._missed, now))
        # What others changed may have made an older finding void.
        self._missed = np.minimum(self._missed, self._kept)
        step = now - _DAMPING * off
        between = (step > self._missed) & (step < self._kept)
        bracketed = np.isfinite(self._missed) & np.isfinite(self._kept)
        middle = np.where(bracketed, 0.5 * (np.nan_to_num(self._missed) + np.nan_to_num(self._kept)), step)
        self._score = np.where(between, step, middle)


def iterate(
    evaluator: Evaluator,
    goal: Goal,
    bounds: Bounds,
    queues: Sequence[SingleQueue],
    *,
    sure: float = SURE,
    ends: float = math.inf,
    on_played: Callable[[Played], None] = lambda _: None,
) -> Iterated:
    """A staffing that keeps the goal with its margin, or, if none is found, the last one tried.

    Parameters
    ----------
    queues
        [channel of the goal] Each with a group of its own; other groups keep the least that they are bound to.
    sure
        See `margin`.
    ends
        On the clock of `time.monotonic`: when it comes to an end.
    on_played
        Told of every staffing.
    """
    first = [evaluator.yardstick.first_intervals(period) for period in goal.periods]
    aim = Aim(goal, evaluator.scenario.calendar.intervals, sure)
    curves = [_by_formula(queue, share, evaluator) for queue, share in zip(queues, goal.shares, strict=True)]

    def fewest() -> Ints:
        staffing = floor.copy()
        for queue, curve, share, begin in zip(queues, curves, aim.shares, first, strict=True):
            staffing[queue.group] = curve.fewest(share[begin], begin, floor[queue.group])
        return bounds.within(staffing)

    floor = bounds.least
    start = staffing = fewest()
    few = max(evaluator.replications // _ROUGH, _FEWEST)
    rough = [(evaluator.first(few), _ROUGH)] if few < evaluator.replications else []
    for some, rounds in (*rough, (evaluator, _ROUNDS)):
        tried: set[bytes] = set()
        floor = bounds.least
        aim.on_other_customers()
        while True:
            played = some.evaluate(staffing)
            on_played(played)
            tried.add(staffing.tobytes())
            aim.learn(played)
            curves = _moved(curves, queues, played)
            floor = np.maximum(floor, _for_occupancy(goal, played, bounds))
            then = fewest()
            # Where only single agents come and go, neighbours may push each other to and fro for ever.
            small = (abs(then - staffing) <= 1).all() and then.sum() >= staffing.sum()
            settled = small or then.tobytes() in tried
            if settled or len(tried) == rounds or time.monotonic() >= ends:
                break
            staffing = then
    misses = np.zeros_like(slack(goal, played).value, dtype=np.int64)
    for _ in range(_MENDINGS):
        seen = slack(goal, played)
        missed = seen.value - margin(goal, seen, goal.judged(played), sure) < -ROUNDING
        misses += missed
        staffing = _mended(bounds, queues, curves, played.staffing, np.where(missed, misses, 0), seen.period)
        if (staffing == played.staffing).all() or time.monotonic() >= ends:
            break
        played = evaluator.evaluate(staffing)
        on_played(played)
        curves = _moved(curves, queues, played)
    return Iterated(played, start, margin(goal, slack(goal, played), goal.judged(played), sure))


def _by_formula(queue: SingleQueue, share: float, evaluator: Evaluator) -> Response:
    """The curves of a channel before anything was played."""
    intervals = evaluator.scenario.calendar.intervals
    agents, width, judged = np.zeros(intervals, dtype=np.int64), np.ones(intervals), np.zeros(intervals)
    agents[queue.asked] = queue.least_agents(share)
    width[queue.asked] = queue.width(agents[queue.asked])
    judged[queue.asked] = queue.contacts
    return Response.through(agents, share, width, judged)


def _moved(curves: Sequence[Response], queues: Sequence[SingleQueue], played: Played) -> list[Response]:
    met, judged = played.met.sum(axis=0), played.judged.sum(axis=0)
    return [
        curve.seen(played.staffing[queue.group], met[queue.channel], judged[queue.channel])
        for curve, queue in zip(curves, queues, strict=True)
    ]


def _for_occupancy(goal: Goal, played: Played, bounds: Bounds) -> Ints:
    """[group, interval] Agents with whom groups over the cap on occupancy would keep it, spread as they are now."""
    if goal.occupancy_cap is None:
        return bounds.least
    over = np.nan_to_num(goal.occupancy(played)) / goal.occupancy_cap
    of_period = period_of(played.yardstick, goal.occupancy_period)
    factor = np.where(over > 1.0, over, 0.0)[:, of_period]
    return bounds.within(np.ceil(played.staffing * factor - 1e-9).astype(np.int64))


def _mended(
    bounds: Bounds,
    queues: Sequence[SingleQueue],
    curves: Sequence[Response],
    staffing: Ints,
    misses: Ints,
    period: Ints,
) -> Ints:
    """[group, interval] More agents in the periods that miss, where one more is worth most.

    Parameters
    ----------
    misses
        [row of `Slack`, first interval of a period] How often it has missed, 0 where it does not.
    period
        [row of `Slack`, interval] First interval of the period that it belongs to.
    """
    staffing, of_group = staffing.copy(), {len(queues) + queue.group: k for k, queue in enumerate(queues)}
    for of_row, p in np.argwhere(misses > 0).tolist():
        k = of_group.get(of_row, of_row)
        if k >= len(queues):  # a group that serves none of them
            continue
        row, curve, part = staffing[queues[k].group], curves[k], np.flatnonzero(period[of_row] == p)
        for _ in range(2 ** min(int(misses[of_row, p]) // 2, 6)):
            worth = (curve.judged * (curve.share(row + 1) - curve.share(row)))[part]
            free = row[part] < bounds.most[queues[k].group, part]
            helped = free & (curve.judged[part] > 0)
            if of_row < len(queues) and helped.any() and not (worth[helped] > 0).any():  # everybody is met already
                break
            row[part[int(np.argmax(np.where(free, worth, -1.0)))]] += 1
    return bounds.within(staffing)


def _score(share: Floats) -> Floats:
    """Normal scores of shares, 0 and 1 taken as near to them."""
    return normal_quantile(np.clip(share, 1e-4, 1.0 - 1e-4))
