"""Reading the bytes of a report into a table of text: whatever the format, the encoding and the titles above it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator.history.errors import ReportError, refused
from simulator.history.files.header import column_names, header_place
from simulator.history.files.limits import check_size, ungzipped
from simulator.history.files.parquet_rows import read_parquet_rows
from simulator.history.files.text import DELIMITERS, read_text
from simulator.history.files.workbook import read_workbook
from simulator.language import say
from simulator.scenario.errors import listed, unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from simulator.history.files.text import Row
    from simulator.history.files.workbook import Sheet

_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "old_excel",
    b"%PDF": "pdf",
}
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Report:
    """A report as a table of text."""

    name: str
    """The file's name; with the sheet behind it where several of a workbook are read."""
    form: str
    """What the file is: "commas, utf-8", "xlsx" or "parquet"."""
    columns: tuple[str, ...]
    """[column] Names, all different."""
    cells: tuple[tuple[str, ...], ...]
    """[column][row] Text without the blanks around it; "" where there is nothing."""
    line: tuple[int, ...]
    """[row] Line in the file or the sheet; the row of a Parquet file, from 1."""
    header_line: int
    """0 in a Parquet file."""
    too_long: tuple[tuple[int, str], ...] = ()
    """Line and text of rows with more cells than the header: not among the others."""
    sheet: str = ""
    """The sheet read; nothing for a text file."""
    sheets: tuple[str, ...] = ()
    """All sheets with cells."""
    not_read: tuple[str, ...] = ()
    """Of the first report of a workbook: the sheets that no report is of."""

    def row(self, place: int) -> tuple[str, ...]:
        """The cells of a row."""
        return tuple(column[place] for column in self.cells)


def read_report(name: str, content: bytes, sheet: str | None = None) -> Report:
    """Read one report of what happened: the only one of a file, or that of one sheet.

    Parameters
    ----------
    name, content
        As `read_reports` has them.
    sheet
        Which sheet of a workbook. Default: the first in which a row names columns, and that is not hidden.

    Raises
    ------
    ReportError
        As `read_reports`.
    """
    return replace(read_reports(name, content, (), sheet)[0], name=name, not_read=())


def read_reports(name: str, content: bytes, columns: Collection[str], sheet: str | None = None) -> tuple[Report, ...]:
    """Read a report of what happened, as a telephone system or a planner's workbook gives it: a month on each sheet.

    Parameters
    ----------
    name
        The file's name, for messages; what the file is, its bytes say.
    content
        Its bytes: text (UTF-8, UTF-16 or cp1252) with commas, semicolons, tabs or bars between the columns, packed by
        gzip or not, an xlsx workbook, or a Parquet file.
    columns
        Those that are needed. Of a workbook every sheet is read that has them and is not hidden; if there is none, the
        first in which a row names columns.
    sheet
        The only one to be read, be it hidden.

    Raises
    ------
    ReportError
        If the file is not of that kind, is too large, or holds no table.
    """
    check_size(name, content)
    if content.startswith(_GZIP):
        content = ungzipped(name, content)
    for start, kind in _FOREIGN.items():
        if content.startswith(start):
            raise refused(name, say(f"refusals.{kind}"))
    if content.startswith(_ZIP):
        return _of_workbook(name, content, columns, sheet)
    if content.startswith(_PARQUET):
        return (_table(name, "parquet", read_parquet_rows(name, content), place=0),)
    text = read_text(name, content)
    form = f"{DELIMITERS.get(text.delimiter, text.delimiter)}, {text.encoding}"
    return (_table(name, form, text.rows, header_place(name, text.rows)),)


def _of_workbook(name: str, content: bytes, columns: Collection[str], wanted: str | None) -> tuple[Report, ...]:
    sheets = read_workbook(name, content)
    titles = tuple(sheet.title for sheet in sheets)

    def read(sheet: Sheet) -> Report:
        return _table(name, "xlsx", sheet.rows, header_place(name, sheet.rows), sheet.title, titles)

    if wanted is not None:
        named = next((sheet for sheet in sheets if sheet.title == wanted), None)
        if named is None:
            raise refused(name, unknown("sheet with cells", wanted, titles))
        return (read(named),)
    # Planners hide sheets of old or other figures; who means one names it.
    seen = [sheet for sheet in sheets if not sheet.is_hidden]
    if not seen:
        raise refused(name, say("refusals.hidden_sheets", sheets=listed(titles)))
    tables = []
    for sheet in seen:
        with suppress(ReportError):
            tables.append(read(sheet))
    if not tables:
        return (read(seen[0]),)  # which says what is wrong with it
    reports = [table for table in tables if set(columns) <= set(table.columns)] or tables[:1]
    there = [report.sheet for report in reports]
    if len(reports) > 1:
        reports = [replace(report, name=f"{name} ({report.sheet})") for report in reports]
    return replace(reports[0], not_read=tuple(each for each in titles if each not in there)), *reports[1:]


def _table(
    name: str, form: str, rows: Sequence[Row], place: int, sheet: str = "", sheets: tuple[str, ...] = ()
) -> Report:
    """The table whose columns are named by the row at `place`."""
    header_line, header = rows[place]
    while header and not header[-1]:
        header = header[:-1]
    body: list[tuple[str, ...]] = []
    lines: list[int] = []
    too_long: list[tuple[int, str]] = []
    for line, cells in rows[place + 1 :]:
        if any(cells[len(header) :]):
            too_long.append((line, ", ".join(cells)))
            continue
        body.append(cells[: len(header)] + ("",) * (len(header) - len(cells)))
        lines.append(line)
    if len(too_long) > len(body):
        line, text = too_long[0]
        raise refused(name, say("refusals.more_cells", columns=len(header), line=str(header_line)), line, value=text)
    if not body:
        raise refused(name, say("refusals.no_figures"), header_line)
    columns = tuple(zip(*body, strict=True))
    return Report(name, form, column_names(header), columns, tuple(lines), header_line, tuple(too_long), sheet, sheets)
