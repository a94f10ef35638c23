"""What became of every row of a log. Nothing is dropped silently: `read` = `kept` + left out + refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from simulator.history.cells.moments import DateOrder
    from simulator.history.quality import Finding, Kind

MOST_LINES = 50
"""Lines kept of one finding; its count is of all."""


@dataclass(frozen=True, slots=True)
class LogQuality:
    """How a log was read, all its files together."""

    read: int
    """Rows below the headers; those without any cell do not count."""
    kept: int
    findings: tuple[Finding, ...]
    """By reason and file; `figures` is the number of rows, exact; `lines` are the first of them."""
    first_day: date
    last_day: date
    missing_days: tuple[date, ...]
    """Between the first and the last without a row that was kept."""
    date_order: DateOrder | None
    """None: no date leaves it open."""

    def rows_of(self, kind: Kind) -> int:
        """How many rows were refused, left out, ... A row that is repaired twice counts twice."""
        return sum(finding.figures for finding in self.findings if finding.kind == kind)
