"""Plays what of a batch is not played yet, and keeps each case as it is done."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from simulator.batch.batch import cases
from simulator.batch.executors import InProcess
from simulator.batch.play import Order, Played, failed, play_case
from simulator.batch.store import StoreError, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from simulator.batch.batch import Batch, Shard
    from simulator.batch.executors import Executor

AHEAD = 2
"""Cases given out for each worker: one in hand and the next one. No more are in memory, however many there are."""
DIED = "The process that played it died, twice; it may have run out of memory."


class WorkersError(Exception):
    """No process can be started to play cases; the message says what to look at."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is."""

    done: int
    """Cases that are kept, those of earlier runs included."""
    wanted: int
    """Of this run's share."""
    failed: int
    """Of those that are kept."""
    contacts: int = 0
    """Played by this run."""
    last: Played | None = None
    """The case that was just kept; None before the first."""


def run_batch(
    batch: Batch,
    folder: Path,
    executor: Executor | None = None,
    *,
    shard: Shard | None = None,
    retry: bool = False,
    threads: int = 1,
    on_done: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Play the cases that the folder does not have yet; what is kept is the same however often this was cut short.

    Parameters
    ----------
    folder
        For the results: a new one, or one in which this batch was begun.
    executor
        Who plays; by default this process.
    shard
        The share of the cases to play; by default all.
    retry
        Play those again that failed.
    threads
        Replications side by side within each case.
    on_done
        Called before the first case and after each that is kept.

    Raises
    ------
    StoreError
        If the folder cannot be used, or cannot be written to any more; what was kept before is safe.
    ScenarioChangedError
        If a scenario file changes while the batch is played.
    WorkersError
        If processes die whatever they are given, so that no case is to blame.
    """
    executor = executor or InProcess()
    with opened(folder, batch, shard) as store:
        wanted = 0
        kept: set[int] = set()
        failures = 0
        for case in cases(batch, shard):
            wanted += 1
            record = store.record(case)
            if record is not None and not (retry and record.error is not None):
                kept.add(case.number)
                failures += record.error is not None
        progress = Progress(len(kept), wanted, failures)
        on_done(progress)
        orders = (
            Order(case, batch.settings, batch.outputs, threads)
            for case in cases(batch, shard)
            if case.number not in kept
        )
        try:
            for played in _played(orders, executor):
                store.keep(played.record, played.content)
                progress = replace(
                    progress,
                    done=progress.done + 1,
                    failed=progress.failed + (played.record.error is not None),
                    contacts=progress.contacts + played.record.contacts,
                    last=played,
                )
                on_done(progress)
        except BaseException:
            with suppress(StoreError):  # what stopped it is to be told
                store.write_summary()
            raise
        store.write_summary()
    return progress


def _played(orders: Iterator[Order], executor: Executor) -> Iterator[Played]:
    """The cases as they are done; so many are given out at once, and what a dead worker had is played again."""
    given: dict[Future[Played], Order] = {}
    ahead = AHEAD * executor.workers if executor.workers > 1 else 1
    while True:
        lost: list[Order] = []
        for order in islice(orders, ahead - len(given)):
            try:
                given[executor.submit(play_case, order)] = order
            except BrokenExecutor:
                lost.append(order)
        if not given and not lost:
            return
        done = wait(given, return_when=FIRST_COMPLETED).done if given else ()
        for future in done:
            order = given.pop(future)
            try:
                yield future.result()
            except BrokenExecutor:
                lost.append(order)
        if lost:
            # Of all that were in hand one may be to blame: each is played alone now.
            lost += given.values()
            given.clear()
            executor.renew()
            for order in sorted(lost, key=lambda each: each.case.number):
                yield _alone(order, executor)


def _alone(order: Order, executor: Executor) -> Played:
    """A case played with nothing beside it, twice at most."""
    for _ in range(2):
        try:
            return executor.submit(play_case, order).result()
        except BrokenExecutor:
            executor.renew()
    try:
        executor.submit(str, 0).result()
    except BrokenExecutor:
        msg = (
            "The processes that play cases die before they begin. A script that starts them does so below "
            'if __name__ == "__main__":, as they read it too; else look at the memory and processes that are left.'
        )
        raise WorkersError(msg) from None
    return failed(order.case, DIED)
