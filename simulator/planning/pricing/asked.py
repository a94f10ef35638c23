"""What a price is asked for: risk, margin, promise, and how far demand may be from its forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.planning.pricing.quote import RISK, TARGET_MARGIN

PROBABILITY = 0.80
LEVELS = (0.7, 0.85, 1.0, 1.15, 1.3)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a price is asked for.

    Raises
    ------
    ValueError
        Naming the figure at fault and what is allowed.
    """

    risk: float = RISK
    """The most that the supplier's probability of a loss may be."""
    target_margin: float = TARGET_MARGIN
    """What the supplier's expected margin is to be, as a share of its expected revenue."""
    probability: float = PROBABILITY
    """With which a mix of in-house, base and burst is to meet all targets."""
    levels: tuple[float, ...] = LEVELS
    """Demand as multiples of the scenario's own; 1 is among them, and they rise."""
    whole_engagement: bool = False
    """Whether what is owed after the horizon is in what the buyer pays, or stands beside it; what the supplier's people
    cost it is of the horizon, and so are its revenue and its margin."""

    def __post_init__(self) -> None:
        for name, share in (("risk", self.risk), ("margin", self.target_margin), ("probability", self.probability)):
            if not 0 < share < 1:
                msg = f"The {name} is {share:g}; it is a share between 0 and 1, as in 10 %."
                raise ValueError(msg)
        if not all(math.isfinite(level) and level > 0 for level in self.levels):
            msg = "A level of demand is a number above 0, as in 0.7 or 1.3."
            raise ValueError(msg)
        if 1.0 not in self.levels or list(self.levels) != sorted(set(self.levels)):
            msg = "Levels of demand rise, each once, and 1 (the forecast) is among them, as in 0.7, 1, 1.3."
            raise ValueError(msg)
        if len(self.levels) < 2:  # contracts are compared from one to the next
            msg = "Levels of demand are two or more, as in 0.7, 1, 1.3."
            raise ValueError(msg)
