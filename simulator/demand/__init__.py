"""Draws the contacts: rates, busyness, counts, the luck that customers bring from birth, and what diverts them."""

from __future__ import annotations

from simulator.demand.busyness import BusynessModel
from simulator.demand.dispersion import Dispersion, daily_dispersion, slot_dispersion
from simulator.demand.draw import Demand, draw_contacts
from simulator.demand.moments import busyness_of_history
from simulator.demand.rates import expected_contacts, volume_factors

__all__ = [
    "BusynessModel",
    "Demand",
    "Dispersion",
    "busyness_of_history",
    "daily_dispersion",
    "draw_contacts",
    "expected_contacts",
    "slot_dispersion",
    "volume_factors",
]
