"""The load that a queue meets interval by interval: customers who came earlier are still in hand.

If nobody had to wait, the contacts in hand at an instant would be those of an infinite-server queue. Their mean m(t) is
the modified offered load, which follows the arrivals with a lag and without their sharpest peaks:

    m(t) = integral of lambda(t - u) P(S > u) du over u >= 0

(Jagerman 1975; Massey and Whitt, An analysis of the modified offered-load approximation for the nonstationary Erlang
loss model, Annals of Applied Probability 4, 1994). A stationary formula at this load tells more of an interval than one
at the interval's own arrivals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.quantiles import Law, exp, gamma_at_score, log, normal_quantile
from simulator.scenario.pieces import Pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.experiment.formula import Queues
    from simulator.scenario.model import Distribution, Scenario

    Floats = NDArray[np.float64]

_POINTS = 1000
"""A random time is looked at through so many of its quantiles."""


def modified_load(scenario: Scenario, queues: Queues) -> Floats:
    """[interval] Mean contacts in hand in each interval if nobody had to wait, from an empty start; in erlangs.

    Work counts in an agent's seconds of the interval of arrival. Of the handling times, the shape is that of all topics
    together, and how long they reach is a mean over the horizon.
    """
    length, intervals = scenario.calendar.interval, scenario.calendar.intervals
    own = np.zeros(intervals)
    own[queues.asked] = queues.contacts * queues.work / length
    mean = float(queues.contacts @ queues.work / queues.contacts.sum())
    shares = shares_of_work(_shape(scenario, queues.channel), mean, length, intervals)
    return np.asarray(np.convolve(own, shares)[:intervals])


def shares_of_work(shape: Floats, mean: float, length: float, intervals: int) -> Floats:
    """[interval] Share of the work of contacts that arrive evenly in an interval that is done k intervals later.

    Parameters
    ----------
    shape
        Equally likely values of the handling time over its mean.
    mean
        Of the handling time, in seconds.
    """
    # K(x): work done by x, of arrivals at rate 1 from 0 on; its second difference is what one interval's arrivals
    # leave to each interval.
    times = mean * shape
    edges = length * np.arange(intervals + 1)
    done = np.array([float((cut * (edge - 0.5 * cut)).mean()) for edge in edges for cut in (np.minimum(times, edge),)])
    rates = np.diff(done)
    return np.diff(rates, prepend=0.0) / (mean * length) if mean > 0 else np.eye(1, intervals)[0]


def quantile_sample(distribution: Distribution, points: int = _POINTS) -> Floats:
    """[point] Equally likely values of a random time, over its mean."""
    law = Law.of(distribution)
    place = (np.arange(points) + 0.5) / points
    match law.family:
        case "constant":
            values = np.ones(points)
        case "exponential":
            values = -log(1.0 - place)
        case "gamma":
            values = gamma_at_score(law.spread, normal_quantile(place))
        case "lognormal":
            values = exp(law.spread * normal_quantile(place) - law.shift)
        case "quantiles":
            values = Pieces(*np.array(law.pieces).T).at(-log(1.0 - place))
    return np.asarray(values / values.mean())


def _shape(scenario: Scenario, c: int) -> Floats:
    """[point] Equally likely handling times of a channel over their mean, all topics together by their shares."""
    types = scenario.channels[c].types
    shares = np.array([each.share for each in types])
    if not shares.sum() > 0:
        shares = np.ones(len(types))
    parts = [
        each.handling_time.mean * quantile_sample(each.handling_time, max(1, round(_POINTS * float(share))))
        for each, share in zip(types, shares / shares.sum(), strict=True)
    ]
    together = np.concatenate(parts)
    return np.asarray(together / together.mean())
