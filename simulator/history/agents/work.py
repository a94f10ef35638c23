"""How long agents have a call in hand, by queue, agent, time of the day and weekday."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.by_queue import ByQueue, fit_by_queue
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

STEP = 1800
"""Seconds of a stretch of the day that has its own factor."""
_OWN_CURVE = 200
"""Calls from which a queue has a form of its own."""
_HALF_LIFE = 14.0
"""Days after which a call counts half as much: agents learn, and what is asked changes."""
_PRIOR = {"queue": 20.0, "agent": 60.0, "clock": 400.0, "weekday": 400.0}
"""Calls of an ordinary length that are added to those of each queue, agent and so on before its factor is taken, so
that a few calls do not make one."""
_ROUNDS = 5
"""Rounds of taking the factors in turn; they settle within three or four."""


@dataclass(frozen=True, slots=True)
class Work:
    """Seconds in hand: `mean * by_queue * by_agent * by_clock * by_weekday * form`, the form a number of mean 1."""

    mean: float
    by_queue: Floats
    by_agent: Floats
    """[agent]"""
    by_clock: Floats
    """[half-hour]"""
    by_weekday: Floats
    """[weekday] Monday is 0."""
    form: ByQueue[Floats]
    """Sorted quotients of what was and what the factors say."""

    def draw(self, queue: Ints, clock: Ints, day: int, luck: Floats) -> Floats:
        """[call] Seconds in hand of an ordinary agent.

        Parameters
        ----------
        queue, clock
            [call] Index of the queue, and seconds after midnight.
        day
            Ordinal of the date.
        luck
            [call] Numbers from 0 to 1.
        """
        form = np.empty(len(queue))
        for each in np.unique(queue):
            rows = queue == each
            sorted_form = self.form.of_queue[each]
            place = (luck[rows] * len(sorted_form)).astype(np.int64)
            form[rows] = sorted_form[np.minimum(place, len(sorted_form) - 1)]
        of_day = self.mean * self.by_weekday[(day - 1) % 7]
        seconds: Floats = of_day * self.by_queue[queue] * self.by_clock[clock // STEP] * form
        return seconds


def fit_work(calls: Calls) -> Work:
    """Fit the factors by taking each in turn, the others given, weighted to the recent past.

    A factor is the quotient of seconds that were and seconds that the other factors say, shrunk towards 1 as
    Bühlmann and Straub's credibility does: `(sum + prior) / (expected + prior)`.

    Raises
    ------
    ValueError
        If no call was answered.
    """
    known = calls.served & (calls.agent >= 0) & (calls.worked >= 0)
    if not known.any():
        msg = "No call was answered."
        raise ValueError(msg)
    seconds, day = calls.worked[known], calls.day[known]
    kinds: dict[str, tuple[Ints, int]] = {
        "queue": (calls.queue[known], len(calls.queues)),
        "agent": (calls.agent[known], len(calls.agents)),
        "clock": (calls.clock[known] // STEP, -(-DAY // STEP)),
        "weekday": ((day - 1) % 7, 7),
    }
    weight = 0.5 ** ((day.max() - day) / _HALF_LIFE)
    mean = max(float(np.average(seconds, weights=weight)), 1e-9)
    factor = {name: np.ones(size) for name, (_, size) in kinds.items()}
    for _ in range(_ROUNDS):
        for name, (index, size) in kinds.items():
            others = mean * np.prod([factor[kind][at] for kind, (at, _) in kinds.items() if kind != name], axis=0)
            prior = _PRIOR[name] * mean
            was = np.bincount(index, weight * seconds, size)
            expected = np.bincount(index, weight * others, size)
            factor[name] = (was + prior) / (expected + prior)
    quotient = seconds / (mean * np.prod([factor[kind][at] for kind, (at, _) in kinds.items()], axis=0))
    queue, queues = kinds["queue"]

    def form(rows: Bools) -> Floats:
        # Scaled to the mean that the factors are fitted to, which is that of the recent past.
        sorted_form: Floats = np.sort(quotient[rows])
        sorted_form *= np.average(quotient[rows], weights=weight[rows]) / max(sorted_form.mean(), 1e-9)
        return sorted_form

    forms = fit_by_queue(queue, queues, np.ones(len(queue), dtype=np.bool_), _OWN_CURVE, form)
    return Work(mean, factor["queue"], factor["agent"], factor["clock"], factor["weekday"], forms)
