"""Announcements and new channels against a slow version by the book, sums by hand, and conservation."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from demand_scenarios import BOT, FLAT, a_channel, a_profile, a_scenario, a_type, time_of
from scipy import stats

from simulator.contacts import Diverted, Outcome
from simulator.demand import BusynessModel, Demand, draw_contacts, expected_contacts
from simulator.demand.compiled import poisson_quantile
from simulator.demand.expected import expected_of
from simulator.engine import centre_of, simulate
from simulator.experiment import run
from simulator.measures.conservation import conservation_faults
from simulator.report.document import experiment_document
from simulator.report.files import tables
from simulator.report.moved import diversion_sentence, diverted_table
from simulator.report.story import warnings
from simulator.scenario import load_scenario
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.model import Busyness, Distribution, Diversion, Group, Scenario, Skill, Target
from simulator.streams import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import Contacts

    Floats = NDArray[np.float64]

HOUR = 3600.0
DAY = 24 * HOUR
SHIPPED = Path(__file__).parent.parent / "scenarios"
PHONE, CHAT, FORM = range(3)

BASE = a_scenario(
    a_channel(
        "phone",
        a_profile(7000.0),
        types=(a_type(0, 0.7), a_type(1, 0.3)),
        busyness=Busyness(0.3, 0.1),
    ),
    a_channel(
        "chat",
        a_profile(2500.0, FLAT),
        bot=BOT,
        types=(
            a_type(0, 0.6, handling_time=Distribution("gamma", 500.0, 0.7), patience=None),
            a_type(1, 0.4, patience=Distribution("gamma", 200.0, 1.5)),
        ),
    ),
    a_channel(
        "form",
        a_profile(1500.0, FLAT),
        kind="deferred",
        hours=WeeklyHours.parse("mon-fri 08:00-16:00"),
        target=Target(0.95, 8 * HOUR, "offered", "day", open_time=True),
        types=(
            a_type(0, 0.5, patience=None, handling_time=Distribution("constant", 300.0, 0.0)),
            a_type(1, 0.5, patience=None, handling_time=Distribution("exponential", 200.0, 1.0)),
        ),
        backlog=30,
        backlog_age=5 * HOUR,
    ),
    days=3,
    topics=2,
)


def a_diversion(**changes: Any) -> Diversion:
    """An announcement to all callers on the second day from 9 to 13 o'clock; anything of it can be changed."""
    plain = Diversion(
        kind="announcement",
        name="rush",
        title="We expect a rush",
        start=DAY + 9 * HOUR,
        end=DAY + 13 * HOUR,
        topics=(0, 1),
        share=(0.6, 0.0, 0.0),
        avoided=0.2,
        later=0.3,
        to=(0.0, 0.25, 0.15),
        delay=Distribution("gamma", 3 * HOUR, 0.5),
        cost=0.0,
    )
    return replace(plain, **changes)


SPREAD = a_diversion(
    name="after two",
    start=8.3 * HOUR,
    end=12.1 * HOUR,
    topics=(1,),
    share=(0.5, 0.7, 0.0),
    to=(0.0, 0.0, 0.4),
    delay=(14.2 * HOUR, 16.9 * HOUR),
)
OPENING = a_diversion(
    kind="opening",
    name="chat",
    start=1.5 * DAY,
    end=math.inf,
    share=(0.25, 0.0, 0.4),
    avoided=0.0,
    later=0.0,
    to=(0.0, 1.0, 0.0),
    delay=Distribution("constant", 0.0, 0.0),
)
TOLD = replace(BASE, diversions=(a_diversion(), SPREAD, OPENING))


def with_diversions(*diversions: Diversion) -> Scenario:
    return replace(BASE, diversions=diversions)


def rows(contacts: Contacts, *columns: str) -> Counter[tuple[object, ...]]:
    """Every contact that is not of the backlog, by these columns."""
    arrived = contacts.arrival >= 0
    return Counter(zip(*(getattr(contacts, column)[arrived].tolist() for column in columns), strict=True))


LUCK = ("arrival", "channel", "topic", "work", "patience", "due", "meets_bot", "bot_time")


# --- by the book


def comes_by_the_book(scenario: Scenario, seed: int, replication: int) -> list[tuple[object, ...]]:
    """Those who come, one after the other, from nothing but what `simulator.demand` says of their luck."""
    calendar = scenario.calendar
    mean = expected_of(scenario).contacts * BusynessModel.of(scenario).draw(seed, replication)[:, None, :]
    people: list[tuple[float, tuple[object, ...]]] = []
    for c, channel in enumerate(scenario.channels):
        for kind in channel.types:
            for d, day in enumerate(calendar.date_of_day):
                name = channel.name, scenario.topics[kind.topic].name, day.isoformat()
                intervals = np.flatnonzero(calendar.day_of_interval == d)
                count = poisson_quantile(
                    stream(seed, replication, "count", *name).random(len(intervals)), mean[c, kind.topic, intervals]
                )
                luck: dict[tuple[str, ...], Floats] = {
                    purpose: stream(seed, replication, *purpose, *name).random((count.max(), len(intervals)))
                    for purpose in (
                        *((each,) for each in ("arrival", "work", "patience", "meets bot", "bot time")),
                        *(
                            (what, told.kind, told.name)
                            for told in scenario.diversions
                            for what in ("responds", "response", "delay")
                        ),
                    )
                }
                for i, k in [(i, k) for i, number in enumerate(count) for k in range(number)]:
                    start, end = calendar.edges[intervals[i]], calendar.edges[intervals[i] + 1]
                    would = min(start + luck["arrival",][k, i] * (end - start), np.nextafter(end, 0.0))
                    own = {purpose: float(number[k, i]) for purpose, number in luck.items()}
                    comes, on = after_all(scenario, c, kind.topic, would, own)
                    if comes >= calendar.edges[-1]:
                        continue
                    at = scenario.channels[on]
                    (rules,) = (each for each in at.types if each.topic == kind.topic)
                    person = (
                        *(comes, on, kind.topic),
                        time_of(rules.handling_time, own["work",]),
                        time_of(rules.patience, own["patience",]),
                        at.bot is not None and own["meets bot",] < rules.bot_share,
                        time_of(at.bot.time, own["bot time",]) if at.bot else 0.0,
                    )
                    people.append((would, person))
    people.sort(key=lambda each: each[0])
    return sorted((person for _, person in people), key=lambda person: float(str(person[0])))


def after_all(
    scenario: Scenario, channel: int, topic: int, would: float, luck: dict[tuple[str, ...], float]
) -> tuple[float, int]:
    """When one contact comes, inf for never, and on which channel."""
    for told in scenario.diversions:
        responds, response, delay = (luck[what, told.kind, told.name] for what in ("responds", "response", "delay"))
        if not (told.start <= would < told.end and topic in told.topics and responds < told.share[channel]):
            continue
        if response < told.avoided:
            return math.inf, channel
        if response < told.avoided + told.later:
            if isinstance(told.delay, Distribution):
                return would + time_of(told.delay, delay), channel
            return told.delay[0] + delay * (told.delay[1] - told.delay[0]), channel
        upto = told.avoided + told.later
        for target, share in enumerate(told.to):
            upto += share
            if share and response < upto:
                return would, target
    return would, channel


def test_everybody_does_what_their_luck_says_and_keeps_it() -> None:
    contacts = draw_contacts(TOLD, 4, 1)
    contacts.check(channels=3, topics=2)
    columns = ("arrival", "channel", "topic", "work", "patience", "meets_bot", "bot_time")
    arrived = contacts.arrival >= 0
    drawn = list(zip(*(getattr(contacts, column)[arrived].tolist() for column in columns), strict=True))
    assert len(drawn) > 1500
    assert drawn == comes_by_the_book(TOLD, 4, 1)


# --- conservation


def counted(scenario: Scenario, contacts: Contacts) -> list[int]:
    """[channel] Contacts without the backlog."""
    return [int(((contacts.channel == c) & (contacts.arrival >= 0)).sum()) for c in range(len(scenario.channels))]


@pytest.mark.parametrize("replication", range(20))
def test_who_was_drawn_came_or_is_accounted_for_on_every_channel(replication: int) -> None:
    demand = Demand(TOLD)
    contacts, diverted = demand.draw_diverted(7, replication)
    gone = (diverted.avoided + diverted.beyond + diverted.left - diverted.joined).sum(axis=0)
    drawn = demand.draw_counts(7, replication).sum(axis=(1, 2))
    assert counted(TOLD, contacts) == (drawn - gone).tolist()
    assert diverted.left.sum(axis=1).tolist() == diverted.joined.sum(axis=1).tolist()
    acts = diverted.avoided + diverted.later + diverted.beyond + diverted.left
    assert (acts <= diverted.concerned).all()
    assert acts.sum(axis=1).min() > 10


def test_concerned_are_those_of_the_window_the_channels_and_the_topics() -> None:
    before = draw_contacts(BASE, 7, 3)
    _, diverted = Demand(TOLD).draw_diverted(7, 3)
    for d, told in enumerate(TOLD.diversions):
        inside = (before.arrival >= told.start) & (before.arrival < told.end) & np.isin(before.topic, told.topics)
        count = np.bincount(before.channel[inside], minlength=3) * (np.array(told.share) > 0)
        assert diverted.concerned[d].tolist() == count.tolist()


def test_what_comes_after_the_horizon_is_counted_and_left_out() -> None:
    contacts, diverted = Demand(
        with_diversions(
            a_diversion(share=(1.0, 0.0, 0.0), avoided=0.0, later=1.0, to=(0.0,) * 3, delay=(2.5 * DAY, 3.5 * DAY))
        )
    ).draw_diverted(7, 0)
    concerned, later, beyond = diverted.concerned[0, PHONE], diverted.later[0, PHONE], diverted.beyond[0, PHONE]
    assert concerned == later + beyond
    assert stats.binom.cdf(later, concerned, 0.5) == pytest.approx(0.5, abs=0.495)
    assert contacts.arrival[-1] < 3 * DAY
    assert len(contacts) == len(draw_contacts(BASE, 7, 0)) - beyond


def test_the_days_are_played_with_nobody_lost_and_the_closed_door_shut() -> None:
    phone = replace(BASE.channels[PHONE], hours=WeeklyHours.parse("mon-sun 08:00-16:00"))
    skills = tuple(Skill(c, (0, 1), 1, 0.0, 1.0, 1) for c in range(3))
    group = Group("team", "", "in-house", skills, (6,) * BASE.calendar.intervals, 0, 0.0, 0.0)
    late = a_diversion(later=0.8, avoided=0.0, to=(0.0,) * 3, delay=Distribution("constant", 5 * HOUR, 0.0))
    told = replace(TOLD, channels=(phone, *TOLD.channels[1:]), groups=(group,), diversions=(late, SPREAD, OPENING))
    contacts = draw_contacts(told, 3, 0)
    records, ledger = simulate(centre_of(told), contacts, told.staffing)
    assert conservation_faults(contacts, records, ledger, told.calendar.edges[-1]) == []
    # From 11 o'clock on, five hours later is too late.
    put_off = (contacts.channel == PHONE) & (contacts.arrival >= DAY + 16 * HOUR) & (contacts.arrival < DAY + 18 * HOUR)
    assert put_off.sum() > 20
    assert (records.outcome[put_off] == Outcome.CLOSED).all()


# --- by hand


def test_everybody_put_off_by_three_hours_comes_three_hours_later() -> None:
    told = a_diversion(share=(1.0, 0.0, 0.0), avoided=0.0, later=1.0, to=(0.0,) * 3)
    told = replace(told, delay=Distribution("constant", 3 * HOUR, 0.0))
    before, after = draw_contacts(BASE, 1, 0), draw_contacts(with_diversions(told), 1, 0)
    inside = (before.arrival >= told.start) & (before.arrival < told.end) & (before.channel == PHONE)
    arrival = np.where(inside, before.arrival + 3 * HOUR, before.arrival)
    order = np.argsort(arrival, kind="stable")
    assert after.arrival.tolist() == arrival[order].tolist()
    for column in ("channel", "topic", "work", "patience", "meets_bot", "bot_time"):
        assert getattr(after, column).tolist() == getattr(before, column)[order].tolist()


def test_everybody_who_stays_away_is_missing() -> None:
    told = a_diversion(share=(1.0, 0.0, 0.0), avoided=1.0, later=0.0, to=(0.0,) * 3)
    before, after = draw_contacts(BASE, 1, 0), draw_contacts(with_diversions(told), 1, 0)
    missing = rows(before, *LUCK) - rows(after, *LUCK)
    inside = (before.arrival >= told.start) & (before.arrival < told.end) & (before.channel == PHONE)
    assert missing.total() == inside.sum() > 100
    assert not rows(after, *LUCK) - rows(before, *LUCK)


def test_who_comes_on_another_channel_has_its_due_time_and_its_work_at_the_same_luck() -> None:
    told = a_diversion(share=(1.0, 0.0, 0.0), topics=(1,), avoided=0.0, later=0.0, to=(0.0, 0.0, 1.0))
    before, after = draw_contacts(BASE, 1, 0), draw_contacts(with_diversions(told), 1, 0)
    inside = (before.arrival >= told.start) & (before.arrival < told.end)
    inside &= (before.channel == PHONE) & (before.topic == 1)
    moved = (after.channel == FORM) & (after.topic == 1) & np.isin(after.arrival, before.arrival[inside])
    assert moved.sum() == inside.sum() > 30
    assert np.isinf(after.patience[moved]).all()
    hours = BASE.channels[FORM].hours
    assert (after.due[moved] == BASE.calendar.due_times(after.arrival[moved], 8 * HOUR, hours)).all()
    # Lognormal by phone, exponential by form: the quantiles must be the same.
    variance = math.log1p(0.8**2)
    quantile = stats.norm.cdf((np.log(before.work[inside] / 240.0) + variance / 2) / math.sqrt(variance))
    np.testing.assert_allclose(-np.expm1(-after.work[moved] / 200.0), quantile, rtol=1e-9)


def test_a_channel_that_does_not_take_the_topic_is_refused() -> None:
    form = replace(BASE.channels[FORM], types=BASE.channels[FORM].types[1:])
    told = replace(with_diversions(a_diversion()), channels=(*BASE.channels[:FORM], form))
    with pytest.raises(ValueError, match="The announcement rush moves contacts to a channel that does not take"):
        Demand(told)
    Demand(replace(told, diversions=(a_diversion(topics=(1,)),)))


# --- luck from birth


def test_a_diversion_leaves_all_those_whom_it_does_not_move_as_they_were() -> None:
    before = rows(draw_contacts(BASE, 4, 2), *LUCK)
    contacts, diverted = Demand(TOLD).draw_diverted(4, 2)
    after = rows(contacts, *LUCK)
    moved = diverted.later.sum() + diverted.left.sum()
    assert (before - after).total() == moved + diverted.avoided.sum() + diverted.beyond.sum()
    assert (after - before).total() == moved > 100


def test_without_response_nothing_changes_at_all() -> None:
    none = with_diversions(a_diversion(share=(0.0,) * 3), replace(OPENING, share=(0.0,) * 3))
    before, after = draw_contacts(BASE, 4, 2), draw_contacts(none, 4, 2)
    for column in LUCK:
        assert getattr(before, column).tobytes() == getattr(after, column).tobytes()


def test_a_higher_reach_adds_people_who_act_and_changes_none_of_those_who_did() -> None:
    before, some, more = (
        rows(draw_contacts(scenario, 4, 2), *LUCK)
        for scenario in (BASE, with_diversions(a_diversion()), with_diversions(a_diversion(share=(0.9, 0.0, 0.0))))
    )
    assert some - before < more - before
    assert before - some < before - more


def test_another_diversion_even_before_it_takes_none_but_those_who_act_on_it() -> None:
    alone, alone_counts = Demand(with_diversions(OPENING)).draw_diverted(4, 2)
    both, both_counts = Demand(with_diversions(a_diversion(start=1.6 * DAY, end=1.9 * DAY), OPENING)).draw_diverted(
        4, 2
    )
    acts = sum(getattr(both_counts, name)[0].sum() for name in ("avoided", "later", "beyond", "left"))
    assert acts > 20
    assert (rows(alone, *LUCK) - rows(both, *LUCK)).total() <= acts
    assert 0 < (alone_counts.left[0] - both_counts.left[1])[PHONE] < acts


# --- what is expected


def share_come(delay: Distribution, after: Floats) -> Floats:
    """Distribution function of a delay, by scipy."""
    if delay.family == "constant":
        return (after >= delay.mean).astype(np.float64)
    if delay.family == "lognormal":
        spread = math.sqrt(math.log1p(delay.cv**2))
        return np.asarray(stats.lognorm.cdf(after, spread, scale=delay.mean * math.exp(-(spread**2) / 2)))
    if delay.family == "quantiles":
        rate = np.interp(after, [0.0, 2 * HOUR, 200 * HOUR], [0.0, math.log(2), 9 * math.log(2)])
        return 1.0 - np.exp(-rate)
    shape = delay.cv**-2
    return np.asarray(stats.gamma.cdf(after, shape, scale=delay.mean / shape))


def expected_by_the_second(scenario: Scenario, told: Diversion, pieces: int) -> Floats:
    """[channel, topic, interval] From each interval cut into small pieces, each as if all came in its middle."""
    edges, before = scenario.calendar.edges, expected_of(scenario).contacts
    comes = np.zeros_like(before)
    for i in range(len(edges) - 1):
        grid = np.linspace(edges[i], edges[i + 1], pieces + 1)
        middle = (grid[1:] + grid[:-1]) / 2
        inside = float(((middle >= told.start) & (middle < told.end)).mean())
        middle = middle[(middle >= told.start) & (middle < told.end)]
        if isinstance(told.delay, Distribution):
            reached = share_come(told.delay, edges[None, :] - middle[:, None])
        else:
            reached = np.tile(
                np.clip((edges - told.delay[0]) / (told.delay[1] - told.delay[0]), 0, 1), (len(middle), 1)
            )
        arrives = np.diff(reached, axis=1).mean(axis=0) if len(middle) else np.zeros(len(edges) - 1)
        for c, share in enumerate(told.share):
            for t in range(before.shape[1]):
                acts = before[c, t, i] * inside * share * (t in told.topics)
                comes[c, t, i] += before[c, t, i] - acts * (told.avoided + told.later + sum(told.to))
                comes[:, t, i] += acts * np.array(told.to)
                comes[c, t] += acts * told.later * arrives
    return comes


BY_QUANTILES = Distribution(
    # Half are over within 2 h, and of the rest half within each 24.75 h: 198 h for 8 halvings.
    "quantiles",
    (2 * 0.5 + 24.75 * 0.5) / math.log(2) * HOUR,
    1.5,
    ((0.5, 2.0), (1.0 - 2.0**-9, 200.0)),
)


@pytest.mark.parametrize(
    "told",
    [
        a_diversion(),
        a_diversion(delay=Distribution("exponential", 2 * HOUR, 1.0)),
        a_diversion(delay=Distribution("lognormal", 6 * HOUR, 1.2), start=DAY + 9.1 * HOUR),
        a_diversion(delay=BY_QUANTILES),
        SPREAD,
        OPENING,
    ],
    ids=["gamma", "exponential", "lognormal", "quantiles", "spread", "opening"],
)
def test_expected_contacts_are_those_of_small_pieces_of_time(told: Diversion) -> None:
    scenario = replace(BASE, diversions=(told,))
    by_second = expected_by_the_second(scenario, told, 900)
    np.testing.assert_allclose(expected_contacts(scenario), by_second, rtol=2e-4, atol=2e-5)


def test_a_day_worked_by_hand() -> None:
    # D1 and D2: 100 calls an hour from 9 to 12 o'clock. 60 % hear, half of them act: 30 an hour. Of these 6 stay away,
    # 15 come later and 9 use the form. The 45 who come later are spread over 14 to 17 o'clock: 15 an hour.
    flat = [a_channel(name, a_profile(7 * 24 * 100.0, FLAT)) for name in ("phone", "form")]
    told = a_diversion(
        start=9 * HOUR,
        end=12 * HOUR,
        topics=(0,),
        share=(0.6 * 0.5, 0.0),
        avoided=0.2,
        later=0.5,
        to=(0.0, 0.3),
        delay=(14 * HOUR, 17 * HOUR),
    )
    by_hour = expected_contacts(a_scenario(*flat, interval=3600, diversions=(told,)))[:, 0]
    phone = [100.0] * 9 + [70.0] * 3 + [100.0] * 2 + [115.0] * 3 + [100.0] * 7
    form = [100.0] * 9 + [109.0] * 3 + [100.0] * 12
    np.testing.assert_allclose(by_hour, [phone, form])


def test_a_constant_delay_moves_the_load_as_it_is() -> None:
    told = a_diversion(share=(1.0, 0.0, 0.0), avoided=0.0, later=1.0, to=(0.0,) * 3)
    told = replace(told, delay=Distribution("constant", 5 * HOUR, 0.0))
    before, after = expected_of(BASE).contacts, expected_contacts(with_diversions(told))
    by_hand = before.copy()
    window = slice(96 + 36, 96 + 52)
    by_hand[PHONE, :, window] = 0.0
    by_hand[PHONE, :, 96 + 56 : 96 + 72] += before[PHONE, :, window]
    np.testing.assert_allclose(after, by_hand, atol=1e-9)


def test_what_is_expected_to_move_within_the_horizon_is_neither_more_nor_less() -> None:
    # All who act come later, by hours, or on another channel: nobody is lost.
    hours = Distribution("gamma", 2 * HOUR, 0.5)
    told = with_diversions(a_diversion(avoided=0.0, delay=hours), replace(SPREAD, avoided=0.0), OPENING)
    assert expected_contacts(told).sum() == pytest.approx(expected_of(told).contacts.sum(), rel=1e-10)
    by_topic = [each.sum(axis=(0, 2)).tolist() for each in (expected_contacts(told), expected_of(told).contacts)]
    assert by_topic[0] == pytest.approx(by_topic[1], rel=1e-10)


def test_drawn_contacts_are_as_many_as_expected_in_every_interval() -> None:
    # Without busyness counts are Poisson distributed, diverted or not.
    calm = replace(
        TOLD, channels=tuple(replace(each, busyness=Busyness(0.0, 0.0), backlog=0) for each in TOLD.channels)
    )
    demand, replications = Demand(calm), 500
    edges = calm.calendar.edges
    expected = expected_contacts(calm) * replications
    found = np.zeros_like(expected)
    for replication in range(replications):
        contacts = demand.draw(11, replication)
        interval = np.searchsorted(edges, contacts.arrival, side="right") - 1
        np.add.at(found, (contacts.channel, contacts.topic, interval), 1)
    shown = expected > 1e-6
    assert not found[~shown].any()
    frequent = expected > 30
    score = (found[frequent] - expected[frequent]) / np.sqrt(expected[frequent])
    assert len(score) > 1000
    assert np.abs(score).max() < stats.norm.ppf(1 - 0.005 / len(score))
    assert stats.chi2.sf((score**2).sum(), len(score)) > 0.005


# --- from a file, and to the reader

FILE = """
[horizon]
start = 2026-11-23
days = 3
holidays = "none"
timezone = "UTC"

[topics]
order = "Order"
return = "Return"

[channels.phone]
kind = "live"
hours = "mon-fri 08:00-16:00"
handling_time = "5 min"
patience = "3 min"
target = { answered = "80 %", within = "20 s" }
mix = { order = "60 %", return = "40 %" }
[channels.phone.demand]
per_week = 2000
weekdays = { mon = 1, tue = 1, wed = 1, thu = 1, fri = 1 }
time_of_day = { "08:00" = 1, "16:00" = 0 }

[channels.messaging]
kind = "deferred"
hours = "mon-fri 08:00-16:00"
handling_time = "4 min"
target = { answered = "95 %", within = "8 h", counting = "open hours" }
mix = { return = "100 %" }
[channels.messaging.demand]
per_week = 700
weekdays = { mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }
time_of_day = { "00:00" = 1 }

[groups.team]
staffing = { "mon-fri 08:00-16:00" = 5 }
[groups.team.skills.phone]
[groups.team.skills.messaging]

[announcements.rush]
title = "We expect a rush"
start = "2026-11-24 12:00"
end = "2026-11-24 15:00"
reach = "60 %"
response = "50 %"
topics = ["return"]
avoided = "10 %"
later = "30 %"
delay = "3 h"
to = { messaging = "40 %" }
cost = "400 EUR"

[openings.messaging]
start = "2026-11-24 12:00"
moves = { phone = "20 %" }
topics = ["return"]

[variants.shut]
"openings.messaging.active" = false
"announcements.rush.active" = false

[variants.said_in_vain]
"announcements.rush.delay.distribution" = "constant"
"announcements.rush.response" = "0 %"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "told.toml"
    file.write_text(FILE, encoding="utf-8")
    return file


def test_a_file_says_who_moves(path: Path) -> None:
    announcement, opening = load_scenario(path).diversions
    assert (announcement.start, announcement.end) == (DAY + 12 * HOUR, DAY + 15 * HOUR)
    assert announcement.share == pytest.approx((0.3, 0.0))  # all channels but the one in `to`
    assert (announcement.avoided, announcement.later, announcement.to) == (0.1, 0.3, (0.0, 0.4))
    assert announcement.delay == Distribution("exponential", 3 * HOUR, 1.0)
    assert announcement.topics == opening.topics == (1,)
    assert (announcement.cost, opening.cost) == (400.0, 0.0)
    assert (opening.start, opening.end, opening.share, opening.to) == (1.5 * DAY, math.inf, (0.2, 0.0), (0.0, 1.0))


def test_a_channel_has_no_contacts_of_its_own_before_it_opens_nor_if_it_does_not(path: Path) -> None:
    own = expected_of(load_scenario(path)).contacts[1].sum(axis=0)
    assert own.tolist() == pytest.approx([0.0] * 144 + [100 / 96] * 144)
    shut = load_scenario(path, "shut")
    assert not shut.diversions
    assert not expected_contacts(shut)[1].any()
    assert not (draw_contacts(shut, 1, 0).channel == 1).any()


@pytest.mark.parametrize("waits", [True, False])
def test_who_would_come_again_on_a_channel_that_is_not_there_yet_finds_it_closed(path: Path, waits: bool) -> None:
    redial = f"""
[channels.phone.redial]
share = "100 %"
delay = "1 min"
to = {{ messaging = "100 %" }}
waits_for_opening = {str(waits).lower()}
"""
    text = FILE.replace("[channels.phone.demand]", f"{redial}\n[channels.phone.demand]")
    for old, new in (
        ('"3 min"', '"1 s"'),
        ("= 5 }", "= 1 }"),
        ('{ return = "100 %" }', '{ return = "100 %", order = "0 %" }'),
    ):
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    scenario = load_scenario(path)
    contacts = draw_contacts(scenario, 1, 0)
    records, _ = simulate(centre_of(scenario), contacts, scenario.staffing)
    again = (contacts.channel == 1) & (contacts.attempt > 0) & ~np.isnan(records.arrived)
    early = again & (records.arrived < 1.5 * DAY)
    assert np.count_nonzero(again & ~early) > 100
    assert np.array_equal(records.outcome[again] == Outcome.CLOSED, early[again])
    assert np.count_nonzero(early) == 0 if waits else np.count_nonzero(early) > 100
    (doubt,) = (each for each in warnings(scenario, *(np.zeros((2, 2, 288)), np.zeros((2, 288)))) if "opens" in each)
    assert doubt.startswith("channels.phone.redial: some would come to Messaging, which opens Tue 24 Nov 12:00")


def test_the_customers_of_other_channels_are_the_same_with_the_new_channel_and_without(path: Path) -> None:
    base = load_scenario(path)
    contacts, diverted = Demand(base).draw_diverted(1, 0)
    there, shut = (rows(each, *LUCK) for each in (contacts, draw_contacts(load_scenario(path, "shut"), 1, 0)))
    acts = [
        sum(getattr(diverted, name).sum() for name in names) for names in (("later",), ("avoided", "beyond", "left"))
    ]
    phone = Counter({person: number for person, number in there.items() if person[1] == 0})
    assert (shut - phone).total() == sum(acts)
    assert (phone - shut).total() == acts[0]


def test_a_topic_that_only_moved_contacts_have_needs_somebody_to_serve_it(path: Path) -> None:
    mix = 'mix = { return = "100 %", order = "0 %" }'
    text = FILE.replace('mix = { return = "100 %" }', mix).replace('topics = ["return"]\n', "")
    path.write_text(text.replace("skills.messaging]", 'skills.messaging]\ntopics = ["return"]'), encoding="utf-8")
    with pytest.raises(Exception, match="No group has a skill for these topics of the channel: order"):
        load_scenario(path)
    path.write_text(text, encoding="utf-8")
    assert len(load_scenario(path).diversions) == 2


def test_an_announcement_moved_out_of_the_horizon_by_an_override_has_no_effect(path: Path) -> None:
    later = load_scenario(path, overrides={"horizon.start": "2026-11-30"})
    assert [each.kind for each in later.diversions] == ["opening"]  # the channel has been open for days


def test_a_campaign_on_one_topic_is_a_fault_of_the_shop(path: Path) -> None:
    fault = {"start": "2026-11-23 10:00", "end": "2026-11-23 14:00", "uplift": "+200 %", "topics": ["order"]}
    faulty = path.with_name("faulty.toml")
    lines = "\n".join(f"{key} = {value!r}" for key, value in fault.items())
    faulty.write_text(f"{FILE}\n[campaigns.payment_fault]\n{lines}\n", encoding="utf-8")
    before, after = (rows(draw_contacts(load_scenario(file), 1, 0), *LUCK) for file in (path, faulty))
    assert not before - after
    more = after - before
    assert more.total() > 50
    assert {(person[1], person[2]) for person in more} == {(0, 0)}
    assert all(10 * HOUR <= float(str(person[0])) < 14 * HOUR for person in more)


def test_reports_say_whom_the_announcements_moved(path: Path) -> None:
    scenario = load_scenario(path)
    experiment = run(scenario, replications=3)
    draws = [Demand(scenario).draw_diverted(scenario.seed, replication)[1] for replication in range(3)]
    means = {each.name: np.mean([getattr(draw, each.name) for draw in draws], axis=0) for each in fields(Diverted)}
    for name, estimate in experiment.diverted().items():
        np.testing.assert_allclose(estimate.value, means[name])
    document: Any = experiment_document(experiment)
    assert [(each["kind"], each["name"], each["cost"]) for each in document["diversions"]] == [
        ("announcement", "rush", 400.0),
        ("opening", "messaging", 0.0),
    ]
    assert document["diversions"][1]["channels"]["phone"]["left"]["value"] == pytest.approx(means["left"][1, 0])
    frame = dict(tables(experiment))["diversions"]
    row = frame[(frame.diversion == "announcement rush") & (frame.channel == "phone") & (frame.measure == "avoided")]
    assert row["value"].tolist() == pytest.approx([means["avoided"][0, 0]])
    table = diverted_table(experiment)
    assert table is not None
    assert [next(iter(column.cells)) for column in table.columns][:2] == ["We expect a rush", "Phone"]


def test_a_scenario_without_diversions_has_no_table_of_them(path: Path) -> None:
    experiment = run(load_scenario(path, "shut"), replications=2)
    assert diverted_table(experiment) is None
    assert "diversions" not in dict(tables(experiment))


def test_the_story_tells_what_is_announced(path: Path) -> None:
    scenario = load_scenario(path)
    told, opening = (diversion_sentence(scenario, each) for each in scenario.diversions)
    assert told == (
        "We expect a rush, from Tue 24 Nov 12:00 to Tue 24 Nov 15:00: 30 % of Phone (Return) act on it; of these "
        "10 % stay away, 30 % come 3 h 00 min later on average, 40 % use Messaging. It costs 400 EUR."
    )
    assert opening == "New channel Messaging, from Tue 24 Nov 12:00: takes over 20 % of Phone (Return)."
