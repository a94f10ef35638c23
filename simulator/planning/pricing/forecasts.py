"""The forecast as it stood so many weeks ahead: what a locked forecast binds both sides to.

The scenario's forecast was made `lead` before the horizon, and its error is drawn (`demand.forecast`). Whoever looked w
weeks ahead, later than that, knew a part of the error already. With s(lead)^2 the log-variance of the error of a day,
and s(w)^2 that of a forecast made w weeks ahead, that part has the log-variance k^2 = s(lead)^2 - s(w)^2, and what is
left is independent of it. Given the score z of the whole error, the score of the part known is::

    rho z + sqrt(1 - rho^2) fresh        rho = k / s(lead)

with one fresh number for each future. The revised forecast is the expectation times exp(k score - k^2 / 2), of mean 1.
A forecast from longer ahead than the lead is taken to be the scenario's, and so is one whose error does not grow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.busyness import forecast_score
from simulator.demand.forecast import forecast_cv
from simulator.demand.quantiles import exp, log, normal_quantile
from simulator.streams import stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario, Uncertainty

    Floats = NDArray[np.floating]

_WEEK = 604_800.0


def as_forecast(
    scenario: Scenario, seed: int, expected: Floats, weeks: Iterable[int], futures: int
) -> dict[int, Floats]:
    """Weeks ahead -> [queue, interval], or [future, queue, interval] where a part of the error was known then.

    `expected` [queue, interval] is the mean over so many futures, of which each has its error drawn.
    """
    uncertainty, days = scenario.uncertainty, scenario.calendar.days
    forecasts: dict[int, Floats] = {}
    for ahead in sorted(set(weeks)):
        if not known_spread(uncertainty, ahead, days).any():
            forecasts[ahead] = expected
            continue
        revised = np.empty((futures, *expected.shape), dtype=np.float32)
        for number in range(futures):
            fresh = normal_quantile(stream(seed, number, "forecast revision").random(1))[0]
            by_day = revision(uncertainty, ahead, days, forecast_score(seed, number), float(fresh))
            revised[number] = expected * by_day[scenario.calendar.day_of_interval]
        forecasts[ahead] = revised
    return forecasts


def revision(uncertainty: Uncertainty, weeks: int, days: int, score: float, fresh: float) -> Floats:
    """[day] What multiplies the scenario's forecast so many weeks ahead, given the score of the whole error."""
    spread, whole = known_spread(uncertainty, weeks, days), np.sqrt(_log_variance(uncertainty, days))
    rho = np.divide(spread, whole, out=np.zeros(days), where=whole > 0)
    return exp(spread * (rho * score + np.sqrt(1.0 - rho**2) * fresh) - 0.5 * spread**2)


def known_spread(uncertainty: Uncertainty, weeks: int, days: int) -> Floats:
    """[day] k: the standard deviation of that part of the error's logarithm which is known so many weeks ahead."""
    later = replace(uncertainty, lead=min(weeks * _WEEK, uncertainty.lead))
    return np.sqrt(np.maximum(_log_variance(uncertainty, days) - _log_variance(later, days), 0.0))


def _log_variance(uncertainty: Uncertainty, days: int) -> Floats:
    """[day] Of the error of the forecast."""
    return log(1.0 + forecast_cv(uncertainty, days) ** 2)
