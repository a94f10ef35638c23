"""Which decimal sign the lengths of time of a log have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.history.cells.numbers import decimals_shown
from simulator.history.errors import refused
from simulator.history.logs.times import distinct
from simulator.language import say
from simulator.scenario.errors import shown

if TYPE_CHECKING:
    import pyarrow as pa

    from simulator.history.cells.numbers import DecimalSign
    from simulator.history.logs.rows import Rows


def decimal_sign(rows: Rows, column: str, cells: pa.Array, told: DecimalSign | None) -> DecimalSign:
    """The sign that is told, else the one that some cell gives away, else the one that goes with the delimiter.

    Raises
    ------
    ReportError
        If some cells have one sign and some the other.
    """
    if told:
        return told
    signs = decimals_shown(distinct(cells)[0].to_pylist())
    if len(signs) == 2:
        message = say("refusals.two_decimals", point=shown(signs["."]), comma=shown(signs[","]))
        raise refused(rows.sources[0], message, rows.header_line, column=column)
    # A spreadsheet program separates columns by semicolons where, and only where, it writes decimals with a comma.
    return next(iter(signs), "," if rows.form.startswith("semicolons") else ".")
