"""A second reading of `docs/model.md`, as naive as can be, to hold the engines against.

Written from the rules and not from any engine. There is no event list, no queue and no idle list: at every event
everything that could happen next, every line and every agent is searched anew. Slow, and easy to believe.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import TRIGGER_OF, Cause, ContactRecords, Ledger, Outcome, Trigger
from simulator.engine import NO_SKILL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from simulator.contacts import Contacts
    from simulator.engine import Centre

# R1: the kinds of events in their order.
LEVEL_OPENS, WORK_ENDS, BOUNDARY, PATIENCE_ENDS, ARRIVES = range(1, 6)

# R22: the outcomes of an attempt that was in vain.
LOST = (Outcome.ABANDONED, Outcome.CLOSED, Outcome.CUT, Outcome.BALKED, Outcome.GONE)

# Where a contact can be.
AWAY, BOT, WAITING, IN_HAND, PUT_ASIDE, OUT = "away", "bot", "waiting", "in hand", "put aside", "out"


@dataclass
class Agent:
    """One person on duty."""

    group: int
    number: int
    changed: int
    """When the hands changed last: the place in the order of all such changes."""
    hand: list[int] = field(default_factory=list)
    aside: int | None = None
    marked: int | None = None
    """The place in the order of all markings, or None."""

    @property
    def idle(self) -> bool:
        return not self.hand and self.aside is None


@dataclass
class Person:
    """One contact: where it is, what remains of its work, and what will be written about it."""

    where: str = AWAY
    arrives: float = np.inf
    """When it comes to the front door; inf for a follow-up that nothing has brought about yet."""
    arrived: float = np.nan
    due: float = np.inf
    work: float = 0.0
    patience: float = np.inf
    entered: float = np.nan
    started: float = np.nan
    ended: float = np.nan
    handled: float = 0.0
    outcome: Outcome = Outcome.OPEN
    group: int = -1
    agent: int = -1
    remaining: float = 0.0
    updated: float = np.nan
    rate: float = np.nan
    ends: float = np.nan
    since: float = np.nan
    """Start of the present stint in an agent's hands."""
    opened: set[float] = field(default_factory=set)
    """The openings of levels that have happened."""


class Integral:
    """One line of the ledger: a number of agents or contacts integrated over time, by group and interval (R21)."""

    def __init__(self, groups: int, intervals: int) -> None:
        self.number = [0] * groups
        self.last = [0.0] * groups
        self.area = np.zeros((groups, intervals))

    def change(self, group: int, interval: int, by: int, now: float) -> None:
        self.area[group, interval] += self.number[group] * (now - self.last[group])
        self.number[group] += by
        self.last[group] = now


class Oracle:
    """One replication, played as the rules are written."""

    def __init__(self, centre: Centre, contacts: Contacts, staffing: NDArray[np.int64]) -> None:
        self.centre, self.contacts, self.staffing = centre, contacts, staffing
        self.firsts = len(contacts) - len(contacts.follow_ups)
        self.people = [
            Person(arrives=0.0 + float(contacts.arrival[contact]), due=float(contacts.due[contact]))  # -0.0 is 0.0
            for contact in range(len(contacts))
        ]
        for person, arrival in zip(self.people[: self.firsts], contacts.arrival, strict=False):
            person.arrived = float(arrival)
        self.agents: list[Agent] = []
        self.channels, self.topics, self.groups, self.intervals = centre.shape
        self.last_wait = [0.0] * self.channels
        """R23: that of the contact of each channel that an agent took last."""
        self.comes_at: list[float] = [np.inf if on_call else -np.inf for on_call in centre.on_call]
        """R28: the boundary from which each group is there; inf for those that are not called."""
        self.interval = -1
        self.now = -np.inf
        self.order: Iterator[int] = count()
        self.planned = np.zeros_like(staffing)
        self.overtime = Integral(self.groups, self.intervals)
        self.busy = Integral(self.groups, self.intervals)
        self.slot_seconds = Integral(self.groups, self.intervals)

    # What is asked of the tables.

    def channel(self, contact: int) -> int:
        return int(self.contacts.channel[contact])

    def live(self, contact: int) -> bool:
        return bool(self.centre.live[self.channel(contact)])

    def kind(self, contact: int) -> tuple[int, int, int]:
        """Class of customer, channel and topic."""
        contacts = self.contacts
        return int(contacts.customer_class[contact]), int(contacts.channel[contact]), int(contacts.topic[contact])

    def priority(self, contact: int) -> int:
        return int(self.centre.priority[self.kind(contact)])

    def level(self, contact: int, group: int) -> int:
        return int(self.centre.level[(*self.kind(contact), group)])

    def opens_at(self, contact: int, group: int) -> float:
        opens_after = float(self.centre.opens_after[(*self.kind(contact), group)])
        return self.people[contact].entered + opens_after

    # R1, R2, R3: what happens next.

    def next_event(self) -> tuple[float, int, int]:
        events = [(float(self.centre.edges[self.interval + 1]), BOUNDARY, self.interval + 1)]
        for contact, person in enumerate(self.people):
            if person.where == AWAY and person.arrives < np.inf:
                events.append((person.arrives, ARRIVES, contact))
            elif person.where == BOT:
                events.append((person.arrives + float(self.contacts.bot_time[contact]), ARRIVES, contact))
            elif person.where == IN_HAND:
                events.append((person.ends, WORK_ENDS, contact))
            elif person.where == WAITING:
                if person.outcome == Outcome.OPEN:
                    events.append((person.entered + person.patience, PATIENCE_ENDS, contact))
                for group in range(self.groups):
                    opens = self.opens_at(contact, group)
                    if self.level(contact, group) >= 0 and opens not in person.opened:
                        events.append((opens, LEVEL_OPENS, contact))
        return min(events)

    def play(self) -> tuple[ContactRecords, Ledger]:
        while True:
            self.now, kind, number = self.next_event()
            if kind == BOUNDARY:
                if number == self.intervals:
                    break
                self.boundary(number)
            elif kind == WORK_ENDS:
                self.work_ends(number)
            elif kind == PATIENCE_ENDS:
                self.patience_ends(number)
            elif kind == LEVEL_OPENS:
                self.people[number].opened.add(self.now)
            elif self.people[number].where == AWAY:
                self.front_door(number)
            else:
                self.after_bot(number)
            self.match()
            if kind == ARRIVES and self.people[number].where == WAITING:
                self.waits(number)
        return self.tables()

    # R4, R5, R6: arriving.

    def front_door(self, contact: int) -> None:
        person, channel = self.people[contact], self.channel(contact)
        if contact >= self.firsts:
            if self.followed_by(contact) == Trigger.LATE and self.has_outcome(self.after(contact)):  # R26
                person.arrives = np.inf
                return
            person.arrived, person.due, person.outcome = self.now, self.promised(channel), Outcome.OPEN
        person.work = float(self.contacts.work[contact])
        person.patience = float(self.contacts.patience[contact])
        in_bot = sum(other.where == BOT and self.channel(n) == channel for n, other in enumerate(self.people))
        meets = bool(self.contacts.meets_bot[contact]) and self.now >= 0
        if meets and self.centre.bot_on[channel, self.interval] and in_bot < int(self.centre.bot_capacity[channel]):
            person.where = BOT
        else:
            self.agents_door(contact)

    def promised(self, channel: int) -> float:
        """R7: the due time of a follow-up that arrives now."""
        centre = self.centre
        knot = [knot for knot, instant in enumerate(centre.due_from[channel]) if instant <= self.now][-1]
        since = self.now - float(centre.due_from[channel, knot])
        return float(centre.due_at[channel, knot]) + float(centre.due_rate[channel, knot]) * since

    def after_bot(self, contact: int) -> None:
        if self.contacts.contained[contact]:
            self.out(contact, Outcome.CONTAINED)
        else:
            person, line = self.people[contact], (self.channel(contact), self.contacts.topic[contact])
            person.work *= float(self.centre.escalated_work[line])
            person.patience *= float(self.centre.escalated_patience[line])
            self.agents_door(contact)

    def agents_door(self, contact: int) -> None:
        if self.now >= 0 and not self.centre.open[self.channel(contact), self.interval]:
            self.out(contact, Outcome.CLOSED)
            return
        person = self.people[contact]
        person.where = WAITING
        person.entered = self.now
        person.remaining = person.work
        if not self.live(contact) and person.due < np.inf:  # R26
            for chaser in self.follow_ups(contact, Trigger.LATE):
                self.set_off(chaser, max(person.due + self.delay(chaser), self.now))

    # R23, R24: who joins and is not taken.

    def waits(self, contact: int) -> None:
        channel, person = self.channel(contact), self.people[contact]
        if not self.live(contact):
            return
        expected = self.last_wait[channel]
        if expected >= self.centre.callback_from[channel] and self.follow_ups(contact, Trigger.CALLBACK):
            self.out(contact, Outcome.CALLBACK)
        elif self.centre.tells[channel] and self.contacts.tolerance[contact] < expected:
            self.out(contact, Outcome.BALKED)
        elif self.centre.tells[channel]:
            person.patience *= float(self.centre.told_patience[channel])

    # R19, R25: patience.

    def patience_ends(self, contact: int) -> None:
        if not self.contacts.silent[contact]:
            self.out(contact, Outcome.ABANDONED)
            return
        person = self.people[contact]
        person.outcome, person.ended = Outcome.GONE, self.now
        person.remaining = float(self.centre.silent_work[self.channel(contact)])
        self.brings_about(contact)

    def out(self, contact: int, outcome: Outcome) -> None:
        """The contact leaves, with this outcome unless it has one (R25)."""
        person = self.people[contact]
        person.where = OUT
        if person.outcome == Outcome.OPEN:
            person.outcome, person.ended = outcome, self.now
            self.brings_about(contact)

    # R22, R26: what follows.

    def after(self, follow_up: int) -> int:
        return int(self.contacts.follow_ups.after[follow_up - self.firsts])

    def delay(self, follow_up: int) -> float:
        return float(self.contacts.follow_ups.delay[follow_up - self.firsts])

    def followed_by(self, follow_up: int) -> Trigger:
        return TRIGGER_OF[Cause(int(self.contacts.follow_ups.cause[follow_up - self.firsts]))]

    def follow_ups(self, contact: int, trigger: Trigger) -> list[int]:
        """The follow-up of a contact that waits for this, if there is one."""
        everyone = range(self.firsts, len(self.people))
        return [f for f in everyone if self.after(f) == contact and self.followed_by(f) == trigger]

    def has_outcome(self, contact: int) -> bool:
        return self.people[contact].outcome != Outcome.OPEN

    def brings_about(self, contact: int) -> None:
        """What an outcome, just given, brings about."""
        person = self.people[contact]
        trigger = {
            **dict.fromkeys(LOST, Trigger.LOST),
            Outcome.CONTAINED: Trigger.CONTAINED,
            Outcome.SERVED: Trigger.SERVED,
            Outcome.CALLBACK: Trigger.CALLBACK,
        }[person.outcome]
        for follow_up in self.follow_ups(contact, trigger):
            resolved_by = self.contacts.follow_ups.resolved_by[follow_up - self.firsts]
            if trigger != Trigger.SERVED or self.centre.quality[person.group, self.interval] < resolved_by:
                self.people[follow_up].outcome = Outcome.TO_COME
                self.set_off(follow_up, self.now + self.delay(follow_up))

    def set_off(self, follow_up: int, instant: float) -> None:
        """A follow-up arrives at this instant, or after the next opening of its channel, but never before time 0."""
        instant = max(instant, 0.0)
        if self.contacts.follow_ups.waits_for_opening[follow_up - self.firsts]:
            opening = self.opening(self.channel(follow_up), instant)
            if opening > instant:
                instant = opening + self.delay(follow_up) % float(self.centre.after_opening[self.channel(follow_up)])
        self.people[follow_up].arrives = instant

    def opening(self, channel: int, instant: float) -> float:
        """The first instant from this one on at which a channel is open; inf if there is none."""
        for interval in range(self.intervals):
            if self.centre.open[channel, interval] and instant < self.centre.edges[interval + 1]:
                return max(instant, float(self.centre.edges[interval]))
        return np.inf

    # R7, R8: the heads of the lines, and the foremost of those that can be taken.

    def heads(self) -> list[int]:
        lines: dict[tuple[int, int, int], list[int]] = {}
        for contact, person in enumerate(self.people):
            if person.where == WAITING:
                lines.setdefault(self.kind(contact), []).append(contact)
        return [min(line, key=lambda contact: (self.stands_by(contact), contact)) for line in lines.values()]

    def stands_by(self, contact: int) -> float:
        return self.people[contact].entered if self.live(contact) else self.people[contact].due

    def match(self) -> None:
        while True:
            found = [(contact, agent) for contact in self.heads() if (agent := self.agent_for(contact)) is not None]
            if not found:
                break
            contact, agent = min(
                found, key=lambda f: (self.priority(f[0]), not self.live(f[0]), self.stands_by(f[0]), f[0])
            )
            self.give(contact, agent)
        for agent in self.agents:  # R14
            if not agent.hand and agent.aside is not None:
                resumed, agent.aside = agent.aside, None
                self.comes(resumed, agent)

    # R9 to R14: who takes it.

    def agent_for(self, contact: int) -> Agent | None:
        may = [
            agent
            for agent in self.agents
            if agent.marked is None
            and self.level(contact, agent.group) >= 0
            and self.now >= self.opens_at(contact, agent.group)
        ]
        free = [agent for agent in may if self.is_free(agent, contact)]
        if free:
            return min(free, key=lambda a: (self.level(contact, a.group), len(a.hand), a.changed))
        if self.live(contact):  # R13
            at_work = [
                agent
                for agent in may
                if any(
                    self.centre.interruptible[self.channel(held)] and self.priority(held) >= self.priority(contact)
                    for held in agent.hand
                )
            ]
            if at_work:
                return min(at_work, key=lambda a: (self.level(contact, a.group), a.changed))
        return None

    def is_free(self, agent: Agent, contact: int) -> bool:
        """R11, R12 and R14, for an agent who is not marked."""
        if agent.aside is not None and not (
            self.live(contact) and self.priority(contact) <= self.priority(agent.aside)
        ):
            return False
        if agent.hand:
            same_channel = all(self.channel(held) == self.channel(contact) for held in agent.hand)
            return same_channel and len(agent.hand) < int(self.centre.slots[self.channel(contact), agent.group])
        if self.live(contact):
            return True
        return sum(a.group == agent.group and a.idle for a in self.agents) > self.kept_back(agent.group)

    def kept_back(self, group: int) -> int:
        """R12."""
        for channel in range(self.channels):
            skilled = (self.centre.level[:, channel, :, group] != NO_SKILL).any()
            if skilled and self.centre.live[channel] and self.centre.open[channel, max(self.interval, 0)]:
                return int(self.centre.reserve[group])
        return 0

    def give(self, contact: int, agent: Agent) -> None:
        if agent.hand and self.channel(agent.hand[0]) != self.channel(contact):  # R13
            (agent.aside,) = agent.hand
            self.goes(agent.aside, agent)
            self.people[agent.aside].where = PUT_ASIDE
        person = self.people[contact]
        person.started, person.group, person.agent = self.now, agent.group, agent.number
        self.last_wait[self.channel(contact)] = person.started - person.entered  # R23
        self.comes(contact, agent)

    # R15: what is in an agent's hands.

    def comes(self, contact: int, agent: Agent) -> None:
        self.settle(agent)
        agent.hand.append(contact)
        person = self.people[contact]
        person.where, person.since = IN_HAND, self.now
        self.retime(agent)
        self.slot_seconds.change(agent.group, self.interval, +1, self.now)
        if len(agent.hand) == 1:
            self.busy.change(agent.group, self.interval, +1, self.now)

    def goes(self, contact: int, agent: Agent) -> None:
        self.settle(agent)
        agent.hand.remove(contact)
        person = self.people[contact]
        person.handled += self.now - person.since
        self.retime(agent)
        self.slot_seconds.change(agent.group, self.interval, -1, self.now)
        if not agent.hand:
            self.busy.change(agent.group, self.interval, -1, self.now)

    def settle(self, agent: Agent) -> None:
        for held in agent.hand:
            person = self.people[held]
            person.remaining = max(person.remaining - (self.now - person.updated) * person.rate, 0.0)

    def retime(self, agent: Agent) -> None:
        self.run(agent)
        agent.changed = next(self.order)

    def run(self, agent: Agent) -> None:
        """Everything in hand goes on at the speed of now."""
        for held in agent.hand:
            person = self.people[held]
            channel, speed = self.channel(held), float(self.centre.speed[(*self.kind(held), agent.group)])
            speed *= float(self.centre.pace[agent.group, self.interval])  # R27
            person.rate = speed * float(self.centre.slot_speed[channel, len(agent.hand) - 1])
            person.updated = self.now
            person.ends = self.now + person.remaining / person.rate

    def work_ends(self, contact: int) -> None:
        (agent,) = (agent for agent in self.agents if contact in agent.hand)
        self.goes(contact, agent)
        self.out(contact, Outcome.SERVED)
        if agent.marked is not None and agent.idle:
            self.agents.remove(agent)
            self.overtime.change(agent.group, self.interval, -1, self.now)

    # R16 to R18, R20, R27 and R28: interval boundaries.

    def boundary(self, interval: int) -> None:
        for integral in (self.overtime, self.busy, self.slot_seconds):
            for group in range(self.groups):
                integral.change(group, interval - 1, 0, self.now)
        self.interval = interval
        for contact, person in enumerate(self.people):
            if person.where == WAITING and interval > 0 and self.live(contact):
                channel = self.channel(contact)
                was_open, is_open = self.centre.open[channel, interval - 1], self.centre.open[channel, interval]
                if self.centre.cut[channel] and was_open and not is_open:
                    self.out(contact, Outcome.CUT)
        for channel in range(self.channels):
            if interval > 0 and self.centre.open[channel, interval] and not self.centre.open[channel, interval - 1]:
                self.last_wait[channel] = 0.0  # R23
        pace = self.centre.pace
        for agent in self.agents:
            if pace[agent.group, interval] != pace[agent.group, interval - 1]:
                self.settle(agent)
                self.run(agent)
        for group in np.flatnonzero(self.centre.on_call).tolist():
            self.comes_at[group] = self.on_call(group)
        for group in range(self.groups):
            self.planned[group, interval] = self.wanted(group)
            self.change_staff(group, self.wanted(group))

    def on_call(self, group: int) -> float:
        """R28: from which boundary on the group is there, decided at this one; inf if it is not."""
        centre, comes_at = self.centre, self.comes_at[group]
        waiting = sum(p.where == WAITING and self.level(n, group) >= 0 for n, p in enumerate(self.people))
        is_open = centre.live & centre.open[:, self.interval]
        serves = [c for c in range(self.channels) if is_open[c] and (centre.level[:, c, :, group] >= 0).any()]
        long_wait = any(self.last_wait[channel] >= centre.called_from_wait[group] for channel in serves)
        if comes_at == np.inf:
            called = waiting >= centre.called_from[group] or long_wait
            return self.interval + float(centre.lead[group]) if called else np.inf
        if self.interval - comes_at >= centre.stay[group] and waiting <= centre.released_at[group] and not long_wait:
            return np.inf
        return comes_at

    def wanted(self, group: int) -> int:
        return int(self.staffing[group, self.interval]) if self.comes_at[group] <= self.interval else 0

    def change_staff(self, group: int, wanted: int) -> None:
        while True:
            present = [agent for agent in self.agents if agent.group == group]
            unmarked = [agent for agent in present if agent.marked is None]
            marked = [(agent.marked, agent) for agent in present if agent.marked is not None]
            if len(unmarked) < wanted and marked:
                _, agent = max(marked, key=lambda pair: pair[0])
                agent.marked = None
                agent.changed = next(self.order)
                self.overtime.change(group, self.interval, -1, self.now)
            elif len(unmarked) < wanted:
                taken = {agent.number for agent in present}
                number = min(n for n in range(len(present) + 1) if n not in taken)
                self.agents.append(Agent(group, number, next(self.order)))
            elif len(unmarked) > wanted:
                agent = min(unmarked, key=lambda a: (not a.idle, a.changed))
                if agent.idle:
                    self.agents.remove(agent)
                else:
                    agent.marked = next(self.order)
                    self.overtime.change(group, self.interval, +1, self.now)
            else:
                return

    def tables(self) -> tuple[ContactRecords, Ledger]:
        """The last boundary (R3): what is still in hand is written up to here."""
        for integral in (self.overtime, self.busy, self.slot_seconds):
            for group in range(self.groups):
                integral.change(group, self.intervals - 1, 0, self.now)
        for person in self.people:
            if person.where == IN_HAND:
                person.handled += self.now - person.since
        for follow_up in self.people[self.firsts :]:
            if follow_up.where == AWAY and follow_up.outcome == Outcome.OPEN:
                follow_up.outcome = Outcome.NOT_MADE
        people = self.people
        records = ContactRecords(
            entered=np.array([p.entered for p in people], dtype=np.float64),
            started=np.array([p.started for p in people], dtype=np.float64),
            ended=np.array([p.ended for p in people], dtype=np.float64),
            handled=np.array([p.handled for p in people], dtype=np.float64),
            outcome=np.array([p.outcome for p in people], dtype=np.int64),
            group=np.array([p.group for p in people], dtype=np.int64),
            agent=np.array([p.agent for p in people], dtype=np.int64),
            arrived=np.array([p.arrived for p in people], dtype=np.float64),
            due=np.array([p.due for p in people], dtype=np.float64),
        )
        ledger = Ledger(
            staffed=self.planned * np.diff(self.centre.edges),
            overtime=self.overtime.area,
            busy=self.busy.area,
            slot_seconds=self.slot_seconds.area,
        )
        return records, ledger
