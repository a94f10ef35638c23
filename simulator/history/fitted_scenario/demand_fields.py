"""A fitted demand in the words of a channel's `demand`, `hours` and `busyness`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.busyness import says_nothing
from simulator.history.fitted_scenario.first_attempts import times_as_large
from simulator.history.fitted_scenario.sourced import SourcedField
from simulator.history.fitted_scenario.words import (
    interval_words,
    number_words,
    rounded,
    share_words,
    source_words,
    time_words,
    whole,
)
from simulator.scenario.hours import WEEKDAYS, WeeklyHours, Window
from simulator.scenario.units import DAY, format_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from simulator.history.estimators.demand import FittedVolume

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Path = tuple[str, ...]

_STRAY = 0.0005
"""Share of a day's contacts that may come before the first open interval, and as many after the last: someone is let in
a minute early, a clock is wrong. They are no opening hours."""


def open_slots(volume: FittedVolume, staffed: Bools | None = None) -> Bools:
    """[weekday, slot] Whether the channel is open: from the first contacts that are no strays to the last.

    `staffed`, of the same shape, says where anybody is on duty: before and after that it is closed, too.
    """
    comes = np.array([weekday.value > 0 for weekday in volume.weekdays])
    open_: Bools = without_strays(volume.time_of_day.share, _STRAY) & comes[:, np.newaxis]
    if staffed is not None:
        began = np.logical_or.accumulate(staffed, axis=1)
        goes_on = np.logical_or.accumulate(staffed[:, ::-1], axis=1)[:, ::-1]
        open_ &= began & goes_on
    return open_


def without_strays(share: Floats, stray: float) -> Bools:
    """[weekday, slot] From the first slot of a day to the last, with so much of its share left out at either end."""
    before, after = np.cumsum(share, axis=1), np.cumsum(share[:, ::-1], axis=1)[:, ::-1]
    between: Bools = (before > stray) & (after > stray)
    return between


def weekly_hours(clock: Ints, open_: Bools, step: int, *, holidays_closed: bool) -> str:
    """The hours of a channel, from the first open slot [weekday, slot] of each weekday to the last."""
    windows = []
    for of_day in open_:
        slots = clock[of_day]
        windows.append((Window(int(slots[0]), int(slots[-1]) + step),) if len(slots) else ())
    return str(WeeklyHours(tuple(windows), () if holidays_closed else None))


def holidays_words(volume: FittedVolume) -> str:
    """What is said of public holidays beside the hours; nothing where the hours or the demand say it."""
    if volume.holiday_factor is not None:
        return ""
    return "; no public holiday fell on a weekday with contacts, so they are like other days: an assumption"


def demand_fields(
    table: Path,
    volume: FittedVolume,
    open_: Bools,
    step: int,
    *,
    again: float = 0.0,
    part: float = 1.0,
    without: str = "",
    what: str = "contacts",
) -> Iterator[SourcedField]:
    """The demand: level, weekdays and time of day, each with its interval.

    Parameters
    ----------
    table
        Path of the demand.
    volume
        What was fitted.
    open_
        [weekday, slot] When the channel is open; no contacts are expected otherwise.
    step
        Seconds of a slot.
    again
        Share of all contacts that are a further attempt of somebody who was lost or not helped before, and are not in
        `volume`.
    part
        Share of the contacts that the scenario has: some may be of topics for which nobody is on duty.
    without
        Which contacts were not counted, in words.
    what
        What was counted.
    """
    level = times_as_large(volume.per_week, part)
    told = source_words(f"{what} by day", level, "number")
    if volume.trend is not None and volume.has_trend:
        at_end = times_as_large(volume.per_week_at_end, part)
        told += f"; they change by {share_words(abs(volume.trend.value))} a week, "
        told += f"{'up' if volume.trend.value > 0 else 'down'} to {number_words(at_end.value)} at the end"
    if again > 0:
        told += f"; {share_words(again)} of all come again, and are told in redial and repeat instead"
    if part < 1:
        told += f"; {share_words(1 - part)} of all are of topics for which too few agents are there, and left out"
    if without:
        told += f"; {without}"
    yield SourcedField((*table, "per_week"), whole(level.value), told, interval_words(level, "number"))
    weights = {
        name: rounded(1000 * weekday.value)
        for name, weekday, slots in zip(WEEKDAYS, volume.weekdays, open_, strict=True)
        if weekday.value > 0 and slots.any()
    }
    of_days = [weekday for weekday in volume.weekdays if weekday.value > 0]
    method = f"shares of a week in thousandths; {of_days[0].method}"
    yield SourcedField(
        (*table, "weekdays"), weights, f"{what} by day, {sum(d.count for d in of_days):,} days; {method}"
    )
    times = volume.time_of_day
    alike = "weekdays differ by more than chance" if times.by_weekday else "all weekdays alike"
    told = f"{what} by time of day, {int(times.days.sum()):,} days; {alike}, p {number_words(times.p_value)}"
    busiest = int(np.argmax([weekday.value for weekday in volume.weekdays]))
    yield SourcedField((*table, "time_of_day"), _steps(volume, busiest, open_[busiest], step), told)
    if times.by_weekday:
        yield SourcedField(
            (*table, "time_of_day_on"),
            {
                name: _steps(volume, day, open_[day], step)
                for day, name in enumerate(WEEKDAYS)
                if name in weights and day != busiest
            },
        )
    if volume.holiday_factor is not None:
        factor = volume.holiday_factor
        told = source_words(f"{what} on public holidays", factor, "number")
        yield SourcedField((*table, "holiday_factor"), rounded(factor.value), told, interval_words(factor, "number"))


def busyness_fields(table: Path, volume: FittedVolume) -> Iterator[SourcedField]:
    """How much days and intervals differ beyond chance."""
    for name, fitted, unit in (
        ("day_cv", volume.day_cv, "share"),
        ("interval_cv", volume.interval_cv, "share"),
        ("interval_memory", volume.interval_memory, "time"),
    ):
        value = time_words(fitted.value) if unit == "time" else share_words(fitted.value)
        told, interval = source_words("what counts differ by beyond chance", fitted, unit), interval_words(fitted, unit)
        known = unit != "time" or not says_nothing(fitted)
        yield SourcedField((*table, name), value if known else None, told, interval)


def _steps(volume: FittedVolume, day: int, open_: Bools, step: int) -> dict[str, float]:
    """The steps of a weekday: weights in thousandths of its contacts, 0 from the end of its hours."""
    times = volume.time_of_day
    clocks = times.clock[open_].tolist()
    steps = {
        format_clock(clock): rounded(1000 * share)
        for clock, share in zip(clocks, times.share[day, open_].tolist(), strict=True)
    }
    end = clocks[-1] + step
    return steps if end >= DAY else {**steps, format_clock(end): 0.0}
