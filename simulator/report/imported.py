"""What `ruuhka import` prints: what was read, and what became of every row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from rich.console import Group as Lines
from rich.text import Text

from simulator.history.importing.quality_document import findings_of_document
from simulator.history.sentences import finding_words, kind_words, lines_words
from simulator.language import number
from simulator.report.tables import new_table
from simulator.scenario.errors import clipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from simulator.history.importing.imported import HistoryKind, Imported
    from simulator.history.intervals.volumes import Volumes
    from simulator.history.logs import Calls, Orders, Tickets
    from simulator.history.quality import Kind

_FEW = 0.1
"""Share of what was read that may be refused without a word of warning."""
_MOST_DAYS = 10
_MOST_NAMES = 12
_LONGEST_NAME = 30


def imported_report(imported: Imported) -> RenderableType:
    """The report of all kinds."""
    parts: list[RenderableType] = []
    for kind in imported.kinds:
        quality: Mapping[str, Any] = imported.quality[kind]
        parts += [Text.assemble((kind, "bold"), f": {rows_words(quality)}")]
        parts += [Text(f"{sentence}.") for sentence in _sentences(imported, kind, quality)]
        parts += [Text()]
        if quality["findings"]:
            parts += [findings_table(quality), Text()]
    return Lines(*parts[:-1])


def rows_words(quality: Mapping[str, Any]) -> str:
    """How many rows were read and what became of them."""
    count = _count(quality)
    figures = quality["figures"]
    what = "" if figures == quality["rows"] else f" with {number(figures)} counts"
    return (
        f"{_counted(quality['rows'], 'row')}{what} read, {number(quality['kept'])} kept, "
        f"{number(count['left_out'])} left out, {number(count['refused'])} refused."
    )


def refusal_words(kind: HistoryKind, quality: Mapping[str, Any]) -> str | None:
    """A warning, if more than a tenth of what was read was refused: a column is likely not what it is taken for."""
    findings = [finding for finding in findings_of_document(quality) if finding.kind == "refused"]
    refused, figures = _count(quality)["refused"], quality["figures"]
    if refused <= _FEW * figures:
        return None
    most = max(findings, key=lambda finding: finding.figures)
    what = "rows" if figures == quality["rows"] else "counts"
    return (
        f"WARNING: {refused / figures:.0%} of the {what} of {kind} were refused ({number(refused)} of "
        f"{number(figures)}), most of them because: {finding_words(most)}. What is left is no whole history: "
        f"look at the mapping."
    )


def findings_table(quality: Mapping[str, Any]) -> Table:
    """Everything that was found, and where."""
    table = new_table("", "rows were", "because", "in", "rows", texts=3)
    for finding in findings_of_document(quality):
        where = " ".join(filter(None, (finding.file, lines_words(finding))))
        table.add_row(kind_words(finding.kind), finding_words(finding), where, number(finding.figures))
    return table


def _count(quality: Mapping[str, Any]) -> dict[Kind, int]:
    """How many rows, or counts in them, were left out and refused."""
    count: dict[Kind, int] = {"left_out": 0, "refused": 0}
    for finding in findings_of_document(quality):
        if finding.kind in count:
            count[finding.kind] += finding.figures
    return count


def _sentences(imported: Imported, kind: HistoryKind, quality: Mapping[str, Any]) -> Iterator[str]:
    yield f"{quality['first_day']} to {quality['last_day']}: {_what(imported, kind)}"
    missing = quality["missing_days"]
    if missing:
        days = ", ".join(f"{day} ({date.fromisoformat(day):%a})" for day in missing[:_MOST_DAYS])
        more = f" and {number(len(missing) - _MOST_DAYS)} more" if len(missing) > _MOST_DAYS else ""
        yield f"No row of {_counted(len(missing), 'day')}: {days}{more}"
    without = quality.get("intervals_without_row", 0)
    if without:
        yield f"No row of {_counted(without, 'interval')} of a day and channel that have others, taken as 0"


def _what(imported: Imported, kind: HistoryKind) -> str:
    """What the table of a kind holds."""
    table: Any = imported.table(kind)
    if kind == "calls":
        return _of_calls(table)
    if kind == "tickets":
        return _of_tickets(table)
    if kind == "orders":
        return _of_orders(table)
    return _of_volumes(table)


def _of_calls(calls: Calls) -> str:
    served = int(calls.served.sum())
    agents = _counted(len(calls.agents), "agent")
    return (
        f"{_counted(len(calls), 'contact')}, {number(served)} of them answered by {agents}; "
        f"queues: {_listed(calls.queues)}"
    )


def _of_tickets(tickets: Tickets) -> str:
    topics = f"; topics: {_listed(tickets.topics)}" if tickets.topics else ""
    return f"{_counted(len(tickets), 'ticket')}; channels: {_listed(tickets.channels)}{topics}"


def _of_orders(orders: Orders) -> str:
    return f"{_counted(len(orders), 'order')}, {number(int(orders.cancelled.sum()))} of them cancelled"


def _of_volumes(volumes: Volumes) -> str:
    step = "days" if volumes.by_day else f"intervals of {volumes.step / 60:g} min"
    topics = f"; topics: {_listed(volumes.topics)}" if volumes.topics else ""
    return f"{number(volumes.offered.sum())} contacts in {step}; channels: {_listed(volumes.channels)}{topics}"


def _counted(count: int, what: str) -> str:
    return f"{number(count)} {what}" if count == 1 else f"{number(count)} {what}s"


def _listed(names: Sequence[str]) -> str:
    some = ", ".join(clipped(name, _LONGEST_NAME) for name in names[:_MOST_NAMES])
    return some if len(names) <= _MOST_NAMES else f"{some} and {number(len(names) - _MOST_NAMES)} more"
