"""Contracts over levels of demand: invoices whose crossings, flips and regrets are worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from given_futures import futures_of
from invoice_cases import contract_of
from small_queue import QUEUE
from small_scenarios import loaded

from simulator.planning.pricing.break_even import break_evens
from simulator.planning.pricing.levels import play_levels

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.planning.pricing.futures import Futures
    from simulator.scenario.contract import Contract

LEVELS = (0.7, 0.85, 1.0, 1.15, 1.3)
CALLS = np.array([900.0, 1000.0, 1100.0])
"""[future] At level 1; the mean is 1,000."""


def contract(name: str, line: dict[str, object], **more: Any) -> Contract:
    raw = {"currency": "EUR", "risk": "none", "lines": {"all": line}} | more
    return contract_of(raw, name)


FIXED = contract(
    "fixed",
    {"unit": "logged hour", "base": {"units": 100, "rate": "30 EUR/h"}, "rate": "30 EUR/h"},
    billing={"part_months": "in full"},
)
"""3,000 for a month, used or not."""
BY_CALL = contract("by-call", {"unit": "contact", "rate": "3.20 EUR/contact"})
"""3,200 at level 1."""
WITH_MINIMUM = contract("minimum", {"unit": "contact", "rate": "2.50 EUR/contact"}, fees={"set_up": "400 EUR"})
"""400 + 2,500 at level 1."""
LOCKED = contract(
    "locked",
    {"unit": "contact", "rate": "3 EUR/contact"},
    forecast_lock={"weeks": 4, "per": "day", "relief_above": "10 %", "billed_at_least": "90 %"},
)


def played(**changes: Any) -> dict[float, Futures]:
    return {
        level: futures_of(hours=np.zeros(3), calls=level * CALLS, forecast=level * 1000.0, **changes)
        for level in LEVELS
    }


def test_two_linear_invoices_break_even_where_they_are_equal_by_hand() -> None:
    """3,000 against 3.20 a call of 1,000 calls: at 0.9375 of the demand."""
    found = break_evens([FIXED, BY_CALL], played())
    (one,) = found.crossings
    assert one.level == pytest.approx(3000 / 3200)
    assert (one.below, one.above) == (1, 0)
    assert one.flips
    np.testing.assert_allclose(found.expected.value, np.array([np.full(5, 3000.0), 3200.0 * np.array(LEVELS)]))


def test_the_ends_of_the_interval_are_where_the_difference_is_just_significant() -> None:
    """The difference at level x is 3,000 - 3,200 x on average, and its standard error 320 x / sqrt(3)."""
    (one,) = break_evens([FIXED, BY_CALL], played()).crossings
    t = 4.302652729911275
    error = t * 320 / np.sqrt(3)
    assert one.low == pytest.approx(3000 / (3200 + error))
    assert one.high == pytest.approx(3000 / (3200 - error))


def test_the_ranking_flips_only_where_the_cheapest_changes() -> None:
    """By the call 3,200 x, fixed 3,000, with a set-up fee 400 + 2,500 x: they cross at 0.571, 0.9375 and 1.04.

    At 0.9375 the third costs 2,744 and is cheaper than both.
    """
    found = break_evens([FIXED, BY_CALL, WITH_MINIMUM], played())
    assert [each.level for each in found.crossings] == pytest.approx([0.9375, 1.04])
    assert [(each.below, each.above, each.flips) for each in found.crossings] == [(1, 0, False), (2, 0, True)]
    assert found.best == (2, 2, 2, 0, 0)
    assert [each.level for each in found.flips] == [pytest.approx(1.04)]


def test_regret_is_what_is_paid_more_than_the_best_and_nothing_for_the_best() -> None:
    found = break_evens([FIXED, BY_CALL, WITH_MINIMUM], played())
    costs = np.array([[3000.0] * 5, 3200.0 * np.array(LEVELS), 400 + 2500.0 * np.array(LEVELS)])
    np.testing.assert_allclose(found.regret.value, costs - costs.min(axis=0), atol=1e-9)
    for level, best in enumerate(found.best):
        assert found.regret.value[best, level] == found.regret.half_width[best, level] == 0.0
    assert (found.regret.value >= 0).all()


def test_what_the_shop_has_beside_moves_no_crossing_and_is_in_its_whole_cost() -> None:
    plain = break_evens([FIXED, BY_CALL], played())
    beside = break_evens([FIXED, BY_CALL], played(shop_costs=[500.0, 600.0, 700.0], lost_value=[9.0, 0.0, 0.0]))
    assert beside.crossings == plain.crossings
    np.testing.assert_allclose(beside.whole_cost.value, plain.expected.value + 603.0)


def test_a_forecast_that_was_locked_is_held_against_whatever_comes() -> None:
    """Locked at 1,000: at 0.7, nine tenths of it are billed; were it locked at 700, only what came above 630."""
    futures = played()
    held, follows = (break_evens([LOCKED], futures), break_evens([LOCKED], futures, forecast="follows"))
    assert held.expected.value[0, 0] == pytest.approx(2700.0)
    # 630, 700 and 770 come; none is short of 630.
    assert follows.expected.value[0, 0] == pytest.approx(2100.0)
    assert held.expected.value[0, 2] == pytest.approx(follows.expected.value[0, 2])


def test_the_same_contract_twice_breaks_even_nowhere() -> None:
    assert break_evens([FIXED, FIXED], played()).crossings == ()


def test_levels_of_different_futures_are_refused() -> None:
    futures = played()
    with pytest.raises(ValueError, match="seeds or numbers differ"):
        break_evens([FIXED], futures | {1.3: futures_of(calls=np.zeros(3), seed=2)})
    with pytest.raises(ValueError, match="two levels of demand or more"):
        break_evens([FIXED], {1.0: futures[1.0]})
    del futures[1.0]
    with pytest.raises(ValueError, match="that of level 1, which is not among the levels"):
        break_evens([FIXED], futures)


def test_played_levels_break_even_where_the_hours_cost_as_much_as_the_calls(tmp_path: Path) -> None:
    """So many agents that every call is taken: 168 x 20 hours at 10, and 10,080 calls at 3.70: at 0.9009."""
    scenario = loaded(tmp_path, QUEUE.replace('00:00-24:00" = 4', '00:00-24:00" = 20'))
    by_hour = contract("by-hour", {"unit": "logged hour", "rate": "10 EUR/h"})
    by_call = contract("calls", {"unit": "contact", "rate": "3.70 EUR/contact"})
    told: list[tuple[int, int]] = []
    futures = play_levels(
        scenario,
        [by_hour, by_call],
        (0.8, 1.0, 1.2),
        futures=20,
        on_progress=lambda *done: told.append(done),
    )
    assert told == [(done, 60) for done in range(1, 61)]
    found = break_evens([by_hour, by_call], futures)
    (one,) = found.crossings
    true = 33_600 / 37_296
    assert abs(one.level - true) < 2 * max(one.high - one.level, one.level - one.low)
    assert one.high - one.low < 0.01
    assert (one.below, one.above, one.flips) == (1, 0, True)
    np.testing.assert_allclose(found.expected.value[0], 33_600.0)
