"""From the checked tables of suppliers to what `suppliers` holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.scenario.fields import title_of
from simulator.scenario.suppliers import Beginners, Supplier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.scenario.document import Document
    from simulator.scenario.units import Money

_HOUR = 3600.0


def build_suppliers(document: Document) -> Iterator[Supplier]:
    """The suppliers of a scenario, in the order of the file."""
    number = {group: place for place, group in enumerate(document.groups)}
    for name, table in document.suppliers.items():
        yield Supplier(
            name=name,
            title=table.title or title_of(name),
            groups=tuple(number[group] for group in table.groups),
            wage=tuple(table.wages.get(group, table.wage).amount for group in table.groups),
            side_costs=table.side_costs,
            overtime=table.overtime,
            retainer=_amount(table.retainer),
            seat=_amount(table.seat),
            hours_per_week=table.hours_per_week / _HOUR,
            attrition=table.attrition,
            beginners=Beginners(
                share=table.beginners.share,
                time=table.beginners.time / _HOUR,
                cost=_amount(table.beginners.cost),
                hiring=_amount(table.beginners.hiring),
                pace=tuple(table.beginners.pace_by_week),
            ),
            overhead=table.overhead,
            fixed=_amount(table.fixed),
        )


def _amount(money: Money | None) -> float:
    return money.amount if money is not None else 0.0
