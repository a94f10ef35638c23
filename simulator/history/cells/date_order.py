"""Whether the day or the month comes first in a file's dates; a file that does not tell is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.history.cells.moments import date_orders
from simulator.history.errors import refused
from simulator.language import say
from simulator.scenario.errors import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.history.cells.moments import DateOrder


def settled_order(name: str, header_line: int, texts: Sequence[str], told: DateOrder | None) -> DateOrder:
    """The order of day and month in dates; `told` settles what they leave open.

    Raises
    ------
    ReportError
        If some have one order and some the other, or nothing tells it.
    """
    if told:
        return told
    order, shown_orders = date_orders(texts)
    if order:
        return order
    if shown_orders:
        days, months = shown(shown_orders["day first"]), shown(shown_orders["month first"])
        raise refused(name, say("refusals.two_orders", days=days, months=months), header_line)
    raise refused(name, say("refusals.no_order"), header_line, value=texts[0] if texts else "")
