"""What must hold of every replication, whatever the scenario: no contact and no second is lost or made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import NOT_ARRIVED, Outcome
from simulator.measures.made import made

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts, Ledger

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_RELATIVE = 1e-9
"""Rounding allowed in sums of seconds."""


def conservation_faults(contacts: Contacts, records: ContactRecords, ledger: Ledger, horizon: float) -> list[str]:
    """What cannot be in the tables of one replication, a sentence each; none if all is well.

    Every contact has one outcome, with the instants and the agent that belong to it; so, on every channel, arrived =
    served + contained + abandoned + gone + balked + called back + closed + cut + open. Nothing happens before its cause
    or after the horizon; what has not arrived left no trace. No group works more than it is present, and what its
    agents had in hand is what its contacts took. Contacts are numbered in order of arrival.
    """
    never_came = np.isin(records.outcome, NOT_ARRIVED)
    instants = (records.arrived, records.entered, records.started, records.ended)
    traces = never_came & (~np.all(np.isnan(instants), axis=0) | (records.handled != 0) | (records.group >= 0))
    faults = [f"Contact {number} has not arrived, yet left a trace." for number in np.flatnonzero(traces)[:1]]
    played = made(contacts, records)
    contacts, records = played.contacts, played.records
    outcome = records.outcome
    entered, started, ended = records.entered, records.started, records.ended
    joined, taken, over = ~np.isnan(entered), ~np.isnan(started), ~np.isnan(ended)
    is_served, is_open = outcome == Outcome.SERVED, outcome == Outcome.OPEN
    by_bot, closed = outcome == Outcome.CONTAINED, outcome == Outcome.CLOSED
    gave_up, cut = outcome == Outcome.ABANDONED, outcome == Outcome.CUT
    gone, left = outcome == Outcome.GONE, np.isin(outcome, (Outcome.BALKED, Outcome.CALLBACK))
    past_bot = contacts.arrival + contacts.bot_time
    at_door = (entered == contacts.arrival) | (contacts.meets_bot & (entered == past_bot))
    last = np.where(over & ~gone, ended, horizon)
    longest = np.where(taken, (last - started) * (1 + _RELATIVE) + _RELATIVE * horizon, 0.0)
    rules = (
        ("has an unknown outcome", ~np.isin(outcome, list(Outcome))),
        ("is open yet ended, or ended yet open", is_open == over),
        ("was served, but never taken", is_served & ~taken),
        ("was contained, but not by a bot that it met", by_bot & ~(contacts.meets_bot & contacts.contained)),
        ("was contained, but not at the end of its bot time", by_bot & (ended != past_bot)),
        ("was contained or closed out, yet joined the queue", (by_bot | closed) & joined),
        ("abandoned, went, balked or was cut, but never joined the queue", (gave_up | gone | left | cut) & ~joined),
        ("abandoned, balked or was cut, yet was taken", (gave_up | left | cut) & taken),
        ("balked or chose a callback, but not at once", left & (ended != entered)),
        ("joined the queue, but not on arrival nor after the bot", joined & ~at_door),
        ("was taken, but never joined the queue", taken & ~joined),
        ("was taken before it joined the queue", started < entered),
        ("was taken before the horizon began", started < 0),
        ("ended before it was taken", (ended < started) & ~gone),
        ("had gone, but not before it was taken", gone & (ended > started)),
        ("ended before it arrived", ended < contacts.arrival),
        ("ended after the horizon", ended > horizon),
        ("was taken, but by nobody, or not taken, but by somebody", taken != (records.group >= 0)),
        ("was taken by a group that is not there", records.group >= len(ledger.busy)),
        ("has a group without an agent, or an agent without a group", (records.group < 0) != (records.agent < 0)),
        ("was in hand for less than no time or longer than since it was taken", ~_between(records.handled, longest)),
    )
    faults += [
        f"Contact {np.flatnonzero(wrong)[0]} (one of {np.count_nonzero(wrong)}) {text}."
        for text, wrong in rules
        if wrong.any()
    ]

    groups = len(ledger.busy)
    known = taken & (records.group >= 0) & (records.group < groups)
    present = ledger.staffed + ledger.overtime
    in_hand = np.bincount(records.group[known], records.handled[known], groups)
    slot_seconds = ledger.slot_seconds.sum(axis=1)
    limits = (
        ("are busy for longer than they are present", ledger.busy, present),
        ("are busy without a contact in hand", ledger.busy, ledger.slot_seconds),
    )
    for text, seconds, limit in limits:
        wrong = ~_between(seconds, limit * (1 + _RELATIVE) + _RELATIVE * horizon)
        faults += [f"Agents of group {g} {text} in interval {i}." for g, i in np.argwhere(wrong)[:1]]
    wrong = np.abs(in_hand - slot_seconds) > _RELATIVE * (slot_seconds + horizon)
    faults += [
        f"Agents of group {g} had contacts in hand for {slot_seconds[g]} s, contacts were in hand for {in_hand[g]} s."
        for g in np.flatnonzero(wrong)
    ]
    return faults


def _between(seconds: Floats, limit: Floats) -> Bools:
    """Whether each is from 0 to its limit; a nan is not."""
    return (seconds >= 0) & (seconds <= limit)
