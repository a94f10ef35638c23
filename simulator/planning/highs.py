"""Linear and integer programmes by HiGHS, which may not write where our users read.

HiGHS prints a line of its own making, whatever its options say, when it repairs a solution ("HighsMipSolverData::...
tmpSolver.run()"). It is written by C, past `sys.stdout`, and would stand in the middle of a report or of `--json`. So
while a programme is solved, the process has no standard output.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from scipy import optimize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from scipy.optimize import Bounds, LinearConstraint, OptimizeResult

STANDARD_OUTPUT = 1
"""The number that C writes to."""

_lock = Lock()
_solving = 0
_kept = -1


def milp(
    c: NDArray,  # type: ignore[type-arg]
    *,
    bounds: Bounds,
    constraints: LinearConstraint | Sequence[LinearConstraint],
    integrality: NDArray | None = None,  # type: ignore[type-arg]
    options: Mapping[str, float] | None = None,
) -> OptimizeResult:
    """`scipy.optimize.milp`, without a word."""
    with silence():
        return optimize.milp(
            c,
            integrality=integrality,
            bounds=bounds,
            constraints=constraints,
            options=options,  # type: ignore[arg-type]  # its stubs want a type of their own
        )


@contextmanager
def silence() -> Iterator[None]:
    """Nothing that is written to standard output, by C or by Python, arrives there; several threads may be within."""
    global _solving, _kept
    with _lock:
        if not _solving:
            _kept = _diverted()
        _solving += 1
    try:
        yield
    finally:
        with _lock:
            _solving -= 1
            if not _solving and _kept >= 0:
                _flush()
                os.dup2(_kept, STANDARD_OUTPUT)
                os.close(_kept)


def _diverted() -> int:
    """Send standard output nowhere; what it was is kept under the number that is returned, -1 if there was none."""
    _flush()
    try:
        kept = os.dup(STANDARD_OUTPUT)
    except OSError:  # a program without a terminal may have none
        return -1
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STANDARD_OUTPUT)
    os.close(nowhere)
    return kept


def _flush() -> None:
    """Write out what Python and C have kept back."""
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()
    library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
    library.fflush(None)
