"""What concerns several tables of what customers do: names, the grid of outages, and where those who come again go."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from simulator.scenario.errors import Problem, unknown
from simulator.scenario.source import table_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.customers import Return, Returns
    from simulator.scenario.document import Document
    from simulator.scenario.model import Channel, ContactType, Scenario
    from simulator.scenario.source import RawTable


def unknown_topics_of_customers(raw: RawTable, known: Sequence[str]) -> Iterator[Problem]:
    """Find topics that a follow-up names and that are not there."""
    for name in table_at(raw, "channels"):
        for table in ("repeat", "hand_on"):
            for topic, value in table_at(raw, "channels", name, table, "topics").items():
                if topic not in known:
                    yield Problem(unknown("topic", topic, known), ("channels", name, table, "topics", topic), value)
        yield from _unknown_word("topic", raw, ("channels", name, "hand_on", "topic"), known)


def unknown_channels_of_customers(raw: RawTable, known: Sequence[str]) -> Iterator[Problem]:
    """Find channels that a follow-up or an outage names and that are not there."""
    matrices: list[tuple[str, ...]] = [("outages", name, "switch") for name in table_at(raw, "outages")]
    for name in table_at(raw, "channels"):
        matrices += [("channels", name, table, "to") for table in ("redial", "repeat", "chaser")]
        matrices.append(("channels", name, "bot", "bounce", "to"))
        yield from _unknown_word("channel", raw, ("channels", name, "hand_on", "to"), known)
    for path in matrices:
        for channel, value in table_at(raw, *path).items():
            if channel not in known:
                yield Problem(unknown("channel", channel, known), (*path, channel), value)
    for name in table_at(raw, "outages"):
        yield from _unknown_word("channel", raw, ("outages", name, "channel"), known)


def check_handling_of_later_contacts(document: Document) -> Iterator[Problem]:
    """Find a factor on contacts that nobody makes."""
    come_again = any(channel.repeat or channel.hand_on for channel in document.channels.values())
    if document.enquiries.handling_factor != 1 and not come_again:
        message = "It is for repeats and what is handed on, and no channel has a table repeat or hand_on. Leave it out."
        yield Problem(message, ("enquiries", "handling_factor"), document.enquiries.handling_factor)


def check_outages(document: Document, calendar: Calendar, *, dates_within: bool) -> Iterator[Problem]:
    """Find outages that the clock or the grid does not allow; `dates_within` as for `checks.check_document`."""
    first, last = calendar.date_of_day[0], calendar.date_of_day[-1]
    for name, outage in document.outages.items():
        for end, moment in (("start", outage.start), ("end", outage.end)):
            path = ("outages", name, end)
            try:
                instant = calendar.seconds_at(moment.day, moment.clock)
            except ValueError as error:
                yield Problem(str(error), path, str(moment))
                continue
            if instant % calendar.interval:
                message = f"An outage starts and ends with an interval, every {calendar.interval / 60:g} min."
                yield Problem(message, path, str(moment))
        outside = outage.start.day > last or (outage.end.day, outage.end.clock) <= (first, 0)
        if outside and dates_within:
            message = f"The outage from {outage.start} to {outage.end} is outside the horizon, {first} to {last}."
            yield Problem(message, ("outages", name))


def check_ways(scenario: Scenario) -> Iterator[Problem]:
    """Find contacts that would come again on a channel that does not open, or that does not take their topic."""
    never_open = {c for c, opens in scenario.opens.items() if opens >= scenario.calendar.edges[-1]}
    refused = set()
    for number, channel in enumerate(scenario.channels):
        for kind in channel.types:
            for field, target, topic in ways_on(scenario, number, kind):
                if target in never_open and number not in never_open and (field, target) not in refused:
                    refused.add((field, target))
                    name = scenario.channels[target].name
                    message = (
                        f"Contacts would come to {name}, which does not open: openings.{name} says so. Send them "
                        "elsewhere, and here only in the variant that opens it."
                    )
                    yield Problem(message, field)
                taken = [each.topic for each in scenario.channels[target].types]
                if topic not in taken:
                    name, about = scenario.channels[target].name, scenario.topics[topic].name
                    message = (
                        f"Contacts about {about} would come to {name}, which does not take them. Put {about} into the "
                        f'mix of {name} (with "0 %" if nobody comes so by themselves), or send them elsewhere.'
                    )
                    yield Problem(message, field)


def ways_to_channels_that_open(scenario: Scenario) -> dict[tuple[str, ...], int]:
    """Fields that send contacts to a channel that opens within the horizon, where they may come before; the channel."""
    return {
        field: target
        for number, channel in enumerate(scenario.channels)
        for kind in channel.types
        for field, target, _ in ways_on(scenario, number, kind)
        if scenario.opens.get(target, 0.0) > scenario.opens.get(number, 0.0)
    }


def ways_on(scenario: Scenario, number: int, kind: ContactType) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Where contacts of one type may come again: the field that says so, the channel and the topic then."""
    name = scenario.channels[number].name
    for cause, way in ways_of(kind.returns):
        if any(way.share):
            field = ("channels", name, "bot", "bounce") if cause == "bounce" else ("channels", name, cause)
            for channel, _ in way.channels:
                yield field, channel, kind.topic if way.topic is None else way.topic
    for outage in scenario.outages:
        if outage.channel == number and outage.switch is not None:
            for channel, _ in outage.switch.channels:
                yield ("outages", outage.name, "switch"), channel, kind.topic


def ways_of(returns: Returns) -> Iterator[tuple[str, Return]]:
    """What may follow, by the name of its field."""
    for field in fields(returns):
        way: Return | None = getattr(returns, field.name)
        if way is not None:
            yield field.name, way


def coming(scenario: Scenario, moved: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Channels and topics that have contacts: those of the demand and of orders, moved ones, and what may follow."""
    types = {(c, kind.topic): kind for c, channel in enumerate(scenario.channels) for kind in channel.types}
    found = {key for key, kind in types.items() if kind.share > 0} | moved
    if scenario.orders is not None:
        found |= {(c, topic) for c in range(len(scenario.channels)) for topic in scenario.orders.brought_to(c)}
    ahead = list(found)
    while ahead:
        number, topic = ahead.pop()
        for _, channel, then in ways_on(scenario, number, types[number, topic]):
            if (channel, then) in types and (channel, then) not in found:
                found.add((channel, then))
                ahead.append((channel, then))
    return found


def attempts_at_most(scenario: Scenario) -> list[float]:
    """[channel] Roughly how many attempts a first one there may bring, itself included, if all that may happen does."""
    most = [1.0] * len(scenario.channels)
    for attempt in reversed(range(scenario.attempts - 1)):
        most = [1.0 + _brought(number, channel, attempt, most) for number, channel in enumerate(scenario.channels)]
    return most


def _brought(number: int, channel: Channel, attempt: int, most: Sequence[float]) -> float:
    """Attempts that follow one of this channel, each with all that follows it."""
    calls = (channel.callback.taken + 1 - channel.callback.reached) * most[number] if channel.callback else 0.0
    after = (
        sum(
            way.share[min(attempt, len(way.share) - 1)] * sum(share * most[to] for to, share in way.channels)
            for _, way in ways_of(kind.returns)
        )
        for kind in channel.types
    )
    return calls + max(after, default=0.0)


def _unknown_word(kind: str, raw: RawTable, path: tuple[str, ...], known: Sequence[str]) -> Iterator[Problem]:
    word = table_at(raw, *path[:-1]).get(path[-1])
    if isinstance(word, str) and word not in known:
        yield Problem(unknown(kind, word, known), path, word)
