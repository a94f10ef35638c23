"""Expected contacts against sums by hand and by the minute, and drawn contacts against what was expected."""

from __future__ import annotations

import hashlib
import importlib.util
import math
import os
import pickle
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from threading import Barrier
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from demand_scenarios import (
    BOT,
    FLAT,
    UNEVEN,
    a_channel,
    a_history,
    a_profile,
    a_scenario,
    a_type,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator import demand, jit
from simulator.contacts import Contacts
from simulator.demand import (
    BusynessModel,
    Demand,
    compiled,
    draw_contacts,
    expected_contacts,
    volume_factors,
)
from simulator.demand.compiled import arrivals, poisson_quantile
from simulator.demand.quantiles import exp, gamma_at_score, log, normal_quantile
from simulator.demand.times import Times
from simulator.scenario.calendar import Holidays
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.model import (
    Busyness,
    Distribution,
    Group,
    Scenario,
    StepProfile,
    Target,
    VolumeFactor,
)
from simulator.streams import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
"""Sundays on which Helsinki's clock goes from 03:00 to 04:00, and from 04:00 back to 03:00."""
HOUR = 3600.0
DAY = 24 * HOUR


@cache
def clock_by_the_minute(calendar: Calendar) -> NDArray[np.int64]:
    """[interval, minute] What the clock shows at each minute of the horizon, in seconds, according to `zoneinfo`."""
    zone = ZoneInfo(calendar.timezone)
    start = datetime.combine(calendar.start, datetime.min.time(), zone).astimezone(UTC)
    minutes = calendar.intervals * calendar.interval // 60
    local = [(start + timedelta(minutes=minute)).astimezone(zone) for minute in range(minutes)]
    return np.array([3600 * time.hour + 60 * time.minute for time in local]).reshape(calendar.intervals, -1)


def expected_by_the_minute(scenario: Scenario, profile: StepProfile, per_day: float) -> NDArray[np.float64]:
    """[interval] Every minute at the weight that its clock time has, relative to all minutes of a 24-hour day."""

    def weight(clock: NDArray[np.int64]) -> NDArray[np.float64]:
        last_step = (np.array(profile.clock) <= clock[..., None]).sum(axis=-1) - 1
        return np.asarray(np.array(profile.weight, dtype=np.float64)[last_step])

    of_minute = weight(clock_by_the_minute(scenario.calendar)) / weight(np.arange(0, 86_400, 60)).sum()
    return np.asarray(per_day * of_minute.sum(axis=1))


def make_profile(steps: dict[int, int]) -> StepProfile:
    return StepProfile(tuple(60.0 * minute for minute in steps), tuple(map(float, steps.values())))


PROFILES = st.dictionaries(st.integers(1, 1439), st.integers(0, 5), max_size=6).map(
    lambda steps: make_profile({0: 1} | dict(sorted(steps.items())))
)


# --- expected contacts: profiles


@given(PROFILES, st.sampled_from([300, 900, 1800, 3600]), st.sampled_from([date(2026, 6, 1), SPRING, AUTUMN]))
def test_a_step_profile_gives_each_interval_its_minutes(profile: StepProfile, interval: int, day: date) -> None:
    scenario = a_scenario(a_channel(demand=a_profile(7000.0, profile)), start=day, interval=interval)
    by_minute = expected_by_the_minute(scenario, profile, 1000.0)
    np.testing.assert_allclose(expected_contacts(scenario)[0, 0], by_minute, rtol=1e-9, atol=1e-9)


@given(PROFILES, st.lists(st.integers(0, 9), min_size=7, max_size=7).filter(any))
def test_an_ordinary_week_has_the_volume_and_each_weekday_its_share(profile: StepProfile, weights: list[int]) -> None:
    shares = tuple(weight / sum(weights) for weight in weights)
    demand = a_profile(5000.0, profile, weekday_share=shares)
    expected = expected_contacts(a_scenario(a_channel(demand=demand), days=7))[0, 0]
    np.testing.assert_allclose(expected.reshape(7, 96).sum(axis=1), 5000.0 * np.array(shares))


def test_each_weekday_has_its_own_time_of_day() -> None:
    morning, evening = StepProfile((0.0, 8 * HOUR, 9 * HOUR), (0, 1, 0)), StepProfile((0.0, 20 * HOUR), (0, 1))
    demand = a_profile(70.0, time_of_day=(morning, evening, *(FLAT,) * 5))
    expected = expected_contacts(a_scenario(a_channel(demand=demand), days=2, interval=3600))[0, 0]
    by_hand = np.zeros(48)
    by_hand[8] = 10.0
    by_hand[24 + 20 : 48] = 2.5
    np.testing.assert_allclose(expected, by_hand)


def test_a_day_of_23_hours_lacks_the_hour_and_a_day_of_25_hours_has_it_twice() -> None:
    shape = StepProfile((0.0, 3 * HOUR, 4 * HOUR), (1.0, 5.0, 1.0))  # 28 parts a day, 5 of them from 03:00 to 04:00
    of_day = [
        expected_contacts(a_scenario(a_channel(demand=a_profile(28 * 7, shape)), start=day))[0, 0].sum()
        for day in (SPRING, AUTUMN)
    ]
    np.testing.assert_allclose(of_day, [23.0, 33.0])


def test_a_holiday_has_its_factor() -> None:
    scenario = a_scenario(a_channel(demand=a_profile(700.0, holiday_factor=0.25)), days=3)
    holidays = Holidays(extra={date(2026, 6, 2): "The middle day"})
    scenario = replace(scenario, calendar=replace(scenario.calendar, holidays=holidays))
    np.testing.assert_allclose(expected_contacts(scenario)[0, 0].reshape(3, 96).sum(axis=1), [100, 25, 100])


def test_topics_take_their_shares_and_a_channel_without_demand_nothing() -> None:
    scenario = a_scenario(
        a_channel("phone", types=(a_type(2, 0.7), a_type(0, 0.3))),
        replace(a_channel("chat"), demand=None),
        topics=3,
    )
    np.testing.assert_allclose(expected_contacts(scenario).sum(axis=2), [[30, 0, 70], [0, 0, 0]], atol=1e-12)


def test_a_profile_without_weight_is_refused() -> None:
    demand = a_profile(shape=StepProfile((0.0, HOUR), (0.0, 0.0)))
    with pytest.raises(ValueError, match="no weight at any time"):
        expected_contacts(a_scenario(a_channel(demand=demand)))


# --- expected contacts: volume files


@given(
    st.sampled_from([300, 900, 3600, 7200]),
    st.sampled_from([300, 900, 1800, 3600]),
    st.lists(st.integers(0, 40), min_size=12, max_size=12),
)
def test_a_file_of_any_step_keeps_its_counts_where_they_were(step: int, interval: int, counts: list[int]) -> None:
    history = a_history([counts], date(2026, 6, 1), float(step), scale=1.5)
    expected = expected_contacts(a_scenario(a_channel(demand=history), interval=interval))[0, 0]
    assert expected.sum() == pytest.approx(1.5 * sum(counts))
    coarse = max(step, interval)
    by_file = np.zeros(int(DAY) // coarse)
    np.add.at(by_file, np.arange(12) * step // coarse, 1.5 * np.array(counts))
    np.testing.assert_allclose(expected.reshape(-1, coarse // interval).sum(axis=1), by_file)
    within = expected.reshape(-1, coarse // interval)
    np.testing.assert_allclose(within, np.broadcast_to(within[:, :1], within.shape))


def test_file_steps_of_unequal_length_are_spread_evenly_each() -> None:
    clock = np.array([8.0, 8.25, 9.0, 11.0]) * HOUR
    history = a_history([[10, 30, 80, 6]], date(2026, 6, 1), 2 * HOUR, clock)
    expected = expected_contacts(a_scenario(a_channel(demand=history)))[0, 0]
    by_hand = np.zeros(96)
    by_hand[32] = 10  # 08:00 to 08:15
    by_hand[33:36] = 10  # to 09:00
    by_hand[36:44] = 10  # to 11:00
    by_hand[44:52] = 6 / 8  # to 13:00
    np.testing.assert_allclose(expected, by_hand)


def test_dated_counts_fall_on_their_own_dates() -> None:
    counts = np.arange(1, 11)[:, None] * np.ones(24)
    history = a_history(counts, date(2026, 6, 1), HOUR)
    scenario = a_scenario(a_channel(demand=history), start=date(2026, 6, 4), days=3)
    np.testing.assert_allclose(
        expected_contacts(scenario)[0, 0].reshape(3, 96), np.full((3, 96), [[1.0], [1.25], [1.5]])
    )


def test_a_typical_week_is_the_mean_of_the_days_of_each_weekday() -> None:
    counts = np.arange(21)[:, None] * np.ones(24)  # three weeks from a Monday: 0, 7, 14 on Mondays, and so on
    history = a_history(counts, date(2026, 6, 1), HOUR, use="typical week")
    scenario = a_scenario(a_channel(demand=history), start=date(2026, 11, 25), days=7, interval=3600)
    of_day = expected_contacts(scenario)[0, 0].reshape(7, 24)
    np.testing.assert_allclose(of_day, np.array([9, 10, 11, 12, 13, 7, 8])[:, None] * np.ones(24))


def test_a_file_follows_the_clock_where_it_is_moved() -> None:
    history = a_history(np.tile(np.arange(24.0), (400, 1)), date(2026, 1, 1), HOUR)
    for day, hours in ((SPRING, [0, 1, 2, *range(4, 24)]), (AUTUMN, [0, 1, 2, 3, *range(3, 24)])):
        scenario = a_scenario(a_channel(demand=history), start=day, interval=3600)
        assert expected_contacts(scenario)[0, 0].tolist() == hours


def test_a_file_may_tell_topics_apart() -> None:
    counts = np.dstack([np.full((1, 24), 3.0), np.full((1, 24), 5.0)])
    history = a_history(counts, date(2026, 6, 1), HOUR, topics=(2, 0))
    channel = a_channel(demand=history, types=(a_type(0, 0.9), a_type(2, 0.1)))
    scenario = a_scenario(channel, topics=3, interval=3600)
    np.testing.assert_allclose(expected_contacts(scenario)[0, :, 0], [5, 0, 3])
    mixed = a_scenario(replace(channel, demand=a_history(np.full((1, 24), 10.0), date(2026, 6, 1), HOUR)), topics=3)
    np.testing.assert_allclose(expected_contacts(mixed)[0].sum(axis=1), [216, 0, 24])


@pytest.mark.parametrize(
    ("use", "start", "message"),
    [
        (
            "dated",
            date(2026, 6, 7),
            "volumes.csv has no counts for 2026-06-08, .* channel phone .* 2026-06-01 to 2026-06-07",
        ),
        ("typical week", date(2026, 6, 8), "no counts for a day of the weekday of 2026-06-09"),
    ],
)
def test_a_day_that_the_file_lacks_is_refused_if_the_channel_is_open(use: str, start: date, message: str) -> None:
    days = 7 if use == "dated" else 1
    history = a_history(np.ones((days, 24)), date(2026, 6, 1), HOUR, use=use)
    scenario = a_scenario(a_channel(demand=history), start=start, days=2)
    with pytest.raises(ValueError, match=message):
        expected_contacts(scenario)


def test_a_day_that_the_file_lacks_has_no_contacts_if_the_channel_is_closed() -> None:
    history = a_history(np.ones((5, 24)), date(2026, 6, 1), HOUR, use="typical week")
    channel = a_channel(demand=history, hours=WeeklyHours.parse("mon-fri 08:00-20:00"))
    expected = expected_contacts(a_scenario(channel, days=7))[0, 0].reshape(7, 96)
    np.testing.assert_allclose(expected.sum(axis=1), [24, 24, 24, 24, 24, 0, 0])


# --- expected contacts: volume factors

WINDOWS = st.lists(
    st.tuples(st.integers(-100, 1500), st.integers(1, 800), st.sampled_from([0.0, 0.5, 2.0, 3.0])), max_size=4
)


@given(WINDOWS, st.sampled_from([900, 3600]))
def test_volume_factors_multiply_for_as_long_as_they_hold(windows: list[tuple[int, int, float]], interval: int) -> None:
    scenario = a_scenario(
        a_channel("phone"),
        a_channel("chat"),
        interval=interval,
        topics=2,
        volume_factors=tuple(
            VolumeFactor("", 60.0 * start, 60.0 * (start + length), factor, (1,), (0,))
            for start, length, factor in windows
        ),
    )
    by_minute = np.ones(1440)
    for start, length, factor in windows:
        by_minute[max(start, 0) : max(start + length, 0)] *= factor
    factors = volume_factors(scenario)
    np.testing.assert_allclose(factors[1, 0], by_minute.reshape(-1, interval // 60).mean(axis=1))
    assert (factors[0] == 1).all()
    assert (factors[1, 1] == 1).all()


def test_expected_contacts_include_the_volume_factors() -> None:
    half_of_monday = VolumeFactor("campaign", 0.0, 12 * HOUR, 3.0, (0,), (0,))
    scenario = a_scenario(a_channel(demand=a_profile(960 * 7, FLAT)), volume_factors=(half_of_monday,))
    assert expected_contacts(scenario)[0, 0].tolist() == pytest.approx([30.0] * 48 + [10.0] * 48)


# --- drawn counts and arrivals

REPLICATIONS = 500


def assert_poisson_means(totals: NDArray[np.int64], expected: NDArray[np.float64]) -> None:
    """Exact 99 % interval of each Poisson total around its expectation, for all of them together (Bonferroni)."""
    level = 0.01 / expected.size
    low, high = stats.poisson.ppf(level / 2, expected), stats.poisson.ppf(1 - level / 2, expected)
    assert ((low <= totals) & (totals <= high)).all()
    assert not totals[expected == 0].any()
    # All together have their interval too, and the spread around the expectations is that of Poisson counts.
    assert abs(totals.sum() - expected.sum()) < stats.norm.ppf(0.995) * np.sqrt(expected.sum())
    busy = expected > 0
    surprise = ((totals[busy] - expected[busy]) ** 2 / expected[busy]).sum()
    assert stats.chi2.ppf(0.005, busy.sum()) < surprise < stats.chi2.ppf(0.995, busy.sum())


@pytest.mark.parametrize("start", [date(2026, 6, 1), SPRING, AUTUMN])
def test_mean_counts_are_as_expected_with_unequal_steps_and_closed_hours(start: date) -> None:
    scenario = a_scenario(a_channel(demand=a_profile(700.0, UNEVEN)), start=start)
    expected = expected_by_the_minute(scenario, UNEVEN, 100.0)
    demand = Demand(scenario)
    totals = sum(demand.draw_counts(11, replication)[0, 0] for replication in range(REPLICATIONS))
    assert (expected == 0).any()
    assert_poisson_means(np.asarray(totals), REPLICATIONS * expected)


def test_mean_counts_are_as_expected_with_unequal_file_steps() -> None:
    clock = np.array([8.0, 8.25, 9.0, 11.0]) * HOUR
    history = a_history([[10, 0, 400, 6]], date(2026, 6, 1), 2 * HOUR, clock)
    expected = np.zeros(96)
    expected[32], expected[36:44], expected[44:52] = 10, 50, 6 / 8
    demand = Demand(a_scenario(a_channel(demand=history)))
    totals = sum(demand.draw_counts(12, replication)[0, 0] for replication in range(REPLICATIONS))
    assert_poisson_means(np.asarray(totals), REPLICATIONS * expected)


def test_contacts_arrive_uniformly_within_their_interval() -> None:
    channel = a_channel(demand=a_profile(7 * 20_000.0, UNEVEN))
    demand = Demand(a_scenario(channel))
    contacts = demand.draw(3, 0)
    interval, within = np.divmod(contacts.arrival, 900.0)
    assert (np.bincount(interval.astype(int), minlength=96) == demand.draw_counts(3, 0)[0, 0]).all()
    assert stats.kstest(within / 900.0, "uniform").pvalue > 0.005
    # Independent of each other: squared distances between neighbours in one interval have the mean of spacings.
    busiest = np.bincount(interval.astype(int)).argmax()
    places = np.concatenate([[0.0], within[interval == busiest] / 900.0, [1.0]])
    n = len(places) - 2
    greenwood = (np.diff(places) ** 2).sum()
    spread = np.sqrt(4 * n / ((n + 2) ** 2 * (n + 3) * (n + 4)))
    assert abs(greenwood - 2 / (n + 2)) < stats.norm.ppf(0.995) * spread


def test_nobody_arrives_in_the_next_interval_by_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = a_scenario(a_channel(demand=a_profile(7.0, FLAT)), days=30)
    demand = Demand(scenario)
    edges = scenario.calendar.edges
    assert (edges[:-1] + (1 - 2.0**-53) * np.diff(edges) == edges[1:]).any()  # so rounding up does happen
    # Everybody has the largest number that there is.
    monkeypatch.setattr(compiled, "read_rows", lambda *arguments: arguments[-1].fill(1 - 2.0**-53))
    contacts = demand.draw(1, 0)
    interval = np.searchsorted(edges, contacts.arrival, side="right") - 1
    assert (np.bincount(interval, minlength=len(edges) - 1) == demand.draw_counts(1, 0)[0, 0]).all()
    assert contacts.arrival[-1] < edges[-1]


# --- the contacts table

MIXED = a_scenario(
    a_channel("phone", a_profile(3000.0), types=(a_type(0, 0.6), a_type(1, 0.4)), bot=BOT),
    a_channel(
        "email",
        a_profile(2000.0, FLAT),
        kind="deferred",
        hours=WeeklyHours.parse("mon-fri 08:00-16:00"),
        target=Target(0.95, 8 * HOUR, "offered", "day", open_time=True),
        types=(
            a_type(0, 0.5, patience=None, handling_time=Distribution("gamma", 300.0, 0.7)),
            a_type(2, 0.5, patience=None, handling_time=Distribution("constant", 90.0, 0.0)),
        ),
        backlog=40,
        backlog_age=10 * HOUR,
        busyness=Busyness(0.2, 0.1),
    ),
    a_channel(
        "social",
        a_profile(500.0, FLAT),
        kind="deferred",
        target=Target(0.95, HOUR, "offered", "day", open_time=False),
        types=(a_type(1, patience=None, handling_time=Distribution("exponential", 120.0, 1.0)),),
        busyness=Busyness(0.3, 0.0),
    ),
    days=3,
    topics=3,
    correlation=0.5,
)


def test_contacts_can_be_played_and_are_numbered_first_attempts() -> None:
    contacts = draw_contacts(MIXED, 1, 0)
    contacts.check(channels=3, topics=3)
    assert (contacts.enquiry == np.arange(len(contacts))).all()
    assert not contacts.attempt.any()
    arrived = contacts.arrival >= 0
    assert contacts.arrival[-1] < MIXED.calendar.edges[-1]
    counts = np.zeros((3, 3, MIXED.calendar.intervals), dtype=int)
    interval = (contacts.arrival[arrived] // 900).astype(int)
    np.add.at(counts, (contacts.channel[arrived], contacts.topic[arrived], interval), 1)
    assert (counts == Demand(MIXED).draw_counts(1, 0)).all()


def test_live_contacts_have_patience_and_deferred_ones_a_due_time() -> None:
    contacts = draw_contacts(MIXED, 1, 0)
    live = contacts.channel == 0
    assert np.isinf(contacts.due[live]).all()
    assert np.isfinite(contacts.patience[live]).all()
    assert np.isinf(contacts.patience[~live]).all()
    social = contacts.channel == 2
    assert (contacts.due[social] == contacts.arrival[social] + HOUR).all()
    email = contacts.channel == 1
    hours = MIXED.channels[1].hours
    assert (contacts.due[email] == MIXED.calendar.due_times(contacts.arrival[email], 8 * HOUR, hours)).all()
    assert (contacts.due[email] > contacts.arrival[email] + 8 * HOUR - 1e-6).all()


def test_contacts_of_closed_hours_are_drawn() -> None:
    nights = a_channel(demand=a_profile(7000.0, FLAT), hours=WeeklyHours.parse("mon-fri 08:00-16:00"))
    contacts = draw_contacts(a_scenario(nights), 1, 0)
    assert (contacts.arrival < 8 * HOUR).sum() > 250


def test_drawn_work_and_patience_follow_their_distributions() -> None:
    contacts = Demand(replace(MIXED, channels=(MIXED.channels[0],))).draw(8, 1)
    assert len(contacts) > 1000
    for topic in (0, 1):
        of_topic = contacts.topic == topic
        log_work = np.log(contacts.work[of_topic] / 240.0)
        variance = np.log1p(0.8**2)
        assert stats.kstest(log_work, stats.norm(-variance / 2, np.sqrt(variance)).cdf).pvalue > 0.005
        assert stats.kstest(contacts.patience[of_topic], stats.expon(scale=300.0).cdf).pvalue > 0.005
    # Nothing about a contact tells anything else about it.
    columns = np.stack(
        [contacts.arrival, contacts.work, contacts.patience, contacts.meets_bot, contacts.contained, contacts.bot_time]
    )
    correlations = np.corrcoef(stats.rankdata(columns, axis=1))[np.triu_indices(6, 1)]
    level = 1 - 0.01 / 2 / len(correlations)
    assert (np.abs(correlations) < stats.norm.ppf(level) / np.sqrt(len(contacts))).all()


def test_the_bot_meets_and_contains_its_shares() -> None:
    contacts = Demand(replace(MIXED, channels=(MIXED.channels[0],))).draw(9, 1)
    for share, drawn in ((0.4, contacts.meets_bot), (0.3, contacts.contained)):
        low, high = stats.binom.interval(0.99, len(drawn), share)
        assert low <= drawn.sum() <= high
    assert not draw_contacts(MIXED, 1, 0).meets_bot[draw_contacts(MIXED, 1, 0).channel > 0].any()


# --- the layout of luck, and the order of arrival


def time_of(distribution: Distribution | None, luck: float) -> float:
    """Seconds that belong to a luck, with numpy's form of the functions."""
    if distribution is None:
        return math.inf
    mean, cv, probability = distribution.mean, distribution.cv, np.array([max(luck, 2.0**-54)])
    if distribution.family == "constant":
        return mean
    if distribution.family == "exponential":
        return float(mean * -log(np.array([1.0 - luck]))[0])
    if distribution.family == "gamma":
        return float(mean * gamma_at_score(cv, normal_quantile(probability))[0])
    variance = log(np.array(1.0 + cv * cv))
    return float(mean * exp(normal_quantile(probability) * np.sqrt(variance) - 0.5 * variance)[0])


def arrivals_by_the_book(scenario: Scenario, seed: int, replication: int) -> list[tuple[float, ...]]:
    """Those who arrive, one after the other, from nothing but what `simulator.demand.draw` says of their luck."""
    calendar = scenario.calendar
    mean = expected_contacts(scenario) * BusynessModel.of(scenario).draw(seed, replication)[:, None, :]
    people: list[tuple[float, ...]] = []
    for c, channel in enumerate(scenario.channels):
        for kind in sorted(channel.types, key=lambda kind: kind.topic):
            for d, day in enumerate(calendar.date_of_day):
                name = channel.name, scenario.topics[kind.topic].name, day.isoformat()
                intervals = np.flatnonzero(calendar.day_of_interval == d)
                count = poisson_quantile(
                    stream(seed, replication, "count", *name).random(len(intervals)), mean[c, kind.topic, intervals]
                )
                arrival, work, patience, meets_bot, contained, bot_time = (
                    stream(seed, replication, purpose, *name).random((count.max(), len(intervals)))
                    for purpose in ("arrival", "work", "patience", "meets bot", "contained", "bot time")
                )
                for i, k in [(i, k) for i, number in enumerate(count) for k in range(number)]:
                    start, end = calendar.edges[intervals[i]], calendar.edges[intervals[i] + 1]
                    people.append(
                        (
                            min(start + arrival[k, i] * (end - start), np.nextafter(end, 0.0)),
                            c,
                            kind.topic,
                            time_of(kind.handling_time, work[k, i]),
                            time_of(kind.patience, patience[k, i]),
                            channel.bot is not None and meets_bot[k, i] < kind.bot_share,
                            channel.bot is not None and contained[k, i] < kind.containment,
                            time_of(channel.bot.time, bot_time[k, i]) if channel.bot else 0.0,
                        )
                    )
    return sorted(people, key=lambda person: person[0])


@pytest.mark.parametrize("start", [date(2026, 6, 1), date(2026, 3, 28), date(2026, 10, 24)])
def test_everybody_has_the_luck_of_their_row(start: date) -> None:
    scenario = replace(MIXED, calendar=replace(MIXED.calendar, start=start))
    contacts = draw_contacts(scenario, 4, 2)
    with_bot = np.array([channel.bot is not None for channel in scenario.channels])[contacts.channel]
    columns = (
        *(contacts.arrival, contacts.channel, contacts.topic, contacts.work, contacts.patience),
        *(contacts.meets_bot, contacts.contained & with_bot, contacts.bot_time),
    )
    arrived = contacts.arrival >= 0
    drawn = list(zip(*(column[arrived].tolist() for column in columns), strict=True))
    assert len(drawn) > 2000
    assert drawn == arrivals_by_the_book(scenario, 4, 2)


@pytest.mark.parametrize("numbers", [(0, 1), (1023, 1024), (1025, 2049), (3000, 0)])
def test_a_time_is_that_of_its_own_type_however_many_there_are(numbers: tuple[int, int]) -> None:
    luck = np.random.default_rng(3).random(sum(numbers))
    place = np.random.default_rng(4).permutation(sum(numbers))
    distributions = Distribution("gamma", 250.0, 0.7), Distribution("exponential", 90.0, 1.0)
    drawn = Times(distributions).of(luck, np.array([0, numbers[0], sum(numbers)]), place)
    parts = zip(distributions, np.split(luck, numbers[:1]), strict=True)
    alone = [time_of(distribution, each) for distribution, own in parts for each in own]
    assert drawn[place].tolist() == alone


@given(
    st.lists(st.lists(st.lists(st.integers(0, 8), max_size=12), min_size=3, max_size=3), min_size=1, max_size=3),
    st.sampled_from([8.0, 2.0**53]),
)
def test_arrivals_stand_as_a_stable_sort_puts_them(by_type: list[list[list[int]]], parts: float) -> None:
    # Luck in eighths makes many of one instant; in the smallest steps there are, all that is near 0 or 1 rounds alike.
    luck = np.array([each / parts for of_type in by_type for interval in of_type for each in interval])
    luck = np.where(luck < 1.0, luck, 1.0 - 2.0**-53)
    count = np.array([[len(interval) for interval in of_type] for of_type in by_type])
    first = (np.cumsum(count) - count.ravel()).reshape(count.shape)
    edges = np.array([0.0, 900.0, 1800.0, 5400.0])
    latest = np.nextafter(edges[1:], 0.0)
    interval = np.repeat(np.tile(np.arange(3), len(count)), count.ravel())
    arrival = np.minimum(edges[interval] + luck * np.diff(edges)[interval], latest[interval])
    order = np.argsort(arrival, kind="stable")
    ordered, place = arrivals(count, first, edges, latest, luck)
    assert ordered.tolist() == arrival[order].tolist()
    assert np.argsort(place).tolist() == order.tolist()


# --- one answer, however it is computed


def test_compiled_functions_and_the_python_they_are_written_in_draw_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = replace(MIXED, calendar=replace(MIXED.calendar, days=1))
    drawn = fingerprint(draw_contacts(scenario, 4, 2))
    for decorator in ("kernel", "inlined_kernel"):
        monkeypatch.setattr(jit, decorator, lambda function: function)
    spec = importlib.util.spec_from_file_location("plain", compiled.__file__)
    assert spec is not None
    assert spec.loader is not None
    plain = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plain)
    monkeypatch.setattr(demand, "compiled", plain)
    with np.errstate(over="ignore"):  # random words wrap around
        assert fingerprint(draw_contacts(scenario, 4, 2)) == drawn


def test_threads_that_draw_from_one_demand_draw_what_each_would_alone() -> None:
    alone = [fingerprint(Demand(MIXED).draw(4, replication)) for replication in range(24)]
    demand = Demand(MIXED)
    together = Barrier(8)

    def draw_some(thread: int) -> list[str]:
        together.wait(timeout=60)
        return [fingerprint(demand.draw(4, replication)) for replication in range(thread, 24, 8)]

    with ThreadPoolExecutor(8) as threads:
        for thread, drawn in enumerate(threads.map(draw_some, range(8))):
            assert drawn == alone[thread::8]


# --- backlog


def test_the_backlog_is_spread_evenly_from_its_oldest_to_the_start() -> None:
    contacts = draw_contacts(MIXED, 1, 0)
    waiting = contacts.arrival < 0
    assert contacts.arrival[waiting].tolist() == pytest.approx([-10 * HOUR + 900.0 * k for k in range(40)])
    assert (contacts.channel[waiting] == 1).all()
    assert not contacts.meets_bot[waiting].any()
    email = MIXED.channels[1]
    assert (
        contacts.due[waiting] == MIXED.calendar.due_times(contacts.arrival[waiting], email.target.within, email.hours)
    ).all()


def test_the_backlog_has_the_channels_topics_and_their_work() -> None:
    email = replace(MIXED.channels[1], demand=None, backlog=5000, types=(a_type(0, 0.3), *MIXED.channels[1].types[1:]))
    contacts = draw_contacts(replace(MIXED, channels=(email,)), 1, 0)
    low, high = stats.binom.interval(0.99, 5000, 0.3 / 0.8)
    assert low <= (contacts.topic == 0).sum() <= high
    assert set(contacts.work[contacts.topic == 2].tolist()) == {90.0}
    work = np.log(contacts.work[contacts.topic == 0] / 240.0)
    variance = np.log1p(0.8**2)
    assert stats.kstest(work, stats.norm(-variance / 2, np.sqrt(variance)).cdf).pvalue > 0.005


def test_a_longer_backlog_begins_with_the_same_work() -> None:
    longer = replace(MIXED, channels=(MIXED.channels[0], replace(MIXED.channels[1], backlog=60), MIXED.channels[2]))
    works = [
        contacts.work[contacts.arrival < 0] for contacts in (draw_contacts(MIXED, 1, 0), draw_contacts(longer, 1, 0))
    ]
    assert works[1][:40].tolist() == works[0].tolist()


# --- luck from birth

Person = tuple[float | str, ...]


def people(scenario: Scenario, contacts: Contacts, *left_out: str) -> Counter[Person]:
    """Every contact with all that was drawn for it, by the names of its channel and topic."""
    columns = [
        getattr(contacts, name).tolist()
        for name in Contacts.columns()
        if name not in ("channel", "topic", "enquiry", "attempt", *left_out)
    ]
    channel = [scenario.channels[c].name for c in contacts.channel.tolist()]
    topic = [scenario.topics[t].name for t in contacts.topic.tolist()]
    return Counter(zip(channel, topic, *columns, strict=True))


def people_of(scenario: Scenario, *left_out: str) -> Counter[Person]:
    return people(scenario, draw_contacts(scenario, 4, 2), *left_out)


PEOPLE = people_of(MIXED)


def of_channel(everybody: Counter[Person], *names: str) -> Counter[Person]:
    return Counter({person: number for person, number in everybody.items() if person[0] in names})


def test_another_channel_even_in_front_leaves_everybody_as_they_were() -> None:
    chat = a_channel("chat", a_profile(4000.0), busyness=Busyness(0.2, 0.1))
    more = replace(MIXED, channels=(chat, *MIXED.channels))
    assert of_channel(people_of(more), "phone", "email", "social") == PEOPLE
    assert len(people_of(more)) > len(PEOPLE) + 500


def test_another_group_leaves_everybody_as_they_were() -> None:
    group = Group("in-house", "", "in-house", (), (1,) * MIXED.calendar.intervals, 0, 0.3, 27.0)
    assert people_of(replace(MIXED, groups=(group,))) == PEOPLE


def test_another_topic_even_in_front_leaves_everybody_as_they_were() -> None:
    moved = tuple(
        replace(channel, types=tuple(replace(kind, topic=kind.topic + 1) for kind in channel.types))
        for channel in MIXED.channels
    )
    with_new = replace(moved[0], types=(a_type(0, 0.5), *moved[0].types))
    topics = (replace(MIXED.topics[0], name="new"), *MIXED.topics)
    everybody = people_of(replace(MIXED, topics=topics, channels=(with_new, *moved[1:])))
    new = Counter({person: number for person, number in everybody.items() if person[1] == "new"})
    assert everybody - new == PEOPLE
    assert len(new) > 300


def test_more_volume_on_one_channel_adds_people_there_and_changes_nobody() -> None:
    phone = replace(MIXED.channels[0], demand=a_profile(4500.0))
    busier = people_of(replace(MIXED, channels=(phone, *MIXED.channels[1:])))
    assert busier > PEOPLE
    assert of_channel(busier, "email", "social") == of_channel(PEOPLE, "email", "social")


def test_more_volume_in_one_hour_changes_nobody() -> None:
    campaign = VolumeFactor("campaign", 34 * HOUR, 35.1 * HOUR, 4.0, (0, 1), (0,))
    assert people_of(replace(MIXED, volume_factors=(campaign,))) > PEOPLE


def test_a_longer_or_earlier_horizon_leaves_everybody_as_they_were() -> None:
    longer = replace(MIXED, calendar=replace(MIXED.calendar, days=4))
    assert people_of(longer) > PEOPLE
    without_backlog = tuple(replace(channel, backlog=0) for channel in MIXED.channels)
    later = replace(MIXED, channels=without_backlog)
    earlier = replace(later, calendar=replace(MIXED.calendar, start=date(2026, 5, 31), days=4))
    times = ("arrival", "due")  # counted from another midnight
    assert people_of(later, *times) < people_of(earlier, *times)


def test_longer_work_makes_the_same_people_take_longer() -> None:
    def with_work(mean: float) -> Contacts:
        types = tuple(replace(kind, handling_time=replace(kind.handling_time, mean=mean)) for kind in phone.types)
        return draw_contacts(replace(MIXED, channels=(replace(phone, types=types), *MIXED.channels[1:])), 4, 2)

    phone = MIXED.channels[0]
    before, after = with_work(240.0), with_work(300.0)
    calls = before.channel == 0
    np.testing.assert_allclose(after.work[calls], 1.25 * before.work[calls], rtol=1e-14)
    assert (after.work[~calls] == before.work[~calls]).all()
    for column in ("arrival", "patience", "meets_bot", "contained", "bot_time"):
        assert (getattr(after, column) == getattr(before, column)).all()


def test_a_more_able_bot_meets_and_contains_the_same_people_and_more() -> None:
    phone = MIXED.channels[0]
    types = tuple(replace(kind, bot_share=0.6, containment=0.5) for kind in phone.types)
    before = draw_contacts(MIXED, 4, 2)
    after = draw_contacts(replace(MIXED, channels=(replace(phone, types=types), *MIXED.channels[1:])), 4, 2)
    for column in ("meets_bot", "contained"):
        was, now = getattr(before, column), getattr(after, column)
        assert (now >= was).all()
        assert now.sum() > was.sum()


def test_a_busier_scenario_has_no_interval_with_fewer_contacts() -> None:
    busier = replace(
        MIXED, channels=tuple(replace(channel, demand=a_profile(9000.0, FLAT)) for channel in MIXED.channels)
    )
    calmer = replace(
        MIXED, channels=tuple(replace(channel, demand=a_profile(4000.0, FLAT)) for channel in MIXED.channels)
    )
    assert (Demand(busier).draw_counts(1, 0) >= Demand(calmer).draw_counts(1, 0)).all()


def test_seeds_and_replications_have_other_people() -> None:
    draws = [draw_contacts(MIXED, seed, replication) for seed, replication in ((4, 2), (4, 3), (5, 2))]
    works = [set(contacts.work[contacts.channel == 0].tolist()) for contacts in draws]
    assert not works[0] & works[1]
    assert not works[0] & works[2]


def test_one_demand_draws_the_same_whatever_was_drawn_before() -> None:
    demand = Demand(MIXED)
    demand.draw(4, 7)
    demand.draw_counts(4, 2)
    assert people(MIXED, demand.draw(4, 2)) == PEOPLE


def test_a_demand_that_travelled_to_another_process_draws_the_same() -> None:
    assert people(MIXED, pickle.loads(pickle.dumps(Demand(MIXED))).draw(4, 2)) == PEOPLE


def fingerprint(contacts: Contacts) -> str:
    """Hash of every byte of the table."""
    columns = (np.ascontiguousarray(getattr(contacts, name)) for name in Contacts.columns())
    return hashlib.sha256(b"".join(column.tobytes() for column in columns)).hexdigest()


def test_another_process_on_a_lesser_processor_draws_the_same_bytes() -> None:
    # Without the extensions numpy's own exp and log give other last bits, and kernels are compiled to other code.
    extensions = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    settings = {"PYTHONHASHSEED": "4711", "NPY_DISABLE_CPU_FEATURES": " ".join(extensions)}
    settings |= {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    run = subprocess.run(
        [sys.executable, "-c", "import test_demand as t; print(t.fingerprint(t.draw_contacts(t.MIXED, 4, 2)))"],
        env=os.environ | settings | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == fingerprint(draw_contacts(MIXED, 4, 2))


def test_equal_instants_stand_by_channel_and_birth() -> None:
    plain = a_channel(kind="deferred", types=(a_type(0, patience=None),), backlog=300, backlog_age=HOUR)
    channels = tuple(replace(plain, name=name, demand=None) for name in ("email", "social", "form"))
    contacts = draw_contacts(a_scenario(*channels), 1, 0)
    assert contacts.channel.tolist() == [0, 1, 2] * 300
    at_once = tuple(replace(channel, backlog_age=0.0) for channel in channels)
    same = draw_contacts(a_scenario(*at_once), 1, 0)
    assert same.channel.tolist() == [0] * 300 + [1] * 300 + [2] * 300
    assert same.work[:300].tolist() == contacts.work[::3].tolist()


def test_a_scenario_without_contacts_is_an_empty_table() -> None:
    assert len(draw_contacts(a_scenario(replace(a_channel(), demand=None)), 1, 0)) == 0
    assert len(draw_contacts(a_scenario(), 1, 0)) == 0
