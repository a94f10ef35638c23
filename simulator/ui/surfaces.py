"""Surfaces that the desk computes: point by point, in turns, and kept while they are asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import closing
from typing import TYPE_CHECKING

from simulator.demand import expected_contacts
from simulator.experiment import usable_processors
from simulator.planning import check_axes, play_grid
from simulator.planning.grid import overrides_at, seen_from
from simulator.ui.limits import TooMuchError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from simulator.planning import Axis, Grid
    from simulator.planning.axes import Load
    from simulator.ui.turns import Turns

MOST_CONTACTS = 400_000_000
"""Contacts of one surface, all its points and replications counted; some minutes of work."""
MOST_KEPT = 20
"""A grid keeps sums only: a few megabytes."""


class Surfaces:
    """Grids of all sessions; one that was played from another of its points is found again."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Grid] = OrderedDict()

    def growing(self, load: Load, axes: tuple[Axis, Axis], replications: int) -> Iterator[Grid]:
        """The grid as it grows, coarse first; at once the whole one if it is known.

        Raises
        ------
        TooMuchError
            If it is more than one question may take.
        ScenarioError, ValueError
            If a value of an axis, or a point, is refused.
        """
        base = load({})
        # What the axes set is told by the axes: a base that is itself a point of the grid has the same grid.
        corner = load(overrides_at(axes, (0, 0)))
        key = corner.content_hash, base.seed, replications, tuple((axis.path, axis.values) for axis in axes)
        found = self._found(key)
        if found is not None:
            with self._turns.turn():
                seen = seen_from(found, base, axes, workers=usable_processors())
            yield seen
            return
        contacts = float(expected_contacts(base).sum()) * replications * len(axes[0]) * len(axes[1])
        if contacts > MOST_CONTACTS:
            raise TooMuchError(contacts, MOST_CONTACTS)
        check_axes(load, axes)
        with closing(play_grid(load, axes, replications=replications, workers=usable_processors())) as points:
            grid = None
            while grid is None or not grid.is_whole:
                with self._turns.turn():
                    grid = next(points)
                if grid.is_whole:
                    # Before it is given: who has the whole of it asks for no more.
                    self._keep(key, grid)
                yield grid

    def _keep(self, key: Hashable, grid: Grid) -> None:
        with self._lock:
            self._kept[key] = grid
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def _found(self, key: Hashable) -> Grid | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found
