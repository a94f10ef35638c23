"""The pile of unfinished messages, and how old the oldest of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.charts.axis import MOST_INTERVALS, time_axis
from simulator.charts.bands import COLUMNS, SHARES, band_layers, band_tips, told
from simulator.charts.look import INDEPENDENT_COLOURS, NARROW, WIDTH, panel
from simulator.charts.vega import below, beside, marks, tips
from simulator.experiment.estimate import band
from simulator.language import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.charts.axis import TimeAxis
    from simulator.charts.vega import Chart, Row
    from simulator.experiment import Experiment

    Floats = NDArray[np.float64]

_HEIGHT = 110
_BETWEEN = 70
"""Pixels between the two columns, for the axis of the right one."""


def backlog_chart(experiment: Experiment, *, width: int = WIDTH) -> Chart | None:
    """Items (left) and age of the oldest (right) of every deferred channel, through day and night.

    The values are those at the ends of intervals or hours; the bands are quantiles over the replications. Grey: nobody
    on duty who may serve the channel. None if there is no deferred channel. Where `width` is narrow, the age is below
    the items instead of beside them.
    """
    scenario = experiment.scenario
    deferred = [c for c, channel in enumerate(scenario.channels) if channel.kind == "deferred"]
    if not deferred:
        return None
    narrow = width < NARROW
    axis = time_axis(experiment, width=width if narrow else (width - _BETWEEN) // 2, most=MOST_INTERVALS // 4)
    edges = np.append(axis.first, scenario.calendar.intervals)
    items = band(experiment.stacked(lambda summary: summary.backlog.items[:, edges]), SHARES)
    oldest = band(experiment.stacked(lambda summary: summary.backlog.oldest[:, edges]), SHARES)
    pairs = [
        (
            _panel(experiment, axis, c, items[:, c], "count", last=narrow or c == deferred[-1]),
            _panel(
                experiment,
                axis,
                c,
                oldest[:, c],
                "seconds",
                last=narrow or c == deferred[-1],
                legend=c == (deferred[-1] if narrow else deferred[0]),
            ),
        )
        for c in deferred
    ]
    if narrow:
        return below([each for pair in pairs for each in pair], spacing=16, resolve=INDEPENDENT_COLOURS)
    rows = [beside(pair, spacing=30, resolve=INDEPENDENT_COLOURS) for pair in pairs]
    return below(rows, spacing=16, resolve=INDEPENDENT_COLOURS)


def _panel(
    experiment: Experiment,
    axis: TimeAxis,
    c: int,
    bands: Floats,
    unit: Literal["seconds", "count"],
    *,
    last: bool,
    legend: bool = False,
) -> Chart:
    scenario = experiment.scenario
    serving = [g for g, group in enumerate(scenario.groups) if any(skill.channel == c for skill in group.skills)]
    unstaffed = scenario.staffing[serving].sum(axis=0) == 0
    labels = [*axis.label, say("charts.backlog.end")]
    places = zip([*axis.left.tolist(), axis.end], labels, bands.T.round(3).tolist(), strict=True)
    bare: list[Row] = [
        {"run": 0, "at": at, "when": label, **dict(zip(COLUMNS, values, strict=True))} for at, label, values in places
    ]
    rows = [{**row, **told(row, unit)} for row in bare]
    x = axis.x(labelled=last)
    pointed = {"x": x, "tooltip": [*tips(when=say("charts.at")), *band_tips()]}
    layers = [
        *axis.backdrop(~axis.any_of(~unstaffed), _HEIGHT, labelled=last),
        *band_layers(rows, x, unit, 1.05 * float(bands.max()), axis.width, legend=legend, stepped=False),
        marks(rows, "rule", pointed, opacity=0, strokeWidth=4),
    ]
    channel = scenario.channels[c].title
    title = say(f"charts.backlog.{unit}", channel=channel)
    return panel(layers, title, axis.width, _HEIGHT, beside_legend=legend)
