"""Which class of customers each enquiry is of: a draw of its own, from the enquiry's key.

The classes that a scenario names are looked at in its order, each with a number made from the key and the class's name.
So a larger share keeps all who were of the class, another class at the end takes from ordinary customers only, and who
makes contact, when, about what and with which luck does not depend on classes at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.keys import constant

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import Contacts
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Words = NDArray[np.uint64]

_NOBODY = 1e-9
"""A share so small that it is none."""


class ClassLaw:
    """The classes of a scenario's customers.

    Parameters
    ----------
    scenario
        Only its classes and channels matter.
    """

    def __init__(self, scenario: Scenario) -> None:
        named = scenario.customer_classes[1:]
        self._names = [each.name for each in named]
        share = np.array([each.share for each in named]).reshape(len(named), len(scenario.channels))
        left = 1.0 - (np.cumsum(share, axis=0) - share)
        # Where the classes before have everybody, rounding may leave a little less or more than nobody.
        self._chance = np.divide(share, left, out=np.zeros_like(share), where=left > _NOBODY)
        """[named class, channel] Of those who are in no class before it: the share that is of this one."""
        self._handling, self._patience = (
            np.array([getattr(each, factor) for each in scenario.customer_classes])
            for factor in ("handling_factor", "patience_factor")
        )
        self.needed = bool(named)
        """Whether any enquiry needs a key."""

    def drawn(self, key: Words, channel: Ints) -> Ints:
        """[row] The class of enquiries that have these keys and begin on these channels."""
        from simulator.demand import compiled

        drawn = np.zeros(len(key), dtype=np.int64)
        for number, (name, chance) in enumerate(zip(self._names, self._chance, strict=True), 1):
            luck = compiled.luck_of(key, np.arange(len(key)), constant(f"customer class {name}"))
            drawn[(drawn == 0) & (luck < chance[channel])] = number
        return drawn

    def treated(self, contacts: Contacts) -> Contacts:
        """The contacts with work and patience as their classes have them; a call that finds nobody just rings."""
        if (self._handling == 1.0).all() and (self._patience == 1.0).all():
            return contacts
        handling = self._handling[contacts.customer_class]
        if len(contacts.follow_ups):
            handling[-len(contacts.follow_ups) :][contacts.follow_ups.in_vain] = 1.0
        return replace(
            contacts,
            work=contacts.work * handling,
            patience=contacts.patience * self._patience[contacts.customer_class],
        )
