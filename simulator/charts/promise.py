"""How sure we are that a promise is kept, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import MET, NARROW, WIDTH, Colour, distinct
from simulator.charts.vega import category, lookup, marks, quantity, tips
from simulator.experiment.estimate import proportion_estimate
from simulator.language import number, percent, say
from simulator.words import channel_target_words, day_names, probability_parts, probability_text

if TYPE_CHECKING:
    from simulator.charts.vega import Chart, Row
    from simulator.experiment import Estimate, Experiment

_ROOM_FOR_INTERVAL, _ROOM_FOR_PERCENT = 90, 47
"""Pixels of a cell that has room for its interval, and for the sign after its figure."""
_WIDEST = 110
"""Pixels of a cell."""
_BESIDE = 130
"""Pixels for the channels' names to the left of the cells, and as many for the key to their right."""


def promise_chart(experiment: Experiment, *, width: int = WIDTH) -> Chart:
    """P(target met): the probability that a day meets its channel's target, a row for each channel.

    A channel judged by interval shows the share of a day's intervals that meet the target, averaged over the
    replications; one judged over the horizon has one figure, in a column of its own. The small figures are Wilson's
    confidence interval. A dash: nobody to judge.

    `width` is that of the cells and of the names or the key beside them. Where it is narrow, days go from top to
    bottom, a column for each channel.
    """
    channels = experiment.scenario.channels
    whole = say("charts.promise.whole")
    days = day_names(experiment.scenario.calendar)
    names = distinct([channel.title for channel in channels])
    columns = [[whole] if channel.target.period == "horizon" else days for channel in channels]
    rows = [row for c, name in enumerate(names) for row in _rows(experiment, c, name, columns[c])]
    periods = [column for column in (*days, whole) if any(row["column"] == column for row in rows)]
    upright = width < NARROW and len(periods) > len(names)
    across, down = (names, periods) if upright else (periods, names)
    room = min(_WIDEST, (width - _BESIDE) / len(across))
    with_interval, with_percent = room >= _ROOM_FOR_INTERVAL, room >= _ROOM_FOR_PERCENT
    plain: Row = {"title": None, "domain": False, "ticks": False}
    header = {**plain, "orient": "top", "labelAngle": 0 if with_percent else -90, "labelPadding": 6}
    if upright:
        header |= {"labelLimit": room if with_percent else 120}
    beside = {**plain, "labelPadding": 8, "labelFontSize": 12}
    place = {
        "x": category("channel" if upright else "column", sort=across, axis=header),
        "y": category("column" if upright else "channel", sort=down, axis=beside),
        "tooltip": tips(
            column=say("charts.promise.when"),
            channel=say("charts.promise.channel"),
            target=say("charts.promise.target"),
            told=say("charts.promise.met"),
        ),
    }
    ends = [0.0, 0.5, 1.0]
    key: Row = {
        "title": say("charts.promise.met"),
        "labelExpr": lookup(ends, [percent(each) for each in ends]),
        "values": ends,
        "gradientLength": 90,
    }
    if width < NARROW:
        key |= {"orient": "bottom", "direction": "horizontal", "gradientLength": 160}
    colour = quantity("met", scale={"domain": [0, 1], "range": list(MET), "interpolate": "rgb"}, legend=key)
    judged = "isValid(datum.met)"
    figure = category("figure" if with_percent else "number")
    size = 13 if with_percent else 10
    layers = [
        marks(rows, "rect", {**place, "color": colour}, where=judged, stroke=Colour.PAPER, strokeWidth=2),
        marks(
            rows,
            "text",
            {**place, "text": figure},
            fontSize=size,
            color=Colour.INK,
            dy=-6 if with_interval else 0,
        ),
    ]
    if with_interval:
        between = {**place, "text": category("between")}
        layers.append(marks(rows, "text", between, where=judged, fontSize=10, color=Colour.INK, dy=9))
    height = (40 if with_interval or not upright else 24) * len(down)
    return {"layer": layers, "width": min(width - _BESIDE, _WIDEST * len(across)), "height": height}


def _rows(experiment: Experiment, c: int, name: str, columns: list[str]) -> list[Row]:
    """One channel's cells."""
    target = channel_target_words(experiment.scenario.channels[c])
    met = _by_column(experiment, c)
    rows: list[Row] = []
    for k, column in enumerate(columns):
        value = float(met.value[k])
        figure, between = probability_parts(met[k])
        rows.append(
            {
                "channel": name,
                "column": column,
                "target": target,
                "met": None if np.isnan(value) else value,
                "told": probability_text(met[k]),
                "figure": figure,
                "number": number(100 * value),
                "between": between,
            }
        )
    return rows


def _by_column(experiment: Experiment, c: int) -> Estimate:
    """[day], or [1] for the horizon: probability that the target is met."""
    result = experiment.targets[c]
    if result.target.period != "interval":
        return result.met_by_period
    # [replication, interval]
    met = np.array([outcomes[c].met for outcomes in experiment.target_outcomes])
    judged = ~np.isnan(met)
    midnights = np.flatnonzero(np.diff(experiment.scenario.calendar.day_of_interval, prepend=-1))
    count = np.add.reduceat(judged, midnights, axis=1, dtype=np.int64)
    kept = np.add.reduceat(np.where(judged, met, 0.0), midnights, axis=1)
    return proportion_estimate(np.where(count > 0, kept / np.maximum(count, 1), np.nan))
