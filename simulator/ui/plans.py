"""Plans that the desk searches for: errands that end when they have found a plan, or at their time limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.planning import require
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.burdens import one_more
from simulator.planning.staffing.plan import FRESH, Plan
from simulator.ui.errands import Errand, Errands, half_of_the_processors

if TYPE_CHECKING:
    from collections.abc import Hashable

    from simulator.planning import Goal, Requirement
    from simulator.planning.staffing.blocked import Blocked
    from simulator.planning.staffing.burdens import OneMore
    from simulator.planning.staffing.cuts import Stage
    from simulator.scenario import Scenario
    from simulator.ui.turns import Turns

MOST_BYTES = 1 << 28
"""Of plans kept, each with the sums of two experiments; the last one is kept in any case."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a plan is searched for."""

    scenario: Scenario
    goal: Goal
    maximum: tuple[tuple[str, int], ...]
    """Group and its agents at most."""
    hours: float | None
    money: float | None
    """Most paid hours, or most money, of the planned agents; None: as much as it takes."""
    replications: int
    time_limit: float
    """Seconds."""

    @property
    def has_budget(self) -> bool:
        """Whether the best service for so much is asked for, and not the least cost."""
        return self.hours is not None or self.money is not None

    @property
    def key(self) -> Hashable:
        """All that the answer follows from, the speed of the machine apart."""
        of = self.scenario
        asked = (self.goal, self.maximum, self.hours, self.money, self.replications, self.time_limit)
        return (of.content_hash, of.seed, *asked)


@dataclass(frozen=True, eq=False)
class Answer:
    """The plan that was found; the customers that it was fitted to are let go."""

    plan: Plan
    kept: bool
    """Whether the goal is kept on the customers that it was fitted to."""
    blocked: tuple[Blocked, ...]
    one_more: OneMore
    """What one more agent would bring, by the hour; estimated where the plan was fitted."""
    seconds: float

    @property
    def nbytes(self) -> int:
        """Bytes of memory that its experiments take."""
        return sum(side.experiment.nbytes for side in (self.plan.planned, self.plan.today))


class Search(Errand[Question, Answer]):
    """A search for a plan, as whoever watches it sees it."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.stage: Stage | None = None
        self.checks = False
        """Whether the plan has been found, and is held against fresh customers."""

    def _done(self) -> Answer:
        asked = self.question
        workers = half_of_the_processors()
        found: Requirement = require(
            asked.scenario,
            asked.goal,
            replications=asked.replications,
            workers=workers,
            maximum=dict(asked.maximum),
            hours=asked.hours,
            money=asked.money,
            time_limit=asked.time_limit,
            on_stage=self._saw,
        )
        self._go_on()
        self.checks = True
        plan = Plan.checked(
            asked.scenario,
            asked.goal,
            found.staffing,
            replications=asked.replications,
            seed=asked.scenario.seed + FRESH,
            workers=workers,
        )
        self._go_on()
        may_be = Bounds.of(asked.scenario, asked.goal, dict(asked.maximum)).on_duty
        more = one_more(found.worth, asked.scenario, found.pay, may_be)
        plan.freedom  # noqa: B018  worked out here, not while a page is shown
        return Answer(plan, found.kept, found.blocked, more, self.seconds)

    def _saw(self, stage: Stage) -> None:
        self._go_on()
        self.stage = stage


class Plans(Errands[Question, Search]):
    """Searches of all sessions."""

    def __init__(self, most_bytes: int = MOST_BYTES, turns: Turns | None = None) -> None:
        super().__init__(Search, "plan", most_bytes, turns)
