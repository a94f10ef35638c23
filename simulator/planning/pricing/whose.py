"""Which groups of a scenario are the supplier's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.scenario.suppliers import Supplier


def supplier_of(scenario: Scenario, name: str | None) -> Supplier | None:
    """The supplier of that name, or without a name the only one; None where the scenario says nothing of any.

    Raises
    ------
    ValueError
        If there is no such supplier, or there are several and none was named.
    """
    names = [each.name for each in scenario.suppliers]
    if name is None and len(names) > 1:
        msg = f"The scenario has several suppliers; say which: {', '.join(names)}."
        raise ValueError(msg)
    if name is not None and name not in names:
        msg = f"The scenario has no supplier {name}; it has {', '.join(names) or 'none'}."
        raise ValueError(msg)
    return scenario.supplier(name or names[0]) if names else None


def groups_of(scenario: Scenario, supplier: Supplier | None) -> tuple[int, ...]:
    """Numbers of the supplier's groups; where none is known, of whoever is not employed in-house.

    Raises
    ------
    ValueError
        If there is no such group.
    """
    if supplier is not None:
        return supplier.groups
    groups = tuple(number for number, group in enumerate(scenario.groups) if group.employer != "in-house")
    if not groups:
        msg = "All groups of the scenario are employed in-house: there is no supplier whose contract could be priced."
        raise ValueError(msg)
    return groups
