"""Named days and campaigns of a document as the plain windows and pushes of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.scenario.diversions import before_opening
from simulator.scenario.fields import title_of
from simulator.scenario.model import Push, VolumeFactor
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.campaign_tables import CampaignTable, NamedDayTable
    from simulator.scenario.document import Document


def build_volume_factors(document: Document, calendar: Calendar) -> Iterator[VolumeFactor]:
    """Named days, windows of campaigns and channels not open yet: what touches the horizon, or acts on orders."""
    found = []
    for name, named_day in document.day_factors.items():
        channels, topics = _concerned(document, named_day)
        for day in sorted(set(named_day.dates)):
            factor = VolumeFactor(
                name=name,
                start=calendar.seconds_at(day, 0),
                end=calendar.seconds_at(day, DAY),
                factor=named_day.factor,
                channels=channels,
                topics=topics,
                title=named_day.title or title_of(name),
                on_orders=named_day.on == "orders",
            )
            found.append(factor)
    for name, campaign in document.campaigns.items():
        if campaign.start is None or campaign.end is None:
            continue
        channels, topics = _concerned(document, campaign)
        factor = VolumeFactor(
            name=name,
            start=calendar.seconds_at(campaign.start.day, campaign.start.clock),
            end=calendar.seconds_at(campaign.end.day, campaign.end.clock),
            factor=campaign.uplift,
            channels=channels,
            topics=topics,
            title=campaign.title or title_of(name),
            ramp=campaign.ramp,
            half_life=campaign.half_life or 0.0,
            on_orders=campaign.on == "orders",
            handling=campaign.handling_time,
        )
        found.append(factor)
    found += before_opening(document, calendar)
    horizon = float(calendar.edges[-1])
    return (factor for factor in found if factor.on_orders or (factor.start < horizon and factor.over > 0))


def build_pushes(document: Document, calendar: Calendar) -> Iterator[Push]:
    """Messages that go out within the horizon, and all that bring orders."""
    for name, campaign in document.campaigns.items():
        channels, topics = _concerned(document, campaign)
        for push in campaign.pushes:
            at = calendar.seconds_at(push.at.day, push.at.clock)
            if campaign.on == "contacts" and not 0 <= at < calendar.edges[-1]:
                continue
            of_day = push.share_of_day is not None
            extra = (push.extra or 0.0) * document.overall.volume
            yield Push(
                name=name,
                title=campaign.title or title_of(name),
                at=at,
                amount=float(extra if push.share_of_day is None else push.share_of_day),
                of_day=of_day,
                half_life=push.half_life,
                channels=channels,
                topics=topics,
                on_orders=campaign.on == "orders",
            )


def _concerned(document: Document, table: NamedDayTable | CampaignTable) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Channels and topics by number."""
    channels, topics = list(document.channels), list(document.topics)
    concerned = {channels.index(channel) for channel in table.channels or channels}
    about = {topics.index(topic) for topic in table.topics or topics}
    return tuple(sorted(concerned)), tuple(sorted(about))
