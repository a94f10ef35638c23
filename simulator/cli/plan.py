"""`ruuhka plan`."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from simulator.cli import options
from simulator.cli.console import output
from simulator.cli.failures import DONE, NOT_REACHED, BadInputError
from simulator.cli.play import announce_compiling, change_words, load
from simulator.engine import DEFAULT_ENGINE
from simulator.experiment import usable_processors
from simulator.planning.staffing.bounds import BoundsError
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.plan import FRESH, Plan
from simulator.planning.staffing.requirement import require
from simulator.report.folder import ResultFolderError, check_result_folder, result_folder
from simulator.report.json_output import printed
from simulator.report.plan import found_words, plan_document, plan_report
from simulator.scenario.errors import unknown
from simulator.scenario.model import TargetPeriod

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulator.cli.options import Run
    from simulator.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for, as written."""

    channels: Sequence[str] = ()
    period: str | None = None
    probability: str | None = None
    occupancy: str | None = None
    minimum: Sequence[str] = ()
    maximum: Sequence[str] = ()
    time_limit: float = 300.0


def plan_command(
    file: Path,
    variant: str | None,
    overrides: dict[str, object],
    wanted: Wanted,
    how: Run,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Search for a plan, check it on other customers and show it; returns the exit code.

    Raises
    ------
    BadInputError
        If the scenario, an option or the folder for results is refused.
    """
    try:
        if out is not None:
            check_result_folder(out, force=force)  # before the work is done
        scenario = load(file, variant, overrides)
        goal = parse_goal(scenario, wanted)
        maximum = numbers_by_group("--maximum", wanted.maximum, scenario)
        replications = scenario.replications if how.replications is None else how.replications
        seed = scenario.seed if how.seed is None else how.seed
        workers = how.workers or usable_processors()
        if not as_json:
            announce_compiling(DEFAULT_ENGINE)
        requirement = require(
            scenario,
            goal,
            replications=replications,
            seed=seed,
            workers=workers,
            maximum=maximum,
            time_limit=wanted.time_limit,
        )
        plan = Plan.checked(
            scenario, goal, requirement.staffing, replications=replications, seed=seed + FRESH, workers=workers
        )
        found = found_words(requirement)
        change = change_words(variant, overrides)
        if out is not None:
            write(plan, found, out, variant, overrides, change, force=force)
    except ResultFolderError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None
    except BoundsError as error:
        msg = f"--minimum and --maximum: {error}"
        raise BadInputError(msg) from None
    if as_json:
        print(printed(plan_document(plan, found)))
    else:
        console = output()
        console.print(plan_report(plan, found, change))
        if out is not None:
            console.print(f"Staffing, tables, charts and manifest are in {out}.", soft_wrap=True)
            settings = [part for path, value in overrides.items() for part in ("--set", f"{path}={value}")]
            named = ["--variant", variant] if variant is not None else []
            command = ["ruuhka", "simulate", str(file), *named, *settings, "--staffing", str(out / "staffing.csv")]
            console.print(f"To play it: {shlex.join(command)}", soft_wrap=True)
    return DONE if requirement.kept else NOT_REACHED


def parse_goal(scenario: Scenario, wanted: Wanted) -> Goal:
    """What the options ask a plan to hold.

    Raises
    ------
    BadInputError
        Naming the option at fault and what is allowed.
    """
    period = next((each for each in get_args(TargetPeriod) if each == wanted.period), None)
    if period is None and wanted.period is not None:
        msg = f"--period: {unknown('period', wanted.period, list(get_args(TargetPeriod)))}"
        raise BadInputError(msg)
    probability, cap = (
        options.share(option, text)
        for option, text in (("--probability", wanted.probability), ("--occupancy", wanted.occupancy))
    )
    minimum = numbers_by_group("--minimum", wanted.minimum, scenario)
    try:
        return Goal.of(scenario, wanted.channels, period, probability, occupancy_cap=cap, minimum=minimum)
    except ValueError as error:
        msg = f"--channel, --probability, --occupancy or --minimum: {error}"
        raise BadInputError(msg) from None


def numbers_by_group(option: str, texts: Sequence[str], scenario: Scenario) -> dict[str, int]:
    """Read "inhouse=12", one for each group.

    Raises
    ------
    BadInputError
        Naming the part at fault and what is allowed.
    """
    names = [group.name for group in scenario.groups]
    found: dict[str, int] = {}
    for text in texts:
        name, _, number = (part.strip() for part in text.partition("="))
        if not number.isdecimal():
            msg = f'{option} "{text}": write GROUP=AGENTS, as in {names[0]}=12.'
            raise BadInputError(msg)
        if name not in names:
            msg = f"{option}: {unknown('group', name, names)}"
            raise BadInputError(msg)
        found[name] = int(number)
    return found


def write(
    plan: Plan,
    found: Sequence[str],
    out: Path,
    variant: str | None,
    overrides: dict[str, object],
    change: str,
    *,
    force: bool,
) -> None:
    """Write the plan's staffing, its results on fresh customers, charts and manifest, all or nothing.

    Raises
    ------
    ResultFolderError
        If they cannot be written there.
    """
    from simulator.charts import write_page, write_png
    from simulator.report.files import write_manifest, write_tables
    from simulator.report.sheets import staffing_xlsx
    from simulator.report.staffing_file import staffing_csv

    experiment = plan.planned.experiment
    change = f"{change}, by the plan" if change else "by the plan"
    with result_folder(out, force=force) as folder:
        (folder / "staffing.csv").write_bytes(staffing_csv(experiment.scenario))
        (folder / "staffing.xlsx").write_bytes(staffing_xlsx(experiment.scenario))
        (folder / "plan.json").write_text(printed(plan_document(plan, found)) + "\n", encoding="utf-8")
        write_tables(experiment, folder)
        write_page(experiment, folder / "report.html", change)
        write_png(experiment, folder / "report.png")
        write_manifest(experiment, folder, variant, overrides)
