from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from demand_scenarios import a_channel, a_history, a_scenario

from simulator.experiment.volumes import VolumesBesideFile, volumes_beside_file
from simulator.scenario.model import Busyness, HistoryDemand, Scenario, VolumeFactor

MONDAY = date(2026, 1, 5)


def counts(weeks: int, busyness_cv: float = 0.0, slots: int = 24) -> np.ndarray:
    """[day, slot] Poisson counts of mean 20, Mondays of mean 40, times a gamma factor a day."""
    rng = np.random.default_rng(4)
    days = 7 * weeks
    mean = np.where(np.arange(days) % 7 == 0, 40.0, 20.0)
    if busyness_cv:
        mean = mean * rng.gamma(busyness_cv**-2, busyness_cv**2, days)
    return rng.poisson(np.repeat(mean[:, None], slots, axis=1)).astype(np.float64)


def scenario_of(history: HistoryDemand, day_cv: float | None = 0.0, days: int = 7, interval: int = 3600) -> Scenario:
    channel = a_channel(demand=replace(history, use="typical week"), busyness=Busyness(day_cv, 0.0))
    return a_scenario(channel, days=days, interval=interval)


def beside(scenario: Scenario, replications: int = 40) -> VolumesBesideFile:
    (found,) = volumes_beside_file(scenario, seed=1, replications=replications)
    return found


def test_poisson_volumes_have_dispersion_one_on_both_sides() -> None:
    found = beside(scenario_of(a_history(counts(weeks=20), MONDAY, 3600)))
    for side in (found.file_days, found.file_slots, found.simulated_days, found.simulated_slots):
        assert abs(side.index - 1) < 4 * side.index_error
        assert side.index_error < 0.2
    # (40 + 6 x 20) / 7 contacts an hour.
    assert found.file_slots.mean == pytest.approx(160 / 7, rel=0.02)
    assert found.file_days.mean == pytest.approx(24 * found.file_slots.mean)
    # The simulation's mean is the file's, but for its own luck.
    assert abs(found.simulated_slots.mean - found.file_slots.mean) < 4 * found.simulated_slots.mean_error
    assert found.simulated_slots.mean_error < 0.01 * found.file_slots.mean


def test_busy_days_show_on_both_sides_when_they_are_taken_from_the_file() -> None:
    """A day factor of cv 0.3 on 24 slots of mean m: index of days 1 + 0.3 ** 2 x 24 m, of slots 1 + 0.3 ** 2 m."""
    found = beside(scenario_of(a_history(counts(weeks=40, busyness_cv=0.3), MONDAY, 3600), day_cv=None))
    mean_square = (40**2 + 6 * 20**2) / (40 + 6 * 20)
    for side in (found.file_days, found.simulated_days):
        assert abs(side.index - (1 + 0.09 * 24 * mean_square)) < 4 * found.file_days.index_error
    assert abs(found.simulated_slots.index - found.file_slots.index) < 4 * found.file_slots.index_error
    assert found.file_days.index > 20


def test_slots_are_as_long_as_the_longer_of_file_and_planning_interval() -> None:
    history = a_history(counts(weeks=4), MONDAY, 3600)
    for interval, step in ((900, 3600), (3600, 3600), (7200, 7200)):
        found = beside(scenario_of(history, interval=interval), replications=4)
        assert found.step == step
        assert found.file_slots.mean * 86400 / step == pytest.approx(found.file_days.mean)


def test_a_file_with_fewer_mondays_is_not_held_against_a_week() -> None:
    """Without half of its Mondays the file's plain mean falls; its mean for a week does not."""
    whole = counts(weeks=8)
    history = a_history(whole, MONDAY, 3600)
    kept = np.array([day % 14 != 0 for day in range(len(whole))])
    fewer = replace(history, count=history.count[kept], date=tuple(np.array(history.date)[kept].tolist()))
    found = beside(scenario_of(fewer), replications=4)
    mondays, others = whole[kept & (np.arange(56) % 7 == 0)], whole[np.arange(56) % 7 != 0]
    assert found.file_slots.mean == pytest.approx((mondays.mean() + 6 * others.mean()) / 7)


def test_a_horizon_with_two_mondays_is_held_against_two_mondays() -> None:
    whole = counts(weeks=8)
    found = beside(scenario_of(a_history(whole, MONDAY, 3600), days=8), replications=4)
    is_monday = np.arange(56) % 7 == 0
    expected = 24 * (2 * whole[is_monday].mean() + 6 * whole[~is_monday].mean()) / 8
    assert found.file_days.mean == pytest.approx(expected)
    assert abs(found.simulated_days.mean - expected) < 4 * found.simulated_days.mean_error


def test_days_with_a_factor_of_their_own_are_left_out() -> None:
    scenario = scenario_of(a_history(counts(weeks=8), MONDAY, 3600))
    plain = beside(scenario)
    rush = VolumeFactor("rush", 0.0, 86400.0, 5.0, (0,), (0,))
    found = beside(replace(scenario, volume_factors=(rush,)))
    assert found.simulated_days.mean == pytest.approx(20 * 24, rel=0.03)
    assert found.simulated_days.mean < plain.simulated_days.mean


def test_a_day_on_which_the_clock_changes_is_left_out() -> None:
    history = a_history(counts(weeks=8), MONDAY, 3600)
    week = replace(scenario_of(history), calendar=a_scenario(start=date(2026, 3, 23), days=7, interval=3600).calendar)
    saturday = replace(week, calendar=a_scenario(start=date(2026, 3, 23), days=6, interval=3600).calendar)
    assert beside(week).file_days.mean == beside(saturday).file_days.mean


def test_nothing_is_compared_where_nothing_can_be() -> None:
    dated = a_scenario(a_channel(demand=a_history(np.ones((1, 24)), date(2026, 6, 1), 3600)), interval=3600)
    one_week = scenario_of(a_history(counts(weeks=1), MONDAY, 3600))
    nobody = scenario_of(a_history(np.zeros((14, 24)), MONDAY, 3600))
    for scenario in (dated, one_week, nobody, a_scenario(a_channel())):
        assert volumes_beside_file(scenario, seed=1, replications=3) == ()
