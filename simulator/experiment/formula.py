"""The same question put to a formula, interval by interval: Erlang A; Erlang C where nobody ever gives up.

It takes every interval as if it lasted for ever with its own arrival rate and staffing (the stationary independent
period by period approximation; Green, Kolesar and Whitt, Coping with time-varying demand when setting staffing
requirements for a service system, POM 16, 2007).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.demand.campaigns import handling_factors
from simulator.demand.load import escalated_share, expected_at_agents
from simulator.language import number, say
from simulator.measures import MEASURES, ContactTally, target_measure
from simulator.queueing import ErlangA, ErlangC, SteadyState, offered_load
from simulator.scenario.customers import Returns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.measures import Measure
    from simulator.scenario.model import Channel, Group, Scenario, Target

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FormulaFigures:
    """A formula for one channel: every figure a ratio of sums over its open intervals, as its measure is defined."""

    channel: int
    name: Literal["Erlang A", "Erlang C"]
    """Erlang C where nobody ever gives up."""
    service_level: float
    abandonment_ratio: float
    asa: float
    """Seconds."""
    busiest: int
    """The interval with the largest load per agent."""
    at_busiest: SteadyState
    differences: tuple[str, ...]
    """What the formula leaves out, and so why simulation may say something else; in the spoken language."""

    def by_measure(self, target: Target) -> Mapping[str, float]:
        """The figures by the names of their measures, given the channel's target."""
        return {
            target_measure(target, live=True).name: self.service_level,
            "abandonment_ratio": self.abandonment_ratio,
            "asa": self.asa,
        }


@dataclass(frozen=True, slots=True)
class NoFormula:
    """Why no formula applies to a channel."""

    channel: int
    reason: str
    """In the spoken language."""


def formula_figures(scenario: Scenario) -> tuple[FormulaFigures | NoFormula, ...]:
    """[channel] What a formula says, or why none has anything to say."""
    return tuple(_figures(scenario, c) for c in range(len(scenario.channels)))


@dataclass(frozen=True, slots=True)
class Queues:
    """A channel that one group serves and that the group serves alone: each interval is one queue."""

    channel: int
    group: int
    asked: NDArray[np.int64]
    """Intervals in which contacts are expected and the channel is open; everything below is of these."""
    contacts: Floats
    """[asked] Expected at the agents' door."""
    work: Floats
    """[asked] Mean seconds of an agent's time, of those who come then."""
    patience: Floats
    """[asked] Mean seconds; inf if some wait for ever."""


def queues_of(scenario: Scenario, c: int) -> Queues | NoFormula:
    """What a queueing formula takes of a channel, or why none applies to it."""
    channel = scenario.channels[c]
    serving = [g for g, group in enumerate(scenario.groups) if any(skill.channel == c for skill in group.skills)]
    skills = [skill for group in scenario.groups for skill in group.skills if skill.channel == c]
    reasons = (
        (channel.kind == "deferred", say("formula.no.messages")),
        (any(skill.slots > 1 for skill in skills), say("formula.no.several_at_once")),
        (len(serving) != 1, say("formula.groups", count=len(serving))),
        (
            any({skill.channel for skill in scenario.groups[g].skills} != {c} for g in serving),
            say("formula.no.other_channels"),
        ),
        (any(skill.overflow_after > 0 for skill in skills), say("formula.no.overflow")),
        (any(scenario.groups[g].on_call for g in serving), say("formula.no.on_call")),
        (len({each.priority for each in channel.types}) > 1, say("formula.no.priorities")),
        (any(each.priority_step for each in scenario.customer_classes), say("formula.no.class_priorities")),
        (any(np.ptp(scenario.speed[:, c, :, g], axis=0).any() for g in serving), say("formula.no.class_speeds")),
    )
    for holds, reason in reasons:
        if holds:
            return NoFormula(c, reason)
    by_topic, longer = expected_at_agents(scenario)[c], handling_factors(scenario)[c]
    longer = longer * scenario.over_classes(lambda each: each.handling_factor)[c]
    more_patient = float(scenario.over_classes(lambda each: each.patience_factor)[c])
    # [topic, interval] Work done per second.
    speed = scenario.speed[0, c, :, serving[0], None] * scenario.pace[serving[0]]
    asked = np.flatnonzero((by_topic.sum(axis=0) > 0) & scenario.calendar.open_mask(channel.hours))
    if not len(asked):
        return NoFormula(c, say("formula.no.nobody"))
    work, patience = np.empty(len(asked)), np.empty(len(asked))
    for place, i in enumerate(asked.tolist()):
        counts = {each.topic: float(by_topic[each.topic, i]) for each in channel.types}
        total = sum(counts.values())
        escalated = {each.topic: escalated_share(each) * float(scenario.bot_on[c, i]) for each in channel.types}
        mean = {
            each.topic: each.handling_time.mean
            * float(longer[each.topic, i])
            * (1.0 + escalated[each.topic] * (each.escalated_handling - 1.0))
            for each in channel.types
        }
        work[place] = sum(counts[topic] * mean[topic] / speed[topic, i] for topic in mean) / total
        waiting = sum(
            counts[each.topic]
            * (np.inf if each.patience is None else each.patience.mean)
            * (1.0 + escalated[each.topic] * (each.escalated_patience - 1.0))
            for each in channel.types
            if counts[each.topic]
        )
        patience[place] = waiting * more_patient / total
    return Queues(c, serving[0], asked, by_topic.sum(axis=0)[asked], work, patience)


def _figures(scenario: Scenario, c: int) -> FormulaFigures | NoFormula:
    found = queues_of(scenario, c)
    if isinstance(found, NoFormula):
        return found
    channel, group, asked, weight = scenario.channels[c], scenario.groups[found.group], found.asked, found.contacts
    endless = all(each.patience is None for each in channel.types)
    if not endless and not np.isfinite(found.patience).all():
        return NoFormula(c, say("formula.no.endless_patience"))
    agents = scenario.staffing[found.group]
    queues: dict[int, SteadyState] = {}
    overloaded = []
    for i, contacts, work, patience in zip(asked.tolist(), weight, found.work, found.patience, strict=True):
        servers, rate, aht = int(agents[i]), float(contacts) / scenario.calendar.interval, float(work)
        if not endless:
            queues[i] = ErlangA(
                servers=servers, arrival_rate=rate, mean_handling_time=aht, mean_patience=float(patience)
            )
        elif offered_load(rate, aht) < servers:
            queues[i] = ErlangC(servers=servers, arrival_rate=rate, mean_handling_time=aht)
        else:
            overloaded.append((offered_load(rate, aht) - servers, i))
    if overloaded:
        beyond, worst = max(overloaded)
        return NoFormula(c, _unstable(scenario, worst, beyond, int(agents[worst]), len(overloaded), len(asked)))
    tallies = {queue: _tallies(queue, channel) for queue in set(queues.values())}
    expected = {
        tally: sum(float(w) * tallies[queue][tally] for w, queue in zip(weight, queues.values(), strict=True))
        for tally in next(iter(tallies.values()))
    }
    busiest = max(queues, key=lambda i: queues[i].load / max(queues[i].servers, 0.5))
    return FormulaFigures(
        channel=c,
        name="Erlang C" if endless else "Erlang A",
        service_level=_ratio(target_measure(channel.target, live=True), expected),
        abandonment_ratio=_ratio(MEASURES["abandonment_ratio"], expected),
        asa=_ratio(MEASURES["asa"], expected),
        busiest=busiest,
        at_busiest=queues[busiest],
        differences=tuple(_differences(scenario, group, c, weight, agents[asked])),
    )


def _unstable(scenario: Scenario, worst: int, beyond: float, agents: int, overloaded: int, asked: int) -> str:
    """Why Erlang C has nothing to say: a queue that nobody leaves would grow for ever."""
    return say(
        "formula.no.unstable",
        count=overloaded,
        asked=asked,
        when=scenario.calendar.label(worst),
        load=number(agents + beyond, 1),
        agents=agents,
    )


def _tallies(queue: SteadyState, channel: Channel) -> dict[ContactTally, float]:
    """What one contact offered adds to the tallies, on average."""
    answered = 1 - queue.abandonment_ratio
    return {
        ContactTally.OFFERED: 1.0,
        ContactTally.ANSWERED: answered,
        ContactTally.ANSWERED_WITHIN: queue.answered_within(channel.target.within),
        ContactTally.ANSWERED_WAIT: answered * queue.asa if answered > 0 else 0.0,
        ContactTally.ABANDONED: queue.abandonment_ratio,
        ContactTally.ABANDONED_WITHIN: queue.abandoned_within(channel.target.within),
        ContactTally.SHORT_ABANDONED: queue.abandoned_within(channel.short_abandon),
    }


def _ratio(measure: Measure, expected: Mapping[ContactTally, float]) -> float:
    """The measure by its own definition, as a ratio of sums; nan where there is nobody to judge."""
    assert isinstance(measure.denominator, Mapping)
    top, bottom = (
        math.fsum(int(sign) * expected[ContactTally(tally)] for tally, sign in part.items())
        for part in (measure.numerator, measure.denominator)
    )
    return top / bottom if bottom > 0 else math.nan


def _differences(scenario: Scenario, group: Group, c: int, weight: Floats, agents: NDArray[np.int64]) -> list[str]:
    channel = scenario.channels[c]
    busy = channel.busyness
    differences = []
    if busy.day_cv != 0 or busy.interval_cv != 0:
        differences.append("busyness")
    if group.absence > 0:
        differences.append("absence")
    if scenario.uncertainty.forecast_cv and scenario.uncertainty.band == "drawn":
        differences.append("forecast")
    if any(each.returns != Returns() for other in scenario.channels for each in other.types):
        differences.append("returns")
    if np.ptp(weight) > 1e-9 * weight.max() or np.ptp(agents) > 0:
        differences.append("stationary")
    if len({(each.handling_time.mean, each.patience and each.patience.mean) for each in channel.types}) > 1:
        differences.append("topics")
    if len({(each.handling_factor, each.patience_factor) for each in scenario.customer_classes}) > 1:
        differences.append("classes")
    if any(each.handling_time.family != "exponential" for each in channel.types):
        differences.append("handling_time")
    if any(each.patience is not None and each.patience.family != "exponential" for each in channel.types):
        differences.append("patience")
    if not differences or all(each.patience is None for each in channel.types):
        # A queue that nobody leaves takes long to become as long as the formula has it.
        differences.append("empty_start")
    return [say(f"formula.leaves_out.{each}") for each in differences]
