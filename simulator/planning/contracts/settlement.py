"""The rules by which a contract is settled, once: in floats for many futures, in decimals for an invoice.

A month's **charges** are its lines, brought up to the minimum and down to the maximum. Bonus and malus are shares of
the charges, or money by period, within their caps. Fees stand beside. `docs/contracts.md` says each clause in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from simulator.planning.contracts.arithmetic import FLOATS
from simulator.planning.contracts.books import Books, Entry
from simulator.planning.contracts.charges import charges
from simulator.planning.contracts.lock import Locked
from simulator.planning.contracts.service import service_levels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.planning.contracts.arithmetic import Arithmetic, Array
    from simulator.planning.contracts.books import Part
    from simulator.planning.contracts.ledger import Ledger
    from simulator.planning.contracts.months import BillingMonth
    from simulator.planning.contracts.service import Attained
    from simulator.scenario.contract import Contract


@dataclass(frozen=True)
class Settlement:
    """What a contract comes to in every future of a ledger, unrounded."""

    contract: Contract
    months: tuple[BillingMonth, ...]
    entries: tuple[Entry, ...]
    attained: tuple[Attained, ...]
    _nothing: Array

    def of(self, *parts: Part) -> Array:
        """[future, month] The sum of some parts: charge, bonus, malus (negative), fee; of all without any named."""
        total = self._nothing
        for entry in self.entries:
            if not parts or entry.part in parts:
                total = total + entry.amount
        return total

    @cached_property
    def total(self) -> Array:
        """[future] All that is paid."""
        return self.of().sum(axis=-1)


def settle(contract: Contract, ledger: Ledger, arithmetic: Arithmetic = FLOATS) -> Settlement:
    """Settle a contract for every future of a ledger.

    Parameters
    ----------
    contract
        What is agreed.
    ledger
        What happened.
    arithmetic
        Floats for speed; decimals are for `invoice`, which also sets their precision.

    Raises
    ------
    ValueError
        If the ledger lacks what a clause needs; the message names the clause.
    """
    books = Books(contract, ledger, arithmetic)
    locked = Locked(books, contract.forecast_lock) if contract.forecast_lock is not None else None
    nothing = arithmetic.zeros(ledger.futures, len(books.months))
    charged = charges(books, locked)
    total = nothing
    for entry in charged:
        total = total + entry.amount
    attained, bonuses = service_levels(books, locked, total)
    entries = (*charged, *bonuses, *_fees(books))
    return Settlement(contract, books.months, entries, tuple(attained), nothing)


def _fees(books: Books) -> Iterator[Entry]:
    fees, ledger, arithmetic = books.contract.fees, books.ledger, books.arithmetic
    if fees.set_up and ledger.engaged in (None, ledger.calendar.start):
        once = arithmetic.zeros(ledger.futures, len(books.months))
        once[:, 0] = arithmetic.number(fees.set_up)
        yield Entry(("fees", "set_up"), "fee", "Set-up", once)
    for name, fee, array, called in (
        ("training", fees.training, ledger.trained, "agents trained"),
        ("ramp", fees.ramp, ledger.added, "agents added"),
    ):
        if fee:
            agents = books.by_month(books.together(books.kept(array, called, ("fees", name)), range(len(ledger.teams))))
            title = called.capitalize()
            yield Entry(("fees", name), "fee", title, agents * arithmetic.number(fee), agents, "agent", fee)
