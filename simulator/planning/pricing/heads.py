"""How many people stand behind a group's hours: heads by week, and who is added and trained when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.people import needed_by_week

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def heads(scenario: Scenario, hours_a_week: float) -> Ints:
    """[group, week] The fewest people whom the planned staffing of each week takes, shrinkage on top; whole ones.

    Weeks run from Monday to Sunday. Groups on call count as if they were always called.
    """
    return np.array(
        [
            # A hair less, so that what is whole but for rounding stays whole.
            np.ceil(needed_by_week(agents, scenario.calendar, hours_a_week) / (1.0 - group.shrinkage) - 1e-9)
            for agents, group in zip(scenario.staffing, scenario.groups, strict=True)
        ],
        dtype=np.int64,
    )


def added(calendar: Calendar, people: Ints) -> Floats:
    """[group, day] Who comes on top of the most there have been, on the Monday of their week; `people` as `heads`."""
    days = np.zeros((len(people), calendar.days))
    mondays = np.flatnonzero(calendar.weekday_of_day == 0)
    grown = np.diff(np.maximum.accumulate(people, axis=1), axis=1)
    # The first week begins with the horizon, be it a Monday or not.
    days[:, mondays[-grown.shape[1] :] if grown.shape[1] else []] = grown
    return days


def trained(calendar: Calendar, people: Ints, share: Floats, *, from_the_start: bool) -> Floats:
    """[group, day] Whose training falls into this engagement.

    Parameters
    ----------
    people
        [group, week] As `heads`.
    share
        [group] Of them, those who have to be trained.
    from_the_start
        Whether the engagement begins with the horizon; otherwise who was there then has been paid for.
    """
    days = added(calendar, people)
    if from_the_start:
        days[:, 0] += people[:, 0]
    return days * share[:, None]
