"""What a staffing costs: the paid hours of the planned agents, and the overtime in which they finish what is in hand.

Whoever is planned is paid, there or absent. Bots, lines and fixed costs are not staffing, and left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.measures import Price, Yardstick
from simulator.measures.prices import prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.staffing.evaluator import Played
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PRICE_OF_FREE = 0.1
"""Of the least price of an hour, what one of a group without a price counts for in a search."""


@dataclass(frozen=True, slots=True)
class Pay:
    """The prices of a scenario's agents; where no group has a price, every paid hour costs 1."""

    hours: Floats
    """[group, interval] Paid hours of one agent planned for the interval: its length / (1 - shrinkage)."""
    hour: Floats
    """[group] Price of a paid hour."""
    overtime_hour: Floats
    """[group] Price of an hour of overtime."""
    in_currency: bool
    """Whether prices are of the scenario; otherwise costs are paid hours."""

    @classmethod
    def of(cls, scenario: Scenario) -> Pay:
        """The prices of a scenario."""
        yardstick = Yardstick.of(scenario)
        hours = np.diff(yardstick.edges) / 3600.0 / (1.0 - yardstick.shrinkage[:, None])
        if not yardstick.cost_per_hour.any():
            ones = np.ones(len(scenario.groups))
            return cls(hours, ones, ones, in_currency=False)
        hour, overtime = (3600.0 * prices(which, yardstick) for which in (Price.HOUR, Price.OVERTIME))
        return cls(hours, hour, overtime, in_currency=True)

    @property
    def for_search(self) -> Pay:
        """The same for a search, which takes no more agents than help even of a group that costs nothing."""
        free = self.hour == 0
        return replace(self, hour=np.where(free, PRICE_OF_FREE * self.hour[~free].min(), self.hour))

    @property
    def agent(self) -> Floats:
        """[group, interval] Price of one agent planned for the interval."""
        return self.hours * self.hour[:, None]

    def paid_hours(self, staffing: Ints) -> float:
        """The paid hours of the planned agents."""
        return float((self.hours * staffing).sum())

    def planned(self, staffing: Ints) -> float:
        """The cost of the planned agents."""
        return float((self.agent * staffing).sum())

    def overtime(self, played: Played) -> float:
        """The cost of overtime, mean over the replications."""
        return float(played.overtime.sum(axis=2).mean(axis=0) @ self.overtime_hour) / 3600.0

    def cost(self, played: Played) -> float:
        """Both together: as the measure `cost` of a run of that staffing, if nobody is on call."""
        return self.planned(played.staffing) + self.overtime(played)
