"""The same question put to a formula: Erlang A, interval by interval, where it applies.

It takes every interval as if it lasted for ever with its own arrival rate and staffing (the stationary independent
period by period approximation; Green, Kolesar and Whitt, Coping with time-varying demand when setting staffing
requirements for a service system, POM 16, 2007).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.load import expected_at_agents
from simulator.queueing import ErlangA, SteadyState

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FormulaFigures:
    """Erlang A for one channel: means over its open intervals, weighted with the contacts expected."""

    channel: int
    service_level: float
    abandonment_ratio: float
    asa: float
    """Seconds, weighted with the contacts answered."""
    busiest: int
    """The interval with the largest load per agent."""
    at_busiest: SteadyState
    differences: tuple[str, ...]
    """What the formula leaves out, and so why simulation may say something else."""


@dataclass(frozen=True, slots=True)
class NoFormula:
    """Why no formula applies to a channel."""

    channel: int
    reason: str


def formula_figures(scenario: Scenario) -> tuple[FormulaFigures | NoFormula, ...]:
    """[channel] What Erlang A says, or why it has nothing to say."""
    return tuple(_figures(scenario, c) for c in range(len(scenario.channels)))


def _figures(scenario: Scenario, c: int) -> FormulaFigures | NoFormula:
    channel = scenario.channels[c]
    serving = [g for g, group in enumerate(scenario.groups) if any(skill.channel == c for skill in group.skills)]
    reasons = (
        (channel.kind == "deferred", "customers leave a message and do not wait"),
        (channel.slots > 1, "agents hold several contacts at once"),
        (len(serving) != 1, f"{len(serving)} groups serve it"),
        (
            any({skill.channel for skill in scenario.groups[g].skills} != {c} for g in serving),
            "its agents serve other channels too",
        ),
        (any(each.patience is None for each in channel.types), "customers of some topics never give up"),
        (len({each.priority for each in channel.types}) > 1, "its topics have different priorities"),
    )
    for holds, reason in reasons:
        if holds:
            return NoFormula(c, reason)
    by_topic = expected_at_agents(scenario)[c]
    group = scenario.groups[serving[0]]
    speed = {topic: skill.speed for skill in group.skills for topic in skill.topics}
    agents = scenario.staffing[serving[0]]
    asked = np.flatnonzero((by_topic.sum(axis=0) > 0) & scenario.calendar.open_mask(channel.hours))
    if not len(asked):
        return NoFormula(c, "nobody is expected while it is open")
    queues = {}
    for i in asked.tolist():
        counts = {each.topic: float(by_topic[each.topic, i]) for each in channel.types}
        total = sum(counts.values())
        work = sum(counts[each.topic] * each.handling_time.mean / speed[each.topic] for each in channel.types) / total
        patience = sum(counts[each.topic] * each.patience.mean for each in channel.types if each.patience) / total
        if not np.isfinite(patience):
            return NoFormula(c, "customers of some topics never give up")
        rate = total / scenario.calendar.interval
        queues[i] = ErlangA(servers=int(agents[i]), arrival_rate=rate, mean_handling_time=work, mean_patience=patience)
    weight = by_topic.sum(axis=0)[asked]
    abandoned = np.array([queue.abandonment_ratio for queue in queues.values()])
    answered = weight * (1 - abandoned)
    asa = np.array([queue.asa for queue in queues.values()])
    busiest = max(queues, key=lambda i: queues[i].load / max(queues[i].servers, 0.5))
    level = [queue.service_level(channel.target.within, channel.target.definition) for queue in queues.values()]
    return FormulaFigures(
        channel=c,
        service_level=float(np.average(level, weights=weight)),
        abandonment_ratio=float(np.average(abandoned, weights=weight)),
        asa=float(np.average(np.nan_to_num(asa), weights=answered)) if answered.sum() > 0 else float("nan"),
        busiest=busiest,
        at_busiest=queues[busiest],
        differences=tuple(_differences(scenario, c, weight, agents[asked])),
    )


def _differences(scenario: Scenario, c: int, weight: Floats, agents: NDArray[np.int64]) -> list[str]:
    channel = scenario.channels[c]
    busy = channel.busyness
    differences = []
    if busy.day_cv != 0 or busy.interval_cv != 0:
        differences.append("it knows the mean volume only, not how busy days differ")
    if np.ptp(weight) > 1e-9 * weight.max() or np.ptp(agents) > 0:
        differences.append("it takes each interval as if it lasted for ever")
    if any(each.handling_time.family != "exponential" for each in channel.types):
        differences.append("it takes handling times as exponential")
    if any(each.patience is not None and each.patience.family != "exponential" for each in channel.types):
        differences.append("it takes patience as exponential")
    if not differences:
        differences.append("every day starts with an empty queue, the formula's never does")
    return differences
