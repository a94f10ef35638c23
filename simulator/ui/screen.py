"""How wide the reader's screen is: charts are drawn to fit, with fewer labels where there is less room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.charts.look import NARROW

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

USUAL = 900
"""Pixels that there are until the browser has said how many."""
_BESIDE, _BESIDE_NARROW = 205, 85
"""Pixels that the words to the left and to the right of a chart take, and its margins."""

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


def chart_width() -> int:
    """Pixels that the panels of a chart may take; the page runs again when that changes."""
    room = _room()
    return room - (_BESIDE if room - _BESIDE >= NARROW else _BESIDE_NARROW)


def _room() -> int:
    with st.container(key="screen"):
        measured = _component()(key="screen width", default={"width": USUAL}, on_width_change=lambda: None)
    return int(getattr(measured, "width", None) or USUAL)


@st.cache_resource
def _component() -> ComponentRenderer:
    return st.components.v2.component("ruuhka_screen", js=_MEASURE)
