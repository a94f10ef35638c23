"""How many people the agents on duty take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar


def needed_by_week(agents: NDArray[np.int64], calendar: Calendar, hours_per_week: float) -> NDArray[np.float64]:
    """[week] People, net of shrinkage, whom a group's agents on duty take at least: for `lead_time.plan_hiring`, too.

    One person works once a day and so many hours a week: it is the busiest interval of the week, or its hours over
    those of one person, whichever is more. What shifts take on top is in the lines of a `ShiftPlan`.

    Parameters
    ----------
    agents
        [interval] Of one group: a row of a requirement or of a staffing.
    calendar
        Weeks are counted from Monday to Sunday; those at the ends of the horizon may have fewer days.
    hours_per_week
        Of one person, time on duty.
    """
    week = (calendar.day_of_interval + calendar.start.weekday()) // 7
    hours = np.bincount(week, weights=agents * (calendar.interval / 3600.0)) / hours_per_week
    busiest = np.zeros(len(hours))
    np.maximum.at(busiest, week, agents)
    most: NDArray[np.float64] = np.maximum(hours, busiest)
    return most
