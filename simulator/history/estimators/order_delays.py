"""How many contacts an order brings, and how many days later they come: from daily counts of both.

The contacts of a day are its weekday's own, and of the orders of each earlier day k a share s_k of r contacts an order:

    expected(d) = own(weekday of d) + r sum over k of s_k orders(d - k)

with s_k the days of a gamma delay, as `simulator.scenario.delays` spreads them, so that a fit is what the scenario
plays; what would come on a closed day comes on the next open one, as there. For given mean and cv of the delay this is
weighted least squares, a day's weight being the inverse of its weekday's mean; the best mean and cv are then searched
for. An interval holds the values at which the sum of squares, at
its least, exceeds the least of all by less than p / (n - p) times the F quantile for the p = 3 parameters of interest
(Seber and Wild 1989): these are inside their intervals all at once.

Only what differs from week to week tells the two apart: a shop whose orders are the same each week says nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.estimate import Fitted
from simulator.scenario.delays import shares_by_day
from simulator.scenario.model import Distribution
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.history.estimators.counts import Counts
    from simulator.history.logs import Orders

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_MEAN_DAYS = 0.02, 28.0
_CVS = 0.1, 1.5
"""Between these the delay is looked for; the scenario takes no longer tails."""
_LEAST_DAYS = 28
_WARM_UP = 14
"""Days of orders before the first day of contacts that counts."""
_SHAPE = 3
"""Contacts an order, mean and cv of the delay: what intervals are given for."""


@dataclass(frozen=True, slots=True)
class OrderContacts:
    """Contacts that orders bring."""

    per_order: Fitted
    delay: Fitted
    """Mean seconds from the order to the contact."""
    cv: Fitted
    """Of the delay, a gamma distribution."""
    shares: Floats
    """[days later] Share of these contacts, as the scenario spreads them."""
    own: Floats
    """[weekday] Contacts of a day that no order brings, Monday first; 0 for a weekday that does not occur."""
    expected: Floats
    """[day] Contacts by the model, of the open days after those that only count as orders."""
    explained: float
    """Share of the variance from day to day that it explains."""


def fit_order_contacts(
    orders: Floats,
    contacts: Floats,
    weekday: Ints,
    *,
    warm_up: int = 0,
    is_open: Bools | None = None,
    confidence: float = 0.95,
) -> OrderContacts | None:
    """Fit daily contacts to daily orders.

    Parameters
    ----------
    orders, contacts
        [day] Counts of days in a row.
    weekday
        [day] 0 is Monday.
    warm_up
        Days at the start whose orders count and whose contacts do not, for the orders that brought them are not known.
    is_open
        [day] Whether contacts can come; who would come on another day comes on the next open one. Default: always.

    Returns
    -------
    None if there are fewer than four weeks, or if orders bring no contacts that could be seen.
    """
    from scipy import special  # slow to import

    if is_open is None:
        is_open = np.ones(len(orders), dtype=np.bool_)
    counted = is_open & (np.arange(len(orders)) >= warm_up)
    if counted.sum() < _LEAST_DAYS or not orders.any():
        return None
    model = _Model(orders.astype(np.float64), contacts.astype(np.float64), weekday, is_open, counted)
    best = model.lowest()
    freedom = model.days - model.weekdays - _SHAPE
    quantile = float(special.fdtri(float(_SHAPE), float(freedom), confidence))
    limit = model.squares(*best) * (1.0 + _SHAPE / freedom * quantile)
    per_order = model.per_order(*best)
    if not per_order > 0.0 or model.squares(*best, 0.0) <= limit:
        return None
    method = "least squares, joint profile interval"

    def figure(value: float, profile: Callable[[float], float], ends: tuple[float, float], unit: float) -> Fitted:
        low, high = (_crossing(lambda x: limit - profile(x), value, end) for end in ends)
        return Fitted(unit * value, unit * low, unit * high, model.days, method, confidence)

    shares = np.array(shares_by_day(_delay(*best)))
    own, expected = model.solved(*best)
    variance = float(np.var(contacts[counted]))
    return OrderContacts(
        figure(per_order, lambda rate: model.squares_at_rate(rate, best), (0.0, 10.0 * per_order), 1.0),
        figure(best[0], model.squares_at_mean, _MEAN_DAYS, DAY),
        figure(best[1], model.squares_at_cv, _CVS, 1.0),
        shares,
        own,
        expected,
        1.0 - float(np.var(contacts[counted] - expected)) / variance if variance > 0.0 else math.nan,
    )


def fit_orders(
    orders: Orders, contacts: Counts, *, closes: bool = False, confidence: float = 0.95
) -> OrderContacts | None:
    """Fit the contacts of a history to the orders of an export, over the days that both have.

    Orders are those of `counts_of_orders`: the cancelled are left out. Contacts of the first days of the export, which
    earlier orders brought, are left out.

    Parameters
    ----------
    orders
        The export.
    contacts
        Of one channel, or of several that are added up.
    closes
        Whether days without a contact were closed; otherwise nobody came.

    Returns
    -------
    None as in `fit_order_contacts`, and where the two have too few days in common.
    """
    placed_on = orders.day[~orders.cancelled]
    if not len(placed_on):
        return None
    came_on, came = contacts.ordinal, contacts.total.sum(axis=0)
    first, last = int(placed_on.min()), int(min(placed_on.max(), came_on[-1]))
    warm_up = max(int(came_on[0]) - first, _WARM_UP)
    days = np.arange(first, last + 1)
    if len(days) < _LEAST_DAYS + warm_up:
        return None

    def by_day(day: Ints, count: Floats | None = None) -> Floats:
        kept = (day >= first) & (day <= last)
        weight = None if count is None else count[kept]
        return np.bincount(day[kept] - first, weight, minlength=len(days)).astype(np.float64)

    daily = by_day(came_on, came)
    # Day 1 of all ordinals was a Monday.
    return fit_order_contacts(
        by_day(placed_on),
        daily,
        (days - 1) % 7,
        warm_up=warm_up,
        is_open=daily > 0 if closes else None,
        confidence=confidence,
    )


class _Model:
    """Sums of squares, by mean of the delay in days, its cv, and contacts an order."""

    def __init__(self, orders: Floats, contacts: Floats, weekday: Ints, is_open: Bools, counted: Bools) -> None:
        self._orders, self._counted = orders, counted
        # [day] The next open day, itself if it is one; beyond the last where there is none.
        self._comes_on = np.append(np.flatnonzero(is_open), len(orders))[np.cumsum(is_open) - is_open]
        self._weekday = weekday[counted]
        self._contacts = contacts[counted]
        self.days = len(self._contacts)
        self._dummies = np.eye(7)[self._weekday]
        self._present = self._dummies.any(axis=0)
        self.weekdays = int(np.count_nonzero(self._present))
        level = self._dummies @ (self._dummies.T @ self._contacts / np.maximum(self._dummies.sum(axis=0), 1.0))
        self._root = 1.0 / np.sqrt(np.maximum(level, 1.0))
        # What is left once each weekday has the level that suits it best.
        self._basis = np.linalg.qr((self._dummies * self._root[:, None])[:, self._present])[0]
        self._left = self._without_weekdays(self._contacts * self._root)

    def squares(self, mean: float, cv: float, rate: float | None = None) -> float:
        """Least sum of squares; `rate` None: at the best."""
        brought = self._without_weekdays(self._brought(mean, cv) * self._root)
        if rate is None:
            rate = self._rate(brought)
        rest = self._left - rate * brought
        return float(rest @ rest)

    def per_order(self, mean: float, cv: float) -> float:
        """Contacts an order at their best."""
        return self._rate(self._without_weekdays(self._brought(mean, cv) * self._root))

    def lowest(self, rate: float | None = None, near: tuple[float, float] | None = None) -> tuple[float, float]:
        """Mean and cv of the delay with the least sum of squares: downhill from a place, or from the best of a grid."""
        from scipy import optimize  # slow to import

        def loss(place: Floats) -> float:
            mean = min(max(math.exp(place[0]), _MEAN_DAYS[0]), _MEAN_DAYS[1])
            return self.squares(mean, min(max(math.exp(place[1]), _CVS[0]), _CVS[1]), rate)

        grid = [near] if near else [(mean, cv) for mean in (0.3, 1.0, 3.0, 7.0, 14.0, 28.0) for cv in (0.3, 1.0)]
        start = min((np.log(each) for each in grid), key=loss)
        found = optimize.minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-4}).x
        mean, cv = np.clip(np.exp(found), (_MEAN_DAYS[0], _CVS[0]), (_MEAN_DAYS[1], _CVS[1])).tolist()
        return mean, cv

    def squares_at_rate(self, rate: float, near: tuple[float, float]) -> float:
        """With the best delay."""
        return self.squares(*self.lowest(rate, near), rate)

    def squares_at_mean(self, mean: float) -> float:
        """With the best cv and contacts an order."""
        return _least(lambda log_cv: self.squares(mean, math.exp(log_cv)), _CVS)

    def squares_at_cv(self, cv: float) -> float:
        """With the best mean and contacts an order."""
        return _least(lambda log_mean: self.squares(math.exp(log_mean), cv), _MEAN_DAYS)

    def solved(self, mean: float, cv: float) -> tuple[Floats, Floats]:
        """Contacts of each weekday's own, and all that are expected [day]."""
        brought = self.per_order(mean, cv) * self._brought(mean, cv)
        weight = self._dummies * self._root[:, None] ** 2
        own = (weight.T @ (self._contacts - brought)) / np.maximum(weight.sum(axis=0), 1e-300)
        return own, own[self._weekday] + brought

    def _rate(self, brought: Floats) -> float:
        size = float(brought @ brought)
        return max(float(brought @ self._left) / size, 0.0) if size > 0.0 else 0.0

    def _brought(self, mean: float, cv: float) -> Floats:
        """[day] Contacts if an order brought one."""
        shares = np.array(shares_by_day(_delay(mean, cv)))
        days = len(self._orders)
        brought = np.convolve(self._orders, shares)[:days]
        came = np.bincount(self._comes_on, brought, minlength=days + 1).astype(np.float64)
        return came[:days][self._counted]

    def _without_weekdays(self, column: Floats) -> Floats:
        return np.asarray(column - self._basis @ (self._basis.T @ column))


def _delay(mean_days: float, cv: float) -> Distribution:
    return Distribution("gamma", mean_days * DAY, cv)


def _least(function: Callable[[float], float], ends: tuple[float, float]) -> float:
    """Least value between two ends, looked for by their logarithms."""
    from scipy import optimize

    bounds = math.log(ends[0]), math.log(ends[1])
    return float(optimize.minimize_scalar(function, bounds=bounds, method="bounded", options={"xatol": 1e-3}).fun)


def _crossing(profile: Callable[[float], float], inside: float, end: float) -> float:
    """Where a profile falls through 0 on the way to an end; the end if it does not."""
    from scipy import optimize

    step = 0.05 * inside * math.copysign(1.0, end - inside)
    outside = inside + step
    while (outside - end) * step < 0.0:
        if profile(outside) < 0.0:
            return float(optimize.brentq(profile, outside - step, outside, rtol=1e-4))
        step *= 2.0
        outside += step
    return float(optimize.brentq(profile, outside - step, end, rtol=1e-4)) if profile(end) < 0.0 else end
