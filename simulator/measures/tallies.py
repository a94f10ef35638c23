"""Plain sums over the rows of one replication, from which every measure is built.

An interval, a day and a topic own the contacts that *arrive* in them, whenever they are served or give up. The starting
backlog arrived before the first interval: wherever a contact tally has a time axis, its last column, `[..., -1]`, is
the starting backlog, so that `[..., :-1]` are the intervals or days and the sum over all columns is the horizon.

"Within" is judged by one addition, `instant <= entered + T`, as the engines make their times (R2): a patience or an
overflow time that equals T is not at the mercy of rounding.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts, Ledger
    from simulator.measures.yardstick import Yardstick

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class ContactTally(StrEnum):
    """A count of contacts or a sum of their seconds; the value is its name in formulas."""

    ARRIVED = "arrived"
    """All contacts."""
    ENQUIRIES = "enquiries"
    """First attempts."""
    MET_BOT = "met bot"
    """Arrived while the bot was on, and were drawn to meet it."""
    CONTAINED = "contained"
    """Finished by the bot."""
    CLOSED = "closed"
    """Live, came to the agents' door while the channel was closed."""
    OFFERED = "offered"
    """Joined the agents' queue: answered, abandoned, cut or still waiting at the end of the horizon."""
    ANSWERED = "answered"
    """Taken by an agent."""
    ANSWERED_WITHIN = "answered within T"
    """Live, taken by an agent not later than T after joining the queue."""
    ABANDONED = "abandoned"
    """Gave up waiting for an agent."""
    ABANDONED_WITHIN = "abandoned within T"
    """Gave up not later than T after joining the queue."""
    SHORT_ABANDONED = "short abandons"
    """Gave up sooner than the channel's `short_abandon`."""
    CUT = "cut"
    """Were waiting when the channel closed and cut its queue."""
    SERVED = "served"
    """Finished by an agent."""
    OPEN = "open"
    """With the bot, waiting or in hand at the end of the horizon."""
    FELL_DUE = "fell due"
    """Deferred, due not later than the end of the horizon."""
    IN_TIME = "finished by due time"
    """Fell due, and were served or contained not later than that."""
    OVERDUE = "open past due time"
    """Fell due, and still open at the end of the horizon."""
    ANSWERED_WAIT = "wait of answered"
    """Seconds from joining the queue to an agent."""
    WAIT = "wait of answered, abandoned and cut"
    """Seconds from joining the queue to an agent, to giving up or to being cut."""
    HANDLING_TIME = "handling time of served"
    """Seconds in an agent's hands, of served contacts."""
    TIME_TO_FINISH = "time from arrival to finish"
    """Seconds from arrival, of contacts served or contained."""
    WORK = "work offered"
    """Seconds of work for an agent of speed 1 who holds nothing else, of contacts that joined the queue."""


class AgentTally(StrEnum):
    """A sum of agent-seconds, or of their price; the value is its name in formulas."""

    STAFFED = "staffed time"
    """Planned presence."""
    OVERTIME = "overtime"
    """Presence after the end of duty, to finish the work in hand."""
    BUSY = "busy time"
    """Presence with at least one contact in hand."""
    SLOT_SECONDS = "contact time in hand"
    """Contact-seconds in hand: an agent with two chats counts twice."""
    PAID = "paid time"
    """Staffed time / (1 - shrinkage) + overtime."""
    COST = "cost of paid time"
    """Paid time at the group's price."""


def contact_tallies(yardstick: Yardstick, contacts: Contacts, records: ContactRecords) -> Floats:
    """[contact tally, channel, topic, interval + 1], the last column being the starting backlog."""
    channels, topics, _, intervals = yardstick.shape
    interval = arrival_interval(yardstick.edges, contacts.arrival)
    cell = (contacts.channel * topics + contacts.topic) * (intervals + 1) + np.where(interval < 0, intervals, interval)
    cells = channels * topics * (intervals + 1)
    columns = _columns(yardstick, contacts, records, interval)
    tallies = np.empty((len(ContactTally), cells))
    for row, tally in enumerate(ContactTally):
        column = columns[tally]
        if column.dtype == np.bool_:
            # Most truths are rare, and to count the few is quicker than to add up the many.
            tallies[row] = np.bincount(cell[np.flatnonzero(column)], minlength=cells)
        else:
            tallies[row] = np.bincount(cell, weights=column, minlength=cells)
    return tallies.reshape(-1, channels, topics, intervals + 1)


def arrival_interval(edges: Floats, arrival: Floats) -> Ints:
    """[contact] Interval of arrival; -1 for the starting backlog. `arrival` is sorted and before the last edge."""
    before = np.searchsorted(arrival, edges)
    return np.repeat(np.arange(-1, len(edges) - 1), np.diff(before, prepend=0))


def _columns(
    yardstick: Yardstick, contacts: Contacts, records: ContactRecords, interval: Ints
) -> dict[ContactTally, Bools | Floats]:
    """[contact] What each contact adds to each tally: a truth to count, or seconds."""
    outcome, channel = records.outcome, contacts.channel
    live = yardstick.live[channel]
    served, contained = outcome == Outcome.SERVED, outcome == Outcome.CONTAINED
    abandoned, still_open = outcome == Outcome.ABANDONED, outcome == Outcome.OPEN
    finished = served | contained
    offered, answered = ~np.isnan(records.entered), ~np.isnan(records.started)
    # Comparisons with nan are false: who never joined, was never taken or has not ended counts nowhere.
    limit = records.entered + yardstick.within[channel]
    fell_due = contacts.due <= yardstick.horizon
    wait = records.wait
    return {
        ContactTally.ARRIVED: np.ones(len(contacts), dtype=np.bool_),
        ContactTally.ENQUIRIES: contacts.attempt == 0,
        # The backlog (interval -1) has been past the bot; the index then names an interval that does not matter.
        ContactTally.MET_BOT: contacts.meets_bot & (interval >= 0) & yardstick.bot_on[channel, interval],
        ContactTally.CONTAINED: contained,
        ContactTally.CLOSED: outcome == Outcome.CLOSED,
        ContactTally.OFFERED: offered,
        ContactTally.ANSWERED: answered,
        ContactTally.ANSWERED_WITHIN: live & (records.started <= limit),
        ContactTally.ABANDONED: abandoned,
        ContactTally.ABANDONED_WITHIN: abandoned & (records.ended <= limit),
        ContactTally.SHORT_ABANDONED: abandoned & (records.ended < records.entered + yardstick.short_abandon[channel]),
        ContactTally.CUT: outcome == Outcome.CUT,
        ContactTally.SERVED: served,
        ContactTally.OPEN: still_open,
        ContactTally.FELL_DUE: fell_due,
        ContactTally.IN_TIME: fell_due & finished & (records.ended <= contacts.due),
        ContactTally.OVERDUE: fell_due & still_open,
        ContactTally.ANSWERED_WAIT: np.where(answered, wait, 0.0),
        ContactTally.WAIT: np.where(np.isnan(wait), 0.0, wait),
        ContactTally.HANDLING_TIME: records.handled * served,
        ContactTally.TIME_TO_FINISH: np.where(finished, records.ended - contacts.arrival, 0.0),
        ContactTally.WORK: contacts.work * offered,
    }


def agent_tallies(yardstick: Yardstick, ledger: Ledger) -> Floats:
    """[agent tally, group, interval]."""
    paid = ledger.staffed / (1.0 - yardstick.shrinkage[:, None]) + ledger.overtime
    tallies = {
        AgentTally.STAFFED: ledger.staffed,
        AgentTally.OVERTIME: ledger.overtime,
        AgentTally.BUSY: ledger.busy,
        AgentTally.SLOT_SECONDS: ledger.slot_seconds,
        AgentTally.PAID: paid,
        AgentTally.COST: paid / 3600.0 * yardstick.cost_per_hour[:, None],
    }
    return np.array([tallies[tally] for tally in AgentTally])


def abandonments(yardstick: Yardstick, contacts: Contacts, records: ContactRecords) -> Ints:
    """[channel, interval] Contacts that abandoned, by the interval in which they *gave up*.

    Those of the starting backlog who did so before the horizon began are in none.
    """
    channels, _, _, intervals = yardstick.shape
    gave_up = (records.outcome == Outcome.ABANDONED) & (records.ended >= 0)
    interval = np.searchsorted(yardstick.edges, records.ended[gave_up], side="right") - 1
    cell = contacts.channel[gave_up] * intervals + np.minimum(interval, intervals - 1)
    return np.bincount(cell, minlength=channels * intervals).reshape(channels, intervals)
