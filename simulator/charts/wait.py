"""How long customers wait through the horizon, with the agents and the work that come in at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.axis import time_axis
from simulator.charts.look import BAND_80, BAND_95, MEDIAN, TARGET, data, lookup, note, panel_title
from simulator.charts.look import legend as legend_above
from simulator.charts.staffing import staffing_panel
from simulator.charts.words import target_words, time_ticks, time_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.charts.axis import TimeAxis
    from simulator.charts.look import Row
    from simulator.experiment import Experiment

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

SHARES = (0.025, 0.1, 0.5, 0.9, 0.975)
"""Quantiles over the replications: the outer two hold 95 % of futures between them, the inner two 80 %."""
COLUMNS = ("low95", "low80", "median", "high80", "high95")
NAMES = ("median of futures", "80 % of futures", "95 % of futures")
_HEIGHT = 130


def wait_chart(experiment: Experiment) -> alt.VConcatChart:
    """Bands of mean wait, a panel for each live channel, above staffing and offered load on the same time axis.

    The wait is the mean over the contacts that arrive in an interval (`mean_wait`), and the bands say what single
    futures may bring: they are quantiles over the replications, not confidence intervals. Time in which no live channel
    is open and nobody is on duty or waits is left out.
    """
    scenario = experiment.scenario
    live = [c for c, channel in enumerate(scenario.channels) if channel.kind == "live"]
    axis = time_axis(experiment, _awake(experiment, live))
    bands = experiment.band("mean_wait", ("channel", axis.period), SHARES)
    panels = [_wait_panel(experiment, axis, c, bands[:, c], legend=c == live[0]) for c in live]
    # One legend of bands and one of staffing, each with its own colours.
    return alt.vconcat(*panels, staffing_panel(experiment, axis), spacing=16).resolve_scale(color="independent")


def band_layers(rows: list[Row], x: alt.X, y_of: str, top: float, *, legend: bool, stepped: bool) -> list[alt.Chart]:
    """The 95 % band, the 80 % band and the median as layers over rows with `COLUMNS`.

    Parameters
    ----------
    y_of
        "time" for seconds, "count" for things that are counted.
    top
        What the axis has to reach.
    stepped
        Whether a value holds from one position to the next; otherwise values are joined by straight lines.
    """
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=list(NAMES), range=[MEDIAN, BAND_80, BAND_95]),
        legend=legend_above() if legend else None,
    )
    if y_of == "time":
        values = time_ticks(top)
        labels = lookup(values, ["0" if value == 0 else time_words(value).removesuffix(".0 s") for value in values])
        scale = alt.Scale(domain=[0, max(top, 1e-9)], nice=False)
        ticks = alt.Axis(values=[value for value in values if value <= top], labelExpr=labels, title=None)
    else:
        scale, ticks = alt.Scale(domain=[0, max(top, 1.0)], nice=True), alt.Axis(tickCount=4, title=None, format=",d")
    source = data(rows)
    shape = {"interpolate": "step-after"} if stepped else {}

    def area(low: str, high: str, name: str) -> alt.Chart:
        mark = alt.Chart(source).transform_calculate(name=f"'{name}'").mark_area(**shape)
        return mark.encode(x=x, y=alt.Y(f"{low}:Q", scale=scale, axis=ticks), y2=f"{high}:Q", color=colour, detail="run:N")

    line = alt.Chart(source).transform_calculate(name=f"'{NAMES[0]}'").mark_line(strokeWidth=1.8, **shape)
    median = line.encode(x=x, y=alt.Y("median:Q", scale=scale, axis=ticks), color=colour, detail="run:N")
    return [area("low95", "high95", NAMES[2]), area("low80", "high80", NAMES[1]), median]


def _awake(experiment: Experiment, live: list[int]) -> Bools:
    """[interval] Whether a live channel is open, somebody is on duty, or somebody waited."""
    scenario = experiment.scenario
    awake = scenario.staffing.any(axis=0)
    waited = ~np.isnan(experiment.estimate("mean_wait", ("channel", "interval")).value)
    for c in live:
        awake = awake | scenario.calendar.open_mask(scenario.channels[c].hours) | waited[c]
    return np.asarray(awake, dtype=np.bool_)


def _wait_panel(experiment: Experiment, axis: TimeAxis, c: int, bands: Floats, *, legend: bool) -> alt.LayerChart:
    scenario = experiment.scenario
    channel = scenario.channels[c]
    closed = ~axis.any_of(scenario.calendar.open_mask(channel.hours))
    heading = f"{channel.title}: mean wait by {axis.period_words}"
    rows = axis.steps(dict(zip(COLUMNS, bands, strict=True)))
    backdrop = axis.backdrop(closed, _HEIGHT, labelled=False)
    if not rows:
        empty = note("nobody comes to the agents' queue", _HEIGHT, axis.width)
        return alt.layer(*backdrop, empty, title=panel_title(heading), width=axis.width, height=_HEIGHT)
    within = channel.target.within
    top = max(1.08 * max(row["high95"] for row in rows), 1.5 * within)
    layers = band_layers(rows, axis.x(labelled=False), "time", top, legend=legend, stepped=True)
    promise = alt.Chart(data([{"within": within, "text": f"target {target_words(channel.target)}".replace(" within", "\nwithin")}]))
    rule = promise.mark_rule(color=TARGET, strokeDash=[5, 3], strokeWidth=1.4).encode(y="within:Q")
    words = promise.mark_text(color=TARGET, align="left", baseline="middle", dx=6, fontSize=11, lineBreak="\n")
    told = [
        {**row, "typical": time_words(row["median"]), **_spans(row)} for row in rows if row["to"] > row["at"]
    ]
    pointer = alt.Chart(data(told)).mark_rect(opacity=0).encode(
        x=axis.x(labelled=False),
        x2="to:Q",
        tooltip=[
            alt.Tooltip("when:N", title="from"),
            alt.Tooltip("typical:N", title=NAMES[0]),
            alt.Tooltip("inner:N", title=NAMES[1]),
            alt.Tooltip("outer:N", title=NAMES[2]),
        ],
    )
    return alt.layer(
        *backdrop,
        *layers,
        rule,
        words.encode(x=alt.value(axis.width), y="within:Q", text="text:N"),
        pointer,
        title=panel_title(heading, beside_legend=legend),
        width=axis.width,
        height=_HEIGHT,
    )


def _spans(row: Row) -> Row:
    """The two bands of a step in words."""
    return {
        name: f"{time_words(row[low])} to {time_words(row[high])}"
        for name, low, high in (("inner", "low80", "high80"), ("outer", "low95", "high95"))
    }
