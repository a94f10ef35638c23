"""What `ruuhka grid` prints: waits by point as a map, today's point, and the cheapest that keeps the promise."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Group as Lines
from rich.text import Text

from simulator.experiment import CONFIDENCE
from simulator.experiment.estimate import replications_for
from simulator.planning import cheapest, rows
from simulator.report.document import estimate_document
from simulator.report.json_output import number
from simulator.report.tables import new_table
from simulator.scenario.units import format_share
from simulator.words import estimate_text, grid_words, probability_text, replications_words, target_words, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from rich.console import RenderableType
    from rich.table import Table

    from simulator.measures import Unit
    from simulator.planning import Cheapest, Grid, Place, Promise, Verdict

    Floats = NDArray[np.float64]

MARKS: dict[Verdict, str] = {"keeps": "+", "open": "?", "breaks": " "}
"""What stands behind a figure: whether the point keeps the promise."""
WORDS: dict[Verdict, str] = {"keeps": "kept", "open": "cannot be told", "breaks": "broken"}
CHEAPEST = "*"
SHADES = ("#FFF7BC", "#FEE391", "#FEC44F", "#FE9929", "#CC4C02", "#7F1D1D")
"""Of a map, from its least figure to its largest; lightness alone tells them apart."""
_DARK = 4
"""From this shade on, the letters are white."""
MOST_ACROSS = 12
"""Columns of a map; more of them are put below."""


def grid_report(grid: Grid, promise: Promise, measures: Sequence[str] = (), change: str = "") -> RenderableType:
    """The whole report."""
    scenario = grid.base
    head = Text.assemble((scenario.title, "bold"), f"\n{grid_words(scenario.calendar)}")
    runs = replications_words(grid.replications)
    head.append(f"\n{runs}, seed {grid.seed}, engine {grid.engine}, the same customers everywhere")
    if change:
        head.append(f"\n{change}")
    found = cheapest(grid, promise)
    maps = [each for name, channel in shown(grid, promise, measures) for each in maps_of(grid, name, channel, found)]
    spaced = [part for each in maps for part in (Text(), each)]
    return Lines(head, *spaced, Text(), points_table(grid, found), Text(), footnotes(grid, promise, measures, found))


def shown(grid: Grid, promise: Promise, measures: Sequence[str]) -> Iterator[tuple[str, int | None]]:
    """Figure and channel of each map: what was asked for, otherwise the waits of the promised channels."""
    channels = grid.base.channels
    for name in measures:
        if grid.figures[name].by_channel:
            yield from ((name, c) for c in promise.channels if not np.isnan(grid.values(name, c)).all())
        else:
            yield name, None
    if not measures:
        live = [c for c in promise.channels if channels[c].kind == "live"]
        for c in live or promise.channels:
            yield ("mean_wait" if channels[c].kind == "live" else "time_to_finish"), c


def maps_of(grid: Grid, name: str, channel: int | None, found: Cheapest) -> Iterator[RenderableType]:
    """A figure by point, the axis with more values downwards; several tables where it is too wide."""
    across, down = (0, 1) if grid.shape[0] <= grid.shape[1] else (1, 0)
    values = grid.values(name, channel)
    low, high = (float(pick(values)) if not np.isnan(values).all() else 0.0 for pick in (np.nanmin, np.nanmax))
    figure = grid.figures[name]
    of = "" if channel is None else f" on {grid.base.channels[channel].title}"
    every = range(grid.shape[across])
    for start in range(0, len(every), MOST_ACROSS):
        places = every[start : start + MOST_ACROSS]
        title = Text(f"{figure.title}{of}; across: {grid.axes[across].title}", style="bold")
        table = new_table("", grid.axes[down].title, *(grid.axes[across].labels[k] for k in places))
        for row in range(grid.shape[down]):
            cells = []
            for k in places:
                place = (k, row) if across == 0 else (row, k)
                told = f"{value_text(float(values[place]), figure.unit, decimals_of(figure.unit, high))} "
                cells.append(Text(told + mark(grid, place, found), style=shade(float(values[place]), low, high)))
            table.add_row(grid.axes[down].labels[row], *cells)
        yield Lines(title, table)


def mark(grid: Grid, place: Place, found: Cheapest) -> str:
    """Whether a point keeps the promise, and whether it is the cheapest that does."""
    return MARKS[found.promise.verdict(grid, place)] + (CHEAPEST if place == found.place else " ")


def shade(value: float, low: float, high: float) -> str:
    """Colours of a cell, by where its value lies between the least and the largest."""
    if np.isnan(value):
        return ""
    step = min(int((value - low) / (high - low) * len(SHADES)), len(SHADES) - 1) if high > low else 0
    return f"{'white' if step >= _DARK else 'black'} on {SHADES[step]}"


def decimals_of(unit: Unit, largest: float) -> int:
    """Decimals of a map's figures."""
    return 1 if unit in ("share", "seconds") or largest < 10 else 0


def points_table(grid: Grid, found: Cheapest) -> Table:
    """Today's scenario and the cheapest points, each with its price and what it makes of the promise."""
    figure, price, currency = grid.figures[found.promise.figure], grid.figures[found.price], grid.base.currency
    named = named_points(found)
    table = new_table("Points", "", *(title for title, _ in named))
    for k, axis in enumerate(grid.axes):
        table.add_row(axis.title, *(axis.today_label if place is None else axis.labels[place[k]] for _, place in named))
    cost = [estimate_text(grid.estimate(place, price.name), price.unit, currency) for _, place in named]
    more = [
        "" if place is None else estimate_text(grid.difference(place, price.name), price.unit, currency, signed=True)
        for _, place in named
    ]
    table.add_row(price.title, *cost)
    table.add_row("more than today", *more)
    told = probability_text if figure.kind == "probability" else partial(estimate_text, unit=figure.unit)
    for c in found.promise.channels:
        estimates = [grid.estimate(place, figure.name)[c] for _, place in named]
        if not all(np.isnan(estimate.value) for estimate in estimates):
            table.add_row(f"{figure.title}, {grid.base.channels[c].title}", *map(told, estimates))
    table.add_row("promise", *(WORDS[found.promise.verdict(grid, place)] for _, place in named))
    return table


def named_points(found: Cheapest) -> list[tuple[str, Place | None]]:
    """The points that are worth a line."""
    named: list[tuple[str, Place | None]] = [("today", None)]
    if found.maybe is not None:
        named.append(("cheaper, perhaps", found.maybe))
    if found.place is not None:
        named.append(("cheapest", found.place))
    if found.sure is not None and found.sure != found.place:
        named.append(("cheapest, surely", found.sure))
    return named


def footnotes(grid: Grid, promise: Promise, measures: Sequence[str], found: Cheapest) -> Text:
    """What the marks and numbers mean."""
    channels = [grid.base.channels[c] for c in promise.channels]
    targets = "; ".join(f"{channel.title} {target_words(channel)}" for channel in channels)
    judged = grid.figures[promise.figure]
    if promise.probability is None:
        kept = f"{judged.title.lower()}, over the horizon, is the target's share or more on each of these channels"
    else:
        kept = f"{judged.title} is {format_share(promise.probability)} or more on each of these channels"
    none = [] if found.place is not None else ["No point keeps the promise by its estimates."]
    few = too_few_words(grid, promise)
    formulas = {grid.figures[name].title: grid.figures[name].formula for name, _ in shown(grid, promise, measures)}
    formulas |= {figure.title: figure.formula for figure in (judged, grid.figures[found.price])}
    lines = [
        *none,
        *([few] if few else []),
        f"Targets: {targets}. The promise is kept where {kept}.",
        f"+ keeps it; ? cannot be told: a {CONFIDENCE:.0%} confidence interval, each by itself, holds what is needed; "
        "no sign: breaks it. * cheapest of those that keep it by their estimates.",
        f"The cheapest is chosen by the replications that it is judged by and so looks a little better than it is; "
        f"play it again with another --seed than {grid.seed} before you rely on it.",
        "; ".join(f"{title} = {formula}" for title, formula in formulas.items()) + ".",
    ]
    return Text("\n".join(lines), style="dim")


def too_few_words(grid: Grid, promise: Promise) -> str:
    """That no point can surely keep a promise with so few replications; nothing if one can."""
    if promise.probability is None:
        return ""
    if promise.probability == 1:
        return "No number of replications tells for sure that targets are always met."
    needed = replications_for(promise.probability)
    if grid.replications >= needed:
        return ""
    asked = format_share(promise.probability)
    return (
        f"With {grid.replications} replications no point can be told to keep {asked}, not even one that meets its "
        f"targets in all of them; it takes {needed}."
    )


def grid_document(grid: Grid, promise: Promise) -> dict[str, object]:
    """`ruuhka grid --json`."""
    found = cheapest(grid, promise)
    names = [channel.name for channel in grid.base.channels]
    return {
        "run": {
            "title": grid.base.title,
            "scenario_sha256": grid.base.content_hash,
            "seed": grid.seed,
            "replications": grid.replications,
            "engine": grid.engine,
            "confidence": CONFIDENCE,
        },
        "axes": [
            {"name": axis.name, "path": axis.path, "values": list(axis.values), "today": axis.today}
            for axis in grid.axes
        ],
        "promise": {"channels": [names[c] for c in promise.channels], "probability": promise.probability},
        "price": found.price,
        "today": point_document(grid, promise, None),
        "cheapest": point_document(grid, promise, found.place) if found.place is not None else None,
        "cheapest_surely": point_document(grid, promise, found.sure) if found.sure is not None else None,
        "cheaper_perhaps": point_document(grid, promise, found.maybe) if found.maybe is not None else None,
        "line": [[list(spot) for spot in segment] for segment in promise.line(grid)],
        "figures": {
            name: {"title": figure.title, "unit": figure.unit, "formula": figure.formula}
            for name, figure in grid.figures.items()
        },
        "points": [
            {name: number(value) if isinstance(value, float) else value for name, value in row._asdict().items()}
            for row in rows(grid)
        ],
    }


def point_document(grid: Grid, promise: Promise, place: Place | None) -> dict[str, object]:
    """One point in short: where it lies, what it costs, what it keeps."""
    estimate, price = grid.estimate(place, promise.figure), cheapest(grid, promise).price
    return {
        "overrides": {} if place is None else grid.overrides(place),
        price: estimate_document(grid.estimate(place, price)),
        promise.figure: {grid.base.channels[c].name: estimate_document(estimate[c]) for c in promise.channels},
        "promise": promise.verdict(grid, place),
    }
