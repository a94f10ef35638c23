"""From an imported history to a scenario: of calls or else interval reports, of tickets, and of orders.

Calls and interval reports tell of the same contacts, so one of them is enough; tickets are channels beside them, and
orders say which of the contacts they bring.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from simulator.history.fitted_scenario.calls import NO_HOLIDAYS, CallsFit, OnStage, Wishes, fit_calls
from simulator.history.fitted_scenario.calls_level import level_of
from simulator.history.fitted_scenario.country import country_of, holidays_of
from simulator.history.fitted_scenario.frame import head_fields, horizon_fields
from simulator.history.fitted_scenario.from_calls import calls_fields
from simulator.history.fitted_scenario.from_intervals import intervals_fields
from simulator.history.fitted_scenario.from_orders import assumed_fields, with_orders
from simulator.history.fitted_scenario.from_tickets import tickets_fields
from simulator.history.fitted_scenario.intervals import IntervalsFit, fit_intervals
from simulator.history.fitted_scenario.level import scenario_of
from simulator.history.fitted_scenario.names import field_names
from simulator.history.fitted_scenario.orders import ChannelCounts, OrdersFit, fit_order_curve
from simulator.history.fitted_scenario.tickets import TicketsFit, fit_tickets
from simulator.language import say
from simulator.scenario.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.history.fitted_scenario.level import Level
    from simulator.history.fitted_scenario.sourced import SourcedField
    from simulator.history.importing.imported import HistoryKind, Imported
    from simulator.history.intervals.volumes import Volumes
    from simulator.history.logs import Calls, Orders, Tickets


Events = TypeVar("Events", "Tickets", "Orders")


class FitError(ValueError):
    """A history that no scenario can be fitted to; the message says why."""


@dataclass(frozen=True, slots=True)
class FittedScenario:
    """A scenario that was fitted, and what it rests on."""

    found: CallsFit | IntervalsFit | None
    """Of live channels; None: the history has neither calls nor interval reports."""
    level: Level | None
    """The scenario of calls, played; None if it was not."""
    fields: tuple[SourcedField, ...]
    tickets: TicketsFit | None = None
    orders: OrdersFit | None = None
    left_aside: tuple[HistoryKind, ...] = ()
    """Kinds of the history of which nothing is in the scenario."""


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
        What was imported.
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
        If there is nothing to fit, or too little, or what was found makes no scenario.
    """
    try:
        if days is not None:
            history = history_of_days(history, *days)
        if not history.kinds:
            msg = say("refusals.fit_nothing")
            raise ValueError(msg)
        wishes = _with_holidays(wishes, history)
        fit = _live(history, wishes, play=play, on_stage=on_stage)
        channels = _live_counts(fit.found)
        if history.tickets is not None:
            tickets = fit_tickets(history.tickets, wishes, on_stage)
            fit, of_tickets = _with_tickets(fit, tickets, taken=channels)
            channels |= of_tickets
        if history.orders is not None:
            fit = _with_orders(fit, fit_order_curve(history.orders, channels, wishes, on_stage), channels)
        scenario_of(fit.fields)  # refuses a planning interval that hours or a clock that is moved do not bear
    except (ValueError, ScenarioError) as error:
        raise FitError(str(error)) from None
    beside = history.calls is not None and history.volumes is not None
    return replace(fit, left_aside=("intervals",)) if beside else fit


def _live(history: Imported, wishes: Wishes, *, play: bool, on_stage: OnStage) -> FittedScenario:
    """What calls say, or else interval reports; nothing without either."""
    if history.calls is not None:
        found = fit_calls(history.calls, wishes, on_stage, play=not play)
        level = None
        if play:
            on_stage("playing the scenario")
            level = level_of(found, found.teams.available)
        available = level.availability if level else found.teams.available
        return FittedScenario(found, level, tuple(calls_fields(found, available, level)))
    if history.volumes is not None:
        intervals = fit_intervals(history.volumes, wishes, on_stage)
        return FittedScenario(intervals, None, tuple(intervals_fields(intervals)))
    return FittedScenario(None, None, ())


def _live_counts(found: CallsFit | IntervalsFit | None) -> dict[str, ChannelCounts]:
    """Channel of the scenario -> its contacts."""
    if found is None:
        return {}
    if isinstance(found, CallsFit):
        (volume,) = found.demand.volumes
        return {found.wishes.channel: ChannelCounts(found.counts, volume, closes=True)}
    names = field_names([channel.title for channel in found.channels], "channel")
    return {
        name: ChannelCounts(found.counts.merged({channel.title: name}), channel.volume, closes=True)
        for channel, name in zip(found.channels, names.values(), strict=True)
    }


def _with_tickets(
    fit: FittedScenario, tickets: TicketsFit, taken: Iterable[str]
) -> tuple[FittedScenario, dict[str, ChannelCounts]]:
    """Deferred channels beside those that are there; their names are none of those taken."""
    titles = [channel.title for channel in tickets.channels]
    names = field_names(titles, "channel", taken)
    head: list[SourcedField] = []
    if fit.found is None:
        told = "Made of tickets, which do not know how long the work on them takes."
        head += head_fields(f"{tickets.tickets:,} tickets", tickets.counts.dates[0], tickets.last_day, told)
        head += horizon_fields(tickets.wishes, tickets.timezone, tickets.last_day)
    topics = any(field.path[0] == "topics" for field in fit.fields)
    counted = {
        names[channel.title]: ChannelCounts(
            tickets.counts.merged({channel.title: channel.title}), channel.volume, closes=False
        )
        for channel in tickets.channels
    }
    said = (*fit.fields, *head, *tickets_fields(tickets, names, topics=topics))
    return replace(fit, fields=said, tickets=tickets), counted


def _with_orders(fit: FittedScenario, orders: OrdersFit, channels: Mapping[str, ChannelCounts]) -> FittedScenario:
    """The order curve, and what it brings; of orders alone, with an assumption of that."""
    if channels:
        return replace(fit, fields=tuple(with_orders(fit.fields, orders, channels)), orders=orders)
    told = "Made of orders alone, which do not know what contacts they bring: these are assumed."
    said = (
        *head_fields(f"{orders.orders:,} orders", orders.counts.dates[0], orders.last_day, told),
        *horizon_fields(orders.wishes, orders.timezone, orders.last_day),
        *assumed_fields(orders),
    )
    return replace(fit, fields=said, orders=orders)


def history_of_days(history: Imported, first: date, last: date) -> Imported:
    """The events and intervals from one date to another, both included."""
    return replace(
        history,
        calls=history.calls and of_days(history.calls, first, last),
        volumes=history.volumes and intervals_of_days(history.volumes, first, last),
        tickets=history.tickets and _events_of_days(history.tickets, first, last),
        orders=history.orders and _events_of_days(history.orders, first, last),
    )


def of_days(calls: Calls, first: date, last: date) -> Calls:
    """The calls from one date to another, both included."""
    return calls.where((calls.day >= first.toordinal()) & (calls.day <= last.toordinal()))


def intervals_of_days(volumes: Volumes, first: date, last: date) -> Volumes:
    """The intervals from one date to another, both included."""
    kept = (volumes.day >= first.toordinal()) & (volumes.day <= last.toordinal())
    columns = ("day", "clock", "showing", "channel", "topic", "offered")
    rows = {name: getattr(volumes, name)[kept] for name in columns}
    return replace(volumes, **rows, measured={role: values[kept] for role, values in volumes.measured.items()})


def _events_of_days(events: Events, first: date, last: date) -> Events:
    kept = (events.day >= first.toordinal()) & (events.day <= last.toordinal())
    columns = {each.name: getattr(events, each.name) for each in fields(events)}
    rows: dict[str, Any] = {name: values[kept] for name, values in columns.items() if isinstance(values, np.ndarray)}
    return replace(events, **rows)


def _with_holidays(wishes: Wishes, history: Imported) -> Wishes:
    tables = [table for kind in history.kinds if (table := history.table(kind)) is not None]
    if not all(len(table.day) for table in tables):
        msg = say("refusals.fit_no_contact", kinds=", ".join(history.kinds))
        raise ValueError(msg)
    first = date.fromordinal(min(int(table.day.min()) for table in tables))
    last = date.fromordinal(max(int(table.day.max()) for table in tables))
    country = wishes.holidays
    if country is None:
        country = country_of(tables[0].timezone, first, last) or NO_HOLIDAYS
    if country != NO_HOLIDAYS:
        holidays_of(country).between(first, last)  # refuses a country that there is not
    return replace(wishes, holidays=country)
