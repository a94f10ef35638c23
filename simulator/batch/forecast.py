"""What a batch will take, from a few of its cases: contacts, time and space."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator.batch.batch import cases
from simulator.batch.file import evenly
from simulator.batch.play import Order, play_case, scenario_of
from simulator.demand import expected_contacts
from simulator.scenario import ScenarioError

if TYPE_CHECKING:
    from simulator.batch.batch import Batch, Case, Shard

MEASURED = 5
"""Cases that are played a little, spread evenly over the batch."""
FEW, MORE = 2, 4
"""Replications of each; what the second number takes longer tells what one takes."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a batch will take, one processor at work. A half-width that is waited for may take more."""

    cases: int
    contacts: float
    """First attempts, expected, of all cases and replications."""
    seconds: float
    size: float
    """Bytes of results."""
    measured: int
    """Cases that this was told from."""
    refused: int
    """Those of them that their scenario refuses."""


def forecast(batch: Batch, shard: Shard | None = None) -> Forecast:
    """Play a few cases a little, and tell from them what all will take.

    Raises
    ------
    ScenarioChangedError
        If a scenario file has changed since the batch was read.
    """
    count = sum(1 for _ in cases(batch, shard))
    places = set(evenly(count, MEASURED))
    found = [_measured(batch, case) for place, case in enumerate(cases(batch, shard)) if place in places]
    known = [each for each in found if each is not None]
    contacts, seconds, size = (
        (count * sum(part) / len(known) for part in zip(*known, strict=True)) if known else (0.0,) * 3
    )
    return Forecast(count, contacts, seconds, size, len(known), len(found) - len(known))


def _measured(batch: Batch, case: Case) -> tuple[float, float, float] | None:
    """Contacts, seconds and bytes of a case; None if its scenario refuses it."""
    try:
        scenario = scenario_of(case)
        contacts = float(expected_contacts(scenario).sum())
    except (ScenarioError, ValueError):
        return None
    replications = batch.settings.replications or scenario.replications
    # Other seeds each time, so that nobody's customers are known already; the first run reads and compiles.
    _, (few, size), (more, _) = (_played(batch, case, number, seed) for seed, number in ((1, FEW), (2, FEW), (3, MORE)))
    each = max(more - few, 0.0) / (MORE - FEW)
    return contacts * replications, max(few - FEW * each, 0.0) + replications * each, size


def _played(batch: Batch, case: Case, replications: int, seed: int) -> tuple[float, float]:
    settings = replace(batch.settings, replications=replications, seed=seed, until=None)
    played = play_case(Order(case, settings, batch.outputs))
    return played.seconds, float(len(played.content))
