"""Plans that the desk searches for: one at a time behind the pages' backs, and kept by what they are of.

A search goes on while its session looks at other pages; it ends when it has found a plan, at its time limit, or when
everybody who asked for it has stopped it. It takes half of the processors, so that others are answered meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulator.experiment import usable_processors
from simulator.planning import require
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.burdens import one_more
from simulator.planning.staffing.plan import FRESH, Plan
from simulator.ui.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Hashable

    from simulator.planning import Goal, Requirement
    from simulator.planning.staffing.blocked import Blocked
    from simulator.planning.staffing.burdens import OneMore
    from simulator.planning.staffing.cuts import Stage
    from simulator.scenario import Scenario

MOST_BYTES = 1 << 28
"""Of plans kept, each with the sums of two experiments; the last one is kept in any case."""

State = Literal["waiting", "searching", "checking", "found", "refused", "stopped"]


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


class Search:
    """A search for a plan, as whoever watches it sees it."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.begun: float | None = None
        """On the clock of `time.monotonic`; None while others are searching."""
        self.stage: Stage | None = None
        self.checks = False
        self.answer: Answer | None = None
        self.error: Exception | None = None
        self.asked_by = 1
        self._stopped = threading.Event()
        self._ended = threading.Event()

    @property
    def state(self) -> State:
        """How far it is."""
        if self.answer is not None:
            return "found"
        if self.error is not None:
            return "refused"
        if self._stopped.is_set():
            return "stopped"
        if self.begun is None:
            return "waiting"
        return "checking" if self.checks else "searching"

    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("found", "refused", "stopped")

    @property
    def seconds(self) -> float:
        """Since it began."""
        return 0.0 if self.begun is None else time.monotonic() - self.begun

    def wait(self, seconds: float) -> None:
        """Until it has ended, or as long as that."""
        self._ended.wait(seconds)

    def stop(self) -> None:
        """Want it no longer; it stops if nobody else does, at the next step."""
        self.asked_by -= 1
        if self.asked_by <= 0:
            self._stopped.set()

    def forget(self) -> None:
        """Keep the answer no longer, for whoever still looks at it must ask again."""
        self._stopped.set()
        self.answer = None

    def run(self, turns: Turns) -> None:
        """Search; in a thread of its own."""
        try:
            with turns.turn():
                self._go_on()
                self.begun = time.monotonic()
                self.answer = self._searched()
        except _Stopped:
            pass
        except Exception as error:  # whoever watches is told, and raises it if it is no refusal
            self.error = error
        finally:
            self._ended.set()

    def _searched(self) -> Answer:
        asked = self.question
        # One of two is left to those who move sliders meanwhile.
        workers = max(usable_processors() // 2, 1)
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

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise _Stopped


class _Stopped(Exception):  # noqa: N818  nothing went wrong
    """Nobody wants the plan any longer."""


class Plans:
    """Searches of all sessions; whoever asks the same joins the one that there is."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._turns = Turns()
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Search] = OrderedDict()

    def search(self, question: Question) -> Search:
        """The search for an answer: one that has ended or is under way, or a new one."""
        with self._lock:
            search = self._lasting(question)
            if search is not None:
                search.asked_by += not search.is_over()
                return search
            search = self._known[question.key] = Search(question)
        threading.Thread(target=self._run, args=(search,), name="plan", daemon=True).start()
        return search

    def found(self, question: Question) -> Search | None:
        """The search that has found an answer."""
        with self._lock:
            search = self._lasting(question)
        return search if search is not None and search.state == "found" else None

    def _run(self, search: Search) -> None:
        """Search, and keep as many of the others as there is room for."""
        search.run(self._turns)
        with self._lock:
            found = {key: each.answer.nbytes for key, each in self._known.items() if each.answer is not None}
            taken = sum(found.values())
            for key, nbytes in found.items():
                if taken <= self.most_bytes:
                    break
                if self._known[key] is not search:
                    self._known.pop(key).forget()
                    taken -= nbytes
            self._known = OrderedDict(
                (key, each) for key, each in self._known.items() if each.state not in ("refused", "stopped")
            )

    def _lasting(self, question: Question) -> Search | None:
        """The search that is known, unless it was stopped or failed."""
        search = self._known.get(question.key)
        if search is None or search.state in ("refused", "stopped"):
            return None
        self._known.move_to_end(question.key)
        return search
