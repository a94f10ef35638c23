"""What customers do beside making contact: give up and come again, need more, take a callback, or leave without a sign.

Part of the frozen description of a scenario (`model`); the units are those told there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.scenario.model import Distribution


@dataclass(frozen=True, slots=True)
class Return:
    """Who makes contact again after something has happened, where and when."""

    share: tuple[float, ...]
    """Share of customers who do so after the first attempt, the second and so on; the last holds for all later ones."""
    channels: tuple[tuple[int, float], ...]
    """Channels on which they come, each with the share that takes it; shares add up to 1."""
    delay: Distribution
    """Time until then."""
    waits_for_opening: bool
    """Whether those who would find that channel closed come soon after it opens instead."""
    topic: int | None = None
    """Their topic then; None: the same."""
    handling_factor: float = 1.0
    """Multiplies the handling time of that contact."""


@dataclass(frozen=True, slots=True)
class Returns:
    """What may follow a contact of one topic on one channel."""

    redial: Return | None = None
    """After an attempt in vain."""
    bounce: Return | None = None
    """After one that the bot contained."""
    repeat: Return | None = None
    """After one that was served; its share is 1 less the first-contact resolution by agents of quality 1."""
    hand_on: Return | None = None
    """After one that was served, which goes on elsewhere; then it is not repeated."""
    chaser: Return | None = None
    """When a deferred one is late; the delay counts from the due time."""


@dataclass(frozen=True, slots=True)
class Told:
    """Customers hear how long they will wait."""

    tolerance: Distribution | None
    """Told more, they balk; None: nobody does."""
    patience_factor: float
    """Multiplies the patience of those who stay."""


@dataclass(frozen=True, slots=True)
class Callback:
    """Customers are offered a call instead of a wait."""

    offered_from: float
    """Expected wait in seconds from which it is offered."""
    taken: float
    """Share of those offered who take it."""
    reached: float
    """Probability that a call finds the customer, at each try."""
    tries: int
    """Calls at most."""
    retry_after: Distribution
    """Time from a call in vain to the next."""
    ringing: float
    """Seconds of an agent's work on a call that finds nobody."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Customers who give up waiting without a sign."""

    share: float
    """Share of customers who, when they give up, leave without a sign."""
    time_out: float
    """Seconds of work until an agent who takes such a contact is sure that nobody is there."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A channel is down for a while: closed, and its bot off."""

    name: str
    channel: int
    start: float
    """Seconds from the start of the horizon; on an interval's boundary."""
    end: float
    """The same."""
    back: Return | None
    """Of the customers whose first attempt meets the outage: those who come back to this channel when it returns."""
    switch: Return | None
    """Those who go to other channels. The rest is lost."""
