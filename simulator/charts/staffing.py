"""Who is on duty, and how much work comes in for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.look import BLACK, FAINT_INK, GROUPS, Row, data, legend_above, panel
from simulator.charts.words import distinct
from simulator.measures import MEASURES

if TYPE_CHECKING:
    from simulator.charts.axis import TimeAxis
    from simulator.experiment import Experiment

_HEIGHT = 130
_LOAD = MEASURES["offered_load"]
_LEGEND_LETTERS = 90
"""Longer names do not fit into one row beside the heading; they go to the right of the panel."""


def staffing_panel(experiment: Experiment, axis: TimeAxis) -> alt.LayerChart:
    """Agents on duty as stacked steps, a colour for each group, and the offered load as lines over them.

    Both have one scale, since an erlang is the work of one agent who holds one contact all the time. The load is the
    mean over the replications; messages count when they arrive, though they can wait, and so the load of the live
    channels, which must be carried at once, is shown apart where there are messages too.
    """
    scenario = experiment.scenario
    loads = {"load in erlangs": _LOAD}
    if len({channel.kind for channel in scenario.channels}) == 2:
        loads = {"load of live channels in erlangs": replace(_LOAD, channels="live"), "load with messages": _LOAD}
    names = [*distinct([group.title for group in scenario.groups]), *loads]
    groups = len(scenario.groups)
    agents = experiment.estimate("agents", ("group", axis.period)).value
    arriving = [experiment.estimate(measure, (axis.period,)).value for measure in loads.values()]
    values = [*agents, *arriving]
    # Stacked here: Vega's own stacks would fill the blanks where time is left out. Loads start from 0, and are lines.
    floors = [*(np.cumsum(agents, axis=0) - agents), *(0 * load for load in arriving)]
    columns = {f"value{k}": value for k, value in enumerate(values)} | {f"floor{k}": f for k, f in enumerate(floors)}
    wide = axis.steps(columns)
    long: list[Row] = [
        {"run": row["run"], "at": row["at"], "name": name, "order": k}
        | {"floor": row[f"floor{k}"], "top": row[f"floor{k}"] + row[f"value{k}"]}
        for k, name in enumerate(names)
        for row in wide
    ]
    beside = sum(map(len, names)) <= _LEGEND_LETTERS
    colour = alt.Color(
        "name:N",
        scale={
            "domain": names,
            "range": [*(GROUPS[g % len(GROUPS)] for g in range(groups)), BLACK, FAINT_INK][: len(names)],
        },
        legend=legend_above() if beside else {"title": None, "symbolType": "square"},
    )
    x = axis.x(labelled=True)
    highest = max((row["top"] for row in long), default=0.0)
    y = alt.Y(
        "top:Q",
        scale={"domain": [0, 1.08 * max(highest, 1.0)], "nice": False},
        axis={"title": None, "tickCount": 4, "format": "d", "tickMinStep": 1},
    )
    base = alt.Chart(data(long)).encode(x=x, color=colour, detail="run:N")
    pointer = alt.Chart(data([row for row in wide if row["to"] > row["at"]])).mark_rect(opacity=0)
    tooltips = [alt.Tooltip(f"value{k}:Q", title=name, format=".1~f") for k, name in enumerate(names)]
    layers = [
        *axis.backdrop(~axis.any_of(scenario.staffing.sum(axis=0) > 0), _HEIGHT, labelled=True),
        base.transform_filter(f"datum.order < {groups}")
        .mark_area(interpolate="step-after", opacity=0.85)
        .encode(y=y, y2=alt.Y2("floor:Q")),
        base.transform_filter(f"datum.order >= {groups}")
        .mark_line(interpolate="step-after", strokeWidth=1.3)
        .encode(y=y),
        pointer.encode(x=x, x2="to:Q", tooltip=[alt.Tooltip("when:N", title="from"), *tooltips]),
    ]
    return panel(layers, "Agents on duty, and work arriving", axis.width, _HEIGHT, beside_legend=beside)
