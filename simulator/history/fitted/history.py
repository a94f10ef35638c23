"""From an imported history to a scenario: of single calls where there are any, or else of interval reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from simulator.history.fitted.calls import NO_HOLIDAYS, CallsFit, OnStage, Wishes, fit_calls
from simulator.history.fitted.calls_level import level_of
from simulator.history.fitted.country import country_of, holidays_of
from simulator.history.fitted.from_calls import calls_fields
from simulator.history.fitted.from_intervals import intervals_fields
from simulator.history.fitted.intervals import IntervalsFit, fit_intervals

if TYPE_CHECKING:
    from simulator.history.fitted.level import Level
    from simulator.history.fitted.sourced import SourcedField
    from simulator.history.importing.imported import Imported
    from simulator.history.intervals.volumes import Volumes
    from simulator.history.logs import Calls


class FitError(ValueError):
    """A history that no scenario can be fitted to; the message says why."""


@dataclass(frozen=True, slots=True)
class FittedScenario:
    """A scenario that was fitted, and what it rests on."""

    found: CallsFit | IntervalsFit
    level: Level | None
    """The scenario, played; None if it was not."""
    fields: tuple[SourcedField, ...]


def fit_history(
    history: Imported,
    wishes: Wishes,
    days: tuple[date, date] | None = None,
    *,
    play: bool = True,
    on_stage: OnStage = lambda _: None,
) -> FittedScenario:
    """Fit a scenario to what happened.

    Parameters
    ----------
    history
        With calls or interval reports.
    wishes
        What the scenario is to be like; without a country of holidays, they are those of the time zone.
    days
        First and last day to fit to. Default: all there are.
    play
        Whether a scenario of calls is played until customers wait as they did.
    on_stage
        Told what is being done.

    Raises
    ------
    FitError
        If there is nothing to fit, or too little.
    """
    try:
        if history.calls is not None:
            calls = history.calls if days is None else of_days(history.calls, *days)
            found = fit_calls(calls, _with_holidays(wishes, calls), on_stage)
            level = None
            if play:
                on_stage("playing the scenario")
                level = level_of(found, found.teams.available)
            available = level.availability if level else found.teams.available
            return FittedScenario(found, level, tuple(calls_fields(found, available)))
        if history.volumes is not None:
            volumes = history.volumes if days is None else intervals_of_days(history.volumes, *days)
            intervals = fit_intervals(volumes, _with_holidays(wishes, volumes), on_stage)
            return FittedScenario(intervals, None, tuple(intervals_fields(intervals)))
    except ValueError as error:
        raise FitError(str(error)) from None
    msg = f"it holds {' and '.join(history.kinds) or 'nothing'}; a scenario is fitted to calls or to intervals."
    raise FitError(msg)


def of_days(calls: Calls, first: date, last: date) -> Calls:
    """The calls from one date to another, both included."""
    return calls.where((calls.day >= first.toordinal()) & (calls.day <= last.toordinal()))


def intervals_of_days(volumes: Volumes, first: date, last: date) -> Volumes:
    """The intervals from one date to another, both included."""
    kept = (volumes.day >= first.toordinal()) & (volumes.day <= last.toordinal())
    columns = ("day", "clock", "showing", "channel", "topic", "offered")
    rows = {name: getattr(volumes, name)[kept] for name in columns}
    return replace(volumes, **rows, measured={role: values[kept] for role, values in volumes.measured.items()})


def _with_holidays(wishes: Wishes, table: Calls | Volumes) -> Wishes:
    if not len(table.day):
        msg = "there is not one contact on these days."
        raise ValueError(msg)
    first, last = (date.fromordinal(int(day)) for day in (table.day.min(), table.day.max()))
    country = wishes.holidays
    if country is None:
        country = country_of(table.timezone, first, last) or NO_HOLIDAYS
    if country != NO_HOLIDAYS:
        holidays_of(country).between(first, last)  # refuses a country that there is not
    return replace(wishes, holidays=country)
