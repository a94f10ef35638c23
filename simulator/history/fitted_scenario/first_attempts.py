"""First attempts among the contacts of a log: the rest comes again, and a scenario makes them by itself.

A log counts everybody, a scenario's demand is first attempts. Who comes again does so later than before: taking the
same share away from every interval would leave too much for the afternoon, where the scenario adds those who come
again after the morning. So what is expected to come again in each interval, after the contacts that the log has before
it, is taken away from that interval.

With an exponential delay of mean d, and contacts that end evenly over an interval of length L, x = L / d and
g = (1 - exp(-x)) / x, those who come again do so with the probability 1 - g in the same interval, with
g (1 - exp(-x)) exp(-(m - 1) x) in the m-th after it; who would come after closing comes after the next opening.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.estimators import Fitted
    from simulator.history.estimators.demand import FittedVolume
    from simulator.history.estimators.redial import ReturnFit
    from simulator.history.logs import Calls

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

AFTER_OPENING = 3600.0
"""Seconds over which a scenario spreads who would come while it is closed, `enquiries.after_opening`; by default."""


def first_attempts(calls: Calls, hours: Bools, redial: ReturnFit | None, repeat: ReturnFit | None) -> Floats:
    """[weekday, slot of the day] Share of the contacts that are a first attempt.

    Parameters
    ----------
    calls
        Of open hours.
    hours
        [weekday, slot of the day] When the channel is open; Monday is 0. On a day it is so without a break.
    redial, repeat
        Who comes again after being lost, and after being answered; nobody where it is not known.
    """
    slots = hours.shape[1]
    step = DAY // slots
    weekday = (calls.day - 1) % 7
    came = _counted(weekday, calls.clock // step, slots)
    ended = np.fmax(calls.ended, calls.arrival) - calls.arrival
    over = np.minimum(((calls.clock + ended) // step).astype(np.int64), slots - 1)
    again = np.zeros(hours.shape)
    for found, rows in ((redial, ~calls.served), (repeat, calls.served)):
        if found is not None and found.known:
            again += found.share.value * _later(_counted(weekday[rows], over[rows], slots), hours, found.delay.value)
    share = np.ones(hours.shape)
    np.divide(came - again, came, out=share, where=came > 0)
    return np.clip(share, 0.0, 1.0)


def of_first_attempts(volume: FittedVolume, first: Floats) -> FittedVolume:
    """The demand of first attempts alone; `first` is their share of the contacts by [weekday, slot of `volume`].

    Where weekdays have one time of day in common, they keep it, and the share is that of all weekdays.
    """
    times = volume.time_of_day
    weekdays = np.array([day.value for day in volume.weekdays])
    contacts = weekdays[:, None] * times.share
    if not times.by_weekday:
        of_slot = contacts.sum(axis=0)
        pooled = np.ones(len(of_slot))
        np.divide((contacts * first).sum(axis=0), of_slot, out=pooled, where=of_slot > 0)
        first = np.broadcast_to(pooled, first.shape)
    firsts = contacts * first
    of_day = firsts.sum(axis=1)
    part = float(of_day.sum() / contacts.sum())
    share = times.share.copy()
    np.divide(firsts, of_day[:, None], out=share, where=of_day[:, None] > 0)
    kept = np.ones(7)
    np.divide(of_day, weekdays * part, out=kept, where=weekdays > 0)
    return replace(
        volume,
        per_week=times_as_large(volume.per_week, part),
        per_week_at_end=times_as_large(volume.per_week_at_end, part),
        weekdays=tuple(times_as_large(day, factor) for day, factor in zip(volume.weekdays, kept.tolist(), strict=True)),
        time_of_day=replace(times, share=share),
    )


def times_as_large(fitted: Fitted, factor: float) -> Fitted:
    """A figure and its interval, so many times as large."""
    return replace(fitted, value=fitted.value * factor, low=fitted.low * factor, high=fitted.high * factor)


def _counted(weekday: NDArray[np.int64], slot: NDArray[np.int64], slots: int) -> Floats:
    return np.bincount(weekday * slots + slot, minlength=7 * slots).reshape(7, slots).astype(np.float64)


def _later(ended: Floats, hours: Bools, delay: float) -> Floats:
    """[weekday, slot of the day] Where those come who all come again, after contacts that ended [weekday, slot]."""
    slots = hours.shape[1]
    step = DAY / slots
    x = step / delay
    stays = -np.expm1(-x)
    g = stays / x
    apart = np.arange(slots) - np.arange(slots)[:, None]
    falls = np.where(apart == 0, 1.0 - g, g * stays * np.exp(-(np.maximum(apart, 1) - 1) * x))
    falls[apart < 0] = 0.0
    again = np.where(hours, ended @ falls, 0.0)
    waiting = ended.sum(axis=1) - again.sum(axis=1)
    spread = max(round(AFTER_OPENING / step), 1)
    for day in np.flatnonzero(waiting > 0):
        opens = next((other % 7 for other in range(day + 1, day + 8) if hours[other % 7].any()), None)
        if opens is not None:
            first = int(np.flatnonzero(hours[opens])[0])
            again[opens, first : first + spread] += waiting[day] / len(again[opens, first : first + spread])
    return again
