"""The cheapest mix of in-house agents, supplier's agents held (base) and on call (burst) that keeps the targets.

Mixes are staffings of the same scenario: more or fewer agents of some groups, wherever a group has somebody. All are
played on the same futures, and each is priced under each contract: the invoice, the shop's own agents and other costs,
and the value of lost orders. A mix keeps the targets if, on every channel that is asked about, P(target met) is the
probability that is asked for, or more.

The cheapest mix is chosen by the futures that it is judged by, and so looks a little better than it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.experiment.estimate import mean_estimate, proportion_estimate
from simulator.planning.pricing.block import best_block, lines_with_block
from simulator.planning.pricing.futures import play_futures
from simulator.planning.pricing.levels import part_of
from simulator.scenario.errors import unknown
from simulator.scenario.staffing import with_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.experiment.estimate import Estimate
    from simulator.planning.pricing.futures import Futures
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Group, Scenario

    Floats = NDArray[np.float64]

Verdict = Literal["kept", "cannot be told", "broken"]
Mix = dict[str, int]
"""Agents more or fewer than the scenario has, by name of the group; groups that are not named stay as they are."""

FUTURES = 100
"""Of each mix, unless others are asked for."""


@dataclass(frozen=True, eq=False)
class PlayedMixes:
    """Mixes on the same futures, ready to be priced under any contract."""

    scenario: Scenario
    mixes: tuple[Mix, ...]
    futures: tuple[Futures, ...]
    """[mix]"""

    def only(self, mixes: Sequence[Mix]) -> PlayedMixes:
        """Some of them, in this order.

        Raises
        ------
        ValueError
            If one was not played.
        """
        if missing := [mix for mix in mixes if mix not in self.mixes]:
            msg = f"The mix {missing[0]} was not played."
            raise ValueError(msg)
        places = [self.mixes.index(mix) for mix in mixes]
        return PlayedMixes(self.scenario, tuple(mixes), tuple(self.futures[place] for place in places))


@dataclass(frozen=True, eq=False)
class PricedMix:
    """One mix under one contract."""

    mix: Mix
    contract: Contract
    """As it was given."""
    block: int | None
    """Units of a month of the base block that is the cheapest with this mix; None: the contract's own, or none."""
    paid: Estimate
    """Invoice."""
    whole_cost: Estimate
    """Invoice, the shop's own costs, lost orders."""
    met: Estimate
    """[channel] P(target met)."""
    keeps: bool
    """Whether it keeps the targets by its estimates."""
    verdict: Verdict
    """Whether that can be told: by the intervals of all channels, each by itself."""
    signed: bool
    """Whether anybody of the supplier's is in it; with nobody no contract is signed, and none is paid."""
    costs: Floats
    """[future] What `whole_cost` is the mean of, to be compared with other mixes future by future."""

    def dearer_than(self, other: PricedMix) -> Estimate:
        """What it costs more than another mix that met the same futures, paired."""
        return mean_estimate(self.costs - other.costs)


@dataclass(frozen=True, eq=False)
class BestMix:
    """Mixes under contracts, and the cheapest of those that keep the targets."""

    probability: float
    channels: tuple[int, ...]
    """Whose targets are to be kept."""
    priced: tuple[PricedMix, ...]
    """Of all contracts and mixes, the cheapest by expectation first."""

    def best(self, contract: Contract | None = None) -> PricedMix | None:
        """The cheapest that keeps the targets by its estimates, of one contract or of all; None where none does."""
        return next((each for each in self._of(contract) if each.keeps), None)

    @property
    def contract(self) -> Contract:
        """That of the cheapest mix that keeps the targets with somebody of the supplier's; of none, of the cheapest."""
        return next((each for each in self.priced if each.keeps and each.signed), self.priced[0]).contract

    def today(self, contract: Contract) -> PricedMix | None:
        """The scenario's own staffing under a contract; None where it was not played."""
        return next((each for each in self._of(contract) if not any(each.mix.values())), None)

    def _of(self, contract: Contract | None) -> list[PricedMix]:
        return [each for each in self.priced if contract is None or each.contract == contract]


def mixed(scenario: Scenario, mix: Mapping[str, int]) -> Scenario:
    """The scenario with the agents of a mix.

    Raises
    ------
    ValueError
        If there is no such group, or it has nobody to add to.
    """
    names = [group.name for group in scenario.groups]
    for name, extra in mix.items():
        if name not in names:
            raise ValueError(unknown("group", name, names))
        if extra and not any(scenario.groups[names.index(name)].staffing):
            msg = f"Group {name} has nobody on duty at any time, so that there is nobody to add to."
            raise ValueError(msg)
    return replace(scenario, groups=tuple(_with_extra(group, mix.get(group.name, 0)) for group in scenario.groups))


def play_mixes(
    scenario: Scenario,
    contracts: Sequence[Contract],
    mixes: Sequence[Mix],
    *,
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> PlayedMixes:
    """Simulate all mixes on the same futures.

    Parameters
    ----------
    on_progress
        Called with (done, wanted) of all futures of all mixes.

    Raises
    ------
    ValueError
        As `mixed` and `play_futures`.
    """
    played = []
    for place, mix in enumerate(mixes):
        played.append(
            play_futures(
                mixed(scenario, mix),
                contracts,
                supplier=supplier,
                futures=futures,
                seed=seed,
                workers=workers,
                on_progress=part_of(on_progress, place, len(mixes)),
            )
        )
    return PlayedMixes(scenario, tuple(mixes), tuple(played))


def judge(met: Estimate, probability: float, channels: Sequence[int]) -> tuple[bool, Verdict]:
    """Whether channels keep their targets with a probability, by P(target met) [channel]; with nobody to judge, yes."""
    value, low, high = (np.asarray(part)[list(channels)] for part in (met.value, met.low, met.high))
    keeps = not (value < probability).any()
    if (high < probability).any():
        return keeps, "broken"
    return keeps, "cannot be told" if (low < probability).any() else "kept"


def best_mix(
    contracts: Sequence[Contract],
    played: PlayedMixes,
    probability: float,
    channels: Sequence[int] | None = None,
    *,
    sized: bool = False,
    whole_engagement: bool = False,
) -> BestMix:
    """Price mixes under contracts; nothing is simulated.

    Parameters
    ----------
    probability
        Of which each target is to be met.
    channels
        Whose targets are to be kept; None: all channels'.
    sized
        Whether each mix has the base block that is the cheapest with it, where a contract has one line with a block.
    whole_engagement
        As `Futures.settle`.

    Raises
    ------
    ValueError
        If a contract cannot be settled.
    """
    asked = tuple(range(len(played.scenario.channels))) if channels is None else tuple(channels)
    priced = []
    for mix, futures in zip(played.mixes, played.futures, strict=True):
        met = proportion_estimate(futures.met)
        keeps, verdict = judge(met, probability, asked)
        beside = futures.shop_costs + futures.lost_value
        signed = bool(futures.scenario.staffing[list(futures.groups)].any())
        for contract in contracts:
            block = None
            if not signed:
                paid = np.zeros(len(futures))
            elif sized and len(lines_with_block(contract)) == 1:
                best = best_block(contract, futures, whole_engagement=whole_engagement)
                block, paid = best.units, best.paid.values
            else:
                paid = futures.settle(contract, whole_engagement=whole_engagement).total
            costs = paid + beside
            whole = mean_estimate(costs)
            priced.append(
                PricedMix(mix, contract, block, mean_estimate(paid), whole, met, keeps, verdict, signed, costs)
            )
    priced.sort(key=lambda each: float(each.whole_cost.value))
    return BestMix(probability, asked, tuple(priced))


def _with_extra(group: Group, extra: int) -> Group:
    if extra == 0:
        return group
    agents = with_extra(np.array(group.staffing, dtype=np.int64), extra)
    return replace(group, staffing=tuple(agents.tolist()))
