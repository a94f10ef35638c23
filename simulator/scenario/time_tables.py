"""The tables of the scenario file that say how long something takes, at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from simulator.scenario.errors import NO_VALUE, Problem
from simulator.scenario.fields import Cv, Duration, Patience, Quantiles, parse_quantiles
from simulator.scenario.levers import lever, no_lever
from simulator.scenario.model import Distribution, DistributionFamily
from simulator.scenario.pieces import Pieces
from simulator.scenario.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator


class TimeTable(Table):
    """A random length of time; a plain time instead of the table is the mean of an exponential distribution."""

    mean: Duration = Field(description="Mean.")
    distribution: DistributionFamily = Field(
        default="exponential", description="Family of the distribution.", json_schema_extra=no_lever("cv goes by it")
    )
    cv: Cv | None = Field(
        default=None,
        description=(
            "Coefficient of variation, standard deviation divided by mean. "
            "Default: 1 for exponential and 0 for constant, which allow no other; gamma and lognormal have no default. "
            "Quantiles say it themselves."
        ),
        json_schema_extra=lever("1 %"),
    )
    quantiles: Quantiles | None = Field(
        default=None,
        description=(
            "For the distribution of that name: by which time which share is over. Between two of them, those left end "
            "at a constant rate, and after the last at the rate before it. They say the shape; where their mean is "
            "another than `mean`, all times are stretched to it. Default: none."
        ),
        json_schema_extra=no_lever("the mean stretches them"),
    )

    def findings(self) -> Iterator[Problem]:
        """The family says which coefficients of variation there are."""
        if (self.distribution == "quantiles") != (self.quantiles is not None):
            message = 'Quantiles and distribution = "quantiles" go together: write both or neither.'
            yield Problem(message, ("quantiles",))
        if self.distribution == "quantiles":
            if self.cv is not None:
                yield Problem("Quantiles say how much a time varies: leave cv out.", ("cv",), self.cv)
            return
        fixed = {"exponential": 1, "constant": 0}.get(self.distribution)
        if fixed is None and not self.cv:
            message = f"A {self.distribution} distribution needs a cv above 0, such as 0.7."
            yield Problem(message, ("cv",), NO_VALUE if self.cv is None else self.cv)
        elif fixed is not None and self.cv not in (None, fixed):
            message = (
                f"The cv of the distribution {self.distribution} is always {fixed}: leave cv out, "
                'or choose distribution = "gamma" or "lognormal".'
            )
            yield Problem(message, ("cv",), self.cv)


class PatienceTable(TimeTable):
    """A random patience; a plain time instead of the table is the mean of an exponential distribution."""

    mean: Patience = Field(description='Mean; "infinite" for customers who never give up.')


def _mean_alone(value: object) -> object:
    return value if isinstance(value, dict) else {"mean": value}


TimeField = Annotated[TimeTable, BeforeValidator(_mean_alone, json_schema_input_type=Duration | TimeTable)]
PatienceField = Annotated[PatienceTable, BeforeValidator(_mean_alone, json_schema_input_type=Patience | PatienceTable)]


def distribution_of(time: TimeTable) -> Distribution:
    """What a table of a time says, with its defaults."""
    if time.mean == 0:
        return Distribution("constant", 0.0, 0.0)
    if time.quantiles is not None:
        quantiles = parse_quantiles(time.quantiles)
        return Distribution("quantiles", time.mean, Pieces.of(quantiles).cv, quantiles)
    default = 0.0 if time.distribution == "constant" else 1.0
    return Distribution(time.distribution, time.mean, default if time.cv is None else time.cv)
