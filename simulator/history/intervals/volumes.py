"""From a report to tidy volumes: one row for each interval, channel and topic, and what became of every cell."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from simulator.history.errors import refused
from simulator.history.intervals.entries import Entry, Reader
from simulator.history.intervals.mapping import COUNTS, MEANS
from simulator.history.intervals.settling import (
    on_steps,
    overlaps_left_out,
    repeats_added_up,
    with_showings,
)
from simulator.history.intervals.totals import totals_left_out
from simulator.history.quality import Quality
from simulator.history.sentences import finding_words
from simulator.language import say
from simulator.scenario.errors import shown
from simulator.scenario.units import DAY, format_duration

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.history.files.report import Report
    from simulator.history.files.words import Role
    from simulator.history.intervals.mapping import ColumnMapping
    from simulator.scenario.volumes import LocalClock

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

MOST_NAMES = 500
"""Channels, and topics."""


@dataclass(frozen=True, slots=True)
class Volumes:
    """What a report counted, in the order of time. Arrays have shape [row]."""

    source: str
    """The report's file; several are listed."""
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
    Rows of the same interval, channel and topic are added up, means weighted by the contacts they are of; a row that is
    equal to an earlier one in every cell is left out. Where the clock shows a time twice, two rows are the two showings
    in order, and what is there once is halved over both.
    """
    return volumes_of_reports([(report, mapping)], timezone)


def volumes_of_reports(reports: Sequence[tuple[Report, ColumnMapping]], timezone: str) -> Volumes:
    """Read several reports, each as `volumes_of` does, into one: months of a year, or channels of a centre.

    Raises
    ------
    ReportError
        If one of them cannot be read, their intervals have different lengths, or two of them say different things of
        the same interval, channel and topic. Where they say the same, the later is left out.
    """
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"There is no time zone {shown(timezone)}; allowed are such as Europe/Helsinki."
        raise refused(reports[0][0].name, message) from None
    parts: list[tuple[Reader, list[Entry]]] = []
    steps: list[int] = []
    for report, mapping in reports:
        reader = Reader(report, mapping, timezone)
        step, entries = on_steps(totals_left_out(reader.entries(), reader), reader)
        entries = repeats_added_up(with_showings(entries, reader), reader)
        if not entries:
            reasons = "; ".join(map(finding_words, reader.findings.all()))
            raise refused(report.name, say("refusals.no_row", reasons=reasons), report.header_line)
        if steps and step != steps[0]:
            other, length, first = reports[0][0].name, format_duration(step), format_duration(steps[0])
            raise refused(report.name, say("refusals.two_steps", other=other, length=length, first=first))
        parts.append((reader, entries))
        steps.append(step)
    return _tidy([reader for reader, _ in parts], overlaps_left_out(parts), steps[0])


def _tidy(readers: Sequence[Reader], entries: list[Entry], step: int) -> Volumes:
    first, clock = readers[0].report, readers[0].clock
    channels = _names(first, "channel", (entry.channel for entry in entries))
    has_topics = any(reader.mapping.places("topic") for reader in readers)
    topics = _names(first, "topic", (entry.topic for entry in entries)) if has_topics else ()

    def order(entry: Entry) -> tuple[int, float, int, int]:
        moment = entry.moment
        seconds = float(moment.clock) if step == DAY else clock.seconds(moment.day, moment.clock, moment.showing or 0)
        return moment.day, seconds, channels.index(entry.channel), topics.index(entry.topic) if topics else -1

    entries = sorted(entries, key=order)
    column = {name: k for k, name in enumerate(channels)}
    roles = [role for role in (*COUNTS, *MEANS) if any(role in entry.values for entry in entries)]
    measured = {role: np.array([entry.values.get(role, math.nan) for entry in entries]) for role in roles}
    if "talk_time" in roles and "handling_time" not in roles:
        readers[0].findings.add("talk_time", None, figures=0)
    days = np.array([entry.moment.day for entry in entries], dtype=np.int64)
    whole = np.arange(days[0], days[-1] + 1)
    rows = [len(reader.report.line) + len(reader.report.too_long) for reader in readers]
    alone = len(readers) == 1
    quality = Quality(
        rows=sum(rows),
        figures=sum(of_report * len(reader.series) for of_report, reader in zip(rows, readers, strict=True)),
        kept=sum(entry.figures for entry in entries),
        findings=tuple(
            finding for reader in readers for finding in reader.findings.all("" if alone else reader.report.name)
        ),
        first_day=date.fromordinal(int(days[0])),
        last_day=date.fromordinal(int(days[-1])),
        missing_days=tuple(date.fromordinal(day) for day in np.setdiff1d(whole, days).tolist()),
        intervals_without_row=0 if step == DAY else _without_row(entries, step, clock),
        date_order=readers[0].order,
    )
    return Volumes(
        source=", ".join(reader.report.name for reader in readers),
        timezone=readers[0].timezone,
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


def _without_row(entries: Sequence[Entry], step: int, clock: LocalClock) -> int:
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
