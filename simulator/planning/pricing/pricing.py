"""A price: several contracts on the same futures, as the supplier and as the buyer see them.

What takes time is played once (`play`, `Played`); what a contract comes to is worked out from that (`priced`), so that
a changed contract, or another appetite for risk, is priced again at once.

::

    played = play(scenario, contracts, futures=1000)  # a minute: all that is simulated
    pricing = priced(played, contracts, Asked(risk=0.05))  # at once, and again with other contracts on the same futures
    pricing = price(scenario, contracts)  # both

Skeleton: types of the parts follow as they come in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.planning.pricing.asked import FUTURES, LEVELS, Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

    Stage = Callable[[str, int, int], None]
    """What is being done, how many of its futures are done, and of how many."""


@dataclass(frozen=True)
class Played:
    """All that was simulated for a price; every part of it on the same futures."""

    scenario: Scenario
    supplier: str | None
    """Name of the supplier's table; None: its view is left out."""
    futures: Any
    """`Futures` at the forecast."""
    levels: Mapping[float, Any]
    """Level of demand -> `Futures` there; that of 1 is `futures`."""
    without: Any
    """`Futures` of the same shop without the supplier."""
    mixes: Any | None
    """The mixes of in-house, base and burst that were played; None: not asked for."""


@dataclass(frozen=True)
class Pricing:
    """Contracts priced on the same futures."""

    played: Played
    contracts: tuple[Contract, ...]
    asked: Asked
    supplier: tuple[Any, ...] | None
    """`SupplierView` of each contract; None without a supplier's table."""
    quotes: tuple[Any, ...] | None
    """The rate to quote of each contract, or why there is none; None without a supplier's table."""
    buyer: Any
    """The buyer's view of all contracts, with their ranking."""
    break_even: Any
    """Invoices over levels of demand: where they cross, where the ranking flips, regret."""
    mix: Any | None
    """The cheapest mix of in-house, base and burst."""
    commitment: Any | None
    """What a week's earlier or later commitment is worth."""


def price(
    scenario: Scenario,
    contracts: Sequence[Contract],
    *,
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    workers: int = 1,
    asked: Asked | None = None,
    mixes: bool = True,
    on_stage: Stage | None = None,
) -> Pricing:
    """Play what contracts need to be priced, and price them."""
    asked = asked or Asked()
    played = play(
        scenario,
        contracts,
        supplier=supplier,
        futures=futures,
        seed=seed,
        workers=workers,
        levels=asked.levels,
        mixes=mixes,
        on_stage=on_stage,
    )
    return priced(played, contracts, asked)


def play(
    scenario: Scenario,
    contracts: Sequence[Contract],
    *,
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    workers: int = 1,
    levels: Sequence[float] = LEVELS,
    mixes: bool = True,
    on_stage: Stage | None = None,
) -> Played:
    """Simulate all that contracts need to be priced."""
    raise NotImplementedError


def priced(played: Played, contracts: Sequence[Contract], asked: Asked | None = None) -> Pricing:
    """Price contracts on futures that were played; nothing is simulated."""
    raise NotImplementedError
