"""From single counts to one for each interval: the report's step, hours shown twice, and rows that belong together."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from simulator.history.errors import refused
from simulator.history.intervals.entries import Entry, moment_text
from simulator.history.intervals.mapping import COUNTS, MEAN_OF, MEANS
from simulator.language import say
from simulator.scenario.errors import clipped
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from simulator.history.cells.moments import Moment
    from simulator.history.files.words import Role
    from simulator.history.intervals.entries import Reader

_LONGEST_NAME = 60


def on_steps(entries: list[Entry], reader: Reader) -> tuple[int, list[Entry]]:
    """The report's step, and the entries that start with one."""
    if reader.by_day or not entries:
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
        raise refused(reader.report.name, say("refusals.no_step"), entries[0].line)
    most = max(steps.values())
    step = min(step for step, often in steps.items() if often == most)
    offset = Counter(entry.moment.clock % step for entry in entries).most_common(1)[0][0]
    kept = []
    for entry in entries:
        if entry.moment.clock % step == offset:
            kept.append(entry)
        else:
            reader.findings.add("between_steps", entry.line, moment_text(entry.moment))
    return step, kept


def with_showings(entries: list[Entry], reader: Reader) -> list[Entry]:
    """The entries, each with the showing of its time settled."""
    twice: dict[tuple[int, int, str, str], list[Entry]] = defaultdict(list)
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
            reader.findings.add("halved", entry.line, moment_text(entry.moment))
            halves = {role: value / 2 if role in COUNTS else value for role, value in entry.values.items()}
            for showing in (0, 1):
                moment = entry.moment._replace(showing=showing)
                settled.append(entry._replace(moment=moment, values=halves, figures=1 - showing))
    return settled


def repeats_added_up(entries: list[Entry], reader: Reader) -> list[Entry]:
    """One entry for each interval, channel and topic."""
    together: dict[tuple[Moment, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        together[entry.moment, entry.channel, entry.topic].append(entry)
    added = []
    for same in together.values():
        first = same[0]
        if len(same) > 1:
            for entry in same[1:]:
                reader.findings.add("added_up", entry.line, moment_text(entry.moment), entry.figures)
            first = first._replace(values=_sum(same), figures=sum(entry.figures for entry in same))
        added.append(first)
    return added


def overlaps_left_out(parts: Sequence[tuple[Reader, list[Entry]]]) -> list[Entry]:
    """The entries of several reports together; what a report says that an earlier one has said is left out.

    Raises
    ------
    ReportError
        If two reports say different things of the same interval, channel and topic.
    """
    together: dict[tuple[Moment, str, str], tuple[Reader, Entry]] = {}
    for reader, entries in parts:
        for entry in entries:
            before, earlier = together.setdefault((entry.moment, entry.channel, entry.topic), (reader, entry))
            if before is reader:
                continue
            if earlier.values != entry.values:
                said = say(
                    "refusals.two_reports",
                    when=moment_text(entry.moment),
                    channel=clipped(entry.channel, _LONGEST_NAME),
                    other=before.report.name,
                    line=str(earlier.line),
                )
                raise refused(reader.report.name, said, entry.line)
            reader.findings.add("repeated", entry.line, moment_text(entry.moment), entry.figures)
    return [entry for _, entry in together.values()]


def _sum(entries: Sequence[Entry]) -> dict[Role, float]:
    """Counts added up, means weighted by the contacts they are of; a count that one lacks is missing from the whole."""
    values: dict[Role, float] = {}
    for role in COUNTS:
        counts = [entry.values.get(role, math.nan) for entry in entries]
        if not math.isnan(sum(counts)):
            values[role] = sum(counts)
    for role in MEANS:
        mean = _weighted((entry.values.get(role), _weight(role, entry.values)) for entry in entries)
        if mean is not None:
            values[role] = mean
    return values


def _weight(role: Role, values: Mapping[Role, float]) -> float:
    """The contacts over which a mean was taken."""
    return values.get(MEAN_OF[role], values["offered"])


def _weighted(pairs: Iterable[tuple[float | None, float]]) -> float | None:
    total = weights = 0.0
    for value, weight in pairs:
        if value is not None:
            total += value * weight
            weights += weight
    return total / weights if weights else None
