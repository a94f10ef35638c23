"""Plays one case from beginning to end, in whatever process: what an executor is given to do."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from simulator.batch.record import Record, packed
from simulator.batch.tables import case_table, empty_table
from simulator.experiment import Experiment, run
from simulator.experiment.customers import Customers
from simulator.experiment.precision import parse_precision
from simulator.scenario import Reader, ScenarioError, read_source
from simulator.scenario.paths import join_path

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.batch.batch import Case, Settings
    from simulator.batch.outputs import Outputs
    from simulator.scenario import Scenario

_LONGEST_ERROR = 2000


class ScenarioChangedError(Exception):
    """A scenario file is not the one any more that the batch was read with."""


@dataclass(frozen=True, slots=True)
class Order:
    """A case to be played, and how."""

    case: Case
    settings: Settings
    outputs: Outputs
    threads: int = 1
    """Replications side by side."""


@dataclass(frozen=True, slots=True)
class Played:
    """A case that has been played, or could not be."""

    record: Record
    content: bytes = field(repr=False)
    """The file of the case."""
    seconds: float
    """By the clock; no part of the result."""


def play_case(order: Order) -> Played:
    """Play a case. What is wrong with the case itself is recorded, not raised.

    Raises
    ------
    ScenarioChangedError
        If the scenario file has changed since the batch was read.
    """
    start = time.perf_counter()
    case = order.case
    try:
        experiment = experiment_of(order, scenario_of(case))
        table, wide = case_table(experiment, order.outputs, case.number)
    except ScenarioChangedError:
        raise
    except Exception as error:
        return failed(case, error_words(error), time.perf_counter() - start)
    arrived, _ = experiment.sums("arrived")
    record = replace(
        _begun(case),
        replications=experiment.replications,
        seed=experiment.seed,
        precision_reached=experiment.precision_reached,
        contacts=int(arrived.sum()),
        summary=wide,
    )
    return Played(record, packed(record, table), time.perf_counter() - start)


def failed(case: Case, error: str, seconds: float = 0.0) -> Played:
    """A case that could not be played."""
    record = replace(_begun(case), error=error[:_LONGEST_ERROR])
    return Played(record, packed(record, empty_table()), seconds)


def error_words(error: Exception) -> str:
    """Why a case could not be played; no folder is in it, so that the same case has the same words everywhere."""
    if isinstance(error, ScenarioError):
        return " ".join(
            f"{join_path(problem.field)}: {problem.message}" if problem.field else problem.message
            for problem in error.problems
        )
    return f"{type(error).__name__}: {error}"


def scenario_of(case: Case) -> Scenario:
    """The scenario of a case, with its variant and overrides.

    Raises
    ------
    ScenarioError
        If it refuses them.
    ScenarioChangedError
        If the file has changed since the batch was read.
    """
    reader = _reader(case.scenario.path, case.scenario.content_hash)
    # The variant as it was when the batch was read: it is no part of the file's content hash.
    return reader.scenario(overrides={**case.scenario.variants[case.variant], **case.overrides})


def experiment_of(order: Order, scenario: Scenario) -> Experiment:
    """The replications of a case; the customers of the case before are met again if they are the same."""
    settings = order.settings
    return run(
        scenario,
        replications=settings.replications,
        seed=settings.seed,
        engine=settings.engine,
        workers=order.threads,
        precision=None if settings.until is None else parse_precision(settings.until, scenario),
        most_replications=settings.max_replications,
        customers=_customers(scenario),
    )


@lru_cache(maxsize=2)
def _reader(path: Path, content_hash: str) -> Reader:
    """A scenario file, judged once for all its cases; the last few are kept."""
    try:
        reader = Reader(read_source(path))
        same = reader.scenario().content_hash == content_hash
    except ScenarioError:
        same = False
    if not same:
        msg = f"{path}: it has changed since the batch was read. Start the batch again."
        raise ScenarioChangedError(msg)
    return reader


_met: list[Customers] = []
"""Of the case before."""


def _customers(scenario: Scenario) -> Customers:
    known = next((each for each in _met if each.come_to(scenario)), None)
    if known is None:
        _met[:] = [known := Customers(scenario)]  # what stands there may be another thread's by the next line
    return known


def _begun(case: Case) -> Record:
    return Record(case.number, case.hash, case.scenario.label, case.variant, dict(case.swept))
