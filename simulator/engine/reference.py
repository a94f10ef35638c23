"""The engine one reads: SimPy plays the rules of `docs/model.md` as they are written, one method for each happening.

Nothing here is clever. Rule numbers stand where a rule is carried out; what must always hold is asserted.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from heapq import heappop, heappush
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import simpy

from simulator.contacts import Cause, ContactRecords, Ledger, Outcome, Trigger
from simulator.engine.centre import NO_SKILL

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.contacts import Contacts
    from simulator.engine.centre import Centre

# R1: the kinds of happenings, in their order within one instant. SimPy sorts its events by (time, priority); a kind and
# a number make one priority. Kinds start at 1 because SimPy keeps 0 for itself.
LEVEL_OPENS, WORK_ENDS, BOUNDARY, PATIENCE_ENDS, ARRIVAL = range(1, 6)
NUMBERS = 1 << 40


class Happening(simpy.Event):
    """A bare SimPy event with one callback. It is triggered from the start, as SimPy's own timeouts are."""

    def __init__(self, env: simpy.Environment, callback: Callable[[simpy.Event], None]) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        self.callbacks = [callback]


class Clock(simpy.Environment):
    """SimPy's event loop, with instants instead of delays: it adds a delay to its clock, and that can round (R2)."""

    def schedule_at(self, event: simpy.Event, priority: int, instant: float) -> None:
        """Let an event happen at an instant from now on."""
        heappush(self._queue, (instant, simpy.events.EventPriority(priority), next(self._eid), event))


class Agent:
    """One agent on duty."""

    __slots__ = ("aside", "changed", "channel", "group", "hand", "marked", "number", "place")

    def __init__(self, group: Group, number: int) -> None:
        self.group = group
        self.number = number
        self.hand: list[int] = []
        """Contacts in hand, all of one channel."""
        self.channel = -1
        """That channel."""
        self.aside = -1
        """The contact put aside, -1 if none (R13)."""
        self.marked = False
        """Whether to leave when the work in hand ends (R17)."""
        self.changed = 0
        """Serial number of the last change of its hands: the smallest has been unchanged longest (R10)."""
        self.place: OrderedDict[Agent, None] | None = None
        """Which of its group's lists it stands in."""


class Group:
    """The agents of one group, in lists ordered by how long their hands have been unchanged."""

    def __init__(self, index: int, reserve: int, agents: int, lines: list[Line]) -> None:
        self.index = index
        self.reserve = reserve
        self.lines = lines
        """The lines it has a skill for."""
        self.on_duty: dict[int, Agent] = {}
        """By number; marked agents too."""
        self.numbers = list(range(agents))
        """Heap of numbers of agents who are not there."""
        self.idle: OrderedDict[Agent, None] = OrderedDict()
        self.holding: dict[tuple[int, int], OrderedDict[Agent, None]] = {}
        """(channel, contacts in hand) -> agents with a free slot."""
        self.interruptible: OrderedDict[Agent, None] = OrderedDict()
        self.resuming: Agent | None = None
        """The agent who would resume put-aside work if nothing better comes now (R14)."""
        self.marked: list[Agent] = []
        """Agents to leave, the last marked at the end."""
        self.pace = 1.0
        """R27: of its agents now."""
        self.comes = 0
        """The boundary at which an on-call group that was called is there (R28)."""
        self.called = False


class Line:
    """Contacts of one class of customers, channel and topic, waiting (R7)."""

    __slots__ = ("channel", "customer_class", "heap", "levels", "live", "opens_after", "priority", "topic", "waiting")

    def __init__(self, customer_class: int, channel: int, topic: int, centre: Centre) -> None:
        self.customer_class = customer_class
        self.channel = channel
        self.topic = topic
        self.live = bool(centre.live[channel])
        self.priority = int(centre.priority[customer_class, channel, topic])
        self.opens_after: list[float] = centre.opens_after[customer_class, channel, topic].tolist()
        self.levels: list[list[Group]] = []
        """Groups with the skill, by preference level, the lowest first."""
        self.heap: list[tuple[float, int]] = []
        """(instant of joining or due time, contact); those who gave up are dropped when they come to the head."""
        self.waiting: set[int] = set()

    def head(self) -> int:
        """The contact at the head; somebody must be waiting."""
        while self.heap[0][1] not in self.waiting:
            heappop(self.heap)
        return self.heap[0][1]

    def rank(self) -> tuple[int, bool, float, int]:
        """R8: how far to the fore its head is; the smallest is foremost."""
        contact = self.head()
        return self.priority, not self.live, self.heap[0][0], contact


class Integral:
    """The integral over time of a whole number, one entry an interval (R21)."""

    __slots__ = ("number", "seconds", "since")

    def __init__(self, seconds: NDArray[np.float64]) -> None:
        self.seconds = seconds
        self.number = 0
        self.since = 0.0

    def change(self, by: int, now: float, interval: int) -> None:
        """Settle what has grown since the last change, then change the number."""
        self.seconds[interval] += self.number * (now - self.since)
        self.since = now
        self.number += by
        assert self.number >= 0


class ReferenceEngine:
    """One replication in play."""

    def __init__(self, centre: Centre, contacts: Contacts, staffing: NDArray[np.int64]) -> None:
        self.centre = centre
        self.staffing = staffing
        self.env = Clock(initial_time=0.0)
        self.now = 0.0
        self.interval = 0
        self.changes = 0
        self.edges = centre.edges.tolist()

        # Lists, because this is plain Python that reads single values.
        self.open = centre.open.tolist()
        self.slots = centre.slots.tolist()
        self.slot_speed = centre.slot_speed.tolist()
        self.interruptible = centre.interruptible.tolist()
        self.speed = centre.speed.tolist()
        count = len(contacts)
        self.arrival = contacts.arrival.tolist()
        self.work = contacts.work.tolist()
        self.patience = contacts.patience.tolist()
        self.due = contacts.due.tolist()
        self.meets_bot = contacts.meets_bot.tolist()
        self.contained = contacts.contained.tolist()
        self.bot_time = contacts.bot_time.tolist()
        self.tolerance = contacts.tolerance.tolist()
        self.silent = contacts.silent.tolist()
        self.outcome = [Outcome.OPEN] * count
        self.entered = [np.nan] * count
        self.started = [np.nan] * count
        self.ended = [np.nan] * count
        self.handled = [0.0] * count
        self.agent: list[Agent | None] = [None] * count
        firsts = count - len(contacts.follow_ups)
        self.arrived = self.arrival[:firsts] + [np.nan] * (count - firsts)

        # R22: what may follow a contact.
        self.follow_ups: dict[tuple[int, int], int] = {}
        follow_ups = contacts.follow_ups
        for number, key in enumerate(zip(follow_ups.after.tolist(), follow_ups.trigger.tolist(), strict=True), firsts):
            self.follow_ups[key] = number
        self.firsts = firsts
        self.after_contact = follow_ups.after.tolist()
        self.cause = follow_ups.cause.tolist()
        self.delay = follow_ups.delay.tolist()
        self.resolved_by = follow_ups.resolved_by.tolist()
        self.waits_for_opening = follow_ups.waits_for_opening.tolist()

        # Of contacts in hand (R15).
        self.remaining = self.work.copy()
        self.updated = [0.0] * count
        self.rate = [0.0] * count
        self.in_hand_since = [0.0] * count
        self.ends = [np.nan] * count

        channels, topics, groups, intervals = centre.shape
        kinds = product(range(centre.customer_classes), range(channels), range(topics))
        lines = {kind: Line(*kind, centre) for kind in kinds}
        self.lines = list(lines.values())
        columns = (contacts.customer_class.tolist(), contacts.channel.tolist(), contacts.topic.tolist())
        self.line = [lines[kind] for kind in zip(*columns, strict=True)]
        most = staffing.max(axis=1)  # nobody new comes while a marked agent can be told to stay (R16)
        self.groups = [
            Group(
                g,
                int(centre.reserve[g]),
                int(most[g]),
                [
                    line
                    for line in self.lines
                    if centre.level[line.customer_class, line.channel, line.topic, g] != NO_SKILL
                ],
            )
            for g in range(groups)
        ]
        for line in self.lines:
            levels = centre.level[line.customer_class, line.channel, line.topic]
            line.levels = [
                [group for group in self.groups if levels[group.index] == level]
                for level in sorted(set(levels.tolist()) - {NO_SKILL})
            ]
        self.ledger = Ledger.blank(groups, intervals)
        self.in_bot = [0] * channels
        self.last_wait = [0.0] * channels
        """Of each channel: the wait of the live contact that an agent took last (R23)."""
        self.overtime = [Integral(row) for row in self.ledger.overtime]
        self.busy = [Integral(row) for row in self.ledger.busy]
        self.in_hand = [Integral(row) for row in self.ledger.slot_seconds]

    def play(self) -> tuple[ContactRecords, Ledger]:
        """Play to the end of the horizon."""
        for contact, arrival in enumerate(self.arrival[: self.firsts]):
            self.after(arrival, ARRIVAL, contact, self.on_arrival)
        for interval, start in enumerate(self.edges[:-1]):
            self.after(start, BOUNDARY, interval, self.on_boundary)
        last = self.after(self.edges[-1], BOUNDARY, len(self.edges) - 1, self.on_end)
        self.env.run(until=last)  # R3
        return self.records(), self.ledger

    def after(self, delay: float, kind: int, number: int, react: Callable[[int], None]) -> simpy.Event:
        """Let something happen at `now + delay`: one addition (R2)."""
        return self.at(self.now + delay, kind, number, react)

    def at(self, instant: float, kind: int, number: int, react: Callable[[int], None]) -> simpy.Event:
        """Let something happen at an instant, in its place within that (R1)."""

        def happen(_event: simpy.Event) -> None:
            self.now = self.env.now
            react(number)

        happening = Happening(self.env, happen)
        self.env.schedule_at(happening, kind * NUMBERS + number, instant)
        return happening

    # -- Arriving ------------------------------------------------------------------------------------------------------

    def on_arrival(self, contact: int) -> None:
        """R4, R5: a contact comes to the front door; the starting backlog has the bot behind it."""
        channel = self.line[contact].channel
        bot_on = self.now >= 0 and self.centre.bot_on[channel, self.interval]
        if self.meets_bot[contact] and bot_on and self.in_bot[channel] < self.centre.bot_capacity[channel]:
            self.in_bot[channel] += 1
            self.after(self.bot_time[contact], ARRIVAL, contact, self.on_leaving_bot)
        else:
            self.on_agents_door(contact)

    def on_leaving_bot(self, contact: int) -> None:
        """R5: the bot has finished the contact, or hands it over."""
        line = self.line[contact]
        self.in_bot[line.channel] -= 1
        if self.contained[contact]:
            self.close(contact, Outcome.CONTAINED)
            self.bring_about(Trigger.CONTAINED, contact)
        else:
            self.remaining[contact] *= float(self.centre.escalated_work[line.channel, line.topic])
            self.patience[contact] *= float(self.centre.escalated_patience[line.channel, line.topic])
            self.on_agents_door(contact)

    def on_agents_door(self, contact: int) -> None:
        """R6: a contact comes to the agents' door."""
        line = self.line[contact]
        if self.now >= 0 and not self.open[line.channel][self.interval]:
            self.lose(contact, Outcome.CLOSED)
            return
        self.entered[contact] = self.now
        heappush(line.heap, (self.now if line.live else self.due[contact], contact))  # R7
        line.waiting.add(contact)
        self.match()
        if line.live and contact in line.waiting:
            self.tell(contact, line)
        if contact in line.waiting:
            if self.patience[contact] < np.inf:
                self.after(self.patience[contact], PATIENCE_ENDS, contact, self.on_patience_ends)  # R19
            for wait in {line.opens_after[group.index] for level in line.levels for group in level} - {0.0}:
                self.after(wait, LEVEL_OPENS, contact, self.on_level_opens)
        if not line.live:
            self.expect_chaser(contact)

    # -- Waiting -------------------------------------------------------------------------------------------------------

    def tell(self, contact: int, line: Line) -> None:
        """R23, R24: what becomes of a live contact that hears how long it is likely to wait."""
        channel, expected = line.channel, self.last_wait[line.channel]
        if expected >= self.centre.callback_from[channel] and (contact, Trigger.CALLBACK) in self.follow_ups:
            line.waiting.remove(contact)
            self.close(contact, Outcome.CALLBACK)
            self.bring_about(Trigger.CALLBACK, contact)
        elif self.centre.tells[channel]:
            if expected > self.tolerance[contact]:
                line.waiting.remove(contact)
                self.lose(contact, Outcome.BALKED)
            self.patience[contact] *= float(self.centre.told_patience[channel])

    def on_patience_ends(self, contact: int) -> None:
        """R19, R25: a contact gives up, unless an agent has it by now."""
        line = self.line[contact]
        if contact not in line.waiting:
            return
        if self.silent[contact]:
            self.lose(contact, Outcome.GONE)
        else:
            line.waiting.remove(contact)
            self.lose(contact, Outcome.ABANDONED)
            self.match()

    def on_level_opens(self, contact: int) -> None:
        """R9: a contact has waited long enough for further groups."""
        if contact in self.line[contact].waiting:
            self.match()

    # -- What follows --------------------------------------------------------------------------------------------------

    def lose(self, contact: int, outcome: Outcome) -> None:
        """The attempt was in vain; there may be another (R22)."""
        self.close(contact, outcome)
        self.bring_about(Trigger.LOST, contact)

    def bring_about(self, trigger: Trigger, contact: int) -> None:
        """R22: what follows a contact to which this has happened, if anything does."""
        follow_up = self.follow_ups.get((contact, trigger))
        if follow_up is not None:
            self.outcome[follow_up] = Outcome.TO_COME
            self.send(follow_up, self.now + self.delay[follow_up - self.firsts])

    def expect_chaser(self, contact: int) -> None:
        """R26: the customer will ask again when the message is late."""
        chaser = self.follow_ups.get((contact, Trigger.LATE))
        if chaser is not None and self.due[contact] < np.inf:
            self.send(chaser, max(self.due[contact] + self.delay[chaser - self.firsts], self.now))

    def send(self, follow_up: int, comes: float) -> None:
        """R22: let a follow-up come at an instant, or after the opening."""
        row, comes = follow_up - self.firsts, max(comes, 0.0)
        if self.waits_for_opening[row]:
            channel = self.line[follow_up].channel
            opening = self.centre.opening(channel, comes)
            if opening > comes:
                comes = opening + math.fmod(self.delay[row], self.centre.after_opening[channel])
        self.at(comes, ARRIVAL, follow_up, self.on_follow_up)

    def on_follow_up(self, contact: int) -> None:
        """R22, R26: a follow-up comes to the front door, a chaser only if it is still needed."""
        row = contact - self.firsts
        if self.cause[row] == Cause.CHASER and self.outcome[self.after_contact[row]] != Outcome.OPEN:
            return
        self.outcome[contact] = Outcome.OPEN
        self.arrived[contact] = self.now
        self.due[contact] = self.promised(self.line[contact].channel, self.now)
        self.on_arrival(contact)

    def promised(self, channel: int, arrival: float) -> float:
        """R7: when a follow-up that arrives then is due."""
        centre = self.centre
        knot = int(np.searchsorted(centre.due_from[channel], arrival, side="right")) - 1
        return float(
            centre.due_at[channel, knot] + centre.due_rate[channel, knot] * (arrival - centre.due_from[channel, knot])
        )

    # -- Who serves whom -----------------------------------------------------------------------------------------------

    def match(self) -> None:
        """R8: give the foremost head that can be taken to an agent, until none can."""
        while waiting := [line for line in self.lines if line.waiting]:
            for line in sorted(waiting, key=Line.rank):
                contact = line.head()
                agent = self.free_agent(contact, line)
                if agent is None and line.live:
                    agent = self.interruptible_agent(contact, line)
                if agent is not None:
                    line.waiting.remove(contact)
                    self.take(agent, contact)
                    break
            else:
                return

    def may_take(self, group: Group, contact: int, line: Line) -> bool:
        """R9: whether the contact has waited long enough for the group."""
        return self.now >= self.entered[contact] + line.opens_after[group.index]

    def free_agent(self, contact: int, line: Line) -> Agent | None:
        """R10: the free agent who gets the contact; None if there is none."""
        for level in line.levels:
            candidates = [
                agent
                for group in level
                if self.may_take(group, contact, line) and (agent := self.free_in_group(group, line)) is not None
            ]
            if candidates:
                return min(candidates, key=lambda agent: (len(agent.hand), agent.changed))
        return None

    def free_in_group(self, group: Group, line: Line) -> Agent | None:
        """R10, R11, R14: the group's free agent with the fewest contacts in hand, hands unchanged longest."""
        if group.idle and (line.live or len(group.idle) > self.reserved(group)):
            return next(iter(group.idle))
        if group.resuming is not None and self.yields(group.resuming, line):
            return group.resuming
        for held in range(1, self.slots[line.channel][group.index]):
            for agent in group.holding.get((line.channel, held), ()):
                if self.yields(agent, line):
                    return agent
        return None

    def reserved(self, group: Group) -> int:
        """R12: how many idle agents are kept back; none while no live channel that the group serves is open."""
        expects = any(line.live and self.open[line.channel][self.interval] for line in group.lines)
        return group.reserve if expects else 0

    def yields(self, agent: Agent, line: Line) -> bool:
        """R14: whether the work that the agent has put aside, if any, lets it take a contact of the line."""
        return agent.aside < 0 or (line.live and line.priority <= self.line[agent.aside].priority)

    def interruptible_agent(self, contact: int, line: Line) -> Agent | None:
        """R13: the agent whose deferred work a live contact may interrupt; None if there is none."""
        for level in line.levels:
            candidates = []
            for group in level:
                if self.may_take(group, contact, line):
                    able = (a for a in group.interruptible if self.line[a.hand[0]].priority >= line.priority)
                    candidates += [agent for agent in (next(able, None),) if agent is not None]
            if candidates:
                return min(candidates, key=lambda agent: agent.changed)
        return None

    # -- Working -------------------------------------------------------------------------------------------------------

    def take(self, agent: Agent, contact: int) -> None:
        """An agent takes a contact from its line."""
        assert not agent.marked
        if agent.hand and agent.channel != self.line[contact].channel:
            agent.aside = agent.hand[0]  # R13
            self.let_go(agent, agent.aside)
        self.started[contact] = self.now
        self.agent[contact] = agent
        line = self.line[contact]
        if line.live:
            self.last_wait[line.channel] = self.now - self.entered[contact]  # R23
        if self.outcome[contact] == Outcome.GONE:
            self.remaining[contact] = float(self.centre.silent_work[line.channel])  # R25
        self.take_up(agent, contact)

    def take_up(self, agent: Agent, contact: int) -> None:
        """R15: work on a contact begins, or is resumed."""
        group = agent.group
        self.settle(agent)
        if not agent.hand:
            agent.channel = self.line[contact].channel
            self.busy[group.index].change(+1, self.now, self.interval)
        agent.hand.append(contact)
        self.in_hand[group.index].change(+1, self.now, self.interval)
        self.updated[contact] = self.in_hand_since[contact] = self.now
        assert len(agent.hand) <= self.slots[agent.channel][group.index]
        self.retime(agent)
        self.hands_changed(agent)

    def let_go(self, agent: Agent, contact: int) -> None:
        """R15: work on a contact stops, finished or put aside."""
        group = agent.group
        self.settle(agent)
        agent.hand.remove(contact)
        self.in_hand[group.index].change(-1, self.now, self.interval)
        self.handled[contact] += self.now - self.in_hand_since[contact]
        self.ends[contact] = np.nan
        if not agent.hand:
            self.busy[group.index].change(-1, self.now, self.interval)
        self.retime(agent)
        self.hands_changed(agent)

    def settle(self, agent: Agent) -> None:
        """R15: count the work done so far on everything in hand."""
        for contact in agent.hand:
            done = (self.now - self.updated[contact]) * self.rate[contact]
            self.remaining[contact] = max(self.remaining[contact] - done, 0.0)
            self.updated[contact] = self.now

    def retime(self, agent: Agent) -> None:
        """R15: say anew when each contact in hand ends, because their number has changed."""
        if agent.hand:
            slot_speed = self.slot_speed[agent.channel][len(agent.hand) - 1]
            for contact in agent.hand:
                line = self.line[contact]
                speed = self.speed[line.customer_class][line.channel][line.topic][agent.group.index]
                rate = speed * agent.group.pace * slot_speed
                self.rate[contact] = rate
                self.ends[contact] = self.now + self.remaining[contact] / rate
                self.after(self.remaining[contact] / rate, WORK_ENDS, contact, self.on_work_ends)

    def on_work_ends(self, contact: int) -> None:
        """The work on a contact ends, unless it was re-timed or put aside since; the agent is free for the next."""
        if self.ends[contact] != self.now:
            return
        agent = self.agent[contact]
        assert agent is not None
        self.let_go(agent, contact)
        if self.outcome[contact] == Outcome.OPEN:
            self.close(contact, Outcome.SERVED)
            self.on_served(contact, agent.group)
        self.match()
        if not agent.hand:
            if agent.aside >= 0:  # R14
                contact, agent.aside = agent.aside, -1
                self.take_up(agent, contact)
            elif agent.marked:  # R17
                self.leave(agent)

    def on_served(self, contact: int, group: Group) -> None:
        """R22: whether the customer needs more depends on who served it."""
        follow_up = self.follow_ups.get((contact, Trigger.SERVED))
        quality = self.centre.quality[group.index, self.interval]
        if follow_up is not None and quality < self.resolved_by[follow_up - self.firsts]:
            self.bring_about(Trigger.SERVED, contact)

    def close(self, contact: int, outcome: Outcome) -> None:
        """The contact has its outcome."""
        assert self.outcome[contact] == Outcome.OPEN
        self.outcome[contact] = outcome
        self.ended[contact] = self.now

    # -- Staff ---------------------------------------------------------------------------------------------------------

    def on_boundary(self, interval: int) -> None:
        """R18: an interval begins."""
        self.settle_ledger()
        self.interval = interval
        self.close_channels(interval)
        for group in self.groups:
            self.change_pace(group, interval)
        for group in self.groups:
            if self.centre.on_call[group.index]:
                self.call_or_release(group, interval)
        for group in self.groups:
            staff = len(group.on_duty) - len(group.marked)
            wanted = self.wanted(group, interval)
            self.ledger.staffed[group.index, interval] = wanted * (self.edges[interval + 1] - self.edges[interval])
            if wanted > staff:
                self.more_agents(group, wanted - staff)
            elif wanted < staff:
                self.fewer_agents(group, staff - wanted)
        self.match()

    def wanted(self, group: Group, interval: int) -> int:
        """How many agents are on duty in an interval, if the group is not on call and away (R28)."""
        away = self.centre.on_call[group.index] and not (group.called and interval >= group.comes)
        return 0 if away else int(self.staffing[group.index, interval])

    def change_pace(self, group: Group, interval: int) -> None:
        """R27: work in hand goes on at the new pace."""
        pace = float(self.centre.pace[group.index, interval])
        if pace != group.pace:
            for agent in group.on_duty.values():
                self.settle(agent)
            group.pace = pace
            for agent in group.on_duty.values():
                self.retime(agent)

    def call_or_release(self, group: Group, interval: int) -> None:
        """R28: an on-call group is called when many wait, and goes when few do."""
        centre, index = self.centre, group.index
        waiting = sum(len(line.waiting) for line in group.lines)
        heard = (line.channel for line in group.lines if line.live and self.open[line.channel][interval])
        expected = max((self.last_wait[channel] for channel in heard), default=-1.0)
        long_wait = expected >= centre.called_from_wait[index]
        if not group.called:
            if waiting >= centre.called_from[index] or long_wait:
                group.called, group.comes = True, interval + int(centre.lead[index])
        elif interval >= group.comes + centre.stay[index] and waiting <= centre.released_at[index] and not long_wait:
            group.called = False

    def more_agents(self, group: Group, count: int) -> None:
        """R16: marked agents stay, then new ones come."""
        for _ in range(count):
            if group.marked:
                agent = group.marked.pop()
                agent.marked = False
                self.overtime[group.index].change(-1, self.now, self.interval)
            else:
                agent = Agent(group, heappop(group.numbers))
                group.on_duty[agent.number] = agent
            self.hands_changed(agent)

    def fewer_agents(self, group: Group, count: int) -> None:
        """R17: idle agents leave, then busy ones are marked; hands unchanged longest first."""
        staff = sorted(
            (agent for agent in group.on_duty.values() if not agent.marked),
            key=lambda agent: (bool(agent.hand), agent.changed),
        )
        for agent in staff[:count]:
            if agent.hand:
                agent.marked = True
                group.marked.append(agent)
                self.overtime[group.index].change(+1, self.now, self.interval)
                self.place(agent)
            else:
                self.leave(agent)

    def leave(self, agent: Agent) -> None:
        """R17: an agent goes home."""
        assert not agent.hand
        assert agent.aside < 0
        group = agent.group
        if agent.marked:
            group.marked.remove(agent)
            self.overtime[group.index].change(-1, self.now, self.interval)
        agent.marked = True
        self.place(agent)
        del group.on_duty[agent.number]
        heappush(group.numbers, agent.number)

    def hands_changed(self, agent: Agent) -> None:
        """R10: an agent's hands have changed: it goes to the end of the list it now belongs to."""
        self.changes += 1
        agent.changed = self.changes
        self.place(agent)

    def place(self, agent: Agent) -> None:
        """Put an agent into the list of its group that says what it is free for (R11)."""
        group = agent.group
        if agent.place is not None:
            del agent.place[agent]
            agent.place = None
        if group.resuming is agent:
            group.resuming = None
        if agent.marked:
            return
        if agent.hand:
            if agent.aside < 0 and self.interruptible[agent.channel]:
                agent.place = group.interruptible
            elif len(agent.hand) < self.slots[agent.channel][group.index]:
                agent.place = group.holding.setdefault((agent.channel, len(agent.hand)), OrderedDict())
        elif agent.aside >= 0:
            group.resuming = agent
        else:
            agent.place = group.idle
        if agent.place is not None:
            agent.place[agent] = None

    # -- Closing -------------------------------------------------------------------------------------------------------

    def close_channels(self, interval: int) -> None:
        """R20: the queues of channels that close now and cut. R23: nobody has waited yet on those that open now."""
        if interval == 0:
            return
        for channel, is_open in enumerate(self.open):
            if is_open[interval] and not is_open[interval - 1]:
                self.last_wait[channel] = 0.0
        for line in self.lines:
            channel = line.channel
            closes = line.live and self.open[channel][interval - 1] and not self.open[channel][interval]
            if closes and self.centre.cut[channel]:
                for contact in line.waiting:
                    if self.outcome[contact] == Outcome.OPEN:
                        self.lose(contact, Outcome.CUT)
                line.waiting.clear()
                line.heap.clear()

    def settle_ledger(self) -> None:
        """R21: bring every integral up to now."""
        for integrals in (self.overtime, self.busy, self.in_hand):
            for integral in integrals:
                integral.change(0, self.now, self.interval)

    def on_end(self, _interval: int) -> None:
        """R3: the last boundary. What is in hand has been handled up to here; what has no outcome stays open."""
        self.settle_ledger()
        for group in self.groups:
            for agent in group.on_duty.values():
                for contact in agent.hand:
                    self.handled[contact] += self.now - self.in_hand_since[contact]

    def records(self) -> ContactRecords:
        """What happened, as a table."""
        outcome = np.array(self.outcome, dtype=np.int64)
        not_made = np.isnan(self.arrived) & (outcome == Outcome.OPEN)
        return ContactRecords(
            arrived=np.array(self.arrived, dtype=np.float64),
            due=np.array(self.due, dtype=np.float64),
            entered=np.array(self.entered, dtype=np.float64),
            started=np.array(self.started, dtype=np.float64),
            ended=np.array(self.ended, dtype=np.float64),
            handled=np.array(self.handled, dtype=np.float64),
            outcome=np.where(not_made, Outcome.NOT_MADE, outcome),
            group=np.array([-1 if a is None else a.group.index for a in self.agent], dtype=np.int64),
            agent=np.array([-1 if a is None else a.number for a in self.agent], dtype=np.int64),
        )
