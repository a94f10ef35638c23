"""Contacts of each day as they came, and what the fit expects of the day, with the spread of such days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import ORANGE, WIDTH, Colour, legend_at, panel
from simulator.charts.vega import below, category, literal, lookup, marks, quantity, tips, until
from simulator.language import day_and_year, day_of_year, number, say, short_day

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_HEIGHT = 230
_TICKS = 12
_MONTH, _YEAR = 31, 365


def days_chart(days: Ints, observed: Floats, fitted: Floats, low: Floats, high: Floats, *, width: int = WIDTH) -> Chart:
    """A point for each day, a line of what was expected of it, and a band.

    Parameters
    ----------
    days
        [day] Ordinals of dates.
    observed, fitted, low, high
        [day] Contacts, what the fit expects, and between which numbers 90 of 100 such days lie.
    width
        Pixels of the panel.
    """
    names = [say("fit.chart.came"), say("fit.chart.expected")]
    rows: list[Row] = []
    columns = (days.tolist(), observed.tolist(), fitted.tolist(), low.tolist(), high.tolist())
    for day, came, expected, least, most in zip(*columns, strict=True):
        told = say(
            "fit.chart.day_told",
            came=number(came),
            expected=number(expected),
            low=number(least),
            high=number(most),
        )
        when = day_and_year(date.fromordinal(day))
        rows.append(
            {"at": day, "when": when, "came": came, "expected": expected, "low": least, "high": most, "told": told}
        )
    ticks, labels = _ticks(int(days[0]), int(days[-1]), len(days))
    ends = [int(days[0]) - 0.7, int(days[-1]) + 0.7]
    axis = {"title": None, "values": ticks, "labelExpr": labels, "grid": False}
    x = quantity("at", scale={"domain": ends, "nice": False}, axis=axis)
    top = 1.05 * float(max(observed.max(), high.max()))

    def height(field: str) -> Row:
        axis = {"title": None, "tickCount": 5, "format": ",.0f"}
        return quantity(field, scale={"domain": [0.0, top], "nice": False}, axis=axis)

    key = {"scale": {"domain": names, "range": [Colour.MEDIAN, ORANGE]}, "legend": legend_at(width, names)}
    pointed = tips(when=say("fit.chart.day"), told=say("fit.chart.contacts"))
    ranges: Row = {"x": x, "y": height("low"), "y2": until("high")}
    line: Row = {"x": x, "y": height("expected"), "color": category("name", **key)}
    points: Row = {"x": x, "y": height("came"), "color": category("name", **key), "tooltip": pointed}
    room = max(2.0, min(14.0, 0.7 * width / len(days)))
    layers = [
        marks(rows, "rule", ranges, color=Colour.BAND_80, strokeWidth=room),
        marks(rows, "tick", line, calculate={"name": literal(names[1])}, thickness=2.5, orient="horizontal", size=room),
        marks(rows, "point", points, calculate={"name": literal(names[0])}, filled=True, size=36, opacity=1),
    ]
    return below([panel(layers, "", width, _HEIGHT)])


def _ticks(first: int, last: int, days: int) -> tuple[list[int], str]:
    """Days that the axis names, and their names: with the month or the year where there are several."""
    span = last - first
    named, most = (day_and_year, _TICKS // 2) if span > _YEAR else (day_of_year, _TICKS)
    if span <= _MONTH:
        named = short_day
    ticks = np.unique(np.linspace(first, last, min(most, days)).round().astype(np.int64)).tolist()
    return ticks, lookup(ticks, [named(date.fromordinal(tick)) for tick in ticks])
