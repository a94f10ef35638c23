"""One picture of a run: the waits and the staffing, with a title and what it was made from."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import vl_convert

from simulator.charts.look import INDEPENDENT_COLOURS, dressed
from simulator.charts.requirement import requirement_chart
from simulator.charts.vega import below
from simulator.charts.wait import wait_chart
from simulator.language import say
from simulator.words import confidence_words, horizon_words, period_words, probability_text, run_words

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.charts.vega import Chart
    from simulator.experiment import Experiment
    from simulator.planning.staffing.plan import Plan


_MOST_STEPS = 300
"""More would be thinner than three pixels: then the picture goes by hours."""


def picture(experiment: Experiment, plan: Plan | None = None) -> Chart:
    """Waits, staffing and load of a run, with title and caption; of a plan, first its agents against today's."""
    scenario = experiment.scenario
    met = [
        f"{channel.title} {probability_text(result.met)} {period_words(channel.target.period)}"
        for result in experiment.targets
        for channel in [scenario.channels[result.channel]]
        if not isnan(float(result.met.value))
    ]
    run = run_words(experiment)
    footnotes = [
        say("charts.picture.waits"),
        *([say("charts.picture.met", interval=confidence_words(), met=", ".join(met))] if met else []),
        f"{run[0].upper()}{run[1:]}.",
    ]
    chart = wait_chart(experiment, most=_MOST_STEPS)
    if plan is not None:
        chart = below([requirement_chart(plan), chart], spacing=24, resolve=INDEPENDENT_COLOURS)
    return dressed(chart, scenario.title, [horizon_words(scenario.calendar)], footnotes)


def write_png(experiment: Experiment, path: Path, pixels: int = 1200, plan: Plan | None = None) -> None:
    """Write the picture, about `pixels` wide, on white; `plan` as for `picture`.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.write_bytes(png(picture(experiment, plan), pixels / 1000))


def png(figure: Chart, scale: float = 1.0) -> bytes:
    """A finished figure as PNG; it needs no browser."""
    return vl_convert.vegalite_to_png(figure, scale=scale)
