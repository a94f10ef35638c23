"""How one figure comes about: what was summed and divided, how sure it is, and what single futures may bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.experiment.estimate import Estimate, band, mean_estimate
from simulator.measures import ELAPSED, MEASURES, PERCENTS, AgentTally, ContactTally, Duration, ratio, target_measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.experiment.experiment import Experiment
    from simulator.measures import Axis, Measure, Unit
    from simulator.measures.measure import Tallies
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

SumUnit = Literal["plain", "seconds", "hours", "currency"]
"""What a numerator or denominator is counted in."""

_IN_SECONDS = {
    *AgentTally,
    ContactTally.ANSWERED_WAIT,
    ContactTally.CALLBACK_WAIT,
    ContactTally.GONE_TIME,
    ContactTally.WAIT,
    ContactTally.HANDLING_TIME,
    ContactTally.TIME_TO_FINISH,
    ContactTally.WORK,
}

SHARES = (0.1, 0.5, 0.9)
"""The quantiles over replications that `Workings.futures` has."""

Made = Literal["ratio of sums", "mean of sums", "mean of quantiles", "share of periods"]
"""How a figure and its interval are made: with linearised residuals, by Student's t, the same, by Wilson."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a figure is of."""

    kind: Literal["channel", "group", "centre"]
    index: int = 0
    """Of the channel or group."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure of a place."""

    kind: Literal["measure", "quantile", "met"]
    measure: Measure | None = None
    duration: Duration = Duration.WAIT
    percent: int = 0
    """One of `PERCENTS`, for a quantile."""

    @property
    def unit(self) -> Unit:
        """What it is counted in."""
        return "share" if self.kind == "met" else "seconds" if self.measure is None else self.measure.unit


@dataclass(frozen=True, slots=True)
class Workings:
    """One figure and where it comes from."""

    value: Estimate
    made: Made
    futures: Floats
    """[share] Quantiles (`SHARES`) of the figure over single replications."""
    numerator: Floats | None
    """[replication] What was summed; None for quantiles, which no sums give."""
    denominator: Floats | None
    """[replication] What it was divided by; None where nothing is divided."""

    @property
    def total_above(self) -> float:
        """The numerators of all replications, added up."""
        return 0.0 if self.numerator is None else float(self.numerator.sum())

    @property
    def mean_above(self) -> float:
        """The mean numerator of a replication."""
        return self.total_above / self.value.replications

    @property
    def total_below(self) -> float:
        """The denominators of all replications, added up."""
        return 0.0 if self.denominator is None else float(self.denominator.sum())

    @property
    def mean_below(self) -> float:
        """The mean denominator of a replication."""
        return self.total_below / self.value.replications

    @property
    def judged(self) -> int:
        """Replications that say something of the figure."""
        if self.denominator is None:
            return self.value.replications
        return int(np.count_nonzero(self.denominator))


def places(scenario: Scenario) -> list[Place]:
    """The whole centre, its channels and its groups."""
    return [
        *(Place("channel", c) for c in range(len(scenario.channels))),
        *(Place("group", g) for g in range(len(scenario.groups))),
        Place("centre"),
    ]


def figures_of(scenario: Scenario, place: Place) -> list[Asked]:
    """All figures that there are of a place; of a channel, first those of its target."""
    kinds = {channel.kind for channel in scenario.channels}
    if place.kind == "group":
        return [Asked("measure", measure) for measure in MEASURES.values() if measure.about == "agents"]
    if place.kind == "centre":
        return [Asked("measure", measure) for measure in MEASURES.values() if measure.channels in (None, *kinds)]
    channel = scenario.channels[place.index]
    live = channel.kind == "live"
    promised = target_measure(channel.target, live=live)
    durations = (Duration.WAIT, Duration.ANSWERED_WAIT) if live else (Duration.TIME_TO_FINISH,)
    return [
        Asked("measure", promised),
        Asked("met"),
        *(Asked("quantile", None, duration, percent) for duration in durations for percent in PERCENTS),
        *(
            Asked("measure", measure)
            for measure in MEASURES.values()
            if measure.about == "contacts" and measure.channels in (None, channel.kind) and measure is not promised
        ),
    ]


def workings(experiment: Experiment, place: Place, asked: Asked) -> Workings:
    """How a figure comes about.

    Raises
    ------
    ValueError
        If the place has no such figure.
    """
    if asked not in figures_of(experiment.scenario, place):
        msg = f"A {place.kind} has no such figure."
        raise ValueError(msg)
    if asked.kind == "met":
        return _of_target(experiment, place.index)
    if asked.measure is None:
        percent = PERCENTS.index(asked.percent)
        quantiles = experiment.stacked(lambda summary: summary.waits.quantile[place.index, asked.duration, percent])
        value = mean_estimate(quantiles)
        return Workings(value, "mean of quantiles", band(quantiles, SHARES), None, None)
    by: tuple[Axis, ...] = () if place.kind == "centre" else (place.kind,)
    one = () if place.kind == "centre" else (place.index,)
    numerator, denominator = (part[:, *one] for part in experiment.sums(asked.measure, by))
    return Workings(
        experiment.estimate(asked.measure, by)[one],
        "mean of sums" if asked.measure.denominator is None else "ratio of sums",
        band(ratio(numerator, denominator), SHARES),
        numerator,
        None if asked.measure.denominator is None else denominator,
    )


def _of_target(experiment: Experiment, c: int) -> Workings:
    """P(target met): of each replication its share of periods that met the target."""
    met = np.array([outcomes[c].met for outcomes in experiment.target_outcomes])
    shares = np.array([outcomes[c].share_met for outcomes in experiment.target_outcomes])
    return Workings(
        experiment.targets[c].met,
        "share of periods",
        band(shares, SHARES),
        np.nansum(met, axis=1),
        (~np.isnan(met)).sum(axis=1).astype(np.float64),
    )


def numerator_unit(measure: Measure) -> SumUnit:
    """What the numerator is counted in."""
    if measure.unit in ("hours", "currency"):
        return "hours" if measure.unit == "hours" else "currency"
    return _unit_of_sum(measure.numerator)


def denominator_unit(measure: Measure) -> SumUnit:
    """What the denominator is counted in."""
    if measure.denominator is None or measure.denominator == ELAPSED:
        return "plain" if measure.denominator is None else "seconds"
    return _unit_of_sum(measure.denominator)


def _unit_of_sum(tallies: Tallies) -> SumUnit:
    return "seconds" if _IN_SECONDS.intersection(tallies) else "plain"
