"""What named days and campaigns do to volumes and handling times (D5, D6), moment by moment.

A campaign's strength s(t) lies between 0 and 1: it rises in a straight line over the ramp, is 1 until the end, and then
halves every half-life, for ten of them. At that moment it multiplies the volume by 1 + (factor - 1) s(t), and the
handling time of those who arrive in the same way. Several at once multiply each other.

An interval has the mean of the product over its time. Time is cut where a window starts, changes or ends. Between two
cuts the product is constant, or smooth enough for four points of Gauss and Legendre to give its mean to ten digits.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.demand.forecast import fixed_forecast_factors
from simulator.demand.quantiles import exp, log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.scenario.model import Push, Scenario, VolumeFactor

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_LOG_2 = 0.6931471805599453
_OUTER, _INNER = (sqrt(3 / 7 + 2 / 7 * sqrt(6 / 5)), sqrt(3 / 7 - 2 / 7 * sqrt(6 / 5)))
_POINTS = np.array([0.5 - 0.5 * _OUTER, 0.5 - 0.5 * _INNER, 0.5 + 0.5 * _INNER, 0.5 + 0.5 * _OUTER])
_WEIGHTS = np.array([18 - sqrt(30), 18 + sqrt(30), 18 + sqrt(30), 18 - sqrt(30)]) / 72
_SMALLEST_FACTOR = 1e-300
"""Stands for a factor of 0, which has no logarithm."""
_FLAT = 1e-9
"""A product this near to 1 has a logarithmic mean of 1."""
_HALVINGS = 20
"""After so many half-lives a push is over; the rest, a millionth, is spread over what came before."""


class Moments(NamedTuple):
    """Points in time that stand for the whole of it."""

    at: Floats
    """[moment] Instants, rising."""
    weight: Floats
    """[moment] Seconds that each stands for."""
    first: Ints
    """[interval] The first of each interval's moments."""
    length: Floats
    """[interval] Seconds."""

    def mean(self, values: Floats) -> Floats:
        """[..., interval] Mean over the time of each interval of values [..., moment]."""
        return np.asarray(np.add.reduceat(values * self.weight, self.first, axis=-1) / self.length)


def moments(factors: Sequence[VolumeFactor], edges: Floats) -> Moments:
    """Points in time at which to look at these windows, for intervals between these edges [interval + 1]."""
    bounds = [bound for factor in factors for bound in _bounds(factor)]
    # Pieces of time in which nothing starts or ends.
    points = np.unique(np.concatenate((edges, np.clip(bounds, edges[0], edges[-1]))))
    start, length = points[:-1], np.diff(points)
    changing = np.zeros(len(start), dtype=np.bool_)
    for factor in factors:
        changing |= (start >= factor.start) & (start < factor.start + factor.ramp)
        changing |= (start >= factor.end) & (start < factor.over)
    number = np.where(changing, len(_POINTS), 1)
    piece = np.repeat(np.arange(len(start)), number)
    begins = np.cumsum(number) - number
    place = np.arange(len(piece)) - begins[piece]
    at = np.where(changing[piece], start[piece] + _POINTS[place % 4] * length[piece], start[piece])
    weight = np.where(changing[piece], _WEIGHTS[place % 4] * length[piece], length[piece])
    return Moments(at, weight, begins[np.searchsorted(points, edges[:-1])], np.diff(edges))


def _bounds(factor: VolumeFactor) -> list[float]:
    tail = [factor.end + halvings * factor.half_life for halvings in range(1, 11)] if factor.half_life else []
    ramp = [factor.start + factor.ramp] if factor.ramp else []
    return [factor.start, *ramp, factor.end, *tail]


def strength(factor: VolumeFactor, at: Floats) -> Floats:
    """[moment] How strongly a window acts, from 0 to 1."""
    result = np.where((at >= factor.start) & (at < factor.end), 1.0, 0.0)
    if factor.ramp:
        rising = (at >= factor.start) & (at < factor.start + factor.ramp)
        result[rising] = (at[rising] - factor.start) / factor.ramp
    if factor.half_life:
        falling = (at >= factor.end) & (at < factor.over)
        result[falling] = exp((factor.end - at[falling]) * (_LOG_2 / factor.half_life))
    return result


def effect(size: float, power: Floats) -> Floats:
    """[moment] The factor that a window of this strength has: 1 + (size - 1) x strength."""
    return np.where(power == 1.0, size, 1.0 + (size - 1.0) * power)


def volume_factors(scenario: Scenario) -> Floats:
    """[channel, topic, interval] Product of the volume factors on contacts, averaged over the time of each interval."""
    factors = [factor for factor in scenario.volume_factors if not factor.on_orders and not factor.not_open]
    return _mean_product(scenario, factors, [factor.factor for factor in factors])


def base_factors(scenario: Scenario) -> Floats:
    """[channel, topic, interval] What multiplies all contacts before any campaign.

    That is 0 where a channel is not open yet, and the error of the forecast, where a band of it is asked for.
    """
    factors = [factor for factor in scenario.volume_factors if factor.not_open]
    product = _mean_product(scenario, factors, [factor.factor for factor in factors])
    band = fixed_forecast_factors(scenario.uncertainty, scenario.calendar.days)
    return product if band is None else product * band[scenario.calendar.day_of_interval]


def handling_factors(scenario: Scenario) -> Floats:
    """[channel, topic, interval] The same for handling times."""
    factors = [factor for factor in scenario.volume_factors if factor.handling != 1.0]
    return _mean_product(scenario, factors, [factor.handling for factor in factors])


def _mean_product(scenario: Scenario, factors: Sequence[VolumeFactor], sizes: Sequence[float]) -> Floats:
    when = moments(factors, scenario.calendar.edges)
    product = np.ones((len(scenario.channels), len(scenario.topics), len(when.at)))
    for factor, size in zip(factors, sizes, strict=True):
        acts = effect(size, strength(factor, when.at))
        touched = np.flatnonzero(acts != 1.0)
        product[np.ix_(list(factor.channels), list(factor.topics), touched.tolist())] *= acts[touched]
    return when.mean(product)


def handling_at(scenario: Scenario, arrival: Floats, channel: Ints, topic: Ints) -> Floats | None:
    """[contact] Factor on the work of those who arrive then; None if no campaign changes handling times."""
    factors = [factor for factor in scenario.volume_factors if factor.handling != 1.0]
    if not factors:
        return None
    product = np.ones(len(arrival))
    for factor in factors:
        concerned = np.isin(channel, factor.channels) & np.isin(topic, factor.topics)
        product[concerned] *= effect(factor.handling, strength(factor, arrival[concerned]))
    return product


def shares_of_increase(factors: Sequence[Floats]) -> list[Floats]:
    """What each of several factors adds to 1, so that all together add the product less 1, exactly.

    A factor's part is its logarithm times the logarithmic mean of the product P and 1,

        ln f x (P - 1) / ln P        (ln f if P = 1)

    which depends on no order of the factors and leaves no rest (the logarithmic mean Divisia index, LMDI I; B. W. Ang,
    The LMDI approach to decomposition analysis: a practical guide, Energy Policy 33, 867-871, 2005). Alone, a factor
    has its whole f - 1; equal factors have equal parts; factors that cancel have parts that do.

    Parameters
    ----------
    factors
        Not negative; arrays of one shape.
    """
    logs = [log(np.maximum(each, _SMALLEST_FACTOR)) for each in factors]
    log_product, product = np.zeros(()), np.ones(())
    for each, its_log in zip(factors, logs, strict=True):
        log_product, product = log_product + its_log, product * each
    flat = np.abs(log_product) < _FLAT
    mean = np.where(flat, 1.0, (product - 1.0) / np.where(flat, 1.0, log_product))
    return [its_log * mean for its_log in logs]


def volume_effect(factor: VolumeFactor, at: Floats) -> Floats:
    """[moment] A window's factor on the volume."""
    return effect(factor.factor, strength(factor, at))


def pushed_before(push: Push, at: Floats) -> Floats:
    """[moment] Share of a push's contacts that have come before each instant: 1 - 2^(-(t - start) / half-life)."""
    passed = np.clip((at - push.at) / push.half_life, 0.0, _HALVINGS)
    return np.asarray((1.0 - exp(-_LOG_2 * passed)) / (1.0 - 2.0**-_HALVINGS))
