"""How many come back, and how soon, told apart from those who would have called anyway.

From the moment at which something happened to a customer, the next contact of the same customer is waited for, up to
the last arrival of that day. A share p comes back because of it, after an exponential delay of mean d; besides,
everybody makes contact by chance at a rate m. No contact is seen up to t with probability

    S(t) = (1 - p + p exp(-t / d)) exp(-m t)

and its density is -S'(t). The three are fitted together, for only their common shape tells them apart: who comes back
does so early, and chance has no favourite time. Intervals hold together, as in `simulator.history.estimators.families`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.estimate import Fitted
from simulator.history.estimators.families import put_together

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.history.logs.calls import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_SHORTEST = 0.5
"""Seconds."""
_STEPS = 1000
"""Gaps are put together on so many steps, hundredths of themselves apart."""
_LEAST_SEEN = 20
"""With fewer who were seen again, nothing can be told apart."""
_PLACE = {"share": 0, "delay": 1, "by_chance": 2}


@dataclass(frozen=True, slots=True)
class ReturnFit:
    """Coming back after something happened."""

    share: Fitted
    """Share of customers who come back because of it, on the same day."""
    delay: Fitted
    """Mean seconds until they do."""
    by_chance: Fitted
    """Contacts that a customer makes per second anyway, while the centre is open."""
    seen: int
    """How many were seen to make contact again on the same day, for whatever reason."""
    beyond_chance: bool
    """Whether so much coming back is more than chance alone brings, at the confidence of the intervals."""
    watched: float
    """Seconds for which any customer was watched at most; a mean delay beyond them cannot be told from chance."""

    @property
    def known(self) -> bool:
        """Whether share and delay can be told from what chance brings."""
        return self.beyond_chance and self.delay.high <= self.watched


def fit_redial(calls: Calls, *, confidence: float = 0.95) -> ReturnFit | None:
    """Fit who gave up and comes back; None without customer numbers, or with too few of them."""
    return _fit_after(calls, ~calls.served, confidence)


def fit_repeat(calls: Calls, *, confidence: float = 0.95) -> ReturnFit | None:
    """Fit who was answered and comes back all the same; None as in `fit_redial`."""
    return _fit_after(calls, calls.served, confidence)


def fit_return(gap: Floats, seen: Bools, *, confidence: float = 0.95) -> ReturnFit | None:
    """Fit coming back.

    Parameters
    ----------
    gap
        [case] Seconds until the next contact, or until nobody looked any more.
    seen
        [case] Whether the next contact came.

    Returns
    -------
    None if fewer than 20 did.
    """
    from scipy import special  # slow to import

    if np.count_nonzero(seen) < _LEAST_SEEN:
        return None
    likelihood = _Likelihood(np.maximum(gap, _SHORTEST), seen)
    best, top = likelihood.highest()
    freedom = max(float(np.count_nonzero(seen)) - 3.0, 1.0)
    floor = top - 1.5 * float(special.fdtri(3.0, freedom, confidence))
    fits = {name: likelihood.figure(place, best, floor, confidence) for name, place in _PLACE.items()}
    return ReturnFit(
        **fits,
        seen=int(np.count_nonzero(seen)),
        beyond_chance=likelihood.by_chance_alone() < floor,
        watched=float(gap.max()),
    )


def _fit_after(calls: Calls, happened: Bools, confidence: float) -> ReturnFit | None:
    rows = np.flatnonzero(happened & (calls.customer >= 0) & ~np.isnan(calls.ended))
    if not len(rows):
        return None
    # The next row of the same customer, in the order of arrival.
    order = np.lexsort((calls.arrival, calls.customer))
    following = np.full(len(calls), -1)
    same = calls.customer[order[1:]] == calls.customer[order[:-1]]
    following[order[:-1][same]] = order[1:][same]
    nobody_after = _last_arrival(calls)[rows]
    ended, after = calls.ended[rows], following[rows]
    again = np.where(after >= 0, calls.arrival[np.maximum(after, 0)], np.inf)
    seen = again <= nobody_after
    gap = np.where(seen, again, nobody_after) - ended
    # Whom nobody could have seen again says nothing.
    looked = seen | (gap > 0.0)
    return fit_return(gap[looked], seen[looked], confidence=confidence)


def _last_arrival(calls: Calls) -> Floats:
    """[call] The last arrival of its day."""
    days, day = np.unique(calls.day, return_inverse=True)
    last = np.full(len(days), -np.inf)
    np.maximum.at(last, day, calls.arrival)
    return last[day]


class _Likelihood:
    """By logit of the share, and logarithms of the delay and of the rate of chance."""

    def __init__(self, gap: Floats, seen: Bools) -> None:
        self._seen, self._seen_count = put_together(gap[seen], _STEPS)
        self._cut, self._cut_count = put_together(gap[~seen], _STEPS)
        self._time = float(gap.sum())
        self._cases = len(gap)

    def at(self, logit: float, log_delay: float, log_rate: float) -> tuple[float, Floats]:
        """Height, and [parameter] slope."""
        share, delay, rate = 1.0 / (1.0 + math.exp(-logit)), math.exp(log_delay), math.exp(log_rate)
        odds = share * (1.0 - share)

        past = self._seen / delay
        fading = np.exp(-past)
        left = 1.0 - share + share * fading
        density = share * fading / delay + rate * left
        cut_past = self._cut / delay
        cut_fading = np.exp(-cut_past)
        cut_left = 1.0 - share + share * cut_fading

        height = self._seen_count @ np.log(density) + self._cut_count @ np.log(cut_left) - rate * self._time
        by_share = (fading / delay + rate * (fading - 1.0)) / density
        by_delay = share * fading * ((past - 1.0) / delay + rate * past) / density
        slope = (
            odds * (self._seen_count @ by_share + self._cut_count @ ((cut_fading - 1.0) / cut_left)),
            self._seen_count @ by_delay + self._cut_count @ (share * cut_fading * cut_past / cut_left),
            self._seen_count @ (rate * left / density) - rate * self._time,
        )
        return float(height), np.array(slope)

    def by_chance_alone(self) -> float:
        """Height where nobody comes back: at the rate at which contacts were seen."""
        seen = float(self._seen_count.sum())
        return seen * math.log(seen / self._time) - seen

    def highest(self) -> tuple[tuple[float, float, float], float]:
        """Start from several delays; the best of what is found."""
        ended = float(self._seen_count.sum())
        share = min(max(0.8 * ended / self._cases, 0.01), 0.95)
        rate = 0.2 * ended / self._time
        start = [
            (math.log(share / (1.0 - share)), math.log(delay), math.log(rate))
            for delay in np.quantile(self._seen, (0.1, 0.3, 0.6))
        ]
        found = [self._climbed(each, None) for each in start]
        return max(found, key=lambda each: each[1])

    def figure(self, place: int, best: tuple[float, float, float], floor: float, confidence: float) -> Fitted:
        """One parameter with its interval."""
        back: Callable[[float], float] = (lambda x: 1.0 / (1.0 + math.exp(-x))) if place == 0 else math.exp
        low, high = (self._reach(place, best, floor, side) for side in (-1.0, 1.0))
        method = "maximum likelihood, joint profile interval"
        return Fitted(back(best[place]), back(low), back(high), self._cases, method, confidence)

    def _reach(self, place: int, best: tuple[float, float, float], floor: float, side: float) -> float:
        """Where the profile falls to the floor; as far as is looked if it does not."""
        from scipy import optimize  # slow to import

        at = best

        def beyond(value: float) -> float:
            nonlocal at
            moved = (*at[:place], value, *at[place + 1 :])
            at, height = self._climbed((moved[0], moved[1], moved[2]), place)
            return height - floor

        inside, step = best[place], 0.1 * side
        while abs(step) < 20.0:
            if beyond(best[place] + step) < 0.0:
                return float(optimize.brentq(beyond, inside, best[place] + step, xtol=1e-4))
            inside, step = best[place] + step, 2.0 * step
        return inside

    def _climbed(
        self, start: tuple[float, float, float], fixed: int | None
    ) -> tuple[tuple[float, float, float], float]:
        """Highest likelihood near a start, with one parameter fixed perhaps."""
        from scipy import optimize

        free = [k for k in range(3) if k != fixed]

        def whole(moved: Floats) -> tuple[float, float, float]:
            values = list(start)
            for k, value in zip(free, moved, strict=True):
                values[k] = min(max(float(value), -30.0), 30.0)
            return values[0], values[1], values[2]

        def loss(moved: Floats) -> tuple[float, Floats]:
            height, slope = self.at(*whole(moved))
            return -height / self._cases, -slope[free] / self._cases

        found = optimize.minimize(loss, np.array([start[k] for k in free]), jac=True, method="BFGS", tol=1e-7)
        return whole(found.x), -float(found.fun) * self._cases
