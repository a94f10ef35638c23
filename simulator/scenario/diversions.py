"""Announcements and new channels: what concerns several tables, and how they become `model.Diversion`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulator.scenario.errors import Problem, unknown
from simulator.scenario.fields import title_of
from simulator.scenario.model import Distribution, Diversion, VolumeFactor
from simulator.scenario.source import table_at
from simulator.scenario.time_tables import distribution_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.diversion_tables import AnnouncementTable
    from simulator.scenario.document import Document
    from simulator.scenario.fields import LocalTime
    from simulator.scenario.model import Scenario
    from simulator.scenario.source import RawTable
    from simulator.scenario.units import Money

SECTIONS = ("announcements", "openings")


def build_diversions(document: Document, calendar: Calendar) -> Iterator[Diversion]:
    """Announcements that are made and channels that open within the horizon, in the order of the file."""
    channels, topics = list(document.channels), list(document.topics)

    def numbers(names: Sequence[str] | None) -> tuple[int, ...]:
        return tuple(sorted({topics.index(name) for name in names or topics}))

    horizon = float(calendar.edges[-1])
    for name, told in document.announcements.items():
        concerned = told.channels or [channel for channel in channels if channel not in told.to]
        start, end = (_seconds(calendar, moment) for moment in (told.start, told.end))
        if told.active and start < horizon and end > 0:
            yield Diversion(
                kind="announcement",
                name=name,
                title=told.title or title_of(name),
                start=start,
                end=end,
                topics=numbers(told.topics),
                share=tuple(told.reach * told.response if channel in concerned else 0.0 for channel in channels),
                avoided=told.avoided,
                later=told.later,
                to=tuple(told.to.get(channel, 0.0) for channel in channels),
                delay=_delay(told, calendar),
                cost=_amount(told.cost),
            )
    for name, opening in document.openings.items():
        start = _seconds(calendar, opening.start) if opening.start else 0.0
        if opening.active and start < horizon:
            yield Diversion(
                kind="opening",
                name=name,
                title=opening.title or document.channels[name].title or title_of(name),
                start=start,
                end=math.inf,
                topics=numbers(opening.topics),
                share=tuple(opening.moves.get(channel, 0.0) for channel in channels),
                avoided=0.0,
                later=0.0,
                to=tuple(float(channel == name) for channel in channels),
                delay=Distribution("constant", 0.0, 0.0),
                cost=_amount(opening.cost),
            )


def before_opening(document: Document, calendar: Calendar) -> Iterator[VolumeFactor]:
    """No contacts of its own on a channel that is not open yet, or not at all."""
    for name, opening in document.openings.items():
        end = float(calendar.edges[-1])
        if opening.active:
            end = _seconds(calendar, opening.start) if opening.start else 0.0
        everything = tuple(range(len(document.topics)))
        channels = (list(document.channels).index(name),)
        yield VolumeFactor(f"{name} not open", 0.0, end, 0.0, channels, everything, not_open=True)


def unknown_channels(raw: RawTable, known: Sequence[str]) -> Iterator[Problem]:
    """Find channels that are names of fields here, and not there."""
    named: list[tuple[str, ...]] = [("openings",)]
    named += [("announcements", name, "to") for name in table_at(raw, "announcements")]
    named += [("openings", name, "moves") for name in table_at(raw, "openings")]
    for path in named:
        for channel in table_at(raw, *path):
            if channel not in known:
                yield Problem(unknown("channel", channel, known), (*path, channel))


def check_diversions(document: Document, calendar: Calendar, *, dates_within: bool) -> Iterator[Problem]:
    """Find moments that the clock never shows or that lie outside, foreign money, and moves to where one is."""
    first, last = calendar.date_of_day[0], calendar.date_of_day[-1]
    for section, name, moments, cost in _timed(document):
        for field, moment in moments.items():
            try:
                calendar.seconds_at(moment.day, moment.clock)
            except ValueError as error:
                yield Problem(str(error), (section, name, field), str(moment))
        if cost is not None and cost.currency != document.currency:
            message = (
                f"The scenario's currency is {document.currency}; amounts in {cost.currency} cannot be added to it."
            )
            yield Problem(message, (section, name, "cost"))
        start, end = moments.get("start"), moments.get("end")
        before = end is not None and (end.day, end.clock) <= (first, 0)
        if dates_within and (before or (start is not None and start.day > last)):
            message = f"Its time lies outside the horizon, {first} to {last}."
            yield Problem(message, (section, name, "end" if before else "start"), str(end if before else start))
    for name, told in document.announcements.items():
        if told.channels is None and set(document.channels) <= set(told.to):
            message = "No channel is left whose contacts could move: `to` has them all."
            yield Problem(message, ("announcements", name, "to"))
        for channel, share in told.to.items():
            opening = document.openings.get(channel)
            if not (opening and told.active and share):
                continue
            if not opening.active or (opening.start and opening.start > told.start):
                message = f"The channel {channel} does not open in time for this: openings.{channel} says when it does."
                yield Problem(message, ("announcements", name, "to", channel), share)
    for name, opening in document.openings.items():
        if name in opening.moves:
            message = "The new channel's own contacts come on it anyway; leave it out."
            yield Problem(message, ("openings", name, "moves", name), opening.moves[name])


def check_reached(scenario: Scenario) -> Iterator[Problem]:
    """Find contacts that would move to a channel that does not take their topic."""
    for diversion in scenario.diversions:
        here = ("announcements", diversion.name, "to") if diversion.kind == "announcement" else ("openings",)
        for target, share in enumerate(diversion.to):
            missing = [topic for topic in moved_topics(scenario, diversion) if topic not in _taken(scenario, target)]
            if share and missing:
                channel = scenario.channels[target].name
                names = ", ".join(scenario.topics[topic].name for topic in missing)
                message = (
                    f"The channel {channel} does not take the topics that would move to it: {names}. "
                    "Say in topics which ones move, or give the channel these."
                )
                yield Problem(message, (*here, channel))


def moved_topics(scenario: Scenario, diversion: Diversion) -> list[int]:
    """Topics of the contacts that may respond."""
    told = {topic for c, share in enumerate(diversion.share) if share for topic in _taken(scenario, c)}
    return sorted(told & set(diversion.topics))


def reached_types(scenario: Scenario) -> set[tuple[int, int]]:
    """Channel and topic of all contacts that come on another channel, where it takes their topic."""
    return {
        (channel, topic)
        for diversion in scenario.diversions
        for channel, share in enumerate(diversion.to)
        if share
        for topic in moved_topics(scenario, diversion)
        if topic in _taken(scenario, channel)
    }


def _taken(scenario: Scenario, channel: int) -> set[int]:
    return {kind.topic for kind in scenario.channels[channel].types}


def _timed(document: Document) -> Iterator[tuple[str, str, dict[str, LocalTime], Money | None]]:
    """Section, name, moments by field, and cost of each."""
    for name, told in document.announcements.items():
        moments = {
            "start": told.start,
            "end": told.end,
            "later_from": told.later_from,
            "later_until": told.later_until,
        }
        yield "announcements", name, {field: each for field, each in moments.items() if each}, told.cost
    for name, opening in document.openings.items():
        yield "openings", name, {"start": opening.start} if opening.start else {}, opening.cost


def _seconds(calendar: Calendar, moment: LocalTime) -> float:
    return calendar.seconds_at(moment.day, moment.clock)


def _amount(money: Money | None) -> float:
    return 0.0 if money is None else money.amount


def _delay(told: AnnouncementTable, calendar: Calendar) -> Distribution | tuple[float, float]:
    if told.later_from is not None and told.later_until is not None:
        return _seconds(calendar, told.later_from), _seconds(calendar, told.later_until)
    return distribution_of(told.delay) if told.delay else Distribution("constant", 0.0, 0.0)
