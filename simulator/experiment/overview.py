"""What is looked at first: four figures of each channel, and how they differ from a base with the same customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.compare import Comparison
from simulator.experiment.estimate import Estimate, ratio_difference, ratio_estimate
from simulator.measures import MEASURES, PERCENTS, Duration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.experiment.experiment import Experiment
    from simulator.measures import Unit

    Floats = NDArray[np.float64]

TYPICAL, NINE_IN_TEN = PERCENTS.index(50), PERCENTS.index(90)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a channel, and its difference from the base."""

    value: Estimate
    unit: Unit
    more_is_better: bool | None
    """None: neither more nor less is better by itself."""
    change: Estimate | None = None
    """Paired difference; None where there is no base."""

    @property
    def changed(self) -> bool:
        """Whether the change is more than noise: its interval leaves out 0."""
        return self.change is not None and bool(self.change.low > 0 or self.change.high < 0)

    @property
    def better(self) -> bool:
        """Whether the change is to the good; says nothing unless `changed`."""
        return self.change is not None and bool(self.change.value > 0) is self.more_is_better


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """The figures of one channel."""

    channel: int
    arrived: Figure
    typical: Figure
    """Median wait (live), or time until finished (deferred)."""
    nine_in_ten: Figure
    """The 90 % quantile of the same."""
    attained: Figure
    """Share of contacts that keep the target."""
    met: Figure
    """P(target met), of the periods that the target is judged by."""
    lost: Figure
    """Live: share of attempts that no agent answers. Deferred: messages left at the end of the horizon."""
    occupancy: Figure
    """Of all agents who may serve the channel, whatever they do."""

    @property
    def used(self) -> bool:
        """Whether anybody comes on the channel, here or in the base; one that opens some day is not used before."""
        change = self.arrived.change
        return bool(self.arrived.value.value > 0 or (change is not None and change.value != 0))


def overview(experiment: Experiment, base: Experiment | None = None) -> tuple[ChannelFigures, ...]:
    """[channel] The figures, beside those of a base if there is one.

    Raises
    ------
    ValueError
        If the base met other customers.
    """
    return tuple(_of_channel(experiment, base, c) for c in range(len(experiment.scenario.channels)))


def _of_channel(experiment: Experiment, base: Experiment | None, c: int) -> ChannelFigures:
    comparison = None if base is None else Comparison(base, experiment)
    live = experiment.scenario.channels[c].kind == "live"
    duration = Duration.WAIT if live else Duration.TIME_TO_FINISH
    target = experiment.targets[c]
    quantiles = experiment.wait_quantiles(duration)
    waits_change = comparison.wait_quantiles(duration) if comparison else None
    met_change = comparison.target_met() if comparison else None

    def quantile(place: int) -> Figure:
        change = None if waits_change is None else waits_change[c, place]
        return Figure(quantiles[c, place], "seconds", more_is_better=False, change=change)

    def measured(name: str, *, more_is_better: bool | None) -> Figure:
        change = None if comparison is None else comparison.difference(name, ("channel",))[c]
        value = experiment.estimate(name, ("channel",))[c]
        return Figure(value, MEASURES[name].unit, more_is_better=more_is_better, change=change)

    return ChannelFigures(
        channel=c,
        arrived=measured("arrived", more_is_better=None),
        typical=quantile(TYPICAL),
        nine_in_ten=quantile(NINE_IN_TEN),
        attained=measured(target.measure.name, more_is_better=True),
        met=Figure(target.met, "share", more_is_better=True, change=None if met_change is None else met_change[c]),
        lost=measured("lost_share" if live else "open", more_is_better=False),
        occupancy=Figure(
            ratio_estimate(*_occupancy(experiment, c)),
            "share",
            more_is_better=None,
            change=None if base is None else ratio_difference(*_occupancy(experiment, c), *_occupancy(base, c)),
        ),
    )


def _occupancy(experiment: Experiment, c: int) -> tuple[Floats, Floats]:
    """[replication] Numerator and denominator of the occupancy of those who may serve a channel."""
    groups = experiment.scenario.groups
    serving = [g for g, group in enumerate(groups) if any(skill.channel == c for skill in group.skills)]
    numerator, denominator = experiment.sums("occupancy", ("group",))
    return numerator[:, serving].sum(axis=1), denominator[:, serving].sum(axis=1)
