"""Where it hurts: the mean wait of every interval, day under day."""

from __future__ import annotations

from math import ceil, isnan
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.look import CLOSED, WIDTH, Row, data, note, panel
from simulator.charts.words import day_names, time_estimate_words, time_words

if TYPE_CHECKING:
    from simulator.experiment import Experiment

_MULTIPLES = (0.5, 1, 2, 4, 8)
"""Of the target's time: where one colour ends and the next begins."""
_COLOURS = ("#6BAED6", "#C6DBEF", "#FEE391", "#FE9929", "#CC4C02", "#7F1D1D")
"""Blue within the target's time, then yellow to dark red; beyond it lightness alone tells bad from worse."""
_SHORTEST = 1.0
"""Seconds: a target of no time at all has colours, too."""
_LEGEND = 110
"""Pixels."""


def heat_map(experiment: Experiment) -> alt.VConcatChart | None:
    """Day by clock time, a panel for each live channel: the mean wait of who arrived then. None without live channels.

    Colours change at multiples of the target's time, so that a glance tells where a channel is beyond its promise. Grey
    is open without a contact in any replication, white is closed. An hour that the clock shows twice has its second
    showing in a row of its own, "Sun 25 Oct (2nd)"; an hour that the clock skips is blank.
    """
    live = [c for c, channel in enumerate(experiment.scenario.channels) if channel.kind == "live"]
    if not live:
        return None
    independent: Row = {"scale": dict.fromkeys(("x", "y", "color"), "independent")}
    return alt.VConcatChart(vconcat=[_panel(experiment, c) for c in live], spacing=20, resolve=independent)


def _panel(experiment: Experiment, c: int) -> alt.LayerChart:
    channel = experiment.scenario.channels[c]
    title = f"{channel.title}: mean wait by time of day"
    bounds = [multiple * max(channel.target.within, _SHORTEST) for multiple in _MULTIPLES]
    classes = [f"up to {time_words(bounds[0])}", *(f"to {time_words(bound)}" for bound in bounds[1:]), "longer"]
    rows = _rows(experiment, c, bounds, classes)
    if not rows:
        return panel([note("closed all the time")], title, WIDTH - _LEGEND, 40)
    days = list(dict.fromkeys(row["day"] for row in rows))
    hours = list(range(int(min(row["at"] for row in rows)), ceil(max(row["to"] for row in rows)) + 1))
    clock: Row = {
        "values": hours,
        "labelExpr": "format(datum.value, '02d') + ':00'",
        "labelOverlap": True,
        "grid": False,
        "title": None,
    }
    cells = alt.Chart(data(rows)).encode(
        x=alt.X("at:Q", scale={"domain": [hours[0], hours[-1]], "nice": False, "zero": False}, axis=clock),
        x2="to:Q",
        y=alt.Y("day:N", sort=days, axis={"title": None, "domain": False, "ticks": False, "labelPadding": 8}),
        tooltip=[
            alt.Tooltip("when:N", title="from"),
            alt.Tooltip("told:N", title="mean wait"),
            alt.Tooltip("offered:N", title="contacts"),
        ],
    )
    colour = alt.Color(
        "class:N",
        scale={"domain": classes, "range": list(_COLOURS)},
        legend={"title": f"mean wait (target {time_words(channel.target.within)})", "symbolType": "square"},
    )
    coloured = cells.transform_filter("datum.class != null").mark_rect(stroke="white", strokeWidth=0.4)
    layers = [cells.mark_rect(color=CLOSED), coloured.encode(color=colour)]
    return panel(layers, title, WIDTH - _LEGEND, (24 if len(days) <= 10 else 16) * len(days))


def _rows(experiment: Experiment, c: int, bounds: list[float], classes: list[str]) -> list[Row]:
    """A row for each interval in which the channel is open or somebody waits."""
    calendar = experiment.scenario.calendar
    wait = experiment.estimate("mean_wait", ("channel", "interval"))[c]
    offered = experiment.estimate("offered", ("channel", "interval"))[c]
    is_open = calendar.open_mask(experiment.scenario.channels[c].hours)
    names = day_names(calendar)
    rows = []
    for i in np.flatnonzero(is_open | ~np.isnan(wait.value)).tolist():
        clock, label = int(calendar.clock_of_interval[i]), calendar.label(i)
        mean = float(wait.value[i])
        rows.append(
            {
                "day": names[calendar.day_of_interval[i]] + (" (2nd)" if label.endswith("(2nd)") else ""),
                "at": clock / 3600,
                "to": (clock + calendar.interval) / 3600,
                "when": label,
                "wait": mean,
                "class": None if isnan(mean) else classes[int(np.searchsorted(bounds, mean))],
                "told": time_estimate_words(wait[i]),
                "offered": f"{float(offered.value[i]):.1f}",
            }
        )
    return rows
