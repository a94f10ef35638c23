"""A measure of many cases: a line for each value of one axis of a batch, along the values of another."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, pairwise
from math import isfinite
from typing import TYPE_CHECKING

from simulator.charts.look import GREEN, NARROW, ORANGE, PURPLE, SKY, WIDTH, Colour, note, panel
from simulator.charts.vega import below, category, lookup, marks, quantity, tips, until
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.charts.vega import Chart, Row
    from simulator.measures import Unit

COLOURS = (Colour.INK, ORANGE, SKY, GREEN, PURPLE)
DASHES: tuple[tuple[int, ...], ...] = ((1, 0), (7, 3), (2, 2), (9, 3, 2, 3))
"""With colours of another number, no two of the first twenty lines look the same."""
MOST_LINES = len(COLOURS) * len(DASHES)
_HEIGHT = 300
_APART = 0.4
"""Share of the way from one place to the next over which its points are spread."""
_MOST_TICKS = 24
_SCALES: dict[Unit, tuple[float, str]] = {"share": (100.0, "percent"), "seconds": (1.0, "s"), "hours": (1.0, "h")}


@dataclass(frozen=True, slots=True)
class CasePoint:
    """A figure of a case, and where it stands."""

    at: float
    """Along the axis below."""
    place: str
    """What stands there."""
    line: str
    """The line it belongs to."""
    value: float
    low: float
    high: float
    words: str
    """The figure as it is told."""


def cases_chart(
    points: Sequence[CasePoint], title: str, unit: Unit, *, along: str, lines: str = "", width: int = WIDTH
) -> Chart:
    """Lines through the points, with the interval of each; where several stand at one place, a little apart.

    Parameters
    ----------
    points
        At most `MOST_LINES` lines of them, each in the order of the axis.
    title
        The measure.
    along, lines
        What the axis below and the lines are; without `lines` there is one line and no key.
    width
        Pixels of the panel.
    """
    if not points:
        return below([panel([note(say("charts.wait.nobody"))], title, width, _HEIGHT)])
    scale, sign = _SCALES.get(unit, (1.0, ""))
    names = list(dict.fromkeys(point.line for point in points))
    places = dict(sorted({point.at: point.place for point in points}.items()))
    closest = min((after - before for before, after in pairwise(places)), default=1.0)
    rows: list[Row] = [
        {
            "at": point.at + closest * _APART * ((names.index(point.line) + 0.5) / len(names) - 0.5),
            "line": point.line,
            "value": point.value * scale,
            "low": point.low * scale if isfinite(point.low) else None,
            "high": point.high * scale if isfinite(point.high) else None,
            "where": point.place,
            "words": point.words,
        }
        for point in points
    ]
    styles = [style for _, *style in zip(names, cycle(COLOURS), cycle(DASHES), strict=False)]
    columns = 2 if width < NARROW else 5
    key: Row | None = (
        {"title": lines, "orient": "bottom", "columns": columns, "symbolType": "stroke", "symbolSize": 400}
        | {"symbolStrokeWidth": 2.5, "labelLimit": max(width // columns - 40, 60), "labelFontSize": 12}
        if lines
        else None
    )
    ticks: Row = {"title": along, "grid": False, "labelOverlap": True}
    if len(places) <= _MOST_TICKS:  # of a sample each value is another
        ticks |= {"values": list(places), "labelExpr": lookup(list(places), list(places.values()))}
    ends = min(places) - closest / 2, max(places) + closest / 2
    x = quantity("at", scale={"domain": ends, "nice": False}, axis=ticks)
    beside: Row = {"title": say(f"forms.unit.{sign}", number="").strip() or None} if sign else {"title": None}
    y = quantity("value", axis={**beside, "titleAngle": 0, "titleAlign": "right", "titleY": -8, "format": ",.6~g"})
    colour = category("line", scale={"domain": names, "range": [each for each, _ in styles]}, legend=key)
    dash = category("line", scale={"domain": names, "range": [list(each) for _, each in styles]}, legend=key)
    told = tips(where=along, **({"line": lines} if lines else {}), words=title)
    bars = {"x": x, "y": quantity("low"), "y2": until("high"), "color": colour}
    known = "isValid(datum.low) && isValid(datum.high)"
    layers = [
        marks(rows, "line", {"x": x, "y": y, "color": colour, "strokeDash": dash}, strokeWidth=2),
        marks(rows, "rule", bars, where=known, strokeWidth=1.5, opacity=0.7),
        marks(rows, "point", {"x": x, "y": y, "color": colour, "tooltip": told}, filled=True, size=50, opacity=1),
    ]
    return below([panel(layers, title, width, _HEIGHT)])
