"""Draws who arrives: counts per interval first, then each contact with all its luck.

Luck is laid out so that it does not depend on how many others there are. Each channel, topic, date and purpose (the
count, the arrival, the work ...) has a stream of its own, and the stream is read in rows: row k holds one number for
each interval of the day, for the k-th contact of that interval. More volume, a longer horizon, another channel, topic
or purpose: all contacts that were there before stay the same people. Another length of the intervals makes others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.contacts import Contacts
from simulator.demand.busyness import BusynessModel
from simulator.demand.follow_ups import FollowUpLaw
from simulator.demand.rates import expected_contacts
from simulator.demand.times import FOR_EVER, NO_TIME, Times
from simulator.streams import encoded, starts, stream

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
        self.expected = expected_contacts(scenario)
        """[channel, topic, interval] Expected contacts."""
        self.busyness = BusynessModel.of(scenario)
        self._edges = np.array(scenario.calendar.edges)
        self._latest = np.nextafter(self._edges[1:], 0.0)

        # From here on, contact types have numbers of their own, by channel and then topic.
        by_topic = [sorted(channel.types, key=lambda kind: kind.topic) for channel in scenario.channels]
        types = [kind for of_channel in by_topic for kind in of_channel]
        self._channel = np.repeat(np.arange(len(by_topic)), [len(of_channel) for of_channel in by_topic])
        self._topic = np.array([kind.topic for kind in types], dtype=np.int64)
        self._expected = self.expected[self._channel, self._topic]
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
        )
        """What may follow each contact."""

        cells = self._cells()
        everybody = np.ones_like(with_bot)
        keyed = everybody & self.follow_ups.needed
        self._luck = {
            purpose: _Luck(purpose, [cell for cell in cells if needed[cell.kind]])
            for purpose, needed in (
                ("count", everybody),
                ("arrival", everybody),
                ("work", self._work.random),
                ("patience", self._patience.random),
                ("meets bot", with_bot),
                ("contained", with_bot),
                ("bot time", self._bot_time.random),
                ("enquiry", keyed),
            )
        }

    def _cells(self) -> list[_Cell]:
        scenario, calendar = self.scenario, self.scenario.calendar
        first = np.searchsorted(calendar.day_of_interval, np.arange(calendar.days + 1)).tolist()
        return [
            _Cell(kind, begin, end, (scenario.channels[c].name, scenario.topics[t].name, day.isoformat()))
            for kind, (c, t) in enumerate(zip(self._channel, self._topic, strict=True))
            for begin, end, day in zip(first[:-1], first[1:], calendar.date_of_day, strict=True)
            if self._expected[kind, begin:end].any()
        ]

    def draw_counts(self, seed: int, replication: int) -> Ints:
        """[channel, topic, interval] How many contacts arrive, backlog left out; the same counts as in `draw`."""
        counts = np.zeros(self.expected.shape, dtype=np.int64)
        counts[self._channel, self._topic] = self._draw_counts(seed, replication)
        return counts

    def draw(self, seed: int, replication: int) -> Contacts:
        """Draw all contacts in order of arrival; those of one instant by channel, topic and birth."""
        drawn = self._draw_arrivals(seed, replication)
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
        return self.follow_ups.drawn_after(contacts, key)

    def _draw_counts(self, seed: int, replication: int) -> Ints:
        """[type, interval] How many contacts arrive."""
        from simulator.demand import compiled  # Numba is loaded only where something is drawn

        mean = self._expected * self.busyness.draw(seed, replication)[self._channel]
        # One number for each interval: the first row.
        one_each = np.ones(mean.shape, dtype=np.int64)
        luck = self._luck["count"].read(seed, replication, one_each, np.arange(mean.size).reshape(mean.shape))
        return compiled.poisson_quantile(luck, mean.ravel()).reshape(mean.shape)

    def _draw_arrivals(self, seed: int, replication: int) -> _Drawn:
        from simulator.demand import compiled

        count = self._draw_counts(seed, replication)
        born = np.concatenate(([0], np.cumsum(count)))
        first = born[:-1].reshape(count.shape)
        bounds = born[:: count.shape[1]].copy()

        def luck(purpose: str) -> Floats:
            return self._luck[purpose].read(seed, replication, count, first)

        arrival, place = compiled.arrivals(count, first, self._edges, self._latest, luck("arrival"))
        return _Drawn(
            arrival=arrival,
            channel=compiled.of_types(self._channel, bounds, place),
            topic=compiled.of_types(self._topic, bounds, place),
            work=self._work.of(luck("work"), bounds, place),
            patience=self._patience.of(luck("patience"), bounds, place),
            meets_bot=compiled.chosen(self._bot_share, luck("meets bot"), bounds, place),
            contained=compiled.chosen(self._containment, luck("contained"), bounds, place),
            bot_time=self._bot_time.of(luck("bot time"), bounds, place),
            key=self.follow_ups.keys(luck("enquiry"), place),
        )

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
        return _Drawn(
            arrival=np.linspace(-channel.backlog_age, 0.0, count, endpoint=False),
            channel=np.full(count, c),
            topic=topic,
            work=self._work.of(luck("backlog work")[place], bounds, place),
            patience=self._patience.of(luck("backlog patience")[place], bounds, place),
            meets_bot=never,
            contained=never,
            bot_time=np.zeros(count),
            key=self.follow_ups.keys(luck("backlog enquiry"), np.arange(count)),
        )

    def _due(self, channel: Channel, arrival: Floats) -> Floats:
        hours = channel.hours if channel.target.open_time else None
        return self.scenario.calendar.due_times(arrival, channel.target.within, hours)


class _Cell(NamedTuple):
    """One contact type and date, and its stretch of intervals."""

    kind: int
    begin: int
    end: int
    name: tuple[str, str, str]


class _Luck:
    """The streams of one purpose: one for each cell."""

    def __init__(self, purpose: str, cells: Sequence[_Cell]) -> None:
        self._names = [encoded(purpose, *cell.name) for cell in cells]
        self._kind, self._begin, self._end = (
            np.array([cell[field] for cell in cells], dtype=np.int64) for field in range(3)
        )

    def read(self, seed: int, replication: int, count: Ints, first: Ints) -> Floats:
        """[contact] Everybody's luck, by birth; 0 outside the cells.

        Parameters
        ----------
        count, first
            [type, interval] Contacts, and the birth number of the first of them.
        """
        luck = np.zeros(count.sum())
        if self._names:
            from simulator.demand import compiled

            start = starts(seed, replication, self._names)
            compiled.read_rows(start, self._kind, self._begin, self._end, count, first, luck)
        return luck


class _Drawn(NamedTuple):
    """The drawn columns of `Contacts`."""

    arrival: Floats
    channel: Ints
    topic: Ints
    work: Floats
    patience: Floats
    meets_bot: Bools
    contained: Bools
    bot_time: Floats
    key: Words
    """Of each enquiry, for what may follow; all 0 where nothing can."""


def _joined(parts: Sequence[_Drawn]) -> _Drawn:
    return _Drawn._make(map(np.concatenate, zip(*parts, strict=True)))
