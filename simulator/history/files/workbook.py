"""Reports as xlsx workbooks: the sheets, and their cells as text."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.history.cells.cell_text import cell_text
from simulator.history.errors import ReportError, refused
from simulator.history.files.limits import check_shape, check_unpacked
from simulator.language import say
from simulator.scenario.errors import listed

if TYPE_CHECKING:
    from simulator.history.files.text import Row

_FORMULA = re.compile(rb"<\0?(\w+:)?f[\0 >/]")
_MOST_PARTS = 1000
_LAST_LINE = 1_048_576
"""Of a sheet, as spreadsheet programs know them; a part that numbers its rows higher would be read for hours."""
_CHUNK = 1 << 20
_DOCTYPE = re.compile(rb"<\0?!\0?(D\0?O\0?C\0?T|E\0?N\0?T)")
"""In whatever encoding. No spreadsheet program writes one, and entities could make a small part expand without end."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, empty rows left out."""

    title: str
    is_hidden: bool
    rows: tuple[Row, ...]


def read_workbook(name: str, content: bytes) -> tuple[Sheet, ...]:
    """Read every sheet that has cells.

    Raises
    ------
    ReportError
        If it is no workbook, is damaged, too large, or has no cells.
    """
    try:
        has_formulas = _check_parts(name, content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and features that do not matter here
            workbook = _opened(content)
            formulas = _opened(content, data_only=False) if has_formulas else None
            sheets = []
            for worksheet in workbook.worksheets:
                worksheet.reset_dimensions()  # what a sheet says of its size may be wrong
                if formulas is not None:
                    _check_formulas(name, worksheet, formulas[worksheet.title])
                rows = _rows(name, worksheet)
                if rows:
                    sheets.append(Sheet(str(worksheet.title), worksheet.sheet_state != "visible", rows))
    except ReportError:
        raise
    except Exception:  # openpyxl raises nearly anything on a damaged file
        raise refused(name, say("refusals.damaged")) from None
    if not sheets:
        raise refused(name, say("refusals.no_cells", sheets=listed(workbook.sheetnames)))
    return tuple(sheets)


def sheet_titles(name: str, content: bytes) -> tuple[str, ...]:
    """Titles of the sheets of a workbook, those without cells among them; none if it is no workbook to be read."""
    try:
        _check_parts(name, content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(_opened(content).sheetnames)
    except Exception:  # openpyxl raises nearly anything on a damaged file; who reads it is told
        return ()


def _opened(content: bytes, *, data_only: bool = True) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)


def _check_parts(name: str, content: bytes) -> bool:
    """Refuse what is no workbook, or none to unpack; returns whether there are formulas."""
    has_formulas = False
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        infos = parts.infolist()
        check_unpacked(name, sum(info.file_size for info in infos))  # no more than this is ever unpacked
        if len(infos) > _MOST_PARTS or "xl/workbook.xml" not in parts.namelist():
            raise refused(name, say("refusals.no_workbook"))
        for info in infos:
            with parts.open(info) as part:
                before = b""
                while chunk := part.read(_CHUNK):
                    if _DOCTYPE.search(before + chunk):
                        what = say("refusals.entities", part=info.filename)
                        raise refused(name, f"{what} {say('refusals.damaged')}")
                    if info.filename.startswith("xl/worksheets/") and _FORMULA.search(before + chunk):
                        has_formulas = True
                    before = chunk[-20:]
    return has_formulas


def _check_formulas(name: str, worksheet: Any, formulas: Any) -> None:
    """Refuse formulas without results: a program that works nothing out has written them."""
    formulas.reset_dimensions()
    for cells, told in zip(worksheet.iter_rows(), formulas.iter_rows(), strict=True):
        for cell, formula in zip(cells, told, strict=True):
            # The result "" has no value either, but its own type.
            if formula.data_type == "f" and cell.value is None and cell.data_type != "str":
                raise refused(name, say("refusals.no_result", sheet=worksheet.title, cell=formula.coordinate))


def _rows(name: str, worksheet: Any) -> tuple[Row, ...]:
    rows: list[Row] = []
    for line, cells in enumerate(worksheet.iter_rows(), start=1):
        if line > _LAST_LINE:
            raise refused(name, f"{say('refusals.rows_beyond', last=_LAST_LINE)} {say('refusals.damaged')}", line)
        texts = [cell_text(cell.value, cell.number_format or "") for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            check_shape(name, line, len(rows) + 1, len(texts))
            rows.append((line, tuple(texts)))
    return tuple(rows)
