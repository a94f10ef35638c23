"""Every page, wide and narrow, by day and by night: nothing broken, nothing cut off; pictures are left for the eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from served import PEAK, ROOT, SMALL, Visitor

from simulator.ui.app import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from served import Server

pytestmark = pytest.mark.browser

PICTURES = ROOT / "results" / "page"
BRIGHTNESS = """
() => {
  const [r, g, b] = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/g)
  return (0.3 * r + 0.6 * g + 0.1 * b) / 255
}
"""


@pytest.mark.parametrize("width", [1280, 390], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_has_the_colours_of_the_browser(
    browser: Browser, server: Server, scheme: str, width: int
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with Visitor.of(browser, server, width=width, height=900, color_scheme=scheme) as visitor:
        page = visitor.page
        for name, *_ in PAGES:
            # The small scenario where a page plays all that there is to play.
            scenario = SMALL if name in ("surface", "levers") else PEAK
            visitor.go("" if name == PAGES[0][0] else name, scenario=scenario)
            page.locator("[data-testid=stMain] h3").first.wait_for()
            visitor.rested().drawn().sound()
            assert (page.evaluate(BRIGHTNESS) > 0.5) == (scheme == "light"), name
            across = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth")
            assert across <= 0, name
            page.set_viewport_size({"width": width, "height": 2400})
            visitor.rested().drawn()
            page.screenshot(path=PICTURES / f"{name}-{'phone' if width < 640 else 'wide'}-{scheme}.png")
            page.set_viewport_size({"width": width, "height": 900})
