"""How sure we are that a promise is kept, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.look import INK, WIDTH, Row, data
from simulator.charts.words import channel_target_words, day_words, probability_words
from simulator.experiment.estimate import proportion_estimate

if TYPE_CHECKING:
    from simulator.experiment import Estimate, Experiment

WHOLE = "whole horizon"
# Light enough for black figures on every one of them; orange is missed, blue is met.
_COLOURS = ("#E8833A", "#F5B87F", "#FBE3CB", "#F7F7F7", "#D6E8F4", "#A6CFE6", "#6BAED6")
_MOST_WITH_INTERVAL = 8
_CELL = 40


def promise_chart(experiment: Experiment) -> alt.LayerChart:
    """P(target met): the probability that a day meets its channel's target, a row for each channel.

    A channel judged by interval shows the share of a day's intervals that meet the target, averaged over the
    replications; one judged over the horizon has one figure, in a column of its own. Small figures are Wilson's
    confidence interval. A dash: nobody to judge.
    """
    scenario = experiment.scenario
    calendar = scenario.calendar
    columns = [day_words(calendar, d) for d in range(calendar.days)]
    rows: list[Row] = []
    for c, channel in enumerate(scenario.channels):
        met = _by_column(experiment, c)
        names = [WHOLE] if channel.target.period == "horizon" else columns
        for name, k in zip(names, range(len(names)), strict=True):
            value = float(met.value[k])
            row: Row = {"channel": channel.title, "day": name, "target": channel_target_words(channel)}
            if np.isnan(value):
                rows.append({**row, "text": "–", "told": "nobody to judge"})
                continue
            told = probability_words(met[k])
            text, _, between = told.partition(" (")
            rows.append({**row, "met": value, "text": text, "told": told, "between": between.removesuffix(")")})
    shown = [name for name in [*columns, WHOLE] if any(row["day"] == name for row in rows)]
    few = len(shown) <= _MOST_WITH_INTERVAL
    crowded = len(shown) > 16
    cells = alt.Chart(data(rows)).encode(
        x=alt.X(
            "day:N",
            sort=shown,
            axis=alt.Axis(
                title=None, orient="top", domain=False, ticks=False, labelAngle=-90 if crowded else 0, labelPadding=6
            ),
        ),
        y=alt.Y(
            "channel:N",
            sort=[channel.title for channel in scenario.channels],
            axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=8, labelFontSize=12),
        ),
        tooltip=[
            alt.Tooltip("day:N", title="day"),
            alt.Tooltip("target:N", title="target"),
            alt.Tooltip("told:N", title="P(target met)"),
        ],
    )
    judged = cells.transform_filter("isValid(datum.met)")
    colour = alt.Color(
        "met:Q",
        scale=alt.Scale(domain=[0, 1], range=list(_COLOURS), interpolate="rgb"),
        legend=alt.Legend(title="P(target met)", format=".0%", values=[0, 0.5, 1], gradientLength=90),
    )
    size = 10 if crowded else 13
    layers = [
        judged.mark_rect(stroke="white", strokeWidth=2).encode(color=colour),
        cells.mark_text(fontSize=size, color=INK, dy=-6 if few else 0).encode(
            text=alt.Text("text:N") if not crowded else alt.Text("short:N")
        ),
    ]
    if crowded:
        layers[1] = layers[1].transform_calculate(short="replace(datum.text, ' %', '')")
    if few:
        layers.append(judged.mark_text(fontSize=10, color=INK, dy=9).encode(text="between:N"))
    return alt.layer(*layers, width=WIDTH - 130, height=_CELL * len(scenario.channels))


def _by_column(experiment: Experiment, c: int) -> Estimate:
    """[day], or [1] for the horizon: probability that the target is met."""
    result = experiment.targets[c]
    if result.target.period != "interval":
        return result.met_by_period
    met = np.array([outcomes[c].met for outcomes in experiment.target_outcomes])
    day = np.asarray(experiment.scenario.calendar.day_of_interval)
    judged = ~np.isnan(met)
    starts = np.flatnonzero(np.diff(day, prepend=-1))
    count = np.add.reduceat(judged, starts, axis=1, dtype=np.int64)
    kept = np.add.reduceat(np.where(judged, met, 0.0), starts, axis=1)
    return proportion_estimate(np.where(count > 0, kept / np.maximum(count, 1), np.nan))
