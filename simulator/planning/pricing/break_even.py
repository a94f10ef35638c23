"""Where contracts cost the same: what each costs over levels of demand, where two cross, and what a wrong guess costs.

The futures of all levels are the same, with more or fewer of the same customers, so that contracts are compared future
by future at each level, and each contract with itself from one level to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.experiment.estimate import mean_estimate
from simulator.planning.pricing.crossing import crossings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.experiment.estimate import Estimate
    from simulator.planning.pricing.futures import Futures
    from simulator.scenario.contract import Contract

    Floats = NDArray[np.float64]

Forecast = Literal["held", "follows"]
"""Whether the locked forecast is that of level 1, so that the level is what nobody foresaw, or that of the level."""
_NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class BreakEven:
    """A level of demand at which two contracts cost the same, by expectation."""

    below: int
    """Number of the contract that is cheaper below the level."""
    above: int
    """Number of the one that is cheaper above it."""
    level: float
    low: float
    """Ends of the interval; -inf or inf where it goes on beyond the levels."""
    high: float
    flips: bool
    """Whether it is the cheapest of all contracts that changes here."""


@dataclass(frozen=True, eq=False)
class BreakEvens:
    """Contracts over levels of demand."""

    contracts: tuple[Contract, ...]
    levels: tuple[float, ...]
    """Rising."""
    paid: Floats
    """[contract, level, future] Invoices."""
    beside: Floats
    """[level, future] The shop's own costs and lost orders, whatever the contract."""

    @cached_property
    def expected(self) -> Estimate:
        """[contract, level] Expected invoice."""
        return mean_estimate(np.moveaxis(self.paid, -1, 0))

    @cached_property
    def whole_cost(self) -> Estimate:
        """[contract, level] Expected cost of all: invoice, the shop's own costs, lost orders."""
        return mean_estimate(np.moveaxis(self.paid + self.beside, -1, 0))

    @cached_property
    def best(self) -> tuple[int, ...]:
        """[level] Number of the contract with the least expected invoice; the first of those that have it."""
        return tuple(self.expected.value.argmin(axis=0).tolist())

    @cached_property
    def regret(self) -> Estimate:
        """[contract, level] What is paid more than under the best contract of the level, paired; 0 for the best.

        The best is chosen by the same futures, which makes the regret of the others a little too large where they are
        nearly as good.
        """
        best = self.paid[list(self.best), np.arange(len(self.levels))]
        return mean_estimate(np.moveaxis(self.paid - best, -1, 0))

    @cached_property
    def crossings(self) -> tuple[BreakEven, ...]:
        """Where any two of the contracts cost the same, by rising level."""
        found = []
        for one, other in combinations(range(len(self.contracts)), 2):
            for each in crossings(self.levels, self.paid[one] - self.paid[other]):
                below, above = (one, other) if each.rises else (other, one)
                flips = self._is_least(one, each.level)
                found.append(BreakEven(below, above, each.level, each.low, each.high, flips))
        return tuple(sorted(found, key=lambda each: each.level))

    @property
    def flips(self) -> tuple[BreakEven, ...]:
        """The crossings at which the cheapest of all contracts changes."""
        return tuple(each for each in self.crossings if each.flips)

    def _is_least(self, contract: int, level: float) -> bool:
        """Whether no contract is expected to cost less there."""
        costs = np.array([np.interp(level, self.levels, means) for means in self.expected.value])
        return bool(costs[contract] <= costs.min() + _NEARLY * np.abs(costs).max())


def break_evens(
    contracts: Sequence[Contract],
    played: Mapping[float, Futures],
    *,
    forecast: Forecast = "held",
    whole_engagement: bool = False,
) -> BreakEvens:
    """Settle contracts at each level of demand; nothing is simulated.

    Parameters
    ----------
    played
        Level -> futures of `at_level`, all of one seed and number.
    forecast
        With "held", level 1 is among them.
    whole_engagement
        As `Futures.settle`.

    Raises
    ------
    ValueError
        If there are fewer than two levels, they are not of the same futures, level 1 is missing where it is needed, or
        a contract cannot be settled.
    """
    levels = sorted(played)
    if len(levels) < 2:
        msg = "Contracts are compared over two levels of demand or more."
        raise ValueError(msg)
    if len({(each.seed, len(each)) for each in played.values()}) > 1:
        msg = "The levels of demand were not played on the same futures: their seeds or numbers differ."
        raise ValueError(msg)
    billed = [billed_at(played, level, forecast) for level in levels]
    paid = [
        [each.settle(contract, whole_engagement=whole_engagement).total for each in billed] for contract in contracts
    ]
    beside = [played[level].shop_costs + played[level].lost_value for level in levels]
    return BreakEvens(tuple(contracts), tuple(levels), np.array(paid), np.array(beside))


def billed_at(played: Mapping[float, Futures], level: float, forecast: Forecast = "held") -> Futures:
    """The futures of a level, held against the forecast that was locked.

    Raises
    ------
    ValueError
        If the forecast is that of level 1, which was not played.
    """
    futures = played[level]
    if forecast == "follows":
        return futures
    if 1.0 not in played:
        msg = "The forecast that was locked is that of level 1, which is not among the levels."
        raise ValueError(msg)
    return replace(futures, ledger=replace(futures.ledger, forecasts=played[1.0].ledger.forecasts))
