"""Which calendar months a contract bills, and how much of each."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.planning.contracts.ledger import Ledger
    from simulator.scenario.contract import Contract


@dataclass(frozen=True, slots=True)
class BillingMonth:
    """A calendar month of an invoice."""

    year: int
    month: int
    billed: int
    """Its days that are billed: those of the ledger, and those for which the shop is still bound."""

    @property
    def days(self) -> int:
        """Of the calendar month."""
        return calendar.monthrange(self.year, self.month)[1]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


def bound_until(contract: Contract, ledger: Ledger) -> date:
    """The first day that is no longer billed.

    The latest of the end of the ledger, of the minimum engagement, and of the ramp-down notice where one was given.
    """
    first = ledger.calendar.start
    ends = [first + timedelta(days=ledger.calendar.days), contract.engagement.minimum.after(ledger.engaged or first)]
    if ledger.notice is not None:
        ends.append(contract.engagement.notice.after(ledger.notice))
    return max(ends)


def billing_months(contract: Contract, ledger: Ledger) -> tuple[BillingMonth, ...]:
    """The calendar months from the first day of the ledger until the shop is no longer bound."""
    day, end = ledger.calendar.start, bound_until(contract, ledger)
    months = []
    while day < end:
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        months.append(BillingMonth(day.year, day.month, (min(after, end) - day).days))
        day = after
    return tuple(months)
