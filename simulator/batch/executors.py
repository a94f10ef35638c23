"""Who plays the cases: this process, or several on this machine. Results do not depend on it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

from simulator.experiment.replications import deaf_to_interrupts

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from types import TracebackType

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


class WorkersError(Exception):
    """Nobody is there to play cases; the message says what to look at."""


class Executor(Protocol):
    """What a batch asks of those who play it."""

    @property
    def workers(self) -> int:
        """How many tasks are done at once; it may change."""
        ...

    def submit(self, function: Callable[[_Given], _Made], given: _Given) -> Future[_Made]:
        """Have a function called, here or elsewhere. `BrokenExecutor` if whoever was at it has died."""
        ...

    def renew(self) -> None:
        """Begin anew after a worker has died; what was being played is lost."""
        ...

    def look_after(self) -> None:
        """Called now and then while work is out. `WorkersError` if nobody is there any more to do it."""
        ...


class InProcess:
    """Plays in this process, one case after the other."""

    workers = 1

    def submit(self, function: Callable[[_Given], _Made], given: _Given) -> Future[_Made]:
        """Call it here and now."""
        future: Future[_Made] = Future()
        try:
            future.set_result(function(given))
        except Exception as error:
            future.set_exception(error)
        return future

    def renew(self) -> None:
        """Nothing dies here but all."""

    def look_after(self) -> None:
        """Whoever asks is there."""


class Processes:
    """Plays in processes of this machine. They end with this one, however it ends."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            msg = f"workers is {workers}; it must be at least 1."
            raise ValueError(msg)
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._lifeline: Connection | None = None

    def __enter__(self) -> Processes:
        """Processes start with the first case."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes: idle ones by themselves, those at work at once."""
        self.close(at_once=kind is not None)

    def submit(self, function: Callable[[_Given], _Made], given: _Given) -> Future[_Made]:
        """Have it called in one of the processes."""
        if self._pool is None:
            # Spawned, not forked: the same on every system, and safe beside threads.
            context = multiprocessing.get_context("spawn")
            theirs, self._lifeline = context.Pipe(duplex=False)
            self._pool = ProcessPoolExecutor(self.workers, context, initializer=_begin, initargs=(theirs,))
        with deaf_to_interrupts():
            return self._pool.submit(function, given)

    def renew(self) -> None:
        """Processes of which one has died play nothing more; others will."""
        self.close(at_once=True)

    def look_after(self) -> None:
        """A process that has died is told of by its task."""

    def close(self, *, at_once: bool = False) -> None:
        """End the processes, when they are done with the cases in hand or `at_once`."""
        if self._pool is None or self._lifeline is None:
            return
        if at_once:
            self._lifeline.close()
        self._pool.shutdown(cancel_futures=True)
        self._lifeline.close()
        self._pool = self._lifeline = None


def _begin(lifeline: Connection) -> None:
    """In a worker process: end when the batch's process lets go of its end of the pipe, or is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on systems where that is not inherited

    def watch() -> None:
        try:
            lifeline.recv_bytes()
        except (EOFError, OSError):
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
