"""Where output goes: tables to stdout at a width that fits, progress to stderr where somebody is watching."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIDTH = 120
"""Columns when the output is not a terminal, so that files and pipes do not depend on who asks."""
SHOWN_AFTER = 2.0
"""Seconds of work before a progress bar appears."""


def output() -> Console:
    """The console for results."""
    return Console() if sys.stdout.isatty() else Console(width=WIDTH, highlight=False)


@contextmanager
def progress(title: str, *, silent: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A bar with time left on anything longer than two seconds; gives what to call with (done, wanted)."""
    start = time.monotonic()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=silent or not sys.stderr.isatty(),
    )
    task = bar.add_task(title, total=None)

    def report(done: int, wanted: int) -> None:
        bar.update(task, completed=done, total=wanted)
        if time.monotonic() - start > SHOWN_AFTER and not bar.live.is_started:
            bar.start()

    try:
        yield report
    finally:
        bar.stop()
