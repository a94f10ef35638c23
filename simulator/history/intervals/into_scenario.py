"""From the volumes of a report into a scenario: a volume file, and the overrides that point channels at it."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from simulator.history.errors import refused
from simulator.scenario.cells import safe_text
from simulator.scenario.errors import unknown
from simulator.scenario.paths import join_path
from simulator.scenario.units import format_clock, format_duration
from simulator.scenario.volumes import LocalClock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.history.intervals.volumes import Volumes

_Counts = dict[tuple[int, int, int, str], float]
"""Contacts of one channel by day, clock time, showing and topic."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NO_TOPICS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class ScenarioVolumes:
    """The demand of some channels of a scenario."""

    overrides: dict[str, object]
    """Dotted path -> value."""
    csv: bytes
    """What the file that they name must hold; nothing if they name none."""


def scenario_volumes(
    volumes: Volumes,
    channels: Mapping[str, str],
    *,
    file: str,
    use: Literal["typical week", "dated"] = "typical week",
    topics: Mapping[str, str] = _NO_TOPICS,
) -> ScenarioVolumes:
    """Put the volumes of a report into a scenario.

    Parameters
    ----------
    volumes
        As `volumes_of` gave them.
    channels
        Channel of the report -> name of the scenario's channel; several may go into one, and one left out is not used.
    file
        Path that the overrides give to the volume file.
    use
        As in the scenario file: the report's days averaged by weekday, or as dates of the horizon.
    topics
        Topic of the report -> name of the scenario's topic. They make the channel's mix; contacts on a topic left out
        are not used. Default: topics are added up, and the mix stays as it is.

    Raises
    ------
    ReportError
        If the report has no such channel or topic.

    Notes
    -----
    Intervals without a row become 0 on days that have rows; days without become no rows. A report by day says
    nothing of the time of day: it gives `per_week` and `weekdays` to a channel whose demand is by profile, and no file.
    """
    _check_names(volumes, "channel", channels, volumes.channels)
    _check_names(volumes, "topic", topics, volumes.topics)
    counts = _counts(volumes, channels, topics)
    overrides: dict[str, object] = {}
    for name, of_channel in counts.items():
        if topics and sum(of_channel.values()):
            overrides[join_path(("channels", name, "mix"))] = _mix(of_channel)
        if volumes.by_day:
            by_weekday = _by_weekday(of_channel)
            overrides[join_path(("channels", name, "demand", "per_week"))] = round(sum(by_weekday.values()), 2)
            overrides[join_path(("channels", name, "demand", "weekdays"))] = by_weekday
        else:
            overrides[join_path(("channels", name, "demand"))] = {
                "file": file,
                "use": use,
                "channel_column": "channel",
                "channel": safe_text(name),
            }
    return ScenarioVolumes(overrides, b"" if volumes.by_day else _volume_csv(volumes, counts))


def handling_time_overrides(volumes: Volumes, channels: Mapping[str, str]) -> dict[str, object]:
    """The overrides that give channels the mean handling time of a report; none for a channel without one.

    Raises
    ------
    ReportError
        If the report has no such channel.
    """
    _check_names(volumes, "channel", channels, volumes.channels)
    overrides: dict[str, object] = {}
    for name in dict.fromkeys(channels.values()):
        mean = volumes.mean_handling_time([key for key, value in channels.items() if value == name])
        if mean is not None:
            overrides[join_path(("channels", name, "handling_time", "mean"))] = format_duration(round(mean, 1))
    return overrides


def _counts(volumes: Volumes, channels: Mapping[str, str], topics: Mapping[str, str]) -> dict[str, _Counts]:
    """The contacts that go into each channel of the scenario."""
    counts: dict[str, _Counts] = {name: {} for name in channels.values()}
    columns = (volumes.day, volumes.clock, volumes.showing, volumes.channel, volumes.topic, volumes.offered)
    for day, time, showing, channel, topic, offered in zip(*(column.tolist() for column in columns), strict=True):
        name = channels.get(volumes.channels[channel])
        about = topics.get(volumes.topics[topic]) if topics else ""
        if name is not None and about is not None:
            key = (day, time, showing, about)
            counts[name][key] = counts[name].get(key, 0.0) + offered
    return {name: of_channel for name, of_channel in counts.items() if of_channel}


def _volume_csv(volumes: Volumes, counts: Mapping[str, _Counts]) -> bytes:
    """A volume file as the scenario reads it: by channel, every day with the same times."""
    clock = LocalClock(volumes.timezone)
    grid = range(int(volumes.clock.min()), int(volumes.clock.max()) + 1, volumes.step)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["time", "channel", "contacts"])
    for name, of_channel in counts.items():
        at: dict[tuple[int, int, int], float] = defaultdict(float)
        for (day, time, showing, _), count in of_channel.items():
            at[day, time, showing] += count
        for day in sorted({day for day, *_ in of_channel}):
            for time, showing in _times_shown(clock, day, grid):
                moment = f"{date.fromordinal(day)} {format_clock(time)}"
                writer.writerow([moment, safe_text(name), f"{at.get((day, time, showing), 0.0):.10g}"])
    return text.getvalue().encode()


def _times_shown(clock: LocalClock, day: int, grid: range) -> Iterator[tuple[int, int]]:
    """The times of a day that the clock shows, in order: each with its showing."""
    shown = [(time, showing) for time in grid for showing in range(clock.times_shown(day, time))]
    yield from sorted(shown, key=lambda each: clock.seconds(day, *each))


def _by_weekday(counts: _Counts) -> dict[str, float]:
    """Mean contacts on each weekday that the report has."""
    totals: dict[int, float] = defaultdict(float)
    for (day, *_), count in counts.items():
        totals[day] += count
    by_weekday: dict[str, list[float]] = defaultdict(list)
    for day, total in totals.items():
        by_weekday[WEEKDAYS[date.fromordinal(day).weekday()]].append(total)
    return {name: round(sum(by_weekday[name]) / len(by_weekday[name]), 4) for name in WEEKDAYS if name in by_weekday}


def _mix(counts: _Counts) -> dict[str, float]:
    """Share of each topic."""
    totals: dict[str, float] = defaultdict(float)
    for (*_, topic), count in counts.items():
        totals[topic] += count
    whole = sum(totals.values())
    return {topic: total / whole for topic, total in totals.items() if total}


def _check_names(volumes: Volumes, what: str, wanted: Mapping[str, str], there: tuple[str, ...]) -> None:
    for name in wanted:
        if name not in there:
            raise refused(volumes.source, unknown(what, name, there))
