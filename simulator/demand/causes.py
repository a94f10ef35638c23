"""Where the contacts come from (D7): the share of each campaign, by day, channel and topic.

Expected contacts are (own + brought by orders) x volume factors + pushed. They are told apart in two steps.

1. Orders first. A day's orders are the base orders and what each campaign on orders adds; both bring their contacts,
   with their delays, so the later waves of a campaign are its own.
2. Then contacts. On top of all these come those that campaigns on contacts add, and the pushed ones.

Where several campaigns multiply each other, each has a part in proportion to the logarithm of its factor, moment by
moment (`campaigns.shares_of_increase`). What a campaign takes away counts as negative. Everything adds up to the
expected contacts, without a rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.demand.campaigns import base_factors, moments, pushed_before, shares_of_increase, volume_effect
from simulator.demand.expected import expected_of
from simulator.demand.orders import brought_by_day, order_days
from simulator.demand.rates import own_contacts, shapes_of_days

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.demand.orders import OrderDays
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

Through = Literal["", "contacts", "orders"]
BASE = "base"


@dataclass(frozen=True, slots=True)
class Causes:
    """Expected contacts by cause; the base comes first."""

    names: tuple[str, ...]
    """[cause] Of a campaign or named day; "base" for what comes without any."""
    titles: tuple[str, ...]
    """[cause] For screens."""
    through: tuple[Through, ...]
    """[cause] What it acts on; empty for the base."""
    expected: Floats
    """[cause, channel, topic, day] Adds up over the causes to all expected contacts."""
    orders: Floats
    """[cause, day] Expected orders of the horizon's days, in the same way; 0 where there are no orders."""


def contacts_by_cause(scenario: Scenario) -> Causes:
    """Expected contacts of the horizon by what caused them, without busyness.

    Raises
    ------
    ValueError
        As `simulator.demand.expected_contacts`.
    """
    calendar = scenario.calendar
    day = np.asarray(calendar.day_of_interval)
    first = np.searchsorted(day, np.arange(calendar.days))
    titles = {each.name: each.title or each.name for each in scenario.volume_factors}
    titles |= {each.name: each.title for each in scenario.pushes}
    found: dict[tuple[str, Through], Floats] = {}
    orders = np.zeros((1, calendar.days))
    factor = base_factors(scenario)
    base = own_contacts(scenario) * factor
    found[BASE, ""] = np.add.reduceat(base, first, axis=2)
    if scenario.orders is not None:
        days = order_days(scenario, scenario.orders)
        orders = _within_horizon(days, calendar.days)
        brought = brought_by_day(scenario, scenario.orders, days)
        shapes = np.stack([shapes_of_days(channel, calendar) for channel in scenario.channels])[:, None] * factor
        arriving = brought.sum(axis=0)[:, :, day] * shapes
        brought = brought * np.add.reduceat(shapes, first, axis=2)
        found[BASE, ""] += brought[0]
        for cause, name in enumerate(days.causes[1:], 1):
            found[name, "orders"] = brought[cause]
        base += arriving
    factors = [each for each in scenario.volume_factors if not each.on_orders and not each.not_open]
    if factors:
        # The factors that act on a contact type depend on it; types with the same ones share a computation.
        when = moments(factors, calendar.edges)
        effects = [volume_effect(factor, when.at) for factor in factors]
        acting: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for c, t in np.argwhere(base.any(axis=2)).tolist():
            those = tuple(k for k, each in enumerate(factors) if c in each.channels and t in each.topics)
            acting.setdefault(those, []).append((c, t))
        for those, types in acting.items():
            parts = shares_of_increase([effects[k] for k in those])
            for k, part in zip(those, parts, strict=True):
                added = found.setdefault((factors[k].name, "contacts"), np.zeros_like(found[BASE, ""]))
                mean = when.mean(part)
                for c, t in types:
                    added[c, t] += np.add.reduceat(base[c, t] * mean, first)
    for push, contacts in expected_of(scenario).pushed:
        of_day = np.diff(pushed_before(push, calendar.day_edges))
        added = found.setdefault((push.name, "contacts"), np.zeros_like(found[BASE, ""]))
        added += contacts[:, :, None] * of_day
    kept = {key: value for key, value in found.items() if key[0] == BASE or value.any()}
    by_orders = np.zeros((len(kept), calendar.days))
    by_orders[0] = orders[0]
    for row, (name, through) in enumerate(kept):
        if through == "orders":
            by_orders[row] = orders[days.causes.index(name)]
    return Causes(
        names=tuple(name for name, _ in kept),
        titles=tuple(titles[name] if through else "Base" for name, through in kept),
        through=tuple(through for _, through in kept),
        expected=np.stack(list(kept.values())),
        orders=by_orders,
    )


def _within_horizon(days: OrderDays, length: int) -> Floats:
    return days.orders[:, -days.first : -days.first + length]
