"""Levels of demand: so many times the customers, and the same ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from demand_scenarios import FLAT, a_channel, a_profile, a_scenario

from simulator.demand import Demand, expected_contacts
from simulator.planning.pricing.levels import at_level
from simulator.scenario import load_scenario
from simulator.scenario.model import Push, VolumeFactor
from simulator.scenario.orders import OrderContacts, Orders

SHOPS = ("black-friday", "christmas", "email-backlog")
DAY = 86_400.0
ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", SHOPS)
@pytest.mark.parametrize("level", [0.0, 0.7, 1.3])
def test_a_level_multiplies_every_expected_contact(name: str, level: float) -> None:
    scenario = load_scenario(ROOT / "scenarios" / f"{name}.toml")
    expected = level * expected_contacts(scenario)
    np.testing.assert_allclose(expected_contacts(at_level(scenario, level)), expected, rtol=1e-12)


@pytest.mark.parametrize("on_orders", [False, True])
@pytest.mark.parametrize("of_day", [False, True])
def test_what_a_message_brings_is_multiplied_once(on_orders: bool, of_day: bool) -> None:
    """Orders, a day's factor on them, and a push of contacts or orders, by number or by share of the day's."""
    row = OrderContacts("delivery", 0, 0.5, ((0, 1.0),), (0.25, 0.75), False, "next open day")
    rush = VolumeFactor("rush", DAY, 2 * DAY, 3.0, (0,), (0,), on_orders=True)
    letter = Push("letter", "Letter", 1.4 * DAY, 0.3 if of_day else 60.0, of_day, 1200.0, (0,), (0,), on_orders)
    scenario = a_scenario(
        a_channel(demand=a_profile(70.0, FLAT)),
        days=5,
        orders=Orders(a_profile(700.0, FLAT), False, (row,)),
        volume_factors=(rush,),
        pushes=(letter,),
    )
    expected = 1.3 * expected_contacts(scenario)
    np.testing.assert_allclose(expected_contacts(at_level(scenario, 1.3)), expected, rtol=1e-12)


def test_who_comes_at_a_lower_level_comes_at_a_higher_one_too() -> None:
    scenario = load_scenario(ROOT / "scenarios" / "phone-team.toml")
    few, many = (Demand(at_level(scenario, level)).draw(1, 0) for level in (0.7, 1.3))
    assert 0 < len(few) < len(many)
    assert set(few.work) <= set(many.work)


def test_a_bigger_rush_leaves_ordinary_days_as_they_are() -> None:
    """Factors of 2.2 and 1.7 become 1 + 1.3 x 1.2 and 1 + 1.3 x 0.7; Monday has none."""
    scenario = load_scenario(ROOT / "scenarios" / "black-friday.toml")
    bigger = at_level(scenario, 1.3, "rush")
    phone = scenario.channel("phone")
    day = np.asarray(scenario.calendar.day_of_interval)
    before, after = (np.bincount(day, expected_contacts(each)[phone].sum(axis=0)) for each in (scenario, bigger))
    assert after[0] == before[0]
    assert after[4] / before[4] == pytest.approx((1 + 1.3 * 1.2) / 2.2)
    assert after[5] / before[5] == pytest.approx((1 + 1.3 * 0.7) / 1.7)


def test_the_rush_at_level_nothing_is_an_ordinary_week() -> None:
    scenario = load_scenario(ROOT / "scenarios" / "black-friday.toml")
    not_open = tuple(each for each in scenario.volume_factors if each.not_open)
    ordinary = replace(scenario, volume_factors=not_open, pushes=())
    np.testing.assert_allclose(expected_contacts(at_level(scenario, 0.0, "rush")), expected_contacts(ordinary))


def test_agents_are_held_but_those_of_groups_that_follow() -> None:
    scenario = load_scenario(ROOT / "scenarios" / "black-friday.toml")
    outsourced = [group.name for group in scenario.groups].index("outsourced")
    higher = at_level(scenario, 1.3, follow=[outsourced])
    for g, (group, other) in enumerate(zip(scenario.groups, higher.groups, strict=True)):
        if g == outsourced:  # 2, 3 and 4 agents, times 1.3, rounded: 2.6, 3.9, 5.2
            assert set(zip(group.staffing, other.staffing, strict=True)) == {(0, 0), (2, 3), (3, 4), (4, 5)}
        else:
            assert group == other


def test_level_one_is_the_scenario_itself() -> None:
    scenario = load_scenario(ROOT / "scenarios" / "black-friday.toml")
    assert at_level(scenario, 1.0) is scenario


@pytest.mark.parametrize("level", [-0.1, np.nan, np.inf])
def test_a_level_that_is_no_number_from_nothing_on_is_refused(level: float) -> None:
    scenario = load_scenario(ROOT / "scenarios" / "phone-team.toml")
    with pytest.raises(ValueError, match=r"A level of demand is .*from 0 on"):
        at_level(scenario, level)
