"""Survival and quantiles of a fitted family, for pictures beside what was observed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.estimators.families import FamilyFit

    Floats = NDArray[np.float64]


def longer_share(fit: FamilyFit, seconds: Floats) -> Floats:
    """Share that lasts longer than each time."""
    from scipy import special  # slow to import

    mean, cv = fit.mean.value, fit.cv.value
    if fit.points:
        moments, hazard = _cumulative_hazard(fit)
        last = (hazard[-1] - hazard[-2]) / (moments[-1] - moments[-2])
        beyond = np.maximum(seconds - moments[-1], 0.0)
        return np.asarray(np.exp(-np.interp(seconds, moments, hazard) - last * beyond))
    if fit.family == "gamma":
        return np.asarray(special.gammaincc(cv**-2, seconds * cv**-2 / mean))
    if fit.family == "lognormal":
        variance = math.log1p(cv**2)
        with np.errstate(divide="ignore"):
            score = (np.log(seconds / mean) + 0.5 * variance) / math.sqrt(variance)
        return np.asarray(special.ndtr(-score))
    return np.asarray(np.exp(-seconds / mean))


def quantiles(fit: FamilyFit, shares: Floats) -> Floats:
    """Seconds after which each share is over."""
    from scipy import special

    mean, cv = fit.mean.value, fit.cv.value
    if fit.points:
        moments, hazard = _cumulative_hazard(fit)
        last = (hazard[-1] - hazard[-2]) / (moments[-1] - moments[-2])
        wanted = -np.log1p(-shares)
        beyond = np.maximum(wanted - hazard[-1], 0.0)
        return np.asarray(np.interp(wanted, hazard, moments) + beyond / last)
    if fit.family == "gamma":
        return np.asarray(special.gammaincinv(cv**-2, shares) * mean * cv**2)
    if fit.family == "lognormal":
        variance = math.log1p(cv**2)
        return np.asarray(mean * np.exp(math.sqrt(variance) * special.ndtri(shares) - 0.5 * variance))
    return np.asarray(-mean * np.log1p(-shares))


def _cumulative_hazard(fit: FamilyFit) -> tuple[Floats, Floats]:
    """Moments and minus the logarithm of the share left at each, from 0 on; straight lines between them."""
    shares, seconds = np.array([(0.0, 0.0), *fit.points]).T
    return seconds, -np.log1p(-shares)
