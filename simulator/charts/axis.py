"""The time axis that the panels of a figure share.

A position on the axis is the number of *elapsed* hours shown to the left of it, and what the clock shows there, as the
calendar tells it, is written at the ticks: no browser's time zone or change of the clock can move anything. A day of
25 hours is an hour wider than its neighbours and shows the repeated hour twice, side by side (the second is marked
"(2nd)" where the pointer asks); a day of 23 hours is an hour narrower and has no tick for the skipped hour.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.charts.look import WIDTH, Colour
from simulator.charts.vega import category, lookup, marks, quantity, until
from simulator.language import clock as clock_time
from simulator.language import short_day, weekday
from simulator.words import day_words, step_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from numpy.typing import NDArray

    from simulator.charts.vega import Chart, Row
    from simulator.experiment import Experiment

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

MOST_INTERVALS = 960
"""Ten days of quarter-hours: of more, nobody sees single ones."""
_BREAK = 1 / 150
"""Of the axis: the blank where closed hours are left out."""
_PRECISE = 6
"""Decimals of a position: no screen shows more, and figures are sent over networks."""
_SHORTEST_LEFT_OUT = 7200.0
"""Seconds; a shorter pause of the whole centre stays on the axis."""
_TICK_ROOM, _DAY_ROOM, _DATE_ROOM, _WEEKDAY_ROOM = 38.0, 66.0, 44.0, 26.0
"""Pixels that "08:00", "Fri 27 Nov", "Fri 27" and "Fri" need."""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Local time from left to right, with stretches left out in which the centre sleeps."""

    width: int
    """Pixels."""
    period: Literal["interval", "hour"]
    """What one step of the axis is."""
    seconds: int
    """The length of a step."""
    first: Ints
    """[period] The first interval of each."""
    left: Floats
    """[period] Position where it starts; nan where it is left out."""
    right: Floats
    """[period]"""
    label: tuple[str, ...]
    """[period] "Fri 27 Nov 17:15", what the clock shows at its start."""
    ticks: tuple[tuple[float, str], ...]
    """Position and clock time."""
    days: tuple[tuple[float, float, str], ...]
    """Left, right and name ("Fri 27 Nov") of each day; no name where there is no room for it."""

    @property
    def end(self) -> float:
        """Position where the axis ends."""
        return float(np.nanmax(self.right))

    @property
    def period_words(self) -> str:
        """What a step is called."""
        return step_words(self.seconds)

    def any_of(self, by_interval: Bools) -> Bools:
        """[period] Whether any interval of the period is one of these."""
        return np.logical_or.reduceat(by_interval, self.first)

    def steps(self, columns: Mapping[str, Floats]) -> list[Row]:
        """Rows of steps that hold from `at` up to `to`, for marks that go from step to step.

        Parameters
        ----------
        columns
            Name -> [period] values. Where any is nan, or time is left out, one `run` of steps ends and the next begins;
            the last row of a run closes its last step.
        """
        known = ~np.isnan(self.left)
        for values in columns.values():
            known &= ~np.isnan(values)
        rows: list[Row] = []
        run, shown = 0, np.flatnonzero(known)
        for place, k in enumerate(shown.tolist()):
            at, to = float(self.left[k]), float(self.right[k])
            row = {name: float(values[k]) for name, values in columns.items()}
            rows.append({"run": run, "at": at, "to": to, "when": self.label[k], **row})
            goes_on = place + 1 < len(shown) and shown[place + 1] == k + 1 and self.left[k + 1] == self.right[k]
            if not goes_on:
                rows.append({"run": run, "at": to, "to": to, "when": self.label[k], **row})
                run += 1
        return rows

    def x(self, *, labelled: bool) -> Row:
        """The encoding of `at`: clock times if `labelled`, else only the ticks' faint lines."""
        positions, texts = [position for position, _ in self.ticks], [text for _, text in self.ticks]
        axis = {
            "values": positions,
            "labels": labelled,
            "labelExpr": lookup(positions, texts),
            "ticks": labelled,
            "domain": True,
            "grid": True,
            "title": None,
            "labelOverlap": False,
            "labelFlush": False,
        }
        return quantity("at", scale={"domain": [0.0, self.end], "nice": False, "zero": False}, axis=axis)

    def backdrop(self, closed: Bools, height: int, *, labelled: bool) -> list[Chart]:
        """Layers under (and, for the days' names, below) a panel: closed periods grey, a line where a day starts."""
        x = self.x(labelled=labelled)
        grey = [
            {"at": float(self.left[k]), "to": float(self.right[k])}
            for k in np.flatnonzero(closed & ~np.isnan(self.left)).tolist()
        ]
        # A panel without a single mark has no scale: keep at least the line of the first day.
        starts = [{"at": left} for left, _, _ in self.days]
        layers = [marks(starts, "rule", {"x": x}, color=Colour.RULE)]
        if grey:
            layers.insert(0, marks(_joined(grey), "rect", {"x": x, "x2": until("to")}, color=Colour.CLOSED))
        if labelled:
            named = [{"at": left, "text": text} for left, _, text in self.days if text]
            place = {"x": x, "y": {"value": height + (28 if self.ticks else 12)}, "text": category("text")}
            look: Row = {"align": "left", "fontSize": 11, "fontWeight": "bold", "color": Colour.INK, "dx": 2}
            layers.append(marks(named, "text", place, **look))
        return layers


def time_axis(
    experiment: Experiment,
    is_open: Bools | None = None,
    staffed: Bools | None = None,
    *,
    width: int = WIDTH,
    most: int = MOST_INTERVALS,
) -> TimeAxis:
    """The axis of an experiment.

    Parameters
    ----------
    experiment
        Its calendar says how time passes.
    is_open, staffed
        [interval] Whether customers may come and whether anybody is on duty. A long stretch of neither is left out; an
        hour counts as open if any of it is, and as staffed if half of it is. None: all is shown.
    width
        Pixels.
    most
        Where the horizon has more intervals, the axis goes by hours.
    """
    calendar = experiment.scenario.calendar
    period: Literal["interval", "hour"] = "interval" if calendar.intervals <= most else "hour"
    first = np.arange(calendar.intervals) if period == "interval" else np.asarray(experiment.hours)
    edges = np.append(calendar.edges[first], calendar.edges[-1])
    happens = np.ones(len(first), dtype=np.bool_)
    if is_open is not None and staffed is not None:
        on_duty = np.add.reduceat(staffed, first, dtype=np.int64) / np.diff(first, append=calendar.intervals)
        happens = np.logical_or.reduceat(is_open, first) | (on_duty >= 0.5)
    if not happens.any():
        happens = ~happens
    happens = _with_short_pauses(happens, edges)
    hours = np.diff(edges) / 3600.0
    # Where the axis breaks, what follows moves to the right by the same blank.
    breaks = np.cumsum(happens & ~np.append(False, happens[:-1])) - 1
    blank = _BREAK * float(hours[happens].sum()) * (1.0 if breaks[-1] > 0 else 0.0)
    passed = np.cumsum(np.where(happens, hours, 0.0))
    right = np.where(happens, passed + breaks * blank, np.nan).round(_PRECISE)
    left = np.where(happens, passed - hours + breaks * blank, np.nan).round(_PRECISE)
    # A step ends where the next one starts, to the last bit.
    right[:-1] = np.where(happens[:-1] & happens[1:], left[1:], right[:-1])
    day = np.asarray(calendar.day_of_interval)[first]
    clock = np.asarray(calendar.clock_of_interval)[first]
    per_hour = width / float(np.nanmax(right))
    starts = np.flatnonzero(happens & (np.diff(day, prepend=-1) != 0) | happens & ~np.append(False, happens[:-1]))
    return TimeAxis(
        width=width,
        period=period,
        seconds=calendar.interval if period == "interval" else max(calendar.interval, 3600),
        first=first,
        left=left,
        right=right,
        label=tuple(calendar.label(int(i)) for i in first),
        ticks=_ticks(left, clock, starts, per_hour),
        days=_days(experiment, left, right, day, per_hour),
    )


def _with_short_pauses(happens: Bools, edges: Floats) -> Bools:
    """[period] Keep pauses that are too short to be worth a break of the axis."""
    kept = happens.copy()
    alive = np.flatnonzero(happens)
    for before, after in zip(alive[:-1].tolist(), alive[1:].tolist(), strict=True):
        if edges[after] - edges[before + 1] < _SHORTEST_LEFT_OUT:
            kept[before:after] = True
    return kept


def _ticks(left: Floats, clock: Ints, starts: Ints, per_hour: float) -> tuple[tuple[float, str], ...]:
    """Clock times at round hours, as dense as there is room for; none where even a day has no room for two."""
    every = next((hours for hours in (1, 2, 3, 4, 6, 12) if hours * per_hour >= _TICK_ROOM), None)
    if every is None:
        return ()
    candidates = [k for k in np.flatnonzero(~np.isnan(left)).tolist() if clock[k] % (3600 * every) == 0]
    first_of_stretch = set(starts.tolist())
    chosen: list[int] = []
    for k in candidates:
        if chosen and (left[k] - left[chosen[-1]]) * per_hour < _TICK_ROOM:
            # The evening of one day and the morning of the next meet where the night is left out: keep the morning.
            if k not in first_of_stretch and chosen[-1] in first_of_stretch:
                continue
            chosen.pop()
        chosen.append(k)
    return tuple((float(left[k]), clock_time(int(clock[k]))) for k in chosen)


def _days(
    experiment: Experiment, left: Floats, right: Floats, day: Ints, per_hour: float
) -> tuple[tuple[float, float, str], ...]:
    """Where each shown day lies, and its name: in full, short, or of Mondays and the first day only."""
    calendar = experiment.scenario.calendar
    spans = []
    for d in range(calendar.days):
        of_day = (day == d) & ~np.isnan(left)
        if of_day.any():
            spans.append((float(np.nanmin(left[of_day])), float(np.nanmax(right[of_day])), d))
    rooms = sorted((after[0] - before[0]) * per_hour for before, after in itertools.pairwise(spans))
    room = rooms[0] if rooms else np.inf
    named = []
    for place, (start, end, d) in enumerate(spans):
        date = calendar.date_of_day[d]
        name = day_words(calendar, d)
        if room < _DATE_ROOM and calendar.days <= 7 and room >= _WEEKDAY_ROOM:
            name = weekday(date)
        elif room < _DATE_ROOM:
            first_of_week = place == 0 or calendar.weekday_of_day[d] < calendar.weekday_of_day[spans[place - 1][2]]
            follows = [s for s, _, e in spans[place + 1 :] if calendar.weekday_of_day[e] == 0]
            crowded = place == 0 and bool(follows) and (follows[0] - start) * per_hour < _DAY_ROOM
            name = name if first_of_week and not crowded else ""
        elif room < _DAY_ROOM:
            name = short_day(date)
        named.append((start, end, name))
    return tuple(named)


def _joined(spans: list[Row]) -> list[Row]:
    """Spans that touch, as one."""
    joined: list[Row] = []
    for span in spans:
        if joined and joined[-1]["to"] == span["at"]:
            joined[-1] = {"at": joined[-1]["at"], "to": span["to"]}
        else:
            joined.append(span)
    return joined
