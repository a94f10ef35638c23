"""What keeps a history from being forecast."""

from __future__ import annotations

from simulator.language import say

INSTALL = "pip install 'ruuhka[forecast]'"


class ForecastError(ValueError):
    """A history, an event or a horizon of which there is no forecast; the message says why and what would do."""


class MissingStatsmodelsError(ForecastError):
    """The package that forecasts is not installed; the message has the command that installs it."""

    def __init__(self) -> None:
        super().__init__(say("refusals.forecast_package", command=INSTALL))
