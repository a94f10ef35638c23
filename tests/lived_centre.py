"""Days of a small centre as they would be logged, played by a few plain lines that share nothing with the engines."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulator.history.logs import Calls

FIRST = date(2026, 3, 2)
"""A Monday."""
OPEN, CLOSE = 9 * 3600, 17 * 3600
QUEUES = ("orders", "returns")
SERVED = ((0,), (0,), (0,), (0, 1), (0, 1), (0, 1), (1,), (1,))
"""Queues of each agent."""
PATIENCE = 240.0
"""Mean seconds, exponential."""
WORK, SHAPE = 200.0, 2.0
"""Mean seconds and shape, gamma."""
RING = 1.0
"""Seconds from a free agent to the answer."""


def lived_centre(days: int, seed: int = 1, calls_of_a_day: float = 900.0, spread: float = 0.12) -> Calls:
    """A log of weekdays on which some days are busier than others and now and then an agent is missing.

    Parameters
    ----------
    calls_of_a_day
        In the mean.
    spread
        Coefficient of variation of the busyness of days.
    """
    luck = np.random.default_rng(seed)
    rows: list[tuple[float, float, float, float, int, int, int]] = []
    for number in range(days):
        day = FIRST.toordinal() + number // 5 * 7 + number % 5
        count = luck.poisson(calls_of_a_day * max(luck.normal(1.0, spread), 0.5))
        missing = luck.choice(len(SERVED), size=luck.integers(0, 2), replace=False)
        midnight = 86_400.0 * (day - date(1970, 1, 1).toordinal())
        for arrival, answered, released, ended, queue, agent in _day(luck, count, missing):
            moments = [midnight + each for each in (arrival, answered, released, ended)]
            rows.append((moments[0], moments[1], moments[2], moments[3], queue, agent, day))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    count = len(rows)
    return Calls(
        sources=("log",),
        timezone="UTC",
        queues=QUEUES,
        agents=tuple(f"agent {each}" for each in range(len(SERVED))),
        arrival=columns[0],
        answered=columns[1],
        released=columns[2],
        ended=columns[3],
        queue=columns[4].astype(np.int64),
        agent=columns[5].astype(np.int64),
        customer=np.full(count, -1, dtype=np.int64),
        day=columns[6].astype(np.int64),
        clock=(columns[0] % 86_400).astype(np.int64),
        file=np.zeros(count, dtype=np.int64),
        line=np.arange(2, count + 2, dtype=np.int64),
    )


def _day(
    luck: np.random.Generator, count: int, missing: np.ndarray
) -> list[tuple[float, float, float, float, int, int]]:
    """Arrival, answer, release, end, queue and agent of each call of a day: first come, longest idle agent first."""
    arrivals = np.sort(np.floor(luck.uniform(OPEN, CLOSE, count)))
    queues = (luck.random(count) < 0.4).astype(int)
    patience = luck.exponential(PATIENCE, count)
    work = luck.gamma(SHAPE, WORK / SHAPE, count)
    free_from = {agent: float(OPEN - agent) for agent in range(len(SERVED)) if agent not in missing}
    waiting: list[int] = []
    found: dict[int, tuple[float, float, float, float, int, int]] = {}

    def take(agent: int, call: int, now: float) -> None:
        answered = max(now, arrivals[call] + RING)
        free_from[agent] = answered + work[call]
        found[call] = (arrivals[call], answered, free_from[agent], free_from[agent], queues[call], agent)

    def freed_before(until: float) -> None:
        """Agents who become free take whoever has waited longest and has not hung up."""
        while waiting:
            busy = sorted((moment, agent) for agent, moment in free_from.items() if moment <= until)
            for moment, agent in busy:
                alive = [call for call in waiting if arrivals[call] + patience[call] > max(moment, arrivals[call])]
                mine = [call for call in alive if queues[call] in SERVED[agent] and arrivals[call] <= until]
                if mine:
                    waiting.remove(mine[0])
                    take(agent, mine[0], max(moment, arrivals[mine[0]]))
                    break
            else:
                return

    for call, now in enumerate(arrivals):
        freed_before(now)
        idle = [
            (moment, agent) for agent, moment in free_from.items() if moment <= now and queues[call] in SERVED[agent]
        ]
        if idle:
            take(min(idle)[1], call, now)
        else:
            waiting.append(call)
    freed_before(np.inf)
    for call in range(count):
        if call not in found:
            gone = arrivals[call] + patience[call]
            found[call] = (arrivals[call], np.nan, np.nan, gone, queues[call], -1)
    return [found[call] for call in range(count)]
