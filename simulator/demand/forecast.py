"""How wrong the forecast is: one factor of mean 1 that all channels and days of a replication have in common.

The factor of day d (0, 1 ...) is the lognormal quantile of mean 1 and coefficient of variation cv(d) at one normal
score z for all days:

    factor(d) = exp(sigma(d) z - sigma(d)^2 / 2)        sigma(d)^2 = log(1 + cv(d)^2)
    cv(d) = forecast_cv * sqrt((lead + d days) / 7 days), or forecast_cv where the error does not grow

Drawn, z is a number of each replication. In a band it is the same in all of them. As all days have the same z, the
volume of any days together is at the same quantile as each of them: quantiles of comonotone sums add up (Dhaene and
others, The concept of comonotonicity in actuarial science and finance, Insurance: Mathematics and Economics 31, 2002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.quantiles import exp, log, normal_quantile
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Uncertainty

    Floats = NDArray[np.float64]

_WEEK = 7 * DAY


def forecast_cv(uncertainty: Uncertainty, days: int) -> Floats:
    """[day] Coefficient of variation of the forecast error on each day of the horizon."""
    ahead = uncertainty.lead + DAY * np.arange(days)
    growth = np.sqrt(ahead / _WEEK) if uncertainty.growth == "square root" else np.ones(days)
    return np.asarray(uncertainty.forecast_cv * growth)


def forecast_factors(uncertainty: Uncertainty, days: int, score: float) -> Floats:
    """[day] The factors at a normal score."""
    variance = log(1.0 + forecast_cv(uncertainty, days) ** 2)
    return exp(np.sqrt(variance) * score - 0.5 * variance)


def fixed_forecast_factors(uncertainty: Uncertainty, days: int) -> Floats | None:
    """[day] The factors of a pessimistic or optimistic band, the same in all replications; None without one."""
    if uncertainty.band not in ("pessimistic", "optimistic"):
        return None
    score = float(normal_quantile(np.array([uncertainty.quantile]))[0])
    return forecast_factors(uncertainty, days, score if uncertainty.band == "pessimistic" else -score)
