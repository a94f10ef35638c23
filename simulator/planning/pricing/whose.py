"""Which groups of a scenario are the supplier's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario


def groups_of(scenario: Scenario, supplier: str | None) -> tuple[int, ...]:
    """Numbers of the supplier's groups: whoever is not employed in-house.

    Raises
    ------
    ValueError
        If there is no such supplier, or it has no group.
    """
    if supplier is not None:
        msg = f"The scenario has no supplier {supplier}."
        raise ValueError(msg)
    groups = tuple(number for number, group in enumerate(scenario.groups) if group.employer != "in-house")
    if not groups:
        msg = "All groups of the scenario are employed in-house: there is no supplier whose contract could be priced."
        raise ValueError(msg)
    return groups
