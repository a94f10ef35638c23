"""The surface: waits, or the chance to meet the target, over agents x another lever, as a heat map."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import MET, NARROW, WAITS, Colour, dressed, legend_at, panel
from simulator.charts.ticks import share_labels
from simulator.charts.vega import category, lookup, marks, quantity, tips, until
from simulator.language import rounded_duration, say
from simulator.planning import cheapest
from simulator.planning.grids.figures import TARGET_MET, WITHIN_TARGET
from simulator.words import confidence_words, estimate_text, horizon_words, probability_text, replications_words

if TYPE_CHECKING:
    from simulator.charts.look import Theme
    from simulator.charts.vega import Chart, Row
    from simulator.experiment import Estimate
    from simulator.planning import Axis, Cheapest, Figure, Grid, Place, Promise

POINT = "point"
"""The selection that a click makes: its fields `x` and `y` are the indices of the point on the two axes."""
WIDTH, HEIGHT = 620, 400
_MULTIPLES = (0.5, 1, 2, 4, 8)
"""Of the target's time: where one colour of a wait ends and the next begins."""
_SHORTEST = 1.0
"""Seconds: a target of no time at all has colours, too."""
_AMOUNTS = (Colour.PAPER, Colour.BAND_95, Colour.BAND_80, Colour.MEDIAN)
"""Of figures that are neither waits nor targets, from little to much: one blue."""
_STILL_TO_COME = 0.35
"""Opacity of a cell that has the colour of its neighbour."""
_ACROSS, _DOWN = 46, 20
"""Pixels that a label of the lower and of the left axis needs."""
_KEY = 22
"""Letters in a line of what stands above the key to the colours."""
_STAR = (
    "M0,-1L0.2245,-0.309L0.9511,-0.309L0.3633,0.118L0.5878,0.809L0,0.382"
    "L-0.5878,0.809L-0.3633,0.118L-0.9511,-0.309L-0.2245,-0.309Z"
)
"""An SVG path with five points, within -1 to 1."""


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
    selection `POINT`; a double click clears it.

    Parameters
    ----------
    grid
        At least one point of it.
    channel
        Whose figure; by default that of the first promised channel. Figures of the centre ignore it.
    figure
        One of `Grid.figures`; by default the mean wait, or on a deferred channel the time to finish.
    width, height
        Pixels of the map itself.
    """
    c = promise.channels[0] if channel is None else channel
    of = grid.base.channels[c]
    shown = grid.figures[figure or ("mean_wait" if of.kind == "live" else "time_to_finish")]
    found = cheapest(grid, promise)
    rows = _cells(grid, found, shown, c)
    colour = _colour(shown, rows, of.target.within, width)
    first, second = grid.axes
    price = grid.figures[found.price].title
    titles = {"told": shown.title, "price": price, "verdict": say("grid.target")}
    cells = marks(
        rows,
        "rect",
        {
            "x": quantity("left", **_along(first, width // _ACROSS)),
            "x2": until("right"),
            "y": quantity("bottom", **_along(second, height // _DOWN)),
            "y2": until("top"),
            "color": colour,
            "opacity": {"field": "opacity", "type": "quantitative", "scale": None},
            "stroke": {"condition": {"param": POINT, "empty": False, "value": Colour.INK}, "value": Colour.PAPER},
            "strokeWidth": {"condition": {"param": POINT, "empty": False, "value": 3}, "value": 0.5},
            "tooltip": tips(first=first.title, second=second.title, **titles),
        },
        cursor="pointer",
    )
    cells["params"] = [{"name": POINT, "select": {"type": "point", "fields": ["x", "y"], "on": "click"}}]
    title = shown.title
    if shown.by_channel:
        title = say("grid.of_channel", channel=of.title, figure=title[0].lower() + title[1:])
    return panel([cells, *_unsure(grid, promise), *_line(grid, promise), *_marks(grid, found)], title, width, height)


def surface_figure(
    grid: Grid, promise: Promise, *, channel: int | None = None, figure: str | None = None, theme: Theme = "light"
) -> Chart:
    """The chart with its title, and what it was made from."""
    chart = surface_chart(grid, promise, channel=channel, figure=figure)
    runs = replications_words(grid.replications)
    footnotes = [
        say("grid.note", interval=confidence_words()),
        say("grid.run", replications=runs, seed=str(grid.seed), engine=grid.engine),
    ]
    return dressed(chart, grid.base.title, [horizon_words(grid.base.calendar)], footnotes, theme=theme)


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


def _cells(grid: Grid, found: Cheapest, figure: Figure, c: int) -> list[Row]:
    """A row for each point, in the colour of the nearest that is played."""
    price, currency = grid.figures[found.price], grid.base.currency
    told: dict[Place, Row] = {}
    for place in grid.points:
        estimate = grid.estimate(place, figure.name)
        own = estimate[c] if figure.by_channel else estimate
        value = float(own.value)
        told[place] = {
            "value": None if np.isnan(value) else value,
            "told": _text(figure, own, currency),
            "price": _text(price, grid.estimate(place, price.name), currency),
            "verdict": say(f"grid.verdict.{found.promise.verdict(grid, place)}"),
        }
    rows = []
    for i in range(grid.shape[0]):
        for j in range(grid.shape[1]):
            near = int(grid.nearest[i, j, 0]), int(grid.nearest[i, j, 1])
            row: Row = {
                **{"x": i, "y": j, "left": i - 0.5, "right": i + 0.5, "bottom": j - 0.5, "top": j + 0.5},
                **{"first": grid.axes[0].labels[i], "second": grid.axes[1].labels[j], "opacity": 1.0},
                **told[near],
            }
            if near != (i, j):
                row |= {"opacity": _STILL_TO_COME} | dict.fromkeys(("told", "price", "verdict"), say("grid.to_come"))
            rows.append(row)
    return rows


def _text(figure: Figure, estimate: Estimate, currency: str) -> str:
    """A figure with its interval."""
    if figure.kind == "probability":
        return probability_text(estimate)
    return estimate_text(estimate, figure.unit, currency)


def _colour(figure: Figure, rows: list[Row], within: float, width: int) -> Row:
    """Waits change colour at multiples of the target's time, targets from missed to met, all else from little to much.

    The rows of waits are given the class that they are of.
    """
    if figure.unit != "seconds":
        is_target = figure.name in (WITHIN_TARGET, TARGET_MET)
        scale: Row = {"range": list(MET if is_target else _AMOUNTS)}
        legend: Row = {"title": wrap(figure.title, _KEY), **({"orient": "bottom"} if width < NARROW else {})}
        if figure.unit == "share":
            scale["domain"] = [0, 1]
            legend["labelExpr"] = share_labels()
        return quantity("value", scale=scale, legend=legend)
    bounds = [multiple * max(within, _SHORTEST) for multiple in _MULTIPLES]
    times = [rounded_duration(bound) for bound in bounds]
    classes = [
        say("charts.heat.up_to", time=times[0]),
        *(say("charts.heat.to", time=time) for time in times[1:]),
        say("charts.heat.longer"),
    ]
    for row in rows:
        row["class"] = None if row["value"] is None else classes[int(np.searchsorted(bounds, row["value"]))]
    legend = {
        **legend_at(width, classes, above=False),
        "title": wrap(say("grid.key", figure=figure.title, time=rounded_duration(within)), _KEY),
    }
    return category("class", scale={"domain": classes, "range": list(WAITS)}, legend=legend)


def _unsure(grid: Grid, promise: Promise) -> list[Chart]:
    """A dot where it cannot be told whether the promise is kept."""
    rows = [{"x": i, "y": j} for i, j in grid.points if promise.verdict(grid, (i, j)) == "open"]
    if not rows:
        return []
    options: Row = {"filled": True, "size": 26, "color": Colour.INK, "stroke": Colour.PAPER, "opacity": 1}
    return [marks(rows, "point", _spot(), strokeWidth=1, tooltip=None, **options)]


def _line(grid: Grid, promise: Promise) -> list[Chart]:
    """Where the promise is just kept, on paper, so that it is seen on every colour."""
    rows = [{"x": a[0], "y": a[1], "to_x": b[0], "to_y": b[1]} for a, b in promise.line(grid)]
    if not rows:
        return []
    between = {**_spot(), "x2": until("to_x"), "y2": until("to_y")}
    pens = ((Colour.PAPER, 6), (Colour.TARGET, 3))
    return [
        marks(rows, "rule", between, color=colour, strokeWidth=size, strokeCap="round", tooltip=None)
        for colour, size in pens
    ]


def _marks(grid: Grid, found: Cheapest) -> list[Chart]:
    """Today's point, if it lies on the grid, and the cheapest that keeps the promise, with their names."""
    spots: list[tuple[str, str, tuple[float, float] | None]] = [
        (say("grid.today"), "circle", grid.today_at),
        (say("grid.cheapest"), _STAR, found.place),
    ]
    layers: list[Chart] = []
    for name, shape, spot in spots:
        if spot is None:
            continue
        rows = [{"x": spot[0], "y": spot[1], "name": name}]
        at_right = spot[0] > 0.75 * (grid.shape[0] - 1)
        words: Row = {"align": "right" if at_right else "left", "dx": -11 if at_right else 11, "fontWeight": "bold"}
        named = {**_spot(), "text": category("name")}
        sign: Row = {"shape": shape, "fill": Colour.PAPER, "stroke": Colour.INK, "strokeWidth": 1.5, "size": 170}
        around: Row = {"stroke": Colour.PAPER, "strokeWidth": 4, "strokeJoin": "round"}
        layers += [
            marks(rows, "point", _spot(), opacity=1, tooltip=None, **sign),
            marks(rows, "text", named, color=Colour.PAPER, tooltip=None, **around, **words),
            marks(rows, "text", named, color=Colour.INK, tooltip=None, **words),
        ]
    return layers


def _spot() -> Row:
    """A place in steps along both axes."""
    return {"x": quantity("x"), "y": quantity("y")}
