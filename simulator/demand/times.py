"""The random times of contacts: a quantile for each contact type's distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np

from simulator.demand.quantiles import Law, log_gamma_table
from simulator.scenario.model import Distribution, DistributionFamily

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FOR_EVER = Distribution("constant", np.inf, 0.0)
NO_TIME = Distribution("constant", 0.0, 0.0)


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
        shapes = sorted({law.pieces for law in laws if law.pieces})
        table = [
            cvs.index(law.spread) if law.family == "gamma" else shapes.index(law.pieces) if law.pieces else -1
            for law in laws
        ]
        self._table = np.array(table, dtype=np.int64)
        self._gammas = np.array([log_gamma_table(cv) for cv in cvs]) if cvs else np.empty((0, 0, 4))
        self._pieces = np.full((len(shapes), max(map(len, shapes), default=0), 3), np.inf)
        """[table, piece, column] What is not filled begins where nothing comes."""
        for number, pieces in enumerate(shapes):
            self._pieces[number, : len(pieces)] = pieces

    def of(self, luck: Floats, bounds: Ints, place: Ints) -> Floats:
        """[row] Seconds; parameters as for `simulator.demand.compiled.times`."""
        from simulator.demand import compiled

        laws = self._family, self._mean, self._spread, self._shift, self._table, self._gammas, self._pieces
        return compiled.times(*laws, luck, bounds, place)
