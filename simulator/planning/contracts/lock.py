"""The locked forecast: how much of what came lies beyond it, and what was forecast and did not come."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.contracts.books import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.planning.contracts.arithmetic import Array
    from simulator.planning.contracts.books import Books, Path
    from simulator.scenario.contract import ContractPeriod, ForecastLock

HAIR = Decimal("1e-9")
"""What is within this of an edge, relatively, is at the edge: 116 % of 25 is 28.999999999999996 in floats."""

_HERE: Path = ("forecast_lock",)


class Locked:
    """A forecast lock held against the ledger."""

    def __init__(self, books: Books, lock: ForecastLock) -> None:
        self.lock = lock
        self._books = books
        forecast = books.ledger.forecasts.get(lock.weeks)
        self._forecast = books.kept(forecast, f"forecast as it stood {lock.weeks} weeks ahead", (*_HERE, "weeks"))
        self._offered = books.kept(books.ledger.offered, "contacts offered", _HERE)
        self._beyond: dict[str, Array] = {}

    def beyond(self, channel: str) -> Array:
        """[future, period] Share of the channel's contacts that are beyond the lock, of its period."""
        if channel not in self._beyond:
            self._beyond[channel] = self._beyond_of(channel)
        return self._beyond[channel]

    def units_beyond(self, units: Array, channel: str) -> Array:
        """[future, month] Of what the channel's contacts bring, [future, interval], the share that is beyond."""
        books, per = self._books, self.lock.per
        beyond = books.sums(units, "interval", per) * self.beyond(channel)
        return books.every_future(books.sums(beyond, per, "month"))

    def beyond_of(self, channel: str, fine: ContractPeriod) -> Array:
        """[future, fine period] The same, for each of periods that are not longer than those of the lock."""
        return self.beyond(channel)[:, self._books.within(fine, self.lock.per)]

    def shortfall(self, rows: Sequence[int], billed_at_least: Decimal) -> Array:
        """[future, month] Contacts that are billed though they did not come, of some queues together."""
        books, per = self._books, self.lock.per
        number, zero = books.arithmetic.number, books.arithmetic.number(0)
        forecast = books.sums(books.together(self._forecast, rows), "interval", per)
        offered = books.sums(books.together(self._offered, rows), "interval", per)
        missing = np.maximum(forecast * number(billed_at_least) - offered, zero)
        return books.every_future(books.sums(missing, per, "month"))

    def _beyond_of(self, channel: str) -> Array:
        books, per = self._books, self.lock.per
        number = books.arithmetic.number
        zero, one, hair = number(0), number(1), number(HAIR)
        rows = [row for row, queue in enumerate(books.ledger.queues) if queue.channel == channel]
        if not rows:
            raise refuse(_HERE, f"the ledger has no contacts offered on {channel}, to hold against their forecast.")
        limit = books.sums(books.together(self._forecast, rows), "interval", per) * number(1 + self.lock.relief_above)
        offered = books.sums(books.together(self._offered, rows), "interval", per)
        excess = offered - limit
        is_beyond = excess > limit * hair
        return np.where(is_beyond, excess, zero) / np.where(is_beyond, offered, one)
