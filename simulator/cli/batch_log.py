"""The log of a batch: a line for each case, for whoever asks the next morning what became of the night."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from simulator.cli.failures import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def logged(out: Path, log: Path | None) -> Iterator[Callable[[str], None]]:
    """What writes a line, with the time in front, to the end of `log` or else of a file beside the folder `out`.

    Several commands may write to one log at once. What stops the batch is its last line.

    Raises
    ------
    BadInputError
        If the log that is asked for cannot be written to.
    """
    path = out.absolute().with_name(f"{out.absolute().name}.log") if log is None else log
    try:
        if log is None:
            path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        if log is not None:
            msg = f"--log {log}: it cannot be written to ({error.strerror or error})."
            raise BadInputError(msg) from None
        print(f"No log is written: {path} ({error.strerror or error}).", file=sys.stderr)
        yield lambda _: None
        return

    def tell(line: str) -> None:
        with suppress(OSError):  # of a full disk the results will tell
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {line}\n")
            file.flush()

    with file:
        try:
            yield tell
        except BaseException as error:
            tell(f"stopped: {str(error).strip() or type(error).__name__}")
            raise
