"""What whole agents cost, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.whole_agents import rounding
from simulator.report.plan.marginal import price_text
from simulator.words import value_text

if TYPE_CHECKING:
    from simulator.planning.staffing.requirement import Requirement


def rounding_words(requirement: Requirement) -> list[str]:
    """The price of rounding up to whole agents, where it is known."""
    known = not np.isnan(requirement.surplus).all() and set(requirement.goal.periods) == {"interval"}
    if not known:
        return []
    found = rounding(requirement)
    cost = f", {price_text(requirement, found.cost)}" if requirement.pay.in_currency else ""
    return [
        f"Whole agents cost {value_text(found.hours, 'hours', 1)} paid hours more than fractions would "
        f"({value_text(found.share, 'share', 1)}{cost}): with days planned apart, that many could be left out."
    ]
