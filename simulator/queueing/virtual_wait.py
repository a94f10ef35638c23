"""The law of the virtual wait in M/M/n+G, by piecewise Gauss-Legendre quadrature.

Given that all agents are busy, the virtual wait has density proportional to exp(h(t)), where
h(t) = λ ∫₀ᵗ G(u) du - n μ t and G is the survival function of patience (Baccelli and Hebuterne, 1981). The exponent
is concave: the density has one peak, anything from a needle far out (overload) to a slow decay from zero (light load).

So the half-line is cut into panels, first of doubling width, then each in four until both G and the density are
polynomials to rounding error on every panel that matters. The exponent is added up outwards from its peak, where it is
of order one, and not from zero, where millions would cancel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import legendre

from simulator.queueing.patience import Patience

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_NODES, _WEIGHTS = legendre.leggauss(24)
_BASIS = legendre.legvander(_NODES, 24)
_TO_COEFFICIENTS = ((np.arange(24) + 0.5) * (_BASIS[:, :-1] * _WEIGHTS[:, None])).T
"""Values at the nodes of [-1, 1] -> coefficients of the Legendre series through them."""


def _integral_matrix() -> Floats:
    """Values at the nodes of [-1, 1] -> integrals from -1 to each node."""
    order = np.arange(1, 24)
    integrals = np.column_stack((_NODES + 1, (_BASIS[:, 2:] - _BASIS[:, :-2]) / (2 * order + 1)))
    return np.asarray(integrals @ _TO_COEFFICIENTS)


_TO_INTEGRALS = _integral_matrix()
_GAP = 1 - _NODES[-1]
"""Distance of the outermost nodes from the ends of [-1, 1]."""

_NEGLIGIBLE = -100.0
"""Height below the peak of the exponent at which the density no longer counts: exp(-100) is 4e-44."""
_TOLERANCE = 1e-13
_MOST_PANELS = 20_000


@dataclass(frozen=True, slots=True)
class _Exponent:
    """h(t) on panels between `edges`, measured from the edge where it is highest."""

    half: Floats
    """[panel] Half of the panel's width."""
    times: Floats
    """[panel, node]."""
    survival: Floats
    """[panel, node] G at `times`."""
    height: Floats
    """[panel, node] h at `times`."""
    edge_height: Floats
    """[panel + 1] h at the edges."""


@dataclass(frozen=True, slots=True)
class Law:
    """The law of V given V > 0, as points and weights; the mean of f(V) is the sum of `weight` times f(`time`)."""

    time: Floats
    weight: Floats
    survival: Floats
    """G(V): share of those who would wait V that are answered."""
    given_up: Floats
    """1 - G(V)."""
    lost_wait: Floats
    """Wait of those who would wait V and give up before, answered ones as 0: G(u) - G(V) integrated from 0 to V."""


@dataclass(frozen=True, slots=True)
class VirtualWait:
    """The virtual wait of those who find all agents busy."""

    arrival_rate: float
    service_rate: float
    """n μ, finished contacts per second while all agents are busy."""
    patience: Patience
    edges: Floats
    """Panels fine enough for the density; beyond the last edge it is negligible."""

    @classmethod
    def solve(cls, arrival_rate: float, service_rate: float, patience: Patience) -> VirtualWait:
        """Find panels fine enough for the density.

        Raises
        ------
        ValueError
            If the queue would grow for ever, or `patience` is no survival function.
        """
        scale = 1 / (arrival_rate + service_rate)
        edges = np.unique(np.concatenate(([0.0], scale * 2.0 ** np.arange(61), patience.jumps)))
        while True:
            exponent = _exponent(arrival_rate, service_rate, patience, edges)
            _check_survival(exponent)
            at_ends = np.maximum(exponent.edge_height[:-1], exponent.edge_height[1:])
            highest = np.maximum(exponent.height.max(axis=1), at_ends)
            matters = highest > highest.max() + _NEGLIGIBLE
            last = int(np.flatnonzero(matters)[-1])
            rough = _rough(exponent, edges, patience.jumps, matters, scale)
            rough[last + 1 :] = False
            rough &= exponent.half > 8 * np.spacing(edges[1:])  # a jump cannot be narrowed down any further
            if not rough.any():
                break
            if len(edges) > _MOST_PANELS:
                msg = (
                    f"patience has a survival function too rough to integrate near {edges[:-1][rough][0]:.6g} s; "
                    "name the seconds at which it jumps or bends in Patience(..., jumps=...)."
                )
                raise ValueError(msg)
            cuts = edges[:-1][rough] + np.outer((0.5, 1.0, 1.5), exponent.half[rough])
            edges = np.unique(np.concatenate((edges, cuts.ravel())))
        if last == len(edges) - 2:
            msg = (
                f"{arrival_rate:.6g} contacts per second come, all agents together finish {service_rate:.6g}, and "
                "too few customers ever give up: the queue grows for ever. Allowed are more servers, a lower "
                "arrival rate, or patience that ends for more customers."
            )
            raise ValueError(msg)
        return cls(arrival_rate, service_rate, patience, edges[: last + 2])

    def law(self, cut: float = 0.0) -> Law:
        """The law of V given V > 0; no weight straddles `cut`."""
        edges = self.edges
        if 0 < cut < edges[-1]:
            edges = np.unique(np.append(edges, cut))
        exponent = _exponent(self.arrival_rate, self.service_rate, self.patience, edges)
        weight = np.exp(exponent.height) * exponent.half[:, None] * _WEIGHTS
        with np.errstate(over="ignore"):
            given_up = self.patience.cdf(exponent.times)
        by_panel = exponent.half * (given_up @ _WEIGHTS)
        saved = (np.cumsum(by_panel) - by_panel)[:, None] + exponent.half[:, None] * (given_up @ _TO_INTEGRALS.T)
        return Law(
            time=exponent.times.ravel(),
            weight=(weight / weight.sum()).ravel(),
            survival=exponent.survival.ravel(),
            given_up=given_up.ravel(),
            lost_wait=(exponent.times * given_up - saved).ravel(),
        )

    def mass(self) -> tuple[float, float]:
        """exp(h) integrated over all waits, and exp(h(0)); both relative to the same unknown factor."""
        exponent = _exponent(self.arrival_rate, self.service_rate, self.patience, self.edges)
        integral = float((exponent.half * (np.exp(exponent.height) @ _WEIGHTS)).sum())
        return integral, float(np.exp(exponent.edge_height[0]))


def _exponent(arrival_rate: float, service_rate: float, patience: Patience, edges: Floats) -> _Exponent:
    half = np.diff(edges) / 2
    times = edges[:-1, None] + half[:, None] * (1 + _NODES)
    with np.errstate(over="ignore"):  # (t / scale) ** shape may well be infinite: nobody bears t
        survival = np.asarray(patience.survival(times), dtype=np.float64)
    slope = arrival_rate * survival - service_rate
    rise = half * (slope @ _WEIGHTS)
    peak = int(np.argmax(np.append(0.0, np.cumsum(rise))))
    before = -np.cumsum(rise[:peak][::-1])[::-1]
    edge_height = np.concatenate((before, [0.0], np.cumsum(rise[peak:])))
    height = edge_height[:-1, None] + half[:, None] * (slope @ _TO_INTEGRALS.T)
    return _Exponent(half, times, survival, height, edge_height)


def _rough(exponent: _Exponent, edges: Floats, jumps: tuple[float, ...], matters: Bools, scale: float) -> Bools:
    """[panel] Whether 24 nodes do not yet tell all about G or, where it matters, about the density.

    The last coefficients of a series tell what happens between nodes, its values at the ends what happens beyond the
    outermost ones: a jump of G between two panels, or a needle of a density close to an edge.
    """
    series, left, right = _series(exponent.survival)
    missed = np.abs(series[:, -4:]).max(axis=1)
    step = _GAP * np.abs(right[:-1] - left[1:])
    step[np.isin(edges[1:-1], jumps)] = 0.0
    missed = np.maximum(missed, np.maximum(np.append(step, 0.0), np.append(0.0, step)))
    rough = missed > _TOLERANCE * np.maximum(1.0, scale / exponent.half)

    top = max(0.0, float(exponent.height.max()))
    density = np.exp(exponent.height - top)
    total = float((exponent.half * (density @ _WEIGHTS)).sum())
    series, left, right = _series(density)
    at_edges = np.exp(exponent.edge_height - top)
    beyond = _GAP * np.maximum(np.abs(left - at_edges[:-1]), np.abs(right - at_edges[1:]))
    missed = exponent.half * np.maximum(np.abs(series[:, -4:]).max(axis=1), beyond)
    return np.asarray(rough | (matters & (missed > _TOLERANCE * total)))


def _series(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients [panel, order] of the Legendre series through the values at the nodes, and its two end values."""
    series = values @ _TO_COEFFICIENTS.T
    return series, series @ (-1.0) ** np.arange(24), series.sum(axis=1)


def _check_survival(exponent: _Exponent) -> None:
    survival = exponent.survival.ravel()
    if not (np.all(survival >= -1e-9) and np.all(survival <= 1 + 1e-9) and np.all(np.diff(survival) <= 1e-9)):
        msg = "patience must have a survival function that falls from at most 1 to at least 0."
        raise ValueError(msg)
