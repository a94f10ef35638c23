"""How long agents work at a contact: families by maximum likelihood, what fits, and what does not.

The chosen family is the one with the lowest AIC (Akaike 1974), unless even that is wrong by more than `TOLERANCE`
beyond chance somewhere along its distribution function: then the quantiles of the data themselves are the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.by_queue import ByQueue, fit_by_queue
from simulator.history.estimators.families import FamilyFit, Sample, fit_exponential, fit_gamma, fit_lognormal
from simulator.history.estimators.pieces import fit_quantiles
from simulator.history.estimators.survival import Survival, kaplan_meier
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.logs.calls import Calls

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

TOLERANCE = 0.03
"""Largest distance between two distribution functions that is let pass: 3 contacts of 100 on the wrong side."""
SHORTEST = 0.5
"""Seconds; what was logged as no time at all counts as this, half of a clock's second."""
_PICTURE = 400
"""Steps of a curve that is kept for a picture."""
_LEAST = 10
"""With fewer times than this, seen to their end, a family of two parameters says nothing."""


@dataclass(frozen=True, slots=True)
class TimeFit:
    """A random length of time, fitted."""

    chosen: FamilyFit
    """What the scenario says."""
    candidates: tuple[FamilyFit, ...]
    """All that were tried, best AIC first."""
    count: int
    """Times that it rests on, those cut off included."""
    cut_off: int
    """Of them, those known only to be longer than was seen."""
    survival: Survival
    """What was observed, for a picture."""


def fit_time(seconds: Floats, finished: Bools | None = None, *, confidence: float = 0.95) -> TimeFit:
    """Fit a random length of time.

    Parameters
    ----------
    seconds
        [contact] Lengths, not negative; those below `SHORTEST` count as that.
    finished
        [contact] False where the time was cut off, so that it is longer than that. Default: all were finished.

    Raises
    ------
    ValueError
        If none was finished.
    """
    over = np.ones(len(seconds), dtype=np.bool_) if finished is None else finished
    sample = Sample.of(np.maximum(seconds, SHORTEST), over)
    if not sample.ended:
        msg = say("refusals.fit_no_time")
        raise ValueError(msg)
    observed = kaplan_meier(sample.seconds, over, confidence)
    candidates = [fit_exponential(sample, observed, confidence)]
    if sample.ended >= _LEAST and np.ptp(sample.seconds[over]) > 0.0:
        candidates += [family(sample, observed, confidence) for family in (fit_gamma, fit_lognormal)]
    chosen = chosen_of(candidates, sample, observed, confidence)
    return TimeFit(
        chosen,
        tuple(sorted(candidates, key=lambda each: each.aic)),
        count=len(seconds),
        cut_off=len(seconds) - sample.ended,
        survival=observed.thinned(_PICTURE),
    )


def chosen_of(candidates: Sequence[FamilyFit], sample: Sample, observed: Survival, confidence: float) -> FamilyFit:
    """Best family if it is good enough, or else quantiles."""
    best = min(candidates, key=lambda each: each.aic)
    if best.beyond_chance <= TOLERANCE or len(observed.seconds) == 1:
        return best
    return fit_quantiles(sample, observed, confidence)


def fit_handling(calls: Calls, *, least: int = 200, confidence: float = 0.95) -> ByQueue[TimeFit]:
    """Fit the handling times of each queue; queues with fewer than `least` answered calls are put together."""
    known = ~np.isnan(calls.worked)
    seconds, queue = calls.worked[known], calls.queue[known]
    every = np.ones(len(queue), dtype=np.bool_)

    def fit(rows: Bools) -> TimeFit:
        return fit_time(seconds[rows], confidence=confidence)

    return fit_by_queue(queue, len(calls.queues), every, least, fit)
