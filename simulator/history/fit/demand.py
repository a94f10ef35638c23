"""How many contacts come: profile, holidays, trend and busyness of a history, in the scenario's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from simulator.history.fit.counts import Counts
    from simulator.history.fit.fitted import Fitted
    from simulator.scenario.calendar import Holidays

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


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
    """[weekday] Days that its shares rest on."""
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Dispersions:
    """Variance over mean of a slot's counts (1: chance alone), as ever more is known of the slot."""

    unexplained: float
    """Nothing known but the mean of all slots of all days."""
    given_profile: float
    """Weekday and slot known."""
    given_day: float
    """The day's total known, too."""
    explained: float
    """Share of the variance of all slots that weekday and slot explain."""
    explained_by_day: float
    """Share that they and the day's total explain."""


@dataclass(frozen=True, slots=True)
class FittedVolume:
    """The demand of one series, in the words of a channel's `demand` and `busyness`."""

    name: str
    per_week: Fitted
    """Expected contacts of a week without holidays, on average over the history."""
    per_week_at_end: Fitted
    """The same at the history's last day, if the trend goes on until then."""
    weekdays: tuple[Fitted, ...]
    """[7] Share of the week's contacts, Monday first; 0 for one that had none."""
    time_of_day: TimeOfDay
    holiday_factor: Fitted | None
    """None: no holiday fell on a weekday with contacts."""
    trend: Fitted
    """Relative change from week to week: 0.01 is 1 % more each week."""
    day_cv: Fitted
    interval_cv: Fitted
    interval_memory: Fitted
    """Seconds."""
    dispersions: Dispersions
    expected: Floats
    """[day] Contacts that level, weekday, trend and holiday make one expect, for a picture beside `total`."""
    total: Floats
    """[day]"""
    unusual: tuple[date, ...]
    """Days far beyond what the others differ by: named days, failures, half a day missing from the log."""


@dataclass(frozen=True, slots=True)
class FittedDemand:
    """The demand of all series of a history."""

    dates: tuple[date, ...]
    """[day]"""
    is_holiday: tuple[bool, ...]
    """[day]"""
    volumes: tuple[FittedVolume, ...]
    """[series] Those with fewer contacts than can be fitted are in `left_out`."""
    left_out: tuple[str, ...]
    correlation: Fitted | None
    """Of the day factors of two series, the scenario's `busyness.correlation`; None: there is but one."""
    correlations: Floats
    """[series, series] Pair by pair, for a picture."""
    day_to_day: Fitted
    """Correlation of a series' day factor with that of the next day, the scenario's `busyness.day_to_day`."""


def fit_demand(
    counts: Counts,
    *,
    holidays: Holidays | None = None,
    interval: int | None = None,
    confidence: float = 0.95,
    seed: int = 0,
) -> FittedDemand:
    """Fit the demand of a history.

    Parameters
    ----------
    counts
        Series that become channels of a scenario: the busyness of a channel is that of its topics together.
    holidays
        As the scenario has them. One between the first and the last day of which there are no counts had no contacts.
    interval
        The scenario's planning interval in seconds. Default: the step of the counts.
    confidence
        Of the intervals.
    seed
        Of the histories that are drawn anew to find the intervals of busyness.

    Raises
    ------
    ValueError
        If there are fewer than two weeks, or no series with enough contacts.
    """
    raise NotImplementedError
