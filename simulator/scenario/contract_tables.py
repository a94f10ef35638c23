"""The tables of a contract file, each checked by itself; `contract_file` reads them."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from simulator.scenario.contract import (
    BY_CONTACTS,
    PER,
    BilledUnit,
    ContractDefinition,
    ContractPeriod,
    PartMonths,
    Relief,
    RoundingRule,
    Term,
)
from simulator.scenario.errors import Problem, shown
from simulator.scenario.fields import Amount, Currency, Date, Duration, Hours, Name, Number, Share, Text, as_written
from simulator.scenario.table import Table
from simulator.scenario.units import Money, exact, format_money, format_share, parse_factor, parse_money, parse_share

if TYPE_CHECKING:
    from collections.abc import Iterator

_TERM = re.compile(r"([0-9]{1,4})\s*(months?|wk|weeks?|d|days?)")
_LONGEST_TERM = 3650
_RATES = tuple(dict.fromkeys(PER.values()))
_RATES_ALLOWED = "27 EUR/h, 3600 EUR/FTE-month, 0.55 EUR/min, 3.20 EUR/contact or 4.10 EUR/resolved contact"

Priced = tuple[tuple[str, ...], Money]
"""A sum of money with its path from the table that holds it."""


def _term(value: object) -> Term:
    parts = _TERM.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None:
        msg = f'{shown(value)} is not a term: write calendar months, weeks or days, as in "3 months", "6 wk" or "30 d".'
        raise ValueError(msg)
    number, unit = int(parts[1]), parts[2]
    days = number * {"m": 30, "w": 7, "d": 1}[unit[0]]
    if days > _LONGEST_TERM:
        msg = f"{shown(value)} is too long; ten years are the longest allowed."
        raise ValueError(msg)
    return Term(months=number) if unit[0] == "m" else Term(days=days)


def _rate(value: object) -> Money:
    money = parse_money(value)
    if money.per not in _RATES:
        msg = f"{shown(value)} is not the price of a billed unit: write it as in {_RATES_ALLOWED}."
        raise ValueError(msg)
    return money


def _change(value: object) -> Decimal | Money:
    """A change of a rate: a share with its sign, or money by unit."""
    if isinstance(value, str) and value.strip().endswith("%"):
        if value.strip()[0] not in "+-":
            msg = f'{shown(value)} is not a change: write it with its sign, "+30 %" for more or "-10 %" for less.'
            raise ValueError(msg)
        return exact(parse_factor(value)) - 1
    money = parse_money(value, allow_negative=True)
    if money.per not in _RATES:
        msg = f'{shown(value)} is not a change of a rate: write "+30 %", with its sign, or money by unit, "6 EUR/h".'
        raise ValueError(msg)
    return money


def _more_or_less(value: object) -> Decimal:
    change = _change(value)
    if isinstance(change, Money):
        msg = f'{shown(value)} is not a share: write the change with its sign, as in "+20 %".'
        raise ValueError(msg)
    return change


def _share_or_money(value: object) -> Decimal | Money:
    if isinstance(value, str) and not value.strip().endswith("%"):
        money = parse_money(value)
        if money.per is not None:
            msg = (
                f'{shown(value)} is a price; write a share of the charges, as in "5 %", or an amount, as in "500 EUR".'
            )
            raise ValueError(msg)
        return money
    return exact(parse_share(value))


def _agent_fee(value: object) -> Money:
    money = parse_money(value)
    if money.per != "agent":
        msg = f'{shown(value)} is not a price by agent: write it with "/agent", as in "600 EUR/agent".'
        raise ValueError(msg)
    return money


def _schema(unit: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "unit": unit, "examples": list(examples)})


Length = Annotated[Term, PlainValidator(_term), _schema("months, weeks or days", "3 months", "6 wk")]
Rate = Annotated[Money, PlainValidator(_rate), _schema("money per billed unit", "27 EUR/h", "3.20 EUR/contact")]
Change = Annotated[
    Decimal | Money, PlainValidator(_change), _schema("change, or money per billed unit", "+30 %", "6 EUR/h")
]
MoreOrLess = Annotated[Decimal, PlainValidator(_more_or_less), _schema("change", "+20 %")]
_share_or_money_schema: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "number", "minimum": 0, "maximum": 1}],
    "unit": "share, or money",
    "examples": ["5 %", "500 EUR"],
}
ShareOrAmount = Annotated[Decimal | Money, PlainValidator(_share_or_money), WithJsonSchema(_share_or_money_schema)]
AgentFee = Annotated[Money, PlainValidator(_agent_fee), _schema("money per agent", "600 EUR/agent")]


def _money(path: tuple[str, ...], value: object) -> Iterator[Priced]:
    if isinstance(value, Money):
        yield path, value


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
            yield from _money(("base", "rate"), self.base.rate)
            yield from _money(("base", "price"), self.base.price)
        yield from _money(("rate",), self.rate)
        for name, tier in self.burst.items():
            yield ("burst", name, "rate"), tier.rate
        for section, rates in (("times", self.times), ("peaks", self.peaks)):
            for name, rate in rates.items():
                yield from _money((section, name, "rate"), rate.rate)
        for name, change in self.languages.items():
            yield from _money(("languages", name), change)


class BillingTable(Table):
    """How a calendar month is settled."""

    minimum: Amount | None = Field(
        default=None,
        description=(
            "Minimum billing: the least that the charges of a month come to, fees, bonus and malus left out. "
            "Default: none."
        ),
    )
    maximum: Amount | None = Field(
        default=None, description="The most that the charges of a month come to: not to be exceeded. Default: none."
    )
    part_months: PartMonths = Field(
        default="by day",
        description=(
            "Whether base blocks, thresholds, minimum and maximum of a month that is only partly billed go by its "
            "days, or count in full."
        ),
    )
    round_to: Amount | None = Field(
        default=None,
        description="The total of each month's invoice is rounded to this, once. Default: 0.01 of the currency.",
    )
    rounding: RoundingRule = Field(
        default="half up", description="Which way; up is away from zero, and so is half up in a tie."
    )

    def findings(self) -> Iterator[Problem]:
        """The floor is not above the ceiling, and the step of rounding is one."""
        if self.minimum is not None and self.maximum is not None and self.minimum.amount > self.maximum.amount:
            message = f"The floor is above the ceiling: the maximum is {format_money(self.maximum)}."
            yield Problem(message, ("minimum",), format_money(self.minimum))
        if self.round_to is not None and self.round_to.amount == 0:
            message = 'Nothing can be rounded to 0; write the smallest sum, as in "0.01 EUR".'
            yield Problem(message, ("round_to",), format_money(self.round_to))


class EngagementTable(Table):
    """How long the shop is bound: base blocks and minimum billing are owed that long, used or not."""

    minimum: Length | None = Field(default=None, description="Minimum engagement, from the first day. Default: none.")
    notice: Length | None = Field(
        default=None, description="Ramp-down notice: they are owed for so long after it was given. Default: none."
    )


class FeesTable(Table):
    """What is paid beside the charges; not in minimum, maximum, bonus, malus and caps."""

    set_up: Amount | None = Field(default=None, description="Once, on the first day of the engagement. Default: none.")
    training: AgentFee | None = Field(default=None, description="For each agent trained. Default: none.")
    ramp: AgentFee | None = Field(
        default=None, description="For each agent added after the first day of the engagement. Default: none."
    )


class ForecastLockTable(Table):
    """What the shop's forecast binds it to, and what relieves the supplier."""

    weeks: int = Field(ge=0, le=104, description="The forecast as it stood so many weeks ahead counts.")
    per: ContractPeriod = Field(
        default="day", description="Over which forecast and offered contacts are compared, channel by channel."
    )
    relief_above: Share = Field(description="What comes above the locked forecast plus this share is beyond the lock.")
    beyond: MoreOrLess = Field(
        default=as_written("+0 %"),
        description="Added to the rate of a minute or contact beyond the lock: a share of the line's rate.",
    )
    service_level: Relief = Field(
        default="period left out",
        description=(
            "What becomes of the service level, for bonus and malus alike. period left out: where volume was beyond, "
            "the period is not judged; excess left out: the contacts beyond are taken off those not met; "
            "counted: nothing."
        ),
    )
    billed_at_least: Share | None = Field(
        default=None,
        description="Share of the locked forecast that a line billed by the contact bills, come or not. Default: none.",
    )


class BandTable(Table):
    """A band of a service level, and what it earns or costs; between bands nothing happens."""

    at_least: Share | None = Field(default=None, description="The band holds from this level on. Default: from 0 %.")
    below: Share | None = Field(default=None, description="The band ends below this level. Default: with 100 %.")
    bonus: ShareOrAmount | None = Field(
        default=None, description="Paid on top: a share of the period's charges, or money by period. Default: none."
    )
    malus: ShareOrAmount | None = Field(
        default=None, description="Taken off: a share of the period's charges, or money by period. Default: none."
    )

    @property
    def ends(self) -> tuple[float, float]:
        """From where to where; above 1 where the band reaches to the top."""
        return self.at_least or 0.0, 2.0 if self.below is None else self.below

    @property
    def fee(self) -> Decimal | Money:
        """The bonus or the malus."""
        fee = self.malus if self.bonus is None else self.bonus
        assert fee is not None
        return fee

    def findings(self) -> Iterator[Problem]:
        """The band is not empty, and does one thing."""
        low, high = self.ends
        if high <= low:
            message = f"The floor of the band is not below its ceiling, {format_share(self.below or 0.0)}."
            yield Problem(message, ("at_least",), format_share(low))
        if (self.bonus is None) == (self.malus is None):
            yield Problem("A band has either a bonus or a malus: say one of them.", ("malus",))


class ServiceLevelTable(Table):
    """A service level, and the bands in which it earns a bonus or costs a malus."""

    title: Text | None = Field(
        default=None, description="Name on the invoice. Default: the name, with a capital letter."
    )
    channels: list[Name] = Field(min_length=1, description="Channels, judged together: the sum over them.")
    definition: ContractDefinition = Field(
        description=(
            "What is counted against what: one of the five service levels of live channels, or within due: finished in "
            "time over all that fell due."
        )
    )
    within: Duration = Field(
        description="Until an agent answers (live), or until the contact is finished (within due).", examples=["20 s"]
    )
    per: ContractPeriod = Field(
        description=(
            "What is judged: every interval, every day, or the month as a whole. The charges of a period are those of "
            "its month, split by the contacts that the definition counts."
        )
    )
    bands: dict[Name, BandTable] = Field(
        min_length=1, max_length=50, description="Bands that do not overlap, name = table."
    )

    @property
    def ordered(self) -> list[tuple[str, BandTable]]:
        """The bands with their names, from the lowest up."""
        return sorted(self.bands.items(), key=lambda item: item[1].ends)

    def findings(self) -> Iterator[Problem]:
        """Bands do not overlap, and a worse level is never better paid."""
        if self.within == 0 and self.definition == "within due":
            yield Problem("No message is finished in no time.", ("within",), "0 s")
        for (before, lower), (after, higher) in pairwise(self.ordered):
            path = ("bands", after)
            if lower.ends[1] > higher.ends[0]:
                message = f"The bands {before} and {after} overlap; they may only touch."
                yield Problem(message, (*path, "at_least"), format_share(higher.ends[0]))
            elif lower.malus is None and higher.malus is not None:
                message = "A malus lies above a bonus: a better level would be paid worse."
                yield Problem(message, (*path, "malus"))
            elif (lower.malus is None) == (higher.malus is None) and _falls(lower, higher):
                kind = "bonus" if higher.malus is None else "malus"
                message = f"The {kind} goes the wrong way: a better level would be paid worse than the band below it."
                yield Problem(message, (*path, kind))

    def amounts(self) -> Iterator[Priced]:
        """Every sum of money with its path from here."""
        for name, band in self.bands.items():
            yield from _money(("bands", name, "bonus"), band.bonus)
            yield from _money(("bands", name, "malus"), band.malus)


def _falls(lower: BandTable, higher: BandTable) -> bool:
    """Whether the higher of two bands of one kind pays worse, where they can be compared."""
    low, high = lower.fee, higher.fee
    if isinstance(low, Money) and isinstance(high, Money):
        change = exact(high.amount) - exact(low.amount)
    elif isinstance(low, Decimal) and isinstance(high, Decimal):
        change = high - low
    else:
        return False
    return change > 0 if higher.bonus is None else change < 0


class CapsTable(Table):
    """The most that all bonuses, and all maluses, of a month come to."""

    bonus: ShareOrAmount | None = Field(
        default=None, description="A share of the month's charges, or money. Default: no cap."
    )
    malus: ShareOrAmount | None = Field(
        default=None, description="A share of the month's charges, or money: what is at risk. Default: no cap."
    )


class ContractDocument(Table):
    """A contract between a shop and an outsourcer."""

    title: Text | None = Field(default=None, description="Name on screens. Default: the name of the file.")
    currency: Currency = Field(description="Of all its money.", examples=["EUR"])
    risk: Text = Field(description="Who carries which risk, in a sentence or two.")
    lines: dict[Name, LineTable] = Field(min_length=1, max_length=50, description="What is billed, name = table.")
    billing: BillingTable = Field(
        default=BillingTable(), description="How a month is settled. Default: as its fields say."
    )
    engagement: EngagementTable = Field(
        default=EngagementTable(), description="How long the shop is bound. Default: as its fields say."
    )
    fees: FeesTable = Field(default=FeesTable(), description="What is paid beside the charges. Default: none.")
    forecast_lock: ForecastLockTable | None = Field(default=None, description="The locked forecast. Default: none.")
    service_levels: dict[Name, ServiceLevelTable] = Field(
        default={}, max_length=50, description="Service levels with bonus and malus, name = table. Default: none."
    )
    caps: CapsTable = Field(default=CapsTable(), description="Caps of bonus and malus. Default: none.")
    sources: dict[str, Text] = Field(
        default={},
        description=(
            "Where figures come from: dotted path of a field or table = source, or the word assumption; "
            "* in a path stands for any one name. Default: none."
        ),
    )

    def findings(self) -> Iterator[Problem]:
        """One currency, and no clause that could never act."""
        for path, money in self.amounts():
            if money.currency != self.currency:
                yield Problem(f"The contract is in {self.currency}; nothing is converted.", path, format_money(money))
        for cap, kind in ((self.caps.bonus, "bonus"), (self.caps.malus, "malus")):
            bands = [band for level in self.service_levels.values() for band in level.bands.values()]
            if cap is not None and all(getattr(band, kind) is None for band in bands):
                message = f"There is no {kind} to cap: no service level with its definition has a band with one."
                yield Problem(message, ("caps", kind))
        if self.forecast_lock is not None:
            yield from self._idle_lock(self.forecast_lock)

    def _idle_lock(self, lock: ForecastLockTable) -> Iterator[Problem]:
        units = {line.unit for line in self.lines.values()}
        if lock.beyond and not units.intersection(BY_CONTACTS):
            message = "No line is billed by minutes or contacts, whose rates this would change."
            yield Problem(message, ("forecast_lock", "beyond"))
        if lock.billed_at_least is not None and "contact" not in units:
            message = (
                "No line is billed by the contact, which this is about; other lines have a base block or a minimum."
            )
            yield Problem(message, ("forecast_lock", "billed_at_least"), format_share(lock.billed_at_least))
        relieves = lock.service_level != "counted" and bool(self.service_levels)
        if not relieves and not lock.beyond and lock.billed_at_least is None:
            message = "This has no effect: it relieves from no service level, changes no rate and bills no shortfall."
            yield Problem(message, ("forecast_lock",))

    def amounts(self) -> Iterator[Priced]:
        """Every sum of money with its path from here."""
        for name, line in self.lines.items():
            for path, money in line.amounts():
                yield ("lines", name, *path), money
        for field in ("minimum", "maximum", "round_to"):
            yield from _money(("billing", field), getattr(self.billing, field))
        for field in ("set_up", "training", "ramp"):
            yield from _money(("fees", field), getattr(self.fees, field))
        for name, level in self.service_levels.items():
            for path, money in level.amounts():
                yield ("service_levels", name, *path), money
        yield from _money(("caps", "bonus"), self.caps.bonus)
        yield from _money(("caps", "malus"), self.caps.malus)
