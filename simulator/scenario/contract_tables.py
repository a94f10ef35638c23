"""A contract file as a whole: its tables, each checked by itself; `contract_file` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from simulator.scenario.contract import BY_CONTACTS, ContractPeriod, PartMonths, Relief, RoundingRule
from simulator.scenario.contract_fields import AgentFee, Length, MoreOrLess, Priced, money_at
from simulator.scenario.contract_line_tables import LineTable
from simulator.scenario.contract_service_tables import CapsTable, ServiceLevelTable
from simulator.scenario.errors import Problem
from simulator.scenario.fields import Amount, Currency, Name, Share, Text, as_written
from simulator.scenario.table import Table
from simulator.scenario.units import format_money, format_share

if TYPE_CHECKING:
    from collections.abc import Iterator


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
            yield from money_at(("billing", field), getattr(self.billing, field))
        for field in ("set_up", "training", "ramp"):
            yield from money_at(("fees", field), getattr(self.fees, field))
        for name, level in self.service_levels.items():
            for path, money in level.amounts():
                yield ("service_levels", name, *path), money
        yield from money_at(("caps", "bonus"), self.caps.bonus)
        yield from money_at(("caps", "malus"), self.caps.malus)
