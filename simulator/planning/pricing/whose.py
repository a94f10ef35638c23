"""Who the supplier is: which groups of a scenario are billed, and what is known of its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.scenario.suppliers import Supplier


def supplier_of(scenario: Scenario, name: str | None) -> Supplier | None:
    """The supplier called so, or the only one; None where the scenario says nothing of suppliers.

    Raises
    ------
    ValueError
        If there is no such supplier, or nobody says which of several.
    """
    names = [each.name for each in scenario.suppliers]
    if name is None:
        if len(names) > 1:
            msg = f"The scenario has several suppliers: {', '.join(names)}. Say which one."
            raise ValueError(msg)
        return scenario.suppliers[0] if names else None
    if name not in names:
        msg = f"The scenario has no supplier {name}; it has {', '.join(names) or 'none'}."
        raise ValueError(msg)
    return scenario.supplier(name)


def groups_of(scenario: Scenario, supplier: Supplier | None) -> tuple[int, ...]:
    """Numbers of the supplier's groups; of a scenario that names no supplier, whoever is not employed in-house.

    Raises
    ------
    ValueError
        If there is none.
    """
    if supplier is not None:
        return tuple(sorted(supplier.groups))
    groups = tuple(number for number, group in enumerate(scenario.groups) if group.employer != "in-house")
    if not groups:
        msg = "All groups of the scenario are employed in-house: there is no supplier whose contract could be priced."
        raise ValueError(msg)
    return groups
