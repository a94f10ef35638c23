"""Weeks ahead from a history of counts: day totals by a time series model, spread over the day by its profile.

`forecast` gives a forecast with intervals, and what the same method would have said at earlier Sundays, Mondays ... of
the history: the errors it made then are what its intervals rest on, and what its score is. Needs the extra `forecast`.
"""

from __future__ import annotations

from simulator.history.forecast.bands import Band
from simulator.history.forecast.errors import ForecastError, check_statsmodels
from simulator.history.forecast.events import Event, read_events
from simulator.history.forecast.forecasting import Forecast, forecast
from simulator.history.forecast.into_scenario import dated_volumes, forecast_overrides, forecast_sources
from simulator.history.forecast.rolling import Checked, NotJudged, Rolled, Score

__all__ = [
    "Band",
    "Checked",
    "Event",
    "Forecast",
    "ForecastError",
    "NotJudged",
    "Rolled",
    "Score",
    "check_statsmodels",
    "dated_volumes",
    "forecast",
    "forecast_overrides",
    "forecast_sources",
    "read_events",
]
