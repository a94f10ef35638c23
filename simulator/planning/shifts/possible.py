"""Every shift that a catalogue allows over a horizon: what each gives, interval by interval, and what it costs.

These are the columns of the integer programme of `cover`, after Dantzig (1954). Breaks are not multiplied out: beside
the shifts of one start and length there are, for each of their breaks, the places where it may lie, and as many breaks
are placed as there are shifts (Aykin, Management Science 42, 1996). As the breaks of a shift follow each other, any
choice of places, break by break, can be dealt out to the shifts, so that nothing is lost.

A shift that begins on the eve of the horizon or ends after it counts, and is paid, with its part in the horizon only:
the rest belongs to the weeks beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from simulator.language import clock as clock_text
from simulator.language import day as day_text
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Group, Scenario
    from simulator.scenario.shift_catalogue import GroupShifts, ShiftCatalogue, ShiftKind

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

BY_THE_INTERVAL = -1
"""In place of the kind of shift, for groups that the catalogue leaves out."""

MOST_COLUMNS = 500_000
"""Shifts and places of breaks of one programme."""


class TooManyShiftsError(ValueError):
    """A catalogue allows more shifts over a horizon than a programme can have."""


@dataclass(frozen=True, eq=False)
class PossibleShifts:
    """The shifts S and places of breaks P of a catalogue over a scenario's horizon. Arrays are not to be changed."""

    scenario: Scenario
    catalogue: ShiftCatalogue
    group: Ints
    """[S] Number of the group in the scenario."""
    kind: Ints
    """[S] Number of the kind among those of the group; `BY_THE_INTERVAL` for a single interval."""
    day: Ints
    """[S] Day on which the shift starts; -1 is the eve of the horizon."""
    start: Ints
    """[S] What the clock shows, in seconds after midnight."""
    length: Ints
    """[S] Seconds on the clock from coming to going."""
    work: Ints
    """[S] Paid seconds of the whole shift, where the clock is not moved: what weekly hours count."""
    break_shift: Ints
    """[P] The shift whose break it is."""
    break_number: Ints
    """[P] Which of its breaks."""
    break_start: Ints
    """[P] Seconds on the clock after the start of the shift."""
    gives: csr_array
    """[group x interval, S + P] Agents on duty, rows group by group: 1 where a shift lasts, -1 where a break lies."""
    paid: Floats
    """[S + P] Paid seconds within the horizon, net of shrinkage; those of unpaid breaks are negative."""
    cost: Floats
    """[S + P] Price of those, of the shrinkage and of premiums, in the scenario's currency."""

    def __len__(self) -> int:
        return len(self.group)

    @property
    def places(self) -> int:
        """Places of breaks P."""
        return len(self.break_shift)

    @cached_property
    def rules(self) -> dict[int, GroupShifts]:
        """What the catalogue says, by group; groups that come by the interval are left out."""
        return {each.group: each for each in self.catalogue.groups}

    @property
    def end(self) -> Ints:
        """[S] Seconds on the clock after the midnight before the shift."""
        return self.start + self.length

    @cached_property
    def week(self) -> Ints:
        """[S] Number of the week, Monday to Sunday, in which the shift starts; 0 is that of the horizon's first day."""
        first = self.scenario.calendar.start.weekday()
        return (self.day + first) // 7

    def label(self, shift: int) -> str:
        """A shift in words, in the spoken language: "Mon 23 Nov 08:00-16:00"."""
        calendar = self.scenario.calendar
        start, end = int(self.start[shift]), int(self.end[shift]) % DAY
        day = calendar.start.fromordinal(calendar.start.toordinal() + int(self.day[shift]))
        return f"{day_text(day)} {clock_text(start)}-{clock_text(end)}"


def possible_shifts(scenario: Scenario, catalogue: ShiftCatalogue) -> PossibleShifts:
    """Every shift of the catalogue within the horizon, with the places of its breaks.

    Raises
    ------
    TooManyShiftsError
        If there are more than `MOST_COLUMNS`.
    """
    calendar = scenario.calendar
    rules = {each.group: each for each in catalogue.groups}
    found: list[_Shift] = []
    places: list[_Place] = []
    for g, group in enumerate(scenario.groups):
        price = _price(group, calendar, rules.get(g))
        shifts = _by_the_interval(g, calendar) if g not in rules else _of_group(rules[g], calendar)
        for shift in shifts:
            kind = None if shift.kind == BY_THE_INTERVAL else rules[g].kinds[shift.kind]
            if kind is not None:
                places += _places(len(found), shift, kind, calendar, price)
            found.append(shift._replace(cost=float(price[shift.on].sum())))
            if len(found) + len(places) > MOST_COLUMNS:
                msg = (
                    f"The catalogue allows more than {MOST_COLUMNS:,} shifts and places of breaks over "
                    f"{calendar.days} days; use longer steps between starts, fewer lengths or fewer days."
                )
                raise TooManyShiftsError(msg)
    columns = [(each.group, each.on, 1.0) for each in found]
    columns += [(found[place.shift].group, place.on, -1.0) for place in places]
    seconds = float(calendar.interval)
    return PossibleShifts(
        scenario=scenario,
        catalogue=catalogue,
        group=_ints([each.group for each in found]),
        kind=_ints([each.kind for each in found]),
        day=_ints([each.day for each in found]),
        start=_ints([each.start for each in found]),
        length=_ints([each.length for each in found]),
        work=_ints([each.work for each in found]),
        break_shift=_ints([place.shift for place in places]),
        break_number=_ints([place.number for place in places]),
        break_start=_ints([place.start for place in places]),
        gives=_matrix(columns, calendar.intervals, len(scenario.groups)),
        paid=np.array([seconds * len(each.on) for each in found] + [place.paid for place in places]),
        cost=np.array([each.cost for each in found] + [place.cost for place in places]),
    )


class _Shift(NamedTuple):
    group: int
    kind: int
    day: int
    start: int
    length: int
    work: int
    on: Ints
    """Intervals of the horizon that it covers."""
    cost: float = 0.0


class _Place(NamedTuple):
    shift: int
    number: int
    start: int
    on: Ints
    paid: float
    cost: float


def _of_group(rules: GroupShifts, calendar: Calendar) -> Iterator[_Shift]:
    for k, kind in enumerate(rules.kinds):
        open_ = calendar.open_mask(kind.within)
        for day in range(-1, calendar.days):
            for start in kind.starts:
                for length in kind.lengths:
                    on = _lasting(calendar, day, start, start + length)
                    if on.size and open_[on].all():
                        yield _Shift(rules.group, k, day, start, length, kind.work(length), on)


def _by_the_interval(group: int, calendar: Calendar) -> Iterator[_Shift]:
    length = calendar.interval
    days, clocks = calendar.day_of_interval.tolist(), calendar.clock_of_interval.tolist()
    for i, (day, clock) in enumerate(zip(days, clocks, strict=True)):
        yield _Shift(group, BY_THE_INTERVAL, day, clock, length, length, _ints([i]))


def _places(number: int, shift: _Shift, kind: ShiftKind, calendar: Calendar, price: Floats) -> Iterator[_Place]:
    for b, pause in enumerate(kind.breaks):
        for start in range(pause.earliest, pause.latest + 1, calendar.interval):
            begin = shift.start + start
            on = _lasting(calendar, shift.day, begin, begin + pause.length)
            unpaid = 0.0 if pause.paid else -1.0
            yield _Place(number, b, start, on, unpaid * calendar.interval * len(on), unpaid * float(price[on].sum()))


def _lasting(calendar: Calendar, day: int, start: int, end: int) -> Ints:
    """The intervals at whose start the clock shows a time of [start, end), in seconds after the day's midnight.

    An hour that the clock shows twice is worked twice, one that it leaves out not at all.
    """
    first, last = np.searchsorted(calendar.day_of_interval, [day + start // DAY, day + (end - 1) // DAY + 1])
    clock = (calendar.day_of_interval[first:last] - day) * DAY + calendar.clock_of_interval[first:last]
    on: Ints = first + np.flatnonzero((start <= clock) & (clock < end))
    return on


def _price(group: Group, calendar: Calendar, rules: GroupShifts | None) -> Floats:
    """[interval] What an agent on duty costs in each, shrinkage and premiums included."""
    price = np.full(calendar.intervals, group.cost_per_hour / (1 - group.shrinkage) * calendar.interval / 3600)
    for hours, factor in () if rules is None else rules.premium:
        price[calendar.open_mask(hours)] *= factor
    return price


def _matrix(columns: list[tuple[int, Ints, float]], intervals: int, groups: int) -> csr_array:
    rows = [group * intervals + on for group, on, _ in columns]
    counts = [len(on) for _, on, _ in columns]
    row = np.concatenate(rows) if rows else _ints([])
    column = np.repeat(np.arange(len(columns)), counts)
    value = np.repeat([sign for _, _, sign in columns], counts)
    return csr_array((value, (row, column)), shape=(groups * intervals, len(columns)))


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)
