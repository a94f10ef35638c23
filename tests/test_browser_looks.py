"""Every page, wide and on a phone, by day and by night: nothing is cut off; pictures are left for the eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from served import PEAK, ROOT, SMALL, Visitor

from simulator.language import LANGUAGES, say, speaking
from simulator.ui.app import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from served import Server

pytestmark = pytest.mark.browser

PICTURES = ROOT / "results" / "page"
"""Not under version control."""
PHONE = 640
"""Pixels; a phone has less."""
HEIGHT = 900
PLAY_MUCH = ("surface", "levers")
"""Pages that play many scenarios before they rest; they are shown the small one."""

LUMINANCE = """
([where, property]) => {
  const [r, g, b] = getComputedStyle(document.querySelector(where))[property].match(/[\\d.]+/g)
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255
}
"""
CHARTS_FIT = """
() => {
  const block = document.querySelector('[data-testid=stMainBlockContainer]')
  const end = block.getBoundingClientRect().right - parseFloat(getComputedStyle(block).paddingRight)
  const charts = [...block.querySelectorAll('[data-testid=stVegaLiteChart] :is(canvas, svg.marks)')]
  return charts.every((each) => each.getBoundingClientRect().right <= end + 1)
}
"""
"""A chart is first drawn for a usual screen, and again when the browser has said how wide it is."""
CUT_OFF = """
() => {
  const main = document.querySelector('[data-testid=stMain]')
  const found = main.scrollWidth > main.clientWidth ? ['the page itself'] : []
  if (document.documentElement.scrollWidth > innerWidth) found.push('the document')
  for (const each of main.querySelectorAll('*')) {
    const words = [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim())
    if (!words || !each.checkVisibility()) continue
    if (each.closest('style, script, canvas, svg, [data-testid=stDataFrame]')) continue
    // What has no place to go: beyond what surrounds it, unless that can be scrolled.
    let box = each
    const right = () => {
      const range = document.createRange()
      range.selectNodeContents(each)
      return range.getBoundingClientRect().right
    }
    for (; box !== main; box = box.parentElement) {
      const overflow = getComputedStyle(box).overflowX
      if (overflow === 'auto' || overflow === 'scroll') break
      const cuts = overflow === 'hidden' || overflow === 'clip'
      if (box.clientWidth > 1 && cuts && right() > box.getBoundingClientRect().right + 1) break
    }
    const scrolls = ['auto', 'scroll'].includes(getComputedStyle(box).overflowX)
    if (!scrolls || (box === main && right() > innerWidth)) found.push(each.textContent.trim().slice(0, 80))
  }
  return found
}
"""


def turn_to(visitor: Visitor, name: str, *, phone: bool) -> None:
    """Choose another page as whoever has such a screen does: a phone keeps their names at the side."""
    page = visitor.page
    if phone:
        page.get_by_test_id("stExpandSidebarButton").click()
    visitor.turn_to(say(f"pages.{name}"))
    if phone:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
        expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()


def picture(page: Page, name: str, width: int) -> None:
    """Leave a picture of the whole page: what scrolls is given the room that it takes."""
    tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": max(tall, HEIGHT)})
    page.screenshot(path=PICTURES / f"{name}.png")
    page.set_viewport_size({"width": width, "height": HEIGHT})


def price_contracts(visitor: Visitor) -> None:
    """Have the fewest futures played that the page offers; who comes later finds them."""
    page = visitor.page
    page.locator(".st-key-contracts-futures input").click()
    page.get_by_role("option", name="100", exact=True).click()
    cards = page.locator(".ruuhka-card").first
    # Until this press is answered, the button of another number of futures is still there.
    button = page.get_by_role("button", name=say("contracts.play", count=100))
    expect(button.or_(cards).first).to_be_visible()
    if not cards.is_visible():
        button.click()
    expect(cards).to_be_visible()
    expect(page.locator(".st-key-contracts-toml button")).to_be_visible()
    visitor.rested()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(1280, "light", "en"), (1280, "dark", "fi"), (390, "light", "fi"), (390, "dark", "en")],
    ids=["wide-light", "wide-dark", "phone-light", "phone-dark"],
)
def test_every_page_fits_and_has_the_colours_of_the_browser(
    browser: Browser, server: Server, width: int, scheme: str, language: str
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    phone = width < PHONE
    names = [name for name, *_ in PAGES]
    shown = {PEAK: [name for name in names if name not in PLAY_MUCH], SMALL: [n for n in names if n in PLAY_MUCH]}
    with (
        speaking(language),
        Visitor.of(browser, server, width=width, height=HEIGHT, color_scheme=scheme) as visitor,
    ):
        page = visitor.page
        for scenario, members in shown.items():
            for k, name in enumerate(members):
                if k:
                    turn_to(visitor, name, phone=phone)
                else:
                    visitor.go("" if name == names[0] else name, scenario=scenario, lang=language)
                expect(page.get_by_test_id("stMain").locator("h3:not(article *)").first).to_be_visible()
                if name == "contracts":
                    price_contracts(visitor)
                visitor.rested().drawn()
                page.wait_for_function(CHARTS_FIT)
                visitor.rested().drawn().sound()
                if not phone:  # there the side is closed
                    chosen = page.get_by_test_id("stSidebar").get_by_role("radio", checked=True).first
                    expect(chosen).to_have_text(LANGUAGES[language])
                picture(page, f"{name}-{'phone' if phone else 'wide'}-{scheme}", width)
                assert page.evaluate(CUT_OFF) == [], name
                paper = page.evaluate(LUMINANCE, ["[data-testid=stApp]", "backgroundColor"])
                ink = page.evaluate(LUMINANCE, ["[data-testid=stMain] h3", "color"])
                assert (paper > 0.8 and ink < 0.2) if scheme == "light" else (paper < 0.2 and ink > 0.8), name
