"""The best base block: the newsvendor's quantile where nothing else is in the contract, and by hand where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from given_futures import futures_of
from invoice_cases import contract_of
from scipy import stats

from simulator.planning.pricing.block import best_block, with_block

if TYPE_CHECKING:
    from simulator.scenario.contract import Contract

FUTURES = 4000
IN_FULL: dict[str, object] = {"part_months": "in full"}


def contract(billing: dict[str, object] = IN_FULL, **line: Any) -> Contract:
    """Hours: 500 in the block at 20, and 30 beyond it."""
    hours = {"unit": "logged hour", "base": {"units": 500, "rate": "20 EUR/h"}, "rate": "30 EUR/h"} | line
    return contract_of({"currency": "EUR", "risk": "none", "billing": billing, "lines": {"hours": hours}}, "block")


@pytest.mark.parametrize(
    ("demand", "block_rate"),
    [
        (stats.norm(1000.0, 100.0), 20),
        (stats.norm(1000.0, 300.0), 27),
        (stats.gamma(4.0, scale=250.0), 20),
        (stats.gamma(1.5, scale=600.0), 12),
    ],
    ids=["normal", "wide normal", "gamma", "skewed gamma"],
)
def test_the_best_block_is_the_newsvendors(demand: Any, block_rate: int) -> None:
    """P(more than the block) = block rate / rate beyond; and the cost is that of the closed form."""
    hours = np.maximum(demand.rvs(FUTURES, random_state=np.random.default_rng(block_rate)), 0.0)
    found = best_block(
        contract(base={"units": 500, "rate": f"{block_rate} EUR/h"}), futures_of(hours=hours), whole_engagement=True
    )
    share = 1.0 - block_rate / 30
    # Three standard errors of a sample's quantile, and half a whole hour.
    error = 3.3 * np.sqrt(share * (1 - share) / FUTURES) / demand.pdf(demand.ppf(share)) + 0.5
    assert abs(found.units - demand.ppf(share)) < error
    assert abs(found.units - np.quantile(hours, share)) < 1.0
    best = demand.ppf(share)
    beyond = demand.expect(lambda units: units - best, lb=best)
    assert abs(found.paid.mean.value - (block_rate * best + 30 * beyond)) < 2.0 * found.paid.mean.half_width


def test_what_is_saved_is_against_the_block_as_it_was_written() -> None:
    """Always 800 hours: 500 at 20 and 300 at 30 are 19,000; a block of 800 is 16,000."""
    found = best_block(contract(), futures_of(hours=[800.0, 800.0]))
    assert (found.units, found.line, found.at_threshold) == (800, "hours", False)
    assert found.paid.values.tolist() == [16_000.0, 16_000.0]
    assert (float(found.saves.value), float(found.saves.half_width)) == (3000.0, 0.0)


def test_a_block_that_is_dearer_than_what_comes_on_demand_is_none() -> None:
    found = best_block(contract(base={"units": 500, "rate": "31 EUR/h"}), futures_of(hours=[800.0, 900.0]))
    assert found.units == 0
    assert found.contract.lines[0].base is None
    assert found.paid.mean.value == 30 * 850


def test_a_block_of_a_part_of_a_month_is_told_by_the_whole_month() -> None:
    """Seven of November's 30 days: 210 hours in them take a block of 900 a month."""
    found = best_block(contract({"part_months": "by day"}), futures_of(hours=[210.0, 210.0]))
    assert found.units == 900
    assert found.paid.values == pytest.approx(np.full(2, 210 * 20))


def test_a_block_ends_where_burst_begins() -> None:
    bursting = contract(burst={"first": {"above": 700, "rate": "40 EUR/h"}})
    found = best_block(bursting, futures_of(hours=[800.0, 800.0]))
    assert (found.units, found.at_threshold) == (700, True)
    assert found.paid.values.tolist() == [700 * 20 + 100 * 40.0] * 2


def test_minimum_billing_is_counted() -> None:
    """18,000 are billed anyway: blocks up to 900 cost as much as none, and the smallest is taken."""
    found = best_block(contract(IN_FULL | {"minimum": "18000 EUR"}), futures_of(hours=[500.0, 500.0]))
    assert found.paid.values.tolist() == [18_000.0] * 2
    assert found.units == 0


def test_another_block_has_the_same_rate() -> None:
    base = with_block(contract(), "hours", 120).lines[0].base
    assert base is not None
    assert [base.units, base.rate, base.price] == [120, 20, 2400]
    assert with_block(contract(), "other", 120) == contract()


def test_a_contract_without_a_block_that_may_be_changed_is_refused() -> None:
    with pytest.raises(ValueError, match="a base block and a rate beyond it: none; one of them is needed"):
        best_block(contract(base=None), futures_of(hours=[1.0]))
    with pytest.raises(ValueError, match="a base block and a rate beyond it: hours; one of them is needed"):
        best_block(contract(), futures_of(hours=[1.0]), line="heads")
