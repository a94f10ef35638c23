"""The tables of the scenario file that say how many orders come, and which contacts they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Discriminator, Field, Tag

from simulator.scenario.channel_tables import MIX_TOLERANCE
from simulator.scenario.delays import shares_by_day
from simulator.scenario.demand_tables import Profile, ProfileDemandTable, by_file
from simulator.scenario.errors import Problem
from simulator.scenario.fields import Factor, Name, Number, Share, Text
from simulator.scenario.levers import lever, no_lever
from simulator.scenario.orders import ClosedDays
from simulator.scenario.table import Table
from simulator.scenario.time_tables import TimeField, TimeTable, distribution_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALL_DAY: dict[str, float] = {"00:00": 1}


class OrderProfileTable(ProfileDemandTable):
    """Orders from a week's total, weekday weights and a time-of-day profile."""

    per_week: Number = Field(
        description="Expected orders in a week without holidays, named days and campaigns.",
        examples=[9000],
        json_schema_extra=lever(0, first=True),
    )
    time_of_day: Profile = Field(
        default=_ALL_DAY,
        description=(
            "Steps, clock time = weight, as in a channel's demand. They matter where a campaign on orders starts or "
            "ends within a day. Default: evenly through the day."
        ),
    )
    holiday_factor: Factor = Field(
        default=1, description="Multiplies the orders of a public holiday.", json_schema_extra=lever(0, 2)
    )


class OrderFileTable(Table):
    """Orders from a CSV file: a row for each day (2026-11-23) or for each time step (2026-11-23 08:15).

    Delays make orders of earlier days matter: the file must reach back before the horizon by the longest of them, and
    on after it by the longest time before an order; `ruuhka check` says which days it lacks.
    """

    file: Text = Field(
        description="Path of the CSV file, from the scenario file's folder or else the current one; may end in .gz."
    )
    use: Literal["typical week", "dated"] = Field(
        description=(
            "typical week: the file's days, averaged by weekday and time of day. dated: the file's dates are the "
            "horizon's own, and those before and after it."
        ),
        json_schema_extra=no_lever("it says how the file is read"),
    )
    time_column: Text = Field(default="time", description="Column with the day, or with the start of each step.")
    count_column: Text = Field(default="orders", description="Column with the number of orders.")
    scale: Factor = Field(default=1, description="Multiplies every count.", json_schema_extra=lever(0, 2, first=True))
    missing_days: Literal["refuse", "typical week"] = Field(
        default="refuse",
        description=(
            "What a dated file lacks: refuse, or typical week, an assumption: each such day has the mean of the file's "
            "days of the same weekday."
        ),
        json_schema_extra=no_lever("it says how the file is read"),
    )


OrderCurve = Annotated[
    Annotated[OrderProfileTable, Tag("<table>")] | Annotated[OrderFileTable, Tag("<file>")], Discriminator(by_file)
]


class OrderContactsTable(Table):
    """Contacts that orders bring: how many, when, and on which channels.

    They come day by day after (or before) the order's day, and within a day at the time of day at which the channel's
    own contacts come. An order may come at any moment of its day, so with a delay of half a day every second contact
    comes on the next day. The last 0.1 % of a delay come on the last day kept.
    """

    topic: Name | None = Field(default=None, description="Topic. Default: the one that this table is named after.")
    per_order: Number = Field(
        description="Contacts that an order brings on average, over all channels.",
        examples=[0.12],
        json_schema_extra=lever(first=True),
    )
    delay: TimeField | None = Field(
        default=None, description="Time from the order to the contact. Default: the same day.", examples=["3 d"]
    )
    lead: TimeField | None = Field(
        default=None, description="Time from the contact to the order, for questions before buying. Default: none."
    )
    channels: dict[Name, Share] = Field(
        min_length=1,
        description="Channels that they come to, channel = share, 100 % in all.",
        examples=[{"phone": "30 %", "chat": "70 %"}],
        json_schema_extra=no_lever("the shares add up to 100 %"),
    )
    closed_days: ClosedDays = Field(
        default="next open day",
        description=(
            "What those do who would come on a day on which a live channel is closed. next open day: they come then. "
            "other channels: they take those of these channels that are open, by their shares, or if there is none, "
            "wait for the next open day. same day: they come to closed doors. Messages are left on any day."
        ),
    )

    def findings(self) -> Iterator[Problem]:
        """One direction in time, and shares of one whole."""
        if self.delay is not None and self.lead is not None:
            yield Problem("A contact comes before the order or after it: give delay or lead, not both.", ("lead",))
        for name in ("delay", "lead"):
            time: TimeTable | None = getattr(self, name)
            try:
                shares_by_day(distribution_of(time)) if time else None
            except ValueError as error:
                yield Problem(str(error), (name,))
        total = sum(self.channels.values())
        if abs(total - 1) > MIX_TOLERANCE:
            yield Problem(f"The shares add up to {100 * total:.6g} %; they must add up to 100 %.", ("channels",))


class OrdersTable(Table):
    """Orders, and the contacts that they bring on top of the channels' own demand.

    How much days differ by chance is said by the channels' busyness; the orders themselves are expected numbers.
    """

    curve: OrderCurve = Field(description="How many orders come, day by day.")
    contacts: dict[Name, OrderContactsTable] = Field(
        min_length=1, max_length=1000, description="What they bring; named after its topic, or with a field topic."
    )
