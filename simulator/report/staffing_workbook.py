"""Staffing from a workbook that planners edit: the sheet that plans and downloads write, as a scenario takes it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from simulator.history.files.workbook import read_workbook
from simulator.report.staffing_file import TIME, column_of, without_extras
from simulator.scenario.csvfile import CsvFile, csv_file
from simulator.scenario.day_plan import windows_of_day
from simulator.scenario.document import StaffingFileTable
from simulator.scenario.errors import listed, unknown
from simulator.scenario.paths import join_path
from simulator.scenario.staffing import read_staffing
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.history.files.workbook import Sheet
    from simulator.scenario.model import Group, Scenario

    Row = tuple[int, tuple[str, ...]]


def staffing_from_workbook(scenario: Scenario, path: Path, content: bytes) -> dict[str, object]:
    """Dotted path -> value: the groups that a sheet has a column for take their agents from it, date by date.

    The sheet is the first whose columns, from the second on, are all groups, by name or title; its first column has
    the times.

    Raises
    ------
    ScenarioError
        If it is no workbook, has no such sheet, or the sheet cannot be a scenario's staffing; with lines.
    """
    named = _groups_by_heading(scenario)
    sheets = read_workbook(path.name, content)
    sheet = next((each for each in sheets if set(_headings(each)) <= set(named) and _headings(each)), None)
    where = CsvFile(path, ("staffing",), b"", "")
    if sheet is None:
        strangers = [heading for heading in _headings(sheets[0]) if heading not in named]
        if len(sheets) == 1 and strangers:
            raise where.refused(unknown("group", strangers[0], list(named)), 1)
        columns = listed([group.title for group in scenario.groups])
        raise where.refused(f"No sheet has a column of times and then one for each group: {columns}.")
    groups = [named[heading] for heading in _headings(sheet)]
    file = csv_file(path.with_suffix(".csv"), ("staffing",), _csv(sheet, groups))
    overrides: dict[str, object] = {}
    for group in dict.fromkeys(groups):
        table = StaffingFileTable(file=path.name, time_column=TIME, agents_column=column_of(group.name))
        hours = [scenario.channels[skill.channel].hours for skill in group.skills]
        agents = read_staffing(file, table, hours, scenario.calendar)
        overrides |= without_extras(group.name)
        overrides[join_path(("groups", group.name, "dates"))] = _by_date(scenario, agents.tolist())
    return overrides


def _headings(sheet: Sheet) -> tuple[str, ...]:
    return sheet.rows[0][1][1:]


def _groups_by_heading(scenario: Scenario) -> dict[str, Group]:
    """Titles that only one group has, and names; cells are read without the blanks around them."""
    titles = [group.title.strip() for group in scenario.groups]
    named = {title: group for title, group in zip(titles, scenario.groups, strict=True) if titles.count(title) == 1}
    return named | {group.name: group for group in scenario.groups}


def _csv(sheet: Sheet, groups: list[Group]) -> bytes:
    """The sheet as the CSV file that it could have been, line by line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([TIME, *(column_of(group.name) for group in groups)])
    last = 1
    for line, cells in sheet.rows[1:]:
        text.write("\n" * (line - last - 1))
        writer.writerow([*cells, *("0" for _ in range(len(groups) + 1 - len(cells)))])
        last = line
    return text.getvalue().encode()


def _by_date(scenario: Scenario, agents: list[int]) -> dict[str, dict[str, int]]:
    """Clock windows of each date; an hour that the clock shows twice has the agents of that showing which has more."""
    calendar, step = scenario.calendar, int(scenario.calendar.interval)
    days = [[0] * (DAY // step) for _ in range(calendar.days)]
    places = zip(calendar.day_of_interval.tolist(), (calendar.clock_of_interval // step).tolist(), agents, strict=True)
    for day, place, number in places:
        days[day][place] = max(days[day][place], number)
    return {str(date): windows_of_day(of_day, step) for date, of_day in zip(calendar.date_of_day, days, strict=True)}
