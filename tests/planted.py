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
    Broken("R4", "the backlog meets the bot", "self.now >= 0 and ", ""),
    Broken("R5", "the bot contains nobody", "self.on_contained if self", "self.on_agents_door if self"),
    Broken("R6", "closed to deferred contacts too", "if line.live and not self.centre.open", "if not self.centre.open"),
    Broken(
        "R7",
        "deferred contacts by arrival",
        "self.now if line.live else self.due[contact], contact",
        "self.now, contact",
    ),
    Broken("R8", "deferred before live", "self.priority, not self.live", "self.priority, self.live"),
    Broken(
        "R9",
        "only when more than the wait is over",
        "self.now >= self.entered[contact] + line",
        "self.now > self.entered[contact] + line",
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
)
