"""The tables of the scenario file that change volumes for a while: named days, campaigns and their pushes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from simulator.scenario.errors import Problem
from simulator.scenario.fields import Date, Duration, Factor, LocalMoment, Name, Number, Share, Text, Uplift, as_written
from simulator.scenario.levers import lever, no_lever
from simulator.scenario.table import Table
from simulator.scenario.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

ActsOn = Literal["contacts", "orders"]

SHORTEST_HALF_LIFE = 60.0
"""Seconds."""
LONGEST_PUSH = 6 * 3600.0
"""Seconds: the longest half-life of a push, whose arrivals are told by the minute."""


class NamedDayTable(Table):
    """Named days, such as Black Friday: a factor on their volume, from midnight to midnight."""

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    dates: list[Date] = Field(
        min_length=1, description="The days. Those that act on orders may lie outside the horizon."
    )
    factor: Factor = Field(
        description="Multiplies the volume.", examples=[2.4, "+140 %"], json_schema_extra=lever(0, 4, first=True)
    )
    on: ActsOn = Field(
        default="contacts",
        description="Volume of what: contacts, or orders and through them all contacts that they bring.",
        json_schema_extra=no_lever("other fields go by it"),
    )
    channels: list[Name] | None = Field(default=None, min_length=1, description="Channels concerned. Default: all.")
    topics: list[Name] | None = Field(default=None, min_length=1, description="Topics concerned. Default: all.")

    def findings(self) -> Iterator[Problem]:
        """Orders have neither channel nor topic."""
        yield from no_channels_of_orders(self)


class PushTable(Table):
    """A message that goes out at one moment, such as a newsletter: a spike that halves again and again."""

    at: LocalMoment = Field(description="Moment at which it goes out.")
    extra: Number | None = Field(
        default=None,
        description=(
            "Contacts (or orders) that it brings in all, spread over the channels and topics concerned as the day's "
            "other contacts are. Default: share_of_day says it."
        ),
        examples=[300],
    )
    share_of_day: Share | None = Field(
        default=None,
        description=(
            "The same as a share of the day's contacts on each channel and topic, before campaigns on contacts (or of "
            "the day's orders before campaigns). Default: extra says it."
        ),
    )
    half_life: Duration = Field(
        default=as_written("20 min"), description="Time in which the spike falls to half; 1 min to 6 h."
    )

    def findings(self) -> Iterator[Problem]:
        """One size, and a spike that has a width."""
        if (self.extra is None) == (self.share_of_day is None):
            yield Problem("Say how much the push brings: one of extra and share_of_day.", ("extra",))
        yield from half_life_long_enough(self.half_life)
        if self.half_life > LONGEST_PUSH:
            message = "A push has a half-life of 6 h at most; what lasts longer is a campaign with a half_life."
            yield Problem(message, ("half_life",), format_duration(self.half_life))


class CampaignTable(Table):
    """A window of time with an uplift, and pushes: on contacts, or on orders and through them on what these bring.

    Its strength rises in a straight line over `ramp`, is full until `end`, and then halves every `half_life`.
    """

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    start: LocalMoment | None = Field(default=None, description="First moment. Default: pushes alone.")
    end: LocalMoment | None = Field(
        default=None,
        description='End of its full strength, after the start; "24:00" is allowed. Default: pushes alone.',
    )
    ramp: Duration = Field(
        default=as_written("0 s"),
        description="Time from the start to full strength, in a straight line.",
        json_schema_extra=lever(needs="start"),
    )
    half_life: Duration | None = Field(
        default=None,
        description=(
            "Time after the end in which the strength falls to half; 1 min or more. After ten of them it is over. "
            "Default: over at the end."
        ),
        json_schema_extra=lever("1 min", needs="start"),
    )
    on: ActsOn = Field(
        default="contacts",
        description="Volume of what: contacts, or orders and through them all contacts that they bring.",
        json_schema_extra=no_lever("other fields go by it"),
    )
    uplift: Uplift = Field(
        default=as_written("+0 %"),
        description="Change of the volume at full strength.",
        json_schema_extra=lever(first=True, needs="start"),
    )
    handling_time: Uplift = Field(
        default=as_written("+0 %"),
        description="Change of the handling time, at full strength, of first contacts that arrive while it acts.",
        json_schema_extra=lever(needs="start"),
    )
    pushes: list[PushTable] = Field(default=[], max_length=1000, description="Messages that go out. Default: none.")
    channels: list[Name] | None = Field(default=None, min_length=1, description="Channels concerned. Default: all.")
    topics: list[Name] | None = Field(default=None, min_length=1, description="Topics concerned. Default: all.")

    def findings(self) -> Iterator[Problem]:
        """Time runs forward, and something happens."""
        acts = self.uplift != 1 or self.handling_time != 1 or "uplift" in self.model_fields_set
        shaped = acts or self.ramp or self.half_life is not None or not self.pushes
        for name in ("start", "end"):
            if getattr(self, name) is None and (shaped or self.start or self.end):
                yield Problem("This field is missing: a campaign with an uplift has a start and an end.", (name,))
        if not acts and not self.pushes:
            yield Problem(
                "This field is missing: without uplift, handling_time or pushes nothing happens.", ("uplift",)
            )
        if self.start and self.end and self.end <= self.start:
            yield Problem(f"The end must be after the start, {self.start}.", ("end",), str(self.end))
        if self.half_life is not None:
            yield from half_life_long_enough(self.half_life)
        if self.handling_time == 1:
            yield from no_channels_of_orders(self)


def no_channels_of_orders(table: NamedDayTable | CampaignTable) -> Iterator[Problem]:
    """Find a choice of channels or topics where it means nothing."""
    for name in ("channels", "topics"):
        if table.on == "orders" and getattr(table, name) is not None:
            message = (
                'With on = "orders" all contacts that orders bring are concerned; leave this out '
                "(it may say whose handling_time changes)."
            )
            yield Problem(message, (name,))


def half_life_long_enough(half_life: float) -> Iterator[Problem]:
    """Find what would be over before anybody noticed."""
    if half_life < SHORTEST_HALF_LIFE:
        yield Problem("A half-life must be 1 min or longer.", ("half_life",), format_duration(half_life))
