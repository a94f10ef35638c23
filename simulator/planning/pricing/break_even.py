"""Where contracts cost the same: what each costs over levels of demand, where two cross, and what a wrong guess costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.experiment.estimate import Estimate
    from simulator.scenario.contract import Contract

    Floats = NDArray


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
    """Whether the cheapest of all contracts changes here."""


@dataclass(frozen=True, eq=False)
class BreakEvens:
    """Contracts over levels of demand."""

    contracts: tuple[Contract, ...]
    levels: tuple[float, ...]
    paid: Floats
    """[contract, level, future] Invoices, paired by future over contracts and levels."""
    beside: Floats
    """[level, future] The shop's own costs and lost orders, whatever the contract."""
    crossings: tuple[BreakEven, ...]
    """Of all pairs, rising."""

    @property
    def expected(self) -> Estimate:
        """[contract, level] Invoice."""
        raise NotImplementedError

    @property
    def best(self) -> tuple[int, ...]:
        """[level] Number of the contract with the least expected invoice."""
        raise NotImplementedError

    @property
    def flips(self) -> tuple[BreakEven, ...]:
        """The crossings at which the cheapest of all changes."""
        raise NotImplementedError

    @property
    def regret(self) -> Estimate:
        """[contract, level] What is paid more than under the best contract of the level; 0 for the best."""
        raise NotImplementedError


def break_evens(contracts: Sequence[Contract], played: Mapping[float, Any]) -> BreakEvens:
    """Settle contracts at each level of demand: level -> `Futures` of the same seed; nothing is simulated."""
    raise NotImplementedError
