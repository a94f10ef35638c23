"""Finding the row that names the columns, below whatever titles a report starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.history.cells.moments import looks_like_clock, looks_like_date, looks_like_moment
from simulator.history.cells.numbers import NOTHING, bare
from simulator.history.errors import refused
from simulator.history.files.words import known
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.history.files.text import Row

ROWS_LOOKED_AT = 40
_KNOWN, _TEXT, _MOMENT, _FIGURE = 3.0, 1.0, 0.5, -2.0


def header_place(name: str, rows: Sequence[Row]) -> int:
    """Index of the row that most looks like names of columns: the first of equals.

    Raises
    ------
    ReportError
        If none of the first rows does.
    """
    scores = [_score(cells) for _, cells in rows[:ROWS_LOOKED_AT]]
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    if best is None or scores[best] <= 0:
        line, cells = rows[0] if rows else (1, ("",))
        message = say("refusals.no_header", rows=min(len(rows), ROWS_LOOKED_AT))
        raise refused(name, message, line, value=", ".join(cells))
    if best == len(rows) - 1:
        line, cells = rows[best]
        raise refused(name, say("refusals.no_figures"), line, value=", ".join(cells))
    return best


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns, all different: one without a name gets its number, and equal ones are numbered."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        base = " ".join(cell.split()) or f"column {place}"
        name, often = base, 1
        while name in names:
            often += 1
            name = f"{base} ({often})"
        names.append(name)
    return tuple(names)


def _score(cells: Sequence[str]) -> float:
    filled = [cell for cell in cells if cell.lower() not in NOTHING]
    return sum(map(_cell_score, filled)) if len(filled) > 1 else 0.0


def _cell_score(cell: str) -> float:
    if looks_like_date(cell) or looks_like_clock(cell) or looks_like_moment(cell):
        return _MOMENT
    if not any(letter.isalpha() for letter in bare(cell)):
        return _FIGURE
    return _KNOWN if known(cell) else _TEXT
