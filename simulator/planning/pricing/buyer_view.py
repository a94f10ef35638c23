"""What contracts cost the shop that buys: the invoice, everything beside it, and what is got for it.

The shop's own costs, lost orders and attained targets are those of the futures and the same under every contract, so
that contracts rank by their invoices. What the supplier is worth at all is told against the same shop without it: the
same customers in the same futures, and nobody of the supplier's groups.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.estimate import mean_estimate, proportion_estimate, ratio_estimate
from simulator.planning.pricing.risk import Outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.experiment.estimate import Estimate
    from simulator.planning.pricing.futures import Futures
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

_HAIR = 1e-9
"""Of an invoice: contracts that differ by less cost the same."""


@dataclass(frozen=True, eq=False)
class BuyerContract:
    """One contract, as the shop sees it."""

    contract: Contract
    paid: Outcomes
    """Invoice."""
    whole_cost: Outcomes
    """Invoice, the shop's own costs, and the value of lost orders."""
    per_contact: Estimate
    """Invoice and own costs, by contact served or contained, whoever did it."""
    per_resolved: Estimate
    """The same, by contact of these that did not come back."""
    paid_per_contact: Estimate | None
    """Invoice by contact that the supplier handled; None where it handled none, or that was not kept."""
    paid_per_resolved: Estimate | None
    """Invoice by contact of these that did not come back; None likewise."""
    per_order_saved: Estimate | None
    """What the shop pays more than without the supplier, its own costs included, by order that is lost less; None where
    it cannot be told that any is, or the shop without the supplier was not played."""
    worth: Estimate | None
    """Whole cost without the supplier less that with it, paired; None where the former was not played."""
    dearer: Estimate
    """What it costs more than the first of the ranking, paired; 0 for the first itself."""
    cheapest: Estimate
    """Probability that none is cheaper in a future."""


@dataclass(frozen=True, eq=False)
class BuyerView:
    """All contracts on the same futures."""

    contracts: tuple[BuyerContract, ...]
    """As they were given."""
    ranking: tuple[int, ...]
    """Their numbers, the cheapest by expectation first."""
    own_costs: Estimate
    """What the shop pays beside the invoice."""
    lost_value: Estimate
    """Of the orders that are lost."""
    met: Estimate
    """[channel] P(target met)."""
    met_without: Estimate | None
    """[channel] The same without the supplier; None where that was not played, as below."""
    orders_saved: Estimate | None
    """Orders lost without the supplier less those lost with it, paired."""


def without_supplier(scenario: Scenario, groups: Sequence[int]) -> Scenario:
    """The same shop with nobody of these groups, by their numbers."""
    nobody = (0,) * scenario.calendar.intervals
    changed = (replace(each, staffing=nobody) if g in groups else each for g, each in enumerate(scenario.groups))
    return replace(scenario, groups=tuple(changed))


def buyer_view(
    contracts: Sequence[Contract],
    futures: Futures,
    without: Futures | None = None,
    *,
    whole_engagement: bool = False,
) -> BuyerView:
    """Price contracts for the shop, all on the same futures; nothing is simulated.

    Parameters
    ----------
    without
        The futures of `without_supplier`, played with the same seed and number.
    whole_engagement
        As `Futures.settle`.

    Raises
    ------
    ValueError
        If there is no contract, one cannot be settled, or the two are not the same futures.
    """
    if not contracts:
        msg = "There is no contract to be priced."
        raise ValueError(msg)
    if without is not None and (without.seed, len(without)) != (futures.seed, len(futures)):
        msg = "The shop without the supplier was not played on the same futures: seed or number differ."
        raise ValueError(msg)
    # [contract, future]
    paid = np.array([futures.settle(each, whole_engagement=whole_engagement).total for each in contracts])
    ranking = np.argsort(paid.mean(axis=1), kind="stable").tolist()
    least = paid.min(axis=0)
    is_cheapest = paid <= least + _HAIR * np.abs(least)
    return BuyerView(
        contracts=tuple(
            _contract(contract, its, paid[ranking[0]], cheapest, futures, without)
            for contract, its, cheapest in zip(contracts, paid, is_cheapest, strict=True)
        ),
        ranking=tuple(ranking),
        own_costs=mean_estimate(futures.shop_costs),
        lost_value=mean_estimate(futures.lost_value),
        met=proportion_estimate(futures.met),
        met_without=None if without is None else proportion_estimate(without.met),
        orders_saved=None if without is None else mean_estimate(without.lost_orders - futures.lost_orders),
    )


def _contract(
    contract: Contract,
    paid: Floats,
    first: Floats,
    is_cheapest: NDArray[np.bool_],
    futures: Futures,
    without: Futures | None,
) -> BuyerContract:
    """One contract, of whose invoices `paid` are, and `first` of the cheapest by expectation."""
    costs = paid + futures.shop_costs
    whole = costs + futures.lost_value
    saved = worth = None
    if without is not None:
        saved = _ratio_if_any(costs - without.shop_costs, without.lost_orders - futures.lost_orders)
        worth = mean_estimate(without.shop_costs + without.lost_value - whole)
    return BuyerContract(
        contract=contract,
        paid=Outcomes(paid),
        whole_cost=Outcomes(whole),
        per_contact=ratio_estimate(costs, futures.contacts),
        per_resolved=ratio_estimate(costs, futures.resolved),
        paid_per_contact=_by_unit(paid, futures.ledger.contacts),
        paid_per_resolved=_by_unit(paid, futures.ledger.resolved),
        per_order_saved=saved,
        worth=worth,
        dearer=mean_estimate(paid - first),
        cheapest=proportion_estimate(is_cheapest.astype(np.float64)),
    )


def _by_unit(paid: Floats, units: NDArray[np.floating] | None) -> Estimate | None:
    """[future, queue, interval] Units of the ledger, all added up, that the invoice is divided by."""
    return None if units is None else _ratio_if_any(paid, units.sum(axis=(1, 2), dtype=np.float64))


def _ratio_if_any(money: Floats, units: Floats) -> Estimate | None:
    """Ratio of sums over the futures; None where the mean of the units cannot be told to be above 0."""
    return ratio_estimate(money, units) if mean_estimate(units).low > 0 else None
