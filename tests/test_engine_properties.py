"""Days nobody would think of: every engine against a second reading of the rules, the laws, and itself.

RUUHKA_DAYS=20 plays twenty times as many days from seeds and from Hypothesis.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from centres import make_centre, make_contacts
from days import TIMES, Day, Most, random_day, seeded_tiny_day, tiny_days
from equality import first_difference
from hypothesis import HealthCheck, given, settings
from laws import check_laws
from oracle import Oracle
from parting import report

from simulator.contacts import ContactRecords, Contacts, Ledger, Outcome
from simulator.engine import ENGINES, NO_SKILL, EngineName

if TYPE_CHECKING:
    from typing import Any

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
        ("interrupted", "overtime", "two in hand", "overflow", "waited", "taken at the last instant"), 0
    )
    outcomes = np.zeros(len(Outcome), np.int64)
    for seed in range(300):
        day = seeded_tiny_day(seed)
        records, ledger = day.play("reference")
        taken = np.flatnonzero(records.group >= 0)
        level = day.centre.level[day.contacts.channel[taken], day.contacts.topic[taken], records.group[taken]]
        seen["interrupted"] += bool((records.ended - records.started > records.handled + 1e-9).any())
        seen["overtime"] += bool((ledger.overtime > 0).any())
        seen["two in hand"] += bool((ledger.slot_seconds > ledger.busy + 1e-9).any())
        seen["overflow"] += bool((level > 1).any())
        seen["waited"] += bool((records.started > records.entered).any())
        seen["taken at the last instant"] += bool((records.started == day.centre.horizon).any())
        outcomes += np.bincount(records.outcome, minlength=len(Outcome))
    assert min(outcomes) >= 5, outcomes
    assert min(seen.values()) >= 3, seen


# -- Against itself: what must change nothing -----------------------------------------------------------------------


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
    for place in (0, len(day.staffing)):
        unskilled = replace(
            centre,
            slots=np.insert(centre.slots, place, 1, axis=1),
            level=np.insert(centre.level, place, NO_SKILL, axis=2),
            opens_after=np.insert(centre.opens_after, place, 1.0, axis=2),
            speed=np.insert(centre.speed, place, 2.0, axis=2),
            reserve=np.insert(centre.reserve, place, 0),
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
def test_channels_and_topics_may_be_numbered_in_any_order(day: Day, engine: EngineName) -> None:
    centre, contacts = day.centre, day.contacts
    renamed = replace(
        centre,
        **{name: getattr(centre, name)[::-1] for name in ("live", "open", "cut", "bot_on", "slots", "slot_speed")},
        interruptible=centre.interruptible[::-1],
        **{name: getattr(centre, name)[::-1, ::-1] for name in ("priority", "level", "opens_after", "speed")},
    )
    channels, topics, _, _ = centre.shape
    others = replace(contacts, channel=channels - 1 - contacts.channel, topic=topics - 1 - contacts.topic)
    same(day, Day(renamed, others, day.staffing), engine)


@some
@given(day=tiny_days())
def test_priorities_and_levels_are_about_order_only(day: Day, engine: EngineName) -> None:
    centre = day.centre
    level = np.where(centre.level == NO_SKILL, NO_SKILL, centre.level * 10)
    same(day, replace(day, centre=replace(centre, priority=centre.priority * 7 - 100, level=level)), engine)


@pytest.mark.parametrize("factor", [2.0, 0.25])
def test_a_clock_with_another_unit_shows_the_same_day(factor: float, engine: EngineName) -> None:
    """Times a power of two, every float operation of the engine is exact, so the answer is too."""
    for seed in range(10 * TIMES):
        day = random_day(seed)
        centre = replace(day.centre, edges=day.centre.edges * factor, opens_after=day.centre.opens_after * factor)
        times = {
            name: getattr(day.contacts, name) * factor for name in ("arrival", "work", "patience", "due", "bot_time")
        }
        records, ledger = day.play(engine)
        columns = {name: getattr(records, name) * factor for name in ("entered", "started", "ended", "handled")}
        expected = (
            replace(records, **columns),
            Ledger(*(getattr(ledger, cell.name) * factor for cell in fields(ledger))),
        )
        found = Day(centre, replace(day.contacts, **times), day.staffing).play(engine)
        assert first_difference(expected, found) is None


def test_twice_the_work_at_twice_the_speed_is_the_same_day(engine: EngineName) -> None:
    for seed in range(10 * TIMES):
        day = random_day(seed)
        fast = replace(day.centre, speed=day.centre.speed * 2)
        same(day, Day(fast, replace(day.contacts, work=day.contacts.work * 2), day.staffing), engine)


def some_rows(table: Contacts | ContactRecords, rows: NDArray[np.bool_]) -> dict[str, Any]:
    return {column.name: getattr(table, column.name)[rows] for column in fields(table)}


def test_channels_that_share_no_group_know_nothing_of_each_other(engine: EngineName) -> None:
    """Each channel alone gives the rows and the ledger that it gives among the others, whatever rows stand between."""
    for seed in range(10 * TIMES):
        day = random_day(seed)
        channels, _, groups, _ = day.centre.shape
        apart = np.arange(channels)[:, None] == np.arange(groups) % channels
        day = replace(day, centre=replace(day.centre, level=np.where(apart[:, None, :], day.centre.level, NO_SKILL)))
        records, ledger = day.play(engine)
        for channel in range(channels):
            rows = day.contacts.channel == channel
            columns = some_rows(day.contacts, rows)
            columns["enquiry"] = np.arange(np.sum(rows))
            alone, cells = replace(day, contacts=Contacts(**columns)).play(engine)
            served_here = np.flatnonzero(apart[channel])
            for name in ("overtime", "busy", "slot_seconds"):
                assert np.array_equal(getattr(cells, name)[served_here], getattr(ledger, name)[served_here])
            assert first_difference((ContactRecords(**some_rows(records, rows)), ledger), (alone, ledger)) is None


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
        )
        records, ledger = Day(open_to_all, contacts, np.full_like(day.staffing, len(contacts))).play(engine)
        came = ~np.isnan(records.entered) & ~(records.ended < 0)  # some of the backlog gave up before anybody was there
        assert np.array_equal(records.started[came], np.maximum(records.entered[came], 0.0)), seed
        assert not ledger.overtime.any()
