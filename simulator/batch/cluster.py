"""A Dask cluster as those who play a batch: workers of this machine, or of any that a scheduler knows.

Needs the extra `dask`. A worker that dies is nothing to a batch: the scheduler gives its work to others.
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import threading
import time
from concurrent.futures import BrokenExecutor, CancelledError, Future
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from simulator.batch.executors import WorkersError
from simulator.batch.play import OtherVersionError, ScenarioChangedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import distributed

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

LOCAL = "local"
"""Instead of an address: a cluster of this machine's own, for as long as the batch is played."""
CONNECTING = 10.0
"""Seconds in which a scheduler answers and has a worker, or is given up."""
ARRIVING = 60.0
"""Seconds in which a scheduler that was there answers again, or has workers again, before a batch is stopped."""
WORKERS_ENVIRONMENT = {"OMP_NUM_THREADS": 1, "MKL_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1}
"""Of a local cluster's workers. Dask's own has MALLOC_TRIM_THRESHOLD_ too, with which the C library gives back the
arrays of each replication and asks for them anew: a quarter of the processor's time went into that."""
FETCHING = 5.0
"""Seconds for which a result may be on its way before it is looked whether the cluster is still there."""
COUNTED = 2.0
"""Seconds after which workers are counted again: more may come, and some may go."""


class DaskCluster:
    """Plays on a Dask cluster. Enter it to connect.

    Parameters
    ----------
    address
        Of the scheduler, as in "tcp://10.0.0.7:8786", or "local".
    workers
        How many of a local cluster.
    """

    def __init__(self, address: str, workers: int = 1) -> None:
        self.address = address
        self._wanted = workers
        self._cluster: distributed.LocalCluster | None = None
        self._client: distributed.Client | None = None
        self._out: set[distributed.Future[Any]] = set()
        self._lock = threading.Lock()
        self._count = 0
        self._counted = self._seen = self._answered = 0.0

    def __enter__(self) -> DaskCluster:
        """Connect.

        Raises
        ------
        WorkersError
            If the extra is missing, the address is none, no scheduler answers there, or no worker comes.
        """
        if importlib.util.find_spec("distributed") is None:
            msg = (
                "--dask needs the package distributed, which is not here; install it, in ruuhka's folder, with: "
                "python3 -m pip --python .venv install -qc constraints.txt '.[dask]'"
            )
            raise WorkersError(msg)
        if self.address != LOCAL:
            _check_address(self.address)
        import dask.config
        import distributed

        # What a scheduler and its workers say of each other's end is told by us, or is nothing to a batch.
        for name in ("distributed", *logging.root.manager.loggerDict):
            if name.partition(".")[0] == "distributed":
                logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            if self.address == LOCAL:
                with dask.config.set({"distributed.nanny.pre-spawn-environ": WORKERS_ENVIRONMENT}):
                    self._cluster = distributed.LocalCluster(
                        n_workers=self._wanted,
                        threads_per_worker=1,
                        processes=True,
                        dashboard_address="127.0.0.1:0",  # of any port: others may run a batch here too
                        host="127.0.0.1",
                        silence_logs=logging.CRITICAL,
                    )
            else:
                asyncio.run(asyncio.wait_for(_answered(self.address), CONNECTING))
            self._client = distributed.Client(
                self._cluster or self.address, timeout=CONNECTING, set_as_default=False, name="ruuhka"
            )
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            self.close()
            if self.address == LOCAL:
                msg = f"No Dask cluster can be started on this machine ({_first_line(error)})."
                raise WorkersError(msg) from None
            msg = (
                f"No Dask scheduler answers at {self.address} within {CONNECTING:.0f} seconds "
                f"({_first_line(error)}). Is it running, and is the address that which it printed?"
            )
            raise WorkersError(msg) from None
        self._answered = self._seen = time.monotonic()
        while not self._count_again():
            if time.monotonic() - self._seen > CONNECTING:
                self.close()
                msg = f"The Dask scheduler at {self.address} has no worker; start one: dask worker {self.address}"
                raise WorkersError(msg)
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the cluster; one of our own ends."""
        self.close()

    @property
    def workers(self) -> int:
        """Threads of all workers; at least 1, as more may come."""
        if time.monotonic() - self._counted > COUNTED:
            self._count_again()
        return max(self._count, 1)

    def submit(self, function: Callable[[_Given], _Made], given: _Given) -> Future[_Made]:
        """Have it called by one of the workers."""
        client = self._connected()
        asked = client.submit(function, given, pure=False, retries=0)
        future: Future[_Made] = Future()
        future.set_running_or_notify_cancel()  # what is out is taken back by us only
        with self._lock:
            self._out.add(asked)
        asked.add_done_callback(lambda asked: self._handed_over(asked, future))
        return future

    def renew(self) -> None:
        """Take back what is out."""
        with self._lock:
            out = list(self._out)
            self._out.clear()
        if out:
            self._connected().cancel(out)

    def look_after(self) -> None:
        """See that the scheduler and a worker are there.

        Raises
        ------
        WorkersError
            If the scheduler is gone or does not answer any more, or no worker has been there for a minute.
        """
        self._connected()
        _ = self.workers
        now = time.monotonic()
        if now - self._answered > ARRIVING:
            msg = f"The Dask scheduler at {self.address} has not answered for {now - self._answered:.0f} seconds."
            raise WorkersError(msg)
        if now - self._seen > ARRIVING:
            msg = f"The Dask scheduler at {self.address} has had no worker for {now - self._seen:.0f} seconds."
            raise WorkersError(msg)

    def pids(self) -> list[int]:
        """The processes of a local cluster's workers, those that are being started left out."""
        nannies = self._cluster.workers.values() if self._cluster is not None else ()
        return [nanny.pid for nanny in nannies if nanny.pid is not None]

    def close(self) -> None:
        """Take back what is out, and let go of the cluster."""
        client, cluster = self._client, self._cluster
        self._client = self._cluster = None
        self._out.clear()
        for each in (client, cluster):
            if each is not None:
                each.close(timeout=CONNECTING)

    def _connected(self) -> distributed.Client:
        client = self._client
        if client is None or client.status != "running":
            raise WorkersError(self._gone)
        return client

    @property
    def _gone(self) -> str:
        return (
            f"The Dask scheduler at {self.address} is gone. What was finished is kept; the same command goes on once "
            "a scheduler is there again."
        )

    def _count_again(self) -> int:
        """Threads of all workers; as many as there were if the scheduler does not answer soon."""
        client = self._connected()
        scheduler: Any = client.scheduler
        try:
            self._count = sum(client.sync(scheduler.ncores, callback_timeout=CONNECTING).values())
            self._answered = time.monotonic()
        except (OSError, TimeoutError):
            self._connected()
        self._counted = time.monotonic()
        if self._count:
            self._seen = self._counted
        return self._count

    def _handed_over(self, asked: distributed.Future[Any], future: Future[Any]) -> None:
        """Say what has become of a call: in a thread of the client, once it is done."""
        from distributed.scheduler import KilledWorker

        with self._lock:
            self._out.discard(asked)
        try:
            future.set_result(self._result(asked))
        except KilledWorker as error:
            future.set_exception(BrokenExecutor(str(error)))
        except CancelledError:
            future.set_exception(WorkersError(self._gone))
        except (ScenarioChangedError, OtherVersionError, WorkersError) as error:
            future.set_exception(error)
        except Exception as error:
            msg = (
                f"The Dask cluster at {self.address} cannot play ({type(error).__name__}: {_first_line(error)}). "
                "Scheduler and workers need the same ruuhka as this machine, installed there too."
            )
            future.set_exception(WorkersError(msg))
        finally:
            asked.release()

    def _result(self, asked: distributed.Future[_Made]) -> _Made:
        """What came of a call that is done.

        Fetching it never ends if the cluster is let go of meanwhile; and in the thread that does so for all clusters of
        this process, the next one would wait for ever, too.

        Raises
        ------
        WorkersError
            If the cluster is gone, or was let go of.
        """
        patience = FETCHING
        while True:
            try:
                return asked.result(timeout=patience)
            except TimeoutError:
                if asked.status == "error":  # it is the call's own
                    raise
                self._connected()
                patience *= 2  # what is large is fetched anew each time


def _check_address(address: str) -> None:
    """Refuse what is no address of a scheduler."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("tcp", "tls", "ws", "wss", "ucx") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        good = False
    if not good:
        msg = f'--dask {address}: write the address of a scheduler, as in tcp://127.0.0.1:8786, or "{LOCAL}".'
        raise WorkersError(msg)


async def _answered(address: str) -> None:
    """Shake hands with a scheduler. A client would wait for ever for one that takes the call and says nothing."""
    from distributed.comm.core import connect
    from distributed.security import Security

    comm = await connect(address, CONNECTING, **Security().get_connection_args("client"))
    await comm.close()


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
