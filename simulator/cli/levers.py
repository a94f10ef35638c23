"""`ruuhka levers`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.cli.console import output
from simulator.cli.failures import DONE, BadInputError
from simulator.cli.play import change_words, load_all, play
from simulator.experiment import (
    RANKED_BY,
    Customers,
    Levers,
    RankedBy,
    criteria,
    difference_in_customers,
    usual_criterion,
)
from simulator.report.folder import ResultFolderError, check_result_folder, result_folder
from simulator.report.json_output import printed
from simulator.report.levers import levers_document, ranked_levers
from simulator.scenario.checks import BASE
from simulator.scenario.errors import unknown
from simulator.scenario.fields import title_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from simulator.cli.options import Run
    from simulator.scenario import Scenario


def levers_command(
    file: Path,
    only: Sequence[str],
    by: str | None,
    overrides: dict[str, object],
    how: Run,
    out: Path | None,
    *,
    simultaneous: bool,
    force: bool,
    as_json: bool,
) -> int:
    """Play the variants of a scenario beside its base and rank them; returns the exit code.

    Raises
    ------
    BadInputError
        If the scenario, a variant, an option or the folder for results is refused, there is no variant, or one cannot
        meet the customers of the base.
    """
    try:
        if out is not None:
            check_result_folder(out, force=force)  # before the work is done
        base, variants = load_all(file, list(dict.fromkeys(only)) or None, overrides)
        check_variants(file, base, variants)
        ranked_by = parse_by(by, base, variants)
        levers = play_all(base, variants, how, silent=as_json)
        if simultaneous:
            levers = levers.simultaneously()
        if out is not None:
            write(levers, ranked_by, out, overrides, force=force)
    except ResultFolderError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None
    if as_json:
        print(printed(levers_document(levers, ranked_by)))
    else:
        console = output()
        console.print(ranked_levers(levers, ranked_by, change_words(None, overrides)))
        if out is not None:
            console.print(f"Table, chart and manifest are in {out}.", soft_wrap=True)
    return DONE


def check_variants(file: Path, base: Scenario, variants: Mapping[str, Scenario]) -> None:
    """Refuse a file without variants, and variants that other customers would meet.

    Raises
    ------
    BadInputError
        Naming the variant and what it would need.
    """
    if not variants:
        msg = (
            f"{file} has no variants, and so no levers. Write what could be done as variants, a table [variants.NAME] "
            'each, with paths and values, as in "groups.team.extra_agents" = 2.'
        )
        raise BadInputError(msg)
    for name, scenario in variants.items():
        what = difference_in_customers(base, scenario)
        if what:
            msg = f"{BASE} and {name} cannot be compared: both need the same {what}. --only NAME plays others alone."
            raise BadInputError(msg)


def parse_by(by: str | None, base: Scenario, variants: Mapping[str, Scenario]) -> RankedBy:
    """What to rank by.

    Raises
    ------
    BadInputError
        If there is no such thing, or the scenario does not say enough for it.
    """
    known = criteria(base, variants.values())
    if by is None:
        return usual_criterion(known)
    chosen = next((each for each in RANKED_BY if each == by), None)
    if chosen is None:
        msg = f"--by: {unknown('criterion', by, list(RANKED_BY))}"
        raise BadInputError(msg)
    if chosen not in known:
        lacking = {
            "cost": "nothing in it has a price: give groups a cost, or add a table [costs].",
            "value": "it does not say what a lost order is worth: add a table [costs.lost_order] with value and share.",
        }
        msg = f"--by {by}: the scenario cannot be ranked by this, for {lacking[by]}"
        raise BadInputError(msg)
    return chosen


def play_all(base: Scenario, variants: Mapping[str, Scenario], how: Run, *, silent: bool) -> Levers:
    """Play the base once, and each variant on the same customers."""
    # A variant may set its own seed or number of replications; the customers are those of the base.
    how = replace(
        how,
        seed=base.seed if how.seed is None else how.seed,
        replications=base.replications if how.replications is None else how.replications,
    )
    customers = Customers(base)  # drawn once for the base and for levers that change the staff only
    played = play(base, how, silent=silent, title=f"Simulating {BASE}", customers=customers)
    levers = Levers.beside(played, variants.values())
    for number, (name, scenario) in enumerate(variants.items(), start=1):
        title = f"Simulating {name} ({number} of {len(variants)})"
        own = base.variants[name]
        levers = levers.and_what_if(
            name,
            str(own.get("title", title_of(name))),
            play(scenario, how, silent=silent, title=title, customers=customers),
            can_be_done=bool(own.get("lever", True)),
        )
    return levers


def write(levers: Levers, by: RankedBy, out: Path, overrides: dict[str, object], *, force: bool) -> None:
    """Write table, chart and manifest, all or nothing.

    Raises
    ------
    ResultFolderError
        If they cannot be written there.
    """
    from simulator.charts import write_levers_png
    from simulator.report.files import write_levers, write_levers_manifest

    with result_folder(out, force=force) as folder:
        write_levers(levers, folder)
        write_levers_png(levers, by, folder / "levers.png")
        write_levers_manifest(levers, folder, overrides)
