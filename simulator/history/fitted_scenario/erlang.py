"""Agents and patience from what interval reports count, by Erlang A turned round.

A report counts who came, who gave up, and how long the others waited; it knows neither who was on duty nor how long
customers would have waited. Erlang A says both shares from both numbers. Turned round: for a given patience, so many
agents make the share who gave up; then the patience is the one at which those who were answered waited as long as they
did. The same share of lost customers with longer patience means longer waits, so there is one such patience.

An interval of a week is taken as steady, with the mean of its days. So what is found is a mean of its own kind, no
rival to the fit of single calls, and no interval is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, nan
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.estimate import Fitted
from simulator.queueing.abandonment import ErlangA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHORTEST, LONGEST = 5.0, 7200.0
"""Mean patience that is looked for, in seconds."""
_METHOD = "Erlang A turned round"
_HALVINGS = 14
_LEAST_LOST = 1e-4
"""Share given up that is told from none."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Intervals of a week. Columns have shape [interval]."""

    rate: Floats
    """Contacts per second."""
    lost: Floats
    """Share of them that gave up; nan: not known."""
    asa: Floats
    """Mean wait of the answered, seconds; nan: not known."""
    answered: Floats
    """Contacts answered over all days."""


def agents_of(rate: float, lost: float, handling: float, patience: float) -> tuple[float, float]:
    """Agents, not whole, with whom this share gives up, and the mean wait of the answered then.

    Between two whole numbers of agents the logarithm of the share, and of the wait, is a straight line.
    """
    if rate <= 0:
        return 0.0, 0.0
    lost = max(lost, _LEAST_LOST)
    servers = max(int(rate * handling * (1 - lost)), 0)
    before = ErlangA(servers=servers, arrival_rate=rate, mean_handling_time=handling, mean_patience=patience)
    while before.abandonment_ratio < lost and servers:
        servers -= 1
        before = ErlangA(servers=servers, arrival_rate=rate, mean_handling_time=handling, mean_patience=patience)
    while True:
        servers += 1
        after = ErlangA(servers=servers, arrival_rate=rate, mean_handling_time=handling, mean_patience=patience)
        if after.abandonment_ratio <= lost:
            break
        before = after
    span = log(before.abandonment_ratio) - log(after.abandonment_ratio)
    part = (log(before.abandonment_ratio) - log(lost)) / span if span > 0 else 1.0
    part = min(max(part, 0.0), 1.0)
    wait = exp((1 - part) * log(max(before.asa, 1e-9)) + part * log(max(after.asa, 1e-9))) if servers > 1 else after.asa
    return servers - 1 + part, wait


@dataclass(frozen=True, slots=True)
class FormulaPatience:
    """A mean patience that was looked for between two bounds."""

    mean: Fitted
    """Seconds of an exponential patience."""
    at_bound: bool
    """Whether even the bound is not enough: the mean is beyond it, or the report is not of Erlang A's kind."""


def fit_patience_by_formula(cells: Cells, handling: float) -> FormulaPatience | None:
    """Mean of an exponential patience at which the answered waited as they did; None where the report lacks that."""
    known = ~np.isnan(cells.asa) & (cells.answered > 0) & ~np.isnan(cells.lost)
    if not known.any() or not cells.lost[known].any():
        return None
    rate, lost, weight = cells.rate[known], cells.lost[known], cells.answered[known]
    waited = float((cells.asa[known] * weight).sum())

    def waits(patience: float) -> float:
        each = [agents_of(r, p, handling, patience)[1] for r, p in zip(rate.tolist(), lost.tolist(), strict=True)]
        return float((np.array(each) * weight).sum())

    count = int(weight.sum())
    for bound, beyond in ((SHORTEST, waits(SHORTEST) >= waited), (LONGEST, waits(LONGEST) <= waited)):
        if beyond:
            return FormulaPatience(Fitted(bound, nan, nan, count, _METHOD), at_bound=True)
    low, high = log(SHORTEST), log(LONGEST)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if waits(exp(middle)) < waited else (low, middle)
    return FormulaPatience(Fitted(exp(0.5 * (low + high)), nan, nan, count, _METHOD), at_bound=False)
