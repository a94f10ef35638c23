"""A plan without a solver's search: the linear relaxation rounded down, and shifts added until nothing is lacking.

It is what a plan falls back on when there is no time, and it may be far from the cheapest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.shifts import PossibleShifts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Rows(NamedTuple):
    """What a plan must give, and what it may not pass."""

    gives: csr_array
    """[row, column]"""
    least: Floats
    takes: csr_array
    """[row, column]"""
    most: Floats


def stopgap(shifts: PossibleShifts, price: Floats, rows: Rows, relaxed: Floats, most_steps: int) -> Floats | None:
    """[column] Shifts worked and places taken that give and take what the rows say; None if it gets stuck.

    One shift after the other is added that makes good most of what is lacking for its price, with each of its breaks
    where that does least harm.

    Parameters
    ----------
    price
        [column]
    relaxed
        [column] A solution that need not be whole.
    most_steps
        Shifts that may be added.
    """
    scale = np.maximum(abs(rows.gives).max(axis=1).toarray().ravel(), 1e-12)
    gives, takes = csc_array(rows.gives.multiply(1.0 / scale[:, None])), csc_array(rows.takes)
    least = rows.least / scale
    count = len(shifts)
    x = np.floor(relaxed + 1e-6)
    x[count:] = 0.0
    given, taken = gives @ x, takes @ x
    breaks = _breaks(shifts)
    for shift in np.repeat(np.arange(count), x[:count].astype(np.int64)).tolist():
        _take_breaks(breaks.get(shift, []), x, given, gives, least)
    worth = csr_array(gives[:, :count].T)
    price = np.maximum(price[:count], 1e-9)
    usable = np.ones(count, dtype=bool)
    for _ in range(most_steps):
        lacking = np.maximum(least - given, 0.0)
        if not (lacking > 1e-9).any():
            return x
        gain = np.where(usable, worth @ np.minimum(lacking, 1.0), 0.0) / price
        shift = int(gain.argmax())
        if gain[shift] <= 0.0:
            return None
        column = takes[:, [shift]].toarray().ravel()
        if (taken + column > rows.most + 1e-9)[column > 0.0].any():
            usable[shift] = False
            continue
        x[shift] += 1.0
        taken += column
        given += gives[:, [shift]].toarray().ravel()
        _take_breaks(breaks.get(shift, []), x, given, gives, least)
    return None


def _breaks(shifts: PossibleShifts) -> dict[int, list[Ints]]:
    """The columns in which each break of each shift may lie."""
    found: dict[int, dict[int, list[int]]] = {}
    for place, (shift, number) in enumerate(zip(shifts.break_shift, shifts.break_number, strict=True)):
        found.setdefault(int(shift), {}).setdefault(int(number), []).append(len(shifts) + place)
    return {shift: [np.array(columns) for columns in by_number.values()] for shift, by_number in found.items()}


def _take_breaks(breaks: list[Ints], x: Floats, given: Floats, gives: csc_array, least: Floats) -> None:
    """Lay each break where least is lacking after it."""
    for columns in breaks:
        lost = gives[:, columns].toarray()
        harm = np.maximum(least[:, None] - (given[:, None] + lost), 0.0).sum(axis=0)
        best = int(harm.argmin())
        x[columns[best]] += 1
        given += lost[:, best]
