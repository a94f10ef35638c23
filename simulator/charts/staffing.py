"""Who is on duty, and how much work comes in for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import GROUPS, Colour, distinct, legend_at, panel
from simulator.charts.vega import category, literal, marks, quantity, tips, until
from simulator.language import say
from simulator.measures import MEASURES

if TYPE_CHECKING:
    from simulator.charts.axis import TimeAxis
    from simulator.charts.vega import Chart, Row
    from simulator.experiment import Experiment

_HEIGHT = 130
_LOAD = MEASURES["offered_load"]
_LEGEND_LETTERS = 90
"""Longer names do not fit into one row beside the heading; they go to the right of the panel."""


def staffing_panel(experiment: Experiment, axis: TimeAxis) -> Chart:
    """Agents on duty as stacked steps, a colour for each group, and the offered load as lines over them.

    Both have one scale, since an erlang is the work of one agent who holds one contact all the time. The load is the
    mean over the replications; messages count when they arrive, though they can wait, and so the load of the live
    channels, which must be carried at once, is shown apart where there are messages too.
    """
    scenario = experiment.scenario
    loads = {say("charts.staffing.load"): _LOAD}
    if len({channel.kind for channel in scenario.channels}) == 2:
        live = replace(_LOAD, channels="live")
        loads = {say("charts.staffing.live_load"): live, say("charts.staffing.whole_load"): _LOAD}
    names = [*distinct([group.title for group in scenario.groups]), *loads]
    groups = len(scenario.groups)
    agents = experiment.estimate("agents", ("group", axis.period)).value
    arriving = [experiment.estimate(measure, (axis.period,)).value for measure in loads.values()]
    values = [*agents, *arriving]
    # Stacked here: Vega's own stacks would fill the blanks where time is left out.
    tops = np.cumsum(agents, axis=0)
    columns = {f"value{k}": value.round(3) for k, value in enumerate(values)}
    columns |= {f"top{k}": top.round(3) for k, top in enumerate(tops)}
    rows = axis.steps(columns)
    beside = sum(map(len, names)) <= _LEGEND_LETTERS
    colours = [*(GROUPS[g % len(GROUPS)] for g in range(groups)), Colour.LOAD, Colour.FAINT_LOAD][: len(names)]
    key = {"scale": {"domain": names, "range": colours}, "legend": legend_at(axis.width, names, above=beside)}
    x = axis.x(labelled=True)
    highest = max((row[column] for row in rows for column in columns), default=0.0)
    scale = {"domain": [0, 1.08 * max(highest, 1.0)], "nice": False}
    shared: Row = {"x": x, "detail": category("run"), "color": category("name", **key)}

    def height(field: str) -> Row:
        return quantity(field, scale=scale, axis={"title": None, "tickCount": 4, "format": "d", "tickMinStep": 1})

    def named(k: int) -> Row:
        return {"name": literal(names[k])}

    def area(k: int) -> Chart:
        ground = until(f"top{k - 1}") if k else {"datum": 0}
        place = {**shared, "y": height(f"top{k}"), "y2": ground}
        return marks(rows, "area", place, calculate=named(k), interpolate="step-after", opacity=0.85)

    def line(k: int) -> Chart:
        place = {**shared, "y": height(f"value{k}")}
        return marks(rows, "line", place, calculate=named(k), interpolate="step-after", strokeWidth=1.3)

    layers = [
        *axis.backdrop(~axis.any_of(scenario.staffing.sum(axis=0) > 0), _HEIGHT, labelled=True),
        *(area(k) for k in range(groups)),
        *(line(k) for k in range(groups, len(names))),
        marks(
            rows,
            "rect",
            {
                "x": x,
                "x2": until("to"),
                "tooltip": [
                    *tips(when=say("charts.from")),
                    *(quantity(f"value{k}", title=name, format=",.1~f") for k, name in enumerate(names)),
                ],
            },
            where="datum.to > datum.at",
            opacity=0,
        ),
    ]
    return panel(layers, say("charts.staffing.title"), axis.width, _HEIGHT, beside_legend=beside)
