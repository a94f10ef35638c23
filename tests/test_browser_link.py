"""What a link says is not trusted: in a real browser, which would run what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from served import SMALL

if TYPE_CHECKING:
    from served import Visitor

pytestmark = pytest.mark.browser

SCRIPT = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "/etc/passwd", "small.toml", "..", SCRIPT, "x" * 4000])
def test_a_scenario_that_is_not_in_the_workspace_is_named_and_not_opened(visitor: Visitor, name: str) -> None:
    visitor.go(scenario=name).settled()
    expect(visitor.page.get_by_text("The link asks for what is not here")).to_be_visible()
    body = visitor.page.locator("body").inner_text()
    assert "root:x:0" not in body
    assert visitor.page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    "override",
    [
        "groups.nobody.extra_agents=1",
        "groups.team.extra_agents=1000000000",
        "channels.phone.demand.file=../../../../etc/passwd",
        f'title="{SCRIPT}"',
        f'channels.phone.title="{SCRIPT}"',
        f"{SCRIPT}=1",
        "x" * 30_000,
        f"title={'[' * 2_000}{']' * 2_000}",
    ],
    ids=[
        "unknown path",
        "far too many",
        "a file",
        "a script",
        "a script of a card",
        "a script as a path",
        "long",
        "deep",
    ],
)
def test_a_hostile_override_runs_nothing_and_the_page_goes_on(visitor: Visitor, override: str) -> None:
    visitor.go(scenario=SMALL, sets=[override])
    expect(visitor.page.get_by_role("combobox", name="Scenario", exact=True)).to_be_visible()
    visitor.rested().sound()
    assert "root:x:0" not in visitor.page.locator("body").inner_text()
    assert visitor.page.evaluate("window.hacked") is None
    visitor.look_at(SMALL)


def test_a_link_of_a_megabyte_harms_nobody(visitor: Visitor) -> None:
    answer = visitor.page.request.get(visitor.server.url(scenario=SMALL, sets=["x" * 1_000_000]))
    assert answer.status < 500
    visitor.look_at(SMALL)
