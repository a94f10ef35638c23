"""`ruuhka plan`."""

from __future__ import annotations

import shlex
import sys
import time
from typing import TYPE_CHECKING

from simulator.cli.console import output, status
from simulator.cli.failures import DONE, NOT_REACHED, BadInputError
from simulator.cli.plan_options import numbers_by_group, parse_budget, parse_goal
from simulator.cli.plan_shifts import (
    NoShiftsError,
    find_shifts,
    parse_shifts,
    shifts_document,
    shifts_report,
)
from simulator.cli.plan_watched import best_told
from simulator.cli.play import announce_compiling, change_words, load
from simulator.engine import DEFAULT_ENGINE
from simulator.experiment import usable_processors
from simulator.planning.staffing.bounds import BoundsError
from simulator.planning.staffing.evaluator import Evaluator
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.plan import FRESH, Plan
from simulator.planning.staffing.requirement import Requirement, require
from simulator.report.folder import ResultFolderError, check_result_folder, result_folder
from simulator.report.json_output import printed
from simulator.report.plan import plan_document, plan_report, shifts_csv

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.cli.options import Run
    from simulator.cli.plan_options import Wanted
    from simulator.cli.plan_shifts import FoundShifts
    from simulator.report.plan import AskedBudget
    from simulator.scenario import Scenario

FOR_REQUIREMENT = 0.5
"""Of the time limit, where shifts are searched for behind it."""


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
        requirement, plan, budget, shifts = search(scenario, wanted, how, silent=as_json)
        change = change_words(variant, overrides)
        if out is not None:
            write(requirement, plan, budget, shifts, out, variant, overrides, change, force=force)
    except ResultFolderError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None
    except NoShiftsError as error:
        print(error, file=sys.stderr)
        return NOT_REACHED
    if as_json:
        print(printed(document(requirement, plan, budget, shifts)))
    else:
        console = output()
        console.print(plan_report(requirement, plan, change, budget, shifts.enough if shifts is not None else None))
        if shifts is not None:
            console.print(shifts_report(shifts, plan))
        if out is not None:
            console.print(f"Staffing, tables, charts and manifest are in {out}.", soft_wrap=True)
            settings = [part for path, value in overrides.items() for part in ("--set", f"{path}={value}")]
            named = ["--variant", variant] if variant is not None else []
            command = ["ruuhka", "simulate", str(file), *named, *settings, "--staffing", str(out / "staffing.csv")]
            console.print(f"To play it: {shlex.join(command)}", soft_wrap=True)
    return DONE if requirement.kept or budget is not None else NOT_REACHED


def search(
    scenario: Scenario, wanted: Wanted, how: Run, *, silent: bool
) -> tuple[Requirement, Plan, AskedBudget | None, FoundShifts | None]:
    """The requirement, the plan beside today's staffing on fresh customers, the budget and the shifts asked for.

    With shifts, their staffing stands in the place of the requirement.

    Raises
    ------
    BadInputError
        If an option is refused.
    NoShiftsError
        If no shifts will do.
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
        asked, shifts = parse_shifts(scenario, wanted), None
        currency = scenario.currency if Pay.of(scenario).in_currency else ""
        with status("Searching for a plan", silent=silent) as tell:
            # What is compiled at a first run is no part of the search, and not of its time.
            Evaluator(scenario, 1, seed).evaluate(scenario.staffing)
            ends = time.monotonic() + wanted.time_limit
            requirement = require(
                scenario,
                goal,
                replications=replications,
                seed=seed,
                workers=workers,
                maximum=maximum,
                hours=wanted.hours,
                money=wanted.money,
                time_limit=wanted.time_limit * (1.0 if asked is None else FOR_REQUIREMENT),
                on_stage=best_told(tell, currency),
            )
            if asked is not None:
                tell("shifts that cover the requirement")
                shifts = find_shifts(requirement, asked, ends, best_told(tell, currency, "shifts, "))
                requirement = shifts.enough.fitted
            tell("playing it and today's staffing on fresh customers")
            plan = Plan.checked(
                scenario, goal, requirement.staffing, replications=replications, seed=seed + FRESH, workers=workers
            )
            tell("one agent more or fewer, interval by interval")
            requirement.worth  # noqa: B018  worked out while somebody is told so
    except BoundsError as error:
        msg = f"--minimum and --maximum: {error}"
        raise BadInputError(msg) from None
    return requirement, plan, budget, shifts


def document(
    requirement: Requirement, plan: Plan, budget: AskedBudget | None, shifts: FoundShifts | None
) -> dict[str, object]:
    """All that is known of a plan."""
    whole = plan_document(requirement, plan, budget)
    return whole if shifts is None else {**whole, **shifts_document(shifts, plan)}


def write(
    requirement: Requirement,
    plan: Plan,
    budget: AskedBudget | None,
    shifts: FoundShifts | None,
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
    from simulator.report.plan.sheets import plan_xlsx
    from simulator.report.staffing_file import staffing_csv

    experiment = plan.planned.experiment
    change = f"{change}, by the plan" if change else "by the plan"
    with result_folder(out, force=force) as folder:
        (folder / "staffing.csv").write_bytes(staffing_csv(experiment.scenario))
        (folder / "staffing.xlsx").write_bytes(
            plan_xlsx(requirement, plan, shifts.enough if shifts is not None else None)
        )
        whole = document(requirement, plan, budget, shifts)
        (folder / "plan.json").write_text(printed(whole) + "\n", encoding="utf-8")
        if shifts is not None:
            (folder / "shifts.csv").write_bytes(shifts_csv(shifts.enough))
        write_tables(experiment, folder)
        write_page(experiment, folder / "report.html", change, plan)
        write_png(experiment, folder / "report.png", plan=plan)
        write_manifest(experiment, folder, variant, overrides)
