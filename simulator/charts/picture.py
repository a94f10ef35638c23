"""One picture of a run: the waits and the staffing, with a title and what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import vl_convert

from simulator.charts.look import Chart, dressed, spec
from simulator.charts.wait import wait_chart
from simulator.charts.words import horizon_words, replications_words, run_words
from simulator.experiment import CONFIDENCE

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.experiment import Experiment


def picture(experiment: Experiment) -> Chart:
    """Waits, staffing and load of a run, with title and caption."""
    scenario = experiment.scenario
    footnotes = [
        f"Line: median over {replications_words(experiment)}; bands: what 80 % and 95 % of futures bring. Grey: the channel "
        "is closed; hours in which the whole centre is closed are left out.",
        f"{run_words(experiment)[0].upper()}{run_words(experiment)[1:]}.",
    ]
    return dressed(wait_chart(experiment), scenario.title, [horizon_words(scenario.calendar)], footnotes)


def write_png(experiment: Experiment, path: Path, pixels: int = 1200) -> None:
    """Write the picture, about `pixels` wide, on white.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.write_bytes(png(picture(experiment), pixels / 1000))


def png(chart: Chart, scale: float = 1.0) -> bytes:
    """A finished figure as PNG; it needs no browser."""
    return vl_convert.vegalite_to_png(spec(chart), scale=scale)
