"""Whether a replication kept the scenario's promises, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.measures.definitions import target_measure
from simulator.measures.measure import Axis, Measure, ratio, sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.measures.summary import Summary
    from simulator.scenario.model import Target

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TargetOutcome:
    """One channel's target in one replication.

    A period owns the contacts that arrive in it; the starting backlog belongs to the period `horizon` only.
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
    def ratio_of_sums(self) -> float:
        """The share over all contacts of the periods: a busy day weighs more than a quiet one."""
        return float(ratio(self.numerator.sum(), self.denominator.sum()))

    @property
    def mean_of_ratios(self) -> float:
        """The mean of the periods' shares, each period weighing the same."""
        return _mean(self.attained)

    @property
    def share_met(self) -> float:
        """The share of the periods in which the target was met."""
        return _mean(self.met)


def target_outcomes(summary: Summary) -> tuple[TargetOutcome, ...]:
    """[channel] How each channel's target fared."""
    yardstick = summary.yardstick
    outcomes = []
    for channel, target in enumerate(yardstick.targets):
        measure = target_measure(target, live=bool(yardstick.live[channel]))
        by: tuple[Axis, ...] = ("channel",) if target.period == "horizon" else ("channel", target.period)
        numerator, denominator = (np.atleast_1d(part[channel]) for part in sums(measure, summary, by))
        outcomes.append(TargetOutcome(channel, target, measure, numerator, denominator))
    return tuple(outcomes)


def _mean(values: Floats) -> float:
    """Mean of the known values; nan if there is none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
