"""The kinds of values that fields of a contract take, each with its check and its JSON Schema."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from simulator.scenario.contract import PER, Term
from simulator.scenario.errors import shown
from simulator.scenario.units import Money, exact, parse_factor, parse_money, parse_share

if TYPE_CHECKING:
    from collections.abc import Iterator

_TERM = re.compile(r"([0-9]{1,4})\s*(months?|wk|weeks?|d|days?)")
_LONGEST_TERM = 3650
_RATES = tuple(dict.fromkeys(PER.values()))
_RATES_ALLOWED = "27 EUR/h, 3600 EUR/FTE-month, 0.55 EUR/min, 3.20 EUR/contact or 4.10 EUR/resolved contact"

Priced = tuple[tuple[str, ...], Money]
"""A sum of money with its path from the table that holds it."""


def _term(value: object) -> Term:
    parts = _TERM.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None:
        msg = f'{shown(value)} is not a term: write calendar months, weeks or days, as in "3 months", "6 wk" or "30 d".'
        raise ValueError(msg)
    number, unit = int(parts[1]), parts[2]
    days = number * {"m": 30, "w": 7, "d": 1}[unit[0]]
    if days > _LONGEST_TERM:
        msg = f"{shown(value)} is too long; ten years are the longest allowed."
        raise ValueError(msg)
    return Term(months=number) if unit[0] == "m" else Term(days=days)


def _rate(value: object) -> Money:
    money = parse_money(value)
    if money.per not in _RATES:
        msg = f"{shown(value)} is not the price of a billed unit: write it as in {_RATES_ALLOWED}."
        raise ValueError(msg)
    return money


def _change(value: object) -> Decimal | Money:
    """A change of a rate: a share with its sign, or money by unit."""
    if isinstance(value, str) and value.strip().endswith("%"):
        if value.strip()[0] not in "+-":
            msg = f'{shown(value)} is not a change: write it with its sign, "+30 %" for more or "-10 %" for less.'
            raise ValueError(msg)
        return exact(parse_factor(value)) - 1
    money = parse_money(value, allow_negative=True)
    if money.per not in _RATES:
        msg = f'{shown(value)} is not a change of a rate: write "+30 %", with its sign, or money by unit, "6 EUR/h".'
        raise ValueError(msg)
    return money


def _more_or_less(value: object) -> Decimal:
    change = _change(value)
    if isinstance(change, Money):
        msg = f'{shown(value)} is not a share: write the change with its sign, as in "+20 %".'
        raise ValueError(msg)
    return change


def _share_or_money(value: object) -> Decimal | Money:
    if isinstance(value, str) and not value.strip().endswith("%"):
        money = parse_money(value)
        if money.per is not None:
            msg = (
                f'{shown(value)} is a price; write a share of the charges, as in "5 %", or an amount, as in "500 EUR".'
            )
            raise ValueError(msg)
        return money
    return exact(parse_share(value))


def _agent_fee(value: object) -> Money:
    money = parse_money(value)
    if money.per != "agent":
        msg = f'{shown(value)} is not a price by agent: write it with "/agent", as in "600 EUR/agent".'
        raise ValueError(msg)
    return money


def _schema(unit: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "unit": unit, "examples": list(examples)})


Length = Annotated[Term, PlainValidator(_term), _schema("months, weeks or days", "3 months", "6 wk")]
Rate = Annotated[Money, PlainValidator(_rate), _schema("money per billed unit", "27 EUR/h", "3.20 EUR/contact")]
Change = Annotated[
    Decimal | Money, PlainValidator(_change), _schema("change, or money per billed unit", "+30 %", "6 EUR/h")
]
MoreOrLess = Annotated[Decimal, PlainValidator(_more_or_less), _schema("change", "+20 %")]
_share_or_money_schema: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "number", "minimum": 0, "maximum": 1}],
    "unit": "share, or money",
    "examples": ["5 %", "500 EUR"],
}
ShareOrAmount = Annotated[Decimal | Money, PlainValidator(_share_or_money), WithJsonSchema(_share_or_money_schema)]
AgentFee = Annotated[Money, PlainValidator(_agent_fee), _schema("money per agent", "600 EUR/agent")]


def money_at(path: tuple[str, ...], value: object) -> Iterator[Priced]:
    """The value with its path, if it is a sum of money."""
    if isinstance(value, Money):
        yield path, value
