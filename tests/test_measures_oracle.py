"""Measures of random tables, full of ties, against slow loops over the rows that follow the definitions in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from centres import make_contacts
from hypothesis import given
from hypothesis import strategies as st

from simulator.contacts import ContactRecords, Contacts, Ledger, Outcome
from simulator.measures import (
    MEASURES,
    PERCENTS,
    ContactTally,
    Duration,
    Price,
    Sample,
    Yardstick,
    conservation_faults,
    summarise,
    sums,
)
from simulator.measures.compiled import virtual_service_level
from simulator.scenario.model import Costs, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from simulator.measures import Axis

# Intervals of unequal length; the second local day starts at 12 s, its second hour at 3612 s. Channel 2 is deferred.
EDGES = (0, 4, 8, 12, 3612, 3616, 3620)
DAY = (0, 0, 0, 1, 1, 1)
HOUR = (0, 0, 0, 1, 2, 2)
LIVE = (True, True, False)
BOT_ON = ((True,) * 6, (False, True, False, True, False, True), (True,) * 6)
WITHIN = (3, 0, 5)
SHORT = (2, 0, 0)
HORIZON = EDGES[-1]
TOPICS, CLASSES = 2, 2


@dataclass
class Row:
    """One contact and what happened to it, in whole seconds; None for nan."""

    arrival: int
    channel: int
    topic: int
    work: int
    patience: float
    due: float
    meets_bot: bool
    contained: bool
    bot_time: int
    entered: int | None = None
    started: int | None = None
    ended: int | None = None
    handled: int = 0
    outcome: Outcome = Outcome.OPEN
    enquiry: int = 0
    attempt: int = 0
    customer_class: int = 0

    @property
    def interval(self) -> int | None:
        """Interval of arrival; None for the starting backlog."""
        return next((i for i in range(len(DAY)) if EDGES[i] <= self.arrival < EDGES[i + 1]), None)

    @property
    def at_bot(self) -> bool:
        return self.meets_bot and self.interval is not None and BOT_ON[self.channel][self.interval]


TIME = st.integers(0, 12) | st.integers(3610, HORIZON - 1)


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Contacts with any fate that the rules could give them; most seconds are few, so that instants tie."""
    found = []
    for _ in range(draw(st.integers(0, 12))):
        deferred = draw(st.booleans())
        row = Row(
            arrival=draw(st.integers(-9, -1)) if deferred and draw(st.booleans()) else draw(TIME),
            channel=2 if deferred else draw(st.integers(0, 1)),
            topic=draw(st.integers(0, TOPICS - 1)),
            work=draw(st.integers(0, 9)),
            patience=math.inf if deferred else draw(st.integers(0, 8) | st.just(math.inf)),
            due=draw(st.integers(-5, 20) | st.sampled_from([HORIZON, HORIZON + 1])) if deferred else math.inf,
            meets_bot=draw(st.booleans()),
            contained=draw(st.booleans()),
            bot_time=draw(st.integers(0, 4)),
        )
        live_on(row, draw)
        found.append(row)
    found.sort(key=lambda row: row.arrival)
    for number, row in enumerate(found):
        row.enquiry = draw(st.sampled_from([number, *(earlier.enquiry for earlier in found[:number])]))
        own = draw(st.integers(0, CLASSES - 1))
        row.customer_class = own if row.enquiry == number else found[row.enquiry].customer_class
        row.attempt = sum(earlier.enquiry == row.enquiry for earlier in found[:number])
    return found


def live_on(row: Row, draw: st.DrawFn) -> None:
    """Give a contact its fate."""
    door = row.arrival + row.bot_time if row.at_bot else row.arrival
    if door >= HORIZON:
        return
    if row.at_bot and row.contained:
        row.ended, row.outcome = door, Outcome.CONTAINED
        return
    if row.channel != 2 and draw(st.integers(0, 5)) == 0:
        row.ended, row.outcome = door, Outcome.CLOSED
        return
    row.entered = door
    wait = min(draw(st.integers(0, 6)), row.patience)
    fate = draw(st.sampled_from(["taken", "taken", "leaves", "stays"]))
    if fate == "leaves" and row.channel != 2:
        cut = draw(st.booleans()) or row.patience == math.inf
        leaves = door + (wait if cut else row.patience)
        if leaves <= HORIZON:
            row.ended, row.outcome = int(leaves), Outcome.CUT if cut else Outcome.ABANDONED
    elif fate == "taken" and door + wait <= HORIZON:
        row.started = max(int(door + wait), 0)
        ends = row.started + draw(st.integers(0, 8))
        row.handled = draw(st.integers(0, min(ends, HORIZON) - row.started))
        if ends <= HORIZON:
            row.ended, row.outcome = ends, Outcome.SERVED


def tables(rows: Sequence[Row]) -> tuple[Contacts, ContactRecords]:
    contacts = make_contacts(
        [row.arrival for row in rows],
        **{
            name: [getattr(row, name) for row in rows]
            for name in (
                *("channel", "topic", "work", "patience", "due", "meets_bot", "contained", "bot_time"),
                *("enquiry", "attempt", "customer_class"),
            )
        },
    )
    records = ContactRecords.blank(contacts)
    for index, row in enumerate(rows):
        records.outcome[index], records.handled[index] = row.outcome, row.handled
        for name in ("entered", "started", "ended"):
            getattr(records, name)[index] = math.nan if getattr(row, name) is None else getattr(row, name)
        records.group[index] = records.agent[index] = -1 if row.started is None else 0
    return contacts, records


YARDSTICK = Yardstick(
    edges=np.array(EDGES, dtype=np.float64),
    day=np.array(DAY),
    topics=TOPICS,
    customer_classes=CLASSES,
    live=np.array(LIVE),
    bot_on=np.array(BOT_ON),
    targets=tuple(Target(0.8, float(within), "offered", "day", open_time=False) for within in WITHIN),
    short_abandon=np.array(SHORT, dtype=np.float64),
    planned=np.zeros((1, len(DAY))),
    on_call=np.zeros(1, dtype=np.bool_),
    shrinkage=np.zeros(1),
    cost_per_hour=np.zeros(1),
    # In halves and quarters, so that sums are exact in whatever order.
    costs=Costs(
        bot_session={0: 0.5, 1: 0.25},
        line_minute={0: 30.0, 1: 15.0},
        order_value=8.0,
        order_share={(0, 0): 0.25, (1, 0): 0.5, (1, 1): 1.0, (2, 1): 0.125},
    ),
)
NO_LEDGER = Ledger.blank(1, len(DAY))


def is_lost_for_good(row: Row, rows: Sequence[Row]) -> bool:
    """Whether the last attempt of a contact's enquiry was lost."""
    last = [each for each in rows if each.enquiry == row.enquiry][-1]
    return last.outcome in (Outcome.ABANDONED, Outcome.CLOSED, Outcome.CUT)


def adds(row: Row, rows: Sequence[Row]) -> dict[ContactTally, float]:
    """What one contact adds to each tally."""
    found = dict.fromkeys(ContactTally, 0.0)
    found[ContactTally.ARRIVED] = 1
    if row.attempt == 0:
        found[ContactTally.ENQUIRIES] = 1
        if is_lost_for_good(row, rows):
            found[ContactTally.LOST_ENQUIRIES] = 1
            found[ContactTally.LOST_ORDERS] = YARDSTICK.costs.order_share.get((row.channel, row.topic), 0.0)
    found[ContactTally.MET_BOT] = row.at_bot
    found[ContactTally.CONTAINED] = row.outcome == Outcome.CONTAINED
    found[ContactTally.CLOSED] = row.outcome == Outcome.CLOSED
    found[ContactTally.CUT] = row.outcome == Outcome.CUT
    found[ContactTally.ABANDONED] = row.outcome == Outcome.ABANDONED
    found[ContactTally.SERVED] = row.outcome == Outcome.SERVED
    found[ContactTally.OPEN] = row.outcome == Outcome.OPEN
    if row.entered is not None:
        found[ContactTally.OFFERED] = 1
        found[ContactTally.WORK] = row.work
        if row.started is not None:
            found[ContactTally.ANSWERED] = 1
            found[ContactTally.ANSWERED_WAIT] = found[ContactTally.WAIT] = row.started - row.entered
            found[ContactTally.ANSWERED_WITHIN] = LIVE[row.channel] and row.started - row.entered <= WITHIN[row.channel]
        elif row.ended is not None:
            found[ContactTally.WAIT] = row.ended - row.entered
            if row.outcome == Outcome.ABANDONED:
                found[ContactTally.ABANDONED_WITHIN] = row.ended - row.entered <= WITHIN[row.channel]
                found[ContactTally.SHORT_ABANDONED] = row.ended - row.entered < SHORT[row.channel]
    if row.outcome == Outcome.SERVED:
        found[ContactTally.HANDLING_TIME] = row.handled
    if row.ended is not None and row.outcome in (Outcome.SERVED, Outcome.CONTAINED):
        found[ContactTally.TIME_TO_FINISH] = row.ended - row.arrival
    if row.due <= HORIZON:
        found[ContactTally.FELL_DUE] = 1
        found[ContactTally.IN_TIME] = row.ended is not None and row.ended <= row.due
        found[ContactTally.OVERDUE] = row.ended is None
    return found


AXES: tuple[tuple[Axis, ...], ...] = (
    (),
    ("channel",),
    ("topic",),
    ("interval",),
    ("hour", "channel"),
    ("channel", "interval"),
    ("topic", "channel"),
    ("day", "topic"),
    ("topic", "channel", "day"),
    ("day",),
    ("customer_class",),
    ("channel", "customer_class"),
    ("customer_class", "day", "topic"),
)
LENGTH: dict[Axis, int] = {
    **{"channel": len(LIVE), "topic": TOPICS, "customer_class": CLASSES},
    **{"interval": len(DAY), "hour": max(HOUR) + 1, "day": max(DAY) + 1},
}
OF_CONTACTS = [each for each in MEASURES.values() if each.about == "contacts" and each.name != "offered_load"]


@given(rows=rows(), by=st.sampled_from(AXES))
def test_every_measure_along_any_axes_is_what_a_loop_over_the_contacts_gives(
    rows: list[Row], by: tuple[Axis, ...]
) -> None:
    summary = summarise(YARDSTICK, *tables(rows), NO_LEDGER)
    for measure in OF_CONTACTS:
        numerator, denominator = (np.zeros([LENGTH[axis] for axis in by]) for _ in range(2))
        for row in rows:
            place = position(row, by)
            if place is not None and measure.channels in (None, "live" if LIVE[row.channel] else "deferred"):
                added = adds(row, rows)
                numerator[place] += weighted_sum(measure.numerator, added, row.channel)
                denominator[place] += weighted_sum(measure.denominator, added, row.channel)
        if measure.denominator is None:
            denominator[...] = 1
        found_numerator, found_denominator = sums(measure, summary, by)
        assert found_numerator.tolist() == numerator.tolist(), measure.name
        assert found_denominator.tolist() == denominator.tolist(), measure.name


@given(replications=st.lists(rows(), min_size=1, max_size=3), by=st.sampled_from(AXES))
def test_many_replications_at_once_have_the_sums_that_each_has_alone(
    replications: list[list[Row]], by: tuple[Axis, ...]
) -> None:
    summaries = tuple(summarise(YARDSTICK, *tables(rows), NO_LEDGER) for rows in replications)
    for measure in MEASURES.values():
        if by == () or measure.about == "contacts" or (measure.about == "centre" and by in (("day",), ("interval",))):
            together = Sample(summaries).sums(measure, by)
            alone = np.array([sums(measure, summary, by) for summary in summaries]).swapaxes(0, 1)
            assert np.array_equal(together, alone), measure.name


def weighted_sum(tallies: object, added: Mapping[ContactTally, float], channel: int) -> float:
    """Sum of what a contact adds to some tallies, each with its sign or price."""
    costs = YARDSTICK.costs
    price = {
        Price.BOT_SESSION: costs.bot_session.get(channel, 0.0),
        Price.LINE: costs.line_minute.get(channel, 0.0) / 60,
        Price.ORDER: costs.order_value,
    }
    weights = tallies if isinstance(tallies, dict) else {}
    return sum(added[tally] * (price[each] if isinstance(each, Price) else each) for tally, each in weights.items())


def position(row: Row, by: Iterable[Axis]) -> tuple[int, ...] | None:
    """Where a contact counts; None for the starting backlog where there is a period."""
    place = []
    for axis in by:
        if axis in ("channel", "topic", "customer_class"):
            place.append(getattr(row, axis))
        elif row.interval is None:
            return None
        else:
            place.append({"interval": row.interval, "hour": HOUR[row.interval], "day": DAY[row.interval]}[axis])
    return tuple(place)


@given(rows=rows())
def test_abandonments_count_where_they_happen(rows: list[Row]) -> None:
    expected = np.zeros((len(LIVE), len(DAY)))
    for row in rows:
        if row.outcome == Outcome.ABANDONED and row.ended is not None:
            interval = max(i for i in range(len(DAY)) if EDGES[i] <= row.ended)
            expected[row.channel, interval] += 1
    assert (summarise(YARDSTICK, *tables(rows), NO_LEDGER).abandonments == expected).all()


def test_who_gave_up_before_the_horizon_began_did_so_in_no_interval() -> None:
    row = Row(-9, 2, 0, work=1, patience=4, due=0, meets_bot=False, contained=False, bot_time=0)
    row.entered, row.ended, row.outcome = -9, -5, Outcome.ABANDONED
    assert (summarise(YARDSTICK, *tables([row]), NO_LEDGER).abandonments == 0).all()


@given(rows=rows())
def test_backlog_at_every_boundary_is_what_a_loop_over_the_contacts_gives(rows: list[Row]) -> None:
    backlog = summarise(YARDSTICK, *tables(rows), NO_LEDGER).backlog
    for channel, live in enumerate(LIVE):
        for index, edge in enumerate(EDGES):
            there = [
                row
                for row in rows
                if not live and row.channel == channel and row.arrival < edge and not has_been(row.ended, edge)
            ]
            in_queue = [
                row
                for row in there
                if row.entered is not None and row.entered < edge and not has_been(row.started, edge)
            ]
            assert backlog.items[channel, index] == len(there)
            assert backlog.work[channel, index] == sum(row.work for row in in_queue)
            assert backlog.oldest[channel, index] == max((edge - row.arrival for row in there), default=0)


def has_been(instant: int | None, edge: int) -> bool:
    """Whether something has happened by a boundary; at the start nothing has."""
    return instant is not None and edge > 0 and instant <= edge


@given(rows=rows())
def test_what_comes_and_does_not_end_is_the_growth_of_the_backlog(rows: list[Row]) -> None:
    contacts, records = tables(rows)
    summary = summarise(YARDSTICK, contacts, records, NO_LEDGER)
    channel = LIVE.index(False)
    items = summary.backlog.items[channel]
    arrived = sums(MEASURES["arrived"], summary, ("channel", "interval"))[0][channel].sum()
    ended = np.count_nonzero(~np.isnan(records.ended[contacts.channel == channel]))
    assert items[0] == sum(row.arrival < 0 for row in rows)
    assert items[-1] == items[0] + arrived - ended == sums(MEASURES["open"], summary, ("channel",))[0][channel]


def of_day(rows: Iterable[Row], channel: int, day: int | None) -> list[Row]:
    """The contacts of a channel that arrive on a day; None: all of them."""
    of_channel = [row for row in rows if row.channel == channel]
    return [row for row in of_channel if day is None or (row.interval is not None and DAY[row.interval] == day)]


@given(rows=rows())
def test_quantiles_are_the_shortest_times_that_enough_contacts_do_not_exceed(rows: list[Row]) -> None:
    waits = summarise(YARDSTICK, *tables(rows), NO_LEDGER).waits
    for channel in range(len(LIVE)):
        for day in (None, *range(max(DAY) + 1)):
            here = of_day(rows, channel, day)
            found = waits.quantile[channel] if day is None else waits.quantile_by_day[channel, day]
            answered = [
                row.started - row.entered for row in here if row.started is not None and row.entered is not None
            ]
            left = [
                row.ended - row.entered
                for row in here
                if row.started is None and row.ended is not None and row.entered is not None
            ]
            finish = [
                row.ended - row.arrival
                for row in here
                if row.ended is not None and row.outcome in (Outcome.SERVED, Outcome.CONTAINED)
            ]
            for duration, times in (
                (Duration.ANSWERED_WAIT, answered),
                (Duration.WAIT, answered + left),
                (Duration.TIME_TO_FINISH, finish),
            ):
                expected = [
                    min((t for t in times if 100 * sum(x <= t for x in times) >= p * len(times)), default=math.nan)
                    for p in PERCENTS
                ]
                assert found[duration].tolist() == pytest.approx(expected, nan_ok=True)


def beyond(waits: Sequence[tuple[int, bool]], within: int) -> Fraction:
    """At each time at which somebody was answered: times the share, of those still there, not answered then."""
    share = Fraction(1)
    for time in sorted({wait for wait, answered in waits if answered and wait <= within}):
        there = sum(wait >= time for wait, _ in waits)
        share *= 1 - Fraction(sum(wait == time and answered for wait, answered in waits), there)
    return share


@given(waits=st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=30), within=st.integers(0, 9))
def test_virtual_service_level_is_the_kaplan_meier_product(waits: list[tuple[int, bool]], within: int) -> None:
    answered_waits, lost_waits = (
        np.sort([float(wait) for wait, answered in waits if answered is wanted]) for wanted in (True, False)
    )
    found = virtual_service_level(answered_waits, lost_waits, float(within))
    assert found == pytest.approx(float(1 - beyond(waits, within)))


@given(rows=rows())
def test_virtual_service_level_of_each_channel_and_day_counts_all_who_joined_there(rows: list[Row]) -> None:
    waits = summarise(YARDSTICK, *tables(rows), NO_LEDGER).waits
    for channel, live in enumerate(LIVE):
        for day in (None, *range(max(DAY) + 1)):
            joined = [
                (next(at for at in (row.started, row.ended, HORIZON) if at is not None) - row.entered, row.started)
                for row in of_day(rows, channel, day)
                if row.entered is not None
            ]
            expected = 1 - beyond([(wait, started is not None) for wait, started in joined], WITHIN[channel])
            found = waits.virtual[channel] if day is None else waits.virtual_by_day[channel, day]
            assert found == pytest.approx(float(expected) if live and joined else math.nan, nan_ok=True)


@given(rows=rows())
def test_a_table_that_the_rules_could_give_has_no_fault(rows: list[Row]) -> None:
    contacts, records = tables(rows)
    ledger = Ledger.blank(1, len(DAY))
    ledger.slot_seconds[0, 0] = records.handled.sum()
    assert conservation_faults(contacts, records, ledger, HORIZON) == []
