"""Whether two engines, or an engine and a person with a pencil, say the same: bit for bit, and if not, where first."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import Outcome

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Ledger

    Played = tuple[ContactRecords, Ledger]


def first_difference(expected: Played, found: Played) -> str | None:
    """The first row of the records, or else the first cell of the ledger, that differs; None if nothing does.

    Floats are equal if their bits are, or if both are nan; shapes and types must be equal too.
    """
    tables: list[tuple[ContactRecords | Ledger, ContactRecords | Ledger]] = list(zip(expected, found, strict=True))
    for wanted, got in tables:
        table = type(wanted).__name__
        columns = [column.name for column in fields(wanted)]
        for name in columns:
            one, other = getattr(wanted, name), getattr(got, name)
            if (one.shape, one.dtype) != (other.shape, other.dtype):
                return f"{table}.{name} is {other.dtype}{other.shape}; expected {one.dtype}{one.shape}"
        differs = {name: np.argwhere(differ(getattr(wanted, name), getattr(got, name))) for name in columns}
        cells = [tuple(where[0].tolist()) for where in differs.values() if len(where)]
        if cells:
            return difference_at(expected, found, min(cells))
    return None


def difference_at(expected: Played, found: Played, cell: tuple[int, ...]) -> str:
    """How two rows of the records differ, (contact,), or two cells of the ledger, (group, interval)."""
    wanted, got = (played[len(cell) - 1] for played in (expected, found))
    names = [c.name for c in fields(wanted) if differ(getattr(wanted, c.name), getattr(got, c.name))[cell]]
    place = f"contact {cell[0]}" if len(cell) == 1 else f"group {cell[0]}, interval {cell[1]}"
    return f"{place}, {' and '.join(names)}:\n  expected {_row(wanted, cell)}\n  found    {_row(got, cell)}"


def differ(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.bool_]:
    """Where two columns are not the same to the bit; nan is nan."""
    unequal: NDArray[np.bool_] = np.ascontiguousarray(one).view(np.int64) != np.ascontiguousarray(other).view(np.int64)
    both_nan: NDArray[np.bool_] = np.isnan(one) & np.isnan(other)
    return unequal & ~both_nan


def _row(table: ContactRecords | Ledger, cell: tuple[int, ...]) -> str:
    values = {column.name: getattr(table, column.name)[cell].item() for column in fields(table)}
    if "outcome" in values:
        values["outcome"] = {outcome.value: outcome.name for outcome in Outcome}.get(
            values["outcome"], values["outcome"]
        )
    return ", ".join(f"{name} {value}" for name, value in values.items())
