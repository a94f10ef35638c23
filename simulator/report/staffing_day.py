"""Staffing of one day as a table to be edited: a row for each interval of its clock, a column for each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.evaluator import with_staffing
from simulator.report.staffing_file import TIME, staffing_frame
from simulator.scenario.day_plan import windows_of_day
from simulator.scenario.paths import join_path

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario


def day_frame(scenario: Scenario, day: int) -> pd.DataFrame:
    """The agents of a day from midnight to midnight; the first column, `TIME`, holds times as in "08:15"."""
    frame = staffing_frame(scenario)
    date = f"{scenario.calendar.date_of_day[day]} "
    frame = frame[frame[TIME].str.startswith(date)].reset_index(drop=True)
    return frame.assign(**{TIME: frame[TIME].str.removeprefix(date)})


def rows_on_duty(scenario: Scenario) -> slice:
    """Rows of `day_frame` from the first to the last at which anybody is on duty on any day; all, if nobody ever is."""
    numbers = staffing_frame(scenario).drop(columns=TIME).to_numpy()
    (places,) = np.nonzero(numbers.reshape(scenario.calendar.days, -1, numbers.shape[1]).any(axis=(0, 2)))
    return slice(int(places[0]), int(places[-1]) + 1) if len(places) else slice(None)


def day_overrides(scenario: Scenario, day: int, edited: pd.DataFrame) -> dict[str, object]:
    """Dotted path -> value: each group that was edited gets a plan of its own for this date.

    Parameters
    ----------
    edited
        As `day_frame`, with other numbers in it.
    """
    calendar = scenario.calendar
    before = day_frame(scenario, day)
    return {
        join_path(("groups", group.name, "dates", str(calendar.date_of_day[day]))): windows_of_day(
            [int(each) for each in edited[column]], int(calendar.interval)
        )
        for group, column in zip(scenario.groups, before.columns[1:], strict=True)
        if not (edited[column] == before[column]).all()
    }


def horizon_overrides(scenario: Scenario, staffing: NDArray[np.int64]) -> dict[str, object]:
    """Dotted path -> value: each group whose agents are others on a date gets a plan of its own for that date.

    Parameters
    ----------
    staffing
        [group, interval] Agents on duty instead of the scenario's own.

    Raises
    ------
    ValueError
        If it has another shape, or fewer agents than none.
    """
    other = with_staffing(scenario, staffing)
    overrides: dict[str, object] = {}
    for day in range(scenario.calendar.days):
        overrides |= day_overrides(scenario, day, day_frame(other, day))
    return overrides
