"""Text in the cells of CSV files and workbooks that spreadsheet programs will open."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet would take for a formula at the start of a cell, in the wide forms of East Asia as well."""


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet could run this text."""
    return text.startswith(FORMULA_STARTS)


def safe_text(text: str) -> str:
    """The text for a cell of a CSV file: one that could be run gets an apostrophe in front.

    A carriage return becomes a blank: without quotes, which not every writer sets, what follows would start a row.
    """
    plain = text.replace("\r", " ")
    return f"'{plain}" if is_formula_like(text) else plain
