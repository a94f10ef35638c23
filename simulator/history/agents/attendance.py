"""When each agent was there to take calls, and of which queues.

A log says who answered what when, and nothing of breaks. But a call that is answered at once goes to the agent who has
been idle longest, in nearly every system. So of an agent who has had nothing to do since 10:00, while one who became
free at 10:05 is given a call that both may take, it is known that it was away: it came back after 10:05. And whoever
takes a call that has been waiting was not there for it before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.agents.turns import turns_of
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.agents.turns import Turns
    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

BREAK_FROM = 300.0
"""Seconds away from which an agent is not there; what is shorter goes with the work before it."""
AT_ONCE = 1.0
"""Seconds above the usual delay up to which a call was answered at once."""
NOTICED = 2.0
"""Seconds above the usual delay from which a call stood waiting for somebody to become free."""
_IN_VAIN = 10
"""Customers who come while nobody has a call in hand, and none of whom is answered, from which nobody was there. With
fewer it may be that they hung up while the telephone of a free agent rang."""
_SILENCE = 4 * 3600.0
"""Seconds without any customer from which a centre may be shut for a part of the day."""
_MISSED = 7.0
"""Customers who would come in so long a time, spread over day and night: that none does is then no chance, exp(-7)."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Spells of presence. Columns have shape [spell]; spells of one agent do not overlap."""

    agent: Ints
    """Index in `Calls.agents`."""
    day: Ints
    """Ordinal of the local date."""
    start: Floats
    """Moment, seconds since 1970-01-01 00:00 UTC."""
    end: Floats
    """Moment from which the agent takes no other call; the one in hand is finished."""
    skills: Bools
    """[spell, queue] Whether the agent takes calls of the queue."""

    def __len__(self) -> int:
        return len(self.agent)

    def closed(self, moment: Floats) -> Bools:
        """[moment] Whether nobody at all was there, from `BREAK_FROM` seconds before it to as long after it.

        Who calls then finds the door closed. In a centre that is staffed whenever calls come there is no such moment.
        """
        come = np.searchsorted(np.sort(self.start), moment + BREAK_FROM, side="right")
        left = np.searchsorted(np.sort(self.end), moment - BREAK_FROM, side="left")
        nobody: Bools = come <= left
        return nobody


def attendance_of(calls: Calls, skills: Bools, answer_delay: float, *, longest_idle_first: bool = True) -> Attendance:
    """Infer the spells of presence of the agents who answered these calls.

    An agent is there from its first answer of the day to its last call, but for breaks (`away`) of `BREAK_FROM` seconds
    or more. It was told to leave, or decided to, at some time within the last call of a spell: half way, for each such
    call. (Were it the end, the agent would be held to be ready for one more call, and finish that, too.)

    Parameters
    ----------
    calls
        Calls of one day or of several.
    skills
        [agent, queue] What each agent is known to take from other days; each day itself adds what it shows.
    answer_delay
        Seconds from arrival to the answer when somebody is free.
    longest_idle_first
        Whether calls go to the agent who has been idle longest. Otherwise any time between two calls that is not
        otherwise known to be a break is held to be one from `BREAK_FROM` seconds on.
    """
    turns = turns_of(calls)
    skills = skills.copy()
    skills[turns.agent, turns.queue] = True
    gone = away(turns, skills, answer_delay) if longest_idle_first else turns.between
    gone = np.maximum(gone, deserted(calls, turns, answer_delay) - turns.before)
    starts = turns.first | (gone >= BREAK_FROM)
    start = np.where(turns.first, turns.answered - answer_delay, turns.before + gone)
    last = np.append(starts[1:], True) if len(turns) else starts
    end = 0.5 * (turns.answered + turns.released)
    agent = turns.agent[starts]
    return Attendance(agent, turns.day[starts], start[starts], np.maximum(end[last], start[starts]), skills[agent])


def away(turns: Turns, skills: Bools, answer_delay: float) -> Floats:
    """[turn] Seconds after the call before in which the agent certainly was not there; nan for the first of a day.

    Parameters
    ----------
    turns
        From `turns_of`.
    skills
        [agent, queue] Whether the agent takes calls of the queue.
    answer_delay
        Seconds from arrival to the answer when somebody is free.
    """
    back = turns.before.copy()
    alike = np.unique(skills, axis=0, return_inverse=True)[1].ravel()[turns.agent]  # those who take the same queues
    at_once = (turns.waited <= answer_delay + AT_ONCE) & ~turns.first
    for rows in _runs(turns.day):
        told = rows[at_once[rows]]
        told = told[np.argsort(turns.answered[told], kind="stable")]
        queue, answered, before = (each[told] for each in (turns.queue, turns.answered, turns.before))
        later = rows[~turns.first[rows]]  # before the first of the day there is nothing to tell
        for kind in np.unique(alike[later]):
            mine = later[alike[later] == kind]
            taken = skills[turns.agent[mine[0]], queue]
            # The latest moment at which anybody became free who was given a call while this agent had nothing to do:
            # somebody else, for in between it took no call itself.
            passed = most_of(
                before[taken],
                np.searchsorted(answered[taken], turns.before[mine]),
                np.searchsorted(answered[taken], turns.answered[mine]),
            )
            back[mine] = np.maximum(back[mine], passed)
    stood_waiting = turns.waited > answer_delay + NOTICED
    back = np.where(stood_waiting & ~turns.first, turns.answered, back)
    return np.maximum(back - turns.before, 0.0)


def deserted(calls: Calls, turns: Turns, answer_delay: float) -> Floats:
    """[turn] Until when nobody at all was there, at the last such time before this answer; -inf: there was none.

    For `BREAK_FROM` seconds or more nobody had a call in hand, `_IN_VAIN` customers or more came, and no call was
    answered: the centre was shut, or its telephones were down, also if its agents are the same before and after. Or
    for `_SILENCE` seconds nobody called, though `_MISSED` would have by the number of a day: it was shut between two
    shifts, as one is that works from the evening to the next morning.

    Parameters
    ----------
    calls
        In order of arrival.
    turns
        Of these calls.
    answer_delay
        Seconds from arrival to the answer when somebody is free.
    """
    served = np.flatnonzero(calls.served)
    served = served[np.argsort(calls.answered[served], kind="stable")]
    answered = calls.answered[served]
    free = np.maximum.accumulate(np.fmax(calls.released[served], answered))[:-1]
    until = answered[1:] - answer_delay
    came = np.searchsorted(calls.arrival, until - NOTICED) - np.searchsorted(calls.arrival, free, side="right")
    missed = (until - free) * (len(calls) / (len(np.unique(calls.day)) * DAY)) if len(until) else until
    shut = (came == 0) & (until - free >= _SILENCE) & (missed >= _MISSED)
    ends = until[shut | ((until - free >= BREAK_FROM) & (came >= _IN_VAIN))]
    return np.append(-np.inf, ends)[np.searchsorted(ends, turns.answered, side="right")]


def _runs(key: Ints) -> list[Ints]:
    """The places of each run of equal numbers."""
    return np.split(np.arange(len(key)), np.flatnonzero(np.diff(key)) + 1) if len(key) else []


def most_of(values: Floats, first: Ints, after: Ints) -> Floats:
    """[stretch] The largest of `values[first:after]`; -inf where that is empty."""
    most = np.full(len(first), -np.inf)
    some = after > first
    if some.any():
        ends = np.stack((first[some], after[some]), axis=1).ravel()
        most[some] = np.maximum.reduceat(np.append(values, -np.inf), ends)[::2]
    return most
