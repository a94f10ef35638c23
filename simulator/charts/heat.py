"""Where it hurts: the mean wait of every interval, day under day."""

from __future__ import annotations

from math import ceil, isnan
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import NARROW, WAITS, WIDTH, Colour, legend_at, note, panel
from simulator.charts.vega import below, category, lookup, marks, quantity, tips, until
from simulator.language import clock, number, rounded_duration, say
from simulator.words import day_names, estimate_text

if TYPE_CHECKING:
    from simulator.charts.vega import Chart, Row
    from simulator.experiment import Experiment

_MULTIPLES = (0.5, 1, 2, 4, 8)
"""Of the target's time: where one colour ends and the next begins."""
_SHORTEST = 1.0
"""Seconds: a target of no time at all has colours, too."""
_LEGEND = 110
"""Pixels."""
_HOUR_ROOM = 34
"""Pixels that "08:00" needs."""


def heat_map(experiment: Experiment, *, width: int = WIDTH) -> Chart | None:
    """Day by clock time, a panel for each live channel: the mean wait of who arrived then. None without live channels.

    Colours change at multiples of the target's time, so that a glance tells where a channel is beyond its promise. Grey
    is open without a contact in any replication, blank is closed. An hour that the clock shows twice has its second
    showing in a row of its own, "Sun 25 Oct (2nd)"; an hour that the clock skips is blank.

    `width` is that of the panels and, where it is not narrow, the key beside them; names of days to their left take
    some 70 pixels more.
    """
    live = [c for c, channel in enumerate(experiment.scenario.channels) if channel.kind == "live"]
    if not live:
        return None
    independent: Row = {"scale": dict.fromkeys(("x", "y", "color"), "independent")}
    return below([_panel(experiment, c, width) for c in live], spacing=20, resolve=independent)


def _panel(experiment: Experiment, c: int, width: int) -> Chart:
    channel = experiment.scenario.channels[c]
    title = say("charts.heat.title", channel=channel.title)
    inner = width if width < NARROW else width - _LEGEND
    bounds = [multiple * max(channel.target.within, _SHORTEST) for multiple in _MULTIPLES]
    times = [rounded_duration(bound) for bound in bounds]
    classes = [
        say("charts.heat.up_to", time=times[0]),
        *(say("charts.heat.to", time=time) for time in times[1:]),
        say("charts.heat.longer"),
    ]
    rows = _rows(experiment, c, bounds, classes)
    if not rows:
        return panel([note(say("charts.heat.closed"))], title, inner, 40)
    days = list(dict.fromkeys(row["day"] for row in rows))
    hours = list(range(int(min(row["at"] for row in rows)), ceil(max(row["to"] for row in rows)) + 1))
    labelled = hours[:: ceil(_HOUR_ROOM * (len(hours) - 1) / inner)]
    axis: Row = {
        "values": labelled,
        "labelExpr": lookup(labelled, [clock(3600 * hour) for hour in labelled]),
        "grid": False,
        "title": None,
        "labelFlush": False,  # at the ends, labels would be pushed against their neighbours
    }
    place = {
        "x": quantity("at", scale={"domain": [hours[0], hours[-1]], "nice": False, "zero": False}, axis=axis),
        "x2": until("to"),
        "y": category("day", sort=days, axis={"title": None, "domain": False, "ticks": False, "labelPadding": 8}),
        "tooltip": tips(when=say("charts.from"), told=say("charts.heat.wait"), offered=say("charts.heat.contacts")),
    }
    key = {
        **legend_at(width, classes, above=False),
        "title": say("charts.heat.key", time=rounded_duration(channel.target.within)),
    }
    colour = category("class", scale={"domain": classes, "range": list(WAITS)}, legend=key)
    layers = [
        marks(rows, "rect", place, color=Colour.CLOSED),
        marks(
            rows,
            "rect",
            {**place, "color": colour},
            where="datum.class != null",
            stroke=Colour.PAPER,
            strokeWidth=0.4,
        ),
    ]
    return panel(layers, title, inner, (24 if len(days) <= 10 else 16) * len(days))


def _rows(experiment: Experiment, c: int, bounds: list[float], classes: list[str]) -> list[Row]:
    """A row for each interval in which the channel is open or somebody waits."""
    calendar = experiment.scenario.calendar
    wait = experiment.estimate("mean_wait", ("channel", "interval"))[c]
    offered = experiment.estimate("offered", ("channel", "interval"))[c]
    is_open = calendar.open_mask(experiment.scenario.channels[c].hours)
    names = day_names(calendar)
    rows = []
    for i in np.flatnonzero(is_open | ~np.isnan(wait.value)).tolist():
        starts, mean = int(calendar.clock_of_interval[i]), float(wait.value[i])
        name = names[calendar.day_of_interval[i]]
        rows.append(
            {
                "day": say("forms.second_showing", time=name) if calendar.is_second_showing(i) else name,
                "at": starts / 3600,
                "to": (starts + calendar.interval) / 3600,
                "when": calendar.label(i),
                "wait": None if isnan(mean) else round(mean, 3),
                "class": None if isnan(mean) else classes[int(np.searchsorted(bounds, mean))],
                "told": estimate_text(wait[i], "seconds"),
                "offered": number(float(offered.value[i]), 1),
            }
        )
    return rows
