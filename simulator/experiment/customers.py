"""The customers of a scenario, drawn once for all scenarios whose demand is the same.

Levers that change the staff only would draw the same customers over and over. Whether two scenarios draw the same is
told by their content, all of it but what drawing does not read.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.demand import Demand
from simulator.scenario.model import Costs

if TYPE_CHECKING:
    from simulator.contacts import Contacts, Diverted
    from simulator.scenario.model import Scenario

MOST_BYTES = 256_000_000
"""What may be kept; replications beyond it are drawn anew."""


class Customers:
    """What is drawn of a demand, for any number of threads; the first so many bytes of it are kept.

    Nobody may change what it gives.
    """

    def __init__(self, scenario: Scenario, most_bytes: int = MOST_BYTES) -> None:
        self._demand = Demand(scenario)
        self._content = demand_content(scenario)
        self._room = most_bytes
        self._kept: dict[tuple[int, int], tuple[Contacts, Diverted]] = {}
        self._lock = threading.Lock()

    def come_to(self, scenario: Scenario) -> bool:
        """Whether a scenario draws the same customers."""
        return demand_content(scenario) == self._content

    def draw_diverted(self, seed: int, replication: int) -> tuple[Contacts, Diverted]:
        """As `Demand.draw_diverted`."""
        known = self._kept.get((seed, replication))
        if known is not None:
            return known
        drawn = self._demand.draw_diverted(seed, replication)
        size = bytes_of(drawn[0])
        with self._lock:
            if size <= self._room:
                self._room -= size
                self._kept[seed, replication] = drawn
        return drawn


def bytes_of(contacts: Contacts) -> int:
    """The memory of a table and of what may follow it."""
    columns = [getattr(contacts, name) for name in contacts.columns()]
    follow_ups = contacts.follow_ups
    columns += [getattr(follow_ups, name) for name in follow_ups.__slots__]
    return sum(int(column.nbytes) for column in columns)


def demand_content(scenario: Scenario) -> bytes:
    """A digest of all that drawing may read: of the groups only how good the least of their agents is.

    Scenarios of the same digest draw the same. Others may as well: what is left out here is known not to matter.
    """
    known = _digest_of[0] if _digest_of else None
    if known is not None and known[0] is scenario:
        return known[1]
    read = replace(
        scenario,
        name="",
        title="",
        description="",
        currency="",
        groups=(),
        ready_answers=(),
        variants={},
        costs=Costs(),
        suppliers=(),
        sources={},
        seed=0,
        replications=1,
        content_hash="",
    )
    digest = hashlib.sha256(pickle.dumps((scenario.least_quality, read))).digest()
    _digest_of[:] = [(scenario, digest)]
    return digest


_digest_of: list[tuple[Scenario, bytes]] = []
"""Of the scenario that was asked for last: whoever plays it asks more than once."""
