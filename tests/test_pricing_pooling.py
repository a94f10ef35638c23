"""A pool against its clients: normal loads by the square-root law, and loads whose peaks are known by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats
from small_queue import QUEUE
from small_scenarios import loaded

from simulator.experiment.estimate import mean_estimate
from simulator.planning.pricing.futures import play_futures
from simulator.planning.pricing.pooling import load_of, play_clients, pooling

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("clients", [2, 4, 9])
def test_independent_normal_clients_save_by_the_square_root_law(clients: int) -> None:
    """Of one step: n (m + z s) by themselves, n m + z s sqrt(n) together."""
    generator = np.random.default_rng(clients)
    mean, spread, futures = 100.0, 20.0, 4_000
    loads = [generator.normal(mean, spread, (futures, 1)) for _ in range(clients)]
    z = float(stats.norm.ppf(0.9))
    found = pooling(loads, probability=0.9, confidence=0.999)
    alone, pool = mean + z * spread, clients * mean + z * spread * np.sqrt(clients)
    assert (found.alone.low < alone).all()
    assert (alone < found.alone.high).all()
    assert found.pool.low < pool < found.pool.high
    saved = 1 - pool / (clients * alone)
    assert found.saved.low < saved < found.saved.high
    assert found.saved.half_width < 0.04


def test_clients_that_err_alike_save_nothing() -> None:
    load = np.random.default_rng(1).normal(100.0, 20.0, (500, 3))
    found = pooling([load, load])
    assert found.saved.value == pytest.approx(0.0)
    assert found.saved.high == pytest.approx(0.0)


def test_rushes_that_coincide_save_nothing_and_those_that_do_not_save_a_peak() -> None:
    """A day of 30 among days of 10, each client in each future: 60 together on the same day, 40 on different ones."""
    load = np.tile([10.0, 10.0, 30.0, 10.0], (20, 1))
    assert pooling([load, load]).pool.value == 60.0
    apart = pooling([load, load], shifts=(0, 1))
    assert apart.pool.value == 40.0
    assert apart.alone.value.tolist() == [30.0, 30.0]
    assert apart.saved.value == pytest.approx(1 / 3)
    assert (apart.saved.low, apart.saved.high) == pytest.approx((1 / 3, 1 / 3))


def test_a_client_has_as_much_work_whatever_its_shift() -> None:
    load = np.arange(12.0).reshape(2, 6)
    for shift in range(-6, 7):
        found = pooling([load, np.zeros_like(load)], shifts=(shift, 0))
        assert found.pool.value == found.alone.value[0]
        assert found.saved.value == 0.0


def test_safety_by_the_square_root_is_less_for_the_pool() -> None:
    """100 agents of load each: 110 by themselves with one square root of safety, 200 + sqrt(200) together."""
    load = np.full((5, 1), 100.0)
    found = pooling([load, load], safety=1.0)
    assert found.alone.value.tolist() == [110.0, 110.0]
    assert found.pool.value == pytest.approx(200 + np.sqrt(200))


def test_intervals_hold_the_true_saving_as_often_as_they_say() -> None:
    generator = np.random.default_rng(21)
    z = float(stats.norm.ppf(0.9))
    true = 1 - (200 + z * 20 * np.sqrt(2)) / (2 * (100 + z * 20))
    held = 0
    for _ in range(60):
        found = pooling([generator.normal(100.0, 20.0, (200, 1)) for _ in range(2)])
        held += bool(found.saved.low <= true <= found.saved.high)
    assert held >= 49  # 57 expected


def test_clients_of_different_futures_are_refused() -> None:
    with pytest.raises(ValueError, match="as many futures and steps each"):
        pooling([np.ones((3, 2)), np.ones((4, 2))])
    with pytest.raises(ValueError, match="as many futures and steps each"):
        pooling([])


def test_the_load_of_a_queue_is_its_arrivals_times_their_handling_time(tmp_path: Path) -> None:
    """Three agents, whoever is on duty; and a day's load is the mean of its hours'."""
    scenario = loaded(tmp_path, QUEUE.replace('00:00-24:00" = 4', '00:00-24:00" = 1'))
    futures = play_futures(scenario, [], futures=20)
    by_hour, by_day = load_of(futures), load_of(futures, "day")
    assert by_hour.shape == (20, 168)
    mean = mean_estimate(by_hour.mean(axis=1), 0.999)
    assert mean.low < 3.0 < mean.high
    assert mean.half_width < 0.1
    np.testing.assert_allclose(by_day, by_hour.reshape(20, 7, 24).mean(axis=2))


def test_the_same_shop_twice_is_two_clients_with_luck_of_their_own(tmp_path: Path) -> None:
    """Loads by the hour of one and the other are not correlated, and two of them save."""
    scenario = loaded(tmp_path, QUEUE, horizon__days=1, uncertainty__forecast_cv="30 %")
    first, second = (load_of(each, "day") for each in play_clients([scenario, scenario], futures=60))
    assert abs(np.corrcoef(first[:, 0], second[:, 0])[0, 1]) < 0.4  # three standard errors
    found = pooling([first, second])
    assert found.saved.low > 0.0
