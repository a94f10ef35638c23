"""A contract as its supplier sees it: revenue, cost, margin, and what the malus is worth, over all futures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from simulator.experiment.estimate import Estimate
    from simulator.planning.pricing.futures import Futures
    from simulator.planning.pricing.risk import Outcomes
    from simulator.planning.pricing.supplier_cost import SupplierCost
    from simulator.scenario.contract import Contract

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SupplierView:
    """A contract as its supplier sees it."""

    contract: Contract
    cost: SupplierCost
    revenue: Outcomes
    """Charges, bonus, malus and fees."""
    margin: Outcomes
    """Revenue less cost; `margin.below()` is the probability of a loss."""
    charges: Outcomes
    bonus: Outcomes
    malus: Outcomes
    """0 or negative."""
    fees: Outcomes
    malus_worth: Outcomes
    """How much more the margin would be without any malus, future by future."""
    service_worth: Outcomes
    """How much more it would be without service levels at all: no bonus either."""

    @property
    def margin_share(self) -> Estimate:
        """Expected margin over expected revenue."""
        raise NotImplementedError

    @property
    def idle_hours(self) -> Outcomes:
        """On duty, and nothing in hand."""
        raise NotImplementedError


def supplier_view(contract: Contract, futures: Futures, cost: SupplierCost | None = None) -> SupplierView:
    """Settle a contract for all futures and hold it against the supplier's costs; reckoned here unless given."""
    raise NotImplementedError


def supplier_views(contracts: Sequence[Contract], futures: Futures) -> tuple[SupplierView, ...]:
    """The same for several contracts, on the same futures and costs."""
    raise NotImplementedError
