"""Scenarios that share what was drawn of their customers would have drawn the same themselves, to the bit."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from small_scenarios import MAIL, PHONE

from simulator.contacts import Contacts
from simulator.demand import Demand
from simulator.experiment import Customers, run
from simulator.experiment.customers import bytes_of
from simulator.measures import MEASURES
from simulator.scenario import Scenario, load_scenario, load_variants

SHIPPED = Path(__file__).resolve().parents[1] / "scenarios"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("shared") / "small.toml"
    path.write_text(PHONE + MAIL, encoding="utf-8")
    return load_scenario(path)


def assert_same(one: Contacts, other: Contacts) -> None:
    for name in one.columns():
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
    for column in fields(one.follow_ups):
        assert np.array_equal(getattr(one.follow_ups, column.name), getattr(other.follow_ups, column.name))


def test_shipped_levers_that_share_the_customers_of_the_base_would_draw_the_same() -> None:
    base, variants = load_variants(SHIPPED / "black-friday.toml", None, {})
    customers = Customers(base)
    drawn, _ = customers.draw_diverted(7, 0)
    sharing = {name: scenario for name, scenario in variants.items() if customers.come_to(scenario)}
    assert {"two_more", "no_outsourcer", "flu"} <= set(sharing)  # staff only
    assert not {"better_bot", "callback", "announcement", "bigger_rush"} & set(sharing)
    for name, scenario in sharing.items():
        assert_same(drawn, Demand(scenario).draw(7, 0))
        assert scenario.name == base.name, name


def test_a_run_on_shared_customers_has_the_figures_of_a_run_on_its_own(small: Scenario) -> None:
    customers = Customers(small)
    alone = run(small, replications=4)
    for _ in range(2):  # drawn, then kept
        shared = run(small, replications=4, customers=customers)
        for name in MEASURES:
            assert all(np.array_equal(*pair) for pair in zip(alone.sums(name), shared.sums(name), strict=True)), name


def test_no_more_is_kept_than_there_is_room_for(small: Scenario) -> None:
    demand = Demand(small)
    size = bytes_of(demand.draw(1, 0))
    customers = Customers(small, most_bytes=int(1.5 * size))
    first = [customers.draw_diverted(1, number)[0] for number in range(3)]
    again = [customers.draw_diverted(1, number)[0] for number in range(3)]
    assert [one is other for one, other in zip(first, again, strict=True)] == [True, False, False]
    for number, contacts in enumerate(again):
        assert_same(contacts, demand.draw(1, number))
