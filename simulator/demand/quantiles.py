"""Logarithms, exponentials and quantiles that give the same bytes on every machine: numpy's form, for setting up.

The logarithms and exponentials of numpy and of the C library differ in the last bit between processors and systems.
Addition, multiplication, division and square root do not: IEEE 754 rounds them in one way only. So these functions
use nothing else, and the same seed gives the same contacts everywhere. They agree with scipy to 13 digits, the gamma
quantile to 8, and the latter is 10 times faster than scipy's.

Contacts are drawn with the same functions from `simulator.demand.compiled`. What is worked out before, once for a
scenario and often without drawing anything, uses these, and need not wait for Numba; a test compares the bits.
"""

from __future__ import annotations

from functools import lru_cache
from math import factorial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.demand.as241 import CENTRE, FAR_TAIL, TAIL
from simulator.scenario.pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.scenario.model import Distribution, DistributionFamily

    Floats = NDArray[np.float64]

_LOG_2 = 0.6931471805599453
_LOG_2_HIGH, _LOG_2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
"""log 2 in two parts; a whole number below 2^20 times the first is exact."""


class Law(NamedTuple):
    """A distribution of mean 1: what there is to know besides the mean."""

    family: DistributionFamily
    spread: float = 0.0
    """Lognormal: standard deviation of the logarithm. Gamma: cv."""
    shift: float = 0.0
    """Lognormal: minus the mean of the logarithm."""
    pieces: tuple[tuple[float, float, float], ...] = ()
    """Quantiles: (unit, begin, slope) of each piece, as `simulator.scenario.pieces.Pieces` has them."""

    @classmethod
    def of(cls, distribution: Distribution) -> Law:
        """Constant if nothing varies, also because the mean is 0 or inf."""
        family, cv = distribution.family, distribution.cv
        if not np.isfinite(distribution.mean) or distribution.mean == 0.0 or (cv == 0.0 and family != "exponential"):
            return cls("constant")
        if family == "quantiles":
            pieces = Pieces.of(distribution.quantiles, log)
            lasting = np.append(exp(-pieces.unit), 0.0)
            mean = pieces.begin[0] + np.add.reduce(pieces.slope * -np.diff(lasting))
            shape = pieces.stretched(float(1.0 / mean))
            return cls(family, pieces=tuple(zip(*(column.tolist() for column in shape), strict=True)))
        if family == "lognormal":
            variance = log(np.array(1.0 + cv * cv))
            return cls(family, float(np.sqrt(variance)), float(0.5 * variance))
        return cls(family, cv if family == "gamma" else 0.0)


def log(x: Floats) -> Floats:
    """Natural logarithm of positive numbers."""
    fraction, exponent = np.frexp(x)
    low = fraction < 0.7071067811865476
    fraction = np.where(low, 2.0 * fraction, fraction)
    ratio = (fraction - 1.0) / (fraction + 1.0)
    # log m = 2 artanh((m - 1) / (m + 1)), with m within a factor sqrt 2 of 1.
    return (exponent - low) * _LOG_2 + ratio * _polynomial(_ARTANH, ratio * ratio)


def exp(x: Floats) -> Floats:
    """Exponential function; 0 below exp(-745)."""
    x = np.clip(x, -800.0, 709.0)
    halvings = np.rint(x / _LOG_2)
    rest = (x - halvings * _LOG_2_HIGH) - halvings * _LOG_2_LOW
    return np.asarray(np.ldexp(_polynomial(_EXPONENTIAL, rest), halvings.astype(np.int32)))


def normal_quantile(probability: Floats) -> Floats:
    """Quantile of the standard normal distribution: Wichura (1988), algorithm AS 241, PPND16."""
    centred = probability - 0.5
    score = np.empty_like(probability)
    central = np.abs(centred) <= 0.425
    near = centred[central]
    square = 0.180625 - near * near
    score[central] = near * _polynomial(CENTRE[0], square) / _polynomial(CENTRE[1], square)
    outer = ~central
    tail = probability[outer]
    root = np.sqrt(-log(np.minimum(tail, 1.0 - tail)))
    size = _polynomial(TAIL[0], root - 1.6) / _polynomial(TAIL[1], root - 1.6)
    far = root > 5.0
    if far.any():
        size[far] = _polynomial(FAR_TAIL[0], root[far] - 5.0) / _polynomial(FAR_TAIL[1], root[far] - 5.0)
    score[outer] = np.copysign(size, tail - 0.5)
    return score


def gamma_at_score(cv: float, score: Floats) -> Floats:
    """Quantile of the gamma distribution of mean 1 at a normal score: at u = Phi(score).

    Parameters
    ----------
    cv
        Coefficient of variation, positive; the shape is 1 / cv^2.
    score
        Standard normal numbers, of any shape.
    """
    place = np.clip((score + _SCORE_LIMIT) * _CELLS_PER_UNIT, 0.0, _CELLS - 1e-9)
    cell = place.astype(np.int64)
    constant, linear, square, cube = log_gamma_table(cv).T
    along = place - cell
    return exp(((cube[cell] * along + square[cell]) * along + linear[cell]) * along + constant[cell])


_CELLS_PER_UNIT = 64
_SCORE_LIMIT = 8.5
"""No luck in double precision has a normal score beyond this."""
_CELLS = int(2 * _SCORE_LIMIT * _CELLS_PER_UNIT)


@lru_cache(maxsize=256)
def log_gamma_table(cv: float) -> Floats:
    """[cell, power] Cubic pieces of log(gamma quantile) against the normal score, by powers of the way through a cell.

    The density of t = log(x), for x of mean 1 and shape a, is proportional to exp(-a (e^t - 1 - t)). It is integrated
    from both ends, so that both tails are exact, and the score of each step found; between the steps the curve is
    known with its slope, which makes the cubic pieces right to ten digits.
    """
    shape = 1.0 / (cv * cv)
    width = min(1.0, cv) / _CELLS_PER_UNIT
    steps = width * np.arange(-80.0 * _CELLS_PER_UNIT, 24.0 * _CELLS_PER_UNIT, dtype=np.float64)
    steps = steps[(shape * _exp_beyond_linear(steps) < 64.0) & (steps > -34.0)]

    within: Floats = steps[:-1, None] + 0.5 * width * (1.0 + np.array(_GAUSS_NODES))
    density = exp(-shape * _exp_beyond_linear(within))
    mass = 0.5 * width * np.add.reduce((density * np.array(_GAUSS_WEIGHTS)).T)
    density = exp(-shape * _exp_beyond_linear(steps))
    # Left of the steps the density is as good as exponential; right of them nothing is left.
    rate = shape * (1.0 - exp(steps)[0])
    left = density[0] / rate
    below = np.concatenate(([left], left + np.cumsum(mass)))
    above = np.concatenate((np.cumsum(mass[::-1])[::-1], [0.0]))

    # A long left tail is followed down that exponential to where no luck reaches.
    falls = np.arange(45 * _CELLS_PER_UNIT, 0, -1) / _CELLS_PER_UNIT
    decay = exp(-falls)
    steps = np.concatenate((steps[0] - falls / rate, steps))
    density = np.concatenate((density[0] * decay, density))
    above = np.concatenate((above[0] + left * (1.0 - decay), above))
    below = np.concatenate((left * decay, below))

    total = below[-1]
    kept = (above > 0.0) & (below > 1e-30 * total)
    below, above, steps, density = below[kept] / total, above[kept] / total, steps[kept], density[kept] / total
    score = np.copysign(normal_quantile(np.minimum(below, above)), below - above)
    slope = exp(-0.5 * score * score) * 0.3989422804014327 / density

    grid = np.arange(_CELLS + 1) / _CELLS_PER_UNIT - _SCORE_LIMIT
    cell = np.clip(np.searchsorted(score, grid) - 1, 0, len(score) - 2)
    span = score[cell + 1] - score[cell]
    pieces = _hermite(steps[cell], steps[cell + 1], slope[cell] * span, slope[cell + 1] * span)
    along = (grid - score[cell]) / span
    height = ((pieces[3] * along + pieces[2]) * along + pieces[1]) * along + pieces[0]
    rise = ((3.0 * pieces[3] * along + 2.0 * pieces[2]) * along + pieces[1]) / span / _CELLS_PER_UNIT
    return np.stack(_hermite(height[:-1], height[1:], rise[:-1], rise[1:]), axis=1)


def _hermite(start: Floats, end: Floats, start_rise: Floats, end_rise: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Cubic through two heights with given rises per cell: its coefficients of 1, s, s^2, s^3 for s from 0 to 1."""
    step = end - start
    return start, start_rise, 3.0 * step - 2.0 * start_rise - end_rise, start_rise + end_rise - 2.0 * step


def _exp_beyond_linear(t: Floats) -> Floats:
    """Return e^t - 1 - t, exact near 0 too."""
    near = np.clip(t, -0.5, 0.5)
    return np.where(near == t, t * t * _polynomial(_EXPONENTIAL[:-2], near), exp(t) - 1.0 - t)


def _polynomial(coefficients: Sequence[float], x: Floats) -> Floats:
    """Value of a polynomial, the highest power first, by Horner's rule."""
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value *= x
        value += coefficient
    return value


_ARTANH = tuple(2.0 / (2 * n + 1) for n in range(10, -1, -1))
_EXPONENTIAL = tuple(1.0 / factorial(n) for n in range(15, -1, -1))

_GAUSS_NODES = (-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831, 0.9061798459386640)
_GAUSS_WEIGHTS = (0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891)
