"""Which column of an export of tickets says what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from simulator.history.logs.mapping import CellForms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.history.logs.mapping import Words

TicketRole = Literal[
    "date", "created", "first_reply", "replied_after", "solved", "channel", "topic", "customer", "number"
]
"""What a column holds. date: the day of moments that are clock times only; created: the message came; replied_after:
how long it waited for its first reply, where no moment tells that; solved: the customer needs nothing more; number: of
the ticket; of rows with the same the newest state counts."""

TICKET_ROLES: tuple[TicketRole, ...] = get_args(TicketRole)


@dataclass(frozen=True, slots=True)
class TicketMapping:
    """How an export of tickets is read."""

    columns: Mapping[TicketRole, Words]
    """Names of the columns of each role; of several the first that holds something counts."""
    forms: CellForms = field(default_factory=CellForms)
    channel: str = "email"
    """What the channel is called if the export tells no channels apart."""
