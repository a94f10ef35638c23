"""One picture of a run: the waits and the staffing, with a title and what it was made from."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import vl_convert

from simulator.charts.look import dressed
from simulator.charts.wait import wait_chart
from simulator.language import say
from simulator.words import confidence_words, horizon_words, probability_text, run_words

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.charts.vega import Chart
    from simulator.experiment import Experiment


_MOST_STEPS = 300
"""More would be thinner than three pixels: then the picture goes by hours."""


def picture(experiment: Experiment) -> Chart:
    """Waits, staffing and load of a run, with title and caption."""
    scenario = experiment.scenario
    met = [
        f"{scenario.channels[result.channel].title} {probability_text(result.met)}"
        for result in experiment.targets
        if not isnan(float(result.met.value))
    ]
    run = run_words(experiment)
    footnotes = [
        say("charts.picture.waits"),
        *([say("charts.picture.met", interval=confidence_words(), met=", ".join(met))] if met else []),
        f"{run[0].upper()}{run[1:]}.",
    ]
    chart = wait_chart(experiment, most=_MOST_STEPS)
    return dressed(chart, scenario.title, [horizon_words(scenario.calendar)], footnotes)


def write_png(experiment: Experiment, path: Path, pixels: int = 1200) -> None:
    """Write the picture, about `pixels` wide, on white.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.write_bytes(png(picture(experiment), pixels / 1000))


def png(figure: Chart, scale: float = 1.0) -> bytes:
    """A finished figure as PNG; it needs no browser."""
    return vl_convert.vegalite_to_png(figure, scale=scale)
