"""How long customers wait through the horizon, with the agents and the work that come in at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.axis import MOST_INTERVALS, time_axis
from simulator.charts.bands import COLUMNS, SHARES, band_layers, band_tips, told
from simulator.charts.look import INDEPENDENT_COLOURS, NARROW, WIDTH, Colour, note, panel
from simulator.charts.staffing import staffing_panel
from simulator.charts.vega import below, category, marks, quantity, tips, until
from simulator.charts.window import markable
from simulator.language import duration, percent, say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.charts.axis import TimeAxis
    from simulator.charts.vega import Chart, Row
    from simulator.experiment import Experiment
    from simulator.scenario.model import Target

    Floats = NDArray[np.float64]

_HEIGHT = 130


def wait_axis(experiment: Experiment, most: int = MOST_INTERVALS, *, width: int = WIDTH) -> TimeAxis:
    """The time axis of `wait_chart`."""
    scenario = experiment.scenario
    hours = [scenario.calendar.open_mask(each.hours) for each in scenario.channels if each.kind == "live"]
    is_open = np.any(hours, axis=0) if hours else np.zeros(scenario.calendar.intervals, dtype=np.bool_)
    return time_axis(experiment, is_open, scenario.staffing.sum(axis=0) > 0, width=width, most=most)


def wait_chart(
    experiment: Experiment, most: int = MOST_INTERVALS, *, width: int = WIDTH, marked_on: TimeAxis | None = None
) -> Chart:
    """Bands of mean wait, a panel for each live channel, above staffing and offered load on the same time axis.

    The wait is the mean over the contacts that arrive in an interval, or in an hour where the horizon has more than
    `most` intervals. The bands say what single futures may bring: they are quantiles over the replications, not
    confidence intervals. Time in which no live channel is open and nobody is on duty is left out.

    `width` is that of the time axis in pixels; labels to its left take some 60 more, and the target's words to its
    right some 80 where it is not narrow.

    With `marked_on`, which is its `wait_axis`, a window can be dragged in it (`markable`).
    """
    axis = marked_on or wait_axis(experiment, most, width=width)
    live = [c for c, channel in enumerate(experiment.scenario.channels) if channel.kind == "live"]
    bands = experiment.band("mean_wait", ("channel", axis.period), SHARES)
    panels = [_panel(experiment, axis, c, bands[:, c], legend=c == live[0]) for c in live]
    panels.append(staffing_panel(experiment, axis))
    return below(markable(panels, axis) if marked_on else panels, spacing=16, resolve=INDEPENDENT_COLOURS)


def _panel(experiment: Experiment, axis: TimeAxis, c: int, bands: Floats, *, legend: bool) -> Chart:
    scenario = experiment.scenario
    channel = scenario.channels[c]
    title = say("charts.wait.title", channel=channel.title, step=axis.period_words)
    backdrop = axis.backdrop(~axis.any_of(scenario.calendar.open_mask(channel.hours)), _HEIGHT, labelled=False)
    steps = axis.steps(dict(zip(COLUMNS, bands.round(3), strict=True)))
    if not steps:
        return panel([*backdrop, note(say("charts.wait.nobody"))], title, axis.width, _HEIGHT)
    rows = [{**row, **told(row, "seconds")} for row in steps]
    within = channel.target.within
    top = max(1.08 * max(row["high95"] for row in rows), 1.5 * within)
    x = axis.x(labelled=False)
    layers = [
        *backdrop,
        *band_layers(rows, x, "seconds", top, axis.width, legend=legend, stepped=True),
        *target_layers(channel.target, axis.width),
        marks(
            rows,
            "rect",
            {"x": x, "x2": until("to"), "tooltip": [*tips(when=say("charts.from")), *band_tips()]},
            where="datum.to > datum.at",
            opacity=0,
        ),
    ]
    drawn = panel(layers, title, axis.width, _HEIGHT, beside_legend=legend)
    if axis.width < NARROW:
        drawn["title"] |= {"subtitle": " ".join(target_lines(channel.target)), "subtitleColor": Colour.TARGET}
    return drawn


def target_layers(target: Target, width: int) -> list[Chart]:
    """The time that is promised as a line, with the promise to its right; where it is narrow, it is in the heading."""
    rows = [{"within": target.within, "text": "\n".join(target_lines(target))}]
    line = marks(rows, "rule", {"y": quantity("within")}, color=Colour.TARGET, strokeDash=[5, 3], strokeWidth=1.4)
    if width < NARROW:
        return [line]
    place = {"x": {"value": width}, "y": quantity("within"), "text": category("text")}
    words: Row = {"align": "left", "baseline": "middle", "dx": 6, "dy": -6, "lineBreak": "\n"}
    return [line, marks(rows, "text", place, color=Colour.TARGET, **words)]


def target_lines(target: Target) -> list[str]:
    """The promise in two short lines."""
    return [
        say("charts.wait.target_share", share=percent(target.share, None)),
        say("charts.wait.target_time", time=duration(target.within)),
    ]
