"""Quantiles as observed against those of the fitted family (Q-Q): on the diagonal where the fit is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.charts.look import WIDTH, Colour, distinct, panel
from simulator.charts.ticks import time_ticks
from simulator.charts.vega import below, beside, lookup, marks, quantity, tips
from simulator.language import duration, percent, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row

    Floats = NDArray[np.float64]

_ACROSS = 3
"""Panels in a row, at most."""
_SMALLEST = 140
"""Pixels of a panel; on a phone there are fewer in a row."""
_BETWEEN = 60


@dataclass(frozen=True, slots=True)
class QuantilePairs:
    """One panel: [point] the same shares of contacts, as observed and as fitted."""

    title: str
    shares: Floats
    """Of contacts that take no longer."""
    observed: Floats
    """Seconds."""
    fitted: Floats


def quantile_pairs_chart(panels: Sequence[QuantilePairs], *, width: int = WIDTH) -> Chart:
    """A square panel for each, three in a row where there is room."""
    across = max(min(_ACROSS, (width + _BETWEEN) // (_SMALLEST + _BETWEEN)), 1)
    size = (width - _BETWEEN * (across - 1)) // across
    titles = distinct([each.title for each in panels])
    drawn = [_panel(each, title, size) for each, title in zip(panels, titles, strict=True)]
    rows = [drawn[k : k + across] for k in range(0, len(drawn), across)]
    return below([beside(row, spacing=_BETWEEN - 35) for row in rows], spacing=22)


def _panel(pairs: QuantilePairs, title: str, size: int) -> Chart:
    top = float(max(pairs.observed.max(), pairs.fitted.max(), 1.0))
    ticks = time_ticks(top, 4)
    axis: Row = {
        "values": ticks,
        "labelExpr": lookup(ticks, [duration(tick) for tick in ticks]),
        "titleFontWeight": "normal",
    }
    scale = {"domain": [0.0, ticks[-1]], "nice": False}
    x = quantity("fitted", scale=scale, axis={**axis, "title": say("fit.chart.fitted")})
    y = quantity("observed", scale=scale, axis={**axis, "title": say("fit.chart.observed")})
    rows: list[Row] = [
        {
            "fitted": round(fitted, 2),
            "observed": round(observed, 2),
            "share": percent(share, 1),
            "told": say("fit.chart.pair", observed=duration(round(observed)), fitted=duration(round(fitted))),
        }
        for share, observed, fitted in zip(
            pairs.shares.tolist(), pairs.observed.tolist(), pairs.fitted.tolist(), strict=True
        )
    ]
    ends: list[Row] = [{"fitted": 0.0, "observed": 0.0}, {"fitted": ticks[-1], "observed": ticks[-1]}]
    told = tips(share=say("fit.chart.share"), told=say("fit.chart.quantile"))
    layers = [
        marks(ends, "line", {"x": x, "y": y}, color=Colour.RULE, strokeWidth=1.5, strokeDash=[5, 3]),
        marks(rows, "point", {"x": x, "y": y, "tooltip": told}, color=Colour.MEDIAN, filled=True, size=22, opacity=0.9),
    ]
    return panel(layers, title, size, size)
