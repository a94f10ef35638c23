"""Channels that are one queue by themselves, and the agents that a formula asks for in each interval.

The formula takes every interval as if it lasted for ever, with the modified offered load (`modified_load`): Erlang A,
or Erlang C where patience never ends. Where the scenario says that volumes vary (busyness, errors of the forecast), its
figures are means over three volumes that have the same mean and variance (Whitt, Staffing a call center with uncertain
arrival rate and absenteeism, POM 15, 2006).

It is a start for the simulation and no more: handling times and patience are taken as exponential, topics as one, and
what follows on contacts (redials) is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.busyness import BusynessModel
from simulator.demand.forecast import forecast_cv
from simulator.demand.quantiles import gamma_at_score, normal_quantile
from simulator.experiment.formula import NoFormula, queues_of
from simulator.planning.modified_load import modified_load
from simulator.queueing import ErlangA, ErlangC, SteadyState, least_servers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Channel, Scenario, Target

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_SCORES, _WEIGHTS = (-math.sqrt(3.0), 0.0, math.sqrt(3.0)), (1 / 6, 2 / 3, 1 / 6)
"""Gauss and Hermite's three points: right for polynomials of a normal score up to the fifth degree."""


@dataclass(frozen=True, slots=True)
class IntervalQueue:
    """One interval as a queue in the long run, at one volume or at several that are weighed."""

    arrival_rates: tuple[float, ...]
    """[volume] Contacts per second."""
    weights: tuple[float, ...]
    """[volume] How likely each is; they sum to 1."""
    mean_handling_time: float
    mean_patience: float
    """inf: nobody gives up."""
    target: Target
    short_abandon: float

    def share(self, agents: int) -> float:
        """Contacts within the target, by its own definition; all volumes together, as a ratio of sums.

        0 where agents are too few ever to keep up.
        """
        judged = [self._share_and_judged(agents, rate) for rate in self.arrival_rates]
        weights = [weight * rate for weight, rate in zip(self.weights, self.arrival_rates, strict=True)]
        below = math.fsum(weight * of for weight, (_, of) in zip(weights, judged, strict=True))
        above = math.fsum(weight * share * of for weight, (share, of) in zip(weights, judged, strict=True))
        return above / below if below > 0 else 0.0

    def least_agents(self, share: float) -> int:
        """Least agents with whom this share of contacts is within the target."""
        load = max(self.arrival_rates) * self.mean_handling_time
        if load == 0:
            return 0
        return least_servers(lambda agents: self.share(agents) >= share, least=0, guess=math.ceil(load))

    def _share_and_judged(self, agents: int, rate: float) -> tuple[float, float]:
        """The share within the target at one volume, and what part of the offered contacts it judges."""
        make: partial[ErlangA] | partial[ErlangC]
        if self.mean_patience < math.inf:
            make = partial(ErlangA, mean_patience=self.mean_patience)
        elif agents <= rate * self.mean_handling_time:
            return 0.0, 1.0
        else:
            make = partial(ErlangC)
        queue: SteadyState = make(servers=agents, arrival_rate=rate, mean_handling_time=self.mean_handling_time)
        share = queue.service_level(
            self.target.within, self.target.definition, short_abandon=min(self.short_abandon, self.target.within)
        )
        if math.isnan(share):
            return 0.0, 0.0
        match self.target.definition:
            case "answered":
                return share, 1.0 - queue.abandonment_ratio
            case "offered less abandoned within":
                return share, 1.0 - queue.abandoned_within(self.target.within)
        return share, 1.0


@dataclass(frozen=True, slots=True)
class SingleQueue:
    """A live channel whose contacts go to one group, which takes no others; its intervals, ready to be staffed."""

    channel: int
    group: int
    asked: Ints
    """Intervals in which contacts are expected and the channel is open."""
    contacts: Floats
    """[asked] Expected at the agents' door."""
    queues: tuple[IntervalQueue, ...]
    """[asked]"""
    present: float
    """Share of the planned agents who are there."""

    def least_agents(self, share: float) -> Ints:
        """[asked] Least agents planned by the formula, so that this share of each interval is within the target."""
        there = np.array([queue.least_agents(share) for queue in self.queues], dtype=np.float64)
        return np.ceil(there / self.present - 1e-9).astype(np.int64)

    def width(self, agents: Ints) -> Floats:
        """[asked] Agents planned for one normal score of the share within the target, by the formula near `agents`."""
        found = np.empty(len(self.queues))
        for place, queue in enumerate(self.queues):
            there = max(1, round(float(agents[place]) * self.present))
            # As wide as the share's own scale, so that no single step of whole agents tells all.
            step = max(1, round(0.3 * math.sqrt(there)))
            ends = np.clip([queue.share(max(there - step, 0)), queue.share(there)], 1e-4, 1.0 - 1e-4)
            rise = float(np.diff(normal_quantile(ends))[0])
            found[place] = min(step, there) / max(rise, 0.05) / self.present
        return found


def single_queue(scenario: Scenario, c: int) -> SingleQueue | NoFormula:
    """A channel as one queue, or why it is none."""
    found = queues_of(scenario, c)
    if isinstance(found, NoFormula):
        return found
    channel = scenario.channels[c]
    load = modified_load(scenario, found)[found.asked]
    volumes = _volumes(scenario, c)
    day = scenario.calendar.day_of_interval[found.asked]
    queues = tuple(
        _interval_queue(channel, volumes[d], float(erlangs), float(work), float(patience))
        for d, erlangs, work, patience in zip(day.tolist(), load, found.work, found.patience, strict=True)
    )
    return SingleQueue(c, found.group, found.asked, found.contacts, queues, 1.0 - scenario.groups[found.group].absence)


def _interval_queue(channel: Channel, volumes: Floats, erlangs: float, work: float, patience: float) -> IntervalQueue:
    varies = bool((volumes != volumes[0]).any())
    volumes, weights = (volumes, _WEIGHTS) if varies else (volumes[:1], (1.0,))
    rates = tuple(float(volume) * erlangs / work if work > 0 else 0.0 for volume in volumes)
    return IntervalQueue(rates, weights, max(work, 1e-9), patience, channel.target, channel.short_abandon)


def _volumes(scenario: Scenario, c: int) -> Floats:
    """[day, volume] What multiplies the expected volume of a channel, at three normal scores; of mean 1."""
    model = BusynessModel.of(scenario)
    uncertainty, days = scenario.uncertainty, scenario.calendar.days
    error = forecast_cv(uncertainty, days) if uncertainty.band == "drawn" else np.zeros(days)
    varies = np.sqrt((1 + model.day_cv[c] ** 2) * (1 + model.interval_cv[c] ** 2) * (1 + error**2) - 1)
    volumes = np.ones((days, len(_SCORES)))
    for d, cv in enumerate(varies.tolist()):
        if cv > 0:
            volumes[d] = gamma_at_score(cv, np.array(_SCORES))
            volumes[d] /= np.dot(_WEIGHTS, volumes[d])
    return volumes
