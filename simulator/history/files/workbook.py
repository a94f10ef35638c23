"""Reports as xlsx workbooks: the sheets, and their cells as text."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from simulator.history.cells.cell_text import cell_text
from simulator.history.errors import ReportError, refused
from simulator.history.files.limits import check_shape, check_unpacked
from simulator.language import say
from simulator.scenario.errors import listed

if TYPE_CHECKING:
    from simulator.history.files.text import Row

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
    rows: tuple[Row, ...]


def read_workbook(name: str, content: bytes) -> tuple[Sheet, ...]:
    """Read every sheet that has cells.

    Raises
    ------
    ReportError
        If it is no workbook, is damaged, too large, or has no cells.
    """
    try:
        _check_parts(name, content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and features that do not matter here
            workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheets = []
            for worksheet in workbook.worksheets:
                worksheet.reset_dimensions()  # what a sheet says of its size may be wrong
                rows = _rows(name, worksheet)
                if rows:
                    sheets.append(Sheet(str(worksheet.title), rows))
    except ReportError:
        raise
    except Exception:  # openpyxl raises nearly anything on a damaged file
        raise refused(name, say("refusals.damaged")) from None
    if not sheets:
        raise refused(name, say("refusals.no_cells", sheets=listed(workbook.sheetnames)))
    return tuple(sheets)


def _check_parts(name: str, content: bytes) -> None:
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
                    before = chunk[-20:]


def _rows(name: str, worksheet: object) -> tuple[Row, ...]:
    rows: list[Row] = []
    for line, cells in enumerate(worksheet.iter_rows(), start=1):  # type: ignore[attr-defined]
        if line > _LAST_LINE:
            raise refused(name, f"{say('refusals.rows_beyond', last=_LAST_LINE)} {say('refusals.damaged')}", line)
        texts = [cell_text(cell.value, cell.number_format or "") for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            check_shape(name, line, len(rows) + 1, len(texts))
            rows.append((line, tuple(texts)))
    return tuple(rows)
