"""Customers that several points of a grid have in common: drawn once, met by all of them.

Customers bring their luck from birth, so that whoever is on duty meets the same ones; points that differ in staffing,
prices or titles alone need not draw them again.
"""

from __future__ import annotations

import pickle
from dataclasses import fields
from typing import TYPE_CHECKING

from simulator.demand import Demand

if TYPE_CHECKING:
    from simulator.contacts import Contacts, Diverted
    from simulator.scenario.model import Scenario

MOST_BYTES = 256 * 2**20
"""Of contacts that are kept; replications for which there is no room are drawn again for each point."""
_MEETS_THEM = frozenset(
    (
        *("name", "title", "description", "currency", "groups", "ready_answers", "costs", "variants", "sources"),
        *("seed", "replications", "content_hash"),
    )
)
"""Fields of a scenario that say nothing of who comes; what is not named here does, or may."""


def customers_of(scenario: Scenario) -> bytes:
    """What decides who comes and with what luck: equal bytes, equal customers. The converse need not hold."""
    told = [getattr(scenario, each.name) for each in fields(scenario) if each.name not in _MEETS_THEM]
    return pickle.dumps((told, scenario.least_quality))


class Customers:
    """The customers of all replications, each drawn when first asked for; any number of threads may ask."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.key = customers_of(scenario)
        self.demand = Demand(scenario)
        self.seed = seed
        self._drawn: dict[int, tuple[Contacts, Diverted]] = {}
        self._bytes = 0

    def of(self, replication: int) -> tuple[Contacts, Diverted]:
        """Contacts, and whom announcements and new channels have moved."""
        found = self._drawn.get(replication)
        if found is None:
            found = self.demand.draw_diverted(self.seed, replication)
            size = _size(found[0])
            if self._bytes + size <= MOST_BYTES:
                self._bytes += size
                self._drawn[replication] = found
        return found


def _size(contacts: Contacts) -> int:
    tables = (contacts, contacts.follow_ups)
    return sum(getattr(getattr(table, each.name), "nbytes", 0) for table in tables for each in fields(table))
