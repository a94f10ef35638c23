"""The pile of unfinished messages, and how old the oldest of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.axis import time_axis
from simulator.charts.look import WIDTH, panel_title
from simulator.charts.wait import COLUMNS, SHARES, band_layers
from simulator.experiment.estimate import band

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.charts.axis import TimeAxis
    from simulator.charts.look import Row
    from simulator.experiment import Experiment

    Floats = NDArray[np.float64]

_HEIGHT = 110
_BETWEEN = 70
"""Pixels between the two columns, for the axis of the right one."""


def backlog_chart(experiment: Experiment) -> alt.VConcatChart | None:
    """Items (left) and age of the oldest (right) of every deferred channel, through day and night.

    The values are those at the ends of intervals or hours, and quantiles over the replications. None if there is no
    deferred channel.
    """
    scenario = experiment.scenario
    deferred = [c for c, channel in enumerate(scenario.channels) if channel.kind == "deferred"]
    if not deferred:
        return None
    axis = time_axis(experiment, width=(WIDTH - _BETWEEN) // 2)
    edges = np.append(axis.first, scenario.calendar.intervals)
    items = band(experiment.stacked(lambda summary: summary.backlog.items[:, edges]), SHARES)
    oldest = band(experiment.stacked(lambda summary: summary.backlog.oldest[:, edges]), SHARES)
    rows = []
    for c in deferred:
        last = c == deferred[-1]
        title = scenario.channels[c].title
        rows.append(
            alt.hconcat(
                _panel(experiment, axis, c, items[:, c], f"{title}: unfinished", "count", legend=False, last=last),
                _panel(
                    experiment, axis, c, oldest[:, c], "age of the oldest", "time", legend=c == deferred[0], last=last
                ),
                spacing=30,
            )
        )
    return alt.vconcat(*rows, spacing=16)


def _panel(
    experiment: Experiment,
    axis: TimeAxis,
    c: int,
    bands: Floats,
    title: str,
    y_of: str,
    *,
    legend: bool,
    last: bool,
) -> alt.LayerChart:
    scenario = experiment.scenario
    serving = [g for g, group in enumerate(scenario.groups) if any(skill.channel == c for skill in group.skills)]
    unstaffed = ~axis.any_of(scenario.staffing[serving].any(axis=0))
    places = np.append(axis.left, axis.end)
    labels = [*axis.label, "the end"]
    rows: list[Row] = [
        {"run": 0, "at": float(at), "when": label, **dict(zip(COLUMNS, values, strict=True))}
        for at, label, values in zip(places, labels, bands.T.tolist(), strict=True)
    ]
    top = 1.05 * float(bands.max())
    return alt.layer(
        *axis.backdrop(unstaffed, _HEIGHT, labelled=last),
        *band_layers(rows, axis.x(labelled=last), y_of, top, legend=legend, stepped=False),
        title=panel_title(title, beside_legend=legend),
        width=axis.width,
        height=_HEIGHT,
    )
