"""Bonus and malus: service levels judged period by period, and what their bands come to."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.contracts.books import Entry, finer, refuse
from simulator.planning.contracts.lock import HAIR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.planning.contracts.arithmetic import Array
    from simulator.planning.contracts.books import Books, Part, Path
    from simulator.planning.contracts.lock import Locked
    from simulator.scenario.contract import Band, ServiceClause, ShareOrMoney


@dataclass(frozen=True, slots=True)
class Attained:
    """What a service level came to, relief taken into account."""

    clause: ServiceClause
    met: Array
    """[future, month]"""
    counted: Array
    """[future, month]"""


def service_levels(books: Books, locked: Locked | None, charges: Array) -> tuple[list[Attained], list[Entry]]:
    """What each clause attained, and all bonuses and maluses with what their caps take back.

    `charges` is [future, month].
    """
    attained, entries = [], []
    for clause in books.contract.service_levels:
        judged = _Judged(books, clause, locked)
        attained.append(Attained(clause, judged.by_month(judged.met), judged.by_month(judged.counted)))
        entries += [judged.entry(band, charges) for band in clause.bands]
    return attained, [*entries, *_caps(books, entries, charges)]


class _Judged:
    """A service level, period by period."""

    def __init__(self, books: Books, clause: ServiceClause, locked: Locked | None) -> None:
        self.books, self.clause = books, clause
        self.here: Path = ("service_levels", clause.name)
        relieved = locked is not None and locked.lock.service_level != "counted"
        self.relief = locked if relieved else None
        channels = [self._of_channel(channel) for channel in clause.channels]
        self.met = reduce(operator.add, (met for met, _ in channels))
        """[future, period]"""
        self.counted = reduce(operator.add, (counted for _, counted in channels))
        """[future, period]"""

    def _of_channel(self, channel: str) -> tuple[Array, Array]:
        """[future, period] Met and counted of a channel, relief taken into account.

        Relief works on the periods of the lock, or on those of the service level where they are shorter.
        """
        books, clause, ledger = self.books, self.clause, self.books.ledger
        rows = [
            row
            for row, each in enumerate(ledger.judged)
            if (each.channel, each.definition, each.within) == (channel, clause.definition, clause.within)
        ]
        if not rows:
            counts = ", ".join(f"{e.definition} within {e.within:g} s" for e in ledger.judged if e.channel == channel)
            raise refuse(
                self.here,
                f"the ledger does not count {channel} as {clause.definition} within {clause.within:g} s; "
                f"it counts: {counts or 'nothing'}.",
            )
        met, counted = (
            books.together(books.kept(array, called, self.here), rows)
            for array, called in ((ledger.met, "contacts that met it"), (ledger.counted, "contacts counted for it"))
        )
        if self.relief is None:
            return books.sums(met, "interval", clause.per), books.sums(counted, "interval", clause.per)
        lock, number = self.relief.lock, books.arithmetic.number
        fine = finer(lock.per, clause.per)
        met, counted = books.sums(met, "interval", fine), books.sums(counted, "interval", fine)
        beyond, zero = self.relief.beyond_of(channel, fine), number(0)
        if lock.service_level == "period left out":
            stays = beyond == zero
            met, counted = np.where(stays, met, zero), np.where(stays, counted, zero)
        else:
            counted = np.maximum(met, counted * (number(1) - beyond))
        return books.sums(met, fine, clause.per), books.sums(counted, fine, clause.per)

    def by_month(self, values: Array) -> Array:
        """[future, month] Sums over the periods."""
        return self.books.every_future(self.books.sums(values, self.clause.per, "month"))

    def entry(self, band: Band, charges: Array) -> Entry:
        """What a band comes to: a share of the charges of its periods, or money for each of them."""
        number = self.books.arithmetic.number
        zero, one = number(0), number(1)
        inside = self._inside(band)
        if band.fee.share is None:
            units = self.by_month(np.where(inside, one, zero))
            unit: str = self.clause.per
            fee = band.fee.money
        else:
            counted = self.by_month(self.counted)
            weight = self.by_month(np.where(inside, self.counted, zero))
            units = charges * weight / np.where(counted > zero, counted, one)
            unit, fee = "charges", band.fee.share
        assert fee is not None
        rate = fee if band.kind == "bonus" else -fee
        clause = (*self.here, "bands", band.name)
        title = f"{self.clause.title}, {band}"
        return Entry(clause, band.kind, title, units * number(rate), units, unit, rate)

    def _inside(self, band: Band) -> Array:
        """[future, period] Whether the level lies in the band; a period with nobody to judge lies in none."""
        number = self.books.arithmetic.number
        zero, one = number(0), number(1)
        judged = self.counted > zero
        level = self.met / np.where(judged, self.counted, one)
        inside = judged
        if band.at_least is not None:
            inside = inside & (level >= number(band.at_least - HAIR))
        if band.below is not None:
            inside = inside & (level < number(band.below - HAIR))
        return inside


def _caps(books: Books, entries: list[Entry], charges: Array) -> Iterator[Entry]:
    contract = books.contract
    kinds: tuple[tuple[Part, ShareOrMoney | None, int, str], ...] = (
        ("bonus", contract.bonus_cap, 1, "Bonus above its cap"),
        ("malus", contract.malus_cap, -1, "Malus above its cap"),
    )
    zero = books.arithmetic.number(0)
    for part, cap, sign, title in kinds:
        if cap is None:
            continue
        total = sum((entry.amount for entry in entries if entry.part == part), start=zero) * sign
        most = (
            books.arithmetic.number(cap.money)
            if cap.money is not None
            else np.maximum(charges, zero) * books.arithmetic.number(cap.share or 0)
        )
        yield Entry(("caps", part), part, title, np.maximum(total - most, zero) * -sign)
