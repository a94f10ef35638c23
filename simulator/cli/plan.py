"""`ruuhka plan`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from simulator.cli.console import output, status
from simulator.cli.failures import DONE, NOT_REACHED, BadInputError
from simulator.cli.plan_options import numbers_by_group, parse_budget, parse_goal
from simulator.cli.plan_watched import best_told
from simulator.cli.play import announce_compiling, change_words, load
from simulator.engine import DEFAULT_ENGINE
from simulator.experiment import usable_processors
from simulator.planning.staffing.bounds import BoundsError
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.plan import FRESH, Plan
from simulator.planning.staffing.requirement import Requirement, require
from simulator.report.folder import ResultFolderError, check_result_folder, result_folder
from simulator.report.json_output import printed
from simulator.report.plan import plan_document, plan_report, plan_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.cli.options import Run
    from simulator.cli.plan_options import Wanted
    from simulator.report.plan import AskedBudget
    from simulator.scenario import Scenario


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

    A budget that does not pay for all of the goal is no failure: the best service for it was asked for, and is shown.

    Raises
    ------
    BadInputError
        If the scenario, an option or the folder for results is refused.
    """
    try:
        if out is not None:
            check_result_folder(out, force=force)  # before the work is done
        scenario = load(file, variant, overrides)
        requirement, plan, budget = search(scenario, wanted, how, silent=as_json)
        change = change_words(variant, overrides)
        if out is not None:
            write(requirement, plan, budget, out, variant, overrides, change, force=force)
    except ResultFolderError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None
    if as_json:
        print(printed(plan_document(requirement, plan, budget)))
    else:
        console = output()
        console.print(plan_report(requirement, plan, change, budget))
        if out is not None:
            console.print(f"Staffing, tables, charts and manifest are in {out}.", soft_wrap=True)
            settings = [part for path, value in overrides.items() for part in ("--set", f"{path}={value}")]
            named = ["--variant", variant] if variant is not None else []
            command = ["ruuhka", "simulate", str(file), *named, *settings, "--staffing", str(out / "staffing.csv")]
            console.print(f"To play it: {shlex.join(command)}", soft_wrap=True)
    return DONE if requirement.kept or budget is not None else NOT_REACHED


def search(
    scenario: Scenario, wanted: Wanted, how: Run, *, silent: bool
) -> tuple[Requirement, Plan, AskedBudget | None]:
    """The requirement, the plan beside today's staffing on fresh customers, and the budget that was asked for.

    Raises
    ------
    BadInputError
        If an option is refused.
    """
    goal = parse_goal(scenario, wanted)
    maximum = numbers_by_group("--maximum", wanted.maximum, scenario)
    replications = scenario.replications if how.replications is None else how.replications
    seed = scenario.seed if how.seed is None else how.seed
    workers = how.workers or usable_processors()
    if not silent:
        announce_compiling(DEFAULT_ENGINE)
    try:
        budget = parse_budget(scenario, goal, maximum, wanted)
        with status("Searching for a plan", silent=silent) as tell:
            requirement = require(
                scenario,
                goal,
                replications=replications,
                seed=seed,
                workers=workers,
                maximum=maximum,
                hours=wanted.hours,
                money=wanted.money,
                time_limit=wanted.time_limit,
                on_stage=best_told(tell, scenario.currency if Pay.of(scenario).in_currency else ""),
            )
            tell("playing it and today's staffing on fresh customers")
            plan = Plan.checked(
                scenario, goal, requirement.staffing, replications=replications, seed=seed + FRESH, workers=workers
            )
            tell("one agent more or fewer, interval by interval")
            requirement.worth  # noqa: B018  worked out while somebody is told so
    except BoundsError as error:
        msg = f"--minimum and --maximum: {error}"
        raise BadInputError(msg) from None
    return requirement, plan, budget


def write(
    requirement: Requirement,
    plan: Plan,
    budget: AskedBudget | None,
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
    from simulator.report.staffing_file import staffing_csv

    experiment = plan.planned.experiment
    change = f"{change}, by the plan" if change else "by the plan"
    with result_folder(out, force=force) as folder:
        (folder / "staffing.csv").write_bytes(staffing_csv(experiment.scenario))
        (folder / "staffing.xlsx").write_bytes(plan_xlsx(requirement, plan))
        document = plan_document(requirement, plan, budget)
        (folder / "plan.json").write_text(printed(document) + "\n", encoding="utf-8")
        write_tables(experiment, folder)
        write_page(experiment, folder / "report.html", change, plan)
        write_png(experiment, folder / "report.png", plan=plan)
        write_manifest(experiment, folder, variant, overrides)
