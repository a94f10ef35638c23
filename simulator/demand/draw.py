"""Draws who arrives: counts per interval first, then each contact with all its luck.

Luck is laid out so that it does not depend on how many others there are. Each channel, topic, date and purpose (the
count, the arrival, the work ...) has a stream of its own, and the stream is read in rows: row k holds one number for
each interval of the day, for the k-th contact of that interval. More volume, a longer horizon, another channel, topic
or purpose: all contacts that were there before stay the same people. Another length of the intervals makes others.

Announcements and new channels then change who of them comes, when and where (`simulator.demand.diversions`): contacts
are numbered anew by the type they come as, and what depends on the type is made of the luck they were born with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.contacts import Contacts, Diverted
from simulator.demand.busyness import BusynessModel
from simulator.demand.campaigns import handling_at
from simulator.demand.customer_classes import ClassLaw
from simulator.demand.diversions import Diverter
from simulator.demand.expected import expected_of
from simulator.demand.follow_ups import FollowUpLaw
from simulator.demand.keys import constant
from simulator.demand.luck import Cell, Luck
from simulator.demand.times import FOR_EVER, NO_TIME, Times
from simulator.streams import stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.scenario.model import Channel, Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Words = NDArray[np.uint64]


def draw_contacts(scenario: Scenario, seed: int, replication: int) -> Contacts:
    """Draw the contacts of one replication; for many replications, keep a `Demand` and draw from that."""
    return Demand(scenario).draw(seed, replication)


class Demand:
    """The demand of a scenario. What all replications have in common is worked out once, here.

    Drawing changes nothing in it: any number of threads may draw from one `Demand` at the same time.

    Parameters
    ----------
    scenario
        Its groups do not matter: the same customers come whoever is on duty.

    Raises
    ------
    ValueError
        If the expected contacts or the busyness cannot be told from the scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        expected = expected_of(scenario)
        self.expected = expected.contacts
        """[channel, topic, interval] Expected contacts, as if nothing were announced and no channel opened."""
        self.busyness = BusynessModel.of(scenario)
        self._edges = np.array(scenario.calendar.edges)
        self._latest = np.nextafter(self._edges[1:], 0.0)

        # From here on, contact types have numbers of their own, by channel and then topic.
        by_topic = [sorted(channel.types, key=lambda kind: kind.topic) for channel in scenario.channels]
        types = [kind for of_channel in by_topic for kind in of_channel]
        self._channel = np.repeat(np.arange(len(by_topic)), [len(of_channel) for of_channel in by_topic])
        self._topic = np.array([kind.topic for kind in types], dtype=np.int64)
        self._expected = self.expected[self._channel, self._topic]
        self._uneven, come = expected.uneven()
        self._come = come[self._channel, self._topic]
        """[type, uneven, piece + 1] Share of an interval's contacts that have come, where a push makes it uneven."""
        bots = [scenario.channels[c].bot for c in self._channel]
        with_bot = np.array([bot is not None for bot in bots], dtype=np.bool_)
        self._bot_share = np.array([kind.bot_share for kind in types]) * with_bot
        self._containment = np.array([kind.containment for kind in types], dtype=np.float64)
        self._work = Times([kind.handling_time for kind in types])
        self._patience = Times([kind.patience or FOR_EVER for kind in types])
        self._bot_time = Times([NO_TIME if bot is None else bot.time for bot in bots])
        self.follow_ups = FollowUpLaw(
            scenario,
            types=[(int(c), kind) for c, kind in zip(self._channel, types, strict=True)],
            bot_share=self._bot_share,
            work=self._work,
            patience=self._patience,
            bot_time=self._bot_time,
            least_quality=scenario.least_quality,
        )
        """What may follow each contact."""
        self._classes = ClassLaw(scenario)
        self._keyed = self.follow_ups.needed or self._classes.needed

        cells = self._cells()
        everybody = np.ones_like(with_bot)
        keyed = everybody & self._keyed
        self._diverter = Diverter(scenario, self._channel, self._topic, cells)
        self._luck = {
            purpose: Luck(purpose, [cell for cell in cells if needed[cell.kind]])
            for purpose, needed in (
                ("count", everybody),
                ("arrival", everybody),
                ("work", self._diverter.needed(self._work.random)),
                ("patience", self._diverter.needed(self._patience.random)),
                ("meets bot", self._diverter.needed(with_bot)),
                ("contained", self._diverter.needed(with_bot)),
                ("bot time", self._diverter.needed(self._bot_time.random)),
                ("enquiry", keyed),
            )
        }

    def _cells(self) -> list[Cell]:
        scenario, calendar = self.scenario, self.scenario.calendar
        first = np.searchsorted(calendar.day_of_interval, np.arange(calendar.days + 1)).tolist()
        return [
            Cell(kind, begin, end, (scenario.channels[c].name, scenario.topics[t].name, day.isoformat()))
            for kind, (c, t) in enumerate(zip(self._channel, self._topic, strict=True))
            for begin, end, day in zip(first[:-1], first[1:], calendar.date_of_day, strict=True)
            if self._expected[kind, begin:end].any()
        ]

    def draw_counts(self, seed: int, replication: int) -> Ints:
        """[channel, topic, interval] How many contacts arrive as if nothing were announced, backlog left out.

        Without announcements and new channels, the same counts as in `draw`.
        """
        counts = np.zeros(self.expected.shape, dtype=np.int64)
        counts[self._channel, self._topic] = self._draw_counts(seed, replication)
        return counts

    def draw(self, seed: int, replication: int) -> Contacts:
        """Draw all contacts in order of arrival; those of one instant by channel, topic and birth.

        Whom a diversion has moved stands at one instant by what it would have been.
        """
        return self.draw_diverted(seed, replication)[0]

    def draw_diverted(self, seed: int, replication: int) -> tuple[Contacts, Diverted]:
        """Draw all contacts, and say what announcements and new channels made of them."""
        drawn, diverted = self._draw_arrivals(seed, replication)
        if any(channel.backlog for channel in self.scenario.channels):
            # All of it came before the first instant, or at it.
            drawn = _joined([self._draw_backlog(seed, replication), drawn])
        due = np.full(len(drawn.arrival), np.inf)
        for c, channel in enumerate(self.scenario.channels):
            if channel.kind == "deferred":
                of_channel = np.flatnonzero(drawn.channel == c)
                due[of_channel] = self._due(channel, drawn.arrival[of_channel])
        number = np.arange(len(due))
        columns = drawn._asdict()
        key = columns.pop("key")
        contacts = Contacts(
            **columns,
            due=due,
            enquiry=number,
            attempt=np.zeros_like(number),
            tolerance=np.full(len(due), np.inf),
            silent=np.zeros(len(due), dtype=np.bool_),
        )
        return self._classes.treated(self.follow_ups.drawn_after(contacts, key)), diverted

    def _draw_counts(self, seed: int, replication: int) -> Ints:
        """[type, interval] How many contacts arrive."""
        from simulator.demand import compiled  # Numba is loaded only where something is drawn

        mean = self._expected * self.busyness.draw(seed, replication)[self._channel]
        # One number for each interval: the first row.
        one_each = np.ones(mean.shape, dtype=np.int64)
        luck = self._luck["count"].read(seed, replication, one_each, np.arange(mean.size).reshape(mean.shape))
        return compiled.poisson_quantile(luck, mean.ravel()).reshape(mean.shape)

    def _draw_arrivals(self, seed: int, replication: int) -> tuple[_Drawn, Diverted]:
        from simulator.demand import compiled

        count = self._draw_counts(seed, replication)
        born = np.concatenate(([0], np.cumsum(count)))
        first = born[:-1].reshape(count.shape)
        bounds = born[:: count.shape[1]].copy()

        contacts: slice | Ints = slice(None)  # all of them, by birth

        def luck(purpose: str) -> Floats:
            return self._luck[purpose].read(seed, replication, count, first)[contacts]

        part_of_interval = self._with_pushes(luck("arrival"), count, first)
        arrival, place = compiled.arrivals(count, first, self._edges, self._latest, part_of_interval)
        diverted, born = Diverted.blank(0, len(self.scenario.channels)), bounds
        if self.scenario.diversions:
            drawn = count, first, bounds, arrival, place
            arrival, contacts, bounds, place, diverted = self._diverter.divert(seed, replication, *drawn)
        key = self._keys(luck("enquiry"), place)
        channel = compiled.of_types(self._channel, bounds, place)
        topic = compiled.of_types(self._topic, bounds, place)
        work = self._work.of(luck("work"), bounds, place)
        factor = handling_at(self.scenario, arrival, channel, topic)
        columns = _Drawn(
            arrival=arrival,
            channel=channel,
            topic=topic,
            customer_class=self._classes_of(key, born, contacts, place),
            work=work if factor is None else work * factor,
            patience=self._patience.of(luck("patience"), bounds, place),
            meets_bot=compiled.chosen(self._bot_share, luck("meets bot"), bounds, place),
            contained=compiled.chosen(self._containment, luck("contained"), bounds, place),
            bot_time=self._bot_time.of(luck("bot time"), bounds, place),
            key=key,
        )
        return columns, diverted

    def _keys(self, luck: Floats, place: Ints) -> Words:
        """[row] Keys of enquiries, whose luck is given by birth; all 0 if nothing is made from them."""
        from simulator.demand import compiled

        if not self._keyed:
            return np.zeros(len(place), dtype=np.uint64)
        return compiled.keys_of(luck, place, constant("enquiry"))

    def _classes_of(self, key: Words, born: Ints, contacts: slice | Ints, place: Ints) -> Ints:
        """[row] Classes of customers, by the channel on which each would have come if nothing were announced."""
        if not self._classes.needed:
            return np.zeros(len(place), dtype=np.int64)
        channel = np.empty_like(place)
        channel[place] = np.repeat(self._channel, np.diff(born))[contacts]
        return self._classes.drawn(key, channel)

    def _with_pushes(self, luck: Floats, count: Ints, first: Ints) -> Floats:
        """[contact] The part of its interval that has gone by when a contact arrives: its luck, if all is even.

        Where a push falls into the interval, the part by which as large a share of its contacts has come as the luck.
        """
        for k, i in enumerate(self._uneven.tolist()):
            pushed = ~np.isnan(self._come[:, k, 0])
            for kind in np.flatnonzero(pushed & (count[:, i] > 0)).tolist():
                own = slice(first[kind, i], first[kind, i] + count[kind, i])
                come = self._come[kind, k]
                piece = np.minimum(np.searchsorted(come, luck[own], side="right"), len(come) - 1) - 1
                within = (luck[own] - come[piece]) / (come[piece + 1] - come[piece])
                luck[own] = (piece + within) / (len(come) - 1)
        return luck

    def _draw_backlog(self, seed: int, replication: int) -> _Drawn:
        """Contacts that wait from the start, in order of arrival; those of one instant by channel and age."""
        waiting = [
            self._draw_backlog_of(c, seed, replication)
            for c, channel in enumerate(self.scenario.channels)
            if channel.backlog
        ]
        together = _joined(waiting)
        order = np.argsort(together.arrival, kind="stable")
        return _Drawn._make(column[order] for column in together)

    def _draw_backlog_of(self, c: int, seed: int, replication: int) -> _Drawn:
        """Oldest first; the k-th keeps its luck when there are more of them."""
        channel = self.scenario.channels[c]
        count = channel.backlog

        def luck(purpose: str) -> Floats:
            return stream(seed, replication, purpose, channel.name).random(count)

        share = np.cumsum([kind.share for kind in channel.types])
        drawn = np.searchsorted(share[:-1] / share[-1], luck("backlog topic"), side="right")
        topic = np.array([kind.topic for kind in channel.types])[drawn]
        # Types of one channel stand by topic.
        kind = np.searchsorted(self._channel, c) + np.searchsorted(self._topic[self._channel == c], topic)
        place = np.argsort(kind, kind="stable")
        bounds = np.searchsorted(kind[place], np.arange(len(self._channel) + 1))
        never = np.zeros(count, dtype=np.bool_)
        key, on_channel = self._keys(luck("backlog enquiry"), np.arange(count)), np.full(count, c)
        return _Drawn(
            arrival=np.linspace(-channel.backlog_age, 0.0, count, endpoint=False),
            channel=on_channel,
            topic=topic,
            customer_class=self._classes.drawn(key, on_channel),
            work=self._work.of(luck("backlog work")[place], bounds, place),
            patience=self._patience.of(luck("backlog patience")[place], bounds, place),
            meets_bot=never,
            contained=never,
            bot_time=np.zeros(count),
            key=key,
        )

    def _due(self, channel: Channel, arrival: Floats) -> Floats:
        hours = channel.hours if channel.target.open_time else None
        return self.scenario.calendar.due_times(arrival, channel.target.within, hours)


class _Drawn(NamedTuple):
    """The drawn columns of `Contacts`."""

    arrival: Floats
    channel: Ints
    topic: Ints
    customer_class: Ints
    work: Floats
    patience: Floats
    meets_bot: Bools
    contained: Bools
    bot_time: Floats
    key: Words
    """Of each enquiry, for its class and what may follow; all 0 where nothing is made from it."""


def _joined(parts: Sequence[_Drawn]) -> _Drawn:
    return _Drawn._make(map(np.concatenate, zip(*parts, strict=True)))
