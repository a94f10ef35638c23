"""What concerns suppliers and other tables of a scenario file at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.scenario.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.scenario.document import Document


def check_suppliers(document: Document) -> Iterator[Problem]:
    """Find groups that are of two suppliers, or of one twice."""
    employed: dict[str, str] = {}
    for name, supplier in document.suppliers.items():
        here = ("suppliers", name)
        for place, group in enumerate(supplier.groups):
            if group in supplier.groups[:place]:
                yield Problem(f"The group {group} is there twice.", (*here, "groups"), group)
            elif group in employed:
                yield Problem(
                    f"The group {group} is of the supplier {employed[group]}; it can be of one only.",
                    (*here, "groups"),
                    group,
                )
            employed.setdefault(group, name)
