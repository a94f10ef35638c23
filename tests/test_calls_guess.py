"""A call log is told from other files, and its columns are guessed by their names where their cells agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.history.files.words import unit_of
from simulator.history.logs.call_guess import CallGuess, guess_calls
from simulator.history.logs.read_calls import read_calls
from simulator.history.logs.table import look_at


def guess(text: str) -> CallGuess | None:
    return guess_calls(look_at(("log.csv", text.encode())), "Europe/Helsinki")


def test_a_log_of_moments() -> None:
    found = guess(
        "Received at,Queue name,Agent ID,Answered at,Transferred at,Ended at,Caller ID,Note\n"
        "2026-11-23 08:00:00,Sales,7,2026-11-23 08:00:10,,2026-11-23 08:04:10,040123,\n"
        "2026-11-23 08:01:00,Help,,,,2026-11-23 08:02:30,040124,angry\n"
    )
    assert found is not None
    assert found.mapping.columns == {
        "arrival": ("Received at",),
        "answered": ("Answered at",),
        "ended": ("Ended at",),
        "queue": ("Queue name",),
        "agent": ("Agent ID",),
        "customer": ("Caller ID",),
    }  # no transfer is told by these rows, so the column may hold anything
    assert found.seen["arrival"] == "received at"


def test_a_log_of_lengths_in_finnish() -> None:
    text = (
        "Alkuaika;Jono;Asiakaspalvelija;Odotusaika;Puheaika;Jälkityö;Tulos\n"
        "23.11.2026 8:00:00;Myynti;Anna;0:10;3:00;0:30;vastattu\n"
        "23.11.2026 8:01:00;Myynti;;1:30;;;luopui\n"
    )
    found = guess(text)
    assert found is not None
    assert found.mapping.columns["worked"] == ("Puheaika", "Jälkityö")
    assert (found.mapping.answered_words, found.mapping.unanswered_words) == (("vastattu",), ("luopui",))
    calls, quality = read_calls([("log.csv", text.encode())], found.mapping)
    assert quality.findings == ()
    assert calls.waited.tolist() == [10, 90]
    np.testing.assert_equal(calls.worked, [210, np.nan])


def test_clock_times_beside_a_date_with_words_for_nothing() -> None:
    served = "".join(
        f"26112{3 + k % 3},8:{k:02}:00,8:{k:02}:09,8:{k:02}:20,8:{k + 1:02}:20,0:00:00,DORIT,OK\n" for k in range(30)
    )
    lost = "".join(f"261123,9:{k:02}:00,9:{k:02}:09,0:00:00,0:00:00,9:{k:02}:40,NOBODY,LOST\n" for k in range(9))
    text = f"Date,IVR entry,IVR exit,Service start,Service end,Queue exit,Agent,Outcome\n{served}{lost}"
    found = guess(text)
    assert found is not None
    assert found.mapping.columns == {
        "date": ("Date",),
        "entered": ("IVR entry",),
        "arrival": ("IVR exit",),
        "answered": ("Service start",),
        "released": ("Service end",),
        "gave_up": ("Queue exit", "IVR exit"),
        "agent": ("Agent",),
        "outcome": ("Outcome",),
    }
    assert found.mapping.forms.date_format == "%y%m%d"
    assert found.mapping.forms.nothing == {
        "Service start": ("0:00:00",),
        "Service end": ("0:00:00",),
        "Queue exit": ("0:00:00",),
        "Agent": ("NOBODY",),
    }
    assert (found.mapping.answered_words, found.mapping.unanswered_words) == (("OK",), ("LOST",))
    calls, quality = read_calls([("log.csv", text.encode())], found.mapping)
    assert quality.kept == 39
    assert sorted(set(calls.waited)) == [11, 31]


def test_all_of_the_agents_time_is_not_added_to_its_parts() -> None:
    found = guess("Start,Agent,Wait time,Talk time,ACW,Handle time\n2026-11-23 08:00,Anna,10,180,30,210\n")
    assert found is not None
    assert found.mapping.columns["worked"] == ("Handle time",)
    assert "wrap_up" not in found.mapping.columns


@pytest.mark.parametrize(
    "text",
    [
        "Date,Time,Offered,Answered,AHT\n2026-11-23,08:00,12,11,250\n",
        "interval_start,queue,offered,wait_total,agent_time_mean\n2026-11-23 08:00,Sales,12,11,250\n",
        "Invoice,Invoice date,Customer ID,Value\n7,2026-11-23 08:00,77,12.50\n",
        "Ticket,Created,First reply,Solved\n7,2026-11-23 08:00,2026-11-23 09:00,2026-11-24 09:00\n",
    ],
    ids=["report", "report with waits", "orders", "tickets"],
)
def test_what_is_no_call_log_is_not_taken_for_one(text: str) -> None:
    assert guess(text) is None


@pytest.mark.parametrize(
    ("waited", "worked"),
    [
        ("Odotusaika (s)", "Käsittelyaika (min)"),
        ("Wait time", "Handle time [min]"),
        ("Wait time (sec)", "Talk time in minutes"),
        ("Odotusaika", "Puheaika, minuuttia"),
    ],
)
def test_the_unit_in_the_name_of_a_column_is_that_of_its_plain_numbers_alone(waited: str, worked: str) -> None:
    rows = "".join(f"16.2.2026 9:0{k}:00;Anna;5;{k},5\n" for k in range(1, 5))
    text = f"Start time;Agent;{waited};{worked}\n{rows}"
    found = guess(text)
    assert found is not None
    assert found.mapping.forms.unit == {worked: 60.0}
    calls, _ = read_calls([("log.csv", text.encode())], found.mapping)
    assert calls.waited.tolist() == [5.0] * 4
    assert calls.worked.tolist() == [90.0, 150.0, 210.0, 270.0]
    silent: tuple[dict[str, float] | None, ...] = (None, {})  # as a mapping by hand may be
    for unit in silent:
        forms = replace(found.mapping.forms, unit=unit)
        calls, _ = read_calls([("log.csv", text.encode())], replace(found.mapping, forms=forms))
        assert calls.worked.tolist() == [90.0, 150.0, 210.0, 270.0]
    calls, _ = read_calls(
        [("log.csv", text.encode())], replace(found.mapping, forms=replace(found.mapping.forms, unit=1.0))
    )
    assert calls.worked.tolist() == [1.5, 2.5, 3.5, 4.5]


def test_a_form_in_a_name_is_no_unit() -> None:
    found = guess("Start time,Agent,Wait time (h:mm:ss),Talk time (min)\n2026-02-16 9:00:00,Anna,5,3:05\n")
    assert found is not None
    assert found.mapping.forms.unit is None


def test_a_wait_of_nought_is_one() -> None:
    rows = "".join(f"16.2.2026 8:0{k}:09;0:00:00;0:03:0{k};0:00:30;angenommen\n" for k in range(9))
    text = f"Anrufbeginn;Wartezeit;Gesprächsdauer;Nachbearbeitung;Status\n{rows}"
    found = guess(text)
    assert found is not None
    calls, quality = read_calls([("log.csv", text.encode())], found.mapping)
    assert quality.kept == 9
    assert calls.waited.tolist() == [0.0] * 9
    assert calls.worked.tolist() == [210.0 + k for k in range(9)]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *(("Wait (min)", 60), ("Wait [min]", 60), ("Wait, min", 60), ("Wait in minutes", 60), ("Minutes waited", 60)),
        *(
            ("Min wait", 1),
            ("Min wait (s)", 1),
            ("After hours wait", 1),
            ("Second wait (min)", 60),
            ("Time in hours", 3600),
        ),
    ],
)
def test_a_word_that_may_be_something_else_is_a_unit_at_the_end_or_in_brackets(header: str, seconds: float) -> None:
    assert unit_of(header) == seconds
