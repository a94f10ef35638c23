"""Volume files: counts of contacts by local date and clock time, checked onto a grid of days and steps.

Times are what the clock shows. Where it goes back, it shows an hour twice, and the file has the rows of that hour
twice, in order; where it goes forward, the file has no rows for the hour that is left out.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from simulator.scenario.csvfile import MOST_ROW_PROBLEMS, parse_count, parse_moment
from simulator.scenario.errors import Problem, ScenarioError, listed, unknown
from simulator.scenario.fields import check_steps
from simulator.scenario.model import HistoryDemand
from simulator.scenario.units import DAY, format_clock, format_duration, parse_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.csvfile import CsvFile
    from simulator.scenario.demand_tables import FileDemandTable
    from simulator.scenario.hours import WeeklyHours

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_NO_TOPIC = -1
_MOST_CELLS = 20_000_000
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def read_volumes(
    file: CsvFile,
    demand: FileDemandTable,
    *,
    channel: str,
    hours: WeeklyHours | None,
    topics: Sequence[str],
    calendar: Calendar,
) -> HistoryDemand:
    """Read the volumes of a channel.

    Parameters
    ----------
    file
        The file that `demand` names.
    demand
        Which columns and rows to read, and how to use them.
    channel
        Name of the channel.
    hours
        Its hours: the file may lack a day only if they are closed on it. None: what it lacks is judged elsewhere.
    topics
        Names of the scenario's topics, in order.
    calendar
        The horizon, its grid and its time zone.

    Raises
    ------
    ScenarioError
        Whatever is wrong with the file, with lines.

    Notes
    -----
    Of an hour that the clock shows twice the mean of both is kept, to hold for each showing. A typical week leaves out
    the days on which the rows meet a change of the clock.
    """
    clock = LocalClock(calendar.timezone)
    rows = _read_rows(file, demand, channel, topics)
    seconds = _seconds(file, rows, clock)
    step = usual_step(file, rows.day, rows.clock)
    check_step(file, step, int(rows.line[0]), int(rows.clock[0]), calendar.interval)
    refuse_if(_irregular(file, rows, seconds, step, clock))
    grid = _grid(rows, step)
    refuse_if(_unequal_days(file, rows, seconds, grid, clock))
    if grid[-1] + step > DAY:
        raise file.refused(f"The step that starts at {format_clock(grid[-1])} runs past midnight; no step may.")

    days = [int(day) for day in np.unique(rows.day)]
    if demand.use == "typical week":
        days = [day for day in days if all(clock.times_shown(day, time) == 1 for time in grid)]
        if not days:
            raise file.refused("The file has no day on which the clock is not moved.")
    if hours is not None:
        refuse_if(missing_day(file, days, [hours], calendar, by_weekday=demand.use == "typical week"))
    columns = [int(topic) for topic in np.unique(rows.topic)]
    if len(days) * len(grid) * len(columns) > _MOST_CELLS:
        message = f"{len(days)} days x {len(grid)} steps x {len(columns)} topics are too much; use longer steps."
        raise file.refused(message)
    return HistoryDemand(
        use=demand.use,
        step=float(step),
        date=tuple(date.fromordinal(day) for day in days),
        clock=np.array(grid, dtype=np.float64),
        topics=tuple(columns),
        count=_counts(rows, days, grid, columns, clock),
        scale=demand.scale,
        source=file.path.name,
    )


class LocalClock:
    """What the clock of a time zone shows; days are given by the ordinal of their date."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._moved: dict[int, bool] = {}

    def is_moved(self, day: int) -> bool:
        """Whether the clock is moved on a day."""
        if day not in self._moved:
            self._moved[day] = self._at(day, 0, 0).utcoffset() != self._at(day + 1, 0, 1).utcoffset()
        return self._moved[day]

    def times_shown(self, day: int, clock: int) -> int:
        """How often the clock shows a time on a day: once, or twice or never where it is moved."""
        if not self.is_moved(day):
            return 1
        first, second = (self._at(day, clock, fold).utcoffset() or timedelta() for fold in (0, 1))
        return 1 + (first > second) - (first < second)

    def seconds(self, day: int, clock: int, showing: int) -> float:
        """Seconds from some moment of the day to the first (0) or second (1) showing of a time."""
        return self._at(day, clock, showing).timestamp() if self.is_moved(day) else clock

    def hint(self, day: int) -> str:
        """What to say of a wrong row on a day on which the clock is moved; nothing on other days."""
        if not self.is_moved(day):
            return ""
        return " The clock is moved on this day: an hour that it shows twice needs its rows twice, one left out none."

    def _at(self, day: int, clock: int, fold: int) -> datetime:
        midnight = datetime.combine(date.fromordinal(day), datetime.min.time())
        return (midnight + timedelta(seconds=clock)).replace(tzinfo=self._zone, fold=fold)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a volume file in its order, by column. All have shape [row]."""

    line: Ints
    day: Ints
    """Ordinal of the date."""
    clock: Ints
    """Seconds after midnight."""
    topic: Ints
    count: Floats


def _read_rows(file: CsvFile, demand: FileDemandTable, channel: str, topics: Sequence[str]) -> _Rows:
    """Read the rows about a channel, each by itself."""
    lines, days, clocks, columns = (array("q") for _ in range(4))
    counts = array("d")
    index = {name: number for number, name in enumerate(topics)}
    wanted = demand.channel if demand.channel is not None else channel
    others: dict[str, None] = {}
    problems: list[Problem] = []
    fields = ("time_column", "count_column", "topic_column", "channel_column")
    named = {field: getattr(demand, field) for field in fields if getattr(demand, field) is not None}
    for line, cells in file.rows(named):
        row = dict(zip(named, cells, strict=True))
        if row.get("channel_column", wanted) != wanted:
            others[row["channel_column"]] = None
            continue
        try:
            cell = row["time_column"]
            day, clock = parse_moment(cell)
            cell = row["count_column"]
            count = parse_count(cell)
            cell = row.get("topic_column", "")
            if "topic_column" in row and cell not in index:
                index[cell] = _NO_TOPIC  # one complaint will do
                raise ValueError(unknown("topic", cell, topics))
        except ValueError as error:
            problems.append(file.problem(str(error), line, cell))
            if len(problems) == MOST_ROW_PROBLEMS:
                break
            continue
        lines.append(line)
        days.append(day.toordinal())
        clocks.append(clock)
        columns.append(index.get(cell, _NO_TOPIC))
        counts.append(count)
    if problems:
        raise ScenarioError(problems)
    if not lines:
        raise file.refused(unknown("channel", wanted, list(others), where=f' in column "{demand.channel_column}"'))
    return _Rows(*map(np.asarray, (lines, days, clocks, columns, counts)))


def _seconds(file: CsvFile, rows: _Rows, clock: LocalClock) -> Floats:
    """[row] Seconds elapsed from some moment of the day; rows that do not follow the one before are refused."""
    elapsed = []
    problems = []
    last = (0, 0, 0, 0.0)
    topics: set[int] = set()
    """Of the rows of the present moment."""
    columns = (column.tolist() for column in (rows.line, rows.day, rows.clock, rows.topic))
    for line, day, time, topic in zip(*columns, strict=True):
        last_day, last_time, last_showing, last_seconds = last
        times_shown = clock.times_shown(day, time)
        showing = 0
        if times_shown == 2 and day == last_day and clock.times_shown(day, last_time) == 2:
            goes_back = time < last_time or (time == last_time and topic in topics)
            showing = 1 if goes_back else last_showing
        seconds = clock.seconds(day, time, showing)
        elapsed.append(seconds)
        if (day, seconds) != (last_day, last_seconds):
            topics = set()
        message = ""
        if times_shown == 0:
            message = "The clock does not show this time on this day, as it is moved forward. Leave the row out."
        elif (day, seconds) < (last_day, last_seconds):
            message = f"This is earlier than the row above it, {_moment(last_day, last_time)}. Sort the rows by time."
        elif topic in topics:
            message = "This time is there twice. Keep one of the rows, or add them up."
        if message:
            problems.append(file.problem(message, line, _moment(day, time)))
        topics.add(topic)
        last = (day, time, showing, seconds)
    refuse_if(iter(problems))
    return np.array(elapsed)


def usual_step(file: CsvFile, day: Ints, clock: Ints) -> int:
    """The most frequent time in seconds from one row of a day to the next; rows of one moment count as one."""
    steps = np.diff(clock)[(np.diff(day) == 0) & (np.diff(clock) > 0)]
    if not len(steps):
        raise file.refused("The file has one row a day; it needs a row for each interval, or for each longer step.")
    values, often = np.unique(steps, return_counts=True)
    return int(values[np.argmax(often)])


def check_step(file: CsvFile, step: int, line: int, clock: int, interval: int) -> None:
    """Refuse a step that does not fit the planning interval, by its length or by its start, seen on a first row."""
    if step % interval and interval % step:
        message = (
            f"The rows are {format_duration(step)} apart, which neither divides the planning interval of "
            f"{format_duration(interval)} nor is divided by it. Change the rows or horizon.interval."
        )
        raise file.refused(message, line)
    if clock % min(step, interval):
        message = (
            f"Steps of {format_duration(step)} from {format_clock(clock)} do not fit planning intervals of "
            f"{format_duration(interval)}, which start at 00:00."
        )
        raise file.refused(message, line)


def _irregular(file: CsvFile, rows: _Rows, seconds: Floats, step: int, clock: LocalClock) -> Iterator[Problem]:
    """Find gaps, and rows between the steps. On days on which the clock is moved, either measure of time will do."""
    clock_steps, elapsed = np.diff(rows.clock), np.diff(seconds)
    same_moment = (clock_steps == 0) & (elapsed == 0)
    wrong = (np.diff(rows.day) == 0) & ~same_moment & (clock_steps != step) & (elapsed != step)
    for row in np.flatnonzero(wrong).tolist():
        before, after = _moment(int(rows.day[row]), int(rows.clock[row])), format_clock(int(rows.clock[row + 1]))
        if clock_steps[row] > step and clock_steps[row] % step == 0:
            missing = format_clock(int(rows.clock[row]) + step)
            message = f"There is a gap: after {before} comes {after}, without {missing}. Write 0 where nothing came."
        else:
            message = f"After {before} comes {after}, but the rows of this file are {format_duration(step)} apart."
        yield file.problem(message + clock.hint(int(rows.day[row])), int(rows.line[row + 1]))


def _grid(rows: _Rows, step: int) -> list[int]:
    """The clock times that most days have rows for: the file's steps, from first to last."""
    starts = np.flatnonzero(np.diff(rows.day, prepend=0))
    spans = zip(np.minimum.reduceat(rows.clock, starts), np.maximum.reduceat(rows.clock, starts), strict=True)
    (first, last), _ = Counter(spans).most_common(1)[0]
    return list(range(int(first), int(last) + 1, step))


def _unequal_days(file: CsvFile, rows: _Rows, seconds: Floats, grid: list[int], clock: LocalClock) -> Iterator[Problem]:
    """Find days with other rows than most days have."""
    starts = np.flatnonzero(np.diff(rows.day, prepend=0))
    new_moment = np.diff(seconds, prepend=-1.0) != 0
    new_moment[starts] = True
    for start, end in pairwise([*starts.tolist(), len(rows.day)]):
        day = int(rows.day[start])
        there = Counter(rows.clock[start:end][new_moment[start:end]].tolist())
        needed = Counter({time: clock.times_shown(day, time) for time in grid})
        wrong = [format_clock(time) for time in sorted((needed - there) | (there - needed))]
        if not wrong:
            continue
        usual = f"{format_clock(grid[0])} to {format_clock(grid[-1])}"
        kind = "lacks" if needed - there else "has more than"
        message = (
            f"{date.fromordinal(day)} {kind} the usual rows: {listed(wrong)}. Every day needs the same, here {usual}; "
            f"write 0 where nothing came.{clock.hint(day)}"
        )
        yield file.problem(message, int(rows.line[start]))


def missing_day(
    file: CsvFile, days: Sequence[int], hours: Sequence[WeeklyHours], calendar: Calendar, *, by_weekday: bool = False
) -> Iterator[Problem]:
    """Find the first day of the horizon that a file does not cover, itself or by its weekday, though one is open."""
    weekdays = {date.fromordinal(day).weekday() for day in days}
    dates = set(days)
    for day, is_holiday in zip(calendar.date_of_day, calendar.is_holiday.tolist(), strict=True):
        covered = day.weekday() in weekdays if by_weekday else day.toordinal() in dates
        if covered or not any(each.windows(day.weekday(), is_holiday) for each in hours):
            continue
        first, last = date.fromordinal(min(days)), date.fromordinal(max(days))
        needed = f"{_WEEKDAYS[day.weekday()]} such as {day}" if by_weekday else f"rows for {day}"
        message = (
            f"The file has no {needed}, a day with open hours; it goes from {first} to {last}. "
            "Add such rows, with 0 where there is nothing, or take the day out of the hours."
        )
        yield file.problem(message)
        return


def refuse_if(problems: Iterator[Problem]) -> None:
    """Refuse a file that has problems, naming the first few.

    Raises
    ------
    ScenarioError
        If there are any.
    """
    if found := list(islice(problems, MOST_ROW_PROBLEMS)):
        raise ScenarioError(found)


def _counts(rows: _Rows, days: list[int], grid: list[int], columns: list[int], clock: LocalClock) -> Floats:
    """[day, slot, column] Contacts; the mean of both where the clock shows a time twice."""
    count = np.zeros((len(days), len(grid), len(columns)))
    kept = np.isin(rows.day, days)
    place = (
        np.searchsorted(days, rows.day[kept]),
        np.searchsorted(grid, rows.clock[kept]),
        np.searchsorted(columns, rows.topic[kept]),
    )
    np.add.at(count, place, rows.count[kept])
    times_shown = np.array([[clock.times_shown(day, time) for time in grid] for day in days])
    count /= np.maximum(times_shown, 1)[:, :, np.newaxis]
    return count


def read_profile(file: CsvFile) -> dict[int, float]:
    """Read a time-of-day profile, columns `time` and `weight`: seconds after midnight -> weight from then on.

    Raises
    ------
    ScenarioError
        Whatever is wrong with the file, with lines.
    """
    steps: dict[int, float] = {}
    problems = []
    for line, (time, weight) in file.rows({"time": "time", "weight": "weight"}):
        try:
            cell = time
            clock = parse_clock(time)
            if clock in steps:
                problems.append(file.problem("This time is there twice.", line, time))
            cell = weight
            steps[clock] = parse_count(weight)
        except ValueError as error:
            problems.append(file.problem(str(error), line, cell))
    refuse_if(iter(problems))
    try:
        check_steps(steps)
    except ValueError as error:
        raise file.refused(str(error)) from None
    return steps


def _moment(day: int, clock: int) -> str:
    return f"{date.fromordinal(day)} {format_clock(clock)}"
