"""What a week earlier or later is worth: the best mix under each lead from forecast to rush."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.experiment.estimate import Estimate
    from simulator.planning.pricing.mix import Mix, PlayedMixes, PricedMix
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

WEEK = 604_800.0


@dataclass(frozen=True)
class Commitment:
    """The cheapest mix at one lead."""

    lead: float
    """Seconds from the commitment to the start of the horizon."""
    best: PricedMix
    dearer: Estimate
    """What it costs more than the best at the scenario's own lead; paired."""


def play_commitments(
    scenario: Scenario,
    contracts: Sequence[Contract],
    mixes: Sequence[Mix],
    *,
    shifts: Sequence[float] = (-WEEK, 0.0, WEEK),
    supplier: str | None = None,
    futures: int = 100,
    seed: int | None = None,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> dict[float, PlayedMixes]:
    """Lead in seconds -> the mixes played under it, all on the same futures."""
    raise NotImplementedError


def commitments(contract: Contract, played: dict[float, PlayedMixes], probability: float) -> tuple[Commitment, ...]:
    """The best mix at each lead, by rising lead; nothing is simulated."""
    raise NotImplementedError
