"""How long customers are willing to wait: the G of M/M/n+G."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast, runtime_checkable

import numpy as np

from simulator.queueing.arguments import check_positive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@runtime_checkable
class FrozenDistribution(Protocol):
    """A distribution of `scipy.stats` with its parameters fixed, or anything with the same two methods."""

    def sf(self, x: Floats) -> Floats:
        """P(X > x)."""

    def cdf(self, x: Floats) -> Floats:
        """P(X <= x)."""


PatienceLike: TypeAlias = "Patience | FrozenDistribution | Callable[[Floats], Floats]"


@dataclass(frozen=True, slots=True)
class Patience:
    """A distribution of patience, in seconds. Part of the customers may have none, or may never give up."""

    survival: Callable[[Floats], Floats]
    """Share of customers still waiting after each of an array of seconds."""
    cdf: Callable[[Floats], Floats]
    """Share of customers who have given up; 1 - survival, but exact where few have."""
    jumps: tuple[float, ...] = ()
    """Where the survival function jumps or bends, in seconds. What is named here need not be searched for."""

    def __post_init__(self) -> None:
        """Refuse jumps where there can be none."""
        for number, seconds in enumerate(self.jumps):
            check_positive(f"jumps[{number}]", seconds, "seconds")

    @classmethod
    def of(cls, patience: object) -> Patience:
        """Make patience of any `PatienceLike`: a survival function must take arrays."""
        if isinstance(patience, Patience):
            return patience
        if isinstance(patience, FrozenDistribution):
            support: tuple[float, ...] = getattr(patience, "support", tuple)()
            return cls(patience.sf, patience.cdf, tuple(float(t) for t in support if 0 < t < math.inf))
        if not callable(patience):
            msg = (
                f"patience is {patience!r}; it must be a Patience, as in Patience.exponential(60.0), a distribution of "
                "scipy.stats with its parameters, or a survival function of seconds."
            )
            raise ValueError(msg)
        survival = cast("Callable[[Floats], Floats]", patience)
        return cls(survival, lambda t: 1 - survival(t))

    @classmethod
    def exponential(cls, mean: float) -> Patience:
        """Customers who do not grow less patient by waiting; a mean of inf is allowed."""
        check_positive("mean", mean, "seconds", infinite=True)
        return cls(lambda t: np.exp(-t / mean), lambda t: -np.expm1(-t / mean))

    @classmethod
    def deterministic(cls, seconds: float) -> Patience:
        """All customers give up after the same time."""
        check_positive("seconds", seconds, "seconds")
        return cls(lambda t: (t < seconds).astype(np.float64), lambda t: (t >= seconds).astype(np.float64), (seconds,))

    @classmethod
    def gamma(cls, mean: float, cv: float) -> Patience:
        """Gamma patience with this mean and this coefficient of variation (standard deviation / mean)."""
        from scipy import special  # slow to import, and exponential patience does without

        check_positive("mean", mean, "seconds")
        check_positive("cv", cv)
        shape = cv**-2
        return cls(
            lambda t: np.asarray(special.gammaincc(shape, t * shape / mean), dtype=np.float64),
            lambda t: np.asarray(special.gammainc(shape, t * shape / mean), dtype=np.float64),
        )

    @classmethod
    def lognormal(cls, mean: float, cv: float) -> Patience:
        """Lognormal patience with this mean and this coefficient of variation (standard deviation / mean)."""
        from scipy import special  # as for `gamma`

        check_positive("mean", mean, "seconds")
        check_positive("cv", cv)
        sigma = math.sqrt(math.log1p(cv**2))

        def standard(t: Floats) -> Floats:
            with np.errstate(divide="ignore"):
                return (np.log(t / mean) + sigma**2 / 2) / sigma

        return cls(lambda t: special.ndtr(-standard(t)), lambda t: special.ndtr(standard(t)))

    @classmethod
    def weibull(cls, mean: float, shape: float) -> Patience:
        """Weibull patience: with a shape below 1 those who have waited longer are more patient, above 1 less."""
        check_positive("mean", mean, "seconds")
        check_positive("shape", shape)
        scale = mean / math.gamma(1 + 1 / shape)
        return cls(lambda t: np.exp(-((t / scale) ** shape)), lambda t: -np.expm1(-((t / scale) ** shape)))
