"""The tables of the scenario file that say what moves contacts: announcements ahead and new channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from simulator.scenario.errors import Problem
from simulator.scenario.fields import Amount, LocalMoment, Name, Share, Text, as_written
from simulator.scenario.levers import lever
from simulator.scenario.table import Table
from simulator.scenario.time_tables import TimeField

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUNDING = 1e-9


class AnnouncementTable(Table):
    """An announcement ahead, such as "we expect a rush, please use the web form or call after two".

    Of the contacts of its window, reach x response respond: they stay away, come later or come on another channel, by
    the shares given; the rest of those who respond come all the same. A contact that would respond to several
    announcements or new channels responds to the first in the order of the file, announcements first.
    """

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    active: bool = Field(
        default=True, description="false: it is not made, and costs nothing.", json_schema_extra=lever(first=True)
    )
    start: LocalMoment = Field(description="First moment of the contacts concerned.")
    end: LocalMoment = Field(description='Moment of the end, after the start; "24:00" is allowed.')
    channels: list[Name] | None = Field(
        default=None, min_length=1, description="Channels concerned. Default: all but those in `to`."
    )
    topics: list[Name] | None = Field(default=None, min_length=1, description="Topics concerned. Default: all.")
    reach: Share = Field(description="Share of these customers who hear of it.", json_schema_extra=lever(first=True))
    response: Share = Field(description="Share of those who act on it.")
    avoided: Share = Field(default=as_written("0 %"), description="Share of those who act that stays away for good.")
    later: Share = Field(
        default=as_written("0 %"), description="Share of those who act that comes later, on the same channel."
    )
    delay: TimeField | None = Field(
        default=None, description="How much later. Default: later_from and later_until say it.", examples=["3 h"]
    )
    later_from: LocalMoment | None = Field(
        default=None, description="They come evenly from here, not before the end. Default: delay says it."
    )
    later_until: LocalMoment | None = Field(default=None, description="To here. Default: delay says it.")
    to: dict[Name, Share] = Field(
        default={},
        description="Shares of those who act that come on another channel instead, channel = share. Default: none.",
        examples=[{"form": "40 %"}],
    )
    cost: Amount | None = Field(default=None, description="What it costs, once. Default: 0.")

    def findings(self) -> Iterator[Problem]:
        """Time runs forward, and nobody does two things."""
        if self.end <= self.start:
            yield Problem(f"The end must be after the start, {self.start}.", ("end",), str(self.end))
        total = self.avoided + self.later + sum(self.to.values())
        if total > 1 + _ROUNDING:
            message = f"avoided, later and to add up to {100 * total:.6g} %; they may add up to 100 % at most."
            yield Problem(message, ("avoided",), self.avoided)
        for channel in self.to:
            if channel in (self.channels or ()):
                message = f"{channel} is one of the channels concerned; its contacts cannot move to where they are."
                yield Problem(message, ("to", channel), self.to[channel])
        yield from self._later()

    def _later(self) -> Iterator[Problem]:
        window = {"later_from": self.later_from, "later_until": self.later_until}
        given = [name for name, moment in window.items() if moment is not None]
        missing = [name for name, moment in window.items() if moment is None]
        if self.delay is not None and given:
            yield Problem("Either delay or later_from and later_until; leave one out.", ("delay",))
        elif len(given) == 1:
            yield Problem(f"{given[0]} needs {missing[0]} beside it.", (missing[0],))
        elif self.later > 0 and self.delay is None and not given:
            message = "Say how much later: give delay, or later_from and later_until."
            yield Problem(message, ("later",), self.later)
        if self.later_from is not None and self.later_from < self.end:
            message = f"Later is not before the end of the announcement, {self.end}."
            yield Problem(message, ("later_from",), str(self.later_from))
        if self.later_from is not None and self.later_until is not None and self.later_until <= self.later_from:
            yield Problem(f"It must be after later_from, {self.later_from}.", ("later_until",), str(self.later_until))


class OpeningTable(Table):
    """A channel that opens within the horizon, or that a variant opens: named after the channel.

    From its start on, shares of the contacts of other channels come on it instead; its own demand, which the channel
    says, begins with it too.
    """

    title: Text | None = Field(default=None, description="Name on screens. Default: the channel's.")
    active: bool = Field(
        default=True,
        description="false: it does not open; nothing moves or costs, and the channel has no contacts of its own.",
        json_schema_extra=lever(first=True),
    )
    start: LocalMoment | None = Field(default=None, description="First moment. Default: the start of the horizon.")
    moves: dict[Name, Share] = Field(
        default={},
        description="Shares of other channels' contacts that come on this one, channel = share. Default: none.",
        examples=[{"phone": "15 %"}],
    )
    topics: list[Name] | None = Field(
        default=None, min_length=1, description="Topics of the contacts that move. Default: all."
    )
    cost: Amount | None = Field(default=None, description="What opening it costs, once. Default: 0.")
