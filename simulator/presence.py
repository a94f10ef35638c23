"""Draws who of the planned agents is there: every agent of a day is present for the whole of it, or not at all.

Luck is laid out as that of the contacts is (`demand.draw`): each group and date has a stream of its own, whose k-th
number is the luck of the k-th agent of that day. With more agents planned, those who were there before keep their luck,
and with a higher absence those who were absent before stay absent. An agent who is planned for a part of the day only
is the k-th in those intervals. Night shifts end with the date: whose works on after midnight has new luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.streams import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

    Ints = NDArray[np.int64]


class Presence:
    """The agents of a scenario. What all replications have in common is worked out once, here."""

    def __init__(self, scenario: Scenario) -> None:
        self.planned = scenario.staffing
        """[group, interval] Agents planned to be on duty."""
        calendar = scenario.calendar
        first = np.searchsorted(calendar.day_of_interval, np.arange(calendar.days + 1)).tolist()
        self._days = [
            (g, slice(begin, end), group.absence, (group.name, day.isoformat()))
            for g, group in enumerate(scenario.groups)
            for begin, end, day in zip(first[:-1], first[1:], calendar.date_of_day, strict=True)
            if group.absence > 0 and self.planned[g, begin:end].any()
        ]

    def draw(self, seed: int, replication: int) -> Ints:
        """[group, interval] Agents who are there in one replication: the planned ones less the absent."""
        present = self.planned.copy()
        for g, intervals, absence, name in self._days:
            planned = self.planned[g, intervals]
            luck = stream(seed, replication, "absence", *name).random(int(planned.max()))
            # Of the first k agents of the day so many are there.
            there = np.concatenate(([0], np.cumsum(luck >= absence)))
            present[g, intervals] = there[planned]
        return present
