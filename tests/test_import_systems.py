"""Exports as well-known systems make them are read without a mapping: made files with the names of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.history import ReportError
from simulator.history.importing.first_guess import first_guess
from simulator.history.importing.mapping_file import kind_of
from simulator.history.importing.read_history import read_history

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.history.importing.first_guess import FirstGuess
    from simulator.history.importing.imported import Imported

REPORTS = {
    "Genesys Cloud": (
        "Interval Start,Interval End,Media Type,Queue Name,Offer,Answer,Answer %,Abandon,Abandon %,ASA,Service Level %,"
        "Handle,Avg Handle,Avg Talk,Avg ACW,Avg Wait\n"
        "3/2/26 8:00 AM,3/2/26 8:29 AM,voice,Help,20,18,0.9,2,0.1,12.5,81,18,240.5,200,40.5,14\n"
        "3/2/26 8:30 AM,3/2/26 8:59 AM,voice,Help,10,10,1,0,0,7.5,90,10,300.5,260,40.5,7.5\n"
        "3/13/26 8:00 AM,3/13/26 8:29 AM,voice,Help,30,30,1,0,0,7.5,90,30,300.5,260,40.5,7.5\n",
        {"offered": "Offer", "answered": "Answer", "abandoned": "Abandon", "handling_time": "Avg Handle", "asa": "ASA"},
        (60, 2, 240.5),
    ),
    "Five9": (
        "DATE,HALF HOUR,SKILL,CALLS,CALLS ABANDONED,ABANDON RATE,AVERAGE SPEED OF ANSWER,AVERAGE HANDLE TIME\n"
        "2026/03/02,08:00,Sales,20,2,10.00%,00:00:12,00:04:00\n2026/03/02,08:30,Sales,10,0,0.00%,00:00:07,00:05:00\n",
        {"offered": "CALLS", "abandoned": "CALLS ABANDONED", "asa": "AVERAGE SPEED OF ANSWER"},
        (30, 2, 240),
    ),
    "Amazon Connect": (
        "Queue,StartInterval,EndInterval,Contacts queued,Contacts handled,Contacts abandoned,"
        "Average queue answer time,Average handle time,Service level 20 seconds,Maximum queued time\n"
        "Basic,2026-03-02T06:00:00.000Z,2026-03-02T06:30:00.000Z,20,18,2,12,240,81.0,99\n"
        "Basic,2026-03-02T06:30:00.000Z,2026-03-02T07:00:00.000Z,10,10,0,7,300,90.0,55\n",
        {"offered": "Contacts queued", "asa": "Average queue answer time", "service_level": "Service level 20 seconds"},
        (30, 2, 240),
    ),
    "Avaya CMS": (
        "Date,Time,Split/Skill,Avg Speed Ans,Avg Aban Time,ACD Calls,Avg ACD Time,Avg ACW Time,Aban Calls,Max Delay,"
        "% Ans Calls,Calls Offered\n"
        "3/2/2026,8:00 AM,Help,12,30,18,240,40,2,99,90,20\n3/2/2026,8:30 AM,Help,7,30,10,300,40,0,50,100,10\n"
        "3/13/2026,8:00 AM,Help,7,30,10,300,40,0,50,100,10\n",
        {"offered": "Calls Offered", "answered": "ACD Calls", "abandoned": "Aban Calls", "talk_time": "Avg ACD Time"},
        (40, 2, 240),
    ),
    "3CX queues": (
        "Queue,Date,Time interval,Calls total,Calls answered,Calls abandoned,Avg ring time,Avg talk time\n"
        "800 Help,13/03/2026,08:00 - 08:30,20,18,2,00:00:12,00:04:00\n"
        "800 Help,13/03/2026,08:30 - 09:00,10,10,0,00:00:07,00:05:00\n",
        {"offered": "Calls total", "answered": "Calls answered", "talk_time": "Avg talk time"},
        (30, 2, 240),
    ),
    "English, shares beside counts": (
        "Date,Interval,Queue,Calls Offered,Abandoned %,Abandonment rate,Abandoned,SL%,AHT (s),Avg Speed of Answer\n"
        "2026-03-02,08:00,Help,20,10.0%,0.1,2,81%,240,12\n2026-03-02,08:30,Help,10,0.0%,0,0,90%,300,7\n",
        {"offered": "Calls Offered", "abandoned": "Abandoned", "service_level": "SL%", "handling_time": "AHT (s)"},
        (30, 2, 240),
    ),
    "Finnish": (
        "Päivämäärä;Kellonaika;Jono;Saapuneet;Vastatut;Luopuneet;Vastausprosentti;Luopuneet osuus;Palvelutaso;"
        "Keskim. odotusaika;Keskim. käsittelyaika\n"
        "2.3.2026;8.00;Neuvonta;20;18;2;90,0 %;0,1;82,5 %;0:00:14;0:04:00\n"
        "2.3.2026;8.30;Neuvonta;10;10;0;100,0 %;0;90,5 %;0:00:07;0:05:00\n",
        {"offered": "Saapuneet", "answered": "Vastatut", "abandoned": "Luopuneet", "service_level": "Palvelutaso"},
        (30, 2, 240),
    ),
    "Finnish calls": (
        "Pvm;Klo;Palvelunumero;Tulleet puhelut;Vastatut puhelut;Menetetyt puhelut;Keskimääräinen jonotusaika;"
        "Keskimääräinen puheaika\n"
        "2.3.2026;08:00;09 123;20;18;2;0:00:14;0:04:00\n2.3.2026;08:30;09 123;10;10;0;0:00:07;0:05:00\n",
        {"channel": "Palvelunumero", "abandoned": "Menetetyt puhelut", "talk_time": "Keskimääräinen puheaika"},
        (30, 2, 240),
    ),
    "Swedish": (
        "Datum;Tid;Kö;Inkomna samtal;Besvarade samtal;Tappade samtal;Medelsamtalstid;Medelväntetid;Servicenivå\n"
        "2026-03-02;08:00;Växel;20;18;2;00:04:00;00:00:14;82,5 %\n"
        "2026-03-02;08:30;Växel;10;10;0;00:05:00;00:00:07;90,5 %\n",
        {"channel": "Kö", "offered": "Inkomna samtal", "abandoned": "Tappade samtal", "talk_time": "Medelsamtalstid"},
        (30, 2, 240),
    ),
    "German": (
        "Datum;Intervall;Warteschlange;Angebotene Anrufe;Angenommene Anrufe;Verlorene Anrufe;"
        "Durchschn. Bearbeitungszeit;Durchschn. Wartezeit;Servicelevel\n"
        "02.03.2026;08:00;Hotline;20;18;2;00:04:00;00:00:14;82,5 %\n"
        "02.03.2026;08:30;Hotline;10;10;0;00:05:00;00:00:07;90,5 %\n",
        {"channel": "Warteschlange", "answered": "Angenommene Anrufe", "handling_time": "Durchschn. Bearbeitungszeit"},
        (30, 2, 240),
    ),
}  # fmt: skip
"""System -> a report, some of its roles, and the sum of contacts, of those lost, and the first handling time in it."""

CALLS = {
    "Genesys Cloud": (
        "Conversation ID,Date,End Date,Duration,Direction,ANI,Queue,Users,Abandoned,Total Queue,Total Handle,"
        "Total Talk\n"
        "a,3/13/26 8:00:03 AM,3/13/26 8:03:13 AM,00:03:10,Inbound,+358401,Help,Ann,NO,00:00:10,00:03:00,00:02:30\n"
        "b,3/13/26 8:01:07 AM,3/13/26 8:02:07 AM,00:01:00,Inbound,+358402,Help,,YES,00:01:00,00:00:00,00:00:00\n"
        "c,3/13/26 8:02:09 AM,3/13/26 8:05:29 AM,00:03:20,Inbound,+358403,Help,Bob,NO,00:00:20,00:03:00,00:02:40\n"
    ),
    "Five9": (
        "CALL ID,TIMESTAMP,CALL TYPE,AGENT NAME,DISPOSITION,ANI,CALL TIME,QUEUE WAIT TIME,RING TIME,TALK TIME,"
        "AFTER CALL WORK TIME\n"
        '1,"Fri, 13 Mar 2026 08:00:03",Inbound,Ann,Sale,401,00:03:10,00:00:10,00:00:02,00:02:30,00:00:30\n'
        '2,"Fri, 13 Mar 2026 08:01:07",Inbound,,Abandon,402,00:01:00,00:01:00,00:00:00,00:00:00,00:00:00\n'
        '3,"Fri, 13 Mar 2026 08:02:09",Inbound,Bob,Sale,403,00:03:20,00:00:20,00:00:02,00:02:40,00:00:20\n'
    ),
    "Amazon Connect": (
        "Contact ID,Channel,Initiation Timestamp,System Phone Number,Queue,Agent,Customer Phone Number,"
        "Disconnect Timestamp,Enqueue Timestamp,Connected To Agent Timestamp,After Contact Work End Timestamp\n"
        "a,Voice,2026-03-13T06:00:00Z,+1,Help,Ann,+401,2026-03-13T06:02:43Z,2026-03-13T06:00:03Z,2026-03-13T06:00:13Z,"
        "2026-03-13T06:03:13Z\n"
        "b,Voice,2026-03-13T06:01:00Z,+1,Help,,+402,2026-03-13T06:02:07Z,2026-03-13T06:01:07Z,,\n"
        "c,Voice,2026-03-13T06:02:00Z,+1,Help,Bob,+403,2026-03-13T06:05:09Z,2026-03-13T06:02:09Z,2026-03-13T06:02:29Z,"
        "2026-03-13T06:05:29Z\n"
    ),
    "Twilio Flex": (
        "Conversation ID,Date,Time,Agent,Queue,Channel,Kind,Abandoned,Queue Time,Ring Time,Talk Time,Wrap Up Time,"
        "Customer\n"
        "a,2026-03-13,08:00:03,Ann,Help,Voice,Conversation,No,10,2,150,30,+401\n"
        "b,2026-03-13,08:01:07,,Help,Voice,Conversation,Yes,60,0,0,0,+402\n"
        "c,2026-03-13,08:02:09,Bob,Help,Voice,Conversation,No,20,2,160,20,+403\n"
    ),
    "3CX": (
        "Call Time,Caller ID,Destination,Status,Ringing,Talking,Cost\n"
        "13/03/2026 08:00:03,401,Help,Answered,00:00:10,00:03:00,\n"
        "13/03/2026 08:01:07,402,Help,Unanswered,00:01:00,00:00:00,\n"
        "13/03/2026 08:02:09,403,Help,Answered,00:00:20,00:03:00,\n"
    ),
    "Aircall": (
        "line,timezone,datetime (tz offset incl.),missed_call_reason,direction,from,to,answered,user,waiting time,"
        "duration (total),duration (in call)\n"
        "Help,Europe/Helsinki,2026-03-13 08:00:03,,inbound,401,900,Yes,Ann,10,190,180\n"
        "Help,Europe/Helsinki,2026-03-13 08:01:07,abandoned,inbound,402,900,No,,60,60,0\n"
        "Help,Europe/Helsinki,2026-03-13 08:02:09,,inbound,403,900,Yes,Bob,20,200,180\n"
    ),
}
"""Three calls each: two were answered after 10 and 20 seconds and took 180, one gave up after 60."""

TICKETS = {
    "Zendesk": (
        "Id,Requester,Requester id,Subject,Status,Channel,Created at,Updated at,Solved at,First reply time in minutes\n"
        "1,Ann,7,Help,Solved,Email,2026-03-13 08:00:03,2026-03-14 08:00:00,2026-03-14 08:00:03,90\n"
        "2,Bob,8,Help,Open,Web,2026-03-13 08:01:07,2026-03-13 08:01:07,,\n"
    ),
    "Zendesk Explore": (
        "Ticket ID,Ticket created - Timestamp,Ticket channel,Ticket group,Requester ID,Ticket first reply time (min),"
        "Ticket solved - Timestamp,Ticket status\n"
        "1,2026-03-13T08:00:03,Email,Support,7,90,2026-03-14T08:00:03,Solved\n"
        "2,2026-03-13T08:01:07,Web,Support,8,,,Open\n"
    ),
    "Freshdesk": (
        "Ticket ID,Subject,Status,Source,Agent,Created time,Resolved time,Closed time,Initial response time,"
        "First response time (in hrs),Customer interactions\n"
        "1,Help,Closed,Email,Ann,2026-03-13 08:00:03,2026-03-14 08:00:03,2026-03-14 08:00:03,2026-03-13 09:30:03,"
        "01:30:00,2\n"
        "2,Help,Open,Email,,2026-03-13 08:01:07,,,,,1\n"
    ),
    "Intercom": (
        "Conversation ID,Conversation started at (Europe/Helsinki),Channel,Teammate assigned,First teammate reply at,"
        "Time to first reply (seconds),Conversation last closed at\n"
        "1,2026-03-13 08:00:03,Email,Ann,2026-03-13 09:30:03,5400,2026-03-14 08:00:03\n"
        "2,2026-03-13 08:01:07,Web,,,,\n"
    ),
}
"""Two tickets each: one replied to after an hour and a half and solved a day after it came, and one that is open."""


def imported(folder: Path, text: str) -> tuple[FirstGuess, Imported]:
    file = folder / "export.csv"
    file.write_text(text, "utf-8")
    guess = first_guess(file, "Europe/Helsinki")
    assert guess.missing == ()
    return guess, read_history([file], guess.mapping)


@pytest.mark.parametrize("system", REPORTS)
def test_reports_of_intervals(system: str, tmp_path: Path) -> None:
    text, columns, (offered, lost, handling) = REPORTS[system]
    guess, history = imported(tmp_path, text)
    assert columns.items() <= guess.mapping.columns.items()
    volumes = history.volumes
    assert volumes is not None
    assert volumes.step == 1800
    assert len(volumes.channels) == 1
    assert volumes.offered.sum() == offered
    assert np.nansum(volumes.measured["abandoned"]) == lost
    assert volumes.measured.get("handling_time", volumes.measured.get("talk_time", np.zeros(1)))[0] == handling


@pytest.mark.parametrize("system", CALLS)
def test_logs_of_calls(system: str, tmp_path: Path) -> None:
    guess, history = imported(tmp_path, CALLS[system])
    assert kind_of(guess.mapping) == "calls"
    calls = history.calls
    assert calls is not None
    assert calls.served.tolist() == [True, False, True]
    assert calls.waited.tolist() == [10, 60, 20]
    assert calls.worked[calls.served].tolist() == [180, 180]
    assert np.diff(calls.arrival).tolist() == [64, 62]


@pytest.mark.parametrize("system", TICKETS)
def test_exports_of_tickets(system: str, tmp_path: Path) -> None:
    guess, history = imported(tmp_path, TICKETS[system])
    assert kind_of(guess.mapping) == "tickets"
    tickets = history.tickets
    assert tickets is not None
    np.testing.assert_equal(tickets.first_reply - tickets.created, [5400, np.nan])
    np.testing.assert_equal(tickets.solved - tickets.created, [86_400, np.nan])
    assert (tickets.customer == -1).all() == ("Requester" not in TICKETS[system])


def test_times_that_are_none_of_intervals_are_asked_about(tmp_path: Path) -> None:
    rows = "".join(f"2026-03-13 08:{k:02}:{7 * k % 60:02},{k},{k % 3}\n" for k in range(1, 9))
    with pytest.raises(ReportError, match=r'Times such as "2026-03-13 08:01:07" are none of intervals.*--kind'):
        imported(tmp_path, f"moved,length,colour\n{rows}")


def test_a_moment_or_a_share_is_no_count_whatever_its_name_says(tmp_path: Path) -> None:
    text = "Date,First answer,Abandoned,Calls offered\n2026-03-02,08:03:07,10.0%,20\n2026-03-03,08:01:11,0.0%,10\n"
    guess, history = imported(tmp_path, text)
    assert set(guess.mapping.columns) == {"date", "offered"}
    assert history.quality["intervals"]["findings"] == []
