"""From names to luck: the streams of a purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.streams import encoded, starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Cell(NamedTuple):
    """One contact type and date, and its stretch of intervals."""

    kind: int
    begin: int
    end: int
    name: tuple[str, ...]


class Luck:
    """The streams of one purpose: one for each cell."""

    def __init__(self, purpose: str, cells: Sequence[Cell]) -> None:
        self._names = [encoded(purpose, *cell.name) for cell in cells]
        self._kind, self._begin, self._end = (
            np.array([cell[field] for cell in cells], dtype=np.int64) for field in range(3)
        )

    def read(self, seed: int, replication: int, count: Ints, first: Ints) -> Floats:
        """[contact] Everybody's luck, by birth; 0 outside the cells.

        Parameters
        ----------
        count, first
            [type, interval] Contacts, and the birth number of the first of them.
        """
        luck = np.zeros(count.sum())
        if self._names:
            from simulator.demand import compiled

            start = starts(seed, replication, self._names)
            compiled.read_rows(start, self._kind, self._begin, self._end, count, first, luck)
        return luck
