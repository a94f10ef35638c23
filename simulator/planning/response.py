"""How the share within a target answers to agents, and the fewest agents for a share: interval by interval.

In every interval the share is taken to be a normal distribution function of the agents, as it nearly is in queues with
many agents; its width is the formula's and its place is moved to go through what a simulation has shown. That is the
step from one staffing to the next (as Feldman, Mandelbaum, Massey and Whitt, Staffing of time-varying queues to achieve
time-stable performance, Management Science 54, 2008, take the simulated number in system for it). What the curve says
is never taken for true: the next staffing is played again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.quantiles import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_TELLING = 0.02
"""Shares nearer to 0 or to 1 than this do not tell where the curve is, only that it is further away."""
_ROUNDING = 1e-9
"""Contacts."""
_REACH = 5.0
"""Normal scores at which the share is as good as 1."""


@dataclass(frozen=True, slots=True)
class Response:
    """A curve for each interval of one queue."""

    centre: Floats
    """[interval] Agents with whom half of the contacts are within the target."""
    width: Floats
    """[interval] Agents for one normal score."""
    judged: Floats
    """[interval] Contacts that the target judges; 0 where the curve says nothing."""

    @classmethod
    def through(cls, agents: Ints, share: float, width: Floats, judged: Floats) -> Response:
        """Curves by which these agents [interval] meet this share."""
        return cls(agents - width * _score(np.array([share]))[0], width, judged)

    def seen(self, agents: Ints, met: Floats, judged: Floats) -> Response:
        """The curves moved to go through what was seen [interval] with these agents."""
        share = np.divide(met, judged, out=np.full(len(met), 0.5), where=judged > 0)
        told = np.clip(share, _TELLING, 1.0 - _TELLING)
        centre = agents - self.width * normal_quantile(told)
        centre = np.where(share < _TELLING, np.maximum(self.centre, centre), centre)
        centre = np.where(share > 1.0 - _TELLING, np.minimum(self.centre, centre), centre)
        return replace(self, centre=np.where(judged > 0, centre, self.centre), judged=judged)

    def share(self, agents: Ints | Floats) -> Floats:
        """[interval] What the curves say."""
        from scipy import special  # slow to import, and only planning needs it

        return np.asarray(special.ndtr((agents - self.centre) / self.width))

    def agents(self, share: float) -> Floats:
        """[interval] Agents for this share, not in whole numbers; 0 where nobody is judged or none are needed."""
        needed = self.centre + self.width * _score(np.array([share]))[0]
        return np.where(self.judged > 0, np.maximum(needed, 0.0), 0.0)

    def fewest(self, share: Floats, first: Ints, least: Ints) -> Ints:
        """[interval] Fewest agents such that this share [period] of the contacts of each period is within the target.

        In a period of several intervals agents go where they are worth most. An interval of its own gets the exact
        least number that the curve asks for, longer periods nearly so.

        Parameters
        ----------
        first
            [period] First interval of each.
        least
            [interval] Agents at least.
        """
        agents = least.copy()
        last = np.append(first[1:], len(least))
        most = int(np.max(np.where(self.judged > 0, self.centre + _REACH * self.width, 0.0), initial=0.0))
        numbers = np.arange(max(most, int(least.max(initial=0))) + 2)
        for begin, end, wanted in zip(first.tolist(), last.tolist(), share.tolist(), strict=True):
            part = slice(begin, end)
            if self.judged[part].any():
                curves = replace(self, **{name: getattr(self, name)[part, None] for name in self.__slots__})
                met = curves.judged * curves.share(numbers)
                agents[part] = _fewest(met, least[part], wanted * float(self.judged[part].sum()))
        return agents


def _fewest(met: Floats, least: Ints, needed: float) -> Ints:
    """[interval] Fewest agents so that `met` [interval, agents], which rises with them, sums up to `needed`.

    Agents first go to intervals in lots that are worth most for each agent (the concave hulls of the curves), until it
    is enough; then those are taken away again who are worth least, as long as it stays enough.
    """
    agents = least.copy()
    rows = np.arange(len(met))
    worth = np.full(met.shape, -np.inf)
    lot = np.zeros(len(met), dtype=np.int64)
    for i, begin in enumerate(least.tolist()):
        rise = met[i, begin + 1 :] - met[i, begin]
        mean = rise / np.arange(1, len(rise) + 1)
        lot[i] = begin + 1 + int(np.argmax(mean))
        worth[i, begin + 1 : lot[i] + 1] = mean.max()
        worth[i, lot[i] + 1 :] = np.diff(met[i, lot[i] :])
    interval, number = np.unravel_index(np.argsort(-worth, axis=None, kind="stable"), worth.shape)
    total = float(met[rows, agents].sum())
    for i, n in zip(interval.tolist(), number.tolist(), strict=True):
        if total >= needed - _ROUNDING or worth[i, n] <= 0.0:
            break
        if n > agents[i]:
            goes_to = max(n, int(lot[i]))
            total += float(met[i, goes_to] - met[i, agents[i]])
            agents[i] = goes_to
    while True:
        harm = np.where(agents > least, met[rows, agents] - met[rows, agents - 1], np.inf)
        i = int(np.argmin(harm))
        if not total - harm[i] >= needed - _ROUNDING:
            return agents
        total -= float(harm[i])
        agents[i] -= 1


def _score(share: Floats) -> Floats:
    """Normal scores of shares, 0 and 1 taken as near to them."""
    return normal_quantile(np.clip(share, 1e-6, 1.0 - 1e-6))
