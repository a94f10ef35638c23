"""How the team did in the time that a model is fitted to: what a fitted scenario is held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from simulator.history.logs import Calls


@dataclass(frozen=True, slots=True)
class Observed:
    """Service over a whole time."""

    first_day: date
    last_day: date
    days: int
    """With any contact."""
    contacts: int
    mean_wait: float
    """Seconds over all contacts, whether an agent took them or they gave up."""
    unanswered: float
    """Share that no agent took."""
    within: float
    """Seconds."""
    in_time: float
    """Share of all contacts that an agent took within so long."""


def observed(calls: Calls, within: float) -> Observed:
    """Service in a log of calls; there must be one call at least."""
    waited = calls.waited
    known = ~np.isnan(waited)
    return Observed(
        first_day=date.fromordinal(int(calls.day.min())),
        last_day=date.fromordinal(int(calls.day.max())),
        days=len(np.unique(calls.day)),
        contacts=len(calls),
        mean_wait=float(waited[known].mean()) if known.any() else 0.0,
        unanswered=float(1.0 - calls.served.mean()),
        within=within,
        in_time=float((calls.served & (waited <= within)).mean()),
    )
