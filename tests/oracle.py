"""A second reading of `docs/model.md`, as naive as can be, to hold the engines against.

Written from the rules and not from any engine. There is no event list, no queue and no idle list: at every event
everything that could happen next, every line and every agent is searched anew. Slow, and easy to believe.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import ContactRecords, Ledger, Outcome
from simulator.engine import NO_SKILL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from simulator.contacts import Contacts
    from simulator.engine import Centre

# R1: the kinds of events in their order.
LEVEL_OPENS, WORK_ENDS, BOUNDARY, PATIENCE_ENDS, ARRIVES = range(1, 6)

# Where a contact can be.
AWAY, BOT, WAITING, IN_HAND, PUT_ASIDE, GONE = "away", "bot", "waiting", "in hand", "put aside", "gone"


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
        self.people = [Person() for _ in range(len(contacts))]
        self.agents: list[Agent] = []
        self.channels, self.topics, self.groups, self.intervals = centre.shape
        self.interval = -1
        self.now = -np.inf
        self.order: Iterator[int] = count()
        self.overtime = Integral(self.groups, self.intervals)
        self.busy = Integral(self.groups, self.intervals)
        self.slot_seconds = Integral(self.groups, self.intervals)

    # What is asked of the tables.

    def channel(self, contact: int) -> int:
        return int(self.contacts.channel[contact])

    def live(self, contact: int) -> bool:
        return bool(self.centre.live[self.channel(contact)])

    def priority(self, contact: int) -> int:
        return int(self.centre.priority[self.channel(contact), self.contacts.topic[contact]])

    def level(self, contact: int, group: int) -> int:
        return int(self.centre.level[self.channel(contact), self.contacts.topic[contact], group])

    def opens_at(self, contact: int, group: int) -> float:
        topic = self.contacts.topic[contact]
        opens_after = float(self.centre.opens_after[self.channel(contact), topic, group])
        return self.people[contact].entered + opens_after

    # R1, R2, R3: what happens next.

    def next_event(self) -> tuple[float, int, int]:
        events = [(float(self.centre.edges[self.interval + 1]), BOUNDARY, self.interval + 1)]
        for contact, person in enumerate(self.people):
            arrival = 0.0 + float(self.contacts.arrival[contact])  # R2, and -0.0 is 0.0
            if person.where == AWAY:
                events.append((arrival, ARRIVES, contact))
            elif person.where == BOT:
                events.append((arrival + float(self.contacts.bot_time[contact]), ARRIVES, contact))
            elif person.where == IN_HAND:
                events.append((person.ends, WORK_ENDS, contact))
            elif person.where == WAITING:
                events.append((person.entered + float(self.contacts.patience[contact]), PATIENCE_ENDS, contact))
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
                self.leave_queue(number, Outcome.ABANDONED)
            elif kind == LEVEL_OPENS:
                self.people[number].opened.add(self.now)
            elif self.people[number].where == AWAY:
                self.front_door(number)
            else:
                self.after_bot(number)
            self.match()
        return self.tables()

    # R4, R5, R6: arriving.

    def front_door(self, contact: int) -> None:
        meets = bool(self.contacts.meets_bot[contact]) and self.now >= 0
        if meets and self.centre.bot_on[self.channel(contact), self.interval]:
            self.people[contact].where = BOT
        else:
            self.agents_door(contact)

    def after_bot(self, contact: int) -> None:
        if self.contacts.contained[contact]:
            self.gone(contact, Outcome.CONTAINED)
        else:
            self.agents_door(contact)

    def agents_door(self, contact: int) -> None:
        if self.now >= 0 and not self.centre.open[self.channel(contact), self.interval]:
            self.gone(contact, Outcome.CLOSED)
            return
        person = self.people[contact]
        person.where = WAITING
        person.entered = self.now
        person.remaining = float(self.contacts.work[contact])

    def gone(self, contact: int, outcome: Outcome) -> None:
        person = self.people[contact]
        person.where, person.outcome, person.ended = GONE, outcome, self.now

    def leave_queue(self, contact: int, outcome: Outcome) -> None:
        self.gone(contact, outcome)

    # R7, R8: the heads of the lines, and the foremost of those that can be taken.

    def heads(self) -> list[int]:
        lines: dict[tuple[int, int], list[int]] = {}
        for contact, person in enumerate(self.people):
            if person.where == WAITING:
                lines.setdefault((self.channel(contact), int(self.contacts.topic[contact])), []).append(contact)
        return [min(line, key=lambda contact: (self.stands_by(contact), contact)) for line in lines.values()]

    def stands_by(self, contact: int) -> float:
        return self.people[contact].entered if self.live(contact) else float(self.contacts.due[contact])

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
        channels, topics, _, _ = self.centre.shape
        for channel in range(channels):
            skilled = any(int(self.centre.level[channel, topic, group]) != NO_SKILL for topic in range(topics))
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
        for held in agent.hand:
            person = self.people[held]
            channel, topic = self.channel(held), self.contacts.topic[held]
            speed = float(self.centre.speed[channel, topic, agent.group])
            person.rate = speed * float(self.centre.slot_speed[channel, len(agent.hand) - 1])
            person.updated = self.now
            person.ends = self.now + person.remaining / person.rate
        agent.changed = next(self.order)

    def work_ends(self, contact: int) -> None:
        (agent,) = (agent for agent in self.agents if contact in agent.hand)
        self.goes(contact, agent)
        self.gone(contact, Outcome.SERVED)
        if agent.marked is not None and agent.idle:
            self.agents.remove(agent)
            self.overtime.change(agent.group, self.interval, -1, self.now)

    # R16 to R18 and R20: interval boundaries.

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
                    self.leave_queue(contact, Outcome.CUT)
        for group in range(self.groups):
            self.change_staff(group, int(self.staffing[group, interval]))

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
        people = self.people
        records = ContactRecords(
            entered=np.array([p.entered for p in people], dtype=np.float64),
            started=np.array([p.started for p in people], dtype=np.float64),
            ended=np.array([p.ended for p in people], dtype=np.float64),
            handled=np.array([p.handled for p in people], dtype=np.float64),
            outcome=np.array([p.outcome for p in people], dtype=np.int64),
            group=np.array([p.group for p in people], dtype=np.int64),
            agent=np.array([p.agent for p in people], dtype=np.int64),
            arrived=self.contacts.arrival.copy(),
            due=self.contacts.due.copy(),
        )
        ledger = Ledger(
            staffed=self.staffing * np.diff(self.centre.edges),
            overtime=self.overtime.area,
            busy=self.busy.area,
            slot_seconds=self.slot_seconds.area,
        )
        return records, ledger
