"""`ruuhka simulate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli.console import output
from simulator.cli.failures import DONE, NOT_REACHED, BadInputError
from simulator.cli.play import change_words, load, play, with_staffing
from simulator.report.document import experiment_document
from simulator.report.folder import ResultFolderError, check_result_folder, result_folder
from simulator.report.json_output import printed
from simulator.report.simulated import simulated

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.cli.options import Run
    from simulator.experiment import Experiment


def simulate_command(
    file: Path,
    variant: str | None,
    overrides: dict[str, object],
    staffing: Path | None,
    how: Run,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Play one scenario and show the result; returns the exit code.

    Raises
    ------
    BadInputError
        If the scenario, an option or the folder for results is refused.
    """
    try:
        if out is not None:
            check_result_folder(out, force=force)  # before the work is done
        change = change_words(variant, overrides, staffing)
        if staffing is not None:
            overrides = with_staffing(file, variant, overrides, staffing)
        experiment = play(load(file, variant, overrides), how, silent=as_json)
        if out is not None:
            write(experiment, out, variant, overrides, change, force=force)
    except ResultFolderError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None
    if as_json:
        print(printed(experiment_document(experiment)))
    else:
        console = output()
        console.print(simulated(experiment, change))
        if out is not None:
            console.print(f"Tables, charts and manifest are in {out}.", soft_wrap=True)
        if experiment.precision_reached is False:
            console.print(f"The half-width asked for by --until {how.until} was not reached.")
    return NOT_REACHED if experiment.precision_reached is False else DONE


def write(
    experiment: Experiment, out: Path, variant: str | None, overrides: dict[str, object], change: str, *, force: bool
) -> None:
    """Write tables, charts and manifest, all or nothing.

    Raises
    ------
    ResultFolderError
        If they cannot be written there.
    """
    from simulator.charts import write_page, write_png, write_waves_png
    from simulator.report.files import write_manifest, write_tables

    with result_folder(out, force=force) as folder:
        write_tables(experiment, folder)
        write_page(experiment, folder / "report.html", change)
        write_png(experiment, folder / "report.png")
        write_waves_png(experiment.scenario, folder / "waves.png")
        write_manifest(experiment, folder, variant, overrides)
