"""The back-test: every day of a window played by what training days taught, and compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.agents import train as learn
from simulator.history.backtest.agreement import Agreement, agreement
from simulator.history.backtest.cells import CUTS, Cells, Cut, cells_of_day, sums_of_day, together
from simulator.history.backtest.day import play_day
from simulator.history.backtest.figures import FIGURES, SERVICE_LEVEL, FigureName, Sum, met
from simulator.history.backtest.outlook import ModelError, Outlook, chance_of_target, outlook
from simulator.history.backtest.reliability import Reliability, reliability
from simulator.history.backtest.window import BackTestError, Window
from simulator.streams import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from simulator.history.agents import Trained
    from simulator.history.backtest.day import Arrivals
    from simulator.history.logs import Calls

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

REPLICATIONS = 50
FOLDS = 4
"""Parts of the training days; each is played by what the others teach."""


@dataclass(frozen=True, slots=True)
class Target:
    """The promise that every cell is judged by: this share of all offered is answered within so many seconds."""

    share: float = 0.8
    within: float = 20.0


@dataclass(frozen=True)
class BackTest:
    """Days that were played, beside what happened."""

    queues: tuple[str, ...]
    timezone: str
    train: Window
    test: Window
    target: Target
    arrivals: Arrivals
    replications: int
    """Of each day."""
    seed: int
    training_days: tuple[date, ...]
    """Those with calls that were answered."""
    left_out: Mapping[date, str]
    """Days of the test window that could not be played, and why: "no calls" or "nothing answered"."""
    cells: Mapping[Cut, Cells]
    """Of the test days."""
    held_back: Mapping[Cut, Cells] | None
    """Of training days, each played by what the others teach; None: the model's error was not asked for."""
    training_met: Mapping[Cut, float]
    """Share of training cells that met the target."""
    availability: float
    """Share of the time that agents seem to be there in which they are, by which the last training days have their size
    when played."""
    size_reached: bool
    """Whether they have: if not, no availability that was looked at makes waits and the unanswered what they were."""

    @property
    def test_days(self) -> tuple[date, ...]:
        """Those that were played."""
        return tuple(date.fromordinal(day) for day in self.cells["day"].day.tolist())

    def error(self, cut: Cut, figure: FigureName) -> ModelError | None:
        """The model's error, as training days show it; None: they were not played, or are too few."""
        return None if self.held_back is None else ModelError.seen(FIGURES[figure], self.held_back[cut])

    def outlook(self, cut: Cut, figure: FigureName, *, luck_alone: bool = False) -> Outlook:
        """What each cell was to be expected to bring; without knowledge of the model's error of luck alone."""
        error = None if luck_alone else self.error(cut, figure)
        return outlook(FIGURES[figure], self.cells[cut], error)

    def in_all(self, cut: Cut, figure: FigureName) -> Outlook:
        """The same of all test days together, by half-hour of the day or by queue; bands are of luck alone."""
        return outlook(FIGURES[figure], self.cells[cut].by_place())

    def agreement(self, cut: Cut, figure: FigureName) -> Agreement:
        """How well what was simulated agrees with what happened."""
        luck = self.outlook(cut, figure, luck_alone=True)
        whole = None if self.error(cut, figure) is None else self.outlook(cut, figure)
        return agreement(FIGURES[figure], self.cells[cut].day, luck, whole)

    def chance(self, cut: Cut, *, luck_alone: bool = False) -> NDArray[np.float64]:
        """[cell] P(target met), as it would have been told beforehand."""
        error = None if luck_alone else self.error(cut, SERVICE_LEVEL.name)
        return chance_of_target(self.cells[cut], self.target.share, error)

    def met(self, cut: Cut) -> Bools:
        """[cell] Whether the target was met; only to be asked of cells in which somebody arrived."""
        return met(self.cells[cut].observed, self.target.share)

    def reliability(self, cut: Cut, *, luck_alone: bool = False) -> Reliability:
        """Chances of the target, against what came."""
        cells, came = self.cells[cut], self.cells[cut].arrived
        chance = self.chance(cut, luck_alone=luck_alone)[came]
        return reliability(chance, self.met(cut)[came], cells.day[came], self.training_met[cut])


def backtest(
    calls: Calls,
    train: Window,
    test: Window,
    target: Target | None = None,
    *,
    arrivals: Arrivals = "real",
    replications: int = REPLICATIONS,
    seed: int = 1,
    workers: int = 1,
    folds: int = FOLDS,
    on_day: Callable[[int, int], None] | None = None,
) -> BackTest:
    """Learn from one window, play each day of another, compare.

    Of a test day only its arrivals are used, and who answered what when, to say which agents were there (`play_day`);
    with forecast arrivals, only the latter. The model's error comes from training days alone, each part of them played
    by what the other parts teach, be they earlier or later.

    Parameters
    ----------
    calls
        Of both windows; others are left alone.
    train, test
        Windows; the second follows the first.
    target
        Judged in every cell; 80 % within 20 s unless said otherwise.
    arrivals
        "real": the calls come when they came; "forecast": as the training days let expect.
    replications
        Of each day.
    workers
        Days side by side.
    folds
        Parts of the training days, of which each is played by what the others teach, to see the model's error; fewer
        than 2: it is not looked at, and bands are of luck alone.
    on_day
        Called with days done and days wanted.

    Raises
    ------
    BackTestError
        If the test window does not follow the training window, or one of them has no day that can be used.
    """
    target = target or Target()
    if test.first <= train.last or train.last < train.first or test.last < test.first:
        msg = f"the test window {test} has to follow the training window {train}."
        raise BackTestError(msg)
    training, _ = _usable(calls, train)
    testing, left_out = _usable(calls, test)
    for window, days in ((train, training), (test, testing)):
        if not len(days):
            known = (
                Window(*(date.fromordinal(int(end)) for end in (calls.day.min(), calls.day.max())))
                if len(calls)
                else ""
            )
            msg = f"no call was answered within {window}; there are calls of {known or 'no day'}."
            raise BackTestError(msg)
    parts = [part for part in np.array_split(training, folds) if len(part)] if 2 <= folds <= len(training) else []
    done = 0

    def play_all(trained: Trained, days: Ints) -> Mapping[Cut, Cells]:
        nonlocal done
        found = []
        for cells in _in_turn(lambda day: play(trained, int(day)), days, workers):
            found.append(cells)
            done += 1
            if on_day is not None:
                on_day(done, len(training) * bool(parts) + len(testing))
        return together(found)

    def play(trained: Trained, day: int) -> Mapping[Cut, Cells]:
        of_day = calls.where(calls.day == day)
        # Days that share their luck would be off together.
        luck = int(stream(seed, 0, "back-test", date.fromordinal(day).isoformat()).integers(2**31))
        played = play_day(trained, of_day, arrivals=arrivals, replications=replications, seed=luck)
        return cells_of_day(of_day, played, target.within)

    trained = learn(calls, training)
    held_back = [play_all(learn(calls, np.setdiff1d(training, part)), part) for part in parts]
    return BackTest(
        queues=calls.queues,
        timezone=calls.timezone,
        train=train,
        test=test,
        target=target,
        arrivals=arrivals,
        replications=replications,
        seed=seed,
        training_days=tuple(date.fromordinal(int(day)) for day in training),
        left_out=left_out,
        cells=play_all(trained, testing),
        held_back=together(held_back) if held_back else None,
        training_met=_share_met(calls, training, target),
        availability=trained.availability,
        size_reached=trained.size_reached,
    )


def _usable(calls: Calls, window: Window) -> tuple[Ints, dict[date, str]]:
    """Days of a window on which calls were answered; and the others, with the reason."""
    days = np.arange(window.first.toordinal(), window.last.toordinal() + 1)
    answered = np.isin(days, calls.day[calls.served])
    any_call = np.isin(days, calls.day)
    reasons = np.where(any_call, "nothing answered", "no calls")
    others = {
        date.fromordinal(int(day)): str(reason) for day, reason in zip(days[~answered], reasons[~answered], strict=True)
    }
    return days[answered], others


def _share_met(calls: Calls, days: Ints, target: Target) -> Mapping[Cut, float]:
    """The share of cells that met the target."""
    found = [sums_of_day(calls.where(calls.day == day), target.within) for day in days]
    result = {}
    for cut in CUTS:
        sums = np.concatenate([each[cut] for each in found])
        result[cut] = float(met(sums[sums[:, Sum.OFFERED] > 0], target.share).mean())
    return result


def _in_turn(play: Callable[[int], Mapping[Cut, Cells]], days: Ints, workers: int) -> Iterator[Mapping[Cut, Cells]]:
    """Days in their order, so many side by side; compiled code lets go of Python's lock."""
    first, rest = days[:1].tolist(), days[1:].tolist()
    yield from map(play, first)  # alone: it may compile
    if workers == 1:
        yield from map(play, rest)
        return
    with ThreadPoolExecutor(workers) as threads:
        yield from threads.map(play, rest)
