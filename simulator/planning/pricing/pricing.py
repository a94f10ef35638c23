"""A price: several contracts on the same futures, as the supplier and as the buyer see them.

What takes time is played once; what a contract comes to is worked out from that, so that a changed contract, or another
appetite for risk, is priced again at once::

    played = play(scenario, contracts, futures=1000)  # minutes: all that is simulated
    pricing = priced(played, contracts, Asked(risk=0.05))  # at once, and again with other contracts on the same futures
    pricing = price(scenario, contracts)  # both
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine import DEFAULT_ENGINE
from simulator.experiment.estimate import mean_estimate
from simulator.planning.pricing.asked import Asked
from simulator.planning.pricing.base_and_on_call import base_and_on_call
from simulator.planning.pricing.break_even import break_evens
from simulator.planning.pricing.buyer_view import buyer_view, without_supplier
from simulator.planning.pricing.commitment import commitments, near, play_commitments
from simulator.planning.pricing.futures import FUTURES, play_futures
from simulator.planning.pricing.levels import at_level
from simulator.planning.pricing.mix import best_mix
from simulator.planning.pricing.mix_search import search_mixes
from simulator.planning.pricing.quote import quote
from simulator.planning.pricing.risk import Outcomes
from simulator.planning.pricing.supplier_cost import supplier_cost
from simulator.planning.pricing.supplier_view import supplier_view, supplier_views
from simulator.scenario.contract import BY_CONTACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.engine import EngineName
    from simulator.experiment.estimate import Estimate
    from simulator.planning.pricing.base_and_on_call import BaseAndOnCall
    from simulator.planning.pricing.break_even import BreakEvens
    from simulator.planning.pricing.buyer_view import BuyerView
    from simulator.planning.pricing.commitment import Commitment
    from simulator.planning.pricing.futures import Futures
    from simulator.planning.pricing.mix import BestMix, PlayedMixes
    from simulator.planning.pricing.quote import Quote
    from simulator.planning.pricing.supplier_cost import SupplierCost
    from simulator.planning.pricing.supplier_view import SupplierView
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

    Stage = Callable[[str, int, int], None]
    """What is being done, how many of its futures are done, and of how many."""

MIX_FUTURES = 100
"""Futures on which mixes are played: there are many mixes, and they are compared future by future."""
NEAR = 5
"""Mixes that are played again for a week's earlier and later commitment."""
TRIAL = 2
"""Futures that tell of a contract that the ledger cannot settle, before the others are played."""


class PriceError(Exception):
    """A contract and a scenario that do not go together; the message names the clause, or what is asked for."""

    def __init__(self, contract: Contract | None, message: str) -> None:
        self.contract = contract
        super().__init__(message)


@dataclass(frozen=True)
class Played:
    """All that was simulated for a price; every part of it on the same futures."""

    engine: EngineName
    futures: Futures
    """At the forecast."""
    follow: bool
    """Whether the supplier's agents follow the level of demand."""
    levels: Mapping[float, Futures]
    """Level of demand -> futures there, the same customers and more or fewer of them; 1 -> `futures`."""
    without: Futures
    """The same shop with nobody of the supplier."""
    mixes: PlayedMixes | None
    """Mixes of in-house, base and burst; None: not asked for."""
    commitments: Mapping[float, PlayedMixes] | None
    """Lead in seconds -> the best of them, decided so long ahead."""

    @property
    def scenario(self) -> Scenario:
        """As it was played."""
        return self.futures.scenario

    @property
    def supplier(self) -> str | None:
        """Name of the supplier's table; None: its view is left out."""
        return self.futures.supplier


@dataclass(frozen=True, eq=False)
class Quoted:
    """The rate to quote for a contract, and what it then comes to."""

    quote: Quote
    view: SupplierView | None
    """The supplier's at the quoted rates; None where no rate does."""
    bound: Outcomes | None
    """What the buyer is bound to pay at them: the invoice, and what is owed after the horizon."""

    @property
    def worst_tenth(self) -> float:
        """The supplier's mean margin in the worst tenth of futures; -inf where no rate does."""
        return -math.inf if self.view is None else float(self.view.margin.expected_shortfall().value)


@dataclass(frozen=True, eq=False)
class SupplierSide:
    """All contracts as their supplier sees them."""

    cost: SupplierCost
    views: tuple[SupplierView, ...]
    """Of each contract as it was given."""
    quotes: tuple[Quoted, ...]
    """Of each contract."""

    @property
    def recommended(self) -> int | None:
        """Number of the contract to quote: the first of `ranking`; None where no rate does for any."""
        return next(iter(self.ranking), None)

    @property
    def ranking(self) -> list[int]:
        """Numbers of the contracts with a rate to quote, what to quote first.

        By what the buyer is then bound to pay, invoice and what is owed after the horizon. Of those that cannot be told
        to cost more than the cheapest, which many cannot, as margin and costs are the same, the supplier offers the one
        that leaves it most in the worst tenth of futures.
        """
        bound = {at: each.bound.values for at, each in enumerate(self.quotes) if each.bound is not None}
        by_cost = sorted(bound, key=lambda at: float(bound[at].mean()))
        alike = [at for at in by_cost if mean_estimate(bound[at] - bound[by_cost[0]]).low <= 0]
        alike.sort(key=lambda at: -self.quotes[at].worst_tenth)
        return [*alike, *(at for at in by_cost if at not in alike)]


@dataclass(frozen=True, eq=False)
class Pricing:
    """Contracts priced on the same futures."""

    played: Played
    contracts: tuple[Contract, ...]
    asked: Asked
    supplier: SupplierSide | None
    """None without a supplier's table."""
    buyer: BuyerView
    break_even: BreakEvens
    mix: BestMix | None
    """None where no mixes were played."""
    commitments: tuple[Commitment, ...]
    """Of the contract of the best mix, by rising lead; empty where no mix was played."""
    held: BaseAndOnCall | None = None
    """How many agents the supplier best holds, under the first contract to quote that bills contacts; None where it was
    not played, or there is no such contract."""

    @cached_property
    def margin_by_level(self) -> Estimate | None:
        """[contract, level] The supplier's expected margin at each level of demand; None without a supplier's table."""
        if self.supplier is None:
            return None
        found = self.break_even
        if self.asked.whole_engagement:  # which the supplier's costs are not of
            found = break_evens(self.contracts, _levels(self.played, self.asked))
        cost = np.stack([supplier_cost(self.played.levels[level]).total for level in found.levels])
        return mean_estimate(np.moveaxis(found.paid - cost, -1, 0))


def price(
    scenario: Scenario,
    contracts: Sequence[Contract],
    *,
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    engine: EngineName = DEFAULT_ENGINE,
    workers: int = 1,
    asked: Asked | None = None,
    follow: bool = False,
    mixes: bool = True,
    on_stage: Stage | None = None,
) -> Pricing:
    """Play what contracts need to be priced, and price them.

    Parameters
    ----------
    supplier
        Name of a supplier's table; by default the only one of the scenario, or else whoever is not in-house, whose
        costs are then not known.
    asked
        Risk, margin, probability, levels of demand.
    follow
        Whether the supplier has so many times its agents at other levels of demand; otherwise they stay as planned.
    mixes
        Whether mixes of agents are played too: what the buyer would best have, and what the supplier would best hold.
        They take most of the time.
    on_stage
        Called with what is being done, how many of its futures are done, and of how many (0: not known).

    Raises
    ------
    PriceError
        If a contract cannot be settled on the scenario, or the scenario has no such supplier.
    """
    asked, tell = asked or Asked(), on_stage or _silent
    played = play(
        scenario,
        contracts,
        supplier=supplier,
        futures=futures,
        seed=seed,
        engine=engine,
        workers=workers,
        asked=asked,
        follow=follow,
        mixes=mixes,
        on_stage=tell,
    )
    tell("contracts are settled", 0, 0)
    pricing = priced(played, contracts, asked)
    return with_held(pricing, workers=workers, on_stage=tell) if mixes else pricing


def play(
    scenario: Scenario,
    contracts: Sequence[Contract],
    *,
    supplier: str | None = None,
    futures: int = FUTURES,
    seed: int | None = None,
    engine: EngineName = DEFAULT_ENGINE,
    workers: int = 1,
    asked: Asked | None = None,
    follow: bool = False,
    mixes: bool = True,
    on_stage: Stage | None = None,
) -> Played:
    """Simulate all that contracts need to be priced; parameters and errors as for `price`."""
    asked, tell = asked or Asked(), on_stage or _silent

    def futures_of(played: Scenario, words: str, count: int = futures) -> Futures:
        return play_futures(
            played,
            contracts,
            supplier=supplier,
            futures=count,
            seed=seed,
            engine=engine,
            workers=workers,
            on_progress=lambda done, of: tell(words, done, of),
        )

    try:
        _check(futures_of(scenario, "contracts are tried", TRIAL), contracts)
        base = futures_of(scenario, "demand as forecast")
    except ValueError as error:
        raise PriceError(None, str(error)) from None
    moved = base.groups if follow else ()
    at = {
        level: futures_of(at_level(scenario, level, follow=moved), f"{level:g} times the demand")
        for level in asked.levels
        if level != 1.0
    }
    at[1.0] = base
    without = futures_of(without_supplier(scenario, base.groups), "without the supplier")
    if not mixes:
        return Played(engine, base, follow, at, without, None, None)
    count = min(futures, MIX_FUTURES)
    played_mixes = search_mixes(
        scenario,
        contracts,
        asked.probability,
        supplier=supplier,
        futures=count,
        seed=seed,
        workers=workers,
        on_progress=lambda done, of: tell("mixes of agents", done, of),
    )
    found = best_mix(contracts, played_mixes, asked.probability, whole_engagement=asked.whole_engagement)
    leads = play_commitments(
        scenario,
        contracts,
        near(found, NEAR),
        known=played_mixes,
        supplier=supplier,
        futures=count,
        seed=seed,
        workers=workers,
        on_progress=lambda done, of: tell("a week earlier and later", done, of),
    )
    return Played(engine, base, follow, at, without, played_mixes, leads)


def priced(played: Played, contracts: Sequence[Contract], asked: Asked | None = None) -> Pricing:
    """Price contracts on futures that were played; nothing is simulated.

    Raises
    ------
    PriceError
        If a contract cannot be settled on the futures.
    """
    asked = asked or Asked()
    futures = played.futures
    _check(futures, contracts)
    whole = asked.whole_engagement
    mix: BestMix | None = None
    leads: tuple[Commitment, ...] = ()
    if played.mixes is not None and played.commitments is not None:
        mix = best_mix(contracts, played.mixes, asked.probability, whole_engagement=whole)
        own = played.scenario.uncertainty.lead
        leads = commitments(mix.contract, played.commitments, own, asked.probability, whole_engagement=whole)
    return Pricing(
        played=played,
        contracts=tuple(contracts),
        asked=asked,
        supplier=_supplier_side(futures, contracts, asked) if futures.supplier is not None else None,
        buyer=buyer_view(contracts, futures, played.without, whole_engagement=whole),
        break_even=break_evens(contracts, _levels(played, asked), whole_engagement=whole),
        mix=mix,
        commitments=leads,
    )


def with_held(pricing: Pricing, *, workers: int = 1, on_stage: Stage | None = None) -> Pricing:
    """The same, with how many agents the supplier best holds under a contract at its quoted rates.

    This is played: other numbers of agents do other work. The contract is the first to quote that bills contacts: where
    hours are billed, how many to hold is not the supplier's to choose.
    """
    tell, side = on_stage or _silent, pricing.supplier
    quoted = [] if side is None else [side.quotes[at].quote.quoted for at in side.ranking]
    chosen = [each for each in quoted if each is not None and all(line.unit in BY_CONTACTS for line in each.lines)]
    scenario, futures = pricing.played.scenario, pricing.played.futures
    if not chosen or all(scenario.groups[g].on_call is not None for g in futures.groups):
        return pricing
    held = base_and_on_call(
        scenario,
        chosen[0],
        supplier=futures.supplier,
        futures=min(len(futures), MIX_FUTURES),
        seed=futures.seed,
        workers=workers,
        on_progress=lambda played: tell(f"agents to hold, choice {played}", 0, 0),
    )
    return replace(pricing, held=held)


def _supplier_side(futures: Futures, contracts: Sequence[Contract], asked: Asked) -> SupplierSide:
    cost = supplier_cost(futures)
    quotes = []
    for contract in contracts:
        found = quote(contract, futures, cost, target_margin=asked.target_margin, risk=asked.risk)
        if found.quoted is None:
            quotes.append(Quoted(found, None, None))
            continue
        view = supplier_view(found.quoted, futures, cost)
        bound = Outcomes(view.revenue.values + futures.commitment(found.quoted))
        quotes.append(Quoted(found, view, bound))
    return SupplierSide(cost, supplier_views(contracts, futures), tuple(quotes))


def _levels(played: Played, asked: Asked) -> dict[float, Futures]:
    return {level: played.levels[level] for level in asked.levels}


def _check(futures: Futures, contracts: Sequence[Contract]) -> None:
    for contract in contracts:
        try:
            futures.settle(contract)
        except ValueError as error:
            raise PriceError(contract, str(error)) from None


def _silent(words: str, done: int, of: int) -> None: ...
