"""The wide summary: one row for each case, with what was set in it and its measures side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.batch.record import Record

_TOLD = {
    "case": pa.int32(),
    "scenario": pa.string(),
    "variant": pa.string(),
    "replications": pa.int32(),
    "seed": pa.int64(),
    "precision_reached": pa.bool_(),
    "contacts": pa.int64(),
    "error": pa.string(),
    "hash": pa.string(),
}


def summary_table(records: Iterable[Record]) -> pa.Table:
    """Records side by side. Columns are the same for all; what a case does not have is empty.

    A field that an axis sets is a column of its own, called by its path: numbers if all its values are, otherwise text.
    """
    told: dict[str, list[object]] = {name: [] for name in _TOLD}
    swept: dict[str, list[object]] = {}
    numbers: dict[str, list[object]] = {}
    for row, record in enumerate(records):
        for name, column in told.items():
            column.append(getattr(record, name))
        for columns, said in ((swept, record.swept), (numbers, record.summary)):
            for name in said:
                columns.setdefault(name, [None] * row)
            for name, column in columns.items():
                column.append(said.get(name))
    table = {name: pa.array(column, type=_TOLD[name]) for name, column in told.items()}
    end = {name: table.pop(name) for name in ("error", "hash")}
    return pa.table(
        table
        | {name: _column(swept[name]) for name in swept}
        | {name: pa.array(numbers[name], type=pa.float64()) for name in numbers}
        | end
    )


def _column(values: list[object]) -> pa.Array:
    """Values that an axis sets: as numbers if that is what they are, text otherwise."""
    plain = [value for value in values if value is not None]
    if all(isinstance(value, bool) for value in plain):
        return pa.array(values, type=pa.bool_())
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in plain):
        return pa.array(values, type=pa.float64())
    return pa.array([None if value is None else str(value) for value in values], type=pa.string())
