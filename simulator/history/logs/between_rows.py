"""What the rows of a log say of each other: the same contact twice, overlapping calls of an agent, internal legs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

LEG_DELAY = 3.0
"""Seconds after the start of a consultation within which its call to the colleague has joined a queue: a log's seconds
are rounded, and dialling takes some."""
LEG_END = 1.0
"""Seconds between the ends of a call and of its leg, which are one moment, rounded twice."""
_MOST_PARENTS = 200
"""Consultations looked at before an arrival: more in so few seconds tell nothing."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio: Knuth's multiplicative hash."""


def occurrence(columns: Sequence[Floats | Ints]) -> Ints:
    """[row] How many rows before it have the same values in all columns; nan equals nan."""
    rows = len(columns[0])
    key = np.zeros(rows, dtype=np.uint64)
    exact = [np.ascontiguousarray(column).view(np.uint64) for column in columns]
    for column in exact:
        key = (key ^ column) * _MIX
        key ^= key >> np.uint64(29)
    order = np.argsort(key, kind="stable")
    starts = np.ones(rows, dtype=np.bool_)
    starts[1:] = key[order][1:] != key[order][:-1]
    for column in exact:
        starts[1:] |= column[order][1:] != column[order][:-1]
    place = np.arange(rows)
    result = np.empty(rows, dtype=np.int64)
    result[order] = place - np.maximum.accumulate(np.where(starts, place, 0))
    return result


def overlaps(agent: Ints, answered: Floats, released: Floats) -> Bools:
    """[row] Whether the agent took the call before it was free of another; rows without agent or moments do not."""
    rows = np.flatnonzero((agent >= 0) & ~np.isnan(answered) & ~np.isnan(released))
    result = np.zeros(len(agent), dtype=np.bool_)
    if not len(rows):
        return result
    rows = rows[np.lexsort((answered[rows], agent[rows]))]
    start = answered[rows].min()
    span = released[rows].max() - start + 1.0
    # Each agent's moments lie after all of the agent before, so that one running maximum serves for all.
    free = np.maximum.accumulate(released[rows] - start + span * agent[rows])
    begun = answered[rows] - start + span * agent[rows]
    result[rows[1:]] = begun[1:] < free[:-1] - 1e-3
    return result


def internal_legs(arrival: Floats, ended: Floats, consulted: Floats) -> Bools:
    """[row] Whether this is likely the call of an agent to a colleague, and not a customer's.

    It joins a queue right after the agent of another call began to consult, or handed over, and both end together: the
    customer who is put through hangs up both. Two calls agree so by chance now and then.

    Parameters
    ----------
    arrival, ended
        [row] Moments.
    consulted
        [row] Moment at which the agent began to consult, or handed over; nan: never.
    """
    parents = np.flatnonzero(~np.isnan(consulted))
    parents = parents[np.argsort(consulted[parents], kind="stable")]
    begun = consulted[parents]
    first = np.searchsorted(begun, arrival - LEG_DELAY, side="left")
    after = np.minimum(np.searchsorted(begun, arrival, side="right"), first + _MOST_PARENTS)
    result = np.zeros(len(arrival), dtype=np.bool_)
    rows = np.flatnonzero(after > first)
    step = 0
    while len(rows):
        parent = parents[first[rows] + step]
        result[rows] |= (np.abs(ended[rows] - ended[parent]) <= LEG_END) & (parent != rows)
        step += 1
        rows = rows[first[rows] + step < after[rows]]
    return result
