"""First attempts: what a scenario that makes those who come again by itself is asked for, interval by interval."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from logged_centre import CLOSES, FIRST, OPENS, Centre, logged_calls

from simulator.experiment import run
from simulator.history.estimators import Fitted
from simulator.history.estimators.redial import ReturnFit
from simulator.history.fitted_scenario import CallsFit, Wishes, fit_history, scenario_of
from simulator.history.fitted_scenario.first_attempts import AFTER_OPENING, first_attempts, of_first_attempts
from simulator.history.fitted_scenario.from_calls import calls_fields
from simulator.history.importing.imported import Imported

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]

STEP = 1800
SLOTS = 86_400 // STEP
WEEKS = 4
HOURS = np.zeros((7, SLOTS), dtype=np.bool_)
HOURS[:5, OPENS // STEP : CLOSES // STEP] = True


def coming_back(share: float, delay: float, *, known: bool = True) -> ReturnFit:
    def figure(value: float) -> Fitted:
        return Fitted(value, value, value, 1000, "given")

    return ReturnFit(figure(share), figure(delay), figure(0.0), 250, beyond_chance=known, watched=28_800.0)


def with_returns(calls: Calls, share: float, delay: float, seed: int = 3) -> tuple[Calls, Floats]:
    """Calls of whom a share, whatever became of them, call again, and these too; and the first attempts by interval.

    Who would come while it is closed comes within an hour of the next opening. Those who come again are answered at
    once, for a minute.
    """
    luck = np.random.default_rng(seed)
    firsts = np.bincount((calls.day - 1) % 7 * SLOTS + calls.clock // STEP, minlength=7 * SLOTS).reshape(7, SLOTS)
    start = FIRST.toordinal()
    day, end = calls.day, np.floor(calls.clock + np.fmax(calls.ended, calls.arrival) - calls.arrival)
    days: list[NDArray[np.int64]] = []
    clocks: list[NDArray[np.int64]] = []
    while len(day):
        again = luck.random(len(day)) < share
        day, clock = day[again], end[again] + luck.exponential(delay, int(again.sum()))
        late = clock >= CLOSES
        day = np.where(late, day + np.where(day % 7 == 5, 3, 1), day)  # an ordinal of Friday leaves 5
        day = (day - start) % (7 * WEEKS) + start  # the week before the first is like the last
        seconds = np.where(late, OPENS + luck.uniform(0, AFTER_OPENING, len(day)), clock).astype(np.int64)
        days, clocks = [*days, day], [*clocks, seconds]
        end = seconds + 60.0
    day, clock = np.concatenate(days), np.concatenate(clocks)
    arrival = 86_400.0 * (day - 719_163) + clock
    count = len(day)
    more = {
        "arrival": arrival,
        "answered": arrival,
        "released": arrival + 60.0,
        "ended": arrival + 60.0,
        "queue": np.zeros(count, dtype=np.int64),
        "agent": np.zeros(count, dtype=np.int64),
        "customer": np.full(count, -1),
        "day": day,
        "clock": clock,
        "file": np.zeros(count, dtype=np.int64),
        "line": np.arange(count),
    }
    whole: dict[str, Any] = {name: np.concatenate((getattr(calls, name), values)) for name, values in more.items()}
    order = np.argsort(whole["arrival"], kind="stable")
    whole = {name: values[order] for name, values in whole.items()}
    return replace(calls, **whole), firsts.astype(np.float64)


def test_first_attempts_are_found_again_in_every_interval() -> None:
    """A fifth come again after an hour: the morning is nearly all first attempts, the afternoon is not."""
    calls, firsts = with_returns(logged_calls(Centre(calls_a_day=4000.0, agents=60, both=20), WEEKS), 0.2, 3600.0)
    back = coming_back(0.2, 3600.0)
    share = first_attempts(calls, HOURS, back, back)
    came = np.bincount((calls.day - 1) % 7 * SLOTS + calls.clock // STEP, minlength=7 * SLOTS).reshape(7, SLOTS)
    found = share * came
    where = firsts > 0
    # Of each interval, chance decides who comes again; the first attempts themselves are counted, not drawn.
    luck = np.sqrt(np.maximum((came - firsts)[where], 1.0))
    assert np.abs((found - firsts)[where] / luck).max() < 4.5
    assert found.sum() == pytest.approx(firsts.sum(), rel=0.01)
    afternoon = share[1, CLOSES // STEP - 4 : CLOSES // STEP].mean()
    after_the_rush = share[1, OPENS // STEP + 2]
    assert afternoon == pytest.approx(0.8, abs=0.02)
    assert after_the_rush > afternoon + 0.03


def test_where_nobody_is_known_to_come_again_all_are_first_attempts() -> None:
    calls = logged_calls(Centre(), 2)
    unknown = coming_back(0.5, 600.0, known=False)
    for redial, repeat in ((None, None), (unknown, None), (unknown, unknown)):
        assert (first_attempts(calls, HOURS, redial, repeat) == 1.0).all()


def test_returns_are_conserved_also_those_of_the_evening() -> None:
    """As many are taken away as come again, whatever the delay; those after closing come at the next opening."""
    calls = logged_calls(Centre(), WEEKS)
    came = np.bincount((calls.day - 1) % 7 * SLOTS + calls.clock // STEP, minlength=7 * SLOTS).reshape(7, SLOTS)
    for delay in (60.0, 3600.0, 20_000.0):
        back = coming_back(0.1, delay)
        away = came * (1.0 - first_attempts(calls, HOURS, back, back))
        assert away.sum() == pytest.approx(0.1 * len(calls), rel=1e-9)
        assert away[5:].sum() == 0.0


def test_played_as_many_come_in_every_interval_as_the_history_has() -> None:
    """First attempts and those who come again together are the history's calls, by the time of day."""
    share, delay = 0.25, 5400.0
    calls, _ = with_returns(
        logged_calls(Centre(calls_a_day=2000.0, agents=40, both=20, busy_cv=0.02), WEEKS), share, delay
    )
    fit = fit_history(Imported(calls=calls), Wishes(), play=False).found
    assert isinstance(fit, CallsFit)
    back = coming_back(share, delay)
    whole = replace(fit, redial=back, repeat=back, first_attempts=first_attempts(calls, fit.hours, back, back))
    scenario = scenario_of(calls_fields(whole, 1.3))
    assert scenario.after_opening == AFTER_OPENING
    arrived = (
        np.asarray(run(scenario).estimate("arrived", ("channel", "interval")).value)[0].reshape(-1, SLOTS).sum(axis=0)
    )
    came = np.bincount(calls.clock // STEP, minlength=SLOTS)
    open_ = came > 0
    assert arrived[~open_].sum() == 0.0
    assert arrived[open_] == pytest.approx(came[open_], rel=0.06)
    assert arrived.sum() == pytest.approx(came.sum(), rel=0.02)
    # The same share taken away from every interval would not do.
    even = replace(whole, first_attempts=np.full(fit.hours.shape, 1.0 - share))
    played = np.asarray(run(scenario_of(calls_fields(even, 1.3))).estimate("arrived", ("channel", "interval")).value)[0]
    assert np.abs(played.reshape(-1, SLOTS).sum(axis=0)[open_] / came[open_] - 1.0).max() > 0.1


def test_weekdays_of_one_time_of_day_keep_it() -> None:
    fit = fit_history(Imported(calls=logged_calls(Centre(), WEEKS)), Wishes(), play=False).found
    assert isinstance(fit, CallsFit)
    (volume,) = fit.demand.volumes
    assert not volume.time_of_day.by_weekday
    first = np.linspace(1.0, 0.5, volume.time_of_day.share.size).reshape(volume.time_of_day.share.shape)
    less = of_first_attempts(volume, first)
    assert less.time_of_day.share[0] == pytest.approx(less.time_of_day.share[4])
    assert less.time_of_day.share[:5].sum(axis=1) == pytest.approx(np.ones(5))
    assert [day.value for day in less.weekdays] == pytest.approx([day.value for day in volume.weekdays])
    assert 0.5 < less.per_week.value / volume.per_week.value < 1.0
    assert less.per_week.low / volume.per_week.low == pytest.approx(less.per_week.value / volume.per_week.value)
    assert FIRST.toordinal() % 7 == 1
