"""Arrivals that past days let expect: how many, how sure, and when in the day; against made days whose law is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from lived_centre import lived_centre
from numpy.typing import NDArray

from simulator.history.agents.day_totals import fit_day_totals
from simulator.history.agents.usual import usual_arrivals
from simulator.history.logs import Calls

MONDAY = 735_001
"""Ordinal of 13 May 2013."""
Z90 = 1.6449


@pytest.fixture(scope="module")
def some() -> Calls:
    return lived_centre(1, seed=7)


def calls_on(some: Calls, day: NDArray[np.int64], number: NDArray[np.int64]) -> Calls:
    """So many calls on each day, all at ten o'clock."""
    rows = np.repeat(np.arange(len(day)), number)
    return replace(some.where(np.zeros(len(rows), dtype=np.int64)), day=day[rows], clock=np.full(len(rows), 36_000))


@pytest.mark.parametrize("spread", [0.0, 0.2])
def test_days_that_differ_by_chance_alone_are_drawn_so_and_others_differ_as_they_did(
    some: Calls, spread: float
) -> None:
    """Poisson days are drawn with variance = mean, not with twice as much; days that do differ keep how they do."""
    luck = np.random.default_rng(4)
    days = np.arange(MONDAY, MONDAY + 7 * 30)
    busy = luck.gamma(1 / spread**2, spread**2, len(days)) if spread else np.ones(len(days))
    usual = usual_arrivals(calls_on(some, days, luck.poisson(400.0 * busy))).on(MONDAY + 210)
    drawn = np.array([len(usual.draw(3, each)[0]) for each in range(2000)])
    assert drawn.var() / drawn.mean() == pytest.approx(1.0 + np.log(busy).var() * drawn.mean(), rel=0.3)
    # The weekday's mean rests on thirty days.
    assert drawn.mean() == pytest.approx(400.0, rel=3 * np.hypot(spread, 0.05) / np.sqrt(30))


def test_calls_come_at_the_times_and_to_the_queues_of_their_weekday(some: Calls) -> None:
    """Mondays call at ten, Tuesdays at three."""
    days = np.arange(MONDAY, MONDAY + 28)
    days = days[(days - MONDAY) % 7 < 2]
    past = calls_on(some, days, np.full(len(days), 100))
    past = replace(past, clock=np.where((past.day - MONDAY) % 7 == 0, 36_000, 54_000))
    usual = usual_arrivals(past)
    for day, quarter in ((MONDAY + 28, 36_000), (MONDAY + 29, 54_000)):
        clock, queue = usual.on(day).draw(1, 0)
        assert (clock // 900 * 900 == quarter).all()
        assert (np.diff(clock) >= 0).all()
        assert (queue == past.queue[0]).all()
        assert 50 < len(clock) < 150


def test_on_a_weekday_without_a_day_nobody_calls(some: Calls) -> None:
    usual = usual_arrivals(calls_on(some, MONDAY + 7 * np.arange(5), np.full(5, 200)))
    assert len(usual.on(MONDAY + 36).draw(1, 0)[0]) == 0


def test_recent_weeks_tell_the_days_that_follow_and_less_the_further_away() -> None:
    """The level doubles after ten weeks: it is believed the week after, and less surely so a year after."""
    days = np.arange(MONDAY, MONDAY + 140)
    luck = np.random.default_rng(2)
    totals = fit_day_totals(days, np.where(days < MONDAY + 70, 400.0, 800.0) * np.exp(luck.normal(0, 0.05, 140)))
    before, soon, late = (totals.on(MONDAY + k) for k in (-3, 143, 140 + 371))
    assert np.exp(before.log_mean) == pytest.approx(400, rel=0.1)
    assert np.exp(soon.log_mean) == pytest.approx(800, rel=0.1)
    assert 500 < np.exp(late.log_mean) < np.exp(soon.log_mean)
    assert late.log_sd > soon.log_sd


def test_a_day_on_which_telephones_were_down_says_little_of_others() -> None:
    day = MONDAY + np.arange(56)
    calls = 1000.0 * np.exp(np.random.default_rng(5).normal(0.0, 0.05, 56))
    usual = fit_day_totals(day, calls).on(MONDAY + 58)
    calls[30] = 3.0
    after = fit_day_totals(day, calls).on(MONDAY + 58)
    assert after.log_mean == pytest.approx(usual.log_mean, abs=0.02)
    assert usual.log_sd <= after.log_sd <= 2.0 * usual.log_sd
    own = fit_day_totals(day, calls).on(MONDAY + 58 + (30 - 58) % 7)  # a later day of its own weekday
    assert own.log_mean == pytest.approx(np.log(1000.0), abs=0.1)


def test_a_weekday_known_from_one_day_is_less_sure_and_one_day_of_each_says_nothing() -> None:
    """Ten Mondays differ; that there is a single Tuesday does not say that Tuesdays are alike."""
    day = np.append(MONDAY + 7 * np.arange(10), MONDAY + 1)
    totals = fit_day_totals(np.sort(day), np.append([300.0, 400.0], np.tile([500.0, 300.0, 400.0], 3)))
    monday, tuesday = totals.on(MONDAY + 77), totals.on(MONDAY + 78)
    assert tuesday.log_sd > 1.2 * monday.log_sd > 0.2
    alone = fit_day_totals(MONDAY + np.arange(5), np.full(5, 100.0)).on(MONDAY + 7)
    assert alone.log_sd == 0
    assert np.exp(alone.log_mean) == pytest.approx(100, rel=0.01)


def test_days_without_a_level_in_common_have_the_mean_of_their_weekday() -> None:
    """Balanced days of two weekdays that differ by turns: no level is seen, and the prediction is the mean."""
    day = np.sort(np.concatenate([MONDAY + 7 * np.arange(40), MONDAY + 3 + 7 * np.arange(40)]))
    log = np.where((day - MONDAY) % 7 == 0, 7.0, 6.0) + np.tile([0.2, 0.2, -0.2, -0.2], 20)
    totals = fit_day_totals(day, np.exp(log))
    assert totals.on(MONDAY + 700).log_mean == pytest.approx(7.0, abs=0.01)
    assert totals.on(MONDAY + 703).log_mean == pytest.approx(6.0, abs=0.01)
    assert totals.on(MONDAY + 700).log_sd == pytest.approx(0.2, rel=0.1)


@pytest.mark.parametrize(("share", "lasting"), [(0.0, 7.0), (0.5, 20.0), (0.6, 200.0)])
def test_nine_of_ten_days_fall_within_the_interval_of_nine_tenths(share: float, lasting: float) -> None:
    """Six weeks of weekdays teach; a day up to four weeks after, or in a hole of two weeks, is told."""
    luck, histories = np.random.default_rng(9), 600
    whole = np.array([MONDAY + k for k in range(70) if k % 7 < 5])
    away = np.abs(whole[:, None] - whole)
    root = np.linalg.cholesky(0.15**2 * (share * np.exp(-away / lasting) + (1 - share) * np.eye(len(whole))))
    held = {"after": [], "hole": []}  # type: dict[str, list[bool]]
    for _ in range(histories):
        mean = np.exp(8.0 + 0.1 * ((whole - MONDAY) % 7) + root @ luck.standard_normal(len(whole)))
        came = luck.poisson(mean)
        for name, untold in (("after", slice(30, 50)), ("hole", slice(10, 20))):
            known = np.ones(len(whole), dtype=np.bool_)
            known[untold] = False
            totals = fit_day_totals(whole[known], came[known].astype(np.float64))
            place = int(luck.choice(np.flatnonzero(~known)))
            told = totals.on(int(whole[place]))
            held[name].append(abs(np.log(mean[place]) - told.log_mean) < Z90 * told.log_sd)
    for each in held.values():
        # Chance: 0.9 +- 0.03. How long levels last is hardly known, which costs a little.
        assert 0.84 <= np.mean(each) <= 0.95
