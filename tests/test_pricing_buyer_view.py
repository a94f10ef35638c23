"""The shop's side, worked out by hand from futures that are written down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from given_futures import a_shop, futures_of
from invoice_cases import contract_of

from simulator.planning.pricing.buyer_view import buyer_view, without_supplier

PLAIN: dict[str, Any] = {"currency": "EUR", "risk": "none"}
BY_HOUR = contract_of(PLAIN | {"lines": {"hours": {"unit": "logged hour", "rate": "25 EUR/h"}}}, "by-hour")
BY_CALL = contract_of(PLAIN | {"lines": {"calls": {"unit": "contact", "rate": "4 EUR/contact"}}}, "by-call")
OF_THE_SHOP: dict[str, Any] = {
    "shop_costs": [1000.0, 1000.0, 1100.0, 1300.0],
    "lost_orders": [1.0, 2.0, 4.0, 9.0],
    "lost_value": [30.0, 60.0, 120.0, 270.0],
    "contacts": [90.0, 100.0, 110.0, 100.0],
}
FUTURES = replace(
    futures_of(hours=[10.0] * 4, calls=[40.0, 60.0, 80.0, 100.0], handled=0.9, resolved=0.8, **OF_THE_SHOP),
    resolved=np.array([70.0, 80.0, 90.0, 80.0]),
)
"""250 by the hour in each future; 36, 54, 72 and 90 calls are handled: 144, 216, 288 and 360 by the call."""
WITHOUT = futures_of(
    calls=np.zeros(4),
    shop_costs=[900.0, 950.0, 1100.0, 1250.0],
    lost_orders=[9.0, 11.0, 15.0, 21.0],
    lost_value=[270.0, 330.0, 450.0, 630.0],
)


def test_a_contract_costs_its_invoice_and_everything_beside_it() -> None:
    by_hour, by_call = buyer_view([BY_HOUR, BY_CALL], FUTURES).contracts
    assert by_hour.paid.values.tolist() == [250.0] * 4
    assert by_call.paid.values.tolist() == [144.0, 216.0, 288.0, 360.0]
    assert by_call.paid.mean.value == 252.0
    assert by_call.whole_cost.values.tolist() == [1174.0, 1276.0, 1508.0, 1930.0]


def test_costs_by_contact_are_ratios_of_sums() -> None:
    by_call = buyer_view([BY_CALL], FUTURES).contracts[0]
    assert by_call.per_contact.value == pytest.approx((4400 + 1008) / 400)
    assert by_call.per_resolved.value == pytest.approx((4400 + 1008) / 320)
    assert by_call.paid_per_contact is not None
    assert by_call.paid_per_contact.value == pytest.approx(4.0)
    assert by_call.paid_per_contact.half_width == pytest.approx(0.0)  # that is what is agreed
    assert by_call.paid_per_resolved is not None
    assert by_call.paid_per_resolved.value == pytest.approx(5.0)


def test_contracts_rank_by_expectation_and_their_differences_are_paired() -> None:
    """250 against 252 on average; by the call is cheaper in two of four futures. Differences: -106, -34, 38, 110."""
    view = buyer_view([BY_CALL, BY_HOUR], FUTURES)
    assert view.ranking == (1, 0)
    by_call, by_hour = view.contracts
    assert by_hour.dearer.value == by_hour.dearer.half_width == 0.0
    assert by_call.dearer.value == pytest.approx(2.0)
    error = np.std([-106, -34, 38, 110], ddof=1) / 2
    assert by_call.dearer.half_width == pytest.approx(3.182446305284263 * error)
    assert [float(each.cheapest.value) for each in view.contracts] == [0.5, 0.5]


def test_contracts_that_cost_the_same_are_both_the_cheapest() -> None:
    view = buyer_view([BY_HOUR, BY_HOUR], FUTURES)
    assert view.ranking == (0, 1)
    assert [each.cheapest.value for each in view.contracts] == [1.0, 1.0]


def test_an_order_saved_costs_what_the_shop_pays_more_than_without_the_supplier() -> None:
    """8, 9, 11 and 12 orders are saved. By the hour 1,000 + 4,400 - 4,200 is paid more: 30 an order."""
    view = buyer_view([BY_HOUR], FUTURES, WITHOUT)
    (by_hour,) = view.contracts
    assert view.orders_saved is not None
    assert view.orders_saved.value == 10.0
    assert by_hour.per_order_saved is not None
    assert by_hour.per_order_saved.value == pytest.approx(1200 / 40)
    # Without: 4,200 + 1,680 lost; with: 4,400 + 480 lost + 1,000 paid.
    assert by_hour.worth is not None
    assert by_hour.worth.value == pytest.approx((5880 - 5880) / 4)


def test_nothing_is_said_of_an_order_saved_where_none_surely_is() -> None:
    nothing_saved = replace(WITHOUT, lost_orders=np.array([1.0, 2.0, 4.0, 10.0]))
    (by_hour,) = buyer_view([BY_HOUR], FUTURES, nothing_saved).contracts
    assert by_hour.per_order_saved is None
    assert by_hour.worth is not None


def test_without_contacts_of_the_supplier_there_is_no_price_of_one() -> None:
    (by_hour,) = buyer_view([BY_HOUR], WITHOUT).contracts
    assert by_hour.paid_per_contact is None
    assert by_hour.per_order_saved is by_hour.worth is None


def test_a_target_is_met_as_often_as_its_periods_are() -> None:
    met = np.full((4, len(FUTURES.scenario.channels)), np.nan)
    met[:, 0] = [1.0, 0.8, 0.6, 0.0]
    view = buyer_view([BY_HOUR], replace(FUTURES, met=met), replace(WITHOUT, met=met / 2))
    assert view.met.value[0] == pytest.approx(0.6)
    assert np.isnan(view.met.value[1:]).all()
    assert view.met_without is not None
    assert view.met_without.value[0] == pytest.approx(0.3)


def test_the_whole_engagement_bills_what_is_owed_after_the_horizon_too() -> None:
    """700 hours of block a month at 25.50: for seven days of November pro rata, or for two months from 23 November."""
    block = {"unit": "logged hour", "base": {"units": 700, "rate": "25.50 EUR/h"}, "rate": "27 EUR/h"}
    bound = contract_of(PLAIN | {"lines": {"hours": block}, "engagement": {"minimum": "2 months"}}, "bound")
    (now,) = buyer_view([bound], FUTURES).contracts
    (whole,) = buyer_view([bound], FUTURES, whole_engagement=True).contracts
    month = 700 * 25.50
    assert now.paid.values == pytest.approx(np.full(4, month * 7 / 30))
    assert whole.paid.values == pytest.approx(np.full(4, month * (8 / 30 + 1 + 22 / 31)))


def test_without_the_supplier_nobody_of_its_groups_is_on_duty_and_all_others_are() -> None:
    shop = a_shop()
    alone = without_supplier(shop, FUTURES.groups)
    for g, (before, after) in enumerate(zip(shop.groups, alone.groups, strict=True)):
        assert (after.staffing == before.staffing) == (g not in FUTURES.groups)
        assert any(after.staffing) == (g not in FUTURES.groups)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="no contract to be priced"):
        buyer_view([], FUTURES)
    with pytest.raises(ValueError, match="not played on the same futures"):
        buyer_view([BY_HOUR], FUTURES, replace(WITHOUT, seed=2))
