"""Puts a chart on the page, as wide as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.charts.look import dressed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.charts.look import Theme
    from simulator.charts.vega import Chart


def show_chart(
    chart: Chart, key: str | None, *, selection: str | None = None, on_select: Callable[[], None] | None = None
) -> Mapping[str, Any] | None:
    """Show a chart of `simulator.charts`.

    Parameters
    ----------
    key
        Of the widget, which is the same from one run to the next; None for a chart that another one will replace.
    selection
        The selection of the chart that makes the page run again; then what is selected is returned.
    on_select
        What is done before that.
    """
    drawn = dressed(chart, theme=theme(), transparent=True)
    if selection is None:
        st.vega_lite_chart(drawn, key=key, theme=None, width="content")
        return None
    state: Any = st.vega_lite_chart(
        drawn, key=key, theme=None, width="content", on_select=on_select or "rerun", selection_mode=selection
    )
    return state  # type: ignore[no-any-return]


def theme() -> Theme:
    """How the browser has it, light or dark."""
    return "dark" if st.context.theme.type == "dark" else "light"
