"""What single futures may bring: a median and two bands of quantiles over the replications."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Literal

from simulator.charts.look import Colour, legend_at
from simulator.charts.ticks import time_ticks
from simulator.charts.vega import category, literal, lookup, marks, quantity, tips, until
from simulator.language import duration, number, rounded_duration, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.charts.vega import Chart, Row

SHARES = (0.025, 0.1, 0.5, 0.9, 0.975)
"""The quantiles: the outer two hold 95 % of futures between them, the next two 80 %."""
COLUMNS = ("low95", "low80", "median", "high80", "high95")
"""Their columns in the rows."""


def band_layers(
    rows: Sequence[Row],
    x: Row,
    unit: Literal["seconds", "count"],
    top: float,
    width: int,
    *,
    legend: bool,
    stepped: bool,
) -> list[Chart]:
    """The 95 % band, the 80 % band and the median as layers over rows with `at`, `run` and `COLUMNS`.

    Parameters
    ----------
    top
        What the vertical axis, which starts at 0, has to reach.
    width
        Pixels of the panel.
    legend
        Whether the panel explains the colours.
    stepped
        Whether a value holds until the next position; otherwise straight lines join them.
    """
    scale: Row = {"domain": [0, max(top, 1.0)], "nice": unit == "count"}
    axis: Row = {"title": None, "tickCount": min(4, ceil(max(top, 1.0))), "format": ",d", "tickMinStep": 1}
    if unit == "seconds":
        values = time_ticks(max(top, 1.0))
        texts = ["0" if value == 0 else duration(value) for value in values]
        axis = {"title": None, "values": values, "labelExpr": lookup(values, texts)}
    median, inner, outer = say("charts.band.median"), say("charts.band.inner"), say("charts.band.outer")
    colours = [Colour.MEDIAN, Colour.BAND_80, Colour.BAND_95]
    names = [median, inner, outer]
    key = legend_at(width, names) if legend else None
    colour = category("band", scale={"domain": names, "range": colours}, legend=key)
    shared = {"x": x, "color": colour, "detail": category("run")}
    way = "step-after" if stepped else "linear"

    def vertical(column: str) -> Row:
        return quantity(column, scale=scale, axis=axis)

    areas = [
        marks(
            rows,
            "area",
            {**shared, "y": vertical(low), "y2": until(high)},
            calculate={"band": literal(name)},
            interpolate=way,
        )
        for name, low, high in ((outer, "low95", "high95"), (inner, "low80", "high80"))
    ]
    line = {**shared, "y": vertical("median")}
    return [*areas, marks(rows, "line", line, calculate={"band": literal(median)}, interpolate=way, strokeWidth=1.8)]


def told(row: Row, unit: Literal["seconds", "count"]) -> Row:
    """The bands of a row in words, for `band_tips`."""

    def text(column: str) -> str:
        return rounded_duration(row[column]) if unit == "seconds" else number(row[column])

    return {
        "typical": text("median"),
        "inner": say("charts.from_to", low=text("low80"), high=text("high80")),
        "outer": say("charts.from_to", low=text("low95"), high=text("high95")),
    }


def band_tips() -> list[Row]:
    """What the pointer is told of a row."""
    return tips(typical=say("charts.band.median"), inner=say("charts.band.inner_alone"), outer=say("charts.band.outer"))
