"""How fast the engines play, against textbook SimPy on the same customers: `python benchmarks/engines.py`.

One stationary queue, M/M/10+M at 2 contacts a minute, 5 min of work, 2 min of patience: what everybody can do.
"""

from __future__ import annotations

import platform
import statistics
import time
from typing import TYPE_CHECKING

import numpy as np
import simpy

from simulator.contacts import Contacts, Outcome
from simulator.engine import ENGINES, Centre, simulate
from simulator.queueing import ErlangA

if TYPE_CHECKING:
    from collections.abc import Generator

CONTACTS = 20_000
AGENTS = 10
RATE = 2 / 60
WORK, PATIENCE = 300.0, 120.0
ROUNDS = 5


def customers(seed: int) -> Contacts:
    """Poisson arrivals with exponential work and patience."""
    rng = np.random.default_rng(seed)
    zeros = np.zeros(CONTACTS, dtype=np.int64)
    no = np.zeros(CONTACTS, dtype=np.bool_)
    return Contacts(
        arrival=np.cumsum(rng.exponential(1 / RATE, CONTACTS)),
        channel=zeros,
        topic=zeros,
        work=rng.exponential(WORK, CONTACTS),
        patience=rng.exponential(PATIENCE, CONTACTS),
        due=np.full(CONTACTS, np.inf),
        meets_bot=no,
        contained=no,
        bot_time=np.zeros(CONTACTS),
        enquiry=np.arange(CONTACTS),
        attempt=zeros,
    )


def one_queue(contacts: Contacts) -> tuple[Centre, np.ndarray]:
    """A centre of one channel and one group, open until everybody has come."""
    intervals = int(contacts.arrival[-1] // 900) + 2
    centre = Centre(
        edges=np.linspace(0.0, 900.0 * intervals, intervals + 1),
        live=np.array([True]),
        open=np.ones((1, intervals), dtype=np.bool_),
        cut=np.array([False]),
        bot_on=np.zeros((1, intervals), dtype=np.bool_),
        slots=np.ones((1, 1), dtype=np.int64),
        slot_speed=np.ones((1, 1)),
        interruptible=np.array([False]),
        priority=np.ones((1, 1), dtype=np.int64),
        level=np.ones((1, 1, 1), dtype=np.int64),
        opens_after=np.zeros((1, 1, 1)),
        speed=np.ones((1, 1, 1)),
        reserve=np.zeros(1, dtype=np.int64),
    )
    return centre, np.full((1, intervals), AGENTS, dtype=np.int64)


def textbook(contacts: Contacts) -> float:
    """SimPy as its tutorial writes it: a process a customer; returns the abandonment ratio."""
    env = simpy.Environment()
    agents = simpy.Resource(env, AGENTS)
    abandoned = 0

    def customer(work: float, patience: float) -> Generator[simpy.Event, object, None]:
        nonlocal abandoned
        with agents.request() as request:
            yield request | env.timeout(patience)
            if request.triggered:
                yield env.timeout(work)
            else:
                abandoned += 1

    def arrivals() -> Generator[simpy.Event, object, None]:
        rows = zip(contacts.arrival.tolist(), contacts.work.tolist(), contacts.patience.tolist(), strict=True)
        for arrival, work, patience in rows:
            yield env.timeout(arrival - env.now)
            env.process(customer(work, patience))

    env.process(arrivals())
    env.run()
    return abandoned / len(contacts)


def main() -> None:
    """Print a row an engine."""
    exact = ErlangA(servers=AGENTS, arrival_rate=RATE, mean_handling_time=WORK, mean_patience=PATIENCE)
    print(f"{platform.machine()}, Python {platform.python_version()}; {CONTACTS} contacts, {ROUNDS} rounds")
    print(f"M/M/{AGENTS}+M, abandonment by Erlang A {exact.abandonment_ratio:.4f}")
    seconds: dict[str, list[float]] = {"textbook SimPy": [], **{engine: [] for engine in ENGINES}}
    ratios: dict[str, list[float]] = {name: [] for name in seconds}
    for seed in range(ROUNDS):
        contacts = customers(seed)
        centre, staffing = one_queue(contacts)
        start = time.process_time()
        ratios["textbook SimPy"].append(textbook(contacts))
        seconds["textbook SimPy"].append(time.process_time() - start)
        for engine in ENGINES:
            start = time.process_time()
            records, _ = simulate(centre, contacts, staffing, engine)
            seconds[engine].append(time.process_time() - start)
            ratios[engine].append(float((records.outcome == Outcome.ABANDONED).mean()))
    for name, each in seconds.items():
        pairs = [base / own for base, own in zip(seconds["textbook SimPy"], each, strict=True)]
        rate = CONTACTS / statistics.median(each)
        print(
            f"{name:16} {rate:12,.0f} contacts/s   {statistics.median(pairs):5.1f} x textbook   "
            f"abandonment {statistics.mean(ratios[name]):.4f}"
        )


if __name__ == "__main__":
    main()
