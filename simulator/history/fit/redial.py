"""How many come back, and how soon, told apart from those who would have called anyway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.history.fit.fitted import Fitted
    from simulator.history.logs.calls import Calls

    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReturnFit:
    """Coming back after something happened."""

    share: Fitted
    """Share of customers who come back because of it."""
    delay: Fitted
    """Mean seconds until they do."""
    by_chance: Fitted
    """Contacts a customer makes per second anyway, in the same day's opening hours."""
    seen: int
    """How many were seen to make contact again on the same day, for whatever reason."""


def fit_redial(calls: Calls, *, confidence: float = 0.95) -> ReturnFit | None:
    """Fit who gave up and comes back; None without customer numbers, or with too few of them."""
    raise NotImplementedError


def fit_repeat(calls: Calls, *, confidence: float = 0.95) -> ReturnFit | None:
    """Fit who was answered and comes back all the same; None as in `fit_redial`."""
    raise NotImplementedError
