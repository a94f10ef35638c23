"""Erlang A (M/M/n+M): customers give up after an exponential patience.

Palm, Research on telephone traffic carried by full availability groups, Tele 1, 1957; Garnett, Mandelbaum and Reiman,
Designing a call center with impatient customers, M&SOM 4, 2002; Mandelbaum and Zeltyn, The Palm/Erlang-A queue, with
applications to call centers, Technion, 2005. With x = n μ / θ and y = λ / θ everything rests on Palm's

    A(x, y) = Σ_{j≥0} y^j / ((x + 1) … (x + j)) = x e^y y^{-x} γ(x, y)

Of those who find all agents busy, the share 1/A finds nobody waiting. The functions below take ρ = y/x and ε = 1/x, so
that endless patience, ε = 0, needs no case of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

from simulator.queueing.arguments import check_positive, check_stable
from simulator.queueing.erlang import inverse_erlang_b
from simulator.queueing.formulas import ERLANG_A_QUEUE
from simulator.queueing.general_patience import MMnG
from simulator.queueing.patience import Patience
from simulator.queueing.steady_state import SteadyState


@dataclass(frozen=True, kw_only=True)
class ErlangA(SteadyState):
    """M/M/n+M. With endless patience it is Erlang C; with no servers everybody waits until giving up.

    Raises
    ------
    ValueError
        If an argument is out of its range, or patience is endless and the load is not below the number of servers.
    """

    formulas: ClassVar[Mapping[str, str]] = ERLANG_A_QUEUE

    mean_patience: float
    """Seconds that a customer is willing to wait, on average; inf for those who never give up."""

    def __post_init__(self) -> None:
        """Refuse a queue that would grow for ever."""
        super().__post_init__()
        check_positive("mean_patience", self.mean_patience, "seconds", infinite=True)
        if self.mean_patience == math.inf:
            check_stable(self.servers, self.load)

    @property
    def _service_rate(self) -> float:
        """Contacts that all agents together finish per second, n μ."""
        return self.servers / self.mean_handling_time

    @property
    def _epsilon(self) -> float:
        """θ / (n μ)."""
        return 1 / (self._service_rate * self.mean_patience)

    def _ratio_after(self, wait: float) -> float:
        """ρ exp(-θ wait)."""
        return self.arrival_rate / self._service_rate * self._patience_survival(wait)

    @cached_property
    def _all_busy(self) -> _AllBusy:
        return self._all_busy_after(0.0)

    def _all_busy_after(self, wait: float) -> _AllBusy:
        """What is ahead of those who find all agents busy and have neither been answered nor given up by `wait`.

        Contacts that came later do not concern them, and of those that came earlier as many as at an arrival rate
        of λ exp(-θ wait) are still there.
        """
        if not self.servers:
            return _AllBusy(nobody_waits=0.0, abandons=1.0, wait=math.inf)
        return _all_busy(self._ratio_after(wait), self._epsilon)

    @cached_property
    def probability_of_wait(self) -> float:
        """Share of contacts that find all agents busy."""
        # This is A B / (1 + (A - 1) B) without its overflows.
        return 1 / (1 + (inverse_erlang_b(self.servers, self.load) - 1) * self._all_busy.nobody_waits)

    @property
    def abandonment_ratio(self) -> float:
        """Abandoned over offered."""
        return self.probability_of_wait * self._all_busy.abandons

    @property
    def mean_wait(self) -> float:
        """Mean wait of all offered contacts, in seconds."""
        if not self.servers:
            return self.mean_patience
        return self.probability_of_wait * self._all_busy.wait / self._service_rate

    @cached_property
    def _same_by_quadrature(self) -> MMnG:
        """E[W | answered] has no closed form; its integral is that of M/M/n+G."""
        return MMnG(
            servers=self.servers,
            arrival_rate=self.arrival_rate,
            mean_handling_time=self.mean_handling_time,
            patience=Patience.exponential(self.mean_patience),
        )

    @property
    def asa(self) -> float:
        """Average speed of answer: mean wait of the answered contacts, in seconds; nan without servers."""
        return self._same_by_quadrature.asa if self.servers else math.nan

    @property
    def mean_wait_of_abandoned(self) -> float:
        """Mean wait of the contacts that gave up, in seconds; nan if nobody does."""
        return self._same_by_quadrature.mean_wait_of_abandoned if self.servers else self.mean_patience

    def _busy_survival(self, wait: float) -> float:
        """P(V > wait | all agents busy)."""
        if not self.servers:
            return 1.0
        # Both ways it is γ(x, y exp(-θ t)) / γ(x, y); in light load those two would underflow.
        ratio = self._ratio_after(0.0)
        if _is_light(ratio, self._epsilon):
            endless = self.mean_patience == math.inf
            exposed = wait if endless else -self.mean_patience * math.expm1(-wait / self.mean_patience)
            fall = self.arrival_rate * exposed - self._service_rate * wait
            now, then = self._all_busy, self._all_busy_after(wait)
            return math.exp(fall) * now.nobody_waits / then.nobody_waits
        return _lower_gamma(self._ratio_after(wait), self._epsilon) / _lower_gamma(ratio, self._epsilon)

    def _virtual_wait_survival(self, wait: float) -> float:
        return self.probability_of_wait * self._busy_survival(wait)

    def _patience_survival(self, wait: float) -> float:
        return math.exp(-wait / self.mean_patience)

    def _answered_within(self, wait: float) -> float:
        later = self._patience_survival(wait) * self._busy_survival(wait)
        answered_later = later * (1 - self._all_busy_after(wait).abandons)
        return 1 - self.probability_of_wait * (self._all_busy.abandons + answered_later)


class _AllBusy(NamedTuple):
    """What is ahead of those who find all agents busy."""

    nobody_waits: float
    """1/A: share that finds nobody waiting."""
    abandons: float
    """Share that gives up."""
    wait: float
    """Mean wait, in units of 1 / (n μ)."""


def _is_light(ratio: float, epsilon: float) -> bool:
    """Whether γ(x, y) may underflow: y is below x by more than four standard deviations, or by half."""
    return ratio <= max(0.5, 1 - 4 * math.sqrt(epsilon))


def _all_busy(ratio: float, epsilon: float) -> _AllBusy:
    if _is_light(ratio, epsilon):
        # Gauss's continued fraction for A = 1F1(1; x + 1; y), from the bottom up; 64 levels give 15 digits here.
        fraction = 1.0
        for level in range(64, 2, -1):
            half = level // 2
            term = half * epsilon if level % 2 == 0 else -(1 + half * epsilon)
            fraction = 1 + term * ratio / ((1 + (level - 1) * epsilon) * (1 + level * epsilon)) / fraction
        tail = ratio / ((1 + epsilon) * (1 + 2 * epsilon) * fraction)
        whole = (1 + epsilon) * (1 + epsilon * tail)
        wait = (1 + (1 + epsilon) * tail) / whole
        return _AllBusy((1 - ratio + epsilon + (1 + epsilon) * epsilon * tail) / whole, epsilon * wait, wait)
    nobody_waits = math.exp(_log_poisson(ratio, epsilon)) / _lower_gamma(ratio, epsilon)
    abandons = 1 - (1 - nobody_waits) / ratio
    return _AllBusy(nobody_waits, abandons, abandons / epsilon)


def _lower_gamma(ratio: float, epsilon: float) -> float:
    """γ(x, y) / Γ(x), the regularised lower incomplete gamma function, precise even far below x."""
    if ratio == 0:
        return 0.0
    if _is_light(ratio, epsilon):
        return math.exp(_log_poisson(ratio, epsilon)) / _all_busy(ratio, epsilon).nobody_waits
    from scipy import special  # slow to import, and not needed in light load

    return float(special.gammainc(1 / epsilon, ratio / epsilon))


def _log_poisson(ratio: float, epsilon: float) -> float:
    """log(y^x e^{-y} / Γ(x + 1)), without the cancellation of its large terms."""
    x = 1 / epsilon
    if x < 20:
        return x * (math.log(ratio) + math.log(x) - ratio) - math.lgamma(x + 1)
    stirling = epsilon / 12 - epsilon**3 / 360 + epsilon**5 / 1260 - epsilon**7 / 1680
    logarithm = math.log1p(ratio - 1) if ratio > 0.5 else math.log(ratio)
    return -x * (ratio - 1 - logarithm) - 0.5 * math.log(2 * math.pi * x) - stirling
