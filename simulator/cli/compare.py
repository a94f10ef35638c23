"""`ruuhka compare`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.cli.console import output
from simulator.cli.failures import DONE
from simulator.cli.play import change_words, play
from simulator.experiment import Comparison
from simulator.report.compared import compared
from simulator.report.document import comparison_document, printed
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.cli.options import Run

BASE = "base"
"""The name of the file as it is."""


def compare_command(
    file: Path, names: tuple[str, str], overrides: dict[str, object], how: Run, *, as_json: bool
) -> int:
    """Play two variants on the same customers and show what differs; returns the exit code."""
    scenarios = [load_scenario(file, None if name == BASE else name, overrides) for name in names]
    # A variant may set its own seed or number of replications; a pair has one of each.
    how = replace(
        how,
        seed=scenarios[0].seed if how.seed is None else how.seed,
        replications=how.replications or scenarios[0].replications,
    )
    base, other = (
        play(scenario, how, silent=as_json, title=f"Simulating {name}")
        for scenario, name in zip(scenarios, names, strict=True)
    )
    comparison = Comparison(base, other)
    if as_json:
        print(printed(comparison_document(comparison, names)))
    else:
        output().print(compared(comparison, names, change_words(None, overrides)))
    return DONE
