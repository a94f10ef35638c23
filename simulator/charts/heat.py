"""Where it hurts: the mean wait of every interval, day under day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.look import CLOSED, WIDTH, Row, data, note, panel_title
from simulator.charts.words import day_words, time_estimate_words, time_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.experiment import Experiment

    Bools = NDArray[np.bool_]

_MULTIPLES = (0.5, 1, 2, 4, 8)
"""Of the target's time: where one colour ends and the next begins."""
# Blue within the target's time, from yellow to dark red beyond it; lightness alone tells better from worse beyond it.
_COLOURS = ("#6BAED6", "#C6DBEF", "#FEE391", "#FE9929", "#CC4C02", "#7F1D1D")
_LEGEND = 110


def heat_map(experiment: Experiment) -> alt.VConcatChart | None:
    """Day by clock time, a panel for each live channel: the mean wait of who arrived then. None without live channels.

    Colours change at multiples of the target's time, so that a glance tells where a channel is beyond its promise. Grey
    is open without a contact in any replication, white is closed. An hour that the clock shows twice has its second
    showing in a row of its own, "Sun 25 Oct (2nd)"; an hour that the clock skips is blank.
    """
    scenario = experiment.scenario
    live = [c for c, channel in enumerate(scenario.channels) if channel.kind == "live"]
    if not live:
        return None
    return alt.vconcat(*(_panel(experiment, c) for c in live), spacing=20).resolve_scale(
        color="independent", x="independent", y="independent"
    )


def _panel(experiment: Experiment, c: int) -> alt.LayerChart:
    scenario = experiment.scenario
    channel, calendar = scenario.channels[c], scenario.calendar
    wait = experiment.estimate("mean_wait", ("channel", "interval"))
    offered = experiment.estimate("offered", ("channel", "interval")).value
    is_open = calendar.open_mask(channel.hours)
    shown = np.flatnonzero(is_open | ~np.isnan(wait.value[c])).tolist()
    heading = panel_title(f"{channel.title}: mean wait by time of day")
    if not shown:
        return alt.layer(note("closed all the time", 40), title=heading)
    names = [day_words(calendar, d) for d in range(calendar.days)]
    rows: list[Row] = []
    for i in shown:
        start = int(calendar.clock_of_interval[i]) / 3600
        second = " (2nd)" if calendar.label(i).endswith("(2nd)") else ""
        row: Row = {
            "day": names[calendar.day_of_interval[i]] + second,
            "at": start,
            "to": start + calendar.interval / 3600,
            "when": calendar.label(i),
            "told": time_estimate_words(wait[c, i]),
            "offered": f"{offered[c, i]:.1f}",
        }
        if not np.isnan(wait.value[c, i]):
            row["wait"] = float(wait.value[c, i])
        rows.append(row)
    days = list(dict.fromkeys(row["day"] for row in rows))
    within = channel.target.within
    bounds = [multiple * within for multiple in _MULTIPLES]
    clocks = range(int(min(row["at"] for row in rows)), int(np.ceil(max(row["to"] for row in rows))) + 1)
    words = [f"up to {time_words(bounds[0])}", *(f"to {time_words(bound)}" for bound in bounds[1:]), "longer"]
    x = alt.X(
        "at:Q",
        scale=alt.Scale(domain=[clocks[0], clocks[-1]], nice=False, zero=False),
        axis=alt.Axis(
            values=list(clocks), labelExpr="format(datum.value, '02d') + ':00'", title=None, grid=False, labelOverlap=True
        ),
    )
    y = alt.Y("day:N", sort=days, axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=8))
    for row in rows:
        if "wait" in row:
            row["class"] = words[int(np.searchsorted(bounds, row["wait"], side="left"))]
    cells = alt.Chart(data(rows)).encode(
        x=x,
        x2="to:Q",
        y=y,
        tooltip=[
            alt.Tooltip("when:N", title="from"),
            alt.Tooltip("told:N", title="mean wait"),
            alt.Tooltip("offered:N", title="contacts"),
        ],
    )
    size = 24 if len(days) <= 10 else 16
    return alt.layer(
        cells.mark_rect(color=CLOSED),
        cells.transform_filter("isValid(datum.wait)")
        .mark_rect(stroke="white", strokeWidth=0.4)
        .encode(
            color=alt.Color(
                "class:N",
                scale=alt.Scale(domain=words, range=list(_COLOURS)),
                legend=alt.Legend(title=f"mean wait (target {time_words(within)})", symbolType="square"),
            )
        ),
        title=heading,
        width=WIDTH - _LEGEND,
        height=size * len(days),
    )
