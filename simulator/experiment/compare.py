"""Two variants that met the same customers, compared replication by replication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.estimate import Estimate, mean_estimate, ratio_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.experiment.experiment import Experiment
    from simulator.measures import Axis, Duration, Measure


@dataclass(frozen=True)
class Comparison:
    """`other` less `base`, paired: every estimate is of the difference, not the difference of two estimates.

    Raises
    ------
    ValueError
        If the two were not played with the same seed and number of replications, on the same channels and grid of days.
    """

    base: Experiment
    other: Experiment

    def __post_init__(self) -> None:
        """Refuse what is not a pair."""
        for name in ("seed", "replications"):
            first, second = getattr(self.base, name), getattr(self.other, name)
            if first != second:
                msg = f"A paired comparison needs the same {name}: {first} and {second}."
                raise ValueError(msg)
        names = [[channel.name for channel in side.scenario.channels] for side in (self.base, self.other)]
        if names[0] != names[1]:
            msg = f"A paired comparison needs the same channels: {names[0]} and {names[1]}."
            raise ValueError(msg)

        grids = [
            (calendar.timezone, calendar.start, calendar.days, calendar.interval)
            for calendar in (self.base.scenario.calendar, self.other.scenario.calendar)
        ]
        if grids[0] != grids[1]:
            msg = f"A paired comparison needs the same time zone, days and interval: {grids[0]} and {grids[1]}."
            raise ValueError(msg)

    def difference(self, measure: str | Measure, by: Sequence[Axis] = ()) -> Estimate:
        """[*by] Difference of a measure."""
        return ratio_difference(*self.other.sums(measure, by), *self.base.sums(measure, by))

    def wait_quantiles(self, duration: Duration) -> Estimate:
        """[channel, percent] Difference of the quantiles of wait."""
        sides = [side.stacked(lambda summary: summary.waits.quantile[:, duration]) for side in (self.other, self.base)]
        return mean_estimate(sides[0] - sides[1])

    def target_met(self) -> Estimate:
        """[channel] Difference of the share of periods that meet the target."""
        sides = [
            np.array([[outcome.share_met for outcome in outcomes] for outcomes in side.target_outcomes])
            for side in (self.other, self.base)
        ]
        return mean_estimate(sides[0] - sides[1])
