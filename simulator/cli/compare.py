"""`ruuhka compare`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.cli.console import output
from simulator.cli.failures import DONE, BadInputError
from simulator.cli.play import change_words, load, play
from simulator.experiment import Comparison, difference_in_customers
from simulator.report.compared import compared
from simulator.report.document import comparison_document
from simulator.report.json_output import printed
from simulator.scenario.checks import BASE

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.cli.options import Run


def compare_command(
    file: Path, names: tuple[str, str], overrides: dict[str, object], how: Run, *, as_json: bool
) -> int:
    """Play two variants on the same customers and show what differs; returns the exit code.

    Raises
    ------
    BadInputError
        If the scenario, a variant or an option is refused, or the two cannot meet the same customers.
    """
    first, second = (load(file, None if name == BASE else name, overrides) for name in names)
    what = difference_in_customers(first, second)
    if what:
        msg = f"{names[0]} and {names[1]} cannot be compared: both need the same {what}."
        raise BadInputError(msg)
    # A variant may set its own seed or number of replications; a pair has one of each.
    how = replace(
        how,
        seed=first.seed if how.seed is None else how.seed,
        replications=first.replications if how.replications is None else how.replications,
    )
    base, other = (
        play(scenario, how, silent=as_json, title=f"Simulating {name}")
        for scenario, name in zip((first, second), names, strict=True)
    )
    comparison = Comparison(base, other)
    if as_json:
        print(printed(comparison_document(comparison, names)))
    else:
        output().print(compared(comparison, names, change_words(None, overrides)))
    return DONE
