"""The marginal values of a plan as planners ask for them: by promise, and by the hour of one more agent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.staffing.pay import Pay
    from simulator.planning.staffing.worth import Worth
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Burden:
    """A target in a period in which it makes the plan dearer."""

    row: int
    """Channel of the goal."""
    first: int
    """First interval of the period."""
    price: float
    """What the plan costs there for the last contact of the target, in the prices of `Pay`."""


def burdens(worth: Worth) -> list[Burden]:
    """Where targets make the plan dearer, the dearest first."""
    found = [Burden(k, i, float(worth.shadow[k, i])) for k, i in np.argwhere(worth.binding).tolist()]
    return sorted(found, key=lambda burden: -burden.price)


@dataclass(frozen=True, slots=True)
class OneMore:
    """What one more agent of a group in a clock hour of a day brings: sums over the intervals of that hour."""

    day: Ints
    """[hour] Number of the day."""
    clock: Ints
    """[hour] Hour on the clock."""
    contacts: Floats
    """[channel of the goal, group, hour] Contacts more within the target, mean over the replications."""
    saved: Floats
    """[group, hour] What that lets the plan save elsewhere, in the prices of `Pay`."""
    price: Floats
    """[group, hour] What the agent costs; 0 where nobody may be planned."""


def one_more(worth: Worth, scenario: Scenario, pay: Pay, may_be: NDArray[np.bool_]) -> OneMore:
    """One more agent, hour by hour.

    Parameters
    ----------
    may_be
        [group, interval] Where the group may be planned.
    """
    calendar = scenario.calendar
    clock = calendar.clock_of_interval
    hour = calendar.day_of_interval * 24 + clock // 3600
    # The hour that the clock shows twice, at the end of summer time, is two.
    first = np.flatnonzero((np.diff(hour, prepend=-1) != 0) | (np.diff(clock, prepend=0) < 0))

    def by_hour(table: Floats) -> Floats:
        return np.add.reduceat(table, first, axis=-1)

    return OneMore(
        calendar.day_of_interval[first],
        clock[first] // 3600,
        by_hour(worth.contacts),
        by_hour(worth.saved),
        by_hour(np.where(may_be, pay.agent, 0.0)),
    )
