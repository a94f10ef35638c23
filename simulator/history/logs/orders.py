"""The table of orders: one row for each order or invoice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Orders:
    """Every order of an export, in the order of time. Columns have shape [order]; moments as in `Calls`."""

    sources: tuple[str, ...]
    timezone: str
    placed: Floats
    units: Floats
    """Pieces; nan: not known."""
    value: Floats
    """Money; nan: not known."""
    cancelled: Bools
    customer: Ints
    """Number of the customer; -1: not known."""
    day: Ints
    """Ordinal of the local date."""
    clock: Ints
    """Local time, seconds after midnight."""
    file: Ints
    line: Ints

    def __len__(self) -> int:
        return len(self.placed)
