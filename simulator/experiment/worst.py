"""Where it hurts: the intervals in which most customers are let down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.estimate import Estimate, mean_estimate

if TYPE_CHECKING:
    from simulator.experiment.experiment import Experiment
    from simulator.measures import Axis


@dataclass(frozen=True, slots=True)
class WorstInterval:
    """One interval of one live channel."""

    channel: int
    interval: int
    let_down: Estimate
    """Contacts of the interval that count against its channel's target: denominator less numerator of its measure."""
    judged: Estimate
    """Contacts of the interval that the target judges: the denominator."""
    mean_wait: Estimate
    low: float
    """Seconds: in one future of ten the interval's mean wait is shorter."""
    high: float
    """Seconds: in one future of ten it is longer."""
    agents: Estimate
    """On duty, of all groups that may serve the channel."""
    load: Estimate
    """Work of the channel that arrives, in erlangs."""


def worst_intervals(experiment: Experiment, count: int) -> list[WorstInterval]:
    """The `count` worst intervals of live channels, the worst first; those that let down nobody are left out.

    They are chosen by the same replications that they are then estimated from, so that among many intervals that are
    alike those come first that were unlucky: their estimates lean to the bad side.
    """
    scenario = experiment.scenario
    live = [c for c, channel in enumerate(scenario.channels) if channel.kind == "live"]
    by: tuple[Axis, ...] = ("channel", "interval")
    # [replication, channel, interval]
    judged = np.zeros((experiment.replications, len(scenario.channels), scenario.calendar.intervals))
    met = np.zeros_like(judged)
    for c in live:
        of_all = experiment.sums(experiment.targets[c].measure, by)
        met[:, c], judged[:, c] = (part[:, c] for part in of_all)
    let_down = judged - met
    mean = let_down.mean(axis=0)
    order = np.argsort(-mean, axis=None, kind="stable")[:count]
    on_duty = experiment.sums("agents", ("group", "interval"))[0] / scenario.calendar.interval
    load, wait = (experiment.estimate(name, by) for name in ("offered_load", "mean_wait"))
    low, high = experiment.band("mean_wait", by, (0.1, 0.9))
    worst = []
    for c, i in zip(*(index.tolist() for index in np.unravel_index(order, mean.shape)), strict=True):
        if mean[c, i] > 0:
            serving = [
                g for g, group in enumerate(scenario.groups) if any(skill.channel == c for skill in group.skills)
            ]
            worst.append(
                WorstInterval(
                    channel=c,
                    interval=i,
                    let_down=mean_estimate(let_down[:, c, i]),
                    judged=mean_estimate(judged[:, c, i]),
                    mean_wait=wait[c, i],
                    low=float(low[c, i]),
                    high=float(high[c, i]),
                    agents=mean_estimate(on_duty[:, serving, i].sum(axis=1)),
                    load=load[c, i],
                )
            )
    return worst
