"""What of a batch is given out next: small cases in stretches, large ones by chunks of their replications.

How much is given out at once follows from how long things have taken so far. No result depends on that: a row of a
replication is the same wherever it is made, and a case is summed up from all of its rows together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.batch.play import CaseUnderWay, Done, Order, Played, ScenarioChangedError, Task, failed
from simulator.experiment.experiment import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.batch.batch import Batch
    from simulator.batch.readings import Room

LONGEST, SHORTEST = 1.0, 0.05
"""Seconds of work in a task. Long ones share what is drawn and prepared; short ones end together."""
LONGEST_ALIKE = 8.0
"""Seconds of work in a task whose cases all meet the same customers: whoever else plays one has to draw them anew."""
SHARES = 3
"""Tasks for each worker into which what is left of a batch is cut at least, while they are not too short."""
UNKNOWN = 10
"""Replications given out at once while nobody knows how long one takes."""


@dataclass(slots=True)
class Pace:
    """How long work has taken."""

    replication: float | None = None
    """Seconds for one."""
    case: float = 0.0
    """Seconds for a case besides its replications."""
    replications: float = 1.0
    """Of a case."""

    def tell(self, task: Task, done: Done) -> None:
        """Learn from a task that has been done. The first of a process does not count, as it loads and compiles."""
        if not done.warm or not done.replications:
            return
        self.replication = done.playing / done.replications
        if task.span is None:
            self.replications = done.replications / len(task.orders)
        if task.span is None or not self.case:
            self.case = (done.seconds - done.playing) / len(task.orders)

    @property
    def of_case(self) -> float | None:
        """Seconds for a case; None while nobody knows."""
        return None if self.replication is None else self.case + self.replication * self.replications


class Handout:
    """Gives out the cases of a batch, and puts together what comes back.

    Parameters
    ----------
    orders
        Those that are to be played; they are asked for as they are given out.
    count
        How many these are.
    room
        For rows of cases of which some are still to come.
    """

    def __init__(self, batch: Batch, orders: Iterator[Order], count: int, room: Room) -> None:
        self._batch = batch
        self._orders = orders
        self._coming: Order | None = next(orders, None)
        self._left = count
        self._room = room
        self._pace = Pace()
        self._under_way: dict[int, CaseUnderWay] = {}

    def next_task(self, workers: int) -> Task | None:
        """What the next of so many workers is to do; none if nothing is left but to wait.

        Raises
        ------
        ScenarioChangedError
            If a scenario file has changed since the batch was read.
        """
        for case in self._under_way.values():
            span = case.next_span(self._chunk(workers), BATCH * workers)
            if span is not None:
                return Task((case.order,), span)
        if self._coming is None:
            return None
        whole = self._pace.of_case
        if whole is not None and whole <= 1.5 * self._share(workers, LONGEST):
            most, alike = (max(round(self._share(workers, longest) / whole), 1) for longest in (LONGEST, LONGEST_ALIKE))
            return Task(tuple(self._stretch(most, alike)))
        if whole is None and self._is_short(self._coming):
            return Task(tuple(self._stretch(1, 1)))
        return self._begun(self._taken(), workers)

    def take(self, task: Task, done: Done) -> list[Played]:
        """The cases that are played now that a task has been done.

        Raises
        ------
        OSError
            If there is no room for what came of it.
        """
        self._pace.tell(task, done)
        if task.span is None:
            return list(done.played)
        number = task.orders[0].case.number
        case = self._under_way.get(number)
        if case is None:  # it has failed, or was precise enough without this
            return []
        case.seconds += done.seconds
        case.add(task.span, done.rows, done.error)
        if not case.is_over:
            return []
        del self._under_way[number]
        return [case.played()]

    def give_up(self, task: Task, error: str) -> list[Played]:
        """The cases of a task that nobody can do, as failed."""
        played = []
        for order in task.orders:
            case = self._under_way.pop(order.case.number, None)
            if case is not None:
                case.close()
            if task.span is None or case is not None:
                played.append(failed(order.case, error))
        return played

    def close(self) -> None:
        """Let go of the cases under way."""
        for case in self._under_way.values():
            case.close()
        self._under_way.clear()

    def _share(self, workers: int, longest: float) -> float:
        """Seconds of work for a task: less towards the end, so that all workers end together."""
        left = self._left * (self._pace.of_case or 0.0)
        return min(max(left / (SHARES * workers), SHORTEST), longest)

    def _chunk(self, workers: int) -> int:
        """Replications for a task."""
        if self._pace.replication is None:
            return UNKNOWN
        chunk = max(int(self._share(workers, LONGEST) / max(self._pace.replication, 1e-6)), 1)
        left = sum(case.left for case in self._under_way.values())
        return max(min(chunk, -(-left // (SHARES * workers)) if not self._left else chunk), 1)

    def _is_short(self, order: Order) -> bool:
        settings = order.settings
        return settings.until is None and settings.replications is not None and settings.replications <= UNKNOWN

    def _begun(self, order: Order, workers: int) -> Task:
        """The first chunk of a case, or all of it if that is not more or it cannot be begun."""
        try:
            case = CaseUnderWay(order, self._room)
        except ScenarioChangedError:
            raise
        except Exception:  # whoever is given it will say so
            return Task((order,))
        self._pace.replications = case.wanted
        self._under_way[order.case.number] = case
        span = case.next_span(self._chunk(workers), BATCH * workers)
        if span is None or (len(span) == case.wanted and order.settings.until is None):
            del self._under_way[order.case.number]
            return Task((order,))
        return Task((order,), span)

    def _stretch(self, most: int, alike: int) -> Iterator[Order]:
        """Consecutive cases: about `most`, up to `alike` along the last axis, where they often share customers."""
        given = 0
        before: object = None
        while self._coming is not None and given < alike:
            row = self._row(self._coming)
            if 2 * given > most and row != before:
                return
            yield self._taken()
            given, before = given + 1, row

    def _taken(self) -> Order:
        assert self._coming is not None
        order, self._coming = self._coming, next(self._orders, None)
        self._left -= 1
        return order

    def _row(self, order: Order) -> object:
        """What a case has in common with those that differ from it along the last axis only."""
        case = order.case
        last = self._batch.axes[-1].paths if self._batch.axes else ()
        return case.scenario.label, case.variant, [item for item in case.swept.items() if item[0] not in last]


def singly(task: Task) -> list[Task]:
    """The cases of a task each by itself."""
    return [Task((order,), task.span) for order in task.orders]


def place_of(task: Task) -> tuple[int, int]:
    """Where a task stands among others: by case, then by replication."""
    return task.orders[0].case.number, 0 if task.span is None else task.span.first
