"""What happened as points, over the median and the bands of what was simulated: by day, by half-hour, by queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.backtest.axes import figure_axis
from simulator.charts.look import INDEPENDENT_COLOURS, WIDTH, Colour, legend_at, note, panel
from simulator.charts.vega import below, category, literal, lookup, marks, quantity, tips, until
from simulator.history.backtest import BAND, FIGURES, HALF_HOUR
from simulator.history.backtest.figures import Sum
from simulator.language import clock, day, day_of_year, percent, say, short_day
from simulator.words import value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row
    from simulator.history.backtest import BackTest, Cut, FigureName, Outlook

    Ints = NDArray[np.int64]

SHOWN: tuple[FigureName, ...] = ("mean_wait", "unanswered", "service_level")
"""The figures that have panels; tables have all."""
MOST_QUEUES = 30
"""Those with most contacts; of more, names would not be read."""
_HEIGHT = 170
_LABEL = 46
"""Pixels that the name of a day needs."""
_CEILING = 4.0
"""The vertical axis ends at so many times the highest point or median: bands of tiny cells may go on to anything."""


def days_chart(test: BackTest, *, width: int = WIDTH) -> Chart:
    """Each test day."""
    days = test.test_days
    named = short_day if len({(each.year, each.month) for each in days}) == 1 else day_of_year
    names = [named(each) for each in days]
    return _panels(test, "day", np.arange(len(days)), names, [day(each) for each in days], width)


def profile_chart(test: BackTest, *, width: int = WIDTH) -> Chart:
    """Each half-hour of the day, all test days together."""
    cells = test.cells["half_hour"].by_place()
    names = [clock(int(place) * HALF_HOUR) for place in cells.place]
    return _panels(test, "half_hour", cells.place - cells.place[:1], names, names, width)


def queues_chart(test: BackTest, *, width: int = WIDTH) -> Chart:
    """Each queue, all test days together: those with most contacts, the largest at the left."""
    cells = test.cells["queue"].by_place()
    order = np.argsort(-cells.observed[:, Sum.OFFERED], kind="stable")
    at = np.full(len(cells), -1)
    at[order[:MOST_QUEUES]] = np.arange(min(len(cells), MOST_QUEUES))
    names = [test.queues[place] for place in cells.place]
    return _panels(test, "queue", at, names, names, width)


def _panels(test: BackTest, cut: Cut, at: Ints, names: Sequence[str], whole: Sequence[str], width: int) -> Chart:
    """A panel for each figure; `at` has the place of each cell on the axis, -1: it has none."""
    charts: list[Chart] = []
    for name in SHOWN:
        luck = test.outlook("day", name, luck_alone=True) if cut == "day" else test.in_all(cut, name)
        wide = test.outlook("day", name) if cut == "day" and test.error("day", name) is not None else None
        charts.append(_panel(name, luck, wide, at, names, whole, width, legend=not charts))
    return below(charts, spacing=14, resolve=INDEPENDENT_COLOURS)


def _panel(
    name: FigureName,
    luck: Outlook,
    wide: Outlook | None,
    at: Ints,
    names: Sequence[str],
    whole: Sequence[str],
    width: int,
    *,
    legend: bool,
) -> Chart:
    figure = FIGURES[name]
    shown = luck.judged & (at >= 0)
    title = say(f"backtest.figure.{name}")
    if not shown.any():
        return panel([note(say("backtest.nothing"))], title, width, _HEIGHT)
    band = percent(BAND, None)
    observed, median = say("backtest.observed"), say("backtest.simulated")
    narrow, outer = say("backtest.luck", band=band), say("backtest.error", band=band)

    def told(value: float) -> str:
        return value_text(value, figure.unit, 1)

    rows: list[Row] = []
    for k in np.flatnonzero(shown).tolist():
        values = {
            "observed": luck.observed[k],
            "simulated": luck.simulated[k],
            "low": luck.low[k],
            "high": luck.high[k],
        }
        row: Row = {"at": int(at[k]), "name": whole[k], **{key: float(value) for key, value in values.items()}}
        row |= {
            "observed_told": told(row["observed"]),
            "simulated_told": told(row["simulated"]),
            "luck_told": say("charts.from_to", low=told(row["low"]), high=told(row["high"])),
        }
        if wide is not None:
            row |= {"lower": float(wide.low[k]), "higher": float(wide.high[k])}
            row["error_told"] = say("charts.from_to", low=told(row["lower"]), high=told(row["higher"]))
        rows.append(row)
    top = 1.0
    if figure.unit == "seconds" or name == "unanswered":
        highest = max(max(row["observed"], row["simulated"]) for row in rows)
        reach = max(max(row["high"], row.get("higher", 0.0)) for row in rows)
        top = max(1.05 * highest, min(1.05 * reach, _CEILING * highest), 1.0 if figure.unit == "seconds" else 0.01)
    positions = sorted({row["at"] for row in rows})
    every = max(-(-len(positions) * _LABEL // width), 1)
    by_place = {int(at[k]): names[k] for k in np.flatnonzero(shown).tolist()}
    ticks = positions[::every]
    room = width / (positions[-1] + 1.2)
    x = quantity(
        "at",
        scale={"domain": [-0.6, positions[-1] + 0.6], "nice": False, "zero": False},
        axis={
            "title": None,
            "values": ticks,
            "labelExpr": lookup(ticks, [by_place[tick] for tick in ticks]),
            "labelLimit": int(room * every),
            "grid": False,
        },
    )
    y = figure_axis("low", figure.unit, top)
    kinds = [observed, median, narrow, *([outer] if wide is not None else [])]
    colours = [Colour.INK, Colour.MEDIAN, Colour.BAND_80, Colour.BAND_95][: len(kinds)]
    key = legend_at(width, kinds) if legend else None
    hints = tips(name=" ", observed_told=observed, simulated_told=median, luck_told=narrow)
    hints += tips(error_told=outer) if wide is not None else []

    def colour() -> Row:
        return category("kind", scale={"domain": kinds, "range": colours}, legend=key)

    thick = float(np.clip(0.62 * room, 3, 22))
    layers = []
    bars = [("low", "high", narrow, thick * 0.6)]
    if wide is not None:
        bars.insert(0, ("lower", "higher", outer, thick))
    for low, high, kind, size in bars:
        place = {"x": x, "y": {**y, "field": low}, "y2": until(high), "color": colour(), "tooltip": hints}
        layers.append(marks(rows, "rule", place, calculate={"kind": literal(kind)}, strokeWidth=size, clip=True))
    line = {"x": x, "y": {**y, "field": "simulated"}, "color": colour(), "tooltip": hints}
    options: Row = {"thickness": 2, "width": thick, "orient": "horizontal", "clip": True}
    layers.append(marks(rows, "tick", line, calculate={"kind": literal(median)}, **options))
    spots = {"x": x, "y": {**y, "field": "observed"}, "color": colour(), "tooltip": hints}
    dots: Row = {"filled": True, "size": 34, "opacity": 1}
    layers.append(marks(rows, "point", spots, calculate={"kind": literal(observed)}, **dots))
    return panel(layers, title, width, _HEIGHT, beside_legend=legend)
