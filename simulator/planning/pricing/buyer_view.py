"""What contracts cost the shop that buys: the invoice, everything beside it, and what is got for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.experiment.estimate import Estimate
    from simulator.scenario.contract import Contract
    from simulator.scenario.model import Scenario

    Floats = NDArray


@dataclass(frozen=True)
class BuyerContract:
    """One contract, as the shop sees it."""

    contract: Contract
    paid: Any
    """`Outcomes`: the invoice."""
    whole_cost: Any
    """`Outcomes`: the invoice, the shop's own costs, and the value of lost orders."""
    per_contact: Estimate
    """Invoice and own costs, by contact served, whoever served it."""
    per_resolved: Estimate
    """The same, by contact that was resolved."""
    paid_per_contact: Estimate
    """The invoice by contact that the supplier handled; nan where it handles none."""
    per_order_saved: Estimate | None
    """What the shop pays more than without the supplier, by order that it loses less; None where that cannot be told
    to be more than none, or the shop without the supplier was not played."""
    worth: Estimate | None
    """Whole cost without the supplier less that with it: what the contract is worth to the shop; None likewise."""
    dearer: Estimate
    """What it costs more than the first of the ranking; paired, 0 for the first itself."""
    cheapest: Estimate
    """Probability that it is the cheapest of all contracts in a future; ties count for each."""


@dataclass(frozen=True)
class BuyerView:
    """All contracts on the same futures."""

    contracts: tuple[BuyerContract, ...]
    """As they were given."""
    ranking: tuple[int, ...]
    """Their numbers, the cheapest by expectation first."""
    met: Estimate
    """[channel] P(target met), the same for all contracts."""
    met_without: Estimate | None
    """[channel] The same without the supplier."""
    orders_saved: Estimate | None
    """Orders that are lost less than without the supplier."""


def without_supplier(scenario: Scenario, groups: Sequence[int]) -> Scenario:
    """The same shop with nobody of these groups."""
    raise NotImplementedError


def buyer_view(contracts: Sequence[Contract], futures: Any, without: Any | None = None) -> BuyerView:
    """Price contracts for the shop, all on the same futures; nothing is simulated."""
    raise NotImplementedError
