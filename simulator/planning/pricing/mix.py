"""The cheapest mix of in-house agents, supplier's agents held (base) and on call (burst) that keeps the targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.experiment.estimate import Estimate
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

Verdict = Literal["kept", "cannot be told", "broken"]


@dataclass(frozen=True, slots=True)
class Mix:
    """How many agents more or fewer than the scenario has, by name of the group, wherever the group has somebody."""

    extra: Mapping[str, int]


@dataclass(frozen=True)
class PlayedMixes:
    """Mixes on the same futures, ready to be priced under any contract."""

    scenario: Scenario
    mixes: tuple[Mix, ...]
    futures: tuple[Any, ...]
    """[mix] `Futures` of each."""


@dataclass(frozen=True)
class PricedMix:
    """One mix under one contract."""

    mix: Mix
    contract: Contract
    paid: Estimate
    whole_cost: Estimate
    """Invoice, the shop's own costs, lost orders."""
    met: Estimate
    """[channel] P(target met)."""
    verdict: Verdict
    """Whether every target is met with the probability that is asked for."""


@dataclass(frozen=True)
class BestMix:
    """Mixes under all contracts, and the cheapest of those that keep the targets."""

    probability: float
    priced: tuple[PricedMix, ...]
    """Of all contracts and mixes, the cheapest first."""

    def best(self, contract: Contract | None = None) -> PricedMix | None:
        """The cheapest that keeps the targets by its estimates, of one contract or of all; None where none does."""
        raise NotImplementedError


def usual_mixes(scenario: Scenario, groups: Sequence[int], reach: int = 1) -> tuple[Mix, ...]:
    """So many agents more and fewer of each: in-house, base, on call."""
    raise NotImplementedError


def play_mixes(
    scenario: Scenario,
    contracts: Sequence[Contract],
    mixes: Sequence[Mix],
    *,
    supplier: str | None = None,
    futures: int = 100,
    seed: int | None = None,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> PlayedMixes:
    """Simulate all mixes on the same futures."""
    raise NotImplementedError


def best_mix(contracts: Sequence[Contract], played: PlayedMixes, probability: float) -> BestMix:
    """Price mixes under contracts; nothing is simulated."""
    raise NotImplementedError
