"""A centre of which everything is known, and the log of calls that it would leave: a small simulator of its own."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.logs import Calls

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FIRST = date(2026, 3, 2)
"""A Monday, in a zone whose clocks are never moved."""
OPENS, CLOSES = 9 * 3600, 17 * 3600
QUEUES = ("Orders", "Returns")
WEEKDAYS = (1.3, 1.1, 1.0, 0.9, 0.7)
"""Weights of Monday to Friday; nobody calls at weekends."""


@dataclass(frozen=True)
class Centre:
    """Calls come at a constant rate through open hours; whoever has been idle longest takes the oldest call it may."""

    calls_a_day: float = 1000.0
    share: float = 0.3
    """Of calls, those to the second queue."""
    handling: float = 240.0
    handling_cv: float = 0.7
    """Gamma."""
    patience: float = 300.0
    """Exponential."""
    agents: int = 12
    both: int = 4
    """Agents who take both queues; of the others three in ten take the second alone, the rest the first."""
    busy_cv: float = 0.1
    """Of the day's gamma factor."""

    def skills(self) -> list[set[int]]:
        """Queues that each agent takes."""
        single = self.agents - self.both
        second = round(0.3 * single)
        return [{0, 1}] * self.both + [{1}] * second + [{0}] * (single - second)


def logged_calls(centre: Centre, weeks: int, seed: int = 1) -> Calls:
    """The log of so many weeks."""
    luck = np.random.default_rng(seed)
    rows: list[tuple[int, float, int, float, float, float, int]] = []
    for week in range(weeks):
        for weekday, weight in enumerate(WEEKDAYS):
            mean = centre.calls_a_day * weight * 5 / sum(WEEKDAYS) * luck.gamma(centre.busy_cv**-2) * centre.busy_cv**2
            rows += [(7 * week + weekday, *row) for row in _day(centre, luck, int(luck.poisson(mean)))]
    day, clock, queue, answered, released, ended, agent = (np.array(column) for column in zip(*rows, strict=True))
    midnight = 86_400.0 * (day + (FIRST - date(1970, 1, 1)).days)
    return Calls(
        sources=("log",),
        timezone="UTC",
        queues=QUEUES,
        agents=tuple(f"agent {k}" for k in range(centre.agents)),
        arrival=midnight + clock,
        answered=midnight + answered,
        released=midnight + released,
        ended=midnight + ended,
        queue=queue,
        agent=agent,
        customer=np.full(len(day), -1),
        day=day + FIRST.toordinal(),
        clock=clock.astype(np.int64),
        file=np.zeros(len(day), dtype=np.int64),
        line=np.arange(2, len(day) + 2),
    )


def _day(centre: Centre, luck: np.random.Generator, calls: int) -> list[tuple[float, int, float, float, float, int]]:
    """(arrival, queue, answered, released, ended, agent) of each call, in seconds of the day; nan for never."""
    arrival = np.sort(np.floor(luck.uniform(OPENS, CLOSES, calls)))
    queue = (luck.random(calls) < centre.share).astype(int)
    shape = centre.handling_cv**-2
    work = luck.gamma(shape, centre.handling / shape, calls)
    gives_up = arrival + luck.exponential(centre.patience, calls)
    skills = centre.skills()
    idle = {agent: float(agent) - 100.0 for agent in range(centre.agents)}
    waiting: list[int] = []
    fate: dict[int, tuple[float, int]] = {}
    events = [(float(at), 0, call) for call, at in enumerate(arrival)]
    heapq.heapify(events)
    while events:
        now, kind, which = heapq.heappop(events)
        if kind:
            idle[which] = now
        else:
            waiting.append(which)
        for call in list(waiting):
            if gives_up[call] < now:
                waiting.remove(call)
                continue
            able = [agent for agent in idle if queue[call] in skills[agent]]
            if able:
                agent = min(able, key=idle.__getitem__)
                del idle[agent]
                waiting.remove(call)
                fate[call] = now, agent
                heapq.heappush(events, (now + float(work[call]), 1, agent))
    nothing = float("nan")
    rows = []
    for call in range(calls):
        at, agent = fate.get(call, (nothing, -1))
        ended = at + work[call] if agent >= 0 else gives_up[call]
        rows.append((float(arrival[call]), int(queue[call]), at, float(at + work[call]), float(ended), agent))
    return rows
