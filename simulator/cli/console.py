"""Where output goes: tables to stdout at a width that fits, progress to stderr where somebody is watching."""

from __future__ import annotations

import codecs
import io
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIDTH = 120
"""Columns when the output is not a terminal, so that files and pipes do not depend on who asks."""
SHOWN_AFTER = 2.0
"""Seconds of work before a progress bar appears."""
PLAINER = str.maketrans(
    {"±": "+-", "∞": "infinity", **dict(zip("–−×·─▁▂▃▄▅▆▇█\N{NO-BREAK SPACE}", "--x.-12345678 ", strict=True))}
)
"""What stands in for a sign that the terminal's encoding does not have."""


class ResultConsole(Console):
    """Prints text as it is: names from a scenario file are neither markup nor emoji."""

    def __init__(self) -> None:
        width = None if sys.stdout.isatty() else WIDTH
        super().__init__(width=width, markup=False, emoji=False, highlight=False)

    def on_broken_pipe(self) -> None:
        """Leave it to `explained`, as for every other output."""
        raise  # the error that rich is handling when it calls this


def output() -> Console:
    """The console for results."""
    codecs.register_error("plainer", plainer)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="plainer")
    return ResultConsole()


def plainer(error: UnicodeError) -> tuple[str, int]:
    """Signs that an encoding lacks, in signs that every encoding has."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].translate(PLAINER)
    return lacking.encode("ascii", "replace").decode("ascii"), error.end


def is_watched() -> bool:
    """Whether stderr is a terminal: only there is it told how far a run has come."""
    return sys.stderr.isatty()


@contextmanager
def progress(title: str, *, silent: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A bar with time left on anything longer than two seconds; gives what to call with (done, wanted)."""
    start = time.monotonic()
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=silent or not is_watched(),
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


@contextmanager
def status(title: str, *, silent: bool = False) -> Iterator[Callable[[str], None]]:
    """A line that says how far work without a known end has come; gives what to call with new words."""
    line = Console(stderr=True).status("")
    watched = is_watched() and not silent

    def tell(words: str) -> None:
        line.update(Text(f"{title}: {words}"))

    line.update(Text(f"{title} ..."))
    if watched:
        line.start()
    try:
        yield tell
    finally:
        line.stop()
