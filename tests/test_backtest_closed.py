"""Customers who call while nobody is there are told apart, and spoil nothing of those who call when agents are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from lived_centre import CLOSE, lived_centre

from simulator.history.agents import attendance_of, train
from simulator.history.agents.attendance import BREAK_FROM, Attendance
from simulator.history.agents.patience import observe_patience
from simulator.history.backtest.day import play_day
from simulator.history.logs import Calls

ALL = np.ones((8, 2), dtype=np.bool_)
EVENING = float(CLOSE + 2 * 3600)
"""Seconds after midnight, when all have long gone home."""
EPOCH = date(1970, 1, 1).toordinal()


@pytest.fixture(scope="module")
def staffed() -> Calls:
    """Twenty weekdays on which nobody calls in the evening."""
    return lived_centre(20, seed=7)


def with_callers(calls: Calls, days: np.ndarray, from_: float, number: int, waited: float) -> Calls:
    """The same, and on these days so many more who call from this time on, ten seconds apart, and are not answered."""
    clock = np.tile(from_ + 10.0 * np.arange(number), len(days))
    day = np.repeat(days, number)
    count = len(day)
    arrival = 86_400.0 * (day - EPOCH) + clock
    more: dict[str, Any] = {
        "arrival": arrival,
        "answered": np.full(count, np.nan),
        "released": np.full(count, np.nan),
        "ended": arrival + waited,
        "queue": np.zeros(count, dtype=np.int64),
        "agent": np.full(count, -1),
        "customer": np.full(count, -1),
        "day": day,
        "clock": clock.astype(np.int64),
        "file": np.zeros(count, dtype=np.int64),
        "line": np.arange(count),
    }
    whole = {name: np.concatenate((getattr(calls, name), each)) for name, each in more.items()}
    order = np.argsort(whole["arrival"], kind="stable")
    sorted_: dict[str, Any] = {name: column[order] for name, column in whole.items()}
    return replace(calls, **sorted_)


def test_the_door_is_closed_five_minutes_away_from_everybody() -> None:
    """Two agents from 1000 to 2000 and from 1500 to 3000 s, a third from 10000 to 11000."""
    start, end = np.array([1000.0, 1500.0, 10_000.0]), np.array([2000.0, 3000.0, 11_000.0])
    there = Attendance(np.arange(3), np.zeros(3, dtype=np.int64), start, end, ALL[:3])
    moments = np.array([0.0, 699.0, 701.0, 2500.0, 3299.0, 3301.0, 9699.0, 9701.0, 11_301.0])
    assert there.closed(moments).tolist() == [True, True, False, False, False, True, True, False, True]


def test_with_nobody_there_all_day_the_door_is_closed() -> None:
    none = np.empty(0)
    nobody = Attendance(none.astype(np.int64), none.astype(np.int64), none, none, np.empty((0, 2), dtype=np.bool_))
    assert nobody.closed(np.array([0.0, 1e6])).all()


def test_a_centre_that_is_staffed_whenever_calls_come_has_no_closed_door(staffed: Calls) -> None:
    trained = train(staffed, np.unique(staffed.day))
    assert not trained.attendance(staffed).closed(staffed.arrival).any()
    assert trained.at_the_door is trained.patience


def test_who_calls_while_nobody_is_there_changes_nothing_for_others(staffed: Calls) -> None:
    """Whoever hangs up at once at a closed door does so again, and all else is as if nobody had called."""
    days = np.unique(staffed.day)
    more = with_callers(staffed, days, EVENING, 30, 0.0)
    with_, without = train(more, days[:10]), train(staffed, days[:10])
    assert with_.availability == without.availability
    luck, queue = np.random.default_rng(1).random(1000), np.zeros(1000, dtype=np.int64)
    np.testing.assert_array_equal(with_.patience.draw(queue, luck), without.patience.draw(queue, luck))
    day = more.where(more.day == days[12])
    played = play_day(with_, day, replications=2)
    evening = played.clock >= EVENING
    assert evening.sum() == 60
    assert not played.answered[evening].any()
    assert (played.waited[evening] == 0).all()


def test_who_waits_at_a_closed_door_waits_again(staffed: Calls) -> None:
    """Patience there is learnt: it is not taken for granted that customers hear that it is closed."""
    days = np.unique(staffed.day)
    more = with_callers(staffed, days, EVENING, 30, 77.0)
    played = play_day(train(more, days[:10]), more.where(more.day == days[12]), replications=2)
    assert (played.waited[played.clock >= EVENING] == 77.0).all()


def test_a_few_at_a_closed_door_tell_no_patience_of_their_own(staffed: Calls) -> None:
    days = np.unique(staffed.day)
    trained = train(with_callers(staffed, days[:1], EVENING, 5, 0.0), days[:10], play=False)
    assert trained.at_the_door is trained.patience


def test_customers_who_all_hang_up_at_once_are_drawn_so(staffed: Calls) -> None:
    """Nobody has waited a second, which makes no rate; they do not wait for ever."""
    at_once = with_callers(staffed.where(staffed.day < 0), np.unique(staffed.day)[:1], EVENING, 30, 0.0)
    drawn = observe_patience(at_once).draw(np.zeros(100, dtype=np.int64), np.linspace(0.0, 0.99, 100))
    assert (drawn == 0).all()


@pytest.mark.parametrize(("callers", "shut"), [(9, False), (10, True)])
def test_a_breakdown_in_the_middle_of_the_day_is_seen_by_those_who_call_in_vain(callers: int, shut: bool) -> None:
    """One agent answers at 9:00 and again an hour later; in between some call, and nobody is answered.

    Without them she was idle for an hour, for all that is known.
    """
    a_day = lived_centre(1)
    before_and_after = a_day.where(np.arange(len(a_day)) < 2)
    midnight = 86_400.0 * (int(a_day.day[0]) - EPOCH)
    nine, ten = 9 * 3600.0, 10 * 3600.0
    moments = midnight + np.array([nine, ten])
    two = replace(
        before_and_after,
        arrival=moments,
        answered=moments + 1.0,
        released=moments + 101.0,
        ended=moments + 101.0,
        clock=np.array([nine, ten], dtype=np.int64),
        agent=np.zeros(2, dtype=np.int64),
        queue=np.zeros(2, dtype=np.int64),
    )
    calls = with_callers(two, two.day[:1], nine + 1000.0, callers, 0.0)
    there = attendance_of(calls, ALL, 1.0)
    assert len(there) == 1 + shut
    assert there.closed(calls.arrival).sum() == shut * callers
    if shut:
        assert there.start[1] == midnight + ten
        assert there.start[1] - there.end[0] > BREAK_FROM
