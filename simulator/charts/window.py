"""A window of one day that is dragged in a chart with a time axis: its marks, and what it comes to by the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import Colour
from simulator.charts.vega import marks, until
from simulator.scenario.fields import DayWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.charts.axis import TimeAxis
    from simulator.charts.vega import Chart, Row
    from simulator.scenario.calendar import Calendar

WINDOW = "window"
"""The selection that dragging makes: its field `at` has the two positions on the axis between which it went."""

# A finger that moves over a chart scrolls the page.
_DRAG = "[pointerdown[event.pointerType !== 'touch'], window:pointerup] > window:pointermove!"
_SELECT: Row = {
    "type": "interval",
    "encodings": ["x"],
    "on": _DRAG,
    "translate": _DRAG,
    "zoom": False,
    "mark": {"fill": Colour.INK, "fillOpacity": 0.06, "stroke": Colour.INK, "strokeOpacity": 0.6},
}
# A step is shaded if its middle lies in what was dragged: `dragged` takes the same ones.
_MIDDLE: list[Row] = [
    {"calculate": "datum.at", "as": "from"},
    {"calculate": "(datum.at + datum.to) / 2", "as": "at"},
    {"filter": {"param": WINDOW, "empty": False}},
]


def markable(panels: Sequence[Chart], axis: TimeAxis) -> list[Chart]:
    """Panels in which a window can be dragged with the mouse; all of them shade it. A double click lets it go.

    Parameters
    ----------
    panels
        One above the other, each of several layers, the first of which stands on the axis.
    """
    steps = axis.steps({})
    place = {"x": {**axis.x(labelled=False), "field": "from"}, "x2": until("to")}
    shade = marks(steps, "rect", place, where="datum.to > datum.at", color=Colour.INK, opacity=0.18)
    shade["transform"] += _MIDDLE
    made = []
    for panel in panels:
        first, *between, last = panel["layer"]
        first = {**first, "params": [{"name": WINDOW, "select": _SELECT}]}
        # Below the last layer, which tells the pointer what it is over.
        made.append({**panel, "layer": [first, *between, shade, last]})
    return made


def dragged(positions: Sequence[float], axis: TimeAxis, calendar: Calendar) -> DayWindow:
    """The window that was dragged from one position on the axis to another, in whole steps.

    Of several days it is the one with most of the steps, the earlier of two with as many. It goes from the earliest to
    the latest that the clock shows on the way, so that an hour that the clock shows twice belongs to it both times.

    Parameters
    ----------
    positions
        Two, in any order.
    """
    low, high = min(positions), max(positions)
    middle = (axis.left + axis.right) / 2
    steps = np.flatnonzero((middle >= low) & (middle <= high))
    if not len(steps):
        steps = np.array([np.nanargmin(np.abs(middle - (low + high) / 2))])
    ends = np.append(axis.first[1:], calendar.intervals)
    intervals = np.concatenate([np.arange(axis.first[k], ends[k]) for k in steps.tolist()])
    day = int(np.bincount(calendar.day_of_interval[intervals]).argmax())
    clock = calendar.clock_of_interval[intervals[calendar.day_of_interval[intervals] == day]]
    return DayWindow(calendar.date_of_day[day], int(clock.min()), int(clock.max()) + calendar.interval)
