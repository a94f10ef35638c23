"""Agents to hold where nobody queues: the closed form for normal and gamma demand, and all answers there are."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import special
from small_scenarios import loaded

from simulator.planning.pricing.futures import play_futures
from simulator.planning.pricing.newsvendor import Holding, Prices, expected_margin, newsvendor
from simulator.planning.pricing.risk import quantile_estimate

if TYPE_CHECKING:
    from pathlib import Path

PRICES = Prices(base=16.0, retainer=4.0, called=30.0, earned=64.0, missed=6.0)
"""Base up to a need that 12 / 30 of all futures exceed; all together up to one that 4 / 40 exceed."""


def _ppf(name: str, share: float) -> float:
    if name == "normal":
        return 100.0 + 20.0 * float(special.ndtri(share))
    return 25.0 * float(special.gammaincinv(4.0, share))


@pytest.mark.parametrize("name", ["normal", "gamma"])
def test_the_split_of_many_futures_is_the_closed_form(name: str) -> None:
    """Base and the whole at their quantiles, each within the interval of so many futures."""
    rng = np.random.default_rng(3)
    need = rng.normal(100.0, 20.0, 100_000) if name == "normal" else rng.gamma(4.0, 25.0, 100_000)
    found = newsvendor(need, PRICES)
    for agents, share in ((found.base, 0.6), (found.base + found.on_call, 0.9)):
        interval = quantile_estimate(need, share, 0.999)
        assert interval.low <= _ppf(name, share) <= interval.high
        assert interval.low <= agents <= interval.high
        assert agents == pytest.approx(_ppf(name, share), rel=0.01)


@pytest.mark.parametrize("name", ["normal", "gamma"])
def test_without_anybody_on_call_it_is_the_newsvendor_of_one_level(name: str) -> None:
    rng = np.random.default_rng(4)
    need = rng.normal(100.0, 20.0, 100_000) if name == "normal" else rng.gamma(4.0, 25.0, 100_000)
    found = newsvendor(need, Prices(base=16.0, retainer=16.0, called=0.0, earned=64.0))
    assert found.on_call == 0
    assert found.base == pytest.approx(_ppf(name, 0.75), rel=0.01)


def test_no_other_numbers_bring_more() -> None:
    """60 cases with prices of all kinds, against all pairs of whole numbers."""
    rng = np.random.default_rng(6)
    held_both = 0
    for _ in range(60):
        need = rng.integers(0, 9, 25).astype(np.float64)
        prices = Prices(*rng.integers(0, [20, 12, 30, 40, 10]).tolist())
        found = newsvendor(need, prices)
        most = max(
            expected_margin(need, Holding(base, on_call), prices)
            for base, on_call in itertools.product(range(10), range(10))
        )
        assert expected_margin(need, found, prices) == pytest.approx(most)
        held_both += found.base > 0 and found.on_call > 0
    assert held_both > 5


def test_margin_by_hand() -> None:
    """3 held and 2 on call: needs of 2, 4 and 7 bring the work of 2, 4 and 5, of which 0, 1 and 2 are called."""
    prices = Prices(base=10.0, retainer=1.0, called=12.0, earned=30.0, missed=5.0)
    expected = (30.0 * (2 + 4 + 5) - 5.0 * 2 - 12.0 * (0 + 1 + 2)) / 3 - 10.0 * 3 - 1.0 * 2
    assert expected_margin(np.array([2.0, 4.0, 7.0]), Holding(3.0, 2.0), prices) == pytest.approx(expected)


GAMMA_DAY = """
title = "One channel, and more agents than customers"
[horizon]
start = 2026-06-01
days = 1
interval = "1 h"
[channels.phone]
kind = "live"
hours = "mon 08:00-20:00"
handling_time = { mean = "3 min", distribution = "constant" }
patience = "infinite"
target = { answered = "80 %", within = "20 s" }
demand = { per_week = 3000, weekdays = { mon = 1 }, time_of_day = { "08:00" = 1, "20:00" = 0 } }
busyness = { day_cv = "40 %" }
[groups.partner]
employer = "outsourced"
[groups.partner.staffing]
"mon 08:00-21:00" = 200
[groups.partner.skills.phone]
"""


def test_simulated_days_without_queueing_are_held_for_as_the_closed_form_says(tmp_path: Path) -> None:
    """Busy hours are work: 150 h of it in a usual day, gamma with a coefficient of variation of 40 %."""
    futures = play_futures(loaded(tmp_path, GAMMA_DAY), [], futures=400)
    need = futures.work[:, 0, 0] / 12.0
    found = newsvendor(need, PRICES)
    for agents, share in ((found.base, 0.6), (found.base + found.on_call, 0.9)):
        closed = 12.5 * 0.16 * float(special.gammaincinv(1 / 0.16, share))
        interval = quantile_estimate(need, share, 0.999)
        assert interval.low <= closed <= interval.high
        assert agents == pytest.approx(closed, rel=0.08)


@pytest.mark.parametrize("wrong", [{"base": -1.0}, {"earned": np.inf}])
def test_prices_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Prices(**{"base": 1.0, "retainer": 1.0, "called": 1.0, "earned": 1.0} | wrong)
