"""Whether what was given a chance of 70 % happens in 70 % of cases: the calibration of P(target met)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.backtest.agreement import share_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.experiment import Estimate

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

BINS = 5
"""Of equal width, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The cells whose target was given a chance between two bounds."""

    low: float
    high: float
    cells: int
    predicted: float
    """Mean chance that they were given."""
    met: Estimate
    """Share of them that met it."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Chances given beforehand, against what came."""

    cells: int
    bins: tuple[Bin, ...]
    """Those that have any cells."""
    met: float
    """Share of all cells that met the target."""
    predicted: float
    """Mean chance of all."""
    brier: float
    """Mean of (chance - what came)^2, where what came is 1 or 0: 0 is best (Brier 1950)."""
    brier_of_share: float
    """The same of one chance for all: the share of training cells that met the target."""

    @property
    def skill(self) -> float:
        """1 - Brier score / that of one chance for all: 0 is no better than it, 1 is certainty that is right."""
        return 1.0 - self.brier / self.brier_of_share if self.brier_of_share > 0 else float("nan")


def reliability(chance: Floats, met: Bools, day: Ints, usual: float) -> Reliability:
    """Hold chances against what came.

    Parameters
    ----------
    chance, met, day
        [cell] P(target met), whether it was, and the day.
    usual
        The share of training cells that met the target.
    """
    known = ~np.isnan(chance)
    chance, met, day = chance[known], met[known], day[known]
    number = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    bins = tuple(
        Bin(each / BINS, (each + 1) / BINS, int(of.sum()), float(chance[of].mean()), share_of(met[of], day[of]))
        for each in range(BINS)
        if (of := number == each).any()
    )
    if not len(chance):
        return Reliability(0, (), *[float("nan")] * 4)
    came = met.astype(np.float64)
    return Reliability(
        cells=len(chance),
        bins=bins,
        met=float(came.mean()),
        predicted=float(chance.mean()),
        brier=float(((chance - came) ** 2).mean()),
        brier_of_share=float(((usual - came) ** 2).mean()),
    )
