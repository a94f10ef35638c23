"""Measures against tables small enough to be worked out by hand, in the comments beside them."""

from __future__ import annotations

import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest
from centres import make_contacts

from simulator.contacts import ContactRecords, Contacts, Ledger, Outcome
from simulator.measures import (
    MEASURES,
    PERCENTS,
    SERVICE_LEVELS,
    AgentTally,
    CentreTally,
    ContactTally,
    Duration,
    Sample,
    Yardstick,
    compiled,
    conservation_faults,
    evaluate,
    summarise,
    sums,
    target_outcomes,
)
from simulator.scenario.calendar import Calendar
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.model import (
    Bot,
    Busyness,
    Channel,
    Distribution,
    Group,
    Scenario,
    ServiceLevelDefinition,
    Target,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from simulator.measures import Axis, Summary

NAN = np.nan
SERVED, CONTAINED, ABANDONED = Outcome.SERVED, Outcome.CONTAINED, Outcome.ABANDONED
OPEN, CLOSED, CUT = Outcome.OPEN, Outcome.CLOSED, Outcome.CUT
NOT_MADE, BALKED, CALLBACK, GONE = Outcome.NOT_MADE, Outcome.BALKED, Outcome.CALLBACK, Outcome.GONE


def a_target(share: float = 0.8, within: float = 20.0, **named: Any) -> Target:
    plain: dict[str, Any] = {"definition": "offered", "period": "day", "open_time": False}
    return Target(share, within, **(plain | named))


def a_yardstick(**named: Any) -> Yardstick:
    """One live channel, one topic and one group over one interval of a quarter of an hour."""
    plain: dict[str, Any] = {
        "edges": np.array([0.0, 900.0]),
        "day": np.array([0]),
        "topics": 1,
        "live": np.array([True]),
        "bot_on": np.array([[False]]),
        "targets": (a_target(),),
        "short_abandon": np.array([5.0]),
        "shrinkage": np.array([0.0]),
        "cost_per_hour": np.array([0.0]),
    } | named
    groups, intervals = len(plain["shrinkage"]), len(plain["day"])
    nobody = {"planned": np.zeros((groups, intervals)), "on_call": np.zeros(groups, dtype=np.bool_)}
    return Yardstick(**(nobody | plain))


def make_records(contacts: Contacts, **named: ArrayLike) -> ContactRecords:
    """Blank records with the named columns filled in; single values are broadcast."""
    blank = ContactRecords.blank(contacts)
    columns = {
        name: np.broadcast_to(np.asarray(value, getattr(blank, name).dtype), (len(contacts),)).copy()
        for name, value in named.items()
    }
    return replace(blank, **columns)


def of_channel(name: str, summary: Summary, channel: int) -> float:
    return float(evaluate(MEASURES[name], summary, ("channel",))[channel])


# -- Service level: the five definitions -------------------------------------------------------------------------------


def golden() -> Summary:
    """Answered 1000, 860 of them within 20 s; abandoned 60, 20 of them within 20 s, 10 of those within 5 s."""
    wait = np.repeat([15.0, 40.0, 3.0, 12.0, 50.0], [860, 140, 10, 10, 40])
    answered = np.arange(1060) < 1000
    contacts = make_contacts(np.zeros(1060), patience=np.where(answered, np.inf, wait))
    records = make_records(
        contacts,
        entered=0.0,
        started=np.where(answered, wait, NAN),
        ended=np.where(answered, wait + 100, wait),
        outcome=np.where(answered, SERVED, ABANDONED),
    )
    return summarise(a_yardstick(), contacts, records, Ledger.blank(1, 1))


@pytest.mark.parametrize(
    ("definition", "percent"),
    [
        ("offered", 81.13),  # 860 / 1060
        ("offered less abandoned within", 82.69),  # 860 / (1060 - 20)
        ("answered", 86.00),  # 860 / 1000
        ("abandoned within as met", 83.02),  # (860 + 20) / 1060
        ("short abandons as met", 82.08),  # (860 + 10) / 1060
    ],
)
def test_the_five_service_levels_of_the_golden_example(definition: ServiceLevelDefinition, percent: float) -> None:
    assert round(100 * float(evaluate(SERVICE_LEVELS[definition], golden())), 2) == percent


def test_every_definition_that_a_target_may_name_has_its_measure() -> None:
    assert set(SERVICE_LEVELS) == set(get_args(ServiceLevelDefinition))


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("service_level_offered", "answered within T / offered"),
        ("service_level_offered_less_abandoned", "answered within T / (offered - abandoned within T)"),
        ("service_level_short_abandons_as_met", "(answered within T + short abandons) / offered"),
        ("occupancy", "busy time / (staffed time + overtime)"),
        ("offered_load", "work offered / elapsed time"),
        ("paid_hours", "paid time"),
    ],
)
def test_a_formula_says_what_is_divided_by_what(name: str, formula: str) -> None:
    assert MEASURES[name].formula == formula


def test_within_is_met_by_a_patience_or_a_wait_that_equals_it_whatever_the_rounding() -> None:
    # In binary, 12.2 + 20 - 12.2 is more than 20. Engines add (R2), so measures must not subtract.
    entered = np.array([12.2, 12.2])
    assert (entered + 20.0 - entered > 20.0).all()
    contacts = make_contacts(entered, patience=[20.0, np.inf])
    records = make_records(
        contacts,
        entered=entered,
        started=[NAN, 12.2 + 20.0],
        ended=[12.2 + 20.0, 50.0],
        outcome=[ABANDONED, SERVED],
    )
    summary = summarise(a_yardstick(), contacts, records, Ledger.blank(1, 1))
    # One answered and one abandoned, both just within T.
    assert evaluate(SERVICE_LEVELS["abandoned within as met"], summary) == 1.0
    assert evaluate(SERVICE_LEVELS["offered"], summary) == 0.5
    # Of the two who were there at 20 s one was answered then, and the other would have waited longer.
    assert summary.waits.virtual[0] == 0.5


def test_giving_up_after_exactly_the_short_time_is_not_short() -> None:
    contacts = make_contacts([0.0, 0.0], patience=[4.0, 5.0])
    records = make_records(contacts, entered=0.0, ended=[4.0, 5.0], outcome=ABANDONED)
    summary = summarise(a_yardstick(), contacts, records, Ledger.blank(1, 1))
    assert evaluate(SERVICE_LEVELS["short abandons as met"], summary) == 0.5


# -- Two hours of phone and e-mail, by hand ----------------------------------------------------------------------------
# Four intervals of half an hour; "days" of one hour, so that two of them fit. Phone (channel 0) has T = 20 s and a bot
# from the second interval on. E-mail (channel 1) starts with two messages in hand.

TWO_HOURS = a_yardstick(
    edges=np.arange(5) * 1800.0,
    day=np.array([0, 0, 1, 1]),
    topics=2,
    live=np.array([True, False]),
    bot_on=np.array([[False, True, True, True], [False] * 4]),
    targets=(a_target(0.25), a_target(0.9, 3600.0)),
    short_abandon=np.array([5.0, 0.0]),
    shrinkage=np.array([0.0, 0.0]),
    cost_per_hour=np.array([0.0, 0.0]),
)
CASE: tuple[tuple[Any, ...], ...] = (
    # arrival, channel, topic, work, patience, due | entered, started, ended, handled, outcome, agent's group
    (-600, 1, 0, 300, np.inf, 1000, -600, 0, 300, 300, SERVED, 1),  # in time
    (-100, 1, 1, 600, np.inf, 1500, -100, 300, 1600, 600, SERVED, 1),  # late: was put aside for 700 s
    (0, 0, 0, 120, np.inf, np.inf, 0, 10, 130, 120, SERVED, 0),  # waits 10 s
    (100, 0, 1, 200, np.inf, np.inf, 100, 130, 330, 200, SERVED, 0),  # waits 30 s
    (200, 0, 0, 100, 3, np.inf, 200, NAN, 203, 0, ABANDONED, -1),  # short
    (210, 0, 0, 100, 15, np.inf, 210, NAN, 225, 0, ABANDONED, -1),  # within T
    (1790, 0, 1, 100, 60, np.inf, 1790, NAN, 1850, 0, ABANDONED, -1),  # gives up in the next interval
    (1800, 0, 0, 100, np.inf, np.inf, NAN, NAN, 1850, 0, CONTAINED, -1),
    (1900, 0, 0, 100, np.inf, np.inf, 2000, 2020, 2120, 100, SERVED, 0),  # past the bot; waits 20 s
    (2500, 0, 0, 100, np.inf, np.inf, NAN, NAN, 2500, 0, CLOSED, -1),
    (3000, 0, 0, 100, np.inf, np.inf, 3000, NAN, 3600, 0, CUT, -1),  # waits 600 s
    (3700, 1, 0, 400, np.inf, 7200, 3700, 3700, 4100, 400, SERVED, 1),  # due at the end: in time
    (5000, 1, 1, 900, np.inf, 7000, 5000, NAN, NAN, 0, OPEN, -1),  # past due
    (6900, 1, 0, 500, np.inf, 9000, 6900, 7000, NAN, 200, OPEN, 1),  # in hand; due after the end
    (7190, 0, 0, 100, np.inf, np.inf, 7190, NAN, NAN, 0, OPEN, -1),  # waiting
    (7195, 0, 0, 100, np.inf, np.inf, NAN, NAN, NAN, 0, OPEN, -1),  # with the bot
)


def two_hours() -> tuple[Contacts, ContactRecords, Ledger]:
    arrival, channel, topic, work, patience, due, entered, started, ended, handled, outcome, group = zip(
        *CASE, strict=True
    )
    bot_time = np.zeros(len(CASE))
    bot_time[[7, 8, 15]] = 50, 100, 100
    # Contact 2 is drawn to meet the bot as well, but comes before it is on.
    contacts = make_contacts(
        arrival,
        channel=channel,
        topic=topic,
        work=work,
        patience=patience,
        due=due,
        meets_bot=np.isin(np.arange(len(CASE)), [2, 7, 8, 15]),
        contained=np.isin(np.arange(len(CASE)), [2, 7]),
        bot_time=bot_time,
    )
    records = make_records(
        contacts,
        entered=entered,
        started=started,
        ended=ended,
        handled=handled,
        outcome=outcome,
        group=group,
        agent=np.minimum(group, 0),
    )
    busy = np.array([[320.0, 100.0, 0.0, 0.0], [900.0, 0.0, 400.0, 200.0]])
    ledger = Ledger(staffed=np.full((2, 4), 1800.0), overtime=np.zeros((2, 4)), busy=busy, slot_seconds=busy.copy())
    contacts.check(channels=2, topics=2)
    return contacts, records, ledger


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(TWO_HOURS, *two_hours())


@pytest.mark.parametrize(
    ("name", "phone", "email"),
    [
        # Phone: 3 served + 1 contained + 3 abandoned + 1 closed + 1 cut + 2 open; e-mail: 3 served + 2 open.
        ("arrived", 11, 5),
        ("served", 3, 3),
        ("contained", 1, 0),
        ("abandoned", 3, 0),
        ("closed", 1, 0),
        ("cut", 1, 0),
        ("open", 2, 2),
        ("offered", 8, 5),  # phone: all but the contained, the closed and the one with the bot
        ("answered", 3, 4),
        ("overdue", 0, 1),
        ("service_level_offered", 2 / 8, NAN),  # waits of 10 and 20 s
        ("service_level_offered_less_abandoned", 2 / 6, NAN),
        ("service_level_answered", 2 / 3, NAN),
        ("service_level_abandoned_as_met", 4 / 8, NAN),
        ("service_level_short_abandons_as_met", 3 / 8, NAN),
        ("asa", 20.0, NAN),  # (10 + 30 + 20) / 3
        ("mean_wait", 738 / 7, NAN),  # (10 + 30 + 20 + 3 + 15 + 60 + 600) / 7; not who still waits
        ("abandonment_ratio", 3 / 8, NAN),
        ("closed_share", 1 / 11, NAN),
        ("cut_share", 1 / 8, NAN),
        ("lost_share", 5 / 11, NAN),
        ("within_due", NAN, 2 / 4),  # the message due at 9000 s does not fall due
        ("time_to_finish", NAN, 1000.0),  # (900 + 1700 + 400) / 3
        ("bot_share", 3 / 11, 0.0),
        ("containment", 1 / 3, NAN),
        ("bot_resolved", 1 / 3, NAN),
        ("net_deflection", 1 / 11, 0.0),
        ("handling_time", 140.0, 1300 / 3),  # (120 + 200 + 100) / 3; (300 + 600 + 400) / 3
        ("offered_load", 920 / 7200, 2700 / 7200),  # 120 + 200 + 6 x 100; 300 + 600 + 400 + 900 + 500
    ],
)
def test_measures_of_two_hours_by_hand(summary: Summary, name: str, phone: float, email: float) -> None:
    assert evaluate(MEASURES[name], summary, ("channel",)) == pytest.approx([phone, email], nan_ok=True)


def test_a_period_owns_the_contacts_that_arrive_in_it(summary: Summary) -> None:
    phone = evaluate(MEASURES["abandoned"], summary, ("channel", "interval"))[0]
    assert phone.tolist() == [3, 0, 0, 0]
    assert summary.abandonments[0].tolist() == [2, 1, 0, 0]  # one of them gave up an interval later


def test_the_starting_backlog_counts_in_the_horizon_and_in_no_period(summary: Summary) -> None:
    arrived = MEASURES["arrived"]
    assert of_channel("arrived", summary, 1) == 5
    by_day: Sequence[tuple[Axis, ...]] = [
        ("channel", "interval"),
        ("channel", "hour"),
        ("channel", "day"),
        ("channel", "topic", "day"),
    ]
    for by in by_day:
        assert evaluate(arrived, summary, by)[1].sum() == 3
    assert summary.by_interval[list(ContactTally).index(ContactTally.ARRIVED), 1, -1] == 2
    assert evaluate(MEASURES["within_due"], summary, ("day",)) == pytest.approx([NAN, 1 / 2], nan_ok=True)


def test_axes_come_in_the_order_in_which_they_are_named(summary: Summary) -> None:
    # Phone on day 0: topic 0 six (one each from 0, 200, 210, 1800, 1900, 2500 s, and one from 3000), topic 1 two.
    counts = evaluate(MEASURES["arrived"], summary, ("channel", "topic", "day"))
    assert counts.tolist() == [[[7, 2], [2, 0]], [[0, 2], [0, 1]]]
    turned = evaluate(MEASURES["arrived"], summary, ("day", "channel", "topic"))
    assert (turned == counts.transpose(2, 0, 1)).all()
    assert evaluate(MEASURES["arrived"], summary, ("topic",)).tolist() == [12, 4]


def test_a_measure_of_waiting_over_all_channels_leaves_messages_out(summary: Summary) -> None:
    assert evaluate(MEASURES["asa"], summary) == 20.0
    assert evaluate(MEASURES["within_due"], summary) == 0.5


def test_elapsed_time_does_not_add_up_over_channels_or_topics(summary: Summary) -> None:
    load = MEASURES["offered_load"]
    assert evaluate(load, summary) == pytest.approx((920 + 2700) / 7200)
    # Phone topic 0 in the first day: 120 + 100 + 100 + 100 + 100 s of work in an hour.
    assert evaluate(load, summary, ("topic", "day", "channel"))[0, 0, 0] == pytest.approx(520 / 3600)


@pytest.mark.parametrize(
    ("name", "by", "message"),
    [
        ("asa", ("group",), "asa by group: allowed are channel, customer_class, topic and one period"),
        ("occupancy", ("channel",), "occupancy by channel: allowed are group and one period"),
        ("asa", ("hour", "day"), "one period, each once"),
        ("asa", ("channel", "channel"), "one period, each once"),
        ("asa", ("topic", "interval"), "topics and classes are kept by day, not by interval"),
    ],
)
def test_axes_that_a_measure_does_not_have_are_refused(
    summary: Summary, name: str, by: tuple[Axis, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        evaluate(MEASURES[name], summary, by)


def test_ratio_of_sums_mean_of_daily_ratios_and_share_of_days_met_are_three_numbers(summary: Summary) -> None:
    phone, email = target_outcomes(summary)
    # Day 0: 2 of 7 offered within 20 s, above the promised 25 %; day 1: 0 of 1.
    assert (phone.numerator.tolist(), phone.denominator.tolist()) == ([2, 0], [7, 1])
    assert phone.met.tolist() == [1, 0]
    assert phone.ratio_of_sums == 2 / 8
    assert phone.mean_of_ratios == pytest.approx(1 / 7)
    assert phone.share_met == 1 / 2
    # Of the e-mail that arrived on day 0 there is none; on day 1 one of the two that fell due was finished by then.
    assert email.measure.name == "within_due"
    assert email.met.tolist() == pytest.approx([NAN, 0], nan_ok=True)
    assert email.share_met == 0.0


@pytest.mark.parametrize(
    ("period", "phone", "email"),
    [
        ("interval", [0, 1, NAN, 0], [NAN, NAN, 1, NAN]),  # phone: 1 of 5, 1 of 2, none, 0 of 1; e-mail: 1 of 2
        ("day", [1, 0], [NAN, 1]),  # 2 of 7, 0 of 1; 1 of 2
        ("horizon", [1], [1]),  # 2 of 8; with the starting backlog 2 of 4
    ],
)
def test_a_target_is_judged_per_interval_per_day_or_once(period: str, phone: list[float], email: list[float]) -> None:
    targets = (a_target(0.25, period=period), a_target(0.5, 3600.0, period=period))
    outcomes = target_outcomes(summarise(replace(TWO_HOURS, targets=targets), *two_hours()))
    assert outcomes[0].met.tolist() == pytest.approx(phone, nan_ok=True)
    assert outcomes[1].met.tolist() == pytest.approx(email, nan_ok=True)
    assert (outcomes[0].denominator.sum(), outcomes[1].denominator.sum()) == (8, 4 if period == "horizon" else 2)


def test_backlog_of_two_hours_by_hand(summary: Summary) -> None:
    backlog = summary.backlog
    # At the start two messages, the older 600 s old. From 1600 to 3700 s none. At 5400 s the one of
    # 5000 s. At the end that one and the one of 6900 s, which has been taken.
    assert backlog.items[1].tolist() == [2, 0, 0, 1, 2]
    assert backlog.work[1].tolist() == [900, 0, 0, 900, 900]
    assert backlog.oldest[1].tolist() == [600, 0, 0, 400, 2200]
    assert backlog.items[1, -1] == of_channel("open", summary, 1)
    # Phone is live: who waits there is in no backlog.
    assert not np.any([backlog.items[0], backlog.work[0], backlog.oldest[0]])


def test_an_empty_queue_holds_no_work_whatever_the_rounding() -> None:
    assert 0.1 + 0.2 + 0.3 - 0.1 - 0.2 - 0.3 > 0
    email = a_yardstick(
        edges=np.arange(5.0), day=np.zeros(4, dtype=np.int64), live=np.array([False]), bot_on=np.zeros((1, 4), np.bool_)
    )
    contacts = make_contacts([0.0, 0.0, 0.0], work=[0.1, 0.2, 0.3])
    records = make_records(contacts, entered=0.0, started=[2.0, 3.0, 4.0], group=0, agent=0)
    work = summarise(email, contacts, records, Ledger.blank(1, 4)).backlog.work[0]
    assert work == pytest.approx([0.0, 0.6, 0.5, 0.3, 0.0])
    assert work[-1] == 0.0


def test_quantiles_of_two_hours_by_hand(summary: Summary) -> None:
    # Answered after 10, 20 and 30 s: half of three are two. All with an end: 3, 10, 15, 20, 30, 60 and 600 s.
    phone = summary.waits.quantile[0]
    assert phone[Duration.ANSWERED_WAIT].tolist() == [20, 30, 30, 30, 30]
    assert phone[Duration.WAIT].tolist() == [20, 60, 600, 600, 600]
    # Messages finished after 900, 1700 and 400 s; on day 1 only the last; on day 0 none arrived.
    email, by_day = summary.waits.quantile[1], summary.waits.quantile_by_day[1]
    assert email[Duration.TIME_TO_FINISH].tolist() == [900, 1700, 1700, 1700, 1700]
    assert by_day[1, Duration.TIME_TO_FINISH].tolist() == [400] * 5
    assert np.isnan(by_day[0]).all()


def quantiles(ordered: ArrayLike) -> list[float]:
    found = np.zeros(len(PERCENTS))
    compiled.quantiles(np.asarray(ordered, np.float64), np.array(PERCENTS), found)
    return found.tolist()


def test_quantiles_count_in_whole_contacts() -> None:
    # 95 % of sixty is the 57th, 99 % the 59.4th, hence the 60th.
    assert quantiles(np.arange(1.0, 61.0)) == [30, 48, 54, 57, 60]
    assert quantiles([7.0]) == [7] * 5
    assert np.isnan(quantiles([])).all()


# -- Virtual wait ------------------------------------------------------------------------------------------------------


def test_virtual_service_level_by_hand(summary: Summary) -> None:
    # Joined: answered after 10, 20 and 30 s, gone after 3, 15, 60 and 600 s, still waiting after 10 s. At 10 s seven
    # are there, at 20 s four: 1 - (1 - 1/7) (1 - 1/4) = 10 / 28.
    assert summary.waits.virtual[0] == pytest.approx(10 / 28)
    assert np.isnan(summary.waits.virtual[1])
    # Day 0: answered after 10, 20, 30 s, gone after 3, 15, 60, 600 s: 1 - (1 - 1/6) (1 - 1/4); day 1: nobody answered.
    assert summary.waits.virtual_by_day[0] == pytest.approx([9 / 24, 0.0])


def test_without_lost_patience_the_virtual_service_level_is_the_service_level() -> None:
    wait = np.array([0.0, 5.0, 5.0, 20.0, 21.0, 300.0])
    assert compiled.virtual_service_level(wait, np.array([]), 20.0) == pytest.approx(4 / 6)


def test_the_virtual_wait_is_found_behind_lost_patience() -> None:
    # An agent would come after an exponential time of mean 30 s; patience is exponential of mean 40 s and independent.
    random = np.random.default_rng(1)
    virtual, patience = random.exponential(30.0, 40_000), random.exponential(40.0, 40_000)
    answered = virtual <= patience
    found = compiled.virtual_service_level(np.sort(virtual[answered]), np.sort(patience[~answered]), 20.0)
    truth = 1 - np.exp(-20 / 30)
    # The variance of a Kaplan-Meier estimate (Greenwood), with rates 1/30 and 1/40 and n at risk at the start:
    # S^2 / n * integral of h(u) / P(still there) = S^2 / n * (1/30) / (7/120) * (exp(7 * 20 / 120) - 1).
    error = np.sqrt((1 - truth) ** 2 / 40_000 * (4 / 7) * (np.exp(7 / 6) - 1))
    assert abs(found - truth) < 2.6 * error
    assert np.mean(answered & (virtual <= 20.0)) < truth - 0.05  # the plain share is another number


# -- Agents ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def agents() -> Summary:
    """Two groups over two intervals of 900 s.

    The first holds two chats at once and misses an agent in the second interval; the second is on call, one of two
    comes, and works over its time.
    """
    yardstick = a_yardstick(
        edges=np.array([0.0, 900.0, 1800.0]),
        day=np.array([0, 0]),
        bot_on=np.array([[False, False]]),
        planned=np.array([[1800.0, 1800.0], [1800.0, 0.0]]),
        on_call=np.array([False, True]),
        shrinkage=np.array([0.25, 0.0]),
        cost_per_hour=np.array([20.0, 30.0]),
    )
    ledger = Ledger(
        staffed=np.array([[1800.0, 900.0], [900.0, 0.0]]),
        overtime=np.array([[0.0, 0.0], [0.0, 300.0]]),
        busy=np.array([[900.0, 900.0], [450.0, 300.0]]),
        slot_seconds=np.array([[1350.0, 1800.0], [450.0, 300.0]]),
    )
    return summarise(yardstick, make_contacts([]), ContactRecords.blank(make_contacts([])), ledger)


@pytest.mark.parametrize(
    ("name", "by_group", "together"),
    [
        ("agents", [1.5, 0.5], 2.0),  # 2700 / 1800, 900 / 1800
        ("busy_agents", [1.0, 750 / 1800], 2550 / 1800),
        ("occupancy", [1800 / 2700, 750 / 1200], 2550 / 3900),
        ("utilisation", [1800 / 4800, 750 / 1200], 2550 / 6000),  # paid: 3600 / 0.75; 900 + 300
        ("concurrency", [3150 / 1800, 1.0], 3900 / 2550),
        ("planned_hours", [1.0, 0.5], 1.5),
        ("staffed_hours", [0.75, 0.25], 1.0),
        ("overtime_hours", [0.0, 1 / 12], 1 / 12),
        ("paid_hours", [4 / 3, 1 / 3], 5 / 3),  # the absent are paid, and of those on call who comes
        ("cost", [80 / 3, 10.0], 110 / 3),
    ],
)
def test_measures_of_agents_by_hand(agents: Summary, name: str, by_group: list[float], together: float) -> None:
    assert evaluate(MEASURES[name], agents, ("group",)) == pytest.approx(by_group)
    assert evaluate(MEASURES[name], agents) == pytest.approx(together)


def test_measures_of_agents_by_interval(agents: Summary) -> None:
    # Overtime alone is presence too: 300 busy of 300 present.
    assert evaluate(MEASURES["occupancy"], agents, ("interval", "group")).tolist() == [[0.5, 0.5], [1.0, 1.0]]
    assert evaluate(MEASURES["agents"], agents, ("group", "interval")).tolist() == [[2.0, 1.0], [1.0, 0.0]]
    assert evaluate(MEASURES["agents"], agents, ("interval",)).tolist() == [3.0, 1.0]


# -- Edges of the matter -----------------------------------------------------------------------------------------------


def test_where_nobody_came_there_is_no_ratio_and_no_warning() -> None:
    empty = summarise(TWO_HOURS, make_contacts([]), ContactRecords.blank(make_contacts([])), Ledger.blank(2, 4))
    for measure in MEASURES.values():
        value = evaluate(measure, empty)
        assert value == 0 if measure.denominator is None or "elapsed" in measure.formula else np.isnan(value), (
            measure.name
        )
    assert np.isnan(empty.waits.quantile).all()
    assert not empty.backlog.items.any()
    for outcome in target_outcomes(empty):
        assert np.isnan(outcome.met).all()
        assert np.isnan([outcome.ratio_of_sums, outcome.mean_of_ratios, outcome.share_met]).all()


def test_sums_of_replications_make_ratios_of_sums_and_means_of_counts(summary: Summary) -> None:
    others = (
        summary,
        summarise(TWO_HOURS, make_contacts([]), ContactRecords.blank(make_contacts([])), Ledger.blank(2, 4)),
    )
    service_level = np.sum([sums(SERVICE_LEVELS["offered"], one) for one in others], axis=0)
    arrived = np.sum([sums(MEASURES["arrived"], one) for one in others], axis=0)
    load = np.sum([sums(MEASURES["offered_load"], one) for one in others], axis=0)
    assert service_level[0] / service_level[1] == 2 / 8
    assert arrived[0] / arrived[1] == 16 / 2
    assert load[0] / load[1] == pytest.approx(3620 / 7200 / 2)


@pytest.mark.parametrize("period", ["interval", "day", "horizon"])
def test_targets_of_many_replications_are_those_of_each(period: str) -> None:
    targets = (a_target(0.25, period=period), a_target(0.5, 3600.0, period=period))
    yardstick = replace(TWO_HOURS, targets=targets)
    contacts, records, ledger = two_hours()
    first = summarise(yardstick, contacts, records, ledger)
    # On another day the three earliest calls were taken at once, and the message that was late is finished in time.
    happier = replace(records, started=records.started.copy(), ended=records.ended.copy())
    happier.started[2:4] = happier.entered[2:4]
    happier.ended[1] = 1500
    second = summarise(yardstick, contacts, happier, ledger)
    nobody = summarise(yardstick, make_contacts([]), ContactRecords.blank(make_contacts([])), ledger)
    together = target_outcomes(Sample((first, second, nobody)))
    for number, summary in enumerate((first, second, nobody)):
        for alone, outcome in zip(target_outcomes(summary), together, strict=True):
            assert (alone.channel, alone.target, alone.measure) == (outcome.channel, outcome.target, outcome.measure)
            for name in ("numerator", "denominator", "met", "ratio_of_sums", "mean_of_ratios", "share_met"):
                expected, found = getattr(alone, name), getattr(outcome, name)[number]
                np.testing.assert_array_equal(found, expected, err_msg=name)
    assert together[0].ratio_of_sums.tolist() == pytest.approx([2 / 8, 3 / 8, NAN], nan_ok=True)


def test_the_rows_of_the_compiled_loops_are_the_tallies_in_their_order() -> None:
    assert [getattr(compiled, tally.name) for tally in ContactTally] == list(range(len(ContactTally)))
    assert len(Duration) == compiled.IN_VAIN


def test_every_tally_is_part_of_some_measure_and_no_name_is_used_twice() -> None:
    used = {tally for measure in MEASURES.values() for tally in (*measure.numerator, *_tallies(measure.denominator))}
    assert used == {*ContactTally, *AgentTally, *CentreTally}
    assert len({measure.name for measure in MEASURES.values()}) == len(MEASURES)


def _tallies(denominator: object) -> Sequence[Any]:
    return list(denominator) if isinstance(denominator, dict) else []


def test_tables_that_do_not_belong_together_are_refused() -> None:
    contacts, records, ledger = two_hours()
    with pytest.raises(ValueError, match="0 records of 16 contacts"):
        summarise(TWO_HOURS, contacts, ContactRecords.blank(make_contacts([])), ledger)
    with pytest.raises(ValueError, match="must be \\[group, interval\\] = \\(2, 4\\)"):
        summarise(TWO_HOURS, contacts, records, Ledger.blank(2, 3))
    short = replace(TWO_HOURS, edges=TWO_HOURS.edges / 2)
    with pytest.raises(ValueError, match="must be before the horizon's end, 3600"):
        summarise(short, contacts, records, ledger)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("channel", 2, "Contact 5 is of channel 2, topic 0 and class 0; "),
        ("channel", -1, "Contact 5 is of channel -1, topic 0 and class 0; "),
        ("topic", 2, "Contact 5 is of channel 0, topic 2 and class 0; "),
        ("topic", -1, "Contact 5 is of channel 0, topic -1 and class 0; "),
        ("customer_class", 1, "Contact 5 is of channel 0, topic 0 and class 1; "),
        ("customer_class", -1, "Contact 5 is of channel 0, topic 0 and class -1; "),
    ],
)
def test_contacts_of_another_scenario_are_refused(column: str, value: int, message: str) -> None:
    contacts, records, ledger = two_hours()
    getattr(contacts, column)[5] = value
    with pytest.raises(ValueError, match=re.escape(f"{message}they must be within 0..1, 0..1 and 0..0.")):
        summarise(TWO_HOURS, contacts, records, ledger)


def test_replications_summed_up_side_by_side_in_threads_are_those_summed_up_alone() -> None:
    contacts, records, ledger = two_hours()
    days = [replace(records, started=records.started + later, ended=records.ended + later) for later in range(40)]
    alone = [pickle.dumps(summarise(TWO_HOURS, contacts, day, ledger)) for day in days]
    with ThreadPoolExecutor(4) as threads:
        together = threads.map(lambda day: pickle.dumps(summarise(TWO_HOURS, contacts, day, ledger)), days)
    assert list(together) == alone


def test_a_week_of_five_channels_and_topics_takes_little_more_than_a_megabyte() -> None:
    channels = 5
    week = a_yardstick(
        edges=np.arange(673) * 900.0,
        day=np.arange(672) // 96,
        topics=5,
        live=np.ones(channels, dtype=np.bool_),
        bot_on=np.ones((channels, 672), dtype=np.bool_),
        targets=(a_target(),) * channels,
        short_abandon=np.zeros(channels),
        shrinkage=np.zeros(3),
        cost_per_hour=np.zeros(3),
    )
    summary = summarise(week, make_contacts([]), ContactRecords.blank(make_contacts([])), Ledger.blank(3, 672))
    assert len(pickle.dumps(summary)) < 1_350_000


# -- Periods and scenario ----------------------------------------------------------------------------------------------


def a_scenario() -> Scenario:
    """One chat channel with a bot on in the afternoon, on the day when Helsinki's clocks go back."""
    calendar = Calendar("Europe/Helsinki", date(2026, 10, 24), days=2, interval=900)
    seconds = Distribution("exponential", 60.0, 1.0)
    chat = Channel(
        name="chat",
        title="Chat",
        kind="live",
        hours=WeeklyHours.parse("always"),
        closing="drain",
        slots=1,
        slot_speed=(1.0,),
        interruptible=False,
        bot=Bot(seconds, WeeklyHours.parse("sat 12:00-24:00")),
        target=a_target(),
        short_abandon=5.0,
        types=(),
        demand=None,
        busyness=Busyness(0.0, 0.0),
        backlog=0,
        backlog_age=0.0,
    )
    group = Group("team", "Team", "in-house", (), (1,) * calendar.intervals, 0, 0.2, 25.0)
    topics = (Topic("order", "Order"), Topic("return", "Return"))
    return Scenario("day", "Day", "", calendar, "EUR", topics, (chat,), (group,), (), 0.0)


def test_the_yardstick_of_a_scenario() -> None:
    yardstick = Yardstick.of(a_scenario())
    assert yardstick.shape == (1, 2, 1, 96 + 100)
    assert yardstick.horizon == 49 * 3600
    assert np.flatnonzero(yardstick.bot_on[0]).tolist() == list(range(48, 96))
    assert [*yardstick.within, *yardstick.short_abandon] == [20.0, 5.0]
    assert [*yardstick.shrinkage, *yardstick.cost_per_hour] == [0.2, 25.0]


def test_a_day_of_twenty_five_hours_has_twenty_five_hours() -> None:
    yardstick = Yardstick.of(a_scenario())
    assert yardstick.elapsed("day").tolist() == [24 * 3600, 25 * 3600]
    assert yardstick.elapsed("hour").tolist() == [3600] * 49
    assert yardstick.elapsed("horizon").tolist() == [49 * 3600]
    assert yardstick.elapsed("interval").tolist() == [900] * 196


def test_hours_are_counted_from_the_midnight_of_their_day() -> None:
    # A first day of half an hour, as far as the hours of the second are concerned.
    yardstick = a_yardstick(edges=np.arange(9) * 900.0, day=np.array([0, 0, 1, 1, 1, 1, 1, 1]))
    assert yardstick.first_intervals("hour").tolist() == [0, 2, 6]
    assert yardstick.elapsed("hour").tolist() == [1800, 3600, 1800]


def test_an_interval_longer_than_an_hour_is_its_own_hour() -> None:
    yardstick = a_yardstick(edges=np.arange(13) * 7200.0, day=np.zeros(12, dtype=np.int64))
    assert yardstick.first_intervals("hour").tolist() == list(range(12))


# -- Conservation ------------------------------------------------------------------------------------------------------


def test_two_hours_lose_no_contact_and_no_second() -> None:
    assert conservation_faults(*two_hours(), TWO_HOURS.horizon) == []


@pytest.mark.parametrize(
    ("contact", "column", "value", "fault"),
    [
        (2, "outcome", len(Outcome), "has an unknown outcome"),
        (2, "outcome", NOT_MADE, "has not arrived, yet left a trace"),
        (2, "outcome", BALKED, "abandoned, balked or was cut, yet was taken"),
        (4, "outcome", CALLBACK, "balked or chose a callback, but not at once"),
        (2, "outcome", GONE, "had gone, but not before it was taken"),
        (2, "outcome", OPEN, "is open yet ended"),
        (12, "outcome", ABANDONED, "ended yet open"),
        (9, "outcome", SERVED, "was served, but never taken"),
        (9, "outcome", CONTAINED, "was contained, but not by a bot that it met"),
        (7, "ended", 1849, "was contained, but not at the end of its bot time"),
        (9, "entered", 2500, "was contained or closed out, yet joined the queue"),
        (4, "entered", NAN, "abandoned, went, balked or was cut, but never joined the queue"),
        (10, "started", 3100, "abandoned, balked or was cut, yet was taken"),
        (2, "entered", 5, "joined the queue, but not on arrival nor after the bot"),
        (2, "entered", NAN, "was taken, but never joined the queue"),
        (3, "started", 90, "was taken before it joined the queue"),
        (0, "started", -1, "was taken before the horizon began"),
        (3, "ended", 120, "ended before it was taken"),
        (9, "ended", 2400, "ended before it arrived"),
        (11, "ended", 7201, "ended after the horizon"),
        (2, "group", -1, "was taken, but by nobody"),
        (9, "group", 0, "not taken, but by somebody"),
        (2, "group", 2, "was taken by a group that is not there"),
        (2, "agent", -1, "has a group without an agent"),
        (2, "handled", 121, "was in hand for less than no time or longer than since it was taken"),
        (2, "handled", -1, "was in hand for less than no time or longer than since it was taken"),
        (12, "handled", 1, "was in hand for less than no time or longer than since it was taken"),
    ],
)
def test_a_record_that_cannot_be_is_named(contact: int, column: str, value: float, fault: str) -> None:
    contacts, records, ledger = two_hours()
    getattr(records, column)[contact] = value
    faults = conservation_faults(contacts, records, ledger, TWO_HOURS.horizon)
    assert any(line.startswith(f"Contact {contact} ") and fault in line for line in faults), faults


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("staffed", 319.0, "Agents of group 0 are busy for longer than they are present in interval 0."),
        ("busy", 321.0, "Agents of group 0 are busy without a contact in hand in interval 0."),
        ("slot_seconds", 330.0, "had contacts in hand for 430.0 s, contacts were in hand for 420.0 s."),
    ],
)
def test_a_ledger_that_cannot_be_is_named(column: str, value: float, fault: str) -> None:
    contacts, records, ledger = two_hours()
    getattr(ledger, column)[0, 0] = value
    assert fault in " ".join(conservation_faults(contacts, records, ledger, TWO_HOURS.horizon))
