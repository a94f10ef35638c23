"""What contracts cost over levels of demand: lines that cross where two of them cost the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

from simulator.charts.look import SKY, VERMILION, WIDTH, Colour, distinct, line_legend, panel
from simulator.charts.variants import STYLES
from simulator.charts.vega import below, category, lookup, marks, quantity, tips, until
from simulator.language import number, percent, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row

    Floats = NDArray[np.float64]

_STYLES = (*STYLES, (VERMILION, (1, 3)), (SKY, (12, 3)), ("#999999", (4, 4)))
_HEIGHT = 280
_ROOM = 0.06
"""Of the levels: to their left and right."""


@dataclass(frozen=True, slots=True)
class CostCurve:
    """What one contract is expected to cost."""

    title: str
    cost: Floats
    """[level]"""
    low: Floats
    """[level] Ends of its interval."""
    high: Floats


@dataclass(frozen=True, slots=True)
class Flip:
    """A level of demand at which another contract becomes the cheapest."""

    level: float
    low: float
    """Ends of its interval; infinite where they lie beyond the levels."""
    high: float
    cheaper_below: str
    cheaper_above: str
    cost: float
    """Of both, there."""


def break_even_chart(
    levels: Sequence[float], curves: Sequence[CostCurve], flips: Sequence[Flip], currency: str, *, width: int = WIDTH
) -> Chart:
    """Expected invoices over demand, each with its interval, and where the cheapest changes.

    Parameters
    ----------
    levels
        Demand as multiples of the forecast, rising; two at least.
    curves
        Of each contract.
    flips
        Where the cheapest of all changes; each is marked, with its interval along the axis.
    currency
        Of the invoices.
    width
        Pixels of the panel.
    """
    names = distinct([each.title for each in curves])
    rows = [
        {
            "level": level,
            "cost": float(curve.cost[k]),
            "low": float(curve.low[k]),
            "high": float(curve.high[k]),
            "name": name,
            "at": _level(level),
            "told": number(float(curve.cost[k])),
            "between": say("charts.from_to", low=number(float(curve.low[k])), high=number(float(curve.high[k]))),
        }
        for name, curve in zip(names, curves, strict=True)
        for k, level in enumerate(levels)
    ]
    span = levels[-1] - levels[0]
    domain = [levels[0] - _ROOM * span, levels[-1] + _ROOM * span]
    x = quantity(
        "level",
        scale={"domain": domain, "nice": False},
        axis={
            "title": say("charts.break_even.axis"),
            "titleFontWeight": "normal",
            "values": list(levels),
            "labelExpr": lookup(levels, [_level(level) for level in levels]),
            "grid": False,
        },
    )
    scale: Row = {"zero": False, "nice": True}
    y_axis: Row = {"title": None, "format": ",.0f", "tickCount": 6}
    styles = [style for _, style in zip(names, cycle(_STYLES), strict=False)]
    colours = {"domain": names, "range": [colour for colour, _ in styles]}
    dashes = {"domain": names, "range": [list(dash) or [1, 0] for _, dash in styles]}
    key = line_legend(width)
    band: Row = {
        "x": x,
        "y": quantity("low", scale=scale, axis=y_axis),
        "y2": until("high"),
        "color": category("name", scale=colours, legend=key),
    }
    line: Row = {
        "x": x,
        "y": quantity("cost", scale=scale, axis=y_axis),
        "color": category("name", scale=colours, legend=key),
        "strokeDash": category("name", scale=dashes, legend=key),
    }
    hints = tips(
        name=say("charts.margin.contract"),
        at=say("charts.break_even.demand"),
        told=say("charts.break_even.invoice", currency=currency),
        between=say("charts.break_even.interval"),
    )
    layers = [
        marks(rows, "area", band, opacity=0.18),
        marks([{"level": 1.0}], "rule", {"x": x}, color=Colour.RULE, strokeWidth=1),
        marks(rows, "line", line, strokeWidth=2),
        *_flips(flips, levels, x, currency),
        marks(
            rows,
            "point",
            {**line, "strokeDash": {"value": [1, 0]}, "tooltip": hints},
            filled=True,
            size=42,
            opacity=1,
        ),
    ]
    return below([panel(layers, say("charts.break_even.title", currency=currency), width, _HEIGHT)])


def _flips(flips: Sequence[Flip], levels: Sequence[float], x: Row, currency: str) -> list[Chart]:
    """A ring where two contracts cost the same and the cheapest changes; a line along its interval."""
    if not flips:
        return []
    rows: list[Row] = [
        {
            "level": each.level,
            "cost": each.cost,
            "low": max(each.low, levels[0]),
            "high": min(each.high, levels[-1]),
            "below": each.cheaper_below,
            "above": each.cheaper_above,
            "at": flip_words(each, levels),
            "told": f"{number(each.cost)} {currency}",
        }
        for each in flips
    ]
    hints = tips(
        at=say("charts.break_even.flip"),
        below=say("charts.break_even.cheaper_below"),
        above=say("charts.break_even.cheaper_above"),
        told=say("charts.break_even.both_cost"),
    )
    y = quantity("cost")
    along: Row = {"x": {**x, "field": "low"}, "x2": until("high"), "y": y}
    spot: Row = {"x": x, "y": y, "tooltip": hints}
    ring: Row = {"fill": Colour.PAPER, "stroke": Colour.TARGET, "strokeWidth": 2, "size": 120, "opacity": 1}
    words: Row = {"dy": -12, "fontSize": 11, "fontWeight": "bold", "baseline": "bottom"}
    around: Row = {"stroke": Colour.PAPER, "strokeWidth": 4, "strokeJoin": "round"}
    named: Row = {"x": x, "y": y, "text": category("at")}
    return [
        marks(rows, "rule", along, color=Colour.TARGET, strokeWidth=2),
        marks(rows, "point", spot, **ring),
        marks(rows, "text", named, color=Colour.PAPER, tooltip=None, **around, **words),
        marks(rows, "text", named, color=Colour.INK, tooltip=None, **words),
    ]


def flip_words(flip: Flip, levels: Sequence[float]) -> str:
    """Where it is, with its interval: +12 % [+5, +21]; an end beyond the levels is open."""
    ends = [
        f"{number(100 * (end - 1), signed=True)}" if levels[0] <= end <= levels[-1] else "…"
        for end in (flip.low, flip.high)
    ]
    return f"{_level(flip.level)} [{ends[0]}, {ends[1]}]"


def _level(level: float) -> str:
    """A level as people say it: +15 %; the forecast itself by its name."""
    if level == 1.0:
        return say("charts.break_even.forecast")
    before = "+" if level > 1 else ""
    return f"{before}{percent(level - 1)}"
