"""Waits of several variants through the same time, as lines on one axis."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.axis import MOST_INTERVALS, time_axis
from simulator.charts.look import BLUE, GREEN, NARROW, ORANGE, PURPLE, WIDTH, Colour, line_legend, note, panel
from simulator.charts.ticks import time_ticks
from simulator.charts.vega import below, category, lookup, marks, quantity, tips, until
from simulator.charts.wait import target_layers, target_lines
from simulator.language import duration, rounded_duration, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row
    from simulator.experiment import Experiment

    Floats = NDArray[np.float64]

STYLES: tuple[tuple[str, tuple[int, ...]], ...] = (
    (Colour.INK, ()),
    (GREEN, (7, 3)),
    (ORANGE, (2, 2)),
    (PURPLE, (9, 3, 2, 3)),
    (BLUE, (4, 2)),
)
"""Colour and dashes of each line, the base first: who cannot tell the colours can tell the dashes."""
_HEIGHT = 260


def variants_chart(
    experiments: Mapping[str, Experiment], channel: int, day: int | None = None, *, width: int = WIDTH
) -> Chart:
    """Median over the replications of the mean wait (live) or time to finish (deferred) of those who arrive then.

    Parameters
    ----------
    experiments
        By the name of each line, the base first; all of the same calendar and channels, five at most.
    channel
        Of which channel.
    day
        Only this day of the horizon; None: all of it.
    width
        Pixels of the time axis.
    """
    first = next(iter(experiments.values()))
    scenario = first.scenario
    calendar = scenario.calendar
    live = scenario.channels[channel].kind == "live"
    shown = np.ones(calendar.intervals, dtype=np.bool_)
    if day is not None:
        shown = np.asarray(calendar.day_of_interval) == day
    hours = [calendar.open_mask(each.scenario.channels[channel].hours) for each in experiments.values()]
    axis = time_axis(first, np.any(hours, axis=0) & shown, np.zeros_like(shown), width=width, most=MOST_INTERVALS)
    measure = "mean_wait" if live else "time_to_finish"
    medians = [
        each.band(measure, ("channel", axis.period), (0.5,))[0, channel].round(3) for each in experiments.values()
    ]
    names = list(experiments)
    rows: list[Row] = [
        {**row, "name": name}
        for name, values in zip(names, medians, strict=True)
        for row in axis.steps({"wait": np.where(np.isnan(axis.left), np.nan, values)})
    ]
    kind = "live" if live else "deferred"
    title = say(f"charts.variants.{kind}", channel=scenario.channels[channel].title, step=axis.period_words)
    backdrop = axis.backdrop(~axis.any_of(np.any(hours, axis=0)), _HEIGHT, labelled=True)
    if not rows:
        return below([panel([*backdrop, note(say("charts.wait.nobody"))], title, width, _HEIGHT)])
    target = scenario.channels[channel].target
    top = max(1.08 * max(row["wait"] for row in rows), 1.5 * target.within if live else 1.0, 1.0)
    ticks = time_ticks(top)
    texts = ["0" if value == 0 else duration(value) for value in ticks]
    styles = [style for _, style in zip(names, cycle(STYLES), strict=False)]
    x = axis.x(labelled=True)
    key: Row = {**line_legend(width), "offset": 44}
    lines: Row = {
        "x": x,
        "y": quantity(
            "wait",
            scale={"domain": [0, top], "nice": False},
            axis={"title": None, "values": ticks, "labelExpr": lookup(ticks, texts)},
        ),
        "color": category("name", scale={"domain": names, "range": [colour for colour, _ in styles]}, legend=key),
        "strokeDash": category(
            "name", scale={"domain": names, "range": [list(dashes) or [1, 0] for _, dashes in styles]}, legend=key
        ),
        "detail": category("run"),
    }
    layers = [
        *backdrop,
        marks(rows, "line", lines, interpolate="step-after", strokeWidth=2),
        *(target_layers(target, width) if live else []),
        marks(
            _told(rows, names),
            "rect",
            {
                "x": x,
                "x2": until("to"),
                "tooltip": [
                    *tips(when=say("charts.from")),
                    *(category(f"wait{k}", title=name) for k, name in enumerate(names)),
                ],
            },
            opacity=0,
        ),
    ]
    drawn = panel(layers, title, width, _HEIGHT)
    if live and width < NARROW:
        drawn["title"] |= {"subtitle": " ".join(target_lines(target)), "subtitleColor": Colour.TARGET}
    return below([drawn])


def _told(rows: list[Row], names: list[str]) -> list[Row]:
    """What the pointer is told: at each step the waits of all lines in words."""
    steps: dict[tuple[float, float], Row] = {}
    for row in rows:
        if row["to"] > row["at"]:
            blank = {f"wait{k}": rounded_duration(float("nan")) for k in range(len(names))}
            step = steps.setdefault(
                (row["at"], row["to"]), {"at": row["at"], "to": row["to"], "when": row["when"], **blank}
            )
            step[f"wait{names.index(row['name'])}"] = rounded_duration(row["wait"])
    return [steps[place] for place in sorted(steps)]
