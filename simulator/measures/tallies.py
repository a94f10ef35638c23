"""Plain sums over the rows of one replication, from which every measure is built.

An interval, a day and a topic own the contacts that *arrive* in them, whenever they are served or give up. The starting
backlog arrived before the first interval: wherever a contact tally has a time axis, its last column, `[..., -1]`, is
the starting backlog, so that `[..., :-1]` are the intervals or days and the sum over all columns is the horizon.

Below is what each tally means; who counts in it is one line each, of the same name, in `compiled.tally`.

"Within" is judged by one addition, `instant <= entered + T`, as the engines make their times (R2): a patience or an
overflow time that equals T is not at the mercy of rounding.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.contacts import Ledger
    from simulator.measures.made import Made
    from simulator.measures.yardstick import Yardstick

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class ContactTally(StrEnum):
    """A count of contacts or a sum of their seconds; the value is its name in formulas."""

    ARRIVED = "arrived"
    """All contacts."""
    ENQUIRIES = "enquiries"
    """First attempts."""
    LOST_ENQUIRIES = "lost enquiries"
    """First attempts of enquiries whose last attempt was lost: abandoned, balked, closed or cut. Not those of which a
    message that was chased has been answered after all, or is still open."""
    LOST_ORDERS = "lost enquiries × share with an order"
    """Orders expected of lost enquiries, by the share of the first attempt's channel and topic."""
    MET_BOT = "met bot"
    """Arrived while the bot was on, and were drawn to meet it."""
    CONTAINED = "contained"
    """Finished by the bot."""
    CLOSED = "closed"
    """Live, came to the agents' door while the channel was closed."""
    BOUNCED = "bounced"
    """Contained by the bot, and came back."""
    OFFERED = "offered"
    """Came to the agents' queue: answered, abandoned, balked, cut or still waiting at the end of the horizon. Not who
    chose a callback, and not the callback."""
    ANSWERED = "answered"
    """Of the offered, taken by an agent who found the customer there."""
    ANSWERED_WITHIN = "answered within T"
    """Live, taken by an agent not later than T after joining the queue."""
    ABANDONED = "abandoned"
    """Gave up waiting for an agent, with or without a sign."""
    GONE = "gone"
    """Gave up without a sign."""
    BALKED = "balked"
    """Were told a longer wait than they tolerate, and left."""
    ABANDONED_WITHIN = "abandoned within T"
    """Gave up not later than T after joining the queue."""
    SHORT_ABANDONED = "short abandons"
    """Gave up sooner than the channel's `short_abandon`."""
    CUT = "cut"
    """Were waiting when the channel closed and cut its queue."""
    CALLBACKS_BOOKED = "callbacks booked"
    """Chose to be called back."""
    CALLBACKS_MADE = "callbacks made"
    """Calls back that an agent has begun, tries that reached nobody included."""
    CALLBACKS_CUT = "callbacks cut"
    """Calls back that were still to be made when the channel closed and cut its queue; they are among the cut."""
    REDIALS = "redials"
    """Attempts after one that was lost."""
    CHASERS = "chasers"
    """Attempts because a message has not been answered by its due time."""
    SERVED = "served"
    """Finished by an agent; calls back that found nobody left out."""
    CAME_BACK = "served and came back"
    """Finished by an agent, and the customer needed more: a repeat contact or a hand-on."""
    OPEN = "open"
    """With the bot, waiting or in hand at the end of the horizon."""
    FELL_DUE = "fell due"
    """Deferred, due not later than the end of the horizon."""
    IN_TIME = "finished by due time"
    """Fell due, and were served or contained not later than that."""
    OVERDUE = "open past due time"
    """Fell due, and still open at the end of the horizon."""
    ANSWERED_WAIT = "wait of answered"
    """Seconds from joining the queue to an agent, of the answered."""
    CALLBACK_WAIT = "wait for callbacks"
    """Seconds from booking, or from the try before, to an agent, of callbacks made."""
    GONE_TIME = "handling time of gone"
    """Seconds that agents took to find out that a customer had gone."""
    WAIT = "wait of answered, abandoned and cut"
    """Seconds from joining the queue to an agent, to giving up or to being cut."""
    HANDLING_TIME = "handling time of served"
    """Seconds in an agent's hands, of served contacts."""
    TIME_TO_FINISH = "time from arrival to finish"
    """Seconds from arrival, of contacts served or contained."""
    WORK = "work offered"
    """Seconds of work for an agent of speed 1 who holds nothing else, of contacts that joined the queue; as the bot
    hands them over, where they come from it."""


class AgentTally(StrEnum):
    """A sum of agent-seconds; the value is its name in formulas."""

    PLANNED = "planned time"
    """Planned presence: absent agents too, and groups on call as if always called."""
    STAFFED = "staffed time"
    """Presence on duty: planned, less who is absent and who is on call and not called."""
    OVERTIME = "overtime"
    """Presence after the end of duty, to finish the work in hand."""
    BUSY = "busy time"
    """Presence with at least one contact in hand."""
    SLOT_SECONDS = "contact time in hand"
    """Contact-seconds in hand: an agent with two chats counts twice."""
    PAID = "paid time"
    """Planned time (of groups on call: staffed time) / (1 - shrinkage) + overtime."""


class CentreTally(StrEnum):
    """What belongs to no group and no channel; the value is its name in formulas."""

    FIXED_COSTS = "fixed costs"
    """What is paid once for the horizon; in no period."""


Tally = ContactTally | AgentTally | CentreTally

ROW: Mapping[ContactTally | AgentTally, int] = {
    **{tally: row for row, tally in enumerate(ContactTally)},
    **{tally: row for row, tally in enumerate(AgentTally)},
}
"""The row of each in the tables of a `Summary`."""


def contact_tallies(yardstick: Yardstick, played: Made) -> tuple[Floats, Floats, Ints]:
    """Tallies by interval and by day of arrival, and abandonments by interval, as a `Summary` has them.

    Raises
    ------
    ValueError
        If there is a contact of a channel or topic that the yardstick does not have.
    """
    from simulator.measures import compiled

    contacts, records = played.contacts, played.records
    channels, topics, _, intervals = yardstick.shape
    first_of_day = yardstick.first_intervals("day")
    by_interval = np.zeros((len(ContactTally), channels, intervals + 1))
    classes = yardstick.customer_classes
    by_day = np.zeros((len(ContactTally), channels, topics, classes, len(first_of_day) + 1))
    abandonments = np.zeros((channels, intervals), dtype=np.int64)
    chased, lost = np.zeros((2, len(contacts)), dtype=np.bool_)
    compiled.lost_for_good(
        contacts.enquiry,
        contacts.attempt,
        played.cause,
        played.followed_by,
        played.in_vain,
        records.outcome,
        np.arange(len(contacts)),
        chased,
        lost,
    )
    wrong = compiled.tally(
        yardstick.edges,
        first_of_day,
        yardstick.live,
        yardstick.within,
        yardstick.short_abandon,
        yardstick.bot_on,
        contacts.arrival,
        contacts.channel,
        contacts.topic,
        contacts.customer_class,
        contacts.work,
        contacts.due,
        contacts.meets_bot,
        contacts.bot_time,
        contacts.attempt,
        played.cause,
        played.followed_by,
        played.in_vain,
        lost,
        yardstick.order_share.ravel(),
        yardstick.escalated_work.ravel(),
        records.entered,
        records.started,
        records.ended,
        records.handled,
        records.outcome,
        topics,
        classes,
        np.zeros((channels * topics * classes, len(ContactTally))),
        by_interval,
        by_day.reshape(len(ContactTally), channels * topics * classes, -1),
        abandonments,
    )
    if wrong >= 0:
        msg = (
            f"Contact {wrong} is of channel {contacts.channel[wrong]}, topic {contacts.topic[wrong]} and class "
            f"{contacts.customer_class[wrong]}; they must be within 0..{channels - 1}, 0..{topics - 1} and "
            f"0..{classes - 1}."
        )
        raise ValueError(msg)
    return by_interval, by_day, abandonments


def agent_tallies(yardstick: Yardstick, ledger: Ledger) -> Floats:
    """[agent tally, group, interval]."""
    engaged = np.where(yardstick.on_call[:, None], ledger.staffed, yardstick.planned)
    paid = engaged / (1.0 - yardstick.shrinkage[:, None]) + ledger.overtime
    tallies = {
        AgentTally.PLANNED: yardstick.planned,
        AgentTally.STAFFED: ledger.staffed,
        AgentTally.OVERTIME: ledger.overtime,
        AgentTally.BUSY: ledger.busy,
        AgentTally.SLOT_SECONDS: ledger.slot_seconds,
        AgentTally.PAID: paid,
    }
    return np.array([tallies[tally] for tally in AgentTally])
