"""The charges of a month: what is billed by the unit, and the minimum and maximum of their sum."""

from __future__ import annotations

import operator
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.contracts.books import Entry
from simulator.scenario.contract import BY_CONTACTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.planning.contracts.arithmetic import Array
    from simulator.planning.contracts.books import Books, Path
    from simulator.planning.contracts.lock import Locked
    from simulator.scenario.contract import ContractLine, TimeRate


def charges(books: Books, locked: Locked | None) -> list[Entry]:
    """What a month is billed, before fees, bonus and malus."""
    entries = [entry for line in books.contract.lines for entry in _Line(books, line, locked).entries()]
    total = books.arithmetic.zeros(books.ledger.futures, len(books.months))
    for entry in entries:
        total = total + entry.amount
    return [*entries, *_within_bounds(books, total)]


def _within_bounds(books: Books, total: Array) -> Iterator[Entry]:
    billing, number = books.contract.billing, books.arithmetic.number
    zero = number(0)
    if billing.minimum is not None:
        short = np.maximum(number(billing.minimum) * books.billed_share - total, zero)
        yield Entry(("billing", "minimum"), "charge", "Up to the minimum billing", short)
    if billing.maximum is not None:
        over = np.maximum(total - number(billing.maximum) * books.billed_share, zero)
        yield Entry(("billing", "maximum"), "charge", "Above the maximum, not billed", -over)


class _Line:
    """A line of a contract, with what the ledger has of it."""

    def __init__(self, books: Books, line: ContractLine, locked: Locked | None) -> None:
        self.books, self.line, self.locked = books, line, locked
        self.here: Path = ("lines", line.name)
        ledger = books.ledger
        self.rows = books.rows(line)
        match line.unit:
            case "logged hour":
                kept = books.kept(ledger.logged_hours, "logged hours", self.here)
            case "FTE-month":
                kept = books.kept(ledger.fte, "full-time equivalents", self.here)
            case "handled minute":
                kept = books.kept(ledger.minutes, "handled minutes", self.here)
            case "contact":
                kept = books.kept(ledger.contacts, "contacts handled", self.here)
            case "resolved contact":
                kept = books.kept(ledger.resolved, "contacts resolved", self.here)
        self.kept = kept
        self.used = books.together(kept, self.rows)
        """[future, step] Units of all rows."""

    def entries(self) -> Iterator[Entry]:
        """Base block, rate and burst; then what is added to the rate."""
        yield from self._tiers()
        line = self.line
        yield from self._by_time("times", line.times)
        yield from self._by_time("peaks", line.peaks)
        for language, change in line.languages.items():
            rows = [row for row in self.rows if self.books.language(line.unit, row) == language]
            if rows:
                units = self._by_month(self.books.together(self.kept, rows))
                yield self._entry(("languages", language), f"{line.title}, in {language}", units, line.added(change))
        if self.locked is not None and line.unit in BY_CONTACTS:
            yield from self._of_the_lock(self.locked)

    def _tiers(self) -> Iterator[Entry]:
        books, line = self.books, self.line
        number, zero = books.arithmetic.number, books.arithmetic.number(0)
        used = self._by_month(self.used)
        share = books.billed_share
        block = Decimal(0)
        if line.base is not None:
            block = line.base.units
            billed = books.every_future((share * number(block))[None])
            amount = books.every_future((share * number(line.base.price))[None])
            yield Entry(
                (*self.here, "base"), "charge", f"{line.title}, base block", amount, billed, line.unit, line.base.rate
            )
        # What begins where, and at which rate: it ends where the next begins.
        tiers: list[tuple[Decimal, Decimal, Path, str]] = []
        if line.rate is not None:
            tiers.append((block, line.rate, ("rate",), ""))
        tiers += [
            (tier.above, tier.rate, ("burst", tier.name), f", above {tier.above.normalize():f} in a month")
            for tier in line.burst
        ]
        for place, (above, rate, path, which) in enumerate(tiers):
            units = np.maximum(used - number(above) * share, zero)
            if place + 1 < len(tiers):
                units = np.minimum(units, number(tiers[place + 1][0] - above) * share)
            yield self._entry(path, f"{line.title}{which}", units, rate)

    def _by_time(self, section: str, rates: Sequence[TimeRate]) -> Iterator[Entry]:
        """Of rates that hold at one moment, the dearest does: those that come later here overwrite the others."""
        line, books = self.line, self.books
        order = sorted(range(len(rates)), key=lambda place: line.added(rates[place].change))
        holds = np.full(self.used.shape[-1], -1)
        for place in order:
            clause = (*self.here, section, rates[place].name)
            holds[books.members(rates[place], clause, days=line.unit == "FTE-month")] = place
        for place, rate in enumerate(rates):
            units = self._by_month(self.used, holds == place)
            yield self._entry((section, rate.name), f"{line.title}, {rate.title}", units, line.added(rate.change))

    def _of_the_lock(self, locked: Locked) -> Iterator[Entry]:
        line, lock, books = self.line, locked.lock, self.books
        if lock.beyond:
            channel = [queue.channel for queue in books.ledger.queues]
            beyond = (locked.units_beyond(books.together(self.kept, [row]), channel[row]) for row in self.rows)
            units = reduce(operator.add, beyond)
            title = f"{line.title}, beyond the locked forecast"
            yield self._entry(("forecast_lock", "beyond"), title, units, line.reference * lock.beyond, own=False)
        if lock.billed_at_least is not None and line.unit == "contact":
            title = f"{line.title}, forecast and not come"
            units = locked.shortfall(self.rows, lock.billed_at_least)
            yield self._entry(("forecast_lock", "billed_at_least"), title, units, line.reference, own=False)

    def _by_month(self, values: Array, members: Array | None = None) -> Array:
        """[future, month] Units; a full-time equivalent of one day is one over the days of its month."""
        units = self.books.by_month(values, members)
        if self.line.unit == "FTE-month":
            units = units / self.books.in_numbers([month.days for month in self.books.months])
        return units

    def _entry(self, path: Path, title: str, units: Array, rate: Decimal, *, own: bool = True) -> Entry:
        clause = (*self.here, *path) if own else path
        return Entry(clause, "charge", title, units * self.books.arithmetic.number(rate), units, self.line.unit, rate)
