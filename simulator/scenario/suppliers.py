"""An outsourcer, and what its people cost it: frozen and plain, as `model` is for the rest of a scenario.

The price of a group's hour in the scenario is what the shop reckons with; what is here is what the supplier pays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beginners:
    """What it takes to bring one more agent to the floor."""

    share: float = 0.0
    """Of the supplier's agents, those who are hired and trained for this engagement."""
    time: float = 0.0
    """Hours of training, paid."""
    cost: float = 0.0
    """Of training, beside the wage: trainer, material."""
    hiring: float = 0.0
    """Of finding and engaging one."""
    pace: tuple[float, ...] = ()
    """[week on the floor] What each is worth, against somebody who has learnt all; 1 after the last."""

    @property
    def weeks_lost(self) -> float:
        """Weeks of one agent that are paid and not worked, until all is learnt."""
        return math.fsum(1.0 - pace for pace in self.pace)


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who employs some of the groups, and at what cost to itself; money is in the scenario's currency."""

    name: str
    title: str
    groups: tuple[int, ...]
    wage: tuple[float, ...]
    """[of groups] Of a paid hour."""
    side_costs: float = 0.0
    """What an employer pays on top of wages, as a share of them."""
    overtime: float = 1.0
    """Wage of an hour of overtime, over the wage of an hour."""
    retainer: float = 0.0
    """Of an hour in which an agent is on call and not called."""
    seat: float = 0.0
    """Of an hour on duty: place, computer, licences."""
    hours_per_week: float = 37.5
    """Paid hours of one agent."""
    attrition: float = 0.0
    """Share of the agents who leave within a twelfth of a year; each is replaced."""
    beginners: Beginners = Beginners()
    overhead: float = 0.0
    """Share of all other costs: team leads, planning, management."""
    fixed: float = 0.0
    """Once for the horizon."""
