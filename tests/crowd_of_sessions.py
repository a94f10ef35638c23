"""Many sessions at once, each moving sliders; what each sees is held against what its settings give alone."""

from __future__ import annotations

import html
import random
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

from served import EXTRA_AGENTS, SMALL, Visitor

from simulator.experiment import overview, run
from simulator.language import number
from simulator.scenario import load_scenario
from simulator.ui.cards import cards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser
    from served import Server

FIELD = "groups.team.extra_agents"
REACH = 3
"""Agents more or fewer, at most; so few settings that each is soon known, and memory has no reason to grow."""


class Crowd:
    """Sessions on one server."""

    def __init__(self, browser: Browser, server: Server, sessions: int) -> None:
        self.browser = browser
        self.server = server
        self.sessions = sessions
        self.moves = 0
        self.answers = 0
        self._expected: dict[int, list[str]] = {}

    def keep_moving(self, go_on: Callable[[], bool]) -> Iterator[None]:
        """Move all sliders, often before the former answer is there; look what each shows; yield; over again.

        Raises
        ------
        AssertionError
            If a session shows what is not its own, or anything breaks.
        """
        luck = random.Random(1)
        with ExitStack() as stack:
            crowd = [stack.enter_context(Visitor.of(self.browser, self.server)) for _ in range(self.sessions)]
            places = [0] * self.sessions
            for visitor in crowd:
                visitor.look_at(SMALL)
            while go_on():
                for _ in range(3):
                    for who, visitor in enumerate(crowd):
                        step = luck.choice([-1, 1]) if abs(places[who]) < REACH else -1 if places[who] > 0 else 1
                        visitor.press(EXTRA_AGENTS, "ArrowRight" if step > 0 else "ArrowLeft")
                        places[who] += step
                        # What is seen is what counts: a move that the slider forgets is lost, whatever is answered.
                        stands = visitor.stands(EXTRA_AGENTS)
                        assert stands == number(places[who], signed=True), f"session {who}\n{visitor.told()}"
                        self.moves += 1
                for who, visitor in enumerate(crowd):
                    content, lines = self.expected(places[who])
                    what = f"session {who} with {places[who]:+d} agents"
                    assert visitor.answered(content, what).figures() == lines, what
                    assert visitor.stands(EXTRA_AGENTS) == number(places[who], signed=True), what
                    visitor.sound()
                    self.answers += 1
                yield

    def expected(self, extra: int) -> tuple[str, list[str]]:
        """What the page should show with so many more agents: worked out here, in a process of our own."""
        file = self.server.workspace / f"{SMALL}.toml"
        scenario = load_scenario(file, None, {FIELD: extra} if extra else {})
        if extra not in self._expected:
            base = run(load_scenario(file)) if extra else None
            shown = cards(scenario, overview(run(scenario), base), "light")
            lines = re.findall(r"<dd[^>]*>(.*?)</dd>", shown)
            self._expected[extra] = [html.unescape(re.sub(r"<[^>]*>", "", line)) for line in lines]
        return scenario.content_hash[:8], self._expected[extra]
