"""Orders, and the contacts they bring: frozen and plain, as `model` is for the rest of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from simulator.scenario.calendar import Calendar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from simulator.scenario.model import Channel, HistoryDemand, ProfileDemand

ClosedDays = Literal["next open day", "other channels", "same day"]

_INTERVAL = 900
"""Seconds: the grid on which orders are told; a day's orders are what counts."""
_LONGEST_CLOSED = 31
"""Days that customers of a closed channel wait at most for its next open one."""


@dataclass(frozen=True, slots=True)
class OrderContacts:
    """Contacts on one topic that orders bring, before or after the order."""

    name: str
    topic: int
    per_order: float
    """Contacts per order, over all channels."""
    channels: tuple[tuple[int, float], ...]
    """Channels with their shares, which add up to 1."""
    shares_by_day: tuple[float, ...]
    """[days] Share that comes so many days from the order's day; adds up to 1."""
    before: bool
    """Whether these days lie before the order."""
    closed_days: ClosedDays
    """What those do who would come on a day on which a live channel is closed."""

    @property
    def mean_days(self) -> float:
        """Mean of the days between order and contact."""
        return sum(days * share for days, share in enumerate(self.shares_by_day))


@dataclass(frozen=True, slots=True)
class Orders:
    """How many orders come on which day, and what they bring."""

    curve: ProfileDemand | HistoryDemand
    """Counts orders, not contacts."""
    fill: bool
    """Days that a dated file lacks have the mean of its days of the same weekday."""
    contacts: tuple[OrderContacts, ...]

    def brought_to(self, channel: int) -> dict[int, float]:
        """Topic -> contacts per order on a channel."""
        brought: dict[int, float] = {}
        for each in self.contacts:
            share = dict(each.channels).get(channel, 0.0)
            if share * each.per_order > 0:
                brought[each.topic] = brought.get(each.topic, 0.0) + share * each.per_order
        return brought

    def calendar(self, horizon: Calendar, channels: Sequence[Channel]) -> Calendar:
        """The days whose orders bring contacts within the horizon.

        They start as many days before it as the longest delay has (more, where a channel is closed just before the
        horizon), and end as many days after it as the longest time before an order.

        Raises
        ------
        ValueError
            If the calendar does not reach so far.
        """
        reach = [(len(each.shares_by_day) - 1, each.before) for each in self.contacts]
        first = self.first_contacts(horizon, channels) - max((days for days, before in reach if not before), default=0)
        last = max((days for days, before in reach if before), default=0)
        days = horizon.days - first + last
        start = horizon.date_of_day[0] + timedelta(days=first)
        return Calendar(horizon.timezone, start, days, _INTERVAL, horizon.holidays)

    def first_contacts(self, horizon: Calendar, channels: Sequence[Channel]) -> int:
        """The earliest day, 0 or negative, whose contacts may come within the horizon: closed days wait for it."""
        return -max((closed_before(c, horizon, channels) for c in self._waiting()), default=0)

    def _waiting(self) -> set[int]:
        """Channels to which customers may come on the next open day."""
        return {channel for each in self.contacts if each.closed_days != "same day" for channel, _ in each.channels}


def closed_before(channel: int, horizon: Calendar, channels: Sequence[Channel]) -> int:
    """How many days in a row just before the horizon a channel takes nobody."""
    start = horizon.date_of_day[0]
    for days in range(_LONGEST_CLOSED):
        if takes_contacts(channels[channel], start - timedelta(days=days + 1), horizon):
            return days
    return _LONGEST_CLOSED


def takes_contacts(channel: Channel, day: date, horizon: Calendar) -> bool:
    """Whether customers can come on a day: a message can be left at any time, a live channel must open."""
    if channel.kind == "deferred":
        return True
    return bool(channel.hours.windows(day.weekday(), day in horizon.holidays.between(day, day)))
