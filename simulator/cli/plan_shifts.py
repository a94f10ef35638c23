"""The options of `ruuhka plan` on shifts, and what they find."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Group as Lines
from rich.text import Text

from simulator.cli.failures import BadInputError
from simulator.planning.ahead import TooLateError, ahead_of, first_week
from simulator.report.plan.ahead import ahead_document, ahead_words
from simulator.report.plan.shifts import shifts_document as document_of_shifts
from simulator.report.plan.shifts import shifts_report as of_shifts
from simulator.scenario import ScenarioError
from simulator.scenario.shift_file import load_shifts

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from simulator.cli.plan_options import Wanted
    from simulator.planning.ahead import Ahead
    from simulator.planning.shifts.by_simulation import EnoughShifts
    from simulator.planning.staffing.cuts import Stage
    from simulator.planning.staffing.plan import Plan
    from simulator.planning.staffing.requirement import Requirement
    from simulator.scenario import Scenario
    from simulator.scenario.shift_catalogue import ShiftCatalogue

LEAST_SECONDS = 20.0
"""For shifts, however much of the time limit the requirement took."""


class NoShiftsError(Exception):
    """No shifts of the catalogue will do; the message says why."""


@dataclass(frozen=True)
class AskedShifts:
    """What the options ask of shifts."""

    catalogue: ShiftCatalogue
    today: date | None
    """From which hiring is planned; None: it is not."""


@dataclass(frozen=True)
class FoundShifts:
    """The shifts, and by when to begin to seek whom."""

    enough: EnoughShifts
    today: date | None
    ahead: tuple[Ahead, ...]

    @property
    def can_hire(self) -> bool:
        """Whether the catalogue says who is there today, so that a date would be of use."""
        return can_hire(self.enough.plan.shifts.catalogue)


def parse_shifts(scenario: Scenario, wanted: Wanted) -> AskedShifts | None:
    """What the options ask of shifts; None where people come by the interval.

    Raises
    ------
    BadInputError
        If the catalogue is refused, or the date is none or no use.
    """
    if wanted.shifts is None:
        if wanted.today is not None:
            msg = "--today: it is for hiring, of which a catalogue of shifts tells; give one with --shifts."
            raise BadInputError(msg)
        return None
    if wanted.hours is not None or wanted.money is not None:
        msg = "--shifts: shifts are planned for the targets; --hours and --money are for agents by the interval."
        raise BadInputError(msg)
    try:
        catalogue = load_shifts(wanted.shifts, scenario)
    except ScenarioError as error:
        raise BadInputError(f"--shifts: {error}") from None
    if wanted.today is None:
        return AskedShifts(catalogue, None)
    if not can_hire(catalogue):
        msg = f"--today: no group of {wanted.shifts} has a table `hiring`, which says who is there today."
        raise BadInputError(msg)
    try:
        today = date.fromisoformat(wanted.today.strip())
    except ValueError:
        msg = f'--today "{wanted.today}" is not a date: write it as in 2026-09-01.'
        raise BadInputError(msg) from None
    try:
        first_week(scenario.calendar, today)
    except TooLateError as error:
        raise BadInputError(f"--today: {error}") from None
    return AskedShifts(catalogue, today)


def can_hire(catalogue: ShiftCatalogue) -> bool:
    """Whether it says of a group who is there today."""
    return any(group.hiring is not None for group in catalogue.groups)


def find_shifts(
    requirement: Requirement,
    asked: AskedShifts,
    ends: float,
    on_stage: Callable[[Stage], None],
) -> FoundShifts:
    """The shifts that simulation says are enough, and by when to begin to seek whom.

    Parameters
    ----------
    ends
        On the clock of `time.monotonic`.

    Raises
    ------
    NoShiftsError
        If no shifts of the catalogue will do, or none were found in time.
    BadInputError
        If the catalogue allows too many shifts.
    """
    from simulator.planning.shifts.by_simulation import enough_shifts  # slow to import
    from simulator.planning.shifts.cover import OutOfTimeError, UncoverableError
    from simulator.planning.shifts.possible import TooManyShiftsError

    seconds = max(ends - time.monotonic(), LEAST_SECONDS)
    try:
        enough = enough_shifts(requirement, asked.catalogue, time_limit=seconds, on_stage=on_stage)
        ahead = () if asked.today is None else ahead_of(enough.plan, asked.today)
    except UncoverableError as error:
        msg = f"No shifts of {asked.catalogue.title} give the agents that there have to be. {error}"
        raise NoShiftsError(msg) from None
    except (OutOfTimeError, TimeoutError) as error:
        raise NoShiftsError(str(error)) from None
    except TooManyShiftsError as error:
        raise BadInputError(f"--shifts: {error}") from None
    return FoundShifts(enough, asked.today, ahead)


def shifts_report(found: FoundShifts, plan: Plan) -> RenderableType:
    """The part of the report on shifts, and on hiring for them."""
    scenario, lines = plan.scenario, list[str]()
    if found.today is not None:
        lines = ahead_words(scenario, found.ahead, found.today)
    elif found.can_hire:
        lines = ["The catalogue says who is there today: --today DATE tells by when to begin to seek more people."]
    more = [Text(), Text("\n".join(lines))] if lines else []
    return Lines(Text(), *of_shifts(found.enough, plan), *more)


def shifts_document(found: FoundShifts, plan: Plan) -> dict[str, object]:
    """The same as JSON."""
    ahead = None if found.today is None else ahead_document(plan.scenario, found.ahead, found.today)
    return {"shifts": document_of_shifts(found.enough), "ahead": ahead}
