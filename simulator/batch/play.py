"""Plays cases, whole or by chunks of replications, in whatever process: what an executor is given to do."""

from __future__ import annotations

import importlib.metadata
import threading
import time
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from simulator import __version__
from simulator.batch.readings import Columns, Readings, Room
from simulator.batch.record import Record, packed
from simulator.batch.tables import case_table, empty_table
from simulator.experiment.customers import Customers
from simulator.experiment.experiment import looks
from simulator.experiment.precision import parse_precision
from simulator.experiment.replications import Play
from simulator.scenario import Reader, ScenarioError, read_source
from simulator.scenario.paths import join_path

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from simulator.batch.batch import Case, Settings
    from simulator.batch.outputs import Outputs
    from simulator.scenario import Scenario

_LONGEST_ERROR = 2000
_AT_ONCE = 20
"""Replications that are in memory as they are summed up, before they become rows."""
_SAME = ("numpy", "numba", "scipy", "pyarrow")
"""Packages of which another version may make other bytes."""


class ScenarioChangedError(Exception):
    """A scenario file is not the one any more that the batch was read with."""


class OtherVersionError(Exception):
    """Whoever plays has other versions of ruuhka, or of what it computes with, than whoever began the batch."""


@cache
def versions() -> str:
    """What results depend on besides the batch."""
    return ", ".join([f"ruuhka {__version__}", *(f"{name} {importlib.metadata.version(name)}" for name in _SAME)])


@dataclass(frozen=True, slots=True)
class Order:
    """A case to be played, and how."""

    case: Case
    settings: Settings
    outputs: Outputs


@dataclass(frozen=True, slots=True)
class Span:
    """Replications of a case."""

    first: int
    behind: int

    def __len__(self) -> int:
        """How many."""
        return self.behind - self.first


@dataclass(frozen=True, slots=True)
class Task:
    """What is given out at once: cases to be played whole, or some replications of one."""

    orders: tuple[Order, ...]
    span: Span | None = None
    """Of the only order; None: whole cases."""
    versions: str = field(default_factory=versions)


@dataclass(frozen=True, slots=True)
class Played:
    """A case that has been played, or could not be."""

    record: Record
    content: bytes = field(repr=False)
    """The file of the case."""
    seconds: float
    """By the clock; no part of the result."""


@dataclass(frozen=True, slots=True)
class Done:
    """A task that has been done."""

    played: tuple[Played, ...]
    """The cases that were played whole."""
    rows: NDArray[np.float64] | None
    """[replication, column] Of those that were asked for; None if they could not be played, or whole cases were."""
    error: str | None
    """Why they could not."""
    seconds: float
    playing: float
    """Seconds of that in which replications were played."""
    replications: int
    """Played."""
    warm: bool
    """Whether this was not the first work of its process, which also loads and compiles."""


class CaseUnderWay:
    """A case of which replications are put together until there are enough.

    Raises
    ------
    ScenarioError, ScenarioChangedError, ValueError
        By the constructor, if the case cannot be begun.
    OSError
        By `add`, if there is no room for its rows.
    """

    def __init__(self, order: Order, room: Room) -> None:
        self.order = order
        self.seconds = 0.0
        self.ready = ready_for(order)
        self._columns = self.ready.columns
        self._readings = Readings(self._columns.layout.width, room)
        settings, scenario = order.settings, self.ready.scenario
        first = scenario.replications if settings.replications is None else settings.replications
        precision = self._columns.precision
        self._looks = iter([first] if precision is None else looks(first, settings.max_replications))
        self.wanted = next(self._looks)
        """Replications that are needed for all that is known."""
        self.ended: bool | None = None
        """Once there are enough: whether the half-width that was asked for is reached; True if none was."""
        self._errors: dict[int, str] = {}
        self._given = 0

    def next_span(self, most: int, beyond: int = 0) -> Span | None:
        """The next replications to be given out; none if nothing is left but to wait.

        `beyond` is how many more may be played than are known to be wanted, where a half-width is waited for.
        """
        end = self.wanted
        if self._columns.precision is not None:
            end = min(end + beyond, self.order.settings.max_replications)
        if self.ended is not None or self._errors or self._given >= end:
            return None
        span = Span(self._given, min(self._given + most, end))
        self._given = span.behind
        return span

    def add(self, span: Span, rows: NDArray[np.float64] | None, error: str | None) -> None:
        """Put in what was played of the case, or why it could not be."""
        if rows is not None:
            self._readings.add(span.first, rows)
        else:
            self._errors[span.first] = error or ""
        while self.ended is None and self._readings.ready >= self.wanted:
            if self._columns.precision is None or self._columns.is_precise(self._readings, self.wanted):
                self.ended = True
            elif (further := next(self._looks, None)) is None:
                self.ended = False
            else:
                self.wanted = further

    @property
    def left(self) -> int:
        """Replications that are wanted and not given out."""
        return max(self.wanted - self._given, 0)

    @property
    def is_over(self) -> bool:
        """Whether it is played, or cannot be. Of several replications that fail the first one counts."""
        return self.ended is not None or self._readings.ready in self._errors

    def played(self) -> Played:
        """The case, when it is over."""
        start = time.perf_counter()
        case = self.order.case
        try:
            if self.ended is None:
                return failed(case, self._errors[self._readings.ready], self.seconds)
            table, wide = case_table(self.ready.scenario, self._columns, self._readings, self.wanted, case.number)
            record = replace(
                _begun(case),
                replications=self.wanted,
                seed=self.ready.seed,
                precision_reached=None if self._columns.precision is None else self.ended,
                contacts=int(self._readings.columns(0, 1, self.wanted).sum()),
                summary=wide,
            )
            content = packed(record, table)
            return Played(record, content, self.seconds + time.perf_counter() - start)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of what was put together."""
        self._readings.close()


def play(task: Task) -> Done:
    """Do a task. What is wrong with a case itself is recorded, not raised.

    Raises
    ------
    ScenarioChangedError
        If a scenario file has changed since the batch was read.
    OtherVersionError
        If the batch was begun by other versions than are here.
    """
    if task.versions != versions():
        msg = f"A worker has {versions()}, this is {task.versions}; results would not be the same."
        raise OtherVersionError(msg)
    start, clock, was_warm = time.perf_counter(), _Clock(), _first_work.is_set()
    played: list[Played] = []
    rows, error = None, None
    if task.span is None:
        played += [_play_whole(order, clock) for order in task.orders]
    else:
        try:
            rows = _rows(ready_for(task.orders[0]), task.span, clock)
        except ScenarioChangedError:
            raise
        except Exception as problem:
            error = error_words(problem)
    if not was_warm and clock.replications and task.orders[0].settings.engine == "compiled":
        from simulator.jit import remember_compiled  # here, because it loads Numba

        remember_compiled()
    _first_work.set()
    seconds = time.perf_counter() - start
    return Done(tuple(played), rows, error, seconds, clock.seconds, clock.replications, was_warm)


_first_work = threading.Event()
"""Whether this process has done any."""


def play_case(order: Order) -> Played:
    """Play a case from beginning to end. What is wrong with the case itself is recorded, not raised.

    Raises
    ------
    ScenarioChangedError
        If the scenario file has changed since the batch was read.
    """
    return _play_whole(order, _Clock())


def failed(case: Case, error: str, seconds: float = 0.0) -> Played:
    """A case that could not be played."""
    record = replace(_begun(case), error=error[:_LONGEST_ERROR])
    return Played(record, packed(record, empty_table()), seconds)


def error_words(error: Exception) -> str:
    """Why a case could not be played; no folder is in it, so that the same case has the same words everywhere."""
    if isinstance(error, ScenarioError):
        return " ".join(
            f"{join_path(problem.field)}: {problem.message}" if problem.field else problem.message
            for problem in error.problems
        )
    return f"{type(error).__name__}: {error}"


def scenario_of(case: Case) -> Scenario:
    """The scenario of a case, with its variant and overrides.

    Raises
    ------
    ScenarioError
        If it refuses them.
    ScenarioChangedError
        If the file has changed since the batch was read.
    """
    reader = _reader(case.scenario.path, case.scenario.content_hash)
    # The variant as it was when the batch was read: it is no part of the file's content hash.
    return reader.scenario(overrides={**case.scenario.variants[case.variant], **case.overrides})


@dataclass(slots=True)
class _Clock:
    """How long replications took."""

    seconds: float = 0.0
    replications: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """A case of which any replication can be played."""

    scenario: Scenario
    seed: int
    play: Play
    columns: Columns


def _play_whole(order: Order, clock: _Clock) -> Played:
    start = time.perf_counter()
    try:
        under_way = CaseUnderWay(order, Room())
        while (span := under_way.next_span(_AT_ONCE)) is not None:
            under_way.add(span, _rows(under_way.ready, span, clock), None)
        played = under_way.played()
    except ScenarioChangedError:
        raise
    except Exception as error:
        return failed(order.case, error_words(error), time.perf_counter() - start)
    return replace(played, seconds=time.perf_counter() - start)


def _rows(ready: Ready, span: Span, clock: _Clock) -> NDArray[np.float64]:
    """[replication, column] A few replications at a time, as a summary is much larger than a row."""
    import numpy as np

    parts: list[NDArray[np.float64]] = []
    for first in range(span.first, span.behind, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, span.behind))
        start = time.perf_counter()
        summaries = [ready.play.replication(number, ready.columns.parts) for number in numbers]
        clock.seconds += time.perf_counter() - start
        clock.replications += len(summaries)
        parts.append(ready.columns.rows(summaries))
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


_last: list[tuple[str, Ready]] = []
"""The case that was made ready last, by its hash: several of its chunks may come one after the other."""


def ready_for(order: Order) -> Ready:
    """Make a case ready, unless it was the last one here.

    Raises
    ------
    ScenarioError, ValueError
        If it cannot be played.
    ScenarioChangedError
        If the scenario file has changed since the batch was read.
    """
    known = next((ready for name, ready in _last if name == order.case.hash), None)
    if known is not None:
        return known
    settings, scenario = order.settings, scenario_of(order.case)
    seed = scenario.seed if settings.seed is None else settings.seed
    prepared = Play.prepare(scenario, seed, settings.engine, _customers(scenario))
    precision = None if settings.until is None else parse_precision(settings.until, scenario)
    ready = Ready(scenario, seed, prepared, Columns(prepared.yardstick, order.outputs, precision))
    _last[:] = [(order.case.hash, ready)]
    return ready


@lru_cache(maxsize=2)
def _reader(path: Path, content_hash: str) -> Reader:
    """A scenario file, judged once for all its cases; the last few are kept."""
    try:
        reader = Reader(read_source(path))
        same = reader.scenario().content_hash == content_hash
    except ScenarioError:
        same = False
    if not same:
        msg = (
            f"{path}: it is not as it was when the batch was read. If it has changed, start the batch again; if a "
            "worker on another machine does not have it, give it the same files in the same folders."
        )
        raise ScenarioChangedError(msg)
    return reader


_met: list[Customers] = []
"""Of the case before."""


def _customers(scenario: Scenario) -> Customers:
    known = next((each for each in _met if each.come_to(scenario)), None)
    if known is None:
        _met[:] = [known := Customers(scenario)]  # what stands there may be another thread's by the next line
    return known


def _begun(case: Case) -> Record:
    return Record(case.number, case.hash, case.scenario.label, case.variant, dict(case.swept))
