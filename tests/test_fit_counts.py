"""Contacts counted by day and time of day: from logs and reports to what the fits of demand take."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from simulator.history import guess_mapping, read_report, volumes_of
from simulator.history.estimators.counts import (
    counts_of_calls,
    counts_of_orders,
    counts_of_tickets,
    counts_of_volumes,
)
from simulator.history.logs import Calls, Orders, Tickets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.estimators.counts import Counts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ZONE = "Europe/Helsinki"
MONDAY = date(2026, 3, 2)


class Columns(NamedTuple):
    """What every log has. Columns have shape [row]."""

    day: Ints
    clock: Ints
    seconds: Floats
    zero: Ints

    @classmethod
    def of(cls, moments: Sequence[str]) -> Columns:
        """Of local moments."""
        times = [datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(ZONE)) for moment in moments]
        return cls(
            day=np.array([time.toordinal() for time in times], dtype=np.int64),
            clock=np.array([time.hour * 3600 + time.minute * 60 + time.second for time in times], dtype=np.int64),
            seconds=np.array([time.timestamp() for time in times]),
            zero=np.zeros(len(times), dtype=np.int64),
        )


def calls(*rows: tuple[str, int], queues: tuple[str, ...] = ("billing", "other")) -> Calls:
    """Calls at local moments in queues."""
    told = Columns.of([moment for moment, _ in rows])
    return Calls(
        sources=("log",),
        timezone=ZONE,
        queues=queues,
        agents=("a",),
        arrival=told.seconds,
        answered=told.seconds,
        released=told.seconds + 60.0,
        ended=told.seconds + 60.0,
        queue=np.array([queue for _, queue in rows]),
        agent=told.zero,
        customer=told.zero - 1,
        day=told.day,
        clock=told.clock,
        file=told.zero,
        line=told.zero,
    )


def by_hand() -> Counts:
    return counts_of_calls(
        calls(("2026-03-02 09:00", 0), ("2026-03-02 09:14:59", 1), ("2026-03-02 09:45", 0), ("2026-03-04 09:15", 0))
    )


def test_calls_are_counted_by_queue_day_and_quarter() -> None:
    counts = by_hand()
    assert counts.names == ("billing", "other")
    assert counts.dates == (MONDAY, date(2026, 3, 4))
    assert counts.clock.tolist() == [9 * 3600, 9 * 3600 + 900, 9 * 3600 + 1800, 9 * 3600 + 2700]
    assert counts.count.tolist() == [[[1, 0, 0, 1], [0, 1, 0, 0]], [[1, 0, 0, 0], [0, 0, 0, 0]]]
    assert counts.total.tolist() == [[2, 1], [1, 0]]
    assert counts.weekday.tolist() == [0, 2]


def test_series_are_added_up_and_those_not_named_left_out() -> None:
    assert by_hand().merged({"billing": "phone", "other": "phone"}).count.tolist() == [[[2, 0, 0, 1], [0, 1, 0, 0]]]
    alone = by_hand().merged({"other": "rest"})
    assert (alone.names, alone.count.sum()) == (("rest",), 1)


def test_longer_slots_hold_what_the_shorter_ones_did() -> None:
    halves = by_hand().coarser(1800)
    assert halves.clock.tolist() == [9 * 3600, 9 * 3600 + 1800]
    assert halves.count.tolist() == [[[1, 1], [1, 0]], [[1, 0], [0, 0]]]


def test_days_can_be_chosen() -> None:
    assert by_hand().between(date(2026, 3, 3), date(2026, 3, 9)).total.tolist() == [[1], [0]]


@pytest.mark.parametrize("hours", [2, 3, 6, 24])
def test_a_long_slot_of_which_an_hour_is_shown_twice_has_all_of_its_calls(hours: int) -> None:
    """It is the mean of nothing: only one of its hours is there twice."""
    rows = [(f"2026-10-25 {hour:02}:30", 0) for hour in (1, 3, 3, 4, 5, 7)]
    counts = counts_of_calls(calls(*rows), 3600 * hours)
    assert counts.total.sum() == len(rows)


def test_an_hour_that_the_clock_shows_twice_counts_with_its_mean() -> None:
    """On 25 October 2026 the clock of Helsinki shows 3:00 to 4:00 twice."""
    counts = counts_of_calls(
        calls(("2026-10-25 02:30", 0), ("2026-10-25 03:10", 0), ("2026-10-25 03:50", 0), ("2026-10-25 04:10", 0)), 3600
    )
    assert counts.count[0].tolist() == [[1, 1, 1]]


def test_cancelled_orders_are_none() -> None:
    told = Columns.of(["2026-03-02 10:00", "2026-03-02 11:00", "2026-03-03 10:00"])
    orders = Orders(
        sources=("shop",),
        timezone=ZONE,
        placed=told.seconds,
        units=np.ones(3),
        value=np.ones(3),
        cancelled=np.array([False, True, False]),
        customer=told.zero - 1,
        day=told.day,
        clock=told.clock,
        file=told.zero,
        line=told.zero,
    )
    counts = counts_of_orders(orders)
    assert (counts.names, counts.step, counts.clock.tolist()) == (("orders",), 86_400, [0])
    assert counts.count.tolist() == [[[1], [1]]]


def test_messages_are_counted_when_they_were_created() -> None:
    told = Columns.of(["2026-03-02 10:00", "2026-03-02 10:20"])
    tickets = Tickets(
        sources=("desk",),
        timezone=ZONE,
        channels=("email", "form"),
        topics=(),
        created=told.seconds,
        first_reply=told.seconds + 1e5,
        solved=told.seconds + 1e6,
        channel=np.array([1, 0]),
        topic=told.zero - 1,
        customer=told.zero - 1,
        day=told.day,
        clock=told.clock,
        file=told.zero,
        line=told.zero,
    )
    assert counts_of_tickets(tickets).count.tolist() == [[[0, 1]], [[1, 0]]]


def test_an_interval_report_counts_what_it_offers() -> None:
    text = "time;calls\n2026-03-02 09:00;3\n2026-03-02 09:30;0\n2026-03-02 10:00;5\n2026-03-03 09:00;2\n"
    report = read_report("report.csv", text.encode())
    counts = counts_of_volumes(volumes_of(report, guess_mapping(report), ZONE))
    assert counts.step == 1800
    assert counts.count.tolist() == [[[3, 0, 5], [2, 0, 0]]]


def test_a_log_without_a_contact_is_refused() -> None:
    with pytest.raises(ValueError, match="not one contact"):
        counts_of_calls(calls())


@pytest.mark.parametrize("step", [0, -900, 700])
def test_slots_divide_the_day(step: int) -> None:
    with pytest.raises(ValueError, match="do not divide the day"):
        counts_of_calls(calls(("2026-03-02 09:00", 0)), step)
