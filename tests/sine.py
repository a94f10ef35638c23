"""Customers who come in waves: arrivals at rate 100 + 20 sin t, handling time and patience exponential of mean 1.

After Feldman, Mandelbaum, Massey and Whitt, Staffing of time-varying queues to achieve time-stable performance,
Management Science 54, 2008. A day is one wave, so that the unit of time is a day / 2 pi. Where work and patience are
alike, contacts in the system leave at one rate whatever the staffing, and so their number is Poisson.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.evaluator import Evaluator, Played
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.requirement import of_single_queues
from simulator.planning.staffing.single_queue import SingleQueue, single_queue
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.scenario import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DAY = 86_400.0
UNIT = DAY / (2.0 * math.pi)
"""Seconds of the mean handling time."""
A_DAY = 96
"""Intervals of a day."""
A_UNIT = round(A_DAY / (2.0 * math.pi))
"""Intervals of the mean handling time."""
LEVEL, SWING = 100.0, 20.0
TOLERANCE = 0.03
"""By how much the share of those who wait may be off the target, at any time of the day."""
NO_MARGIN = 0.5
"""How sure: what is looked at is how exactly a target is hit, so nothing is kept beyond it."""

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

    _folder: Path
    _delayed: float
    _days: int
    _on_end: Evaluator

    def __init__(
        self, folder: Path, delayed: float, *, days: int, replications: int, seed: int, workers: int = 1
    ) -> None:
        super().__init__(waves(folder, delayed, 1), replications * days, seed, workers)
        # The base is frozen; what is added here is not of it.
        self.__dict__.update(_folder=folder, _delayed=delayed, _days=days)
        self.__dict__["_on_end"] = Evaluator(waves(folder, delayed, days + 1), replications, seed, workers)

    def first(self, replications: int) -> Evaluator:
        """All of them: the days of a stretch cannot be parted."""
        del replications
        return self

    def on_fresh_seed(self, seed: int, replications: int | None = None) -> Evaluator:
        """Replications are whole stretches of days here."""
        number = self._on_end.replications if replications is None else replications
        return Waves(self._folder, self._delayed, days=self._days, replications=number, seed=seed, workers=self.workers)

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
            backlog_left=nobody,
            may_be_left=nobody,
            **{
                name: by_day(getattr(played, name)) for name in ("met", "judged", "left", "busy", "staffed", "overtime")
            },
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


def main() -> None:
    """Print how flat the share of those who wait is, for nine targets."""
    parser = argparse.ArgumentParser(description="Requirements for waves, on fresh customers; it takes long.")
    parser.add_argument("delayed", nargs="*", type=float, default=[k / 10 for k in range(1, 10)], metavar="SHARE")
    parser.add_argument("--replications", type=int, default=40, help="of 80 days each; 40 by default")
    parser.add_argument("--checks", type=int, default=120, help="of as many days; 120 by default")
    parser.add_argument("--workers", type=int, default=1)
    wanted = parser.parse_args()
    print("target   least    mean    most   agents     CPU")
    off = 0.0
    for delayed in wanted.delayed:
        began = time.process_time()
        with TemporaryDirectory() as folder:
            fitted = Waves(
                Path(folder), delayed, days=80, replications=wanted.replications, seed=3, workers=wanted.workers
            )
            goal = Goal.of(fitted.scenario)
            bounds = Bounds.of(fitted.scenario, goal)
            queues = (queue(Path(folder), delayed),)
            found = of_single_queues(fitted, goal, bounds, queues, wanted.checks, sure=NO_MARGIN)
        share = delayed_share(found.checked.played, A_UNIT)
        off = max(off, float(abs(share - delayed).max()))
        print(
            f"{delayed:6.1f} {share.min():7.4f} {share.mean():7.4f} {share.max():7.4f} {found.staffing.sum():8d} "
            f"{time.process_time() - began:7.0f} s",
            flush=True,
        )
    print(f"at most {off:.4f} off, over any {A_UNIT} intervals")
    raise SystemExit(off > TOLERANCE)


if __name__ == "__main__":
    main()
