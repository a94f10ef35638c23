"""Engines that break one rule each: copies of the reference in which a line is changed.

They show that the days would find it, and that the report would say where to look. The plays are those of an engine
that is right in all but one place, which is how the next mistake will look.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import simulator.engine.reference

if TYPE_CHECKING:
    from days import Day
    from equality import Played

REFERENCE = Path(simulator.engine.reference.__file__)


@dataclass(frozen=True)
class Broken:
    """The reference with one text of its source replaced by another."""

    rule: str
    name: str
    right: str
    wrong: str

    def play(self, day: Day) -> Played:
        """Play as an engine does."""
        played: Played = self._engine(day.centre, day.contacts, day.staffing).play()
        return played

    @cached_property
    def _engine(self) -> Any:
        source = REFERENCE.read_text(encoding="utf-8")
        assert source.count(self.right) == 1, f"{self.rule}: {self.right!r} stands {source.count(self.right)} times"
        names: dict[str, Any] = {"__name__": f"planted_{self.rule}"}
        exec(compile(source.replace(self.right, self.wrong), f"{self.rule} broken", "exec"), names)
        return names["ReferenceEngine"]


CUT = "        self.close_channels(interval)\n"
CUT_THEN_PACE_THEN_CALL = f"""{CUT}        for group in self.groups:
            self.change_pace(group, interval)
        for group in self.groups:
            if self.centre.on_call[group.index]:
                self.call_or_release(group, interval)
"""

PLANTED = (
    Broken(
        "R1",
        "patience ends before work at one instant",
        "LEVEL_OPENS, WORK_ENDS, BOUNDARY, PATIENCE_ENDS, ARRIVAL =",
        "LEVEL_OPENS, PATIENCE_ENDS, BOUNDARY, WORK_ENDS, ARRIVAL =",
    ),
    Broken(
        "R1",
        "highest number first",
        "kind * NUMBERS + number",
        "(kind + 1) * NUMBERS - number",
    ),
    Broken(
        "R2",
        "a difference instead of a sum",
        "return self.now >= self.entered[contact] + line.opens_after[group.index]",
        "return self.now - self.entered[contact] >= line.opens_after[group.index]",
    ),
    Broken(
        "R3",
        "the run ends before the work that ends with it",
        "self.after(self.edges[-1], BOUNDARY,",
        "self.after(self.edges[-1], LEVEL_OPENS,",
    ),
    Broken("R3", "what is to come was not made", "self.outcome[follow_up] = Outcome.TO_COME", "pass"),
    Broken("R4", "the backlog meets the bot", "bot_on = self.now >= 0 and ", "bot_on = "),
    Broken("R5", "the bot contains nobody", "if self.contained[contact]:", "if False:"),
    Broken("R5", "the bot is never full", " and self.in_bot[channel] < self.centre.bot_capacity[channel]", ""),
    Broken(
        "R5",
        "escalated contacts are as patient as others",
        "self.patience[contact] *= float(self.centre.escalated_patience[line.channel, line.topic])",
        "pass",
    ),
    Broken(
        "R6",
        "deferred channels are always open",
        "if self.now >= 0 and not self.open[line.channel]",
        "if line.live and not self.open[line.channel]",
    ),
    Broken("R7", "a knot holds from after its instant", 'arrival, side="right"', 'arrival, side="left"'),
    Broken(
        "R7",
        "deferred contacts by arrival",
        "self.now if line.live else self.due[contact], contact",
        "self.now, contact",
    ),
    Broken(
        "R7",
        "all classes of customers stand in one line",
        "lines[kind] for kind in zip(",
        "lines[(0, *kind[1:])] for kind in zip(",
    ),
    Broken(
        "R8",
        "all classes of customers have one priority",
        "centre.priority[customer_class, channel, topic]",
        "centre.priority[0, channel, topic]",
    ),
    Broken("R8", "deferred before live", "self.priority, not self.live", "self.priority, self.live"),
    Broken(
        "R9",
        "only when more than the wait is over",
        "self.now >= self.entered[contact] + line",
        "self.now > self.entered[contact] + line",
    ),
    Broken(
        "R9",
        "all classes of customers wait as long",
        "centre.opens_after[customer_class, channel, topic]",
        "centre.opens_after[0, channel, topic]",
    ),
    Broken(
        "R9",
        "groups serve all classes of customers or none",
        "levels = centre.level[line.customer_class, line.channel, line.topic]",
        "levels = centre.level[0, line.channel, line.topic]",
    ),
    Broken(
        "R10",
        "shortest idle first",
        "return next(iter(group.idle))",
        "return next(reversed(group.idle))",
    ),
    Broken(
        "R10",
        "load does not matter",
        "key=lambda agent: (len(agent.hand), agent.changed))\n        return",
        "key=lambda agent: agent.changed)\n        return",
    ),
    Broken(
        "R11",
        "one slot less",
        "range(1, self.slots[line.channel][group.index])",
        "range(1, self.slots[line.channel][group.index] - 1)",
    ),
    Broken("R12", "one less in reserve", "> self.reserved(group)", ">= self.reserved(group)"),
    Broken("R12", "a reserve while all is closed", "return group.reserve if expects else 0", "return group.reserve"),
    Broken(
        "R13",
        "hands changed last are interrupted",
        "return min(candidates, key=lambda agent: agent.changed)",
        "return max(candidates, key=lambda agent: agent.changed)",
    ),
    Broken("R13", "only worse work is interrupted", ".priority >= line.priority)", ".priority > line.priority)"),
    Broken(
        "R14",
        "only better work before resuming",
        "line.priority <= self.line[agent.aside]",
        "line.priority < self.line[agent.aside]",
    ),
    Broken(
        "R15",
        "another order of arithmetic",
        "self.remaining[contact] / rate\n                self.after",
        "self.remaining[contact] * (1 / rate)\n                self.after",
    ),
    Broken(
        "R15",
        "all classes of customers at one speed",
        "self.speed[line.customer_class][line.channel]",
        "self.speed[0][line.channel]",
    ),
    Broken(
        "R15", "less than nothing remains", "max(self.remaining[contact] - done, 0.0)", "self.remaining[contact] - done"
    ),
    Broken("R16", "the first marked stays", "group.marked.pop()", "group.marked.pop(0)"),
    Broken(
        "R16",
        "told to stay is no change",
        "            self.hands_changed(agent)\n\n    def fewer",
        "            self.place(agent) if agent.changed else self.hands_changed(agent)\n\n    def fewer",
    ),
    Broken(
        "R17",
        "the last busy are marked",
        "key=lambda agent: (bool(agent.hand), agent.changed),",
        "key=lambda agent: (bool(agent.hand), agent.changed * (1 - 2 * bool(agent.hand))),",
    ),
    Broken(
        "R17",
        "busy ones leave before idle ones",
        "key=lambda agent: (bool(agent.hand), agent.changed),",
        "key=lambda agent: (not agent.hand, agent.changed),",
    ),
    Broken(
        "R18",
        "each group takes what waits before the next changes",
        "                self.fewer_agents(group, staff - wanted)\n",
        "                self.fewer_agents(group, staff - wanted)\n            self.match()\n",
    ),
    Broken(
        "R18",
        "it is decided who is called before queues are cut",
        CUT_THEN_PACE_THEN_CALL,
        CUT_THEN_PACE_THEN_CALL.removeprefix(CUT) + CUT,
    ),
    Broken(
        "R19",
        "patience starts at the front door",
        "self.after(self.patience[contact], PATIENCE",
        "self.after(max(self.arrival[contact] + self.patience[contact] - self.now, 0.0), PATIENCE",
    ),
    Broken("R20", "what drains is cut", "if closes and self.centre.cut[channel]:", "if closes:"),
    Broken(
        "R21",
        "the ledger looks away at boundaries",
        "        self.settle_ledger()\n        self.interval",
        "        self.interval",
    ),
    Broken(
        "R22",
        "follow-ups come at once",
        "self.send(follow_up, self.now + self.delay[follow_up - self.firsts])",
        "self.send(follow_up, self.now)",
    ),
    Broken("R22", "all come as the channel opens", "comes = opening + math.fmod(", "comes = opening + 0 * math.fmod("),
    Broken("R22", "quality that suffices does not", "and quality < self", "and quality <= self"),
    Broken("R22", "what is cut is not lost", "self.lose(contact, Outcome.CUT)", "self.close(contact, Outcome.CUT)"),
    Broken(
        "R23",
        "as long as tolerated is too long",
        "if expected > self.tolerance[contact]",
        "if expected >= self.tolerance[contact]",
    ),
    Broken(
        "R23",
        "those who are told wait on as before",
        "self.patience[contact] *= float(self.centre.told_patience[channel])",
        "pass",
    ),
    Broken(
        "R23",
        "the wait of all channels is one",
        "self.last_wait[line.channel] = self.now - self.entered[contact]",
        "self.last_wait = [self.now - self.entered[contact]] * len(self.last_wait)",
    ),
    Broken("R24", "offered from more than that", "expected >= self.centre.callback", "expected > self.centre.callback"),
    Broken(
        "R25",
        "it takes as long to find nobody as somebody",
        "self.remaining[contact] = float(self.centre.silent_work[line.channel])",
        "pass",
    ),
    Broken(
        "R25",
        "who goes without a sign leaves the line",
        "            self.lose(contact, Outcome.GONE)\n",
        "            self.lose(contact, Outcome.GONE)\n            line.waiting.remove(contact)\n"
        + " " * 12
        + "self.match()\n",
    ),
    Broken(
        "R26",
        "those who have their answer ask for it",
        "!= Outcome.OPEN:\n            return\n        self.outcome",
        "is None:\n            return\n        self.outcome",
    ),
    Broken(
        "R26",
        "late as soon as it is due",
        "max(self.due[contact] + self.delay[chaser - self.firsts], self.now)",
        "max(self.due[contact], self.now)",
    ),
    Broken(
        "R27",
        "what is in hand keeps its pace",
        "            for agent in group.on_duty.values():\n                self.retime(agent)\n",
        "",
    ),
    Broken(
        "R27",
        "a new pace changes hands",
        "                self.retime(agent)\n\n    def call_or_release",
        "                self.retime(agent)\n                self.hands_changed(agent)\n\n    def call_or_release",
    ),
    Broken(
        "R28",
        "who is gone does not count",
        "sum(len(line.waiting) for line in group.lines)",
        "sum(self.outcome[contact] == Outcome.OPEN for line in group.lines for contact in line.waiting)",
    ),
    Broken(
        "R28",
        "an interval longer than they stay",
        "group.comes + centre.stay[index]",
        "group.comes + centre.stay[index] + 1",
    ),
    Broken(
        "R22",
        "the whole delay after the opening",
        "math.fmod(self.delay[row], self.centre.after_opening[channel])",
        "self.delay[row]",
    ),
    Broken("R23", "yesterday's wait is expected", "self.last_wait[channel] = 0.0", "pass"),
    Broken(
        "R28",
        "the wait of a closed channel calls",
        "if line.live and self.open[line.channel][interval])",
        "if line.live)",
    ),
    Broken("R28", "a long wait keeps nobody", " and not long_wait:", ":"),
)
