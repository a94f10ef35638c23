"""What cells of logs look like: moments, lengths of time, short dates, and clocks that stand for nothing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from simulator.history.cells.moments import looks_like_clock, looks_like_moment
from simulator.history.cells.numbers import decimal_shown, parse_seconds
from simulator.history.files.words import unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.history.logs.mapping import Words

CELLS_LOOKED_AT = 300
MOST = 0.8
"""Share of a column's cells that must look alike."""
SHORT_DATE = "%y%m%d"
_NO_CLOCKS = ("0:00:00", "00:00:00", "0:00", "00:00")
_OFTEN = 0.002
"""Share of midnights that no log has by chance: a day has 86,400 seconds, and nights are quiet."""


def no_clocks(cells: Sequence[str]) -> Words:
    """The midnights in a column of clock times that are too many to be moments."""
    often = Counter(cell for cell in cells if cell in _NO_CLOCKS)
    clocks = sum(looks_like_clock(cell) for cell in islice(cells, CELLS_LOOKED_AT))
    if clocks < MOST * min(len(cells), CELLS_LOOKED_AT):
        return ()
    return tuple(word for word, count in often.items() if count > max(1, _OFTEN * len(cells)))


def is_moment(cell: str) -> bool:
    """Whether this is a clock time, with or without a date."""
    return looks_like_moment(cell) or looks_like_clock(cell)


def is_length(cell: str) -> bool:
    """Whether this is a length of time."""
    try:
        return parse_seconds(cell, decimal_shown(cell) or ".", 1.0) >= 0
    except ValueError:
        return False


def units_of(columns: Mapping[str, Sequence[str]]) -> dict[str, float] | None:
    """Column -> seconds in the unit that its name says, of those with plain numbers that are no seconds; None if none.

    Parameters
    ----------
    columns
        Name of each column of lengths of time -> its cells.
    """
    units = {name: unit_of(name) for name, cells in columns.items() if any(map(_is_plain, cells))}
    return {name: unit for name, unit in units.items() if unit != 1.0} or None


def _is_plain(cell: str) -> bool:
    """Whether this is a length of time that says no unit of its own."""
    sign = decimal_shown(cell) or "."
    return is_length(cell) and parse_seconds(cell, sign, 1.0) != parse_seconds(cell, sign, 60.0)


def is_short_date(cell: str) -> bool:
    """Whether this is a date such as 990201."""
    if len(cell) != 6 or not cell.isdecimal():
        return False
    try:
        datetime.strptime(cell, SHORT_DATE)
    except ValueError:
        return False
    return True
