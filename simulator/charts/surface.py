"""The surface: waits, or the chance to meet the target, over agents x another lever, as a heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.look import BLACK, INK, VERMILION, Row, data, dressed, lookup, panel
from simulator.charts.words import confidence_words, horizon_words, time_estimate_words, time_words
from simulator.planning import cheapest
from simulator.planning.figures import TARGET_MET, WITHIN_TARGET

if TYPE_CHECKING:
    from simulator.charts.look import Chart
    from simulator.experiment import Estimate
    from simulator.measures import Unit
    from simulator.planning import Axis, Figure, Grid, Place, Promise, Verdict

POINT = "point"
"""The selection that a click makes: its fields `x` and `y` are the indices of the point on the two axes."""
WIDTH, HEIGHT = 620, 400
_MULTIPLES = (0.5, 1, 2, 4, 8)
"""Of the target's time: where one colour of a wait ends and the next begins."""
_SHORTEST = 1.0
"""Seconds: a target of no time at all has colours, too."""
_WAITS = ("#6BAED6", "#C6DBEF", "#FEE391", "#FE9929", "#CC4C02", "#7F1D1D")
"""Blue within the target's time, then yellow to dark red; beyond it lightness alone tells bad from worse."""
_AMOUNTS = ("#F7FBFF", "#C6DBEF", "#6BAED6", "#2171B5", "#08306B")
"""Of all other figures, from little to much: one blue, by lightness."""
_MORE_IS_BETTER = (WITHIN_TARGET, TARGET_MET)
_STILL_TO_COME = 0.35
"""Opacity of a cell that has the colour of its neighbour."""
_VERDICTS: dict[Verdict, str] = {
    "keeps": "kept",
    "cannot be told": "cannot be told",
    "breaks": "not kept",
}
_TICK_ROOM = 46
"""Pixels that a label of the lower axis needs."""


def surface_chart(
    grid: Grid,
    promise: Promise,
    *,
    channel: int | None = None,
    figure: str | None = None,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """One figure over the grid, with the line of the promise, today's point and the cheapest that keeps it.

    A point that is still to come has the colour of the nearest that is there, paler. A click on a cell sets the
    selection `POINT`; a click beside the cells clears it.

    Parameters
    ----------
    grid
        At least one point of it.
    channel
        Whose figure; by default that of the first promised channel. Figures of the centre ignore it.
    figure
        One of `Grid.figures`; by default the mean wait, or on a deferred channel the time to finish.
    """
    c = promise.channels[0] if channel is None else channel
    of = grid.base.channels[c]
    shown = grid.figures[figure or ("mean_wait" if of.kind == "live" else "time_to_finish")]
    rows = _cells(grid, promise, shown, c)
    colour = _colour(shown, rows, of.target.within)
    clicked = alt.selection_point(name=POINT, fields=["x", "y"], on="click", empty=False)
    first, second = grid.axes
    cells = (
        alt.Chart(data(rows))
        .mark_rect()
        .encode(
            x=alt.X("left:Q", **_along(first, width // _TICK_ROOM)),
            x2="right:Q",
            y=alt.Y("bottom:Q", **_along(second, height // 20)),
            y2="top:Q",
            color=colour,
            opacity=alt.Opacity("opacity:Q", scale=None),
            stroke=alt.condition(clicked, alt.value(BLACK), alt.value("white")),
            strokeWidth=alt.condition(clicked, alt.value(2.5), alt.value(0.5)),
            tooltip=[
                alt.Tooltip("first:N", title=first.title),
                alt.Tooltip("second:N", title=second.title),
                alt.Tooltip("told:N", title=shown.title),
                alt.Tooltip("price:N", title=grid.figures[cheapest(grid, promise).price].title),
                alt.Tooltip("verdict:N", title="target"),
            ],
        )
        .add_params(clicked)
    )
    title = f"{of.title}: {shown.title[0].lower()}{shown.title[1:]}" if shown.by_channel else shown.title
    return panel([cells, *_unsure(grid, promise), *_line(grid, promise), *_marks(grid, promise)], title, width, height)


def surface_picture(grid: Grid, promise: Promise, *, channel: int | None = None, figure: str | None = None) -> Chart:
    """The surface with title and caption, complete in itself."""
    chart = surface_chart(grid, promise, channel=channel, figure=figure)
    footnotes = [
        "Line: the target is just kept. Dots: it cannot be told whether it is kept, by the "
        f"{confidence_words()} of each point by itself.",
        f"{grid.replications} replications, seed {grid.seed}, engine {grid.engine}; the same customers everywhere.",
    ]
    return dressed(chart, grid.base.title, [horizon_words(grid.base.calendar)], footnotes)


def _along(axis: Axis, most: int) -> Row:
    """Scale and ticks of an axis: every value stands in the middle of a cell of width 1."""
    places = list(range(0, len(axis), -(-len(axis) // max(most, 1))))
    ticks: Row = {
        "values": places,
        "labelExpr": lookup(places, [axis.labels[k] for k in places]),
        "title": axis.title,
        "titleFontWeight": "normal",
        "grid": False,
        "domain": False,
    }
    return {"scale": {"domain": [-0.5, len(axis) - 0.5], "nice": False, "zero": False}, "axis": ticks}


def _cells(grid: Grid, promise: Promise, figure: Figure, c: int) -> list[Row]:
    """A row for each point, in the colour of the nearest that is played."""
    price = grid.figures[cheapest(grid, promise).price]
    told: dict[Place, Row] = {}
    for place in grid.points:
        estimate = grid.estimate(place, figure.name)
        own = estimate[c] if figure.by_channel else estimate
        value = float(own.value)
        told[place] = {
            "value": None if np.isnan(value) else value,
            "told": estimate_words(own, figure.unit, grid.base.currency),
            "price": estimate_words(grid.estimate(place, price.name), price.unit, grid.base.currency),
            "verdict": _VERDICTS[promise.verdict(grid, place)],
        }
    rows = []
    for i in range(grid.shape[0]):
        for j in range(grid.shape[1]):
            near = int(grid.nearest[i, j, 0]), int(grid.nearest[i, j, 1])
            is_there = near == (i, j)
            row = told[near] if is_there else {"value": told[near]["value"]} | dict.fromkeys(("told", "price"), "...")
            rows.append(
                {"x": i, "y": j, "left": i - 0.5, "right": i + 0.5, "bottom": j - 0.5, "top": j + 0.5}
                | {"first": grid.axes[0].labels[i], "second": grid.axes[1].labels[j]}
                | {"opacity": 1.0 if is_there else _STILL_TO_COME, "verdict": "..."}
                | row
            )
    return rows


def _colour(figure: Figure, rows: list[Row], within: float) -> alt.Color:
    """Waits change colour at multiples of the target's time; everything else goes from little to much.

    The rows of waits are given the class that they are of.
    """
    legend: Row = {"title": figure.title, "symbolType": "square"}
    if figure.unit != "seconds":
        scale: Row = {"range": list(reversed(_AMOUNTS) if figure.name in _MORE_IS_BETTER else _AMOUNTS)}
        if figure.unit == "share":
            scale["domain"] = [0, 1]
            legend["format"] = ".0%"
        return alt.Color("value:Q", scale=scale, legend=legend)
    bounds = [multiple * max(within, _SHORTEST) for multiple in _MULTIPLES]
    classes = [f"up to {time_words(bounds[0])}", *(f"to {time_words(bound)}" for bound in bounds[1:]), "longer"]
    for row in rows:
        row["class"] = None if row["value"] is None else classes[int(np.searchsorted(bounds, row["value"]))]
    legend["title"] = f"{figure.title} (target {time_words(within)})"
    return alt.Color("class:N", scale={"domain": classes, "range": list(_WAITS)}, legend=legend)


def _unsure(grid: Grid, promise: Promise) -> list[alt.Chart]:
    """A dot where it cannot be told whether the promise is kept."""
    rows = [{"x": i, "y": j} for i, j in grid.points if promise.verdict(grid, (i, j)) == "cannot be told"]
    if not rows:
        return []
    dots = alt.Chart(data(rows)).mark_point(filled=True, size=28, color=BLACK, stroke="white", strokeWidth=1, opacity=1)
    return [dots.encode(x="x:Q", y="y:Q", tooltip=alt.value(None))]


def _line(grid: Grid, promise: Promise) -> list[alt.Chart]:
    """Where the promise is just kept, on white, so that it is seen on every colour."""
    rows = [{"x": a[0], "y": a[1], "to_x": b[0], "to_y": b[1]} for a, b in promise.line(grid)]
    if not rows:
        return []
    pieces = alt.Chart(data(rows)).encode(x="x:Q", x2="to_x:Q", y="y:Q", y2="to_y:Q", tooltip=alt.value(None))
    return [
        pieces.mark_rule(color="white", strokeWidth=6, strokeCap="round"),
        pieces.mark_rule(color=VERMILION, strokeWidth=3, strokeCap="round"),
    ]


def _marks(grid: Grid, promise: Promise) -> list[alt.Chart]:
    """Today's point, if it lies on the grid, and the cheapest that keeps the promise, with their names."""
    found = cheapest(grid, promise)
    spots: list[tuple[str, str, tuple[float, float] | None]] = [
        ("today", "circle", grid.today_at),
        ("cheapest", _STAR, found.place),
    ]
    layers = []
    for name, shape, spot in spots:
        if spot is None:
            continue
        at_right = spot[0] > 0.8 * (grid.shape[0] - 1)
        base = alt.Chart(data([{"x": spot[0], "y": spot[1], "name": name}])).encode(
            x="x:Q", y="y:Q", tooltip=alt.value(None)
        )
        words: Row = {"align": "right" if at_right else "left", "dx": -11 if at_right else 11, "fontWeight": "bold"}
        layers += [
            base.mark_point(shape=shape, filled=True, fill="white", stroke=INK, strokeWidth=1.5, size=170, opacity=1),
            base.mark_text(stroke="white", strokeWidth=4, strokeJoin="round", **words).encode(text="name:N"),
            base.mark_text(color=INK, **words).encode(text="name:N"),
        ]
    return layers


_STAR = (
    "M0,-1L0.2245,-0.309L0.9511,-0.309L0.3633,0.118L0.5878,0.809L0,0.382"
    "L-0.5878,0.809L-0.3633,0.118L-0.9511,-0.309L-0.2245,-0.309Z"
)
"""An SVG path with five points, within -1 to 1."""


def estimate_words(estimate: Estimate, unit: Unit, currency: str) -> str:
    """A figure and its half-width: 1 min 20 s ± 12 s, 81.2 % ± 0.4, 12,300 EUR ± 120."""
    value, half = float(estimate.value), float(estimate.half_width)
    if np.isnan(value):
        return "–"
    if unit == "seconds":
        return time_estimate_words(estimate)
    if unit == "share":
        low, high = (100 * float(part) for part in (estimate.low, estimate.high))
        return f"{100 * value:.1f} %" + (f" ({low:.1f}–{high:.1f})" if np.isfinite(half) else "")
    end = f" {currency}" if unit == "currency" else ""
    return f"{value:,.0f}{end}" + (f" ± {half:,.0f}" if np.isfinite(half) else "")
