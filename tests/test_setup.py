from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from centres import make_centre, make_contacts

from simulator.engine import ENGINES, NO_SKILL, Centre, EngineName, centre_of, simulate
from simulator.scenario import Scenario, load_scenario

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SCENARIOS / "black-friday.toml")


@pytest.fixture(scope="module")
def centre(scenario: Scenario) -> Centre:
    return centre_of(scenario)


def named(scenario: Scenario, channel: str, topic: str, group: str) -> tuple[int, int, int, int]:
    """Of ordinary customers."""
    topics = [each.name for each in scenario.topics]
    groups = [each.name for each in scenario.groups]
    return 0, scenario.channel(channel), topics.index(topic), groups.index(group)


def test_a_skill_becomes_level_wait_and_speed(scenario: Scenario, centre: Centre) -> None:
    overflow = named(scenario, "phone", "delivery", "outsourced")
    assert centre.level[overflow] == 2
    assert centre.opens_after[overflow] == 45
    assert centre.speed[overflow] == 0.9
    assert centre.level[named(scenario, "phone", "delivery", "inhouse")] == 1


def test_what_no_skill_names_may_not_be_served(scenario: Scenario, centre: Centre) -> None:
    assert centre.level[named(scenario, "phone", "complaint", "outsourced")] == NO_SKILL
    assert centre.level[named(scenario, "email", "order", "outsourced")] == NO_SKILL


def test_opening_hours_close_live_channels_only(scenario: Scenario, centre: Centre) -> None:
    monday = np.arange(96)
    phone, email = scenario.channel("phone"), scenario.channel("email")
    np.testing.assert_array_equal(centre.open[phone, monday], (monday >= 36) & (monday < 72))  # 09:00-18:00
    assert centre.open[email].all()


def test_a_bot_that_is_always_on_answers_when_the_agents_do_not(scenario: Scenario, centre: Centre) -> None:
    chat = scenario.channel("chat")
    assert centre.bot_on[chat].all()
    assert not centre.open[chat].all()
    assert not centre.bot_on[scenario.channel("phone")].any()


def test_slots_and_their_speeds_belong_to_the_channel(scenario: Scenario, centre: Centre) -> None:
    chat, phone = scenario.channel("chat"), scenario.channel("phone")
    assert centre.slots[chat].tolist() == [3, 3, 3]
    assert centre.slots[phone].tolist() == [1, 1, 1]
    assert centre.slot_speed[chat].tolist() == [1.0, 0.85, 0.7]


def test_the_horizon_is_the_calendars(centre: Centre) -> None:
    assert centre.horizon == 7 * 24 * 3600
    assert centre.shape == (6, 5, 3, 672)
    assert centre.reserve.tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("named_fields", "words"),
    [
        ({"speed": 0.0}, "Centre.speed must be above 0"),
        ({"slots": 0}, "Centre.slots must be at least 1"),
        ({"opens_after": -1.0}, "Centre.opens_after must be not negative"),
        ({"reserve": -1}, "Centre.reserve must be not negative"),
        ({"interruptible": True}, "only on deferred channels with one slot"),
        ({"edges": [0.0, 0.0]}, "Centre.edges must be rising from 0"),
        ({"edges": [0.0, np.inf]}, "Centre.edges must be finite"),
        ({"slot_speed": np.inf}, "Centre.slot_speed must be above 0, and finite"),
    ],
)
def test_a_centre_that_cannot_be_is_refused(named_fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        simulate(make_centre(**named_fields), make_contacts([1.0]), np.ones((1, 1), dtype=np.int64))


@pytest.mark.parametrize(
    ("arrival", "named_columns", "words"),
    [
        ([2.0, 1.0], {}, r"Contacts.arrival\[1\] is 1.0; it must be sorted"),
        ([1.0], {"patience": -1.0}, r"Contacts.patience\[0\] is -1.0; it must be not negative"),
        ([1.0], {"work": np.nan}, r"Contacts.work\[0\] is nan; it must be finite"),
        ([1.0], {"channel": 1}, r"Contacts.channel\[0\] is 1; it must be within 0..0"),
        ([900.0], {}, r"must be before the horizon's end, 900.0"),
        ([-1.0], {}, r"only deferred contacts may be negative"),
    ],
)
def test_contacts_that_cannot_be_are_refused(arrival: list[float], named_columns: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        simulate(make_centre(), make_contacts(arrival, **named_columns), np.ones((1, 1), dtype=np.int64))


def test_staffing_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="Staffing must be not negative"):
        simulate(make_centre(), make_contacts([1.0]), np.full((1, 1), -1, dtype=np.int64))
    with pytest.raises(ValueError, match="Staffing has shape"):
        simulate(make_centre(), make_contacts([1.0]), np.ones((2, 1), dtype=np.int64))


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_of_another_kind_than_documented_are_refused(engine: EngineName) -> None:
    centre, contacts, staffing = make_centre(), make_contacts([1.0]), np.ones((1, 1), dtype=np.int64)
    for table, words in (
        (replace(centre, interruptible=np.array([0])), "Centre.interruptible is int64; it must be bool"),
        (replace(centre, priority=centre.priority.astype(np.int8)), "Centre.priority is int8; it must be int64"),
    ):
        with pytest.raises(ValueError, match=words):
            simulate(table, contacts, staffing, engine)
    with pytest.raises(ValueError, match=r"Contacts\.channel is uint8; it must be int64"):
        simulate(centre, replace(contacts, channel=contacts.channel.astype(np.uint8)), staffing, engine)
    with pytest.raises(ValueError, match="Staffing is int32; it must be int64"):
        simulate(centre, contacts, staffing.astype(np.int32), engine)
    with pytest.raises(ValueError, match="there must be a channel, a topic and a group at least"):
        simulate(make_centre(groups=0), contacts, np.ones((0, 1), dtype=np.int64), engine)


def test_an_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="There is no engine 'fast'; there is reference and compiled"):
        simulate(make_centre(), make_contacts([1.0]), np.ones((1, 1), dtype=np.int64), engine="fast")  # type: ignore[arg-type]  # the point
