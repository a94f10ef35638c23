"""Integer programmes in parts that have nothing to do with each other, each solved by HiGHS in three steps."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from simulator.planning.highs import milp

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from scipy.optimize import OptimizeResult

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NEARLY = 1e-6
"""Share of an objective that two of them may differ by and be called the same; the solver is no more exact."""

_LEAST_SECONDS = 0.02
"""A solver that is asked to stop at once does not even begin."""


class Solution(NamedTuple):
    """What was found of a programme."""

    x: Floats
    """[variable]"""
    bound: float
    """No solution has a lower objective."""


class InfeasibleError(Exception):
    """There is no solution."""


class NothingFoundError(Exception):
    """There may be a solution, but none was found in time."""


@dataclass(frozen=True, eq=False)
class IntegerProgram:
    """Minimise cost x subject to least <= rows x <= most, 0 <= x <= upper, some x whole."""

    cost: Floats
    """[variable] One below 0 needs an end, in `upper` or a row."""
    whole: Ints
    """[variable] 1 for whole numbers."""
    upper: Floats
    """[variable]"""
    rows: csr_array
    """[row, variable]"""
    least: Floats
    """[row]"""
    most: Floats
    """[row]"""
    stage: Ints
    """[variable] Weeks, or other stages one after the other: where there are several, the first solution looked for is
    made stage by stage."""

    def solve(
        self, seconds: float, gap: float = 0.0, *, otherwise: Callable[[Floats], Floats | None] | None = None
    ) -> Solution:
        """Look for the optimum, part by part, in three steps each.

        First the linear relaxation, which is never cut short: its optimum is the first bound. Then whole numbers close
        to it, stage by stage, among which the solver soon finds good ones. What is left of the time goes into finding
        something better, or proving that there is nothing: the same programme with the demand that the objective be
        lower.

        Parameters
        ----------
        seconds
            By the clock, for all parts; each may take its share of what those before it have left.
        gap
            Share of the objective by which the solution may lie above the least.
        otherwise
            Makes a solution of that of the linear relaxation, for where the solver has found none in time, or a worse
            one.

        Raises
        ------
        InfeasibleError
            If there is no solution.
        NothingFoundError
            If none was found in time.
        """
        end = time.monotonic() + seconds
        empty = np.diff(self.rows.indptr) == 0
        if (self.least[empty] > 0).any() or (self.most[empty] < 0).any():
            raise InfeasibleError
        parts = self._parts()
        relaxed = [part.run() for _, part in parts]
        x, loose, missing = np.zeros(len(self.cost)), np.zeros(len(self.cost)), False
        for (variables, _), start in zip(parts, relaxed, strict=True):
            if start.x is None:
                raise InfeasibleError
            loose[variables] = start.x
        best, bound = _search_all([part for _, part in parts], relaxed, end, gap)
        for (variables, _), found in zip(parts, best, strict=True):
            if found is None:
                missing = True
            else:
                x[variables] = found
        if missing or not is_near(float(self.cost @ x), bound, gap):
            other = None if otherwise is None else otherwise(loose)
            if other is None and missing:
                raise NothingFoundError
            if other is not None and (missing or self.cost @ other < self.cost @ x):
                x = other
        return Solution(x, bound)

    def _search(self, relaxed: OptimizeResult, seconds: float, gap: float) -> tuple[Floats | None, float]:
        """The best solution found of a part, and a bound of its objective."""
        end = time.monotonic() + seconds
        bound = float(relaxed.fun)
        best = self._staged(relaxed.x, seconds / 2, gap)
        objective = np.inf if best is None else float(self.cost @ best)
        if best is not None and is_near(objective, bound, gap):
            return best, bound
        cutoff = np.inf if best is None else objective - max(gap, NEARLY / 2) * abs(objective)
        better = self.run(end - time.monotonic(), gap, cutoff=float(cutoff))
        if better.status == 2:
            if best is None:
                raise InfeasibleError
            return best, max(bound, float(cutoff))
        if better.mip_dual_bound is not None:
            bound = max(bound, min(float(better.mip_dual_bound), float(cutoff)))
        return best if better.x is None else better.x, bound

    def _staged(self, relaxed: Floats, seconds: float, gap: float) -> Floats | None:
        """A solution of whole numbers close to those of the linear relaxation, stage by stage; None if none is found.

        A stage takes what those before it have fixed as given, and asks of its rows what no later stage can add to:
        all that may not be passed, and of what must be given that which nobody later gives.
        """
        end = time.monotonic() + seconds
        stages = np.unique(self.stage)
        x = np.zeros(len(self.cost))
        columns = self.rows.tocsc()
        for number, stage in enumerate(stages.tolist()):
            own, later = np.flatnonzero(self.stage == stage), np.flatnonzero(self.stage > stage)
            rows = csr_array(columns[:, own])
            touched = np.flatnonzero(np.diff(rows.indptr))
            open_ = np.diff(csr_array(columns[:, later]).indptr)[touched] > 0
            given = (self.rows @ x)[touched]
            part = IntegerProgram(
                self.cost[own],
                self.whole[own],
                self.upper[own],
                rows[touched],
                np.where(open_, -np.inf, self.least[touched] - given),
                self.most[touched] - given,
                self.stage[own],
            )
            low, high = np.floor(relaxed[own] + NEARLY), np.minimum(np.ceil(relaxed[own] - NEARLY) + 1.0, part.upper)
            near = np.where(part.whole == 1, low, 0.0), np.where(part.whole == 1, high, part.upper)
            share = (end - time.monotonic()) / (len(stages) - number)
            found = part.run(share, gap, within=near)
            if found.x is None:
                return None
            x[own] = np.where(part.whole == 1, np.rint(found.x), found.x)
        return x

    def run(
        self,
        seconds: float | None = None,
        gap: float = 0.0,
        *,
        within: tuple[Floats, Floats] | None = None,
        cutoff: float = np.inf,
    ) -> OptimizeResult:
        """Run the solver; without a time limit on the linear relaxation."""
        low, high = (np.zeros(len(self.cost)), self.upper) if within is None else within
        rows, least, most = self.rows, self.least, self.most
        if cutoff < np.inf:
            rows = csr_array(vstack((rows, csr_array(self.cost[None, :]))))
            least, most = np.append(least, -np.inf), np.append(most, cutoff)
        bounds, constraints = Bounds(low, high), LinearConstraint(rows, lb=least, ub=most)
        if seconds is None:
            return milp(self.cost, bounds=bounds, constraints=constraints)
        return milp(
            self.cost,
            integrality=self.whole,
            bounds=bounds,
            constraints=constraints,
            options={"time_limit": max(seconds, _LEAST_SECONDS), "mip_rel_gap": gap},
        )

    def _parts(self) -> list[tuple[Ints, IntegerProgram]]:
        """The variables of each part, and the programme of them alone."""
        count_rows, count = self.rows.shape
        row = np.repeat(np.arange(count_rows), np.diff(self.rows.indptr))
        size = count_rows + count
        links = csr_array((np.ones(len(row)), (row, count_rows + self.rows.indices)), shape=(size, size))
        parts_found, label = connected_components(links, directed=False)
        label = label[count_rows:]
        columns = self.rows.tocsc()
        parts = []
        for part in range(parts_found):
            variables = np.flatnonzero(label == part)
            rows = csr_array(columns[:, variables])
            own = np.flatnonzero(np.diff(rows.indptr))
            if own.size:
                program = IntegerProgram(
                    self.cost[variables],
                    self.whole[variables],
                    self.upper[variables],
                    rows[own],
                    self.least[own],
                    self.most[own],
                    self.stage[variables],
                )
                parts.append((variables, program))
        return parts


def _search_all(
    parts: list[IntegerProgram], relaxed: list[OptimizeResult], end: float, gap: float
) -> tuple[list[Floats | None], float]:
    """The best solution found of each part until the clock shows `end`, and a bound of all of them together."""
    best: list[Floats | None] = [None] * len(parts)
    bounds = [float(start.fun) for start in relaxed]
    unsettled = list(range(len(parts)))
    for again in (False, True):  # what most parts leave of their time is for the few that need more
        searched, unsettled = unsettled, []
        for place, number in enumerate(searched):
            part, kept = parts[number], best[number]
            share = (end - time.monotonic()) / (len(searched) - place)
            if again and share <= _LEAST_SECONDS:
                break
            found, bound = part._search(relaxed[number], share, gap)
            bounds[number] = max(bounds[number], bound)
            if found is not None and (kept is None or part.cost @ found < part.cost @ kept):
                best[number] = kept = found
            if kept is None or not is_near(float(part.cost @ kept), bounds[number], gap):
                unsettled.append(number)
    return best, sum(bounds)


def is_near(objective: float, bound: float, gap: float = 0.0) -> bool:
    """Whether an objective is the least, or nearer to it than the gap."""
    return objective - bound <= max(gap, NEARLY) * max(1.0, abs(objective))
