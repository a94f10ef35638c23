"""Draws what may follow each contact: every attempt that an enquiry could make, before the day is played.

For each contact at most one follow-up for each trigger (`simulator.contacts.Trigger`) is drawn, if its luck says that
the customer would come; for each of these again, up to the scenario's number of attempts. Whether it comes is for the
engine to find out. The luck is made from keys (`simulator.demand.keys`).

Contact types have numbers here, by channel and topic: those of `simulator.demand.draw`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.contacts import Cause, Contacts, FollowUps
from simulator.demand.keys import constant
from simulator.demand.times import FOR_EVER, NO_TIME, Times
from simulator.scenario.customer_checks import attempts_at_most
from simulator.scenario.customers import Return

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.demand.compiled import Attempts
    from simulator.scenario.model import Channel, ContactType, Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Words = NDArray[np.uint64]

CAUSES = (Cause.REDIAL, Cause.BOUNCE, Cause.REPEAT, Cause.HAND_ON, Cause.RETRY, Cause.CALLBACK, Cause.CHASER)
"""In the order of `simulator.demand.compiled.Ways`; a test compares the two. Those of outages are redials."""


class FollowUpLaw:
    """What may follow the contacts of a scenario; all replications have it in common.

    Parameters
    ----------
    scenario
        Only its customers matter.
    types
        Each contact type, after the index of its channel.
    bot_share
        [type] Share that meets the bot.
    work, patience, bot_time
        By type, as of first attempts.
    least_quality
        The lowest quality that a group of agents may have: what even they resolve is not drawn.
    """

    def __init__(
        self,
        scenario: Scenario,
        types: Sequence[tuple[int, ContactType]],
        bot_share: Floats,
        work: Times,
        patience: Times,
        bot_time: Times,
        least_quality: float = 1.0,
    ) -> None:
        self._attempts = scenario.attempts
        self._least_quality = least_quality
        self._bot_share = bot_share
        self._containment = np.array([kind.containment for _, kind in types], dtype=np.float64)
        self._work, self._patience, self._bot_time = work, patience, bot_time
        self._channel = np.array([c for c, _ in types], dtype=np.int64)
        self._topic = np.array([kind.topic for _, kind in types], dtype=np.int64)
        self._number = np.full((len(scenario.channels), len(scenario.topics)), -1)
        self._number[self._channel, self._topic] = np.arange(len(types))

        channels = [scenario.channels[c] for c, _ in types]
        tolerances = [channel.told.tolerance if channel.told else None for channel in channels]
        self._balks = any(tolerances)
        self._tolerance = Times([tolerance or FOR_EVER for tolerance in tolerances])
        self._silent = np.array([channel.silent.share if channel.silent else 0.0 for channel in channels])
        offers = [channel.callback for channel in channels]
        self._reached = np.array([offer.reached if offer else 1.0 for offer in offers])
        self._ringing = np.array([offer.ringing if offer else 0.0 for offer in offers])
        self._tries = np.array([offer.tries if offer else 0 for offer in offers], dtype=np.int64)

        self._outages = [(outage.channel, outage.start, outage.end) for outage in scenario.outages]
        returns = [kind.returns for _, kind in types]
        ways = [
            [each.redial for each in returns],
            [each.bounce for each in returns],
            [each.repeat for each in returns],
            [each.hand_on for each in returns],
            [_another_call(c, channel) for c, channel in zip(self._channel.tolist(), channels, strict=True)],
            [_offer(c, channel) for c, channel in zip(self._channel.tolist(), channels, strict=True)],
            [each.chaser for each in returns],
        ]
        for outage in scenario.outages:
            ways += [
                [way if c == outage.channel else None for c in self._channel] for way in (outage.back, outage.switch)
            ]
        self._causes = np.array([*CAUSES, *[Cause.REDIAL] * 2 * len(self._outages)])
        self._share, self._until, self._goes_to = self._tables(ways)
        flat = [way for of_type in ways for way in of_type]
        self._delay = Times([way.delay if way else NO_TIME for way in flat])
        self._factor = np.array([way.handling_factor if way else 1.0 for way in flat])
        self._waits = np.array([way is not None and way.waits_for_opening for way in flat], dtype=np.bool_)

        self._follows = self._attempts > 1 and any(way and any(way.share) for way in flat)
        self.needed = self._follows or self._balks or bool(self._silent.any())
        """Whether any contact needs a key."""
        self._room = max(attempts_at_most(scenario), default=1.0) if self._follows else 1.0

    def drawn_after(self, contacts: Contacts, key: Words) -> Contacts:
        """Add all that may follow to first attempts that have the keys [contact]; give them tolerance and silence."""
        if not self.needed:
            return contacts
        from simulator.demand import compiled

        rows, count = self._grown(contacts, key)
        kind = rows.kind[:count]
        bounds, place = compiled.grouped(kind, len(self._channel))
        tolerance, silent = np.full(count, np.inf), np.zeros(count, dtype=np.bool_)
        if self._balks:
            tolerance = self._tolerance.of(compiled.luck_of(rows.key, place, constant("tolerance")), bounds, place)
        if self._silent.any():
            silent = compiled.chosen(self._silent, compiled.luck_of(rows.key, place, constant("silent")), bounds, place)
        if count == len(contacts):
            return replace(contacts, tolerance=tolerance, silent=silent)
        return self._table(contacts, rows, count, tolerance, silent)

    def _tables(self, ways: Sequence[Sequence[Return | None]]) -> tuple[Floats, Floats, Ints]:
        """`Ways.share`, `until` and `goes_to`."""
        known = [way for of_type in ways for way in of_type if way is not None]
        longest = max((len(way.share) for way in known), default=1)
        most = max((len(way.channels) for way in known), default=1)
        share = np.zeros((len(ways), longest, len(self._channel)))
        until = np.full((len(ways), len(self._channel), most), np.inf)
        goes_to = np.full(until.shape, -1)
        for w, of_type in enumerate(ways):
            for kind, way in enumerate(of_type):
                if way is not None:
                    share[w, :, kind] = [way.share[min(n, len(way.share) - 1)] for n in range(longest)]
                    places = len(way.channels)
                    until[w, kind, : places - 1] = np.cumsum([part for _, part in way.channels])[:-1]
                    topic = self._topic[kind] if way.topic is None else way.topic
                    goes_to[w, kind, :places] = self._number[[channel for channel, _ in way.channels], topic]
        return share, until, goes_to

    def _grown(self, contacts: Contacts, key: Words) -> tuple[Attempts, int]:
        """First attempts and all that may follow; with the number of rows that are filled."""
        from simulator.demand import compiled

        ways = compiled.Ways(
            self._share, self._until, self._goes_to, self._bot_share, self._containment, self._reached, self._tries
        )
        purpose = np.array([constant(name) for name in compiled.PURPOSES])
        next_key = np.array([constant(f"next {Cause(cause).name}") for cause in self._causes])
        firsts = len(contacts)
        room = int(1.2 * self._room * firsts) + 1000
        while True:
            # Memory that nobody touches costs nothing.
            rows = compiled.Attempts(
                key=_with_room(key, room),
                kind=_with_room(self._number[contacts.channel, contacts.topic], room),
                enquiry=_with_room(contacts.enquiry, room),
                attempt=_with_room(contacts.attempt, room),
                meets_bot=_with_room(contacts.meets_bot, room),
                contained=_with_room(contacts.contained, room),
                calls=_with_room(np.zeros(firsts, dtype=np.int64), room),
                in_vain=_with_room(np.zeros(firsts, dtype=np.bool_), room),
                after=np.empty(room, dtype=np.int64),
                way=np.empty(room, dtype=np.int64),
                resolved_by=np.empty(room),
            )
            met, attempts = self._outage_met(contacts), self._attempts if self._follows else 1
            count = compiled.follow(rows, firsts, met, ways, attempts, self._least_quality, purpose, next_key)
            if count >= 0:
                return rows, count
            room *= 2

    def _outage_met(self, contacts: Contacts) -> Ints:
        """[first attempt] The outage in which it comes, -1 if in none; empty if there are no outages."""
        met = np.full(len(contacts) if self._outages else 0, -1)
        for number, (channel, start, end) in enumerate(self._outages):
            first, last = np.searchsorted(contacts.arrival, (start, end))
            met[first:last][contacts.channel[first:last] == channel] = number
        return met

    def _table(self, contacts: Contacts, rows: Attempts, count: int, tolerance: Floats, silent: Bools) -> Contacts:

        new = slice(len(contacts), count)
        key, before = rows.key[new], rows.kind[rows.after[new]]
        law = rows.way[new] * len(self._channel) + before
        delay = self._times(self._delay, law, len(self._factor), key, "delay")
        kinds = len(self._channel)
        work = self._times(self._work, rows.kind[new], kinds, key, "work") * self._factor[law]
        patience = self._times(self._patience, rows.kind[new], kinds, key, "patience")
        if self._tries.any():
            called, in_vain = rows.calls[new] > 0, rows.in_vain[new]
            work[in_vain] = self._ringing[rows.kind[new][in_vain]]
            patience[called] = np.inf
            tolerance[new][called] = np.inf
            silent[new][called] = False
        never = np.full(len(key), np.inf)
        everybody = rows.kind[:count]
        return Contacts(
            arrival=np.concatenate((contacts.arrival, never)),
            channel=self._channel[everybody],
            topic=self._topic[everybody],
            customer_class=contacts.customer_class[rows.enquiry[:count]],
            work=np.concatenate((contacts.work, work)),
            patience=np.concatenate((contacts.patience, patience)),
            due=np.concatenate((contacts.due, never)),
            meets_bot=rows.meets_bot[:count],
            contained=rows.contained[:count],
            bot_time=np.concatenate(
                (contacts.bot_time, self._times(self._bot_time, rows.kind[new], kinds, key, "bot time"))
            ),
            enquiry=rows.enquiry[:count],
            attempt=rows.attempt[:count],
            tolerance=tolerance,
            silent=silent,
            follow_ups=FollowUps(
                after=rows.after[new],
                cause=self._causes[rows.way[new]],
                delay=delay,
                resolved_by=rows.resolved_by[new],
                waits_for_opening=self._waits[law],
                in_vain=rows.in_vain[new],
            ),
        )

    def _times(self, times: Times, law: Ints, laws: int, key: Words, purpose: str) -> Floats:
        """[row] Random times of rows that have these laws and keys [row]."""
        from simulator.demand import compiled

        bounds, place = compiled.grouped(law, laws)
        return times.of(compiled.luck_of(key, place, constant(purpose)), bounds, place)


def _with_room(column: Any, room: int) -> Any:
    """A column at the beginning of a longer one."""
    longer = np.empty(room, dtype=column.dtype)
    longer[: len(column)] = column
    return longer


def _offer(c: int, channel: Channel) -> Return | None:
    """The callback, which keeps the place in line."""
    offer = channel.callback
    return Return((offer.taken,), ((c, 1.0),), NO_TIME, waits_for_opening=False) if offer else None


def _another_call(c: int, channel: Channel) -> Return | None:
    """The next try after a call that found nobody."""
    offer = channel.callback
    return Return((1.0,), ((c, 1.0),), offer.retry_after, waits_for_opening=True) if offer else None
