"""Reading exports of orders: one row an order, or several of which the units and values are added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from simulator.history.cells.moments import looks_like_date, looks_like_moment
from simulator.history.errors import refused
from simulator.history.logs.lengths import decimal_sign
from simulator.history.logs.numbers import read_numbers
from simulator.history.logs.orders import Orders
from simulator.history.logs.reader import LogReader
from simulator.history.logs.rows import text_of
from simulator.history.logs.times import distinct
from simulator.language import say
from simulator.scenario.errors import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.logs.content import NamedFile
    from simulator.history.logs.order_mapping import OrderMapping, OrderRole
    from simulator.history.logs.quality import LogQuality

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_AMOUNTS: tuple[OrderRole, ...] = ("units", "value")
_CANCELLED = frozenset({"1", "1.0", "true", "yes", "y", "x", "cancelled", "canceled", "kyllä", "peruttu", "peruutettu"})
_NOT_CANCELLED = frozenset(
    {"", "0", "0.0", "false", "no", "n", "ok", "not cancelled", "not canceled", "ei", "ei peruttu"}
)


def read_orders(files: Sequence[NamedFile], mapping: OrderMapping) -> tuple[Orders, LogQuality]:
    """Read exports of the same form into one table in the order of time.

    Rows of one file with the same number are one order: its time is the first, units and values are added up, and it
    is cancelled if all of them are that say anything about it. An order that an earlier file has told is left out.

    Raises
    ------
    ReportError
        If a file cannot be read, lacks a column of the mapping, or no row can be used.
    """
    if not mapping.columns.get("placed"):
        told = listed([column for words in mapping.columns.values() for column in words])
        raise refused(files[0][0] if files else "", say("refusals.no_placed", columns=told))
    log = LogReader(files, mapping.columns, mapping.forms)
    rows = log.rows
    placed = log.placing("placed").moments(log.cells("placed"))
    rows.drop("no_order_time", np.isnan(placed), text_of(log.cells("placed")))
    when = log.moment_text(placed)
    units, value = (_numbers(log, mapping, role) for role in _AMOUNTS)
    cancelled = _cancelled(log, mapping)
    stands = ~cancelled & ~log.is_word("cancelled", "")
    if not log.has("number"):
        rows.note("row_is_order", rows.kept.copy())
    number = log.names("number").index
    rows.drop("same_order", _in_earlier_file(number, rows.file), when)
    log.refuse_nothing()
    kept = np.flatnonzero(rows.kept)
    kept = kept[np.argsort(placed[kept], kind="stable")]
    first, order = _orders(number[kept])
    further = np.zeros(len(rows), dtype=np.bool_)
    further[np.delete(kept, first)] = True
    rows.note("row_of_order", further, when)
    day, clock = log.zone.local(placed[kept[first]])
    orders = Orders(
        sources=rows.sources,
        timezone=mapping.forms.timezone,
        placed=placed[kept[first]],
        units=_added_up(units[kept], order),
        value=_added_up(value[kept], order),
        cancelled=(np.bincount(order, cancelled[kept]) > 0) & (np.bincount(order, stands[kept]) == 0),
        customer=log.names("customer").index[kept[first]],
        day=day,
        clock=np.floor(clock).astype(np.int64),
        file=rows.file[kept[first]],
        line=rows.line[kept[first]],
    )
    return orders, log.quality(placed)


def _numbers(log: LogReader, mapping: OrderMapping, role: OrderRole) -> Floats:
    """[row] The numbers of a role; nan where there is none, or one that cannot be read."""
    columns = mapping.columns.get(role)
    if not columns:
        return np.full(len(log.rows), np.nan)
    cells = log.cells(role)
    values, wrong = read_numbers(cells, decimal_sign(log.rows, columns[0], cells, mapping.forms.decimal))
    log.rows.note("figure_left_empty", wrong, text_of(cells))
    return values


def _cancelled(log: LogReader, mapping: OrderMapping) -> Bools:
    """[row] Whether the order was cancelled: by the mapping's words, else by all that does not say no."""
    cells = pc.utf8_lower(log.cells("cancelled"))
    texts, place = distinct(cells)
    words = texts.to_pylist()
    if mapping.cancelled_words:
        yes = {word.lower() for word in mapping.cancelled_words}
        log.rows.note_misspelt(mapping.columns["cancelled"], cells, yes)
        return np.array([word in yes for word in words], dtype=np.bool_)[place]
    known = [word in _CANCELLED or looks_like_moment(word) or looks_like_date(word) for word in words]
    unknown = [not told and word not in _NOT_CANCELLED for told, word in zip(known, words, strict=True)]
    by_word = np.array(unknown, dtype=np.bool_)[place]
    log.rows.note("cancelled_by_word", by_word, text_of(log.cells("cancelled")))
    return np.array(known, dtype=np.bool_)[place] | by_word


def _in_earlier_file(number: Ints, file: Ints) -> NDArray[np.bool_]:
    """[row] Whether an earlier file has a row with the same number."""
    told = number >= 0
    first = np.full(number.max(initial=-1) + 1, len(file))
    np.minimum.at(first, number[told], file[told])
    return told & (file > first[number] if len(first) else False)


def _orders(number: Ints) -> tuple[Ints, Ints]:
    """[order] The first row of each order, and [row] the order that it is of; rows without a number are one each."""
    alone = np.where(number >= 0, number, number.max(initial=-1) + 1 + np.arange(len(number)))
    _, first, place = np.unique(alone, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.sort(first), rank[place]


def _added_up(values: Floats, order: Ints) -> Floats:
    """[order] The sum of what is told; nan where nothing is."""
    told = ~np.isnan(values)
    return np.where(np.bincount(order, told) > 0, np.bincount(order, np.nan_to_num(values)), np.nan)
