"""Whoever has no mouse, or does not see, can do all that others can."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from served import SMALL

from simulator.language import say
from simulator.ui.app import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from served import Visitor

pytestmark = pytest.mark.browser

WIDGET = "slider|button|combobox|textbox|checkbox|switch|radio|spinbutton|link"
SIDE_AND_MAIN, MAIN = ":is([data-testid=stSidebar], [data-testid=stMain])", "[data-testid=stMain]"
MARK = """
(where) => {
  const usable = 'input, button, select, textarea, a[href], canvas[tabindex], [role=slider], [role=combobox]'
  document.querySelectorAll('[data-widget]').forEach((each) => delete each.dataset.widget)
  window.looks = (each) => {
    // How it looks, and what is around it: a frame, or the switch that stands for a hidden box.
    const around = [each, each.parentElement, each.parentElement.parentElement, each.closest('label') ?? each]
    const parts = around.flatMap((one) => [one, ...one.children])
    return parts.map((part) => {
      const {outline, boxShadow, borderColor, backgroundColor} = getComputedStyle(part)
      return [outline, boxShadow, borderColor, backgroundColor].join()
    }).join(';')
  }
  window.before = []
  for (const place of document.querySelectorAll(where)) for (const each of place.querySelectorAll(usable)) {
    // Of radio buttons one has the focus, and arrow keys go to the others; what floats over a chart comes with it.
    const hidden = each.disabled || each.tabIndex < 0 || !each.checkVisibility({visibilityProperty: true})
    const oneOfMany = each.type === 'radio' || each.role === 'radio'
    if (hidden || oneOfMany || each.type === 'file' || each.closest('[data-testid=stElementToolbar]')) continue
    each.dataset.widget = window.before.push(window.looks(each)) - 1
  }
  return window.before.length
}
"""
IS_SEEN = "(k) => window.looks(document.querySelector(`[data-widget='${k}']`)) !== window.before[k]"


def marked(page: Page, where: str) -> int:
    """Number the widgets in the order in which they stand; how many there are."""
    count: int = page.evaluate(MARK, where)
    page.evaluate("document.activeElement.blur()")
    return count


def tabbed(page: Page, count: int) -> list[int]:
    """The widgets in the order in which the Tab key comes to them first; each is seen to have the focus."""
    reached: list[int] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        now = page.evaluate("document.activeElement.dataset.widget ?? ''")
        if now and int(now) not in reached:
            reached.append(int(now))
            page.wait_for_function(IS_SEEN, arg=now)
        if len(reached) == count:
            break
    return reached


def test_the_tab_key_reaches_every_widget_of_every_page_in_order_and_each_has_a_name(visitor: Visitor) -> None:
    page = visitor.look_at(SMALL).page
    nameless = re.compile(rf"^\s*- '?(?:{WIDGET})'?(?: \[.*\])?(?::|$)")
    for k, (name, *_) in enumerate(PAGES):
        if k:
            visitor.turn_to(say(f"pages.{name}"))
        visitor.drawn()
        # What stands at the side of every page need be gone through only once.
        count = marked(page, MAIN if k else SIDE_AND_MAIN)
        assert count > (0 if k else 8), name
        if k:
            # As after a click into the page, in front of all that is in it.
            page.evaluate("document.getSelection().collapse(document.querySelector('[data-testid=stMain] h3'), 0)")
        reached = tabbed(page, count)
        there = {
            k: page.locator(f'[data-widget="{k}"]').evaluate("it => it.outerHTML.slice(0, 200)") for k in range(count)
        }
        assert [html for k, html in there.items() if k not in reached] == [], name
        assert reached == sorted(reached), name
        assert [line for line in page.locator("body").aria_snapshot().splitlines() if nameless.match(line)] == [], name
