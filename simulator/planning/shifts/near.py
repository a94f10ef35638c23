"""Demands on shifts that simulation makes, near a staffing that was played: cuts that bend there.

One agent more in an interval adds to the slack of the targets near by, one fewer takes from it, and takes more than the
other adds; a second one more adds less than the first. So a cut is not a plane: beside the shifts, the programme has
variables for the agents more and fewer than were played, level by level,

    agents on duty = played + more - fewer                           where agents may change anything
    slack + gain x more - loss x fewer + missing >= 0                for each target and period

and since what more agents add falls and what fewer take rises, level by level, these need not be whole numbers to be
right. What no change can mend is missing, at a high price, so that there always is a solution: the shifts that were
played.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, vstack

from simulator.planning.staffing.step import SECOND_FEWER, SECOND_MORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Bend(NamedTuple):
    """What a programme of shifts is widened by: columns of its own, and rows over the shifts and these."""

    cell: Ints
    """[column] Where a column changes agents; -1 for what is missing."""
    cost: Floats
    """[column]"""
    upper: Floats
    """[column]"""
    over_shifts: csr_array
    """[row, shift or place of a break]"""
    over_own: csr_array
    """[row, column]"""
    least: Floats
    """[row]"""
    most: Floats
    """[row]"""


@dataclass(frozen=True, eq=False)
class Near:
    """What simulation says of staffings near one that was played. A cell is group x intervals + interval."""

    at: Ints
    """[group, interval] Agents on duty as played."""
    free: Bools
    """[group, interval] Where their number matters. Elsewhere, as after hours, it may be any."""
    room_up: Ints
    """[group, interval] How many more there may be,"""
    room_down: Ints
    """[group, interval] and how many fewer."""
    gain: csr_array
    """[target and period, cell] Slack with one agent more."""
    loss: csr_array
    """[target and period, cell] Slack lost with one agent fewer."""
    slack: Floats
    """[target and period] As played."""
    price: Floats
    """[cell] What an agent more costs beyond the shift: overtime that it brings or saves."""
    friction: Floats
    """[cell] What a change costs, for effects are estimates."""
    price_of_missing: float
    """Of a contact."""
    changes: float = np.inf
    """Agents more and fewer at most, all cells together."""

    @property
    def levels(self) -> int:
        """By how many agents a cell may change."""
        return int(max(self.room_up.max(initial=0), self.room_down.max(initial=0), 1))

    def promise(self, staffing: Ints) -> Floats:
        """[target and period] By how much another staffing is expected to change the slack."""
        change = np.where(self.free, staffing - self.at, 0).ravel()
        promised = np.zeros(len(self.slack))
        for level in range(int(np.abs(change).max(initial=0))):
            promised += (self.gain @ (change > level).astype(np.float64)) * SECOND_MORE**level
            promised -= (self.loss @ (-change > level).astype(np.float64)) * SECOND_FEWER**level
        return promised

    def bend(self, gives: csr_array) -> Bend:
        """The columns and rows of a programme of shifts that give so much [cell, shift or place of a break]."""
        cells = np.flatnonzero(self.free.ravel())
        levels = range(self.levels)
        up = [csr_array(self.gain[:, cells]) * SECOND_MORE**level for level in levels]
        down = [csr_array(self.loss[:, cells]) * -(SECOND_FEWER**level) for level in levels]
        table = hstack([*up, *down], format="csr")
        room = np.concatenate(
            [np.clip(self.room_up.ravel()[cells] - level, 0, 1) for level in levels]
            + [np.clip(self.room_down.ravel()[cells] - level, 0, 1) for level in levels]
        )
        # What cannot fall short whatever is changed needs no row.
        rows = np.flatnonzero(self.slack + _negative(table) @ room.astype(np.float64) < 0)
        count, missing, more = len(cells), len(rows), len(levels)
        one = eye_array(count, format="csr")
        own = [
            hstack([*[-one] * more, *[one] * more, csr_array((count, missing))]),
            hstack([table[rows], eye_array(missing)]),
        ]
        shifts = [gives[cells], csr_array((missing, gives.shape[1]))]
        least = [self.at.ravel()[cells].astype(np.float64), -self.slack[rows]]
        most = [self.at.ravel()[cells].astype(np.float64), np.full(missing, np.inf)]
        if np.isfinite(self.changes):
            own.append(csr_array(np.repeat([1.0, 0.0], [2 * more * count, missing])[None]))
            shifts.append(csr_array((1, gives.shape[1])))
            least.append(np.array([-np.inf]))
            most.append(np.array([self.changes]))
        price, friction = self.price[cells], self.friction[cells]
        return Bend(
            cell=np.concatenate((np.tile(cells, 2 * more), np.full(missing, -1))),
            cost=np.concatenate(
                [friction + price] * more + [friction - price] * more + [np.full(missing, self.price_of_missing)]
            ),
            upper=np.concatenate((room.astype(np.float64), np.full(missing, np.inf))),
            over_shifts=csr_array(vstack(shifts)),
            over_own=csr_array(vstack(own)),
            least=np.concatenate(least),
            most=np.concatenate(most),
        )


def _negative(table: csr_array) -> csr_array:
    """The entries below 0."""
    negative = csr_array(table, copy=True)
    negative.data = np.minimum(negative.data, 0.0)
    return negative
