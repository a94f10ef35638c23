"""Queue times under agent counts x any lever: the same customers meet every point of a grid.

Points are played coarse first: the corners, then the middles between them, then ever finer. The order and the sharing
of customers change no figure; every point is, to the last bit, what `run` gives for its scenario.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine import DEFAULT_ENGINE, EngineName
from simulator.experiment import Experiment, difference_in_customers
from simulator.experiment.customers import Customers, demand_content
from simulator.experiment.replications import Play
from simulator.measures import ONLY_SUMS
from simulator.planning.figures import figures

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from simulator.experiment import Estimate
    from simulator.measures import Summary
    from simulator.planning.axes import Axis, Load
    from simulator.planning.figures import Figure, Kept
    from simulator.planning.store import GridFolder
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

Place = tuple[int, int]
"""A point of a grid, by the index of its value on each axis."""


@dataclass(frozen=True)
class Grid:
    """What is known of a grid so far."""

    base: Scenario
    """The scenario as it is today."""
    axes: tuple[Axis, Axis]
    seed: int
    replications: int
    engine: EngineName
    figures: Mapping[str, Figure]
    today: Kept
    """The figures of the base."""
    points: Mapping[Place, Kept]
    """Those that are played; all others are still to come."""

    @property
    def shape(self) -> tuple[int, int]:
        """How many values each axis has."""
        return len(self.axes[0]), len(self.axes[1])

    @property
    def size(self) -> int:
        """How many points it has."""
        return self.shape[0] * self.shape[1]

    @property
    def is_whole(self) -> bool:
        """Whether every point is played."""
        return len(self.points) == self.size

    @property
    def progress(self) -> float:
        """The share of its points that is played."""
        return len(self.points) / self.size

    @property
    def today_at(self) -> tuple[float, float] | None:
        """Where the base lies, in steps along each axis; None if it lies outside, or that cannot be told."""
        first, second = (axis.today for axis in self.axes)
        return None if first is None or second is None else (first, second)

    def estimate(self, place: Place | None, figure: str) -> Estimate:
        """[channel], or of the centre: a figure of a point; of today's scenario where there is no place."""
        if figure not in self._estimates:
            self._estimates[figure] = self.figures[figure].estimate(self._parts(figure))
        return self._estimates[figure][self._row[place]]

    def difference(self, place: Place, figure: str) -> Estimate:
        """[channel], or of the centre: a point less today's scenario, paired replication by replication."""
        if figure not in self._differences:
            parts = self._parts(figure)
            self._differences[figure] = self.figures[figure].difference(parts, parts[:, :, -1:])
        return self._differences[figure][self._row[place]]

    def values(self, figure: str, channel: int | None = None) -> Floats:
        """[first axis, second axis] A figure of a channel or of the centre; nan where it is still to come."""
        found = np.full(self.shape, np.nan)
        for place in self.points:
            value = self.estimate(place, figure).value
            found[place] = value if channel is None else value[channel]
        return found

    def overrides(self, place: Place) -> dict[str, object]:
        """What makes the base into this point: dotted path -> value."""
        return overrides_at(self.axes, place)

    @cached_property
    def nearest(self) -> NDArray[np.int64]:
        """[first axis, second axis, 2] The played point that is nearest to each, itself if it is played; -1 if none."""
        found = np.full((*self.shape, 2), -1)
        if not self.points:
            return found
        played = np.array(sorted(self.points))
        every = np.indices(self.shape).reshape(2, -1).T
        distance = ((every[:, None, :] - played[None, :, :]) ** 2).sum(axis=2)
        found[:] = played[distance.argmin(axis=1)].reshape(*self.shape, 2)
        return found

    # Estimates are made for all points at once, which is much quicker than one by one, and are asked for again.

    @cached_property
    def _row(self) -> Mapping[Place | None, int]:
        """Where the points stand in what follows, today's scenario last."""
        return {place: row for row, place in enumerate([*sorted(self.points), None])}

    def _parts(self, figure: str) -> Floats:
        """[part, replication, point, channel], or without channels for figures of the centre."""
        return np.stack([(self.today if place is None else self.points[place])[figure] for place in self._row], axis=2)

    @cached_property
    def _estimates(self) -> dict[str, Estimate]:
        """[point, channel] By figure, those that have been asked for."""
        return {}

    @cached_property
    def _differences(self) -> dict[str, Estimate]:
        """[point, channel] The same of differences from today's scenario."""
        return {}


def overrides_at(axes: tuple[Axis, Axis], place: Place) -> dict[str, object]:
    """What makes the base into the point: dotted path -> value."""
    return {axis.path: axis.values[index] for axis, index in zip(axes, place, strict=True)}


def check_axes(load: Load, axes: tuple[Axis, Axis]) -> None:
    """Load every value of each axis by itself, so that a bad one is refused before any work is done.

    Raises
    ------
    ValueError
        If both axes are the same field, or the grid moves what all points need in common to meet the same customers.
    ScenarioError
        If the scenario refuses a value.
    """
    first, second = axes
    if first.path == second.path:
        msg = f"Both axes are {first.path}; the two must be different fields."
        raise ValueError(msg)
    base = load({})
    for axis in axes:
        for value in axis.values:
            check_customers(base, load({axis.path: value}), axis.name)


def check_customers(base: Scenario, point: Scenario, what: str) -> None:
    """Refuse a point at which other customers would come than to the base, or that promises them something else.

    Raises
    ------
    ValueError
        Naming what both would need in common.
    """
    lacking = difference_in_customers(base, point)
    if [channel.target for channel in base.channels] != [channel.target for channel in point.channels]:
        lacking = "targets"
    if lacking:
        msg = f"{what} cannot be an axis: all points need the same {lacking}."
        raise ValueError(msg)


def play_grid(
    load: Load,
    axes: tuple[Axis, Axis],
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: EngineName = DEFAULT_ENGINE,
    workers: int = 1,
    measures: Iterable[str] = (),
    folder: GridFolder | None = None,
) -> Generator[Grid]:
    """Play a grid; gives what is known of it after every point, coarse first.

    Close the generator to stop: the replications in hand are played to their end, nothing else is begun.

    Parameters
    ----------
    load
        From overrides to a scenario; without overrides, today's.
    axes
        What varies.
    replications, seed
        By default today's scenario's own, for all points.
    workers
        Threads that play. The reference engine does not get faster by them.
    measures
        Names of `MEASURES` to keep beside the usual figures.
    folder
        Where points are kept as they are played, and found again.

    Raises
    ------
    ValueError
        If a number is out of range, there is no such measure, or a point would meet other customers.
    ScenarioError
        If the scenario refuses a point.
    """
    base = load({})
    replications = base.replications if replications is None else replications
    seed = base.seed if seed is None else seed
    for name, value in (("replications", replications), ("workers", workers)):
        if value < 1:
            msg = f"{name} is {value}; it must be at least 1."
            raise ValueError(msg)
    known = figures(measures)
    found = {} if folder is None else folder.points()
    grid = Grid(base, axes, seed, replications, engine, known, {}, {})
    stage = _Stage(seed, replications, engine, workers, known)
    whole: dict[Place | None, Scenario] = {None: base}
    whole |= {corner: load(overrides_at(axes, corner)) for corner in corners(grid.shape)}
    order: list[Place | None] = [None, *coarse_first(grid.shape, inner=_axis_with_same_customers(grid.shape, whole))]

    def scenario_at(place: Place | None) -> Scenario:
        scenario = whole.get(place)
        if scenario is None:
            assert place is not None
            scenario = load(overrides_at(axes, place))
        check_customers(base, scenario, " x ".join(axis.name for axis in axes))
        return scenario

    for place, kept, is_new in stage.played(order, found, scenario_at):
        if is_new and folder is not None:
            folder.keep(place, kept)
        grid = replace(grid, today=kept) if place is None else replace(grid, points={**grid.points, place: kept})
        if place is not None:
            yield grid


def seen_from(grid: Grid, base: Scenario, axes: tuple[Axis, Axis], *, workers: int = 1) -> Grid:
    """The same points with another base, which is played unless it is the same one.

    Parameters
    ----------
    base
        Equal to the former one in all that the axes do not set.
    axes
        The same values, with where the base lies among them.
    """
    if base.content_hash == grid.base.content_hash:
        return replace(grid, axes=axes)
    stage = _Stage(grid.seed, grid.replications, grid.engine, workers, grid.figures)
    ((_, today, _),) = stage.played([None], {}, lambda _: base)
    return replace(grid, base=base, axes=axes, today=today)


@dataclass(frozen=True, slots=True)
class _Stage:
    """How points are played."""

    seed: int
    replications: int
    engine: EngineName
    workers: int
    figures: Mapping[str, Figure]

    def played(
        self,
        order: Iterable[Place | None],
        found: Mapping[Place | None, Kept],
        scenario_at: Callable[[Place | None], Scenario],
    ) -> Iterator[tuple[Place | None, Kept, bool]]:
        """Every point in this order with its figures, and whether it had to be played for them.

        The next point is made ready while the threads are at the last one.
        """
        customers: Customers | None = None
        begun: deque[tuple[Place | None, _Begun | Kept]] = deque()
        pool = ThreadPoolExecutor(self.workers)
        try:
            for place in order:
                if place in found:
                    begun.append((place, found[place]))
                else:
                    scenario = scenario_at(place)
                    if customers is None or not customers.come_to(scenario):
                        customers = Customers(scenario)
                    begun.append((place, self._begin(pool, scenario, customers)))
                if len(begun) > 1:
                    yield self._ended(*begun.popleft())
            while begun:
                yield self._ended(*begun.popleft())
        finally:
            pool.shutdown(cancel_futures=True)

    def _begin(self, pool: ThreadPoolExecutor, scenario: Scenario, customers: Customers) -> _Begun:
        play = Play.prepare(scenario, self.seed, self.engine, customers)
        wanted = reduce(or_, (figure.read for figure in self.figures.values()), ONLY_SUMS)
        return _Begun(scenario, [pool.submit(play.replication, number, wanted) for number in range(self.replications)])

    def _ended(self, place: Place | None, begun: _Begun | Kept) -> tuple[Place | None, Kept, bool]:
        if not isinstance(begun, _Begun):
            return place, begun, False
        summaries = tuple(future.result() for future in begun.replications)
        if self.engine == "compiled":
            from simulator.jit import remember_compiled  # here, because it loads Numba

            remember_compiled()
        experiment = Experiment(begun.scenario, self.seed, self.engine, summaries)
        return place, {name: figure.kept(experiment) for name, figure in self.figures.items()}, True


@dataclass(frozen=True, slots=True)
class _Begun:
    """A point whose replications are being played."""

    scenario: Scenario
    replications: list[Future[Summary]]


def corners(shape: tuple[int, int]) -> list[Place]:
    """The ends of both axes."""
    return [(first, second) for first in ends(shape[0]) for second in ends(shape[1])]


def ends(length: int) -> list[int]:
    """First and last index, which may be one."""
    return sorted({0, length - 1})


def levels(length: int) -> list[int]:
    """[index] How late an index comes: 0 both ends, 1 the middle between them, 2 the middles between these ..."""
    found = [0] * length
    spans, level = [(0, length - 1)], 1
    while spans:
        halves = []
        for low, high in spans:
            if high - low > 1:
                middle = (low + high) // 2
                found[middle] = level
                halves += [(low, middle), (middle, high)]
        spans, level = halves, level + 1
    return found


def coarse_first(shape: tuple[int, int], *, inner: int = 0) -> list[Place]:
    """Every point once: the corners, then ever finer lattices; within each, `inner` is the axis that runs fastest."""
    first, second = (levels(length) for length in shape)
    places = [(i, j) for i in range(shape[0]) for j in range(shape[1])]
    return sorted(places, key=lambda place: (max(first[place[0]], second[place[1]]), place[1 - inner], place[inner]))


def _axis_with_same_customers(shape: tuple[int, int], corner: Mapping[Place | None, Scenario]) -> int:
    """The axis along which the same customers come, as far as its ends tell; the first if both or neither is."""
    far = (shape[0] - 1, 0), (0, shape[1] - 1)
    origin = demand_content(corner[0, 0])
    same = [demand_content(corner[place]) == origin for place in far]
    return 1 if same[1] and not same[0] else 0
