"""From a report to tidy volumes: one row for each interval, channel and topic, and what became of every cell."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from simulator.history.errors import refused
from simulator.history.figures import columns_of_figures
from simulator.history.moments import (
    DAY,
    Moment,
    date_orders,
    date_text,
    parse_clock_time,
    parse_date,
    parse_moment,
    rolled,
)
from simulator.history.quality import Findings, Quality
from simulator.history.sentences import finding_words
from simulator.history.words import is_total
from simulator.scenario.errors import listed, shown
from simulator.scenario.volumes import LocalClock

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.history.figures import Figures
    from simulator.history.mapping import ColumnMapping
    from simulator.history.moments import DateOrder
    from simulator.history.quality import Reason
    from simulator.history.report import Report
    from simulator.history.words import Role

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

MOST_NAMES = 500
"""Channels, and topics."""

_COUNTS: tuple[Role, ...] = ("offered", "answered", "abandoned")
_MEANS: tuple[Role, ...] = ("handling_time", "talk_time", "asa", "service_level")


@dataclass(frozen=True, slots=True)
class Volumes:
    """What a report counted, in the order of time. Arrays have shape [row]."""

    source: str
    """The report's file."""
    timezone: str
    step: int
    """Seconds from one interval's start to the next; a day for a report by day."""
    channels: tuple[str, ...]
    topics: tuple[str, ...]
    """None if the report does not tell topics apart."""
    day: Ints
    """Ordinal of the local date."""
    clock: Ints
    """Local time, seconds after midnight."""
    showing: Ints
    """0; 1 for the second of two showings of this time, where the clock is put back."""
    channel: Ints
    """Index in `channels`."""
    topic: Ints
    """Index in `topics`; -1 if there are none."""
    offered: Floats
    """Contacts."""
    measured: Mapping[Role, Floats]
    """What else was counted or measured, by role: contacts, seconds and shares; nan where the report says nothing."""
    quality: Quality = field(repr=False)

    @property
    def by_day(self) -> bool:
        """Whether the report has no times of day."""
        return self.step == DAY

    @property
    def handling_time(self) -> tuple[float | None, ...]:
        """[channel] Mean seconds, weighted by the contacts answered, or else offered; None if the report has none."""
        return tuple(self.mean_handling_time([name]) for name in self.channels)

    def mean_handling_time(self, channels: Collection[str]) -> float | None:
        """The same of some channels together; the talk time stands for it where there is no handling time."""
        length = self.measured.get("handling_time", self.measured.get("talk_time"))
        if length is None:
            return None
        answered = self.measured.get("answered")
        weight = self.offered if answered is None else np.where(np.isnan(answered), self.offered, answered)
        there = np.isin(self.channel, [self.channels.index(name) for name in channels]) & ~np.isnan(length)
        total = float(weight[there].sum())
        return float((length[there] * weight[there]).sum()) / total if total else None


def volumes_of(report: Report, mapping: ColumnMapping, timezone: str) -> Volumes:
    """Read a report's contacts by local date, time, channel and topic.

    Parameters
    ----------
    report
        As `read_report` gave it.
    mapping
        What its columns hold; from `guess_mapping`, changed or not.
    timezone
        IANA name of the zone whose clocks the report shows, as in "Europe/Helsinki".

    Raises
    ------
    ReportError
        If a column that is needed is not there, dates or decimals could be read in two ways, or no row can be used.

    Notes
    -----
    Rows of the same interval, channel and topic are added up, means weighted by contacts; a row that is equal to an
    earlier one in every cell is left out. Where the clock shows a time twice, two rows are the two showings in order,
    and what is there once is halved over both.
    """
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refused(
            report.name, f"There is no time zone {shown(timezone)}; allowed are such as Europe/Helsinki."
        ) from None
    _check_mapping(report, mapping)
    reader = _Reader(report, mapping, timezone)
    entries = reader.entries()
    step, entries = _on_steps(report, mapping, entries, reader.findings)
    entries = _repeats_added_up(_with_showings(entries, reader), reader.findings)
    if not entries:
        reasons = "; ".join(map(finding_words, reader.findings.all()))
        raise refused(report.name, f"No row below the header can be used: {reasons}.", report.header_line)
    return _tidy(report, mapping, reader, entries, step)


class _Entry(NamedTuple):
    """One count of contacts, and what goes with it."""

    line: int
    moment: Moment
    length: int | None
    """Seconds of the interval, if the report gives its end."""
    channel: str
    topic: str
    values: Mapping[Role, float]
    figures: int = 1
    """How many of the report's are in this one."""


class _Series(NamedTuple):
    """Columns that are about the same channel, day or time."""

    channel: str
    across: str
    """The date or time that heads the column; nothing in a long report."""
    figures: tuple[Figures, ...]


class _Reader:
    """Reads a report row by row."""

    def __init__(self, report: Report, mapping: ColumnMapping, timezone: str) -> None:
        self.report = report
        self.mapping = mapping
        self.timezone = timezone
        self.clock = LocalClock(timezone)
        self.findings = Findings()
        self.order = _date_order(report, mapping)
        self.series = _series(report, mapping)
        self.across = next((use.across for use in mapping.columns if use.across), "")
        self.by_day = not (mapping.places("moment", "time") or self.across == "time")
        """Whether no time of day is told."""
        self.has_moments = bool(mapping.places("moment"))

    def entries(self) -> list[_Entry]:
        """Every count that can be read, in the order of the report."""
        report, series = self.report, self.series
        for line, text in report.too_long:
            self.findings.add("too_many_cells", line, text, len(series))
        columns = {role: next(iter(self.mapping.places(role)), None) for role in _KEYS}
        carried = dict.fromkeys(_CARRIED, "")
        entries: list[_Entry] = []
        earlier: set[tuple[str, ...]] = set()
        for place, line in enumerate(report.line):
            row = report.row(place)
            first = next(filter(None, row), "")
            if is_total(first):
                self.findings.add("total", line, first, len(series))
                continue
            keys = {role: row[column] if column is not None else "" for role, column in columns.items()}
            above: list[tuple[Role, str]] = []
            for role in _CARRIED:
                if columns[role] is None:
                    continue
                if not keys[role] and carried[role]:
                    keys[role] = carried[role]
                    above.append((role, keys[role]))
                carried[role] = keys[role]
            found = self._of_row(line, row, keys)
            is_repeat = (*row, *keys.values()) in earlier
            earlier.add((*row, *keys.values()))
            if is_repeat and not any(self._is_shown_twice(entry.moment) for entry in found):
                self.findings.add("repeated", line, ", ".join(row), len(found))
                continue
            if found:
                for role, value in above:
                    self.findings.add(
                        "date_from_above" if role == "date" else "channel_from_above", line, value, len(found)
                    )
            entries += found
        return entries

    def _is_shown_twice(self, moment: Moment) -> bool:
        return not self.by_day and self.clock.times_shown(moment.day, moment.clock) == 2

    def _of_row(self, line: int, row: tuple[str, ...], keys: Mapping[Role, str]) -> list[_Entry]:
        """The counts of a row that can be used."""
        entries = []
        for series in self.series:
            moment, length = self._moment(line, keys, series)
            if moment is None:
                continue
            if not self.by_day and self.clock.times_shown(moment.day, moment.clock) == 0:
                self.findings.add("no_such_time", line, _moment_text(moment))
                continue
            values = self._values(line, row, series)
            if values is not None:
                channel = series.channel or keys["channel"] or self.mapping.channel
                entries.append(_Entry(line, moment, length, channel, keys["topic"], values))
        return entries

    def _moment(self, line: int, keys: Mapping[Role, str], series: _Series) -> tuple[Moment | None, int | None]:
        """When a count was made, and the length of its interval if that is told."""
        reason: Reason = "no_date"
        text = keys["moment"] if self.has_moments else series.across if self.across == "date" else keys["date"]
        try:
            if self.has_moments:
                return parse_moment(text, self.order, self.timezone)
            day = parse_date(text, self.order)
            if self.by_day:
                return Moment(day.toordinal(), 0), None
            reason = "no_time"
            text = series.across if self.across == "time" else keys["time"]
            start, end = parse_clock_time(text)
        except ValueError:
            self.findings.add(reason, line, text)
            return None, None
        if start >= DAY:
            self.findings.add("next_day", line, text)
        return rolled(day, start), None if end is None else (end - start) % DAY

    def _values(self, line: int, row: tuple[str, ...], series: _Series) -> dict[Role, float] | None:
        """The figures of a count; None if the count itself cannot be used."""
        values: dict[Role, float] = {}
        for figures in series.figures:
            text = row[figures.place]
            try:
                value = figures.read(text)
            except ValueError:
                value = math.inf
            if 0 <= value < 1e9:
                values[figures.role] = value
            elif figures.role == "offered":
                reason: Reason = "empty" if math.isnan(value) else "negative" if value < 0 else "no_number"
                self.findings.add(reason, line, text)
                return None
            elif not math.isnan(value):
                self.findings.add("figure_left_empty", line, text)
        parts = values.get("answered", math.nan) + values.get("abandoned", math.nan)
        if "offered" not in values:
            if math.isnan(parts):
                self.findings.add("empty", line)
                return None
            values["offered"] = parts
            self.findings.add("sum_of_parts", line, f"{parts:g}")
        elif parts > values["offered"]:
            self.findings.add("more_parts_than_whole", line, f"{parts:g} > {values['offered']:g}")
        return values


_KEYS: tuple[Role, ...] = ("moment", "date", "time", "channel", "topic")
_CARRIED: tuple[Role, ...] = ("date", "channel")
"""Keys that a pivot table writes once for all rows below."""


def _check_mapping(report: Report, mapping: ColumnMapping) -> None:
    if len(mapping.columns) != len(report.columns):
        message = f"The mapping is of {len(mapping.columns)} columns; the report has {len(report.columns)}."
        raise refused(report.name, message, report.header_line)
    across = {use.across for use in mapping.columns if use.across}
    has_offered = mapping.places("offered") or (mapping.places("answered") and mapping.places("abandoned"))
    missing = ""
    if not (mapping.places("moment", "date") or "date" in across):
        missing = "the date"
    elif not has_offered:
        missing = "the contacts offered (nor those answered and those abandoned)"
    if missing:
        message = f"No column is said to hold {missing}. The columns: {listed(report.columns)}."
        raise refused(report.name, message, report.header_line)
    if len(across) > 1:
        message = "Some columns are headed by dates and some by times; only one of them can stand side by side."
        raise refused(report.name, message, report.header_line)


def _date_order(report: Report, mapping: ColumnMapping) -> DateOrder:
    """The order of day and month in the report's dates."""
    if mapping.date_order:
        return mapping.date_order
    texts = [date_text(cell) for place in mapping.places("moment", "date") for cell in report.cells[place] if cell]
    texts += [report.columns[place] for place, use in enumerate(mapping.columns) if use.across == "date"]
    order, shown_orders = date_orders(texts)
    if order:
        return order
    say_it = "Say whether the day or the month comes first."
    if shown_orders:
        both = " and ".join(f"{shown(text)} has the {order}" for order, text in shown_orders.items())
        raise refused(report.name, f"The dates are in two orders: {both}. Write all the same way.", report.header_line)
    message = f"Nothing in the report tells whether the day or the month comes first in its dates. {say_it}"
    raise refused(report.name, message, report.header_line, value=texts[0] if texts else "")


def _series(report: Report, mapping: ColumnMapping) -> tuple[_Series, ...]:
    figures = columns_of_figures(report, mapping)
    by_series: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    for column in figures:
        use = mapping.columns[column.place]
        by_series[use.channel, report.columns[column.place] if use.across else ""].append(column)
    return tuple(
        _Series(channel, across, tuple(columns))
        for (channel, across), columns in by_series.items()
        if {column.role for column in columns} & {"offered", "answered"}
    )


def _on_steps(
    report: Report, mapping: ColumnMapping, entries: list[_Entry], findings: Findings
) -> tuple[int, list[_Entry]]:
    """The report's step, and the entries that start with one."""
    if not (mapping.places("moment", "time") or any(use.across == "time" for use in mapping.columns)) or not entries:
        return DAY, entries
    by_day: dict[int, set[int]] = defaultdict(set)
    for entry in entries:
        by_day[entry.moment.day].add(entry.moment.clock)
    steps = Counter(after - before for clocks in by_day.values() for before, after in pairwise(sorted(clocks)))
    if not steps:
        if all(clocks == {0} for clocks in by_day.values()):
            return DAY, entries  # dates with a midnight that says nothing
        steps = Counter(entry.length for entry in entries if entry.length)
    if not steps:
        message = (
            "Every day has one row only; the length of the intervals cannot be told. Leave out the column of times."
        )
        raise refused(report.name, message, entries[0].line)
    most = max(steps.values())
    step = min(step for step, often in steps.items() if often == most)
    offset = Counter(entry.moment.clock % step for entry in entries).most_common(1)[0][0]
    kept = []
    for entry in entries:
        if entry.moment.clock % step == offset:
            kept.append(entry)
        else:
            findings.add("between_steps", entry.line, _moment_text(entry.moment))
    return step, kept


def _with_showings(entries: list[_Entry], reader: _Reader) -> list[_Entry]:
    """The entries, each with the showing of its time settled."""
    twice: dict[tuple[int, int, str, str], list[_Entry]] = defaultdict(list)
    settled = []
    for entry in entries:
        moment = entry.moment
        if reader.by_day or reader.clock.times_shown(moment.day, moment.clock) < 2:
            settled.append(entry._replace(moment=moment._replace(showing=0)))
        elif moment.showing is not None:
            settled.append(entry)
        else:
            twice[moment.day, moment.clock, entry.channel, entry.topic].append(entry)
    for same in twice.values():
        if len(same) == 2:
            settled += [entry._replace(moment=entry.moment._replace(showing=k)) for k, entry in enumerate(same)]
            continue
        for entry in same:
            reader.findings.add("halved", entry.line, _moment_text(entry.moment))
            halves = {role: value / 2 if role in _COUNTS else value for role, value in entry.values.items()}
            for showing in (0, 1):
                moment = entry.moment._replace(showing=showing)
                settled.append(entry._replace(moment=moment, values=halves, figures=1 - showing))
    return settled


def _repeats_added_up(entries: list[_Entry], findings: Findings) -> list[_Entry]:
    """One entry for each interval, channel and topic."""
    together: dict[tuple[Moment, str, str], list[_Entry]] = defaultdict(list)
    for entry in entries:
        together[entry.moment, entry.channel, entry.topic].append(entry)
    added = []
    for same in together.values():
        first = same[0]
        if len(same) > 1:
            for entry in same[1:]:
                findings.add("added_up", entry.line, _moment_text(entry.moment), entry.figures)
            first = first._replace(values=_sum(same), figures=sum(entry.figures for entry in same))
        added.append(first)
    return added


def _sum(entries: Sequence[_Entry]) -> dict[Role, float]:
    """Counts added up, means weighted by contacts; a count that one of them lacks is missing from the whole."""
    values: dict[Role, float] = {}
    for role in _COUNTS:
        counts = [entry.values.get(role, math.nan) for entry in entries]
        if not math.isnan(sum(counts)):
            values[role] = sum(counts)
    for role in _MEANS:
        mean = _weighted((entry.values.get(role), _weight(entry.values)) for entry in entries)
        if mean is not None:
            values[role] = mean
    return values


def _weight(values: Mapping[Role, float]) -> float:
    """The contacts over which a mean was taken: those answered, or else those offered."""
    return values.get("answered", values["offered"])


def _weighted(pairs: Iterable[tuple[float | None, float]]) -> float | None:
    total = weights = 0.0
    for value, weight in pairs:
        if value is not None:
            total += value * weight
            weights += weight
    return total / weights if weights else None


def _tidy(report: Report, mapping: ColumnMapping, reader: _Reader, entries: list[_Entry], step: int) -> Volumes:
    clock, findings = reader.clock, reader.findings
    channels = _names(report, "channel", (entry.channel for entry in entries))
    topics = _names(report, "topic", (entry.topic for entry in entries)) if mapping.places("topic") else ()

    def order(entry: _Entry) -> tuple[int, float, int, int]:
        moment = entry.moment
        seconds = float(moment.clock) if step == DAY else clock.seconds(moment.day, moment.clock, moment.showing or 0)
        return moment.day, seconds, channels.index(entry.channel), topics.index(entry.topic) if topics else -1

    entries = sorted(entries, key=order)
    column = {name: k for k, name in enumerate(channels)}
    roles = [role for role in (*_COUNTS, *_MEANS) if any(role in entry.values for entry in entries)]
    measured = {role: np.array([entry.values.get(role, math.nan) for entry in entries]) for role in roles}
    if "talk_time" in roles and "handling_time" not in roles:
        findings.add("talk_time", None, figures=0)
    days = np.array([entry.moment.day for entry in entries], dtype=np.int64)
    whole = np.arange(days[0], days[-1] + 1)
    quality = Quality(
        rows=len(report.line) + len(report.too_long),
        figures=(len(report.line) + len(report.too_long)) * len(reader.series),
        kept=sum(entry.figures for entry in entries),
        findings=findings.all(),
        first_day=date.fromordinal(int(days[0])),
        last_day=date.fromordinal(int(days[-1])),
        missing_days=tuple(date.fromordinal(day) for day in np.setdiff1d(whole, days).tolist()),
        intervals_without_row=0 if step == DAY else _without_row(entries, step, clock),
        date_order=reader.order,
    )
    return Volumes(
        source=report.name,
        timezone=reader.timezone,
        step=step,
        channels=channels,
        topics=topics,
        day=days,
        clock=np.array([entry.moment.clock for entry in entries], dtype=np.int64),
        showing=np.array([entry.moment.showing or 0 for entry in entries], dtype=np.int64),
        channel=np.array([column[entry.channel] for entry in entries], dtype=np.int64),
        topic=np.array([topics.index(entry.topic) if topics else -1 for entry in entries], dtype=np.int64),
        offered=measured["offered"],
        measured=MappingProxyType({role: values for role, values in measured.items() if role != "offered"}),
        quality=quality,
    )


def _names(report: Report, what: str, names: Iterable[str]) -> tuple[str, ...]:
    different = tuple(dict.fromkeys(names))
    if len(different) > MOST_NAMES:
        message = (
            f"There are {len(different):,} {what}s in the report; at most {MOST_NAMES} are allowed. Is it this column?"
        )
        raise refused(report.name, message, report.header_line)
    return different


def _without_row(entries: Sequence[_Entry], step: int, clock: LocalClock) -> int:
    """Intervals of the report's days and channels for which there is no row."""
    times = {entry.moment.clock for entry in entries}
    there = {(entry.moment, entry.channel) for entry in entries}
    pairs = {(entry.moment.day, entry.channel) for entry in entries}
    grid = range(min(times), max(times) + 1, step)
    days = Counter(day for day, _ in pairs)
    needed = sum(
        channels * (sum(clock.times_shown(day, time) for time in grid) if clock.is_moved(day) else len(grid))
        for day, channels in days.items()
    )
    return needed - len(there)


def _moment_text(moment: Moment) -> str:
    return f"{date.fromordinal(moment.day)} {moment.clock // 3600:02}:{moment.clock // 60 % 60:02}"
