"""From options to an experiment, the same for every command that simulates."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from simulator.cli.console import is_watched, progress
from simulator.cli.failures import BadInputError
from simulator.demand import check_demand
from simulator.engine import DEFAULT_ENGINE, ENGINES, EngineName
from simulator.experiment import Experiment, Precision, run, usable_processors
from simulator.experiment.precision import parse_precision
from simulator.scenario import ScenarioError, load_scenario, load_variants

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.cli.options import Run
    from simulator.experiment import Customers
    from simulator.scenario import Scenario

COMPILING = "Compiling the engine for this machine, once; about half a minute ..."
COMPILING_AGAIN = (
    "Compiling the engine; about half a minute, in every run: its machine code cannot be kept here. "
    "NUMBA_CACHE_DIR may name a folder where it can ..."
)


def load(file: Path, variant: str | None, overrides: dict[str, object]) -> Scenario:
    """Read and check a scenario file.

    Raises
    ------
    BadInputError
        If it is refused: file, field, value and what is allowed, for all that is wrong with it.
    """
    try:
        scenario = load_scenario(file, variant, overrides)
        check_demand(scenario)
    except ScenarioError as error:
        raise BadInputError(str(error)) from None
    return scenario


def with_staffing(file: Path, variant: str | None, overrides: dict[str, object], staffing: Path) -> dict[str, object]:
    """The overrides, and over them those that take the agents from a staffing file.

    What is in the file is all: agents that a variant or an override adds to the scenario's own are not added to it.

    Raises
    ------
    BadInputError
        If the scenario or the staffing file is refused.
    """
    from simulator.report.staffing_file import staffing_from

    try:
        return {**overrides, **staffing_from(load(file, variant, overrides), staffing)}
    except ScenarioError as error:
        raise BadInputError(f"--staffing: {error}") from None


def load_all(file: Path, names: list[str] | None, overrides: dict[str, object]) -> tuple[Scenario, dict[str, Scenario]]:
    """Read and check a scenario file, and by name its variants: those asked for, or all.

    Raises
    ------
    BadInputError
        If it is refused.
    """
    try:
        base, variants = load_variants(file, names, overrides)
        for scenario in (base, *variants.values()):
            check_demand(scenario)
    except ScenarioError as error:
        raise BadInputError(str(error)) from None
    return base, variants


def play(
    scenario: Scenario,
    how: Run,
    *,
    silent: bool = False,
    title: str = "Simulating",
    customers: Customers | None = None,
) -> Experiment:
    """Play a scenario as the options say; `customers` as for `run`.

    Raises
    ------
    BadInputError
        If an option asks for what there is not; the message says what is allowed.
    """
    engine = engine_of(how)
    precision = None if how.until is None else precision_of(how.until, scenario)
    if not silent:
        announce_compiling(engine)
    with progress(title, silent=silent) as report:
        return run(
            scenario,
            replications=how.replications,
            seed=how.seed,
            engine=engine,
            workers=how.workers or usable_processors(),
            precision=precision,
            most_replications=how.max_replications,
            on_progress=report,
            customers=customers,
        )


def engine_of(how: Run) -> EngineName:
    """The engine that the options name, or else the default one.

    Raises
    ------
    BadInputError
        If there is no such engine.
    """
    name = how.engine or DEFAULT_ENGINE
    engine = next((each for each in ENGINES if each == name), None)
    if engine is None:
        msg = f"--engine {name}: there is {', '.join(ENGINES)}."
        raise BadInputError(msg)
    return engine


def announce_compiling(engine: str) -> None:
    """Tell who watches why the first replication takes so long, if no earlier run has left its machine code."""
    if engine != "compiled" or not is_watched():
        return
    from simulator.jit import cache_directory, is_compiled  # Numba is loaded only where it plays

    if not is_compiled():
        print(COMPILING if cache_directory() else COMPILING_AGAIN, file=sys.stderr, flush=True)


def precision_of(text: str, scenario: Scenario) -> Precision:
    """Read "phone=0.5 %" or "phone.asa=1 s".

    Raises
    ------
    BadInputError
        Naming the part at fault and what is allowed.
    """
    try:
        return parse_precision(text, scenario)
    except ValueError as error:
        msg = f'--until "{text}": {error}'
        raise BadInputError(msg) from None


def change_words(variant: str | None, overrides: dict[str, object], staffing: Path | None = None) -> str:
    """What differs from the file, in words; nothing if nothing does."""
    parts = [f"variant {variant}"] if variant is not None else []
    parts += [f"the staffing of {staffing}"] if staffing is not None else []
    parts += [f"{path} = {value}" for path, value in overrides.items()]
    return "with " + ", ".join(parts) if parts else ""
