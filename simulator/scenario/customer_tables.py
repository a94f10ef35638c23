"""The tables of the scenario file that say what customers do beside making contact once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from simulator.scenario.errors import NO_VALUE, Problem
from simulator.scenario.fields import (
    Duration,
    Factor,
    LocalMoment,
    Name,
    PatienceFactor,
    Share,
    SharesByAttempt,
    Text,
    as_written,
)
from simulator.scenario.levers import lever, no_lever
from simulator.scenario.table import Table
from simulator.scenario.time_tables import PatienceField, TimeField

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ATTEMPTS = 20
_TOLERANCE = 0.001


class AgainTable(Table):
    """When and where customers make contact again."""

    delay: TimeField = Field(description="Time until then.", examples=["15 min"])
    to: dict[Name, Share] | None = Field(
        default=None,
        min_length=1,
        description="Channels they come on, channel = share, 100 % in all. Default: the same channel.",
        examples=[{"phone": "80 %", "chat": "20 %"}],
        json_schema_extra=no_lever("the shares add up to 100 %"),
    )

    def findings(self) -> Iterator[Problem]:
        """Everybody who comes again does so on some channel."""
        total = sum((self.to or {"": 1.0}).values())
        if abs(total - 1) > _TOLERANCE:
            yield Problem(f"The shares add up to {100 * total:.6g} %; they must add up to 100 %.", ("to",))


class ReturnTable(AgainTable):
    """When and where customers make contact again, opening hours in mind or not."""

    waits_for_opening: bool = Field(
        default=True,
        description="Whether who would find the channel closed comes after it opens instead.",
    )


class RedialTable(ReturnTable):
    """Who tries again after an attempt in vain; who does not is lost for good."""

    share: SharesByAttempt = Field(
        description=(
            "Share who try again. A list says it after the first attempt, the second and so on; "
            "its last share holds for all later ones."
        ),
        json_schema_extra=lever(first=True),
    )


class ResolvedTable(Table):
    """First-contact resolution of one topic."""

    resolved: Share = Field(description="Share of served contacts that settle the matter.")


class RepeatTable(ReturnTable):
    """First-contact resolution, and when and where customers come again whose matter is not settled."""

    resolved: Share = Field(
        description="Share of served contacts that settle the matter, where agents have learnt all they need.",
        json_schema_extra=lever(first=True),
    )
    topics: dict[Name, ResolvedTable] = Field(default={}, description="Topics that differ. Default: none.")


class HandOnTopicTable(Table):
    """One topic's share of contacts that are handed on."""

    share: Share = Field(description="Share of served contacts that go on elsewhere.")


class HandOnTable(Table):
    """Served contacts that go on elsewhere; they always do, and are not repeated besides."""

    share: Share = Field(description="Share of served contacts that go on elsewhere.")
    to: Name | None = Field(default=None, description="Channel on which they go on. Default: the same.")
    topic: Name | None = Field(
        default=None, description="Topic as which they go on, such as that of a second line. Default: the same."
    )
    delay: TimeField = Field(default=as_written("0 s"), description="Time until then.")
    waits_for_opening: bool = Field(
        default=True, description="Whether what would find the channel closed comes after it opens instead."
    )
    topics: dict[Name, HandOnTopicTable] = Field(default={}, description="Topics that differ. Default: none.")

    def findings(self) -> Iterator[Problem]:
        """Something has to be different where they go on."""
        if self.to is None and self.topic is None:
            yield Problem("Say where they go on: in `to` another channel, in `topic` another topic, or both.")


class BounceTable(ReturnTable):
    """Customers whom the bot has finished with, and who are not content."""

    share: Share = Field(description="Share of the contained who come again.")


class ChaserTable(AgainTable):
    """Customers who ask again because their message has not been answered by its due time."""

    share: Share = Field(description="Share who ask if the message is late.")
    delay: TimeField = Field(description="Time after the due time.", examples=["4 h"])
    handling_factor: Factor = Field(default=1, description="Multiplies the handling time of the contact that asks.")


class ToldTable(Table):
    """What customers make of the wait that they are told: that of the last who was answered."""

    tolerance: PatienceField = Field(
        default=as_written("infinite"), description="Wait that they put up with; told more, they leave at once."
    )
    patience_factor: PatienceFactor = Field(
        default=1,
        description="Multiplies the patience of those who stay; who knows the wait waits longer.",
        json_schema_extra=lever(0.05, 3),
    )


class CallbackTable(Table):
    """Customers are offered a call when a place in line comes up, instead of the wait."""

    offered_from: Duration = Field(
        description="Expected wait from which it is offered.",
        examples=["5 min"],
        json_schema_extra=lever("0 s", "30 min", first=True),
    )
    taken: Share = Field(description="Share of those offered who take it.", json_schema_extra=lever(first=True))
    reached: Share = Field(default=as_written("100 %"), description="Share of calls that find the customer.")
    tries: int = Field(default=2, ge=1, le=MOST_ATTEMPTS, description="Calls at most.")
    retry_after: TimeField = Field(
        default=as_written("30 min"), description="Time from a call that finds nobody to the next; waits for opening."
    )
    ringing: Duration = Field(default=as_written("30 s"), description="Agent's work on a call that finds nobody.")


class SilentTable(Table):
    """Customers who give up without a sign: the contact stays in line until an agent finds nobody there."""

    share: Share = Field(description="Share who leave so, of those who give up waiting.")
    time_out: Duration = Field(description="Agent's work until it is sure that nobody is there.", examples=["2 min"])


class CustomerClassTable(Table):
    """Customers who are treated otherwise, whatever they make contact about: VIPs, those who speak another language.

    Each enquiry is of one class, with all its attempts; whoever is in none of the file's is an ordinary customer.
    """

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    share: Share = Field(description="Share of enquiries.", examples=["5 %"])
    share_on: dict[Name, Share] = Field(
        default={},
        description=(
            "Channels on which it is another share, channel = share. The channel is that on which the enquiry would "
            "first come. Default: share on all channels."
        ),
    )
    priority_step: int = Field(
        default=0,
        ge=-1000,
        le=1000,
        description="Added to the priority of channel and topic: with -1 they come before others of that priority.",
    )
    handling_factor: Factor = Field(default=1, description="Multiplies the handling time.")
    patience_factor: PatienceFactor = Field(default=1, description="Multiplies the patience.")


class EnquiriesTable(Table):
    """All attempts that one need makes."""

    attempts: int = Field(
        default=5,
        ge=1,
        le=MOST_ATTEMPTS,
        description="Attempts of one enquiry at most, calls back and hand-ons counted too; then it ends as it is.",
    )
    after_opening: Duration = Field(
        default=as_written("1 h"),
        description="Time over which those spread who have found their channel closed and come after it opens.",
        json_schema_extra=lever("5 min", "4 h"),
    )
    handling_factor: Factor = Field(
        default=1,
        description=(
            "Multiplies the handling time of repeats and of what is handed on: below 1 where agents see what was said "
            "before, 1 where every contact starts from zero."
        ),
        json_schema_extra=lever(0.2, 2),
    )

    def findings(self) -> Iterator[Problem]:
        """There is no spreading over no time."""
        if self.after_opening == 0:
            yield Problem("It must be more than 0 s.", ("after_opening",), "0 s")


class OutageTable(Table):
    """A channel is down: closed, and its bot off. Who is in line then is treated as at closing time.

    Of the customers whose first attempt meets the outage, shares come back or switch and the others are lost. Later
    attempts that meet it are followed as if the channel were closed.
    """

    channel: Name = Field(description="Channel that is down.")
    start: LocalMoment = Field(description="First moment; it starts an interval.")
    end: LocalMoment = Field(description="Moment from which it works again; it starts an interval.")
    back: Share = Field(default=as_written("0 %"), description="Share who come back when it works again.")
    back_after: TimeField = Field(default=as_written("10 min"), description="Time from then to their coming.")
    switch: dict[Name, Share] = Field(
        default={}, description="Shares who go to other channels, channel = share. Default: nobody."
    )
    switch_after: TimeField = Field(default=as_written("0 s"), description="Time until they do.")

    def findings(self) -> Iterator[Problem]:
        """Time runs forward, and nobody does two things."""
        if self.end <= self.start:
            yield Problem(f"The end must be after the start, {self.start}.", ("end",), str(self.end))
        total = self.back + sum(self.switch.values())
        if total > 1 + _TOLERANCE:
            message = f"The shares of back and switch add up to {100 * total:.6g} %; at most 100 % are allowed."
            yield Problem(message, ("switch",) if self.switch else ("back",))
        if self.channel in self.switch:
            message = f"{self.channel} is the channel that is down; say in `back` who comes back to it."
            yield Problem(message, ("switch", self.channel), NO_VALUE)
