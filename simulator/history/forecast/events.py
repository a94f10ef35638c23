"""A planner's events: dates on which more or fewer contacts come than the calendar tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.scenario.csvfile import parse_day, read_csv_file
from simulator.scenario.errors import Problem, ScenarioError
from simulator.scenario.units import parse_factor

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

COLUMNS = {"date": "date", "event": "event", "factor": "factor"}


@dataclass(frozen=True, slots=True)
class Event:
    """One day of an event."""

    date: date
    name: str
    """Days of one name have one effect."""
    factor: float | None
    """What multiplies the contacts that would come without it; 0: closed. None: as on the past days of this name."""


def read_events(path: Path) -> tuple[Event, ...]:
    """Read a CSV file with the columns `date`, `event` and `factor` (1.2, "+20 %"; empty: as on its past days).

    Raises
    ------
    ScenarioError
        Whatever is wrong with the file, with lines.
    """
    file = read_csv_file(path, ())
    events: list[Event] = []
    problems: list[Problem] = []
    for line, (day, name, factor) in file.rows(COLUMNS):
        cell = day
        try:
            parsed = parse_day(day)
            cell = factor
            events.append(Event(parsed, name, _factor(factor)))
        except ValueError as error:
            problems.append(file.problem(str(error), line, cell))
    if problems:
        raise ScenarioError(problems)
    return tuple(events)


def _factor(text: str) -> float | None:
    if not text:
        return None
    try:
        return parse_factor(float(text))
    except ValueError:
        return parse_factor(text)
