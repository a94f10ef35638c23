"""Contracts priced behind the pages' backs: futures are played once, and every contract is settled on them at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from simulator.planning.pricing.asked import LEVELS
from simulator.planning.pricing.break_even import BreakEvens, break_evens
from simulator.planning.pricing.buyer_view import buyer_view
from simulator.planning.pricing.pricing import play
from simulator.planning.pricing.quote import quote
from simulator.planning.pricing.supplier_cost import supplier_cost
from simulator.planning.pricing.supplier_view import supplier_view
from simulator.ui.errands import Errand, Errands, half_of_the_processors

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from simulator.planning.pricing.buyer_view import BuyerView
    from simulator.planning.pricing.futures import Futures
    from simulator.planning.pricing.pricing import Played
    from simulator.planning.pricing.quote import Quote
    from simulator.planning.pricing.supplier_view import SupplierView
    from simulator.scenario import Scenario
    from simulator.scenario.contract import Contract
    from simulator.ui.turns import Turns

    Floats = NDArray[np.float64]

T = TypeVar("T")

MOST_BYTES = 1 << 29
"""Of futures kept; those played last are kept in any case."""
MOST_PRICED = 60
"""Contracts whose prices are kept on the same futures, as they were written and as they were moved."""
PLAYED = len(LEVELS) + 1
"""How often the futures are played: at each level of demand, and without the supplier."""


@dataclass(frozen=True, slots=True)
class PriceQuestion:
    """What futures are played for."""

    scenario: Scenario
    contracts: tuple[Contract, ...]
    """What they judge by is counted."""
    supplier: str | None
    futures: int

    @property
    def key(self) -> Hashable:
        """All that the futures follow from: of contracts, only what has to be counted for them."""
        judged = {
            (channel, clause.definition, clause.within)
            for contract in self.contracts
            for clause in contract.service_levels
            for channel in clause.channels
        }
        languages = {each for contract in self.contracts for line in contract.lines for each in line.languages}
        weeks = {each.forecast_lock.weeks for each in self.contracts if each.forecast_lock is not None}
        of = self.scenario
        return (
            of.content_hash,
            of.seed,
            self.supplier,
            self.futures,
            frozenset(judged),
            frozenset(languages),
            frozenset(weeks),
        )


@dataclass(frozen=True, slots=True)
class OnSale:
    """A contract to be priced."""

    contract: Contract
    key: Hashable
    """All that it follows from: its file, and what was moved in it."""


class Prices:
    """What contracts come to on futures that were played; what was worked out once is there at once."""

    def __init__(self, played: Played) -> None:
        self.played = played
        self.cost = supplier_cost(played.futures) if played.supplier is not None else None
        self.nbytes = sum(map(_bytes_of, (*played.levels.values(), played.without)))
        self._lock = threading.Lock()
        self._views: OrderedDict[Hashable, SupplierView] = OrderedDict()
        self._levels: OrderedDict[Hashable, BreakEvens] = OrderedDict()
        self._quotes: OrderedDict[Hashable, Quote] = OrderedDict()

    def supplier_view(self, on_sale: OnSale) -> SupplierView | None:
        """As the supplier sees it; None where nothing is known of its costs."""
        if self.cost is None:
            return None
        found = self._kept(self._views, on_sale.key)
        if found is None:
            found = supplier_view(on_sale.contract, self.played.futures, self.cost)
            self._keep(self._views, on_sale.key, found)
        return found

    def quote(self, on_sale: OnSale, target_margin: float, risk: float) -> Quote | None:
        """The rate to quote; None where nothing is known of the supplier's costs."""
        if self.cost is None:
            return None
        key = (on_sale.key, target_margin, risk)
        found = self._kept(self._quotes, key)
        if found is None:
            contract, futures = on_sale.contract, self.played.futures
            found = quote(contract, futures, self.cost, target_margin=target_margin, risk=risk)
            self._keep(self._quotes, key, found)
        return found

    def buyer_view(self, on_sale: Sequence[OnSale]) -> BuyerView:
        """As the shop sees all of them."""
        return buyer_view([each.contract for each in on_sale], self.played.futures, self.played.without)

    def break_evens(self, on_sale: Sequence[OnSale]) -> BreakEvens:
        """All of them over levels of demand."""
        rows = [self._over_levels(each) for each in on_sale]
        paid = np.concatenate([row.paid for row in rows])
        return BreakEvens(tuple(each.contract for each in on_sale), rows[0].levels, paid, rows[0].beside)

    def _over_levels(self, on_sale: OnSale) -> BreakEvens:
        found = self._kept(self._levels, on_sale.key)
        if found is None:
            found = break_evens([on_sale.contract], self.played.levels)
            self._keep(self._levels, on_sale.key, found)
        return found

    def _kept(self, kept: OrderedDict[Hashable, T], key: Hashable) -> T | None:
        with self._lock:
            found = kept.get(key)
            if found is not None:
                kept.move_to_end(key)
            return found

    def _keep(self, kept: OrderedDict[Hashable, T], key: Hashable, value: T) -> None:
        with self._lock:
            kept[key] = value
            while len(kept) > MOST_PRICED:
                kept.popitem(last=False)


class Play(Errand[PriceQuestion, Prices]):
    """Futures being played."""

    def __init__(self, question: PriceQuestion) -> None:
        super().__init__(question)
        self._stages: list[str] = []
        self._done_of_stage = 0
        self.took = 0.0
        """Seconds."""

    @property
    def wanted(self) -> int:
        """Futures of all levels, and of the shop without the supplier."""
        return PLAYED * self.question.futures

    @property
    def played(self) -> int:
        """Of these, so many have been."""
        return max(len(self._stages) - 1, 0) * self.question.futures + self._done_of_stage

    def _done(self) -> Prices:
        asked = self.question
        played = play(
            asked.scenario,
            asked.contracts,
            supplier=asked.supplier,
            futures=asked.futures,
            workers=half_of_the_processors(),
            mixes=False,
            on_stage=self._saw,
        )
        self.took = self.seconds
        return Prices(played)

    def _saw(self, stage: str, done: int, of: int) -> None:
        self._go_on()
        if of != self.question.futures:  # some are tried before
            return
        if stage not in self._stages:
            self._stages.append(stage)
        self._done_of_stage = done


class Plays(Errands[PriceQuestion, Play]):
    """Futures of all sessions."""

    def __init__(self, most_bytes: int = MOST_BYTES, turns: Turns | None = None) -> None:
        super().__init__(Play, "price", most_bytes, turns)


def _bytes_of(futures: Futures) -> int:
    """Bytes of memory that futures take."""
    ledger = vars(futures.ledger)
    arrays = [*vars(futures).values(), *ledger.values(), *ledger["forecasts"].values()]
    return sum(each.nbytes for each in arrays if isinstance(each, np.ndarray))
