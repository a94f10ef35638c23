"""By how much a plan keeps more than its goal where it is fitted, so that it likely keeps the goal elsewhere too.

A staffing that just keeps a target on the customers that it is fitted to misses it on others every second time, and a
day has many intervals. So what is kept is the lower end of a confidence interval of each slack: its mean over the
replications less their standard error times a quantile of Student's t. Of a goal with a probability it is the lower end
of that proportion's interval. Both shrink with the root of the replications: who plays more of them needs fewer agents.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.slack import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.staffing.goal import Goal
    from simulator.planning.staffing.slack import Slack

    Floats = NDArray[np.float64]

SURE = 0.975
"""How likely a target that is kept with its margin, and no more, is kept in truth: of a hundred such intervals two or
three are missed."""

MOST = 0.5
"""Part of the contacts that a target allows to be missed which a margin may take."""


def surer(goal: Goal, replications: int, sure: float = SURE) -> Goal:
    """The goal with the probability that has to be seen in so many replications for its own to be likely true."""
    if goal.probability is None:
        return goal
    p = goal.probability
    return replace(goal, probability=min(1.0, p + _score(sure, replications) * math.sqrt(p * (1.0 - p) / replications)))


def margin(goal: Goal, seen: Slack, judged: Floats, sure: float = SURE) -> Floats:
    """[row, first interval of a period] Slack that means have to have for the truth to be likely not below 0.

    Few replications could ask for more than there is if everybody is within the target: of a target at most `MOST` of
    what may be missed is asked for. 0 in rows of targets with a probability (`surer` is for these), and where there is
    a single replication, which says nothing of others.

    Parameters
    ----------
    judged
        [replication, channel of the goal, first interval of a period] Contacts that the targets judge.
    """
    surplus = summed(seen.by_interval, seen.period)
    replications = len(surplus)
    if replications == 1:
        return np.zeros_like(seen.value)
    found: Floats = _score(sure, replications) * surplus.std(axis=0, ddof=1) / math.sqrt(replications)
    targets = slice(0, len(goal.channels))
    if goal.probability is not None:
        found[targets] = 0.0
    found[targets] = np.minimum(found[targets], MOST * (1.0 - np.array(goal.shares)[:, None]) * judged.mean(axis=0))
    return found


def _score(sure: float, replications: int) -> float:
    """Quantile of Student's t."""
    from scipy import special  # slow to import, and only planning needs it

    return float(special.stdtrit(max(replications - 1, 1), sure))
