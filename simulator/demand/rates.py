"""How many contacts to expect, per channel, topic and interval, before any randomness.

Demand is told by the local clock, and the clock rules when it is moved: at each clock time of a day contacts come at
the rate of that clock time. The hour that a day of 23 hours lacks takes its contacts with it, and the hour that a day
of 25 hours has twice brings them twice.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.model import ProfileDemand
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Channel, HistoryDemand, Scenario, StepProfile

    Floats = NDArray[np.float64]


def own_contacts(scenario: Scenario) -> Floats:
    """[channel, topic, interval] Expected contacts of the channels' own demand, without volume factors and busyness.

    Raises
    ------
    ValueError
        If a volume file lacks a day on which the channel is open, or a time-of-day profile has no weight.
    """
    calendar = scenario.calendar
    expected = np.zeros((len(scenario.channels), len(scenario.topics), calendar.intervals))
    for c, channel in enumerate(scenario.channels):
        if isinstance(channel.demand, ProfileDemand):
            of_channel = from_profile(channel.demand, calendar)
            for contact_type in channel.types:
                expected[c, contact_type.topic] = contact_type.share * of_channel
        elif channel.demand is not None:
            of_column = _from_history(channel, channel.demand, calendar)
            for column, topic in enumerate(channel.demand.topics):
                for told, share in _topic_shares(channel, topic):
                    expected[c, told] += share * of_column[column]
    return expected


def shapes_of_days(channel: Channel, calendar: Calendar) -> Floats:
    """[interval] The part of its day's contacts that each interval has; adds up to 1 on every day of the horizon.

    As the channel's own demand comes on that day, or where it has none, on the days of its file; evenly through the
    open hours if there is no demand, and through the day if it is closed.
    """
    day = np.asarray(calendar.day_of_interval)
    place = place_of_interval(calendar)
    is_open = np.zeros(calendar.intervals)
    for each in range(calendar.days):
        windows = channel.hours.windows(int(calendar.weekday_of_day[each]), bool(calendar.is_holiday[each]))
        within = [(window.start, min(window.end, DAY)) for window in windows]
        if within:
            start, end = (np.array(side, dtype=np.float64) for side in zip(*within, strict=True))
            is_open[day == each] = spread(end - start, start, end, calendar.interval)[place[day == each]]
    choices = [is_open, np.ones(calendar.intervals)]
    if isinstance(channel.demand, ProfileDemand):
        of_weekday = np.stack([_shape_of_day(profile, calendar.interval) for profile in channel.demand.time_of_day])
        choices.insert(0, of_weekday[calendar.weekday_of_day[day], place])
    elif channel.demand is not None:
        history = channel.demand
        of_day, _ = history_by_day(history, calendar)
        of_file = spread(history.count.sum(axis=(0, 2)), history.clock, step_ends(history), calendar.interval)
        choices[:0] = [of_day.sum(axis=1)[day, place], of_file[place]]
    shape = np.zeros(calendar.intervals)
    for choice in choices:
        total = np.bincount(day, choice)
        free = (np.bincount(day, shape) == 0) & (total > 0)
        shape += np.where(free[day], choice / np.where(total > 0, total, 1.0)[day], 0.0)
    return shape


def spread(amount: ArrayLike, start: ArrayLike, end: ArrayLike, interval: float) -> Floats:
    """Spread amounts evenly over their clock times and collect them by planning interval.

    Whether the steps divide the intervals or the intervals the steps does not matter, nor need the steps be of equal
    length.

    Parameters
    ----------
    amount
        [..., step]
    start, end
        [step] Clock seconds, rising; steps do not overlap.
    interval
        Seconds; divides the day.

    Returns
    -------
    [..., interval of the day] Together as much as `amount`.
    """
    amount, start, end = np.asarray(amount), np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    grid = np.arange(0.0, DAY, interval)
    points = np.unique(np.concatenate((grid, start, end)))
    step = np.searchsorted(start, points[:-1], side="right") - 1
    covered = (step >= 0) & (points[:-1] < end[step])
    step, length = step[covered], np.diff(points)[covered]
    place = np.searchsorted(grid, points[:-1][covered], side="right") - 1
    parts = amount[..., step] * (length / (end - start)[step])
    collected = np.zeros((len(grid), *amount.shape[:-1]))
    np.add.at(collected, place, np.moveaxis(parts, -1, 0))
    return np.moveaxis(collected, 0, -1)


def step_ends(history: HistoryDemand) -> Floats:
    """[slot] Clock seconds at which each row of a volume file ends: after its step, or where the next one starts."""
    ends: Floats = np.minimum(history.clock + history.step, np.append(history.clock[1:], float(DAY)))
    return ends


def place_of_interval(calendar: Calendar) -> NDArray[np.int64]:
    """[interval] Which interval of a plain day the clock shows."""
    return calendar.clock_of_interval // calendar.interval


def from_profile(demand: ProfileDemand, calendar: Calendar) -> Floats:
    """[interval] Volume x weekday x holiday, spread over the time of day."""
    of_weekday = np.stack([_shape_of_day(profile, calendar.interval) for profile in demand.time_of_day])
    volume = demand.per_week * np.asarray(demand.weekday_share)[calendar.weekday_of_day]
    volume = np.where(calendar.is_holiday, volume * demand.holiday_factor, volume)
    day = calendar.day_of_interval
    return volume[day] * of_weekday[calendar.weekday_of_day[day], place_of_interval(calendar)]


@lru_cache(maxsize=100)
def _shape_of_day(profile: StepProfile, interval: float) -> Floats:
    """[interval of the day] Share of a 24-hour day's contacts; read only, as days of one profile share it."""
    bounds = np.append(profile.clock, DAY)
    weight = np.asarray(profile.weight) * np.diff(bounds)
    total = np.add.reduce(weight)
    if not total > 0:
        msg = "A time-of-day profile has no weight at any time; at least one time needs a weight above 0."
        raise ValueError(msg)
    shape = spread(weight / total, bounds[:-1], bounds[1:], interval)
    shape.flags.writeable = False
    return shape


def history_by_day(
    demand: HistoryDemand, calendar: Calendar, *, by_weekday: bool = False
) -> tuple[Floats, NDArray[np.bool_]]:
    """[day, column, interval of the day] Counts, scaled, and [day] whether the file has something for the day.

    These are the counts of the horizon's own dates, or (a typical week, or `by_weekday`) the mean of the file's days of
    the same weekday. Days that the file has nothing for have 0.
    """
    counts = spread(np.moveaxis(demand.count, 1, 2), demand.clock, step_ends(demand), calendar.interval)
    weekdays = np.array([day.weekday() for day in demand.date])
    of_day = np.zeros((calendar.days, *counts.shape[1:]))
    known = np.zeros(calendar.days, dtype=np.bool_)
    for d, day in enumerate(calendar.date_of_day):
        if demand.use == "dated" and not by_weekday:
            rows = [row for row, date in enumerate(demand.date) if date == day]
        else:
            rows = np.flatnonzero(weekdays == day.weekday()).tolist()
        if rows:
            of_day[d] = counts[rows].mean(axis=0)
            known[d] = True
    return demand.scale * of_day, known


def _from_history(channel: Channel, demand: HistoryDemand, calendar: Calendar) -> Floats:
    """[column, interval] Counts by day of the horizon.

    A day on which the channel is closed need not be in the file; then it has no contacts.
    """
    of_day, known = history_by_day(demand, calendar)
    for d in np.flatnonzero(~known).tolist():
        day = calendar.date_of_day[d]
        if channel.hours.windows(day.weekday(), bool(calendar.is_holiday[d])):
            needed = f"{day}" if demand.use == "dated" else f"a day of the weekday of {day}"
            msg = (
                f"{demand.source} has no counts for {needed}, when channel {channel.name} is open; "
                f"it covers {demand.date[0]} to {demand.date[-1]}."
            )
            raise ValueError(msg)
    return of_day[calendar.day_of_interval, :, place_of_interval(calendar)].T


def _topic_shares(channel: Channel, topic: int) -> list[tuple[int, float]]:
    """Topics of a count column with the share of each: itself, or the channel's mix where the file does not tell."""
    if topic >= 0:
        return [(topic, 1.0)]
    return [(contact_type.topic, contact_type.share) for contact_type in channel.types]
