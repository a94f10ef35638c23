"""What a plan asks for against who is planned today: a panel for each group, with the difference shaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.axis import MOST_INTERVALS, time_axis
from simulator.charts.look import INDEPENDENT_COLOURS, NARROW, ORANGE, SKY, WIDTH, Colour, distinct, legend_at, panel
from simulator.charts.vega import below, category, literal, marks, quantity, tips, until
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.charts.axis import TimeAxis
    from simulator.charts.vega import Chart, Row
    from simulator.planning.staffing.plan import Plan

    Ints = NDArray[np.int64]

_HEIGHT = 150
_DASH = [4, 3]
"""Of today's line, for those who cannot tell the colours."""


def requirement_chart(plan: Plan, *, day: int | None = None, width: int = WIDTH) -> Chart:
    """Agents of each group by the plan and today, in steps; hours in which neither has anybody are left out.

    Parameters
    ----------
    plan
        A group whose agents stay as they are in the whole horizon has no panel, unless all do.
    day
        Only this day of the horizon; None: all of it, by the hour where it is long.
    width
        Pixels of the time axis.
    """
    today, planned = plan.today.played.staffing, plan.staffing
    anybody = (today > 0) | (planned > 0)
    calendar = plan.scenario.calendar
    of_day = np.isin(calendar.day_of_interval, range(calendar.days) if day is None else [day])
    shown = np.any(anybody & of_day, axis=0)
    # Of one day every interval is shown, however many days there are.
    most = MOST_INTERVALS if day is None else calendar.intervals
    axis = time_axis(plan.planned.experiment, shown, shown, width=width, most=most)
    titles = distinct([group.title for group in plan.scenario.groups])
    differs = (today != planned).any(axis=1)
    groups = np.flatnonzero(differs if differs.any() else anybody.any(axis=1)).tolist()
    panels = [_panel(axis, titles[g], today[g], planned[g], legend=g == groups[0]) for g in groups]
    return below(panels, spacing=18, resolve=INDEPENDENT_COLOURS)


def _panel(axis: TimeAxis, title: str, today: Ints, planned: Ints, *, legend: bool) -> Chart:
    """One group; of an hour, the most agents on either side."""
    was, asked = (np.maximum.reduceat(agents, axis.first).astype(np.float64) for agents in (today, planned))
    rows = axis.steps({"today": was, "plan": asked, "change": asked - was})
    names = [say(f"charts.requirement.{name}") for name in ("plan", "today", "more", "fewer")]
    by_plan, by_today, more, fewer = names
    colours = [Colour.MEDIAN, Colour.FAINT_LOAD, SKY, ORANGE]
    key = {"scale": {"domain": names, "range": colours}, "legend": legend_at(axis.width, names) if legend else None}
    x = axis.x(labelled=True)
    scale = {"domain": [0, 1.08 * max(float(np.maximum(was, asked).max(initial=0.0)), 1.0)], "nice": False}

    def height(field: str) -> Row:
        return quantity(field, scale=scale, axis={"title": None, "tickCount": 4, "format": "d", "tickMinStep": 1})

    def line(field: str, name: str, look: Row) -> Chart:
        place = {"x": x, "y": height(field), "detail": category("run"), "color": category("name", **key)}
        return marks(rows, "line", place, calculate={"name": literal(name)}, interpolate="step-after", **look)

    shaded = _joined(rows)

    def shade(where: str, name: str) -> Chart:
        place = {"x": x, "x2": until("to"), "y": height("today"), "y2": until("plan"), "color": category("name", **key)}
        return marks(shaded, "rect", place, where=where, calculate={"name": literal(name)}, opacity=0.55)

    pointed = [
        *tips(when=say("charts.from")),
        quantity("plan", title=by_plan, format="d"),
        quantity("today", title=by_today, format="d"),
        quantity("change", title=say("charts.requirement.change"), format="+d"),
    ]
    layers = [
        *axis.backdrop(np.zeros(len(axis.first), dtype=np.bool_), _HEIGHT, labelled=True),
        shade("datum.change > 0", more),
        shade("datum.change < 0", fewer),
        line("today", by_today, {"strokeWidth": 1.6, "strokeDash": _DASH}),
        line("plan", by_plan, {"strokeWidth": 2.2}),
        marks(rows, "rect", {"x": x, "x2": until("to"), "tooltip": pointed}, where="datum.to > datum.at", opacity=0),
    ]
    beside = legend and axis.width >= NARROW
    return panel(layers, title, axis.width, _HEIGHT, beside_legend=beside)


def _joined(rows: Sequence[Row]) -> list[Row]:
    """Steps that follow each other with the same numbers as one, so that no seams are seen in what is shaded."""
    joined: list[Row] = []
    for row in rows:
        before = joined[-1] if joined else None
        if before is not None and all(before[name] == row[name] for name in ("run", "plan", "today")):
            before["to"] = row["to"]
        elif row["to"] > row["at"]:
            joined.append(dict(row))
    return joined
