"""The two tables everybody shares, and the small ones beside them.

`Contacts` says what arrives, with all its luck; `ContactRecords` says what happened to each contact, row by row in the
same order; `Ledger` says what the agents did, and `Diverted` whom announcements and new channels have moved. Every
column is documented here and nowhere else. All times are seconds from the start of the horizon; a contact of the
starting backlog has a negative arrival time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
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


@dataclass(frozen=True, slots=True)
class Contacts:
    """What arrives in one replication, in order of arrival. The row number is the contact number.

    Everything random about a contact is in its row before the engine starts; the engine draws nothing.
    All columns have shape [contact].
    """

    arrival: Floats
    """Instant at which the customer starts this attempt, in seconds; sorted. Negative: in the starting backlog."""
    channel: Ints
    """Index of the channel."""
    topic: Ints
    """Index of the topic."""
    work: Floats
    """Handling work in seconds for an agent of speed 1 who holds nothing else."""
    patience: Floats
    """Seconds the customer is willing to wait in the agents' queue; inf for those who wait for ever."""
    due: Floats
    """Instant by which a deferred contact should be finished; inf for live contacts."""
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

    def __len__(self) -> int:
        return len(self.arrival)

    def check(self, *, channels: int, topics: int) -> None:
        """Refuse a table that no engine could play.

        Raises
        ------
        ValueError
            Naming the column, the first contact at fault and what is allowed.
        """
        count = len(self.arrival)
        for column in fields(self):
            if getattr(self, column.name).shape != (count,):
                msg = f"Contacts.{column.name} has another length than Contacts.arrival ({count})."
                raise ValueError(msg)
        check_kinds(self)
        if count == 0:
            return
        in_order = np.concatenate(([True], self.arrival[1:] >= self.arrival[:-1]))
        earlier = self.enquiry <= np.arange(count)
        # What nearly always holds is seen from a column's least and greatest; only a fault is looked for row by row.
        rules: tuple[tuple[str, Bools | None, float, float, str], ...] = (
            ("arrival", None, -_LARGEST, _LARGEST, "finite"),
            ("arrival", in_order, -np.inf, np.inf, "sorted"),
            ("channel", None, 0, channels - 1, f"within 0..{channels - 1}"),
            ("topic", None, 0, topics - 1, f"within 0..{topics - 1}"),
            ("work", None, 0, _LARGEST, "finite and not negative"),
            ("patience", None, 0, np.inf, "not negative"),
            ("due", None, -np.inf, np.inf, "a number or inf"),
            ("bot_time", None, 0, _LARGEST, "finite and not negative"),
            ("enquiry", earlier, 0, np.inf, "an earlier contact or the contact itself"),
            ("attempt", None, 0, np.inf, "not negative"),
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
    """Instant of the outcome; nan if the contact is still open."""
    handled: Floats
    """Seconds in an agent's hands up to the end of the horizon, put-aside time left out."""
    outcome: Ints
    """An `Outcome`."""
    group: Ints
    """Index of the group of the agent who took the contact; -1 if none did."""
    agent: Ints
    """Number of that agent within its group; -1 if none."""

    def __len__(self) -> int:
        return len(self.entered)

    @property
    def wait(self) -> Floats:
        """Seconds from joining the queue to an agent, to giving up or to being cut; nan for the others."""
        ended_waiting = (self.outcome == Outcome.ABANDONED) | (self.outcome == Outcome.CUT)
        return np.where(ended_waiting, self.ended, self.started) - self.entered

    @classmethod
    def blank(cls, count: int) -> ContactRecords:
        """The records of `count` contacts before anything has happened."""
        return cls(
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
    """Planned presence: agents on duty times the interval's length."""
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
