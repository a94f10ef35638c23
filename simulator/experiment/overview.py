"""What is looked at first: four figures of each channel, and how they differ from a base with the same customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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
    _Change = tuple[Estimate, Estimate | None]

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
    pair = _Pair(experiment, None if base is None else Comparison(base, experiment))
    return tuple(pair.of_channel(c) for c in range(len(experiment.scenario.channels)))


@dataclass(frozen=True)
class _Pair:
    """An experiment, and its comparison with a base; what all channels need is worked out once."""

    experiment: Experiment
    comparison: Comparison | None

    def of_channel(self, c: int) -> ChannelFigures:
        live = self.experiment.scenario.channels[c].kind == "live"
        waits = self._waits if live else self._times_to_finish
        target = self.experiment.targets[c]
        return ChannelFigures(
            channel=c,
            arrived=self._measured("arrived", c, more_is_better=None),
            typical=self._quantile(waits, c, TYPICAL),
            nine_in_ten=self._quantile(waits, c, NINE_IN_TEN),
            attained=self._measured(target.measure.name, c, more_is_better=True),
            met=Figure(target.met, "share", more_is_better=True, change=self._met[c] if self._met else None),
            lost=self._measured("lost_share" if live else "open", c, more_is_better=False),
            occupancy=self._occupancy(c),
        )

    @cached_property
    def _waits(self) -> _Change:
        return self._quantiles(Duration.WAIT)

    @cached_property
    def _times_to_finish(self) -> _Change:
        return self._quantiles(Duration.TIME_TO_FINISH)

    def _quantiles(self, duration: Duration) -> _Change:
        """[channel, percent] and its change."""
        change = None if self.comparison is None else self.comparison.wait_quantiles(duration)
        return self.experiment.wait_quantiles(duration), change

    @cached_property
    def _met(self) -> Estimate | None:
        """[channel] Change of P(target met)."""
        return None if self.comparison is None else self.comparison.target_met()

    def _quantile(self, quantiles: _Change, c: int, place: int) -> Figure:
        value, change = quantiles
        return Figure(
            value[c, place], "seconds", more_is_better=False, change=None if change is None else change[c, place]
        )

    def _measured(self, name: str, c: int, *, more_is_better: bool | None) -> Figure:
        value = self.experiment.estimate(name, ("channel",))[c]
        change = None if self.comparison is None else self.comparison.difference(name, ("channel",))[c]
        return Figure(value, MEASURES[name].unit, more_is_better=more_is_better, change=change)

    def _occupancy(self, c: int) -> Figure:
        own = _occupancy_sums(self.experiment, c)
        change = None
        if self.comparison is not None:
            change = ratio_difference(*own, *_occupancy_sums(self.comparison.base, c))
        return Figure(ratio_estimate(*own), "share", more_is_better=None, change=change)


def _occupancy_sums(experiment: Experiment, c: int) -> tuple[Floats, Floats]:
    """[replication] Numerator and denominator of the occupancy of those who may serve a channel."""
    groups = experiment.scenario.groups
    serving = [g for g, group in enumerate(groups) if any(skill.channel == c for skill in group.skills)]
    numerator, denominator = experiment.sums("occupancy", ("group",))
    return numerator[:, serving].sum(axis=1), denominator[:, serving].sum(axis=1)
