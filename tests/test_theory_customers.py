"""Customers who come again, drawn from a scenario and played, against open networks and a chain with an orbit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from demand_scenarios import ALWAYS, FLAT, a_channel, a_profile, a_scenario, a_type
from exact import State, stationary
from theory import Replication, compare

from simulator.contacts import ContactRecords, Contacts, Outcome
from simulator.demand import Demand
from simulator.engine import EngineName, centre_of, simulate
from simulator.scenario.customers import Return, Returns
from simulator.scenario.model import Bot, Distribution, Group, Scenario, Skill

pytestmark = pytest.mark.slow

DAY = 86_400.0
WORK = 300.0
"""Mean handling time, in seconds."""


def exponential(mean: float) -> Distribution:
    return Distribution("exponential", mean, 1.0)


def a_day(
    agents: int, per_day: float, patience: float | None, *, attempts: int = 20, days: int = 1, **more: Any
) -> Scenario:
    """One live channel that is always open, and a group for it."""
    kind = a_type(
        0,
        bot_share=0.0,
        handling_time=exponential(WORK),
        patience=None if patience is None else exponential(patience),
    )
    kind = replace(kind, **{name: more.pop(name) for name in list(more) if name in kind.__dataclass_fields__})
    channel = a_channel(demand=a_profile(7 * per_day, FLAT), types=(kind,), **more)
    skill = Skill(0, (0,), 1, 0.0, 1.0, 1)
    plain = a_scenario(channel, days=days, attempts=attempts)
    group = Group("team", "Team", "in-house", (skill,), (agents,) * plain.calendar.intervals, 0, 0.0, 0.0)
    return replace(plain, groups=(group,))


class Played:
    """A scenario whose futures are played one by one."""

    def __init__(self, scenario: Scenario) -> None:
        self.demand, self.centre = Demand(scenario), centre_of(scenario)
        self.staffing = scenario.staffing

    def future(self, rng: np.random.Generator, engine: EngineName) -> tuple[Contacts, ContactRecords]:
        contacts = self.demand.draw(int(rng.integers(1 << 62)), 0)
        return contacts, simulate(self.centre, contacts, self.staffing, engine)[0]


def again(share: float, delay: float) -> Return:
    return Return((share,), ((0, 1.0),), exponential(delay), waits_for_opening=False)


def test_repeats_of_an_ample_group_make_the_geometric_sum() -> None:
    """Enquiries of 14 hours, which are through ten hours later: each makes 1 + p + p² + ... contacts."""
    p, per_day = 0.25, 2000.0
    played = Played(a_day(300, per_day, None, returns=Returns(repeat=again(p, 600.0))))

    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        contacts, records = played.future(rng, engine)
        early = contacts.arrival[contacts.enquiry] < 14 * 3600.0
        made = (records.outcome != Outcome.NOT_MADE) & early
        firsts = int(np.sum(early & (contacts.attempt == 0)))
        return Replication(
            {"contacts per enquiry": float(made.sum()) / (per_day * 14 / 24)}, [firsts / (per_day * 14 / 24) - 1]
        )

    compare("repeats", play, {"contacts per enquiry": 1 / (1 - p)}, replications=80)


def test_where_nobody_works_everybody_redials_until_the_attempts_are_used_up() -> None:
    p, per_day, attempts = 0.6, 3000.0, 4
    played = Played(a_day(0, per_day, 60.0, attempts=attempts, returns=Returns(redial=again(p, 120.0))))

    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        contacts, records = played.future(rng, engine)
        early = contacts.arrival[contacts.enquiry] < 18 * 3600.0
        made = (records.outcome != Outcome.NOT_MADE) & early
        expected = per_day * 18 / 24
        count = np.bincount(contacts.attempt[made], minlength=attempts)
        return Replication(
            {f"attempt {n}": float(count[n]) / expected for n in range(1, attempts)}, [float(count[0]) / expected - 1]
        )

    theory = {f"attempt {n}": p**n for n in range(1, attempts)}
    compare("redials", play, theory, replications=160, tails=theory)


def test_bounces_are_share_met_times_contained_times_bounced_again_and_again() -> None:
    met, contained, bounced, per_day = 0.8, 0.5, 0.4, 3000.0
    scenario = a_day(
        300, per_day, None, bot=Bot(exponential(60.0), ALWAYS), bot_share=met, containment=contained,
        returns=Returns(bounce=again(bounced, 300.0)),
    )  # fmt: skip
    played = Played(scenario)
    p = met * contained * bounced

    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        contacts, records = played.future(rng, engine)
        early = contacts.arrival[contacts.enquiry] < 18 * 3600.0
        made = (records.outcome != Outcome.NOT_MADE) & early
        expected = per_day * 18 / 24
        seen_by_agents = made & (records.outcome == Outcome.SERVED)
        firsts = float(np.sum(early & (contacts.attempt == 0))) / expected - 1
        return Replication(
            {"contacts": float(made.sum()) / expected, "served": float(seen_by_agents.sum()) / expected}, [firsts]
        )

    theory = {"contacts": 1 / (1 - p), "served": (1 - met * contained) / (1 - p)}
    compare("bounces", play, theory, replications=80)


@pytest.mark.parametrize(
    ("agents", "load", "patience", "p", "delay", "replications"),
    [(4, 4.4, 1.0, 0.7, 2.0, 480), (8, 9.0, 0.7, 0.5, 4.0, 320)],
)
def test_retrials_follow_the_chain_with_an_orbit(
    agents: int, load: float, patience: float, p: float, delay: float, replications: int
) -> None:
    """M/M/n + M with an orbit: who gives up joins it with probability p, and comes again after an exponential time.

    Falin and Templeton, Retrial queues, 1997; here with impatience in the queue, by the chain of (in system, in orbit),
    cut off where nobody ever is. Time unit: the mean work.
    """

    def transitions(state: State) -> Iterable[tuple[float, State]]:
        there, orbit = state
        busy, waiting = min(there, agents), max(there - agents, 0)
        if there < agents + 40:
            yield load, (there + 1, orbit)
            if orbit:
                yield orbit / delay, (there + 1, orbit - 1)
        if busy:
            yield float(busy), (there - 1, orbit)
        if waiting:
            yield waiting / patience * (1 - p), (there - 1, orbit)
            if orbit < 60:
                yield waiting / patience * p, (there - 1, orbit + 1)

    chain = stationary((0, 0), transitions)
    retrials = chain.mean(lambda state: state[1] / delay)
    given_up = chain.mean(lambda state: max(state[0] - agents, 0) / patience)
    served = chain.mean(lambda state: float(min(state[0], agents)))
    assert served == pytest.approx(load - (1 - p) * given_up, rel=1e-6)

    per_day = load * DAY / WORK
    scenario = a_day(agents, per_day, patience * WORK, returns=Returns(redial=again(p, delay * WORK)))
    played = Played(scenario)
    start, end = 3 * 3600.0, DAY

    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        contacts, records = played.future(rng, engine)
        within = (records.arrived >= start) & (records.arrived < end)
        expected = load * (end - start) / WORK

        def rate(which: np.ndarray) -> float:
            return float(np.sum(which)) / ((end - start) / WORK)

        ended = (records.ended >= start) & (records.ended < end)
        first = contacts.attempt == 0
        work = np.where(first & within, contacts.work, 0.0).sum() / WORK / expected
        return Replication(
            {
                "retrials": rate(within & ~first),
                "given up": rate(ended & (records.outcome == Outcome.ABANDONED)),
                "served": rate(ended & (records.outcome == Outcome.SERVED)),
            },
            [float(np.sum(within & first)) / expected - 1, float(work) - 1],
        )

    theory = {"retrials": retrials, "given up": given_up, "served": served}
    compare(f"retrials at {agents} agents", play, theory, replications=replications, tails=theory)
