"""The tables of a contract file about what is billed by the unit, and at which rates."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from pydantic import Field

from simulator.scenario.contract import BY_CONTACTS, PER, BilledUnit
from simulator.scenario.contract_fields import Change, Priced, Rate, money_at
from simulator.scenario.errors import Problem
from simulator.scenario.fields import Amount, Date, Hours, Name, Number, Text
from simulator.scenario.table import Table
from simulator.scenario.units import exact, format_money

if TYPE_CHECKING:
    from collections.abc import Iterator


class BaseTable(Table):
    """The base block: units of every month that are paid whether they are used or not."""

    units: Number = Field(description="Units of a whole month.", examples=[1200])
    rate: Rate | None = Field(default=None, description="Price of one of them. Default: as price says.")
    price: Amount | None = Field(default=None, description="Price of all of them. Default: as rate says.")

    @property
    def block_price(self) -> Decimal:
        """Of all of them, whichever way the file says it."""
        if self.rate is not None:
            return exact(self.rate.amount) * exact(self.units)
        assert self.price is not None
        return exact(self.price.amount)

    def findings(self) -> Iterator[Problem]:
        """Something is in it, and it has one price."""
        if self.units == 0:
            yield Problem("A block of no units is none; leave base out.", ("units",), 0)
        if self.rate is None and self.price is None:
            yield Problem("This field is missing: say the rate of a unit, or the price of the whole block.", ("rate",))
        if self.rate is not None and self.price is not None:
            yield Problem("Say either the rate of a unit or the price of the whole block, not both.", ("price",))


class BurstTable(Table):
    """A tier of burst: what a unit costs above a threshold within a month."""

    above: Number = Field(description="Units of a whole month from which on it holds, those of the base block counted.")
    up_to: Number | None = Field(
        default=None, description="Where it ends: where the next tier begins. Default: there, or nowhere."
    )
    rate: Rate = Field(description="Price of a unit.")


class TimeRateTable(Table):
    """What a unit costs more, or less, at some hours of the week."""

    title: Text | None = Field(
        default=None, description="Name on the invoice. Default: the name, with a capital letter."
    )
    hours: Hours = Field(
        description="When it holds; past midnight the night belongs to the day it starts on.",
        examples=["daily 22:00-06:00", "holidays 00:00-24:00"],
    )
    rate: Change = Field(description="Added to the rate: a share of the line's rate, or money.")


class PeakTable(Table):
    """What a unit costs more, or less, on some dates."""

    title: Text | None = Field(
        default=None, description="Name on the invoice. Default: the name, with a capital letter."
    )
    first: Date = Field(description="First day.")
    last: Date = Field(description="Last day.")
    hours: Hours | None = Field(default=None, description="Hours of those days on which it holds. Default: all.")
    rate: Change = Field(description="Added to the rate: a share of the line's rate, or money.")

    def findings(self) -> Iterator[Problem]:
        """The end is not before the beginning."""
        if self.last < self.first:
            yield Problem(f"The peak begins on {self.first}; it cannot end before.", ("last",), self.last)


class LineTable(Table):
    """One thing that is billed by the unit; a contract may have several."""

    title: Text | None = Field(
        default=None, description="Name on the invoice. Default: the name, with a capital letter."
    )
    unit: BilledUnit = Field(description="What is counted.")
    groups: list[Name] | None = Field(
        default=None,
        min_length=1,
        description="Groups whose hours or heads are billed; only for logged hours and FTE-months. Default: all.",
    )
    channels: list[Name] | None = Field(
        default=None,
        min_length=1,
        description="Channels whose contacts are billed; only for minutes and contacts. Default: all.",
    )
    base: BaseTable | None = Field(default=None, description="Base block. Default: none.")
    rate: Rate | None = Field(
        default=None,
        description=(
            "Price of a unit beyond the base block, up to the first tier of burst. Default: none, where burst begins "
            "at the end of the base block."
        ),
    )
    burst: dict[Name, BurstTable] = Field(
        default={},
        max_length=50,
        description="Tiers of burst within a month, name = table. Default: none.",
        examples=[{"first": {"above": 1600, "rate": "34 EUR/h"}}],
    )
    times: dict[Name, TimeRateTable] = Field(
        default={},
        max_length=50,
        description=(
            "Night, weekend and holiday rates, name = table; of several that hold at a moment, the dearest does. "
            "Default: none."
        ),
    )
    peaks: dict[Name, PeakTable] = Field(
        default={},
        max_length=50,
        description=(
            "Peak rates by date, name = table, on top of those by hours; of several that hold, the dearest does. "
            "Default: none."
        ),
    )
    languages: dict[Name, Change] = Field(
        default={},
        max_length=50,
        description=(
            "Added to the rate of units in a language (a class of customers, or the language of a group), on top of "
            "all else. Default: none; a language that the ledger names is then refused."
        ),
        examples=[{"sv": "+15 %"}],
    )

    def findings(self) -> Iterator[Problem]:
        """Each unit that may be used has one rate, in the unit that is billed."""
        for path, money in self.amounts():
            if money.per is not None and money.per != PER[self.unit]:
                per = PER[self.unit]
                message = f'The line bills the {self.unit}; its prices are per {per}, as in "1 {money.currency}/{per}".'
                yield Problem(message, path, format_money(money))
        if self.groups is not None and self.unit in BY_CONTACTS:
            yield Problem(f"A line billed by the {self.unit} goes by channels, not by groups.", ("groups",))
        if self.channels is not None and self.unit not in BY_CONTACTS:
            yield Problem(f"A line billed by the {self.unit} goes by groups, not by channels.", ("channels",))
        yield from self._gaps()
        if self.unit == "FTE-month":
            if self.times:
                message = (
                    "A full-time equivalent is of a month, not of hours; night and weekend rates need logged hours."
                )
                yield Problem(message, ("times",))
            for name, peak in self.peaks.items():
                if peak.hours is not None:
                    yield Problem("A full-time equivalent is of a day, not of hours.", ("peaks", name, "hours"))

    @property
    def tiers(self) -> list[tuple[str, BurstTable]]:
        """The tiers of burst with their names, from the lowest up."""
        return sorted(self.burst.items(), key=lambda item: item[1].above)

    def _gaps(self) -> Iterator[Problem]:
        """Units without a rate, or with two."""
        block = 0.0 if self.base is None else self.base.units
        tiers = self.tiers
        if self.rate is None and not tiers:
            beyond = "" if self.base is None else f" beyond the base block of {block:g}"
            yield Problem(f"This field is missing: units{beyond} have no rate. Say rate, burst, or both.", ("rate",))
        for name, tier in tiers:
            if tier.above < block:
                message = f"The tier overlaps the base block, which has the units up to {block:g}."
                yield Problem(message, ("burst", name, "above"), tier.above)
            if tier.up_to is not None and tier.up_to <= tier.above:
                message = f"The tier begins above {tier.above:g}; it must end higher."
                yield Problem(message, ("burst", name, "up_to"), tier.up_to)
        if tiers and self.rate is None and (lowest := tiers[0][1].above) > block:
            message = (
                f"Units {block:g} to {lowest:g} of a month have no rate: say rate, or let burst begin above {block:g}."
            )
            yield Problem(message, ("rate",))
        if tiers and self.rate is not None and tiers[0][1].above == block:
            message = f"The rate would hold for no unit: burst begins above {block:g}, at the end of the base block."
            yield Problem(message, ("rate",), format_money(self.rate))
        for (before, one), (after, other) in pairwise(tiers):
            if other.above == one.above:
                message = f"The tiers {before} and {after} overlap: both begin above {one.above:g}."
                yield Problem(message, ("burst", after, "above"), other.above)
            elif one.up_to is not None and one.up_to > other.above:
                message = f"The tier overlaps {after}, which begins above {other.above:g}."
                yield Problem(message, ("burst", before, "up_to"), one.up_to)
            elif one.up_to is not None and one.above < one.up_to < other.above:
                message = f"Units {one.up_to:g} to {other.above:g} of a month have no rate."
                yield Problem(message, ("burst", before, "up_to"), one.up_to)
        if tiers and tiers[-1][1].up_to is not None:
            name, last = tiers[-1]
            message = f"Units above {last.up_to:g} of a month have no rate; the last tier has no end."
            yield Problem(message, ("burst", name, "up_to"), last.up_to)

    def amounts(self) -> Iterator[Priced]:
        """Every sum of money with its path from here."""
        if self.base is not None:
            yield from money_at(("base", "rate"), self.base.rate)
            yield from money_at(("base", "price"), self.base.price)
        yield from money_at(("rate",), self.rate)
        for name, tier in self.burst.items():
            yield ("burst", name, "rate"), tier.rate
        for section, rates in (("times", self.times), ("peaks", self.peaks)):
            for name, rate in rates.items():
                yield from money_at((section, name, "rate"), rate.rate)
        for name, change in self.languages.items():
            yield from money_at(("languages", name), change)
