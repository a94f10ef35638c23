"""How sure we are that a promise is kept, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.look import INK, WIDTH, Row, data
from simulator.charts.words import channel_target_words, day_names, distinct, probability_words
from simulator.experiment.estimate import proportion_estimate

if TYPE_CHECKING:
    from simulator.experiment import Estimate, Experiment

WHOLE = "whole horizon"
"""The column of channels that are judged over all of it."""
_COLOURS = ("#E8833A", "#F5B87F", "#FBE3CB", "#F7F7F7", "#D6E8F4", "#A6CFE6", "#6BAED6")
"""From missed (orange) to met (blue), all light enough for black figures."""
_ROOM_FOR_INTERVALS, _ROOM_FOR_PERCENT = 8, 16
"""Columns up to which a cell has room for its interval, and for the sign after its figure."""


_WIDEST = 110
"""Pixels of a cell."""


def promise_chart(experiment: Experiment) -> alt.LayerChart:
    """P(target met): the probability that a day meets its channel's target, a row for each channel.

    A channel judged by interval shows the share of a day's intervals that meet the target, averaged over the
    replications; one judged over the horizon has one figure, in a column of its own. The small figures are Wilson's
    confidence interval. A dash: nobody to judge.
    """
    channels = experiment.scenario.channels
    days = day_names(experiment.scenario.calendar)
    names = distinct([channel.title for channel in channels])
    rows = [row for c, name in enumerate(names) for row in _rows(experiment, c, name, days)]
    columns = [column for column in (*days, WHOLE) if any(row["column"] == column for row in rows)]
    with_interval = len(columns) <= _ROOM_FOR_INTERVALS
    with_percent = len(columns) <= _ROOM_FOR_PERCENT
    plain: Row = {"title": None, "domain": False, "ticks": False}
    header = {**plain, "orient": "top", "labelAngle": 0 if with_percent else -90, "labelPadding": 6}
    cells = alt.Chart(data(rows)).encode(
        x=alt.X("column:N", sort=columns, axis=header),
        y=alt.Y("channel:N", sort=names, axis={**plain, "labelPadding": 8, "labelFontSize": 12}),
        tooltip=[
            alt.Tooltip("column:N", title="when"),
            alt.Tooltip("target:N", title="target"),
            alt.Tooltip("told:N", title="P(target met)"),
        ],
    )
    key: Row = {
        "title": "P(target met)",
        "labelExpr": "format(100 * datum.value, 'd') + ' %'",
        "values": [0, 0.5, 1],
        "gradientLength": 90,
    }
    scale: Row = {"domain": [0, 1], "range": list(_COLOURS), "interpolate": "rgb"}
    judged = cells.transform_filter("isValid(datum.met)")
    layers = [
        judged.mark_rect(stroke="white", strokeWidth=2).encode(color=alt.Color("met:Q", scale=scale, legend=key)),
        cells.mark_text(fontSize=13 if with_percent else 10, color=INK, dy=-6 if with_interval else 0).encode(
            text="figure:N" if with_percent else "number:N"
        ),
    ]
    if with_interval:
        layers.append(judged.mark_text(fontSize=10, color=INK, dy=9).encode(text="between:N"))
    return alt.LayerChart(layer=layers, width=min(WIDTH - 130, _WIDEST * len(columns)), height=40 * len(names))


def _rows(experiment: Experiment, c: int, name: str, days: list[str]) -> list[Row]:
    """One channel's cells."""
    channel = experiment.scenario.channels[c]
    met = _by_column(experiment, c)
    columns = [WHOLE] if channel.target.period == "horizon" else days
    rows: list[Row] = []
    for k, column in enumerate(columns):
        value, told = float(met.value[k]), probability_words(met[k])
        figure, _, between = told.partition(" (")
        rows.append(
            {
                "channel": name,
                "column": column,
                "target": channel_target_words(channel),
                "met": value,
                "told": told,
                "figure": figure,
                "number": figure.removesuffix(" %"),
                "between": between.removesuffix(")"),
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
