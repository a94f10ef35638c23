"""Columns of dates, clock times, moments and lengths of time, read at once: each distinct text by the same functions
that read single cells of reports (`moments`, `numbers`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from simulator.history.moments import DateOrder
    from simulator.history.numbers import DecimalSign

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Times:
    """A column of moments as they are written. All have shape [row]."""

    day: Ints
    """Ordinal of the date; 0: only a clock time is told, or nothing."""
    clock: Floats
    """Seconds after midnight; nan: nothing is told."""
    offset: Floats
    """Seconds east of Greenwich; nan: not told."""
    wrong: Bools
    """Whether the cell holds something else."""


def read_times(cells: pa.Array, order: DateOrder, date_format: str = "") -> Times:
    """Read a column of moments: dates with clock times, dates alone, or clock times alone."""
    raise NotImplementedError


def read_lengths(cells: pa.Array, decimal: DecimalSign, unit: float = 1.0) -> tuple[Floats, Bools]:
    """Read a column of lengths of time: seconds [row], nan where there is none, and whether the cell holds something
    else [row]."""
    raise NotImplementedError
