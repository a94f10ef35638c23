"""What concerns several tables of a scenario file at once.

`check_names` and `check_sources` work on the raw table, so that they have their say even where a field elsewhere is
wrong; `check_document` needs a file whose tables are each right by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.customer_checks import (
    attempts_at_most,
    check_handling_of_later_contacts,
    check_outages,
    check_ways,
    coming,
    unknown_channels_of_customers,
    unknown_topics_of_customers,
)
from simulator.scenario.customer_class_checks import (
    check_classes,
    unknown_channels_of_classes,
    unknown_classes,
    unserved,
)
from simulator.scenario.diversions import SECTIONS as DIVERSIONS
from simulator.scenario.diversions import check_diversions, check_reached, reached_types, unknown_channels
from simulator.scenario.document import DEFAULT_TOPICS
from simulator.scenario.errors import Problem, listed, unknown
from simulator.scenario.fields import parse_dated_window, parse_day_windows
from simulator.scenario.hours import parse_hours_table
from simulator.scenario.model import ORDINARY, ProfileDemand
from simulator.scenario.paths import join_path, split_path
from simulator.scenario.source import table_at
from simulator.scenario.staffing import check_window
from simulator.scenario.supplier_checks import check_suppliers
from simulator.scenario.units import format_duration, format_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.channel_tables import ChannelTable
    from simulator.scenario.document import Document, GroupTable
    from simulator.scenario.hours import WeeklyHours
    from simulator.scenario.model import HistoryDemand, Scenario, VolumeFactor
    from simulator.scenario.orders import Orders
    from simulator.scenario.source import RawTable
    from simulator.scenario.units import Money

MOST_CONTACTS = 20_000_000
"""Expected in one replication; their table would take gigabytes."""

MOST_CELLS = 50_000_000
"""Channels or groups x topics x intervals: the largest table that is made of a scenario."""


BASE = "base"
"""What commands call the file as it is."""


def check_names(raw: RawTable) -> Iterator[Problem]:
    """Find topics, channels and classes that are used and not there, and a variant that nobody could ask for."""
    if BASE in table_at(raw, "variants"):
        yield Problem(f'"{BASE}" is the file as it is; give the variant another name.', ("variants", BASE))
    topics, channels, groups = raw.get("topics", DEFAULT_TOPICS), raw.get("channels"), raw.get("groups")
    if isinstance(topics, dict):
        yield from _unknown_topics(raw, list(topics))
        yield from unknown_topics_of_customers(raw, list(topics))
    if isinstance(channels, dict):
        yield from _unknown_channels(raw, list(channels))
        yield from unknown_channels(raw, list(channels))
        yield from unknown_channels_of_customers(raw, list(channels))
        yield from unknown_channels_of_classes(raw, list(channels))
        yield from _unknown_keys_of_orders(raw, list(channels))
    yield from unknown_classes(raw)
    if isinstance(groups, dict):
        for name in table_at(raw, "ready_answers"):
            yield from _unknown_items("group", raw, ("ready_answers", name, "groups"), list(groups))
        for name in table_at(raw, "suppliers"):
            yield from _unknown_items("group", raw, ("suppliers", name, "groups"), list(groups))


def check_sources(raw: RawTable) -> Iterator[Problem]:
    """Find sources of figures that the file does not have."""
    for path in table_at(raw, "sources"):
        try:
            missing = _missing_step(raw, split_path(path))
        except ValueError as error:
            yield Problem(str(error), ("sources", path))
            continue
        if missing:
            yield Problem(f"A source of something that is not in the file: {missing}", ("sources", path))


def check_document(document: Document, calendar: Calendar, *, dates_within: bool) -> Iterator[Problem]:
    """Find what does not fit together.

    `dates_within` says whether dates outside the horizon are wrong. They are in a file as it stands; where an override
    has moved or shortened the horizon, they just have no effect.
    """
    cells = max(len(document.channels) * len(document.topics), len(document.groups)) * calendar.intervals
    if cells > MOST_CELLS:
        message = (
            f"Channels x topics x intervals make {cells:,}, and at most {MOST_CELLS:,} are allowed. "
            "Take a longer interval or fewer days."
        )
        yield Problem(message, ("horizon",))
        return
    for name, channel in document.channels.items():
        for problem in _check_channel(name, channel, document, calendar):
            yield _below(("channels", name), problem)
    for name, group in document.groups.items():
        for problem in _check_group(group, document, calendar):
            yield _below(("groups", name), problem)
    yield from _check_costs(document)
    for supplier, terms in document.suppliers.items():
        for path, money in terms.amounts():
            yield from _in_currency(money, document, ("suppliers", supplier, *path))
    yield from check_suppliers(document)
    yield from check_handling_of_later_contacts(document)
    yield from check_classes(document)
    for section, tables in (("day_factors", document.day_factors), ("campaigns", document.campaigns)):
        for name, table in tables.items():
            if table.on == "orders" and document.orders is None:
                yield Problem("There are no orders: write a table [orders].", (section, name, "on"), "orders")
    yield from _check_moments(document, calendar)
    yield from check_diversions(document, calendar, dates_within=dates_within)
    yield from check_outages(document, calendar, dates_within=dates_within)
    if dates_within:
        yield from _check_dates_within(document, calendar)


def check_scenario(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Find what shows only once the volume files are read: who serves what, and how many contacts there are."""
    for group in document.groups:
        for name, skill in document.groups[group].skills.items():
            channel = scenario.channels[scenario.channel(skill.channel or name)]
            on_channel = [scenario.topics[kind.topic].name for kind in channel.types]
            for topic in skill.topics or ():
                if topic not in on_channel:
                    message = unknown("topic", topic, on_channel, where=f" on the channel {channel.name}")
                    yield Problem(message, ("groups", group, "skills", name, "topics"), topic)
    yield from _check_order_shares(scenario, document)
    yield from check_reached(scenario)
    yield from check_ways(scenario)
    come = coming(scenario, reached_types(scenario))
    for number, channel in enumerate(scenario.channels):
        waiting = [
            scenario.topics[kind.topic].name + whose
            for kind in channel.types
            if (number, kind.topic) in come
            and kind.bot_share * kind.containment < 1
            and (whose := unserved(scenario, number, kind.topic)) is not None
        ]
        if waiting:
            message = (
                f"No group has a skill for these topics of the channel: {', '.join(waiting)}. They would wait for ever."
            )
            yield Problem(message, ("channels", channel.name))
    expected = sum(
        _contacts_at_most(number, scenario) * attempts for number, attempts in enumerate(attempts_at_most(scenario))
    )
    if expected > MOST_CONTACTS:
        message = (
            f"About {expected:.3g} contacts would arrive within the horizon; at most {MOST_CONTACTS:,} are allowed. "
            "Check the volumes and factors, or shorten the horizon."
        )
        yield Problem(message, ("channels",))


def _check_channel(name: str, channel: ChannelTable, document: Document, calendar: Calendar) -> Iterator[Problem]:
    from_file = channel.demand is not None and getattr(channel.demand, "topic_column", None) is not None
    brought = [
        each.topic or topic
        for topic, each in (document.orders.contacts.items() if document.orders else ())
        if name in each.channels
    ]
    only_orders = channel.demand is None and brought
    if channel.mix is None and not from_file and not only_orders and len(document.topics) > 1:
        message = "This field is missing: with several topics, say which share of the contacts each has."
        yield Problem(message, ("mix",))
    if channel.mix is not None and not from_file:
        own: list[tuple[tuple[str, ...], str]] = [(("topics", topic), topic) for topic in channel.topics]
        for part, table in (("bot", channel.bot), ("repeat", channel.repeat), ("hand_on", channel.hand_on)):
            own += [((part, "topics", topic), topic) for topic in (table.topics if table else ())]
        there = [topic for topic in document.topics if topic in channel.mix or topic in brought]
        for field, topic in own:
            if topic not in there:
                where = " in the channel's mix" + (" or among what orders bring to it" if brought else "")
                yield Problem(unknown("topic", topic, there, where=where), field)
    if channel.kind == "live" or (channel.bot and channel.bot.hours is None):
        yield from _on_grid(calendar, channel.hours, ("hours",))
    if channel.bot and channel.bot.hours:
        yield from _on_grid(calendar, channel.bot.hours, ("bot", "hours"))
    if channel.target.counting == "open hours":
        try:
            calendar.due_times(0.0, channel.target.within, channel.hours)
        except ValueError as error:
            yield Problem(str(error), ("target", "within"))


def _check_group(group: GroupTable, document: Document, calendar: Calendar) -> Iterator[Problem]:
    if group.cost:
        yield from _in_currency(group.cost, document, ("cost",))
    if isinstance(group.staffing, dict):
        for key, hours in parse_hours_table(group.staffing).items():
            yield from _on_grid(calendar, hours, ("staffing", key))
    for day, windows in group.dates.items():
        for key, (start, end) in parse_day_windows(windows).items():
            try:
                check_window(key, start, end, calendar)
            except ValueError as error:
                yield Problem(str(error), ("dates", str(day)))
    for key in group.extra_in:
        _, start, end = parse_dated_window(key)
        try:
            check_window(key, start, end, calendar)
        except ValueError as error:
            yield Problem(str(error), ("extra_in", key))
    for field in ("lead", "stay") if group.on_call else ():
        time = getattr(group.on_call, field)
        if time % calendar.interval:
            message = f"It must be whole intervals of {format_duration(calendar.interval)}."
            yield Problem(message, ("on_call", field), format_duration(time))
    served: dict[str, list[tuple[str, set[str], set[str]]]] = {}
    for name, skill in group.skills.items():
        channel_name = skill.channel or name
        channel = document.channels.get(channel_name)
        if channel is None:
            continue  # check_names has said so
        if skill.slots is not None and skill.slots > channel.slots:
            message = f"The channel {channel_name} has slots = {channel.slots}; a group may have fewer, not more."
            yield Problem(message, ("skills", name, "slots"), skill.slots)
        topics = set(document.topics if skill.topics is None else skill.topics)
        classes = set((ORDINARY.name, *document.customers) if skill.customers is None else skill.customers)
        for other, other_topics, other_classes in served.get(channel_name, []):
            if topics & other_topics and classes & other_classes:
                common = topics & other_topics
                both = "every topic" if common == set(document.topics) else ", ".join(sorted(common))
                whose = f" of {', '.join(sorted(classes & other_classes))}" if document.customers else ""
                message = (
                    f'The skill "{other}" of this group serves {channel_name} too, {both}{whose} being in both; '
                    "a group may serve a channel and topic in one way only."
                )
                yield Problem(message, ("skills", name))
        served.setdefault(channel_name, []).append((name, topics, classes))


def _check_costs(document: Document) -> Iterator[Problem]:
    for path, money in document.costs.amounts():
        yield from _in_currency(money, document, ("costs", *path))
    for name in document.costs.line:
        channel = document.channels.get(name)
        if channel is not None and channel.kind != "live":
            yield Problem(
                "Nobody is on the line of a deferred channel; only live channels have one.", ("costs", "line", name)
            )
    with_bot = [name for name, channel in document.channels.items() if channel.bot is not None]
    for name, price in document.costs.bot_session.items():
        if name in document.channels and name not in with_bot:
            message = (
                f"This channel has no bot, so nothing would ever be paid. Channels with a bot: {listed(with_bot)}."
            )
            yield Problem(message, ("costs", "bot_session", name), f"{price.amount:g} {price.currency}/session")
    lost = document.costs.lost_order
    if lost is not None and not (lost.share or any(lost.share_on.values())):
        message = (
            "No enquiry carries an order, so none would ever be lost: say in `share` which topics do, and how many."
        )
        yield Problem(message, ("costs", "lost_order"))


def _check_order_shares(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Find shares of enquiries with an order of topics that nobody could make contact about."""
    lost = document.costs.lost_order
    if lost is None:
        return
    taken = {each.name: [scenario.topics[kind.topic].name for kind in each.types] for each in scenario.channels}
    anywhere = [topic.name for topic in scenario.topics if any(topic.name in topics for topics in taken.values())]
    tables: list[tuple[tuple[str, ...], Mapping[str, float], Sequence[str], str]] = [
        (("share",), lost.share, anywhere, "on any channel"),
        *(
            (("share_on", name), shares, taken[name], f"on the channel {name}")
            for name, shares in lost.share_on.items()
        ),
    ]
    for path, shares, there, where in tables:
        for topic, share in shares.items():
            if topic not in there:
                message = unknown("topic", topic, there, where=f" {where}")
                yield Problem(message, ("costs", "lost_order", *path, topic), format_share(share))


def _in_currency(money: Money, document: Document, field: tuple[str, ...]) -> Iterator[Problem]:
    if money.currency != document.currency:
        message = f"The scenario's currency is {document.currency}; amounts in {money.currency} cannot be added to it."
        yield Problem(message, field)


def _on_grid(calendar: Calendar, hours: WeeklyHours, field: tuple[str, ...]) -> Iterator[Problem]:
    try:
        calendar.open_mask(hours)
    except ValueError as error:
        yield Problem(str(error), field, str(hours))


def _check_moments(document: Document, calendar: Calendar) -> Iterator[Problem]:
    for name, campaign in document.campaigns.items():
        moments = [((end,), moment) for end, moment in (("start", campaign.start), ("end", campaign.end)) if moment]
        moments += [(("pushes",), push.at) for push in campaign.pushes]
        for field, moment in moments:
            try:
                calendar.seconds_at(moment.day, moment.clock)
            except ValueError as error:
                yield Problem(str(error), ("campaigns", name, *field), str(moment))
                return
        if campaign.start and campaign.end:
            start, end = (calendar.seconds_at(each.day, each.clock) for each in (campaign.start, campaign.end))
            if campaign.ramp > end - start:
                message = f"The ramp must be over by the end of the campaign, {format_duration(end - start)} later."
                yield Problem(message, ("campaigns", name, "ramp"), format_duration(campaign.ramp))


def _check_dates_within(document: Document, calendar: Calendar) -> Iterator[Problem]:
    first, last = calendar.date_of_day[0], calendar.date_of_day[-1]
    horizon = f"the horizon, {first} to {last}"
    for name, named_day in document.day_factors.items():
        for day in named_day.dates if named_day.on == "contacts" else ():
            if not first <= day <= last:
                yield Problem(f"This date is outside {horizon}.", ("day_factors", name, "dates"), day)
    for name, group in document.groups.items():
        for day in group.dates:
            if not first <= day <= last:
                yield Problem(f"This date is outside {horizon}.", ("groups", name, "dates", str(day)))
        for key in group.extra_in:
            if not first <= parse_dated_window(key).day <= last:
                yield Problem(f"This date is outside {horizon}.", ("groups", name, "extra_in", key))
        if group.learning and group.learning.start > last:
            message = f"Nobody of the group would ever be on duty: this is after {horizon}."
            yield Problem(message, ("groups", name, "learning", "start"), group.learning.start)
    for name, campaign in document.campaigns.items():
        if campaign.on == "orders":
            continue  # those before the horizon matter, too
        window = campaign.start and campaign.end and (campaign.start, campaign.end)
        early = window and (window[1].day, window[1].clock) <= (first, 0) and campaign.half_life is None
        if window and (early or window[0].day > last):
            message = f"The campaign from {campaign.start} to {campaign.end} is outside {horizon}."
            yield Problem(message, ("campaigns", name))
        for push in campaign.pushes:
            if not (first, 0) <= (push.at.day, push.at.clock) < (last + timedelta(days=1), 0):
                yield Problem(f"This push is outside {horizon}.", ("campaigns", name, "pushes"), str(push.at))


def _below(path: tuple[str, ...], problem: Problem) -> Problem:
    return replace(problem, field=(*path, *problem.field))


def _unknown_topics(raw: RawTable, known: Sequence[str]) -> Iterator[Problem]:
    for name in table_at(raw, "channels"):
        tables: list[tuple[str, ...]] = [("mix",), ("topics",), ("bot", "topics")]
        for path in (("channels", name, *table) for table in tables):
            yield from _unknown_keys("topic", raw, path, known)
    for path in _tables_with_names(raw):
        yield from _unknown_items("topic", raw, (*path, "topics"), known)
    orders = ("costs", "lost_order")
    yield from _unknown_keys("topic", raw, (*orders, "share"), known)
    for channel in table_at(raw, *orders, "share_on"):
        yield from _unknown_keys("topic", raw, (*orders, "share_on", channel), known)
    for name, table in table_at(raw, "orders", "contacts").items():
        path = ("orders", "contacts", name)
        topic = table.get("topic", name) if isinstance(table, dict) else name
        if isinstance(topic, str) and topic not in known:
            if topic != name:
                yield Problem(unknown("topic", topic, known), (*path, "topic"), topic)
            else:
                yield Problem(f"{unknown('topic', topic, known)} Name this after its topic, or give it topic.", path)


def _unknown_channels(raw: RawTable, known: Sequence[str]) -> Iterator[Problem]:
    for priced in (("bot_session",), ("line",), ("lost_order", "share_on")):
        yield from _unknown_keys("channel", raw, ("costs", *priced), known)
    for path in _tables_with_names(raw):
        yield from _unknown_items("channel", raw, (*path, "channels"), known)
        table = table_at(raw, *path)
        channel = table.get("channel", path[-1])
        if path[0] != "groups" or not isinstance(channel, str) or channel in known:
            continue
        message = unknown("channel", channel, known)
        if "channel" in table:
            yield Problem(message, (*path, "channel"), channel)
        else:
            yield Problem(f"{message} Name the skill after its channel, or give its field channel.", path)


def _unknown_keys_of_orders(raw: RawTable, known: Sequence[str]) -> Iterator[Problem]:
    for name in table_at(raw, "orders", "contacts"):
        path = ("orders", "contacts", name, "channels")
        for channel, share in table_at(raw, *path).items():
            if channel not in known:
                yield Problem(unknown("channel", channel, known), (*path, channel), share)


def _tables_with_names(raw: RawTable) -> Iterator[tuple[str, ...]]:
    """Paths of skills, named days, campaigns, announcements, new channels and ready answers."""
    for group in table_at(raw, "groups"):
        for skill in table_at(raw, "groups", group, "skills"):
            yield "groups", group, "skills", skill
    for section in ("day_factors", "campaigns", "ready_answers", *DIVERSIONS):
        for name in table_at(raw, section):
            yield section, name


def _unknown_keys(kind: str, raw: RawTable, path: tuple[str, ...], known: Sequence[str]) -> Iterator[Problem]:
    for name, value in table_at(raw, *path).items():
        if name not in known:
            yield Problem(unknown(kind, name, known), (*path, name), value)


def _unknown_items(kind: str, raw: RawTable, path: tuple[str, ...], known: Sequence[str]) -> Iterator[Problem]:
    names = table_at(raw, *path[:-1]).get(path[-1])
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and name not in known:
            yield Problem(unknown(kind, name, known), path, name)


def _missing_step(raw: RawTable, path: tuple[str, ...]) -> str:
    """What is wrong with the first step of a path that leads nowhere; empty if it leads somewhere. `*` is any name."""
    tables: list[Mapping[str, object]] = [raw]
    for depth, name in enumerate(path):
        names = list(dict.fromkeys(key for table in tables for key in table))
        inside = [table[key] for table in tables for key in table if name in ("*", key)]
        if not inside:
            return unknown("field", join_path(path[: depth + 1]), [join_path((*path[:depth], key)) for key in names])
        tables = [value for value in inside if isinstance(value, dict)]
    return ""


def _contacts_at_most(channel: int, scenario: Scenario) -> float:
    """Roughly how many contacts may come: factors count for every day that they touch, and those below 1 not at all."""
    calendar = scenario.calendar
    described = scenario.channels[channel]
    most = _factors_at_most([each for each in scenario.volume_factors if channel in each.channels], calendar)
    with np.errstate(over="ignore", invalid="ignore"):  # too many is too many
        total = float((_volume_at_most(described.demand, calendar) * most).sum()) + described.backlog
        total += sum(push.amount for push in scenario.pushes if channel in push.channels and not push.on_orders)
        if scenario.orders is not None:
            total += (
                _orders_at_most(scenario, scenario.orders)
                * sum(scenario.orders.brought_to(channel).values())
                * float(most.max())
            )
    return total if total == total else float("inf")


def _orders_at_most(scenario: Scenario, orders: Orders) -> float:
    calendar = orders.calendar(scenario.calendar, scenario.channels)
    shift = calendar.start
    behind = scenario.calendar.seconds_at(shift, 0)
    windows = [
        replace(each, start=each.start - behind, end=each.end - behind, on_orders=False)
        for each in scenario.volume_factors
        if each.on_orders
    ]
    expected = float((_volume_at_most(orders.curve, calendar) * _factors_at_most(windows, calendar)).sum())
    pushed = [push for push in scenario.pushes if push.on_orders]
    return expected * (1.0 + sum(push.amount for push in pushed if push.of_day)) + sum(
        push.amount for push in pushed if not push.of_day
    )


def _volume_at_most(demand: ProfileDemand | HistoryDemand | None, calendar: Calendar) -> NDArray[np.float64]:
    """[day] Volume without factors."""
    per_day = np.zeros(calendar.days)
    if isinstance(demand, ProfileDemand):
        per_day = demand.per_week * np.array(demand.weekday_share)[calendar.weekday_of_day]
        per_day *= np.where(calendar.is_holiday, max(demand.holiday_factor, 1.0), 1.0)
    elif demand is not None:
        per_day += demand.scale * demand.count.sum(axis=(1, 2)).mean()
    return per_day


def _factors_at_most(factors: Sequence[VolumeFactor], calendar: Calendar) -> NDArray[np.float64]:
    """[day] Product of the factors above 1 that touch it, those on orders left out."""
    most = np.ones(calendar.days)
    with np.errstate(over="ignore"):
        for factor in factors:
            if factor.factor > 1 and not factor.on_orders:
                touched = (calendar.day_edges[:-1] < factor.over) & (calendar.day_edges[1:] > factor.start)
                most *= np.where(touched, factor.factor, 1.0)
    return most
