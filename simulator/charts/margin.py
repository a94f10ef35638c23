"""What may be earned: the margin in all futures as a distribution, and that of several contracts side by side."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import NARROW, VERMILION, WIDTH, Colour, distinct, legend_at, panel
from simulator.charts.ticks import share_labels
from simulator.charts.vega import below, category, marks, quantity, tips, until
from simulator.language import number, percent, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row

    Floats = NDArray[np.float64]

SHARES = (0.1, 0.5, 0.9)
"""The quantiles that are named: P10, P50, P90."""
_BINS = 50
"""About so many."""
_HEIGHT, _ROW = 200, 34
"""Pixels of the distribution, and of a contract."""
_NAMES, _NAMES_NARROW = 190, 120
"""Pixels for the names of contracts."""
_LABELS = 26
"""Pixels above the distribution for the names of the quantiles."""
_LOSS, _GAIN = VERMILION, Colour.BAND_80


def margin_chart(margin: Floats, currency: str, *, before: Floats | None = None, width: int = WIDTH) -> Chart:
    """How often each margin comes, losses set apart, with P10, P50 and P90.

    Parameters
    ----------
    margin
        [future]
    currency
        Of the margin.
    before
        [future] The same before something was changed, as an outline; None: nothing was.
    width
        Pixels of the panel.
    """
    every = margin if before is None else np.concatenate([margin, before])
    edges = _edges(float(every.min()), float(every.max()))
    rows = _bars(margin, edges, currency)
    top = max(row["share"] for row in rows)
    x = quantity("left", scale={"domain": [float(edges[0]), float(edges[-1])], "nice": False}, axis=_money(currency))
    names = [say("charts.margin.gain"), say("charts.margin.loss")]
    kinds = {"domain": names, "range": [_GAIN, _LOSS]}
    bars: Row = {
        "x": x,
        "x2": until("right"),
        "y": quantity(
            "share",
            scale={"domain": [0, top], "nice": False},
            axis={"title": None, "labelExpr": share_labels(), "tickCount": 4, "domain": False},
        ),
        "y2": {"datum": 0},
        "color": category("is", scale=kinds, legend=legend_at(width, names)),
        "tooltip": tips(told=say("charts.margin.margin"), often=say("charts.margin.futures")),
    }
    layers = [marks(rows, "rect", bars, stroke=Colour.PAPER, strokeWidth=1)]
    if before is not None:
        outline: Row = {"x": x, "y": quantity("share")}
        layers.append(
            marks(
                _outline(before, edges),
                "line",
                outline,
                interpolate="step-after",
                color=Colour.FAINT_INK,
                strokeWidth=1.5,
                strokeDash=[4, 3],
            )
        )
    layers += [*_zero(edges), *_quantiles(margin, edges, x)]
    title = say("charts.margin.title")
    if before is not None:
        title = f"{title} {say('charts.margin.outline')}"
    drawn = panel(layers, title, width, _HEIGHT)
    drawn["title"] = {**drawn["title"], "offset": _LABELS}
    return below([drawn])


def margins_chart(margins: Mapping[str, Floats], currency: str, *, width: int = WIDTH) -> Chart:
    """From P10 to P90 of the margin of each contract, its median, and how often it loses.

    Parameters
    ----------
    margins
        By title: [future]; all of the same futures.
    currency, width
        As of `margin_chart`.
    """
    names = distinct(list(margins))
    kinds_named = gain, loss = [say("charts.margin.gain"), say("charts.margin.loss")]
    bars: list[Row] = []
    medians: list[Row] = []
    for name, margin in zip(names, margins.values(), strict=True):
        low, middle, high = (float(each) for each in np.quantile(margin, SHARES, method="inverted_cdf"))
        told = {
            "name": name,
            "low": number(low),
            "middle": number(middle),
            "high": number(high),
            "lost": percent(float((margin < 0).mean()), 1),
        }
        bars += [
            {**told, "from": start, "to": end, "is": kind}
            for kind, start, end in ((loss, low, min(high, 0.0)), (gain, max(low, 0.0), high))
            if start < end
        ]
        medians.append({**told, "at": middle})
    kinds = {"domain": kinds_named, "range": [_GAIN, _LOSS]}
    room = _NAMES if width >= NARROW else _NAMES_NARROW
    labels: Row = {"title": None, "domain": False, "ticks": False, "labelLimit": room}
    y = category("name", sort=names, axis=labels)
    hints = tips(
        name=say("charts.margin.contract"),
        low="P10",
        middle="P50",
        high="P90",
        lost=say("charts.margin.lost"),
    )
    x = quantity("from", scale={"zero": True, "nice": True}, axis=_money(currency))
    ranges: Row = {
        "x": x,
        "x2": until("to"),
        "y": y,
        "color": category("is", scale=kinds, legend=legend_at(width, kinds_named)),
        "tooltip": hints,
    }
    layers = [
        marks(bars, "bar", ranges, height=13),
        marks([{"at": 0.0}], "rule", {"x": quantity("at")}, color=Colour.INK, strokeWidth=1),
        marks(
            medians,
            "tick",
            {"x": quantity("at"), "y": y, "tooltip": hints},
            color=Colour.INK,
            thickness=2.5,
            height=19,
        ),
    ]
    # More is written beside these bars than beside other charts of the width.
    return below([panel(layers, say("charts.margin.of_each"), width - room // 3, _ROW * len(names))])


def _money(currency: str) -> Row:
    return {"title": currency, "titleFontWeight": "normal", "format": ",.0f", "tickCount": 6, "grid": False}


def _edges(low: float, high: float) -> Floats:
    """Round edges of bins from below the lowest to above the highest value; 0 is one of them if it is between."""
    finest = max(high - low, abs(high), 1.0) / _BINS if high == low else (high - low) / _BINS
    power = 10.0 ** floor(log10(finest))
    step = next(digit * power for digit in (1, 2, 5, 10) if digit * power >= finest)
    first, last = floor(low / step), floor(high / step) + 1
    edges: Floats = np.arange(first, last + 1, dtype=np.float64) * step
    return edges


def _shares(margin: Floats, edges: Floats) -> Floats:
    counts, _ = np.histogram(margin, edges)
    shares: Floats = counts / len(margin)
    return shares


def _bars(margin: Floats, edges: Floats, currency: str) -> list[Row]:
    return [
        {
            "left": float(left),
            "right": float(right),
            "share": float(share),
            "is": say("charts.margin.loss") if right <= 0 else say("charts.margin.gain"),
            "told": say("charts.margin.between", low=number(left), high=number(right), currency=currency),
            "often": percent(share, 1),
        }
        for left, right, share in zip(edges[:-1], edges[1:], _shares(margin, edges), strict=True)
    ]


def _outline(margin: Floats, edges: Floats) -> list[Row]:
    shares = [*_shares(margin, edges).tolist(), 0.0]
    return [{"left": float(left), "share": share} for left, share in zip(edges, shares, strict=True)]


def _zero(edges: Floats) -> list[Chart]:
    """The line between gain and loss, if it is in sight."""
    if not edges[0] <= 0 <= edges[-1]:
        return []
    return [marks([{"left": 0.0}], "rule", {"x": quantity("left")}, color=Colour.INK, strokeWidth=1)]


def _quantiles(margin: Floats, edges: Floats, x: Row) -> list[Chart]:
    """P10, P50 and P90, each with its name and number above the panel."""
    values = [float(each) for each in np.quantile(margin, SHARES, method="inverted_cdf")]
    rows = [
        {"left": value, "name": f"P{round(100 * share)} {number(value)}"}
        for share, value in zip(SHARES, values, strict=True)
    ]
    layers = [marks(rows, "rule", {"x": x}, color=Colour.INK, strokeWidth=1.2, strokeDash=[2, 2])]
    # Those outside lean away from the one between, which stands a line higher.
    leans: Sequence[tuple[str, int, int]] = (("right", 4, -4), ("center", 0, -17), ("left", -4, -4))
    span = float(edges[-1] - edges[0])
    for row, value, (align, shift, up) in zip(rows, values, leans, strict=True):
        place = (value - float(edges[0])) / span
        side = "left" if place < 0.1 else "right" if place > 0.9 else align
        words: Row = {"align": side, "dx": shift if side == align else 0, "y": up, "fontSize": 11, "baseline": "bottom"}
        named: Row = {"x": x, "text": category("name")}
        layers.append(marks([row], "text", named, color=Colour.INK, tooltip=None, **words))
    return layers
