"""The scenario file, field by field: what may be written, in which unit, what it means, what it is if left out.

Pydantic checks a file against these tables; the JSON Schema for editors and the field table of scenarios/README.md
come from them too. What concerns one table alone is checked here, what concerns several in `checks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, Tag

from simulator.scenario.campaign_tables import CampaignTable, NamedDayTable
from simulator.scenario.channel_tables import MOST_SLOTS, ChannelTable
from simulator.scenario.cost_tables import CostsTable
from simulator.scenario.customer_tables import CustomerClassTable, EnquiriesTable, OutageTable
from simulator.scenario.demand_tables import by_file
from simulator.scenario.diversion_tables import AnnouncementTable, OpeningTable
from simulator.scenario.errors import Problem
from simulator.scenario.fields import (
    Currency,
    Date,
    Duration,
    ExtraByDatedWindow,
    HourlyCost,
    Name,
    Share,
    Speed,
    StaffingByHours,
    StaffingByWindow,
    Text,
    Uplift,
    as_written,
)
from simulator.scenario.group_tables import LearningTable, OnCallTable, ReadyAnswersTable
from simulator.scenario.levers import lever, section
from simulator.scenario.model import Employer
from simulator.scenario.order_tables import OrdersTable
from simulator.scenario.supplier_tables import SupplierTable
from simulator.scenario.table import Table
from simulator.scenario.uncertainty_table import UncertaintyTable
from simulator.scenario.units import DAY, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_HORIZON = 400
"""Days."""

DEFAULT_TOPICS = {"general": "General"}


class HorizonTable(Table):
    """The days of the run, and their grid."""

    start: Date = Field(description="First day; the horizon starts at its local midnight.")
    days: int = Field(ge=1, le=LONGEST_HORIZON, description="Number of days.", examples=[7])
    interval: Duration = Field(
        default=as_written("15 min"),
        description="Planning interval; it divides the day, and all hours start and end with one.",
    )
    timezone: Text = Field(default="Europe/Helsinki", description="Local time, by its IANA name.")
    holidays: Text = Field(
        default="FI",
        description='Public holidays: a two-letter country code, or "none".',
        examples=["FI", "SE", "none"],
    )
    subdivision: Text | None = Field(
        default=None, description='Part of the country with holidays of its own, such as "BY" of "DE". Default: none.'
    )
    extra_holidays: dict[Date, Text] = Field(default={}, description="Further holidays, date = name. Default: none.")
    not_holidays: list[Date] = Field(
        default=[], description="Public holidays that are ordinary days for this centre. Default: none."
    )

    def findings(self) -> Iterator[Problem]:
        """The intervals that make sense."""
        if self.interval < 60 or DAY % self.interval:
            message = "The interval must divide the day; allowed are, for example, 5, 10, 15, 30 or 60 min."
            yield Problem(message, ("interval",), format_duration(self.interval))


class SimulationTable(Table):
    """How much is simulated, unless the command line says otherwise."""

    replications: int = Field(default=20, ge=1, le=1_000_000, description="Number of random futures.")
    seed: int = Field(
        default=1, ge=0, le=2**63 - 1, description="Start of the random numbers: same seed, same customers."
    )


class SkillTable(Table):
    """Contacts that a group may serve."""

    channel: Name | None = Field(default=None, description="Channel. Default: the one that the skill is named after.")
    topics: list[Name] | None = Field(default=None, min_length=1, description="Topics. Default: all of the channel.")
    customers: list[Name] | None = Field(
        default=None,
        min_length=1,
        description="Classes of customers, ordinary among them. Default: all.",
        examples=[["vip", "ordinary"]],
    )
    level: int = Field(
        default=1,
        ge=1,
        le=100,
        description="Preference: a contact goes to the lowest level with a free agent.",
        json_schema_extra=lever(1, 5),
    )
    speed: Speed = Field(
        default=1, description="Work done in the time in which the usual agent does 1.", json_schema_extra=lever(0.2, 2)
    )
    overflow_after: Duration = Field(
        default=as_written("0 s"),
        description="Wait of a contact before this group may take it.",
        json_schema_extra=lever("0 s", "5 min", step="5 s", first="if written"),
    )
    slots: int | None = Field(
        default=None,
        ge=1,
        le=MOST_SLOTS,
        description="Contacts at once, at most the channel's. Default: the channel's.",
    )


class StaffingFileTable(Table):
    """Staffing from a CSV file: columns `time` (local date and time) and `agents`, a row for each interval.

    Rows may be further apart; then each holds for such a step. A clock time has no agents where a day has no row for
    it. A day of the horizon may only be missing if every channel that the group serves is closed on it.
    """

    file: Text = Field(description="Path of the CSV file, from the scenario file's folder or else the current one.")
    time_column: Text = Field(default="time", description="Column with the start of each step, as in 2026-11-23 08:15.")
    agents_column: Text = Field(default="agents", description="Column with the number of agents.")


Staffing = Annotated[
    Annotated[StaffingByHours, Tag("<table>")] | Annotated[StaffingFileTable, Tag("<file>")], Discriminator(by_file)
]


class GroupTable(Table):
    """Agents alike in skills, employer, speed and cost."""

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")
    employer: Employer = Field(default="in-house", description="Who employs them.")
    cost: HourlyCost | None = Field(
        default=None, description="Price of a paid hour. Default: 0.", json_schema_extra=section("costs")
    )
    staffing: Staffing = Field(
        description=(
            "Agents on duty, weekly hours = number; hours may not overlap, and outside of them nobody is on duty. "
            "Once a line names holidays, only such lines hold on public holidays."
        )
    )
    extra_agents: int = Field(
        default=0,
        ge=-100_000,
        le=100_000,
        description="Added to every interval with somebody on duty; never below 0.",
        json_schema_extra=lever(-10, 10, first=True, sibling="staffing"),
    )
    extra_in: ExtraByDatedWindow = Field(
        default={},
        description=(
            "Agents more or fewer in a window of one date, date and clock window = number, on duty or not otherwise; "
            "never below 0. Windows that overlap add up. Default: none."
        ),
        examples=[{"2026-11-27 10:00-14:00": 3}],
        json_schema_extra=lever(-10, 10, first=True, sibling="staffing"),
    )
    dates: dict[Date, StaffingByWindow] = Field(
        default={},
        description=(
            "Dates with a staffing of their own from midnight to midnight, clock window = number. Default: none."
        ),
    )
    skills: dict[Name, SkillTable] = Field(
        min_length=1, description="What the group may serve. Each channel, topic and class of customers once only."
    )
    on_call: OnCallTable | None = Field(
        default=None, description="Agents who come only when they are called. Default: they come as planned."
    )
    absence: Share = Field(
        default=as_written("0 %"),
        description=(
            "Share of planned agent-days lost to sickness and the like: each agent is away for the whole of a day with "
            "this probability. Paid all the same; what is in the shrinkage does not belong here."
        ),
        json_schema_extra=lever("0 %", "50 %", first=True),
    )
    shrinkage: Share = Field(
        default=as_written("0 %"),
        description="Share of paid time not available for contacts; below 100 %.",
        json_schema_extra=lever("0 %", "60 %", first=True),
    )
    reserve: int = Field(
        default=0, ge=0, le=100_000, description="Idle agents kept back for live work before deferred work is taken."
    )
    learning: LearningTable | None = Field(default=None, description="Beginners. Default: all is learnt.")

    def findings(self) -> Iterator[Problem]:
        """Somebody must be there some of the paid time."""
        if self.shrinkage >= 1:
            yield Problem("With 100 % nobody would ever be available; it must be below.", ("shrinkage",), "100 %")


class OverallTable(Table):
    """Changes of everything at once, on top of all other fields: for a look at another level of volume or work."""

    volume: Uplift = Field(
        default=as_written("+0 %"),
        description="Change of all demand: that of the channels, orders, and what pushes bring. Not the backlog.",
        json_schema_extra=lever("-50 %", "+100 %", step="1 %", first=True),
    )
    handling_time: Uplift = Field(
        default=as_written("+0 %"),
        description="Change of the handling time of every contact; above -100 %.",
        json_schema_extra=section("service", **lever("-50 %", "+100 %", step="1 %", first=True)),
    )

    def findings(self) -> Iterator[Problem]:
        """Some work is left."""
        if self.handling_time == 0:
            yield Problem("Some work is always left; it must be above -100 %.", ("handling_time",), "-100 %")


class BusynessTable(Table):
    """Busyness over all channels."""

    correlation: Share = Field(
        default=0, description="Correlation of the day factors of two channels that are equally variable."
    )
    day_to_day: Share = Field(
        default=0,
        description="Correlation of a channel's day factor with that of the next day; n days apart, about its power n.",
    )


class VariantTable(Table):
    """A what-if by name: besides title and lever, dotted paths in quotes with the values that they get.

    As in `"channels.chat.bot.containment" = "50 %"`.
    """

    model_config = ConfigDict(extra="allow")

    title: Text | None = Field(default=None, description="Name on screens. Default: the name, with a capital letter.")

    lever: bool = Field(
        default=True, description="Whether it is something you can do; false: something that may happen to you."
    )

    @property
    def as_written(self) -> dict[str, Any]:
        """Title and lever, if they are there, and each path with its value."""
        return self.model_dump(exclude_unset=True, exclude_none=True)


class Document(Table):
    """One case, complete."""

    title: Text | None = Field(default=None, description="Heading. Default: the file's name.")
    description: Text = Field(default="", description="What the case is about.")
    currency: Currency = Field(default="EUR", description="Three capital letters; a label only.")
    horizon: HorizonTable = Field(description="The days of the run, and their grid.")
    simulation: SimulationTable = Field(
        default=SimulationTable(), description="How much is simulated. Default: as its fields say."
    )
    topics: dict[Name, Text] = Field(
        default=DEFAULT_TOPICS,
        min_length=1,
        description="Why customers make contact, name = title. Default: one topic, general.",
    )
    overall: OverallTable = Field(
        default=OverallTable(),
        description="Changes of everything at once. Default: none.",
        json_schema_extra=section("demand"),
    )
    busyness: BusynessTable = Field(
        default=BusynessTable(),
        description="Busyness over all channels. Default: as its fields say.",
        json_schema_extra=section("demand"),
    )
    uncertainty: UncertaintyTable = Field(
        default=UncertaintyTable(),
        description="How wrong the forecast may be. Default: as its fields say.",
        json_schema_extra=section("demand"),
    )
    channels: dict[Name, ChannelTable] = Field(
        min_length=1, max_length=100, description="Ways in.", json_schema_extra=section("service")
    )
    orders: OrdersTable | None = Field(
        default=None, description="Orders that bring contacts. Default: none.", json_schema_extra=section("demand")
    )
    groups: dict[Name, GroupTable] = Field(
        min_length=1, max_length=200, description="Groups of agents.", json_schema_extra=section("agents")
    )
    day_factors: dict[Name, NamedDayTable] = Field(
        default={}, max_length=1000, description="Named days. Default: none.", json_schema_extra=section("demand")
    )
    campaigns: dict[Name, CampaignTable] = Field(
        default={}, max_length=1000, description="Campaigns. Default: none.", json_schema_extra=section("demand")
    )
    costs: CostsTable = Field(
        default=CostsTable(),
        description="What the centre pays beside its agents' hours, and what a lost order is worth. Default: nothing.",
        json_schema_extra=section("costs"),
    )
    # In no section of levers: it moves what contracts are worth, and nothing that is simulated.
    suppliers: dict[Name, SupplierTable] = Field(
        default={}, max_length=20, description="Outsourcers, and what their people cost them. Default: none."
    )
    ready_answers: dict[Name, ReadyAnswersTable] = Field(
        default={},
        max_length=100,
        description="What saves handling time. Default: none.",
        json_schema_extra=section("service"),
    )
    announcements: dict[Name, AnnouncementTable] = Field(
        default={},
        max_length=100,
        description="Announcements ahead. Default: none.",
        json_schema_extra=section("demand"),
    )
    openings: dict[Name, OpeningTable] = Field(
        default={},
        max_length=100,
        description="Channels that open, channel = table. Default: none.",
        json_schema_extra=section("demand"),
    )
    enquiries: EnquiriesTable = Field(
        default=EnquiriesTable(),
        description="All attempts that one need makes. Default: as its fields say.",
        json_schema_extra=section("customers"),
    )
    customers: dict[Name, CustomerClassTable] = Field(
        default={},
        max_length=20,
        description="Classes of customers. Default: all are ordinary.",
        json_schema_extra=section("customers"),
    )
    outages: dict[Name, OutageTable] = Field(
        default={},
        max_length=100,
        description="Channels out of order for a while. Default: none.",
        json_schema_extra=section("service"),
    )
    variants: dict[Name, VariantTable] = Field(default={}, max_length=200, description="Named what-ifs. Default: none.")
    sources: dict[str, Text] = Field(
        default={},
        description=(
            "Where figures come from: dotted path of a field or table = source, or the word assumption; "
            "* in a path stands for any one name. Default: none."
        ),
    )
