"""One channel and one group against the classical queues. Time unit: the mean work."""

from __future__ import annotations

import numpy as np
import pytest
from centres import make_centre, make_contacts
from theory import EXPONENTIAL, FIXED, Replication, Window, Work, compare, lognormal

from simulator.contacts import ContactRecords, Contacts, Ledger, Outcome
from simulator.engine import EngineName, simulate
from simulator.queueing.abandonment import ErlangA
from simulator.queueing.erlang import ErlangC, erlang_b

pytestmark = pytest.mark.slow

DRAIN = 1000.0
"""After the last arrival: long enough for everybody to be served."""


def play_phone(engine: EngineName, contacts: Contacts, agents: int, window: Window) -> tuple[ContactRecords, Ledger]:
    """One phone line, played until it is empty; the window is interval 1 of the ledger."""
    centre = make_centre(3, edges=[0.0, window.start, window.end, window.end + DRAIN])
    records, ledger = simulate(centre, contacts, np.full((1, 3), agents), engine)
    assert not np.any(records.outcome == Outcome.OPEN)
    return records, ledger


def test_waits_without_abandonment_follow_erlang_c() -> None:
    agents, window, wait = 2, Window(rate=1.4, start=120, end=1120), 1.0
    queue = ErlangC(servers=agents, arrival_rate=window.rate, mean_handling_time=1.0)

    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = window.arrivals(rng)
        work = EXPONENTIAL.draw(rng, len(arrival))
        records, _ = play_phone(engine, make_contacts(arrival, work=work), agents, window)
        waits = records.wait[window.holds(arrival)]
        return Replication(
            {
                "P(W > 0)": window.mean(waits > 0),
                "E[W]": window.mean(waits),
                f"P(W > {wait:g})": window.mean(waits > wait),
            },
            [
                *window.work_controls(arrival, work, EXPONENTIAL),
                *window.ample_group_controls(arrival, work, stretches=(1, 2)),
                *window.single_agent_controls(arrival, work, EXPONENTIAL, speed=agents),
            ],
        )

    theory = {
        "P(W > 0)": queue.probability_of_wait,
        "E[W]": queue.mean_wait,
        f"P(W > {wait:g})": queue.wait_survival(wait),
    }
    compare("M/M/2", play, theory, replications=440, tails={f"P(W > {wait:g})"})


def test_impatient_customers_follow_erlang_a() -> None:
    agents, patience, window, wait = 3, 2.0, Window(rate=4.5, start=30, end=330), 1.0
    queue = ErlangA(servers=agents, arrival_rate=window.rate, mean_handling_time=1.0, mean_patience=patience)

    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = window.arrivals(rng)
        work = EXPONENTIAL.draw(rng, len(arrival))
        patiences = rng.exponential(patience, len(arrival))
        records, ledger = play_phone(engine, make_contacts(arrival, work=work, patience=patiences), agents, window)
        inside = window.holds(arrival)
        waits = records.wait[inside]
        return Replication(
            {
                "P(abandoned)": window.mean(records.outcome[inside] == Outcome.ABANDONED),
                "E[W]": window.mean(waits),
                "P(W > 0)": window.mean(waits > 0),
                f"P(W > {wait:g})": window.mean(waits > wait),
                "occupancy": ledger.busy[0, 1] / ledger.staffed[0, 1],
            },
            [
                *window.work_controls(arrival, work, EXPONENTIAL),
                *window.patience_controls(arrival, patiences, patience),
                *window.ample_group_controls(arrival, work),
            ],
        )

    theory = {
        "P(abandoned)": queue.abandonment_ratio,
        "E[W]": queue.mean_wait,
        "P(W > 0)": queue.probability_of_wait,
        f"P(W > {wait:g})": queue.wait_survival(wait),
        "occupancy": queue.occupancy,
    }
    compare("M/M/3+M", play, theory, replications=680, tails={f"P(W > {wait:g})"})


def test_lost_calls_follow_erlang_b() -> None:
    agents, window = 5, Window(rate=4.0, start=20, end=320)
    loss = erlang_b(agents, window.rate)

    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = window.arrivals(rng)
        work = EXPONENTIAL.draw(rng, len(arrival))
        contacts = make_contacts(arrival, work=work, patience=0.0)
        records, ledger = play_phone(engine, contacts, agents, window)
        inside = window.holds(arrival)
        return Replication(
            {
                "P(lost)": window.mean(records.outcome[inside] == Outcome.ABANDONED),
                "mean busy": ledger.busy[0, 1] / window.length,
            },
            [
                *window.work_controls(arrival, work, EXPONENTIAL),
                *window.ample_group_controls(arrival, work),
            ],
        )

    theory = {"P(lost)": loss, "mean busy": window.rate * (1 - loss)}
    compare("M/M/5/5", play, theory, replications=640)


@pytest.mark.parametrize(("name", "law"), [("M/D/1", FIXED), ("M/G/1, lognormal", lognormal(cv=0.8))])
def test_a_single_agent_follows_pollaczek_and_khinchine(name: str, law: Work) -> None:
    window = Window(rate=0.5, start=100, end=1600)

    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = window.arrivals(rng)
        work = law.draw(rng, len(arrival))
        records, _ = play_phone(engine, make_contacts(arrival, work=work), 1, window)
        waits = records.wait[window.holds(arrival)]
        return Replication(
            {"P(W > 0)": window.mean(waits > 0), "E[W]": window.mean(waits)},
            [
                *window.work_controls(arrival, work, law),
                *window.ample_group_controls(arrival, work, stretches=(1, 2)),
                # A quicker agent: at this one's own speed the control would be the very figure to be checked.
                *window.single_agent_controls(arrival, work, law, speed=1.2),
            ],
        )

    mean_wait = window.rate * law.second / (2 * (1 - window.rate))
    compare(name, play, {"P(W > 0)": window.rate, "E[W]": mean_wait}, replications=760)


def test_an_ample_group_has_a_poisson_number_busy() -> None:
    """M/G/∞: in hand, the mean and the variance of the number are both the offered load."""
    window, law, agents = Window(rate=1.0, start=60, end=2060), lognormal(cv=0.8), 20
    instants = np.arange(window.start, window.end, 0.25)

    def play(rng: np.random.Generator, engine: EngineName) -> Replication:
        arrival = window.arrivals(rng)
        work = law.draw(rng, len(arrival))
        records, ledger = play_phone(engine, make_contacts(arrival, work=work), agents, window)
        started, ended = np.sort(records.started), np.sort(records.ended)
        busy = np.searchsorted(started, instants) - np.searchsorted(ended, instants)
        return Replication(
            {
                "mean busy": ledger.busy[0, 1] / window.length,
                "variance of busy": float(np.mean((busy - window.rate) ** 2)),
            },
            [window.mean(window.holds(arrival)) - 1],
        )

    theory = {"mean busy": window.rate, "variance of busy": window.rate}
    compare("M/G/inf, lognormal", play, theory, replications=440)
