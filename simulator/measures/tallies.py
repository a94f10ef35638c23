"""Plain sums over the rows of one replication, from which every measure is built.

An interval, a day and a topic own the contacts that *arrive* in them, whenever they are served or give up. The starting
backlog arrived before the first interval: wherever a contact tally has a time axis, its last column, `[..., -1]`, is
the starting backlog, so that `[..., :-1]` are the intervals or days and the sum over all columns is the horizon.

Below is what each tally means; who counts in it is one line each, of the same name, in `compiled.tally`.

"Within" is judged by one addition, `instant <= entered + T`, as the engines make their times (R2): a patience or an
overflow time that equals T is not at the mercy of rounding.
"""

from __future__ import annotations

from enum import StrEnum, auto
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
    """A count of contacts or a sum of their seconds; its value is its name in catalogues."""

    ARRIVED = auto()
    """All contacts."""
    ENQUIRIES = auto()
    """First attempts."""
    RESOLVED_ENQUIRIES = auto()
    """First attempts of enquiries that ended with a contact that was served or contained, and of which nothing comes
    any more. Where a message is chased there is more than one end: one that helped is enough."""
    OPEN_ENQUIRIES = auto()
    """First attempts of the other enquiries of which a contact is open at the end of the horizon."""
    ENQUIRIES_TO_COME = auto()
    """First attempts of the other enquiries whose next attempt comes after the end of the horizon."""
    LOST_ENQUIRIES = auto()
    """First attempts of the other enquiries: they ended with an attempt in vain (abandoned, balked, closed or cut, or a
    call back that found nobody), and nobody comes again. These four add up to all enquiries."""
    LOST_ORDERS = auto()
    """Orders expected of lost enquiries, by the share of the first attempt's channel and topic."""
    MET_BOT = auto()
    """Arrived while the bot was on, and were drawn to meet it."""
    CONTAINED = auto()
    """Finished by the bot."""
    CLOSED = auto()
    """Live, came to the agents' door while the channel was closed."""
    BOUNCED = auto()
    """Contained by the bot, and came back, or will after the end of the horizon."""
    OFFERED = auto()
    """Came to the agents' queue: answered, abandoned, balked, cut or still waiting at the end of the horizon. Not who
    chose a callback, and not the callback."""
    ANSWERED = auto()
    """Of the offered, taken by an agent who found the customer there."""
    ANSWERED_WITHIN = auto()
    """Live, taken by an agent not later than T after joining the queue."""
    ABANDONED = auto()
    """Gave up waiting for an agent, with or without a sign."""
    GONE = auto()
    """Gave up without a sign."""
    BALKED = auto()
    """Were told a longer wait than they tolerate, and left."""
    ABANDONED_WITHIN = auto()
    """Gave up not later than T after joining the queue."""
    SHORT_ABANDONED = auto()
    """Gave up sooner than the channel's `short_abandon`."""
    CUT = auto()
    """Were waiting when the channel closed and cut its queue."""
    CALLBACKS_BOOKED = auto()
    """Chose to be called back."""
    CALLBACKS_MADE = auto()
    """Calls back that an agent has begun, tries that reached nobody included."""
    CALLBACKS_CUT = auto()
    """Calls back that were still to be made when the channel closed and cut its queue; they are among the cut."""
    REDIALS = auto()
    """Attempts after one that was lost."""
    CHASERS = auto()
    """Attempts because a message has not been answered by its due time."""
    SERVED = auto()
    """Finished by an agent; calls back that found nobody left out."""
    CAME_BACK = auto()
    """Finished by an agent, and the customer needed more: a repeat contact or a hand-on, be it after the horizon."""
    OPEN = auto()
    """With the bot, waiting or in hand at the end of the horizon."""
    FELL_DUE = auto()
    """Deferred, due not later than the end of the horizon."""
    IN_TIME = auto()
    """Fell due, and were served or contained not later than that."""
    OVERDUE = auto()
    """Fell due, and still open at the end of the horizon."""
    ANSWERED_WAIT = auto()
    """Seconds from joining the queue to an agent, of the answered."""
    CALLBACK_WAIT = auto()
    """Seconds from booking, or from the try before, to an agent, of callbacks made."""
    GONE_TIME = auto()
    """Seconds that agents took to find out that a customer had gone."""
    WAIT = auto()
    """Seconds from joining the queue to an agent, to giving up or to being cut."""
    HANDLING_TIME = auto()
    """Seconds in an agent's hands, of served contacts."""
    TIME_TO_FINISH = auto()
    """Seconds from arrival, of contacts served or contained."""
    WORK = auto()
    """Seconds of work for an agent of speed 1 who holds nothing else, of contacts that joined the queue; as the bot
    hands them over, where they come from it."""


class AgentTally(StrEnum):
    """A sum of agent-seconds; its value is its name in catalogues."""

    PLANNED = auto()
    """Planned presence: absent agents too, and groups on call as if always called."""
    STAFFED = auto()
    """Presence on duty: planned, less who is absent and who is on call and not called."""
    OVERTIME = auto()
    """Presence after the end of duty, to finish the work in hand."""
    BUSY = auto()
    """Presence with at least one contact in hand."""
    SLOT_SECONDS = auto()
    """Contact-seconds in hand: an agent with two chats counts twice."""
    PAID = auto()
    """Planned time (of groups on call: staffed time) / (1 - shrinkage) + overtime."""


class CentreTally(StrEnum):
    """What belongs to no group and no channel; its value is its name in catalogues."""

    FIXED_COSTS = auto()
    """What is paid once for the horizon; in no period."""


Tally = ContactTally | AgentTally | CentreTally

ROW: Mapping[ContactTally | AgentTally, int] = {
    **{tally: row for row, tally in enumerate(ContactTally)},
    **{tally: row for row, tally in enumerate(AgentTally)},
}
"""The row of each in the tables of a `Summary`."""


def contact_tallies(yardstick: Yardstick, played: Made, *, topics: bool) -> tuple[Floats, Floats | None, Ints]:
    """Tallies by interval and, with `topics`, by day of arrival, and abandonments by interval; as a `Summary` has them.

    Raises
    ------
    ValueError
        If there is a contact of a channel or topic that the yardstick does not have.
    """
    from simulator.measures import compiled

    contacts, records = played.contacts, played.records
    channels, kinds, _, intervals = yardstick.shape
    first_of_day = yardstick.first_intervals("day")
    by_interval = np.zeros((len(ContactTally), channels, intervals + 1))
    classes = yardstick.customer_classes
    by_day = np.zeros((len(ContactTally) if topics else 0, channels, kinds, classes, len(first_of_day) + 1))
    abandonments = np.zeros((channels, intervals), dtype=np.int64)
    fate = np.zeros(len(contacts), dtype=np.int64)
    compiled.fates(contacts.enquiry, played.followed_by, played.to_come, played.in_vain, records.outcome, fate)
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
        fate,
        yardstick.order_share.ravel(),
        yardstick.escalated_work.ravel(),
        records.entered,
        records.started,
        records.ended,
        records.handled,
        records.outcome,
        kinds,
        classes,
        np.zeros((channels * kinds * classes, len(ContactTally))),
        by_interval,
        by_day.reshape(len(by_day), channels * kinds * classes, len(first_of_day) + 1),
        abandonments,
    )
    if wrong >= 0:
        msg = (
            f"Contact {wrong} is of channel {contacts.channel[wrong]}, topic {contacts.topic[wrong]} and class "
            f"{contacts.customer_class[wrong]}; they must be within 0..{channels - 1}, 0..{kinds - 1} and "
            f"0..{classes - 1}."
        )
        raise ValueError(msg)
    return by_interval, by_day if topics else None, abandonments


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
