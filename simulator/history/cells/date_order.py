"""Whether the day or the month comes first in a file's dates; a file that does not tell is refused."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from simulator.history.cells.moments import date_parts, parse_date
from simulator.history.errors import refused
from simulator.language import say
from simulator.scenario.errors import shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from simulator.history.cells.moments import DateOrder

_DATES_THAT_TELL = 3
_WEEK = 7


class SettledOrder(NamedTuple):
    """The order of day and month in dates."""

    order: DateOrder
    by_nearness: str = ""
    """The first date that has two readings, where only this tells the order: in it the dates lie close together."""


class DateOrders(NamedTuple):
    """What dates tell of their order."""

    order: DateOrder | None
    """None: they do not tell."""
    shown: dict[DateOrder, str]
    """For each order that some date gives away the first such."""
    by_nearness: str = ""
    """As in `SettledOrder`."""


def settled_order(name: str, header_line: int, texts: Sequence[str], told: DateOrder | None) -> SettledOrder:
    """The order of day and month in dates; `told` settles what they leave open.

    Raises
    ------
    ReportError
        If some have one order and some the other, or nothing tells it.
    """
    if told:
        return SettledOrder(told)
    found = date_orders(texts)
    if found.order:
        return SettledOrder(found.order, found.by_nearness)
    if found.shown:
        days, months = shown(found.shown["day first"]), shown(found.shown["month first"])
        raise refused(name, say("refusals.two_orders", days=days, months=months), header_line)
    raise refused(name, say("refusals.no_order"), header_line, value=texts[0] if texts else "")


def date_orders(texts: Sequence[str]) -> DateOrders:
    """Which order dates are in.

    Besides days above 12, it tells the order if the dates lie close together in one and months apart in the other.
    """
    shown_orders: dict[DateOrder, str] = {}
    either: dict[DateOrder, set[date]] = {"day first": set(), "month first": set()}
    """The dates whose form leaves the order open, in both orders."""
    open_ = ""
    for text in texts:
        try:
            parts = date_parts(text)
            if parts.sure is None:
                for order, days in either.items():
                    days.add(parse_date(text, order))
                open_ = open_ or text
        except ValueError:
            continue
        if parts.sure and parts.tells:
            shown_orders.setdefault(parts.sure, text)
    if shown_orders or not either["day first"]:
        return DateOrders(None if len(shown_orders) > 1 else next(iter(shown_orders), "day first"), shown_orders)
    close = [order for order, days in either.items() if _are_close(days)]
    return DateOrders(close[0], {}, open_) if len(close) == 1 else DateOrders(None, {})


def _are_close(days: set[date]) -> bool:
    ordinals = sorted(day.toordinal() for day in days)
    return len(ordinals) >= _DATES_THAT_TELL and all(after - before <= _WEEK for before, after in pairwise(ordinals))
