"""Where a figure that is known at the points of a grid crosses nought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Spot = tuple[float, float]
"""A place between points, in steps along each axis."""
Segment = tuple[Spot, Spot]


def crossing(values: Floats) -> list[Segment]:
    """Pieces of the line along which values [first axis, second axis] are 0, one or two for each square that it cuts.

    Marching squares (Lorensen and Cline 1987, in the plane): along an edge the value changes in a straight line; where
    the line could go through a square in two ways, the mean of its corners says which. Squares with a corner that is
    nan have no line. A corner of exactly 0 counts as above.
    """
    found: list[Segment] = []
    for i in range(values.shape[0] - 1):
        for j in range(values.shape[1] - 1):
            if not np.isnan(values[i : i + 2, j : j + 2]).any():
                found += _in_square(values, i, j)
    return found


def _in_square(values: Floats, i: int, j: int) -> list[Segment]:
    """The pieces in the square whose lowest corner is (i, j)."""
    round_about = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
    above = [bool(values[corner] >= 0) for corner in round_about]
    cuts = [
        _between(round_about[k], round_about[(k + 1) % 4], values) for k in range(4) if above[k] != above[(k + 1) % 4]
    ]
    if len(cuts) < 4:
        return [(cuts[0], cuts[1])] if cuts else []
    # A saddle: the middle belongs to one pair of opposite corners, and the line goes round the other two.
    middle_above = bool(values[i : i + 2, j : j + 2].mean() >= 0)
    if middle_above == above[0]:
        return [(cuts[0], cuts[1]), (cuts[2], cuts[3])]
    return [(cuts[3], cuts[0]), (cuts[1], cuts[2])]


def _between(one: tuple[int, int], other: tuple[int, int], values: Floats) -> Spot:
    """Where the value is 0 on the edge between two corners."""
    part = float(values[one] / (values[one] - values[other]))
    return one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])
