"""What its people cost a supplier in every future, part by part.

Of each group, with w the wage of an hour, p the hours paid, l those on duty, o those of overtime, b those with work in
hand, and h the people whom the planned staffing takes::

    handling     w x (b - o)                      idle        w x (l + o - b)
    shrinkage    w x (p - l - o)                  overtime    w x o x what overtime is over the wage
    retainer     retainer x (hours planned - l), of groups on call
    side costs   their share of all of these
    seats        seat x (l + o)
    training     h x share of beginners x (hours of training x W + cost + hours lost x W), W = w x (1 + side costs)
    hiring       h x share of beginners x hiring
    replacement  h x share who leave x (hiring + hours of training x W + cost + hours lost x W)
    fixed        once
    overhead     its share of all of that

Paid and not on duty is the shrinkage, and whoever is absent. Hours lost are those of the learning curve: paid to others
who stand in; beginners of a group that learns in the simulation work there at their pace, and lose no hours besides.
Who leaves is an expectation: of n twelfths of a year a share of 1 - (1 - attrition)^n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from simulator.planning.pricing.heads import heads

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
COST_PARTS: tuple[CostPart, ...] = get_args(CostPart)
"""In the order in which they are shown."""

_DAYS_OF_A_TWELFTH = 365.0 / 12.0


@dataclass(frozen=True, eq=False)
class SupplierCost:
    """What its people cost a supplier."""

    supplier: Supplier
    parts: Mapping[CostPart, Floats]
    """[future] Each; those of `COST_PARTS`, in that order."""
    heads: Floats
    """[group of the supplier] People whom the staffing takes."""
    by_head: Floats
    """[group of the supplier] What their beginners cost: training, hiring and replacement, before overhead."""
    idle_hours: Floats
    """[future] On duty, and nothing in hand."""

    @property
    def total(self) -> Floats:
        """[future] All parts together."""
        total: Floats = np.sum(list(self.parts.values()), axis=0)
        return total


def supplier_cost(futures: Futures, supplier: Supplier | None = None) -> SupplierCost:
    """What its people cost the supplier of the futures, or another supplier of the same groups.

    Raises
    ------
    ValueError
        If the scenario says nothing of the supplier, or the other one has other groups.
    """
    scenario = futures.scenario
    if supplier is None:
        if futures.supplier is None:
            msg = "The scenario has no [suppliers], and so says nothing of what the supplier's people cost it."
            raise ValueError(msg)
        supplier = scenario.supplier(futures.supplier)
    if sorted(supplier.groups) != sorted(futures.groups):
        msg = f"The supplier {supplier.name} has other groups than the futures were played for."
        raise ValueError(msg)
    mine = list(supplier.groups)
    wage = np.array(supplier.wage)
    paid, logged, overtime, busy = (
        np.asarray(hours, dtype=np.float64)[:, mine]
        for hours in (futures.paid_hours, futures.logged_hours, futures.overtime_hours, futures.busy_hours)
    )
    # Busy time is summed in another order than presence: no idle time is none, not -1e-12.
    idle = np.maximum(logged + overtime - busy, 0.0)
    on_call = np.array([scenario.groups[group].on_call is not None for group in mine])
    planned = scenario.staffing[mine].sum(axis=1) * scenario.calendar.interval / 3600.0
    waited = np.where(on_call, np.maximum(planned - logged, 0.0), 0.0)
    # Of the fullest week.
    people = heads(scenario, supplier.hours_per_week)[mine].max(axis=1).astype(np.float64)
    parts: dict[CostPart, Floats] = {
        "handling": (logged - idle) @ wage,
        "idle": idle @ wage,
        "shrinkage": np.maximum(paid - logged - overtime, 0.0) @ wage,
        "overtime": supplier.overtime * (overtime @ wage),
        "retainer": supplier.retainer * waited.sum(axis=1),
    }
    parts["side costs"] = supplier.side_costs * np.sum(list(parts.values()), axis=0)
    parts["seats"] = supplier.seat * (logged + overtime).sum(axis=1)
    beginners = {part: people * cost for part, cost in _by_head(scenario, supplier).items()}
    parts |= {part: np.full(len(futures), float(cost.sum())) for part, cost in beginners.items()}
    parts["fixed"] = np.full(len(futures), supplier.fixed)
    parts["overhead"] = supplier.overhead * np.sum(list(parts.values()), axis=0)
    return SupplierCost(supplier, parts, people, np.sum(list(beginners.values()), axis=0), idle.sum(axis=1))


def _by_head(scenario: Scenario, supplier: Supplier) -> dict[CostPart, Floats]:
    """[group of the supplier] Costs of beginners by each of the people who are held."""
    beginners = supplier.beginners
    hour = np.array(supplier.wage) * (1.0 + supplier.side_costs)
    trained = beginners.time * hour + beginners.cost
    lost = beginners.weeks_lost * supplier.hours_per_week * hour
    learns = np.array([scenario.groups[group].learning is not None for group in supplier.groups])
    left = 1.0 - (1.0 - supplier.attrition) ** (scenario.calendar.days / _DAYS_OF_A_TWELFTH)
    return {
        "training": beginners.share * (trained + np.where(learns, 0.0, lost)),
        "hiring": beginners.share * np.full(len(hour), beginners.hiring),
        "replacement": left * (beginners.hiring + trained + lost),
    }
