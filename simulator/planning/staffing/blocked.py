"""What of a goal a staffing misses, and what is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.planning.staffing.goal import ROUNDING, period_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.planning.staffing.evaluator import Played
    from simulator.planning.staffing.goal import Goal

    Ints = NDArray[np.int64]

Limit = Literal["target", "occupancy", "leftover"]
"""A part of a goal: the target of a channel, the cap on occupancy of a group, what a channel may leave for later."""
Reason = Literal["maximum", "agents do not help", "budget", "search ended"]


@dataclass(frozen=True, slots=True)
class Missed:
    """A part of a goal that a staffing misses."""

    limit: Limit
    which: int
    """The channel; of the cap on occupancy, the group."""
    period: int
    """Its first interval; 0 for what is left at the end."""
    attained: float
    level: float
    """What it should be: at least for targets, at most for the others."""
    intervals: Ints
    """Of the period."""

    @property
    def place(self) -> tuple[str, int, int]:
        """What and where, without figures."""
        return self.limit, self.which, self.period


@dataclass(frozen=True, slots=True)
class Blocked:
    """A part of a goal that was not kept, and why not."""

    channel: int | None
    """None for the cap on occupancy, which is a group's."""
    period: int
    """Its first interval; 0 for what is left at the end."""
    attained: float
    """The share within the target or P(target met); busy time over time there; or the contacts that are left."""
    level: float
    """What it should be: at least for targets, at most for the others."""
    reason: Reason
    groups: tuple[int, ...] = ()
    """Those at their maximum in the period, if that is the reason."""
    limit: Limit = "target"
    group: int | None = None
    """Whose cap on occupancy."""


def missed(goal: Goal, played: Played) -> list[Missed]:
    """All that a staffing misses of a goal; empty if and only if it keeps it."""
    found = []
    attained, kept, of_period = goal.attained(played), goal.kept(played), goal.period_of(played.yardstick)
    for k, p in np.argwhere(~kept).tolist():
        part = np.flatnonzero(of_period[k] == p)
        found.append(Missed("target", goal.channels[k], p, float(attained[k, p]), float(goal.level[k]), part))
    if goal.occupancy_cap is not None:
        occupancy = goal.occupancy(played)
        with_cap = period_of(played.yardstick, goal.occupancy_period)
        for g, p in np.argwhere(goal.too_busy(played)).tolist():
            part = np.flatnonzero(with_cap == p)
            found.append(Missed("occupancy", g, p, float(occupancy[g, p]), goal.occupancy_cap, part))
    whole = np.arange(played.staffing.shape[1])
    for c, left, most in zip(goal.leftover, goal.left(played), goal.may_be_left(played), strict=True):
        if left > most + ROUNDING:
            found.append(Missed("leftover", c, 0, float(left), float(most), whole))
    return found


def blocked(goal: Goal, played: Played, why: Callable[[Missed], tuple[Reason, tuple[int, ...]]]) -> tuple[Blocked, ...]:
    """All that a staffing misses of a goal, and why.

    Parameters
    ----------
    why
        The reason, and the groups at their maximum if that is it.
    """
    found = []
    for miss in missed(goal, played):
        reason, groups = why(miss)
        of_group = miss.limit == "occupancy"
        channel, group = (None, miss.which) if of_group else (miss.which, None)
        found.append(Blocked(channel, miss.period, miss.attained, miss.level, reason, groups, miss.limit, group))
    return tuple(found)
