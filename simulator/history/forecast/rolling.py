"""Rolling origin: what would have been forecast on earlier days of a history, and how wrong that was.

On each origin only the days up to it are known: to the models, and to the widths of the intervals, which rest on the
errors of earlier origins that were known by then. It is held against the seasonal-naive forecast: the same weekday and
slot of the last week that is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from simulator.history.forecast.ahead import ahead_of
from simulator.history.forecast.bands import Miss, day_band, slot_band, slot_moments, widths_of
from simulator.history.forecast.series import LEAST_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from simulator.history.forecast.ahead import Ahead
    from simulator.history.forecast.bands import Band
    from simulator.history.forecast.events import Event
    from simulator.history.forecast.series import Series
    from simulator.scenario.calendar import Holidays

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

FIRST_ORIGIN = 28
"""Days that are known at least on the first origin."""
MOST_ORIGINS = 26
"""The latest half-year of them."""
_WEEK = 7

Level = Literal["day", "slot"]
LEVELS: tuple[Level, ...] = ("day", "slot")
Reason = Literal["no_contacts", "no_earlier"]
"""Why an open day is not judged: it has no contacts, or no earlier day of its weekday has for seasonal-naive."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One day that came, and what had been said of it. Arrays have shape [1] for the day's total, [slot] for slots."""

    origin: int
    """Ordinal of the last day that was known."""
    ordinal: int
    """Of the day itself."""
    level: Level
    came: Floats
    middle: Floats
    low: Floats
    high: Floats
    naive: Floats
    naive_error: float
    """Mean absolute error of the seasonal-naive forecast a week ahead, over the days known on the origin."""

    @property
    def week(self) -> int:
        """Week of the lead, from 1."""
        return (self.ordinal - self.origin - 1) // _WEEK + 1


class NotJudged(NamedTuple):
    """One day of the history that was to be open, or was, and cannot be held against what had been said of it."""

    origin: int
    """Ordinal of the last day that was known."""
    ordinal: int
    """Of the day itself."""
    reason: Reason


@dataclass(frozen=True, slots=True)
class Score:
    """How good the forecasts of a rolling origin were."""

    level: Level
    weeks: tuple[int, int]
    """First and last week of the lead that are scored, both included; the first week ahead is 1."""
    origins: int
    count: int
    """Days or slots that came."""
    error: float
    """Mean absolute scaled error: each error divided by the mean absolute error of the seasonal-naive forecast a week
    ahead, over the days known on its origin (Hyndman and Koehler, Another look at measures of forecast accuracy,
    International Journal of Forecasting 22, 2006)."""
    naive_error: float
    """The same of the seasonal-naive forecast of the same days from the same origins."""
    coverage: float
    """Share of days or slots within their interval."""

    @property
    def ratio(self) -> float:
        """Error over that of seasonal-naive; below 1 is better than it."""
        return self.error / self.naive_error if self.naive_error else float("nan")


@dataclass(frozen=True, slots=True)
class Rolled:
    """All origins of a history."""

    checked: tuple[Checked, ...]
    misses: tuple[Miss, ...]
    not_judged: tuple[NotJudged, ...] = ()
    """Days that are in no score, by reason; those that were forecast to be closed, and were, are not among them."""

    @property
    def open_days(self) -> int:
        """Days that were forecast and have passed, of every origin: those judged and those not."""
        return sum(each.level == "day" for each in self.checked) + len(self.not_judged)

    def score(self, level: Level, first: int, last: int) -> Score | None:
        """Over some weeks of the lead; None if none of them has come."""
        chosen = [each for each in self.checked if each.level == level and first <= each.week <= last]
        if not chosen:
            return None
        came, middle, low, high, naive = (
            np.concatenate([getattr(each, name) for each in chosen])
            for name in ("came", "middle", "low", "high", "naive")
        )
        by = np.concatenate([np.full(len(each.came), each.naive_error) for each in chosen])
        return Score(
            level=level,
            weeks=(first, last),
            origins=len({each.origin for each in chosen}),
            count=len(came),
            error=float(np.mean(np.abs(came - middle) / by)),
            naive_error=float(np.mean(np.abs(came - naive) / by)),
            coverage=float(np.mean((low <= came) & (came <= high))),
        )


def roll(
    series: Series,
    days: int,
    holidays: Holidays | None,
    events: Sequence[Event],
    confidence: float,
    on_origin: Callable[[int, int], None] | None = None,
) -> Rolled:
    """Forecast from every week of a history's past, and hold against it what came.

    Parameters
    ----------
    series
        The history. Origins are its last day less 7, 14 ... days.
    days
        How many days ahead, from each of them.
    holidays, events
        As of `ahead_of`: they are known in advance.
    confidence
        Of the intervals.
    on_origin
        Told how many origins are done, and of how many.
    """
    weekly = range(series.last - _WEEK, series.first + FIRST_ORIGIN - 2, -_WEEK)
    # The last known day lies before an origin that is a closed day.
    known_then = (series.until(origin) for origin in weekly[:MOST_ORIGINS])
    origins = sorted({known.last for known in known_then if len(known.ordinal) >= LEAST_KNOWN})
    checked: list[Checked] = []
    misses: list[Miss] = []
    not_judged: list[NotJudged] = []
    for done, origin in enumerate(origins, 1):
        known = series.until(origin)
        ahead = ahead_of(known, days, holidays, events)
        seen = (miss for miss in misses if miss.known_on <= origin)
        widths = widths_of(ahead, seen, known.last - known.first + 1)
        bands: dict[Level, Band] = {
            "day": day_band(ahead, widths, confidence),
            "slot": slot_band(ahead, widths, confidence),
        }
        mean, variance = slot_moments(ahead, widths.log_sd)
        errors = {level: _naive_error(known, level) for level in LEVELS}
        for k, came, naive in _came(series, known, days):
            if came is None or naive is None:
                if came is not None or ahead.is_open[k]:
                    reason: Reason = "no_contacts" if came is None else "no_earlier"
                    not_judged.append(NotJudged(origin, origin + k + 1, reason))
                continue
            for level in LEVELS:
                band = bands[level]
                middle, low, high = (np.atleast_1d(each[k]) for each in (band.middle, band.low, band.high))
                before, now = _at(level, naive), _at(level, came)
                checked.append(Checked(origin, origin + k + 1, level, now, middle, low, high, before, errors[level]))
            if ahead.is_open[k]:
                misses.append(_miss(ahead, k, came, mean[k], variance[k]))
        if on_origin is not None:
            on_origin(done, len(origins))
    return Rolled(tuple(checked), tuple(misses), tuple(not_judged))


def _came(series: Series, known: Series, days: int) -> Iterator[tuple[int, Floats | None, Floats | None]]:
    """Days ahead (from 0) that have passed, what came on each, and what seasonal-naive says of it; None: nothing."""
    for k in range(min(days, series.last - known.last)):
        ordinal = known.last + k + 1
        came = series.on(ordinal)
        before = (known.on(earlier) for earlier in range(ordinal - _WEEK * (k // _WEEK + 1), known.first - 1, -_WEEK))
        yield k, came, next((each for each in before if each is not None), None)


def _at(level: Level, slots: Floats) -> Floats:
    return slots if level == "slot" else slots.sum(keepdims=True)


def _naive_error(known: Series, level: Level) -> float:
    """Mean absolute error of the seasonal-naive forecast a week ahead, over the known days; nan if there is none."""
    pairs = ((each, known.on(int(ordinal) - _WEEK)) for ordinal, each in zip(known.ordinal, known.count, strict=True))
    errors = [np.abs(_at(level, each) - _at(level, before)) for each, before in pairs if before is not None]
    return (float(np.mean(errors)) if errors else 0.0) or float("nan")


def _miss(ahead: Ahead, k: int, came: Floats, mean: Floats, variance: Floats) -> Miss:
    some = mean > 0
    return Miss(
        lead=k,
        known_on=ahead.origin + k + 1,
        error=float(np.log(came.sum()) - ahead.log_mean[k]),
        slots=float(np.mean((came[some] - mean[some]) ** 2 / variance[some])),
    )
