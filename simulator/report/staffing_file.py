"""Staffing as a CSV file that planners edit and a scenario reads: a row for each interval, a column for each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.report.files import csv_bytes
from simulator.scenario.cells import safe_text
from simulator.scenario.csvfile import read_csv_file
from simulator.scenario.errors import listed, unknown
from simulator.scenario.paths import join_path
from simulator.scenario.units import DAY, format_clock

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

TIME = "time"


def staffing_frame(scenario: Scenario) -> pd.DataFrame:
    """Agents planned, by local time and group.

    Every day has a row for each time of day, once, as the staffing file of a scenario wants it. An hour that the clock
    shows twice has the agents of that showing which has more, one left out has none.
    """
    calendar = scenario.calendar
    interval = int(calendar.interval)
    per_day = DAY // interval
    place = calendar.day_of_interval * per_day + calendar.clock_of_interval // interval
    times = [f"{day} {format_clock(step * interval)}" for day in calendar.date_of_day for step in range(per_day)]
    columns: dict[str, list[str] | NDArray[np.int64]] = {TIME: times}
    for group in scenario.groups:
        agents = np.zeros(len(times), dtype=np.int64)
        np.maximum.at(agents, place, np.array(group.staffing, dtype=np.int64))
        columns[column_of(group.name)] = agents
    return pd.DataFrame(columns)


def staffing_csv(scenario: Scenario) -> bytes:
    """The staffing of all groups as one CSV file; `staffing_overrides` makes a scenario read it."""
    return csv_bytes(staffing_frame(scenario))


def staffing_overrides(scenario: Scenario, file: str, columns: Collection[str] | None = None) -> dict[str, object]:
    """Dotted path -> value: groups take their staffing from a file like that of `staffing_csv`.

    All groups, or those that have one of these columns.
    """
    overrides: dict[str, object] = {}
    for group in scenario.groups:
        if columns is not None and column_of(group.name) not in columns:
            continue
        path = ("groups", group.name)
        table = {"file": file, "time_column": TIME, "agents_column": column_of(group.name)}
        overrides[join_path((*path, "staffing"))] = table
        overrides[join_path((*path, "dates"))] = {}
        overrides |= without_extras(group.name)
    return overrides


def without_extras(group: str) -> dict[str, object]:
    """Dotted path -> value: no agents more or fewer than a file has, for in the file they are already."""
    return {
        join_path(("groups", group, "extra_agents")): 0,
        join_path(("groups", group, "extra_in")): {},
    }


def staffing_from(scenario: Scenario, path: Path) -> dict[str, object]:
    """Dotted path -> value: the groups that a staffing file, CSV or xlsx, has a column for take their agents from it.

    Raises
    ------
    ScenarioError
        If the file cannot be read, has no column of times, or one that is no group of the scenario.
    """
    if path.suffix == ".xlsx" and path.is_file():
        from simulator.report.staffing_workbook import staffing_from_workbook  # slow to import

        return staffing_from_workbook(scenario, path, path.read_bytes())
    file = read_csv_file(path, ("staffing",))
    header = file.header()
    known = {column_of(group.name): group.name for group in scenario.groups}
    for name in header:
        if name not in known and name != TIME:
            raise file.refused(unknown("group", name, list(known)), 1)
    if TIME not in header or len(header) < 2:
        raise file.refused(f"A staffing file has a column {TIME} and one for each group: {listed(list(known))}.", 1)
    return staffing_overrides(scenario, str(path.resolve()), header)


def column_of(name: str) -> str:
    """The column of a group; one called time stands apart from the column of times."""
    return f"{name} agents" if name == TIME else safe_text(name)
