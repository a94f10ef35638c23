"""Whoever has no mouse, or does not see, can do all that others can."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from served import SMALL

from simulator.language import say
from simulator.ui.app import PAGES

if TYPE_CHECKING:
    from served import Visitor

pytestmark = pytest.mark.browser

NAMES = [name for name, *_ in PAGES]
WIDGET = "slider|button|combobox|textbox|checkbox|switch|radio|spinbutton|link"
MARK = """
() => {
  const usable = 'input, button, select, textarea, a[href], [role=slider], [role=combobox]'
  const inside = document.querySelectorAll(':is([data-testid=stSidebar], [data-testid=stMain])')
  let count = 0
  for (const place of inside) for (const each of place.querySelectorAll(usable)) {
    // Of radio buttons one has the focus, and arrow keys go to the others; what floats over a chart comes with it.
    const hidden = each.disabled || each.tabIndex < 0 || !each.checkVisibility({visibilityProperty: true})
    const oneOfMany = each.type === 'radio' || each.role === 'radio'
    if (!hidden && !oneOfMany && each.type !== 'file') each.dataset.widget = count++
  }
  return count
}
"""


@pytest.mark.parametrize("name", ["what_if", "files"])
def test_the_tab_key_reaches_every_widget_and_each_has_a_name(visitor: Visitor, name: str) -> None:
    page = visitor.look_at(SMALL).page
    if name != NAMES[0]:
        visitor.turn_to(say(f"pages.{name}")).rested().drawn()
    count = page.evaluate(MARK)
    assert count > 8
    page.evaluate("document.activeElement.blur()")
    reached: set[str] = set()
    for _ in range(4 * count):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.widget ?? ''"))
        if len(reached - {""}) == count:
            break
    missing = [
        page.locator(f'[data-widget="{k}"]').evaluate("each => each.outerHTML.slice(0, 200)")
        for k in range(count)
        if str(k) not in reached
    ]
    assert missing == []
    nameless = re.compile(rf"^\s*- '?(?:{WIDGET})'?(?: \[.*\])?(?::|$)")
    assert [line for line in page.locator("body").aria_snapshot().splitlines() if nameless.match(line)] == []
