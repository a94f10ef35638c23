"""The reference engine as a witness: it plays a day up to some point, keeps a diary, and says who stands where then."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import Cause, Outcome
from simulator.engine.reference import (
    ARRIVAL,
    BOUNDARY,
    LEVEL_OPENS,
    PATIENCE_ENDS,
    WORK_ENDS,
    Line,
    ReferenceEngine,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import simpy
    from days import Day

    from simulator.engine.reference import Agent, Group

SHOWN = 12
"""Of a list of whatever length: this many, then how many more."""

TURN_OF = {
    LEVEL_OPENS: "a level opens for contact",
    WORK_ENDS: "work ends on contact",
    BOUNDARY: "boundary of interval",
    PATIENCE_ENDS: "patience ends of contact",
    ARRIVAL: "arrival of contact",
}
RULE_OF = {
    Outcome.OPEN: "R3",
    Outcome.SERVED: "R15",
    Outcome.CONTAINED: "R5",
    Outcome.ABANDONED: "R19",
    Outcome.CLOSED: "R6",
    Outcome.CUT: "R20",
    Outcome.NOT_MADE: "R22",
    Outcome.BALKED: "R23",
    Outcome.CALLBACK: "R24",
    Outcome.GONE: "R25",
    Outcome.TO_COME: "R22",
}
BROUGHT_ABOUT_BY = {Cause.CALLBACK: "R24", Cause.CHASER: "R26"}
"""Besides R22."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that comes of a happening, and the rules by which it does."""

    text: str
    rules: tuple[str, ...]
    contacts: tuple[int, ...] = ()
    group: int = -1
    """The group whose staff changes, or whose agent takes a contact."""
    at: float = np.nan

    def __str__(self) -> str:
        return f"{self.text} ({', '.join(self.rules)})"


@dataclass(slots=True)
class Turn:
    """One happening and what came of it."""

    time: float
    kind: int
    number: int
    notes: list[Note] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{seconds(self.time)}  {TURN_OF[self.kind]} {self.number}: {'; '.join(map(str, self.notes)) or '-'}"

    def concerns(self, contacts: Iterable[int]) -> bool:
        """Whether anything in it came to one of these contacts."""
        return any(set(contacts) & set(note.contacts) for note in self.notes)

    def takes(self, groups: set[int]) -> bool:
        """Whether an agent of one of these groups takes a contact."""
        return any(note.group in groups and "R8" in note.rules for note in self.notes)


class _Stop(Exception):  # noqa: N818 - not an error
    """The witness has seen enough."""


class Witness(ReferenceEngine):
    """The reference with a diary, played up to some point and left standing there."""

    def __init__(self, day: Day, *, until: float = np.inf, turns: int | None = None) -> None:
        """Play to the end of the instant `until`, or just so many `turns`."""
        super().__init__(day.centre, day.contacts, day.staffing)
        self.until = until
        self.most_turns = turns
        self.diary: list[Turn] = []
        self.last_change: dict[Agent, Note] = {}
        """Why the hands of each agent changed last (R10)."""
        self.reason = Note("", ())
        self.taking = -1
        with suppress(_Stop):
            self.play()

    def note(self, text: str, *rules: str, contacts: tuple[int, ...] = (), group: int = -1) -> None:
        """Write into the diary what comes of the present happening."""
        self.diary[-1].notes.append(Note(text, rules, contacts, group, self.now))

    def because(self, text: str, *rules: str) -> None:
        """Why hands change, if they do from here on."""
        self.reason = Note(f"{text} at {seconds(self.now)}", rules, at=self.now)

    def at(self, instant: float, kind: int, number: int, react: Callable[[int], None]) -> simpy.Event:
        def watched(number: int) -> None:
            if self.now > self.until or len(self.diary) == self.most_turns:
                raise _Stop
            if kind != WORK_ENDS or self.ends[number] == self.now:  # otherwise re-timed since
                self.diary.append(Turn(self.now, kind, number))
                react(number)

        return super().at(instant, kind, number, watched)

    def hands_changed(self, agent: Agent) -> None:
        super().hands_changed(agent)
        self.last_change[agent] = self.reason

    def send(self, follow_up: int, comes: float) -> None:
        super().send(follow_up, comes)
        self.note(f"contact {follow_up} is to follow", *self.rules_of(follow_up), contacts=(follow_up,))

    def rules_of(self, follow_up: int) -> tuple[str, ...]:
        """What brings a follow-up about."""
        besides = BROUGHT_ABOUT_BY.get(Cause(self.cause[follow_up - self.firsts]))
        return ("R22", besides) if besides else ("R22",)

    def on_follow_up(self, contact: int) -> None:
        super().on_follow_up(contact)
        if np.isnan(self.arrived[contact]):
            self.note("is not needed any more", "R26", contacts=(contact,))
        else:
            self.note("follows", *self.rules_of(contact), "R7", contacts=(contact,))

    def tell(self, contact: int, line: Line) -> None:
        expected = seconds(self.last_wait[line.channel])
        rules = [
            rule
            for rule, holds in (("R23", self.centre.tells), ("R24", self.centre.callback_from < np.inf))
            if holds[line.channel]
        ]
        if rules:
            self.note(f"expects to wait {expected}", *rules, contacts=(contact,))
        super().tell(contact, line)

    def on_arrival(self, contact: int) -> None:
        super().on_arrival(contact)
        if np.isnan(self.entered[contact]) and np.isnan(self.ended[contact]):
            self.note("goes to the bot", "R5", contacts=(contact,))

    def on_agents_door(self, contact: int) -> None:
        rules = ("R4", "R7") if self.now < 0 else ("R6", "R7")
        self.note("comes to the agents' door", *rules, contacts=(contact,))
        super().on_agents_door(contact)

    def close(self, contact: int, outcome: Outcome) -> None:
        super().close(contact, outcome)
        self.note(f"contact {contact} is {outcome.name}", RULE_OF[outcome], contacts=(contact,))

    def take(self, agent: Agent, contact: int) -> None:
        line, group = self.line[contact], agent.group
        put_aside = agent.hand[0] if agent.hand and agent.channel != line.channel else -1
        conditions = {
            "R9": line.opens_after[group.index] > 0,
            "R11": len(agent.hand) > 0 and put_aside < 0,
            "R12": not line.live and group.reserve > 0,
            "R13": put_aside >= 0,
            "R14": agent.aside >= 0,
            "R25": self.outcome[contact] == Outcome.GONE,
        }
        rules = ("R8", "R10", *(rule for rule, holds in conditions.items() if holds))
        self.note(f"{name_of(agent)} takes contact {contact}", *rules, contacts=(contact,), group=group.index)
        if put_aside >= 0:
            self.note(f"puts contact {put_aside} aside", "R13", contacts=(put_aside,))
        self.because(f"took contact {contact}", *rules)
        self.taking = contact
        super().take(agent, contact)
        self.taking = -1

    def on_work_ends(self, contact: int) -> None:
        self.because(f"finished contact {contact}", "R15")
        super().on_work_ends(contact)

    def take_up(self, agent: Agent, contact: int) -> None:
        if contact != self.taking:
            self.note(f"{name_of(agent)} resumes contact {contact}", "R14", contacts=(contact,))
            self.because(f"resumed contact {contact}", "R14")
        super().take_up(agent, contact)

    def change_pace(self, group: Group, interval: int) -> None:
        before = group.pace
        super().change_pace(group, interval)
        if group.pace != before:
            in_hand = tuple(contact for agent in group.on_duty.values() for contact in agent.hand)
            text = f"the pace of group {group.index} changes from {before} to {group.pace}"
            self.note(text, "R27", contacts=in_hand, group=group.index)

    def call_or_release(self, group: Group, interval: int) -> None:
        before = group.called
        super().call_or_release(group, interval)
        if group.called != before:
            what = f"is called for boundary {group.comes}" if group.called else "is released"
            self.note(f"group {group.index} {what}", "R28", group=group.index)

    def more_agents(self, group: Group, count: int) -> None:
        marked, before = list(group.marked), set(group.on_duty.values())
        self.because("came on duty", "R16")
        super().more_agents(group, count)
        stay = [agent for agent in reversed(marked) if not agent.marked]
        come = [agent for agent in group.on_duty.values() if agent not in before]
        self.because("was told to stay", "R16")
        self.last_change.update(dict.fromkeys(stay, self.reason))
        self._staff_note(stay, "told to stay", "R16")
        self._staff_note(come, "on duty", "R16")

    def fewer_agents(self, group: Group, count: int) -> None:
        marked, before = set(group.marked), dict(group.on_duty)
        super().fewer_agents(group, count)
        gone = [agent for number, agent in before.items() if number not in group.on_duty]
        self._staff_note(gone, "off duty", "R17")
        self._staff_note([agent for agent in group.marked if agent not in marked], "marked to leave", "R17")

    def _staff_note(self, agents: list[Agent], what: str, rule: str) -> None:
        if agents:
            self.note(f"{what}: {listed(map(name_of, agents))}", rule, group=agents[0].group.index)

    def leave(self, agent: Agent) -> None:
        if agent.marked:
            self.note(f"{name_of(agent)} leaves", "R17")
        super().leave(agent)

    def on_end(self, _interval: int) -> None:
        super().on_end(_interval)
        self.note("the horizon ends", "R3", "R21")

    # -- Who stands where ----------------------------------------------------------------------------------------------

    def state(self, groups: set[int], contacts: set[int]) -> list[str]:
        """Open doors, waiting contacts and the agents of some groups, now; some contacts are shown at any length."""
        return [*self._channels(), *self._lines(contacts), *self._agents(groups, contacts)]

    def _channels(self) -> Iterable[str]:
        centre = self.centre
        for channel, live in enumerate(centre.live):
            door = "open" if centre.open[channel, self.interval] else "closed"
            wait = f", expected wait {seconds(self.last_wait[channel])}"
            kind = f"live, {door}, {'cuts' if centre.cut[channel] else 'drains'}{wait}" if live else f"deferred, {door}"
            bot = f"on with {self.in_bot[channel]}" if centre.bot_on[channel, self.interval] else "off"
            yield f"  channel {channel}: {kind}; bot {bot}{', interruptible' if self.interruptible[channel] else ''}"

    def _lines(self, contacts: set[int]) -> Iterable[str]:
        waiting = sorted((line for line in self.lines if line.waiting), key=type(self.lines[0]).rank)
        wanted = [line for line in waiting if line.waiting & contacts]
        for line in (wanted + [line for line in waiting if line not in wanted])[:SHOWN]:
            in_order = sorted(line.waiting, key=lambda c: (self.entered[c] if line.live else self.due[c], c))
            foremost = [c for place, c in enumerate(in_order) if place < 5 or c in contacts]
            more = f", and {len(in_order) - len(foremost)} more" if len(in_order) > len(foremost) else ""
            name = f"class {line.customer_class}, channel {line.channel}, topic {line.topic}"
            yield (
                f"  line of {name} (priority {line.priority}): "
                + ", ".join(f"contact {c}{self._waits(c, line)}" for c in foremost)
                + more
            )
        if len(waiting) > SHOWN:
            yield f"  and {len(waiting) - SHOWN} more lines with contacts"

    def _waits(self, contact: int, line: Line) -> str:
        till = "gone" if self.outcome[contact] == Outcome.GONE else "till"
        patience = f", {till} {seconds(self.entered[contact] + self.patience[contact])}"
        due = "" if line.live else f", due {seconds(self.due[contact])}"
        return f" [since {seconds(self.entered[contact])}{patience if self.patience[contact] < np.inf else ''}{due}]"

    def _agents(self, groups: set[int], contacts: set[int]) -> Iterable[str]:
        for index in sorted(groups):
            group = self.groups[index]
            reserve = f", {self.reserved(group)} kept in reserve" if group.reserve else ""
            called = f", called for boundary {group.comes}" if group.called else ""
            pace = f", pace {group.pace}" if group.pace != 1 else ""
            yield f"  group {index}: {len(group.on_duty)} on duty, {len(group.idle)} idle{reserve}{called}{pace}"
            in_order = sorted(group.on_duty.values(), key=lambda agent: (len(agent.hand), agent.changed))
            wanted = [agent for agent in in_order if {*agent.hand, agent.aside} & contacts]
            others = [agent for agent in in_order if agent not in wanted]
            for agent in (wanted + others)[:SHOWN]:
                yield f"    {self._agent(agent)}"
            if len(in_order) > SHOWN:
                yield f"    and {len(in_order) - SHOWN} more agents"

    def _agent(self, agent: Agent) -> str:
        held = ", ".join(
            f"contact {c} until {seconds(self.ends[c])} ({seconds(self.remaining[c])} remained at "
            f"{seconds(self.updated[c])})"
            for c in agent.hand
        )
        parts = [held or "empty hands"]
        if agent.aside >= 0:
            parts.append(f"contact {agent.aside} put aside ({seconds(self.remaining[agent.aside])} remain)")
        if agent.marked:
            parts.append(f"marked to leave (number {agent.group.marked.index(agent) + 1} of those marked)")
        return f"{name_of(agent)}: {'; '.join(parts)}; unchanged since it {self.last_change[agent]}"

    def why_not(self, contact: int, group_index: int) -> dict[str, str]:
        """R7 to R14: what keeps a group from taking a waiting contact now, by rule."""
        line = self.line[contact]
        if contact not in line.waiting:
            return {}
        if line.head() != contact:
            return {"R7": f"contact {line.head()} is at the head of the line"}
        group = next((group for level in line.levels for group in level if group.index == group_index), None)
        if group is None:
            return {"R9": f"group {group_index} has no skill for it"}
        if not self.may_take(group, contact, line):
            opens = self.entered[contact] + line.opens_after[group_index]
            return {"R9": f"the level of group {group_index} opens at {seconds(opens)}"}
        rules = {"R11": f"nobody of group {group_index} is free for it"}
        if group.idle:
            rules["R12"] = f"idle agents of group {group_index} are kept in reserve"
        if any(agent.aside >= 0 for agent in group.on_duty.values()):
            rules["R14"] = "work put aside is not worse"
        if line.live and group.interruptible:
            rules["R13"] = "work in hand is better"
        if group.marked:
            rules["R17"] = "marked agents take nothing"
        return rules


def name_of(agent: Agent) -> str:
    """The agent as group/number."""
    return f"agent {agent.group.index}/{agent.number}"


def seconds(value: float) -> str:
    """A time with all its digits, and no more."""
    return repr(value).removesuffix(".0")


def listed(names: Iterable[str]) -> str:
    """The first of some names, and how many more there are."""
    everyone = list(names)
    more = f" and {len(everyone) - SHOWN} more" if len(everyone) > SHOWN else ""
    return ", ".join(everyone[:SHOWN]) + more
