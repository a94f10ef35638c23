"""The least-cost staffing that keeps a goal, by simulation-based cuts.

How
---
From a staffing that is enough, the effect of one agent more or fewer in each interval on each target is estimated by
paired simulation (`gradient`). Each target of each period gives a cut: its slack as simulated plus these effects is
not negative. The integer programme of all cuts (`step`, solved by HiGHS) proposes the cheapest staffing near by, which
is played. If it misses a target, the cut of that target is moved to what was seen there, and the programme solved
again; if it keeps the goal and costs less, the search goes on from it, with new effects. The cut is moved by making
each change worth less, for the programme chooses among many estimates those that err on the good side. Steps are kept
short where that does not help (a trust region), and in the end agents are taken away and swapped one by one (`polish`).

Cuts of service levels are valid where service is concave in the number of agents, which it is not where it is poor. The
search therefore begins above the goal and stays near it, its cuts are only trusted near the staffing at which they were
made, and one that a staffing violates which keeps the goal is dropped.

What is guaranteed
------------------
The staffing that is returned keeps the goal on the replications that it was fitted on, if `kept` is true; that is
simulated, not inferred. How it fares on others is what `checked` tells. That it is the cheapest is not guaranteed: the
search is a heuristic, and the gap of a step is that of its programme, not of the problem. On small centres it is
compared with exhaustive search (`tests/test_cuts.py`).

Sources: Atlason, Epelman and Henderson, Optimizing call center staffing using simulation and analytic center
cutting-plane methods, Management Science 54 (2008); Cezik and L'Ecuyer, Staffing multiskill call centers via linear
programming and simulation, Management Science 54 (2008).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.fluid import first_staffings
from simulator.planning.staffing.goal import ROUNDING
from simulator.planning.staffing.gradient import Effects, Reach, effects, touched
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.slack import Slack, slack
from simulator.planning.staffing.step import Budget, next_step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from simulator.planning.staffing.evaluator import Evaluator, Played
    from simulator.planning.staffing.goal import Goal

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ATTEMPTS = 3
"""Programmes solved with the same effects at most."""
SECONDS_A_STEP = 6.0
"""For one programme, twice that for the first; it is stopped then, and what it has found is used."""
WORTH_GOING_ON = 1e-3
"""Of the cost, that a step has to save for the next to be as long."""
FEWEST_CHANGES = 4
"""A step that may change no more agents than that is left to the polish."""
FORGOTTEN = 0.5
"""Of what agents fewer have cost beyond their effects, what is still believed when it was too much."""
MISSED_PRICE = 5.0
"""What a contact short of its target is taken to cost while the search goes on, in prices of an agent for an interval.
It is some times what it costs to mend it; all is mended in the end."""
BEYOND = 0.4
"""Of what a target was missed by, how much more slack the next programme is to leave."""


_HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Tried:
    """A staffing, and how it fared."""

    played: Played
    slack: Slack
    cost: float

    @property
    def staffing(self) -> Ints:
        """[group, interval]."""
        return self.played.staffing


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a search, for whoever watches it."""

    seconds: float
    """Since the search began."""
    cost: float
    """Of the best staffing so far."""
    short: float
    """Contacts by which it misses the goal, all targets and periods together; 0 if it keeps it."""
    gap: float
    """Of the step's programme when HiGHS stopped."""


@dataclass(frozen=True)
class Search:
    """What a search needs to know; made once, for the cuts and the polish alike."""

    evaluator: Evaluator
    goal: Goal
    bounds: Bounds
    pay: Pay
    """As `Pay.for_search`: no group is free."""
    rough: Evaluator
    """Fewer of the same replications, from which effects are estimated."""
    reach: Reach
    budget: Budget | None
    ends: float
    """On the clock of `time.monotonic`."""
    price: float | None = None
    """What a contact short of its target counts for; None: what is missing comes before all cost."""
    margin: Floats | None = None
    """[row, first interval of a period] Contacts of slack to keep beyond the goal; None: none."""

    def tried(self, staffing: Ints) -> Tried:
        """Play a staffing."""
        return self.judge(self.evaluator.evaluate(staffing))

    def judge(self, played: Played) -> Tried:
        """What a played staffing is worth."""
        seen = slack(self.goal, played)
        if self.margin is not None:
            seen = replace(seen, value=seen.value - self.margin)
        return Tried(played, seen, self.pay.cost(played))

    def rank(self, tried: Tried) -> tuple[float, float]:
        """Least is best."""
        return self._rank(tried.slack.short, tried.cost)

    def _rank(self, short: float, cost: float) -> tuple[float, float]:
        return (short, cost) if self.price is None else (0.0, cost + self.price * short)

    def best_of(self, one: Tried, other: Tried, part: Ints | None = None) -> Tried:
        """The better of two, or what is made of the better parts of each, if that is better still.

        One part hardly touches the next; so a step that fails in one is not lost for the others.

        Parameters
        ----------
        part
            [interval] Its part, which is a day or lies within one; by default the day.
        """
        better, worse = sorted((one, other), key=self.rank)
        if "horizon" in self.goal.periods:
            return better
        day = self.evaluator.scenario.calendar.day_of_interval
        part = day if part is None else part
        of_better, of_worse = (self._by_part(each, part) for each in (better, worse))
        taken = np.array([mine > theirs for mine, theirs in zip(of_better, of_worse, strict=True)])
        if not taken.any() or taken.all():
            return better
        mixed = np.where(taken[part], worse.staffing, better.staffing)
        if not self.affords(mixed):
            return better
        return min(better, self.tried(mixed), key=self.rank)

    def missing_by_day(self, tried: Tried) -> Floats:
        """[day] What is missing, in contacts, of what is not judged by the interval."""
        day = self.evaluator.scenario.calendar.day_of_interval
        missing = np.maximum(-tried.slack.value - ROUNDING, 0.0)
        of_targets = len(missing) - len(self.goal.leftover)
        longer = ~tried.slack.by_the_interval
        short: Floats = np.bincount(day, missing[:of_targets][longer[:of_targets]].sum(axis=0)).astype(np.float64)
        short[-1] += missing[of_targets:].sum()  # what is left at the end
        return short

    def _by_part(self, tried: Tried, part: Ints) -> list[tuple[float, float]]:
        """What is missing and what it costs, part by part; what is missing of a whole day counts in all its parts."""
        day = self.evaluator.scenario.calendar.day_of_interval
        missing = np.maximum(-tried.slack.value - ROUNDING, 0.0)
        first = np.flatnonzero(np.diff(part, prepend=-1))
        short = np.bincount(part, missing[tried.slack.by_the_interval].sum(axis=0))
        of_both = short + self.missing_by_day(tried)[day[first]]
        overtime = tried.played.overtime.mean(axis=0) * self.pay.overtime_hour[:, None] / 3600.0
        cost = np.bincount(part, (self.pay.agent * tried.staffing + overtime).sum(axis=0))
        return [self._rank(*each) for each in zip(of_both.tolist(), cost.tolist(), strict=True)]

    @property
    def contact_price(self) -> float:
        """What a contact short of its target is taken to cost, while it may still be mended."""
        return MISSED_PRICE * float(np.median(self.pay.agent))

    def first(self, staffings: Sequence[Ints]) -> Tried:
        """Where to begin: of each day the staffing that promises most, what it costs and what it misses together."""
        of_each = [self.within_budget(staffing) for staffing in staffings]
        tried = [self.judge(played) for played in self.evaluator.evaluate_all(of_each)]
        day = self.evaluator.scenario.calendar.day_of_interval
        priced = replace(self, price=self.contact_price)
        promise = np.array([[sum(rank) for rank in priced._by_part(each, day)] for each in tried])
        chosen = promise.argmin(axis=0)[day]
        mixed = np.take_along_axis(np.array(of_each), chosen[None, None], axis=0)[0]
        return self.tried(self.within_budget(mixed))

    def effects_at(self, tried: Tried) -> Effects:
        """The effects of one agent more and one fewer."""
        base = tried.played.first(self.rough.replications)
        return effects(self.rough, self.goal, base, self.bounds, self.reach, self.pay)

    def affords(self, staffing: Ints) -> bool:
        """Whether a staffing keeps within the budget."""
        return self.budget is None or float(self.budget.price @ staffing.ravel()) <= self.budget.amount + 1e-9

    def within_budget(self, staffing: Ints) -> Ints:
        """The same staffing, or as large a part of it, group by group and interval by interval, as can be paid."""
        if self.affords(staffing):
            return staffing
        least = self.bounds.least
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            low, high = (middle, high) if self.affords(_part(least, staffing, middle)) else (low, middle)
        return _part(least, staffing, low)

    @property
    def seconds_left(self) -> float:
        """Until the time limit."""
        return self.ends - time.monotonic()


def _part(least: Ints, staffing: Ints, share: float) -> Ints:
    """The least, and this share of what is beyond it, rounded down."""
    part: Ints = least + np.floor(share * (staffing - least)).astype(np.int64)
    return part


def by_cuts(search: Search, start: Ints | None = None, on_stage: Callable[[Stage], None] = lambda _: None) -> Tried:
    """The best staffing that steps by cuts find, from a start (by default that of `fluid`)."""
    begun = time.monotonic()
    bounds, evaluator = search.bounds, search.evaluator
    if start is None:
        best = search.first(first_staffings(evaluator, bounds, search.pay, search.goal.leftover))
    else:
        best = search.tried(search.within_budget(bounds.within(start)))
    most_change, most = 2, np.inf
    disappointment = np.zeros(best.slack.value.size)
    while search.seconds_left > 0:
        was = best
        best, gap, changed, disappointment = _step_from(search, was, most_change, most, disappointment)
        on_stage(Stage(time.monotonic() - begun, best.cost, best.slack.short, gap))
        most_change = 1
        (missing, cost), (was_missing, was_cost) = search.rank(best), search.rank(was)
        if missing < was_missing or cost < (1.0 - WORTH_GOING_ON) * was_cost:
            most *= 2.0
        elif changed <= FEWEST_CHANGES:
            break
        else:
            most = max(min(most, changed) / 3.0, 1.0)
    return best


def _step_from(
    search: Search, at: Tried, most_change: int, most: float, disappointment: Floats
) -> tuple[Tried, float, float, Floats]:
    """A better staffing than this one, or itself.

    Beside it: the gap of the programme, how many agents it changed, and by how much changes have disappointed.
    """
    found = search.effects_at(at)
    touches = touched(search.evaluator.scenario, search.goal, search.reach, at.slack.period)
    constant = at.slack.value.ravel()
    staffing = at.staffing.ravel()
    room_up, room_down = search.bounds.most.ravel() - staffing, staffing - search.bounds.least.ravel()
    best, gap, changed = at, 0.0, 0.0
    for _ in range(ATTEMPTS):
        step = next_step(
            found,
            constant,
            disappointment,
            touches,
            room_up,
            room_down,
            most_change=most_change,
            changes_in_all=most,
            seconds=min(most_change * SECONDS_A_STEP, search.seconds_left),
            at=staffing,
            budget=search.budget,
        )
        gap = step.gap
        if not step.change.any():
            break
        changed = float(np.abs(step.change).sum())
        tried = search.tried((staffing + step.change).reshape(at.staffing.shape))
        best = search.best_of(best, tried)
        # The cuts pass through what was seen.
        less = step.slack - (tried.slack.value - at.slack.value).ravel()
        new = np.maximum(disappointment + less / np.maximum(step.fewer, 1.0), FORGOTTEN * disappointment)
        disappointment = np.where(step.fewer > 0, new, disappointment)
        if tried.slack.short == 0.0 or search.seconds_left <= 0:
            break
        constant = constant + BEYOND * np.minimum(tried.slack.value.ravel(), 0.0)
    return best, gap, changed, disappointment
