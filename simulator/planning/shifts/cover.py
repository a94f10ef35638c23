"""From a requirement to shifts: the cheapest that cover it and keep the rules, by integer programming (HiGHS).

    minimise    cost of shifts + price of what is short
    subject to  agents on duty + short >= requirement      in each interval of each group
                sum of weight x agents on duty >= least    for each cut
                places taken = shifts worked               for each break of each shift
                agents on duty <= most                     in each interval of each group
                the rules of the catalogue                 (`rules`)

**What is guaranteed.** `ShiftPlan.bound` is below the objective of every plan that keeps the rules, and where
`ShiftPlan.proven` holds the plan is one of the cheapest. Where a group has a number of heads, the plan comes with lines
of work (`lines`) of no more people than that: each of its rules is kept by each of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, get_args

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, vstack

from simulator.planning.shifts.integer_program import (
    InfeasibleError,
    IntegerProgram,
    NothingFoundError,
    Solution,
    is_near,
)
from simulator.planning.shifts.rules import Rule, limits_by_head, most_of_kinds, summed
from simulator.planning.shifts.shift_plan import ShiftPlan
from simulator.planning.shifts.stopgap import Rows, stopgap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from simulator.planning.shifts.near import Bend, Near
    from simulator.planning.shifts.possible import PossibleShifts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_MOST_NAMED = 5
"""Intervals that a refusal names."""
_SECONDS_FOR_REASONS = 20.0
"""That each look at why there is no plan may take."""
NO_CEILING = 1_000_000
"""Agents on duty of whom there may be any number."""
_MOST_STEPS = 20_000
"""Shifts that are added one by one."""


class Cut(NamedTuple):
    """A demand on the staffing as a whole: the sum of weight x agents on duty is at least so much."""

    weight: Floats
    """[group, interval]"""
    least: float


class UncoverableError(ValueError):
    """No shifts of the catalogue cover the requirement; `reasons` says what stands against it, in whole sentences."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class OutOfTimeError(RuntimeError):
    """No plan was found within the time limit."""


def cover(
    shifts: PossibleShifts,
    requirement: Ints | None = None,
    *,
    most: Ints | None = None,
    cuts: Iterable[Cut] = (),
    near: Near | None = None,
    price_of_short: float | None = None,
    time_limit: float = 60.0,
    gap: float = 0.0,
) -> ShiftPlan:
    """The shifts of least cost that cover a requirement.

    Parameters
    ----------
    requirement
        [group, interval] Agents on duty at least, net of shrinkage; None: only the cuts are to be kept.
    most
        [group, interval] Agents on duty at most; None: any number.
    cuts
        Further demands on the agents on duty.
    near
        What simulation says of staffings near one that was played. The objective then has the price of what is missing.
    price_of_short
        Of an agent-hour that the requirement lacks, in the scenario's currency; None: nothing may be short. Cuts are
        always kept.
    time_limit
        Seconds, by the clock; the best plan found by then is taken, and its `gap` says how far it may be from the
        least. The linear relaxation comes first and is not cut short, and the solver looks at the clock between its
        steps only, so that large programmes may take longer.
    gap
        Share of the objective by which the plan may lie above the least.

    Raises
    ------
    ValueError
        If the requirement or a cut is not of the scenario's shape, or a figure cannot be.
    UncoverableError
        If no shifts do it; names the intervals that cannot be covered, and the rules in the way.
    OutOfTimeError
        If no plan was found within the time limit.

    Notes
    -----
    A group whose hour costs nothing counts as if it cost 1, so that it is not sent for in vain; `ShiftPlan.cost` is
    the true one, `ShiftPlan.objective` is not.

    The rules of `rules` are necessary; where they are not sufficient, and the lines of work take more people than a
    group has, the plan is made again with fewer heads until they do not. Its bound stays that of the first, so that the
    gap says what this may have cost.
    """
    began = time.monotonic()
    shape = (len(shifts.scenario.groups), shifts.scenario.calendar.intervals)
    need = np.zeros(shape, dtype=np.int64) if requirement is None else np.asarray(requirement)
    ceiling = np.full(shape, NO_CEILING) if most is None else np.asarray(most)
    program = _Program(shifts, need, ceiling, tuple(cuts), near, price_of_short, {})
    _check(program, time_limit, gap)
    _refuse_what_no_shift_covers(program)
    fewer: dict[int, int] = {}
    bound: float | None = None
    while True:
        left = time_limit - (time.monotonic() - began)
        try:
            found = replace(program, fewer=fewer).solve(left, gap)
        except InfeasibleError:
            raise UncoverableError([_not_dealt_out(shifts, fewer)] if fewer else _reasons(program)) from None
        except NothingFoundError:
            msg = f"No plan of shifts was found within {time_limit:g} s; allow more time."
            raise OutOfTimeError(msg) from None
        bound = found.bound if bound is None else bound
        plan = program.plan(found.x, bound, time.monotonic() - began)
        more = {
            group: plan.lines[group].heads - rules.heads
            for group, rules in shifts.rules.items()
            if rules.heads is not None and plan.lines[group].heads > rules.heads
        }
        if not more:
            return plan
        fewer = {group: fewer.get(group, 0) + (group in more) for group in {*fewer, *more}}


@dataclass(frozen=True, eq=False)
class _Program:
    """The integer programme: a variable for each shift, each place of a break, and each cell that may be short."""

    shifts: PossibleShifts
    need: Ints
    ceiling: Ints
    cuts: tuple[Cut, ...]
    near: Near | None
    price_of_short: float | None
    fewer: dict[int, int]
    """Heads by which a group is taken to be smaller than it is."""
    without: Rule | None = None
    """A rule that is left out, to see whether it is in the way."""
    only_short: bool = False
    """Whether nothing but what is short is minimised."""

    @property
    def columns(self) -> int:
        return len(self.shifts) + self.shifts.places

    @property
    def cells(self) -> Ints:
        """Where somebody is needed, by number: group x interval."""
        return np.flatnonzero(self.need.ravel() > 0)

    def solve(self, seconds: float, gap: float = 0.0) -> Solution:
        """Solve it; raises as `IntegerProgram.solve`.

        Variables of what is short are never asked to be whole, and are in the end.
        """
        short = self.short_columns
        columns = self.columns
        rows = self.rows()
        breaks = self._breaks()
        none = np.zeros(breaks.shape[0])
        # The eve belongs to the first week.
        week = np.maximum(np.concatenate((self.shifts.week, self.shifts.week[self.shifts.break_shift])), 0)
        lacking = csr_array(eye_array(len(rows.least), short))
        program = IntegerProgram(
            cost=np.concatenate(
                (np.zeros(columns) if self.only_short else self.price(), np.full(short, self._short()))
            ),
            whole=np.repeat([1, 0], [columns, short]),
            upper=np.concatenate((np.full(columns, np.inf), self.need.ravel()[self.cells[:short]])),
            rows=csr_array(
                vstack((hstack((rows.gives, lacking)), _widened(breaks, short), _widened(rows.takes, short)))
            ),
            least=np.concatenate((rows.least, none, np.full(len(rows.most), -np.inf))),
            most=np.concatenate((np.full(len(rows.least), np.inf), none, rows.most)),
            stage=np.concatenate((week, np.full(short, week.max(initial=0)))),
        )
        bend = self.bend()
        if bend is not None:
            program = _bent(program, bend, self._week_of_cell())
        return program.solve(seconds, gap, otherwise=self.stopgap)

    @property
    def short_columns(self) -> int:
        """How many cells may be short."""
        return 0 if self.price_of_short is None and not self.only_short else len(self.cells)

    def bend(self) -> Bend | None:
        """What simulation adds; nothing where only what is short matters."""
        return None if self.near is None or self.only_short else self.near.bend(self.shifts.gives)

    def _week_of_cell(self) -> Ints:
        """[cell] The week of its interval."""
        calendar = self.shifts.scenario.calendar
        week = (calendar.day_of_interval + calendar.start.weekday()) // 7
        return np.tile(week, len(self.shifts.scenario.groups))

    def stopgap(self, relaxed: Floats) -> Floats | None:
        """A solution without a search, from that of the linear relaxation; None if there is none so easily."""
        if self.near is not None:
            return None
        lacking = relaxed[self.columns :]
        if lacking.size:
            nobody = np.zeros(self.columns)
            least = self.rows().least
            return None if self.cuts else np.concatenate((nobody, least))
        return stopgap(self.shifts, self.price(), self.rows(), relaxed, _MOST_STEPS)

    def price(self) -> Floats:
        """[column] What is minimised: the cost, with the paid hours of groups that cost nothing at 1 each."""
        shifts = self.shifts
        group = np.concatenate((shifts.group, shifts.group[shifts.break_shift]))
        free = np.array([each.cost_per_hour == 0 for each in shifts.scenario.groups])
        shrinkage = np.array([each.shrinkage for each in shifts.scenario.groups])
        return np.where(free[group], shifts.paid / 3600.0 / (1.0 - shrinkage[group]), shifts.cost)

    def plan(self, x: Floats, bound: float, seconds: float) -> ShiftPlan:
        """The plan of a solution, its objective worked out anew from whole numbers."""
        whole = np.rint(x[: self.columns]).astype(np.int64)
        plan = ShiftPlan(
            shifts=self.shifts,
            requirement=self.need,
            count=whole[: len(self.shifts)],
            placed=whole[len(self.shifts) :],
            objective=0.0,
            bound=0.0,
            seconds=seconds,
        )
        objective = float(self.price() @ whole) + self._short() * float(plan.short.sum())
        bend = self.bend()
        if bend is not None:
            objective += float(bend.cost @ x[self.columns + self.short_columns :])
        return replace(plan, objective=objective, bound=objective if is_near(objective, bound) else bound)

    def _short(self) -> float:
        """Price of an agent who is missing for an interval."""
        if self.only_short:
            return 1.0
        return (self.price_of_short or 0.0) * self.shifts.scenario.calendar.interval / 3600.0

    def rows(self) -> Rows:
        """What the shifts must give, to the requirement first and then to the cuts, and the rules."""
        shifts, cells, columns = self.shifts, self.cells, self.columns
        gives = [shifts.gives[cells]]
        if self.cuts:
            gives.append(csr_array(np.array([each.weight.ravel() for each in self.cuts])) @ shifts.gives)
        least = np.concatenate((self.need.ravel()[cells], [each.least for each in self.cuts]))
        limits = [each for each in most_of_kinds(shifts) if self.without != each.rule]
        most = [each.per_head for each in limits]
        for rules in shifts.catalogue.groups:
            if rules.heads is not None:
                heads = rules.heads - self.fewer.get(rules.group, 0)
                own = [each for each in limits_by_head(shifts, rules) if self.without != each.rule]
                limits += own
                most += [each.per_head * heads for each in own]
        capped = np.flatnonzero((self.ceiling < NO_CEILING).ravel() & (self.without != "maximum"))
        takes = csr_array(vstack((summed(limits, columns), shifts.gives[capped])))
        return Rows(csr_array(vstack(gives)), least, takes, np.append(most, self.ceiling.ravel()[capped]))

    def _breaks(self) -> csr_array:
        """[break of a shift, column] Places taken less shifts worked."""
        shifts = self.shifts
        pairs = np.stack((shifts.break_shift, shifts.break_number))
        (owner, _), row = np.unique(pairs, axis=1, return_inverse=True)
        places = np.arange(shifts.places) + len(shifts)
        value = np.concatenate((np.ones(len(places)), -np.ones(len(owner))))
        row = np.concatenate((row, np.arange(len(owner))))
        column = np.concatenate((places, owner))
        return csr_array((value, (row, column)), shape=(len(owner), self.columns))


def _bent(program: IntegerProgram, bend: Bend, week_of_cell: Ints) -> IntegerProgram:
    """A programme with the columns and rows of what simulation says beside its own."""
    own = len(bend.cost)
    between = len(program.cost) - bend.over_shifts.shape[1]
    last = program.stage.max(initial=0)
    return IntegerProgram(
        cost=np.concatenate((program.cost, bend.cost)),
        whole=np.concatenate((program.whole, np.zeros(own, dtype=np.int64))),
        upper=np.concatenate((program.upper, bend.upper)),
        rows=csr_array(
            vstack((_widened(program.rows, own), hstack((_widened(bend.over_shifts, between), bend.over_own))))
        ),
        least=np.concatenate((program.least, bend.least)),
        most=np.concatenate((program.most, bend.most)),
        stage=np.concatenate((program.stage, np.where(bend.cell < 0, last, week_of_cell[bend.cell]))),
    )


def _widened(matrix: csr_array, columns: int) -> csr_array:
    """The rows, with so many columns more that they do not touch."""
    return csr_array((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], matrix.shape[1] + columns))


def _check(program: _Program, time_limit: float, gap: float) -> None:
    shifts, need = program.shifts, program.need
    shape = (len(shifts.scenario.groups), shifts.scenario.calendar.intervals)
    if need.shape != shape or need.dtype.kind not in "iu" or (need < 0).any():
        msg = f"The requirement must be whole numbers of 0 or more of shape {shape}, by group and interval."
        raise ValueError(msg)
    for number, cut in enumerate(program.cuts, 1):
        if np.shape(cut.weight) != shape or not np.isfinite(cut.weight).all() or not np.isfinite(cut.least):
            msg = f"Cut {number} must have finite weights of shape {shape}, by group and interval."
            raise ValueError(msg)
    if program.ceiling.shape != shape or (program.ceiling < need).any():
        msg = f"The most agents must be of shape {shape}, by group and interval, and no fewer than are required."
        raise ValueError(msg)
    price = program.price_of_short
    if price is not None and not 0 < price < np.inf:
        msg = f"{price} is not a price of an agent-hour that is short: it must be above 0."
        raise ValueError(msg)
    if not time_limit > 0 or not 0 <= gap < 1:
        msg = f"A time limit of {time_limit} s and a gap of {gap} are not allowed: above 0, and from 0 to below 1."
        raise ValueError(msg)


def _refuse_what_no_shift_covers(program: _Program) -> None:
    """Name what is wanted at times at which nobody can come, the first reason that there is."""
    if program.price_of_short is not None:
        return
    covered = (program.shifts.gives > 0).sum(axis=1) > 0
    bare = program.cells[~np.asarray(covered).ravel()[program.cells]]
    if bare.size:
        raise UncoverableError([f"No shift covers {_named(program.shifts, bare)}."])


def _reasons(program: _Program) -> list[str]:
    """Why there is no plan: what stays short, and which rule would have to go."""
    least = replace(program, only_short=True)
    try:
        found = least.solve(_SECONDS_FOR_REASONS)
    except (InfeasibleError, NothingFoundError):
        return ["The cuts ask for more than the shifts of the catalogue can give within its rules."]
    where = program.cells[found.x[program.columns :] > 0.5]
    reasons = [f"Within the rules of the catalogue there are too few shifts for {_named(program.shifts, where)}."]
    rules = [rule for rule in get_args(Rule) if rule != "maximum" or (program.ceiling < NO_CEILING).any()]
    freed = [rule for rule in rules if _is_in_the_way(least, rule)]
    if freed:
        reasons.append(f"Without {' or without '.join(freed)} it could be done.")
    else:
        reasons.append("No single rule is in the way: more heads are needed, or shifts at other times.")
    return reasons


def _is_in_the_way(program: _Program, rule: Rule) -> bool:
    """Whether nothing would be short without a rule."""
    try:
        found = replace(program, without=rule).solve(_SECONDS_FOR_REASONS)
    except (InfeasibleError, NothingFoundError):
        return False
    return not (found.x[program.columns :] > 0.5).any()


def _not_dealt_out(shifts: PossibleShifts, fewer: dict[int, int]) -> str:
    groups = ", ".join(shifts.scenario.groups[group].title for group in fewer)
    return (
        f"The shifts could be counted out, but not be dealt out to the heads of {groups} so that each person keeps the "
        "rest and the hours of the week; one head more, or a looser rule, may do."
    )


def _named(shifts: PossibleShifts, cells: Ints) -> str:
    """Groups and intervals in words: the first few, and how many more there are."""
    groups, calendar = shifts.scenario.groups, shifts.scenario.calendar
    first = [divmod(cell, calendar.intervals) for cell in cells[:_MOST_NAMED].tolist()]
    text = ", ".join(f"{groups[g].title} {calendar.label(i)}" for g, i in first)
    rest = len(cells) - len(first)
    return f"{text} and {rest} more intervals" if rest > 1 else f"{text} and one more interval" if rest else text
