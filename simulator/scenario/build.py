"""From a checked document and its CSV files to the frozen `model.Scenario`."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate, repeat
from operator import mul
from typing import TYPE_CHECKING

from simulator.scenario.agents import Learning, OnCall, ReadyAnswers
from simulator.scenario.build_campaigns import build_pushes, build_volume_factors
from simulator.scenario.calendar import Calendar, Holidays
from simulator.scenario.channel_tables import BotTopicTable, ChannelTopicTable
from simulator.scenario.customer_build import build_outages, callback_of, classes_of, returns_of, silent_of, told_of
from simulator.scenario.delays import shares_by_day
from simulator.scenario.demand_tables import FileDemandTable, ProfileFileTable
from simulator.scenario.diversions import build_diversions
from simulator.scenario.document import StaffingFileTable
from simulator.scenario.errors import Problem, ScenarioError
from simulator.scenario.fields import parse_steps, title_of
from simulator.scenario.hours import WEEKDAYS, WeeklyHours
from simulator.scenario.model import (
    Bot,
    Busyness,
    Channel,
    ContactType,
    Costs,
    Group,
    HistoryDemand,
    ProfileDemand,
    Scenario,
    Skill,
    StepProfile,
    Target,
    Topic,
    Uncertainty,
)
from simulator.scenario.order_file import missing_days, read_orders
from simulator.scenario.order_tables import OrderFileTable
from simulator.scenario.orders import OrderContacts, Orders
from simulator.scenario.staffing import read_staffing, replace_date, weekly_staffing, with_extra, with_extra_in
from simulator.scenario.supplier_build import build_suppliers
from simulator.scenario.time_tables import distribution_of
from simulator.scenario.units import DAY
from simulator.scenario.volumes import read_profile, read_volumes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from simulator.scenario.channel_tables import ChannelTable
    from simulator.scenario.cost_tables import CostsTable
    from simulator.scenario.demand_tables import ProfileDemandTable
    from simulator.scenario.document import Document, GroupTable, HorizonTable
    from simulator.scenario.files import ScenarioFiles
    from simulator.scenario.group_tables import LearningTable, OnCallTable
    from simulator.scenario.order_tables import OrdersTable

_NOTHING_OWN = ChannelTopicTable()
_NOTHING_AT_BOT = BotTopicTable()


def build_calendar(horizon: HorizonTable) -> Calendar:
    """The calendar of a horizon.

    Raises
    ------
    ScenarioError
        If the time zone, the holidays or the interval cannot be.
    """
    country = None if horizon.holidays.lower() == "none" else horizon.holidays
    extra, ordinary = horizon.extra_holidays, frozenset(horizon.not_holidays)
    end = horizon.start + timedelta(days=horizon.days)

    def holidays() -> Holidays:
        return Holidays(country, horizon.subdivision, extra, ordinary)

    # Each attempt adds one field to those before, so that what fails first tells the field at fault.
    attempts: list[tuple[str, Callable[[], object]]] = [
        ("timezone", lambda: Calendar(horizon.timezone, horizon.start, horizon.days, 60)),
        ("interval", lambda: Calendar(horizon.timezone, horizon.start, horizon.days, int(horizon.interval))),
        ("holidays", lambda: Holidays(country).between(horizon.start, end)),
        ("subdivision", lambda: Holidays(country, horizon.subdivision).between(horizon.start, end)),
        ("not_holidays", lambda: holidays()),
    ]
    for field, attempt in attempts:
        try:
            attempt()
        except ValueError as error:
            raise ScenarioError([Problem(str(error), ("horizon", field))]) from None
    return Calendar(horizon.timezone, horizon.start, horizon.days, int(horizon.interval), holidays())


def build_demand(
    name: str, channel: ChannelTable, topics: Sequence[str], calendar: Calendar, files: ScenarioFiles
) -> ProfileDemand | HistoryDemand | None:
    """The demand of a channel; None if it has none, or if a file of it has problems."""
    demand = channel.demand
    here = ("channels", name, "demand")
    if demand is None:
        return None
    if isinstance(demand, FileDemandTable):
        history = files.read(
            demand.file,
            (*here, "file"),
            read_volumes,
            demand=demand.model_copy(update={"scale": 1.0}),
            channel=name,
            hours=channel.hours,
            topics=tuple(topics),
            calendar=calendar,
        )
        return history and replace(history, scale=demand.scale)
    return _profile(demand, here, files)


def _profile(demand: ProfileDemandTable, here: tuple[str, ...], files: ScenarioFiles) -> ProfileDemand:
    usual = _step_profile(demand.time_of_day, (*here, "time_of_day"), files)
    profiles = [
        usual if own is None else _step_profile(own, (*here, "time_of_day_on", weekday), files)
        for weekday, own in zip(WEEKDAYS, demand.time_of_day_on.profiles, strict=True)
    ]
    total = sum(demand.weekdays.weights)
    return ProfileDemand(
        per_week=demand.per_week,
        weekday_share=tuple(weight / total for weight in demand.weekdays.weights),
        time_of_day=tuple(profile for profile in profiles if profile is not None),
        holiday_factor=demand.holiday_factor,
    )


def _times(demand: ProfileDemand | HistoryDemand | None, factor: float) -> ProfileDemand | HistoryDemand | None:
    """A demand at another level (D14)."""
    if isinstance(demand, ProfileDemand):
        return replace(demand, per_week=demand.per_week * factor)
    return None if demand is None else replace(demand, scale=demand.scale * factor)


def build_curve(orders: OrdersTable, calendar: Calendar, files: ScenarioFiles) -> ProfileDemand | HistoryDemand | None:
    """How many orders come; None if a file of the curve has problems."""
    curve = orders.curve
    here = ("orders", "curve")
    if isinstance(curve, OrderFileTable):
        one = curve.model_copy(update={"scale": 1.0})
        orders_read = files.read(curve.file, (*here, "file"), read_orders, table=one, calendar=calendar)
        return orders_read and replace(orders_read, scale=curve.scale)
    return _profile(curve, here, files)


def build_orders(document: Document, calendar: Calendar, files: ScenarioFiles) -> Orders | None:
    """Orders and what they bring; None if there are none, or if a file of theirs has problems."""
    orders = document.orders
    if orders is None:
        return None
    channels, topics = list(document.channels), list(document.topics)
    contacts = []
    for name, table in orders.contacts.items():
        delay = table.delay or table.lead
        total = math.fsum(table.channels.values())
        row = OrderContacts(
            name=name,
            topic=topics.index(table.topic or name),
            per_order=table.per_order,
            channels=tuple((channels.index(channel), share / total) for channel, share in table.channels.items()),
            shares_by_day=shares_by_day(distribution_of(delay)) if delay else (1.0,),
            before=table.lead is not None,
            closed_days=table.closed_days,
        )
        contacts.append(row)
    curve = _times(build_curve(orders, calendar, files), document.overall.volume)
    fill = isinstance(orders.curve, OrderFileTable) and orders.curve.missing_days == "typical week"
    return Orders(curve, fill, tuple(contacts)) if curve else None


def build_staffing(
    name: str, group: GroupTable, hours: Mapping[str, WeeklyHours], calendar: Calendar, files: ScenarioFiles
) -> tuple[int, ...]:
    """[interval] Agents of a group on duty, `hours` being those of each channel; empty if its file has problems."""
    table = group.staffing
    if isinstance(table, StaffingFileTable):
        served = {skill.channel or key for key, skill in group.skills.items()}
        served_hours = tuple(hours[channel] for channel in sorted(served & set(hours)))
        field = ("groups", name, "staffing", "file")
        planned = files.read(table.file, field, read_staffing, table=table, hours=served_hours, calendar=calendar)
        if planned is None:
            return ()
        agents = planned.copy()
    else:
        agents = weekly_staffing(table, calendar)
    for day, windows in group.dates.items():
        replace_date(agents, day, windows, calendar)
    agents = with_extra_in(with_extra(agents, group.extra_agents), group.extra_in, calendar)
    if group.learning is not None:
        agents = agents * _learning(group.learning, calendar).started(calendar)
    return tuple(agents.tolist())


def build_scenario(document: Document, calendar: Calendar, files: ScenarioFiles, name: str) -> Scenario:
    """Read the CSV files and put the scenario together; its `content_hash` is left to the caller.

    Raises
    ------
    ScenarioError
        Whatever is wrong with the files, or only shows once they are read.
    """
    topic_names = list(document.topics)
    orders = build_orders(document, calendar, files)
    channels = []
    for number, (channel_name, channel) in enumerate(document.channels.items()):
        demand = _times(build_demand(channel_name, channel, topic_names, calendar, files), document.overall.volume)
        brought = orders.brought_to(number) if orders else {}
        channels.append(_channel(channel_name, document, demand, topic_names, brought))
    hours = {channel.name: channel.hours for channel in channels}
    customer_classes = tuple(classes_of(document))
    groups = [
        _group(
            group_name,
            group,
            build_staffing(group_name, group, hours, calendar, files),
            channels,
            topic_names,
            [each.name for each in customer_classes],
            calendar,
        )
        for group_name, group in document.groups.items()
    ]
    if orders is not None and not files.problems:
        files.problems += _problems_of_order_days(orders, calendar, channels)
    if files.problems:
        raise ScenarioError(files.problems)
    return Scenario(
        name=name,
        title=document.title or title_of(name),
        description=document.description,
        calendar=calendar,
        currency=document.currency,
        topics=tuple(Topic(topic, title) for topic, title in document.topics.items()),
        channels=tuple(channels),
        groups=tuple(groups),
        volume_factors=tuple(build_volume_factors(document, calendar)),
        correlation=document.busyness.correlation,
        customer_classes=customer_classes,
        ready_answers=tuple(_ready_answers(document)),
        day_to_day=document.busyness.day_to_day,
        uncertainty=Uncertainty(
            forecast_cv=document.uncertainty.forecast_cv,
            lead=document.uncertainty.forecast_lead,
            growth=document.uncertainty.growth,
            band=document.uncertainty.band,
            quantile=document.uncertainty.quantile,
        ),
        diversions=tuple(build_diversions(document, calendar)),
        outages=tuple(build_outages(document, calendar)),
        after_opening=document.enquiries.after_opening,
        attempts=document.enquiries.attempts,
        orders=orders,
        pushes=tuple(build_pushes(document, calendar)),
        variants={key: variant.as_written for key, variant in document.variants.items()},
        costs=_costs(document.costs, channels, topic_names),
        suppliers=tuple(build_suppliers(document)),
        sources=document.sources,
        seed=document.simulation.seed,
        replications=document.simulation.replications,
    )


def _problems_of_order_days(orders: Orders, calendar: Calendar, channels: Sequence[Channel]) -> list[Problem]:
    """What stops the orders from being known on all days that matter."""
    try:
        needed = orders.calendar(calendar, channels)
        return list(missing_days(orders, needed))
    except ValueError as error:
        return [Problem(f"Orders before and after the horizon matter, too: {error}", ("orders",))]


def _channel(
    name: str,
    document: Document,
    demand: ProfileDemand | HistoryDemand | None,
    topics: Sequence[str],
    brought: Mapping[int, float],
) -> Channel:
    channel = document.channels[name]
    bot = channel.bot
    backlog = channel.backlog
    from_file = isinstance(demand, HistoryDemand) and demand.use == "typical week"
    mix = _mix(channel, demand, topics, brought)
    return Channel(
        name=name,
        title=channel.title or title_of(name),
        kind=channel.kind,
        hours=channel.hours,
        closing=channel.closing,
        slots=channel.slots,
        slot_speed=tuple(channel.slot_speed or [1.0] * channel.slots)[: channel.slots],
        interruptible=channel.interruptible,
        bot=Bot(distribution_of(bot.time), bot.hours or channel.hours, bot.capacity) if bot else None,
        target=Target(
            share=channel.target.answered,
            within=channel.target.within,
            definition=channel.target.definition,
            period=channel.target.per,
            open_time=channel.target.counting == "open hours",
        ),
        short_abandon=channel.short_abandon,
        types=tuple(_contact_type(name, document, topics.index(topic), topic, share) for topic, share in mix.items()),
        demand=demand,
        busyness=Busyness(
            day_cv=_given(channel.busyness.day_cv, from_file=from_file),
            interval_cv=_given(channel.busyness.interval_cv, from_file=from_file),
            interval_memory=_given(channel.busyness.interval_memory, from_file=from_file),
        ),
        backlog=backlog.contacts if backlog else 0,
        backlog_age=backlog.oldest if backlog else 0.0,
        told=told_of(channel.told),
        callback=callback_of(channel.callback),
        silent=silent_of(channel.silent),
    )


def _mix(
    channel: ChannelTable,
    demand: ProfileDemand | HistoryDemand | None,
    topics: Sequence[str],
    brought: Mapping[int, float],
) -> dict[str, float]:
    """Topics of a channel with their shares of its own demand, which add up to 1; in the scenario's order.

    Topics that only orders bring, `brought`, have a share of 0, unless there is no demand but theirs.
    """
    by_orders = {topics[topic]: per_order for topic, per_order in brought.items()}
    if channel.mix is not None:
        weights = channel.mix
    elif isinstance(demand, HistoryDemand) and demand.topics != (-1,):
        totals = demand.count.sum(axis=(0, 1)).tolist()
        weights = {topics[topic]: total for topic, total in zip(demand.topics, totals, strict=True)}
    elif demand is None and by_orders:
        weights = by_orders
    else:
        weights = dict.fromkeys(topics, 1.0)
    total = math.fsum(weights.values())
    weights = dict.fromkeys(by_orders, 0.0) | weights
    return {topic: weights[topic] / total if total else 0.0 for topic in topics if topic in weights}


def _contact_type(name: str, document: Document, index: int, topic: str, share: float) -> ContactType:
    channel = document.channels[name]
    own = channel.topics.get(topic, _NOTHING_OWN)
    work = distribution_of(own.handling_time or channel.handling_time)
    patience = own.patience or channel.patience
    bot_share = containment = 0.0
    escalated_handling = escalated_patience = 1.0
    if bot := channel.bot:
        at_bot = bot.topics.get(topic, _NOTHING_AT_BOT)
        bot_share = _own(at_bot.share, bot.share) * (1 - _own(at_bot.refused, bot.refused))
        containment = _own(at_bot.containment, bot.containment)
        escalated_handling = _own(at_bot.escalated_handling, bot.escalated_handling)
        escalated_patience = _own(at_bot.escalated_patience, bot.escalated_patience)
    return ContactType(
        topic=index,
        share=share,
        handling_time=replace(work, mean=work.mean * document.overall.handling_time),
        patience=None if patience is None or math.isinf(patience.mean) else distribution_of(patience),
        priority=channel.priority if own.priority is None else own.priority,
        bot_share=bot_share,
        containment=containment,
        escalated_handling=escalated_handling,
        escalated_patience=escalated_patience,
        returns=returns_of(name, topic, document),
    )


def _own(own: float | None, usual: float) -> float:
    return usual if own is None else own


def _group(
    name: str,
    group: GroupTable,
    staffing: tuple[int, ...],
    channels: Sequence[Channel],
    topics: Sequence[str],
    customer_classes: Sequence[str],
    calendar: Calendar,
) -> Group:
    index = {channel.name: number for number, channel in enumerate(channels)}
    skills = []
    for key, skill in group.skills.items():
        number = index[skill.channel or key]
        channel = channels[number]
        on_channel = [kind.topic for kind in channel.types]
        wanted = on_channel if skill.topics is None else [topics.index(topic) for topic in skill.topics]
        skills.append(
            Skill(
                channel=number,
                topics=tuple(topic for topic in on_channel if topic in wanted),
                level=skill.level,
                overflow_after=skill.overflow_after,
                speed=skill.speed,
                slots=channel.slots if skill.slots is None else skill.slots,
                customer_classes=tuple(
                    place
                    for place, each in enumerate(customer_classes)
                    if skill.customers is None or each in skill.customers
                ),
            )
        )
    return Group(
        name=name,
        title=group.title or title_of(name),
        employer=group.employer,
        skills=tuple(skills),
        staffing=staffing,
        reserve=group.reserve,
        shrinkage=group.shrinkage,
        cost_per_hour=group.cost.amount if group.cost else 0.0,
        absence=group.absence,
        learning=_learning(group.learning, calendar) if group.learning else None,
        on_call=_on_call(group.on_call) if group.on_call else None,
    )


def _costs(costs: CostsTable, channels: Sequence[Channel], topics: Sequence[str]) -> Costs:
    index = {channel.name: number for number, channel in enumerate(channels)}
    lost = costs.lost_order
    shares = {} if lost is None else {name: {**lost.share, **lost.share_on.get(name, {})} for name in index}
    return Costs(
        overtime=costs.overtime,
        bot_session={index[name]: price.amount for name, price in costs.bot_session.items()},
        line_minute={index[name]: price.amount for name, price in costs.line.items()},
        fixed={name: price.amount for name, price in costs.fixed.items()},
        order_value=0.0 if lost is None else lost.value.amount,
        order_share={
            (index[name], topics.index(topic)): share
            for name, by_topic in shares.items()
            for topic, share in by_topic.items()
        },
    )


def _learning(table: LearningTable, calendar: Calendar) -> Learning:
    """By week, up to the end of the horizon where there is no list of weeks."""
    weeks = max(calendar.days - 1 + (calendar.start - table.start).days, 0) // 7 + 1

    def by_week(first: float | None, listed: list[float] | None) -> tuple[float, ...]:
        if first is None:
            return tuple(listed or ())
        assert table.learnt_per_week is not None
        # A product step by step: the same bits on every machine, which a power is not.
        missing = accumulate(repeat(1 - table.learnt_per_week, weeks - 1), mul, initial=1 - first)
        return tuple(1 - gap for gap in missing)

    return Learning(
        start=table.start,
        pace=by_week(table.pace, table.pace_by_week),
        quality=by_week(table.quality, table.quality_by_week),
    )


def _on_call(table: OnCallTable) -> OnCall:
    wait = math.inf if table.wait is None else table.wait
    return OnCall(table.waiting, wait, table.lead, table.stay, table.released_at)


def _ready_answers(document: Document) -> Iterator[ReadyAnswers]:
    for name, table in document.ready_answers.items():

        def places(chosen: list[str] | None, known: Mapping[str, object]) -> tuple[int, ...]:
            return tuple(k for k, each in enumerate(known) if chosen is None or each in chosen)

        yield ReadyAnswers(
            name=name,
            title=table.title or title_of(name),
            reach=table.reach,
            saving=table.saving,
            channels=places(table.channels, document.channels),
            topics=places(table.topics, document.topics),
            groups=places(table.groups, document.groups),
        )


def _step_profile(
    profile: dict[str, float] | ProfileFileTable, field: tuple[str, ...], files: ScenarioFiles
) -> StepProfile | None:
    if isinstance(profile, ProfileFileTable):
        steps = files.read(profile.file, (*field, "file"), read_profile)
        if steps is None:
            return None
    else:
        steps = parse_steps(profile)
    from_midnight = {0: 0.0} | {clock: steps[clock] for clock in sorted(steps) if clock < DAY}
    return StepProfile(tuple(float(clock) for clock in from_midnight), tuple(from_midnight.values()))


def _given(value: float | str | None, *, from_file: bool) -> float | None:
    """Give what `Busyness` takes: None for what the volume file shows."""
    if value is None:
        return None if from_file else 0.0
    return None if isinstance(value, str) else value
