"""The answer that a peer should give for one queue, by the recursion of Kiefer and Wolfowitz on who is free when.

Peers cannot be told which agent leaves when there are too many. Each has a rule of its own and is held against that.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush, heapreplace
from typing import TYPE_CHECKING

import numpy as np
from answers import ACCEPTABLE_WAIT, Answer

if TYPE_CHECKING:
    from workloads import Day

Instants = list[float]
ChangeOfStaff = Callable[[Instants, Instants, float, int], tuple[Instants, Instants]]
"""From the heap of instants at which agents are free and those, sorted, at which others will leave, the instant and the
number wanted, to the same afterwards."""


def first_to_finish_leaves(free: Instants, leave: Instants, now: float, wanted: int) -> tuple[Instants, Instants]:
    """Whoever lowers the capacity of a resource: SimPy, salabim, cimba. Ours (R17) names who has served for longest."""
    leave = [ends for ends in leave if ends > now]
    surplus = len(free) - wanted
    for _ in range(-surplus):
        heappush(free, leave.pop() if leave else now)
    leave += [ends for _ in range(surplus) if (ends := heappop(free)) > now]
    return free, sorted(leave)


def whole_crew_leaves(_free: Instants, _leave: Instants, now: float, wanted: int) -> tuple[Instants, Instants]:
    """Ciw: at every boundary all go, the busy when they are done, and a new crew is there at once."""
    return [now] * wanted, []


def answer_by_recursion(day: Day, change: ChangeOfStaff) -> Answer:
    """Play one queue that always has an agent on duty."""
    edges = [*day.centre.edges.tolist()[1:-1], np.inf]
    on_duty = day.staffing[0].tolist()
    horizon = day.centre.horizon
    free: Instants = [0.0] * on_duty[0]
    leave: Instants = []
    interval = in_time = abandoned = 0
    rows = zip(day.contacts.arrival.tolist(), day.contacts.work.tolist(), day.contacts.patience.tolist(), strict=True)
    for arrival, work, patience in rows:
        while arrival >= (boundary := edges[interval]) or free[0] > boundary:
            interval += 1
            free, leave = change(free, leave, boundary, on_duty[interval])
        start = max(arrival, free[0])
        if arrival + patience < start:
            abandoned += arrival + patience < horizon
        else:
            in_time += start - arrival <= ACCEPTABLE_WAIT and start < horizon
            heapreplace(free, start + work)
    return Answer(len(day.contacts), in_time, abandoned)
