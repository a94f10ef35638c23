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
from simulator.demand.poisson import poisson_quantile
from simulator.demand.quantiles import quantile
from simulator.demand.rates import expected_contacts
from simulator.scenario.model import Distribution
from simulator.streams import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from simulator.scenario.model import Channel, ContactType, Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_FOR_EVER = Distribution("constant", np.inf, 0.0)
_NO_TIME = Distribution("constant", 0.0, 0.0)


def draw_contacts(scenario: Scenario, seed: int, replication: int) -> Contacts:
    """Draw the contacts of one replication; for many replications, keep a `Demand` and draw from that."""
    return Demand(scenario).draw(seed, replication)


class Demand:
    """The demand of a scenario. What all replications have in common is worked out once, here.

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
        calendar = scenario.calendar
        self.scenario = scenario
        self.expected = expected_contacts(scenario)
        """[channel, topic, interval] Expected contacts."""
        self.busyness = BusynessModel.of(scenario)

        first = np.searchsorted(calendar.day_of_interval, np.arange(calendar.days + 1))
        self._day_length = np.diff(first)[calendar.day_of_interval]
        self._place_in_day = np.arange(calendar.intervals) - first[calendar.day_of_interval]
        types = [(c, kind.topic, kind) for c, channel in enumerate(scenario.channels) for kind in channel.types]
        self._cells = [
            _Cell(c, t, begin, end, (scenario.channels[c].name, scenario.topics[t].name, day.isoformat()))
            for c, t, _ in sorted(types, key=lambda item: item[:2])
            for begin, end, day in zip(first[:-1], first[1:], calendar.date_of_day, strict=True)
            if self.expected[c, t, begin:end].any()
        ]
        self._with_bot = np.array([channel.bot is not None for channel in scenario.channels], dtype=np.bool_)
        shape = self.expected.shape[:2]
        self._work = _Times(shape, ((c, t, kind.handling_time) for c, t, kind in types))
        self._patience = _Times(shape, ((c, t, kind.patience or _FOR_EVER) for c, t, kind in types))
        self._bot_time = _Times(
            shape, ((c, t, bot.time) for c, t, _ in types if (bot := scenario.channels[c].bot) is not None)
        )
        self._bot_share = _of_types(shape, types, lambda kind: kind.bot_share) * self._with_bot[:, None]
        self._containment = _of_types(shape, types, lambda kind: kind.containment)

    def draw_counts(self, seed: int, replication: int) -> Ints:
        """[channel, topic, interval] How many contacts arrive, backlog left out; the same counts as in `draw`."""
        mean = self.expected * self.busyness.draw(seed, replication)[:, None, :]
        luck = np.zeros_like(mean)
        for cell in self._cells:
            of_cell = luck[cell.channel, cell.topic, cell.begin : cell.end]
            stream(seed, replication, "count", *cell.name).random(out=of_cell)
        return poisson_quantile(luck, mean)

    def draw(self, seed: int, replication: int) -> Contacts:
        """Draw all contacts in order of arrival; those of one instant by channel, topic and birth."""
        counts = self.draw_counts(seed, replication)
        arrivals = self._draw_arrivals(counts, seed, replication)
        backlogs = [
            self._draw_backlog(c, seed, replication)
            for c, channel in enumerate(self.scenario.channels)
            if channel.backlog
        ]
        return self._in_order([*backlogs, arrivals])

    def _draw_arrivals(self, counts: Ints, seed: int, replication: int) -> _Drawn:
        edges = self.scenario.calendar.edges
        channels, topics, intervals = counts.shape
        of_interval, of_type = counts.ravel(), counts.sum(axis=2).ravel()
        total = int(of_interval.sum())
        channel = np.repeat(np.repeat(np.arange(channels), topics), of_type)
        topic = np.repeat(np.tile(np.arange(topics), channels), of_type)
        interval = np.repeat(np.tile(np.arange(intervals), channels * topics), of_interval)
        past = np.concatenate(([0], np.cumsum(of_interval)))
        row = np.arange(total) - np.repeat(past[:-1], of_interval)
        position = row * self._day_length[interval] + self._place_in_day[interval]

        spans = []
        for cell in self._cells:
            start = (cell.channel * topics + cell.topic) * intervals
            begin, end = past[start + cell.begin], past[start + cell.end]
            if end > begin:
                rows = int(counts[cell.channel, cell.topic, cell.begin : cell.end].max())
                spans.append((cell, begin, end, rows * (cell.end - cell.begin)))

        def luck(purpose: str, needed: Bools) -> Floats:
            drawn = np.zeros(total)
            for cell, begin, end, size in spans:
                if needed[cell.channel, cell.topic]:
                    numbers = stream(seed, replication, purpose, *cell.name).random(size)
                    numbers.take(position[begin:end], out=drawn[begin:end], mode="clip")
            return drawn

        everyone = np.ones(counts.shape[:2], dtype=np.bool_)
        bots = everyone & self._with_bot[:, None]
        start, end = edges[interval], edges[interval + 1]
        arrival: Floats = start + luck("arrival", everyone) * (end - start)
        # The sum may round up to the next interval's start.
        np.minimum(arrival, np.nextafter(end, 0.0), out=arrival)
        return _Drawn(
            arrival=arrival,
            channel=channel,
            topic=topic,
            work=self._work.of(luck("work", self._work.random), channel, topic),
            patience=self._patience.of(luck("patience", self._patience.random), channel, topic),
            meets_bot=luck("meets bot", bots) < self._bot_share[channel, topic],
            contained=luck("contained", bots) < self._containment[channel, topic],
            bot_time=self._bot_time.of(luck("bot time", self._bot_time.random), channel, topic),
        )

    def _draw_backlog(self, c: int, seed: int, replication: int) -> _Drawn:
        """Contacts that wait from the start, oldest first; their k-th keeps its luck when there are more of them."""
        channel = self.scenario.channels[c]
        count = channel.backlog

        def luck(purpose: str) -> Floats:
            return stream(seed, replication, purpose, channel.name).random(count)

        share = np.cumsum([kind.share for kind in channel.types])
        chosen = np.searchsorted(share[:-1] / share[-1], luck("backlog topic"), side="right")
        topic = np.array([kind.topic for kind in channel.types])[chosen]
        of_channel = np.full(count, c)
        never = np.zeros(count, dtype=np.bool_)
        return _Drawn(
            arrival=np.linspace(-channel.backlog_age, 0.0, count, endpoint=False),
            channel=of_channel,
            topic=topic,
            work=self._work.of(luck("backlog work"), of_channel, topic),
            patience=self._patience.of(luck("backlog patience"), of_channel, topic),
            meets_bot=never,
            contained=never,
            bot_time=np.zeros(count),
        )

    def _in_order(self, parts: list[_Drawn]) -> Contacts:
        """All contacts sorted by arrival, with due times and contact numbers."""
        together = _Drawn(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        due = np.full(len(together.arrival), np.inf)
        for c, channel in enumerate(self.scenario.channels):
            if channel.kind == "deferred":
                of_channel = together.channel == c
                due[of_channel] = self._due(channel, together.arrival[of_channel])
        # They come by channel, topic and birth, and equal instants keep that order.
        order = np.argsort(together.arrival, kind="stable")
        number = np.arange(len(order))
        return Contacts(
            **{name: column[order] for name, column in together._asdict().items()},
            due=due[order],
            enquiry=number,
            attempt=np.zeros_like(number),
        )

    def _due(self, channel: Channel, arrival: Floats) -> Floats:
        hours = channel.hours if channel.target.open_time else None
        return self.scenario.calendar.due_times(arrival, channel.target.within, hours)


class _Cell(NamedTuple):
    """One channel, topic and date, and its stretch of intervals."""

    channel: int
    topic: int
    begin: int
    end: int
    name: tuple[str, str, str]


class _Drawn(NamedTuple):
    """The drawn columns of `Contacts`, in any order of rows."""

    arrival: Floats
    channel: Ints
    topic: Ints
    work: Floats
    patience: Floats
    meets_bot: Bools
    contained: Bools
    bot_time: Floats


class _Times:
    """One random time of every channel and topic. Types whose distributions differ by the mean only go together."""

    def __init__(self, shape: tuple[int, int], of_types: Iterable[tuple[int, int, Distribution]]) -> None:
        units: dict[Distribution, int] = {_NO_TIME: 0}
        self._unit = np.zeros(shape, dtype=np.int64)
        self._mean = np.ones(shape)
        for c, t, distribution in of_types:
            unit = distribution
            if np.isfinite(distribution.mean) and distribution.mean > 0:
                unit = Distribution(distribution.family, 1.0, distribution.cv)
                self._mean[c, t] = distribution.mean
            self._unit[c, t] = units.setdefault(unit, len(units))
        self._units = list(units)
        moves = [np.isfinite(unit.mean) and unit.mean > 0 and unit.family != "constant" for unit in self._units]
        self.random = np.array(moves)[self._unit]
        """[channel, topic] Whether luck matters."""

    def of(self, luck: Floats, channel: Ints, topic: Ints) -> Floats:
        """Seconds of each contact."""
        unit = self._unit[channel, topic]
        times = self._mean[channel, topic]
        for number, distribution in enumerate(self._units):
            chosen = np.flatnonzero(unit == number)
            if len(chosen) == len(luck):
                return times * quantile(distribution, luck)
            times[chosen] *= quantile(distribution, luck[chosen])
        return times


def _of_types(
    shape: tuple[int, int], types: list[tuple[int, int, ContactType]], value: Callable[[ContactType], float]
) -> Floats:
    """[channel, topic] One number of each contact type; 0 where the channel does not take the topic."""
    table = np.zeros(shape)
    for c, t, kind in types:
        table[c, t] = value(kind)
    return table
