"""From names to luck to seconds: the streams of a purpose, and the random times that belong to a luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

import numpy as np

from simulator.demand.quantiles import Law, log_gamma_table
from simulator.scenario.model import DistributionFamily
from simulator.streams import encoded, starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.scenario.model import Distribution

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


class Times:
    """One random time of every contact type."""

    def __init__(self, distributions: Sequence[Distribution]) -> None:
        laws = [Law.of(distribution) for distribution in distributions]
        self.random = np.array([law.family != "constant" for law in laws], dtype=np.bool_)
        """[type] Whether luck matters."""
        families = get_args(DistributionFamily)
        self._family = np.array([families.index(law.family) for law in laws], dtype=np.int64)
        self._mean = np.array([distribution.mean for distribution in distributions], dtype=np.float64)
        self._spread = np.array([law.spread for law in laws], dtype=np.float64)
        self._shift = np.array([law.shift for law in laws], dtype=np.float64)
        cvs = sorted({law.spread for law in laws if law.family == "gamma"})
        self._table = np.array([cvs.index(law.spread) if law.family == "gamma" else -1 for law in laws], dtype=np.int64)
        self._tables = np.array([log_gamma_table(cv) for cv in cvs]) if cvs else np.empty((0, 0, 4))

    def of(self, luck: Floats, bounds: Ints, place: Ints) -> Floats:
        """[row] Seconds; parameters as for `simulator.demand.compiled.times`."""
        from simulator.demand import compiled

        laws = self._family, self._mean, self._spread, self._shift, self._table, self._tables
        return compiled.times(*laws, luck, bounds, place)
