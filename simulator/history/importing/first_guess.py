"""A first guess of what a team's file holds, for a planner to look at and to mend."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from simulator.history.cells.steps import on_steps
from simulator.history.errors import ReportError, refused
from simulator.history.files.words import is_vague, unit_word
from simulator.history.importing.mapping_file import in_sheet
from simulator.history.importing.read_history import reports_of
from simulator.history.intervals.guess import guess_mapping
from simulator.history.intervals.interval_mapping import IntervalMapping
from simulator.history.intervals.mapping import COUNTS
from simulator.history.sentences import reason_words, why_words
from simulator.language import say
from simulator.scenario.errors import listed, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulator.history.files.report import Report
    from simulator.history.importing.imported import HistoryKind
    from simulator.history.importing.mapping_file import HistoryMapping, LogMapping
    from simulator.history.intervals.mapping import ColumnMapping
    from simulator.history.logs.table import LogTable


class FirstGuess(NamedTuple):
    """How a file would be read."""

    mapping: HistoryMapping
    reasons: Mapping[str, str]
    """Role -> why its column is thought to hold it."""
    unused: tuple[str, ...]
    """Columns that are not used."""
    missing: tuple[tuple[str, ...], ...] = ()
    """Roles of each of which one column is needed still: nothing can be read without."""
    of_column: Mapping[str, str] = MappingProxyType({})
    """Column -> why it is thought to hold a role that other columns hold as well."""

    @property
    def of_unit(self) -> Mapping[str, str]:
        """Column -> why its plain numbers are thought to be of the unit that the mapping says."""
        unit = None if isinstance(self.mapping, IntervalMapping) else self.mapping.forms.unit
        return {name: reason_words("header", unit_word(name)) for name in unit} if isinstance(unit, Mapping) else {}


def first_guess(file: Path, timezone: str, kind: HistoryKind | None = None, sheet: str = "") -> FirstGuess:
    """Guess how a file, and all of the same form, are to be read.

    Parameters
    ----------
    file
        A report, a log or an export.
    timezone
        Whose clocks it shows.
    kind
        What it is; None: that is guessed too, the first of calls, tickets, orders and intervals that its columns allow.
    sheet
        The only one of a workbook to be read. Default: the first with a table, and all that have its columns.

    Raises
    ------
    ReportError
        If it cannot be read, or does not look like what it is said to be.
    """
    guess = _guess(file, timezone, kind, sheet)
    return guess._replace(mapping=in_sheet(guess.mapping, sheet))


def _guess(file: Path, timezone: str, kind: HistoryKind | None, sheet: str) -> FirstGuess:
    if kind == "intervals":
        return _intervals(file, timezone, sheet)
    from simulator.history.logs.table import look_at

    try:
        table = look_at((file.name, file), sheet)
    except ReportError as error:
        if kind is not None:
            raise
        return _report_after_all(file, timezone, sheet, error)
    for each, guess in _LOGS.items():
        if kind in (None, each):
            found = guess(table, timezone)
            if found is not None:
                return found
    part = _calls(table, timezone, whole=False) if kind in (None, "calls") else None
    if kind is None:
        return _intervals_or(part, file, timezone, sheet)
    if part is not None:
        return part
    raise refused(file.name, say(f"history.unlike.{kind}", columns=listed(table.columns)), table.header_line)


def _intervals(file: Path, timezone: str, sheet: str) -> FirstGuess:
    report = reports_of(file, (), sheet)[0]
    return _of_report(report, guess_mapping(report), timezone)


def _of_report(report: Report, guess: ColumnMapping, timezone: str) -> FirstGuess:
    used: dict[str, str] = {
        use.role: why_words(use) for use in guess.columns if use.role != "ignored" and not use.across
    }
    unused = (name for name, use in zip(report.columns, guess.columns, strict=True) if use.role == "ignored")
    return FirstGuess(IntervalMapping.of_guess(report, guess, timezone), MappingProxyType(used), tuple(unused))


def _report_after_all(file: Path, timezone: str, sheet: str, error: ReportError) -> FirstGuess:
    """Intervals in what cannot be read as a log, with titles above its header perhaps; else what is wrong with it.

    Raises
    ------
    ReportError
        The one given, if it is no such report either.
    """
    with suppress(ReportError):
        guess = _intervals(file, timezone, sheet)
        if guess.mapping.columns.keys() & set(COUNTS) or cast("IntervalMapping", guess.mapping).across:
            return guess
    raise error


def _intervals_or(part: FirstGuess | None, file: Path, timezone: str, sheet: str) -> FirstGuess:
    """Intervals, unless no name says that a column counts contacts and part of a log of calls is known: when they came.

    Raises
    ------
    ReportError
        If it may be neither: its moments are none of intervals.
    """
    report = reports_of(file, (), sheet)[0]
    uses = guess_mapping(report)
    named = uses.places(*COUNTS)
    if any(uses.columns[place].why == "header" for place in named if not is_vague(report.columns[place])):
        return _of_report(report, uses, timezone)
    moments = uses.places("moment", "time")
    if named and all(on_steps(report.cells[place]) for place in moments):
        return _of_report(report, uses, timezone)
    if part is not None and ("arrival", "entered") not in part.missing:
        return part
    if not named:
        return _of_report(report, uses, timezone)
    cell = next(cell for cell in report.cells[moments[0]] if cell)
    raise refused(
        file.name, say("refusals.what_kind", cell=shown(cell), columns=listed(report.columns)), report.header_line
    )


def _calls(table: LogTable, timezone: str, *, whole: bool = True) -> FirstGuess | None:
    from simulator.history.logs.call_guess import guess_calls

    guess = guess_calls(table, timezone, whole=whole)
    if guess is None:
        return None
    of_column = {name: reason_words("header", words) for name, words in guess.said.items()}
    return _of_log(table, guess.mapping, guess.seen)._replace(missing=guess.missing, of_column=of_column)


def _tickets(table: LogTable, timezone: str) -> FirstGuess | None:
    from simulator.history.logs.event_guess import guess_tickets, ticket_mapping

    guess = guess_tickets(table)
    return _of_log(table, ticket_mapping(table, guess, timezone), guess.seen) if guess is not None else None


def _orders(table: LogTable, timezone: str) -> FirstGuess | None:
    from simulator.history.logs.event_guess import guess_orders, order_mapping

    guess = guess_orders(table)
    return _of_log(table, order_mapping(guess, timezone), guess.seen, guess.by_cells) if guess is not None else None


def _of_log(
    table: LogTable, mapping: LogMapping, seen: Mapping[Any, str], by_cells: Mapping[str, str] = MappingProxyType({})
) -> FirstGuess:
    reasons = {role: reason_words("header", words) for role, words in seen.items()}
    reasons |= {role: reason_words("cells", cell) for role, cell in by_cells.items()}
    used = {name for names in mapping.columns.values() for name in names}
    return FirstGuess(mapping, MappingProxyType(reasons), tuple(name for name in table.columns if name not in used))


_LOGS: Mapping[HistoryKind, Callable[[LogTable, str], FirstGuess | None]] = {
    "calls": _calls,
    "tickets": _tickets,
    "orders": _orders,
}
"""In the order in which they are tried: that of calls asks for most."""
