"""The tables of the scenario file that describe a channel: its rules, its contacts, its bot, its target."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from simulator.scenario.customer_tables import (
    BounceTable,
    CallbackTable,
    ChaserTable,
    HandOnTable,
    RedialTable,
    RepeatTable,
    SilentTable,
    ToldTable,
)
from simulator.scenario.demand_tables import ChannelBusynessTable, Demand, FileDemandTable
from simulator.scenario.errors import Problem
from simulator.scenario.fields import Duration, Factor, Hours, Name, PatienceFactor, Share, Speed, Text, as_written
from simulator.scenario.levers import lever, no_lever, section
from simulator.scenario.model import ChannelKind, Closing, ServiceLevelDefinition, TargetPeriod
from simulator.scenario.table import Table
from simulator.scenario.time_tables import PatienceField, TimeField

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SLOTS = 20

MIX_TOLERANCE = 0.001


class BotTopicTable(Table):
    """The bot on one topic."""

    share: Share | None = Field(
        default=None, description="Share of these contacts that meet the bot. Default: the bot's."
    )
    containment: Share | None = Field(
        default=None, description="Share of those that the bot finishes. Default: the bot's."
    )
    refused: Share | None = Field(
        default=None, description="Share of those who are to meet the bot and will not. Default: the bot's."
    )
    escalated_handling: Factor | None = Field(
        default=None, description="Multiplies the handling time of what the bot hands over. Default: the bot's."
    )
    escalated_patience: PatienceFactor | None = Field(
        default=None, description="Multiplies the patience of those it hands over. Default: the bot's."
    )
    bounce: Share | None = Field(
        default=None, description="Share of the contained who come again. Default: that of the bot's bounce table."
    )


class BotTable(Table):
    """The automatic first stage of a channel."""

    share: Share = Field(
        default=as_written("100 %"),
        description="Share of contacts that meet the bot while it is on.",
        json_schema_extra=lever(first=True),
    )
    containment: Share = Field(
        description="Share of those that the bot finishes; no agent sees them.", json_schema_extra=lever(first=True)
    )
    time: TimeField = Field(description="Time in the bot, contained or not.", examples=["90 s"])
    hours: Hours | None = Field(default=None, description="When the bot is on. Default: the channel's hours.")
    refused: Share = Field(
        default=as_written("0 %"),
        description="Share of those who are to meet the bot and will not: they go straight to the agents' queue.",
        json_schema_extra=lever(first=True),
    )
    capacity: int | None = Field(
        default=None,
        ge=0,
        le=1_000_000,
        description="Contacts it can hold at once; others go straight to the agents' queue. Default: any number.",
        json_schema_extra=lever(0, 200, first=True),
    )
    escalated_handling: Factor = Field(
        default=1, description="Multiplies the handling time of what the bot hands over to the agents."
    )
    escalated_patience: PatienceFactor = Field(
        default=1,
        description="Multiplies the patience of those it hands over; people resent having been kept.",
        json_schema_extra=lever(0.05, 2),
    )
    bounce: BounceTable | None = Field(
        default=None,
        description="Contained contacts that come again. Default: none do.",
        json_schema_extra=section("customers"),
    )
    topics: dict[Name, BotTopicTable] = Field(
        default={}, description="Topics with figures of their own. Default: none."
    )

    def findings(self) -> Iterator[Problem]:
        """Who comes again does so at some time, which the bounce table says."""
        for name, topic in self.topics.items():
            if topic.bounce is not None and self.bounce is None:
                message = "The bot has no bounce table, which says when and where they come again."
                yield Problem(message, ("topics", name, "bounce"), f"{100 * topic.bounce:g} %")


class TargetTable(Table):
    """The promise that the channel is judged by."""

    answered: Share = Field(description="Share of contacts to be answered (deferred: finished) in time.")
    within: Duration = Field(description="That time: the wait for an agent; deferred: until the contact is finished.")
    definition: ServiceLevelDefinition = Field(
        default="offered",
        description=(
            "What is counted. offered: answered in time, of all offered. offered less abandoned within: of all but "
            "those who gave up within that time. answered: of all answered. abandoned within as met: those who gave up "
            "within that time count as in time. short abandons as met: of those, only misdials. Live channels only."
        ),
        json_schema_extra=no_lever("it says how the target is counted"),
    )
    per: TargetPeriod = Field(
        default="day",
        description="Period whose contacts are judged together.",
        json_schema_extra=no_lever("it says how the target is counted"),
    )
    counting: Literal["all hours", "open hours"] = Field(
        default="all hours",
        description="Hours that count towards `within`. Deferred channels only.",
        json_schema_extra=no_lever("it says how the target is counted"),
    )


class BacklogTable(Table):
    """Deferred contacts that wait already when the horizon starts."""

    contacts: int = Field(ge=0, le=1_000_000, description="How many.", examples=[300])
    oldest: Duration = Field(description="Age of the oldest; the others are spread evenly up to the start.")


class ChannelTopicTable(Table):
    """One topic on one channel, where it differs from the others."""

    handling_time: TimeField | None = Field(default=None, description="Its handling time. Default: the channel's.")
    patience: PatienceField | None = Field(
        default=None, description="Its patience. Live channels only. Default: the channel's."
    )
    priority: int | None = Field(
        default=None, ge=1, le=1000, description="Its priority. Default: the channel's.", json_schema_extra=lever(1, 10)
    )


class ChannelTable(Table):
    """A way in, and the rules on it."""

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    kind: ChannelKind = Field(
        description=(
            "live: the customer waits and may give up; deferred: the customer leaves a message with a due time."
        ),
        json_schema_extra=no_lever("the kind says which other fields there are"),
    )
    hours: Hours = Field(
        description=(
            "Live: when the agents' queue takes contacts. Deferred: the open hours of the target. "
            "Hours that do not name holidays treat them like other days."
        ),
        json_schema_extra=lever(first=True),
    )
    closing: Closing = Field(
        default="drain",
        description="Who waits at closing time is still served (drain) or not (cut). Live channels only.",
        json_schema_extra=lever(only={"kind": "live"}),
    )
    priority: int = Field(
        default=1, ge=1, le=1000, description="Agents take the lowest number first.", json_schema_extra=lever(1, 10)
    )
    slots: int = Field(
        default=1,
        ge=1,
        le=MOST_SLOTS,
        description="Contacts of this channel that an agent may hold at once.",
        json_schema_extra=lever(1, 6, first=True, sibling="slot_speed", only={"interruptible": False}),
    )
    slot_speed: list[Speed] | None = Field(
        default=None,
        description=(
            "Speed of each contact when the agent holds 1, 2, ... of them; never rising. One for each slot at least. "
            "Default: always 1."
        ),
        examples=[[1, 0.85, 0.7]],
    )
    interruptible: bool = Field(
        default=False,
        description="Agents may put this work aside for a live contact. Deferred channels with one slot only.",
        json_schema_extra=lever(only={"kind": "deferred"}),
    )
    handling_time: TimeField = Field(
        description="Agent's work on a contact at speed 1, with no other in hand.",
        json_schema_extra=lever("10 s", first=True),
    )
    patience: PatienceField | None = Field(
        default=None,
        description="Wait after which the customer gives up. Default: none if deferred; a live channel needs it.",
        json_schema_extra=section("customers", **lever("10 s", "20 min", first=True)),
    )
    short_abandon: Duration = Field(
        default=as_written("5 s"),
        description="Giving up sooner counts as a misdial. Live channels only.",
        json_schema_extra=no_lever("it says what is counted as a misdial"),
    )
    target: TargetTable = Field(description="The promise that the channel is judged by.")
    mix: dict[Name, Share] | None = Field(
        default=None,
        description=(
            "Topics of the contacts, topic = share, 100 % in all; topics left out do not occur. "
            "Default: the only topic there is, or what a volume file with topics says. "
            "Topics that orders bring need not be here."
        ),
        examples=[{"product": "60 %", "return": "40 %"}],
        json_schema_extra=no_lever("the shares add up to 100 %"),
    )
    topics: dict[Name, ChannelTopicTable] = Field(default={}, description="Topics that differ. Default: none.")
    demand: Demand | None = Field(
        default=None,
        description=(
            "Volume of contacts, on top of those that orders bring; these come at the same time of day (without a "
            "demand, evenly through the open hours). Default: no contacts."
        ),
        json_schema_extra=section("demand"),
    )
    busyness: ChannelBusynessTable = Field(
        default=ChannelBusynessTable(),
        description="How much busy days and intervals differ from others alike. Default: as its fields say.",
        json_schema_extra=section("demand"),
    )
    bot: BotTable | None = Field(
        default=None, description="Automatic first stage. Default: none.", json_schema_extra=section("bot")
    )
    backlog: BacklogTable | None = Field(
        default=None,
        description="What waits when the horizon starts. Deferred channels only. Default: nothing.",
        json_schema_extra=section("demand"),
    )

    redial: RedialTable | None = Field(
        default=None,
        description="Who was lost (gave up, found it closed, was cut, balked) and tries again. Default: nobody.",
        json_schema_extra=section("customers"),
    )
    repeat: RepeatTable | None = Field(
        default=None,
        description="First-contact resolution, and who comes again. Default: everything is resolved.",
        json_schema_extra=section("customers"),
    )
    hand_on: HandOnTable | None = Field(
        default=None, description="Served contacts that go on elsewhere: second line, e-mail. Default: none."
    )
    chaser: ChaserTable | None = Field(
        default=None,
        description="Who asks again when a message is late. Deferred channels only. Default: nobody.",
        json_schema_extra=section("customers"),
    )
    told: ToldTable | None = Field(
        default=None,
        description="Customers hear how long they will wait. Live channels only. Default: they do not.",
        json_schema_extra=section("customers"),
    )
    callback: CallbackTable | None = Field(
        default=None, description="A call back instead of a long wait. Live channels only. Default: not offered."
    )
    silent: SilentTable | None = Field(
        default=None,
        description="Who gives up without a sign (chat). Live channels only. Default: nobody.",
        json_schema_extra=section("customers"),
    )

    def findings(self) -> Iterator[Problem]:
        """What the kind of channel allows, and what has to fit within the channel."""
        yield from self._of_the_other_kind()
        if self.kind == "live" and self.patience is None:
            message = (
                'This field is missing: a live channel needs it. Write "infinite" for customers who never give up.'
            )
            yield Problem(message, ("patience",))
        yield from self._slots()
        yield from self._mix()
        if not isinstance(self.demand, FileDemandTable):
            for name, instead in (
                ("day_cv", "a number, such as 0.12"),
                ("interval_cv", "a number, such as 0.12"),
                ("interval_memory", 'a length of time, such as "5 h"'),
            ):
                if getattr(self.busyness, name) == "from file":
                    message = f"The channel's demand is not from a file; write {instead}."
                    yield Problem(message, ("busyness", name), "from file")

    def _of_the_other_kind(self) -> Iterator[Problem]:
        wrong: list[tuple[str, ...]]
        if self.kind == "live":
            wrong = [("backlog",)] if self.backlog else []
            wrong += [("interruptible",)] if self.interruptible else []
            wrong += [("chaser",)] if self.chaser else []
            wrong += [("target", "counting")] if "counting" in self.target.model_fields_set else []
        else:
            names = ("closing", "patience", "short_abandon")
            wrong = [(name,) for name in names if name in self.model_fields_set]
            wrong += [("topics", name, "patience") for name, topic in self.topics.items() if topic.patience]
            wrong += [(name,) for name in ("redial", "told", "callback", "silent") if getattr(self, name)]
            wrong += [("target", "definition")] if "definition" in self.target.model_fields_set else []
        other = "deferred" if self.kind == "live" else "live"
        for field in wrong:
            yield Problem(f"Only {other} channels have this field; this one is {self.kind}. Leave it out.", field)

    def _slots(self) -> Iterator[Problem]:
        speeds = self.slot_speed
        if self.interruptible and self.slots > 1:
            message = f"Work can be put aside on a channel with one slot only; this one has {self.slots}."
            yield Problem(message, ("interruptible",), True)
        if speeds is None:
            return
        if len(speeds) < self.slots:
            message = f"There must be a speed for each slot: {self.slots}, not {len(speeds)}."
            yield Problem(message, ("slot_speed",), speeds)
        if any(later > earlier for earlier, later in pairwise(speeds)):
            message = "More contacts in hand cannot make each go faster; write speeds that do not rise."
            yield Problem(message, ("slot_speed",), speeds)

    def _mix(self) -> Iterator[Problem]:
        if isinstance(self.demand, FileDemandTable) and self.demand.topic_column is not None:
            if self.mix is not None:
                message = "The volume file has a topic column, which says the mix; leave one of the two out."
                yield Problem(message, ("mix",))
            return
        if self.mix is None:
            return
        total = sum(self.mix.values())
        if abs(total - 1) > MIX_TOLERANCE:
            yield Problem(f"The shares add up to {100 * total:.6g} %; they must add up to 100 %.", ("mix",))
