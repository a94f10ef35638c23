"""What one more agent is worth, and which promises cost money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, kron

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.staffing.cuts import Search, Tried

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Worth:
    """Marginal values of a plan, estimated from paired simulation of one agent more and fewer near it.

    They are of small changes, and no more exact than the effects are.
    """

    contacts: Floats
    """[channel of the goal, group, interval] Contacts more that one more agent in the interval brings within the
    channel's target, beyond its share of any that come in addition: per replication, over the whole horizon."""
    saved: Floats
    """[group, interval] What one more agent there would let the plan save elsewhere, in the prices of `Pay`, its own
    price not taken off: by the shadow prices of the targets."""
    shadow: Floats
    """[channel of the goal, first interval of a period] What the plan costs for the last contact of a target: 0 where
    the target is no burden, and the plan would be the same without it."""

    @property
    def binding(self) -> Bools:
        """[channel of the goal, first interval of a period] Where the target makes the plan dearer."""
        return self.shadow > 0


def worth(search: Search, at: Tried) -> Worth:
    """The marginal values of a staffing that keeps its goal."""
    found = search.effects_at(at)
    groups, intervals = at.staffing.shape
    rows = len(at.slack.value)
    of_channels = len(search.goal.channels)
    over_time = csr_array(kron(eye_array(rows), np.ones((1, intervals))))
    gain = (over_time @ found.gain).toarray().reshape(rows, groups, intervals)[:of_channels]
    staffing = at.staffing.ravel()
    room = np.concatenate((search.bounds.most.ravel() - staffing, staffing - search.bounds.least.ravel()))
    lp = linprog(  # type: ignore[call-overload]  # its stubs know no sparse tables
        np.concatenate((found.price, -found.price)),
        A_ub=-hstack([found.gain, -found.loss], format="csr"),
        b_ub=np.maximum(at.slack.value.ravel(), 0.0),
        # Shifts may go on after hours, where nobody else would be planned.
        bounds=np.stack((np.zeros(len(room)), np.clip(room, 0.0, 1.0)), axis=1),
        method="highs",
    )
    prices = np.maximum(-lp.ineqlin.marginals, 0.0)
    saved = np.asarray(found.gain.T @ prices).reshape(groups, intervals)
    return Worth(gain, saved, prices.reshape(rows, intervals)[:of_channels])
