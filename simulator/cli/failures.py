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
    """An option or file that cannot be used; the message says what is allowed."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a user can mend into a message; let what only we can mend through."""
    try:
        yield
    except BadInputError as error:
        print(f"ruuhka: {error}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        print("ruuhka: stopped; nothing was written.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Who reads us (`| head`) has had enough. Python would complain once more when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except Exception as error:
        # Not imported at the top: every start would pay for it, the failures of a few need it.
        from simulator.scenario import ScenarioError

        if not isinstance(error, ScenarioError):
            raise
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)
