"""How many people stand behind a group's hours: heads by week, and who is trained or added when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.whole_agents import WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def weeks_of(scenario: Scenario) -> Ints:
    """[day] Week of the horizon of each day, from 0; the last may be shorter."""
    return np.arange(scenario.calendar.days) // 7


def heads(scenario: Scenario, hours_a_week: float = WEEK) -> Ints:
    """[group, week] The fewest people who can stand behind the planned hours of each week of the horizon.

    As many as are planned at once, and as many as work the week's paid hours, shrinkage included, at `hours_a_week`
    each. Groups on call count as if they were always called.
    """
    calendar = scenario.calendar
    staffing = scenario.staffing
    hours = staffing * np.diff(calendar.edges) / 3600.0
    shrinkage = np.array([group.shrinkage for group in scenario.groups])
    week = weeks_of(scenario)[calendar.day_of_interval]
    first = np.searchsorted(week, np.arange(week[-1] + 1))
    at_once = np.maximum.reduceat(staffing, first, axis=1)
    paid = np.add.reduceat(hours, first, axis=1) / (1.0 - shrinkage[:, None])
    # A hair less, so that what is whole but for rounding stays whole.
    return np.maximum(at_once, np.ceil(paid / hours_a_week - 1e-9)).astype(np.int64)


def added(scenario: Scenario, of_week: Ints) -> Floats:
    """[group, day] People who come on top of the most there have been, on the first day of their week.

    `of_week` is [group, week], as `heads` gives it.
    """
    days = np.zeros((len(of_week), scenario.calendar.days))
    most = np.maximum.accumulate(of_week, axis=1)
    days[:, 7 : 7 * of_week.shape[1] : 7] = np.diff(most, axis=1)
    return days


def trained(scenario: Scenario, of_week: Ints, share: Floats, *, from_the_start: bool) -> Floats:
    """[group, day] People whose training falls into this engagement.

    Parameters
    ----------
    of_week
        [group, week] As `heads` gives it.
    share
        [group] Of them, those who have to be trained.
    from_the_start
        Whether the engagement begins with the horizon; otherwise who was there then has been paid for.
    """
    people = added(scenario, of_week)
    if from_the_start:
        people[:, 0] += of_week[:, 0]
    return people * share[:, None]
