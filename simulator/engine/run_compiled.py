"""Plays with the compiled engine: tables in, tables out."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import ContactRecords, Ledger
from simulator.engine import compiled
from simulator.engine.layout import Ground

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import Contacts
    from simulator.engine.centre import Centre

INTEGRALS = (compiled.OVERTIME, compiled.BUSY, compiled.IN_HAND)


def play_compiled(centre: Centre, contacts: Contacts, staffing: NDArray[np.int64]) -> tuple[ContactRecords, Ledger]:
    """Play one replication; `simulate` has checked the tables."""
    ground = _ground(_Content(centre, staffing))
    line_number = contacts.channel * centre.shape[1] + contacts.topic
    whole = ground.laid_out(np.bincount(line_number, minlength=len(ground.line)))
    groups, intervals = staffing.shape
    sums = np.empty((groups, len(INTEGRALS), intervals))
    instants, kinds = np.empty((4, len(contacts))), np.empty((3, len(contacts)), dtype=np.int64)
    # The compiled code is for tables that lie in one piece and may be written to; others would have it compiled anew.
    of_centre = [np.require(table, requirements="CW") for table in (centre.edges, centre.open, centre.bot_on, staffing)]
    of_contacts = [
        np.require(column, requirements="CW")
        for column in (
            contacts.arrival,
            contacts.patience,
            contacts.due,
            contacts.meets_bot,
            contacts.contained,
            contacts.bot_time,
            ground.line[line_number],
            contacts.work,
        )
    ]
    compiled.play(whole, whole.view(np.float64), *of_centre, sums, *of_contacts, instants, kinds)
    overtime, busy, in_hand = (np.ascontiguousarray(sums[:, k]) for k in range(len(INTEGRALS)))
    return ContactRecords(*instants, *kinds), Ledger(staffing * np.diff(centre.edges), overtime, busy, in_hand)


class _Content:
    """A centre and its staffing, equal to another if every number in it is."""

    def __init__(self, centre: Centre, staffing: NDArray[np.int64]) -> None:
        self.centre, self.staffing = centre, staffing
        tables = [*(getattr(centre, field.name) for field in fields(centre)), staffing]
        self.content = tuple((table.shape, table.tobytes()) for table in tables)

    def __hash__(self) -> int:
        return hash(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.content == other.content


@lru_cache(maxsize=8)
def _ground(content: _Content) -> Ground:
    """The ground is the same for every replication of an experiment."""
    return Ground(content.centre, content.staffing)
