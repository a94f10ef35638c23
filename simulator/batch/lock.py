"""A lock on a folder of results. The system lets go of it when its process ends, however that ends."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.batch.batch import Shard

WHOLE = ".lock"
_SUMMARY = ".lock-summary"
_OF_SHARD = ".lock-{number}-of-{of}"


WAITED = 2.0
"""Seconds in which others may be done with beginning; shares of one batch often begin at the same moment."""
SUMMED_UP = 600.0
"""Seconds in which others may be done with their summary."""


class LockedError(Exception):
    """Another run is at work in the folder; the message says which."""


@contextmanager
def locked(folder: Path, shard: Shard | None) -> Iterator[None]:
    """Keep others from the same cases: one run of the whole batch, or one of each of its shards at a time.

    Lock files stay in the folder: to remove one while another process opens it would give two processes a lock.

    Raises
    ------
    LockedError
        If another run has them.
    OSError
        If the folder does not take a lock.
    """
    with _held(folder / WHOLE, "a batch", WAITED):
        # Nobody else can begin now; who has begun a share holds the lock of that.
        for path in sorted(folder.glob(_OF_SHARD.format(number="*", of="*"))):
            number, of = (int(part) for part in path.name.removeprefix(".lock-").split("-of-"))
            if shard is None or of != shard.of:
                with _held(path, f"share {number}/{of} of a batch", WAITED):
                    pass
        if shard is None:
            yield
            return
        path = folder / _OF_SHARD.format(number=shard.number, of=shard.of)
        mine = _held(path, f"share {shard} of a batch", WAITED)
        mine.__enter__()
    try:
        yield
    finally:
        mine.__exit__(None, None, None)


@contextmanager
def summary_locked(folder: Path) -> Iterator[None]:
    """Keep other shares from the summary between the look at what is kept and the end of writing.

    Without it the share that looked first could write last, and leave out what was kept meanwhile.

    Raises
    ------
    LockedError
        If another share has it for ten minutes.
    OSError
        If the folder does not take a lock.
    """
    with _held(folder / _SUMMARY, "the summary of a batch", SUMMED_UP):
        yield


@contextmanager
def _held(path: Path, who: str, patience: float) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        give_up = time.monotonic() + patience
        while not _taken(handle):
            if time.monotonic() < give_up:
                time.sleep(0.05)
                continue
            msg = f"{path.parent}: {who} is being played into it by another process; wait for its end, or stop it."
            raise LockedError(msg)
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _taken(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
