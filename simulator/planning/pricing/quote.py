"""The rate to quote: by how much a contract's rates must be raised, or may be lowered, for a margin at a given risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from decimal import Decimal

    from simulator.experiment.estimate import Estimate
    from simulator.planning.pricing.futures import Futures
    from simulator.planning.pricing.supplier_cost import SupplierCost
    from simulator.scenario.contract import Contract

RISK = 0.10
"""Most probability of a loss."""
TARGET_MARGIN = 0.15
"""Expected margin over expected revenue."""

Binding = Literal["margin", "risk"]
"""What decides on the rate."""


@dataclass(frozen=True, eq=False)
class Quote:
    """The rate to quote, or why there is none."""

    contract: Contract
    """As it was given."""
    target_margin: float
    risk: float
    factor: Estimate | None
    """By which all rates of its lines are multiplied, with an interval over futures; None: no rate does."""
    for_margin: Estimate | None
    """The factor that the expected margin alone would take."""
    for_risk: Estimate | None
    """The factor that the probability of a loss alone would take."""
    binding: Binding | None
    """Which of the two is the higher."""
    quoted: Contract | None
    """The contract at that factor."""
    refused: str = ""
    """Why no rate does, a sentence in English; empty where one does."""


def quote(
    contract: Contract,
    futures: Futures,
    cost: SupplierCost | None = None,
    *,
    target_margin: float = TARGET_MARGIN,
    risk: float = RISK,
) -> Quote:
    """The least factor on all line rates such that E(margin) >= target x E(revenue), and P(margin < 0) <= risk."""
    raise NotImplementedError


def scaled(contract: Contract, factor: Decimal | float) -> Contract:
    """A contract with all rates of its lines times a factor; minimum, maximum, fees, bonus, malus and caps stay."""
    raise NotImplementedError
