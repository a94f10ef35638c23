"""A ledger held against a contract: its numbers in one arithmetic, by row, step and calendar month."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.planning.contracts.months import billing_months
from simulator.scenario.contract import BY_CONTACTS
from simulator.scenario.paths import join_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.planning.contracts.arithmetic import Arithmetic, Array
    from simulator.planning.contracts.ledger import Ledger
    from simulator.planning.contracts.months import BillingMonth
    from simulator.scenario.contract import BilledUnit, Contract, ContractLine, ContractPeriod, TimeRate

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.floating]
    Ints = NDArray[np.int64]

Part = Literal["charge", "bonus", "malus", "fee"]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one clause comes to, in every future and every month."""

    clause: Path
    """Where it stands in the contract file."""
    part: Part
    title: str
    amount: Array
    """[future, month]"""
    units: Array | None = None
    """[future, month] None where nothing is counted."""
    unit: str = ""
    rate: Decimal | None = None
    """Of a unit; a share, where the units are money."""


def finer(one: ContractPeriod, other: ContractPeriod) -> ContractPeriod:
    """The shorter of two periods."""
    lengths: tuple[ContractPeriod, ...] = ("interval", "day", "month")
    return min(one, other, key=lengths.index)


def refuse(clause: Path, message: str) -> ValueError:
    """A contract and a ledger that do not go together; the message names the clause."""
    return ValueError(f"{join_path(clause)}: {message}")


class Books:
    """A ledger held against a contract."""

    def __init__(self, contract: Contract, ledger: Ledger, arithmetic: Arithmetic) -> None:
        self.contract = contract
        self.ledger = ledger
        self.calendar = ledger.calendar
        self.arithmetic = arithmetic
        self.months: tuple[BillingMonth, ...] = billing_months(contract, ledger)

    @cached_property
    def month_of_day(self) -> Ints:
        """[day] Number of its month."""
        first = self.calendar.start
        months = [12 * (day.year - first.year) + day.month - first.month for day in self.calendar.date_of_day]
        return np.array(months, dtype=np.int64)

    @cached_property
    def month_of_interval(self) -> Ints:
        """[interval] Number of its month: that of its local date."""
        return self.month_of_day[self.calendar.day_of_interval]

    @cached_property
    def billed_share(self) -> Array:
        """[month] What of a month's blocks, thresholds, minimum and maximum counts."""
        in_full = self.contract.billing.part_months == "in full"
        return self.in_numbers([Decimal(1) if in_full else Decimal(each.billed) / each.days for each in self.months])

    def in_numbers(self, values: Sequence[Decimal | int]) -> Array:
        """Numbers of a contract as an array of those that are reckoned with."""
        return np.array([self.arithmetic.number(value) for value in values], dtype=self.arithmetic.dtype)

    def kept(self, array: Floats | None, called: str, clause: Path) -> Floats:
        """[future or 1, row, step] An array of the ledger as it is; refused where it was not kept."""
        if array is None:
            raise refuse(clause, f"the ledger holds no {called}, by which this is settled.")
        return array if array.ndim == 3 else array[None]

    def together(self, array: Floats, rows: Sequence[int]) -> Array:
        """[future or 1, step] The sum of some rows of an array of the ledger, in numbers that are reckoned with."""
        return reduce(operator.add, (self.arithmetic.array(array[:, row]) for row in rows))

    def every_future(self, values: Array) -> Array:
        """[future, ...] The same for all futures, where it is of none in particular."""
        return np.broadcast_to(values, (self.ledger.futures, *values.shape[1:]))

    def by_month(self, values: Array, members: Bools | None = None) -> Array:
        """[future, month] Sums over the steps, intervals or days; of the `members` among them only."""
        index = self.month_of_interval if values.shape[-1] == self.calendar.intervals else self.month_of_day
        if members is not None:
            values, index = values[..., members], index[members]
        return self.every_future(self.arithmetic.sums(values, index, len(self.months)))

    def within(self, fine: ContractPeriod, coarse: ContractPeriod) -> Ints:
        """[fine period] Number of the coarse period in which each lies."""
        if fine == coarse:
            counts = {"interval": self.calendar.intervals, "day": self.calendar.days, "month": len(self.months)}
            return np.arange(counts[fine], dtype=np.int64)
        if coarse == "day":
            return self.calendar.day_of_interval
        return self.month_of_interval if fine == "interval" else self.month_of_day

    def sums(self, values: Array, fine: ContractPeriod, coarse: ContractPeriod) -> Array:
        """[future, coarse period] Sums of what is by fine period; what is by one period stays as it is."""
        if fine == coarse:
            return values
        return self.arithmetic.sums(values, self.within(fine, coarse), len(self.within(coarse, coarse)))

    def rows(self, line: ContractLine) -> list[int]:
        """The teams or queues that a line bills.

        Raises
        ------
        ValueError
            If the ledger lacks one that the line names, has none at all, or has one in a language without a rate.
        """
        here: Path = ("lines", line.name)
        if line.unit in BY_CONTACTS:
            of, named, called = (
                [(each.channel, each.language) for each in self.ledger.queues],
                line.channels,
                "channels",
            )
        else:
            of, named, called = [(each.group, each.language) for each in self.ledger.teams], line.groups, "groups"
        if missing := [name for name in named if name not in [each for each, _ in of]]:
            raise refuse((*here, called), f"the ledger has no {missing[0]}.")
        rows = [row for row, (name, _) in enumerate(of) if not named or name in named]
        if not rows:
            raise refuse(here, f"the ledger has no {called} to bill.")
        for row in rows:
            language = of[row][1]
            if language is not None and language not in line.languages:
                raise refuse((*here, "languages"), f"there is no rate for units in {language}, which the ledger has.")
        return rows

    def language(self, unit: BilledUnit, row: int) -> str | None:
        """The language of a team or a queue."""
        of = self.ledger.queues if unit in BY_CONTACTS else self.ledger.teams
        return of[row].language

    def members(self, rate: TimeRate, clause: Path, *, days: bool) -> Bools:
        """[step] Which intervals, or days, a rate by time holds for.

        Raises
        ------
        ValueError
            If its hours do not fall on the intervals of the ledger.
        """
        dates = self.calendar.date_of_day
        of_day = np.array(
            [(rate.first is None or rate.first <= day) and (rate.last is None or day <= rate.last) for day in dates]
        )
        if days:
            return of_day
        of_interval: Bools = of_day[self.calendar.day_of_interval]
        if rate.hours is None:
            return of_interval
        try:
            return of_interval & self.calendar.open_mask(rate.hours)
        except ValueError as error:
            raise refuse((*clause, "hours"), str(error)) from None
