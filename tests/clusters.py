"""Dask clusters whose scheduler and workers are started by hand, with the commands of docs/batches.md."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

CODE = Path(__file__).parents[1]
DASK = [sys.executable, "-m", "dask"]


def free_port() -> int:
    """A port of this machine that nobody listens to."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


class ByHand:
    """A scheduler and so many workers, each a process of its own; they end with the block."""

    def __init__(self, workers: int = 2) -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self._count = workers
        self._stack = ExitStack()
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> ByHand:
        """Start them; they find each other in a moment."""
        host, port = self.address.removeprefix("tcp://").split(":")
        self.scheduler = self._started("scheduler", "--host", host, "--port", port, "--no-dashboard")
        for _ in range(self._count):
            self.add_worker()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End them at once."""
        self._stack.close()

    def add_worker(self) -> None:
        """One more."""
        arguments = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60"]
        self.workers.append(self._started("worker", self.address, *arguments))

    def _started(self, *arguments: str) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(filter(None, (str(CODE), os.environ.get("PYTHONPATH"))))
        process = self._stack.enter_context(
            subprocess.Popen(
                [*DASK, *arguments],
                env=os.environ | {"PYTHONPATH": path},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        self._stack.callback(ended, process)
        return process


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a process, a sleeping one too."""
    process.send_signal(signal.SIGKILL)
    process.wait()
