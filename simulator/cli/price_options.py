"""What the options of `ruuhka price` ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.cli import options
from simulator.cli.failures import BadInputError
from simulator.planning.pricing.asked import LEVELS, PROBABILITY, Asked
from simulator.planning.pricing.quote import RISK, TARGET_MARGIN
from simulator.scenario import ScenarioError, parse_override
from simulator.scenario.contract_file import load_contract
from simulator.scenario.errors import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulator.scenario import Scenario
    from simulator.scenario.contract import Contract


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for, as written."""

    contracts: Sequence[Path]
    changes: Sequence[str] = ()
    supplier: str | None = None
    risk: str | None = None
    margin: str | None = None
    probability: str | None = None
    levels: str | None = None
    whole_engagement: bool = False
    follow: bool = False
    mix: bool = True


def parse_asked(wanted: Wanted) -> Asked:
    """Risk, margin, probability and levels of demand.

    Raises
    ------
    BadInputError
        Naming the option at fault and what is allowed.
    """
    risk, margin, probability = (
        usual if (share := options.share(option, text)) is None else share
        for option, text, usual in (
            ("--risk", wanted.risk, RISK),
            ("--margin", wanted.margin, TARGET_MARGIN),
            ("--probability", wanted.probability, PROBABILITY),
        )
    )
    try:
        return Asked(risk, margin, probability, _levels(wanted.levels), wanted.whole_engagement)
    except ValueError as error:
        msg = f"--risk, --margin, --probability or --levels: {error}"
        raise BadInputError(msg) from None


def load_contracts(wanted: Wanted, scenario: Scenario) -> tuple[Contract, ...]:
    """The contracts of the files, with what `--contract-set` changes.

    Raises
    ------
    BadInputError
        If a contract is refused (file, clause, value and what is allowed), two have one name, or a change names none.
    """
    changes = _changes(wanted)
    found: list[Contract] = []
    problems = []
    for file in wanted.contracts:
        try:
            found.append(load_contract(file, scenario, changes[file.stem]))
        except ScenarioError as error:
            problems.append(str(error))
    if problems:
        raise BadInputError("\n".join(problems))
    return tuple(found)


def _changes(wanted: Wanted) -> dict[str, dict[str, object]]:
    """Name of each contract -> its overrides."""
    changes: dict[str, dict[str, object]] = {}
    for file in wanted.contracts:
        if file.stem in changes:
            msg = f"{file}: there is a contract called {file.stem} already; a file's name is the name of its contract."
            raise BadInputError(msg)
        changes[file.stem] = {}
    for text in wanted.changes:
        name, colon, setting = text.partition(":")
        if not colon or "=" in name:
            example = f"{next(iter(changes))}:lines.hours.rate=28 EUR/h"
            msg = f'--contract-set "{text}": write NAME:path=value, as in {example}.'
            raise BadInputError(msg)
        if name not in changes:
            msg = f"--contract-set: {unknown('contract', name, list(changes))}"
            raise BadInputError(msg)
        try:
            path, value = parse_override(setting)
        except ValueError as error:
            msg = f"--contract-set {name}: {error}"
            raise BadInputError(msg) from None
        changes[name][path] = value
    return changes


def _levels(text: str | None) -> tuple[float, ...]:
    if text is None:
        return LEVELS
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        msg = f'--levels "{text}": write multiples of the forecast with commas between, as in 0.7,1,1.3.'
        raise BadInputError(msg) from None
