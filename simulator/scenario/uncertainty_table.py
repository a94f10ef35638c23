"""The table of the scenario file that says how wrong the forecast may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from simulator.scenario.errors import Problem
from simulator.scenario.fields import Cv, Duration, Share, as_written
from simulator.scenario.levers import lever
from simulator.scenario.model import ForecastBand, ForecastGrowth
from simulator.scenario.table import Table
from simulator.scenario.units import format_share

if TYPE_CHECKING:
    from collections.abc import Iterator


class UncertaintyTable(Table):
    """How wrong the forecast may be: a factor of mean 1 (lognormal) that all channels and days have in common.

    Beside it stands busyness, which is about days that differ from each other.
    """

    forecast_cv: Cv = Field(
        default=as_written("0 %"),
        description="Coefficient of variation of the forecast error of a day a week ahead; at most 100 %.",
        json_schema_extra=lever("0 %", "50 %"),
    )
    forecast_lead: Duration = Field(
        default=as_written("7 d"), description="Time from the making of the forecast to the start of the horizon."
    )
    growth: ForecastGrowth = Field(
        default="square root",
        description="How the error grows: with the square root of the days ahead, or not (always forecast_cv).",
    )
    band: ForecastBand = Field(
        default="drawn",
        description=(
            "drawn: each replication has an error of its own. expected: no error. pessimistic (busy) and optimistic "
            "(quiet): the same error in all replications, at its quantile."
        ),
        json_schema_extra=lever(first=True, needs="forecast_cv"),
    )
    quantile: Share = Field(
        default=as_written("90 %"),
        description="Of the error in the pessimistic band, above 50 % and below 100 %; the optimistic one mirrors it.",
        json_schema_extra=lever("51 %", "99 %"),
    )

    def findings(self) -> Iterator[Problem]:
        """A band needs an error, and two sides."""
        if self.forecast_cv > 1:
            message = "At most 100 %: a forecast this wrong is none."
            yield Problem(message, ("forecast_cv",), self.forecast_cv)
        if not 0.5 < self.quantile < 1:
            message = "It must be above 50 % and below 100 %: the pessimistic band lies above the middle."
            yield Problem(message, ("quantile",), format_share(self.quantile))
        if self.band in ("pessimistic", "optimistic") and self.forecast_cv == 0:
            message = 'Without an error of the forecast there are no bands; give forecast_cv, such as "8 %".'
            yield Problem(message, ("band",), self.band)
