"""Tables of a price, made once and shown in three places: on the terminal, on the quote sheet, in the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulator.experiment.estimate import Estimate
from simulator.language import NOTHING
from simulator.report.tables import new_table
from simulator.words import estimate_text, probability_text

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.measures import Unit

Cell = str | Estimate | None
"""None: there is nothing to say."""
Kind = Literal["text", "figure", "difference", "probability"]


@dataclass(frozen=True, slots=True)
class Figures:
    """A column of a table."""

    title: str
    kind: Kind = "figure"
    unit: Unit = "currency"


@dataclass(frozen=True)
class PriceTable:
    """A table of a price; its first columns are text."""

    title: str
    columns: tuple[Figures, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    short: str = ""
    """Title of its sheet in a workbook."""

    @property
    def texts(self) -> int:
        """Columns of text before those of numbers."""
        return sum(column.kind == "text" for column in self.columns)


def words_column(title: str = "") -> Figures:
    """A column of text."""
    return Figures(title, "text")


def cell_text(cell: Cell, column: Figures, currency: str) -> str:
    """A cell as people read it: a figure with its half-width, a probability with its interval."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    if column.kind == "probability":
        return probability_text(cell)
    return estimate_text(cell, column.unit, currency, signed=column.kind == "difference")


def on_the_terminal(table: PriceTable) -> Table:
    """The table as the command prints it; the currency is in the note, for want of room."""
    shown = new_table(table.title, *(column.title for column in table.columns), texts=table.texts)
    for row in table.rows:
        shown.add_row(*(cell_text(cell, column, "") for cell, column in zip(row, table.columns, strict=True)))
    return shown
