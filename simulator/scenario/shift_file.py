"""Reading a catalogue of shifts, a TOML file of its own, for the groups and the calendar of a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from simulator.scenario.errors import Problem, ScenarioError, unknown
from simulator.scenario.fields import title_of
from simulator.scenario.hours import parse_hours_table
from simulator.scenario.shift_catalogue import (
    Break,
    GroupShifts,
    Hiring,
    PeopleSource,
    ShiftCatalogue,
    ShiftKind,
)
from simulator.scenario.shift_tables import ShiftsDocument
from simulator.scenario.source import read_source
from simulator.scenario.table import problems_of
from simulator.scenario.units import format_clock, format_duration, format_money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.scenario.model import Group, Scenario
    from simulator.scenario.shift_tables import GroupShiftsTable, HiringTable, ShiftTable
    from simulator.scenario.source import Source

_WEEK = 604_800


def load_shifts(path: Path | str, scenario: Scenario) -> ShiftCatalogue:
    """Load a catalogue of shifts.

    Parameters
    ----------
    path
        The TOML file.
    scenario
        Whose groups work the shifts, and on whose intervals these start and end.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file, also against the scenario.
    """
    return shifts_from(read_source(Path(path)), scenario)


def shifts_from(source: Source, scenario: Scenario) -> ShiftCatalogue:
    """Load a catalogue from what `read_source` or `read_upload` has read, or from a raw table that a program has made.

    Raises
    ------
    ScenarioError
        As `load_shifts`.
    """
    try:
        document = ShiftsDocument.model_validate(source.raw)
    except ValidationError as error:
        raise ScenarioError(map(source.located, problems_of(error))) from None
    if problems := [source.located(problem) for problem in _against(document, scenario)]:
        raise ScenarioError(problems)
    names = [group.name for group in scenario.groups]
    name = source.path.stem
    return ShiftCatalogue(
        name=name,
        title=document.title or title_of(name),
        groups=tuple(_group(names.index(each), table, scenario) for each, table in document.groups.items()),
    )


def _group(group: int, table: GroupShiftsTable, scenario: Scenario) -> GroupShifts:
    return GroupShifts(
        group=group,
        kinds=tuple(_kind(name, kind) for name, kind in table.shifts.items()),
        heads=table.heads,
        rest=int(table.rest),
        shifts_per_week=table.shifts_per_week,
        hours_per_week=None if table.hours_per_week is None else int(table.hours_per_week),
        premium=tuple((hours, table.premium[key]) for key, hours in parse_hours_table(table.premium).items()),
        hiring=None if table.hiring is None else _hiring(table.hiring, scenario.groups[group]),
    )


def _hiring(table: HiringTable, group: Group) -> Hiring:
    return Hiring(
        today=table.today,
        leave=table.leave,
        sources=tuple(
            PeopleSource(
                name=name,
                title=each.title or title_of(name),
                lead=int(each.lead) // _WEEK,
                training=int(each.training) // _WEEK,
                pace=tuple(each.pace),
                leave=each.leave,
                cost_per_hour=group.cost_per_hour if each.cost is None else each.cost.amount,
                most=each.most,
            )
            for name, each in table.sources.items()
        ),
    )


def _kind(name: str, table: ShiftTable) -> ShiftKind:
    breaks = sorted(table.breaks.items(), key=lambda item: item[1].earliest)
    return ShiftKind(
        name=name,
        title=table.title or title_of(name),
        starts=table.starts,
        lengths=table.lengths,
        within=table.within,
        breaks=tuple(
            Break(each, int(said.length), int(said.earliest), int(said.last), said.paid) for each, said in breaks
        ),
        most=table.most,
    )


def _against(document: ShiftsDocument, scenario: Scenario) -> Iterator[Problem]:
    """What does not go together with the scenario: names of groups, and times that do not fall on its intervals."""
    names = [group.name for group in scenario.groups]
    interval = scenario.calendar.interval
    each = format_duration(interval)
    for group, table in document.groups.items():
        here: tuple[str, ...] = ("groups", group)
        if group not in names:
            yield Problem(unknown("group", group, names, where=" in the scenario"), here)
        for name, source in table.hiring.sources.items() if table.hiring is not None else ():
            if source.cost is not None and source.cost.currency != scenario.currency:
                message = f"The scenario's currency is {scenario.currency}; nothing is converted."
                yield Problem(message, (*here, "hiring", "sources", name, "cost"), format_money(source.cost))
        for key, hours in parse_hours_table(table.premium).items():
            for _, window in hours.dated_windows():
                if window.start % interval or window.end % interval:
                    yield Problem(f"It must start and end with an interval of {each}.", (*here, "premium", key))
                    break
        for name, kind in table.shifts.items():
            at = (*here, "shifts", name)
            if off := [start for start in kind.starts if start % interval]:
                clock = format_clock(off[0])
                yield Problem(f"A shift starts with an interval of {each}; {clock} does not.", (*at, "starts"))
            if off := [length for length in kind.lengths if length % interval]:
                yield Problem(
                    f"A shift lasts whole intervals of {each}; {format_duration(off[0])} is not.", (*at, "lengths")
                )
            if any(window.start % interval or window.end % interval for _, window in kind.within.dated_windows()):
                yield Problem(f"These hours must start and end with intervals of {each}.", (*at, "within"))
            for called, pause in kind.breaks.items():
                times = {"length": pause.length, "earliest": pause.earliest, "latest": pause.last}
                for field, seconds in times.items():
                    if seconds % interval and (field != "latest" or pause.latest is not None):
                        yield Problem(
                            f"Breaks begin and end with intervals of {each}. What is shorter belongs to the "
                            "group's shrinkage.",
                            (*at, "breaks", called, field),
                            format_duration(seconds),
                        )
