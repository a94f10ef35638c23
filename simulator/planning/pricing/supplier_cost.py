"""What a contract's people cost their supplier in every future, part by part.

Of each group, with w the wage of a paid hour, p paid hours, l hours on duty, o hours of overtime, b hours busy::

    handling   w (b - o)             idle      w (l + o - b)          shrinkage  w (p - l - o)
    overtime   w o x overtime        retainer  retainer x hours planned and not called, of groups on call
    beginners  beginners x (training time x w' + cost + lost pace)         w' = wage with side costs
    hiring     beginners x hiring    replacement  leavers x (hiring + training + lost pace)
    side costs side x (wages + retainer)                  seats   seat x (l + o)
    overhead   share x all of that and of what is fixed

The hours that a group is paid and not on duty are its shrinkage and its absent agents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.planning.pricing.futures import Futures
    from simulator.scenario.model import Scenario
    from simulator.scenario.suppliers import Supplier

    Floats = NDArray[np.float64]

CostPart = Literal[
    "handling",
    "idle",
    "shrinkage",
    "overtime",
    "retainer",
    "side costs",
    "seats",
    "training",
    "hiring",
    "replacement",
    "fixed",
    "overhead",
]
"""In the order in which they are shown."""
COST_PARTS: tuple[CostPart, ...] = get_args(CostPart)


@dataclass(frozen=True, eq=False)
class SupplierCost:
    """What the people of a supplier cost it."""

    supplier: Supplier
    parts: Mapping[CostPart, Floats]
    """[future] Each; `COST_PARTS` in their order."""
    heads: Floats
    """[group of the supplier] People whom the staffing takes."""
    idle_hours: Floats
    """[future] On duty, and nothing in hand."""

    @property
    def total(self) -> Floats:
        """[future]"""
        return np.sum(list(self.parts.values()), axis=0)


def supplier_cost(futures: Futures, supplier: Supplier | None = None) -> SupplierCost:
    """The costs of the supplier of the futures, or of another one with the same groups."""
    raise NotImplementedError


def heads(scenario: Scenario, supplier: Supplier) -> Floats:
    """[group of the supplier] People whom the planned staffing takes, whole ones."""
    raise NotImplementedError
