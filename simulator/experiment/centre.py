"""The numbers of the centre as a whole, beside a base that met the same customers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator.experiment.compare import Comparison
from simulator.experiment.estimate import ratio_difference, ratio_estimate
from simulator.experiment.overview import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.experiment.experiment import Experiment
    from simulator.experiment.levers import Criterion
    from simulator.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class CentreFigure:
    """One number of the centre."""

    criterion: Criterion
    figure: Figure


def centre_figures(
    experiment: Experiment, known: Iterable[Criterion], base: Experiment | None = None
) -> tuple[CentreFigure, ...]:
    """[criterion] The numbers, with their paired differences from the base if there is one.

    Raises
    ------
    ValueError
        If the base met other customers.
    """
    if base is not None:
        Comparison(base, experiment)
    return tuple(CentreFigure(each, _figure(each, experiment, base)) for each in known)


def _figure(criterion: Criterion, experiment: Experiment, base: Experiment | None) -> Figure:
    sums = criterion.sums(experiment)
    change = None if base is None else ratio_difference(*sums, *criterion.sums(base))
    return Figure(ratio_estimate(*sums), criterion.unit, criterion.more_is_better, change)


def same_customers(base: Scenario, other: Scenario) -> Scenario:
    """The other scenario as the customers of the base meet it: a variant may set a seed of its own."""
    return other if other.seed == base.seed else replace(other, seed=base.seed)
