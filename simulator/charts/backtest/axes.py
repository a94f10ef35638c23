"""Axes of waits and shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from simulator.charts.ticks import share_labels, time_ticks
from simulator.charts.vega import lookup, quantity
from simulator.language import duration

if TYPE_CHECKING:
    from simulator.charts.vega import Row


def figure_axis(field: str, unit: Literal["seconds", "share"], top: float, title: str = "", **options: Any) -> Row:
    """An axis from 0 to `top` for a wait, or for a share."""
    axis: Row = {"title": title or None, "titleFontWeight": "normal", **options}
    if unit == "seconds":
        ticks = [tick for tick in time_ticks(top) if tick <= top]
        axis |= {"values": ticks, "labelExpr": lookup(ticks, ["0" if tick == 0 else duration(tick) for tick in ticks])}
    else:
        axis |= {"labelExpr": share_labels(), "tickCount": 5}
    return quantity(field, scale={"domain": [0, top], "nice": False, "clamp": True}, axis=axis)
