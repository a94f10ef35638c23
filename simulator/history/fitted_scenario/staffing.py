"""Mean numbers of agents by weekday and interval as the staffing tables of groups: whole agents, weekly hours."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from simulator.language import say
from simulator.queueing.staffing import required_agents
from simulator.scenario.hours import WEEKDAYS, WeeklyHours, Window, parse_hours_table
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from simulator.history.agents import Teams
    from simulator.history.fitted_scenario.calls import Wishes

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MOST_LINES = 300
"""That a staffing table of a scenario may have."""


def agents_for_target(rate: Floats, handling: float, patience: float, wishes: Wishes) -> Floats:
    """Whole agents that a target takes by Erlang A, for each rate of contacts a second."""
    needed = [
        required_agents(each, handling, patience, service_level=wishes.answered, acceptable_wait=wishes.within)
        for each in rate.ravel().tolist()
    ]
    return np.array(needed, dtype=np.float64).reshape(rate.shape)


def whole_agents(mean: Floats) -> Ints:
    """Whole agents [group, weekday, interval] for mean ones, so that those of all groups together are right.

    Each number is the mean one rounded down or up, and their sum over the groups is that of the means, rounded: what
    one group loses by rounding, those after it get.
    """
    total = np.floor(np.cumsum(mean, axis=0) + 0.5).astype(np.int64)
    return np.diff(total, axis=0, prepend=0)


def staffing_tables(mean: Floats, step: int) -> list[dict[str, int]]:
    """For each group, weekly hours -> agents; hours with nobody are left out.

    Parameters
    ----------
    mean
        [group, weekday, interval] Agents on average; Monday is 0, the first interval starts at midnight.
    step
        Seconds of an interval. Where a table would be too long for a scenario, all are written in longer steps.
    """
    while True:
        tables = [dict(_lines(agents, step)) for agents in whole_agents(mean)]
        if all(len(table) <= MOST_LINES for table in tables):
            return tables
        step *= 2
        mean = mean.reshape(*mean.shape[:2], DAY // step, 2).mean(axis=3)


def group_tables(teams: Teams, availability: float, answered: Bools) -> dict[int, dict[str, int]]:
    """Group -> its staffing table, of those with anybody on duty.

    Parameters
    ----------
    teams
        The groups.
    availability
        Share of their time on duty that agents have for calls.
    answered
        [weekday, interval] Where most calls are answered: there is one agent at least, also where those who take a call
        now and then are seen for less than half an agent's time.

    Raises
    ------
    ValueError
        If nobody is there for most of any interval of the week.
    """
    mean = teams.staffing * availability
    total = mean.sum(axis=0)
    lifted = np.ones(total.shape)
    np.divide(0.5, total, out=lifted, where=answered & (total > 0) & (total < 0.5))
    tables = enumerate(staffing_tables(mean * lifted * (1 + 1e-12), teams.step))
    found = {g: table for g, table in tables if table}
    if not found:
        msg = say("refusals.fit_nobody_there")
        raise ValueError(msg)
    return found


def queues_of(teams: Teams, groups: Iterable[int]) -> Bools:
    """[queue] Whether one of these groups takes it."""
    taken: Bools = np.logical_or.reduce(teams.skills[list(groups)], axis=0)
    return taken


def on_duty(tables: Mapping[int, Mapping[str, int]], clock: Ints, step: int) -> Bools:
    """[weekday, slot] Whether anybody is on duty for any part of the slot.

    Parameters
    ----------
    tables
        Group -> its staffing.
    clock
        [slot] Where it starts, seconds after midnight.
    step
        Seconds of a slot.
    """
    there = np.zeros((len(WEEKDAYS), len(clock)), dtype=np.bool_)
    for table in tables.values():
        for hours in parse_hours_table(table).values():
            for day, window in hours.dated_windows():
                there[day] |= (clock < window.end) & (clock + step > window.start)
    return there


def _lines(agents: Ints, step: int) -> Iterator[tuple[str, int]]:
    """Stretches of equal numbers, those of several weekdays on one line."""
    days_of: defaultdict[tuple[Window, int], list[int]] = defaultdict(list)
    for day, of_day in enumerate(agents):
        changes = [0, *(np.flatnonzero(np.diff(of_day)) + 1).tolist(), len(of_day)]
        for start, end in pairwise(changes):
            if of_day[start]:
                days_of[Window(start * step, end * step), int(of_day[start])].append(day)
    for (window, number), days in sorted(days_of.items(), key=lambda item: (item[1][0], item[0][0])):
        hours = WeeklyHours(tuple((window,) if day in days else () for day in range(len(WEEKDAYS))))
        yield str(hours), number
