"""An experiment: one scenario, repeated until we are sure, and the numbers it gives, each with its uncertainty."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import Diverted
from simulator.engine import DEFAULT_ENGINE, EngineName
from simulator.experiment.estimate import Estimate, band, mean_estimate, proportion_estimate, ratio_estimate
from simulator.experiment.replications import Play, Player
from simulator.measures import MEASURES, Duration, Measure, Sample, Summary, TargetOutcome, ratio, target_outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from simulator.experiment.customers import Customers
    from simulator.measures import Axis
    from simulator.scenario.model import Scenario, Target

    Floats = NDArray[np.float64]

BATCH = 10
"""Replications between two looks at the half-width; fixed, so that the number of workers does not matter."""
MOST_REPLICATIONS = 1000
"""Where a run that waits for a half-width gives up."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Go on until the interval of a measure is narrow enough."""

    measure: str
    channel: int | None
    """None: a measure of all groups together."""
    half_width: float
    """In the measure's own unit (a share as 0.01)."""

    def reached(self, experiment: Experiment) -> bool:
        """Whether the half-width is at most the asked one; so it is where there is nothing to judge."""
        estimate = experiment.estimate(self.measure, ("channel",) if self.channel is not None else ())
        half = estimate.half_width if self.channel is None else estimate.half_width[self.channel]
        return not half > self.half_width


@dataclass(frozen=True, slots=True)
class TargetResult:
    """How one channel's target fares over the replications.

    The same promise gives several numbers; they are named for what they are.
    """

    channel: int
    target: Target
    measure: Measure
    attained: Estimate
    """Ratio of sums over the horizon, starting backlog included, and all replications."""
    mean_of_ratios: Estimate
    """Mean of the periods' shares, each period weighing the same."""
    met: Estimate
    """P(target met): probability that a period meets it, over all periods; days and intervals are judged by those who
    arrive in them, without the starting backlog. Wilson's interval with one observation a
    replication, which is on the safe side where the days of a replication differ."""
    met_by_period: Estimate
    """[period] The same, period by period."""
    all_met: Estimate
    """Probability that every period of the horizon meets it."""


@dataclass(frozen=True)
class Experiment:
    """The replications of one scenario. All arrays of estimates are indexed as the scenario's tuples are."""

    scenario: Scenario
    seed: int
    engine: EngineName
    summaries: tuple[Summary, ...]
    precision_reached: bool | None = None
    """Whether the asked half-width was reached; None if none was asked for."""

    @property
    def replications(self) -> int:
        """How many futures were played."""
        return len(self.summaries)

    def first(self, replications: int) -> Experiment:
        """The same as it was after so many replications."""
        if replications == self.replications:
            return self
        return replace(self, summaries=self.summaries[:replications], precision_reached=None)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that its sums take."""
        return sum(summary.nbytes for summary in self.summaries)

    def sums(self, measure: str | Measure, by: Sequence[Axis] = ()) -> tuple[Floats, Floats]:
        """[replication, *by] Numerator and denominator."""
        return self._sample.sums(MEASURES[measure] if isinstance(measure, str) else measure, by)

    def estimate(self, measure: str | Measure, by: Sequence[Axis] = ()) -> Estimate:
        """[*by] Ratio of sums over replications."""
        return ratio_estimate(*self.sums(measure, by))

    def band(self, measure: str | Measure, by: Sequence[Axis], shares: tuple[float, ...]) -> Floats:
        """[share, *by] Quantiles over the replications: what single futures may bring."""
        return band(ratio(*self.sums(measure, by)), shares)

    def wait_quantiles(self, duration: Duration) -> Estimate:
        """[channel, percent] Quantiles of wait (`PERCENTS`), exact within a replication, averaged over them."""
        return mean_estimate(self.stacked(lambda summary: summary.waits.quantile[:, duration]))

    def wait_quantiles_by_day(self, duration: Duration) -> Estimate:
        """[channel, day, percent] The same of each day's contacts."""
        return mean_estimate(self.stacked(lambda summary: summary.waits.quantile_by_day[:, :, duration]))

    def virtual_service_level(self) -> Estimate:
        """[channel] Share whom an agent would have met within T, had nobody lost patience: mean over replications."""
        return mean_estimate(self.stacked(lambda summary: summary.waits.virtual))

    def virtual_service_level_by_day(self) -> Estimate:
        """[channel, day] The same of each day's contacts."""
        return mean_estimate(self.stacked(lambda summary: summary.waits.virtual_by_day))

    def abandonments(self) -> Estimate:
        """[channel, interval] Contacts that gave up in the interval, whenever they had arrived."""
        return mean_estimate(self.stacked(lambda summary: summary.abandonments))

    def backlog(self) -> tuple[Estimate, Estimate, Estimate]:
        """[channel, interval + 1] Contacts unfinished, hours of work not begun, age of the oldest, at each boundary."""
        parts = (
            self.stacked(lambda summary: summary.backlog.items),
            self.stacked(lambda summary: summary.backlog.work) / 3600.0,
            self.stacked(lambda summary: summary.backlog.oldest),
        )
        items, work, oldest = (mean_estimate(part) for part in parts)
        return items, work, oldest

    def diverted(self) -> dict[str, Estimate]:
        """[diversion, channel] Contacts of a replication, by the fields of `Diverted`."""
        return {
            each.name: mean_estimate(self.stacked(attrgetter(f"diverted.{each.name}"))) for each in fields(Diverted)
        }

    @property
    def hours(self) -> NDArray[np.int64]:
        """[hour] The first interval of each hour, as the axis `hour` has them."""
        return self.summaries[0].yardstick.first_intervals("hour")

    def stacked(self, part: Callable[[Summary], NDArray[np.generic]]) -> Floats:
        """[replication, ...] A part of every summary."""
        return np.array([part(summary) for summary in self.summaries], dtype=np.float64)

    @cached_property
    def target_outcomes(self) -> tuple[tuple[TargetOutcome, ...], ...]:
        """[replication][channel]."""
        return tuple(
            tuple(
                replace(each, numerator=each.numerator[number], denominator=each.denominator[number])
                for each in self._outcomes
            )
            for number in range(self.replications)
        )

    @cached_property
    def targets(self) -> tuple[TargetResult, ...]:
        """[channel]."""
        return tuple(
            _target_result(outcome, self.estimate(outcome.measure, ("channel",))[outcome.channel])
            for outcome in self._outcomes
        )

    @cached_property
    def _sample(self) -> Sample:
        return Sample(self.summaries)

    @cached_property
    def _outcomes(self) -> tuple[TargetOutcome, ...]:
        """[channel] Of all replications."""
        return target_outcomes(self._sample)


def _target_result(outcome: TargetOutcome, attained: Estimate) -> TargetResult:
    """Judge one channel's outcomes of all replications."""
    met = outcome.met
    judged = ~np.isnan(met).all(axis=1)
    all_met = np.where(judged, ~(met == 0).any(axis=1), np.nan)
    return TargetResult(
        channel=outcome.channel,
        target=outcome.target,
        measure=outcome.measure,
        attained=attained,
        mean_of_ratios=mean_estimate(outcome.mean_of_ratios),
        met=proportion_estimate(outcome.share_met),
        met_by_period=proportion_estimate(met),
        all_met=proportion_estimate(all_met),
    )


def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: EngineName = DEFAULT_ENGINE,
    workers: int = 1,
    precision: Precision | None = None,
    most_replications: int = MOST_REPLICATIONS,
    on_progress: Callable[[int, int], None] = lambda _done, _wanted: None,
    customers: Customers | None = None,
) -> Experiment:
    """Play a scenario until enough replications are there.

    Parameters
    ----------
    replications
        How many; by default the scenario's own number. With `precision`, the first batch.
    seed
        By default the scenario's own. The same seed and scenario give the same results, bit by bit, whatever `workers`.
    workers
        Processes to use at most; they are started only if the work is long enough to pay for them.
    precision
        Go on by batches of `BATCH` until this half-width is reached, or `most_replications`.
    on_progress
        Called with (done, wanted) after each replication.
    customers
        Drawn from, if they are those of this scenario: for several runs that the same customers meet.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    replications = scenario.replications if replications is None else replications
    if replications < 1:
        msg = f"replications is {replications}; it must be at least 1."
        raise ValueError(msg)
    sizes = [replications] if precision is None else looks(replications, most_replications)
    with closing(
        grow(
            scenario,
            sizes,
            seed=seed,
            engine=engine,
            workers=workers,
            customers=customers,
            on_progress=on_progress,
        )
    ) as growing:
        while True:
            experiment = next(growing)
            if precision is None:
                return experiment
            reached = precision.reached(experiment)
            if reached or experiment.replications >= most_replications:
                return replace(experiment, precision_reached=reached)


def looks(first: int, most: int) -> Iterator[int]:
    """Numbers of replications at which a half-width is looked at."""
    size = min(max(first, 2), most)
    yield size
    while size < most:
        size = min(size + BATCH, most)
        yield size


def grow(
    scenario: Scenario,
    sizes: Iterable[int],
    *,
    seed: int | None = None,
    engine: EngineName = DEFAULT_ENGINE,
    workers: int = 1,
    customers: Customers | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> Generator[Experiment]:
    """Play a scenario and show it at these numbers of replications, ever more: a first answer soon, a sure one later.

    Each holds all of the one before. What follows is not played before it is asked for, and never if the generator is
    closed. `sizes` rise; the other parameters are those of `run`.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    seed = scenario.seed if seed is None else seed
    if workers < 1:
        msg = f"workers is {workers}; it must be at least 1."
        raise ValueError(msg)
    summaries: list[Summary] = []
    with Player(Play.prepare(scenario, seed, engine, customers), workers) as player:
        for size in sizes:
            if size <= len(summaries):
                msg = f"After {len(summaries)} replications {size} are asked for; there must be more each time."
                raise ValueError(msg)
            for summary in player.play_all(range(len(summaries), size)):
                summaries.append(summary)
                on_progress(len(summaries), size)
            yield Experiment(scenario, seed, engine, tuple(summaries))
