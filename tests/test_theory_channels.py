"""Several channels, groups, slots and a bot against Markov chains and classical results. Time unit: the mean work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from centres import make_centre, make_contacts
from exact import chat_chain, interrupted_chain, overflow_chain, reserve_chain
from theory import EXPONENTIAL, Replication, Window, compare

from simulator.contacts import ContactRecords, Contacts, Ledger, Outcome
from simulator.engine import EngineName, simulate
from simulator.queueing.abandonment import ErlangA
from simulator.queueing.erlang import erlang_c
from simulator.queueing.general_patience import MMnG
from simulator.queueing.patience import Patience

pytestmark = pytest.mark.slow

LIVE, DEFERRED = 0, 1
AFTERMATH = 30.0
"""How long contacts keep coming after those that count, where they may disturb them."""
DRAIN = 1000.0
"""Then: long enough for everybody to be served."""


def play(
    engine: EngineName, contacts: Contacts, staff: list[int], window: Window, **centre: Any
) -> tuple[ContactRecords, Ledger]:
    """Steady staffing, played until the centre is empty; the window is interval 1 of the ledger."""
    edges = [0.0, window.start, window.end, window.end + AFTERMATH + DRAIN]
    staffing = np.repeat(np.array(staff)[:, None], 3, axis=1)
    records, ledger = simulate(make_centre(3, groups=len(staff), edges=edges, **centre), contacts, staffing, engine)
    assert not np.any(records.outcome == Outcome.OPEN)
    return records, ledger


def merge(*streams: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The instants of several streams in one order, and the stream of each."""
    instants = np.concatenate(streams)
    stream = np.repeat(np.arange(len(streams)), [len(each) for each in streams])
    order = np.argsort(instants)
    return instants[order], stream[order]


@pytest.mark.parametrize("of", ["topic", "customer_class"])
def test_two_priorities_follow_cobham(of: str) -> None:
    """Cobham, Priority assignment in waiting line problems, Operations Research 2, 1954: nobody is interrupted."""
    agents, start, end = 2, 80, 1080
    urgent, plain, both = (Window(rate, start, end) for rate in (0.8, 0.6, 1.4))

    def replicate(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival, number = merge(*(kind.arrivals(rng, until=end + AFTERMATH) for kind in (urgent, plain)))
        work = EXPONENTIAL.draw(rng, len(arrival))
        contacts = make_contacts(arrival, work=work, **{of: number})
        two = (
            {"topics": 2, "priority": [1, 2]} if of == "topic" else {"customer_classes": 2, "priority": [[[1]], [[2]]]}
        )
        records, _ = play(engine, contacts, [agents], both, **two)
        inside = both.holds(arrival)
        first, second = inside & (number == 0), inside & (number == 1)
        return Replication(
            {
                "P(W > 0)": both.mean(records.wait[inside] > 0),
                "E[W], urgent": urgent.mean(records.wait[first]),
                "E[W], plain": plain.mean(records.wait[second]),
            },
            [
                *both.work_controls(arrival, work, EXPONENTIAL),
                *both.ample_group_controls(arrival, work),
                *both.single_agent_controls(arrival, work, EXPONENTIAL, speed=agents),
                *urgent.work_controls(arrival[number == 0], work[number == 0], EXPONENTIAL)[:2],
                *urgent.single_agent_controls(arrival[number == 0], work[number == 0], EXPONENTIAL, speed=agents),
            ],
        )

    must_wait = erlang_c(agents, both.rate)
    urgent_wait = must_wait / (agents - urgent.rate)
    theory = {
        "P(W > 0)": must_wait,
        "E[W], urgent": urgent_wait,
        "E[W], plain": urgent_wait / (1 - both.rate / agents),
    }
    compare(f"M/M/2, two priorities by {of}", replicate, theory, replications=1640)


IN_HAND = ("E[handled]", "mean busy", "mean in hand")
WAITING = ("P(W > 0)", "P(abandoned)")


@pytest.mark.parametrize(
    ("agents", "rate", "measures"), [(2, 2.2, IN_HAND), (2, 4.5, IN_HAND + WAITING), (3, 6.5, IN_HAND + WAITING)]
)
def test_chat_follows_its_markov_chain(agents: int, rate: float, measures: tuple[str, ...]) -> None:
    patience, slot_speed, window = 2.0, (1.0, 0.8, 0.6), Window(rate, start=40, end=340)
    chain = chat_chain(agents, rate, patience, slot_speed, most_waiting=80)

    def replicate(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = window.arrivals(rng, until=window.end + AFTERMATH)  # whoever comes later slows those in hand
        work = EXPONENTIAL.draw(rng, len(arrival))
        patiences = rng.exponential(patience, len(arrival))
        contacts = make_contacts(arrival, work=work, patience=patiences)
        records, ledger = play(engine, contacts, [agents], window, slots=3, slot_speed=slot_speed)
        inside = window.holds(arrival)
        return Replication(
            {
                "P(W > 0)": window.mean(records.wait[inside] > 0),
                "P(abandoned)": window.mean(records.outcome[inside] == Outcome.ABANDONED),
                "E[handled]": window.mean(records.handled[inside]),
                "mean busy": ledger.busy[0, 1] / window.length,
                "mean in hand": ledger.slot_seconds[0, 1] / window.length,
            },
            [
                *window.work_controls(arrival, work, EXPONENTIAL),
                *window.patience_controls(arrival, patiences, patience),
                *window.ample_group_controls(arrival, work, stretches=(1, 1.6)),
            ],
        )

    in_hand = chain.mean(lambda state: sum(state[1:]))
    theory = {
        "P(W > 0)": chain.mean(lambda state: state[1] == len(slot_speed)),
        "P(abandoned)": chain.mean(lambda state: state[0]) / patience / rate,
        "E[handled]": in_hand / rate,
        "mean busy": chain.mean(lambda state: sum(held > 0 for held in state[1:])),
        "mean in hand": in_hand,
    }
    theory = {measure: theory[measure] for measure in measures}
    compare(f"chat, {agents} agents, {rate} erlangs", replicate, theory, replications=620)


def test_the_queue_after_a_bot_is_erlang_a_on_what_the_bot_leaves() -> None:
    """A share of a Poisson stream, delayed by any independent times, is Poisson again."""
    agents, patience, meets, contained, wait = 2, 2.0, 0.8, 0.45, 1.0
    front, door = (Window(rate, start=40, end=440) for rate in (5.0, 5.0 * (1 - meets * contained)))
    queue = ErlangA(servers=agents, arrival_rate=door.rate, mean_handling_time=1.0, mean_patience=patience)

    def replicate(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = front.arrivals(rng)
        count = len(arrival)
        work, patiences = EXPONENTIAL.draw(rng, count), rng.exponential(patience, count)
        meets_bot, resolved = rng.random(count) < meets, rng.random(count) < contained
        bot_time = rng.gamma(2.0, 1.0, count)
        contacts = make_contacts(
            arrival,
            work=work,
            patience=patiences,
            meets_bot=meets_bot,
            contained=resolved,
            bot_time=bot_time,
        )
        records, _ = play(engine, contacts, [agents], front, bot_on=True)
        by_bot = records.outcome[front.holds(arrival)] == Outcome.CONTAINED
        inside = door.holds(records.entered)

        passed = ~(meets_bot & resolved)
        at_door = (arrival + meets_bot * bot_time)[passed]
        order = np.argsort(at_door)
        at_door, passed_work, passed_patience = at_door[order], work[passed][order], patiences[passed][order]
        return Replication(
            {
                "P(contained)": front.mean(by_bot),
                "P(W > 0)": door.mean(records.wait[inside] > 0),
                f"P(W > {wait:g})": door.mean(records.wait[inside] > wait),
                "P(abandoned)": door.mean(records.outcome[inside] == Outcome.ABANDONED),
            },
            [
                front.mean(front.holds(arrival)) - 1,
                *door.work_controls(at_door, passed_work, EXPONENTIAL),
                *door.patience_controls(at_door, passed_patience, patience),
                *door.ample_group_controls(at_door, passed_work),
            ],
        )

    theory = {
        "P(contained)": meets * contained,
        "P(W > 0)": queue.probability_of_wait,
        f"P(W > {wait:g})": queue.wait_survival(wait),
        "P(abandoned)": queue.abandonment_ratio,
    }
    compare("M/M/2+M after a bot", replicate, theory, replications=400, tails={f"P(W > {wait:g})"})


def test_interrupted_deferred_work_follows_its_markov_chain_and_live_work_knows_nothing_of_it() -> None:
    agents, patience, deferred_patience, start, end = 2, 0.5, 1.0, 30, 330
    live, deferred, both = (Window(rate, start, end) for rate in (1.8, 1.2, 3.0))
    queue = ErlangA(servers=agents, arrival_rate=live.rate, mean_handling_time=1.0, mean_patience=patience)
    chain = interrupted_chain(agents, live.rate, patience, deferred.rate, deferred_patience, most_waiting=50)

    def replicate(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival, channel = merge(*(kind.arrivals(rng, until=end + AFTERMATH) for kind in (live, deferred)))
        work = EXPONENTIAL.draw(rng, len(arrival))
        patiences = rng.exponential(np.where(channel == LIVE, patience, deferred_patience))
        contacts = make_contacts(arrival, work=work, channel=channel, patience=patiences)
        records, _ = play(engine, contacts, [agents], live, channels=2, live=[True, False], interruptible=[False, True])
        of_live, of_deferred = channel == LIVE, channel == DEFERRED
        live_seen, deferred_seen = (live.holds(arrival) & of for of in (of_live, of_deferred))
        served = deferred_seen & (records.outcome == Outcome.SERVED)
        aside = (records.ended - records.started - records.handled)[served]
        return Replication(
            {
                "live P(W > 0)": live.mean(records.wait[live_seen] > 0),
                "live P(abandoned)": live.mean(records.outcome[live_seen] == Outcome.ABANDONED),
                "deferred P(W > 0)": deferred.mean(records.wait[deferred_seen] > 0),
                "deferred P(abandoned)": deferred.mean(records.outcome[deferred_seen] == Outcome.ABANDONED),
                "deferred E[put aside]": deferred.mean(aside),
            },
            [
                *live.work_controls(arrival[of_live], work[of_live], EXPONENTIAL),
                *live.patience_controls(arrival[of_live], patiences[of_live], patience),
                *live.ample_group_controls(arrival[of_live], work[of_live]),
                *deferred.work_controls(arrival[of_deferred], work[of_deferred], EXPONENTIAL),
                *deferred.patience_controls(arrival[of_deferred], patiences[of_deferred], deferred_patience),
                *both.ample_group_controls(arrival, work),
            ],
        )

    theory = {
        "live P(W > 0)": queue.probability_of_wait,
        "live P(abandoned)": queue.abandonment_ratio,
        "deferred P(W > 0)": chain.mean(lambda state: sum(state[:3]) == agents),
        "deferred P(abandoned)": chain.mean(lambda state: state[4]) / deferred_patience / deferred.rate,
        "deferred E[put aside]": chain.mean(lambda state: state[1]) / deferred.rate,
    }
    compare("interrupted deferred work", replicate, theory, replications=1840)


def test_a_reserve_follows_its_markov_chain() -> None:
    agents, reserve, deferred_patience, start, end = 4, 1, 2.0, 30, 330
    live, deferred, both = (Window(rate, start, end) for rate in (2.5, 2.5, 5.0))
    chain = reserve_chain(agents, reserve, live.rate, deferred.rate, deferred_patience, most_waiting=60)

    def replicate(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival, channel = merge(*(kind.arrivals(rng, until=end + AFTERMATH) for kind in (live, deferred)))
        work = EXPONENTIAL.draw(rng, len(arrival))
        patiences = rng.exponential(deferred_patience, len(arrival))
        contacts = make_contacts(
            arrival, work=work, channel=channel, patience=np.where(channel == LIVE, 0.0, patiences)
        )
        records, _ = play(engine, contacts, [agents], live, channels=2, live=[True, False], reserve=reserve)
        of_live, of_deferred = channel == LIVE, channel == DEFERRED
        live_seen, deferred_seen = (live.holds(arrival) & of for of in (of_live, of_deferred))
        return Replication(
            {
                "live P(lost)": live.mean(records.outcome[live_seen] == Outcome.ABANDONED),
                "deferred P(W > 0)": deferred.mean(records.wait[deferred_seen] > 0),
                "deferred P(abandoned)": deferred.mean(records.outcome[deferred_seen] == Outcome.ABANDONED),
            },
            [
                *live.work_controls(arrival[of_live], work[of_live], EXPONENTIAL),
                *live.ample_group_controls(arrival[of_live], work[of_live]),
                *deferred.work_controls(arrival[of_deferred], work[of_deferred], EXPONENTIAL),
                *deferred.patience_controls(arrival[of_deferred], patiences[of_deferred], deferred_patience),
                *both.ample_group_controls(arrival, work),
            ],
        )

    theory = {
        "live P(lost)": chain.mean(lambda state: state[0] == agents),
        "deferred P(W > 0)": chain.mean(lambda state: state[0] >= agents - reserve),
        "deferred P(abandoned)": chain.mean(lambda state: state[1]) / deferred_patience / deferred.rate,
    }
    compare("reserve for live work", replicate, theory, replications=720)


def test_a_second_group_takes_the_overflow_of_lost_calls() -> None:
    first, second, speed, window = 3, 2, 0.7, Window(rate=3.5, start=20, end=320)
    chain = overflow_chain(first, second, window.rate, speed)

    def replicate(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = window.arrivals(rng)
        work = EXPONENTIAL.draw(rng, len(arrival))
        contacts = make_contacts(arrival, work=work, patience=0.0)
        records, _ = play(engine, contacts, [first, second], window, level=[[[1, 2]]], speed=[[[1.0, speed]]])
        group = records.group[window.holds(arrival)]
        return Replication(
            {
                "P(first)": window.mean(group == 0),
                "P(second)": window.mean(group == 1),
                "P(lost)": window.mean(group < 0),
            },
            [
                *window.work_controls(arrival, work, EXPONENTIAL),
                *window.ample_group_controls(arrival, work),
            ],
        )

    theory = {
        "P(first)": chain.mean(lambda state: state[0] < first),
        "P(second)": chain.mean(lambda state: state[0] == first and state[1] < second),
        "P(lost)": chain.mean(lambda state: state == (first, second)),
    }
    compare("overflow of lost calls", replicate, theory, replications=840)


def test_an_ample_second_group_that_opens_after_a_wait_takes_those_who_would_give_up_then() -> None:
    """For the first group, a contact taken over after d seconds is one whose patience is d: M/M/n+D."""
    agents, opens_after, window = 3, 0.5, Window(rate=4.0, start=20, end=320)
    queue = MMnG(
        servers=agents,
        arrival_rate=window.rate,
        mean_handling_time=1.0,
        patience=Patience.deterministic(opens_after),
    )

    def replicate(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = window.arrivals(rng)
        work = EXPONENTIAL.draw(rng, len(arrival))
        records, _ = play(
            engine,
            make_contacts(arrival, work=work),
            [agents, 30],
            window,
            level=[[[1, 2]]],
            opens_after=[[[0.0, opens_after]]],
        )
        inside = window.holds(arrival)
        return Replication(
            {
                "P(W > 0)": window.mean(records.wait[inside] > 0),
                "E[W]": window.mean(records.wait[inside]),
                "P(second)": window.mean(records.group[inside] == 1),
            },
            [
                *window.work_controls(arrival, work, EXPONENTIAL),
                *window.ample_group_controls(arrival, work),
            ],
        )

    theory = {
        "P(W > 0)": queue.probability_of_wait,
        "E[W]": queue.mean_wait,
        "P(second)": queue.abandonment_ratio,
    }
    compare("overflow after a wait", replicate, theory, replications=480)
