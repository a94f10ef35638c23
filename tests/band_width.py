"""How wide bands are: one that is wide enough holds everything, and says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.history.backtest import BAND, FIGURES

if TYPE_CHECKING:
    from simulator.history.backtest import BackTest, Cut, FigureName


def relative_width(test: BackTest, cut: Cut, figure: FigureName) -> float:
    """The median width of the bands with the model's error, over that of the one band that knows nothing of a cell.

    That one goes, for all cells alike, from the 5 % to the 95 % quantile of what was observed on training days.
    """
    assert test.held_back is not None
    bands, past = test.outlook(cut, figure), FIGURES[figure].of(test.held_back[cut].observed)
    low, high = np.nanquantile(past, [(1.0 - BAND) / 2.0, (1.0 + BAND) / 2.0])
    return float(np.nanmedian(bands.high - bands.low) / (high - low))
