"""What a back-test takes from training days: work, patience, skills, and how much of their time agents have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.agents.attendance import BREAK_FROM, NOTICED, attendance_of, away
from simulator.history.agents.floor import Floor
from simulator.history.agents.patience import Patience, observe_patience
from simulator.history.agents.priority import goes_first
from simulator.history.agents.skills import usual_skills
from simulator.history.agents.turns import turns_of
from simulator.history.agents.usual import Usual, usual_arrivals
from simulator.history.agents.work import Work, fit_work
from simulator.streams import stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.history.agents.attendance import Attendance
    from simulator.history.agents.turns import Turns
    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_LONGEST_DELAY = 10
"""Seconds up to which a wait may be the ringing of a free agent's telephone."""
_PASSED_OVER = 60.0
_FEW = 0.25
"""If more than this share of those who were given a call at once seem to have been away for longer than `_PASSED_OVER`
seconds before, calls do not go to who has been idle longest."""
_SEEN = 20
"""Customers who gave up at a closed door, from which their patience is told apart."""
_LAST_DAYS = 20
"""Training days by which availability is found: the last ones."""
_LEAST, _MOST = 0.8, 1.25
"""Between which it is looked for."""
_TRIALS = 6
_CLOSE = 0.02
"""Logarithm of a quotient that is as good as 1."""
_REACHED = 0.1
"""And of one up to which the size counts as reached: waits and the unanswered are then a tenth off, or less."""


@dataclass(frozen=True, slots=True)
class Trained:
    """Everything that a day is played with, besides its arrivals and who was there."""

    queues: tuple[str, ...]
    agents: tuple[str, ...]
    days: Ints
    """[day] Ordinals of the training days."""
    answer_delay: float
    """Seconds from arrival to the answer when somebody is free."""
    skills: Bools
    """[agent, queue] Whether the agent usually takes calls of the queue."""
    longest_idle_first: bool
    """Whether calls go to the agent who has been idle longest."""
    goes_first: Bools
    """[queue] Whether the queue goes before the others."""
    work: Work
    pauses: Floats
    """Sorted seconds between a call and readiness for the next: wrapping up, work that no row shows, short absence."""
    patience: Patience
    """Of customers who call while somebody is there."""
    at_the_door: Patience
    """Of those who call while nobody is (`Attendance.closed`): they may hear that it is closed."""
    usual: Usual
    """Arrivals that the training days let expect."""
    availability: float = 1.0
    """Share of the time that agents seem to be there in which they are, beyond what `pauses` say; can be above 1."""
    size_reached: bool = True
    """Whether the last training days, played with this availability, have the size that they had."""

    def attendance(self, calls: Calls) -> Attendance:
        """When the agents who answered these calls were there."""
        return attendance_of(calls, self.skills, self.answer_delay, longest_idle_first=self.longest_idle_first)

    def floor(self, attendance: Attendance, first: float, last: float) -> Floor:
        """The floor of a day on which calls come between two moments."""
        return Floor.of(attendance, self.availability / self.work.by_agent, self.goes_first, first, last)

    def play(
        self, floor: Floor, arrival: Floats, clock: Ints, queue: Ints, day: int, seed: int, replication: int
    ) -> tuple[Floats, Bools]:
        """[call] Seconds waited, as a log would say them, and whether an agent took it.

        Parameters
        ----------
        floor
            Of the day.
        arrival, clock, queue
            [call] As in `Calls`, in order of arrival.
        day
            Ordinal of the date.
        seed, replication
            Of the luck of these calls: work, pause after it, patience.
        """
        count = len(arrival)
        work, pause, patience = (
            stream(seed, replication, name).random(count) for name in ("work", "pause", "patience")
        )
        seconds = self.work.draw(queue, clock, day, work)
        seconds += self.pauses[np.minimum((pause * len(self.pauses)).astype(np.int64), len(self.pauses) - 1)]
        closed = floor.attendance.closed(arrival)
        willing = np.where(closed, self.at_the_door.draw(queue, patience), self.patience.draw(queue, patience))
        waited, taken = floor.play(arrival, queue, seconds, willing)
        waited = np.where(taken, waited + self.answer_delay, waited)
        # Some hang up while it rings.
        return np.minimum(waited, willing), taken & (willing >= waited)


def train(calls: Calls, days: NDArray[np.int64], *, play: bool = True) -> Trained:
    """Learn from the calls of these days, and from no others.

    Parameters
    ----------
    calls
        In order of arrival.
    days
        Ordinals of local dates, as `Calls.day`.
    play
        Whether the last days are played to find the availability, which takes most of the time. Otherwise it is 1.

    Raises
    ------
    ValueError
        If no call of these days was answered.
    """
    known = calls.where(np.isin(calls.day, days))
    work = fit_work(known)
    turns = turns_of(known)
    delay = _usual_delay(turns.waited)
    skills = usual_skills(turns, len(calls.agents), len(calls.queues))
    gone = away(turns, skills, delay)
    at_once = ~turns.first & (turns.waited <= delay + NOTICED)
    passed_over = gone[at_once] > _PASSED_OVER
    longest_idle_first = not len(passed_over) or bool(passed_over.mean() <= _FEW)
    closed = attendance_of(known, skills, delay, longest_idle_first=longest_idle_first).closed(known.arrival)
    closed &= np.sum(closed & ~known.served) >= _SEEN
    patience = observe_patience(known.where(~closed))
    trained = Trained(
        queues=calls.queues,
        agents=calls.agents,
        days=np.unique(known.day),
        answer_delay=delay,
        skills=skills,
        longest_idle_first=longest_idle_first,
        goes_first=goes_first(known, skills),
        work=work,
        pauses=_pauses(turns, delay),
        patience=patience,
        at_the_door=observe_patience(known.where(closed)) if closed.any() else patience,
        usual=usual_arrivals(known),
    )
    if not play:
        return trained
    availability, reached = _availability(trained, known)
    return replace(trained, availability=availability, size_reached=reached)


def _usual_delay(waited: Floats) -> float:
    """The most frequent whole number of seconds among short waits; 0 if there are none."""
    whole = waited[(waited >= 0) & (waited <= _LONGEST_DELAY)].astype(np.int64)
    return float(np.bincount(whole, minlength=1).argmax())


def _pauses(turns: Turns, delay: float) -> Floats:
    """Between a call and one that stood waiting: the agent was not ready for it earlier."""
    between = turns.between[~turns.first & (turns.waited > delay + NOTICED)]
    return np.append(0.0, np.sort(between[between < BREAK_FROM]))


def _availability(trained: Trained, calls: Calls) -> tuple[float, bool]:
    """The pace at which the last training days, played, come out as they were; and whether they do.

    Looked for by the rule of false position on the logarithm of what was played over what was, of the wait of
    those answered and of the unanswered who did not find the door closed alike, on the median day, each day counted by
    its calls.
    """
    days = []
    for day in trained.days[-_LAST_DAYS:]:
        of_day = calls.where(calls.day == day)
        if of_day.served.any():
            days.append((int(day), of_day, trained.attendance(of_day)))
    if not days:
        return 1.0, True

    def excess(availability: float) -> float:
        ready = replace(trained, availability=availability)
        found = []
        for day, of_day, attendance in days:
            floor = ready.floor(attendance, of_day.arrival[0], of_day.arrival[-1])
            waited, answered = ready.play(floor, of_day.arrival, of_day.clock, of_day.queue, day, day, 0)
            # One customer more on either side, so that a day on which nobody gave up has a quotient.
            # Who calls while nobody is there says nothing of how available agents are.
            staffed = ~attendance.closed(of_day.arrival)
            lost = (np.sum(staffed & ~answered) + 1.0) / (np.sum(staffed & ~of_day.served) + 1.0)
            waits = max(_asa(waited, answered), 1.0) / max(_asa(of_day.waited, of_day.served), 1.0)
            found.append(0.5 * np.log(lost * waits))
        order = np.argsort(found)
        calls_up_to = np.cumsum(np.array([len(of_day) for _, of_day, _ in days])[order])
        return float(found[order[np.searchsorted(calls_up_to, 0.5 * calls_up_to[-1])]])

    return root(excess)


def _asa(waited: Floats, answered: Bools) -> float:
    """Mean wait of those answered: whoever calls while nobody is there says nothing of how available agents are."""
    return float(waited[answered].mean()) if answered.any() else 0.0


def root(excess: Callable[[float], float]) -> tuple[float, bool]:
    """Where a falling function of the availability is nearest to 0, of `_TRIALS` looks at it; and whether it is near.

    It is looked for from `_LEAST` to `_MOST`.
    """
    at, slope = 0.0, -6.0  # near full load, 1 % more work makes waits longer by about 6 %
    value = excess(1.0)
    best = abs(value), at
    for _ in range(_TRIALS):
        then = float(np.clip(at - value / slope, np.log(_LEAST), np.log(_MOST)))
        if abs(value) < _CLOSE or then == at:
            break
        value_then = excess(float(np.exp(then)))
        slope = min((value_then - value) / (then - at), -1.0)
        at, value = then, value_then
        best = min(best, (abs(value), at))
    return float(np.exp(best[1])), best[0] < _REACHED
