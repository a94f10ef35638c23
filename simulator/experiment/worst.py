"""Where it hurts: the intervals in which most customers are let down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.estimate import Estimate, ratio_estimate

if TYPE_CHECKING:
    from simulator.experiment.experiment import Experiment


@dataclass(frozen=True, slots=True)
class WorstInterval:
    """One interval of one live channel."""

    channel: int
    interval: int
    let_down: Estimate
    """Contacts of the interval that its channel's target counts as not met: denominator less numerator."""
    offered: float
    """Contacts that came to the agents' queue."""
    mean_wait: Estimate
    low: float
    """Seconds: in one future of ten the interval's mean wait is shorter."""
    high: float
    """Seconds: in one future of ten it is longer."""
    agents: float
    """On duty, of all groups that may serve the channel."""
    load: float
    """Work of the channel arriving per second, in erlangs."""


def worst_intervals(experiment: Experiment, count: int) -> list[WorstInterval]:
    """The `count` worst intervals of live channels, the worst first; those that let down nobody are left out."""
    scenario = experiment.scenario
    live = [c for c, channel in enumerate(scenario.channels) if channel.kind == "live"]
    if not live:
        return []
    by = ("channel", "interval")
    # [replication, channel, interval]
    let_down = np.full((experiment.replications, len(scenario.channels), scenario.calendar.intervals), 0.0)
    for c in live:
        met, judged = experiment.sums(experiment.targets[c].measure, by)
        let_down[:, c] = (judged - met)[:, c]
    mean = let_down.mean(axis=0)
    order = np.argsort(-mean, axis=None, kind="stable")[:count]
    offered = experiment.estimate("offered", by).value
    load = experiment.estimate("offered_load", by).value
    wait = experiment.estimate("mean_wait", by)
    low, high = experiment.band("mean_wait", by, (0.1, 0.9))
    worst = []
    for c, i in zip(*np.unravel_index(order, mean.shape), strict=True):
        if mean[c, i] > 0:
            serving = [
                g for g, group in enumerate(scenario.groups) if any(skill.channel == c for skill in group.skills)
            ]
            worst.append(
                WorstInterval(
                    channel=int(c),
                    interval=int(i),
                    let_down=ratio_estimate(let_down[:, c, i], np.ones(experiment.replications)),
                    offered=float(offered[c, i]),
                    mean_wait=wait[c, i],
                    low=float(low[c, i]),
                    high=float(high[c, i]),
                    agents=float(scenario.staffing[serving, i].sum()),
                    load=float(load[c, i]),
                )
            )
    return worst
