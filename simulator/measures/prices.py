"""What things cost: the weights that turn tallies into money."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.measures.yardstick import Yardstick

    Floats = NDArray[np.float64]


class Price(StrEnum):
    """A price by group or by channel, per unit of a tally; its value is its name in catalogues."""

    HOUR = auto()
    """By group; tallies of agents are in seconds, and so is what this gives."""
    OVERTIME_PREMIUM = auto()
    """By group: what an hour of overtime costs beyond the price of an hour."""
    OVERTIME = auto()
    """By group: both together."""
    BOT_SESSION = auto()
    """By channel."""
    LINE = auto()
    """By channel."""
    ORDER = auto()
    """By channel, the same for all."""


def prices(which: Price, yardstick: Yardstick) -> Floats:
    """[group] or [channel] The price, per unit of the tallies that it is for: seconds, contacts or orders."""
    costs, hour = yardstick.costs, yardstick.cost_per_hour / 3600.0

    def by_channel(priced: Mapping[int, float]) -> Floats:
        return np.array([priced.get(channel, 0.0) for channel in range(len(yardstick.live))])

    match which:
        case Price.HOUR:
            return hour
        case Price.OVERTIME_PREMIUM:
            return hour * (costs.overtime - 1.0)
        case Price.OVERTIME:
            return hour * costs.overtime
        case Price.BOT_SESSION:
            return by_channel(costs.bot_session)
        case Price.LINE:
            return by_channel(costs.line_minute) / 60.0
        case Price.ORDER:
            return np.full(len(yardstick.live), costs.order_value)
