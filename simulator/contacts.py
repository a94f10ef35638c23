"""The two tables everybody shares, and the small ones beside them.

`Contacts` says what arrives, with all its luck, and what may follow it (`FollowUps`); `ContactRecords` says what
happened to each contact, row by row in the same order; `Ledger` says what the agents did, and `Diverted` whom
announcements and new channels have moved. Every column is documented here and nowhere else. All times are seconds from
the start of the horizon; a contact of the starting backlog has a negative arrival time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


_LARGEST = float(np.finfo(np.float64).max)
_KINDS = {"Floats": np.float64, "Ints": np.int64, "Bools": np.bool_}


def check_kinds(table: DataclassInstance) -> None:
    """Refuse columns of another kind of number than is documented; compiled code reads them as just that.

    Raises
    ------
    ValueError
        Naming the column and its kind.
    """
    for column in fields(table):
        if str(column.type) not in _KINDS:
            continue
        kind, documented = getattr(table, column.name).dtype, np.dtype(_KINDS[str(column.type)])
        if kind != documented:
            msg = f"{type(table).__name__}.{column.name} is {kind}; it must be {documented}."
            raise ValueError(msg)


class Outcome(IntEnum):
    """How a contact ended. Every contact has exactly one outcome, so their counts add up to the arrivals."""

    OPEN = 0
    """Still with the bot, waiting or in hand when the horizon ended."""
    SERVED = 1
    """An agent finished the work."""
    CONTAINED = 2
    """The bot finished the contact; no agent saw it."""
    ABANDONED = 3
    """The customer gave up waiting for an agent."""
    CLOSED = 4
    """A live contact came to the agents' door while the channel was closed."""
    CUT = 5
    """A live contact was waiting when its channel closed, and the channel cuts its queue at closing."""
    NOT_MADE = 6
    """A follow-up that nothing brought about before the horizon ended: it never arrived."""
    BALKED = 7
    """The customer was told a longer wait than it tolerates, and left at once."""
    CALLBACK = 8
    """The customer took the offer to be called back; the follow-up is the call."""
    GONE = 9
    """The customer gave up waiting without a sign; an agent who takes the contact finds nobody."""
    TO_COME = 10
    """A follow-up that was brought about, but has not arrived before the horizon ended."""


NOT_ARRIVED = (Outcome.NOT_MADE, Outcome.TO_COME)
"""The follow-ups that are not there."""


class Cause(IntEnum):
    """Why a customer makes contact (again)."""

    NEED = 0
    """The first attempt of an enquiry, which comes by itself."""
    REDIAL = 1
    """The attempt before was lost."""
    BOUNCE = 2
    """The bot had contained the attempt before, and the customer is not content with it."""
    REPEAT = 3
    """The attempt before was served, and the customer needs more."""
    HAND_ON = 4
    """The attempt before was served as far as that agent could; it goes on elsewhere."""
    RETRY = 5
    """The attempt before was a callback that reached nobody."""
    CALLBACK = 6
    """The customer was promised a call."""
    CHASER = 7
    """The message before has not been answered by its due time."""


class Trigger(IntEnum):
    """What has to happen to a contact for a follow-up to come; at most one follow-up of a contact waits for each."""

    LOST = 0
    CONTAINED = 1
    SERVED = 2
    CALLBACK = 3
    LATE = 4


TRIGGER_OF = {
    Cause.REDIAL: Trigger.LOST,
    Cause.BOUNCE: Trigger.CONTAINED,
    Cause.REPEAT: Trigger.SERVED,
    Cause.HAND_ON: Trigger.SERVED,
    Cause.RETRY: Trigger.SERVED,
    Cause.CALLBACK: Trigger.CALLBACK,
    Cause.CHASER: Trigger.LATE,
}


_trigger_of_cause = np.array([TRIGGER_OF.get(cause, -1) for cause in Cause])


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The last contacts of a `Contacts` table, which come only if something happens to the contact they follow.

    All columns have shape [follow_up]; the contact number of the first is that of the last contact that comes by
    itself, plus one.
    """

    after: Ints
    """Contact number of the attempt that this one follows; smaller than its own."""
    cause: Ints
    """A `Cause`, which says what has to happen to that attempt (`TRIGGER_OF`)."""
    delay: Floats
    """Seconds from that instant to the arrival; for a chaser, from the due time."""
    resolved_by: Floats
    """A follow-up of a served contact does not come if the group that served it has at least this quality."""
    waits_for_opening: Bools
    """Whether the customer who would find the channel closed comes after it opens instead (R22)."""
    in_vain: Bools
    """Whether it is a call back that finds nobody: its work is the ringing. Engines need not know."""

    def __len__(self) -> int:
        return len(self.after)

    @property
    def trigger(self) -> Ints:
        """[follow_up] What has to happen, a `Trigger`."""
        return _trigger_of_cause[self.cause]

    @classmethod
    def none(cls) -> FollowUps:
        """No follow-ups."""
        return cls(*(np.empty(0, dtype=_KINDS[str(column.type)]) for column in fields(cls)))

    def check(self, contacts: int) -> None:
        """Refuse follow-ups that no engine could play.

        Parameters
        ----------
        contacts
            How many there are in the whole table.

        Raises
        ------
        ValueError
            Naming the column, the first follow-up at fault and what is allowed.
        """
        count = len(self)
        for column in fields(self):
            if getattr(self, column.name).shape != (count,):
                msg = f"FollowUps.{column.name} has another length than FollowUps.after ({count})."
                raise ValueError(msg)
        check_kinds(self)
        if count > contacts:
            msg = f"There are {count} follow-ups among {contacts} contacts."
            raise ValueError(msg)
        if count == 0:
            return
        known = (self.cause >= min(TRIGGER_OF)) & (self.cause <= max(TRIGGER_OF))
        number = np.arange(contacts - count, contacts)
        earlier = (self.after >= 0) & (self.after < number)
        # Where a row is wrong already, it does not matter whether there are two of it.
        place = len(Trigger) * np.where(earlier, self.after, 0) + _trigger_of_cause[np.where(known, self.cause, 0)]
        once = np.ones(count, dtype=np.bool_)
        if np.bincount(place + 1).max() > 1:
            once[:] = False
            once[np.unique(place, return_index=True)[1]] = True
        rules = (
            ("after", earlier, "the number of an earlier contact"),
            ("cause", known, f"one of {', '.join(map(str, map(int, TRIGGER_OF)))}"),
            ("delay", (self.delay >= 0) & np.isfinite(self.delay), "finite and not negative"),
            ("resolved_by", self.resolved_by >= 0, "not negative"),
            ("cause", once, "the only one of its trigger after that contact"),
        )
        for name, holds, allowed in rules:
            if not holds.all():
                first = int(np.argmin(holds))
                msg = f"FollowUps.{name}[{first}] is {getattr(self, name)[first]}; it must be {allowed}."
                raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Contacts:
    """What arrives in one replication, in order of arrival. The row number is the contact number.

    Everything random about a contact is in its row before the engine starts; the engine draws nothing.
    All columns have shape [contact]; beside them stands what is known of follow-ups only.
    """

    arrival: Floats
    """Instant at which the customer starts this attempt, in seconds; sorted. Negative: in the starting backlog; inf for
    follow-ups, of which it is not known before the day is played."""
    channel: Ints
    """Index of the channel."""
    topic: Ints
    """Index of the topic."""
    customer_class: Ints
    """Index of the class of the customer, 0 for ordinary ones; the same for all attempts of an enquiry."""
    work: Floats
    """Handling work in seconds for an agent of speed 1 who holds nothing else."""
    patience: Floats
    """Seconds the customer is willing to wait in the agents' queue; inf for those who wait for ever."""
    due: Floats
    """Instant by which a deferred contact should be finished; inf for live contacts, and for follow-ups, which get
    theirs when they arrive."""
    meets_bot: Bools
    """Whether the contact goes to the channel's bot first (if the bot is on at its arrival)."""
    contained: Bools
    """Whether the bot, once met, finishes the contact."""
    bot_time: Floats
    """Seconds that the bot needs, contained or not."""
    enquiry: Ints
    """The customer's need this attempt belongs to: the contact number of its first attempt."""
    attempt: Ints
    """0 for the first attempt of an enquiry, 1 for the next, and so on."""
    tolerance: Floats
    """Seconds: told a longer wait, the customer balks; inf for those who never do."""
    silent: Bools
    """Whether a customer who gives up waiting does so without a sign: the contact stays in line."""
    follow_ups: FollowUps = field(default_factory=FollowUps.none)
    """Of the last contacts: what brings them about."""

    def __len__(self) -> int:
        return len(self.arrival)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The names of the columns of shape [contact]."""
        return tuple(column.name for column in fields(cls) if str(column.type) in _KINDS)

    def check(self, *, channels: int, topics: int, customer_classes: int = 1) -> None:
        """Refuse a table that no engine could play.

        Raises
        ------
        ValueError
            Naming the column, the first contact at fault and what is allowed.
        """
        count = len(self.arrival)
        for name in self.columns():
            if getattr(self, name).shape != (count,):
                msg = f"Contacts.{name} has another length than Contacts.arrival ({count})."
                raise ValueError(msg)
        check_kinds(self)
        self.follow_ups.check(count)
        if count == 0:
            return
        firsts = count - len(self.follow_ups)
        known = np.concatenate((np.isfinite(self.arrival[:firsts]), self.arrival[firsts:] == np.inf))
        in_order = np.concatenate(([True], self.arrival[1:] >= self.arrival[:-1]))
        earlier = self.enquiry <= np.arange(count)
        # What nearly always holds is seen from a column's least and greatest; only a fault is looked for row by row.
        rules: tuple[tuple[str, Bools | None, float, float, str], ...] = (
            ("arrival", known, -_LARGEST, np.inf, "finite, and inf for follow-ups"),
            ("arrival", in_order, -np.inf, np.inf, "sorted"),
            ("channel", None, 0, channels - 1, f"within 0..{channels - 1}"),
            ("topic", None, 0, topics - 1, f"within 0..{topics - 1}"),
            ("customer_class", None, 0, customer_classes - 1, f"within 0..{customer_classes - 1}"),
            ("work", None, 0, _LARGEST, "finite and not negative"),
            ("patience", None, 0, np.inf, "not negative"),
            ("due", None, -np.inf, np.inf, "a number or inf"),
            ("bot_time", None, 0, _LARGEST, "finite and not negative"),
            ("enquiry", earlier, 0, np.inf, "an earlier contact or the contact itself"),
            ("attempt", None, 0, np.inf, "not negative"),
            ("tolerance", None, 0, np.inf, "not negative"),
        )
        for name, holds, least, greatest, allowed in rules:
            values = getattr(self, name)
            if not (values.min() >= least and values.max() <= greatest and (holds is None or holds.all())):
                within = (values >= least) & (values <= greatest)
                first = int(np.argmin(within if holds is None else within & holds))
                msg = f"Contacts.{name}[{first}] is {values[first]}; it must be {allowed}."
                raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class ContactRecords:
    """What happened to each contact, in the rows of its `Contacts` table. All columns have shape [contact]."""

    entered: Floats
    """Instant of joining the agents' queue (patience starts here); nan if the contact never got there."""
    started: Floats
    """Instant at which an agent first took the contact; nan if none did."""
    ended: Floats
    """Instant of the outcome; nan if the contact is still open or has never arrived."""
    handled: Floats
    """Seconds in an agent's hands up to the end of the horizon, put-aside time left out."""
    outcome: Ints
    """An `Outcome`."""
    group: Ints
    """Index of the group of the agent who took the contact; -1 if none did."""
    agent: Ints
    """Number of that agent within its group; -1 if none."""
    arrived: Floats
    """Instant of coming to the front door: `Contacts.arrival` where that is known; nan for a follow-up that has not."""
    due: Floats
    """Instant by which a deferred contact should be finished: `Contacts.due`, or what a follow-up was promised."""

    def __len__(self) -> int:
        return len(self.entered)

    @property
    def wait(self) -> Floats:
        """Seconds from joining the queue to an agent, to giving up or to being cut; nan for the others."""
        ended_waiting = np.isin(self.outcome, (Outcome.ABANDONED, Outcome.CUT, Outcome.GONE))
        return np.where(ended_waiting, self.ended, self.started) - self.entered

    @classmethod
    def blank(cls, contacts: Contacts) -> ContactRecords:
        """The records of these contacts before anything has happened."""
        count = len(contacts)
        return cls(
            arrived=np.where(contacts.arrival < np.inf, contacts.arrival, np.nan),
            due=contacts.due.copy(),
            entered=np.full(count, np.nan),
            started=np.full(count, np.nan),
            ended=np.full(count, np.nan),
            handled=np.zeros(count),
            outcome=np.full(count, Outcome.OPEN, dtype=np.int64),
            group=np.full(count, -1, dtype=np.int64),
            agent=np.full(count, -1, dtype=np.int64),
        )


@dataclass(frozen=True, slots=True)
class Diverted:
    """What announcements and new channels made of one replication's contacts: all fields [diversion, channel], counts.

    So, by channel: drawn = in `Contacts` (the starting backlog left out) + `avoided` + `beyond` + `left` - `joined`.
    """

    concerned: Ints
    """Contacts of its window, channels and topics, on the channel on which they would have come."""
    avoided: Ints
    """Of those: stay away for good."""
    later: Ints
    """Of those: come later, within the horizon."""
    beyond: Ints
    """Of those: come after the end of the horizon."""
    left: Ints
    """Of those: come on another channel."""
    joined: Ints
    """Contacts of other channels that come on this one."""

    @classmethod
    def blank(cls, diversions: int, channels: int) -> Diverted:
        """Nobody was diverted."""
        return cls(*(np.zeros((diversions, channels), dtype=np.int64) for _ in fields(cls)))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the agents did, in agent-seconds. All fields have shape [group, interval]."""

    staffed: Floats
    """Presence on duty: agents of the interval's staffing times its length; 0 while an on-call group is away."""
    overtime: Floats
    """Presence of agents who should have left and still finish the work in hand."""
    busy: Floats
    """Presence with at least one contact in hand, overtime included; never more than staffed plus overtime."""
    slot_seconds: Floats
    """Contact-seconds in hand: an agent with two chats counts twice."""

    @classmethod
    def blank(cls, groups: int, intervals: int) -> Ledger:
        """An empty ledger."""
        return cls(*(np.zeros((groups, intervals)) for _ in fields(cls)))
