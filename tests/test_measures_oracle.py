"""Measures of random tables, full of ties, against slow loops over the rows that follow the definitions in words."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import numpy as np
import pytest
from centres import make_contacts, make_follow_ups
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.contacts import Cause, ContactRecords, Contacts, Ledger, Outcome
from simulator.measures import (
    EVERYTHING,
    MEASURES,
    ONLY_SUMS,
    PERCENTS,
    ContactTally,
    Duration,
    Part,
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
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.measures import Axis, Summary

# Intervals of unequal length; the second local day starts at 12 s, its second hour at 3612 s. Channel 2 is deferred.
EDGES = (0, 4, 8, 12, 3612, 3616, 3620)
DAY = (0, 0, 0, 1, 1, 1)
HOUR = (0, 0, 0, 1, 2, 2)
LIVE = (True, True, False)
BOT_ON = ((True,) * 6, (False, True, False, True, False, True), (True,) * 6)
WITHIN = (3, 0, 5)
SHORT = (2, 0, 0)
HORIZON = NEVER = EDGES[-1]
TOPICS, CLASSES = 2, 2
LOST = (Outcome.ABANDONED, Outcome.CLOSED, Outcome.CUT, Outcome.BALKED, Outcome.GONE)


@dataclass(eq=False)
class Row:
    """One contact and what happened to it, in whole seconds; None for nan."""

    arrival: int
    """`NEVER`: a follow-up that has not arrived."""
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
    cause: Cause = Cause.NEED
    after: Row | None = None
    in_vain: bool = False
    own_class: int = 0
    follow_ups: list[Row] = field(default_factory=list)

    @property
    def interval(self) -> int | None:
        """Interval of arrival; None for the starting backlog."""
        return next((i for i in range(len(DAY)) if EDGES[i] <= self.arrival < EDGES[i + 1]), None)

    @property
    def at_bot(self) -> bool:
        return self.meets_bot and self.interval is not None and BOT_ON[self.channel][self.interval]

    @property
    def attempt(self) -> int:
        return 0 if self.after is None else self.after.attempt + 1

    @property
    def first(self) -> Row:
        return self if self.after is None else self.after.first

    @property
    def customer_class(self) -> int:
        """All attempts have the class of the first."""
        return self.first.own_class

    @property
    def call(self) -> bool:
        """Whether it is the centre that calls."""
        return self.cause in (Cause.CALLBACK, Cause.RETRY)

    def brought(self, *causes: Cause) -> list[Row]:
        """What its outcome has brought about, of these causes."""
        return [each for each in self.follow_ups if each.cause in causes and each.outcome != Outcome.NOT_MADE]


TIME = st.integers(0, 12) | st.integers(3610, HORIZON - 1)
MOST_ATTEMPTS = 3


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Contacts with any fate that the rules could give them; most seconds are few, so that instants tie.

    Those that come by themselves in order of arrival, then what may follow them.
    """
    found = []
    for _ in range(draw(st.integers(0, 8))):
        deferred = draw(st.booleans())
        arrival = draw(st.integers(-9, -1)) if deferred and draw(st.booleans()) else draw(TIME)
        found.append(contact(draw, arrival, 2 if deferred else draw(st.integers(0, 1))))
    found.sort(key=lambda row: row.arrival)
    for row in found:
        row.own_class = draw(st.integers(0, CLASSES - 1))
    for row in found:  # the list grows
        if row.arrival != NEVER and row.attempt + 1 < MOST_ATTEMPTS:
            row.follow_ups = followed(row, draw)
            found += row.follow_ups
    return found


def contact(draw: st.DrawFn, arrival: int, channel: int, cause: Cause = Cause.NEED, after: Row | None = None) -> Row:
    deferred, call = channel == 2, cause in (Cause.CALLBACK, Cause.RETRY)
    row = Row(
        arrival=arrival,
        channel=channel,
        topic=draw(st.integers(0, TOPICS - 1)),
        work=draw(st.integers(0, 9)),
        patience=math.inf if deferred or call else draw(st.integers(0, 8) | st.just(math.inf)),
        due=draw(st.integers(-5, 20) | st.sampled_from([HORIZON, HORIZON + 1])) if deferred else math.inf,
        meets_bot=not call and draw(st.booleans()),
        contained=draw(st.booleans()),
        bot_time=draw(st.integers(0, 4)),
        cause=cause,
        after=after,
        in_vain=call and draw(st.booleans()),
    )
    if arrival != NEVER:
        live_on(row, draw)
    return row


def followed(row: Row, draw: st.DrawFn) -> list[Row]:
    """What may follow a contact: one for each thing that may happen to it, whether it has happened or not."""
    after_served = Cause.RETRY if row.in_vain else draw(st.sampled_from([Cause.REPEAT, Cause.HAND_ON]))
    causes = [each for each in (Cause.REDIAL, Cause.BOUNCE, after_served, Cause.CHASER) if draw(st.booleans())]
    if row.outcome == Outcome.CALLBACK:
        causes.append(Cause.CALLBACK)
    found = []
    for cause in causes:
        at = comes(row, cause, draw)
        channel = draw(st.integers(0, 1 if cause in (Cause.CALLBACK, Cause.RETRY) else 2))
        arrives = NEVER if at is None else min(at, NEVER)
        each = contact(draw, arrives, channel, cause, row)
        if arrives == NEVER:
            to_come = at is not None and cause != Cause.CHASER
            each.outcome, each.due = Outcome.TO_COME if to_come else Outcome.NOT_MADE, math.inf
        found.append(each)
    return found


def comes(row: Row, cause: Cause, draw: st.DrawFn) -> int | None:
    """When a follow-up comes; None if it has no reason to."""
    delay = draw(st.sampled_from([0, 0, 1, 2, 3, 5, 3000, HORIZON]))
    if cause == Cause.CHASER:
        late = max(row.due, row.entered) + delay if row.due < math.inf and row.entered is not None else math.inf
        needed = late < HORIZON and (row.ended is None or row.ended > late)
        return max(int(late), 0) if needed else None
    reasons = {Cause.REDIAL: LOST, Cause.BOUNCE: (Outcome.CONTAINED,), Cause.CALLBACK: (Outcome.CALLBACK,)}
    if row.outcome not in reasons.get(cause, (Outcome.SERVED,)):
        return None
    if cause in (Cause.REPEAT, Cause.HAND_ON) and draw(st.booleans()):
        return None  # the agents were good enough
    assert row.ended is not None
    return max(row.ended + delay, 0)


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
    calls = ["taken", "taken", "taken", "leaves", "stays"]
    fate = draw(st.sampled_from(calls if row.call else ["taken", "taken", "leaves", "stays", "goes", "hears", "hears"]))
    if fate == "leaves" and row.channel != 2:
        cut = draw(st.booleans()) or row.patience == math.inf
        leaves = door + (wait if cut else row.patience)
        if leaves <= HORIZON:
            row.ended, row.outcome = int(leaves), Outcome.CUT if cut else Outcome.ABANDONED
    elif fate == "hears" and row.channel != 2 and not row.call:
        row.ended, row.outcome = door, draw(st.sampled_from([Outcome.BALKED, Outcome.CALLBACK]))
    elif fate == "goes" and door + row.patience <= HORIZON and row.channel != 2:
        row.ended, row.outcome = int(door + row.patience), Outcome.GONE
        found_out = row.ended + draw(st.integers(0, 6))
        if found_out <= HORIZON and draw(st.booleans()):
            row.started, row.handled = found_out, draw(st.integers(0, min(4, HORIZON - found_out)))
    elif fate == "taken" and door + wait <= HORIZON:
        row.started = max(int(door + wait), 0)
        ends = row.started + draw(st.integers(0, 8))
        row.handled = draw(st.integers(0, min(ends, HORIZON) - row.started))
        if ends <= HORIZON:
            row.ended, row.outcome = ends, Outcome.SERVED


def tables(rows: Sequence[Row]) -> tuple[Contacts, ContactRecords]:
    number = {row: index for index, row in enumerate(rows)}
    later = [row for row in rows if row.after is not None]
    contacts = make_contacts(
        [row.arrival if row.after is None else math.inf for row in rows],
        **{
            name: [getattr(row, name) for row in rows]
            for name in (
                *("channel", "topic", "work", "patience", "meets_bot", "contained", "bot_time", "attempt"),
                "customer_class",
            )
        },
        due=[row.due if row.after is None else math.inf for row in rows],
        enquiry=[number[row.first] for row in rows],
        follow_ups=make_follow_ups(
            [number[row.after] for row in later if row.after is not None],
            cause=[row.cause for row in later],
            in_vain=[row.in_vain for row in later],
        ),
    )
    records = ContactRecords.blank(contacts)
    for index, row in enumerate(rows):
        records.outcome[index], records.handled[index], records.due[index] = row.outcome, row.handled, row.due
        records.arrived[index] = math.nan if row.arrival == NEVER else row.arrival
        for name in ("entered", "started", "ended"):
            getattr(records, name)[index] = math.nan if getattr(row, name) is None else getattr(row, name)
        records.group[index] = records.agent[index] = -1 if row.started is None else 0
    return contacts, records


def came(rows: Iterable[Row]) -> list[Row]:
    """Those that have arrived."""
    return [row for row in rows if row.arrival != NEVER]


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


def ends_of(row: Row) -> list[ContactTally]:
    """What has become of an enquiry, from one of its contacts on; where a message was chased, in both ways."""
    chased = [end for chaser in row.brought(Cause.CHASER) for end in ends_of(chaser)]
    then = row.brought(*set(Cause) - {Cause.CHASER})
    if then:
        return chased + ends_of(then[0])
    if row.outcome == Outcome.TO_COME:
        return [ContactTally.ENQUIRIES_TO_COME]
    if row.outcome == Outcome.OPEN:
        return [*chased, ContactTally.OPEN_ENQUIRIES]
    helped = row.outcome in (Outcome.SERVED, Outcome.CONTAINED) and not row.in_vain
    return [*chased, ContactTally.RESOLVED_ENQUIRIES if helped else ContactTally.LOST_ENQUIRIES]


# Who is helped in one way needs no other; and as long as something may still help, nobody is lost.
ENDS = (
    ContactTally.RESOLVED_ENQUIRIES,
    ContactTally.OPEN_ENQUIRIES,
    ContactTally.ENQUIRIES_TO_COME,
    ContactTally.LOST_ENQUIRIES,
)


def adds(row: Row) -> dict[ContactTally, float]:
    """What one contact adds to each tally."""
    found = dict.fromkeys(ContactTally, 0.0)
    served, contained = row.outcome == Outcome.SERVED and not row.in_vain, row.outcome == Outcome.CONTAINED
    found[ContactTally.ARRIVED] = 1
    if row.attempt == 0:
        found[ContactTally.ENQUIRIES] = 1
        end = min(ends_of(row), key=ENDS.index)
        found[end] = 1
        if end == ContactTally.LOST_ENQUIRIES:
            found[ContactTally.LOST_ORDERS] = YARDSTICK.costs.order_share.get((row.channel, row.topic), 0.0)
    found[ContactTally.MET_BOT] = row.at_bot
    found[ContactTally.CONTAINED] = contained
    found[ContactTally.BOUNCED] = contained and bool(row.brought(Cause.BOUNCE))
    found[ContactTally.CLOSED] = row.outcome == Outcome.CLOSED
    found[ContactTally.CUT] = row.outcome == Outcome.CUT
    found[ContactTally.ABANDONED] = row.outcome in (Outcome.ABANDONED, Outcome.GONE)
    found[ContactTally.GONE] = row.outcome == Outcome.GONE
    found[ContactTally.BALKED] = row.outcome == Outcome.BALKED
    found[ContactTally.REDIALS] = row.cause == Cause.REDIAL
    found[ContactTally.CHASERS] = row.cause == Cause.CHASER
    found[ContactTally.SERVED] = served
    found[ContactTally.CAME_BACK] = served and bool(row.brought(Cause.REPEAT, Cause.HAND_ON))
    found[ContactTally.OPEN] = row.outcome == Outcome.OPEN
    if row.outcome == Outcome.GONE:
        found[ContactTally.GONE_TIME] = row.handled
    if row.call:
        found[ContactTally.CALLBACKS_MADE] = row.started is not None
        found[ContactTally.CALLBACKS_CUT] = row.outcome == Outcome.CUT
        if row.started is not None and row.entered is not None:
            found[ContactTally.CALLBACK_WAIT] = row.started - row.entered
    elif row.outcome == Outcome.CALLBACK:
        found[ContactTally.CALLBACKS_BOOKED] = 1
    elif row.entered is not None:
        found[ContactTally.OFFERED] = 1
        if answered(row):
            wait = waited(row)
            assert wait is not None
            found[ContactTally.ANSWERED] = 1
            found[ContactTally.ANSWERED_WAIT] = wait
            found[ContactTally.ANSWERED_WITHIN] = LIVE[row.channel] and wait <= WITHIN[row.channel]
        found[ContactTally.WAIT] = waited(row) or 0
    if row.entered is not None and row.outcome not in (Outcome.BALKED, Outcome.CALLBACK):
        found[ContactTally.WORK] = row.work
    if row.outcome in (Outcome.ABANDONED, Outcome.GONE) and row.ended is not None and row.entered is not None:
        found[ContactTally.ABANDONED_WITHIN] = row.ended - row.entered <= WITHIN[row.channel]
        found[ContactTally.SHORT_ABANDONED] = row.ended - row.entered < SHORT[row.channel]
    if served:
        found[ContactTally.HANDLING_TIME] = row.handled
    if row.ended is not None and (served or contained):
        found[ContactTally.TIME_TO_FINISH] = row.ended - row.arrival
    if row.due <= HORIZON:
        found[ContactTally.FELL_DUE] = 1
        found[ContactTally.IN_TIME] = (served or contained) and row.ended is not None and row.ended <= row.due
        found[ContactTally.OVERDUE] = row.outcome == Outcome.OPEN
    return found


def answered(row: Row) -> bool:
    """Whether an agent took it and found the customer there."""
    return row.started is not None and row.outcome != Outcome.GONE


def waited(row: Row) -> int | None:
    """Seconds from joining the queue to an agent, to giving up or to being cut."""
    gave_up = row.outcome in (Outcome.ABANDONED, Outcome.GONE, Outcome.CUT)
    until = row.ended if gave_up else row.started
    return None if until is None or row.entered is None else until - row.entered


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


@settings(max_examples=300)
@given(rows=rows(), by=st.sampled_from(AXES))
def test_every_measure_along_any_axes_is_what_a_loop_over_the_contacts_gives(
    rows: list[Row], by: tuple[Axis, ...]
) -> None:
    summary = summarise(YARDSTICK, *tables(rows), NO_LEDGER)
    for measure in OF_CONTACTS:
        numerator, denominator = (np.zeros([LENGTH[axis] for axis in by]) for _ in range(2))
        for row in came(rows):
            place = position(row, by)
            if place is not None and measure.channels in (None, "live" if LIVE[row.channel] else "deferred"):
                added = adds(row)
                numerator[place] += weighted_sum(measure.numerator, added, row.channel)
                denominator[place] += weighted_sum(measure.denominator, added, row.channel)
        if measure.unit == "hours":
            numerator /= 3600
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
        if row.outcome in (Outcome.ABANDONED, Outcome.GONE) and row.ended is not None:
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
                for row in came(rows)
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
    assert items[0] == sum(row.arrival < 0 for row in came(rows))
    assert items[-1] == items[0] + arrived - ended == sums(MEASURES["open"], summary, ("channel",))[0][channel]


def of_day(rows: Iterable[Row], channel: int, day: int | None) -> list[Row]:
    """The contacts of a channel that arrive on a day; None: all of them."""
    of_channel = [row for row in came(rows) if row.channel == channel]
    return [row for row in of_channel if day is None or (row.interval is not None and DAY[row.interval] == day)]


@given(rows=rows())
def test_quantiles_are_the_shortest_times_that_enough_contacts_do_not_exceed(rows: list[Row]) -> None:
    waits = summarise(YARDSTICK, *tables(rows), NO_LEDGER).waits
    for channel in range(len(LIVE)):
        for day in (None, *range(max(DAY) + 1)):
            here = of_day(rows, channel, day)
            found = waits.quantile[channel] if day is None else waits.quantile_by_day[channel, day]
            customers = [row for row in here if not row.call]
            all_waits = [wait for row in customers if (wait := waited(row)) is not None]
            answered_waits = [wait for row in customers if answered(row) and (wait := waited(row)) is not None]
            finish = [
                row.ended - row.arrival
                for row in here
                if row.ended is not None and row.outcome in (Outcome.SERVED, Outcome.CONTAINED)
            ]
            for duration, times in (
                (Duration.ANSWERED_WAIT, answered_waits),
                (Duration.WAIT, all_waits),
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
            joined = []
            for row in of_day(rows, channel, day):
                if row.entered is not None and not row.call:
                    until = row.started if answered(row) else row.ended
                    joined.append(((HORIZON if until is None else until) - row.entered, answered(row)))
            expected = 1 - beyond(joined, WITHIN[channel])
            found = waits.virtual[channel] if day is None else waits.virtual_by_day[channel, day]
            assert found == pytest.approx(float(expected) if live and joined else math.nan, nan_ok=True)


PARTS: Mapping[str, tuple[Part, Callable[[Summary], NDArray[np.generic]]]] = {
    "by_day": (Part.TOPICS, lambda summary: summary.by_day),
    "backlog": (Part.BACKLOG, lambda summary: summary.backlog.oldest),
    "waits.quantile": (Part.QUANTILES, lambda summary: summary.waits.quantile),
    "waits.virtual": (Part.VIRTUAL, lambda summary: summary.waits.virtual),
    "waits.quantile_by_day": (Part.QUANTILES | Part.DAYS, lambda summary: summary.waits.quantile_by_day),
    "waits.virtual_by_day": (Part.VIRTUAL | Part.DAYS, lambda summary: summary.waits.virtual_by_day),
}


@given(rows=rows(), parts=st.sets(st.sampled_from(list(Part))))
def test_what_is_asked_for_is_the_same_whatever_else_is_and_what_is_not_refuses_to_be_read(
    rows: list[Row], parts: set[Part]
) -> None:
    wanted = reduce(or_, parts, ONLY_SUMS)
    whole, part = (summarise(YARDSTICK, *tables(rows), NO_LEDGER, wanted=each) for each in (EVERYTHING, wanted))
    for name in ("by_interval", "agents", "abandonments"):
        assert getattr(part, name).tobytes() == getattr(whole, name).tobytes()
    for name, (needs, read) in PARTS.items():
        if needs in wanted:
            assert read(part).tobytes() == read(whole).tobytes()
        else:
            with pytest.raises(LookupError, match=f"^{name} is not there: it was not asked for"):
                read(part)


@given(rows=rows())
def test_a_table_that_the_rules_could_give_has_no_fault(rows: list[Row]) -> None:
    contacts, records = tables(rows)
    ledger = Ledger.blank(1, len(DAY))
    ledger.slot_seconds[0, 0] = records.handled.sum()
    assert conservation_faults(contacts, records, ledger, HORIZON) == []
