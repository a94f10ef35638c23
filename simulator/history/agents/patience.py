"""How long customers are willing to wait, by queue, as it was observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.by_queue import ByQueue, fit_by_queue
from simulator.history.estimators.survival import kaplan_meier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_OWN_CURVE = 100
"""Customers who gave up, from which a queue has a curve of its own."""
_AT_RISK = 50
"""Customers still waiting, down to which the observed curve is kept to."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Observed survival, and a constant rate of giving up where too few are left to see it."""

    seconds: Floats
    """[step] Where the share falls."""
    share: Floats
    """[step] Share that is willing to wait longer."""
    rate: float
    """Of giving up, a second, after the last step: of those who gave up to all time waited."""

    def draw(self, luck: Floats) -> Floats:
        """[customer] Seconds; inf for those who never give up, where nobody has."""
        if not self.rate:
            return np.full(len(luck), np.inf)
        left = 1.0 - luck
        step = np.searchsorted(-self.share, -left, side="left")
        seconds = np.append(self.seconds, np.nan)[step]
        last, share = (self.seconds[-1], self.share[-1]) if len(self.share) else (0.0, 1.0)
        beyond = step == len(self.share)  # nobody, where the curve reaches 0
        seconds[beyond] = last + np.log(share / np.maximum(left[beyond], 1e-300)) / self.rate
        return seconds


@dataclass(frozen=True, slots=True)
class Patience:
    """Curves by queue."""

    curves: ByQueue[Curve]

    def draw(self, queue: Ints, luck: Floats) -> Floats:
        """[customer] Seconds."""
        seconds = np.empty(len(queue))
        for each in np.unique(queue):
            seconds[queue == each] = self.curves.of_queue[each].draw(luck[queue == each])
        return seconds


def observe_patience(calls: Calls) -> Patience:
    """Kaplan and Meier's curve of each queue; queues where few gave up share one."""
    known = ~np.isnan(calls.waited)
    waited, gave_up = np.maximum(calls.waited[known], 0.0), ~calls.served[known]

    def curve(rows: Bools) -> Curve:
        whole = kaplan_meier(waited[rows], gave_up[rows])
        seen = whole.at_risk >= _AT_RISK
        gone, time = float(gave_up[rows].sum()), float(waited[rows].sum())
        # Who all hang up at once have an infinite rate.
        rate = gone / time if time else np.inf if gone else 0.0
        return Curve(whole.seconds[seen], whole.share[seen], rate)

    return Patience(fit_by_queue(calls.queue[known], len(calls.queues), gave_up, _OWN_CURVE, curve))
