"""A day of five channels in SimPy as one would write it: a process a customer, and routing of one's own.

No resource of SimPy holds three chats at a time or serves several queues by priority, so the router is plain Python. It
follows the same rules (R8, R10, R16, R17), hard-coded for the channels of `five-channels.toml`.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import simpy
from answers import ACCEPTABLE_WAIT, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from workloads import Day

    Process = Generator[simpy.Event, object, None]

PHONE, CHAT, MESSAGE = 0, 1, 2
"""The channels; whatever is not live is a message."""
IN_HOUSE, OUTSOURCED = 0, 1
SLOTS = 3
LEVELS = {PHONE: (IN_HOUSE, OUTSOURCED), CHAT: (OUTSOURCED, IN_HOUSE)}
"""Who is asked first."""


class Agent:
    """One agent on duty."""

    def __init__(self, group: int) -> None:
        self.group = group
        self.in_hand = 0
        self.chats = False
        self.leaves = False
        self.changed = 0


class Turn(simpy.Event):
    """A customer's place in a queue; it succeeds with the agent."""

    def __init__(self, env: simpy.Environment, channel: int) -> None:
        super().__init__(env)
        self.channel = channel
        self.gone = False


class Router:
    """The queues and the agents."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.calls: deque[Turn] = deque()
        self.chats: deque[Turn] = deque()
        self.messages: list[tuple[float, int, Turn]] = []
        self.changes = 0
        self.staff: list[list[Agent]] = [[], []]
        """By group; those who leave too."""
        self.leavers: list[list[Agent]] = [[], []]
        """By group, the last who was told to leave at the end."""
        self.idle: list[dict[Agent, None]] = [{}, {}]
        """By group, longest idle first."""
        self.with_chats: list[list[dict[Agent, None]]] = [[{} for _ in range(SLOTS)] for _ in range(2)]
        """By group and chats in hand, hands unchanged longest first."""

    def ask(self, channel: int, due: float) -> Turn:
        """A customer joins the queue."""
        turn = Turn(self.env, channel)
        agent = self.free_agent(channel)
        if agent is not None:
            self.give(turn, agent)
        elif channel == PHONE:
            self.calls.append(turn)
        elif channel == CHAT:
            self.chats.append(turn)
        else:
            self.changes += 1
            heappush(self.messages, (due, self.changes, turn))
        return turn

    def free_agent(self, channel: int) -> Agent | None:
        """The free agent whom a customer gets."""
        for group in LEVELS.get(channel, (IN_HOUSE,)):
            if self.idle[group]:
                return next(iter(self.idle[group]))
            if channel == CHAT:
                for agents in self.with_chats[group][1:]:
                    if agents:
                        return next(iter(agents))
        return None

    def give(self, turn: Turn, agent: Agent) -> None:
        """An agent takes a customer."""
        self.take_out(agent)
        agent.in_hand += 1
        agent.chats = turn.channel == CHAT
        self.put_in(agent)
        turn.succeed(agent)

    def done(self, agent: Agent) -> None:
        """A customer's work is over."""
        self.take_out(agent)
        agent.in_hand -= 1
        self.put_in(agent)
        if not agent.leaves:
            self.fill_hands(agent)
        elif not agent.in_hand:
            self.staff[agent.group].remove(agent)
            self.leavers[agent.group].remove(agent)

    def fill_hands(self, agent: Agent) -> None:
        """An agent takes from the queues what it can."""
        while (agent.in_hand == 0 or (agent.chats and agent.in_hand < SLOTS)) and (turn := self.next_turn(agent)):
            self.give(turn, agent)

    def next_turn(self, agent: Agent) -> Turn | None:
        """The foremost customer whom an agent may take."""
        for queue in (self.chats,) if agent.in_hand else (self.calls, self.chats):
            while queue:
                turn = queue.popleft()
                if not turn.gone:
                    return turn
        if not agent.in_hand and agent.group == IN_HOUSE and self.messages:
            return heappop(self.messages)[2]
        return None

    def take_out(self, agent: Agent) -> None:
        """An agent leaves the list of those who are alike."""
        if agent.in_hand == 0:
            self.idle[agent.group].pop(agent, None)
        elif agent.chats and agent.in_hand < SLOTS:
            self.with_chats[agent.group][agent.in_hand].pop(agent, None)

    def put_in(self, agent: Agent) -> None:
        """An agent's hands have changed."""
        self.changes += 1
        agent.changed = self.changes
        if agent.leaves:
            return
        if agent.in_hand == 0:
            self.idle[agent.group][agent] = None
        elif agent.chats and agent.in_hand < SLOTS:
            self.with_chats[agent.group][agent.in_hand][agent] = None

    def set_staff(self, wanted: list[int]) -> None:
        """An interval begins: who has had the same in hand for longest leaves first, the idle before the busy."""
        for group, number in enumerate(wanted):
            staff, leavers = self.staff[group], self.leavers[group]
            staying = sorted((a for a in staff if not a.leaves), key=lambda agent: (agent.in_hand > 0, agent.changed))
            for agent in staying[: max(len(staying) - number, 0)]:
                self.take_out(agent)
                agent.leaves = True
                if agent.in_hand:
                    leavers.append(agent)
                else:
                    staff.remove(agent)
            for _ in range(number - len(staying)):
                if leavers:
                    agent = leavers.pop()
                    agent.leaves = False
                else:
                    agent = Agent(group)
                    staff.append(agent)
                self.put_in(agent)
        self.serve_queues()

    def serve_queues(self) -> None:
        """Agents who have come take who waits."""
        for channel, queue in ((PHONE, self.calls), (CHAT, self.chats)):
            while queue and (agent := self.free_agent(channel)):
                turn = queue.popleft()
                if not turn.gone:
                    self.give(turn, agent)
        while self.messages and (agent := self.free_agent(MESSAGE)):
            self.give(heappop(self.messages)[2], agent)


def prepare(day: Day) -> Callable[[], Answer]:
    """Get a day ready; what is returned plays it."""
    contacts = day.contacts
    rows = [
        column.tolist()
        for column in (
            contacts.arrival,
            contacts.channel,
            contacts.work,
            contacts.patience,
            contacts.due,
            contacts.meets_bot,
            contacts.contained,
            contacts.bot_time,
        )
    ]
    shifts = list(zip(day.centre.edges.tolist(), day.staffing.T.tolist(), strict=False))

    def play() -> Answer:
        env = simpy.Environment()
        router = Router(env)
        entered = in_time = abandoned = 0

        def customer(
            channel: int, work: float, patience: float, due: float, bot: bool, contained: bool, bot_time: float
        ) -> Process:
            nonlocal entered, in_time, abandoned
            if bot:
                yield env.timeout(bot_time)
                if contained:
                    return
            entered += 1
            joined = env.now
            turn = router.ask(channel, due)
            if channel in LEVELS:
                yield turn | env.timeout(patience)
                if not turn.triggered:
                    turn.gone = True
                    abandoned += 1
                    return
            else:
                yield turn
            agent = turn.value
            assert agent is not None
            in_time += env.now - joined <= ACCEPTABLE_WAIT
            yield env.timeout(work)
            router.done(agent)

        def arrivals() -> Process:
            for arrival, *luck in zip(*rows, strict=True):
                yield env.timeout(arrival - env.now)
                env.process(customer(*luck))

        def staff() -> Process:
            for start, wanted in shifts:
                yield env.timeout(start - env.now)
                router.set_staff(wanted)

        env.process(staff())
        env.process(arrivals())
        env.run(until=day.centre.horizon)
        return Answer(entered, in_time, abandoned)

    return play
