"""What becomes of an error: a message on stderr and an exit code, never a traceback for bad input."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DONE, NOT_REACHED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class BadInputError(Exception):
    """An option or file that cannot be used; the message names it and says what is allowed."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a user can mend into a message; let what only we can mend through."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BadInputError as error:
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        print("ruuhka: stopped.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Who reads us (`| head`) has had enough. Python would complain once more when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
