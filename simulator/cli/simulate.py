"""`ruuhka simulate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli.console import output
from simulator.cli.failures import DONE, NOT_REACHED, BadInputError
from simulator.cli.play import change_words, play
from simulator.report.document import experiment_document, printed
from simulator.report.simulated import simulated
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.cli.options import Run
    from simulator.experiment import Experiment


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
    if out is not None:
        checked(out, force=force)
    scenario = load_scenario(file, variant, overrides)
    experiment = play(scenario, how, silent=as_json)
    if out is not None:
        write(experiment, out, variant, overrides, force=force)
    if as_json:
        print(printed(experiment_document(experiment)))
    else:
        console = output()
        console.print(simulated(experiment, change_words(variant, overrides)))
        if out is not None:
            console.print(f"Tables, charts and manifest are in {out}.")
        if experiment.precision_reached is False:
            console.print(f"The half-width asked for by --until {how.until} was not reached.")
    return NOT_REACHED if experiment.precision_reached is False else DONE


def checked(out: Path, *, force: bool) -> None:
    """Refuse a place for results before the work is done.

    Raises
    ------
    BadInputError
        Saying why.
    """
    from simulator.report.files import ResultFolderError, check_result_folder

    try:
        check_result_folder(out, force=force)
    except ResultFolderError as error:
        raise BadInputError(str(error)) from None


def write(experiment: Experiment, out: Path, variant: str | None, overrides: dict[str, object], *, force: bool) -> None:
    """Write tables, charts and manifest, all or nothing.

    Raises
    ------
    BadInputError
        If they cannot be written there.
    """
    from simulator.charts import write_page, write_png
    from simulator.report.files import ResultFolderError, result_folder, write_manifest, write_tables

    try:
        with result_folder(out, force=force) as folder:
            write_tables(experiment, folder)
            write_page(experiment, folder / "report.html")
            write_png(experiment, folder / "report.png")
            write_manifest(experiment, folder, variant, overrides)
    except ResultFolderError as error:
        raise BadInputError(str(error)) from None
