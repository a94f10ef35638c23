"""A table of words and figures in the language that is spoken: made once, shown on the terminal and on a page."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from rich.text import Text

from simulator.report.tables import new_table

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class ShownTable:
    """Words and figures as they are read."""

    title: str
    columns: tuple[str, ...]
    texts: int
    """Columns of words, before those of figures."""
    rows: tuple[tuple[str, ...], ...]
    note: str

    def on_terminal(self) -> tuple[RenderableType, ...]:
        """A blank line, the table and its note."""
        table = new_table(self.title, *self.columns, texts=self.texts)
        for row in self.rows:
            table.add_row(*row)
        return Text(), table, Text(self.note, style="dim")

    def html(self) -> str:
        """The table and its note, for a page with the style of `simulator.charts.standalone`."""
        kinds = ['class="words"' if place < self.texts else "" for place in range(len(self.columns))]
        head = "".join(
            f'<th scope="col" {kind}>{escape(name)}</th>' for kind, name in zip(kinds, self.columns, strict=True)
        )
        rows = "\n".join(
            "<tr>" + "".join(f"<td {kind}>{escape(cell)}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
            for row in self.rows
        )
        return (
            f'<div class="table"><table>\n<caption>{escape(self.title)}</caption>\n<thead><tr>{head}</tr></thead>\n'
            f'<tbody>\n{rows}\n</tbody>\n</table></div>\n<p class="faint">{escape(self.note)}</p>'
        )
