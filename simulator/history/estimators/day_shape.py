"""How the contacts of a day spread over its slots, and whether weekdays differ in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.estimate import nominal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_SHUFFLES = 199
_ALIKE_FROM = 0.01
"""Weekdays have shapes of their own only where as large a difference comes by chance less often than this."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """How a day's contacts spread over its slots: the scenario's `time_of_day` and `time_of_day_on`."""

    clock: Ints
    """[slot] Seconds after midnight."""
    share: Floats
    """[weekday, slot] Share of the weekday's contacts; all alike unless `by_weekday`. 0 on a weekday without any."""
    low: Floats
    high: Floats
    by_weekday: bool
    """Whether weekdays differ in more than chance."""
    p_value: float
    """Of weekdays as different as they are, if they were all alike; 1 if there is but one weekday."""
    days: Ints
    """[weekday] Days of it that were counted; unless `by_weekday` its shares rest on those of all."""
    confidence: float = 0.95


def fit_time_of_day(
    count: Floats, clock: Ints, weekday: Ints, ordinary: Bools, *, confidence: float = 0.95, seed: int = 0
) -> TimeOfDay:
    """Fit the time of day of one series.

    Shares are ratios of sums over days. Their errors regard days as independent and slots of one day as not: each is as
    sure as a share of so many single contacts would be that vary as it does from day to day, but never surer than by
    chance (Wilson's interval with the design effect: Kish 1965; Korn and Graubard 1998).

    Whether weekdays differ: the sum of squares of days' shares between weekdays over that within, against the same with
    the days' weekdays shuffled (Anderson 2001, Austral Ecology 26: 32-46).

    Parameters
    ----------
    count
        [day, slot]
    clock
        [slot] Seconds after midnight.
    weekday, ordinary
        [day] 0 for Monday; whether the day is no holiday.
    confidence
        Of the intervals.
    seed
        Of the shuffling.
    """
    used = ordinary & (count.sum(axis=1) > 0)
    count, weekday = count[used], weekday[used]
    p_value = _p_value_of_alike(count, weekday, seed)
    by_weekday = p_value < _ALIKE_FROM
    table = np.zeros((3, 7, len(clock)))
    days = np.zeros(7, dtype=np.int64)
    for day in np.unique(weekday).tolist():
        of_kind = count[weekday == day] if by_weekday else count
        table[:, day], days[day] = _shares(of_kind, confidence), (weekday == day).sum()
    share, low, high = table
    return TimeOfDay(clock, share, low, high, by_weekday, p_value, days, confidence)


def _shares(count: Floats, confidence: float) -> Floats:
    """[value, low and high; slot] Shares of sums over days, with their intervals."""
    from scipy.special import ndtri, stdtrit

    days, total = len(count), float(count.sum())
    share = count.sum(axis=0) / total
    away = count - share * count.sum(axis=1, keepdims=True)
    chance = share * (1.0 - share) * total
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.where(chance > 0.0, (away**2).sum(axis=0) * days / max(days - 1, 1) / chance, 1.0)
    upper = 0.5 + nominal(confidence) / 2.0
    z = float(stdtrit(days - 1, upper)) if days > 1 else float(ndtri(upper))
    size = total / np.maximum(effect, 1.0)
    middle = (share + z * z / (2.0 * size)) / (1.0 + z * z / size)
    half = z / (1.0 + z * z / size) * np.sqrt(share * (1.0 - share) / size + z * z / (4.0 * size * size))
    return np.stack((share, np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)))


def _p_value_of_alike(count: Floats, weekday: Ints, seed: int) -> float:
    """How often shuffled weekdays differ as much as these."""
    if len(np.unique(weekday)) < 2:
        return 1.0
    share = count / count.sum(axis=1, keepdims=True)
    # Rare slots would else hardly count, busy ones alone: chance has a variance as its share.
    usual = count.sum(axis=0) / count.sum()
    share = (share[:, usual > 0] - usual[usual > 0]) / np.sqrt(usual[usual > 0])

    def between(days: Ints) -> float:
        often = np.bincount(days, minlength=7)
        sums = np.zeros((7, share.shape[1]))
        np.add.at(sums, days, share)
        return float(((sums**2).sum(axis=1) / np.maximum(often, 1)).sum())

    found = between(weekday)
    rng = np.random.default_rng(seed)
    larger = sum(between(rng.permutation(weekday)) >= found for _ in range(_SHUFFLES))
    return (1 + larger) / (1 + _SHUFFLES)
