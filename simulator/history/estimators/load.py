"""Whether agents work faster or slower when customers wait.

Busy hours have other customers than quiet ones, so like is compared with like: within a queue and an hour of the day.
With s_1 seconds at n_1 calls that were answered while others waited, and s_0 at n_0 while nobody did, of n in all, the
ratio of the means is sum(s_1 n_0 / n) / sum(s_0 n_1 / n) over these cells, after Mantel and Haenszel (1959). Days
differ as a whole; the interval leaves out one day after the other (jackknife; Tukey 1958).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.estimate import Fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs.calls import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

STEPS = (0, 1, 2, 5, 10, 20)
"""Handling times are shown by at least so many waiting."""
_LEAST_DAYS = 5


@dataclass(frozen=True, slots=True)
class LoadEffect:
    """Handling time by how many others waited in the same queue at the answer."""

    ratio: Fitted
    """Mean handling time when somebody waited over that when nobody did, like compared with like."""
    waiting: Ints
    """[step] At least so many waited."""
    mean: Floats
    """[step] Mean handling time, seconds; nan where there is none."""
    count: Ints
    """[step] Calls."""


def fit_load_effect(calls: Calls, *, confidence: float = 0.95) -> LoadEffect | None:
    """Compare within each queue and hour of the day; None where there is nothing to compare."""
    rows = np.flatnonzero(~np.isnan(calls.worked))
    worked, waiting = calls.worked[rows], waiting_at_answer(calls)[rows]
    _, cell = np.unique(calls.queue[rows] * 24 + calls.clock[rows] // 3600, return_inverse=True)
    days, day = np.unique(calls.day[rows], return_inverse=True)
    if len(days) < _LEAST_DAYS:
        return None
    shape = int(cell.max()) + 1, len(days)
    place = cell * shape[1] + day
    loaded = waiting > 0

    def sums(weight: Floats) -> Floats:
        """[cell, day]."""
        return np.bincount(place, weight, minlength=shape[0] * shape[1]).astype(np.float64).reshape(shape)

    busy = loaded.astype(np.float64)
    by_day = [sums(each) for each in (worked * busy, busy, worked * (1.0 - busy), 1.0 - busy)]
    whole = _ratio(*(each.sum(axis=1, keepdims=True) for each in by_day))[0]
    without = _ratio(*(each.sum(axis=1, keepdims=True) - each for each in by_day))
    if not (whole > 0.0 and (without > 0.0).all() and np.isfinite(without).all()):
        return None
    step = np.searchsorted(STEPS, waiting, side="right") - 1
    count = np.bincount(step, minlength=len(STEPS))
    with np.errstate(invalid="ignore"):
        mean = np.bincount(step, worked, minlength=len(STEPS)) / np.where(count > 0, count, np.nan)
    return LoadEffect(_interval(float(whole), without, len(rows), confidence), np.array(STEPS), mean, count)


def waiting_at_answer(calls: Calls) -> Ints:
    """[call] How many others waited in the same queue when an agent took it; 0 where no agent did."""
    waiting = np.zeros(len(calls), dtype=np.int64)
    left = np.where(calls.served, calls.answered, calls.ended)
    order = np.argsort(calls.queue, kind="stable")
    bounds = np.searchsorted(calls.queue[order], np.arange(len(calls.queues) + 1))
    for first, last in pairwise(bounds.tolist()):
        rows = order[first:last]
        told = rows[~np.isnan(left[rows])]  # of whoever never left it is not known that they waited
        came, gone = np.sort(calls.arrival[told]), np.sort(left[told])
        taken = rows[calls.served[rows]]
        at = calls.answered[taken]
        waiting[taken] = np.searchsorted(came, at, side="right") - np.searchsorted(gone, at, side="right")
    return np.maximum(waiting, 0)


def _ratio(loaded: Floats, loaded_calls: Floats, free: Floats, free_calls: Floats) -> Floats:
    """[case] Of columns [cell, case]."""
    calls = loaded_calls + free_calls
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.nan_to_num(loaded * free_calls / calls).sum(axis=0)
        below = np.nan_to_num(free * loaded_calls / calls).sum(axis=0)
        return np.asarray(above / below)


def _interval(ratio: float, without: Floats, count: int, confidence: float) -> Fitted:
    from scipy import special  # slow to import

    days = len(without)
    spread = np.log(without) - np.log(without).mean()
    error = float(np.sqrt((days - 1) / days * (spread @ spread)))
    reach = float(special.stdtrit(days - 1, 0.5 * (1.0 + confidence))) * error
    method = "means within queue and hour, jackknife over days"
    return Fitted(ratio, ratio * math.exp(-reach), ratio * math.exp(reach), count, method, confidence)
