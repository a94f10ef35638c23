"""Sessions know nothing of each other, and a crowd of them breaks nothing."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from crowd_of_sessions import Crowd
from playwright.sync_api import expect
from served import EXTRA_AGENTS, SMALL, Visitor
from small_scenarios import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload
    from served import Server

pytestmark = pytest.mark.browser

ROUNDS, SESSIONS = 6, 4
"""A sample of what `benchmarks/crowd.py` does for two minutes with ten."""
MOST_GROWTH = 60.0
"""MiB: what the interpreter and the server take here and there."""


def test_one_session_never_sees_what_another_opens_or_moves(visitor: Visitor, browser: Browser, server: Server) -> None:
    visitor.look_at(SMALL)
    today = visitor.figures()
    with Visitor.of(browser, server) as other:
        other.look_at(SMALL).move(EXTRA_AGENTS)
        other.turn_to("Files").rested()
        secret = PHONE.replace('title = "Small day"', 'title = "A secret plan"').encode()
        upload: FilePayload = {"name": "secret.toml", "mimeType": "application/toml", "buffer": secret}
        other.page.locator("input[type=file]").first.set_input_files(files=[upload])
        other.page.get_by_role("button", name="Open secret").click()
        other.page.wait_for_url("**scenario=secret**")
        other.rested()
        other.turn_to("What if")
        expect(other.page.get_by_role("heading", name="A secret plan").first).to_be_visible()
        other.settled()

        visitor.page.reload()
        visitor.settled()
        assert visitor.figures() == today
        visitor.page.get_by_role("combobox", name="Scenario", exact=True).click()
        offered = visitor.page.get_by_role("option").all_inner_texts()
        assert len(offered) > 3
        assert [title for title in offered if "secret" in title.lower()] == []
    assert sorted(path.name for path in server.workspace.glob("*secret*")) == []


def test_a_crowd_gets_right_answers_each_and_memory_stays(browser: Browser, server: Server) -> None:
    crowd, rounds = Crowd(browser, server, SESSIONS), itertools.count()
    memory = [server.megabytes for _ in crowd.keep_moving(lambda: next(rounds) < ROUNDS)]
    assert crowd.answers == ROUNDS * SESSIONS
    assert memory[-1] - memory[ROUNDS // 2] < MOST_GROWTH, memory
