"""The invoice: what one future comes to, line by line in decimals, each month's total rounded once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal, localcontext
from typing import TYPE_CHECKING

from simulator.planning.contracts.arithmetic import EXACT
from simulator.planning.contracts.settlement import settle
from simulator.scenario.contract import PER
from simulator.scenario.paths import join_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.planning.contracts.books import Part
    from simulator.planning.contracts.ledger import Ledger
    from simulator.scenario.contract import Billing, Contract, RoundingRule

_ROUNDINGS: Mapping[RoundingRule, str] = {
    "half up": ROUND_HALF_UP,
    "half even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}
_SIGNS: Mapping[str, str] = dict(PER.items())
_DIGITS = 50
_DUST = Decimal("1e-24")
"""Thirds and sevenths leave as much behind, which must not tip a tie."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """What one clause comes to in one month."""

    clause: str
    """Where it stands in the contract file, as in "lines.hours.burst.first"."""
    month: str
    """As in "2026-11"."""
    part: Part
    title: str
    units: Decimal | None
    """None where nothing is counted."""
    unit: str
    """As in "logged hour"; "charges" where the units are money."""
    rate: Decimal | None
    """Money by unit, or a share of charges."""
    amount: Decimal
    """Not rounded."""

    @property
    def working(self) -> str:
        """Units and rate, as in "300 h x 31"; empty where nothing is counted."""
        if self.units is None or self.rate is None:
            return ""
        return f"{_short(self.units)} {_SIGNS.get(self.unit, self.unit)} x {_short(self.rate)}"


@dataclass(frozen=True, slots=True)
class ServiceAttained:
    """What a service level came to in one month, relief taken into account."""

    title: str
    month: str
    met: Decimal
    counted: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a contract comes to in one future."""

    contract: Contract
    lines: tuple[InvoiceLine, ...]
    """In order of their months; clauses that come to nothing are left out."""
    totals: Mapping[str, Decimal]
    """Of each month, rounded as the contract says."""
    attained: tuple[ServiceAttained, ...]

    @property
    def total(self) -> Decimal:
        """Of all months, each rounded by itself."""
        return sum(self.totals.values(), Decimal(0))

    def __str__(self) -> str:
        currency = self.contract.currency
        cells = [(line.month, line.title, line.working, _cents(line.amount), line.clause) for line in self.lines]
        cells += [(month, "Total", "", f"{total:,f}", currency) for month, total in self.totals.items()]
        wide = [max(map(len, column)) for column in zip(*cells, strict=True)]
        rows = [f"{self.contract.title}, in {currency}"]
        for month, title, working, amount, clause in sorted(cells, key=lambda row: row[0]):
            rows.append(f"{month}  {title:<{wide[1]}}  {working:>{wide[2]}}  {amount:>{wide[3]}}  {clause}")
        rows += [
            f"{each.month}  {each.title}: {_short(each.met)} of {_short(each.counted)} counted"
            for each in self.attained
            if each.counted
        ]
        return "\n".join(rows)


def invoice(contract: Contract, ledger: Ledger) -> Invoice:
    """Write the invoice of one future.

    Parameters
    ----------
    contract
        What is agreed.
    ledger
        What happened, in one future; each number counts as its shortest decimal, 0.1 as a tenth.

    Returns
    -------
    The lines unrounded, and the total of each calendar month rounded once.

    Raises
    ------
    ValueError
        If the ledger is of many futures, or lacks what a clause needs; the message names the clause.
    """
    if ledger.futures != 1:
        msg = f"An invoice is of one future; the ledger has {ledger.futures}. Take ledger.future(n)."
        raise ValueError(msg)
    with localcontext(Context(prec=_DIGITS)):
        settlement = settle(contract, ledger, EXACT)
        months = [str(month) for month in settlement.months]
        lines = tuple(
            InvoiceLine(
                clause=join_path(entry.clause),
                month=month,
                part=entry.part,
                title=entry.title,
                units=None if entry.units is None else entry.units[0, at],
                unit=entry.unit,
                rate=entry.rate,
                amount=entry.amount[0, at],
            )
            for at, month in enumerate(months)
            for entry in settlement.entries
            if entry.amount[0, at]
        )
        sums = settlement.of()[0]
        totals = {month: rounded(amount, contract.billing) for month, amount in zip(months, sums, strict=True)}
        attained = tuple(
            ServiceAttained(each.clause.title, month, each.met[0, at], each.counted[0, at])
            for at, month in enumerate(months)
            for each in settlement.attained
        )
    return Invoice(contract, lines, totals, attained)


def rounded(amount: Decimal, billing: Billing) -> Decimal:
    """An amount rounded as a contract says."""
    with localcontext(Context(prec=_DIGITS)):
        steps = (amount / billing.round_to).quantize(_DUST, ROUND_HALF_EVEN)
        return steps.quantize(Decimal(1), _ROUNDINGS[billing.rounding]) * billing.round_to + 0  # no total of -0.00


def _short(number: Decimal) -> str:
    """A number with four decimals at most."""
    text = f"{number.quantize(Decimal('0.0001'), ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".")


def _cents(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,f}"
