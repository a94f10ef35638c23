"""Draws the contacts: rates, busyness, counts, the luck that customers bring from birth, and what diverts them."""

from __future__ import annotations

from simulator.demand.busyness import BusynessModel
from simulator.demand.campaigns import volume_factors
from simulator.demand.causes import Causes, contacts_by_cause
from simulator.demand.checked import check_demand
from simulator.demand.dispersion import Dispersion, daily_dispersion, slot_dispersion
from simulator.demand.draw import Demand, draw_contacts
from simulator.demand.expected import expected_contacts
from simulator.demand.moments import busyness_of_history

__all__ = [
    "BusynessModel",
    "Causes",
    "Demand",
    "Dispersion",
    "busyness_of_history",
    "check_demand",
    "contacts_by_cause",
    "daily_dispersion",
    "draw_contacts",
    "expected_contacts",
    "slot_dispersion",
    "volume_factors",
]
