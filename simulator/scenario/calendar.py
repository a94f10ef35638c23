"""The horizon and its grid: from dates and clock times to seconds, intervals and days, and back.

Inside the package an instant is the number of seconds *elapsed* since the horizon's start, the local midnight of
its first day. A planner thinks in dates and clock times. The two differ where clocks are moved: in Helsinki
29 March 2026 has 23 hours, or 92 quarters, and no 03:00 to 04:00; 25 October has 25 hours, and that hour twice.

Weekly hours follow the clock: a window is open while the local clock shows a time within it. A night window is
thus an hour shorter in spring and longer in autumn, as the shift of those who work it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from zoneinfo import ZoneInfo, available_timezones

import numpy as np

from simulator import language
from simulator.language import say
from simulator.scenario.hours import HOLIDAY, Window
from simulator.scenario.units import DAY, format_clock, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

    from simulator.scenario.hours import WeeklyHours

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_Array = TypeVar("_Array", bound="NDArray[np.generic]")

_FIRST_DATE, _LAST_DATE = date(1900, 1, 1), date(2200, 12, 31)
_FARTHEST_DAYS = 20 * 366
"""How far before and after the horizon opening hours are followed."""
_FOR_EVER = 2**62
_LOOK_EVERY = 6 * 3600
"""Seconds; no zone moves its clock twice within this time."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def public_holidays(country: str | None, years: Iterable[int], subdivision: str | None = None) -> dict[date, str]:
    """Public holidays and their names, in order of date; in English where the source has it.

    Parameters
    ----------
    country
        ISO 3166 code such as "FI"; None for no holidays at all.
    years
        Calendar years.
    subdivision
        Code of a part of the country with holidays of its own, such as "BY" of "DE".

    Raises
    ------
    ValueError
        If the country or its part is unknown (near matches are listed), or the source does not know a year.

    Notes
    -----
    The source is the package `holidays`, category "public", with days off in lieu.
    """
    if country is None:
        if subdivision is not None:
            msg = f'The subdivision "{subdivision}" needs a country.'
            raise ValueError(msg)
        return {}
    _check_country(country, subdivision)
    return {day: name for year in sorted(set(years)) for day, name in _holidays_of(country, subdivision, year)}


@dataclass(frozen=True)
class Holidays:
    """Which days are public holidays, in any year: those of a country, with changes.

    Raises
    ------
    ValueError
        If the country or subdivision is unknown, or a day of `not_holidays` is not a public holiday or is in
        `extra` too.
    """

    country: str | None = None
    """ISO 3166 code such as "FI"; None: only the days of `extra`."""
    subdivision: str | None = None
    """Code of a part of the country with holidays of its own."""
    extra: Mapping[date, str] = field(default_factory=dict, hash=False)
    """Further days with their names, or other names for public holidays."""
    not_holidays: frozenset[date] = frozenset()
    """Public holidays that this centre treats like any other day."""

    def __post_init__(self) -> None:
        days = sorted(map(_plain_date, self.extra))
        object.__setattr__(self, "extra", {day: self.extra[day] for day in days})
        object.__setattr__(self, "not_holidays", frozenset(map(_plain_date, self.not_holidays)))
        public = public_holidays(self.country, {day.year for day in self.not_holidays}, self.subdivision)
        for day in sorted(self.not_holidays):
            if day in self.extra:
                msg = f"{day} is both an extra holiday and not a holiday; keep one of the two."
                raise ValueError(msg)
            if day not in public:
                known = ", ".join(f"{known} {name}" for known, name in public.items() if known.year == day.year)
                where = f"in {self.country}" if self.country else "without a country"
                msg = f"{day} is no public holiday {where} anyway; those of its year are: {known or 'none'}."
                raise ValueError(msg)

    def between(self, first: date, last: date) -> dict[date, str]:
        """Holidays from `first` to `last`, both included, with their names, in order of date."""
        public = public_holidays(self.country, range(first.year, last.year + 1), self.subdivision)
        named = {day: name for day, name in public.items() if day not in self.not_holidays} | dict(self.extra)
        return {day: named[day] for day in sorted(named) if first <= day <= last}


@dataclass(frozen=True)
class Calendar:
    """The days of a run, cut into intervals of equal length; equal and hashable by value. Arrays are read-only.

    Raises
    ------
    ValueError
        If the time zone is unknown, the dates are impossible, or the interval does not divide the day or does
        not fit a change of the clock within the horizon.
    """

    timezone: str
    """IANA name, such as "Europe/Helsinki"."""
    start: date
    """First day; the horizon starts at its local midnight."""
    days: int
    interval: int
    """Seconds; divides 24 hours."""
    holidays: Holidays = field(default_factory=Holidays)
    """Also asked for days outside the horizon: due times reach beyond it."""

    def __post_init__(self) -> None:
        _check_zone(self.timezone)
        object.__setattr__(self, "start", _plain_date(self.start))
        if self.days < 1:
            msg = f"{self.days} is not a number of days; allowed are 1, 2, 3 and so on."
            raise ValueError(msg)
        if self.start < _FIRST_DATE or self.days > (_LAST_DATE - self.start).days + 1:
            msg = f"{self.days} days from {self.start} do not lie within {_FIRST_DATE} to {_LAST_DATE}."
            raise ValueError(msg)
        if not 0 < self.interval <= DAY or DAY % self.interval or self.interval % 1:
            shown = format_duration(self.interval) if 0 <= self.interval < math.inf else self.interval
            msg = f"An interval of {shown} does not divide the day; allowed are 5, 10, 15, 30 or 60 min and so on."
            raise ValueError(msg)
        object.__setattr__(self, "interval", int(self.interval))
        self._check_clock_changes()

    def __getstate__(self) -> dict[str, object]:
        """Only the fields travel to other processes; what is computed from them is computed there."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @cached_property
    def intervals(self) -> int:
        """Number of intervals I."""
        return (self._instant(self.days) - self._instant(0)) // self.interval

    @cached_property
    def edges(self) -> Floats:
        """[I+1] Interval `i` lasts from `edges[i]` up to `edges[i + 1]`, in seconds."""
        return _read_only(np.arange(self.intervals + 1, dtype=np.float64) * self.interval)

    @cached_property
    def day_of_interval(self) -> Ints:
        """[I] Index of the day that each interval belongs to."""
        return _read_only(self._local_seconds // DAY)

    @cached_property
    def clock_of_interval(self) -> Ints:
        """[I] What the local clock shows at each interval's start, in seconds after midnight."""
        return _read_only(self._local_seconds % DAY)

    @cached_property
    def date_of_day(self) -> tuple[date, ...]:
        """[D] Dates."""
        return tuple(self._date(day) for day in range(self.days))

    @cached_property
    def weekday_of_day(self) -> Ints:
        """[D] Weekdays, from Monday 0 to Sunday 6."""
        return _read_only((self.start.weekday() + np.arange(self.days)) % 7)

    @cached_property
    def holiday_of_day(self) -> tuple[str | None, ...]:
        """[D] Names of the public holidays; None for other days."""
        named = self.holidays.between(self.date_of_day[0], self.date_of_day[-1])
        return tuple(named.get(day) for day in self.date_of_day)

    @cached_property
    def is_holiday(self) -> Bools:
        """[D] Whether the day is a public holiday."""
        return _read_only(np.array([name is not None for name in self.holiday_of_day]))

    @cached_property
    def day_edges(self) -> Floats:
        """[D+1] Day `d` lasts from `day_edges[d]` up to `day_edges[d + 1]`, in seconds: 23, 24 or 25 hours."""
        instants = np.array([self._instant(day) for day in range(self.days + 1)], dtype=np.float64)
        return _read_only(instants - instants[0])

    def seconds_at(self, day: date, clock: float, fold: int = 0) -> float:
        """Seconds from the horizon's start to a local date and time, within the horizon or not.

        Parameters
        ----------
        day
            Local date.
        clock
            Seconds after midnight that the clock shows. 0 is the day's start and 86400 its end, even where the
            clock is moved over midnight.
        fold
            For a time that the clock shows twice: 0 for the first, 1 for the second.

        Raises
        ------
        ValueError
            If the clock never shows this time on this day, or `clock` is not within 0 to 86400.
        """
        if not 0 <= clock <= DAY:
            msg = f"A clock cannot show {clock} seconds after midnight; allowed are 0 to 86400."
            raise ValueError(msg)
        if clock == DAY or (clock == 0 and fold == 0):
            instant = _day_start(self.timezone, day + timedelta(days=clock // DAY))
            return float(instant - self._instant(0))
        zone = ZoneInfo(self.timezone)
        shown = datetime.combine(day, time()) + timedelta(seconds=clock)
        instant_utc = shown.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if instant_utc.astimezone(zone).replace(tzinfo=None) != shown:
            when = f"{format_clock(int(clock))} on {_date_text(day)} {day.year}"
            msg = f"The clock in {self.timezone} never shows {when}: it is moved forward past that time."
            raise ValueError(msg)
        return (instant_utc - self._start_utc) / timedelta(seconds=1)

    def local_datetime(self, seconds: float) -> datetime:
        """Local date and time of an instant, to the microsecond; its `fold` is 1 in an hour's second showing."""
        return (self._start_utc + timedelta(seconds=seconds)).astimezone(ZoneInfo(self.timezone))

    def label(self, interval: int) -> str:
        """Name an interval by its start: "Fri 27 Nov 17:15", and "(2nd)" where the clock shows it again.

        In the spoken language.

        Raises
        ------
        ValueError
            If there is no such interval.
        """
        if not 0 <= interval < self.intervals:
            msg = f"There is no interval {interval}; the horizon has 0 to {self.intervals - 1}."
            raise ValueError(msg)
        date, clock = self.date_of_day[self.day_of_interval[interval]], int(self.clock_of_interval[interval])
        text = f"{language.day(date)} {language.clock(clock)}"
        return say("forms.second_showing", time=text) if self.is_second_showing(interval) else text

    def is_second_showing(self, interval: int) -> bool:
        """Whether the clock has shown the start of an interval before."""
        return bool(self.local_datetime(self.edges[interval]).fold)

    def open_mask(self, hours: WeeklyHours) -> Bools:
        """[I] Whether each interval lies within the hours; read-only.

        Raises
        ------
        ValueError
            If a window starts or ends within an interval.
        """
        return _open_mask(self, hours)

    def due_times(self, arrival: ArrayLike, allowed: float, hours: WeeklyHours | None) -> Floats:
        """Instants at which `allowed` seconds of open time have passed since each arrival.

        Who arrives outside the hours starts at the next opening. What falls due just as the hours end is due
        then, not at the next opening. Hours and public holidays go on before and after the horizon.

        Parameters
        ----------
        arrival
            Instants in seconds, of any shape; may lie outside the horizon.
        allowed
            Seconds of open time.
        hours
            Weekly hours, not bound to the grid; None counts every second.

        Raises
        ------
        ValueError
            If an arrival is not finite, `allowed` is negative or not finite, or the hours never open or open too
            seldom: an instant more than 20 years from the horizon is refused.
        """
        arrivals = np.asarray(arrival, dtype=np.float64)
        if not np.isfinite(arrivals).all() or not 0 <= allowed < math.inf:
            msg = "Due times need finite arrivals, and an allowed time that is finite and not negative."
            raise ValueError(msg)
        if hours is None or not arrivals.size:
            return arrivals + allowed
        opens, closes, open_before = self._open_time_for(arrivals.min(), arrivals.max(), allowed, hours)
        span = np.searchsorted(closes, arrivals, side="right")
        begin = np.maximum(arrivals, opens[span])
        target = open_before[span] + (begin - opens[span]) + allowed
        due_span = np.searchsorted(open_before[1:], target, side="left")
        due = opens[due_span] + (target - open_before[due_span])
        # Within one span the plain sum is exact, and with no time allowed it is the opening, not the last closing.
        return np.where(begin + allowed <= closes[span], begin + allowed, due)

    def due_knots(self, allowed: float, hours: WeeklyHours | None) -> tuple[Floats, Floats, Floats]:
        """Due times of arrivals within the horizon as straight pieces; parameters as for `due_times`.

        Returns
        -------
        [K], [K] and [K]: instants from which a piece holds, the first 0; the due time of an arrival at that instant;
        and the seconds that it moves on for each second of a later arrival. They agree with `due_times`.
        """
        last = float(self.edges[-1])
        if hours is None:
            return np.zeros(1), np.full(1, allowed), np.ones(1)
        opens, closes, open_before = self._open_time_for(0.0, last, allowed, hours)
        # Just after an arrival whose time runs out as the hours end, the due time leaps to the next opening.
        begun = open_before[1:-1] - allowed
        leaps, next_opening = begun >= 0, opens[1:]
        span = np.searchsorted(open_before, begun[leaps], side="right") - 1
        leap = np.nextafter(opens[span] + (begun[leaps] - open_before[span]), np.inf)
        bend = np.concatenate(([0.0], opens, closes))
        bend = bend[(bend >= 0) & (bend <= last)]
        knots = np.concatenate((bend, leap))
        due = np.concatenate((self.due_times(bend, allowed, hours), next_opening[leaps]))
        knots, first = np.unique(knots, return_index=True)
        within = (knots >= 0) & (knots <= last)
        knots, due = knots[within], due[first][within]
        is_open = np.searchsorted(opens, knots, side="right") > np.searchsorted(closes, knots, side="right")
        return knots, due, is_open.astype(np.float64)

    def _open_time_for(
        self, earliest: float, latest: float, allowed: float, hours: WeeklyHours
    ) -> tuple[Floats, Floats, Floats]:
        """Open spans from `earliest` until `allowed` open seconds after `latest`, and the open time before each.

        Returns openings and closings [S], and the open seconds before each span and after the last [S+1].
        """
        first_day = math.floor(earliest / DAY) - 3
        last_day = math.floor((latest + allowed) / DAY) + 8
        farthest = self.days + _FARTHEST_DAYS
        while first_day >= -_FARTHEST_DAYS:
            last_day = min(last_day, farthest)
            opens, closes, open_before = _open_time(self, hours, first_day, last_day)
            if closes.size and closes[-1] > latest:
                span = np.searchsorted(closes, latest, side="right")
                if open_before[-1] >= open_before[span] + max(latest - opens[span], 0.0) + allowed:
                    return opens, closes, open_before
            if last_day == farthest:
                break
            last_day += last_day - first_day
        msg = (
            f'{format_duration(allowed)} of the hours "{hours}" do not pass within 20 years of the horizon: '
            "they never open, or too seldom, or a contact arrives that far away."
        )
        raise ValueError(msg)

    def _open_spans(self, hours: WeeklyHours, first_day: int, last_day: int) -> tuple[Floats, Floats]:
        """Openings and closings [S], in seconds, of the windows that start from `first_day` to `last_day`."""
        days = np.arange(first_day, last_day + 1)
        kinds = (self.start.weekday() + days) % 7
        if hours.holidays is not None:
            for day in self.holidays.between(self._date(first_day), self._date(last_day)):
                kinds[(day - self.start).days - first_day] = HOLIDAY
        windows = [days[kinds == kind, np.newaxis] * DAY + np.array(window) for kind, window in hours.dated_windows()]
        local = np.concatenate(windows) if windows else np.empty((0, 2), dtype=np.int64)
        local = local[np.argsort(local[:, 0])]
        begins, shifts = self._clock_runs(first_day, last_day)
        ends = np.append(begins[1:], -begins[0])
        runs = [
            np.clip(local, begin + shift, end + shift) - shift
            for begin, end, shift in zip(begins, ends, shifts, strict=True)
        ]
        spans = np.concatenate(runs)
        spans = spans[spans[:, 0] < spans[:, 1]]
        # Join what touches or overlaps: across midnight, across a change of the clock, into a holiday.
        closed_by = np.maximum.accumulate(spans[:, 1])
        joins = spans[1:, 0] <= closed_by[:-1]
        opens = spans[np.append(True, ~joins)[: len(spans)], 0]
        closes = closed_by[np.append(~joins, True)[: len(spans)]]
        return opens.astype(np.float64), closes.astype(np.float64)

    @cached_property
    def _local_seconds(self) -> Ints:
        """[I] Seconds from midnight of the first day to what the clock shows at each interval's start."""
        elapsed = np.arange(self.intervals) * self.interval
        begins, shifts = self._clock_runs(0, self.days)
        return elapsed + shifts[np.searchsorted(begins, elapsed, side="right") - 1]

    def _clock_runs(self, first_day: int, last_day: int) -> tuple[Ints, Ints]:
        """Runs in which the clock goes evenly: from begin [K] on, it shows elapsed seconds plus shift [K].

        The shown time counts from midnight of the first day. The first run has no beginning.
        """
        changes = self._clock_changes(first_day, last_day)
        start = self._instant(0)
        offset = changes[0].before if changes else _offset(self.timezone, start + first_day * DAY)
        to_local = start - (self.start - _EPOCH.date()).days * DAY
        begins = [-_FOR_EVER, *(change.instant - start for change in changes)]
        shifts = [offset + to_local, *(change.after + to_local for change in changes)]
        return np.array(begins, dtype=np.int64), np.array(shifts, dtype=np.int64)

    def _clock_changes(self, first_day: int, last_day: int) -> list[_ClockChange]:
        """All changes of the clock in the calendar years that these days touch."""
        years = range(self._date(first_day - 1).year, self._date(last_day + 2).year + 1)
        return [change for year in years for change in _clock_changes(self.timezone, year)]

    def _date(self, day: int) -> date:
        return self.start + timedelta(days=day)

    def _instant(self, day: int) -> int:
        return _day_start(self.timezone, self._date(day))

    @cached_property
    def _start_utc(self) -> datetime:
        return _EPOCH + timedelta(seconds=self._instant(0))

    def _check_clock_changes(self) -> None:
        """Refuse an interval that a change of the clock would cut, and a change that goes back over midnight."""
        start, end = self._instant(0), self._instant(self.days)
        changes = [change for change in self._clock_changes(0, self.days) if start <= change.instant <= end]
        steps = [DAY, end - start]
        for change in changes:
            if start < change.instant < end and change.goes_back_over_midnight:
                msg = f"In {self.timezone} the clock goes back over midnight on {change}; this is not supported."
                raise ValueError(msg)
            if change.instant < end:
                steps += [change.instant - start, change.after - change.before]
        fits = math.gcd(*steps)
        if fits % self.interval:
            moves = " and ".join(str(change) for change in changes)
            msg = (
                f"An interval of {format_duration(self.interval)} does not fit {self.timezone}, where the clock "
                f"moves on {moves}; allowed are intervals that divide {format_duration(fits)}."
            )
            raise ValueError(msg)


@lru_cache(maxsize=512)
def _open_mask(calendar: Calendar, hours: WeeklyHours) -> Bools:
    """`Calendar.open_mask`: a scenario asks for the same hours dozens of times, and so do its variants."""
    for _, window in hours.dated_windows():
        start = window.start - window.start % calendar.interval
        end = window.end + -window.end % calendar.interval
        if (start, end) != window:
            msg = (
                f"The window {window} does not fit intervals of {format_duration(calendar.interval)}: "
                f"it must start and end with an interval, such as {Window(start, end)}."
            )
            raise ValueError(msg)
    opens, closes = calendar._open_spans(hours, -1, calendar.days)
    starts = calendar.edges[:-1]
    return _read_only(np.searchsorted(opens, starts, side="right") > np.searchsorted(closes, starts, side="right"))


@lru_cache(maxsize=64)
def _open_time(calendar: Calendar, hours: WeeklyHours, first_day: int, last_day: int) -> tuple[Floats, Floats, Floats]:
    """Openings and closings [S] as of `_open_spans`, and the open seconds before each and after the last [S+1].

    Every replication asks for the same few.
    """
    opens, closes = calendar._open_spans(hours, first_day, last_day)
    open_before = np.concatenate(([0.0], np.cumsum(closes - opens)))
    return _read_only(opens), _read_only(closes), _read_only(open_before)


class _ClockChange(NamedTuple):
    """A change of a zone's offset from UTC. Instants are seconds since 1970 UTC."""

    instant: int
    before: int
    """Offset from UTC in seconds, before the instant."""
    after: int

    @property
    def goes_back_over_midnight(self) -> bool:
        return (self.instant - 1 + self.before) // DAY > (self.instant + self.after) // DAY

    def __str__(self) -> str:
        old, new = (_EPOCH + timedelta(seconds=self.instant + offset) for offset in (self.before, self.after))
        return f"{_date_text(old)} {old.year} from {old:%H:%M} to {new:%H:%M}"


@lru_cache(maxsize=1024)
def _clock_changes(timezone: str, year: int) -> tuple[_ClockChange, ...]:
    """All changes of a zone's clock in a year of UTC, in order. `zoneinfo` cannot list them, so look for them."""
    first, last = (int(datetime(each, 1, 1, tzinfo=UTC).timestamp()) for each in (year, year + 1))
    steps = pairwise(range(first - 1, last, _LOOK_EVERY))
    found = (_change_within(timezone, begin, end) for begin, end in steps)
    return tuple(change for change in found if change)


def _change_within(timezone: str, begin: int, end: int) -> _ClockChange | None:
    """Find the change of the clock after `begin` and not after `end`; there may be one at most."""
    before, after = _offset(timezone, begin), _offset(timezone, end)
    if before == after:
        return None
    seconds = range(begin + 1, end + 1)
    found = bisect_left(seconds, True, key=lambda second: _offset(timezone, second) == after)
    return _ClockChange(seconds[found], before, after)


def _offset(timezone: str, instant: int) -> int:
    """Offset from UTC in seconds, at an instant in seconds since 1970 UTC."""
    offset = (_EPOCH + timedelta(seconds=instant)).astimezone(ZoneInfo(timezone)).utcoffset()
    return 0 if offset is None else round(offset.total_seconds())


@lru_cache(maxsize=4096)
def _day_start(timezone: str, day: date) -> int:
    """Seconds since 1970 UTC at which a zone's calendar turns to `day`, or to a later day if it skips this one."""
    # `zoneinfo` reads a midnight that the clock skips by the offset before; the day has begun by then.
    latest = int(datetime.combine(day, time(), tzinfo=ZoneInfo(timezone)).timestamp())
    seconds = range(latest - DAY, latest + 1)
    midnight = (day - _EPOCH.date()).days * DAY
    return seconds[bisect_left(seconds, True, key=lambda second: second + _offset(timezone, second) >= midnight)]


def _check_zone(timezone: str) -> None:
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        # A folder of zones such as "Europe" is an OSError.
        zones = sorted(available_timezones())
        names = {zone.rpartition("/")[2].casefold(): zone for zone in zones} | {zone.casefold(): zone for zone in zones}
        near = get_close_matches(timezone.casefold().replace(" ", "_"), names, n=5)
        listed = ", ".join(dict.fromkeys(names[match] for match in near)) or "none"
        msg = f'"{timezone}" is not a time zone; near matches: {listed}. Allowed are IANA names like "Europe/Helsinki".'
        raise ValueError(msg) from None


@lru_cache(maxsize=64)
def _check_country(country: str, subdivision: str | None) -> None:
    """Refuse a country or a part of one that the package `holidays` does not know."""
    import holidays  # slow, and many runs name no country
    from holidays.registry import COUNTRIES

    codes = {names[1]: names[0] for names in COUNTRIES.values()}
    if country not in codes:
        spellings = {spelling.casefold(): names[1] for names in COUNTRIES.values() for spelling in names}
        near = get_close_matches(country.casefold().replace(" ", ""), spellings, n=5, cutoff=0.5)
        listed = ", ".join(dict.fromkeys(f"{spellings[match]} ({codes[spellings[match]]})" for match in near))
        msg = (
            f'"{country}" is not a country with known holidays; near matches: {listed or "none"}. '
            'Allowed are two-letter ISO 3166 codes such as "FI".'
        )
        raise ValueError(msg)
    parts = holidays.country_holidays(country).subdivisions
    if subdivision is not None and subdivision not in parts:
        allowed = f"allowed are {', '.join(parts)}" if parts else "it has none"
        msg = f'"{subdivision}" is not a subdivision of {country} with known holidays; {allowed}.'
        raise ValueError(msg)


@lru_cache(maxsize=1024)
def _holidays_of(country: str, subdivision: str | None, year: int) -> tuple[tuple[date, str], ...]:
    """Public holidays of one year, in order of date."""
    import holidays

    source = holidays.country_holidays(country, subdiv=subdivision)
    if not source.start_year <= year <= source.end_year:
        msg = (
            f"The public holidays of {country} are known for {source.start_year} to {source.end_year}, not for "
            f"{year}; name the days yourself, without a country."
        )
        raise ValueError(msg)
    english = sorted((name for name in source.supported_languages if name.startswith("en")), key="en_US".__ne__)
    named = holidays.country_holidays(
        country, subdiv=subdivision, years=year, expand=False, language=english[0] if english else None
    )
    return tuple(sorted(named.items()))


def _plain_date(day: date) -> date:
    if isinstance(day, datetime):
        msg = f"{day} has a time of day; allowed is a date such as {day.date()}."
        raise ValueError(msg)
    return day


def _date_text(day: date) -> str:
    """Write a date in English, whatever the machine speaks: "Fri 27 Nov"."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def _read_only(array: _Array) -> _Array:
    array.flags.writeable = False
    return array
