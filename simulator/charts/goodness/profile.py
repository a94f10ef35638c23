"""Contacts by weekday and time of day: the middle and the spread of what came, and what the scenario will expect."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import INDEPENDENT_COLOURS, ORANGE, WIDTH, Colour, legend_at, panel
from simulator.charts.vega import below, category, literal, lookup, marks, quantity, tips, until
from simulator.language import clock, number, say, weekday
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row

    Floats = NDArray[np.float64]

_HEIGHT = 90
_TICK = 7200
"""Seconds between two times at the axis."""


def profile_chart(
    observed: Floats, low: Floats, high: Floats, fitted: Floats, step: int, *, width: int = WIDTH
) -> Chart:
    """A panel for each weekday on which anything came.

    Parameters
    ----------
    observed, low, high, fitted
        [weekday, interval] Mean contacts of an interval, the band of single days, and the fitted mean; nan where there
        was no such day. The first interval starts at midnight.
    step
        Seconds of an interval.
    width
        Pixels of the panels.
    """
    there = np.nan_to_num(observed) + np.nan_to_num(fitted) > 0
    days = np.flatnonzero(there.any(axis=1)).tolist()
    open_ = np.flatnonzero(there.any(axis=0))
    first, last = int(open_[0]), int(open_[-1])
    top = 1.05 * float(np.nanmax([high[days], fitted[days], observed[days]]))
    panels = [
        _panel(observed, low, high, fitted, day, (first, last), step, top, width=width, legend=day == days[0])
        for day in days
    ]
    return below(panels, spacing=14, resolve=INDEPENDENT_COLOURS)


def _panel(
    observed: Floats,
    low: Floats,
    high: Floats,
    fitted: Floats,
    day: int,
    shown: tuple[int, int],
    step: int,
    top: float,
    *,
    width: int,
    legend: bool,
) -> Chart:
    first, last = shown
    rows: list[Row] = []
    for k in range(first, last + 2):
        place = min(k, last)  # the last row closes the last step
        values = {"observed": observed, "low": low, "high": high, "fitted": fitted}
        row = {name: round(float(np.nan_to_num(array[day, place])), 3) for name, array in values.items()}
        told = say("fit.chart.profile_told", observed=number(row["observed"], 1), fitted=number(row["fitted"], 1))
        rows.append({"at": k * step, "to": (k + 1) * step, "when": clock(place * step), "told": told, **row})
    ends = [first * step, (last + 1) * step]
    ticks = [at for at in range(0, DAY + 1, _TICK) if ends[0] <= at <= ends[1]]
    labels = lookup(ticks, [clock(tick % DAY) for tick in ticks])
    x = quantity(
        "at",
        scale={"domain": ends, "nice": False},
        axis={"title": None, "values": ticks, "labelExpr": labels, "grid": False},
    )

    def height(field: str) -> Row:
        return quantity(field, scale={"domain": [0.0, top], "nice": False}, axis={"title": None, "tickCount": 3})

    names = [say("fit.chart.observed"), say("fit.chart.fitted")]
    colours = {"scale": {"domain": names, "range": [Colour.MEDIAN, ORANGE]}}
    key = {**colours, "legend": legend_at(width, names) if legend else None}

    def line(field: str, name: str, dash: list[int]) -> Chart:
        place = {"x": x, "y": height(field), "color": category("name", **key)}
        look: Row = {"strokeWidth": 1.8, "strokeDash": dash}
        return marks(rows, "line", place, calculate={"name": literal(name)}, interpolate="step-after", **look)

    band: Row = {"x": x, "y": height("low"), "y2": until("high")}
    pointed = {"x": x, "x2": until("to"), "tooltip": tips(when=say("fit.chart.from"), told=say("fit.chart.contacts"))}
    layers = [
        marks(rows, "area", band, interpolate="step-after", color=Colour.BAND_80, opacity=0.55),
        line("observed", names[0], [1, 0]),
        line("fitted", names[1], [5, 3]),
        marks(rows[:-1], "rect", pointed, opacity=0),
    ]
    return panel(layers, weekday(date.fromordinal(1 + day)), width, _HEIGHT)
