"""Whether times of day are those of intervals, or of single events."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CELLS_LOOKED_AT = 300
_STEP = 5
"""Minutes, of which the steps of most reports of intervals are whole numbers."""
_CLOCK = re.compile(r"(?:^|[T\s])[0-9]{1,2}[:.]([0-9]{2})(?:[:.]([0-9]{2}))?(?![0-9.])")


def on_steps(cells: Iterable[str]) -> bool:
    """Whether times of day in cells may be those of intervals: half of them are whole numbers of five minutes."""
    clocks = [found[-1] for cell in islice(cells, _CELLS_LOOKED_AT) if (found := _CLOCK.findall(cell))]
    return sum(int(minutes) % _STEP == 0 and not int(seconds or 0) for minutes, seconds in clocks) >= 0.5 * len(clocks)
