"""Everything that was fitted to tickets, as the fields of a scenario: deferred channels with a group of their own."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.fitted_scenario.demand_fields import busyness_fields, demand_fields, open_slots, weekly_hours
from simulator.history.fitted_scenario.intervals import ASSUMED_HANDLING, working_day
from simulator.history.fitted_scenario.sourced import SourcedField
from simulator.history.fitted_scenario.staffing import staffing_tables
from simulator.history.fitted_scenario.words import share_words, time_words
from simulator.scenario.units import DAY, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.history.fitted_scenario.tickets import TicketChannelFit, TicketsFit

_ASSUMED_PROMISE = DAY
_BUSY = 0.85
"""Share of their open hours that agents are assumed to work on tickets."""
_WORKING_DAYS = 5


def tickets_fields(fit: TicketsFit, names: Mapping[str, str], *, topics: bool) -> list[SourcedField]:
    """Channels and groups.

    Parameters
    ----------
    fit
        What was found.
    names
        Channel of the tickets -> name of the scenario's channel.
    topics
        Whether other channels tell topics apart; each of these has then one of its own.
    """
    fields: list[SourcedField] = []
    for channel in fit.channels:
        name = names[channel.title]
        if topics:
            fields.append(SourcedField(("topics", name), channel.title))
            fields.append(SourcedField(("channels", name, "mix"), {name: "100 %"}, "tickets: topics not told apart"))
        fields += _channel(fit, channel, name)
    for channel in fit.channels:
        fields += _group(fit, channel, names[channel.title])
    return fields


def _channel(fit: TicketsFit, channel: TicketChannelFit, name: str) -> Iterator[SourcedField]:
    table = ("channels", name)
    step = fit.counts.step
    volume = channel.volume
    yield SourcedField((*table, "title"), channel.title)
    yield SourcedField((*table, "kind"), "deferred")
    hours = weekly_hours(np.arange(0, DAY, step), _open(channel, step), step, holidays_closed=channel.holidays_closed)
    if channel.open_ is not None:
        holidays = "none on public holidays" if channel.holidays_closed else "holidays like other days"
        told = f"when replies are made, {channel.replies:,} of them, but for strays; {holidays}"
    else:
        told = "assumption: too few replies tell when they are made"
    yield SourcedField((*table, "hours"), hours, told)
    told = "assumption: tickets do not tell how long the work on them takes"
    yield SourcedField((*table, "handling_time"), time_words(ASSUMED_HANDLING), told)
    promise = channel.promise
    if promise is not None:
        target = {"answered": f"{_whole_per_cent(promise.kept)} %", "within": format_duration(promise.within)}
        done = "had their first reply" if channel.replies_told else "were solved (of replies nothing is told)"
        told = (
            f"what was kept: {share_words(promise.kept)} of {promise.tickets:,} tickets {done} in that time, the "
            f"shortest usual promise that {share_words(fit.wishes.answered)} keep, or else the longest"
            f"{_waiting_words(channel)}"
        )
    else:
        target = {"answered": share_words(fit.wishes.answered), "within": format_duration(_ASSUMED_PROMISE)}
        told = "assumption: the tickets do not tell when they were replied to"
    yield SourcedField((*table, "target"), target, told)
    yield from demand_fields((*table, "demand"), volume, open_slots(volume), step, what="tickets")
    yield from busyness_fields((*table, "busyness"), volume)


def _group(fit: TicketsFit, channel: TicketChannelFit, name: str) -> Iterator[SourcedField]:
    table = ("groups", f"{name}-team"[:60])
    step = fit.counts.step
    open_ = _open(channel, step)
    work = channel.volume.per_week.value * ASSUMED_HANDLING
    agents = max(ceil(work / (_BUSY * float(open_.sum()) * step)), 1)
    yield SourcedField((*table, "title"), f"Team of {channel.title}")
    (staffing,) = staffing_tables(np.where(open_, float(agents), 0.0)[np.newaxis], step)
    if channel.holidays_closed:
        staffing = {f"{hours}; holidays closed": each for hours, each in staffing.items()}
    told = f"assumption: so many that the handling time, an assumption too, keeps them busy for {share_words(_BUSY)}"
    yield SourcedField((*table, "staffing"), staffing, told)
    yield SourcedField((*table, "skills", name), {})


def _open(channel: TicketChannelFit, step: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Open hours, [weekday, slot of the day]."""
    if channel.open_ is not None:
        return channel.open_
    clock = np.arange(0, DAY, step)
    first, last = working_day(step)
    return np.outer(np.arange(7) < _WORKING_DAYS, (clock >= first) & (clock < last))


def _waiting_words(channel: TicketChannelFit) -> str:
    """What became of tickets that nobody had dealt with; nothing if there were none."""
    if not channel.waiting:
        return ""
    return (
        f"; {channel.waiting:,} had no reply when the export was made: those older than that time broke it, later ones "
        "do not count; as a backlog at the start of the scenario they are not there"
    )


def _whole_per_cent(share: float) -> int:
    """Rounded down, so that it was kept."""
    return max(floor(100 * share), 1)
