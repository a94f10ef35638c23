"""Results kept in memory, so that what was computed once, in whatever session, is there at once; and customers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from simulator.experiment import Customers
from simulator.experiment.customers import demand_content

if TYPE_CHECKING:
    from collections.abc import Hashable

    from simulator.experiment import Experiment
    from simulator.scenario import Scenario

MOST_CUSTOMERS = 2
"""Demands whose customers are kept; each takes 256 MB at most."""


class KeptExperiments:
    """Experiments by a key that says all that they follow from; those not asked for longest go first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._found: OrderedDict[Hashable, Experiment] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Experiment | None:
        """What is kept under the key; None if nothing is."""
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
            return found

    def keep(self, key: Hashable, experiment: Experiment) -> None:
        """Keep an experiment, and as many of the others as there is room for."""
        with self._lock:
            former = self._found.pop(key, None)
            self._bytes += experiment.nbytes - (former.nbytes if former else 0)
            self._found[key] = experiment
            while self._bytes > self.most_bytes and len(self._found) > 1:
                _, oldest = self._found.popitem(last=False)
                self._bytes -= oldest.nbytes

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._found)


class KeptCustomers:
    """Customers of the demands asked for last: who moves agents meets them again, and nobody has to draw them."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, Customers] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, scenario: Scenario) -> Customers:
        """The customers of a scenario."""
        key = demand_content(scenario)
        with self._lock:
            if key not in self._found:
                self._found[key] = Customers(scenario)
            self._found.move_to_end(key)
            while len(self._found) > MOST_CUSTOMERS:
                self._found.popitem(last=False)
            return self._found[key]
