"""The rate to quote: by how much a contract's rates must be raised, or may be lowered, for a margin at a given risk.

All rates of a contract's lines are multiplied by one factor. Costs do not depend on it, and the revenue of each future
rises with it: so each future has a factor of its own from which on it brings no loss, and the probability of a loss is
kept when the factor is the (1 - risk) quantile of those. The expected margin takes a factor of its own; the rate to
quote is the higher of the two.

Revenue is a straight line in the factor unless a minimum, a maximum or a cap bends it; then it is settled at many
factors, at the one that is found too, and taken as straight between them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.experiment.estimate import CONFIDENCE, Estimate
from simulator.planning.pricing.risk import quantile_estimate
from simulator.planning.pricing.supplier_cost import supplier_cost
from simulator.scenario.units import exact

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.planning.pricing.futures import Futures
    from simulator.planning.pricing.supplier_cost import SupplierCost
    from simulator.scenario.contract import Band, Contract, ContractLine, ShareOrMoney, TimeRate

    Floats = NDArray[np.float64]

RISK = 0.10
"""Most probability of a loss."""
TARGET_MARGIN = 0.15
"""Expected margin over expected revenue."""
RESAMPLES = 1000
"""Of the futures, for the interval of the factor."""
MOST = 16.0
"""Times the rates as they are: where a contract is bent, no higher factor is tried."""

_FALLS = "In some futures its maluses come to more than its charges, so that higher rates bring less."
_PLACES = Decimal("0.0001")
_NEARLY = 1e-9
_MOST_SETTLED = 12

Binding = Literal["margin", "risk"]
"""What decides on the rate."""
Refusal = Literal["no rate", "margin", "risk", "falls"]
"""Nothing goes by a rate; the margin, or the risk, is not reached at any rate; revenue falls where rates rise."""


@dataclass(frozen=True, eq=False)
class Quote:
    """The rate to quote, or why there is none."""

    contract: Contract
    """As it was given."""
    target_margin: float
    risk: float
    for_margin: Estimate
    """The factor that the expected margin alone takes; inf: none does. Percentiles of resampled futures."""
    for_risk: Estimate
    """The factor that the probability of a loss alone takes; inf: none does. Order statistics."""
    factor: Estimate | None
    """By which all rates of its lines are multiplied; None: none does. Percentiles of resampled futures."""
    quoted: Contract | None
    """The contract at that factor, which is rounded up to four decimals."""
    refused: Refusal | None = None
    """Why no rate does."""
    why: str = ""
    """The same as an English sentence."""

    @property
    def binding(self) -> Binding:
        """Which of the two asks for the higher rates."""
        return "margin" if float(self.for_margin.value) >= float(self.for_risk.value) else "risk"


def quote(
    contract: Contract,
    futures: Futures,
    cost: SupplierCost | None = None,
    *,
    target_margin: float = TARGET_MARGIN,
    risk: float = RISK,
    whole_engagement: bool = False,
) -> Quote:
    """The least factor on all rates with an expected margin of the target and a probability of a loss within the risk.

    Parameters
    ----------
    contract, futures, whole_engagement
        As of `Futures.settle`.
    cost
        Of the supplier; worked out here unless given.
    target_margin
        Expected margin over expected revenue; below 1.
    risk
        Most probability of a margin below 0.

    Raises
    ------
    ValueError
        If a share cannot be, the ledger lacks what a clause needs, or the scenario says nothing of the supplier.
    """
    if not target_margin < 1 or not 0 < risk < 1:
        msg = f"A margin of {target_margin:g} of the revenue at a risk of {risk:g}: below 1, and between 0 and 1."
        raise ValueError(msg)
    total = supplier_cost(futures).total if cost is None else cost.total

    def revenue(factor: float) -> Floats:
        settled: Floats = futures.settle(scaled(contract, factor), whole_engagement=whole_engagement).total
        return settled

    straight = is_straight(contract)
    if straight:
        found = _Search(np.array([0.0, 1.0]), np.array([revenue(0.0), revenue(1.0)]), total, target_margin, risk)
    else:
        found = _settled_where_it_matters(revenue, total, target_margin, risk)
    for_margin, for_risk, factor = found.factors()
    refused, why = found.refusal(contract)
    if refused is None:
        times = _rounded_up(float(factor.value))
        at_it = found.on_line(float(times)) if straight else revenue(float(times))
        margin = at_it - total
        enough = margin.mean() + total.mean() * _NEARLY >= target_margin * (margin + total).mean()
        if enough and (margin < -_NEARLY * np.abs(total)).mean() <= risk + _NEARLY:
            return Quote(contract, target_margin, risk, for_margin, for_risk, factor, scaled(contract, times))
        refused, why = "falls", _FALLS
    return Quote(contract, target_margin, risk, for_margin, for_risk, None, None, refused, why)


def scaled(contract: Contract, factor: Decimal | float) -> Contract:
    """A contract with all rates of its lines times a factor.

    What is added by time, date and language goes with them. Minimum, maximum, fees, bonus, malus and caps stay; where
    these are shares they go with the charges anyhow.
    """
    times = factor if isinstance(factor, Decimal) else exact(factor)

    def change(each: ShareOrMoney) -> ShareOrMoney:
        return each if each.money is None else replace(each, money=each.money * times)

    def rates(each: tuple[TimeRate, ...]) -> tuple[TimeRate, ...]:
        return tuple(replace(rate, change=change(rate.change)) for rate in each)

    def line(each: ContractLine) -> ContractLine:
        return replace(
            each,
            base=each.base and replace(each.base, price=each.base.price * times),
            rate=None if each.rate is None else each.rate * times,
            burst=tuple(replace(tier, rate=tier.rate * times) for tier in each.burst),
            times=rates(each.times),
            peaks=rates(each.peaks),
            languages={name: change(added) for name, added in each.languages.items()},
        )

    return replace(contract, lines=tuple(map(line, contract.lines)))


def is_straight(contract: Contract) -> bool:
    """Whether revenue is a straight line in the factor of `scaled`: nothing in money bends it."""

    def bends(cap: ShareOrMoney | None, kind: str) -> bool:
        bands: list[Band] = [band for clause in contract.service_levels for band in clause.bands if band.kind == kind]
        return cap is not None and (cap.money is not None or any(band.fee.money is not None for band in bands))

    billing = contract.billing
    return (
        billing.minimum is None
        and billing.maximum is None
        and not bends(contract.bonus_cap, "bonus")
        and not bends(contract.malus_cap, "malus")
    )


def least(knots: Floats, values: Floats, needed: Floats, *, beyond: bool) -> Floats:
    """[n] The least factor at which what rises with it comes to what is needed; inf where none does.

    Parameters
    ----------
    knots
        [knot] Factors, the first of them 0.
    values
        [knot, n] At each; straight between them.
    needed
        [n]
    beyond
        Whether the last piece goes on above the last knot.
    """
    reached = values >= needed
    first = np.where(reached.any(axis=0), reached.argmax(axis=0), len(knots) - 1)
    above, below = np.maximum(first, 1), np.maximum(first, 1) - 1
    high, low = (np.take_along_axis(values, each[None], axis=0)[0] for each in (above, below))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = knots[below] + (knots[above] - knots[below]) * (needed - low) / (high - low)
    possible = reached.any(axis=0) | (beyond & (high > low))
    return np.where(reached[0], 0.0, np.where(possible, factor, np.inf))


@dataclass(frozen=True, eq=False)
class _Search:
    """Revenue at some factors, beside costs."""

    knots: Floats
    """[knot] Two: a straight line, that goes on."""
    revenue: Floats
    """[knot, future]"""
    cost: Floats
    """[future]"""
    target_margin: float
    risk: float

    @property
    def goes_on(self) -> bool:
        return len(self.knots) == 2

    def on_line(self, factor: float) -> Floats:
        """[future] Revenue at a factor, of the straight line."""
        at_it: Floats = self.revenue[0] + factor * (self.revenue[1] - self.revenue[0])
        return at_it

    @cached_property
    def without_loss(self) -> Floats:
        """[future] The factor from which on it brings none."""
        return least(self.knots, self.revenue, self.cost, beyond=self.goes_on)

    def for_margin(self, weights: Floats) -> Floats:
        """[sample] The factor of the expected margin; weights [sample, future] add up to 1."""
        kept = (1.0 - self.target_margin) * (weights @ self.revenue.T)
        return least(self.knots, kept.T, weights @ self.cost, beyond=self.goes_on)

    def for_risk(self, weights: Floats) -> Floats:
        """[sample] The factor of the probability of a loss."""
        order = np.argsort(self.without_loss)
        share = np.cumsum(weights[:, order], axis=1)
        factors: Floats = self.without_loss[order][(share >= 1.0 - self.risk - _NEARLY).argmax(axis=1)]
        return factors

    @property
    def even(self) -> Floats:
        """[1, future] The futures as they are."""
        return np.full((1, len(self.cost)), 1.0 / len(self.cost))

    @property
    def factor(self) -> float:
        """The least that does for both."""
        return float(max(self.for_margin(self.even)[0], self.for_risk(self.even)[0]))

    def factors(self) -> tuple[Estimate, Estimate, Estimate]:
        """For the margin, for the risk, and for both."""
        futures = len(self.cost)
        weights = _resampled(futures)
        margin, risk = self.for_margin(weights), self.for_risk(weights)
        both = np.maximum(margin, risk)
        return (
            _percentiles(float(self.for_margin(self.even)[0]), margin, futures),
            quantile_estimate(self.without_loss, 1.0 - self.risk, CONFIDENCE),
            _percentiles(self.factor, both, futures),
        )

    def refusal(self, contract: Contract) -> tuple[Refusal | None, str]:
        """Why no factor does, if none does."""
        if math.isfinite(self.factor):
            return None, ""
        if not (self.revenue[-1] > self.revenue[0]).any():
            if (self.revenue[-1] < self.revenue[0]).any():
                return "falls", _FALLS
            return "no rate", "Nothing that is billed goes by a rate, so that no rate brings the margin."
        limit = "" if self.goes_on else f", up to {MOST:g} times these rates"
        if contract.billing.maximum is not None:
            limit += f", with at most {contract.billing.maximum} {contract.currency} billed by month"
        if not np.isfinite(self.for_margin(self.even)[0]):
            return "margin", f"No rate brings an expected margin of {self.target_margin:.4g} of the revenue{limit}."
        share = np.isinf(self.without_loss).mean()
        return (
            "risk",
            f"In {share:.1%} of the futures there is a loss at any rate{limit}; at most {self.risk:.4g} is asked for.",
        )


def _settled_where_it_matters(
    revenue: Callable[[float], Floats], cost: Floats, target_margin: float, risk: float
) -> _Search:
    """Settle at factors over the whole range, and then at the one that is found, until it stays."""
    knots = [0.0, *np.geomspace(1.0 / MOST, MOST, 9).tolist()]
    values = [revenue(knot) for knot in knots]
    for _ in range(_MOST_SETTLED):
        found = _Search(np.array(knots), np.array(values), cost, target_margin, risk)
        factor = found.factor
        if not math.isfinite(factor) or min(abs(factor - knot) for knot in knots) <= 1e-6 * factor:
            break
        place = int(np.searchsorted(knots, factor))
        knots.insert(place, factor)
        values.insert(place, revenue(factor))
    return found


@lru_cache(maxsize=1)
def _resampled(futures: int) -> Floats:
    """[sample, future] How much of a sample each future is: the same for all contracts, so that they are compared."""
    draw = np.random.Generator(np.random.Philox(0))
    return draw.multinomial(futures, np.full(futures, 1.0 / futures), size=RESAMPLES) / futures


def _percentiles(value: float, samples: Floats, futures: int) -> Estimate:
    ordered = np.sort(samples)
    half = (1.0 - CONFIDENCE) / 2.0
    low, high = (ordered[min(int(share * len(ordered)), len(ordered) - 1)] for share in (half, 1.0 - half))
    return Estimate(np.asarray(value), np.asarray(low), np.asarray(high), futures)


def _rounded_up(factor: float) -> Decimal:
    # What is a hair above such a number is that number.
    return exact(max(factor - 1e-12, 0.0)).quantize(_PLACES, rounding=ROUND_CEILING)
