"""Intervals of days and slots: as wide as the models say, times what earlier errors say of the models.

A day's contacts are exp(m + c s T): m and s as the models say, T of Student's t distribution with as many degrees of
freedom as the history has weeks, less one, since what goes wrong goes wrong for a week or longer. The scale c is the
root mean square of all earlier errors of the rolling origin, each by the s that the models now give to its lead, as if
ten more days had had errors of just the size that they say:

    c^2 = (10 + sum of (error / s)^2) / (10 + errors)

A slot's contacts are gamma, with the mean f, the day's mean times the slot's share, and the variance

    k^2 (f^2 (exp(v) - 1) + phi f)

of the day's error, v being (c s)^2, and of the slot's own dispersion phi; k is found as c is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincinv, stdtrit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from simulator.history.forecast.ahead import Ahead

    Floats = NDArray[np.float64]

_DAYS_OF_MODEL = 10.0
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Band:
    """A forecast with its interval, in contacts. All of one shape."""

    middle: Floats
    """As likely more as fewer; of a slot, the mean."""
    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Miss:
    """How far a day came from its forecast."""

    lead: int
    """Days ahead, from 0 for the first day after the origin."""
    known_on: int
    """Ordinal of the day: at its end the error is known."""
    error: float
    """Of the logarithm of the day's contacts."""
    slots: float
    """Mean over slots of the squared error over the variance that the slots had then."""


@dataclass(frozen=True, slots=True)
class Widths:
    """How sure a forecast is."""

    log_sd: Floats
    """[day ahead] Standard deviation of the logarithm of a day's contacts: c s."""
    slots: float
    """k."""
    freedom: int
    """Degrees of freedom of Student's t."""


def widths_of(ahead: Ahead, misses: Iterable[Miss], known_days: int) -> Widths:
    """The widths that earlier errors tell.

    Parameters
    ----------
    ahead
        What the models say now.
    misses
        Errors that are known by now, of horizons that are not longer.
    known_days
        From the first known day to the last.
    """
    known = list(misses)
    days = _root([(miss.error / float(ahead.log_sd[miss.lead])) ** 2 for miss in known])
    return Widths(days * ahead.log_sd, _root([miss.slots for miss in known]), max(known_days // _WEEK - 1, 1))


def _root(squared: Sequence[float]) -> float:
    return math.sqrt((_DAYS_OF_MODEL + sum(squared)) / (_DAYS_OF_MODEL + len(squared)))


def day_band(ahead: Ahead, widths: Widths, confidence: float) -> Band:
    """[day ahead] Contacts of each day; none on closed ones."""
    sd = widths.log_sd
    reach = float(stdtrit(widths.freedom, (1 + confidence) / 2)) * sd
    logs = ahead.log_mean, ahead.log_mean + sd**2 / 2, ahead.log_mean - reach, ahead.log_mean + reach
    return Band(*(np.where(ahead.is_open, np.exp(each), 0.0) for each in logs))


def slot_moments(ahead: Ahead, log_sd: Floats) -> tuple[Floats, Floats]:
    """[day ahead, slot] Mean contacts of each slot, and their variance where k is 1."""
    day_mean = np.where(ahead.is_open, np.exp(ahead.log_mean + log_sd**2 / 2), 0.0)
    mean = day_mean[:, np.newaxis] * ahead.share
    return mean, mean**2 * np.expm1(log_sd**2)[:, np.newaxis] + ahead.dispersion * mean


def slot_band(ahead: Ahead, widths: Widths, confidence: float) -> Band:
    """[day ahead, slot] Contacts of each slot; ends are whole contacts, rounded outward."""
    mean, variance = slot_moments(ahead, widths.log_sd)
    variance = widths.slots**2 * variance
    some = mean > 0
    shape = np.divide(mean**2, variance, out=np.ones_like(mean), where=some)
    unit = np.divide(variance, mean, out=np.zeros_like(mean), where=some)
    tail = (1 - confidence) / 2
    low, high = (gammaincinv(shape, probability) * unit for probability in (tail, 1 - tail))
    return Band(mean, mean, np.floor(low), np.ceil(high))
