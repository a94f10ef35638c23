"""How few and how many agents of each group a plan may have, interval by interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.errors import unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.planning.staffing.goal import Goal
    from simulator.scenario.model import Scenario

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

NO_MAXIMUM = 1_000_000
"""Agents of a group of which there may be any number."""


FEW_CELLS = 100
"""Intervals of groups, that are few."""


class BoundsError(ValueError):
    """A group is to have more agents at least than it may have at most, or has a limit and is no part of the plan."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest and the most agents."""

    least: Ints
    """[group, interval]"""
    most: Ints
    """[group, interval] Not less than `least`."""
    on_duty: Bools
    """[group, interval] Where the group may be planned at all."""

    @classmethod
    def of(cls, scenario: Scenario, goal: Goal, maximum: Mapping[str, int] | None = None) -> Bounds:
        """What a scenario allows.

        A group may be planned while a channel that it serves is open (of deferred channels: their hours), and wherever
        the scenario plans somebody. It is not there before it starts, if it has to learn. Who is on call, or serves no
        channel of the goal, is no part of the plan: these groups stay as the scenario has them.

        Parameters
        ----------
        maximum
            By group: agents at most; any number of a group that is not named.

        Raises
        ------
        ValueError
            If there is no such group.
        BoundsError
            If a maximum is below the goal's minimum, or either is of a group that is no part of the plan.
        """
        names = [group.name for group in scenario.groups]
        for name in maximum or {}:
            if name not in names:
                raise ValueError(unknown("group", name, names))
        least, calendar = scenario.staffing, scenario.calendar
        most, on_duty = least.copy(), least > 0
        for g, group in enumerate(scenario.groups):
            serves = {skill.channel for skill in group.skills}
            fewest = goal.minimum[g] if goal.minimum else 0
            if group.on_call is not None or serves.isdisjoint(goal.channels):
                if fewest or group.name in (maximum or {}):
                    why = "is on call" if group.on_call is not None else "serves no channel of the goal"
                    msg = f"{group.name} {why}: how many of it there are is no part of the plan."
                    raise BoundsError(msg)
                on_duty[g] = False
                continue
            for channel in serves:
                on_duty[g] |= calendar.open_mask(scenario.channels[channel].hours)
            if group.learning is not None:
                on_duty[g] &= group.learning.started(calendar)
            cap = min((maximum or {}).get(group.name, NO_MAXIMUM), NO_MAXIMUM)
            if cap < fewest:
                msg = f"{group.name} may have {cap} agents at most, but is to have {fewest} at least."
                raise BoundsError(msg)
            least[g], most[g] = np.where(on_duty[g], fewest, 0), np.where(on_duty[g], cap, 0)
        return cls(least, most, on_duty)

    @property
    def few_cells(self) -> bool:
        """Whether so little is planned that plays are cheap and single agents count."""
        return bool(np.count_nonzero(self.on_duty) <= FEW_CELLS)

    def within(self, staffing: Ints) -> Ints:
        """[group, interval] The nearest staffing that is allowed."""
        return np.clip(staffing, self.least, self.most)
