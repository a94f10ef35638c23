"""Whether a replication kept the scenario's promises, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.measures.definitions import target_measure
from simulator.measures.measure import Axis, Measure, ratio, sums
from simulator.measures.summary import Summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.measures.sample import Sample
    from simulator.scenario.model import Target

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TargetOutcome:
    """One channel's target, in one replication or in each of many.

    A period owns the contacts that arrive in it; the starting backlog belongs to the period `horizon` only. With many
    replications, they are the first axis of everything.
    """

    channel: int
    target: Target
    measure: Measure
    """What the target is judged by."""
    numerator: Floats
    """[period]"""
    denominator: Floats
    """[period]"""

    @property
    def attained(self) -> Floats:
        """[period] The share; nan where there was nobody to judge."""
        return ratio(self.numerator, self.denominator)

    @property
    def met(self) -> Floats:
        """[period] 1 where the target was met, 0 where it was missed, nan where there was nobody to judge."""
        attained = self.attained
        return np.where(np.isnan(attained), np.nan, attained >= self.target.share)

    # Three different numbers; say which one you show.

    @property
    def ratio_of_sums(self) -> Floats:
        """The share over all contacts of the periods: a busy day weighs more than a quiet one."""
        return ratio(self.numerator.sum(axis=-1), self.denominator.sum(axis=-1))

    @property
    def mean_of_ratios(self) -> Floats:
        """The mean of the periods' shares, each period weighing the same."""
        return _mean(self.attained)

    @property
    def share_met(self) -> Floats:
        """The share of the periods in which the target was met."""
        return _mean(self.met)


def target_outcomes(judged: Summary | Sample) -> tuple[TargetOutcome, ...]:
    """[channel] How each channel's target fared, in one replication or in each of many."""
    one = judged if isinstance(judged, Summary) else judged.summaries[0]
    outcomes = []
    for channel, target in enumerate(one.yardstick.targets):
        measure = target_measure(target, live=bool(one.yardstick.live[channel]))
        by: tuple[Axis, ...] = ("channel",) if target.period == "horizon" else (target.period, "channel")
        parts = sums(measure, judged, by) if isinstance(judged, Summary) else judged.sums(measure, by)
        numerator, denominator = (part[..., channel] for part in parts)
        if target.period == "horizon":
            numerator, denominator = numerator[..., None], denominator[..., None]
        outcomes.append(TargetOutcome(channel, target, measure, numerator, denominator))
    return tuple(outcomes)


def _mean(values: Floats) -> Floats:
    """Mean of the known values of the last axis; nan if there is none."""
    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1))
