"""What becomes of an error: a message on stderr and an exit code, never a traceback for bad input."""

from __future__ import annotations

import errno
import os
import sys
from _thread import interrupt_main
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sys import UnraisableHookArgs

DONE, NOT_REACHED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
CASES_FAILED = 1
MANY_REFUSED = 1

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""Of a disk, of the room that a user has on it, of a file."""


class BadInputError(Exception):
    """An option or file that cannot be used; the message names it and says what is allowed."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a user can mend into a message; let what only we can mend through."""
    try:
        with _every_interruption_heard():
            try:
                yield
            finally:
                sys.stdout.flush()
    except BadInputError as error:
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        sys.unraisablehook = lambda _: None  # what was half made just then may complain when it is cleared away
        print("ruuhka: stopped.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Who reads us (`| head`) has had enough.
        _throw_away_what_is_left()
        sys.exit(DONE)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _throw_away_what_is_left()
        print(f"ruuhka: the output cannot be written: {error.strerror}.", file=sys.stderr)
        sys.exit(BAD_INPUT)


def _throw_away_what_is_left() -> None:
    """What of the output could not be written: Python would try once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _every_interruption_heard() -> Iterator[None]:
    """Interrupt once more, if Ctrl-C came where Python could only report it: LLVM calls back while it compiles."""
    report, again = sys.unraisablehook, Timer(0.05, interrupt_main)

    def hear(unraisable: UnraisableHookArgs) -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            report(unraisable)
        elif again.ident is None:
            again.start()  # and not at once: that would be in the same place

    sys.unraisablehook = hear
    try:
        yield
    finally:
        if again.ident is not None:
            again.join()
        sys.unraisablehook = report
