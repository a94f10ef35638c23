"""What a replication is judged by: the scenario's promises, prices and periods as plain arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.scenario.model import Costs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario, Target

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Period = Literal["interval", "hour", "day", "horizon"]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What the measures need to know of a scenario, by index of channel, group and interval."""

    edges: Floats
    """[interval + 1] Interval boundaries in seconds, rising from 0; the last one ends the horizon."""
    day: Ints
    """[interval] Local day that the interval belongs to, counted from 0."""
    topics: int
    """Number of topics."""
    live: Bools
    """[channel] Whether customers wait; otherwise they leave a message with a due time."""
    bot_on: Bools
    """[channel, interval] Whether the bot meets contacts that arrive."""
    targets: tuple[Target, ...]
    """[channel] The promise; the T of the formulas is its `within`."""
    short_abandon: Floats
    """[channel] Seconds: giving up sooner counts as short."""
    planned: Floats
    """[group, interval] Agent-seconds planned: absent agents too, and groups on call as if always called."""
    on_call: Bools
    """[group] Whether only those are paid who come; otherwise the planned presence is."""
    shrinkage: Floats
    """[group] Share of paid time not available for contacts."""
    cost_per_hour: Floats
    """[group] Price of a paid hour."""
    costs: Costs = field(default_factory=Costs)
    """Every other price, and what a lost order is worth."""
    escalated_handling: Mapping[tuple[int, int], float] = field(default_factory=dict)
    """What multiplies the work of contacts that the bot hands over, by channel and topic; 1 where nothing is said."""
    diversion_costs: float = 0.0
    """What announcements and new channels cost, once."""
    customer_classes: int = 1
    """Number of classes of customers."""

    @classmethod
    def of(cls, scenario: Scenario) -> Yardstick:
        """The yardstick of a scenario; make it once and use it for every replication."""
        calendar = scenario.calendar
        return cls(
            # Copies: the calendar's are read-only, which compiled code would take for another type.
            edges=np.array(calendar.edges, dtype=np.float64),
            day=np.array(calendar.day_of_interval, dtype=np.int64),
            topics=len(scenario.topics),
            live=np.array([channel.kind == "live" for channel in scenario.channels], dtype=np.bool_),
            bot_on=scenario.bot_on,
            targets=tuple(channel.target for channel in scenario.channels),
            short_abandon=np.array([channel.short_abandon for channel in scenario.channels], dtype=np.float64),
            planned=scenario.staffing * np.diff(calendar.edges),
            on_call=np.array([group.on_call is not None for group in scenario.groups], dtype=np.bool_),
            shrinkage=np.array([group.shrinkage for group in scenario.groups], dtype=np.float64),
            cost_per_hour=np.array([group.cost_per_hour for group in scenario.groups], dtype=np.float64),
            costs=scenario.costs,
            escalated_handling={
                (c, each.topic): each.escalated_handling
                for c, channel in enumerate(scenario.channels)
                for each in channel.types
                if each.escalated_handling != 1.0
            },
            customer_classes=len(scenario.customer_classes),
            diversion_costs=math.fsum(each.cost for each in scenario.diversions),
        )

    @property
    def horizon(self) -> float:
        """Seconds to the end of the last interval."""
        return float(self.edges[-1])

    @property
    def within(self) -> Floats:
        """[channel] Seconds that the target allows."""
        return np.array([target.within for target in self.targets], dtype=np.float64)

    @property
    def fixed_costs(self) -> float:
        """What is paid once for the horizon."""
        return math.fsum((*self.costs.fixed.values(), self.diversion_costs))

    @property
    def order_share(self) -> Floats:
        """[channel, topic] Share of enquiries that carry an order."""
        shares = np.zeros((len(self.live), self.topics))
        for (channel, topic), share in self.costs.order_share.items():
            shares[channel, topic] = share
        return shares

    @property
    def escalated_work(self) -> Floats:
        """[channel, topic] What multiplies the work of contacts that the bot hands over."""
        factors = np.ones((len(self.live), self.topics))
        for (channel, topic), factor in self.escalated_handling.items():
            factors[channel, topic] = factor
        return factors

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Numbers of channels, topics, groups and intervals."""
        return len(self.live), self.topics, len(self.shrinkage), len(self.day)

    def first_intervals(self, period: Period) -> Ints:
        """First interval of each period.

        An hour is 3,600 elapsed seconds of a local day, so that a day with a change of the clock has 23 or 25.
        """
        if period == "horizon":
            return np.zeros(1, dtype=np.int64)
        if period == "interval":
            return np.arange(len(self.day))
        new_day = np.concatenate(([True], self.day[1:] != self.day[:-1]))
        days = np.flatnonzero(new_day)
        if period == "day":
            return days
        start = self.edges[:-1]
        since_midnight = start - np.repeat(start[days], np.diff(days, append=len(self.day)))
        return np.flatnonzero(new_day | (np.diff(since_midnight // 3600, prepend=-1) != 0))

    def elapsed(self, period: Period) -> Floats:
        """Seconds from the start to the end of each period."""
        start = self.edges[self.first_intervals(period)]
        return np.diff(start, append=self.horizon)
