"""Two variants that met the same customers, compared replication by replication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.estimate import Estimate, mean_estimate, ratio_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.experiment.experiment import Experiment
    from simulator.measures import Axis, Duration, Measure
    from simulator.scenario.model import Scenario

SHARED: Mapping[str, Callable[[Scenario], object]] = {
    "channels, each of the same kind": lambda scenario: [(each.name, each.kind) for each in scenario.channels],
    "days": lambda scenario: scenario.calendar.date_of_day,
    "interval": lambda scenario: scenario.calendar.interval,
    "time zone": lambda scenario: scenario.calendar.timezone,
}
"""What two scenarios need in common for the same customers to meet both."""


def difference_in_customers(first: Scenario, second: Scenario) -> str | None:
    """What the two would need in common and have not; None if they can be compared."""
    return next((what for what, of in SHARED.items() if of(first) != of(second)), None)


def check_pair(base: Experiment, other: Experiment) -> None:
    """Refuse two experiments whose customers are not the same.

    Raises
    ------
    ValueError
        If they were not played with the same seed and number of replications, on the same channels and grid of days.
    """
    for name in ("seed", "replications"):
        first, second = getattr(base, name), getattr(other, name)
        if first != second:
            msg = f"A paired comparison needs the same {name}: {first} and {second}."
            raise ValueError(msg)
    what = difference_in_customers(base.scenario, other.scenario)
    if what:
        msg = f"A paired comparison needs the same {what}."
        raise ValueError(msg)


@dataclass(frozen=True)
class Comparison:
    """`other` less `base`, paired: every estimate is of the difference, not the difference of two estimates.

    Raises
    ------
    ValueError
        If the two are not a pair.
    """

    base: Experiment
    other: Experiment

    def __post_init__(self) -> None:
        """Refuse what is not a pair."""
        check_pair(self.base, self.other)

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
