"""Customers who come in waves: arrivals at rate 100 + 20 sin t, handling time and patience exponential of mean 1.

After Feldman, Mandelbaum, Massey and Whitt, Staffing of time-varying queues to achieve time-stable performance,
Management Science 54, 2008. A day is one wave, so that the unit of time is a day / 2 pi. Where work and patience are
alike, contacts in the system leave at one rate whatever the staffing, and so their number is Poisson.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.evaluator import Evaluator, Played
from simulator.planning.single_queue import SingleQueue, single_queue
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.scenario import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DAY = 86_400.0
UNIT = DAY / (2.0 * math.pi)
"""Seconds of the mean handling time."""
A_DAY = 96
"""Intervals of a day."""
LEVEL, SWING = 100.0, 20.0

_SCENARIO = """
title = "Waves"
[horizon]
start = 2026-06-01
days = {days}
interval = "15 min"
holidays = "none"
timezone = "UTC"
[simulation]
replications = 3
seed = 1
[channels.phone]
kind = "live"
hours = "always"
handling_time = {{ mean = "{unit} s", distribution = "exponential" }}
patience = {{ mean = "{unit} s" }}
target = {{ answered = "{answered} %", within = "0 s", definition = "offered", per = "interval" }}
[channels.phone.demand]
file = "waves.csv"
use = "dated"
[groups.team]
cost = "30 EUR/h"
[groups.team.staffing]
"mon-sun 00:00-24:00" = 100
[groups.team.skills.phone]
"""


def contacts_by_interval() -> Floats:
    """[interval of a day] Expected contacts: the integral of the rate."""
    edges = np.linspace(0.0, 2.0 * math.pi, A_DAY + 1)
    return np.asarray(LEVEL * np.diff(edges) - SWING * np.diff(np.cos(edges)))


def waves(folder: Path, delayed: float, days: int) -> Scenario:
    """The scenario, with the share that may be delayed as its target."""
    counts = contacts_by_interval()
    rows = [
        f"{date(2026, 6, 1) + timedelta(day)} {i // 4:02d}:{15 * (i % 4):02d},{counts[i]:.9f}"
        for day in range(days)
        for i in range(A_DAY)
    ]
    (folder / "waves.csv").write_text("\n".join(["time,contacts", *rows]) + "\n", encoding="utf-8")
    path = folder / "waves.toml"
    path.write_text(
        _SCENARIO.format(days=days, unit=f"{UNIT:.9f}", answered=f"{100 * (1 - delayed):g}"), encoding="utf-8"
    )
    return load_scenario(path)


def mean_in_system() -> Floats:
    """[interval of a day] Contacts in the system, mean over the interval, long after the start: m' = rate - m."""
    edges = np.linspace(0.0, 2.0 * math.pi, A_DAY + 1)
    # m(t) = 100 + 10 (sin t - cos t), and its integral.
    integral = LEVEL * edges - 0.5 * SWING * (np.cos(edges) + np.sin(edges))
    return np.asarray(np.diff(integral) / np.diff(edges))


class Waves(Evaluator):
    """Plays the staffing of one day on many days on end, and takes each for a replication of the day.

    The first of them begins with an empty centre and is left out.
    """

    def __init__(self, folder: Path, delayed: float, *, days: int, replications: int, seed: int) -> None:
        super().__init__(waves(folder, delayed, 1), replications * days, seed)
        self._days = days
        self._on_end = Evaluator(waves(folder, delayed, days + 1), replications, seed)

    def evaluate_all(self, staffings: Sequence[Ints]) -> list[Played]:
        on_end = [np.tile(staffing, self._days + 1) for staffing in staffings]
        played = self._on_end.evaluate_all(on_end)
        return [self._folded(each, staffing) for each, staffing in zip(played, staffings, strict=True)]

    def _folded(self, played: Played, staffing: Ints) -> Played:
        def by_day(part: Floats) -> Floats:
            """[replication x day, row, interval of a day]."""
            days = part[..., A_DAY:].reshape(*part.shape[:2], self._days, A_DAY)
            return np.asarray(days.swapaxes(1, 2).reshape(-1, part.shape[1], A_DAY))

        nobody = np.zeros((self.replications, 1))
        return replace(
            played,
            yardstick=self.yardstick,
            staffing=staffing,
            backlog_met=nobody,
            backlog_judged=nobody,
            **{name: by_day(getattr(played, name)) for name in ("met", "judged", "busy", "staffed", "overtime")},
        )


def queue(folder: Path, delayed: float) -> SingleQueue:
    """The waves as one queue, long after the start."""
    found = single_queue(waves(folder, delayed, 3), 0)
    assert isinstance(found, SingleQueue)
    return replace(found, asked=np.arange(A_DAY), contacts=found.contacts[-A_DAY:], queues=found.queues[-A_DAY:])


def delayed_share(played: Played, window: int = 1) -> Floats:
    """[interval of the day] Share of contacts that had to wait, of so many intervals from each one on."""
    met, judged = (part[:, 0].sum(axis=0) for part in (played.met, played.judged))
    of_window = [
        np.convolve(np.concatenate((part, part[: window - 1])), np.ones(window), mode="valid") for part in (met, judged)
    ]
    return np.asarray(1.0 - of_window[0] / of_window[1])
