"""Times that end at a rate which changes in steps: two of them, or as many as the data can tell apart.

Up to t_1 a time that is not over ends at the rate h_1, from there to t_2 at h_2, and so on; the last rate goes on for
ever. With d_i ends in the time T_i that was seen at risk between two such moments, the likelihood is that of counts of
events: the product of h_i^d_i exp(-h_i T_i) (Holford 1976; Friedman 1982). The share that is over at each moment is a
quantile, so the scenario's `quantiles` say the same thing.

Where the rate changes once, at a moment nobody knows, the usual theory of likelihoods does not hold, for the
likelihood jumps. So all moments are taken as equally likely before the data, and each h_i as Jeffreys has it; what is
then known of them after the data is drawn from exactly, and intervals are its quantiles. In the limit of much data the
moment is a location, for which such intervals cover as they say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.estimate import Fitted
from simulator.history.estimators.families import FamilyFit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.estimators.families import Sample
    from simulator.history.estimators.survival import Survival

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Points = tuple[tuple[float, float], ...]
"""(share over, seconds), rising."""

_DRAWS = 20_000
_MOMENTS = 2_000
"""So many moments of change are looked at, twice: over everything, and then where they are likely."""
_LEAST_ENDS = 20
"""Fewer ends than this on one side of a change, or in a piece, say too little of its rate."""
_LEAST_SHARE = 0.05
"""Nor is a change looked for where it would concern fewer of the ends: a log's first second is no hazard of its own."""
_MOST_PIECES = 20


@dataclass(frozen=True, slots=True)
class TwoHazards:
    """Ending at one rate until a moment, and at another from then on."""

    early: Fitted
    """Share of those not over that end, per second, up to `until`."""
    late: Fitted
    until: Fitted
    """Seconds."""


class AtRisk:
    """Ends before a moment, and time that was seen up to it."""

    def __init__(self, sample: Sample) -> None:
        self.ends = np.sort(sample.seconds[sample.over])
        self._all = np.sort(sample.seconds)
        self._sums = np.concatenate(([0.0], np.cumsum(self._all)))

    def before(self, moments: Floats) -> tuple[Ints, Floats]:
        """[moment] Ends before it, and the time all together spent up to it."""
        shorter = np.searchsorted(self._all, moments)
        spent = self._sums[shorter] + moments * (len(self._all) - shorter)
        return np.searchsorted(self.ends, moments), spent

    @property
    def total(self) -> float:
        """All the time that was seen."""
        return float(self._sums[-1])


def fit_two_hazards(sample: Sample, observed: Survival, confidence: float) -> tuple[TwoHazards, FamilyFit] | None:
    """Fit one change of the rate; None with too few ends."""
    if sample.ended < 2 * _LEAST_ENDS:
        return None
    risk = AtRisk(sample)
    aside = max(_LEAST_ENDS, round(_LEAST_SHARE * sample.ended))
    first, last = np.nextafter(risk.ends[aside - 1], np.inf), risk.ends[-aside]  # an end at a moment is not before it
    if not first < last:
        return None
    moments, weight = _likely_moments(risk, np.linspace(first, last, _MOMENTS))
    early_ends, early_time = risk.before(moments)
    late_ends, late_time = sample.ended - early_ends, risk.total - early_time
    height = _log_likelihood(early_ends, early_time) + _log_likelihood(late_ends, late_time)
    best = int(np.argmax(height))

    random = np.random.default_rng(1)
    drawn = random.choice(len(moments), size=_DRAWS, p=weight)
    width = np.gradient(moments)[drawn]
    until = moments[drawn] + width * (random.random(_DRAWS) - 0.5)
    early = random.gamma(early_ends[drawn] + 0.5) / early_time[drawn]
    late = random.gamma(late_ends[drawn] + 0.5) / late_time[drawn]

    method = "maximum likelihood, joint interval of the posterior with flat and Jeffreys priors"

    def figure(value: float, draws: Floats) -> Fitted:
        return _figure(value, draws, 5, len(sample.seconds), method, confidence)

    rates = float(early_ends[best] / early_time[best]), float(late_ends[best] / late_time[best])
    change = float(moments[best])
    found = TwoHazards(figure(rates[0], early), figure(rates[1], late), figure(change, until))
    mean, cv = _moments(np.array([[0.0], [change]]), np.array([[rates[0]], [rates[1]]]))
    means, cvs = _moments(np.stack((np.zeros(_DRAWS), until)), np.stack((early, late)))
    fit = FamilyFit(
        "two hazards",
        figure(float(mean[0]), means),
        figure(float(cv[0]), cvs),
        float(height[best]),
        3,
        *observed.distances(lambda x: 1.0 - _survival(x, np.array([0.0, change]), np.array(rates))),
        _points(np.array([0.0, change]), np.array(rates)),
    )
    return found, fit


def fit_quantiles(sample: Sample, observed: Survival, confidence: float) -> FamilyFit:
    """Fit as many rates as the data can tell apart, each between two moments with equally many ends between them."""
    risk = AtRisk(sample)
    pieces = max(1, min(_MOST_PIECES, sample.ended // _LEAST_ENDS))
    last = (np.arange(1, pieces) * len(risk.ends)) // pieces - 1
    # A piece ends with an end, which is not before it: just after. So each has ends and time, but perhaps the last.
    edges = np.concatenate(([0.0], np.unique(np.nextafter(risk.ends[last], np.inf))))
    edges = edges[edges <= risk.ends[-1]]
    ends, time = (
        np.diff(np.append(before, all_of_it))
        for before, all_of_it in zip(risk.before(edges), (sample.ended, risk.total), strict=True)
    )
    rates = ends / time
    draws = np.random.default_rng(1).gamma(ends[:, None] + 0.5, size=(len(ends), _DRAWS // 10)) / time[:, None]
    means, cvs = _moments(edges[:, None], draws)
    mean, cv = _moments(edges[:, None], rates[:, None])
    method = "rates in steps, joint interval of the posterior with Jeffreys priors"

    def figure(value: float, values: Floats) -> Fitted:
        return _figure(value, values, 2, len(sample.seconds), method, confidence)

    figures = figure(float(mean[0]), means), figure(float(cv[0]), cvs)
    if sample.over.all():
        figures = _sample_moments(sample.seconds, confidence)
    return FamilyFit(
        "quantiles",
        *figures,
        float(_log_likelihood(ends, time).sum()),
        2 * len(rates) - 1,
        *observed.distances(lambda x: 1.0 - _survival(x, edges, rates)),
        _points(edges, rates),
    )


def _figure(value: float, draws: Floats, together: int, count: int, method: str, confidence: float) -> Fitted:
    """Interval of draws, one of so many that hold together (Bonferroni)."""
    tail = 0.5 * (1.0 - confidence) / together
    low, high = np.quantile(draws, (tail, 1.0 - tail))
    return Fitted(value, min(float(low), value), max(float(high), value), count, method, confidence)


def _sample_moments(seconds: Floats, confidence: float) -> tuple[Fitted, Fitted]:
    """Mean and coefficient of variation of times that were all seen to their end, whatever their distribution.

    The error of the latter c is that of the mean of c ((z^2 - 1) / 2 - c z), with z the standardised times.
    """
    from scipy import special  # slow to import

    count, mean, deviation = len(seconds), float(seconds.mean()), float(seconds.std(ddof=1))
    cv, z = deviation / mean, (seconds - mean) / deviation
    reach = float(special.stdtrit(count - 1, 1.0 - 0.25 * (1.0 - confidence))) / math.sqrt(count)
    error = float(np.std(cv * (0.5 * (z**2 - 1.0) - cv * z)))
    method = "mean and standard deviation of the times, joint interval"
    return (
        Fitted(mean, mean - reach * deviation, mean + reach * deviation, count, method, confidence),
        Fitted(cv, max(cv - reach * error, 0.0), cv + reach * error, count, method, confidence),
    )


def _likely_moments(risk: AtRisk, moments: Floats) -> tuple[Floats, Floats]:
    """Moments of the change and how likely each is, on a fine grid where that is not next to nothing."""
    for _ in range(2):
        weight = _weight(risk, moments)
        likely = np.flatnonzero(weight > 1e-7 * weight.max())
        low, high = moments[max(likely[0] - 1, 0)], moments[min(likely[-1] + 1, len(moments) - 1)]
        moments = np.linspace(low, high, _MOMENTS)
    return moments, _weight(risk, moments)


def _weight(risk: AtRisk, moments: Floats) -> Floats:
    """[moment] Probability after the data, the rates integrated out."""
    from scipy import special

    early, early_time = risk.before(moments)
    late, late_time = len(risk.ends) - early, risk.total - early_time
    height = special.gammaln(early + 0.5) - (early + 0.5) * np.log(early_time)
    height += special.gammaln(late + 0.5) - (late + 0.5) * np.log(late_time)
    weight = np.exp(height - height.max())
    return np.asarray(weight / weight.sum())


def _log_likelihood(ends: Ints, time: Floats) -> Floats:
    """Highest log likelihood of a constant rate."""
    return np.asarray(ends * (np.log(np.maximum(ends, 1) / time) - 1.0))


def _survival(x: Floats, edges: Floats, rates: Floats) -> Floats:
    """Share not over after x."""
    spent = np.maximum(x[:, None] - edges, 0.0)
    spent[:, :-1] = np.minimum(spent[:, :-1], np.diff(edges))
    return np.asarray(np.exp(-spent @ rates))


def _points(edges: Floats, rates: Floats) -> Points:
    """Quantiles that say these rates: at the end of each piece, and for the last where half of those left are over."""
    moments = np.append(edges[1:], edges[-1] + math.log(2.0) / rates[-1])
    return tuple(zip((1.0 - _survival(moments, edges, rates)).tolist(), moments.tolist(), strict=True))


def _moments(edges: Floats, rates: Floats) -> tuple[Floats, Floats]:
    """[case] Mean and coefficient of variation of rates [piece, case] from edges [piece, case] on.

    With S the share not over, the mean is the integral of S and the mean square that of 2 x S, piece by piece.
    """
    length = np.diff(edges, axis=0)
    lasting = np.exp(-np.cumsum(rates[:-1] * length, axis=0))
    begin = np.concatenate((np.ones((1, rates.shape[1])), lasting))
    end = np.concatenate((lasting, np.zeros((1, rates.shape[1]))))
    upto = np.concatenate((edges[1:], np.zeros((1, edges.shape[1]))))
    mean = ((begin - end) / rates).sum(axis=0)
    square = 2.0 * ((edges * begin - upto * end) / rates + (begin - end) / rates**2).sum(axis=0)
    return mean, np.sqrt(np.maximum(square - mean**2, 0.0)) / mean
