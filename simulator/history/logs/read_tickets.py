"""Reading exports of tickets: one row a message of a deferred channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.history.errors import refused
from simulator.history.intervals.volumes import MOST_NAMES
from simulator.history.logs.reader import LogReader, Names
from simulator.history.logs.rows import text_of
from simulator.history.logs.tickets import Tickets
from simulator.language import say
from simulator.scenario.errors import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.logs.content import NamedFile
    from simulator.history.logs.quality import LogQuality
    from simulator.history.logs.ticket_mapping import TicketMapping, TicketRole

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


def read_tickets(files: Sequence[NamedFile], mapping: TicketMapping) -> tuple[Tickets, LogQuality]:
    """Read exports of the same form into one table in the order of creation.

    Of rows with the same number the one that tells of the latest moment counts, of equals the last: exports that
    overlap show a ticket in several states, and files may be named in any order.

    Raises
    ------
    ReportError
        If a file cannot be read, lacks a column of the mapping, or no row can be used.
    """
    if not mapping.columns.get("created"):
        told = listed([column for words in mapping.columns.values() for column in words])
        raise refused(files[0][0] if files else "", say("refusals.no_created", columns=told))
    log = LogReader(files, mapping.columns, mapping.forms)
    rows = log.rows
    placing = log.placing("created")
    created = placing.moments(log.cells("created"))
    rows.drop("no_creation", np.isnan(created), text_of(log.cells("created")))
    when = log.moment_text(created)
    first_reply = placing.moments(log.cells("first_reply"), created)
    replied_after = log.lengths("replied_after")
    if replied_after is not None:
        first_reply = np.where(np.isnan(first_reply), created + replied_after, first_reply)
    solved = placing.moments(log.cells("solved"), created)
    rows.drop("reply_before_creation", np.fmin(first_reply, solved) < created, when)
    latest = np.fmax(created, np.fmax(first_reply, solved))
    rows.drop("same_ticket", _told_again(log.names("number").index, latest, rows.kept), when)
    rows.note("solved_before_reply", solved < first_reply, when)
    log.refuse_nothing()
    kept = np.flatnonzero(rows.kept)
    kept = kept[np.argsort(created[kept], kind="stable")]
    channels = _few(log, mapping, "channel", kept)
    topics = _few(log, mapping, "topic", kept)
    day, clock = log.zone.local(created[kept])
    tickets = Tickets(
        sources=rows.sources,
        timezone=mapping.forms.timezone,
        channels=channels.names,
        topics=topics.names,
        created=created[kept],
        first_reply=first_reply[kept],
        solved=solved[kept],
        channel=channels.index,
        topic=topics.index,
        customer=log.names("customer").index[kept],
        day=day,
        clock=np.floor(clock).astype(np.int64),
        file=rows.file[kept],
        line=rows.line[kept],
    )
    return tickets, log.quality(created)


def _few(log: LogReader, mapping: TicketMapping, role: TicketRole, kept: Ints) -> Names:
    """The channels or topics of the rows that were kept.

    Raises
    ------
    ReportError
        If there are too many to be that.
    """
    names = log.names(role, mapping.channel if role == "channel" else None)
    names = Names(names.names, names.index[kept]).used()
    if len(names.names) > MOST_NAMES:
        message = say("refusals.too_many_names", names=len(names.names), most=MOST_NAMES)
        raise refused(log.rows.sources[0], message, log.rows.header_line, column=mapping.columns[role][0])
    return names


def _told_again(number: Ints, latest: Floats, kept: Bools) -> Bools:
    """[row] Whether another row with the same number tells of a later moment, or of the same on a later line."""
    result = np.zeros(len(number), dtype=np.bool_)
    rows = np.flatnonzero((number >= 0) & kept)
    rows = rows[np.lexsort((latest[rows], number[rows]))]  # stable: equals stay in their order
    result[rows[:-1]] = number[rows[:-1]] == number[rows[1:]]
    return result
