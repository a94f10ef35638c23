"""The pile of unfinished messages, and how old the oldest of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import altair as alt
import numpy as np

from simulator.charts.axis import MOST_INTERVALS, time_axis
from simulator.charts.bands import COLUMNS, SHARES, TOOLTIPS, band_layers, told
from simulator.charts.look import INDEPENDENT_COLOURS, WIDTH, Row, data, panel
from simulator.experiment.estimate import band

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.charts.axis import TimeAxis
    from simulator.experiment import Experiment

    Floats = NDArray[np.float64]

_HEIGHT = 110
_BETWEEN = 70
"""Pixels between the two columns, for the axis of the right one."""


def backlog_chart(experiment: Experiment) -> alt.VConcatChart | None:
    """Items (left) and age of the oldest (right) of every deferred channel, through day and night.

    The values are those at the ends of intervals or hours; the bands are quantiles over the replications. Grey: nobody
    on duty who may serve the channel. None if there is no deferred channel.
    """
    scenario = experiment.scenario
    deferred = [c for c, channel in enumerate(scenario.channels) if channel.kind == "deferred"]
    if not deferred:
        return None
    axis = time_axis(experiment, width=(WIDTH - _BETWEEN) // 2, most=MOST_INTERVALS // 4)
    edges = np.append(axis.first, scenario.calendar.intervals)
    items = band(experiment.stacked(lambda summary: summary.backlog.items[:, edges]), SHARES)
    oldest = band(experiment.stacked(lambda summary: summary.backlog.oldest[:, edges]), SHARES)
    rows = [
        alt.HConcatChart(
            hconcat=[
                _panel(experiment, axis, c, items[:, c], "count", last=c == deferred[-1]),
                _panel(experiment, axis, c, oldest[:, c], "seconds", last=c == deferred[-1], legend=c == deferred[0]),
            ],
            spacing=30,
            resolve=INDEPENDENT_COLOURS,
        )
        for c in deferred
    ]
    return alt.VConcatChart(vconcat=rows, spacing=16, resolve=INDEPENDENT_COLOURS)


def _panel(
    experiment: Experiment,
    axis: TimeAxis,
    c: int,
    bands: Floats,
    unit: Literal["seconds", "count"],
    *,
    last: bool,
    legend: bool = False,
) -> alt.LayerChart:
    scenario = experiment.scenario
    serving = [g for g, group in enumerate(scenario.groups) if any(skill.channel == c for skill in group.skills)]
    unstaffed = scenario.staffing[serving].sum(axis=0) == 0
    places = zip([*axis.left.tolist(), axis.end], [*axis.label, "the end"], bands.T.tolist(), strict=True)
    rows: list[Row] = [
        {"run": 0, "at": at, "when": label, **dict(zip(COLUMNS, values, strict=True))} for at, label, values in places
    ]
    x = axis.x(labelled=last)
    pointer = alt.Chart(data([{**row, **told(row, unit)} for row in rows])).mark_rule(opacity=0, strokeWidth=4)
    layers = [
        *axis.backdrop(~axis.any_of(~unstaffed), _HEIGHT, labelled=last),
        *band_layers(rows, x, unit, 1.05 * float(bands.max()), legend=legend, stepped=False),
        pointer.encode(x=x, tooltip=[alt.Tooltip("when:N", title="at"), *TOOLTIPS]),
    ]
    title = f"{scenario.channels[c].title}: {'unfinished' if unit == 'count' else 'age of the oldest'}"
    return panel(layers, title, axis.width, _HEIGHT, beside_legend=legend)
