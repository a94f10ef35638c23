"""What the engines play against what theory says, as precisely as the time allows.

A figure from independent replications is given as a 99 % confidence interval, which must be narrow, or the test would
prove little; theory must lie where all figures of the suite together would have it with 99 % confidence. The time unit
is the mean work of a contact throughout.

The compiled engine plays, and the reference the first of the same replications: whatever is measured has to be the same
to the bit. So both are held against theory, and the slow one need not play for an interval of its own.

Narrow intervals from few contacts need control variates: quantities of the same replication whose exact mean is known
and which move with the figure. The figure is regressed on them, and what they explain is taken out (Lavenberg and
Welch, A perspective on the use of control variables, Management Science 27, 1981). Here they are functions of the
`Contacts` alone, never of what the engine made of them, so that they cannot hide an engine's mistake. Three kinds: the
contacts and their work; how many contacts an ample group would have in hand (a Poisson number); the wait at one
single agent (Pollaczek and Khinchine).
"""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from simulator.engine import EngineName

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

SEED = 20251128
"""Chosen once, for all tests; a test's stream is this and its title."""
PLAYED_TWICE = 0.04
"""Share of the replications that the reference plays, too."""
CHECKS = 119
"""How many figures are held against theory. Each may be off by chance; how far is set so that in a sound suite one of
them is further off in one run of a hundred (Bonferroni)."""
WIDEST = 0.005
"""Largest half-width allowed, relative to theory."""
WIDEST_TAIL = 0.015
"""The same for the tail measures, such as P(W > t)."""


@dataclass(frozen=True, slots=True)
class Work:
    """A distribution of work with mean 1."""

    second: float
    """E[work²]."""
    draw: Callable[[np.random.Generator, int], Floats]


EXPONENTIAL = Work(2.0, lambda rng, count: rng.exponential(size=count))
FIXED = Work(1.0, lambda _rng, count: np.ones(count))


def lognormal(cv: float) -> Work:
    """Lognormal work with this coefficient of variation (standard deviation / mean)."""
    variance = np.log1p(cv**2)
    return Work(1 + cv**2, lambda rng, count: rng.lognormal(-variance / 2, np.sqrt(variance), count))


@cache
def poisson_excess(mean: float) -> list[tuple[float, float]]:
    """Some quantiles of a Poisson number, each with the expected excess over it."""
    law = stats.poisson(mean)
    number = np.arange(law.ppf(1 - 1e-15))
    return [(level, float(law.pmf(number) @ np.maximum(number - level, 0))) for level in law.ppf((0.3, 0.6, 0.9))]


@dataclass(frozen=True, slots=True)
class Window:
    """Poisson arrivals from an empty start; those in [start, end) count, when the start is forgotten."""

    rate: float
    """Contacts per mean work."""
    start: float
    end: float

    def arrivals(self, rng: np.random.Generator, until: float | None = None) -> Floats:
        """Instants of arrival on [0, end), or on [0, until) where later contacts may disturb those that count."""
        until = self.end if until is None else until
        return np.sort(rng.uniform(0, until, rng.poisson(self.rate * until)))

    def holds(self, instants: Floats) -> Bools:
        """Which instants count."""
        return (instants >= self.start) & (instants < self.end)

    @property
    def length(self) -> float:
        """Time between the two."""
        return self.end - self.start

    @property
    def expected(self) -> float:
        """Expected number of contacts that count."""
        return self.rate * self.length

    def mean(self, values: ArrayLike) -> float:
        """The sum of `values`, one for each contact that counts, over their expected number.

        Its expectation is the mean per contact, without the bias of a ratio.
        """
        return float(np.sum(values)) / self.expected

    def work_controls(self, arrival: Floats, work: Floats, law: Work) -> list[float]:
        """Number of contacts, their work and their squared work."""
        inside = work[self.holds(arrival)]
        return [self.mean(inside**0) - 1, self.mean(inside) - 1, self.mean(inside**2) - law.second]

    def patience_controls(self, arrival: Floats, patience: Floats, mean: float) -> list[float]:
        """Patience, whole and cut at half its mean, of customers whose patience is exponential."""
        inside, cut = patience[self.holds(arrival)], mean / 2
        expected = mean * -np.expm1(-cut / mean)
        return [self.mean(inside) - mean, self.mean(np.minimum(inside, cut)) - expected]

    def ample_group_controls(self, arrival: Floats, work: Floats, stretches: Sequence[float] = (1,)) -> list[float]:
        """How far the contacts that an arriving one finds, if nobody ever waited, exceed some of their quantiles.

        Their number is Poisson. `stretches` multiply all work: the longer, the longer the past that counts.
        """
        controls = []
        for stretch in stretches:
            gone = np.searchsorted(np.sort(arrival + stretch * work), arrival, side="right")
            found = (np.arange(len(arrival)) - gone)[self.holds(arrival)]
            for level, expected in poisson_excess(self.rate * stretch):
                controls.append(self.mean(np.maximum(found - level, 0)) - expected)
        return controls

    def single_agent_controls(self, arrival: Floats, work: Floats, law: Work, speed: float) -> list[float]:
        """Mean wait and share of those who wait if one agent of this speed served all (Lindley's recursion)."""
        occupancy = self.rate / speed
        steps = np.cumsum(work[:-1] / speed - np.diff(arrival))
        level = np.concatenate(([0.0], steps))
        wait = (level - np.minimum.accumulate(level))[self.holds(arrival)]
        mean_wait = self.rate * law.second / speed**2 / (2 * (1 - occupancy))
        return [self.mean(wait) - mean_wait, self.mean(wait > 0) - occupancy]


@dataclass(frozen=True, slots=True)
class Replication:
    """What one replication tells."""

    measures: Mapping[str, float]
    controls: Sequence[float] = ()
    """Control variates, each less its mean; the same ones in every replication."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications, with its uncertainty."""

    mean: float
    deviation: float
    """Standard deviation of the mean."""
    half_width: float
    """Of the 99 % confidence interval."""
    limit: float
    """How far theory may be off: half the interval that all figures of all tests keep with 99 % confidence."""

    @classmethod
    def of(cls, values: Floats, controls: Floats) -> Estimate:
        """The mean of `values` [replication], given `controls` [replication, control] of mean 0."""
        columns = np.column_stack((np.ones(len(values)), controls))
        weights, _, rank, _ = np.linalg.lstsq(columns, values)
        rest = values - columns @ weights
        freedom = len(values) - int(rank)
        deviation = np.sqrt(rest @ rest / freedom * np.linalg.pinv(columns.T @ columns)[0, 0])
        half_width, limit = deviation * stats.t.ppf((0.995, 1 - 0.005 / CHECKS), freedom)
        return cls(float(weights[0]), float(deviation), float(half_width), float(limit))


def compare(
    title: str,
    play: Callable[[np.random.Generator, EngineName], Replication],
    theory: Mapping[str, float],
    *,
    replications: int,
    tails: Collection[str] = (),
) -> None:
    """Play the replications and hold every measure against theory; `pytest -rP` shows the figures.

    Parameters
    ----------
    play
        Draws one replication and plays it with an engine.
    theory
        The exact values of the measures to be compared.
    tails
        Measures for which the wider interval will do.

    Raises
    ------
    AssertionError
        If the engines differ, theory is further off than `Estimate.limit`, or an interval is too wide.
    """

    def played_by(engine: EngineName, count: int) -> list[Replication]:
        rng = np.random.default_rng([SEED, zlib.crc32(title.encode())])
        return [play(rng, engine) for _ in range(count)]

    began = time.process_time()
    played = played_by("compiled", replications)
    twice = math.ceil(PLAYED_TWICE * replications)
    for number, (found, reference) in enumerate(zip(played, played_by("reference", twice), strict=False)):
        assert found.measures == reference.measures, f"{title}: the engines differ in replication {number}"
    seconds = time.process_time() - began

    controls = np.array([replication.controls for replication in played])
    wrong = []
    for measure, exact in theory.items():
        values = np.array([replication.measures[measure] for replication in played])
        estimate = Estimate.of(values, controls)
        off = estimate.mean - exact
        z = off / estimate.deviation if estimate.deviation else math.inf
        line = (
            f"{title}: {measure:<24} theory {exact:.6f}, played {estimate.mean:.6f} "
            f"± {estimate.half_width:.6f} ({estimate.half_width / exact:.2%}), z {z:+.2f}, {seconds:.1f} s"
        )
        print(line)
        widest = WIDEST_TAIL if measure in tails else WIDEST
        if abs(off) > estimate.limit or estimate.half_width > widest * exact:
            wrong.append(line)
    assert not wrong, "\n".join(["further off than chance allows, or too wide:", *wrong])
