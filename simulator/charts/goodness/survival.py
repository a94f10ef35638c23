"""How many are still waiting, or still being served, after each time: as observed, and as fitted families say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import GREEN, ORANGE, PURPLE, WIDTH, Colour, line_legend, panel
from simulator.charts.ticks import share_labels, time_ticks
from simulator.charts.vega import below, category, literal, lookup, marks, quantity, tips, until
from simulator.language import duration, percent, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row

    Floats = NDArray[np.float64]

_HEIGHT = 260
_MOST_POINTS = 300
"""Of the observed steps; more cannot be told apart."""
_FITTED = (ORANGE, GREEN, PURPLE, Colour.FAINT_INK)
_DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3])


@dataclass(frozen=True, slots=True)
class Observed:
    """What was observed: [point] share that lasts longer than each time, with a band."""

    seconds: Floats
    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Curve:
    """A fitted family: [point] share that lasts longer than each time."""

    name: str
    seconds: Floats
    share: Floats


def survival_chart(observed: Observed, fitted: Sequence[Curve], *, longest: float, width: int = WIDTH) -> Chart:
    """The observed share in steps with its band, and at most four fitted curves.

    Parameters
    ----------
    longest
        Seconds at which the axis ends.
    width
        Pixels of the panel.
    """
    names = [say("fit.chart.observed"), *(curve.name for curve in fitted)]
    styles: list[tuple[object, list[int]]] = [(Colour.MEDIAN, [1, 0]), *zip(_FITTED, _DASHES, strict=True)]
    styles = styles[: len(names)]
    ticks = time_ticks(longest, 8)
    ticks = [tick for tick in ticks if tick <= longest]
    axis = {"title": None, "values": ticks, "labelExpr": lookup(ticks, [duration(tick) for tick in ticks])}
    x = quantity("at", scale={"domain": [0.0, longest], "nice": False}, axis={**axis, "grid": False})
    y = quantity(
        "share", scale={"domain": [0.0, 1.0]}, axis={"title": None, "labelExpr": share_labels(), "tickCount": 5}
    )
    key = line_legend(width)
    look = {
        "color": category("line", scale={"domain": names, "range": [each for each, _ in styles]}, legend=key),
        "strokeDash": category("line", scale={"domain": names, "range": [each for _, each in styles]}, legend=key),
    }
    told = tips(line=say("fit.chart.line"), when=say("fit.chart.time"), share_told=say("fit.chart.longer"))
    steps = _observed_rows(observed, longest)
    lines = [_fitted_rows(curve, longest) for curve in fitted]
    band: Row = {"x": x, "y": quantity("low"), "y2": until("high")}
    layers = [
        marks(steps, "area", band, interpolate="step-after", color=Colour.BAND_80, opacity=0.6),
        marks(
            steps,
            "line",
            {"x": x, "y": y, **look, "tooltip": told},
            calculate={"line": literal(names[0])},
            interpolate="step-after",
            strokeWidth=2.2,
        ),
        *(
            marks(
                rows,
                "line",
                {"x": x, "y": y, **look, "tooltip": told},
                calculate={"line": literal(name)},
                strokeWidth=1.8,
            )
            for rows, name in zip(lines, names[1:], strict=True)
        ),
    ]
    return below([panel(layers, "", width, _HEIGHT)])


def _row(at: float, share: float) -> Row:
    return {"at": round(at, 2), "share": round(share, 5), "when": duration(round(at)), "share_told": percent(share, 1)}


def _observed_rows(observed: Observed, longest: float) -> list[Row]:
    """Steps up to the end of the axis, thinned out evenly where there are many."""
    (shown,) = np.nonzero((observed.seconds <= longest) & np.isfinite(observed.share))
    if len(shown) > _MOST_POINTS:
        shown = shown[np.unique(np.linspace(0, len(shown) - 1, _MOST_POINTS).round().astype(np.int64))]
    rows: list[Row] = [{**_row(0.0, 1.0), "low": 1.0, "high": 1.0}]
    for k in shown.tolist():
        low, high = float(observed.low[k]), float(observed.high[k])
        if np.isfinite(low) and np.isfinite(high):
            rows.append(
                {
                    **_row(float(observed.seconds[k]), float(observed.share[k])),
                    "low": round(low, 5),
                    "high": round(high, 5),
                }
            )
    return rows


def _fitted_rows(curve: Curve, longest: float) -> list[Row]:
    shown = curve.seconds <= longest
    return [
        _row(at, share) for at, share in zip(curve.seconds[shown].tolist(), curve.share[shown].tolist(), strict=True)
    ]
