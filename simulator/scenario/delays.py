"""How many days later a contact comes that an order brings: the shares of a random delay, day by day.

An order may come at any moment of its day. With U that moment as a part of the day, and D the delay in days, the
contact comes floor(U + D) days after the order's day; with U uniform, the mean of that is the mean delay, exactly. The
share of day k is

    P(floor(U + D) = k) = G(k + 1) - 2 G(k) + G(k - 1)        G(x) = E[(x - D)+], 0 for x <= 0

which has a closed form for every family that a scenario may name.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.pieces import Pieces
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Distribution

    Floats = NDArray[np.float64]

LATEST = 0.001
"""Of all contacts, the share that is left when the tail of a delay is cut: it comes on the last day kept."""

LONGEST = 400
"""Days: a delay must have brought all but `LATEST` by then."""

_GRAIN = 2.0**-40
"""Shares are whole multiples of this: they add up exactly, and the last bits of a machine's gamma function are gone."""


@lru_cache(maxsize=256)
def shares_by_day(delay: Distribution) -> tuple[float, ...]:
    """[days later] Share of the contacts that come 0, 1, 2 ... days after the order's day; adds up to 1 exactly.

    Raises
    ------
    ValueError
        If more than `LATEST` of them come later than `LONGEST` days.
    """
    grown = _expected_excess(delay, np.arange(-1.0, LONGEST + 2.0))
    later = 1.0 - np.diff(grown[1:])
    """[day] Share that comes after it."""
    late_enough = np.flatnonzero(later <= LATEST)
    if not len(late_enough):
        msg = (
            f"After {LONGEST} days {100 * later[-1]:.2g} % of these contacts are still to come; at most "
            f"{100 * LATEST:g} % may be. Write a shorter mean or a smaller cv."
        )
        raise ValueError(msg)
    last = int(late_enough[0])
    shares = np.rint(np.diff(grown, 2)[: last + 1] / _GRAIN) * _GRAIN
    shares[last] = 1.0 - shares[:last].sum()
    return tuple(shares.tolist())


def _expected_excess(delay: Distribution, x: Floats) -> Floats:
    """G(x) = E[(x - D)+] for days x."""
    mean, x = delay.mean / DAY, np.maximum(x, 0.0)
    if delay.family == "constant" or delay.cv == 0.0 or mean == 0.0:
        return np.maximum(x - mean, 0.0)
    if delay.family == "quantiles":
        pieces = Pieces.of(delay.quantiles)
        return pieces.stretched(mean / pieces.mean).integral_of_over(x)
    from scipy.special import gammainc, ndtr  # slow to import, and few scenarios have orders

    if delay.family == "lognormal":
        spread = math.sqrt(math.log1p(delay.cv**2))
        with np.errstate(divide="ignore"):
            score = (np.log(x / mean) + 0.5 * spread**2) / spread
        return np.asarray(x * ndtr(score) - mean * ndtr(score - spread))
    shape = 1.0 / delay.cv**2
    return np.asarray(x * gammainc(shape, x * shape / mean) - mean * gammainc(shape + 1.0, x * shape / mean))
