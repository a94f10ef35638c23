"""What whole agents cost, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.whole_agents import rounding
from simulator.report.plan.marginal import price_text
from simulator.words import value_text

if TYPE_CHECKING:
    from simulator.planning.staffing.requirement import Requirement
    from simulator.planning.staffing.whole_agents import Rounding


def known_rounding(requirement: Requirement) -> Rounding | None:
    """What rounding up costs; None where groups share channels or periods are longer than intervals."""
    if np.isnan(requirement.surplus).all() or set(requirement.goal.periods) != {"interval"}:
        return None
    return rounding(requirement)


def rounding_words(requirement: Requirement) -> list[str]:
    """The price of rounding up to whole agents, where it is known."""
    found = known_rounding(requirement)
    if found is None:
        return []
    cost = f", {price_text(requirement, found.cost)}" if requirement.pay.in_currency else ""
    return [
        f"Whole agents cost {value_text(found.hours, 'hours', 1)} paid hours more than fractions would "
        f"({value_text(found.share, 'share', 1)}{cost}): that many can be left out where days are planned apart."
    ]
