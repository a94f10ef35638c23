"""The look of a terminal table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.measure import Measurement
from rich.table import Table

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

GAP = 2
"""Blanks between two columns."""
LEAST_TEXT = 12
"""Columns that a column of text keeps before a column of numbers is wrapped."""


class ReportTable(Table):
    """A table that loses nothing: where it does not fit, text is wrapped first, numbers only if that is not enough."""

    def __init__(self, title: str, texts: int) -> None:
        super().__init__(
            title=title or None,
            title_justify="left",
            title_style="bold",
            caption_justify="left",
            box=SIMPLE_HEAD,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
        )
        self.texts = texts
        """Columns of text, before those of numbers."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Decide what may be wrapped, then draw as any table."""
        wide = options.update(width=10_000)
        natural = [
            max(Measurement.get(console, wide, cell).maximum for cell in (column.header, *column.cells))
            for column in self.columns
        ]
        text, numbers = natural[: self.texts], natural[self.texts :]
        between = GAP * (len(natural) - 1)
        numbers_fit = sum(min(width, LEAST_TEXT) for width in text) + sum(numbers) + between <= options.max_width
        for column in self.columns[self.texts :]:
            column.no_wrap = numbers_fit
        yield from super().__rich_console__(console, options)


def new_table(title: str, *columns: str, texts: int = 1) -> ReportTable:
    """A table with `texts` columns of text before its columns of numbers."""
    table = ReportTable(title, texts)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < texts else "right", overflow="fold")
    return table
