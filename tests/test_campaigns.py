"""Campaigns have a shape, and what each of them causes adds up."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from demand_scenarios import BOT, DEFERRED, FLAT, a_channel, a_profile, a_scenario, a_type
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from simulator.demand import Causes, Demand, contacts_by_cause, expected_contacts, volume_factors
from simulator.demand.campaigns import handling_factors, shares_of_increase
from simulator.demand.load import offered_work
from simulator.scenario.model import Distribution, Push, Scenario, VolumeFactor
from simulator.scenario.orders import OrderContacts, Orders

HOUR, DAY = 3600.0, 86_400.0


def a_window(start: float, end: float, factor: float, name: str = "rush", **changes: Any) -> VolumeFactor:
    """On channel 0 and topic 0, times in hours."""
    plain = VolumeFactor(name, start * HOUR, end * HOUR, factor, (0,), (0,))
    times = {key: value * HOUR for key, value in changes.items() if key in ("ramp", "half_life")}
    return replace(plain, **(changes | times))


def a_push(at: float, amount: float, **changes: Any) -> Push:
    """On channel 0 and topic 0, `at` in hours, half-life in minutes."""
    plain = Push("letter", "Letter", at * HOUR, amount, False, 20 * 60.0, (0,), (0,), False)
    return replace(plain, **changes)


def factor_at(window: VolumeFactor, t: float) -> float:
    """The rule as the field table tells it, written anew."""
    if t < window.start:
        power = 0.0
    elif window.ramp and t < window.start + window.ramp:
        power = (t - window.start) / window.ramp
    elif t < window.end:
        power = 1.0
    elif window.half_life and t < window.end + 10 * window.half_life:
        power = 0.5 ** ((t - window.end) / window.half_life)
    else:
        power = 0.0
    return 1 + (window.factor - 1) * power


def test_a_ramp_rises_in_a_straight_line_and_a_tail_halves() -> None:
    """Worked by hand: full from 4:00 to 6:00 at three times the volume, ramp of 2 h before, half-life 1 h after."""
    window = a_window(2, 6, 3.0, ramp=2, half_life=1)
    factors = volume_factors(a_scenario(a_channel(), interval=3600, volume_factors=(window,)))[0, 0]
    tail = [1 + 2 * 0.5**k * 0.5 / np.log(2) for k in range(10)]
    np.testing.assert_allclose(factors[:16], [1, 1, 1.5, 2.5, 3, 3, *tail], rtol=1e-9)
    np.testing.assert_array_equal(factors[16:], 1.0)


@pytest.mark.parametrize("interval", [300, 900, 3600, 86_400])
def test_overlapping_shapes_have_the_mean_of_their_product(interval: int) -> None:
    windows = (
        a_window(1.1, 5.3, 4.0, ramp=2.9, half_life=0.4),
        a_window(3.7, 6.2, 0.2, ramp=0.5, half_life=2),
        a_window(-3, -1, 2.0, half_life=1.5),
        a_window(5, 7, 1.7),
    )
    scenario = a_scenario(a_channel(), interval=interval, volume_factors=windows)
    found = volume_factors(scenario)[0, 0]
    edges = scenario.calendar.edges
    cuts = sorted(
        {window.start for window in windows}
        | {window.start + window.ramp for window in windows}
        | {window.end + k * window.half_life for window in windows for k in range(11)}
    )
    for i in range(len(found)):
        within = [edges[i], *(cut for cut in cuts if edges[i] < cut < edges[i + 1]), edges[i + 1]]
        whole = sum(
            integrate.quad(lambda t: np.prod([factor_at(window, t) for window in windows]), a, b)[0]
            for a, b in pairwise(within)
        )
        assert found[i] == pytest.approx(whole / (edges[i + 1] - edges[i]), rel=1e-8)


def test_a_push_brings_what_it_says_and_halves_every_half_life() -> None:
    """At 10:07 a letter brings 300 contacts with a half-life of 20 min: intervals have the exact integrals."""
    push = a_push(10 + 7 / 60, 300.0)
    scenario = a_scenario(a_channel(demand=a_profile(0.0, FLAT)), pushes=(push,))
    found = expected_contacts(scenario)[0, 0]
    assert found.sum() == pytest.approx(300.0, rel=1e-12)
    assert not found[:40].any()
    come = [1 - 0.5 ** (minutes / 20) for minutes in (8, 23, 38, 53)]
    np.testing.assert_allclose(np.cumsum(found[40:44]), 300 * np.array(come), rtol=2e-6)


def test_a_push_is_spread_as_the_days_other_contacts_are() -> None:
    phone = a_channel(types=(a_type(0, 0.75), a_type(1, 0.25)))
    mail = a_channel("mail", demand=a_profile(2100.0), kind=DEFERRED, types=(a_type(0, 1.0),))
    scenario = a_scenario(phone, mail, topics=2)
    before = expected_contacts(scenario)
    everywhere = replace(a_push(10, 80.0), channels=(0, 1), topics=(0, 1))

    def added(push: Push) -> Any:
        return (expected_contacts(replace(scenario, pushes=(push,))) - before).sum(axis=2)

    np.testing.assert_allclose(added(everywhere), [[15.0, 5.0], [60.0, 0.0]], atol=1e-9)
    np.testing.assert_allclose(added(replace(everywhere, topics=(1,))), [[0.0, 80.0], [0.0, 0.0]], atol=1e-9)
    share = replace(everywhere, amount=0.1, of_day=True)
    np.testing.assert_allclose(added(share), [[7.5, 2.5], [30.0, 0.0]], atol=1e-9)
    nobody = replace(scenario, channels=tuple(replace(each, demand=a_profile(0.0)) for each in scenario.channels))
    found = expected_contacts(replace(nobody, pushes=(replace(everywhere, amount=9.0),))).sum(axis=2)
    np.testing.assert_allclose(found, [[3.0, 3.0], [3.0, 0.0]], atol=1e-9)


def test_pushed_contacts_arrive_at_their_minutes_not_evenly_over_the_interval() -> None:
    """In an interval of an hour, with a half-life of 5 minutes: mean and spread of arrivals as those of the decay."""
    push = a_push(10, 400.0, half_life=300.0)
    scenario = a_scenario(a_channel(demand=a_profile(0.0, FLAT)), interval=3600, pushes=(push,))
    demand = Demand(scenario)
    after = np.concatenate([demand.draw(1, r).arrival for r in range(60)]) - 10 * HOUR
    first = after[after < HOUR]
    mean = 300 / np.log(2)
    # Cut at an hour, and told by the minute: exponential within 0.1 %.
    cut = mean - HOUR * np.exp(-HOUR / mean) / (1 - np.exp(-HOUR / mean))
    assert abs(first.mean() - cut) < 3.3 * mean / np.sqrt(len(first)) + 0.002 * cut
    for quantile in (0.25, 0.5, 0.75, 0.9):
        expected = -mean * np.log(1 - quantile)
        assert np.quantile(first, quantile) == pytest.approx(expected, rel=0.05)
    assert np.diff(np.sort(first)).max() < HOUR


def test_a_push_moves_nobody_but_those_of_its_own_intervals_and_kind() -> None:
    phone = a_channel(types=(a_type(0, 0.5), a_type(1, 0.5)))
    scenario = a_scenario(phone, a_channel("chat"), topics=2)
    before = Demand(scenario).draw(1, 0)
    after = Demand(replace(scenario, pushes=(a_push(10, 50.0),))).draw(1, 0)
    others = [(drawn.channel != 0) | (drawn.topic != 0) | (drawn.arrival < 10 * HOUR) for drawn in (before, after)]
    for name in ("arrival", "work", "patience", "channel"):
        np.testing.assert_array_equal(getattr(before, name)[others[0]], getattr(after, name)[others[1]])
    assert len(after) > len(before) + 20
    # Who came before still comes, as the same person.
    assert set(before.work.tolist()) <= set(after.work.tolist())


def test_even_arrivals_stay_where_they_were_when_a_push_brings_nobody() -> None:
    scenario = a_scenario(a_channel())
    before = Demand(scenario).draw(1, 0)
    after = Demand(replace(scenario, pushes=(a_push(10, 0.0),))).draw(1, 0)
    np.testing.assert_allclose(after.arrival, before.arrival, atol=1e-6)


def test_handling_times_grow_with_the_strength_of_the_campaign_at_arrival() -> None:
    window = a_window(8, 12, 1.0, handling=1.5, ramp=2, half_life=1)
    scenario = a_scenario(a_channel(demand=a_profile(7000.0)), a_channel("chat"))
    before = Demand(scenario).draw(1, 0)
    after = Demand(replace(scenario, volume_factors=(window,))).draw(1, 0)
    np.testing.assert_array_equal(before.arrival, after.arrival)
    expected = [
        factor_at(replace(window, factor=window.handling), t) if channel == 0 else 1.0
        for t, channel in zip(after.arrival.tolist(), after.channel.tolist(), strict=True)
    ]
    np.testing.assert_allclose(after.work / before.work, expected, rtol=1e-9)


def test_offered_work_knows_longer_handling_times() -> None:
    window = a_window(8, 12, 2.0, handling=1.5)
    scenario = a_scenario(a_channel(demand=a_profile(700.0, FLAT)))
    plain = offered_work(scenario)[0]
    found = offered_work(replace(scenario, volume_factors=(window,)))[0]
    expected = np.where((np.arange(96) >= 32) & (np.arange(96) < 48), 3.0, 1.0)
    np.testing.assert_allclose(found / plain, expected, rtol=1e-12)
    assert handling_factors(scenario).tolist() == np.ones((1, 1, 96)).tolist()


def test_offered_work_knows_what_the_bot_hands_over() -> None:
    # Of ten, two pass the bot by, four are contained, and four come from it and take half as long again: 2 + 4 x 1.5.
    kind = a_type(0, bot_share=0.8, containment=0.5, handling_time=Distribution("exponential", 240.0, 1.0))
    types = (replace(kind, escalated_handling=1.5),)
    scenario = a_scenario(a_channel(types=types, bot=BOT, demand=a_profile(700.0, FLAT)))
    np.testing.assert_allclose(offered_work(scenario)[0], 100 / 86_400 * 240 * 0.8, rtol=1e-12)


# --- where the contacts come from


def of(causes: Causes, name: str, through: str) -> Any:
    """[day] Contacts of one cause over all channels and topics."""
    pairs = list(zip(causes.names, causes.through, strict=True))
    return causes.expected[pairs.index((name, through))].sum(axis=(0, 1))  # type: ignore[arg-type]


def test_equal_factors_have_equal_parts_and_one_alone_has_all() -> None:
    (alone,) = shares_of_increase([np.array([2.4])])
    assert alone == pytest.approx(1.4)
    one, other = shares_of_increase([np.array([3.0])] * 2)
    assert one == pytest.approx(4.0)
    assert other == pytest.approx(4.0)
    one, other = shares_of_increase([np.array([2.0]), np.array([0.5])])
    assert one == pytest.approx(np.log(2.0))
    assert one + other == pytest.approx(0.0, abs=1e-15)
    one, other = shares_of_increase([np.array([0.0]), np.array([7.0])])
    assert one + other == pytest.approx(-1.0)
    assert one < -0.99


@given(st.lists(st.floats(0.01, 30.0), min_size=1, max_size=7))
def test_parts_add_up_to_the_increase_and_none_depends_on_the_order(factors: list[float]) -> None:
    arrays = [np.array([factor]) for factor in factors]
    parts = shares_of_increase(arrays)
    assert sum(part[0] for part in parts) == pytest.approx(np.prod(factors) - 1, rel=1e-9, abs=1e-9)
    backwards = shares_of_increase(arrays[::-1])
    np.testing.assert_allclose(backwards[::-1], parts, rtol=1e-9, atol=1e-9)
    for factor, part in zip(factors, parts, strict=True):
        assert np.sign(part) == np.sign(np.log(factor))


def test_two_overlapping_campaigns_share_what_they_do_together() -> None:
    """100 contacts a day; one doubles the whole day, one quadruples its second half: 100 -> 100 + 400."""
    windows = (a_window(0, 24, 2.0, "double"), a_window(12, 24, 4.0, "quadruple"))
    causes = contacts_by_cause(a_scenario(a_channel(demand=a_profile(700.0, FLAT)), volume_factors=windows))
    assert causes.names == ("base", "double", "quadruple")
    # The morning's 50 are the first's; the 350 of the evening are shared as log 2 : log 4.
    assert of(causes, "base", "") == pytest.approx([100])
    assert of(causes, "double", "contacts") == pytest.approx([50 + 350 / 3])
    assert of(causes, "quadruple", "contacts") == pytest.approx([700 / 3])


def test_a_campaign_on_orders_has_its_later_waves_too() -> None:
    row = OrderContacts("delivery", 0, 0.5, ((0, 1.0),), (0.25, 0.0, 0.75), False, "next open day")
    orders = Orders(a_profile(700.0, FLAT), False, (row,))
    rush = a_window(24, 48, 3.0, on_orders=True)
    letter = a_push(25, 60.0, on_orders=True, name="letter")
    channel = a_channel(demand=a_profile(70.0, FLAT))
    scenario = a_scenario(channel, days=5, orders=orders, volume_factors=(rush,), pushes=(letter,))
    causes = contacts_by_cause(scenario)
    np.testing.assert_allclose(of(causes, "base", ""), 10 + 50)
    assert of(causes, "rush", "orders") == pytest.approx([0, 25, 0, 75, 0])
    assert of(causes, "letter", "orders") == pytest.approx([0, 7.5, 0, 22.5, 0])
    assert causes.orders[causes.names.index("rush")] == pytest.approx([0, 200, 0, 0, 0])


def shop(factors: tuple[VolumeFactor, ...], pushes: tuple[Push, ...]) -> Scenario:
    rows = (
        OrderContacts("delivery", 0, 0.3, ((0, 0.4), (1, 0.6)), (0.1, 0.5, 0.4), False, "next open day"),
        OrderContacts("ask", 1, 0.1, ((0, 1.0),), (0.5, 0.5), True, "next open day"),
    )
    phone = a_channel(types=(a_type(0, 0.5), a_type(1, 0.5)))
    mail = a_channel("mail", kind=DEFERRED)
    orders = Orders(a_profile(900.0), False, rows)
    return a_scenario(
        phone, mail, days=4, topics=2, interval=1800, orders=orders, volume_factors=factors, pushes=pushes
    )


hours = st.floats(-30, 100, allow_nan=False).map(lambda t: round(t, 2))
windows = st.builds(
    lambda start, length, factor, ramp, half_life, on_orders, channels, topics, name: replace(
        a_window(start, start + length, factor, name, ramp=ramp * length, half_life=half_life),
        on_orders=on_orders,
        channels=channels,
        topics=topics,
    ),
    start=hours,
    length=st.floats(0.1, 60),
    factor=st.sampled_from([0.0, 0.3, 1.0, 1.7, 5.0]),
    ramp=st.sampled_from([0.0, 0.5, 1.0]),
    half_life=st.sampled_from([0.0, 0.5, 7.0]),
    on_orders=st.booleans(),
    channels=st.sampled_from([(0,), (1,), (0, 1)]),
    topics=st.sampled_from([(0,), (1,), (0, 1)]),
    name=st.sampled_from(["rush", "sale", "letter", "base"]),
)
letters = st.builds(
    lambda at, amount, of_day, on_orders: replace(
        a_push(at, amount / 500 if of_day else amount, of_day=of_day, on_orders=on_orders), channels=(0, 1)
    ),
    at=st.floats(0, 95),
    amount=st.floats(0, 500),
    of_day=st.booleans(),
    on_orders=st.booleans(),
)


@given(st.lists(windows, max_size=5), st.lists(letters, max_size=3))
def test_the_causes_add_up_to_all_expected_contacts(factors: list[VolumeFactor], pushes: list[Push]) -> None:
    scenario = shop(tuple(factors), tuple(pushes))
    causes = contacts_by_cause(scenario)
    day = np.asarray(scenario.calendar.day_of_interval)
    expected = expected_contacts(scenario)
    by_day = np.stack([expected[:, :, day == d].sum(axis=2) for d in range(scenario.calendar.days)], axis=2)
    np.testing.assert_allclose(causes.expected.sum(axis=0), by_day, rtol=1e-9, atol=1e-6)
    assert (by_day >= -1e-9).all()
    np.testing.assert_allclose(causes.expected[0], contacts_by_cause(shop((), ())).expected[0], rtol=1e-12, atol=1e-12)
