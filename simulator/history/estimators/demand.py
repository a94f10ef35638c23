"""How many contacts come: profile, holidays, trend and busyness of a history, in the scenario's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.busyness import BusynessSample, fit_busyness
from simulator.history.estimators.day_factors import fit_day_factors
from simulator.history.estimators.day_levels import DayLevels, fit_day_levels
from simulator.history.estimators.day_shape import TimeOfDay, fit_time_of_day
from simulator.history.estimators.estimate import Fitted
from simulator.history.estimators.explained import Explained, explained
from simulator.history.estimators.holiday import fit_holiday_factor
from simulator.language import say
from simulator.scenario.calendar import Holidays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.estimators.counts import Counts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

FEWEST_CONTACTS = 100
"""A series with fewer on ordinary days is left out."""
_UNUSUAL = 4.5
"""Standard deviations, by the median of what days are off."""


@dataclass(frozen=True, slots=True)
class FittedVolume:
    """The demand of one series, in the words of a channel's `demand` and `busyness`."""

    name: str
    per_week: Fitted
    """Expected contacts of a week without holidays, on average over the history."""
    per_week_at_end: Fitted
    """The same around the history's last day, if the trend goes on until then."""
    weekdays: tuple[Fitted, ...]
    """[7] Share of the week's contacts, Monday first; 0 for one that had none."""
    time_of_day: TimeOfDay
    holiday_factor: Fitted | None
    """None: no holiday fell on a weekday with contacts."""
    trend: Fitted | None
    """Relative change from week to week: 0.01 is 1 % more each week. None: fewer than four weeks."""
    day_cv: Fitted
    interval_cv: Fitted
    interval_memory: Fitted
    """Seconds."""
    explained: Explained
    expected: Floats
    """[day] Contacts that level, weekday, trend and holiday make one expect, for a picture beside `total`."""
    total: Floats
    """[day]"""
    unusual: tuple[date, ...]
    """Ordinary days far beyond what the others differ by: named days, failures, days of which a part is missing."""

    @property
    def has_trend(self) -> bool:
        """Whether there is more of a trend than chance would make: its interval leaves out 0."""
        return self.trend is not None and not self.trend.low <= 0.0 <= self.trend.high


@dataclass(frozen=True, slots=True)
class FittedDemand:
    """The demand of all series of a history."""

    dates: tuple[date, ...]
    """[day] Days with contacts on any of the series."""
    is_holiday: tuple[bool, ...]
    """[day]"""
    volumes: tuple[FittedVolume, ...]
    """[series] Those that could be fitted."""
    left_out: tuple[str, ...]
    """Series with too few contacts or days."""
    correlation: Fitted | None
    """Of the day factors of two series, the scenario's `busyness.correlation`; None: no two that vary."""
    correlations: Floats
    """[series, series] Pair by pair, for a picture; nan where a series' days do not differ beyond chance."""
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
        As the scenario has them. They are left out of all but `holiday_factor`; one between the first and the last day
        of which there are no counts had no contacts.
    interval
        The scenario's planning interval in seconds. Default: the step of the counts.
    confidence
        Of the intervals.
    seed
        Of the histories that are drawn anew to find the intervals of busyness.

    Raises
    ------
    ValueError
        If no series has enough contacts on enough days: each weekday that has any about twice.

    Notes
    -----
    Where there is a trend (`FittedVolume.has_trend`), busyness is what days differ by around it; otherwise it is what
    the scenario itself would take from a file with these counts, holidays left out.
    """
    interval = interval or counts.step
    if counts.step < interval:
        counts = counts.coarser(interval)
    known = (holidays or Holidays()).between(counts.dates[0], counts.dates[-1])
    is_holiday = np.array([day in known for day in counts.dates])
    series = [
        each
        for name, count in zip(counts.names, counts.count, strict=True)
        if (each := _Series.of(name, count, counts, ~is_holiday, interval, confidence, seed)) is not None
    ]
    if not series:
        msg = say("refusals.fit_too_little", contacts=FEWEST_CONTACTS)
        raise ValueError(msg)
    factors = fit_day_factors(
        [each.levels for each in series], [each.share_of_day for each in series], confidence=confidence, seed=seed
    )
    closed = [day.toordinal() for day in known if day not in set(counts.dates)]
    volumes = [
        each.fitted(busyness, factors.day_to_day.value, closed)
        for each, busyness in zip(series, factors.busyness, strict=True)
    ]
    fitted = {each.name for each in volumes}
    return FittedDemand(
        dates=counts.dates,
        is_holiday=tuple(is_holiday.tolist()),
        volumes=tuple(volumes),
        left_out=tuple(name for name in counts.names if name not in fitted),
        correlation=factors.correlation,
        correlations=factors.correlations,
        day_to_day=factors.day_to_day,
    )


@dataclass(frozen=True, slots=True)
class _Series:
    """One series, fitted as far as it goes without the others."""

    name: str
    count: Floats
    """[day, slot]"""
    ordinal: Ints
    ordinary: Bools
    """[day] No holiday, and a weekday with contacts."""
    levels: DayLevels
    shape: TimeOfDay
    interval: int
    pieces: int
    confidence: float
    seed: int

    @classmethod
    def of(
        cls, name: str, count: Floats, counts: Counts, ordinary: Bools, interval: int, confidence: float, seed: int
    ) -> _Series | None:
        total = count.sum(axis=1)
        came = np.bincount(counts.weekday[ordinary & (total > 0)], minlength=7)
        if total[ordinary].sum() < FEWEST_CONTACTS or came.max() < 2:
            return None
        levels = fit_day_levels(total, counts.ordinal, ordinary)
        if levels is None:
            return None
        used = np.isin(counts.ordinal, levels.ordinal)
        shape = fit_time_of_day(count, counts.clock, counts.weekday, used, confidence=confidence, seed=seed)
        pieces = max(counts.step // interval, 1)
        return cls(name, count, counts.ordinal, used, levels, shape, interval, pieces, confidence, seed)

    @property
    def share_of_day(self) -> float:
        """Part of the variance of days beyond chance that is the day factor's, and not that of swings within days."""
        kappa, sample = self.levels.kappa, self._sample(has_trend=True)
        return max(1.0 - sample.swings_of_day(sample.found()) / kappa, 0.0) if kappa > 0.0 else 0.0

    def _sample(self, *, has_trend: bool) -> BusynessSample:
        levels = self.levels
        weekday = (levels.ordinal - 1) % 7
        return BusynessSample(
            count=self.count[self.ordinary],
            mean=levels.expected[:, None] * self.shape.share[weekday],
            alike=weekday,
            level=levels.trend_on(levels.ordinal) if has_trend else np.ones(levels.days),
            ordinal=levels.ordinal,
            interval=float(self.interval),
            pieces=self.pieces,
        )

    def fitted(self, busyness: Floats, day_to_day: float, closed: Sequence[int]) -> FittedVolume:
        """All of it; `busyness` is the covariance of that of ordinary days, `closed` are holidays without counts."""
        levels, confidence = self.levels, self.confidence
        total = self.count.sum(axis=1)
        trend = levels.trend(busyness, confidence)
        has_trend = trend is not None and not trend.low <= 0.0 <= trend.high
        holidays = ~self.ordinary & (levels.expected_on(self.ordinal) > 0.0)
        factor = fit_holiday_factor(
            levels,
            np.append(self.ordinal[holidays], closed).astype(np.int64),
            np.append(total[holidays], np.zeros(len(closed))),
            confidence,
        )
        expected = levels.expected_on(self.ordinal) * np.where(
            self.ordinary, 1.0, 1.0 if factor is None else factor.value
        )
        found = fit_busyness(self._sample(has_trend=has_trend), day_to_day, confidence=confidence, seed=self.seed)
        return FittedVolume(
            name=self.name,
            per_week=levels.per_week(busyness, confidence),
            per_week_at_end=levels.per_week(busyness, confidence, float(levels.ordinal[-1])),
            weekdays=levels.weekday_shares(busyness, confidence),
            time_of_day=self.shape,
            holiday_factor=factor,
            trend=trend,
            day_cv=found.day_cv,
            interval_cv=found.interval_cv,
            interval_memory=found.interval_memory,
            explained=explained(self.count[self.ordinary], (levels.ordinal - 1) % 7),
            expected=expected,
            total=total,
            unusual=_unusual(levels),
        )


def _unusual(levels: DayLevels) -> tuple[date, ...]:
    """Days far off, by the median absolute deviation."""
    spread = 1.4826 * float(np.median(np.abs(levels.left - np.median(levels.left))))
    if spread == 0.0:
        return ()
    far = np.abs(levels.left) > _UNUSUAL * spread
    return tuple(map(date.fromordinal, levels.ordinal[far].tolist()))
