"""A log as columns of text, from whatever file: CSV of any delimiter, packed by gzip or not, Parquet, xlsx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from simulator.history.errors import refused
from simulator.history.files.limits import LARGEST_REPORT
from simulator.history.files.report import read_reports
from simulator.history.files.text import unclosed_quote
from simulator.history.logs.content import content_of, start_of
from simulator.history.logs.delimited import SAMPLE, read_delimited, whole_rows
from simulator.history.logs.parquet import read_parquet
from simulator.language import say
from simulator.scenario.errors import unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from simulator.history.files.report import Report
    from simulator.history.logs.content import NamedFile

    Ints = NDArray[np.int64]

_PARQUET = b"PAR1"
_BY_REPORT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
"""First bytes of what the reader of reports reads, or refuses with a word of its own."""


@dataclass(frozen=True, slots=True)
class LogTable:
    """Columns of text of one file."""

    name: str
    form: str
    """What the file is: "commas, utf-8", "xlsx" or "parquet"."""
    columns: tuple[str, ...]
    """Names of all columns, all different."""
    cells: Mapping[str, pa.Array]
    """Column -> [row] text without the blanks around it, "" where there is nothing; of the columns asked for."""
    line: Ints
    """[row] Line in the file or the sheet; row in a Parquet file."""
    header_line: int
    malformed: tuple[tuple[int, str], ...] = ()
    """Line and text of rows with more or fewer cells than the header: not among the others."""
    sheets: tuple[str, ...] = ()
    """All sheets with cells of a workbook."""
    not_read: tuple[str, ...] = ()
    """Of the first table of a workbook: the sheets that no table is of."""

    def __len__(self) -> int:
        return len(self.line)


def read_tables(file: NamedFile, columns: Collection[str], sheet: str = "") -> list[LogTable]:
    """Read the named columns of a log: of each sheet that has them, or of the one that is named, if it is a workbook.

    Raises
    ------
    ReportError
        If it is no table, is too large, or lacks a column.
    """
    name, _ = file
    start = start_of(file, SAMPLE)
    if start.startswith(_PARQUET):
        return [_of_parquet(file, columns)]
    if start.startswith(_BY_REPORT):
        return [_of_report(report, columns) for report in _reports(file, columns, sheet)]
    content = content_of(file)
    table = read_delimited(name, content)
    _check(name, columns, table.columns, table.header_line)
    opened = unclosed_quote(table.content, table.delimiter)
    if opened is not None:
        raise refused(name, say("refusals.never_closed"), opened)
    cells, line, malformed = table.read(columns)
    return [LogTable(name, table.form, table.columns, cells, line, table.header_line, malformed)]


def look_at(file: NamedFile, sheet: str = "") -> LogTable:
    """The first rows of a log, all columns of them: enough to guess what they hold.

    Raises
    ------
    ReportError
        If it is no table.
    """
    name, _ = file
    start = start_of(file, SAMPLE)
    if start.startswith(_PARQUET):
        return _of_parquet(file, None)
    if start.startswith(_BY_REPORT):
        return _of_report(_reports(file, (), sheet)[0], None)
    is_start = len(start) == SAMPLE
    table = read_delimited(name, content_of((name, start)), is_start=is_start)
    if is_start:
        table = whole_rows(table)
    cells, line, malformed = table.read(table.columns)
    return LogTable(name, table.form, table.columns, cells, line, table.header_line, malformed)


def _reports(file: NamedFile, columns: Collection[str], sheet: str) -> tuple[Report, ...]:
    """The sheets of a workbook, which the reader of reports reads."""
    return read_reports(file[0], start_of(file, LARGEST_REPORT + 1), columns, sheet or None)


def _of_report(report: Report, columns: Collection[str] | None) -> LogTable:
    wanted = report.columns if columns is None else columns
    _check(report.name, wanted, report.columns, report.header_line)
    cells = {name: pa.array(report.cells[report.columns.index(name)], pa.string()) for name in wanted}
    line = np.array(report.line, dtype=np.int64)
    return LogTable(
        report.name,
        report.form,
        report.columns,
        cells,
        line,
        report.header_line,
        report.too_long,
        report.sheets,
        report.not_read,
    )


def _of_parquet(file: NamedFile, columns: Collection[str] | None) -> LogTable:
    names, cells, rows = read_parquet(file, columns)
    if columns is not None:
        _check(file[0], columns, names, None)
    return LogTable(file[0], "parquet", names, cells, np.arange(1, rows + 1), 0)


def _check(name: str, wanted: Collection[str], there: tuple[str, ...], line: int | None) -> None:
    for column in wanted:
        if column not in there:
            raise refused(name, unknown("column", column, there), line)
