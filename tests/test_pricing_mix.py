"""Mixes of in-house, base and burst: by hand, and as a queue whose costs a formula knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from given_futures import a_shop, futures_of
from invoice_cases import contract_of
from small_queue import QUEUE
from small_scenarios import loaded

from simulator.planning.pricing.buyer_view import without_supplier
from simulator.planning.pricing.commitment import WEEK, commitments, near, play_commitments
from simulator.planning.pricing.mix import PlayedMixes, best_mix, mixed, play_mixes
from simulator.queueing import ErlangA

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.planning.pricing.mix import Mix

PLAIN: dict[str, Any] = {"currency": "EUR", "risk": "none"}
BY_HOUR = contract_of(PLAIN | {"lines": {"hours": {"unit": "logged hour", "rate": "25 EUR/h"}}}, "by-hour")
BY_CALL = contract_of(PLAIN | {"lines": {"calls": {"unit": "contact", "rate": "4 EUR/contact"}}}, "by-call")


def cost_by_formula(agents: int) -> float:
    """A week's hours at 25, and 30 for one in ten of those who give up."""
    queue = ErlangA(servers=agents, arrival_rate=1 / 60, mean_handling_time=180, mean_patience=120)
    return 168 * agents * 25 + 10080 * queue.abandonment_ratio * 0.1 * 30


def test_the_cost_of_each_number_of_agents_is_that_of_erlang_a(tmp_path: Path) -> None:
    """And so is the cheapest of them. A week of a queue that starts empty, 40 times."""
    extra = range(-3, 4)
    played = play_mixes(loaded(tmp_path, QUEUE), [BY_HOUR], [{"team": each} for each in extra], futures=40)
    found = best_mix([BY_HOUR], played, 0.5)
    by_formula = {each: cost_by_formula(4 + each) for each in extra}
    for priced in found.priced:
        cost, z = priced.whole_cost, 4.0 / 2.0227  # four standard errors; t of 39 degrees of freedom
        exact = by_formula[priced.mix["team"]]
        assert abs(cost.value - exact) < z * cost.half_width + 1e-4 * exact
        assert cost.half_width < 0.01 * exact
    assert [each.mix["team"] for each in found.priced] == sorted(by_formula, key=by_formula.__getitem__)


def given(*mixes: tuple[Mix, list[float], list[float], float]) -> PlayedMixes:
    """Mixes with hours of the supplier and own costs in each of four futures, and P(target met) by phone."""
    played = []
    for _, hours, own, met in mixes:
        plain = futures_of(hours=hours, calls=np.full(4, 10.0), shop_costs=own)
        by_channel = np.full((4, len(plain.scenario.channels)), np.nan)
        by_channel[:, 0] = met
        played.append(replace(plain, met=by_channel))
    return PlayedMixes(a_shop(), tuple(mix for mix, _, _, _ in mixes), tuple(played))


GIVEN = given(
    ({"inhouse": 0, "outsourced": 0}, [10.0, 10.0, 10.0, 10.0], [500.0, 500.0, 500.0, 600.0], 0.70),
    ({"inhouse": 1, "outsourced": 0}, [10.0, 10.0, 10.0, 10.0], [600.0, 600.0, 600.0, 700.0], 0.85),
    ({"inhouse": 0, "outsourced": 1}, [15.0, 15.0, 15.0, 15.0], [500.0, 500.0, 500.0, 500.0], 0.80),
    ({"inhouse": 1, "outsourced": 1}, [15.0, 15.0, 15.0, 15.0], [600.0, 600.0, 600.0, 600.0], 1.00),
)
"""By the hour 775, 875, 875, 975 on average; by the call 565, 665, 540, 640."""


def test_the_cheapest_mix_is_the_cheapest_of_those_that_keep_the_targets() -> None:
    found = best_mix([BY_HOUR, BY_CALL], GIVEN, 0.8)
    assert [float(each.whole_cost.value) for each in found.priced] == [540, 565, 640, 665, 775, 875, 875, 975]
    best = found.best()
    assert best is not None
    assert (best.contract, best.mix) == (BY_CALL, {"inhouse": 0, "outsourced": 1})
    by_hour = found.best(BY_HOUR)
    assert by_hour is not None
    assert by_hour.whole_cost.value == 875.0
    stricter = best_mix([BY_CALL], GIVEN, 0.9).best()
    assert stricter is not None
    assert stricter.mix == {"inhouse": 1, "outsourced": 1}


def test_no_mix_is_the_cheapest_where_none_keeps_the_targets() -> None:
    without = PlayedMixes(GIVEN.scenario, GIVEN.mixes[:3], GIVEN.futures[:3])
    assert best_mix([BY_HOUR], without, 0.9).best() is None


def test_mixes_are_compared_future_by_future() -> None:
    """By the hour, an agent of the supplier more costs 125, and saves 100 of the shop's own in the last future."""
    found = best_mix([BY_HOUR], GIVEN, 0.8)
    today = found.today(BY_HOUR)
    other = next(each for each in found.priced if each.mix == {"inhouse": 0, "outsourced": 1})
    assert today is not None
    assert today.mix == {"inhouse": 0, "outsourced": 0}
    dearer = other.dearer_than(today)
    assert dearer.value == pytest.approx((125 * 4 - 100) / 4)
    assert dearer.half_width == pytest.approx(3.182446305284263 * 50 / 2)


def test_a_mix_may_have_the_block_that_is_the_cheapest_with_it() -> None:
    """8 hours in the block at 20, and 30 beyond. Of 10 hours, 160 + 60; with a block of as many 200; 300 of 15."""
    hours = {"unit": "logged hour", "base": {"units": 8, "rate": "20 EUR/h"}, "rate": "30 EUR/h"}
    block = contract_of(PLAIN | {"billing": {"part_months": "in full"}, "lines": {"hours": hours}}, "block")
    for sized, told in ((False, {10: (None, 220.0), 15: (None, 370.0)}), (True, {10: (10, 200.0), 15: (15, 300.0)})):
        for each in best_mix([block], GIVEN, 0.8, sized=sized).priced:
            assert (each.block, float(each.paid.value)) == told[15 if each.mix["outsourced"] else 10]
    (by_call, *_) = best_mix([BY_CALL], GIVEN, 0.8, sized=True).priced
    assert by_call.block is None


def test_a_verdict_is_given_only_where_the_interval_tells() -> None:
    """Four futures of four have an interval down to 0.51; none of four one up to 0.49."""
    always = best_mix([BY_HOUR], GIVEN, 0.5).priced
    assert {each.mix["inhouse"] + each.mix["outsourced"]: each.verdict for each in always}[2] == "kept"
    sure = best_mix([BY_HOUR], GIVEN, 0.8).priced
    assert [each.verdict for each in sure] == ["cannot be told"] * 4
    never = given(({"inhouse": 0}, [1.0] * 4, [0.0] * 4, 0.0))
    (broken,) = best_mix([BY_HOUR], never, 0.8).priced
    assert (broken.keeps, broken.verdict) == (False, "broken")


def test_only_the_channels_that_are_asked_about_are_to_keep_their_targets() -> None:
    never = given(({"inhouse": 0}, [1.0] * 4, [0.0] * 4, 0.0))
    assert best_mix([BY_HOUR], never, 0.8, channels=[1]).best() is not None


def test_a_mix_adds_agents_wherever_its_groups_have_some() -> None:
    shop = a_shop()
    changed = mixed(shop, {"outsourced": 1, "on_call": -2})
    for before, after in zip(shop.groups, changed.groups, strict=True):
        by = {"outsourced": 1, "on_call": -2}.get(before.name, 0)
        assert after.staffing == tuple(max(each + by, 0) if each else 0 for each in before.staffing)


def test_a_mix_of_a_group_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="outsorced"):
        mixed(a_shop(), {"outsorced": 1})
    shop = a_shop()
    empty = replace(shop.groups[2], staffing=(0,) * shop.calendar.intervals)
    with pytest.raises(ValueError, match="on_call has nobody on duty at any time"):
        mixed(replace(shop, groups=(*shop.groups[:2], empty)), {"on_call": 1})


def test_without_an_error_of_the_forecast_a_week_more_or_less_is_worth_nothing(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, QUEUE, horizon__days=1, uncertainty__forecast_lead="14 d")
    leads = play_commitments(scenario, [BY_HOUR], [{"team": 0}, {"team": 1}], futures=3)
    assert list(leads) == [WEEK, 2 * WEEK, 3 * WEEK]
    found = commitments(BY_HOUR, leads, 2 * WEEK, 0.5)
    assert [float(each.dearer.value) for each in found] == [0.0, 0.0, 0.0]


def test_what_was_played_at_the_own_lead_is_not_played_again(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, QUEUE, horizon__days=1)
    known = play_mixes(scenario, [BY_HOUR], [{"team": 0}, {"team": 1}], futures=3)
    told: list[tuple[int, int]] = []
    leads = play_commitments(
        scenario, [BY_HOUR], [{"team": 1}], known=known, futures=3, on_progress=lambda *done: told.append(done)
    )
    assert leads[WEEK].futures == (known.futures[1],)
    assert told == [(done, 6) for done in range(1, 7)]
    with pytest.raises(ValueError, match="team"):
        known.only([{"team": 2}])


def test_the_longer_ahead_the_worse_the_forecast_and_the_dearer_the_same_mix(tmp_path: Path) -> None:
    """What is lost grows faster than the demand: by more with an error of 60 % than with one of 42 %."""
    scenario = loaded(
        tmp_path,
        QUEUE,
        horizon__days=1,
        uncertainty__forecast_cv="30 %",
        uncertainty__growth="square root",
        uncertainty__forecast_lead="14 d",
    )
    leads = play_commitments(scenario, [BY_HOUR], [{"team": 0}], futures=60, moved=(0.0, 2 * WEEK, -3 * WEEK))
    assert list(leads) == [2 * WEEK, 4 * WEEK]
    own, earlier = commitments(BY_HOUR, leads, 2 * WEEK, 0.0)
    assert own.dearer.value == 0.0
    assert earlier.dearer.low > 0.0
    assert earlier.same_dearer is not None
    assert earlier.same_dearer.value == earlier.dearer.value


def test_another_lead_is_tried_with_mixes_that_keep_the_targets_and_some_that_nearly_do() -> None:
    """Of P(met) 0.70, 0.85, 0.80 and 1.00; by the hour 775, 875, 875, 975."""
    found = best_mix([BY_HOUR], GIVEN, 0.9)
    assert near(found, 2) == (GIVEN.mixes[3], GIVEN.mixes[1])
    assert near(found, 9) == (GIVEN.mixes[3], GIVEN.mixes[1], GIVEN.mixes[2], GIVEN.mixes[0])
    assert near(best_mix([BY_HOUR], GIVEN, 0.5), 2) == GIVEN.mixes[:2]


def test_each_lead_has_the_mix_that_is_the_cheapest_then() -> None:
    """At the own lead the first mix keeps the targets and costs 775; at the longer one only the last does, 975."""
    first = PlayedMixes(GIVEN.scenario, GIVEN.mixes[:1], GIVEN.futures[:1])
    last = PlayedMixes(GIVEN.scenario, GIVEN.mixes[3:], GIVEN.futures[3:])
    own, earlier = commitments(BY_HOUR, {2 * WEEK: last, WEEK: first}, WEEK, 0.7)
    assert (own.lead, earlier.lead) == (WEEK, 2 * WEEK)
    assert earlier.best.mix == {"inhouse": 1, "outsourced": 1}
    assert earlier.dearer.value == pytest.approx(200.0)
    assert earlier.same_dearer is None


def test_the_best_mix_of_the_own_lead_is_told_under_the_others_too() -> None:
    """It costs 775 there as here, where 70 % are enough; the other lead asks for another, as that misses there."""
    missed = replace(GIVEN.futures[0], met=np.zeros_like(GIVEN.futures[0].met))
    other = PlayedMixes(GIVEN.scenario, GIVEN.mixes, (missed, *GIVEN.futures[1:]))
    own, later = commitments(BY_HOUR, {WEEK: GIVEN, 0.0: other}, WEEK, 0.7)[::-1]
    assert own.best.mix == {"inhouse": 0, "outsourced": 0}
    assert later.best.mix != own.best.mix
    assert later.dearer.value == pytest.approx(100.0)
    assert later.same is not None
    assert not later.same.keeps
    assert later.same_dearer is not None
    assert later.same_dearer.value == pytest.approx(0.0)


def test_with_nobody_of_the_suppliers_no_contract_is_signed() -> None:
    """A set-up fee of 1,000 and a block of 700 hours are owed to nobody; the shop's own costs of 525 are all."""
    lines = {"hours": {"unit": "logged hour", "base": {"units": 700, "rate": "20 EUR/h"}, "rate": "30 EUR/h"}}
    contract = contract_of(PLAIN | {"lines": lines, "fees": {"set_up": "1000 EUR"}}, "bound")
    nobody = without_supplier(GIVEN.scenario, GIVEN.futures[0].groups)
    alone = replace(GIVEN.futures[0], scenario=nobody, shop_costs=np.full(4, 525.0))
    found = best_mix([contract, BY_HOUR], PlayedMixes(GIVEN.scenario, GIVEN.mixes[:2], (alone, GIVEN.futures[1])), 0.5)
    by_hand = {each.contract.name: each for each in found.priced if not each.signed}
    assert set(by_hand) == {"bound", "by-hour"}
    assert {float(each.paid.value) for each in by_hand.values()} == {0.0}
    assert {float(each.whole_cost.value) for each in by_hand.values()} == {525.0}
    assert all(each.paid.value > 0 for each in found.priced if each.signed)
    assert found.contract == BY_HOUR  # the cheapest of those that somebody would sign
