"""One fit for each queue; queues with too little to tell are put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Fit = TypeVar("Fit")


@dataclass(frozen=True, slots=True)
class ByQueue(Generic[Fit]):
    """What was fitted, by queue."""

    all_queues: Fit
    of_queue: tuple[Fit, ...]
    """[queue] That of all small queues together for each of these, or of all queues if even that is little."""
    pooled: tuple[bool, ...]
    """[queue] Whether it was too small to stand alone."""


def fit_by_queue(queue: Ints, queues: int, counts: Bools, least: int, fit: Callable[[Bools], Fit]) -> ByQueue[Fit]:
    """Fit everything, each large queue, and the small ones together.

    Parameters
    ----------
    queue
        [row]
    counts
        [row] Whether it says something: a queue with fewer than `least` such rows is small.
    fit
        Fits some of the rows.
    """
    number = np.bincount(queue[counts], minlength=queues)
    small = number < least
    everything = fit(np.ones(len(queue), dtype=np.bool_))
    together = everything
    if number[small].sum() >= least:
        together = fit(small[queue])
    of_queue = tuple(together if small[q] else fit(queue == q) for q in range(queues))
    return ByQueue(everything, of_queue, tuple(small.tolist()))
