"""One step of the search: the integer programme that cuts make of a plan.

From the staffing at which the effects were found, how many agents more and fewer in each cell cost least and keep all
cuts. A cut says that the slack of one target in one period, as it was seen, plus the effects of what is changed, is not
negative. Two agents fewer cost more slack than twice one does, and two more bring less: the second counts with a
factor. What no change can mend is left short, at a high price, so that there always is a solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds as Box
from scipy.optimize import LinearConstraint
from scipy.sparse import csr_array, eye_array, hstack

from simulator.planning.highs import milp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.staffing.gradient import Effects

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SECOND_MORE, SECOND_FEWER = 0.6, 1.8
"""What a second agent more brings, and a second one fewer costs, of what the first does."""
SHORT_PRICE = 200.0
"""Price of a contact short of its target, in prices of an agent for an interval: no target is ever sold."""
FRICTION = 0.03
"""Of an agent's price, what a change costs: effects are estimates, and nothing is changed for next to nothing."""
CLOSE_ENOUGH = 2e-4
"""Of the optimum of the programme, at which HiGHS stops."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a plan may take."""

    amount: float
    price: Floats
    """[cell] What an agent takes of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is changed."""

    change: Ints
    """[cell] Agents more, or fewer."""
    slack: Floats
    """[row and period] By how much the programme expects that to change the slack."""
    fewer: Floats
    """[row and period] How many agents fewer touch it."""
    gap: float
    """By how much a better step might be cheaper, as a share of the step's own objective; by HiGHS."""


def next_step(
    effects: Effects,
    constant: Floats,
    disappointment: Floats,
    touched: csr_array,
    room_up: Ints,
    room_down: Ints,
    *,
    most_change: int,
    changes_in_all: float,
    seconds: float,
    at: Ints,
    budget: Budget | None = None,
) -> Step:
    """Solve the programme.

    Parameters
    ----------
    constant
        [row and period] The slack if nothing is changed, as the cuts have it.
    disappointment
        [row and period] By how much each agent fewer costs more than its effect says, and each one more brings less: of
        many estimates, the programme takes those that err on the good side, and slack that nothing seems to touch ends
        at a cliff.
    touched
        [row and period, cell] 1 where an agent may matter, whether or not an effect was seen.
    room_up, room_down
        [cell] How many more and fewer there may be.
    most_change
        1 or 2: by how many agents a cell may change.
    changes_in_all
        By how many agents all of them together.
    seconds
        When HiGHS gives up and gives the best it has.
    at
        [cell] The staffing from which changes count.
    """
    levels = range(most_change)
    gain, loss = effects.gain, effects.loss
    more_lost = touched * disappointment[:, None]
    up = [lessened(gain * SECOND_MORE**level, disappointment) for level in levels]
    down = [csr_array(-(loss * SECOND_FEWER**level) - more_lost) for level in levels]
    cells = len(at)
    # What cannot fall short whatever is changed needs no row.
    worst = constant + sum(-_positive_sum(-part) for part in (*up, *down))
    rows = np.flatnonzero(worst < 0)
    table = hstack([*up, *down, eye_array(loss.shape[0])], format="csr")[rows]
    short = table.shape[1] - loss.shape[0]
    columns = np.concatenate((np.arange(short), short + rows))
    table = hstack([table[:, columns], csr_array((len(rows), 1))], format="csr")
    price = np.concatenate(
        (
            *[effects.price * (1.0 + FRICTION)] * most_change,
            *[effects.price * (FRICTION - 1.0)] * most_change,
            np.full(len(rows), SHORT_PRICE * float(np.median(effects.price))),
            [float(effects.price @ at)],  # what is there already, so that the gap is a share of the whole cost
        )
    )
    room = np.concatenate(
        (
            *(np.clip(room_up - level, 0, 1) for level in levels),
            *(np.clip(room_down - level, 0, 1) for level in levels),
            np.full(len(rows), np.inf),
            [1.0],
        )
    )
    changes = np.concatenate((np.ones(short), np.zeros(len(rows) + 1)))
    constraints = [LinearConstraint(table, -constant[rows], np.inf)]
    if np.isfinite(changes_in_all):
        constraints.append(LinearConstraint(csr_array(changes[None]), 0, changes_in_all))
    if budget is not None:
        taken = np.concatenate((*[budget.price] * most_change, *[-budget.price] * most_change, np.zeros(len(rows) + 1)))
        constraints.append(LinearConstraint(csr_array(taken[None]), -np.inf, budget.amount - float(budget.price @ at)))
    found = milp(
        price,
        integrality=changes,
        bounds=Box(np.where(np.arange(len(room)) < len(room) - 1, 0.0, 1.0), room),
        constraints=constraints,
        options={"time_limit": max(seconds, 0.5), "mip_rel_gap": CLOSE_ENOUGH},
    )
    if found.x is None:
        return Step(np.zeros(cells, dtype=np.int64), np.zeros(len(constant)), np.zeros(len(constant)), np.inf)
    parts = np.rint(found.x[:short]).astype(np.int64).reshape(2 * most_change, cells)
    change = parts[:most_change].sum(axis=0) - parts[most_change:].sum(axis=0)
    fewer = np.asarray(touched @ parts[most_change:].sum(axis=0).astype(np.float64))
    slack = np.asarray(hstack([*up, *down], format="csr") @ parts.ravel().astype(np.float64))
    return Step(change, slack, fewer, float(found.mip_gap or 0.0))


def lessened(gain: csr_array, by: Floats) -> csr_array:
    """Each gain less what is taken off in its row, but half of it at most: what is missing has to be mended somehow."""
    found = csr_array(gain, copy=True)
    taken = np.repeat(by, np.diff(found.indptr))
    found.data = np.where(found.data > 0, np.maximum(found.data - taken, 0.5 * found.data), found.data)
    return found


def _positive_sum(table: csr_array) -> Floats:
    """[row] Sum of the positive entries of each."""
    positive = table.copy()
    positive.data = np.maximum(positive.data, 0.0)
    return np.asarray(positive.sum(axis=1), dtype=np.float64).ravel()
