"""Guessing what the columns of exports of tickets and orders hold: by their names, if their cells agree."""

from __future__ import annotations

import re
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

from simulator.history.cells.moments import looks_like_date, looks_like_moment
from simulator.history.cells.numbers import NOTHING, bare
from simulator.history.files.words import place_of, words_of
from simulator.history.logs.guess_cells import is_length, units_of
from simulator.history.logs.mapping import CellForms
from simulator.history.logs.order_mapping import OrderMapping, OrderRole
from simulator.history.logs.ticket_mapping import TicketMapping, TicketRole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.history.logs.table import LogTable

_CELLS_LOOKED_AT = 300
_MOST = 0.8
"""Share of a column's cells that must look alike."""

_TICKET_WORDS: Mapping[TicketRole, str] = {
    "created": (
        "created, created at, created on, creation date, opened, opened at, date opened, received, received at, "
        "submitted, submitted at, started, started at, "
        "luotu, luontiaika, avattu, avausaika, saapunut, saapumisaika, vastaanotettu"
    ),
    "first_reply": (
        "first reply, first reply at, first response, first response at, first answer, first answered, "
        "initial response, first teammate reply, first teammate reply at, "
        "replied, replied at, ensimmäinen vastaus, ensivastaus, vastattu"
    ),
    "replied_after": (
        "first reply time, time to first reply, first response time, time to first response, reply time, "
        "response time, vastausaika, ensivastausaika, aika ensivastaukseen"
    ),
    "solved": (
        "solved, solved at, resolved, resolved at, resolution date, closed, closed at, date closed, completed, "
        "completed at, ratkaistu, ratkaisuaika, suljettu, sulkemisaika, valmis"
    ),
    "channel": "channel, via, medium, ticket channel, kanava",
    "topic": "topic, category, reason, ticket type, aihe, luokka, kategoria, syy",
    "customer": "customer, customer id, customer number, requester, requester id, asiakas, asiakasnumero",
    "number": "ticket, ticket id, ticket number, case, case id, case number, id, tiketti, tikettinumero, tapaus",
}
_ORDER_WORDS: Mapping[OrderRole, str] = {
    "placed": (
        "placed, placed at, order date, order time, order datetime, order placed, ordered, ordered at, invoice date, "
        "invoice datetime, purchase date, purchased, purchased at, created, created at, timestamp, "
        "tilattu, tilausaika, tilauspäivä, laskun päivä"
    ),
    "units": "units, quantity, qty, items, pieces, kpl, määrä, kappaleet",
    "value": (
        "value, order value, total, order total, amount, revenue, sales, price, arvo, tilauksen arvo, summa, yhteensä"
    ),
    "cancelled": "cancelled, canceled, is cancelled, cancellation, peruttu, peruutettu",
    "customer": "customer, customer id, customer number, buyer, email, asiakas, asiakasnumero, sähköposti",
    "number": (
        "order, order id, order no, order number, invoice, invoice no, invoice number, invoice id, tilaus, "
        "tilausnumero, laskunumero"
    ),
}
_COUNTED = frozenset({"interactions", "replies", "responses", "contacts", "satisfaction", "since", "type"})
"""What ends the names of columns that say something about a customer, but not which one it is."""
_DEALT_WITH = {"first_reply", "replied_after", "solved"}
"""Of these an export of tickets has one."""
_DIGIT = re.compile(r"[0-9]")
_HASH_NUMBER = re.compile(r"#\s?[\w-]*[0-9]")
"""#1001: how web shops number orders, whatever they call the column."""


class EventGuess(NamedTuple):
    """What the columns of an export are thought to hold."""

    columns: Mapping[str, str]
    """Role -> column."""
    seen: Mapping[str, str]
    """Role -> the words of the column's name that say so."""
    by_cells: Mapping[str, str] = MappingProxyType({})
    """Role -> the first cell of its column, which says so where the name does not."""


def guess_tickets(table: LogTable) -> EventGuess | None:
    """What an export of tickets holds; None if it does not look like one."""
    guess = _guess(table, _TICKET_WORDS)
    return guess if "created" in guess.columns and guess.columns.keys() & _DEALT_WITH else None


def guess_orders(table: LogTable) -> EventGuess | None:
    """What an export of orders holds; None if it does not look like one."""
    guess = _numbered(table, _guess(table, _ORDER_WORDS))
    return guess if "placed" in guess.columns and guess.columns.keys() & {"number", "units", "value"} else None


def ticket_mapping(table: LogTable, guess: EventGuess, timezone: str) -> TicketMapping:
    """The mapping that a guess makes."""
    columns = {cast("TicketRole", role): (name,) for role, name in guess.columns.items()}
    if "first_reply" in columns:
        columns.pop("replied_after", None)
    unit = units_of({name: table.cells[name].to_pylist() for name in columns.get("replied_after", ())})
    return TicketMapping(columns, CellForms(timezone=timezone, unit=unit))


def order_mapping(guess: EventGuess, timezone: str) -> OrderMapping:
    """The mapping that a guess makes."""
    columns = {cast("OrderRole", role): (name,) for role, name in guess.columns.items()}
    return OrderMapping(columns, CellForms(timezone=timezone))


def _guess(table: LogTable, words: Mapping[TicketRole, str] | Mapping[OrderRole, str]) -> EventGuess:
    """The column of each role whose name says it by the longest phrase: the first of equals."""
    best: dict[str, tuple[int, str, str]] = {}
    for name in table.columns:
        said = words_of(name)
        # Of phrases of one length the last in the name: an order date is a date.
        found = sorted(
            (
                (len(phrase), place, role, " ".join(phrase))
                for role, text in words.items()
                for phrase in map(words_of, text.split(", "))
                if (place := place_of(phrase, said)) is not None and not (role == "customer" and said[-1] in _COUNTED)
            ),
            reverse=True,
        )
        told = next((each for each in found if _agree(table, name, each[2])), None)
        if told is None:
            continue
        length, _, role, seen = told
        if role not in best or length > best[role][0]:
            best[role] = (length, name, seen)
    in_order = [role for role in words if role in best]
    return EventGuess({role: best[role][1] for role in in_order}, {role: best[role][2] for role in in_order})


def _numbered(table: LogTable, guess: EventGuess) -> EventGuess:
    """The guess, with the column of order numbers told by its cells where no name tells it."""
    if "number" in guess.columns:
        return guess
    for name in table.columns:
        some = _some(table, name)
        if some and name not in guess.columns.values() and _mostly(_is_hash_number, some):
            return guess._replace(columns={**guess.columns, "number": name}, by_cells={"number": some[0]})
    return guess


def _agree(table: LogTable, name: str, role: str) -> bool:
    """Whether most cells of a column that say something may hold what a role asks for."""
    test = _TESTS.get(role)
    return test is None or _mostly(test, _some(table, name))


def _some(table: LogTable, name: str) -> list[str]:
    """The first cells of a column that say something."""
    cells = (cell for cell in table.cells[name].to_pylist() if cell.lower() not in NOTHING)
    return list(islice(cells, _CELLS_LOOKED_AT))


def _mostly(test: Callable[[str], bool], cells: list[str]) -> bool:
    return sum(map(test, cells)) >= _MOST * len(cells)


def _is_moment(cell: str) -> bool:
    return looks_like_moment(cell) or looks_like_date(cell)


def _is_number(cell: str) -> bool:
    return bare(cell).lstrip("+-").replace(".", "").replace(",", "").isdecimal()


def _has_digit(cell: str) -> bool:
    return _DIGIT.search(cell) is not None


def _is_hash_number(cell: str) -> bool:
    return _HASH_NUMBER.fullmatch(cell) is not None


_TESTS: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(("created", "first_reply", "solved", "placed"), _is_moment),
    **dict.fromkeys(("units", "value"), _is_number),
    "replied_after": is_length,
    "number": _has_digit,
}
"""What the cells of a role must look like; those of the others may hold any words."""
