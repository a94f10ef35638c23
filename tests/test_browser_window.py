"""A window that is dragged in the chart of the waits, with the mouse of a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from served import SMALL, Visitor

from simulator.language import clock

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser


def drag(visitor: Visitor, start: float, end: float) -> None:
    """Drag over the chart of the waits, from one share of its width to another."""
    chart = visitor.drawn().page.get_by_test_id("stVegaLiteChart").first
    chart.scroll_into_view_if_needed()
    box = chart.locator("canvas, svg.marks").first.bounding_box()
    assert box is not None
    mouse, height = visitor.page.mouse, box["y"] + 0.25 * box["height"]
    mouse.move(box["x"] + start * box["width"], height)
    mouse.down()
    mouse.move(box["x"] + (start + end) / 2 * box["width"], height)
    mouse.move(box["x"] + end * box["width"], height)
    mouse.up()


def marked(visitor: Visitor) -> Locator:
    """What stands at the side while a window is marked."""
    return visitor.page.locator(".st-key-window")


def test_dragging_in_the_chart_sets_the_window_of_the_agents_and_a_double_click_lets_it_go(visitor: Visitor) -> None:
    page = visitor.look_at(SMALL).page
    today, before = visitor.figures(), visitor.content
    expect(marked(visitor)).to_have_count(0)

    drag(visitor, 0.08, 0.4)
    hours = marked(visitor).get_by_role("slider")
    expect(hours).to_have_count(3)
    visitor.rested()
    start, end = (hours.nth(k).get_attribute("aria-valuetext") for k in (0, 1))
    assert (start, end) == (clock(9 * 3600), clock(11 * 3600))
    expect(page.get_by_text("Marked: Mon 1 Jun")).to_be_visible()
    assert visitor.content == before

    marked(visitor).get_by_role("button", name="Add +2").click()
    visitor.settled(but=before)
    assert visitor.figures() != today
    assert visitor.link["set"] == ['groups.team.extra_in."2026-06-01 09:00-11:00"=2']
    # The chart is another one now, of other figures, and still marked.
    expect(page.get_by_text("Marked: Mon 1 Jun")).to_be_visible()

    page.get_by_test_id("stVegaLiteChart").first.dblclick()
    expect(marked(visitor)).to_have_count(0)
    visitor.rested()
    assert len(visitor.link["set"]) == 1
