"""Who is on duty, and how much work comes in for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from simulator.charts.look import BLACK, FAINT_INK, GROUPS, data, legend, panel_title
from simulator.measures import MEASURES

if TYPE_CHECKING:
    from simulator.charts.axis import TimeAxis
    from simulator.experiment import Experiment

_HEIGHT = 130
_LOAD = MEASURES["offered_load"]


def staffing_panel(experiment: Experiment, axis: TimeAxis) -> alt.LayerChart:
    """Agents on duty as stacked steps, a colour for each group, and the offered load as a line over them.

    Both have one scale, since an erlang is the work of one agent who holds one contact all the time. The load is the
    mean over the replications of the work that arrives; messages count when they arrive, though they can wait.
    """
    scenario = experiment.scenario
    titles = [group.title for group in scenario.groups]
    agents = experiment.estimate("agents", ("group", axis.period)).value
    kinds = {channel.kind for channel in scenario.channels}
    # Only the load on live channels must be carried at once; where there are messages too, both loads are shown.
    loads = {"load (erlangs)": _LOAD}
    if len(kinds) == 2:
        loads = {"load of live channels (erlangs)": replace(_LOAD, channels="live"), "load with messages": _LOAD}
    arriving = {name: experiment.estimate(measure, (axis.period,)).value for name, measure in loads.items()}
    # Groups of one name are still two groups.
    names = [title if titles.count(title) == 1 else f"{title} {g + 1}" for g, title in enumerate(titles)]
    colours = [GROUPS[g % len(GROUPS)] for g in range(len(names))]
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=[*names, *loads], range=[*colours, BLACK, FAINT_INK][: len(names) + len(loads)]),
        legend=legend(),
        sort=None,
    )
    x = axis.x(labelled=True)
    y = alt.Axis(title=None, tickCount=4, format="d", tickMinStep=1)
    on_duty = [
        {**row, "name": name, "order": g} for g, name in enumerate(names) for row in axis.steps({"value": agents[g]})
    ]
    come = [{**row, "name": name} for name, values in arriving.items() for row in axis.steps({"value": values})]
    told = [
        {"at": row["at"], "to": row["to"], "when": row["when"]}
        | {name: f"{agents[g, k]:.1f}".removesuffix(".0") for g, name in enumerate(names)}
        | {name: f"{values[k]:.1f}" for name, values in arriving.items()}
        for k, row in enumerate(axis.steps({"period": np.arange(len(axis.first), dtype=np.float64)}))
        if row["to"] > row["at"]
        for k in (int(row["period"]),)
    ]
    stacked = alt.Chart(data(on_duty)).mark_area(interpolate="step-after", opacity=0.85)
    line = alt.Chart(data(come)).mark_line(interpolate="step-after", strokeWidth=1.3)
    pointer = alt.Chart(data(told)).mark_rect(opacity=0)
    return alt.layer(
        *axis.backdrop(~axis.any_of(scenario.staffing.any(axis=0)), _HEIGHT, labelled=True),
        stacked.encode(
            x=x, y=alt.Y("value:Q", stack="zero", axis=y), color=colour, order="order:Q", detail="run:N"
        ),
        line.encode(x=x, y=alt.Y("value:Q", axis=y), color=colour, detail="run:N"),
        pointer.encode(
            x=x,
            x2="to:Q",
            tooltip=[
                alt.Tooltip("when:N", title="from"),
                *(alt.Tooltip(field=name, type="nominal", title=name) for name in (*names, *loads)),
            ],
        ),
        title=panel_title("Agents on duty, and work arriving", beside_legend=True),
        width=axis.width,
        height=_HEIGHT,
    )
