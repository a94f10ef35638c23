"""The counts in a report's rows, one by one, each with its time, channel and topic, and what is wrong with others."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from simulator.history.cells.date_order import settled_order
from simulator.history.cells.moments import (
    Moment,
    date_text,
    parse_clock_time,
    parse_date,
    parse_moment,
    rolled,
)
from simulator.history.errors import refused
from simulator.history.files.words import is_total
from simulator.history.intervals.figures import columns_of_figures
from simulator.history.intervals.mapping import COUNTS
from simulator.history.quality import Findings
from simulator.language import say
from simulator.scenario.errors import listed
from simulator.scenario.units import DAY
from simulator.scenario.volumes import LocalClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.history.cells.date_order import SettledOrder
    from simulator.history.files.report import Report
    from simulator.history.files.words import Role
    from simulator.history.intervals.figures import Figures
    from simulator.history.intervals.mapping import ColumnMapping
    from simulator.history.quality import Reason


class Entry(NamedTuple):
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


class Reader:
    """Reads a report row by row."""

    def __init__(self, report: Report, mapping: ColumnMapping, timezone: str) -> None:
        _check_mapping(report, mapping)
        self.report = report
        self.mapping = mapping
        self.timezone = timezone
        self.clock = LocalClock(timezone)
        self.findings = Findings()
        self.order, nearness = _date_order(report, mapping)
        if nearness:
            self.findings.add("order_by_nearness", None, nearness)
        if report.not_read:
            self.findings.add("sheets_not_read", None, ", ".join(report.not_read), figures=0)
        self.series = _series(report, mapping)
        self.across = next((use.across for use in mapping.columns if use.across), "")
        self.by_day = not (mapping.places("moment", "time") or self.across == "time")
        """Whether no time of day is told."""
        self.has_moments = bool(mapping.places("moment"))

    def entries(self) -> list[Entry]:
        """Every count that can be read, in the order of the report."""
        report, series = self.report, self.series
        for line, text in report.too_long:
            self.findings.add("too_many_cells", line, text, len(series))
        columns = {role: next(iter(self.mapping.places(role)), None) for role in _KEYS}
        carried = dict.fromkeys(_CARRIED, "")
        entries: list[Entry] = []
        earlier: set[tuple[str, ...]] = set()
        for place, line in enumerate(report.line):
            row = report.row(place)
            keys = {role: row[column] if column is not None else "" for role, column in columns.items()}
            first = next(filter(None, row), "")
            if is_total(first):
                self.findings.add("total", line, first, len(series))
                if sum(map(bool, keys.values())) > 1:  # the first of several that add up, whose name stands here alone
                    carried |= {role: first for role in _CARRIED if keys[role] == first}
                continue
            above: list[tuple[Role, str]] = []
            for role in _CARRIED:
                if columns[role] is None:
                    continue
                if not keys[role] and carried[role]:
                    keys[role] = carried[role]
                    above.append((role, keys[role]))
                carried[role] = keys[role]
            total = next((value for _, value in above if is_total(value)), "")
            if total:
                self.findings.add("total", line, total, len(series))
                continue
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

    def _of_row(self, line: int, row: tuple[str, ...], keys: Mapping[Role, str]) -> list[Entry]:
        """The counts of a row that can be used."""
        entries = []
        for series in self.series:
            moment, length = self._moment(line, keys, series)
            if moment is None:
                continue
            if not self.by_day and self.clock.times_shown(moment.day, moment.clock) == 0:
                self.findings.add("no_such_time", line, moment_text(moment))
                continue
            values = self._values(line, row, series)
            if values is not None:
                channel = series.channel or keys["channel"] or self.mapping.channel
                entries.append(Entry(line, moment, length, channel, keys["topic"], values))
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
            self.findings.add("total" if is_total(text) else reason, line, text)
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
            if figures.role == "service_level" and value > 1:
                self.findings.add("more_than_all", line, text)
            elif 0 <= value < 1e9:
                values[figures.role] = value
                if figures.role in COUNTS and value % 1:
                    self.findings.add("part_of_contact", line, text)
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
    if not (mapping.places("moment", "date") or "date" in across):
        raise refused(report.name, say("refusals.no_date", columns=listed(report.columns)), report.header_line)
    if not has_offered:
        raise refused(report.name, say("refusals.no_contacts", columns=listed(report.columns)), report.header_line)
    if len(across) > 1:
        raise refused(report.name, say("refusals.dates_and_times"), report.header_line)


def _date_order(report: Report, mapping: ColumnMapping) -> SettledOrder:
    """The order of day and month in the report's dates."""
    texts = [date_text(cell) for place in mapping.places("moment", "date") for cell in report.cells[place] if cell]
    texts += [report.columns[place] for place, use in enumerate(mapping.columns) if use.across == "date"]
    return settled_order(report.name, report.header_line, texts, mapping.date_order)


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


def moment_text(moment: Moment) -> str:
    """A time as findings show it: 2026-11-23 08:15."""
    return f"{date.fromordinal(moment.day)} {moment.clock // 3600:02}:{moment.clock // 60 % 60:02}"
