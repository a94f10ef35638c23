"""How many contacts to expect once announcements and new channels have moved them: no luck, sums and integrals only.

Given the busyness, contacts of an interval come at any time of it alike and independently of each other, and each
decides for itself. So those who come at some place and time are Poisson distributed again, and what is worked out
here is all there is to know of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.model import Distribution
from simulator.scenario.pieces import Pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]

_NEGLIGIBLE = 1e-12


def diverted(expected: Floats, scenario: Scenario) -> Floats:
    """[channel, topic, interval] Expected contacts as they come, backlog left out.

    Parameters
    ----------
    expected
        The same as if nothing were announced.
    scenario
        With its diversions.
    """
    edges = scenario.calendar.edges
    bounds = [bound for each in scenario.diversions for bound in (each.start, each.end)]
    # Pieces of time that lie wholly inside or outside of every window.
    points = np.unique(np.concatenate((edges, np.clip(bounds, edges[0], edges[-1]))))
    begin, length = points[:-1], np.diff(points)
    interval = np.searchsorted(edges, begin, side="right") - 1
    drawn = expected[:, :, interval] * (length / np.diff(edges)[interval])

    free, comes = np.ones_like(drawn), drawn.copy()
    moved = np.zeros_like(expected)
    for each in scenario.diversions:
        share = np.zeros_like(drawn)
        inside = np.flatnonzero((begin >= each.start) & (begin < each.end))
        share[np.ix_(range(len(share)), list(each.topics), inside.tolist())] = np.array(each.share)[:, None, None]
        acts = share * (each.avoided + each.later + sum(each.to))
        amount = drawn * free * share
        comes -= drawn * free * acts
        free *= 1.0 - acts
        comes += np.array(each.to)[:, None, None] * amount.sum(axis=0)
        if each.later:
            moved += _later(each.later * amount, begin, length, edges, each.delay)
    at_once = np.zeros((len(points) - 1, *expected.shape[:2]))
    at_once[:] = np.moveaxis(comes, -1, 0)
    first = np.searchsorted(points, edges[:-1])
    return np.moveaxis(np.add.reduceat(at_once, first, axis=0), 0, -1) + moved


def _later(
    amount: Floats, begin: Floats, length: Floats, edges: Floats, delay: Distribution | tuple[float, float]
) -> Floats:
    """[channel, topic, interval] Contacts put off, of pieces of time [piece]; those beyond the horizon are left out."""
    if not isinstance(delay, Distribution):
        overlap = np.diff(np.clip(edges, *delay)) / (delay[1] - delay[0])
        return np.asarray(amount.sum(axis=-1)[:, :, None] * overlap)
    arrives = np.zeros((*amount.shape[:2], len(edges) - 1))
    interval = np.searchsorted(edges, begin, side="right") - 1
    # Pieces that lie alike in their intervals, nearly always whole ones, go together.
    alike, which = np.unique(np.stack((begin - edges[interval], length)), axis=1, return_inverse=True)
    for number, (offset, width) in enumerate(alike.T):
        pieces = np.flatnonzero((which.ravel() == number) & amount.any(axis=(0, 1)))
        if not pieces.size:
            continue
        # Of those who would come evenly over a piece, so many have come by the end of each interval after.
        ends = edges[1:] - edges[0]
        come = (_integral(delay, ends - offset) - _integral(delay, ends - offset - width)) / width
        share = np.diff(come, prepend=0.0)
        share = share[: np.searchsorted(come, come[-1] * (1.0 - _NEGLIGIBLE)) + 1]
        for piece in pieces:
            here = arrives[:, :, interval[piece] : interval[piece] + len(share)]
            here += amount[:, :, piece, None] * share[: here.shape[-1]]
    return arrives


def _integral(delay: Distribution, upto: Floats) -> Floats:
    """Integral of the distribution function from 0: x F(x) - mean G(x), G being the size-biased distribution's."""
    x = np.maximum(upto, 0.0)
    if delay.mean == 0.0 or delay.cv == 0.0:
        return np.asarray(np.maximum(x - delay.mean, 0.0))
    if delay.family == "quantiles":
        pieces = Pieces.of(delay.quantiles)
        return pieces.stretched(delay.mean / pieces.mean).integral_of_over(x)
    from scipy.special import gammainc, ndtr  # slow to import, and most scenarios put nothing off

    if delay.family == "lognormal":
        spread = np.sqrt(np.log1p(delay.cv**2))
        with np.errstate(divide="ignore"):
            score = np.log(x / delay.mean) / spread + 0.5 * spread
        below, biased = ndtr(score), ndtr(score - spread)
    else:
        shape = delay.cv**-2
        below, biased = gammainc(shape, shape * x / delay.mean), gammainc(shape + 1.0, shape * x / delay.mean)
    return np.asarray(x * below - delay.mean * biased)
