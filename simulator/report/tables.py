"""The look of a terminal table."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table


def new_table(title: str, *columns: str, texts: int = 1) -> Table:
    """A table with `texts` columns of text before its columns of numbers."""
    table = Table(title=title or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < texts else "right", no_wrap=place >= texts)
    return table
