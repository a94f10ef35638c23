"""What is played: two stationary queues, a peak day and a day of five channels, as our own tables of contacts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.contacts import Contacts
from simulator.demand import Demand
from simulator.engine import Centre, centre_of
from simulator.engine.plain import plain_centre
from simulator.queueing import ErlangA
from simulator.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

HERE = Path(__file__).parent
INTERVAL = 900.0

Pace = Literal["fast", "slow", "slowest"]
"""How fast a player is, and so how much of a workload it gets; its figure is contacts per second either way."""


@dataclass(frozen=True, slots=True)
class Day:
    """What `simulate` takes; a stationary queue is a long one."""

    centre: Centre
    contacts: Contacts
    staffing: NDArray[np.int64]
    """[group, interval]."""

    def first(self, intervals: int) -> Day:
        """The same up to a boundary: nobody who came before it meets another luck."""
        edges = self.centre.edges[: intervals + 1]
        count = int(np.searchsorted(self.contacts.arrival, edges[-1]))
        table = self.contacts
        return Day(
            replace(
                self.centre,
                edges=edges,
                **{name: getattr(self.centre, name)[:, :intervals] for name in ("open", "bot_on", "pace", "quality")},
            ),
            Contacts(**{name: getattr(table, name)[:count] for name in Contacts.columns()}),
            self.staffing[:, :intervals],
        )


@dataclass(frozen=True, slots=True)
class Workload:
    """One of the things to be played."""

    name: str
    title: str
    draw: Callable[[int], Day]
    """The customers of a round."""
    intervals: dict[Pace, int]
    """How much of it is played."""
    exact: ErlangA | None = None
    """What queueing theory knows of it."""

    def day(self, pace: Pace, number: int) -> Day:
        """What a player of this pace plays in this round."""
        return self.draw(number).first(self.intervals[pace])


def stationary(name: str, agents: int, per_minute: float, intervals: dict[Pace, int]) -> Workload:
    """M/M/n+M with 5 minutes of work and 2 minutes of patience."""
    rate, work, patience = per_minute / 60.0, 300.0, 120.0

    def draw(number: int) -> Day:
        streams = np.random.default_rng(number).spawn(3)
        horizon = INTERVAL * intervals["fast"]
        count = int(rate * horizon + 10.0 * np.sqrt(rate * horizon))
        arrival = np.cumsum(streams[0].exponential(1.0 / rate, count))
        count = int(np.searchsorted(arrival, horizon))
        one_channel = np.zeros(count, dtype=np.int64)
        no_bot = np.zeros(count, dtype=np.bool_)
        contacts = Contacts(
            arrival=arrival[:count],
            channel=one_channel,
            topic=one_channel,
            customer_class=one_channel,
            work=streams[1].exponential(work, count),
            patience=streams[2].exponential(patience, count),
            due=np.full(count, np.inf),
            meets_bot=no_bot,
            contained=no_bot,
            bot_time=np.zeros(count),
            enquiry=np.arange(count),
            attempt=one_channel,
            tolerance=np.full(count, np.inf),
            silent=no_bot,
        )
        return Day(one_group(intervals["fast"]), contacts, np.full((1, intervals["fast"]), agents, dtype=np.int64))

    exact = ErlangA(servers=agents, arrival_rate=rate, mean_handling_time=work, mean_patience=patience)
    return Workload(name, f"M/M/{agents}+M, {per_minute:g} contacts a minute", cache(draw), intervals, exact)


def one_group(intervals: int) -> Centre:
    """One channel that is always open, one group of agents."""
    return plain_centre(np.linspace(0.0, INTERVAL * intervals, intervals + 1))


def of_scenario(name: str, title: str, file: str, intervals: dict[Pace, int]) -> Workload:
    """A day that a scenario file of this folder describes."""

    @cache
    def ready() -> tuple[Scenario, Demand, Centre]:
        scenario = load_scenario(HERE / file)
        return scenario, Demand(scenario), centre_of(scenario)

    def draw(number: int) -> Day:
        scenario, demand, centre = ready()
        return Day(centre, demand.draw(scenario.seed, number), scenario.staffing)

    return Workload(name, title, cache(draw), intervals)


WORKLOADS = {
    workload.name: workload
    for workload in (
        stationary("W1S", 10, 2, {"fast": 6_667, "slow": 667, "slowest": 167}),
        stationary("W1L", 500, 100, {"fast": 134, "slow": 20, "slowest": 8}),
        of_scenario("W2", "peak day of a phone centre", "peak-day.toml", {"fast": 96, "slow": 96, "slowest": 48}),
        of_scenario("W3", "day of five channels", "five-channels.toml", {"fast": 96, "slow": 96, "slowest": 96}),
    )
}
