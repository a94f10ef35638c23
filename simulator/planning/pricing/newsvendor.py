"""How many agents to hold where nobody queues: the newsvendor's answer, with a second level that is called when needed.

With B agents as base, up to S with those on call, and a need of D agents, one length of time brings ::

    earned x min(D, S) - missed x (D - S)+ - base x B - retainer x (S - B) - called x (min(D, S) - B)+

which is a function of B alone and one of S alone, each concave. Its maximum is where (Arrow, Harris and Marschak 1951,
for one level; the second is the same argument once more) ::

    P(D > B) = (base - retainer) / called        P(D > S) = retainer / (earned + missed - called)

or, where that B is above that S, at one level without anybody on call, P(D > B) = base / (earned + missed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prices:
    """What an agent costs and brings, all for the same length of time: an hour on duty, a day.

    Raises
    ------
    ValueError
        If one is negative or not finite, or holding somebody on call is dearer than holding him as base.
    """

    base: float
    """Held as base, needed or not."""
    retainer: float
    """Held on call, called or not."""
    called: float
    """On top of the retainer, when called."""
    earned: float
    """By the work of one agent; lost where nobody is there for it."""
    missed: float = 0.0
    """What it costs besides where nobody is there."""

    def __post_init__(self) -> None:
        """Refuse what has no answer."""
        prices = (self.base, self.retainer, self.called, self.earned, self.missed)
        if not all(0 <= price < np.inf for price in prices):
            msg = "Prices of agents are finite, and 0 or more."
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Holding:
    """Agents held."""

    base: float
    on_call: float


def newsvendor(need: Floats, prices: Prices) -> Holding:
    """Agents to hold that maximise the expected margin.

    Parameters
    ----------
    need
        Agents needed, each number as probable as the others: of futures, days, or both; any shape.
    prices
        For the length of time in which so many are needed.

    Returns
    -------
    Holding
        Numbers that were needed once, or 0: between two of them the margin is a straight line.
    """
    ordered = np.sort(need, axis=None)

    def level(above: float) -> float:
        """The least number above which no larger share of needs lies."""
        rank = int(np.ceil((1.0 - above) * len(ordered) - 1e-9))
        return max(float(ordered[min(rank, len(ordered)) - 1]), 0.0) if rank > 0 else 0.0

    worth, saved = prices.earned + prices.missed, prices.base - prices.retainer
    # Of those on call nobody is held where the work of one called brings less than he costs.
    gain = worth - prices.called
    most = level(min(prices.retainer / gain, 1.0)) if gain > 0 else 0.0
    base = level(min(max(saved, 0.0) / prices.called, 1.0)) if prices.called > 0 else 0.0
    if saved <= 0 or base >= most:
        alone = level(min(prices.base / worth, 1.0)) if worth > 0 else 0.0
        return Holding(alone, 0.0)
    return Holding(base, most - base)


def expected_margin(need: Floats, held: Holding, prices: Prices) -> float:
    """What the agents held bring less what they cost: the mean over needs."""
    most = held.base + held.on_call
    there = np.minimum(need, most)
    called = np.maximum(there - held.base, 0.0)
    brought = prices.earned * there - prices.missed * (need - there) - prices.called * called
    return float(brought.mean()) - prices.base * held.base - prices.retainer * held.on_call
