"""Days nobody would think of: every engine against a second reading of the rules, the laws, and itself.

RUUHKA_DAYS=20 plays twenty times as many days from seeds and from Hypothesis.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from centres import make_centre, make_contacts, make_follow_ups
from days import TIMES, Day, Most, random_day, seeded_tiny_day, some_contacts, tiny_days
from equality import first_difference
from hypothesis import HealthCheck, given, settings
from laws import check_laws
from oracle import Oracle
from parting import report

from simulator.contacts import Cause, ContactRecords, Contacts, FollowUps, Ledger, Outcome
from simulator.engine import ENGINES, NO_SKILL, EngineName
from simulator.engine.centre import NO_LIMIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

plenty = settings(max_examples=100 * TIMES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
some = settings(plenty, max_examples=25 * TIMES)


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> EngineName:
    """Every engine there is."""
    name: EngineName = request.param
    return name


def check(day: Day, engine: EngineName, which: str = "") -> None:
    """The engine says what the second reading says, to the bit, and what it says keeps the laws."""
    expected, found = Oracle(day.centre, day.contacts, day.staffing).play(), day.play(engine)
    if first_difference(expected, found) is not None:
        raise AssertionError(f"{which}{report(day, expected, found)}\n{day}")
    check_laws(day, *found)


# -- Against the second reading of the rules ------------------------------------------------------------------------


@plenty
@given(day=tiny_days())
def test_tiny_days_are_played_as_a_second_reading_of_the_rules_says(day: Day, engine: EngineName) -> None:
    check(day, engine)


@pytest.mark.parametrize("block", range(8))
def test_seeded_tiny_days_are_played_as_a_second_reading_of_the_rules_says(block: int, engine: EngineName) -> None:
    count = 100 * TIMES
    for seed in range(block * count, (block + 1) * count):
        check(seeded_tiny_day(seed), engine, f"seeded_tiny_day({seed}): ")


@pytest.mark.parametrize("block", range(4))
def test_busy_days_are_played_as_a_second_reading_of_the_rules_says(block: int, engine: EngineName) -> None:
    count = 12 * TIMES
    for seed in range(block * count, (block + 1) * count):
        check(random_day(seed, Most(contacts=90)), engine, f"random_day({seed}): ")


def test_the_days_have_in_them_what_they_are_there_for() -> None:
    """Tiny days in which nothing is interrupted, say, could not show that interruption is right."""
    seen = dict.fromkeys(
        (
            *("interrupted", "overtime", "two in hand", "overflow", "waited", "taken at the last instant"),
            *("gone in hand", "the bot is full", "called", "released", "pace changes in hand", "a chain of three"),
            *("a deferred channel is closed", "a follow-up at the instant of what it follows", "after an opening"),
        ),
        0,
    )
    outcomes, causes = np.zeros(len(Outcome), np.int64), np.zeros(len(Cause), np.int64)
    for seed in range(450):
        day = seeded_tiny_day(seed)
        centre, contacts, follow_ups = day.centre, day.contacts, day.contacts.follow_ups
        records, ledger = day.play("reference")
        taken = np.flatnonzero(records.group >= 0)
        lines = contacts.customer_class[taken], contacts.channel[taken], contacts.topic[taken]
        level = centre.level[(*lines, records.group[taken])]
        gone = records.outcome == Outcome.GONE
        seen["interrupted"] += bool((records.ended - records.started > records.handled + 1e-9)[~gone].any())
        seen["overtime"] += bool((ledger.overtime > 0).any())
        seen["two in hand"] += bool((ledger.slot_seconds > ledger.busy + 1e-9).any())
        seen["overflow"] += bool((level > 1).any())
        seen["waited"] += bool((records.started > records.entered).any())
        seen["taken at the last instant"] += bool((records.started == centre.horizon).any())

        seen["gone in hand"] += bool((records.handled[gone] > 0).any())
        no_limit = replace(centre, bot_capacity=np.full_like(centre.bot_capacity, NO_LIMIT))
        seen["the bot is full"] += (
            first_difference((records, ledger), replace(day, centre=no_limit).play("reference")) is not None
        )
        away = (ledger.staffed == 0) & (day.staffing > 0)
        seen["called"] += bool((away[:, :-1] & (ledger.staffed[:, 1:] > 0)).any())
        seen["released"] += bool((away[:, 1:] & (ledger.staffed[:, :-1] > 0)).any())
        changes = np.diff(centre.pace, axis=1) != 0
        seen["pace changes in hand"] += bool((changes & (ledger.busy[:, :-1] > 0) & (ledger.busy[:, 1:] > 0)).any())
        firsts = len(contacts) - len(follow_ups)
        came = ~np.isnan(records.arrived[firsts:])
        depth = np.zeros(len(contacts), np.int64)
        for number, after in enumerate(follow_ups.after, firsts):
            depth[number] = depth[after] + 1
        seen["a chain of three"] += bool((depth[firsts:][came] >= 3).any())
        closed = (records.outcome == Outcome.CLOSED) & ~centre.live[contacts.channel]
        seen["a deferred channel is closed"] += bool(closed.any())
        same_instant = records.arrived[firsts:] == records.ended[follow_ups.after]
        seen["a follow-up at the instant of what it follows"] += bool(same_instant.any())
        opens = np.isin(records.arrived[firsts:], centre.edges[1:-1]) & follow_ups.waits_for_opening & ~same_instant
        seen["after an opening"] += bool(opens.any())
        outcomes += np.bincount(records.outcome, minlength=len(Outcome))
        causes += np.bincount(follow_ups.cause[came], minlength=len(Cause))
    assert min(outcomes) >= 5, outcomes
    assert min(causes[1:]) >= 2, causes
    assert min(seen.values()) >= 3, seen


# -- Against itself: what must change nothing -----------------------------------------------------------------------


BY_GROUP = ("reserve", "on_call", "called_from", "called_from_wait", "lead", "stay", "released_at")
BY_CHANNEL = (
    *("live", "open", "cut", "bot_on", "slots", "slot_speed", "interruptible", "bot_capacity", "tells"),
    *("told_patience", "callback_from", "silent_work", "after_opening", "due_from", "due_at", "due_rate"),
)
BY_TOPIC = ("escalated_work", "escalated_patience")
BY_LINE = ("priority", "level", "opens_after", "speed")


def same(day: Day, other: Day, engine: EngineName) -> None:
    difference = first_difference(day.play(engine), other.play(engine))
    assert difference is None, f"{difference}\n{day}"


@some
@given(day=tiny_days())
def test_playing_changes_no_table_and_gives_the_same_again(day: Day, engine: EngineName) -> None:
    before = repr(day)
    same(day, day, engine)
    assert repr(day) == before


@some
@given(day=tiny_days())
def test_a_group_without_any_skill_changes_nothing_but_its_own_row_of_the_ledger(day: Day, engine: EngineName) -> None:
    centre, (records, ledger) = day.centre, day.play(engine)
    one = make_centre(intervals=1, groups=1)
    for place in (0, len(day.staffing)):
        unskilled = replace(
            centre,
            **{
                name: np.insert(getattr(centre, name), place, 1.0, axis=-1)
                for name in ("slots", "opens_after", "speed")
            },
            level=np.insert(centre.level, place, NO_SKILL, axis=-1),
            pace=np.insert(centre.pace, place, 2.0, axis=0),
            quality=np.insert(centre.quality, place, 0.0, axis=0),
            **{name: np.insert(getattr(centre, name), place, getattr(one, name)[0]) for name in BY_GROUP},
        )
        staffing = np.insert(day.staffing, place, 2, axis=0)
        got, cells = Day(unskilled, day.contacts, staffing).play(engine)
        got = replace(got, group=np.where(got.group >= place, got.group - (place == 0), got.group))
        others = Ledger(*(np.delete(getattr(cells, column.name), place, axis=0) for column in fields(cells)))
        assert first_difference((records, ledger), (got, others)) is None
        assert np.array_equal(cells.staffed[place], 2 * np.diff(centre.edges))
        assert not cells.busy[place].any()
        assert not cells.overtime[place].any()


@some
@given(day=tiny_days())
def test_channels_topics_and_classes_may_be_numbered_in_any_order(day: Day, engine: EngineName) -> None:
    centre, contacts = day.centre, day.contacts
    renamed = replace(
        centre,
        **{name: getattr(centre, name)[::-1] for name in BY_CHANNEL},
        **{name: getattr(centre, name)[::-1, ::-1] for name in BY_TOPIC},
        **{name: getattr(centre, name)[::-1, ::-1, ::-1] for name in BY_LINE},
    )
    channels, topics, _, _ = centre.shape
    others = replace(
        contacts,
        channel=channels - 1 - contacts.channel,
        topic=topics - 1 - contacts.topic,
        customer_class=centre.customer_classes - 1 - contacts.customer_class,
    )
    same(day, Day(renamed, others, day.staffing), engine)


@some
@given(day=tiny_days())
def test_priorities_and_levels_are_about_order_only(day: Day, engine: EngineName) -> None:
    centre = day.centre
    level = np.where(centre.level == NO_SKILL, NO_SKILL, centre.level * 10)
    same(day, replace(day, centre=replace(centre, priority=centre.priority * 7 - 100, level=level)), engine)


SECONDS_OF_CENTRE = (
    *("edges", "opens_after", "callback_from", "silent_work", "after_opening", "due_from", "due_at"),
    "called_from_wait",
)
SECONDS_OF_CONTACTS = ("arrival", "work", "patience", "due", "bot_time", "tolerance")
SECONDS_OF_RECORDS = ("arrived", "due", "entered", "started", "ended", "handled")


@pytest.mark.parametrize("factor", [2.0, 0.25])
def test_a_clock_with_another_unit_shows_the_same_day(factor: float, engine: EngineName) -> None:
    """Times a power of two, every float operation of the engine is exact, so the answer is too."""
    for seed in range(10 * TIMES):
        day = random_day(seed)
        contacts = day.contacts
        centre = replace(day.centre, **{name: getattr(day.centre, name) * factor for name in SECONDS_OF_CENTRE})
        times = {name: getattr(contacts, name) * factor for name in SECONDS_OF_CONTACTS}
        follow_ups = replace(contacts.follow_ups, delay=contacts.follow_ups.delay * factor)
        records, ledger = day.play(engine)
        columns = {name: getattr(records, name) * factor for name in SECONDS_OF_RECORDS}
        expected = (
            replace(records, **columns),
            Ledger(*(getattr(ledger, cell.name) * factor for cell in fields(ledger))),
        )
        found = Day(centre, replace(contacts, **times, follow_ups=follow_ups), day.staffing).play(engine)
        assert first_difference(expected, found) is None


def test_twice_the_work_at_twice_the_speed_is_the_same_day(engine: EngineName) -> None:
    for seed in range(10 * TIMES):
        day = random_day(seed)
        fast = replace(day.centre, speed=day.centre.speed * 2, silent_work=day.centre.silent_work * 2)
        same(day, Day(fast, replace(day.contacts, work=day.contacts.work * 2), day.staffing), engine)


def test_twice_the_pace_is_twice_the_speed(engine: EngineName) -> None:
    for seed in range(10 * TIMES):
        day = random_day(seed)
        fast, eager = replace(day.centre, speed=day.centre.speed * 2), replace(day.centre, pace=day.centre.pace * 2)
        same(replace(day, centre=fast), replace(day, centre=eager), engine)


@some
@given(day=tiny_days())
def test_a_group_that_is_called_at_the_start_and_stays_is_a_group_that_is_there(day: Day, engine: EngineName) -> None:
    centre, ones = day.centre, np.ones_like(day.centre.lead)
    plain = replace(centre, on_call=~(ones > 0))
    called = replace(centre, on_call=ones > 0, called_from=0 * ones, lead=0 * ones, stay=NO_LIMIT * ones)
    same(replace(day, centre=plain), replace(day, centre=called), engine)


@some
@given(day=tiny_days())
def test_follow_ups_that_nothing_brings_about_change_nothing(day: Day, engine: EngineName) -> None:
    """A call is never late, whatever it would be due by; a message is offered no callback."""
    records, ledger = day.play(engine)
    contacts, (count,) = day.contacts, np.shape(day.contacts.arrival)
    if not count:
        return
    cause = np.where(day.centre.live[contacts.channel], Cause.CHASER, Cause.CALLBACK)
    waiting = contacts.follow_ups
    free = np.array([(waiting.after[waiting.cause == cause[c]] != c).all() for c in range(count)])
    more = make_follow_ups(np.flatnonzero(free), cause=cause[free])
    columns = {name: np.r_[getattr(contacts, name), getattr(contacts, name)[free]] for name in Contacts.columns()}
    columns |= {"arrival": np.r_[contacts.arrival, np.full(len(more), np.inf)]}
    columns |= {"due": np.r_[contacts.due, np.full(len(more), np.inf)]}
    both = FollowUps(*(np.r_[getattr(waiting, c.name), getattr(more, c.name)] for c in fields(FollowUps)))
    found, cells = replace(day, contacts=Contacts(**columns, follow_ups=both)).play(engine)
    before = ContactRecords(**{c.name: getattr(found, c.name)[:count] for c in fields(found)})
    assert first_difference((records, ledger), (before, cells)) is None
    assert (found.outcome[count:] == Outcome.NOT_MADE).all()


def test_a_call_back_at_once_is_served_when_the_customer_would_have_been(engine: EngineName) -> None:
    """R24: it has the place in line that the customer had, if nobody joins at the very same instant."""
    offered = 0
    for seed in range(10 * TIMES):
        rng = np.random.default_rng([seed, 4])
        arrival, work = np.sort(rng.uniform(0, 6000, 100)), rng.exponential(110, 100)
        centre, staffing = make_centre(intervals=2, width=6000.0), np.array([[2, 1]])
        waiting, _ = Day(centre, make_contacts(arrival, work=work), staffing).play(engine)
        follow_ups = make_follow_ups(np.arange(100), cause=Cause.CALLBACK)
        called = make_contacts(np.r_[arrival, np.full(100, np.inf)], work=np.r_[work, work], follow_ups=follow_ups)
        # Whoever expects a wait of 20 s or more takes the callback; the call waits in its place.
        found, _ = Day(replace(centre, callback_from=np.array([20.0])), called, staffing).play(engine)
        takes = found.outcome[:100] == Outcome.CALLBACK
        offered += int(takes.sum())
        for name in ("started", "ended", "handled"):
            column = getattr(found, name)
            assert np.array_equal(np.where(takes, column[100:], column[:100]), getattr(waiting, name), equal_nan=True)
    assert offered > 100


def test_channels_that_share_no_group_know_nothing_of_each_other(engine: EngineName) -> None:
    """Each channel alone gives the rows and the ledger that it gives among the others, whatever rows stand between."""
    for seed in range(10 * TIMES):
        day = random_day(seed)
        channels, _, groups, _ = day.centre.shape
        apart = np.arange(channels)[:, None] == np.arange(groups) % channels
        day = replace(day, centre=replace(day.centre, level=np.where(apart[:, None, :], day.centre.level, NO_SKILL)))
        # Nothing that follows goes to another channel.
        channel_of, follow_ups = day.contacts.channel, day.contacts.follow_ups
        firsts = len(channel_of) - len(follow_ups)
        stays = np.r_[np.ones(firsts, dtype=np.bool_), channel_of[follow_ups.after] == channel_of[firsts:]]
        day = some_contacts(day, stays)
        records, ledger = day.play(engine)
        for channel in range(channels):
            rows = day.contacts.channel == channel
            alone, cells = some_contacts(day, rows).play(engine)
            own = ContactRecords(**{column.name: getattr(records, column.name)[rows] for column in fields(records)})
            served_here = np.flatnonzero(apart[channel])
            for name in (cell.name for cell in fields(Ledger)):
                assert np.array_equal(getattr(cells, name)[served_here], getattr(ledger, name)[served_here])
            assert first_difference((own, ledger), (alone, ledger)) is None


# -- Against what can be proved ---------------------------------------------------------------------------------------


def one_queue(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Arrivals and work of calls that wait for ever; on every other seed whole minutes, full of ties."""
    rng = np.random.default_rng([seed, 3])
    arrival, work = np.sort(rng.uniform(0, 6000, 150)), rng.exponential(110, 150)
    if seed % 2:
        arrival, work = np.floor(arrival / 60) * 60, np.round(work / 60) * 60
    return arrival, work


def first_come_first_served(
    arrival: NDArray[np.float64], work: NDArray[np.float64], agents: int
) -> NDArray[np.float64]:
    """Start of each contact by Kiefer and Wolfowitz (1955): when it is there and the first of the agents frees."""
    frees = [0.0] * agents
    started = []
    for arrives, lasts in zip(arrival.tolist(), work.tolist(), strict=True):
        start = max(arrives, frees[0])
        started.append(start)
        frees = sorted([start + lasts, *frees[1:]])
    return np.array(started)


@pytest.mark.parametrize("agents", [1, 2, 5])
@pytest.mark.parametrize("seed", range(4))
def test_one_queue_of_calls_starts_as_the_kiefer_wolfowitz_recursion_says(
    seed: int, agents: int, engine: EngineName
) -> None:
    arrival, work = one_queue(seed)
    started = first_come_first_served(arrival, work, agents)
    contacts = make_contacts(arrival, work=work)
    records, _ = Day(make_centre(width=1e6), contacts, np.array([[agents]])).play(engine)
    assert np.array_equal(records.started, started)
    assert np.array_equal(records.ended, started + work)


@pytest.mark.parametrize("seed", range(4))
def test_one_more_agent_makes_no_call_of_one_queue_wait_longer(seed: int, engine: EngineName) -> None:
    """True for one first-come-first-served queue of patient customers; not with priorities or abandonment."""
    arrival, work = one_queue(seed)
    centre, contacts = make_centre(width=1e6), make_contacts(arrival, work=work)
    waits = [Day(centre, contacts, np.array([[agents]])).play(engine)[0].wait for agents in range(1, 7)]
    assert (np.diff(waits, axis=0) <= 0).all()
    assert waits[0].sum() > waits[-1].sum()


def test_with_an_agent_for_every_contact_nobody_waits(engine: EngineName) -> None:
    for seed in range(10 * TIMES):
        day = random_day(seed)
        centre, contacts = day.centre, day.contacts
        open_to_all = replace(
            centre,
            level=np.ones_like(centre.level),
            opens_after=np.zeros_like(centre.opens_after),
            reserve=np.zeros_like(centre.reserve),
            on_call=np.zeros_like(centre.on_call),
        )
        records, ledger = Day(open_to_all, contacts, np.full_like(day.staffing, len(contacts))).play(engine)
        came = ~np.isnan(records.entered) & ~(records.ended < 0)  # some of the backlog gave up before anybody was there
        assert np.array_equal(records.started[came], np.maximum(records.entered[came], 0.0)), seed
        assert not ledger.overtime.any()
