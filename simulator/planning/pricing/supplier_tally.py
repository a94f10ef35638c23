"""One future played and summed up as the ledger needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from simulator.experiment.replications import Play
from simulator.measures import MEASURES, ONLY_SUMS, AgentTally, ContactTally, target_outcomes
from simulator.measures.made import made
from simulator.measures.measure import sums
from simulator.measures.summary import summarise_made
from simulator.measures.tallies import ROW
from simulator.planning.contracts.ledger import measure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.engine import EngineName
    from simulator.measures import Summary
    from simulator.measures.made import Made
    from simulator.planning.contracts.ledger import Judged, Queue
    from simulator.planning.pricing.rows import Rows
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

COUNTED_BY = (
    ContactTally.OFFERED,
    ContactTally.ANSWERED,
    ContactTally.ANSWERED_WITHIN,
    ContactTally.ABANDONED_WITHIN,
    ContactTally.SHORT_ABANDONED,
    ContactTally.FELL_DUE,
    ContactTally.IN_TIME,
)
"""What service levels are made of, as `compiled.tally_judged` counts them."""


@dataclass(frozen=True, slots=True)
class Played:
    """One future, summed up: what `Futures` and its ledger hold of it, under the same names."""

    logged: Floats
    """[team, interval] Hours."""
    fte: Floats
    """[team, day]"""
    came: Floats
    """[queue, interval] Served by anyone, or lost."""
    by_whom: Floats
    """[queue, day, (others, own)] Of these, those who were served."""
    contacts: Floats
    """[queue, interval]"""
    minutes: Floats
    """[queue, interval]"""
    resolved: Floats
    """[queue, interval]"""
    demand: Floats
    """[queue, interval] Hours."""
    met: Floats
    """[judged, interval]"""
    counted: Floats
    """[judged, interval]"""
    hours: Floats
    """[agent tally, group, day]"""
    shop_costs: float
    lost_orders: float
    lost_value: float
    served: float
    """By anyone, or contained by the bot."""
    helped: float
    """Of these, who did not come back."""
    enquiries: float
    share_met: Floats
    """[channel]"""
    all_met: Floats
    """[channel]"""


class FuturePlay:
    """A scenario made ready to be played future by future."""

    def __init__(self, scenario: Scenario, seed: int, engine: EngineName, rows: Rows, hours_a_week: float) -> None:
        self.play = Play.prepare(scenario, seed, engine)
        self.engine = engine
        self.rows = rows
        self.hours_a_week = hours_a_week
        self.own = np.zeros(len(scenario.groups), dtype=np.bool_)
        self.own[list(rows.groups)] = True

    def replication(self, number: int, /) -> Played:
        """Play one future."""
        contacts, diverted, records, agents = self.play.tables(number)
        played, yardstick = made(contacts, records), self.play.yardstick
        summary = summarise_made(yardstick, played, agents, diverted, ONLY_SUMS)
        first_of_day = yardstick.first_intervals("day")
        hours = np.add.reduceat(summary.agents, first_of_day, axis=-1) / 3600.0
        teams = list(self.rows.groups)
        # Of the teams: what is paid, overtime left out, in full-time agents as if every week were like the day.
        paid = hours[ROW[AgentTally.PAID], teams] - hours[ROW[AgentTally.OVERTIME], teams]
        met, counted = self._judged(played)
        share_met, all_met = _targets(summary)
        return Played(
            **self._queues(played),
            logged=summary.agents[ROW[AgentTally.STAFFED], teams] / 3600.0,
            fte=paid * 7.0 / self.hours_a_week,
            met=met,
            counted=counted,
            hours=hours,
            shop_costs=float(
                sums(MEASURES["cost"], summary, ("group",))[0][~self.own].sum()
                + sum(_sum(summary, each) for each in ("bot_cost", "line_cost", "fixed_cost"))
            ),
            lost_orders=_sum(summary, "lost_orders"),
            lost_value=_sum(summary, "lost_order_value"),
            served=_sum(summary, "served") + _sum(summary, "contained"),
            helped=float(sums(MEASURES["cost_per_resolved"], summary)[1]),
            enquiries=_sum(summary, "enquiries"),
            share_met=share_met,
            all_met=all_met,
        )

    def _queues(self, played: Made) -> dict[str, Floats]:
        """What came to the supplier's queues and what it did."""
        from simulator.planning.pricing import compiled

        yardstick, rows = self.play.yardstick, self.rows
        contacts, records = played.contacts, played.records
        count, intervals, days = len(rows.queues), len(yardstick.day), int(yardstick.day[-1]) + 1
        handled, seconds, resolved, came, demand = np.zeros((5, count, intervals))
        served = np.zeros((count, days, 2))
        compiled.tally_queues(
            yardstick.edges,
            yardstick.day,
            yardstick.bot_on,
            yardstick.escalated_work,
            rows.queue_of,
            self.own,
            contacts.arrival,
            contacts.channel,
            contacts.topic,
            contacts.customer_class,
            contacts.work,
            contacts.meets_bot,
            contacts.bot_time,
            played.followed_by,
            played.in_vain,
            records.entered,
            records.ended,
            records.handled,
            records.outcome,
            records.group,
            handled,
            seconds,
            resolved,
            came,
            demand,
            served,
        )
        return {
            "came": came,
            "by_whom": served,
            "contacts": handled,
            "minutes": seconds / 60.0,
            "resolved": resolved,
            "demand": demand / 3600.0,
        }

    def _judged(self, played: Made) -> tuple[Floats, Floats]:
        """Numerators and denominators of service levels."""
        from simulator.planning.pricing import compiled

        judged, scenario, yardstick = self.rows.judged, self.play.scenario, self.play.yardstick
        contacts, records = played.contacts, played.records
        number = {channel.name: place for place, channel in enumerate(scenario.channels)}
        deferred = [place for place, each in enumerate(judged) if each.definition == "within due"]
        due_row = np.full(len(judged), -1, dtype=np.int64)
        due_row[deferred] = np.arange(len(deferred))
        due = np.empty((len(deferred), len(contacts)))
        for row, place in enumerate(deferred):
            due[row] = self._due(judged[place], number[judged[place].channel], played)
        met, counted = np.zeros((2, len(judged), len(yardstick.day)))
        compiled.tally_judged(
            yardstick.edges,
            yardstick.short_abandon,
            np.array([number[each.channel] for each in judged], dtype=np.int64),
            np.array([each.within for each in judged], dtype=np.float64),
            due_row,
            *_weights(judged),
            due,
            contacts.arrival,
            contacts.channel,
            played.cause,
            records.entered,
            records.started,
            records.ended,
            records.outcome,
            played.in_vain,
            met,
            counted,
        )
        return met, counted

    def _due(self, judged: Judged, channel: int, played: Made) -> Floats:
        """[contact] When contacts of a deferred channel are due by a contract's time, counted as the target's is."""
        contacts, of = played.contacts, self.play.scenario.channels[channel]
        if judged.within == of.target.within:
            return contacts.due
        due = np.full(len(contacts), np.inf)
        rows = np.flatnonzero(contacts.channel == channel)
        hours = of.hours if of.target.open_time else None
        due[rows] = self.play.scenario.calendar.due_times(contacts.arrival[rows], judged.within, hours)
        return due


def share_of_day(served: Floats, queues: Sequence[Queue]) -> Floats:
    """[queue, day] The supplier's share of what was served on the queue's channel, all its queues together.

    Over all futures, so that who is absent in one of them is offered no less in it. Of a day on which nobody was
    served, the horizon's; and of a horizon without any, all.

    Parameters
    ----------
    served
        [queue, day, (others, own)] Contacts of the kinds that the supplier takes, of all futures together.
    queues
        [queue] Whose channel counts.
    """
    number = {name: place for place, name in enumerate(dict.fromkeys(each.channel for each in queues))}
    channel = np.array([number[each.channel] for each in queues], dtype=np.int64)
    by_channel = np.zeros((len(served), *served.shape[1:]))
    np.add.at(by_channel, channel, served)
    total, own = by_channel.sum(axis=-1), by_channel[..., 1]
    whole, of_own = total.sum(axis=1), own.sum(axis=1)
    horizon = np.where(whole > 0, of_own / np.maximum(whole, 1.0), 1.0)
    return np.where(total > 0, own / np.maximum(total, 1.0), horizon[:, None])[channel]


def _weights(judged: tuple[Judged, ...]) -> tuple[Floats, Floats]:
    """[judged, what is counted] Of numerators and denominators."""
    met, counted = np.zeros((2, len(judged), len(COUNTED_BY)))
    for row, each in enumerate(judged):
        measure = measure_of(each.definition)
        for weights, tallies in ((met, measure.numerator), (counted, measure.denominator)):
            assert isinstance(tallies, Mapping)
            for tally, weight in tallies.items():
                weights[row, COUNTED_BY.index(cast("ContactTally", tally))] = weight
    return met, counted


def _sum(summary: Summary, measure: str) -> float:
    """A measure's numerator over the horizon."""
    return float(sums(MEASURES[measure], summary)[0])


def _targets(summary: Summary) -> tuple[Floats, Floats]:
    """[channel] Share of periods that met the target; whether all did."""
    share_met = np.array([outcome.share_met for outcome in target_outcomes(summary)], dtype=np.float64)
    return share_met, np.where(np.isnan(share_met), np.nan, share_met == 1.0)
