"""Plays what of a batch is not played yet, and keeps each case as it is done."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from simulator.batch.batch import cases
from simulator.batch.executors import InProcess, WorkersError
from simulator.batch.handout import Handout, place_of, singly
from simulator.batch.play import Done, Order, Played, Task, play
from simulator.batch.readings import IN_MEMORY, Room
from simulator.batch.store import StoreError, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from simulator.batch.batch import Batch, Shard
    from simulator.batch.executors import Executor

AHEAD = 2
"""Tasks given out for each worker: one in hand and the next. No more are in memory, however many cases there are."""
LOOK_AFTER = 1.0
"""Seconds after which the workers are looked after, if nothing comes back."""
DIED = "The process that played it died, twice; it may have run out of memory."

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


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
    on_done
        Called before the first case and after each that is kept.

    Raises
    ------
    StoreError
        If the folder cannot be used, or cannot be written to any more; what was kept before is safe.
    ScenarioChangedError
        If a scenario file changes while the batch is played.
    WorkersError
        If processes die whatever they are given, so that no case is to blame; or if nobody is left to play.
    OtherVersionError
        If a worker has another version of ruuhka, or of what it computes with.
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
        orders = (Order(case, batch.settings, batch.outputs) for case in cases(batch, shard) if case.number not in kept)
        try:
            handout = Handout(batch, orders, wanted - len(kept), Room(IN_MEMORY, folder))
            for played in _played(handout, executor):
                store.keep(played.record, played.content)
                progress = replace(
                    progress,
                    done=progress.done + 1,
                    failed=progress.failed + (played.record.error is not None),
                    contacts=progress.contacts + played.record.contacts,
                    last=played,
                )
                on_done(progress)
        except BaseException as error:
            with suppress(StoreError):  # what stopped it is to be told
                store.write_summary()
            if isinstance(error, OSError):  # of rows that are put aside
                msg = f"{folder}: writing failed ({error.strerror or error}). What was finished before is kept."
                raise StoreError(msg) from None
            raise
        store.write_summary()
    return progress


def _played(handout: Handout, executor: Executor) -> Iterator[Played]:
    """The cases as they are done; so many tasks are given out at once, and what a dead worker had is done again."""
    given: dict[Future[Done], Task] = {}
    try:
        while True:
            lost: list[Task] = []
            workers = executor.workers
            while len(given) < (AHEAD * workers if workers > 1 else 1):
                task = handout.next_task(workers)
                if task is None:
                    break
                try:
                    given[executor.submit(play, task)] = task
                except BrokenExecutor:
                    lost.append(task)
                    break
            if not given and not lost:
                return
            for future in wait(given, LOOK_AFTER, return_when=FIRST_COMPLETED).done if given else ():
                task = given.pop(future)
                try:
                    done = future.result()
                except BrokenExecutor:
                    lost.append(task)
                else:
                    yield from handout.take(task, done)
            executor.look_after()
            if lost:
                # Of all that were in hand one may be to blame: each is played alone now.
                lost += given.values()
                given.clear()
                executor.renew()
                for one in sorted((each for task in lost for each in singly(task)), key=place_of):
                    yield from _alone(one, handout, executor)
    finally:
        for future in given:
            future.cancel()
        handout.close()


def _alone(task: Task, handout: Handout, executor: Executor) -> list[Played]:
    """What comes of a task with nothing beside it, tried twice at most."""
    for _ in range(2):
        try:
            return handout.take(task, _result(executor, play, task))
        except BrokenExecutor:
            executor.renew()
    try:
        _result(executor, str, 0)
    except BrokenExecutor:
        msg = (
            "The processes that play cases die before they begin. A script that starts them does so below "
            'if __name__ == "__main__":, as they read it too; else look at the memory and processes that are left.'
        )
        raise WorkersError(msg) from None
    return handout.give_up(task, DIED)


def _result(executor: Executor, function: Callable[[_Given], _Made], given: _Given) -> _Made:
    future = executor.submit(function, given)
    while not wait([future], LOOK_AFTER).done:
        executor.look_after()
    return future.result()
