"""Plays replications: one after the other or side by side, with the same results either way.

Compiled code lets go of Python's lock, so the compiled engine's replications go side by side in threads, which start at
once and share everything. The reference engine is plain Python and needs processes; each has to import the package.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from simulator.demand import Demand
from simulator.engine import Centre, EngineName, centre_of, simulate
from simulator.measures import EVERYTHING, Part, Summary, Yardstick, summarise
from simulator.presence import Presence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.contacts import ContactRecords, Contacts, Diverted, Ledger
    from simulator.experiment.customers import Customers
    from simulator.scenario.model import Scenario

Outcome_co = TypeVar("Outcome_co", covariant=True)

WORTH_PROCESSES = 4.0
"""Seconds of work left from which starting processes pays; each has to import the package first."""


class Repeatable(Protocol[Outcome_co]):
    """What can be played by number; for the reference engine it has to travel to other processes."""

    @property
    def engine(self) -> EngineName:
        """Which engine plays."""

    def replication(self, number: int, /) -> Outcome_co:
        """Play one, and keep of it what is wanted."""


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario made ready to be repeated."""

    scenario: Scenario
    seed: int
    engine: EngineName
    demand: Demand | Customers
    presence: Presence
    centre: Centre
    yardstick: Yardstick

    @classmethod
    def prepare(cls, scenario: Scenario, seed: int, engine: EngineName, customers: Customers | None = None) -> Play:
        """Work out once what every replication needs; `customers` are drawn from, if they are those of the scenario.

        The reference engine plays in processes, which share nothing.
        """
        shared = customers if engine == "compiled" and customers is not None and customers.come_to(scenario) else None
        demand = shared or Demand(scenario)
        return cls(scenario, seed, engine, demand, Presence(scenario), centre_of(scenario), Yardstick.of(scenario))

    def replication(self, number: int, wanted: Part = EVERYTHING) -> Summary:
        """Draw, play and sum up one future. The same number gives the same customers whatever the staffing.

        And the same absent agents, whoever else is planned. What of the summary is not wanted is left out.
        """
        contacts, diverted, records, ledger = self.tables(number)
        return summarise(self.yardstick, contacts, records, ledger, diverted, wanted)

    def tables(self, number: int) -> tuple[Contacts, Diverted, ContactRecords, Ledger]:
        """Draw and play one future: who came, whom announcements moved, what happened to each, what agents did."""
        contacts, diverted = self.demand.draw_diverted(self.seed, number)
        staffing = self.presence.draw(self.seed, number)
        records, ledger = simulate(self.centre, contacts, staffing, self.engine)
        return contacts, diverted, records, ledger


def usable_processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Player(Generic[Outcome_co]):
    """Plays replications of one `Play` by number; keeps its threads or processes until closed."""

    def __init__(self, play: Repeatable[Outcome_co], workers: int) -> None:
        self.play = play
        self.workers = workers
        self.seconds_each: float | None = None
        self.threads: ThreadPoolExecutor | None = None
        self.processes: ProcessPoolExecutor | None = None

    def __enter__(self) -> Player[Outcome_co]:
        """Nothing is started before it pays."""
        return self

    def __exit__(self, *_: object) -> None:
        """End threads and processes, each when it is done with the replication in hand."""
        for pool in (self.threads, self.processes):
            if pool is not None:
                pool.shutdown(cancel_futures=True)

    def play_all(self, numbers: Sequence[int]) -> Iterator[Outcome_co]:
        """What is kept of these replications, in their order."""
        for place, number in enumerate(numbers):
            left = numbers[place:]
            if self.workers > 1 and self.seconds_each is not None:
                if self.play.engine == "compiled":
                    yield from self.in_threads(left)
                    return
                if self.processes is not None or self.seconds_each * len(left) > WORTH_PROCESSES:
                    yield from self.in_processes(left)
                    return
            start = time.perf_counter()
            outcome = self.play.replication(number)
            if self.seconds_each is None and self.play.engine == "compiled":
                from simulator.jit import remember_compiled  # here, because it loads Numba

                remember_compiled()
            self.seconds_each = time.perf_counter() - start
            yield outcome

    def in_threads(self, numbers: Sequence[int]) -> Iterator[Outcome_co]:
        """Side by side in threads."""
        if self.threads is None:
            self.threads = ThreadPoolExecutor(self.workers)
        return self.threads.map(self.play.replication, numbers)

    def in_processes(self, numbers: Sequence[int]) -> Iterator[Outcome_co]:
        """Side by side in processes."""
        if self.processes is None:
            # Spawned, not forked: the same on every system, and safe beside threads.
            context = multiprocessing.get_context("spawn")
            self.processes = ProcessPoolExecutor(self.workers, context, initializer=_keep, initargs=(self.play,))
        with deaf_to_interrupts():
            return self.processes.map(_replication, numbers)


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C, which a terminal sends to all: this one hears it and ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what becomes of a signal
        return
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


_kept: list[Repeatable[Any]] = []
"""In a worker process: what it plays."""


def _keep(play: Repeatable[Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on systems where that is not inherited
    _kept[:] = [play]


def _replication(number: int) -> Any:
    return _kept[0].replication(number)
