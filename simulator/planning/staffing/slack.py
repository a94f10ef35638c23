"""By how much a staffing is beyond its goal, in contacts: what cuts are made of.

In expectation, the slack of a channel's target in a period is met - share x judged, mean over the replications. It is
below 0 where the goal is missed and only there, and unlike the share itself it adds up over intervals, so that a change
of it can be put down to the agents near by. As in the goal, a period is named by its first interval.

With a probability p the same is done with quantiles: at least p of the replications keep the target if and only if the
least surplus of the best p of them is not negative. That replication and its neighbours in rank weigh alike when a
change is worked out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.goal import ROUNDING, period_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.staffing.evaluator import Played
    from simulator.planning.staffing.goal import Goal

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_NEIGHBOURS = 0.15
"""Share of the replications on either side of a quantile whose changes are taken for its own."""


@dataclass(frozen=True, slots=True)
class Slack:
    """The slack of one staffing, in rows.

    First the goal's channels. Behind them, with a cap on occupancy, the groups, in hours: cap x time there - time busy.
    Last the channels of which not too much may be left at the end: how many more contacts there might be.
    """

    by_interval: Floats
    """[replication, row, interval] Surplus of what arrives in the interval."""
    period: Ints
    """[row, interval] First interval of the period that it belongs to."""
    value: Floats
    """[row, first interval of a period] The slack; the goal is kept where it is not negative; 0 in other intervals."""
    weight: Floats
    """[replication, row, first interval of a period] What a change in each replication counts for; they add up to 1."""

    @property
    def short(self) -> float:
        """What is missing in all, in contacts; 0 if the goal is kept."""
        return float(np.maximum(-self.value - ROUNDING, 0.0).sum())

    @property
    def by_the_interval(self) -> Bools:
        """[row] Whether every interval is judged by itself."""
        return np.asarray((self.period == np.arange(self.period.shape[1])).all(axis=1))

    def change(self, other: Slack) -> Floats:
        """[row, interval] What the other has more, by interval of arrival, weighed as this one's replications are."""
        more = other.by_interval - self.by_interval
        return np.asarray(np.einsum("rki,rki->ki", more, np.take_along_axis(self.weight, self.period[None], axis=2)))


def slack(goal: Goal, played: Played) -> Slack:
    """The slack of a staffing that was played."""
    channels, leftover = list(goal.channels), list(goal.leftover)
    shares = np.array(goal.shares)
    rows = [played.met[:, channels] - shares[:, None] * played.judged[:, channels]]
    periods = list(goal.periods)
    backlog = played.backlog_met[:, channels] - shares * played.backlog_judged[:, channels]
    if goal.occupancy_cap is not None:
        there = played.staffed + played.overtime
        # As `Goal.occupancy` counts: not where nobody is planned.
        rows.append((goal.occupancy_cap * there - played.busy) / 3600.0 * (played.staffing > 0))
        periods += [goal.occupancy_period] * len(played.staffing)
    rows.append(-played.left[:, leftover])
    periods += ["horizon"] * len(leftover)
    by_interval = np.concatenate(rows, axis=1)
    period = np.array([period_of(played.yardstick, each) for each in periods])
    surplus = summed(by_interval, period)
    surplus[:, : len(channels), 0] += backlog * np.array([each == "horizon" for each in goal.periods])
    last = slice(len(periods) - len(leftover), None)
    surplus[:, last, 0] += played.may_be_left[:, leftover] - played.backlog_left[:, leftover]
    replications = len(surplus)
    value, weight = surplus.mean(axis=0), np.full(surplus.shape, 1.0 / replications)
    if goal.probability is not None:
        asked = math.ceil(goal.probability * replications - ROUNDING)
        targets = slice(0, len(channels))
        order = np.argsort(-surplus[:, targets], axis=0, kind="stable")
        value[targets] = np.take_along_axis(surplus[:, targets], order[asked - 1 : asked], axis=0)[0]
        reach = max(1, round(_NEIGHBOURS * replications))
        near = order[max(asked - 1 - reach, 0) : asked + reach]
        weight[:, targets] = 0.0
        np.put_along_axis(weight[:, targets], near, 1.0 / len(near), axis=0)
    return Slack(by_interval, period, value, weight)


def summed(by_interval: Floats, period: Ints) -> Floats:
    """[replication, row, first interval of a period] Sums over periods; 0 in other intervals.

    Parameters
    ----------
    by_interval
        [replication, row, interval].
    period
        [row, interval] First interval of the period that it belongs to.
    """
    found = np.zeros_like(by_interval)
    for row, of_row in enumerate(period):
        first = np.flatnonzero(of_row == np.arange(len(of_row)))
        found[:, row, first] = np.add.reduceat(by_interval[:, row], first, axis=-1)
    return found
