"""The pile of unfinished deferred contacts at every interval boundary: items, work and age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts
    from simulator.measures.yardstick import Yardstick

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is unfinished on the deferred channels at each interval boundary. All fields have shape [channel, edge].

    Edge 0 is the start of the horizon, with the whole starting backlog untouched; edge `i + 1` is the end of interval
    `i`. What is taken or ends at the boundary is gone, contacts that arrive at it have not arrived (R1). Live
    channels have zeros.
    """

    items: Ints
    """Contacts that have arrived and have no outcome yet, those in hand included."""
    work: Floats
    """Seconds of work of those in the queue whom no agent has taken yet, for an agent of speed 1."""
    oldest: Floats
    """Seconds since the arrival of the oldest of the items; 0 if there is none."""


def backlog(yardstick: Yardstick, contacts: Contacts, records: ContactRecords) -> Backlog:
    """The backlog at every interval boundary."""
    from simulator.measures import compiled

    channels, edges = len(yardstick.live), len(yardstick.edges)
    oldest = np.zeros((channels, edges))
    # With one edge more, for what comes or goes after the last one.
    items, queued = np.zeros((2, channels, edges + 1), dtype=np.int64)
    work, work_leaves = np.zeros((2, channels, edges + 1))
    if not yardstick.live.all():
        compiled.backlog(
            yardstick.edges,
            yardstick.live,
            contacts.arrival,
            contacts.channel,
            contacts.work,
            records.entered,
            records.started,
            records.ended,
            items,
            work,
            oldest,
            queued,
            work_leaves,
            np.zeros(channels, dtype=np.int64),
        )
    return Backlog(items[:, :-1].copy(), work[:, :-1].copy(), oldest)
