"""A grid as a tidy table: one row for each point, channel and figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.experiment import Estimate
    from simulator.measures import Unit
    from simulator.planning.grids.grid import Grid


class GridRow(NamedTuple):
    """One figure of one point; `value` is the estimate, `low` to `high` its interval; nan where nobody is judged."""

    first: str
    """Value on the first axis, as the axis shows it."""
    second: str
    channel: str
    """Empty for figures of the centre as a whole."""
    figure: str
    unit: Unit
    value: float
    low: float
    high: float
    difference: float
    """From today's scenario, on the same customers; the two after it are its own interval."""
    difference_low: float
    difference_high: float


def rows(grid: Grid) -> Iterator[GridRow]:
    """Every point that is played, in the order of the axes; channels that a figure is not about are left out."""
    for place in sorted(grid.points):
        first, second = (axis.labels[index] for axis, index in zip(grid.axes, place, strict=True))
        for name, figure in grid.figures.items():
            estimate, difference = grid.estimate(place, name), grid.difference(place, name)
            if not figure.by_channel:
                yield GridRow(first, second, "", name, figure.unit, *_parts(estimate), *_parts(difference))
                continue
            # On a channel that the figure is not about there is nothing but nan.
            kept = grid.points[place][name].reshape(-1, len(grid.base.channels))
            nothing = [bool(np.isnan(kept[:, c]).all()) for c in range(kept.shape[1])]
            for c, channel in enumerate(grid.base.channels):
                if not nothing[c]:
                    parts = *_parts(estimate[c]), *_parts(difference[c])
                    yield GridRow(first, second, channel.name, name, figure.unit, *parts)


def _parts(estimate: Estimate) -> tuple[float, float, float]:
    return float(estimate.value), float(estimate.low), float(estimate.high)
