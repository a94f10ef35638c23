"""Local days and clock times as moments, and back, of whole columns; where the clock is moved, exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from simulator.scenario.units import DAY
from simulator.scenario.volumes import LocalClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

EPOCH = date(1970, 1, 1).toordinal()
"""From which moments are counted here, and days in Parquet files."""
_MINUTE = 60


class Zone:
    """The local time of a place. Moments are seconds since 1970-01-01 00:00 UTC, days ordinals of dates."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._clock = LocalClock(timezone)

    def moments(self, day: Ints, clock: Floats, showing: int = 0) -> Floats:
        """[row] Moment of a local time; of the first (0) or second (1) showing where the clock shows it twice.

        The clock may be a day or more: it is then counted on from midnight.
        """
        day, clock = _within(day, clock)

        def offset(some_day: int, minute: int) -> float:
            local = datetime.combine(date.fromordinal(some_day), datetime.min.time()) + timedelta(minutes=minute)
            return _seconds(local.replace(tzinfo=self._zone, fold=showing).utcoffset())

        return (day - EPOCH) * float(DAY) + clock - _by_minute(day, clock, self._clock.is_moved, offset)

    def times_shown(self, day: Ints, clock: Floats) -> Ints:
        """[row] How often the clock shows a time: once, or twice or never where it is moved."""
        day, clock = _within(day, clock)

        def often(some_day: int, minute: int) -> float:
            return self._clock.times_shown(some_day, minute * _MINUTE)

        return _by_minute(day, clock, self._clock.is_moved, often).astype(np.int64)

    def local(self, moments: Floats) -> tuple[Ints, Floats]:
        """[row] Local day and clock time of moments; day 0 and nan where there is none."""
        told = ~np.isnan(moments)
        there = np.where(told, moments, 0.0)
        past = np.floor(there / DAY)
        day, clock = past.astype(np.int64) + EPOCH, there - DAY * past

        def offset(some_day: int, minute: int) -> float:
            moment = datetime.fromtimestamp((some_day - EPOCH) * DAY + minute * _MINUTE, tz=UTC)
            return _seconds(moment.astimezone(self._zone).utcoffset())

        def is_moved(some_day: int) -> bool:
            return offset(some_day, 0) != offset(some_day + 1, 0)

        local_day, local_clock = _within(day, clock + _by_minute(day, clock, is_moved, offset))
        return np.where(told, local_day, 0), np.where(told, local_clock, np.nan)


def _within(day: Ints, clock: Floats) -> tuple[Ints, Floats]:
    """Days and clock times with every clock time from 0 up to a day."""
    past = np.floor(np.nan_to_num(clock) / DAY)
    return day + past.astype(np.int64), clock - DAY * past


def _by_minute(day: Ints, clock: Floats, is_moved: Callable[[int], bool], value: Callable[[int, int], float]) -> Floats:
    """[row] `value` of the day and the minute of the day; the same all day where the clock is not moved."""
    if not len(day):
        return np.zeros(0)
    first = day.min()
    known: Floats = np.zeros(day.max() - first + 1)  # days are dense, so that a table of them is faster than a search
    moved = np.zeros(len(known), dtype=np.bool_)
    for place in np.flatnonzero(np.bincount(day - first)):
        if first + place > 0:
            known[place] = value(int(first + place), 0)
            moved[place] = is_moved(int(first + place))
    result: Floats = known[day - first]
    rows = np.flatnonzero(moved[day - first]) if moved.any() else np.zeros(0, dtype=np.int64)
    if len(rows):
        minutes = np.nan_to_num(clock[rows] / _MINUTE).astype(np.int64)
        keys, key = np.unique(day[rows] * (DAY // _MINUTE) + minutes, return_inverse=True)
        of_key = np.array([value(*map(int, divmod(some_key, DAY // _MINUTE))) for some_key in keys])
        result[rows] = of_key[key]
    return result


def _seconds(offset: timedelta | None) -> float:
    return offset.total_seconds() if offset is not None else 0.0
