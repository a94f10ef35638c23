"""A row of numbers as a row of bars, for terminals."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Iterable[float], top: float | None = None) -> str:
    """Values as a row of bars from 0 to `top` (by default the largest); a blank where there is nothing to show."""
    row = np.array(list(values), dtype=np.float64)
    known = row[~np.isnan(row)]
    if not known.size:
        return " " * len(row)
    highest = top if top is not None else float(known.max())
    if highest <= 0:
        return "".join(" " if isnan(value) else BARS[0] for value in row)
    steps = np.clip(np.nan_to_num(row) / highest * len(BARS), 0, len(BARS) - 1).astype(int)
    return "".join(" " if isnan(value) else BARS[step] for value, step in zip(row, steps, strict=True))
