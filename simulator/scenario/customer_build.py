"""From the tables of what customers do to the frozen description."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulator.scenario.customers import Callback, Outage, Return, Returns, Silent, Told
from simulator.scenario.fields import title_of
from simulator.scenario.model import ORDINARY, CustomerClass
from simulator.scenario.time_tables import distribution_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.customer_tables import (
        AgainTable,
        CallbackTable,
        HandOnTable,
        OutageTable,
        SilentTable,
        ToldTable,
    )
    from simulator.scenario.document import Document


def classes_of(document: Document) -> Iterator[CustomerClass]:
    """All classes of customers, the ordinary ones first."""
    yield ORDINARY
    for name, table in document.customers.items():
        yield CustomerClass(
            name=name,
            title=table.title or title_of(name),
            share=tuple(table.share_on.get(channel, table.share) for channel in document.channels),
            priority_step=table.priority_step,
            handling_factor=table.handling_factor,
            patience_factor=table.patience_factor,
        )


def returns_of(name: str, topic: str, document: Document) -> Returns:
    """What may follow a contact of this channel and topic."""
    channel = document.channels[name]
    redial, repeat, chaser = channel.redial, channel.repeat, channel.chaser
    bounce = channel.bot.bounce if channel.bot else None
    at_bot = channel.bot.topics.get(topic) if channel.bot else None
    bounced = None if at_bot is None else at_bot.bounce

    def again(table: AgainTable, *share: float, waits: bool = True, factor: float = 1.0) -> Return:
        return Return(
            share, _shares(table.to or {name: 1.0}, document), distribution_of(table.delay), waits, None, factor
        )

    return Returns(
        redial=again(redial, *redial.share, waits=redial.waits_for_opening) if redial else None,
        bounce=again(bounce, bounce.share if bounced is None else bounced, waits=bounce.waits_for_opening)
        if bounce
        else None,
        repeat=again(
            repeat,
            1 - repeat.topics.get(topic, repeat).resolved,
            waits=repeat.waits_for_opening,
            factor=document.enquiries.handling_factor,
        )
        if repeat
        else None,
        hand_on=_hand_on(channel.hand_on, topic, name, document) if channel.hand_on else None,
        # Who asks for an answer does so then, open or not (R26).
        chaser=again(chaser, chaser.share, waits=False, factor=chaser.handling_factor) if chaser else None,
    )


def _hand_on(table: HandOnTable, topic: str, name: str, document: Document) -> Return:
    return Return(
        share=(table.topics.get(topic, table).share,),
        channels=_shares({table.to or name: 1.0}, document),
        delay=distribution_of(table.delay),
        waits_for_opening=table.waits_for_opening,
        topic=None if table.topic is None else list(document.topics).index(table.topic),
        handling_factor=document.enquiries.handling_factor,
    )


def _shares(to: Mapping[str, float], document: Document) -> tuple[tuple[int, float], ...]:
    total = math.fsum(to.values())
    return tuple((number, to[name] / total) for number, name in enumerate(document.channels) if to.get(name, 0.0) > 0.0)


def told_of(table: ToldTable | None) -> Told | None:
    """What customers make of the wait that they are told."""
    if table is None:
        return None
    endless = math.isinf(table.tolerance.mean)
    return Told(None if endless else distribution_of(table.tolerance), table.patience_factor)


def callback_of(table: CallbackTable | None) -> Callback | None:
    """The offer of a call instead of a wait."""
    if table is None:
        return None
    return Callback(
        offered_from=table.offered_from,
        taken=table.taken,
        reached=table.reached,
        tries=table.tries,
        retry_after=distribution_of(table.retry_after),
        ringing=table.ringing,
    )


def silent_of(table: SilentTable | None) -> Silent | None:
    """Customers who leave without a sign."""
    return Silent(table.share, table.time_out) if table else None


def build_outages(document: Document, calendar: Calendar) -> Iterator[Outage]:
    """Outages that touch the horizon."""
    for name, table in document.outages.items():
        start, end = (calendar.seconds_at(moment.day, moment.clock) for moment in (table.start, table.end))
        if start < calendar.edges[-1] and end > 0:
            yield _outage(name, table, start, end, document)


def _outage(name: str, table: OutageTable, start: float, end: float, document: Document) -> Outage:
    switching = math.fsum(table.switch.values())
    back = switch = None
    if table.back:
        to = _shares({table.channel: 1.0}, document)
        back = Return((table.back,), to, distribution_of(table.back_after), waits_for_opening=True)
    if switching:
        to = _shares(table.switch, document)
        switch = Return((switching,), to, distribution_of(table.switch_after), waits_for_opening=True)
    return Outage(name, list(document.channels).index(table.channel), start, end, back, switch)
