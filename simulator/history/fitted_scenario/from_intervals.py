"""Everything that was fitted to interval reports, as the fields of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.history.fitted_scenario.demand_fields import (
    busyness_fields,
    demand_fields,
    holidays_words,
    open_slots,
    weekly_hours,
)
from simulator.history.fitted_scenario.erlang import LONGEST, SHORTEST
from simulator.history.fitted_scenario.frame import head_fields, horizon_fields, target_field
from simulator.history.fitted_scenario.intervals import ASSUMED_HANDLING, ASSUMED_PATIENCE, working_day
from simulator.history.fitted_scenario.names import field_names
from simulator.history.fitted_scenario.sourced import SourcedField
from simulator.history.fitted_scenario.staffing import agents_for_target, staffing_tables
from simulator.history.fitted_scenario.words import (
    interval_words,
    rounded,
    share_words,
    source_words,
    time_words,
    whole,
)
from simulator.scenario.hours import WEEKDAYS, WeeklyHours, Window
from simulator.scenario.units import DAY, format_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from simulator.history.fitted_scenario.intervals import ChannelFit, IntervalsFit

    Floats = NDArray[np.float64]


def intervals_fields(fit: IntervalsFit) -> list[SourcedField]:
    """The scenario that interval reports say: a channel for each of theirs, with a group of its own."""
    names = field_names([channel.title for channel in fit.channels], "channel")
    total = sum(channel.contacts for channel in fit.channels)
    fields = [
        *head_fields(
            f"{total:,.0f} contacts",
            fit.first_day,
            fit.last_day,
            "Made of interval reports, which know neither single contacts nor who was on duty.",
        ),
        *horizon_fields(fit.wishes, fit.timezone, fit.last_day),
    ]
    for channel in fit.channels:
        fields += _channel(fit, channel, names[channel.title])
    for channel in fit.channels:
        fields += _group(fit, channel, names[channel.title])
    return fields


def _channel(fit: IntervalsFit, channel: ChannelFit, name: str) -> Iterator[SourcedField]:
    table = ("channels", name)
    volume = channel.volume
    closed = volume.holiday_factor is not None and volume.holiday_factor.value == 0
    yield SourcedField((*table, "title"), channel.title)
    yield SourcedField((*table, "kind"), "live")
    open_ = open_slots(volume)
    if fit.by_day:
        windows = tuple((Window(*working_day(fit.step)),) if day.value > 0 else () for day in volume.weekdays)
        hours = str(WeeklyHours(windows, () if closed else None))
        yield SourcedField((*table, "hours"), hours, "assumption: the report has no times of day")
    else:
        hours = weekly_hours(volume.time_of_day.clock, open_, fit.step, holidays_closed=closed)
        told = "first and last contacts of the weekdays, but for strays" + holidays_words(volume)
        yield SourcedField((*table, "hours"), hours, told)
    mean = channel.handling
    told = (
        f"mean of the report, {channel.contacts:,.0f} contacts; exponential is an assumption: the report has no spread"
        if mean
        else "assumption: the report does not say"
    )
    yield SourcedField((*table, "handling_time"), time_words(mean or ASSUMED_HANDLING), told)
    figures = f"{share_words(channel.lost or 0.0)} giving up and the answered waiting {time_words(channel.asa or 0.0)}"
    if channel.patience is not None:
        told = (
            f"Erlang A turned round: with it, {figures} belong together; exponential is an assumption, no interval is "
            "known"
        )
        yield SourcedField((*table, "patience"), time_words(channel.patience.value), told)
    else:
        told = "assumption: the report does not say both who gave up and how long the others waited"
        if channel.patience_beyond is not None:
            told = (
                f"assumption: Erlang A turned round finds no mean patience from {time_words(SHORTEST)} to "
                f"{time_words(LONGEST)} with which {figures} belong together; that of "
                f"{time_words(channel.patience_beyond)} comes nearest"
            )
        yield SourcedField((*table, "patience"), time_words(ASSUMED_PATIENCE), told)
    yield target_field(table, fit.wishes)
    demand = (*table, "demand")
    if fit.by_day:
        yield from _demand_by_day(demand, channel, fit.step)
    else:
        yield from demand_fields(demand, volume, open_, fit.step)
    for field in busyness_fields((*table, "busyness"), volume):
        if not fit.by_day or field.path[-1] == "day_cv":
            yield field


def _demand_by_day(table: tuple[str, ...], channel: ChannelFit, step: int) -> Iterator[SourcedField]:
    """Level and weekdays; the time of day is anybody's guess."""
    volume = channel.volume
    level = volume.per_week
    yield SourcedField(
        (*table, "per_week"),
        whole(level.value),
        source_words("contacts by day", level, "number"),
        interval_words(level, "number"),
    )
    weights = {
        name: rounded(1000 * day.value) for name, day in zip(WEEKDAYS, volume.weekdays, strict=True) if day.value > 0
    }
    yield SourcedField((*table, "weekdays"), weights, f"contacts by day; {volume.weekdays[0].method}")
    first, last = working_day(step)
    steps = {format_clock(first): 1.0, format_clock(last): 0.0}
    yield SourcedField((*table, "time_of_day"), steps, "assumption: evenly, for the report has no times of day")


def _group(fit: IntervalsFit, channel: ChannelFit, name: str) -> Iterator[SourcedField]:
    table = ("groups", f"{name}-team"[:60])
    yield SourcedField((*table, "title"), f"Team of {channel.title}")
    slots = DAY // fit.step
    agents = np.zeros((1, 7, slots))
    places = fit.clock // fit.step
    if channel.agents is not None:
        agents[0][:, places] = channel.agents
        told = (
            "by Erlang A, with whom as many give up as the report counts; a group of its own for each channel, whole "
            "agents, none for anything else"
        )
    else:
        agents[0][:, places] = _required(fit, channel)
        told = "assumption: as many as Erlang A asks for the target; the report does not say who gave up"
    (staffing,) = staffing_tables(agents, fit.step)
    yield SourcedField((*table, "staffing"), staffing, told)
    yield SourcedField((*table, "skills", name), {})


def _required(fit: IntervalsFit, channel: ChannelFit) -> Floats:
    """[weekday, slot] Agents that the target takes."""
    volume = channel.volume
    of_day = np.array([day.value for day in volume.weekdays]) * volume.per_week.value
    share = volume.time_of_day.share
    if fit.by_day:
        share = np.full((7, len(fit.clock)), 1.0 / len(fit.clock))
    rate = of_day[:, np.newaxis] * share / fit.step
    return agents_for_target(rate, channel.handling or ASSUMED_HANDLING, ASSUMED_PATIENCE, fit.wishes)
