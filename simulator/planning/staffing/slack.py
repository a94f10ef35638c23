"""By how much a staffing is beyond its goal, in contacts: what cuts are made of.

In expectation, the slack of a channel's target in a period is met - share x judged, mean over the replications. It is
below 0 where the goal is missed and only there, and unlike the share itself it adds up over intervals, so that a change
of it can be put down to the agents near by.

With a probability p the same is done with quantiles: at least p of the replications keep the target if and only if the
least surplus of the best p of them is not negative. That replication and its neighbours in rank weigh alike when a
change is worked out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.staffing.evaluator import Played
    from simulator.planning.staffing.goal import Goal

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ROUNDING = 1e-9
"""A slack that is less than this below 0 is rounding."""
_NEIGHBOURS = 0.15
"""Share of the replications on either side of a quantile whose changes are taken for its own."""


@dataclass(frozen=True, slots=True)
class Slack:
    """The slack of one staffing. Its rows are the goal's channels and, with a cap on occupancy, the groups behind them.

    Rows of groups are in hours: cap x time there - time busy.
    """

    by_interval: Floats
    """[replication, row, interval] Surplus of what arrives in the interval."""
    period: Ints
    """[interval] The period that it belongs to."""
    value: Floats
    """[row, period] The slack; the goal is kept where it is not negative."""
    weight: Floats
    """[replication, row, period] What a change in each replication counts for; they add up to 1."""

    @property
    def short(self) -> float:
        """What is missing in all, in contacts; 0 if the goal is kept."""
        return float(np.maximum(-self.value - ROUNDING, 0.0).sum())

    def change(self, other: Slack) -> Floats:
        """[row, interval] What the other has more, by interval of arrival, weighed as this one's replications are."""
        more = other.by_interval - self.by_interval
        return np.asarray(np.einsum("rki,rki->ki", more, self.weight[:, :, self.period]))


def slack(goal: Goal, played: Played) -> Slack:
    """The slack of a staffing that was played."""
    channels = list(goal.channels)
    shares = np.array(goal.shares)
    by_interval = played.met[:, channels] - shares[:, None] * played.judged[:, channels]
    backlog = played.backlog_met[:, channels] - shares * played.backlog_judged[:, channels]
    if goal.occupancy_cap is not None:
        there = played.staffed + played.overtime
        # As `Goal.occupancy` counts: not where nobody is planned.
        room = (goal.occupancy_cap * there - played.busy) / 3600.0 * (played.staffing > 0)
        by_interval = np.concatenate((by_interval, room), axis=1)
    first = played.yardstick.first_intervals(goal.period)
    intervals = by_interval.shape[-1]
    of_period = np.add.reduceat(by_interval, first, axis=-1)
    if goal.period == "horizon":
        of_period[:, : len(channels), 0] += backlog
    replications = len(of_period)
    value, weight = of_period.mean(axis=0), np.full(of_period.shape, 1.0 / replications)
    if goal.probability is not None:
        asked = math.ceil(goal.probability * replications - ROUNDING)
        targets = slice(0, len(channels))
        order = np.argsort(-of_period[:, targets], axis=0, kind="stable")
        value[targets] = np.take_along_axis(of_period[:, targets], order[asked - 1 : asked], axis=0)[0]
        reach = max(1, round(_NEIGHBOURS * replications))
        near = order[max(asked - 1 - reach, 0) : asked + reach]
        weight[:, targets] = 0.0
        np.put_along_axis(weight[:, targets], near, 1.0 / len(near), axis=0)
    period = np.repeat(np.arange(len(first)), np.diff(first, append=intervals))
    return Slack(by_interval, period, value, weight)
