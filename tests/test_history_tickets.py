"""Exports of tickets: each row becomes a message of a deferred channel, or is told of."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from simulator.history import ReportError
from simulator.history.logs import Tickets
from simulator.history.logs.mapping import CellForms
from simulator.history.logs.quality import LogQuality
from simulator.history.logs.read_tickets import read_tickets
from simulator.history.logs.ticket_mapping import TicketMapping

HEADER = "id,created,reply,solved,via,about,who\n"
MAPPING = TicketMapping(
    {
        "number": ("id",),
        "created": ("created",),
        "first_reply": ("reply",),
        "solved": ("solved",),
        "channel": ("via",),
        "topic": ("about",),
        "customer": ("who",),
    },
    CellForms("Europe/Helsinki"),
)


def tickets_of(*texts: str) -> tuple[Tickets, LogQuality]:
    return read_tickets([(f"{k}.csv", (HEADER + text).encode()) for k, text in enumerate(texts, start=1)], MAPPING)


def test_tickets_come_in_the_order_of_creation_with_what_is_known_of_them() -> None:
    tickets, quality = tickets_of(
        "2,2026-03-02 09:00,2026-03-02 11:30,2026-03-03 08:00,form,billing,7\n"
        "1,2026-03-01 23:00,2026-03-02 08:00,,email,,7\n"
        "3,2026-03-02 10:00,,,,delivery,\n"
    )
    assert tickets.channels == ("email", "form")
    assert [tickets.channels[k] for k in tickets.channel] == ["email", "form", "email"]
    assert tickets.topics == ("billing", "delivery")
    assert tickets.topic.tolist() == [-1, 0, 1]
    assert tickets.created[0] == datetime(2026, 3, 1, 21, tzinfo=UTC).timestamp()
    assert (tickets.first_reply - tickets.created)[:2].tolist() == [9 * 3600, 2.5 * 3600]
    assert np.isnan(tickets.first_reply[2])
    assert np.isnan(tickets.solved[[0, 2]]).all()
    assert tickets.customer[0] == tickets.customer[1] != -1
    assert tickets.customer[2] == -1
    assert tickets.day.tolist() == [datetime(2026, 3, day).toordinal() for day in (1, 2, 2)]
    assert tickets.line.tolist() == [3, 2, 4]
    assert (quality.read, quality.kept, quality.findings) == (3, 3, ())


def test_of_a_ticket_told_again_the_newest_state_counts_whichever_row_comes_first() -> None:
    new = "1,2026-03-02 09:00,2026-03-02 11:00,2026-03-04 10:00,email,,\n"
    old = "1,2026-03-02 09:00,2026-03-02 11:00,,email,,\n"
    first = "1,2026-03-02 09:00,,,email,,\n"
    for texts, lines in ((new + old + first, (3, 4)), (first + new + old, (2, 4)), (first + old + new, (2, 3))):
        tickets, quality = tickets_of(texts)
        assert (tickets.solved - tickets.created).tolist() == [49 * 3600]
        assert [(each.reason, each.lines) for each in quality.findings] == [("same_ticket", lines)]


def test_a_state_that_is_refused_does_not_replace_an_older_one() -> None:
    tickets, quality = tickets_of(
        "1,2026-03-02 09:00,2026-03-02 11:00,,email,,\n1,2026-03-02 09:00,2026-03-02 11:00,not yet,email,,\n"
    )
    assert tickets.line.tolist() == [2]
    assert [(each.reason, each.lines) for each in quality.findings] == [("no_moment", (3,))]


def test_of_equal_states_of_a_ticket_the_last_row_counts() -> None:
    tickets, quality = tickets_of("1,2026-03-02 09:00,,,email,,\n1,2026-03-02 09:00,,,form,,\n")
    assert tickets.channels == ("form",)
    assert [(each.reason, each.lines) for each in quality.findings] == [("same_ticket", (2,))]


def test_of_a_ticket_told_again_by_a_later_export_the_newer_counts() -> None:
    tickets, quality = tickets_of(
        "1,2026-03-02 09:00,,,email,,\n2,2026-03-02 09:30,,,email,,\n",
        "1,2026-03-02 09:00,2026-03-02 11:00,,email,,\n",
    )
    assert len(tickets) == 2
    assert tickets.first_reply[0] - tickets.created[0] == 7200
    assert [(each.reason, each.file, each.lines) for each in quality.findings] == [("same_ticket", "1.csv", (2,))]
    assert quality.read == quality.kept + 1


def test_impossible_orders_of_times_are_refused_or_told_of() -> None:
    tickets, quality = tickets_of(
        "1,2026-03-02 09:00,2026-03-02 08:00,,email,,\n"
        "2,2026-03-02 09:00,,2026-03-01 09:00,email,,\n"
        "3,2026-03-02 09:00,2026-03-02 12:00,2026-03-02 11:00,email,,\n"
    )
    assert len(tickets) == 1
    assert {each.reason: each.figures for each in quality.findings} == {
        "reply_before_creation": 2,
        "solved_before_reply": 1,
    }


def test_a_reply_after_the_clock_is_put_back_comes_after_the_message() -> None:
    tickets, _ = tickets_of("1,2026-10-25 03:50,2026-10-25 03:10,,email,,\n")
    assert tickets.first_reply[0] - tickets.created[0] == 20 * 60


def test_a_column_of_texts_is_no_column_of_topics() -> None:
    text = "".join(f"{k},2026-03-02 09:00,,,email,my problem number {k},\n" for k in range(600))
    with pytest.raises(ReportError, match=r"about\n.*600 different ones"):
        tickets_of(text)


def test_a_mapping_without_the_creation_or_a_file_without_usable_rows_is_refused() -> None:
    with pytest.raises(ReportError, match="moment of creation"):
        read_tickets([("t.csv", b"id,reply\n1,2026-03-02 09:00\n")], TicketMapping({"first_reply": ("reply",)}))
    with pytest.raises(ReportError, match="No row below the header can be used"):
        tickets_of("1,,,,email,,\n")


def test_a_length_until_the_reply_tells_when_it_was_made() -> None:
    columns = TicketMapping({**MAPPING.columns, "replied_after": ("after",)}, CellForms("Europe/Helsinki", unit=60.0))
    text = f"{HEADER.strip()},after\n" + (
        "1,2026-03-02 09:00,,,email,,,90\n2,2026-03-02 10:00,2026-03-02 10:05,,email,,,90\n"
        "3,2026-03-02 11:00,,,email,,,\n4,2026-03-02 12:00,,,email,,,soon\n5,2026-03-02 12:00,,,email,,,-1\n"
    )
    tickets, quality = read_tickets([("t.csv", text.encode())], columns)
    np.testing.assert_equal(tickets.first_reply - tickets.created, [5400, 300, np.nan])
    assert {each.reason: each.lines for each in quality.findings} == {"no_length": (5,), "negative_length": (6,)}
