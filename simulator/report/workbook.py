"""Tables as an xlsx workbook: text is always text, numbers have the format of their unit."""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from simulator.scenario.cells import is_formula_like

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

_WIDEST = 60
_NARROWEST = 9
_ROWS_MEASURED = 50
_LONGEST_TITLE = 31
_HEADER = Font(bold=True)
_TOP = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet."""

    title: str
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; a cell without a finite number stays empty."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | float]]
    keys: int = 1
    """Columns at the left that stay in view."""


def xlsx(sheets: Iterable[Sheet]) -> bytes:
    """The workbook of some tables.

    No cell is a formula: text that looks like one is marked as text, and stays so when its cell is edited.
    """
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_sheet_title(sheet.title, book.sheetnames))
        page.freeze_panes = f"{get_column_letter(sheet.keys + 1)}2"
        for place, column in enumerate(sheet.columns):
            page.column_dimensions[get_column_letter(place + 1)].width = _width(sheet, place, column)
        page.append([_header(page, column.title) for column in sheet.columns])
        formats = [_format(page, column.number_format) for column in sheet.columns]
        for row in sheet.rows:
            page.append([_cell(page, value, form) for value, form in zip(row, formats, strict=True)])
        if sheet.rows:
            page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _format(page: Worksheet, number_format: str) -> WriteOnlyCell:
    """A cell whose style others take over: to look a format up for each cell takes most of the time."""
    cell = WriteOnlyCell(page)
    cell.number_format = number_format
    return cell


def _cell(page: Worksheet, value: str | float, form: WriteOnlyCell) -> object:
    if isinstance(value, str):
        return _text(page, value) if is_formula_like(value) else _legal(value)
    if not isfinite(value):
        return None
    cell = WriteOnlyCell(page, value)
    cell._style = form._style
    return cell


def _header(page: Worksheet, text: str) -> object:
    cell = _text(page, text)
    cell.font = _HEADER
    cell.alignment = _TOP
    return cell


def _text(page: Worksheet, text: str) -> WriteOnlyCell:
    """A cell that is text whatever is in it."""
    cell = WriteOnlyCell(page, _legal(text))
    cell.data_type = "s"
    cell.quotePrefix = is_formula_like(text)
    return cell


def _legal(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub(" ", text))


def _sheet_title(title: str, taken: Sequence[str]) -> str:
    """The title without the signs that a sheet may not have, short enough, and unlike the others."""
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in _legal(title)).strip("' ")[:_LONGEST_TITLE]
    name, often = plain, 1
    while name.lower() in (other.lower() for other in taken):
        often += 1
        name = f"{plain[: _LONGEST_TITLE - 4]} {often}"
    return name


def _width(sheet: Sheet, place: int, column: Column) -> float:
    texts = [row[place] for row in sheet.rows[:_ROWS_MEASURED]]
    longest = max((len(text) for text in texts if isinstance(text, str)), default=0)
    header = max(map(len, column.title.split()), default=0)
    return min(max(longest + 2, header + 4, _NARROWEST), _WIDEST)
