"""Puts a chart on the page, as wide as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.charts.look import dressed, spec

if TYPE_CHECKING:
    from simulator.charts.look import Chart


def show_chart(chart: Chart, key: str) -> None:
    """Show a chart of `simulator.charts`."""
    st.vega_lite_chart(spec(dressed(chart)), key=key, theme=None, width="stretch")


def theme() -> str:
    """How the browser has it, light or dark."""
    return st.context.theme.type or "light"
