"""Agents on duty in each interval, from weekly hours, from dates with a plan of their own, or from a CSV file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.csvfile import CsvFile, parse_count, parse_moment
from simulator.scenario.document import StaffingFileTable
from simulator.scenario.fields import MOST_AGENTS, parse_dated_window, parse_day_windows
from simulator.scenario.hours import parse_hours_table
from simulator.scenario.units import DAY, format_duration
from simulator.scenario.volumes import check_step, missing_day, refuse_if, usual_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.errors import Problem
    from simulator.scenario.hours import WeeklyHours

    Ints = NDArray[np.int64]


def weekly_staffing(table: Mapping[str, int], calendar: Calendar) -> Ints:
    """[interval] Agents on duty: weekly hours -> number, nobody outside of them."""
    agents = np.zeros(calendar.intervals, dtype=np.int64)
    for key, hours in parse_hours_table(table).items():
        agents[calendar.open_mask(hours)] = table[key]
    return agents


def replace_date(agents: Ints, day: date, windows: Mapping[str, int], calendar: Calendar) -> None:
    """Write the staffing of one date into [interval] `agents`: clock windows -> number, nobody outside of them."""
    on_day = calendar.day_of_interval == (day - calendar.start).days
    clock = calendar.clock_of_interval
    agents[on_day] = 0
    for key, (start, end) in parse_day_windows(windows).items():
        agents[on_day & (start <= clock) & (clock < end)] = windows[key]


def check_window(key: str, start: int, end: int, calendar: Calendar) -> None:
    """Refuse a clock window that does not start and end with an interval.

    Raises
    ------
    ValueError
        Naming the window.
    """
    if start % calendar.interval or end % calendar.interval:
        interval = format_duration(calendar.interval)
        msg = f'"{key}" does not fit intervals of {interval}: it must start and end with one.'
        raise ValueError(msg)


def read_staffing(file: CsvFile, table: StaffingFileTable, hours: Sequence[WeeklyHours], calendar: Calendar) -> Ints:
    """[interval] Agents on duty, from a file with a row for each interval or each longer step.

    `hours` are those of the channels that the group serves: the file may lack a day only if all are closed on it.

    Raises
    ------
    ScenarioError
        Whatever is wrong with the file, with lines.
    """
    line, day, clock, number = _read_rows(file, table)
    step = usual_step(file, day, clock)
    if calendar.interval % step == 0 and step != calendar.interval:
        message = (
            f"The rows are {format_duration(step)} apart, the planning intervals {format_duration(calendar.interval)}; "
            "staffing needs a row for each interval or each longer step."
        )
        raise file.refused(message, int(line[0]))
    for first in np.flatnonzero(np.diff(day, prepend=0)).tolist():
        check_step(file, step, int(line[first]), int(clock[first]), calendar.interval)
    refuse_if(_irregular(file, line, day, clock, step))
    refuse_if(missing_day(file, np.unique(day).tolist(), hours, calendar))
    starts = day * DAY + clock
    moments = (calendar.start.toordinal() + calendar.day_of_interval) * DAY + calendar.clock_of_interval
    row = np.searchsorted(starts, moments, side="right") - 1
    held = (row >= 0) & (moments - starts[row] < step) & (moments // DAY == day[row])
    return np.where(held, number[row], 0)


def with_extra(agents: Ints, extra: int) -> Ints:
    """[interval] `extra` agents more wherever somebody is on duty, but never fewer than none."""
    return np.where(agents > 0, np.maximum(agents + extra, 0), 0)


def with_extra_in(agents: Ints, extra: Mapping[str, int], calendar: Calendar) -> Ints:
    """[interval] Agents more or fewer in windows of single dates, which add up, but never fewer than none."""
    changed = agents.copy()
    for key, number in extra.items():
        day, start, end = parse_dated_window(key)
        on_day = calendar.day_of_interval == (day - calendar.start).days
        clock = calendar.clock_of_interval
        changed[on_day & (start <= clock) & (clock < end)] += number
    return np.maximum(changed, 0)


def _read_rows(file: CsvFile, table: StaffingFileTable) -> tuple[Ints, Ints, Ints, Ints]:
    """Line, ordinal of the date, clock and agents of each row, which come in order."""
    rows: list[tuple[int, int, int, int]] = []
    problems: list[Problem] = []
    for line, (time, agents) in file.rows({"time_column": table.time_column, "agents_column": table.agents_column}):
        try:
            cell = time
            day, clock = parse_moment(time)
            if rows and (day.toordinal(), clock) <= rows[-1][1:3]:
                problems.append(
                    file.problem("This is not later than the row above it. Sort the rows by time.", line, time)
                )
            cell = agents
            rows.append((line, day.toordinal(), clock, _agents(agents)))
        except ValueError as error:
            problems.append(file.problem(str(error), line, cell))
    refuse_if(iter(problems))
    line, day, clock, number = np.array(rows, dtype=np.int64).T
    return line, day, clock, number


def _agents(text: str) -> int:
    number = parse_count(text)
    if number % 1 or number > MOST_AGENTS:
        msg = f"This is not a whole number of agents, from 0 to {MOST_AGENTS}."
        raise ValueError(msg)
    return int(number)


def _irregular(file: CsvFile, line: Ints, day: Ints, clock: Ints, step: int) -> Iterator[Problem]:
    wrong = (np.diff(day) == 0) & (np.diff(clock) != step)
    for row in (np.flatnonzero(wrong) + 1).tolist():
        message = (
            f"The rows of a day must be {format_duration(step)} apart, as most are; write 0 where nobody is on duty."
        )
        yield file.problem(message, int(line[row]))
