"""The contacts that were made, in order of arrival: what measures are taken from."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.contacts import NOT_ARRIVED, Cause, FollowUps, Outcome, Trigger

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Made:
    """Contacts and their records in order of arrival, with the follow-ups that came and without those that did not."""

    contacts: Contacts
    """`enquiry` has the new row numbers; there are no `follow_ups`."""
    records: ContactRecords
    cause: Ints
    """[contact] Why it was made, a `Cause`."""
    followed_by: Ints
    """[contact] The cause of the follow-up that its outcome has brought about, whether it has come or is still to come;
    `Cause.NEED` if there is none."""
    to_come: Bools
    """[contact] Whether that follow-up comes after the end of the horizon."""
    in_vain: Bools
    """[contact] Whether it is a call back that found nobody."""


def made(contacts: Contacts, records: ContactRecords) -> Made:
    """Put what happened into order."""
    count, follow_ups = len(contacts), contacts.follow_ups
    if len(follow_ups) == 0:
        nothing, never = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
        return Made(contacts, records, nothing, nothing, never, never)
    firsts = count - len(follow_ups)
    cause, followed_by = np.full((2, count), int(Cause.NEED))
    cause[firsts:] = follow_ups.cause
    in_vain = np.concatenate((np.zeros(firsts, dtype=np.bool_), follow_ups.in_vain))
    outcome = records.outcome[firsts:]
    brought_about = (outcome != Outcome.NOT_MADE) & (follow_ups.trigger != Trigger.LATE)
    followed_by[follow_ups.after[brought_about]] = follow_ups.cause[brought_about]
    to_come = np.zeros(count, dtype=np.bool_)
    to_come[follow_ups.after[outcome == Outcome.TO_COME]] = True

    # Those of one instant by number; nan sorts last.
    order = np.argsort(records.arrived, kind="stable")
    order = order[: np.count_nonzero(~np.isin(records.outcome, NOT_ARRIVED))]
    row = np.empty(count, dtype=np.int64)
    row[order] = np.arange(len(order))
    columns: dict[str, Any] = {name: getattr(contacts, name)[order] for name in contacts.columns()}
    columns |= {"arrival": records.arrived[order], "due": records.due[order], "enquiry": row[columns["enquiry"]]}
    in_order = {column.name: getattr(records, column.name)[order] for column in fields(records)}
    return Made(
        replace(contacts, **columns, follow_ups=FollowUps.none()),
        replace(records, **in_order),
        cause[order],
        followed_by[order],
        to_come[order],
        in_vain[order],
    )
