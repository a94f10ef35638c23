"""From a team's files to its history, as a mapping says: one table, and what became of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.history.errors import refused
from simulator.history.files.limits import LARGEST_REPORT, check_regular
from simulator.history.files.report import read_reports
from simulator.history.importing.imported import Imported
from simulator.history.importing.mapping_file import kind_of
from simulator.history.importing.mapping_text import mapping_text
from simulator.history.importing.quality_document import document_of_quality
from simulator.history.intervals.interval_mapping import IntervalMapping
from simulator.history.intervals.volumes import volumes_of_reports
from simulator.history.logs.mapping import CallMapping
from simulator.history.logs.ticket_mapping import TicketMapping
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from simulator.history.files.report import Report
    from simulator.history.importing.mapping_file import HistoryMapping


def read_history(files: Sequence[Path], mapping: HistoryMapping, text: str | None = None) -> Imported:
    """Read files of the same form.

    Parameters
    ----------
    files
        At least one.
    mapping
        Which column says what.
    text
        Of the mapping's file, if there is one; it is kept as it is.

    Raises
    ------
    ReportError
        If a file cannot be read, lacks a column of the mapping, or no row of it can be used.
    """
    kind = kind_of(mapping)
    mappings = {kind: mapping_text(mapping) if text is None else text}
    if isinstance(mapping, IntervalMapping):
        reports = [report for file in files for report in reports_of(file, mapping.names, mapping.sheet)]
        volumes = volumes_of_reports([(each, mapping.of_report(each)) for each in reports], mapping.timezone)
        return Imported(volumes=volumes, quality={kind: document_of_quality(volumes.quality)}, mapping=mappings)
    named = [(file.name, file) for file in files]
    if isinstance(mapping, CallMapping):
        from simulator.history.logs.read_calls import read_calls

        calls, quality = read_calls(named, mapping)
        return Imported(calls=calls, quality={kind: document_of_quality(quality)}, mapping=mappings)
    if isinstance(mapping, TicketMapping):
        from simulator.history.logs.read_tickets import read_tickets

        tickets, quality = read_tickets(named, mapping)
        return Imported(tickets=tickets, quality={kind: document_of_quality(quality)}, mapping=mappings)
    from simulator.history.logs.read_orders import read_orders

    orders, quality = read_orders(named, mapping)
    return Imported(orders=orders, quality={kind: document_of_quality(quality)}, mapping=mappings)


def reports_of(file: Path, columns: Collection[str] = (), sheet: str = "") -> tuple[Report, ...]:
    """The interval reports in a file, as `read_reports` finds them; a file that is too large is not read.

    Raises
    ------
    ReportError
        If it cannot be read, is too large, or is no report.
    """
    try:
        check_regular(file.name, file)
        size = file.stat().st_size
        if size > LARGEST_REPORT:
            most = LARGEST_REPORT // 1_000_000
            raise refused(file.name, say("refusals.too_large", megabytes=round(size / 1e6), most=most))
        content = file.read_bytes()
    except OSError as error:
        raise refused(str(file), say("refusals.cannot_read", reason=str(error.strerror))) from None
    return read_reports(file.name, content, columns, sheet or None)
