"""Exponential, gamma and lognormal times by maximum likelihood; some of the times may be cut off.

A family is written by its mean m and its coefficient of variation c, as in the scenario. A time x that was seen to its
end adds log f(x) to the log likelihood, one that was cut off at x adds log P(X > x). With shape a = 1 / c^2 the gamma
density is proportional to x^(a - 1) exp(-a x / m); the logarithm of a lognormal time is normal with variance
s^2 = log(1 + c^2) and mean log m - s^2 / 2.

Intervals of one fit hold together: with 95 % confidence all its parameters are inside theirs. They are those of the
profile likelihood: a value belongs to its interval if the best of the other parameter brings the log likelihood to
within F of its highest, F being the quantile of the F distribution for two parameters (Venzon and Moolgavkar 1988, with
the limit of a joint region). The exponential's is exact: twice the time spent over the mean has a chi-squared
distribution (Garwood 1936).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from simulator.history.estimators.estimate import Fitted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.history.estimators.survival import Survival

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

Family = Literal["exponential", "gamma", "lognormal", "two hazards", "quantiles"]
"""What a fit may choose; the scenario writes "two hazards" as quantiles too, for it is those with two pieces."""

_STEPS = 150
"""Times that were cut off are put together on so many steps, evenly by their logarithm, each at its own mean."""
_CV_RANGE = math.log(0.02), math.log(10.0)
"""Between these a coefficient of variation is looked for; in logarithms. The scenario takes no higher one."""


@dataclass(frozen=True, slots=True)
class FamilyFit:
    """One family, as well as it can fit."""

    family: Family
    mean: Fitted
    """Seconds."""
    cv: Fitted
    """Standard deviation over mean."""
    log_likelihood: float
    parameters: int
    distance: float
    """Largest distance between its distribution function and the observed one (Kolmogorov-Smirnov)."""
    beyond_chance: float
    """The same, less half the width of the observed one's band there."""
    points: tuple[tuple[float, float], ...] = ()
    """Of "two hazards" and "quantiles": (share done, seconds), as the scenario's `quantiles`."""

    @property
    def aic(self) -> float:
        """Criterion of Akaike (1974); the lower, the better."""
        return 2.0 * (self.parameters - self.log_likelihood)


@dataclass(frozen=True, slots=True)
class Sample:
    """Lengths of time, as far as likelihoods look at them."""

    seconds: Floats
    """[contact] Positive."""
    over: Bools
    """[contact] False: longer than that."""
    ended: int
    """How many were seen to their end."""
    total: float
    """Of all seconds."""
    ended_total: float
    logs: float
    """Sum of the logarithms of those seen to their end."""
    squared_logs: float
    cut: Floats
    """[step] Times at which others were cut off ..."""
    cut_count: Floats
    """[step] ... and how many at each."""

    @classmethod
    def of(cls, seconds: Floats, over: Bools) -> Sample:
        """Work the sums out once."""
        logs = np.log(seconds[over])
        cut, count = put_together(seconds[~over], _STEPS)
        return cls(
            seconds,
            over,
            ended=len(logs),
            total=float(seconds.sum()),
            ended_total=float(seconds[over].sum()),
            logs=float(logs.sum()),
            squared_logs=float(logs @ logs),
            cut=cut,
            cut_count=count,
        )


def fit_exponential(sample: Sample, observed: Survival, confidence: float) -> FamilyFit:
    """Mean: all the time that was seen over the number that ended in it."""
    mean = exponential_mean(sample.ended, sample.total, confidence)
    one = Fitted(1.0, 1.0, 1.0, len(sample.seconds), "always 1 for exponential", confidence)
    # Nobody ended: the longer the mean, the likelier that is, and in the limit certain.
    log_likelihood = -sample.ended * (math.log(mean.value) + 1.0) if sample.ended else 0.0
    return FamilyFit(
        "exponential", mean, one, log_likelihood, 1, *observed.distances(lambda x: -np.expm1(-x / mean.value))
    )


def exponential_mean(ended: int, total: float, confidence: float) -> Fitted:
    """Seconds per end, with an interval that covers at least as often as it says, however few ended."""
    from scipy import special  # slow to import

    tail = 0.5 * (1.0 - confidence)
    low = 2.0 * total / special.chdtri(2.0 * ended + 2.0, tail)
    high = 2.0 * total / special.chdtri(2.0 * ended, 1.0 - tail) if ended else math.inf
    value = total / ended if ended else math.inf
    return Fitted(value, float(low), float(high), ended, "time spent over ends, exact interval", confidence)


def fit_gamma(sample: Sample, observed: Survival, confidence: float) -> FamilyFit:
    """Gamma family."""
    from scipy import special

    def log_likelihood(log_mean: float, log_cv: float) -> float:
        shape = math.exp(-2.0 * log_cv)
        rate = shape * math.exp(-log_mean)
        value = sample.ended * (shape * math.log(rate) - math.lgamma(shape))
        value += (shape - 1.0) * sample.logs - rate * sample.ended_total
        if len(sample.cut):
            left = special.gammaincc(shape, rate * sample.cut)
            value += float(sample.cut_count @ np.log(np.maximum(left, 1e-300)))
        return value

    def cdf(mean: float, cv: float) -> Callable[[Floats], Floats]:
        return lambda x: np.asarray(special.gammainc(cv**-2, x * cv**-2 / mean))

    return _fit("gamma", log_likelihood, cdf, sample, observed, confidence)


def fit_lognormal(sample: Sample, observed: Survival, confidence: float) -> FamilyFit:
    """Lognormal family."""
    from scipy import special

    def log_likelihood(log_mean: float, log_cv: float) -> float:
        variance = math.log1p(math.exp(2.0 * log_cv))
        centre = log_mean - 0.5 * variance
        squares = sample.squared_logs - 2.0 * centre * sample.logs + sample.ended * centre**2
        value = -0.5 * sample.ended * math.log(2.0 * math.pi * variance) - sample.logs - 0.5 * squares / variance
        if len(sample.cut):
            left = special.log_ndtr((centre - np.log(sample.cut)) / math.sqrt(variance))
            value += float(sample.cut_count @ left)
        return value

    def cdf(mean: float, cv: float) -> Callable[[Floats], Floats]:
        variance = math.log1p(cv**2)
        return lambda x: np.asarray(special.ndtr((np.log(x / mean) + 0.5 * variance) / math.sqrt(variance)))

    return _fit("lognormal", log_likelihood, cdf, sample, observed, confidence)


class _LogLikelihood(Protocol):
    def __call__(self, log_mean: float, log_cv: float, /) -> float: ...


def _fit(
    family: Literal["gamma", "lognormal"],
    log_likelihood: _LogLikelihood,
    cdf: Callable[[float, float], Callable[[Floats], Floats]],
    sample: Sample,
    observed: Survival,
    confidence: float,
) -> FamilyFit:
    """Maximum and profile intervals of a family with two parameters."""
    from scipy import special

    middle = math.log(sample.total / sample.ended)
    mean_range = middle - 6.0, middle + 6.0

    def best_cv(log_mean: float) -> tuple[float, float]:
        return _highest(lambda log_cv: log_likelihood(log_mean, log_cv), _CV_RANGE)

    def best_mean(log_cv: float) -> tuple[float, float]:
        return _highest(lambda log_mean: log_likelihood(log_mean, log_cv), mean_range)

    mean, top = _highest(lambda log_mean: best_cv(log_mean)[1], mean_range)
    cv, top = best_cv(mean)
    floor = top - float(special.fdtri(2.0, max(sample.ended - 2.0, 1.0), confidence))
    method = "maximum likelihood, joint profile interval"
    figures = []
    for value, profile, ends in (
        (mean, lambda at: best_cv(at)[1] - floor, mean_range),
        (cv, lambda at: best_mean(at)[1] - floor, _CV_RANGE),
    ):
        low, high = (math.exp(_crossing(profile, value, end, sample.ended)) for end in ends)
        figures.append(Fitted(math.exp(value), low, high, len(sample.seconds), method, confidence))
    distances = observed.distances(cdf(figures[0].value, figures[1].value))
    return FamilyFit(family, figures[0], figures[1], top, 2, *distances)


def _highest(function: Callable[[float], float], ends: tuple[float, float]) -> tuple[float, float]:
    """Where a function with one peak is highest between two ends, and how high."""
    from scipy import optimize  # slow to import

    found = optimize.minimize_scalar(lambda x: -function(x), bounds=ends, method="bounded", options={"xatol": 1e-6})
    return float(found.x), float(-found.fun)


def _crossing(profile: Callable[[float], float], inside: float, end: float, count: int) -> float:
    """Where a profile falls through 0 between its peak and an end; the end if it does not."""
    from scipy import optimize

    step = math.copysign(1.0 / math.sqrt(count), end - inside)
    outside = inside + step
    while profile(outside) > 0.0:
        step *= 2.0
        outside += step
        if (outside - end) * math.copysign(1.0, step) >= 0.0:
            if profile(end) > 0.0:
                return end
            outside = end
            break
    return float(optimize.brentq(profile, inside, outside, xtol=1e-6))


def put_together(seconds: Floats, most: int) -> tuple[Floats, Floats]:
    """Times put together on at most so many steps, evenly by their logarithm: mean of each step, and how many."""
    value, count = np.unique(seconds, return_counts=True)
    if len(value) <= most:
        return value, count.astype(np.float64)
    ordered = np.sort(seconds)
    steps = np.searchsorted(ordered, np.geomspace(ordered[0], ordered[-1], most + 1)[:-1])
    edges = np.unique(np.append(steps, len(ordered)))
    number = np.diff(edges).astype(np.float64)
    return np.add.reduceat(ordered, edges[:-1]) / number, number
