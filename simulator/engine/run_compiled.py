"""Plays with the compiled engine: tables in, tables out."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from simulator.contacts import ContactRecords, Ledger, Trigger
from simulator.engine import compiled
from simulator.engine.centre import NO_SKILL
from simulator.engine.layout import Ground
from simulator.engine.one_queue import compiled as one_queue

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import Contacts
    from simulator.engine.centre import Centre

Number = TypeVar("Number", bound=np.generic)
Kind = TypeVar("Kind", "np.int64", "NDArray[np.int64]")

INTEGRALS = (compiled.OVERTIME, compiled.BUSY, compiled.IN_HAND)


def ground_of(centre: Centre, staffing: NDArray[np.int64]) -> Ground:
    """The laid-out centre, checked, with room for this staffing; the same for every replication of an experiment.

    Raises
    ------
    ValueError
        If the centre or its staffing cannot be played.
    """
    place = _place_of(_Content(centre))
    centre.check_staffing(staffing)
    return place.with_room_for(staffing.max(axis=1))  # nobody new comes while a marked agent can be told to stay (R16)


def play_on(
    ground: Ground, centre: Centre, contacts: Contacts, staffing: NDArray[np.int64]
) -> tuple[ContactRecords, Ledger]:
    """Play one replication: in the general way, or in the shorter one of a queue that stands alone; the same tables."""
    groups, intervals = staffing.shape
    sums, present = np.empty((groups, len(INTEGRALS), intervals)), np.empty((groups, intervals), dtype=np.int64)
    instants, kinds = np.empty((6, len(contacts))), np.empty((3, len(contacts)), dtype=np.int64)
    entered, started, ended, handled, arrived, due = instants
    outcome, group, agent = kinds
    due[:] = contacts.due
    if stands_alone(centre, contacts):
        channel = contacts.channel[0]
        line_number = lines_of(centre, contacts.customer_class[0], channel, contacts.topic[0])
        whole = ground.laid_out(np.zeros_like(ground.line))
        arrived[:], present[:] = contacts.arrival, staffing
        work, patience, at_door = contacts.work.copy(), contacts.patience.copy(), np.empty(len(contacts))
        by_number = np.empty(len(contacts), dtype=np.int64)
        to_door = one_queue.past_the_bot(
            _plain(centre.edges),
            _plain(centre.bot_on[channel]),
            float(centre.escalated_work[channel, contacts.topic[0]]),
            float(centre.escalated_patience[channel, contacts.topic[0]]),
            _plain(contacts.arrival),
            _flags(contacts.meets_bot),
            _flags(contacts.contained),
            _plain(contacts.bot_time),
            patience,
            work,
            instants[:4],
            kinds,
            at_door,
            by_number,
        )
        by_number = by_number[:to_door]
        one_queue.play(
            whole,
            whole.view(np.float64),
            int(ground.line[line_number]),
            _plain(centre.edges),
            _plain(centre.open[channel]),
            _plain(staffing),
            sums,
            by_number[np.argsort(at_door[by_number], kind="stable")],
            at_door,
            patience,
            work,
            instants[:4],
            kinds,
        )
    else:
        line_number = lines_of(centre, contacts.customer_class, contacts.channel, contacts.topic)
        whole = ground.laid_out(np.bincount(line_number, minlength=len(ground.line)))
        follow_ups = contacts.follow_ups
        compiled.play(
            whole,
            whole.view(np.float64),
            _plain(centre.edges),
            _plain(centre.open),
            ground.reopens,
            _plain(centre.bot_on),
            _plain(centre.pace),
            _plain(centre.quality),
            _plain(staffing),
            sums,
            present,
            _plain(contacts.arrival),
            _plain(contacts.patience),
            _flags(contacts.meets_bot),
            _flags(contacts.contained),
            _plain(contacts.bot_time),
            ground.line[line_number],
            _plain(contacts.work),
            _plain(contacts.tolerance),
            _flags(contacts.silent),
            _plain(follow_ups.after),
            follow_ups.trigger,
            _plain(follow_ups.delay),
            _plain(follow_ups.resolved_by),
            _flags(follow_ups.waits_for_opening),
            _by_trigger(contacts),
            instants,
            kinds,
        )
    records = ContactRecords(entered, started, ended, handled, outcome, group, agent, arrived, due)
    overtime, busy, in_hand = (np.ascontiguousarray(sums[:, k]) for k in range(len(INTEGRALS)))
    return records, Ledger(present * np.diff(centre.edges), overtime, busy, in_hand)


def lines_of(centre: Centre, customer_class: Kind, channel: Kind, topic: Kind) -> Kind:
    """The numbers of the lines in which contacts of these kinds would stand (R7)."""
    channels, topics, _, _ = centre.shape
    line = channel * topics + topic
    return line if centre.customer_classes == 1 else line + customer_class * (channels * topics)


def _by_trigger(contacts: Contacts) -> NDArray[np.int64]:
    """For each contact and `Trigger`, what follows it then, or NOBODY; nothing where there are no follow-ups."""
    follow_ups, count = contacts.follow_ups, len(contacts)
    if len(follow_ups) == 0:
        return np.empty(0, dtype=np.int64)
    follow_up = np.full((count, len(Trigger)), compiled.NOBODY)
    follow_up[follow_ups.after, follow_ups.trigger] = np.arange(count - len(follow_ups), count)
    return follow_up.ravel()


def stands_alone(centre: Centre, contacts: Contacts) -> bool:
    """Whether `one_queue/compiled.py` can play: its head says why this is all that it takes.

    All contacts are of one live line, which one group serves, at once and one at a time. The bot, if anybody meets one,
    is never full, and then work takes time. Nobody hears how long the wait is, stays in line without a sign or comes
    again; nobody is on call, and paces do not change.
    """
    if len(contacts) == 0 or len(contacts.follow_ups) > 0 or centre.on_call.any():
        return False
    customer_class, channel, topic = contacts.customer_class[0], contacts.channel[0], contacts.topic[0]
    serves = centre.level[customer_class, channel, topic] != NO_SKILL
    return bool(
        centre.live[channel]
        and np.count_nonzero(serves) == 1
        and centre.opens_after[customer_class, channel, topic, serves] == 0
        and centre.slots[channel, serves] == 1
        and (contacts.channel == channel).all()
        and (contacts.topic == topic).all()
        and (contacts.customer_class == customer_class).all()
        and (not (centre.bot_on[channel].any() and contacts.meets_bot.any()) or _bot_is_apart(centre, contacts))
        and not centre.tells[channel]
        and not contacts.silent.any()
        and (centre.pace[serves] == 1).all()
    )


def _bot_is_apart(centre: Centre, contacts: Contacts) -> bool:
    """Whether the one line's bot can be played before the queue: it is never full, and the agents' work takes time."""
    channel, topic = contacts.channel[0], contacts.topic[0]
    least = contacts.work.min() * min(1.0, centre.escalated_work[channel, topic])
    serves = centre.level[contacts.customer_class[0], channel, topic] != NO_SKILL
    fastest = centre.speed[contacts.customer_class[0], channel, topic, serves].max() * centre.slot_speed[channel, 0]
    return bool(centre.bot_capacity[channel] >= len(contacts) and least > _MOMENT * fastest)


_MOMENT = 1e-3
"""Seconds that no clock of a horizon rounds away."""


def _plain(table: NDArray[Number]) -> NDArray[Number]:
    """In one piece, and may be written to: for a table that is not, the engine would be compiled anew."""
    return table if table.flags.carray else table.copy()


def _flags(table: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Truth values as 0 and 1."""
    return _plain(table).view(np.uint8)


class _Content:
    """A centre, equal to another if every number in it is."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        tables = [getattr(centre, field.name) for field in fields(centre)]
        self.content = tuple((table.shape, table.tobytes()) for table in tables)

    def __hash__(self) -> int:
        return hash(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.content == other.content


class _Place:
    """Where a centre is laid out: anew only if more agents come than ever before, for who is absent differs by day."""

    def __init__(self, centre: Centre) -> None:
        centre.check()
        self.centre = centre
        self.ground: Ground | None = None

    def with_room_for(self, most: NDArray[np.int64]) -> Ground:
        """The ground for so many agents of each group at once, or more."""
        ground = self.ground
        if ground is None or np.any(most > ground.most):
            # Threads may do this at the same time; each has what it needs, and one of them is kept.
            ground = Ground(self.centre, most if ground is None else np.maximum(most, ground.most))
            self.ground = ground
        return ground


@lru_cache(maxsize=8)
def _place_of(content: _Content) -> _Place:
    return _Place(content.centre)
