"""How many contacts an order brings, and how many days later they come: from daily counts of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.history.fit.fitted import Fitted

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OrderContacts:
    """Contacts that orders bring."""

    per_order: Fitted
    delay: Fitted
    """Mean seconds from the order to the contact."""
    cv: Fitted
    shares: Floats
    """[days later] Share of these contacts, as the scenario spreads them."""
    own: Floats
    """[weekday] Contacts of a day that no order brings."""
    explained: float
    """Share of the daily variance that the model explains."""


def fit_order_contacts(
    orders: Ints, contacts: Ints, weekday: Ints, *, warm_up: int = 0, confidence: float = 0.95
) -> OrderContacts | None:
    """Fit daily contacts [day] to daily orders [day]; `warm_up` days at the start count as orders only."""
    raise NotImplementedError
