"""How many contacts to expect (D1), from all sources: own demand and orders, named days and campaigns, and pushes.

expected = (own + brought by orders) x volume factors + pushed
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.demand.campaigns import base_factors, pushed_before, volume_factors
from simulator.demand.diverted_rates import diverted
from simulator.demand.forecast import fixed_forecast_factors
from simulator.demand.orders import brought_contacts
from simulator.demand.rates import own_contacts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Push, Scenario

    Floats = NDArray[np.float64]

_PIECES = 60
"""An interval that a push falls into is cut into so many pieces, each with arrivals at one rate."""


class Pushed(NamedTuple):
    """What a push on contacts brings."""

    push: Push
    contacts: Floats
    """[channel, topic] Expected contacts in all, those after the horizon included."""


class Expected(NamedTuple):
    """Expected contacts without busyness, and where in their intervals they come."""

    steady: Floats
    """[channel, topic, interval] Those that come evenly through the interval: all but the pushed ones."""
    pushed: tuple[Pushed, ...]
    edges: Floats
    """[interval + 1]"""

    @property
    def contacts(self) -> Floats:
        """[channel, topic, interval] All of them."""
        if not self.pushed:
            return self.steady
        expected = self.steady.copy()
        for push, contacts in self.pushed:
            expected += contacts[:, :, None] * np.diff(pushed_before(push, self.edges))
        return expected

    def uneven(self) -> tuple[NDArray[np.int64], Floats]:
        """Intervals in which pushed contacts come, and at which of their pieces all contacts of theirs have come.

        Returns
        -------
        [uneven]
            The intervals.
        [channel, topic, uneven, piece + 1]
            Share of the interval's contacts that have come before each piece ends, from 0 to 1; nan for contact types
            that no push brings anybody of.
        """
        touched = [np.flatnonzero(np.diff(pushed_before(push, self.edges))) for push, _ in self.pushed]
        intervals = np.unique(np.concatenate(touched)) if touched else np.empty(0, dtype=np.int64)
        along = np.linspace(0.0, 1.0, _PIECES + 1)
        start, length = self.edges[intervals], np.diff(self.edges)[intervals]
        at = start[:, None] + along * length[:, None]
        come = self.steady[:, :, intervals, None] * along
        for push, contacts in self.pushed:
            share = pushed_before(push, at)
            come = come + contacts[:, :, None, None] * (share - share[:, :1])
        whole = np.where((come > self.steady[:, :, intervals, None] * along).any(axis=3), come[..., -1], np.nan)
        return intervals, come / whole[..., None]


def expected_contacts(scenario: Scenario) -> Floats:
    """[channel, topic, interval] Expected contacts of all sources as they come: after announcements, before busyness.

    Raises
    ------
    ValueError
        If a volume file lacks a day on which its channel is open, an order file one that matters, or a time-of-day
        profile has no weight.
    """
    expected = expected_of(scenario).contacts
    return diverted(expected, scenario) if scenario.diversions else expected


def expected_of(scenario: Scenario) -> Expected:
    """Expected contacts, steady and pushed, as if nothing were announced and no channel opened.

    Raises
    ------
    ValueError
        As `expected_contacts`.
    """
    before_campaigns = own_contacts(scenario)
    brought = brought_contacts(scenario)
    if brought is not None:
        before_campaigns += brought
    before_campaigns *= base_factors(scenario)
    pushes = [push for push in scenario.pushes if not push.on_orders]
    pushed = tuple(Pushed(push, _brought_by(push, scenario, before_campaigns)) for push in pushes)
    return Expected(before_campaigns * volume_factors(scenario), pushed, scenario.calendar.edges)


def _brought_by(push: Push, scenario: Scenario, before_campaigns: Floats) -> Floats:
    """[channel, topic] What a push brings: like the day's contacts where these are expected, else evenly by type."""
    calendar = scenario.calendar
    day = int(np.searchsorted(calendar.day_edges, push.at, side="right")) - 1
    of_day = before_campaigns[:, :, np.asarray(calendar.day_of_interval) == day].sum(axis=2)
    concerned = np.zeros_like(of_day)
    for c in push.channels:
        for kind in scenario.channels[c].types:
            concerned[c, kind.topic] = float(kind.topic in push.topics)
    base: Floats = of_day * concerned
    if push.of_day:
        return np.asarray(push.amount * base)
    if not base.any():
        base = concerned
    total = base.sum()
    band = fixed_forecast_factors(scenario.uncertainty, calendar.days)
    amount = push.amount if band is None else push.amount * band[day]
    return np.asarray(amount * base / total) if total else base
