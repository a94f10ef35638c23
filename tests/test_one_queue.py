"""One queue that stands alone: the compiled engine plays it contact by contact, and a broken rule would be noticed."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import plain_kernels
import pytest
from centres import make_centre, make_contacts
from days import Day, alone, random_day, seeded_tiny_day
from equality import first_difference

from simulator.contacts import Contacts
from simulator.engine import NO_SKILL, compiled
from simulator.engine.one_queue import compiled as one_queue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from equality import Played

SOURCE = Path(one_queue.__file__)


def taken(day: Day) -> bool:
    """Whether the compiled engine plays a day contact by contact."""
    ways = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_queue, "play", lambda *_: ways.append("one queue"))
        patch.setattr(compiled, "play", lambda *_: ways.append("general"))
        day.play("compiled")
    (way,) = ways
    return way == "one queue"


# -- Which days -------------------------------------------------------------------------------------------------------


def plain_day(**named: Any) -> Day:
    """Three calls of channel 0 and topic 0, for two agents of group 0; but for what is named."""
    classes = np.shape(named.get("priority", [0]))[0]
    level = [[[1, NO_SKILL], [1, 1]], [[1, 1], [1, 1]]]
    centre = make_centre(channels=2, topics=2, groups=2, customer_classes=classes, level=level)
    contacts = make_contacts([0, 5, 5], work=[10, 10, 0], patience=[np.inf, np.inf, 3])
    changes = {
        name: np.array(value, dtype=getattr(centre, name).dtype)
        for name, value in named.items()
        if hasattr(centre, name)
    }
    columns: dict[str, Any] = {
        name: np.array(value, dtype=getattr(contacts, name).dtype)
        for name, value in named.items()
        if name in Contacts.columns()
    }
    return Day(replace(centre, **changes), replace(contacts, **columns), np.array([[2], [1]]))


SKILLS = (1, 2, 2, 2)
BOT: dict[str, Any] = {"bot_on": [[True], [False]], "meets_bot": [False, True, False], "bot_time": [0, 3, 0]}
ALONE: dict[str, dict[str, Any]] = {
    "as it stands": {},
    "closed": {"open": [[False], [True]]},
    "cut at closing": {"cut": [True, False]},
    "a bot that nobody meets": {"bot_on": [[True], [True]]},
    "a bot": {**BOT, "work": [10, 10, 5]},
    "a bot that contains": {**BOT, "work": [10, 10, 5], "contained": [False, True, True]},
    "who would meet the bot, which is never on": {"meets_bot": [True, True, True]},
    "others do several at once": {"slots": [[1, 3], [3, 3]], "slot_speed": np.ones((2, 3))},
    "mail, of which none comes": {"live": [True, False], "interruptible": [False, True]},
    "slowly": {"speed": np.full(SKILLS, 0.3)},
    "in the other line": {"topic": [1, 1, 1], "level": [[[[1, 1], [NO_SKILL, 2]], [[1, 1], [1, 1]]]]},
    "all of one class of customers": {"priority": np.ones((2, 2, 2)), "customer_class": [1, 1, 1]},
}
NOT_ALONE: dict[str, dict[str, Any]] = {
    "nobody comes": {name: [] for name in Contacts.columns()},
    "those in line hear how long": {"tells": [True, False]},
    "somebody stays in line without a sign": {"silent": [False, True, False]},
    "a pace": {"pace": [[0.5], [1.0]]},
    "on call": {"on_call": [False, True]},
    "two topics": {"topic": [0, 1, 0], "level": np.array([[[[1, -1], [1, -1]], [[1, -1], [1, -1]]]])},
    "two channels": {"channel": [0, 1, 0], "level": np.array([[[[1, -1], [1, -1]], [[1, -1], [1, -1]]]])},
    "two classes of customers": {"priority": np.ones((2, 2, 2)), "customer_class": [0, 1, 0]},
    "mail": {"live": [False, True]},
    "two groups": {"level": np.ones(SKILLS)},
    "nobody serves": {"level": np.full(SKILLS, NO_SKILL)},
    "a level that opens later": {"opens_after": np.full(SKILLS, 1.0)},
    "two at once": {"slots": [[2, 1], [1, 1]], "slot_speed": np.ones((2, 2))},
    "a bot that may be full": {**BOT, "work": [10, 10, 5], "bot_capacity": [2, 2]},
    "a bot, and work that takes no time": BOT,
}


@pytest.mark.parametrize("which", ALONE)
def test_a_queue_that_stands_alone_is_played_contact_by_contact(which: str) -> None:
    day = plain_day(**ALONE[which])
    assert taken(day)
    assert first_difference(day.play("reference"), day.play("compiled")) is None


@pytest.mark.parametrize("which", NOT_ALONE)
def test_any_other_day_is_played_in_the_general_way(which: str) -> None:
    day = plain_day(**NOT_ALONE[which])
    assert not taken(day)
    assert first_difference(day.play("reference"), day.play("compiled")) is None


def test_the_days_of_one_queue_that_engines_are_compared_on_are_played_contact_by_contact() -> None:
    for seed in range(100):
        for source in (seeded_tiny_day, random_day):
            day = alone(source(seed), seed)
            assert taken(day) == (len(day.contacts) > 0)


# -- Mistakes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Broken:
    """The source with one text replaced by another, as plain Python."""

    rule: str
    name: str
    right: str
    wrong: str

    def play(self, day: Day) -> Played:
        """Play as the compiled engine does."""
        with plain_kernels.plain_modules() as modules, pytest.MonkeyPatch.context() as patch:
            run = importlib.import_module("simulator.engine.run_compiled")
            patch.setattr(run, "one_queue", self.kernels())
            played: Played = modules[plain_kernels.PACKAGE].simulate(day.centre, day.contacts, day.staffing, "compiled")
        return played

    @cache  # noqa: B019 - there are few, and they are kept anyhow
    def kernels(self) -> Any:
        """Its functions; called where `simulator.jit` compiles nothing."""
        source = SOURCE.read_text(encoding="utf-8")
        assert source.count(self.right) == 1, f"{self.right!r} stands {source.count(self.right)} times"
        names: dict[str, Any] = {"__name__": f"broken_{self.rule}"}
        exec(compile(source.replace(self.right, self.wrong), f"{self.rule} broken", "exec"), names)
        return SimpleNamespace(**names)


BROKEN = (
    Broken("R1", "arrivals before the boundary", "while edges[begun] <= arrives", "while edges[begun] < arrives"),
    Broken(
        "R1",
        "the boundary before the end of work",
        "free <= min(last, edges[begun])",
        "free <= last and (free < edges[begun])",
    ),
    Broken("R1", "work that ends at a boundary comes after it", "[WINNER + TIME] <= until", "[WINNER + TIME] < until"),
    Broken("R2", "zeros below zero", "now = 0.0 + arrival[contact]", "now = arrival[contact]"),
    Broken("R5", "a bot that is never on", "if meets_bot[contact] and bot_on[interval]:", "if False:"),
    Broken("R5", "a bot that is always on", "if meets_bot[contact] and bot_on[interval]:", "if meets_bot[contact]:"),
    Broken("R5", "nobody contained", "if now >= horizon or contained[contact]:", "if now >= horizon:"),
    Broken("R5", "contained with the last instant", "np.nan if now >= horizon else now", "now"),
    Broken("R5", "patient after the bot", "patience[contact] *= escalated_patience", "pass"),
    Broken("R5", "quick after the bot", "work[contact] *= escalated_work", "pass"),
    Broken("R3", "what ends with the horizon is open", "served = ends <= horizon", "served = ends < horizon"),
    Broken("R3", "handled beyond the horizon", "(ends if served else horizon) - now", "ends - now"),
    Broken("R3", "gave up at the horizon's end", "elif gives_up < over:", "elif gives_up <= over:"),
    Broken("R6", "open until the next interval", "edges[interval + 1] <= arrives", "edges[interval + 1] < arrives"),
    Broken("R10", "who came at the boundary waits for work", "if in_list:\n", "if in_list and begun % 2:\n"),
    Broken("R10", "idle for ever", "0.0 + edges[begun - 1] if in_list", "0.0 if in_list"),
    Broken("R15", "another order of arithmetic", "work / team.rate", "work * (1.0 / team.rate)"),
    Broken("R15", "slot speed forgotten", " * real[desk + general.BY_HELD + general.SLOT_SPEED]", ""),
    Broken("R16", "nothing in hand", "whole[agent + general.HELD] = 1", "whole[agent + general.HELD] = 0"),
    Broken(
        "R17",
        "marked agents go on",
        "if whole[agent + general.MARKED] == 1:\n                        counted",
        "if False:\n                        counted",
    ),
    Broken("R17", "marked agents stay", "if whole[agent + general.MARKED] == 1:  # R17", "if False:"),
    Broken(
        "R17",
        "a start is no change of hands",
        "= team.desk\n    general.hands_changed(whole, agent)",
        "= team.desk\n    general.unlink(whole, agent)",
    ),
    Broken(
        "R19",
        "patience ends before work at one instant",
        "free <= min(last, edges[begun])",
        "free < min(last, edges[begun] + 1)",
    ),
    Broken("R19", "gone at the boundary", "elif edges[begun] <= last and", "elif edges[begun] < last and"),
    Broken("R20", "no channel cuts", "    if cuts:", "    if False:"),
    Broken("R20", "what drains is cut", "    if cuts:", "    if True:"),
    Broken(
        "R20",
        "agents of the next interval come in time",
        "<= last and edges[begun] < over:",
        "<= last and edges[begun] <= over < horizon or edges[begun] <= last and edges[begun] < over:",
    ),
    Broken(
        "R21",
        "starts counted late",
        "not records.started[order[counted]] > until",
        "not records.started[order[counted]] >= until - 1",
    ),
    Broken("R21", "who has gone is busy", "if records.agent[order[counted]] != NOBODY:", "if True:"),
    Broken("R21", "seconds in hand", "ledger[:, IN_HAND] = ledger[:, BUSY]", "ledger[:, IN_HAND] = 0.0"),
)


@cache
def drawn() -> list[tuple[Day, Played]]:
    """Some of the days on which the engines are compared, and how the reference plays them."""

    def days() -> Iterator[Day]:
        yield Day(make_centre(), make_contacts([-0.0], work=[5]), np.array([[1]]))
        for seed in range(400):
            yield alone(seeded_tiny_day(seed), seed)
        for seed in range(60):
            yield alone(random_day(seed), seed)

    return [(day, day.play("reference")) for day in days() if len(day.contacts)]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken.rule}-{broken.name.replace(' ', '-')}")
def test_a_broken_rule_is_noticed(broken: Broken) -> None:
    def differs(day: Day, expected: Played) -> bool:
        try:
            return first_difference(expected, broken.play(day)) is not None
        except IndexError:  # a cell beside the array
            return True

    assert any(differs(day, expected) for day, expected in drawn())
