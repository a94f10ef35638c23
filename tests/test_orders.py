"""Orders bring contacts: delays by day, their convolution, closed days, and what lies before and after the horizon."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from demand_scenarios import DEFERRED, FLAT, a_channel, a_history, a_profile, a_scenario, a_type
from scipy import integrate, stats

from simulator.demand import Demand, expected_contacts
from simulator.demand.orders import brought_by_day, order_days
from simulator.demand.rates import shapes_of_days
from simulator.scenario.calendar import Calendar, Holidays
from simulator.scenario.delays import LATEST, LONGEST, shares_by_day
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.model import Distribution, Scenario, VolumeFactor
from simulator.scenario.orders import OrderContacts, Orders

DAY = 86_400.0
START = date(2026, 6, 1)
"""A Monday."""
NOTHING = a_profile(0.0, FLAT)
WEEKDAYS_ONLY = WeeklyHours.parse("mon-fri 09:00-17:00; holidays closed")


def distribution(family: Any, mean_days: float, cv: float) -> Distribution:
    return Distribution(family, mean_days * DAY, cv)


def cdf(delay: Distribution, days: float) -> float:
    """P(delay <= days), by scipy's own distributions."""
    mean = delay.mean / DAY
    if delay.family == "constant":
        return float(days >= mean)
    if delay.family == "lognormal":
        spread = np.sqrt(np.log1p(delay.cv**2))
        return float(stats.lognorm.cdf(days, spread, scale=mean * np.exp(-(spread**2) / 2)))
    if delay.family == "quantiles":
        return float(1.0 - np.exp(-np.interp(days, [0.0, 1.0, 4.0, 104.0], [0.0, 1.0, 1.5, 1.5 + 100 / 6])))
    return float(stats.gamma.cdf(days, 1 / delay.cv**2, scale=mean * delay.cv**2))


DELAYS = [
    distribution("gamma", 3.0, 0.6),
    distribution("gamma", 14.0, 0.5),
    distribution("gamma", 0.4, 1.5),
    distribution("exponential", 2.0, 1.0),
    distribution("lognormal", 5.0, 0.8),
    distribution("constant", 2.25, 0.0),
    Distribution("quantiles", (1 + 5 * math.exp(-1)) * DAY, 1.5, ((1 - math.exp(-1), 1), (1 - math.exp(-1.5), 4))),
]
"""The last ends at the rate 1 in its first day, and at 1/6 a day from then on."""


@pytest.mark.parametrize("delay", DELAYS, ids=lambda delay: f"{delay.family}-{delay.mean / DAY:g}-{delay.cv:g}")
def test_shares_by_day_are_those_of_an_order_at_any_moment_of_its_day(delay: Distribution) -> None:
    """The share of day k is the mean of F(k + 1 - u) - F(k - u) over u from 0 to 1, done here by brute force."""
    shares = shares_by_day(delay)
    assert sum(shares) == 1.0
    for k, share in enumerate(shares[:-1]):
        cuts = [delay.mean / DAY % 1] if delay.family == "constant" else None
        mean, _ = integrate.quad(lambda u, k=k: cdf(delay, k + 1 - u) - cdf(delay, k - u), 0, 1, points=cuts, limit=200)
        assert share == pytest.approx(mean, abs=1e-7)
    tail = 1 - integrate.quad(lambda u: cdf(delay, len(shares) - u), 0, 1, limit=200)[0]
    assert tail <= LATEST + 1e-7


@pytest.mark.parametrize("delay", DELAYS, ids=lambda delay: f"{delay.family}-{delay.mean / DAY:g}-{delay.cv:g}")
def test_the_mean_of_the_shares_is_the_mean_delay_but_for_the_tail_cut_off(delay: Distribution) -> None:
    shares = shares_by_day(delay)
    mean = sum(k * share for k, share in enumerate(shares))
    assert delay.mean / DAY - 20 * LATEST * max(delay.mean / DAY, 1) <= mean <= delay.mean / DAY + 1e-9


def test_half_a_day_later_is_the_next_day_for_half_of_them() -> None:
    assert shares_by_day(distribution("constant", 0.5, 0.0)) == (0.5, 0.5)
    assert shares_by_day(distribution("constant", 0.0, 0.0)) == (1.0,)
    assert shares_by_day(distribution("constant", 3.0, 0.0)) == (0.0, 0.0, 0.0, 1.0)


def test_a_delay_that_never_ends_is_refused() -> None:
    with pytest.raises(ValueError, match=r"After 400 days .* % of these contacts are still to come"):
        shares_by_day(distribution("exponential", LONGEST, 1.0))


def a_row(
    shares: tuple[float, ...],
    per_order: float = 0.5,
    channels: tuple[tuple[int, float], ...] = ((0, 1.0),),
    **changes: Any,
) -> OrderContacts:
    plain = OrderContacts(
        name="delivery",
        topic=0,
        per_order=per_order,
        channels=channels,
        shares_by_day=shares,
        before=False,
        closed_days="next open day",
    )
    return replace(plain, **changes)


def daily(scenario: Scenario) -> np.ndarray[Any, np.dtype[np.float64]]:
    """[channel, day]."""
    day = scenario.calendar.day_of_interval
    return np.array([np.bincount(day, of_channel) for of_channel in expected_contacts(scenario).sum(axis=1)])


def dated(counts: list[float], first: date, **changes: Any) -> Orders:
    return Orders(a_history(np.array(counts)[:, None], first, DAY, **changes), False, ())


def test_all_contacts_of_an_order_come_in_the_end() -> None:
    """Conservation: with a horizon that holds every delay, contacts are orders times contacts per order."""
    rng = np.random.default_rng(7)
    late, early = shares_by_day(DELAYS[0]), shares_by_day(DELAYS[3])
    behind, ahead = len(late) - 1, len(early) - 1
    days = 80
    weekend = 2  # before the first Monday: who meets closed doors then comes within the horizon
    counts = np.zeros(weekend + behind + days + ahead)
    counts[weekend + behind + ahead : weekend + days - 7] = rng.uniform(0, 900, days - ahead - behind - 7)
    rows = (
        a_row(late, 0.12, ((0, 0.3), (1, 0.7))),
        a_row(early, 0.3, ((1, 1.0),), before=True),
    )
    orders = replace(dated(counts.tolist(), START - timedelta(days=behind + weekend)), contacts=rows)
    phone = a_channel(demand=NOTHING, hours=WEEKDAYS_ONLY)
    mail = a_channel("mail", demand=NOTHING, kind=DEFERRED)
    scenario = a_scenario(phone, mail, days=days, orders=orders)
    assert expected_contacts(scenario).sum() == pytest.approx(counts.sum() * (0.12 + 0.3), rel=1e-12)
    assert daily(scenario).sum(axis=1) == pytest.approx([counts.sum() * 0.036, counts.sum() * 0.384], rel=1e-12)


@pytest.mark.parametrize("before", [False, True])
def test_each_day_has_the_convolution_of_orders_and_delay(before: bool) -> None:
    delay = DELAYS[0]
    shares = shares_by_day(delay)
    rng = np.random.default_rng(3)
    far = len(shares) - 1
    days = 20
    counts = rng.uniform(100, 900, days + far)
    first = START - timedelta(days=0 if before else far)
    orders = replace(dated(counts.tolist(), first), contacts=(a_row(shares, 0.12, before=before),))
    scenario = a_scenario(a_channel(demand=NOTHING), days=days, orders=orders)
    of_date = {first + timedelta(days=k): count for k, count in enumerate(counts)}
    for d, found in enumerate(daily(scenario)[0]):
        slowly = 0.0
        for k in range(far + 1):
            day = START + timedelta(days=d + k if before else d - k)
            share, _ = integrate.quad(lambda u, k=k: cdf(delay, k + 1 - u) - cdf(delay, k - u), 0, 1)
            slowly += 0.12 * of_date[day] * share
        assert found == pytest.approx(slowly, rel=2 * LATEST)
        exactly = sum(
            0.12 * of_date[START + timedelta(days=d + k if before else d - k)] * share for k, share in enumerate(shares)
        )
        assert found == pytest.approx(exactly, rel=1e-12)


def test_a_profile_goes_on_before_the_horizon_so_that_the_first_day_is_like_any_other() -> None:
    orders = Orders(a_profile(7 * 400.0), False, (a_row(shares_by_day(DELAYS[1]), 0.1),))
    scenario = a_scenario(a_channel(demand=NOTHING), days=30, orders=orders)
    np.testing.assert_allclose(daily(scenario)[0], 40.0, rtol=1e-12)


def test_a_campaign_before_the_horizon_sends_its_wave_into_it() -> None:
    orders = Orders(a_profile(7 * 400.0, FLAT), False, (a_row((0.0, 0.0, 0.0, 1.0), 0.1),))
    rush = VolumeFactor("rush", -2 * DAY, -1.5 * DAY, 3.0, (), (), on_orders=True)
    scenario = a_scenario(a_channel(demand=NOTHING), days=4, orders=orders, volume_factors=(rush,))
    assert daily(scenario)[0] == pytest.approx([40, 80, 40, 40])


def test_an_order_campaign_counts_by_the_time_of_day_of_orders() -> None:
    """Orders come from 12:00 to 24:00 only; half of these hours doubled is half as much again."""
    from simulator.scenario.model import StepProfile

    afternoon = StepProfile((0.0, DAY / 2), (0.0, 1.0))
    orders = Orders(a_profile(700.0, afternoon), False, (a_row((1.0,), 1.0),))
    rush = VolumeFactor("rush", 0.0, 0.75 * DAY, 2.0, (), (), on_orders=True)
    scenario = a_scenario(a_channel(demand=NOTHING), days=2, orders=orders, volume_factors=(rush,))
    assert daily(scenario)[0] == pytest.approx([150, 100])


def test_who_finds_a_live_channel_closed_comes_on_its_next_open_day() -> None:
    """One contact a day: Monday has those of the weekend, also of the one before the horizon; mail knows no doors."""
    row = a_row((1.0,), 2.0, ((0, 0.5), (1, 0.5)))
    phone = a_channel(demand=NOTHING, hours=WEEKDAYS_ONLY)
    mail = a_channel("mail", demand=NOTHING, hours=WEEKDAYS_ONLY, kind=DEFERRED)
    orders = Orders(a_profile(7.0), False, (row,))
    scenario = a_scenario(phone, mail, days=10, orders=orders)
    assert daily(scenario).tolist() == [
        pytest.approx([3, 1, 1, 1, 1, 0, 0, 3, 1, 1]),
        pytest.approx([1] * 10),
    ]
    stubborn = replace(orders, contacts=(replace(row, closed_days="same day"),))
    assert daily(replace(scenario, orders=stubborn)).tolist() == [pytest.approx([1] * 10)] * 2


def test_a_holiday_is_a_closed_day_too() -> None:
    phone = a_channel(demand=NOTHING, hours=WEEKDAYS_ONLY)
    orders = Orders(a_profile(7.0), False, (a_row((1.0,), 1.0),))
    scenario = a_scenario(phone, orders=orders)
    calendar = Calendar("Europe/Helsinki", date(2026, 12, 21), 9, 900, Holidays("FI"))
    closed = {day for day in calendar.date_of_day if day.weekday() > 4 or day in calendar.holidays.between(day, day)}
    found = daily(replace(scenario, calendar=calendar))[0]
    waiting = 2.0  # the weekend before
    for day, contacts in zip(calendar.date_of_day, found, strict=True):
        waiting += 1
        assert contacts == pytest.approx(0 if day in closed else waiting)
        waiting = waiting if day in closed else 0
    assert date(2026, 12, 25) in closed


def test_who_takes_other_channels_on_closed_days_comes_on_the_same_day() -> None:
    """Two a day, of which phone has 1, chat 0.6 and mail 0.4: who finds phone or chat closed goes elsewhere."""
    phone = a_channel(demand=NOTHING, hours=WEEKDAYS_ONLY)
    chat = a_channel("chat", demand=NOTHING, hours=WeeklyHours.parse("mon-sat 10:00-16:00"))
    mail = a_channel("mail", demand=NOTHING, kind=DEFERRED)
    row = a_row((1.0,), 2.0, ((0, 0.5), (1, 0.3), (2, 0.2)), closed_days="other channels")
    orders = Orders(a_profile(7.0), False, (row,))
    scenario = a_scenario(phone, chat, mail, days=8, orders=orders)
    assert daily(scenario).tolist() == [
        pytest.approx([1, 1, 1, 1, 1, 0, 0, 1]),
        pytest.approx([0.6, 0.6, 0.6, 0.6, 0.6, 1.2, 0, 0.6]),
        pytest.approx([0.4, 0.4, 0.4, 0.4, 0.4, 0.8, 2, 0.4]),
    ]
    # Without the mail there is nobody on Sunday, and all wait for Monday, each for the channel they wanted.
    no_mail = replace(orders, contacts=(replace(row, channels=((0, 0.5), (1, 0.5))),))
    found = daily(replace(scenario, orders=no_mail))
    assert found[:2].tolist() == [
        pytest.approx([2, 1, 1, 1, 1, 0, 0, 2]),
        pytest.approx([2, 1, 1, 1, 1, 2, 0, 2]),
    ]


@pytest.mark.parametrize("start", [date(2026, 3, 28), date(2026, 10, 24)])
def test_a_day_of_23_or_25_hours_has_all_the_contacts_of_its_day(start: date) -> None:
    orders = Orders(a_profile(700.0), False, (a_row((0.5, 0.5), 1.0),))
    channel = a_channel(demand=a_profile(0.0))
    scenario = a_scenario(channel, start=start, days=3, orders=orders)
    lengths = np.diff(scenario.calendar.day_edges) / 3600
    assert set(lengths.tolist()) in ({23.0, 24.0}, {24.0, 25.0})
    # Days of other length have orders by their clock times, contacts by their day's orders.
    expected = order_days(scenario, orders).orders[0]
    np.testing.assert_allclose(daily(scenario)[0], (expected[1:] + expected[:-1]) / 2, rtol=1e-12)
    shape = shapes_of_days(channel, scenario.calendar)
    np.testing.assert_allclose(np.bincount(scenario.calendar.day_of_interval, shape), 1.0, rtol=1e-12)


def test_contacts_of_orders_come_at_the_time_of_day_of_the_channel() -> None:
    phone = a_channel(demand=a_profile(700.0), types=(a_type(0),))
    without_demand = replace(a_channel("chat", hours=WEEKDAYS_ONLY), demand=None)
    row = a_row((1.0,), 1.0, ((0, 0.5), (1, 0.5)))
    scenario = a_scenario(
        phone,
        without_demand,
        start=START + timedelta(days=1),
        interval=3600,
        orders=Orders(a_profile(1400.0), False, (row,)),
    )
    both = expected_contacts(scenario)[:, 0]
    alone = expected_contacts(replace(scenario, orders=None))[:, 0]
    np.testing.assert_allclose(both[0], 2 * alone[0], rtol=1e-12)
    np.testing.assert_allclose(both[1], [0] * 9 + [100 / 8] * 8 + [0] * 7, rtol=1e-12)


def test_a_day_that_a_volume_file_lacks_has_the_shape_of_the_others() -> None:
    counts = np.zeros((5, 24))
    counts[:, 10], counts[:, 11] = 30.0, 10.0
    channel = a_channel(demand=a_history(counts, START, 3600.0), hours=WEEKDAYS_ONLY)
    orders = Orders(a_profile(7 * 8.0), False, (a_row((1.0,), 1.0, closed_days="same day"),))
    scenario = a_scenario(channel, days=6, interval=3600, orders=orders)
    found = expected_contacts(scenario)[0, 0].reshape(6, 24)[:, 9:13]
    np.testing.assert_allclose(found[:5], [[0, 36, 12, 0]] * 5)
    np.testing.assert_allclose(found[5], [0, 6, 2, 0])


def test_what_an_order_file_lacks_is_refused_or_assumed() -> None:
    """The file has two weeks; the horizon starts three days later and looks a week back."""
    counts = [float(10 + k) for k in range(14)]
    row = a_row((0.0,) * 7 + (1.0,), 1.0)
    orders = replace(dated(counts, START), contacts=(row,))
    scenario = a_scenario(a_channel(demand=NOTHING), start=START + timedelta(days=17), days=5, orders=orders)
    with pytest.raises(ValueError, match=r"volumes\.csv has no orders for 2026-06-15"):
        expected_contacts(scenario)
    assumed = replace(scenario, orders=replace(orders, fill=True))
    means = [(counts[k] + counts[k + 7]) / 2 for k in range(7)]
    assert daily(assumed)[0] == pytest.approx([*counts[10:14], means[0]])


def test_contacts_that_orders_bring_are_drawn_in_their_expected_number() -> None:
    orders = Orders(a_profile(7 * 300.0), False, (a_row(shares_by_day(DELAYS[0]), 0.4, ((0, 0.5), (1, 0.5))),))
    phone = a_channel(demand=a_profile(70.0))
    mail = replace(a_channel("mail", kind=DEFERRED), demand=None)
    demand = Demand(a_scenario(phone, mail, days=2, orders=orders))
    runs = 200
    total = sum(demand.draw_counts(1, r).sum(axis=(1, 2)) for r in range(runs))
    for found, expected in zip(total, (2 * 70.0, 2 * 60.0), strict=True):
        assert abs(found - runs * expected) < 3.3 * np.sqrt(runs * expected)


def test_orders_leave_those_alone_to_whom_they_bring_nobody() -> None:
    phone, mail = a_channel(), a_channel("mail", kind=DEFERRED)
    scenario = a_scenario(phone, mail)
    orders = Orders(a_profile(700.0), False, (a_row((1.0,), 1.0, ((1, 1.0),)),))
    before, after = (Demand(each).draw(1, 0) for each in (scenario, replace(scenario, orders=orders)))
    for name in ("arrival", "work", "patience"):
        one, other = getattr(before, name)[before.channel == 0], getattr(after, name)[after.channel == 0]
        np.testing.assert_array_equal(one, other)
    assert (after.channel == 1).sum() > (before.channel == 1).sum()


def test_the_waves_of_two_causes_add_up_to_all_that_orders_bring() -> None:
    orders = Orders(a_profile(700.0, FLAT), False, (a_row(shares_by_day(DELAYS[0]), 0.3),))
    rush = VolumeFactor("rush", -3 * DAY, 2.2 * DAY, 2.5, (), (), on_orders=True, ramp=DAY, half_life=DAY / 4)
    sale = VolumeFactor("sale", 0.0, DAY, 0.0, (), (), on_orders=True)
    scenario = a_scenario(a_channel(demand=NOTHING), days=9, orders=orders, volume_factors=(rush, sale))
    days = order_days(scenario, orders)
    assert days.causes == ("", "rush", "sale")
    brought = brought_by_day(scenario, orders, days)
    np.testing.assert_allclose(brought.sum(axis=(0, 1, 2)), daily(scenario)[0], rtol=1e-12)
    # Nobody orders on a day on which the factor is 0.
    assert days.orders[:, -days.first].sum() == pytest.approx(0.0, abs=1e-9)


def test_a_row_for_a_day_is_the_whole_day_also_where_it_has_25_hours() -> None:
    orders = replace(dated([100.0, 60.0, 80.0], date(2026, 10, 24)), contacts=(a_row((1.0,), 1.0),))
    scenario = a_scenario(a_channel(demand=NOTHING), start=date(2026, 10, 24), days=3, orders=orders)
    assert daily(scenario)[0] == pytest.approx([100, 60, 80])
