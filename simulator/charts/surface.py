"""The surface: waits, or the chance to meet the target, over agents x another lever, as a heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import MET, NARROW, WAITS, Colour, dressed, legend_at, panel
from simulator.charts.vega import category, lookup, marks, quantity, tips, until
from simulator.language import rounded_duration, say
from simulator.planning import cheapest
from simulator.planning.figures import TARGET_MET, WITHIN_TARGET
from simulator.words import confidence_words, estimate_text, horizon_words, run_words

if TYPE_CHECKING:
    from simulator.charts.vega import Chart, Row
    from simulator.planning import Axis, Figure, Grid, Place, Promise

POINT = "point"
"""The selection that a click makes: its fields `x` and `y` are the indices of the point on the two axes."""
WIDTH, HEIGHT = 760, 400
_LEGEND = 150
"""Pixels."""
_MULTIPLES = (0.5, 1, 2, 4, 8)
"""Of the target's time: where one colour of a wait ends and the next begins."""
_SHORTEST = 1.0
"""Seconds: a target of no time at all has colours, too."""
_MORE_IS_BETTER = (WITHIN_TARGET, TARGET_MET)
_STILL_TO_COME = 0.35
"""Opacity of a cell that has the colour of its neighbour."""
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
) -> Chart:
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
    width
        Of the panel and, where it is not narrow, the key beside it; the axis to the left takes some 60 pixels more.
    """
    c = promise.channels[0] if channel is None else channel
    of = grid.base.channels[c]
    shown = grid.figures[figure or ("mean_wait" if of.kind == "live" else "time_to_finish")]
    rows = _cells(grid, promise, shown, c)
    first, second = grid.axes
    inner = width if width < NARROW else width - _LEGEND
    clicked = {"param": POINT, "empty": False}
    place: Row = {
        "x": quantity("left", **_along(first, inner // _TICK_ROOM)),
        "x2": until("right"),
        "y": quantity("bottom", **_along(second, height // 20)),
        "y2": until("top"),
        "color": _colour(shown, rows, of.target.within, width),
        "opacity": {"field": "opacity", "type": "quantitative", "scale": None},
        "stroke": {"condition": {**clicked, "value": Colour.INK}, "value": Colour.PAPER},
        "strokeWidth": {"condition": {**clicked, "value": 2.5}, "value": 0.5},
        "tooltip": tips(
            first=first.title,
            second=second.title,
            told=shown.title,
            price=grid.figures[cheapest(grid, promise).price].title,
            verdict=say("charts.surface.target"),
        ),
    }
    selection = {"name": POINT, "select": {"type": "point", "fields": ["x", "y"], "on": "click"}}
    cells = {**marks(rows, "rect", place), "params": [selection]}
    title = f"{of.title}: {shown.title[0].lower()}{shown.title[1:]}" if shown.by_channel else shown.title
    return panel([cells, *_unsure(grid, promise), *_line(grid, promise), *_marks(grid, promise)], title, inner, height)


def surface_picture(grid: Grid, promise: Promise, *, channel: int | None = None, figure: str | None = None) -> Chart:
    """The surface with title and caption, complete in itself."""
    chart = surface_chart(grid, promise, channel=channel, figure=figure)
    footnotes = [
        say("charts.surface.note", confidence=confidence_words()),
        say("charts.surface.run", run=run_words(grid)),
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
            "told": estimate_text(own, figure.unit, grid.base.currency),
            "price": estimate_text(grid.estimate(place, price.name), price.unit, grid.base.currency),
            "verdict": say(f"charts.surface.verdict.{promise.verdict(grid, place)}"),
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


def _colour(figure: Figure, rows: list[Row], within: float, width: int) -> Row:
    """Waits change colour at multiples of the target's time; everything else goes from little to much.

    The rows of waits are given the class that they are of.
    """
    if figure.unit != "seconds":
        better = figure.name in _MORE_IS_BETTER
        scale: Row = {"range": list(MET) if better else [Colour.BAND_95, Colour.BAND_80, Colour.MEDIAN]}
        gradient: Row = {"title": figure.title, "orient": "bottom" if width < NARROW else "right"}
        if figure.unit == "share":
            scale["domain"] = [0, 1]
            gradient["format"] = ".0%"
        return quantity("value", scale=scale, legend=gradient)
    bounds = [multiple * max(within, _SHORTEST) for multiple in _MULTIPLES]
    times = [rounded_duration(bound) for bound in bounds]
    classes = [
        say("charts.heat.up_to", time=times[0]),
        *(say("charts.heat.to", time=time) for time in times[1:]),
        say("charts.heat.longer"),
    ]
    for row in rows:
        row["class"] = None if row["value"] is None else classes[int(np.searchsorted(bounds, row["value"]))]
    title = say("charts.surface.key", figure=figure.title, time=rounded_duration(within))
    legend = {**legend_at(width, classes, above=False), "title": title}
    return category("class", scale={"domain": classes, "range": list(WAITS)}, legend=legend)


def _unsure(grid: Grid, promise: Promise) -> list[Chart]:
    """A dot where it cannot be told whether the promise is kept."""
    rows = [{"x": i, "y": j} for i, j in grid.points if promise.verdict(grid, (i, j)) == "cannot be told"]
    if not rows:
        return []
    look: Row = {
        "filled": True,
        "size": 28,
        "color": Colour.INK,
        "stroke": Colour.PAPER,
        "strokeWidth": 1,
        "opacity": 1,
    }
    return [marks(rows, "point", {"x": quantity("x"), "y": quantity("y"), "tooltip": {"value": None}}, **look)]


def _line(grid: Grid, promise: Promise) -> list[Chart]:
    """Where the promise is just kept, on paper, so that it is seen on every colour."""
    rows = [{"x": a[0], "y": a[1], "to_x": b[0], "to_y": b[1]} for a, b in promise.line(grid)]
    if not rows:
        return []
    place: Row = {"x": quantity("x"), "x2": until("to_x"), "y": quantity("y"), "y2": until("to_y")}
    place["tooltip"] = {"value": None}
    return [
        marks(rows, "rule", place, color=Colour.PAPER, strokeWidth=6, strokeCap="round"),
        marks(rows, "rule", place, color=Colour.TARGET, strokeWidth=3, strokeCap="round"),
    ]


def _marks(grid: Grid, promise: Promise) -> list[Chart]:
    """Today's point, if it lies on the grid, and the cheapest that keeps the promise, with their names."""
    spots: list[tuple[str, str, tuple[float, float] | None]] = [
        (say("charts.surface.today"), "circle", grid.today_at),
        (say("charts.surface.cheapest"), _STAR, cheapest(grid, promise).place),
    ]
    layers = []
    for name, shape, spot in spots:
        if spot is None:
            continue
        at_right = spot[0] > 0.8 * (grid.shape[0] - 1)
        rows = [{"x": spot[0], "y": spot[1], "name": name}]
        place: Row = {"x": quantity("x"), "y": quantity("y"), "tooltip": {"value": None}}
        named: Row = {**place, "text": category("name")}
        words: Row = {"align": "right" if at_right else "left", "dx": -11 if at_right else 11, "fontWeight": "bold"}
        look: Row = {"fill": Colour.PAPER, "stroke": Colour.INK, "strokeWidth": 1.5, "size": 170, "opacity": 1}
        layers += [
            marks(rows, "point", place, shape=shape, filled=True, **look),
            marks(rows, "text", named, stroke=Colour.PAPER, strokeWidth=4, strokeJoin="round", **words),
            marks(rows, "text", named, color=Colour.INK, **words),
        ]
    return layers


_STAR = (
    "M0,-1L0.2245,-0.309L0.9511,-0.309L0.3633,0.118L0.5878,0.809L0,0.382"
    "L-0.5878,0.809L-0.3633,0.118L-0.9511,-0.309L-0.2245,-0.309Z"
)
"""An SVG path with five points, within -1 to 1."""
