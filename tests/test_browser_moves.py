"""Moves that come while the page still answers former ones: none is lost, however late things reach the browser."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from served import EXTRA_AGENTS, PATIENCE, SMALL, Visitor
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, WebSocketRoute
    from served import Server

pytestmark = pytest.mark.browser

BUSY = "() => { setTimeout(() => { const began = performance.now(); while (performance.now() - began < 500); }, 0) }"
"""The browser takes in nothing for half a second, then all that has come at once."""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def read(message: bytes) -> ForwardMsg:
    """What the server says in a message."""
    said = ForwardMsg()
    said.ParseFromString(message)
    return said


def has_link(message: ForwardMsg) -> bool:
    """Whether it is the link with one more agent; of a move it is the last that the page says."""
    return "extra_agents%3D1" in message.page_info_changed.query_string


class Line:
    """What the server sends to one browser, which can be held up and let through later."""

    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page
        self.is_open = True
        self._held: list[bytes] = []
        self.page.route_web_socket("**/_stcore/stream", self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        self._browser = browser
        browser.connect_to_server().on_message(self._pass)

    def _pass(self, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        if self.is_open:
            self._browser.send(message)
        else:
            self._held.append(message)

    def hold_until(self, said: Callable[[ForwardMsg], bool], after: Callable[[], None]) -> list[bytes]:
        """Let nothing through, do something, and wait until the server has said something; what was held till then."""
        self.is_open = False
        after()
        deadline = time.monotonic() + PATIENCE / 1000
        while not any(said(read(each)) for each in self._held):
            assert time.monotonic() < deadline, f"{len(self._held)} messages came, not the one that is waited for"
            self.page.wait_for_timeout(10)
        held, self._held = self._held, []
        return held

    def let_through(self, held: list[bytes]) -> None:
        """What has been held; what comes from now on is held further."""
        for each in held:
            self._browser.send(each)

    def open(self) -> None:
        """Let all through again, what is held first."""
        self.let_through(self._held)
        self._held = []
        self.is_open = True


def test_an_answer_that_comes_late_does_not_turn_a_slider_back(browser: Browser, server: Server) -> None:
    with Visitor.of(browser, server) as visitor:
        line = Line(visitor)
        visitor.look_at(SMALL)
        late = line.hold_until(has_link, lambda: visitor.press(EXTRA_AGENTS))
        visitor.press(EXTRA_AGENTS)
        expect(visitor.slider(EXTRA_AGENTS)).to_have_attribute("aria-valuetext", "+2")
        line.let_through(late)
        visitor.page.wait_for_url("**extra_agents%3D1**")
        visitor.page.evaluate(PAINTED)
        expect(visitor.slider(EXTRA_AGENTS)).to_have_attribute("aria-valuetext", "+2")
        visitor.press(EXTRA_AGENTS)
        line.open()
        scenario = load_scenario(server.workspace / f"{SMALL}.toml", None, {"groups.team.extra_agents": 3})
        visitor.answered(scenario.content_hash[:8], "after three moves")
        assert visitor.slider(EXTRA_AGENTS).get_attribute("aria-valuetext") == "+3"


def test_a_slider_stays_where_it_was_moved_though_one_run_ends_while_the_next_is_half_shown(
    browser: Browser, server: Server
) -> None:
    with Visitor.of(browser, server) as visitor:
        line = Line(visitor)
        visitor.look_at(SMALL)
        # A run that puts nothing beside the sliders, for another width of the charts, then one that does.
        late = line.hold_until(
            lambda message: message.WhichOneof("type") == "script_finished",
            lambda: visitor.page.set_viewport_size({"width": 1100, "height": 900}),
        )
        late += line.hold_until(has_link, lambda: visitor.press(EXTRA_AGENTS))
        half = max(k for k, each in enumerate(late) if read(each).delta.new_element.slider.label == EXTRA_AGENTS)
        visitor.page.evaluate(BUSY)
        line.let_through(late[:half])
        visitor.page.evaluate(PAINTED)
        line.let_through(late[half:])
        line.open()
        scenario = load_scenario(server.workspace / f"{SMALL}.toml", None, {"groups.team.extra_agents": 1})
        visitor.answered(scenario.content_hash[:8], "after a move")
        assert visitor.stands(EXTRA_AGENTS) == "+1"


def test_the_browser_keeps_large_messages_that_a_run_on_its_way_may_count_on(browser: Browser, server: Server) -> None:
    with Visitor.of(browser, server) as visitor:
        line = Line(visitor)
        visitor.look_at(SMALL)
        told = line.hold_until(
            lambda message: message.WhichOneof("type") == "new_session", lambda: visitor.press(EXTRA_AGENTS)
        )
        line.let_through(told)
        line.open()
        (begun,) = [read(each).new_session for each in told if read(each).WhichOneof("type") == "new_session"]
        assert begun.config.max_cached_message_age == 100
