"""A contract as its supplier sees it: revenue, cost, margin, and what the malus is worth, over all futures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.experiment.estimate import Estimate, ratio_estimate
from simulator.planning.pricing.risk import Outcomes
from simulator.planning.pricing.supplier_cost import supplier_cost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.planning.contracts.books import Part
    from simulator.planning.pricing.futures import Futures
    from simulator.planning.pricing.supplier_cost import SupplierCost
    from simulator.scenario.contract import Contract


@dataclass(frozen=True, eq=False)
class SupplierView:
    """A contract as its supplier sees it."""

    contract: Contract
    cost: SupplierCost
    charges: Outcomes
    """What is billed by the unit, minimum and maximum taken into account."""
    bonus: Outcomes
    malus: Outcomes
    """0 or negative."""
    fees: Outcomes
    revenue: Outcomes
    """All four together."""
    margin: Outcomes
    """Revenue less cost; `margin.below()` is the probability of a loss."""

    @property
    def margin_share(self) -> Estimate:
        """Expected margin over expected revenue: a ratio of sums over futures."""
        return ratio_estimate(self.margin.values, self.revenue.values, self.margin.confidence)

    @property
    def malus_worth(self) -> Outcomes:
        """How much more the margin of each future would be without any malus.

        Charges, bonuses and fees do not depend on maluses, so that it is what the maluses come to within their cap.
        """
        return Outcomes(-self.malus.values, self.malus.confidence)

    @property
    def malus_share(self) -> Estimate:
        """Expected malus over expected charges: the discount that would cost the supplier as much."""
        return ratio_estimate(self.malus_worth.values, self.charges.values, self.malus.confidence)

    @property
    def without_malus(self) -> Outcomes:
        """Margin, had the contract no malus: how much of the risk it is shows in the shortfall of both."""
        return self.margin - self.malus

    @property
    def idle_hours(self) -> Outcomes:
        """On duty, and nothing in hand."""
        return Outcomes(self.cost.idle_hours, self.margin.confidence)

    @property
    def idle_cost(self) -> Outcomes:
        """Wages of the idle hours."""
        return Outcomes(self.cost.parts["idle"], self.margin.confidence)


def supplier_view(
    contract: Contract, futures: Futures, cost: SupplierCost | None = None, *, whole_engagement: bool = False
) -> SupplierView:
    """Settle a contract for all futures, and hold it against what its people cost the supplier.

    Parameters
    ----------
    contract, futures, whole_engagement
        As of `Futures.settle`.
    cost
        Of the supplier; worked out here unless given.

    Raises
    ------
    ValueError
        If the ledger lacks what a clause needs, or the scenario says nothing of the supplier.
    """
    cost = supplier_cost(futures) if cost is None else cost
    settlement = futures.settle(contract, whole_engagement=whole_engagement)

    def part(name: Part) -> Outcomes:
        return Outcomes(settlement.of(name).sum(axis=-1))

    revenue = Outcomes(settlement.total)
    return SupplierView(
        contract=contract,
        cost=cost,
        charges=part("charge"),
        bonus=part("bonus"),
        malus=part("malus"),
        fees=part("fee"),
        revenue=revenue,
        margin=revenue - Outcomes(cost.total),
    )


def supplier_views(
    contracts: Sequence[Contract], futures: Futures, *, whole_engagement: bool = False
) -> tuple[SupplierView, ...]:
    """The same for several contracts, on the same futures and the same costs."""
    cost = supplier_cost(futures)
    return tuple(supplier_view(each, futures, cost, whole_engagement=whole_engagement) for each in contracts)
