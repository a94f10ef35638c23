"""How long customers are willing to wait, from those who gave up and those who were answered before they did.

Of a customer who was answered, only that patience is longer than the wait is known. Leaving them out, or taking their
wait for their patience, makes customers look less patient than they are (Brown et al. 2005, section 5). Who was
answered at once tells nothing: how many hang up on hearing that they are to wait is seen among those who were to.

The families are those in which customers go on giving up at some rate, however long they have waited. That of a
lognormal patience fades to nothing beyond the longest wait that was seen, where a history cannot tell, and a plan for
a worse day than any before would find customers who wait for hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.by_queue import ByQueue, fit_by_queue
from simulator.history.estimators.estimate import Fitted
from simulator.history.estimators.families import FamilyFit, Sample, fit_exponential, fit_gamma
from simulator.history.estimators.pieces import TwoHazards, fit_two_hazards
from simulator.history.estimators.survival import Survival, kaplan_meier
from simulator.history.estimators.times import SHORTEST, chosen_of
from simulator.language import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs.calls import Calls

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_LEAST = 30
"""With fewer customers who gave up than this, one number is all that can be told: the mean."""
_NO_TIME = 0.01
"""Seconds for which no wait at all counts. As many as half a second would be a heap, which a gamma law follows."""
_PICTURE = 400


@dataclass(frozen=True, slots=True)
class PatienceFit:
    """A patience, fitted."""

    chosen: FamilyFit
    candidates: tuple[FamilyFit, ...]
    """All that were tried, best AIC first."""
    exponential: Fitted
    """Mean patience if customers do not grow less patient by waiting: time waited over those who gave up."""
    two_hazards: TwoHazards | None
    """None with too few who gave up."""
    median: Fitted
    """Kaplan-Meier; inf where so long a wait was not seen."""
    survival: Survival
    count: int
    gave_up: int


def fit_patience(waited: Floats, gave_up: Bools, *, confidence: float = 0.95) -> PatienceFit:
    """Fit patience.

    Parameters
    ----------
    waited
        [contact] Seconds until the answer or until the customer was gone.
    gave_up
        [contact] Whether that was the customer's doing; otherwise patience was longer than this.

    Raises
    ------
    ValueError
        If nobody waited.
    """
    if not len(waited):
        msg = say("refusals.fit_nobody_waited")
        raise ValueError(msg)
    told = gave_up | (waited >= SHORTEST)
    if told.any():
        waited, gave_up = waited[told], gave_up[told]
    waited = _between_seconds(waited, gave_up)
    sample = Sample.of(np.maximum(waited, _NO_TIME), gave_up)
    observed = kaplan_meier(sample.seconds, gave_up, confidence)
    exponential = fit_exponential(sample, observed, confidence)
    candidates = [exponential]
    two = None
    if sample.ended >= _LEAST and np.ptp(sample.seconds[gave_up]) > 0.0:
        candidates += [fit_gamma(sample, observed, confidence)]
        two = fit_two_hazards(sample, observed, confidence)
        candidates += [two[1]] if two else []
    return PatienceFit(
        chosen_of(candidates, sample, observed, confidence) if sample.ended >= _LEAST else exponential,
        tuple(sorted(candidates, key=lambda each: each.aic)),
        exponential=exponential.mean,
        two_hazards=two[0] if two else None,
        median=Fitted(*observed.quantile(0.5), len(waited), "Kaplan-Meier, band of Greenwood's variance", confidence),
        survival=observed.thinned(_PICTURE),
        count=len(waited),
        gave_up=sample.ended,
    )


def _between_seconds(waited: Floats, gave_up: Bools) -> Floats:
    """Waits told in whole seconds stand for any within half a second (of two moments told so, the mean error is 0).

    Else all that end in the second n would end at n, and a rate that changes just after it would seem likely. It is
    so if most are whole; luck is given out in order of the waits, so that the order of the contacts changes nothing.
    """
    whole = waited == np.rint(waited)
    if 2 * whole.sum() <= len(waited):
        return waited
    order = np.lexsort((gave_up, waited))
    luck = np.empty(len(waited))
    luck[order] = np.random.default_rng(1).uniform(-0.5, 0.5, len(waited))
    return np.where(whole, np.abs(waited + luck), waited)


def fit_queue_patience(calls: Calls, *, least: int = 100, confidence: float = 0.95) -> ByQueue[PatienceFit]:
    """Fit the patience of each queue; queues where fewer than `least` gave up are put together."""
    known = ~np.isnan(calls.waited)
    waited, gave_up, queue = calls.waited[known], ~calls.served[known], calls.queue[known]

    def fit(rows: Bools) -> PatienceFit:
        return fit_patience(waited[rows], gave_up[rows], confidence=confidence)

    return fit_by_queue(queue, len(calls.queues), gave_up, least, fit)
