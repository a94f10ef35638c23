"""The tables of a contract file about service levels, and what they earn or cost."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from pydantic import Field

from simulator.scenario.contract import ContractDefinition, ContractPeriod
from simulator.scenario.contract_fields import Priced, ShareOrAmount, money_at
from simulator.scenario.errors import Problem
from simulator.scenario.fields import Duration, Name, Share, Text
from simulator.scenario.table import Table
from simulator.scenario.units import Money, exact, format_share

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        if len(set(self.channels)) < len(self.channels):
            yield Problem("A channel is there twice; it would count twice.", ("channels",), self.channels)
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
            yield from money_at(("bands", name, "bonus"), band.bonus)
            yield from money_at(("bands", name, "malus"), band.malus)


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
