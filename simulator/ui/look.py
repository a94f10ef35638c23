"""How the page around the figures looks."""

from __future__ import annotations

import streamlit as st

_STYLE = """
<style>
.stMainBlockContainer { padding: 3.2rem 2rem 3rem; max-width: 1400px; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.2rem .8rem 2rem; } }
[data-testid="stSidebarUserContent"] { padding-bottom: 2rem; }
[data-testid="stSidebarHeader"] { height: 2.2rem; padding: 0 1rem; }
@media (max-width: 1440px) {
  [data-testid="stTopNavLink"] > span:has([data-testid="stIconMaterial"]) { display: none; }
}
.st-key-screen { position: absolute; height: 0; overflow: hidden; }
</style>
"""
"""On a usual screen the names of all pages have a place in the line above, without their symbols."""


def dress() -> None:
    """Less margin, so that the first screen holds what is looked at first."""
    st.html(_STYLE)
