"""Staffing of single queues by iteration: play, see how far each period is off, staff anew, until nothing changes.

After Feldman, Mandelbaum, Massey and Whitt, Staffing of time-varying queues to achieve time-stable performance
(Management Science 54, 2008). The staffing that it ends with keeps the goal on the customers that it was played on;
that no agent is left who is not needed is the task of `trim`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.quantiles import normal_quantile
from simulator.measures import ratio
from simulator.planning.staffing.blocked import missed
from simulator.planning.staffing.goal import period_of
from simulator.planning.staffing.response import Response

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_DAMPING = 0.5
"""Part of a difference between normal scores of P(target met) by which the share aimed at is moved."""


@dataclass(frozen=True, slots=True)
class Iterated:
    """Where the iteration ended."""

    played: Played
    start: Ints
    """[group, interval] The staffing by formula that it began with."""
    evaluations: int
    """Staffings played."""


class Aim:
    """The share of each period's contacts to be within the target: what the goal says, or what P(target met) needs.

    With a probability, more has to be met on average than the target says. How much more is searched between the shares
    at which the goal was missed and kept.
    """

    def __init__(self, goal: Goal, intervals: int) -> None:
        self._goal = goal
        self._score = np.repeat(_score(np.array(goal.shares))[:, None], intervals, axis=1)
        self._missed = np.full(self._score.shape, -np.inf)
        self._kept = np.full(self._score.shape, np.inf)

    @property
    def shares(self) -> Floats:
        """[channel of the goal, first interval of a period]."""
        from scipy import special  # slow to import, and only planning needs it

        shares = np.repeat(np.array(self._goal.shares)[:, None], self._score.shape[1], axis=1)
        return shares if self._goal.probability is None else np.asarray(special.ndtr(self._score))

    def learn(self, played: Played) -> None:
        """Aim higher where a staffing missed the goal, lower where it had to spare."""
        if self._goal.probability is None:
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


def iterate(evaluator: Evaluator, goal: Goal, bounds: Bounds, queues: Sequence[SingleQueue]) -> Iterated:
    """A staffing that keeps the goal, or, if none is found, the last one tried.

    Parameters
    ----------
    queues
        [channel of the goal] Each with a group of its own; other groups keep the least that they are bound to.
    """
    first = [evaluator.yardstick.first_intervals(period) for period in goal.periods]
    aim = Aim(goal, evaluator.scenario.calendar.intervals)
    curves = [_by_formula(queue, share, evaluator) for queue, share in zip(queues, goal.shares, strict=True)]
    floor = bounds.least.copy()

    def fewest() -> Ints:
        staffing = floor.copy()
        for queue, curve, share, begin in zip(queues, curves, aim.shares, first, strict=True):
            staffing[queue.group] = curve.fewest(share[begin], begin, floor[queue.group])
        return bounds.within(staffing)

    start = staffing = fewest()
    tried: set[bytes] = set()
    while True:
        played = evaluator.evaluate(staffing)
        tried.add(staffing.tobytes())
        aim.learn(played)
        curves = _moved(curves, queues, played)
        floor = np.maximum(floor, _for_occupancy(goal, played, bounds))
        then = fewest()
        # Where only single agents come and go, neighbours may push each other to and fro for ever.
        small = (abs(then - staffing) <= 1).all() and then.sum() >= staffing.sum()
        settled = small or then.tobytes() in tried
        if settled or len(tried) == _ROUNDS:
            break
        staffing = then
    played, mendings = _mended(evaluator, goal, bounds, queues, curves, played)
    return Iterated(played, start, len(tried) + mendings)


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
    evaluator: Evaluator,
    goal: Goal,
    bounds: Bounds,
    queues: Sequence[SingleQueue],
    curves: Sequence[Response],
    played: Played,
) -> tuple[Played, int]:
    """More and more agents in the periods that miss, where one more is worth most; and how many staffings that took."""
    queue_of = {queue.channel: k for k, queue in enumerate(queues)}
    of_group = {queue.group: k for k, queue in enumerate(queues)}
    misses: dict[tuple[str, int, int], int] = {}
    for mending in range(_MENDINGS):
        still = [miss for miss in missed(goal, played) if miss.limit == "target" or miss.which in of_group]
        if not still:
            return played, mending
        staffing = played.staffing.copy()
        for miss in still:
            k = queue_of[miss.which] if miss.limit == "target" else of_group[miss.which]
            times = misses[miss.place] = misses.get(miss.place, 0) + 1
            row, curve, part = staffing[queues[k].group], curves[k], miss.intervals
            for _ in range(2 ** min(times // 2, 6)):
                worth = (curve.judged * (curve.share(row + 1) - curve.share(row)))[part]
                free = row[part] < bounds.most[queues[k].group, part]
                row[part[int(np.argmax(np.where(free, worth, -1.0)))]] += 1
        staffing = bounds.within(staffing)
        if (staffing == played.staffing).all():
            return played, mending
        played = evaluator.evaluate(staffing)
        curves = _moved(curves, queues, played)
    return played, _MENDINGS


def _score(share: Floats) -> Floats:
    """Normal scores of shares, 0 and 1 taken as near to them."""
    return normal_quantile(np.clip(share, 1e-4, 1.0 - 1e-4))
