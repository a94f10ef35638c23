"""More agents where something is missing, until nothing is: how a search ends whose time has run out.

Cuts and polish weigh what agents cost, and where time is short they stop with a few hundredths of a contact missing
here and there. Then it is better to be kept than to be cheap: what is missing gets the agents that help it most for
their price, as the effects of one agent more have it, all is played again, and what still misses gets twice as many.

Guaranteed is that the result is no worse than the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from simulator.planning.staffing.goal import ROUNDING
from simulator.planning.staffing.gradient import touched

if TYPE_CHECKING:
    from simulator.planning.staffing.cuts import Search, Tried

MENDINGS = 24
"""Staffings that are played at most."""
AT_ONCE = 4
"""What is missing gets twice as many agents with every second staffing that does not help, but not more often."""
_LESS = 0.6
"""What the next agent in the same place helps, of what the one before did."""
_A_LITTLE = 1e-6
"""Contacts that an agent who serves a channel helps where no effect was seen."""


def mend(search: Search, at: Tried) -> Tried:
    """The staffing with more agents, as far as something is missing and bounds allow; not for searches on a budget."""
    if search.budget is not None or not at.slack.short > 0:
        return at
    effects = search.effects_at(at)
    serving = touched(search.evaluator.scenario, search.goal, search.reach, at.slack.period)
    gain = csr_array(effects.gain.maximum(0) + _A_LITTLE * serving)
    most, tries = search.bounds.most.ravel(), np.zeros(gain.shape[0], dtype=np.int64)
    best = now = at
    for _ in range(MENDINGS):
        expected = now.slack.value.ravel().copy()
        missing = np.flatnonzero(expected < -ROUNDING)
        tries[missing] += 1
        staffing = now.staffing.ravel().copy()
        for row in missing.tolist():
            part = slice(gain.indptr[row], gain.indptr[row + 1])
            cells, help_of = gain.indices[part], gain.data[part] / effects.price[gain.indices[part]]
            for _ in range(2 ** min(int(tries[row] - 1) // 2, AT_ONCE)):
                free = staffing[cells] < most[cells]
                # The first time effects are believed, later not.
                if not free.any() or (expected[row] >= 0 and tries[row] == 1):
                    break
                worth = help_of * _LESS ** (staffing[cells] - now.staffing.ravel()[cells])
                cell = int(cells[np.argmax(np.where(free, worth, -1.0))])
                staffing[cell] += 1
                one = np.zeros(len(staffing))
                one[cell] = 1.0
                expected += gain @ one
        if (staffing == now.staffing.ravel()).all():
            break
        now = search.tried(staffing.reshape(at.staffing.shape))
        best = min(best, now, key=search.rank)
        if not now.slack.short > 0:
            break
    return best
