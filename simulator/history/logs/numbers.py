"""Columns of numbers: those in the plainest form at once, each other different text as in a single cell of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.history.cells.numbers import parse_number
from simulator.history.logs.times import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.cells.numbers import DecimalSign

_PLAIN = {".": r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$", ",": r"^-?[0-9]{1,15}(,[0-9]{1,15})?$"}


def read_numbers(cells: pa.Array, decimal: DecimalSign) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read a column of numbers.

    Returns
    -------
    Floats, Bools
        [row] The number, nan where there is none; whether the cell holds something else.
    """
    texts, place = distinct(cells)
    plain = pc.match_substring_regex(texts, _PLAIN[decimal])
    pointed = pc.replace_substring(texts, ",", ".") if decimal == "," else texts
    values = np.array(pc.cast(pc.if_else(plain, pointed, "nan"), pa.float64()))
    wrong = np.zeros(len(texts), dtype=np.bool_)
    for row in np.flatnonzero(~plain.to_numpy(zero_copy_only=False)):
        text = texts[row].as_py()
        if text:
            try:
                values[row] = parse_number(text, decimal)
            except ValueError:
                wrong[row] = True
    return values[place], wrong[place]
