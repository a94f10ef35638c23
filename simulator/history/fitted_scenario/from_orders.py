"""Everything that was fitted to orders, as the fields of a scenario: their curve, and the contacts that they bring."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.fitted_scenario.demand_fields import demand_fields, open_slots
from simulator.history.fitted_scenario.frame import target_field
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
from simulator.scenario.delays import shares_by_day
from simulator.scenario.document import DEFAULT_TOPICS
from simulator.scenario.hours import WEEKDAYS, WeeklyHours, Window
from simulator.scenario.model import Distribution
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.history.estimators.order_delays import OrderContacts
    from simulator.history.fitted_scenario.orders import ChannelCounts, OrdersFit

    Floats = NDArray[np.float64]

_WORKING_DAYS = 5
ASSUMED_PER_ORDER = 0.2
ASSUMED_DELAY = Distribution("gamma", 3.0 * DAY, 0.6)
"""Where a history has no contacts."""


def with_orders(
    fields: Sequence[SourcedField], fit: OrdersFit, channels: Mapping[str, ChannelCounts]
) -> list[SourcedField]:
    """The fields of a scenario with orders, and what they bring taken out of its channels' own demand.

    Parameters
    ----------
    fields
        Without orders.
    fit
        What was found; where no channel is brought anything, the scenario stays without orders.
    channels
        As they were counted.
    """
    brought = {name: found for name, found in fit.brought.items() if found is not None}
    if not brought:
        return list(fields)
    said = {field.path: field.value for field in fields}
    scale = {name: _first_attempts(said, name, channels[name]) for name in brought}
    own = {field.path: field for name, found in brought.items() for field in _own_demand(name, found, scale[name])}
    contacts = [
        field
        for name, found in brought.items()
        for field in _contacts(name, found, scale[name], _shares(said.get(("channels", name, "mix"))))
    ]
    return [*(own.get(field.path, field) for field in fields), *_curve(fit), *contacts]


def assumed_fields(fit: OrdersFit) -> list[SourcedField]:
    """A scenario of orders alone: which contacts they bring, on one live channel, is an assumption."""
    channel = fit.wishes.channel
    (topic,) = DEFAULT_TOPICS
    first, last = working_day(fit.counts.step)
    is_open = np.arange(7) < _WORKING_DAYS
    hours = str(WeeklyHours(tuple((Window(first, last),) if day else () for day in is_open.tolist())))
    table, contacts, group = ("channels", channel), ("orders", "contacts", channel), ("groups", f"{channel}-team"[:60])
    told = "assumption: the history has no contacts"
    orders = np.array([day.value for day in fit.volume.weekdays]) * fit.volume.per_week.value
    of_day = ASSUMED_PER_ORDER * comes_on(orders, np.array(shares_by_day(ASSUMED_DELAY)), is_open)
    step = fit.counts.step
    clock = np.arange(0, DAY, step)
    rate = np.outer(of_day, (clock >= first) & (clock < last)) / (last - first)
    (staffing,) = staffing_tables(
        agents_for_target(rate, ASSUMED_HANDLING, ASSUMED_PATIENCE, fit.wishes)[np.newaxis], step
    )
    return [
        *_curve(fit),
        SourcedField((*contacts, "topic"), topic),
        SourcedField((*contacts, "per_order"), ASSUMED_PER_ORDER, told),
        SourcedField((*contacts, "delay"), _delay(ASSUMED_DELAY.mean, ASSUMED_DELAY.cv), told),
        SourcedField((*contacts, "channels"), {channel: "100 %"}, told),
        SourcedField((*table, "kind"), "live", told),
        SourcedField((*table, "hours"), hours, told),
        SourcedField((*table, "handling_time"), time_words(ASSUMED_HANDLING), told),
        SourcedField((*table, "patience"), time_words(ASSUMED_PATIENCE), told),
        target_field(table, fit.wishes),
        SourcedField(
            (*table, "busyness", "day_cv"),
            share_words(fit.volume.day_cv.value),
            "assumption: days differ as those of the orders do; "
            + source_words("orders by day", fit.volume.day_cv, "share"),
        ),
        SourcedField(
            (*group, "staffing"),
            staffing,
            "assumption: as many as Erlang A asks for the target with the assumed contacts",
        ),
        SourcedField((*group, "skills", channel), {}),
    ]


def comes_on(orders: Floats, shares: Floats, is_open: NDArray[np.bool_]) -> Floats:
    """[weekday] Contacts in a week like all others, if each order brings one.

    Parameters
    ----------
    orders
        [weekday] Placed.
    shares
        [days later] Share of contacts.
    is_open
        [weekday] Days on which contacts come; those of others come on the next of these.
    """
    brought = np.zeros(7)
    for later, share in enumerate(shares.tolist()):
        brought += share * np.roll(orders, later)
    came = np.zeros(7)
    for day, contacts in enumerate(brought.tolist()):
        came[next(place % 7 for place in range(day, day + 7) if is_open[place % 7])] += contacts
    return came


def _curve(fit: OrdersFit) -> Iterator[SourcedField]:
    table = ("orders", "curve")
    told = f"{fit.orders:,} orders of {fit.counts.dates[0]} to {fit.last_day}"
    told += f"; {fit.cancelled:,} cancelled are left out" if fit.cancelled else ""
    told += f"; days differ by {share_words(fit.volume.day_cv.value)} beyond chance, which the curve does not say"
    yield SourcedField(table, None, told)
    yield from demand_fields(table, fit.volume, open_slots(fit.volume), fit.counts.step, what="orders")


def _first_attempts(said: Mapping[tuple[str, ...], object], channel: str, counted: ChannelCounts) -> float:
    """Share of the contacts that the scenario's demand has: those who come again are told by themselves."""
    per_week = said["channels", channel, "demand", "per_week"]
    assert isinstance(per_week, int | float)
    return float(per_week) / counted.volume.per_week.value


def _own_demand(channel: str, found: OrderContacts, scale: float) -> list[SourcedField]:
    """Level and weekdays of the contacts that no order brings; the weekdays are as they were where there are none."""
    own = np.maximum(found.own, 0.0)
    demand = ("channels", channel, "demand")
    told = f"contacts by day less those that orders bring, {found.per_order.count:,} days; {found.per_order.method}"
    fields = [SourcedField((*demand, "per_week"), whole(scale * float(own.sum())), told)]
    if own.any():
        shares = zip(WEEKDAYS, (own / own.sum()).tolist(), strict=True)
        weights = {name: rounded(1000 * share) for name, share in shares if share}
        fields.append(SourcedField((*demand, "weekdays"), weights, told))
    return fields


def _shares(mix: object) -> dict[str, float]:
    """Topic -> share of a channel's contacts, as its mix says."""
    if not isinstance(mix, dict):
        return dict.fromkeys(DEFAULT_TOPICS, 1.0)
    return {topic: float(str(share).removesuffix("%")) / 100.0 for topic, share in mix.items()}


def _contacts(channel: str, found: OrderContacts, scale: float, shares: Mapping[str, float]) -> Iterator[SourcedField]:
    """What orders bring to a channel: on each of its topics, by the mix, for a log does not tell about which order."""
    names = field_names([f"{channel} {topic}" for topic in shares], "contacts")
    for topic, share in shares.items():
        name = names[f"{channel} {topic}"] if len(shares) > 1 else channel
        table = ("orders", "contacts", name)
        part, whole_ = scale * share, found.per_order
        per_order = replace(whole_, value=part * whole_.value, low=part * whole_.low, high=part * whole_.high)
        told = source_words(f"orders and contacts of {channel} by day", per_order, "number")
        told += f"; together they explain {share_words(found.explained)} of what days differ by"
        told += f"; {share_words(share)} of all is the topic's share of the channel" if len(shares) > 1 else ""
        yield SourcedField((*table, "topic"), topic)
        yield SourcedField((*table, "per_order"), rounded(per_order.value), told, interval_words(per_order, "number"))
        told = source_words("the same, a gamma delay", found.delay, "time")
        told += f"; cv {interval_words(found.cv, 'number')}"
        delay = _delay(found.delay.value, found.cv.value)
        yield SourcedField((*table, "delay"), delay, told, interval_words(found.delay, "time"))
        yield SourcedField((*table, "channels"), {channel: "100 %"})


def _delay(mean: float, cv: float) -> dict[str, object]:
    return {"mean": time_words(mean), "distribution": "gamma", "cv": rounded(cv)}
