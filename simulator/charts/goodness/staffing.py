"""Agents that seem to have been there, by weekday and time, against the work that the contacts were."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import INDEPENDENT_COLOURS, WIDTH, Colour, legend_at, panel
from simulator.charts.vega import below, category, literal, lookup, marks, quantity, tips, until
from simulator.language import clock, number, say, weekday
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row
    from simulator.history.agents import Teams

    Floats = NDArray[np.float64]

_HEIGHT = 80
_TICK = 7200


def staffing_chart(teams: Teams, load: Floats, *, width: int = WIDTH) -> Chart:
    """A panel for each weekday with anybody there: agents of all teams in steps, and the load below them.

    Parameters
    ----------
    teams
        With their mean staffing.
    load
        [weekday, interval] Agents that the contacts keep busy, in the intervals of the teams.
    width
        Pixels of the panels.
    """
    agents = teams.staffing.sum(axis=0)
    days = np.flatnonzero((agents > 0).any(axis=1)).tolist()
    (there,) = np.nonzero((agents > 0).any(axis=0))
    first, last = int(there[0]), int(there[-1])
    top = 1.05 * float(max(agents.max(), load.max()))
    names = [say("fit.chart.agents"), say("fit.chart.load")]
    panels = []
    for day in days:
        rows: list[Row] = []
        for k in range(first, last + 2):
            place = min(k, last)
            on_duty, work = float(agents[day, place]), float(load[day, place])
            told = say("fit.chart.staffing_told", agents=number(on_duty, 1), load=number(work, 1))
            row: Row = {"at": k * teams.step, "to": (k + 1) * teams.step, "when": clock(place * teams.step)}
            rows.append({**row, "agents": round(on_duty, 3), "load": round(work, 3), "told": told})
        legend = legend_at(width, names) if day == days[0] else None
        panels.append(_panel(rows, weekday(date.fromordinal(1 + day)), names, legend, top, width))
    return below(panels, spacing=14, resolve=INDEPENDENT_COLOURS)


def _panel(rows: list[Row], title: str, names: list[str], legend: Row | None, top: float, width: int) -> Chart:
    ends = [rows[0]["at"], rows[-1]["at"]]
    ticks = [at for at in range(0, DAY + 1, _TICK) if ends[0] <= at <= ends[1]]
    labels = lookup(ticks, [clock(tick % DAY) for tick in ticks])
    axis = {"title": None, "values": ticks, "labelExpr": labels, "grid": False}
    x = quantity("at", scale={"domain": ends, "nice": False}, axis=axis)

    def height(field: str) -> Row:
        return quantity(field, scale={"domain": [0.0, top], "nice": False}, axis={"title": None, "tickCount": 3})

    key = {"scale": {"domain": names, "range": [Colour.MEDIAN, Colour.BAND_80]}, "legend": legend}

    def drawn(mark: str, field: str, name: str, look: Row) -> Chart:
        place: Row = {"x": x, "y": height(field), "color": category("name", **key)}
        return marks(rows, mark, place, calculate={"name": literal(name)}, interpolate="step-after", **look)

    pointed: Row = {"x": x, "x2": until("to"), "tooltip": tips(when=say("fit.chart.from"), told=names[0])}
    layers = [
        drawn("area", "load", names[1], {"opacity": 0.7}),
        drawn("line", "agents", names[0], {"strokeWidth": 2}),
        marks(rows[:-1], "rect", pointed, opacity=0),
    ]
    return panel(layers, title, width, _HEIGHT)
