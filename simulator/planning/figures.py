"""The figures that are kept of each point of a grid: sums by replication, from which every estimate follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.experiment.estimate import Estimate, mean_estimate, proportion_estimate, ratio_difference, ratio_estimate
from simulator.language import say
from simulator.measures import MEASURES, ONLY_SUMS, PERCENTS, Duration, Part, target_measure
from simulator.scenario.errors import unknown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.experiment import Experiment
    from simulator.measures import Measure, Unit

    Floats = NDArray[np.float64]
    Kept = Mapping[str, Floats]
    """By figure: [part, replication] of the centre, or [part, replication, channel]; see `Figure.kept`."""

Kind = Literal["ratio", "mean", "probability"]
WITHIN_TARGET, TARGET_MET = "within_target", "target_met"
"""The figures by which a promise is judged."""
COST, PAID_HOURS = "total_cost", "paid_hours"
"""The figures by which points are cheap."""
USUAL = (
    *("mean_wait", "time_to_finish", "abandonment_ratio", "lost_share", "net_deflection", "lost_enquiries"),
    *("occupancy", PAID_HOURS, COST),
)
"""Measures that every grid keeps, beside quantiles of wait and what becomes of the target."""
_SHOWN_PERCENTS = (50, 90)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a point, by channel or of the centre as a whole."""

    name: str
    unit: Unit
    by_channel: bool
    kind: Kind
    """Ratio of sums; mean over the replications; probability of what is seen or not in each."""
    kept: Callable[[Experiment], Floats]
    """[part, replication] or [part, replication, channel] Numerator and denominator of a ratio; one part otherwise.
    nan on channels that it is not about."""
    read: Part = ONLY_SUMS
    """What `kept` reads of each summary beside the sums that are always there."""

    @property
    def title(self) -> str:
        """Its name on screens, in the spoken language."""
        return MEASURES[self.name].title if self.name in MEASURES else say(f"grid.figure.{self.name}")

    @property
    def formula(self) -> str:
        """How it is made, in words."""
        return MEASURES[self.name].formula if self.name in MEASURES else say(f"grid.formula.{self.name}")

    def estimate(self, parts: Floats) -> Estimate:
        """The figure from its parts [part, replication, ...], as `kept` gives them."""
        if self.kind == "ratio":
            return ratio_estimate(parts[0], parts[1])
        return (proportion_estimate if self.kind == "probability" else mean_estimate)(parts[0])

    def difference(self, parts: Floats, base: Floats) -> Estimate:
        """Points less the base, which met the same customers; from the parts of both."""
        if self.kind == "ratio":
            return ratio_difference(parts[0], parts[1], base[0], base[1])
        return mean_estimate(parts[0] - base[0])


def figures(measures: Iterable[str] = ()) -> Mapping[str, Figure]:
    """What is kept of each point, by name: the usual figures and these measures of `MEASURES`.

    Raises
    ------
    ValueError
        If there is no such measure.
    """
    found = [*(_quantile(percent) for percent in _SHOWN_PERCENTS), _WITHIN, _MET]
    usual = {each.name: each for each in found}
    for name in dict.fromkeys((*USUAL, *measures)):
        if name in usual:
            continue
        if name not in MEASURES:
            raise ValueError(unknown("measure", name, [*usual, *MEASURES]))
        usual[name] = _of_measure(MEASURES[name])
    return usual


def _of_measure(measure: Measure) -> Figure:
    by_channel = measure.about == "contacts"

    def kept(experiment: Experiment) -> Floats:
        parts = np.array(experiment.sums(measure, ("channel",) if by_channel else ()))
        if by_channel and measure.channels is not None:
            others = [c for c, channel in enumerate(experiment.scenario.channels) if channel.kind != measure.channels]
            parts[:, :, others] = np.nan
        return parts

    return Figure(measure.name, measure.unit, by_channel, "ratio", kept)


def _quantile(percent: int) -> Figure:
    place = PERCENTS.index(percent)

    def kept(experiment: Experiment) -> Floats:
        waits = experiment.stacked(lambda summary: summary.waits.quantile[:, :, place])
        live = np.array([channel.kind == "live" for channel in experiment.scenario.channels])
        found: Floats = np.where(live, waits[:, :, Duration.WAIT], waits[:, :, Duration.TIME_TO_FINISH])
        return found[None]

    return Figure(f"wait_{percent}", "seconds", by_channel=True, kind="mean", kept=kept, read=Part.QUANTILES)


def _within_target(experiment: Experiment) -> Floats:
    """[part, replication, channel] Contacts that keep the target, and those that it judges."""
    channels = experiment.scenario.channels
    parts = np.empty((2, experiment.replications, len(channels)))
    for c, channel in enumerate(channels):
        measure = target_measure(channel.target, live=channel.kind == "live")
        parts[:, :, c] = np.array(experiment.sums(measure, ("channel",)))[:, :, c]
    return parts


def _met(experiment: Experiment) -> Floats:
    """[1, replication, channel] Share of periods that meet the target; nan where none can be judged."""
    return np.array([[[outcome.share_met for outcome in of_all] for of_all in experiment.target_outcomes]])


_WITHIN = Figure(WITHIN_TARGET, "share", by_channel=True, kind="ratio", kept=_within_target)
_MET = Figure(TARGET_MET, "share", by_channel=True, kind="probability", kept=_met)
