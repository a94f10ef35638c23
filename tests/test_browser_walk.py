"""A planner walks through the page, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from served import EXTRA_AGENTS, LONG, PEAK, SMALL, Visitor

from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from served import Server

pytestmark = pytest.mark.browser

WATCH_STATES = """
() => {
  window.states = []
  new MutationObserver(() => {
    const strip = document.querySelector('.ruuhka-strip')
    const results = document.querySelector('.st-key-results')
    if (!strip || !results) return
    const dimmed = [...document.querySelectorAll('style')].some((each) => each.textContent.includes('.st-key-results'))
    const state = `${strip.dataset.state} ${strip.dataset.content}${dimmed ? ' dimmed' : ''}`
    if (state !== window.states.at(-1)) window.states.push(state)
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true})
}
"""


def content_of(server: Server, scenario: str, **overrides: object) -> str:
    """What the strip should say of a scenario."""
    return load_scenario(server.workspace / f"{scenario}.toml", None, overrides).content_hash[:8]


def extra(agents: int) -> dict[str, object]:
    """The override of the slider."""
    return {"groups.team.extra_agents": agents}


def test_a_planner_moves_keeps_compares_clicks_downloads_and_sends_the_link(
    visitor: Visitor, browser: Browser, server: Server, tmp_path: Path
) -> None:
    page = visitor.look_at(SMALL).drawn().page
    today = visitor.figures()
    assert visitor.content == content_of(server, SMALL)

    visitor.move(EXTRA_AGENTS)
    assert visitor.content == content_of(server, SMALL, **extra(1))
    assert visitor.figures() != today
    marked = page.locator(".ruuhka-cards").locator(".better, .worse, .changed, .noise")
    assert marked.count() > 0
    assert visitor.link["set"] == ["groups.team.extra_agents=1"]

    page.get_by_role("textbox", name="Name of the variant").fill("One more")
    page.get_by_role("button", name="Keep as variant").click()
    visitor.rested()
    visitor.move(EXTRA_AGENTS).turn_to("Compare").settled(but=content_of(server, SMALL, **extra(2)))
    compared = page.get_by_test_id("stMain")
    for name in ("As the sliders stand", "One more"):
        expect(compared.get_by_text(name).first).to_be_visible()

    visitor.turn_to("Surface").rested().drawn()
    take = page.get_by_role("button", name="Load into the sliders")
    expect(take).to_be_disabled()
    box = page.get_by_test_id("stVegaLiteChart").locator("canvas, svg.marks").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
    expect(take).to_be_enabled()
    take.click()
    visitor.rested()
    expect(page.get_by_role("button", name="Take back")).not_to_have_count(1)

    visitor.turn_to("Files").rested()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Results (CSV)").click()
    file = tmp_path / "results"
    coming.value.save_as(file)
    assert file.stat().st_size > 100

    visitor.turn_to("What if").settled()
    with Visitor.of(browser, server) as colleague:
        colleague.page.goto(page.url)
        colleague.settled()
        assert colleague.figures() == visitor.figures()
        assert colleague.content == visitor.content
        assert colleague.link == visitor.link


def test_a_planner_finds_a_plan_looks_elsewhere_takes_it_over_and_sends_it(
    visitor: Visitor, browser: Browser, server: Server
) -> None:
    page = visitor.go("plan", scenario=SMALL, lang="en").rested().page
    page.get_by_role("button", name="Find a plan").click()
    take = page.get_by_role("button", name="Take over as a variant")
    # A press that the server has not yet begun to answer when the page is turned is lost, by Streamlit.
    expect(page.get_by_role("button", name="Stop").or_(take).first).to_be_visible()
    # It is searched for while somebody looks at another page, and there when they come back.
    visitor.turn_to("Files").turn_to("Plan")
    expect(take).to_be_visible()
    visitor.rested().drawn()
    assert page.locator("article.ruuhka-card").count() == 2
    take.click()
    expect(page.get_by_role("button", name="Put back what was before")).to_be_visible()
    visitor.rested()
    assert all(each.startswith("groups.team.dates.") for each in visitor.link["set"])

    visitor.turn_to("Compare").rested()
    expect(page.get_by_test_id("stMain").get_by_text("Plan", exact=True).first).to_be_visible()
    visitor.turn_to("What if").settled()
    with Visitor.of(browser, server) as colleague:
        colleague.page.goto(page.url)
        colleague.settled()
        assert colleague.figures() == visitor.figures()


def test_old_figures_are_dimmed_until_new_ones_come(visitor: Visitor, browser: Browser, server: Server) -> None:
    with Visitor.of(browser, server) as colleague:
        colleague.look_at(LONG)
        visitor.look_at(LONG).page.evaluate(WATCH_STATES)
        # A colleague's long question makes this one wait its turn: otherwise it may be answered before it is seen.
        colleague.press(EXTRA_AGENTS)
        busy = f'.ruuhka-strip[data-state="rough"][data-content="{content_of(server, LONG, **extra(1))}"]'
        expect(colleague.page.locator(busy)).to_be_visible()
        visitor.move(EXTRA_AGENTS, "End")
    new = content_of(server, LONG, **extra(4))
    states = visitor.page.evaluate("states")
    assert f"stale {new} dimmed" in states
    assert f"rough {new}" in states
    assert states[-1] == f"whole {new}"


def test_who_moves_on_does_not_wait_for_the_former_question(visitor: Visitor, server: Server) -> None:
    visitor.look_at(LONG).page.evaluate(WATCH_STATES)
    before = visitor.content
    # Places where no other test has been: what is known already would be there at once.
    for agents in (-1, -2, -3):
        visitor.press(EXTRA_AGENTS, "ArrowLeft")
        expect(
            visitor.page.locator(f'.ruuhka-strip[data-content="{content_of(server, LONG, **extra(agents))}"]')
        ).to_be_visible()
    last = content_of(server, LONG, **extra(-3))
    expect(visitor.page.locator(f'.ruuhka-strip[data-state="whole"][data-content="{last}"]')).to_be_visible()
    whole = {content for state, content, *_ in map(str.split, visitor.page.evaluate("states")) if state == "whole"}
    assert last in whole <= {before, last}


def test_the_peak_week_opens_first(visitor: Visitor, server: Server) -> None:
    visitor.go().settled().drawn()
    assert visitor.content == content_of(server, PEAK)
    assert visitor.page.locator("article.ruuhka-card").count() >= 4
    assert visitor.link["scenario"] == [PEAK]
