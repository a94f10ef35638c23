"""A contract in plain words, clause by clause: what is paid for what, and by which service formula."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from simulator.language import number, plain
from simulator.planning.contracts.ledger import measure_of
from simulator.scenario.contract import PER
from simulator.scenario.units import format_duration
from simulator.words import definition_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.scenario.contract import (
        Band,
        Contract,
        ContractLine,
        ForecastLock,
        ServiceClause,
        ShareOrMoney,
        Term,
        TimeRate,
    )

_CENT = Decimal("0.01")
_RATE_DIGITS = Decimal("0.0001")
_RELIEF = {
    "period left out": "periods with volume beyond it are not judged",
    "excess left out": "contacts beyond it are not counted as missed",
    "counted": "the service level counts all",
}


def price_words(contract: Contract) -> list[tuple[str, str]]:
    """Each part of the price: its title, and what it says."""
    return list(_price(contract))


def service_formulas(contract: Contract) -> list[tuple[str, str]]:
    """Each service level that money hangs on: its title, and its formula with its bands; of none, that."""
    currency = contract.currency
    found = [(clause.title, _formula(clause, currency)) for clause in contract.service_levels]
    caps = [
        f"all {word} of a month at most {_change(cap, 'of its charges', currency)}"
        for word, cap in (("bonuses", contract.bonus_cap), ("maluses", contract.malus_cap))
        if cap is not None
    ]
    if caps:
        found.append(("Caps", "; ".join(caps)))
    return found or [("None", "no service level moves the price")]


def decimal_text(amount: Decimal) -> str:
    """A number of a contract with four decimals at most, and none that say nothing."""
    return plain(amount.quantize(_RATE_DIGITS, ROUND_HALF_UP))


def money_text(amount: Decimal) -> str:
    """An amount or a rate: whole, or with two decimals, or with as many more as it has."""
    cents = amount.quantize(_CENT)
    return number(float(cents), 2) if cents == amount and amount % 1 else decimal_text(amount)


def _price(contract: Contract) -> Iterator[tuple[str, str]]:
    currency = contract.currency
    for line in contract.lines:
        yield line.title, "; ".join(_line(line, currency))
    billing = contract.billing
    if billing.minimum is not None:
        yield "Minimum billing", f"{money_text(billing.minimum)} {currency} a month"
    if billing.maximum is not None:
        yield "Not to be exceeded", f"{money_text(billing.maximum)} {currency} a month"
    bound = [
        f"{word} {_term(term)}"
        for word, term in (("at least", contract.engagement.minimum), ("notice", contract.engagement.notice))
        if term.months or term.days
    ]
    if bound:
        yield "Engagement", ", ".join(bound)
    fees = [
        f"{word} {money_text(fee)} {currency}{per}"
        for word, fee, per in (
            ("set-up", contract.fees.set_up, ""),
            ("training", contract.fees.training, " an agent"),
            ("ramp-up", contract.fees.ramp, " an agent"),
        )
        if fee
    ]
    if fees:
        yield "Fees", ", ".join(fees)
    if contract.forecast_lock is not None:
        yield "Forecast lock", "; ".join(_lock(contract.forecast_lock, judged=bool(contract.service_levels)))


def _line(line: ContractLine, currency: str) -> Iterator[str]:
    per = PER[line.unit]
    if line.base is not None:
        yield (
            f"{decimal_text(line.base.units)} {per} a month in a block, used or not, at "
            f"{money_text(line.base.rate)} {currency}/{per}"
        )
    if line.rate is not None:
        beyond = "beyond it " if line.base is not None else ""
        yield f"{beyond}{money_text(line.rate)} {currency}/{per}"
    for tier in line.burst:
        yield f"above {decimal_text(tier.above)} {per} a month {money_text(tier.rate)} {currency}/{per}"
    for rate in (*line.times, *line.peaks):
        yield f"{_when(rate)} {_signed(rate.change, currency, per)}"
    for language, change in line.languages.items():
        yield f"{language} {_signed(change, currency, per)}"


def _when(rate: TimeRate) -> str:
    dates = f" ({rate.first} to {rate.last})" if rate.first is not None else ""
    return f"{rate.title}{dates}"


def _lock(lock: ForecastLock, *, judged: bool) -> Iterator[str]:
    yield (
        f"forecast as it stood {lock.weeks} weeks ahead, held against what came by {lock.per}; relief above "
        f"{_percent(1 + lock.relief_above)} of it"
    )
    if lock.beyond:
        yield f"units beyond {_percent(lock.beyond, signed=True)} of the rate"
    if lock.billed_at_least is not None:
        yield f"at least {_percent(lock.billed_at_least)} of it is billed"
    if judged:
        yield _RELIEF[lock.service_level]


def _formula(clause: ServiceClause, currency: str) -> str:
    within = format_duration(clause.within)
    counted = measure_of(clause.definition).formula
    of = "" if clause.definition == "within due" else f"{definition_words(clause.definition)}, "
    bands = "; ".join(_band(band, clause, currency) for band in clause.bands)
    return f"{' and '.join(clause.channels)} by the {clause.per}: {of}{counted}, T = {within}. {bands}"


def _band(band: Band, clause: ServiceClause, currency: str) -> str:
    of = f"of the charges of the {clause.per}"
    each = f"for each {clause.per}" if band.fee.money is not None else ""
    return f"{band}: {band.kind} {_change(band.fee, of, currency)} {each}".rstrip()


def _change(value: ShareOrMoney, of: str, currency: str) -> str:
    if value.money is not None:
        return f"{money_text(value.money)} {currency}"
    return f"{_percent(value.share or Decimal(0))} {of}"


def _signed(value: ShareOrMoney, currency: str, per: str) -> str:
    if value.money is not None:
        return f"{'+' if value.money > 0 else ''}{money_text(value.money)} {currency}/{per}"
    return _percent(value.share or Decimal(0), signed=True)


def _percent(share: Decimal, *, signed: bool = False) -> str:
    text = decimal_text(100 * share)
    return f"{'+' if signed and share > 0 else ''}{text} %"


def _term(term: Term) -> str:
    parts = []
    if term.months:
        parts.append(f"{term.months} month{'s' if term.months > 1 else ''}")
    if term.days:
        parts.append(f"{term.days} days")
    return " and ".join(parts)
