"""What a shop and an outsourcer have agreed: the frozen, plain contract that `contract_file` reads.

Money, shares and thresholds are decimals, exactly as the file writes them; groups, channels and languages are names, so
that one contract can be held against several scenarios. What each clause means is said in `docs/contracts.md`.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.scenario.hours import WeeklyHours
    from simulator.scenario.units import Per

BilledUnit = Literal["logged hour", "FTE-month", "handled minute", "contact", "resolved contact"]
ContractPeriod = Literal["interval", "day", "month"]
ContractDefinition = Literal[
    "offered",
    "offered less abandoned within",
    "answered",
    "abandoned within as met",
    "short abandons as met",
    "within due",
]
"""The five service levels of live channels; of deferred channels, finished in time over all that fell due."""
PartMonths = Literal["by day", "in full"]
Relief = Literal["period left out", "excess left out", "counted"]
RoundingRule = Literal["half up", "half even", "up", "down"]

PER: Mapping[BilledUnit, Per] = {
    "logged hour": "h",
    "FTE-month": "FTE-month",
    "handled minute": "min",
    "contact": "contact",
    "resolved contact": "resolved contact",
}
"""What a price of each billed unit is per."""

BY_CONTACTS: tuple[BilledUnit, ...] = ("handled minute", "contact", "resolved contact")
"""Units that count what customers bring; the others count agents."""


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time in a contract: whole calendar months, or days."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The same day so many months on (the last of a shorter month), and so many days later."""
        year, month = divmod(12 * day.year + day.month - 1 + self.months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class ShareOrMoney:
    """A share of something, or an amount of money: one of the two."""

    share: Decimal | None = None
    money: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """Units of every month that are paid whether they are used or not."""

    units: Decimal
    price: Decimal
    """Of all of them."""

    @property
    def rate(self) -> Decimal:
        """Price of one of them."""
        return self.price / self.units


@dataclass(frozen=True, slots=True)
class Burst:
    """What a unit costs above a threshold within a month."""

    name: str
    above: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class TimeRate:
    """What a unit costs more, or less, at some hours: night, weekend, holiday, peak."""

    name: str
    title: str
    change: ShareOrMoney
    """Of the line's rate, or money by unit; may be negative."""
    hours: WeeklyHours | None = None
    """None: at all hours."""
    first: date | None = None
    """None: at any date."""
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One thing that is billed by the unit."""

    name: str
    title: str
    unit: BilledUnit
    groups: tuple[str, ...] = ()
    """Whose hours or heads are billed; none: all of the ledger."""
    channels: tuple[str, ...] = ()
    """Whose contacts are billed; none: all of the ledger."""
    base: Base | None = None
    rate: Decimal | None = None
    """Of a unit beyond the base block and up to the first burst threshold; None where there is no such unit."""
    burst: tuple[Burst, ...] = ()
    """From the lowest threshold up; thresholds count all units of the month, those of the base block too."""
    times: tuple[TimeRate, ...] = ()
    """Night, weekend, holiday; of several that hold at a moment, the dearest does."""
    peaks: tuple[TimeRate, ...] = ()
    """Dates; the same, and on top of `times`."""
    languages: Mapping[str, ShareOrMoney] = field(default_factory=dict)
    """What a unit in a language costs more, on top of all else."""

    @property
    def reference(self) -> Decimal:
        """The rate that shares of it are taken of: that of a unit beyond the base, or else in it, or else in burst."""
        if self.rate is not None:
            return self.rate
        return self.burst[0].rate if self.base is None else self.base.rate

    def added(self, change: ShareOrMoney) -> Decimal:
        """Money by unit of a change."""
        return change.money if change.money is not None else self.reference * (change.share or Decimal(0))


@dataclass(frozen=True, slots=True)
class Engagement:
    """How long the shop is bound."""

    minimum: Term = field(default_factory=Term)
    """From the first day: until then base blocks and minimum billing are owed, used or not."""
    notice: Term = field(default_factory=Term)
    """They are owed for so long after the notice too."""


@dataclass(frozen=True, slots=True)
class ForecastLock:
    """What the shop's forecast binds it to."""

    weeks: int
    """Ahead: the forecast as it stood so many weeks before counts."""
    per: ContractPeriod
    """Over which forecast and volume are compared, channel by channel."""
    relief_above: Decimal
    """Share of the locked forecast: what comes above 1 + this is beyond the lock."""
    beyond: Decimal = Decimal(0)
    """Share of the line's rate by which a unit beyond the lock is dearer, or cheaper."""
    service_level: Relief = "period left out"
    """What becomes of the service level where volume was beyond."""
    billed_at_least: Decimal | None = None
    """Share of the locked forecast that is billed by the contact, come or not."""


@dataclass(frozen=True, slots=True)
class Band:
    """What a service level from `at_least` up to below `below` earns or costs."""

    name: str
    at_least: Decimal | None
    """None: from nothing."""
    below: Decimal | None
    """None: to the top."""
    kind: Literal["bonus", "malus"]
    fee: ShareOrMoney
    """Of the charges of the period, or money for each period."""

    def __str__(self) -> str:
        ends = [
            f"{word} {(100 * edge).normalize():f} %"
            for word, edge in (("from", self.at_least), ("below", self.below))
            if edge is not None
        ]
        return ", ".join(ends) or "any level"


@dataclass(frozen=True, slots=True)
class ServiceClause:
    """A service level that earns a bonus or costs a malus."""

    name: str
    title: str
    channels: tuple[str, ...]
    """Together: the sum over them is judged."""
    definition: ContractDefinition
    within: float
    """Seconds."""
    per: ContractPeriod
    bands: tuple[Band, ...]
    """From the lowest up; they do not overlap."""


@dataclass(frozen=True, slots=True)
class Billing:
    """How a month is settled."""

    minimum: Decimal | None = None
    """Of the charges of a month: minimum billing."""
    maximum: Decimal | None = None
    """Of the same: not to be exceeded."""
    part_months: PartMonths = "by day"
    """Whether blocks, thresholds, minimum and maximum of a month that is only partly billed go by its days."""
    round_to: Decimal = Decimal("0.01")
    rounding: RoundingRule = "half up"


@dataclass(frozen=True, slots=True)
class Fees:
    """What is paid beside the charges."""

    set_up: Decimal = Decimal(0)
    """Once, on the first day."""
    training: Decimal = Decimal(0)
    """For each agent trained."""
    ramp: Decimal = Decimal(0)
    """For each agent added after the first day."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What is paid for what."""

    name: str
    title: str
    currency: str
    risk: str
    """Who carries which risk, in a sentence or two."""
    lines: tuple[ContractLine, ...]
    billing: Billing = field(default_factory=Billing)
    engagement: Engagement = field(default_factory=Engagement)
    fees: Fees = field(default_factory=Fees)
    forecast_lock: ForecastLock | None = None
    service_levels: tuple[ServiceClause, ...] = ()
    bonus_cap: ShareOrMoney | None = None
    """Of the charges of a month, or money: all bonuses of the month together."""
    malus_cap: ShareOrMoney | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where figures come from, by dotted path."""
