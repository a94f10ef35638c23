"""Long work behind the pages' backs: one piece at a time, shared by whoever asks the same, kept by what it is of.

It goes on while its session looks at other pages; it ends when it is done, or when everybody who asked for it has
stopped it. It takes half of the processors, so that others are answered meanwhile.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar

from simulator.experiment import usable_processors
from simulator.ui.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any

State = Literal["waiting", "working", "found", "refused", "stopped"]


class Asked(Protocol):
    """What is asked for."""

    @property
    def key(self) -> Hashable:
        """All that the answer follows from, the speed of the machine apart."""


class Found(Protocol):
    """What came of it."""

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes."""


Q = TypeVar("Q", bound=Asked)
A = TypeVar("A", bound=Found)


def half_of_the_processors() -> int:
    """The rest is left to those who move sliders meanwhile."""
    return max(usable_processors() // 2, 1)


class Errand(ABC, Generic[Q, A]):
    """A piece of work, as whoever watches it sees it."""

    def __init__(self, question: Q) -> None:
        self.question = question
        self.begun: float | None = None
        """On the clock of `time.monotonic`; None while others are served."""
        self.answer: A | None = None
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
        return "waiting" if self.begun is None else "working"

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
        """Do it; in a thread of its own."""
        try:
            with turns.turn():
                self._go_on()
                self.begun = time.monotonic()
                self.answer = self._done()
        except _Stopped:
            pass
        except Exception as error:  # whoever watches is told, and raises it if it is no refusal
            self.error = error
        finally:
            self._ended.set()

    @abstractmethod
    def _done(self) -> A:
        """The work itself; between its steps it calls `_go_on`."""

    def _go_on(self) -> None:
        """Break off here if nobody wants it any longer."""
        if self._stopped.is_set():
            raise _Stopped


class _Stopped(Exception):  # noqa: N818  nothing went wrong
    """Nobody wants the answer any longer."""


E = TypeVar("E", bound="Errand[Any, Any]")


class Errands(Generic[Q, E]):
    """Errands of all sessions; whoever asks the same joins the one that there is."""

    def __init__(self, made: Callable[[Q], E], name: str, most_bytes: int, turns: Turns | None = None) -> None:
        """Serve questions.

        Parameters
        ----------
        made
            From a question to its errand.
        name
            Of the threads.
        most_bytes
            Of answers kept; the last one is kept in any case.
        turns
            Shared with other errands of which only one goes on at a time.
        """
        self.most_bytes = most_bytes
        self._made = made
        self._name = name
        self._turns = turns or Turns()
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, E] = OrderedDict()

    def ask(self, question: Q) -> E:
        """The errand that answers: one that has ended or is under way, or a new one."""
        with self._lock:
            errand = self._lasting(question)
            if errand is not None:
                errand.asked_by += not errand.is_over()
                return errand
            errand = self._known[question.key] = self._made(question)
        threading.Thread(target=self._run, args=(errand,), name=self._name, daemon=True).start()
        return errand

    def found(self, question: Q) -> E | None:
        """The errand that has an answer."""
        with self._lock:
            errand = self._lasting(question)
        return errand if errand is not None and errand.state == "found" else None

    def _run(self, errand: E) -> None:
        """Do it, and keep as many of the others as there is room for."""
        errand.run(self._turns)
        with self._lock:
            found = {key: each.answer.nbytes for key, each in self._known.items() if each.answer is not None}
            taken = sum(found.values())
            for key, nbytes in found.items():
                if taken <= self.most_bytes:
                    break
                if self._known[key] is not errand:
                    self._known.pop(key).forget()
                    taken -= nbytes
            self._known = OrderedDict(
                (key, each) for key, each in self._known.items() if each.state not in ("refused", "stopped")
            )

    def _lasting(self, question: Q) -> E | None:
        """The errand that is known, unless it was stopped or failed."""
        errand = self._known.get(question.key)
        if errand is None or errand.state in ("refused", "stopped"):
            return None
        self._known.move_to_end(question.key)
        return errand
