"""Orders day by day (D2), and the contacts that they bring (D3, D4), before any randomness."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.demand.campaigns import moments, pushed_before, shares_of_increase, volume_effect
from simulator.demand.rates import from_profile, history_by_day, place_of_interval, shapes_of_days
from simulator.scenario.model import ProfileDemand
from simulator.scenario.orders import takes_contacts
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Scenario
    from simulator.scenario.orders import OrderContacts, Orders

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class OrderDays(NamedTuple):
    """Expected orders on the days that matter, told apart by what caused them."""

    calendar: Calendar
    """From the longest delay before the horizon to the longest lead after it."""
    first: int
    """Its first day, counted from the horizon's: 0 or negative."""
    causes: tuple[str, ...]
    """Names of campaigns and named days on orders; "" stands for all other orders, and comes first."""
    orders: Floats
    """[cause, day] They add up to all orders; what a campaign takes away counts as negative."""


def order_days(scenario: Scenario, orders: Orders) -> OrderDays:
    """Expected orders by day and cause.

    Raises
    ------
    ValueError
        If the order file lacks a day.
    """
    calendar = orders.calendar(scenario.calendar, scenario.channels)
    base = _base(orders, calendar)
    day = np.asarray(calendar.day_of_interval)
    edges = calendar.edges + scenario.calendar.seconds_at(calendar.start, 0)
    factors = [factor for factor in scenario.volume_factors if factor.on_orders]
    pushes = [push for push in scenario.pushes if push.on_orders]
    causes = tuple(dict.fromkeys(["", *(each.name for each in factors), *(each.name for each in pushes)]))
    by_cause = np.zeros((len(causes), calendar.days))
    by_cause[0] = np.bincount(day, base, minlength=calendar.days)
    when = moments(factors, edges)
    parts = shares_of_increase([volume_effect(factor, when.at) for factor in factors])
    for factor, part in zip(factors, parts, strict=True):
        by_cause[causes.index(factor.name)] += np.bincount(day, base * when.mean(part), minlength=calendar.days)
    for push in pushes:
        comes = np.diff(pushed_before(push, edges))
        there = np.flatnonzero(comes)
        if len(there):
            whole = push.amount * (by_cause[0, day[there[0]]] if push.of_day else 1.0)
            by_cause[causes.index(push.name)] += np.bincount(day, whole * comes, minlength=calendar.days)
    return OrderDays(calendar, -(scenario.calendar.start - calendar.start).days, causes, by_cause)


def _base(orders: Orders, calendar: Calendar) -> Floats:
    """[interval] Orders without campaigns."""
    curve = orders.curve
    if isinstance(curve, ProfileDemand):
        return from_profile(curve, calendar)
    of_day, known = history_by_day(curve, calendar)
    if orders.fill and not known.all():
        typical, also_known = history_by_day(curve, calendar, by_weekday=True)
        of_day[~known], known = typical[~known], known | also_known
    if not known.all():
        first = calendar.date_of_day[int(np.flatnonzero(~known)[0])]
        msg = f"{curve.source} has no orders for {first}, which bring contacts within the horizon."
        raise ValueError(msg)
    day = np.asarray(calendar.day_of_interval)
    base = of_day[day, 0, place_of_interval(calendar)]
    if curve.step < DAY:
        return np.asarray(base)
    # A row is a whole day, whether that has 23, 24 or 25 hours.
    hours = np.bincount(day, base)
    return np.asarray(base * (of_day[:, 0].sum(axis=1) / np.where(hours > 0, hours, 1.0))[day])


def brought_by_day(scenario: Scenario, orders: Orders, days: OrderDays) -> Floats:
    """[cause, channel, topic, day] Expected contacts that orders bring on each day of the horizon."""
    horizon = scenario.calendar
    brought = np.zeros((len(days.causes), len(scenario.channels), len(scenario.topics), horizon.days))
    first = orders.first_contacts(horizon, scenario.channels)
    is_open = np.array([_open_days(scenario, c, first) for c in range(len(scenario.channels))])
    is_there = np.array([_days_there(scenario, c, first) for c in range(len(scenario.channels))])
    landing = [_landing_days(each, first) for each in is_open]
    for row in orders.contacts:
        contacts = _convolved(row, days, first, horizon.days)
        channels = [c for c, _ in row.channels]
        share = np.array([share for _, share in row.channels])[:, None] * np.ones(horizon.days - first)
        if not is_there[channels].all():
            share = _of_those_that(is_there[channels], share)
        if row.closed_days == "other channels":
            share = _of_those_that(is_open[channels], share)
        for place, c in enumerate(channels):
            lands = np.arange(first, horizon.days) if row.closed_days == "same day" else landing[c]
            within = (lands >= 0) & (lands < horizon.days)
            for cause, of_day in enumerate(contacts * share[place]):
                brought[cause, c, row.topic] += np.bincount(lands[within], of_day[within], minlength=horizon.days)
    return brought


def _of_those_that(take: Bools, share: Floats) -> Floats:
    """[channel, day] The shares of channels that do not take contacts on a day, given to those that do, if any does."""
    there = np.where(take, share, 0.0)
    total = there.sum(axis=0)
    return np.where(total > 0, there / np.where(total > 0, total, 1.0), share)


def _convolved(row: OrderContacts, days: OrderDays, first: int, end: int) -> Floats:
    """[cause, day] Contacts from day `first` of the horizon to before day `end`: orders with their shares by day."""
    contacts = np.zeros((len(days.causes), end - first))
    for lag, share in enumerate(row.shares_by_day):
        shift = first - days.first + (lag if row.before else -lag)
        contacts += row.per_order * share * days.orders[:, shift : shift + end - first]
    return contacts


def _days_there(scenario: Scenario, c: int, first: int) -> Bools:
    """[day] Whether a channel has opened for the first time (D10) by the start of the day, from day `first` on."""
    opens = scenario.opens.get(c, -np.inf)
    before = np.full(-first, opens == -np.inf)
    return np.concatenate((before, scenario.calendar.day_edges[:-1] >= opens))


def _open_days(scenario: Scenario, c: int, first: int) -> Bools:
    """[day] Whether a channel takes contacts, from day `first` of the horizon on."""
    horizon = scenario.calendar
    dates = (horizon.start + timedelta(days=day) for day in range(first, horizon.days))
    return np.array([takes_contacts(scenario.channels[c], day, horizon) for day in dates])


def _landing_days(is_open: Bools, first: int) -> Ints:
    """[day] From day `first` on: that day, or the next on which the channel takes contacts."""
    end = first + len(is_open)
    own = np.where(is_open, np.arange(first, end), end)
    return np.minimum.accumulate(own[::-1])[::-1]


def brought_contacts(scenario: Scenario) -> Floats | None:
    """[channel, topic, interval] Expected contacts that orders bring; None if the scenario has no orders."""
    if scenario.orders is None:
        return None
    by_day = brought_by_day(scenario, scenario.orders, order_days(scenario, scenario.orders)).sum(axis=0)
    day = np.asarray(scenario.calendar.day_of_interval)
    brought = by_day[:, :, day]
    for c in range(len(scenario.channels)):
        if by_day[c].any():
            brought[c] *= shapes_of_days(scenario.channels[c], scenario.calendar)
    return np.asarray(brought)
