"""The floor of one day: the agents who were there, each by itself, and calls played on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import Contacts
from simulator.engine import NO_SKILL, simulate
from simulator.engine.plain import plain_centre

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.engine import Centre
    from simulator.history.agents.attendance import Attendance

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_AFTER = 4 * 3600.0
"""Seconds that are played after the last arrival, or the last agent's leaving: by then, who waits has given up."""


@dataclass(frozen=True, slots=True)
class Floor:
    """One day's agents as a centre: each is a group of one, there in its spells; queues are topics of one channel.

    Of the queues that go first, and then of the others, who waits longest is served first; a call goes to the agent who
    has been idle longest of those who take its queue (rules R8 and R10).
    """

    centre: Centre
    staffing: Ints
    """[agent, interval]"""
    begin: float
    """Moment that is 0 in the engine."""
    attendance: Attendance
    """Who was there when."""

    @classmethod
    def of(cls, attendance: Attendance, pace: Floats, goes_first: Bools, first: float, last: float) -> Floor:
        """Lay out a day.

        Parameters
        ----------
        attendance
            Of that day.
        pace
            [agent] Speed of each agent of the history.
        goes_first
            [queue] Whether the queue goes before the others.
        first, last
            Moments of the first and the last arrival.
        """
        begin = min(first, attendance.start.min(initial=first))
        end = max(last, attendance.end.max(initial=last)) + _AFTER
        edges = np.unique(np.concatenate(([begin, end], attendance.start, attendance.end)))
        agents, group = np.unique(attendance.agent, return_inverse=True)
        groups = max(len(agents), 1)  # with nobody there, a group of nobody
        change = np.zeros((groups, len(edges)), dtype=np.int64)
        np.add.at(change, (group, np.searchsorted(edges, attendance.start)), 1)
        np.add.at(change, (group, np.searchsorted(edges, attendance.end)), -1)
        skills = np.zeros((groups, attendance.skills.shape[1]), dtype=np.bool_)
        np.logical_or.at(skills, group, attendance.skills)
        speed = pace[agents] if len(agents) else np.ones(1)
        centre = plain_centre(
            edges - begin,
            topics=skills.shape[1],
            groups=groups,
            level=np.where(skills.T, 1, NO_SKILL),
            priority=np.where(goes_first, 0, 1),
            speed=speed,
        )
        return cls(centre, change.cumsum(axis=1)[:, :-1], begin, attendance)

    def play(self, arrival: Floats, queue: Ints, work: Floats, patience: Floats) -> tuple[Floats, Bools]:
        """[call] Seconds waited, and whether an agent took it.

        Parameters
        ----------
        arrival
            [call] Moments, rising.
        queue, work, patience
            [call] Index of the queue, seconds in hand of an agent of pace 1, and seconds until the customer gives up.
        """
        count = len(arrival)
        zero, never = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
        for_ever = np.full(count, np.inf)
        records, _ = simulate(
            self.centre,
            Contacts(
                arrival=arrival - self.begin,
                channel=zero,
                topic=queue,
                customer_class=zero,
                work=work,
                patience=patience,
                due=for_ever,
                meets_bot=never,
                contained=never,
                bot_time=np.zeros(count),
                enquiry=np.arange(count),
                attempt=zero,
                tolerance=for_ever,
                silent=never,
            ),
            self.staffing,
        )
        answered = ~np.isnan(records.started)
        gone = np.where(np.isnan(records.ended), self.centre.horizon, records.ended)
        return np.where(answered, records.started, gone) - records.entered, answered
