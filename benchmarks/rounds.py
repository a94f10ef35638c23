"""Rounds of a workload: everybody plays the same customers, is checked, and only then has a time."""

from __future__ import annotations

import gc
import math
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from answers import ACCEPTABLE_WAIT, TOLERANCE, Answer, answer_of, first_difference
from players import REFERENCE, Player
from recursion import answer_by_recursion, first_to_finish_leaves

if TYPE_CHECKING:
    from collections.abc import Callable

    from workloads import Workload

    from simulator.contacts import ContactRecords

LEAST_SECONDS = 0.1
"""A day that takes less is played again until so much has been measured in a round."""
OFF_THEORY = 0.0125
"""Four standard errors of the service level of a stationary workload in one round (40 rounds: 0.003)."""

Result = TypeVar("Result")


class WrongAnswerError(Exception):
    """Whose time does not count."""


@dataclass(slots=True)
class Row:
    """What was measured of one player on one workload."""

    player: Player
    rates: list[float] = field(default_factory=list)
    """[round] Contacts a CPU second."""
    answers: list[Answer] = field(default_factory=list)
    """[round]."""
    contacts: int = 0
    """In a round, that is in the last one."""
    first: float = 0.0
    """Seconds on the wall of a play before, in which some compile or load what they compiled."""

    @property
    def rate(self) -> float:
        """Contacts a CPU second, the median."""
        return statistics.median(self.rates)

    @property
    def service_level(self) -> float:
        """Answered within 20 s, of all offered in all rounds."""
        return sum(answer.in_time for answer in self.answers) / sum(answer.entered for answer in self.answers)

    @property
    def abandonment(self) -> float:
        """Gave up, of all offered in all rounds."""
        return sum(answer.abandoned for answer in self.answers) / sum(answer.entered for answer in self.answers)

    def times(self, other: Row | None) -> float:
        """How many times as fast as another; the median of the rounds' ratios, nan if there is no other."""
        if other is None:
            return math.nan
        return statistics.median(own / its for own, its in zip(self.rates, other.rates, strict=True))


def timed(play: Callable[[], Result]) -> tuple[float, Result]:
    """CPU seconds of a play, the median if it had to be repeated, and its result."""
    gc.collect()
    seconds: list[float] = []
    while sum(seconds) < LEAST_SECONDS:
        start = time.process_time()
        result = play()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds), result


class Round:
    """The customers of one round, and what is known of them."""

    def __init__(self, workload: Workload, number: int) -> None:
        self.workload = workload
        self.number = number
        self.truth: dict[int, ContactRecords] = {}
        """By number of contacts: records of the reference, or of the first who was checked against it and played on."""

    def play(self, row: Row) -> None:
        """Let a player play, check its answer, note its time.

        Raises
        ------
        WrongAnswerError
            If it is not what it should be.
        """
        player, workload = row.player, self.workload
        prepare = player.prepare[workload.name]
        day = workload.day(player.pace, self.number)
        if player.compiles and not row.rates:
            start = time.perf_counter()
            prepare(workload.day("slowest", self.number))()
            row.first = time.perf_counter() - start
        seconds, result = timed(prepare(day))
        row.contacts = len(day.contacts)
        row.rates.append(row.contacts / seconds)
        if isinstance(result, Answer):
            self.check_answer(player, result)
            row.answers.append(result)
        else:
            if player.pace == "fast":
                shorter = prepare(workload.day("slow", self.number))()
                assert not isinstance(shorter, Answer)
                self.check_records(player, shorter)
            self.check_records(player, result)
            row.answers.append(answer_of(result))

    def check_records(self, player: Player, own: ContactRecords) -> None:
        """Every bit is the same as with the reference."""
        difference = first_difference(own, self.truth.setdefault(len(own), own))
        if difference is not None:
            msg = f"{player.name}, {self.workload.name}, round {self.number}: {difference}."
            raise WrongAnswerError(msg)

    def check_answer(self, player: Player, own: Answer) -> None:
        """The counts are those of the same customers under the player's rule for who leaves."""
        day = self.workload.day(player.pace, self.number)
        if self.workload.name == "W3":
            truth = answer_of(self.truth[len(day.contacts)])
        else:
            steady = self.workload.exact is not None
            truth = answer_by_recursion(day, player.change if player.change and not steady else first_to_finish_leaves)
        if own.differs(truth) > TOLERANCE:
            msg = f"{player.name}, {self.workload.name}, round {self.number}: {own}, should be {truth}."
            raise WrongAnswerError(msg)


def measure(workload: Workload, everybody: list[Player], rounds: int) -> list[Row]:
    """Play all rounds of a workload.

    Raises
    ------
    WrongAnswerError
        If an answer is wrong.
    """
    rows = [Row(player) for player in everybody if workload.name in player.prepare]
    # The reference first, because others are held against it.
    in_turn = sorted(rows, key=lambda row: row.player.name != REFERENCE)
    for number in range(rounds):
        this = Round(workload, number)
        for row in in_turn:
            this.play(row)
    if workload.exact is not None:
        for row in rows:
            if row.player.pace == "fast":
                check_theory(workload, row)
    return rows


def check_theory(workload: Workload, row: Row) -> None:
    """All rounds together are near Erlang A."""
    assert workload.exact is not None
    for exact, own in (
        (workload.exact.service_level(ACCEPTABLE_WAIT), row.service_level),
        (workload.exact.abandonment_ratio, row.abandonment),
    ):
        if abs(own - exact) > OFF_THEORY / math.sqrt(len(row.answers)):
            msg = f"{row.player.name}, {workload.name}: {own:.4f}, Erlang A says {exact:.4f}."
            raise WrongAnswerError(msg)
