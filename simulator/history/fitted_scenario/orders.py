"""All fits to orders: how many are placed when, and which contacts of the history they bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from simulator.history.estimators.counts import counts_of_orders
from simulator.history.estimators.demand import FittedVolume, fit_demand
from simulator.history.estimators.order_delays import OrderContacts, fit_orders
from simulator.history.fitted_scenario.country import holidays_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.history.estimators.counts import Counts
    from simulator.history.fitted_scenario.calls import OnStage, Wishes
    from simulator.history.logs import Orders


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """What was counted of one channel of the scenario."""

    counts: Counts
    """One series."""
    volume: FittedVolume
    closes: bool
    """Whether days without a contact were closed: a live channel; messages can be left on any day."""


@dataclass(frozen=True, slots=True)
class OrdersFit:
    """Everything that was found in orders."""

    wishes: Wishes
    timezone: str
    counts: Counts
    """Orders that were not cancelled, one series."""
    volume: FittedVolume
    orders: int
    cancelled: int
    brought: Mapping[str, OrderContacts | None]
    """Channel of the scenario -> the contacts that orders bring to it; None: none that could be told from its own."""

    @property
    def last_day(self) -> date:
        """With an order."""
        return self.counts.dates[-1]


def fit_order_curve(
    orders: Orders, channels: Mapping[str, ChannelCounts], wishes: Wishes, on_stage: OnStage
) -> OrdersFit:
    """Fit everything that orders tell.

    Parameters
    ----------
    orders
        Two weeks of them at least.
    channels
        Name in the scenario -> its contacts; none: which contacts orders bring cannot be told.
    wishes
        What the scenario is to be like.
    on_stage
        Told what is being fitted.

    Raises
    ------
    ValueError
        If there is too little to fit.
    """
    on_stage("orders")
    counts = counts_of_orders(orders, wishes.interval)
    (volume,) = fit_demand(counts, holidays=holidays_of(wishes.holidays), interval=wishes.interval).volumes
    cancelled = int(orders.cancelled.sum())
    return OrdersFit(
        wishes=wishes,
        timezone=orders.timezone,
        counts=counts,
        volume=volume,
        orders=len(orders) - cancelled,
        cancelled=cancelled,
        brought={name: fit_orders(orders, each.counts, closes=each.closes) for name, each in channels.items()},
    )
