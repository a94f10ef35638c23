"""Which column of an export of orders says what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from simulator.history.logs.mapping import CellForms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.history.logs.mapping import Words

OrderRole = Literal["date", "placed", "units", "value", "cancelled", "customer", "number"]
"""What a column holds. date: the day of moments that are clock times only; units: pieces; value: money; number: of the
order, whose rows are added up."""

ORDER_ROLES: tuple[OrderRole, ...] = get_args(OrderRole)


@dataclass(frozen=True, slots=True)
class OrderMapping:
    """How an export of orders is read."""

    columns: Mapping[OrderRole, Words]
    """Names of the columns of each role; of several the first that holds something counts."""
    forms: CellForms = field(default_factory=CellForms)
    cancelled_words: Words = ()
    """What the column `cancelled` says of an order that was cancelled, in small letters. None: anything that does not
    say no, such as the moment of the cancellation."""
