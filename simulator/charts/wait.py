"""How long customers wait through the horizon, with the agents and the work that come in at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.axis import MOST_INTERVALS, time_axis
from simulator.charts.bands import COLUMNS, SHARES, TOOLTIPS, band_layers, told
from simulator.charts.look import INDEPENDENT_COLOURS, TARGET, data, note, panel
from simulator.charts.staffing import staffing_panel
from simulator.charts.words import target_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.charts.axis import TimeAxis
    from simulator.experiment import Experiment

    Floats = NDArray[np.float64]

_HEIGHT = 130


def wait_chart(experiment: Experiment, most: int = MOST_INTERVALS) -> alt.VConcatChart:
    """Bands of mean wait, a panel for each live channel, above staffing and offered load on the same time axis.

    The wait is the mean over the contacts that arrive in an interval, or in an hour where the horizon has more than
    `most` intervals. The bands say what single futures may bring: they are quantiles over the replications, not
    confidence intervals. Time in which no live channel is open and nobody is on duty is left out.
    """
    scenario = experiment.scenario
    live = [c for c, channel in enumerate(scenario.channels) if channel.kind == "live"]
    hours = [scenario.calendar.open_mask(scenario.channels[c].hours) for c in live]
    is_open = np.any(hours, axis=0) if hours else np.zeros(scenario.calendar.intervals, dtype=np.bool_)
    axis = time_axis(experiment, is_open, scenario.staffing.sum(axis=0) > 0, most=most)
    bands = experiment.band("mean_wait", ("channel", axis.period), SHARES)
    panels = [_panel(experiment, axis, c, bands[:, c], legend=c == live[0]) for c in live]
    return alt.VConcatChart(
        vconcat=[*panels, staffing_panel(experiment, axis)], spacing=16, resolve=INDEPENDENT_COLOURS
    )


def _panel(experiment: Experiment, axis: TimeAxis, c: int, bands: Floats, *, legend: bool) -> alt.LayerChart:
    scenario = experiment.scenario
    channel = scenario.channels[c]
    title = f"{channel.title}: mean wait by {axis.period_words}"
    backdrop = axis.backdrop(~axis.any_of(scenario.calendar.open_mask(channel.hours)), _HEIGHT, labelled=False)
    rows = axis.steps(dict(zip(COLUMNS, bands, strict=True)))
    if not rows:
        return panel([*backdrop, note("nobody comes to the agents' queue")], title, axis.width, _HEIGHT)
    within = channel.target.within
    top = max(1.08 * max(row["high95"] for row in rows), 1.5 * within)
    share, _, time = target_words(channel.target).partition(" within ")
    promise = alt.Chart(data([{"within": within, "text": f"target {share}\nwithin {time}"}])).encode(y="within:Q")
    words = promise.mark_text(color=TARGET, align="left", baseline="middle", dx=6, dy=-6, lineBreak="\n")
    pointer = alt.Chart(data([{**row, **told(row, "seconds")} for row in rows if row["to"] > row["at"]]))
    layers = [
        *backdrop,
        *band_layers(rows, axis.x(labelled=False), "seconds", top, legend=legend, stepped=True),
        promise.mark_rule(color=TARGET, strokeDash=[5, 3], strokeWidth=1.4),
        words.encode(x=alt.value(axis.width), text="text:N"),
        pointer.mark_rect(opacity=0).encode(
            x=axis.x(labelled=False), x2="to:Q", tooltip=[alt.Tooltip("when:N", title="from"), *TOOLTIPS]
        ),
    ]
    return panel(layers, title, axis.width, _HEIGHT, beside_legend=legend)
