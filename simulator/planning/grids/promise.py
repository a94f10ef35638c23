"""Which points keep the promise, how sure that is, and which of them costs least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.experiment import criteria
from simulator.planning.grids.figures import COST, PAID_HOURS, TARGET_MET, WITHIN_TARGET
from simulator.planning.grids.isoline import crossing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.experiment import Estimate
    from simulator.planning.grids.grid import Grid, Place
    from simulator.planning.grids.isoline import Segment
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

Verdict = Literal["keeps", "open", "breaks"]
"""Whether a promise is kept; open where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a point is to keep: the targets of some channels, of today's scenario.

    A target is kept in expectation if the share within it, over the horizon and all replications, is that of the target
    or more; with a probability, if P(target met), that a period of the target meets it, is as high. A channel without
    anybody to judge keeps it.
    """

    channels: tuple[int, ...]
    probability: float | None = None
    """None: in expectation."""

    @classmethod
    def of(cls, scenario: Scenario, channels: Sequence[str] = (), probability: float | None = None) -> Promise:
        """The promise on these channels, by default all of them.

        Raises
        ------
        ValueError
            If there is no such channel, or the probability is none.
        """
        from simulator.scenario.errors import unknown

        names = [channel.name for channel in scenario.channels]
        for name in channels:
            if name not in names:
                raise ValueError(unknown("channel", name, names))
        if probability is not None and not 0 < probability <= 1:
            msg = f"A probability of {probability}: it must be above 0 and at most 1."
            raise ValueError(msg)
        return cls(tuple(names.index(name) for name in channels or names), probability)

    @property
    def figure(self) -> str:
        """What is judged."""
        return WITHIN_TARGET if self.probability is None else TARGET_MET

    def needed(self, grid: Grid) -> Floats:
        """[promised channel] What the figure has to be."""
        shares = [grid.base.channels[c].target.share for c in self.channels]
        return np.array(shares if self.probability is None else [self.probability] * len(shares))

    def margin(self, grid: Grid, place: Place | None) -> float:
        """By how much a point is beyond the promise on the channel that has least of that; below 0: it is broken.

        nan if no channel has anybody to judge.
        """
        margins = self._judged(grid, place).value - self.needed(grid)
        return float(np.nanmin(margins)) if not np.isnan(margins).all() else float("nan")

    def is_kept(self, grid: Grid, place: Place | None) -> bool:
        """Whether a point keeps the promise by its estimates, however wide their intervals."""
        return not self.margin(grid, place) < 0

    def verdict(self, grid: Grid, place: Place | None) -> Verdict:
        """Whether a point keeps the promise, as far as the intervals of its estimates tell, each by itself."""
        judged, needed = self._judged(grid, place), self.needed(grid)
        nobody = np.isnan(judged.value)
        if (nobody | (judged.low >= needed)).all():
            return "keeps"
        return "breaks" if (~nobody & (judged.high < needed)).any() else "open"

    def margins(self, grid: Grid) -> Floats:
        """[first axis, second axis] The margin of each point; nan where it is still to come."""
        found = np.full(grid.shape, np.nan)
        for place in grid.points:
            found[place] = self.margin(grid, place)
        return found

    def line(self, grid: Grid) -> list[Segment]:
        """Where the promise is just kept: pieces of line between points, in steps along each axis from its first value.

        Between four points that are played and neighbours, the margin is taken to change in a straight line.
        """
        return crossing(self.margins(grid))

    def _judged(self, grid: Grid, place: Place | None) -> Estimate:
        """[promised channel] The figure that is judged."""
        estimate = grid.estimate(place, self.figure)
        chosen = np.array(self.channels, dtype=np.int64)
        return type(estimate)(
            estimate.value[chosen],
            estimate.low[chosen],
            estimate.high[chosen],
            estimate.replications,
            estimate.confidence,
        )


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The points that cost least of those that keep a promise.

    They are chosen by the replications that they are judged by, so that a point that was lucky is chosen more often
    than one that was not: only a run with another seed says what it is really worth.
    """

    promise: Promise
    price: str
    """The figure that is least: the total cost, or, where nothing has a price, the paid hours."""
    place: Place | None
    """Cheapest of those that keep the promise by their estimates; None if none does."""
    verdict: Verdict | None
    """Of that point."""
    sure: Place | None
    """Cheapest of those of which it can be told that they keep it."""
    maybe: Place | None
    """The cheapest that is cheaper than `place` and of which it cannot be told that they break it; None if none is."""


def price_of(grid: Grid) -> str:
    """The figure by which a point is cheap: the total cost, or the paid hours where nothing has a price."""
    return COST if "cost" in criteria(grid.base) else PAID_HOURS


def cheapest(grid: Grid, promise: Promise) -> Cheapest:
    """The cheapest points so far that keep the promise; of two that cost the same, the one with the wider margin."""
    price = price_of(grid)

    def rank(place: Place) -> tuple[float, float, Place]:
        return float(grid.estimate(place, price).value), -promise.margin(grid, place), place

    order = sorted(grid.points, key=rank)
    verdicts = {place: promise.verdict(grid, place) for place in order}
    kept = next((place for place in order if promise.is_kept(grid, place)), None)
    sure = next((place for place in order if verdicts[place] == "keeps"), None)
    before = order if kept is None else order[: order.index(kept)]
    maybe = next((place for place in before if verdicts[place] == "open"), None)
    return Cheapest(promise, price, kept, None if kept is None else verdicts[kept], sure, maybe)
