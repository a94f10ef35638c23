"""Draws what may follow each contact: every attempt that an enquiry could make, before the day is played.

For each contact at most one follow-up for each trigger (`simulator.contacts.Trigger`) is drawn, if its luck says that
the customer would come; for each of these again, up to the scenario's number of attempts. Whether it comes is for the
engine to find out. All attempts with the same number are drawn together, from their keys (`simulator.demand.keys`).

Contact types have numbers here, by channel and topic: those of `simulator.demand.draw`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulator.contacts import Cause, Contacts, FollowUps
from simulator.demand.keys import next_keys, uniform
from simulator.demand.times import FOR_EVER, NO_TIME, Times
from simulator.scenario.customers import Return

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from simulator.scenario.model import Channel, ContactType, Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Words = NDArray[np.uint64]

CALLS = (Cause.CALLBACK, Cause.RETRY)
"""Causes of calls that the centre makes."""


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
        The lowest quality that a group of agents may have: what even they resolve no repeat is drawn for.
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
        at = _Types(scenario, types)
        self._types = at

        channels = [scenario.channels[c] for c, _ in types]
        tolerances = [channel.told and channel.told.tolerance for channel in channels]
        self._balks = any(tolerances)
        self._tolerance = Times([tolerance or FOR_EVER for tolerance in tolerances])
        self._silent = np.array([channel.silent.share if channel.silent else 0.0 for channel in channels])
        offers = [channel.callback for channel in channels]
        self._reached = np.array([offer.reached if offer else 1.0 for offer in offers])
        self._ringing = np.array([offer.ringing if offer else 0.0 for offer in offers])
        self._tries = np.array([offer.tries if offer else 0 for offer in offers])

        returns = [kind.returns for _, kind in types]
        self._redial = _Ways(Cause.REDIAL, [each.redial for each in returns], at)
        self._bounce = _Ways(Cause.BOUNCE, [each.bounce for each in returns], at)
        self._repeat = _Ways(Cause.REPEAT, [each.repeat for each in returns], at)
        self._hand_on = _Ways(Cause.HAND_ON, [each.hand_on for each in returns], at)
        self._chaser = _Ways(Cause.CHASER, [each.chaser for each in returns], at)
        self._callback = _Ways(Cause.CALLBACK, [_offer(c, scenario.channels[c]) for c, _ in types], at)
        self._retry = _Ways(Cause.RETRY, [_another_call(c, scenario.channels[c]) for c, _ in types], at)
        self._outages = [
            _Outage(
                outage.channel,
                outage.start,
                outage.end,
                *(
                    _Ways(Cause.REDIAL, [way if c == outage.channel else None for c, _ in types], at)
                    for way in (outage.back, outage.switch)
                ),
            )
            for outage in scenario.outages
        ]
        ways = [self._redial, self._bounce, self._repeat, self._hand_on, self._chaser, self._callback]
        ways += [way for outage in self._outages for way in (outage.back, outage.switch)]
        self._follows = self._attempts > 1 and any(way.may_be for way in ways)
        self.needed = self._follows or self._balks or bool(self._silent.any())
        """Whether any contact needs a key."""

    def drawn_after(self, contacts: Contacts, key: Words) -> Contacts:
        """Add all that may follow to first attempts that have the keys [contact]; give these tolerance and silence."""
        if not self.needed:
            return contacts
        kind = self._types.number[contacts.channel, contacts.topic]
        contacts = replace(contacts, tolerance=self._tolerances(kind, key), silent=self._silences(kind, key))
        first = len(contacts)
        parents = _Attempts.first(contacts, kind, key)
        found = []
        for attempt in range(1, self._attempts if self._follows else 1):
            parts = [part for part in self._following(parents, attempt, contacts) if len(part.row)]
            if not parts:
                break
            parents = self._born(parents, _joined(parts), first)
            found.append((parents, attempt))
            first += len(parents.number)
        return self._appended(contacts, found) if found else contacts

    def _following(self, parents: _Attempts, attempt: int, contacts: Contacts) -> Iterator[_Part]:
        """What may follow these attempts, one cause after the other."""
        everybody = np.arange(len(parents.number))
        lost = everybody
        if self._outages and attempt == 1:
            met = np.zeros(len(lost), dtype=np.bool_)
            for outage in self._outages:
                rows = outage.met_by(contacts)
                met[rows] = True
                luck = uniform(parents.key[rows], "redial")
                back, switch = (way.share(parents.kind[rows], attempt) for way in (outage.back, outage.switch))
                yield outage.back.of(parents, rows[luck < back])
                yield outage.switch.of(parents, rows[(luck >= back) & (luck < back + switch)])
            lost = np.flatnonzero(~met)
        yield self._redial.drawn(parents, lost, attempt, "redial")
        yield self._bounce.drawn(parents, np.flatnonzero(parents.meets_bot & parents.contained), attempt, "bounce")
        yield self._chaser.drawn(parents, everybody, attempt, "chaser")

        # Calls that the centre makes are not offered a call; those in vain are tried again, and resolve nothing.
        in_vain = parents.in_vain
        offered = np.flatnonzero(parents.tries == 0) if self._callback.may_be else everybody
        yield self._callback.drawn(parents, offered, attempt, "callback")
        again = (
            np.flatnonzero(in_vain & (parents.tries < self._tries[parents.kind])) if in_vain.any() else everybody[:0]
        )
        yield self._retry.of(parents, again)

        served = np.flatnonzero(~in_vain) if in_vain.any() else everybody
        handed = self._hand_on.drawn(parents, served, attempt, "hand on")
        yield handed
        if self._repeat.may_be:
            if len(handed.row):
                goes_on = np.zeros(len(everybody), dtype=np.bool_)
                goes_on[handed.row] = True
                served = served[~goes_on[served]]
            resolved = 1.0 - self._repeat.share(parents.kind[served], attempt)
            luck = uniform(parents.key[served], "repeat")
            by = np.divide(luck, resolved, out=np.full(len(luck), np.inf), where=resolved > 0)
            rows = np.flatnonzero(by > self._least_quality)
            yield self._repeat.of(parents, served[rows])._replace(resolved_by=by[rows])

    def _born(self, parents: _Attempts, part: _Part, number: int) -> _Attempts:
        """The attempts that follow, numbered from `number` on."""
        key, kind = part.key, part.kind
        calls = np.isin(part.cause, CALLS) if self._callback.may_be else np.zeros(len(key), dtype=np.bool_)
        in_vain = calls
        tries = np.zeros(len(key), dtype=np.int64)
        if calls.any():
            in_vain = calls & (uniform(key, "reached") >= self._reached[kind])
            tries = np.where(calls, parents.tries[part.row] + 1, 0)
        meets_bot, contained = calls, calls
        if self._bot_share.any():
            meets_bot = ~calls & (uniform(key, "meets bot") < self._bot_share[kind])
            contained = uniform(key, "contained") < self._containment[kind]
        return _Attempts(
            number=np.arange(number, number + len(key)),
            key=key,
            kind=kind,
            enquiry=parents.enquiry[part.row],
            meets_bot=meets_bot,
            contained=contained,
            in_vain=in_vain,
            tries=tries,
            part=part._replace(row=parents.number[part.row]),
        )

    def _appended(self, contacts: Contacts, found: Sequence[tuple[_Attempts, int]]) -> Contacts:
        """The table of first attempts and what follows."""

        def together(name: str) -> Any:
            return np.concatenate([getattr(each, name) for each, _ in found])

        key, kind, in_vain, tries = together("key"), together("kind"), together("in_vain"), together("tries")
        part = _joined([each.part for each, _ in found if each.part])
        work = self._work.at(kind, uniform(key, "work")) * part.factor
        patience = self._patience.at(kind, uniform(key, "patience"))
        tolerance, silent = self._tolerances(kind, key), self._silences(kind, key)
        if tries.any():
            calls = tries > 0
            work = np.where(in_vain, self._ringing[kind], work)
            patience, tolerance = (np.where(calls, np.inf, time) for time in (patience, tolerance))
            silent &= ~calls
        count = len(key)
        never = np.full(count, np.inf)
        added: dict[str, Any] = {
            "arrival": never,
            "channel": self._types.channel[kind],
            "topic": self._types.topic[kind],
            "work": work,
            "patience": patience,
            "due": never,
            "meets_bot": together("meets_bot"),
            "contained": together("contained"),
            "bot_time": self._bot_time.at(kind, uniform(key, "bot time")),
            "enquiry": together("enquiry"),
            "attempt": np.repeat([attempt for _, attempt in found], [len(each.key) for each, _ in found]),
            "tolerance": tolerance,
            "silent": silent,
        }
        columns = {name: np.concatenate((getattr(contacts, name), column)) for name, column in added.items()}
        follow_ups = FollowUps(
            after=part.row,
            cause=part.cause,
            delay=part.delay,
            resolved_by=part.resolved_by,
            waits_for_opening=part.waits,
        )
        return Contacts(**columns, follow_ups=follow_ups)

    def _tolerances(self, kind: Ints, key: Words) -> Floats:
        return self._tolerance.at(kind, uniform(key, "tolerance") if self._balks else np.empty(0))

    def _silences(self, kind: Ints, key: Words) -> Bools:
        if not self._silent.any():
            return np.zeros(len(key), dtype=np.bool_)
        return np.asarray(uniform(key, "silent") < self._silent[kind])


def _offer(c: int, channel: Channel) -> Return | None:
    """The callback, which keeps the place in line."""
    offer = channel.callback
    return Return((offer.taken,), ((c, 1.0),), NO_TIME, waits_for_opening=False) if offer else None


def _another_call(c: int, channel: Channel) -> Return | None:
    """The next try after a call that found nobody."""
    offer = channel.callback
    return Return((1.0,), ((c, 1.0),), offer.retry_after, waits_for_opening=True) if offer else None


class _Types:
    """The contact types by number."""

    def __init__(self, scenario: Scenario, types: Sequence[tuple[int, ContactType]]) -> None:
        self.channel = np.array([c for c, _ in types], dtype=np.int64)
        self.topic = np.array([kind.topic for _, kind in types], dtype=np.int64)
        self.number = np.full((len(scenario.channels), len(scenario.topics)), -1)
        """[channel, topic]"""
        self.number[self.channel, self.topic] = np.arange(len(types))


class _Ways:
    """Who makes contact again for one cause, where and when, for all contact types."""

    def __init__(self, cause: Cause, ways: Sequence[Return | None], types: _Types) -> None:
        self.cause = cause
        known = [way for way in ways if way is not None]
        self.may_be = any(share > 0 for way in known for share in way.share)
        longest = max((len(way.share) for way in known), default=1)
        most = max((len(way.channels) for way in known), default=1)
        self._share = np.zeros((longest, len(ways)))
        self._until = np.full((len(ways), most - 1), np.inf)
        """[type, channel] Luck from which it is not that channel but a later one."""
        self._goes_to = np.full((len(ways), most), -1)
        self._waits = np.array([way is not None and way.waits_for_opening for way in ways], dtype=np.bool_)
        self._factor = np.array([1.0 if way is None else way.handling_factor for way in ways])
        self._delay = Times([NO_TIME if way is None else way.delay for way in ways])
        for kind, way in enumerate(ways):
            if way is None:
                continue
            self._share[:, kind] = [way.share[min(n, len(way.share) - 1)] for n in range(longest)]
            shares = np.cumsum([share for _, share in way.channels])[:-1]
            self._until[kind, : len(shares)] = shares
            topic = types.topic[kind] if way.topic is None else way.topic
            self._goes_to[kind, : len(way.channels)] = types.number[[channel for channel, _ in way.channels], topic]

    def share(self, kind: Ints, attempt: int) -> Floats:
        """[row] Share who come again as this attempt, by type [row]."""
        return np.asarray(self._share[min(attempt, len(self._share)) - 1][kind])

    def drawn(self, parents: _Attempts, rows: Ints, attempt: int, purpose: str) -> _Part:
        """What follows those of these rows who make contact again."""
        if not self.may_be:
            return self.of(parents, rows[:0])
        luck = uniform(parents.key[rows], purpose)
        return self.of(parents, rows[luck < self.share(parents.kind[rows], attempt)])

    def of(self, parents: _Attempts, rows: Ints) -> _Part:
        """What follows these rows."""
        before, key = parents.kind[rows], next_keys(parents.key[rows], self.cause.name)
        way = np.zeros(len(rows), dtype=np.int64)
        if self._until.shape[1]:
            way = (uniform(key, "channel")[:, np.newaxis] >= self._until[before]).sum(axis=1)
        return _Part(
            row=rows,
            cause=np.full(len(rows), self.cause),
            key=key,
            kind=self._goes_to[before, way],
            delay=self._delay.at(before, uniform(key, "delay")),
            factor=self._factor[before],
            waits=self._waits[before],
            resolved_by=np.full(len(rows), np.inf),
        )


class _Outage(NamedTuple):
    """An outage, for first attempts that meet it."""

    channel: int
    start: float
    end: float
    back: _Ways
    switch: _Ways

    def met_by(self, contacts: Contacts) -> Ints:
        """Rows of those who come while the channel is down."""
        first, last = np.searchsorted(contacts.arrival, (self.start, self.end))
        return np.asarray(first + np.flatnonzero(contacts.channel[first:last] == self.channel))


class _Part(NamedTuple):
    """Follow-ups; each column [follow_up]."""

    row: Ints
    """Row, in the end the contact number, of the attempt before."""
    cause: Ints
    key: Words
    kind: Ints
    delay: Floats
    factor: Floats
    waits: Bools
    resolved_by: Floats


def _joined(parts: Sequence[_Part]) -> _Part:
    return _Part._make(map(np.concatenate, zip(*parts, strict=True)))


class _Attempts(NamedTuple):
    """All that may be attempts of one number; each column [attempt]."""

    number: Ints
    """Contact number."""
    key: Words
    kind: Ints
    enquiry: Ints
    meets_bot: Bools
    contained: Bools
    in_vain: Bools
    """Whether it is a call that finds nobody."""
    tries: Ints
    """Calls so far, this one counted; 0 for what is no call of the centre."""
    part: _Part | None = None
    """What they follow; None for those that come by themselves."""

    @classmethod
    def first(cls, contacts: Contacts, kind: Ints, key: Words) -> _Attempts:
        """Those that come by themselves."""
        number = np.arange(len(key))
        never = np.zeros(len(key), dtype=np.bool_)
        return cls(
            number, key, kind, contacts.enquiry, contacts.meets_bot, contacts.contained, never, np.zeros_like(number)
        )
