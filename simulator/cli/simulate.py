"""`ruuhka simulate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli.console import output
from simulator.cli.failures import DONE, NOT_REACHED
from simulator.cli.play import change_words, play
from simulator.report.simulated import simulated
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.cli.options import Run


def simulate_command(
    file: Path,
    variant: str | None,
    overrides: dict[str, object],
    how: Run,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Play one scenario and show the result; returns the exit code."""
    scenario = load_scenario(file, variant, overrides)
    experiment = play(scenario, how, silent=as_json)
    output().print(simulated(experiment, change_words(scenario, variant, overrides)))
    return NOT_REACHED if experiment.precision_reached is False else DONE
