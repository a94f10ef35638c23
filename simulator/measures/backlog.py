"""The pile of unfinished deferred contacts at every interval boundary: items, work and age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.measures.tallies import arrival_interval

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
    edges = yardstick.edges
    rows = np.flatnonzero(~yardstick.live[contacts.channel])
    channel, arrival, work = contacts.channel[rows], contacts.arrival[rows], contacts.work[rows]
    entered, started, ended = records.entered[rows], records.started[rows], records.ended[rows]
    shape = (len(yardstick.live), len(edges))
    # The first boundary after the arrival, and the first at which the contact has ended (nan: beyond the last one).
    items = _present(shape, channel, arrival_interval(edges, arrival) + 1, np.searchsorted(edges, ended))
    # Likewise in the queue; who never joined it comes beyond the last boundary.
    joins, leaves = np.searchsorted(edges, entered, side="right"), np.searchsorted(edges, started)
    queued = _present(shape, channel, joins, leaves)
    queued_work = _present(shape, channel, joins, leaves, work)
    return Backlog(
        items=items.astype(np.int64),
        # What rounding leaves of sums that have come and gone is not work.
        work=np.where(queued > 0, np.maximum(queued_work, 0.0), 0.0),
        oldest=_oldest(shape, edges, channel, arrival, ended),
    )


def _present(shape: tuple[int, int], channel: Ints, comes: Ints, goes: Ints, weight: Floats | None = None) -> Floats:
    """[channel, edge] Number, or sum of weights, of contacts that are there from edge `comes` until edge `goes`."""
    channels, edges = shape
    row, size = channel * (edges + 1), channels * (edges + 1)
    # Nobody goes before coming, as seen at boundaries, and nothing has gone yet at the start.
    goes = np.maximum(np.maximum(comes, goes), 1)
    change = np.bincount(row + comes, weight, size) - np.bincount(row + goes, weight, size)
    return np.cumsum(change.reshape(channels, edges + 1), axis=1, dtype=np.float64)[:, :-1]


def _oldest(shape: tuple[int, int], edges: Floats, channel: Ints, arrival: Floats, ended: Floats) -> Floats:
    """[channel, edge] Age of the oldest unfinished contact.

    In order of arrival, the oldest that is unfinished at a boundary is the first that ends after it, and that is
    where the running maximum of the ends first passes the boundary.
    """
    age = np.zeros(shape)
    for index in range(len(age)):
        rows = np.flatnonzero(channel == index)
        if not len(rows):
            continue
        last_end = np.maximum.accumulate(np.where(np.isnan(ended[rows]), np.inf, ended[rows]))
        oldest = np.searchsorted(last_end, edges, side="right")
        oldest[0] = 0  # nothing has ended at the start
        since = np.append(arrival[rows], np.inf)[oldest]
        age[index] = np.where(since < edges, edges - since, 0.0)
    return age
