"""Bonus and malus: service levels judged period by period, and what their bands come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.contracts.books import Entry, refuse
from simulator.planning.contracts.lock import HAIR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.planning.contracts.arithmetic import Array
    from simulator.planning.contracts.books import Books, Part, Path
    from simulator.planning.contracts.lock import Locked
    from simulator.scenario.contract import Band, Fee, ServiceClause


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
        entries += [judged.entry(place, band, charges) for place, band in enumerate(clause.bands)]
    return attained, [*entries, *_caps(books, entries, charges)]


class _Judged:
    """A service level, period by period."""

    def __init__(self, books: Books, clause: ServiceClause, locked: Locked | None) -> None:
        self.books, self.clause = books, clause
        self.here: Path = ("service_levels", clause.name)
        met, counted = (
            sum(each) for each in zip(*(self._of_channel(channel, locked) for channel in clause.channels), strict=True)
        )
        self.met, self.counted = (books.by_period(each, clause.per) for each in (met, counted))
        """[future, period]"""

    def _of_channel(self, channel: str, locked: Locked | None) -> tuple[Array, Array]:
        """[future, interval] Met and counted of a channel, relief taken into account."""
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
        met = books.kept(ledger.met, "contacts that met a service level", self.here)
        counted = books.kept(ledger.counted, "contacts that a service level counts", self.here)
        met, counted = met[:, rows[0]], counted[:, rows[0]]
        if locked is None or locked.lock.service_level == "counted":
            return met, counted
        beyond, one, zero = locked.beyond_by_interval(channel), books.arithmetic.number(1), books.arithmetic.number(0)
        if locked.lock.service_level == "period left out":
            stays = beyond == zero
            return np.where(stays, met, zero), np.where(stays, counted, zero)
        return met, np.maximum(met, counted * (one - beyond))

    def by_month(self, values: Array) -> Array:
        """[future, month] Sums over the periods."""
        books = self.books
        months = books.month_of_period(self.clause.per)
        return books.every_future(books.arithmetic.sums(values, months, len(books.months)))

    def entry(self, place: int, band: Band, charges: Array) -> Entry:
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
        clause = (*self.here, "bands", str(place))
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
    kinds: tuple[tuple[Part, Fee | None, int, str], ...] = (
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
