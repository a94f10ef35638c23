"""How wide the reader's screen is: charts are drawn to fit, with fewer labels where there is less room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

USUAL = 900
"""Pixels that a chart has until the browser has said how many there are."""

_MEASURE = """
export default function (component) {
  const host = document.querySelector('[data-testid="stMainBlockContainer"]') || document.body;
  let told = null, timer = null;
  const measure = () => {
    const style = getComputedStyle(host);
    const room = host.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const width = Math.max(20 * Math.floor(room / 20), 280);
    if (width !== told) { told = width; component.setStateValue("width", width); }
  };
  const observer = new ResizeObserver(() => { clearTimeout(timer); timer = setTimeout(measure, 150); });
  observer.observe(host);
  measure();
  return () => { clearTimeout(timer); observer.disconnect(); };
}
"""


def width() -> int:
    """Pixels that there are for a chart, in steps of 20; the page runs again when that changes."""
    with st.container(key="screen"):
        measured = _component()(key="screen width", default={"width": USUAL}, on_width_change=lambda: None)
    return int(getattr(measured, "width", None) or USUAL)


@st.cache_resource
def _component() -> ComponentRenderer:
    return st.components.v2.component("ruuhka_screen", js=_MEASURE)
