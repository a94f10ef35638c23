"""What keeps a history from being forecast."""

from __future__ import annotations

import importlib.util

from simulator.language import say

INSTALL = "python3 -m pip --python .venv install -qc constraints.txt '.[forecast]'"
"""As README installs ruuhka: from its own folder, into an environment without pip."""


class ForecastError(ValueError):
    """A history, an event or a horizon of which there is no forecast; the message says why and what would do."""


class MissingStatsmodelsError(ForecastError):
    """The package that forecasts is not installed; the message has the command that installs it."""

    def __init__(self) -> None:
        super().__init__(say("refusals.forecast_package", command=INSTALL))


def check_statsmodels() -> None:
    """See to it that the package that forecasts is there, before any other work is done.

    Raises
    ------
    MissingStatsmodelsError
        If it is not installed.
    """
    if importlib.util.find_spec("statsmodels") is None:
        raise MissingStatsmodelsError
