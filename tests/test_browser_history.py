"""A planner hands over a log of calls, has a scenario fitted to it, and looks at that one, in a real browser."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from logged_centre import Centre, logged_calls
from playwright.sync_api import expect
from served import SMALL

from simulator.history.importing.mapping_file import read_mapping
from simulator.history.logs.mapping import CallMapping

if TYPE_CHECKING:
    from pathlib import Path

    from served import Visitor

pytestmark = pytest.mark.browser


def log_file(folder: Path) -> Path:
    """Two weeks of a small centre, as its telephone system exports them."""
    calls = logged_calls(Centre(calls_a_day=250.0, agents=6, both=2), 2)
    answered = calls.served
    lines = ["arrived,queue,agent,answered,hangup"]
    for call in range(len(calls)):
        arrival, end = (f"{datetime.fromtimestamp(each[call], UTC):%F %T}" for each in (calls.arrival, calls.ended))
        queue = calls.queues[calls.queue[call]]
        taken = f"{datetime.fromtimestamp(calls.answered[call], UTC):%F %T}" if answered[call] else ""
        agent = calls.agents[calls.agent[call]] if answered[call] else ""
        lines.append(f"{arrival},{queue},{agent},{taken},{end}")
    file = folder / "calls.csv"
    file.write_text("\n".join([*lines, ""]), "utf-8")
    return file


def test_a_planner_hands_over_a_log_has_it_fitted_and_looks_at_the_scenario(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.go("history", scenario=SMALL, lang="en").rested().page
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(log_file(tmp_path))
    expect(page.get_by_text("looks like a log of calls")).to_be_visible()
    fit = page.get_by_role("button", name="Fit", exact=True)
    expect(fit).to_be_visible()
    visitor.rested()
    # What was opened stays open when something in it is chosen.
    page.get_by_text("What the scenario is to be like").click()
    within = page.get_by_role("spinbutton", name="within seconds")
    within.fill("30")
    within.press("Enter")
    visitor.rested()
    expect(within).to_be_visible()
    expect(within).to_have_value("30")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Mapping (TOML)").click()
    mapping = tmp_path / "mapping.toml"
    coming.value.save_as(mapping)
    read = read_mapping(mapping)
    assert isinstance(read, CallMapping)
    assert read.columns["arrival"] == ("arrived",)

    fit.click()
    opens = page.get_by_role("button", name="Open the scenario")
    # A press that the server has not yet begun to answer when the page is turned is lost, by Streamlit.
    expect(page.get_by_role("button", name="Stop").or_(opens).first).to_be_visible()
    # It goes on while somebody looks at another page, and is there when they come back, files and all.
    visitor.turn_to("Files").turn_to("History")
    expect(opens).to_be_visible()
    visitor.rested().drawn()
    expect(page.get_by_text("Still here: calls.csv")).to_be_visible()
    assert page.get_by_test_id("stVegaLiteChart").count() == 5
    with page.expect_download() as coming:
        page.get_by_role("button", name="Scenario (TOML)").click()
    scenario = tmp_path / "fitted.toml"
    coming.value.save_as(scenario)
    title = tomllib.loads(scenario.read_text("utf-8"))["title"]

    opens.click()
    expect(page.get_by_text("All pages are about this scenario now")).to_be_visible()
    visitor.turn_to("What if").settled()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert page.locator("article.ruuhka-card").count() == 1
    visitor.sound()
