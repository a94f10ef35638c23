"""Every row of a call log becomes a contact, or is left out or refused for a reason that is told with its lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.history import Finding, ReportError, finding_words, lines_words
from simulator.history.logs.calls import Calls
from simulator.history.logs.mapping import CallMapping, CallRole, CellForms
from simulator.history.logs.quality import MOST_LINES, LogQuality
from simulator.history.logs.read_calls import read_calls
from simulator.history.quality import KINDS
from simulator.language import speaking

COLUMNS: tuple[CallRole, ...] = (
    "arrival",
    "queue",
    "agent",
    "answered",
    "consulted",
    "handed_over",
    "ended",
    "customer",
)
HELSINKI = CellForms(timezone="Europe/Helsinki")
MOMENTS = CallMapping({role: (role,) for role in COLUMNS}, HELSINKI)
DAY = "2026-11-23"


def row(
    arrival: str, answered: str = "", ended: str = "", agent: str = "", queue: str = "Sales", **more: str
) -> dict[str, str]:
    """A row of a log: clock times of the day, or whole moments."""
    told = {"arrival": arrival, "answered": answered, "ended": ended, **more}
    moments = {role: f"{DAY} {text}" if len(text) in (5, 8) and ":" in text else text for role, text in told.items()}
    return {"queue": queue, "agent": agent, **moments}


def log(*rows: dict[str, str]) -> bytes:
    lines = [",".join(COLUMNS), *(",".join(each.get(role, "") for role in COLUMNS) for each in rows)]
    return ("\n".join(lines) + "\n").encode()


def read(*rows: dict[str, str], mapping: CallMapping = MOMENTS) -> tuple[Calls, LogQuality]:
    calls, quality = read_calls([("log.csv", log(*rows))], mapping)
    assert len(calls) == quality.kept
    assert quality.read == quality.kept + quality.rows_of("refused") + quality.rows_of("left_out")
    return calls, quality


def found(quality: LogQuality) -> dict[str, tuple[int, ...]]:
    """Reason -> lines."""
    return {finding.reason: finding.lines for finding in quality.findings}


GOOD = row("08:00:00", "08:00:10", "08:04:10", "Anna")
LOST = row("08:01:00", "", "08:02:30")


def test_a_contact_is_what_its_row_says() -> None:
    calls, quality = read(GOOD, LOST)
    assert quality.findings == ()
    assert (calls.queues, calls.agents) == (("Sales",), ("Anna",))
    assert calls.served.tolist() == [True, False]
    assert calls.waited.tolist() == [10, 90]
    np.testing.assert_equal(calls.worked, [240, np.nan])
    assert calls.agent.tolist() == [0, -1]
    assert calls.customer.tolist() == [-1, -1]
    assert calls.clock.tolist() == [8 * 3600, 8 * 3600 + 60]
    assert calls.line.tolist() == [2, 3]


def test_an_agent_is_free_when_it_hands_over() -> None:
    calls, _ = read(row("08:00:00", "08:00:10", "08:10:00", "Anna", handed_over="08:02:00"))
    assert calls.worked[0] == 110
    assert calls.ended[0] - calls.answered[0] == 590


def test_contacts_stand_in_the_order_of_arrival_and_queues_in_that_of_their_names() -> None:
    calls, _ = read(*(row(f"08:0{k}:00", "", f"08:0{k}:30", queue=name) for k, name in ((3, "10"), (1, "b"), (2, "9"))))
    assert calls.queues == ("9", "10", "b")
    assert calls.queue.tolist() == [2, 0, 1]
    assert calls.line.tolist() == [3, 4, 2]


REFUSED = {
    "no_arrival": row("", "08:00:10", "08:04:10", "Anna"),
    "no_moment": row("08:00:00", "soon", "08:04:10", "Anna"),
    "no_such_time": row("2026-03-29 03:30:00", "", "2026-03-29 04:30:00"),
    "no_end": row("08:00:00", "08:00:10", "", "Anna"),
    "answer_before_arrival": row("08:00:00", "07:59:00", "08:04:10", "Anna"),
    "end_before_arrival": row("08:00:00", "", "07:00:00"),
    "end_before_answer": row("08:00:00", "08:01:00", "08:00:30", "Anna"),
    "total": {"arrival": "Total", "queue": "17"},
    "empty_row": {},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_row_that_cannot_be_is_not_used(reason: str) -> None:
    calls, quality = read(GOOD, REFUSED[reason] or dict.fromkeys(COLUMNS, ""), LOST)
    assert found(quality) == {reason: (3,)}
    assert calls.line.tolist() == [2, 4]


def test_a_row_of_another_width_is_refused() -> None:
    content = log(GOOD, LOST) + b"2026-11-23 08:05:00,Sales\n"
    _, quality = read_calls([("log.csv", content)], MOMENTS)
    assert found(quality) == {"other_width": (4,)}
    assert (quality.read, quality.kept) == (3, 2)


NOTED = {
    "no_agent": row("08:10:00", "08:10:10", "08:12:00"),
    "rang_only": row("08:10:00", "", "08:12:00", "Bo"),
    "overlap": row("08:00:30", "08:01:00", "08:09:00", "Anna"),
    "end_from_release": row("08:10:00", "08:10:10", "", "Bo", handed_over="08:11:00"),
    "very_long": row("08:10:00", "", "21:12:00"),
    "answer_at_once": row("08:10:00", "08:09:58", "08:12:00", "Bo"),
    "end_at_once": row("08:10:00", "", "08:09:58"),
    "shown_twice": row("2026-10-25 03:30:00", "", "2026-10-25 03:31:00"),
}


@pytest.mark.parametrize("reason", NOTED)
def test_a_row_that_is_strange_is_kept_and_told(reason: str) -> None:
    calls, quality = read(GOOD, NOTED[reason])
    assert found(quality) == {reason: (3,)}
    assert len(calls) == 2


def test_clocks_that_differ_a_little_leave_the_agents_time_as_it_is() -> None:
    calls, _ = read(NOTED["answer_at_once"])
    assert calls.waited[0] == 0
    assert calls.worked[0] == 122


def test_the_slack_of_clocks_is_what_the_mapping_says() -> None:
    _, quality = read(GOOD, NOTED["answer_at_once"], mapping=replace(MOMENTS, slack=1.0))
    assert found(quality) == {"answer_before_arrival": (3,)}


def test_the_same_contact_counts_once_and_two_unknown_callers_twice() -> None:
    known = row("08:20:00", "", "08:20:05", customer="77")
    calls, quality = read(GOOD, LOST, known, GOOD, LOST, known)
    assert found(quality) == {"same_contact": (5, 7), "alike": (6,)}
    assert len(calls) == 4


def test_overlapping_files_tell_of_the_same_contacts() -> None:
    twice = [GOOD, LOST, LOST, row("08:30:00", "", "08:30:09")]
    calls, quality = read_calls([("a.csv", log(*twice)), ("b.csv", log(*twice[1:], LOST))], MOMENTS)
    assert [(each.reason, each.file, each.lines) for each in quality.findings] == [
        ("same_contact", "b.csv", (2, 3, 4)),
        ("alike", "a.csv", (4,)),
        ("alike", "b.csv", (5,)),
    ]
    assert len(calls) == 5


def test_an_internal_leg_is_kept_or_left_out_as_the_mapping_says() -> None:
    call = row("08:00:00", "08:00:10", "08:10:00", "Anna", consulted="08:03:00", handed_over="08:04:00")
    leg = row("08:03:02", "08:03:05", "08:10:00", "Bo", "Experts")
    other = row("08:03:02", "08:03:05", "08:09:00", "Cecil", "Experts")
    calls, quality = read(call, leg, other)
    assert found(quality) == {"leg_kept": (3,)}
    assert len(calls) == 3
    calls, quality = read(call, leg, other, mapping=replace(MOMENTS, legs="leave out"))
    assert found(quality) == {"leg_left_out": (3,)}
    assert calls.line.tolist() == [2, 4]


def test_missing_days_are_those_between_without_a_contact() -> None:
    _, quality = read(LOST, row(f"{DAY[:-2]}26 08:00:00", "", f"{DAY[:-2]}26 08:01:00"))
    assert [str(day) for day in quality.missing_days] == ["2026-11-24", "2026-11-25"]
    assert (str(quality.first_day), str(quality.last_day)) == ("2026-11-23", "2026-11-26")


def test_several_files_are_one_log_and_findings_name_theirs() -> None:
    files = [("a.csv", log(GOOD, REFUSED["no_moment"])), ("b.csv", log(LOST, GOOD, REFUSED["no_moment"]))]
    calls, quality = read_calls(files, MOMENTS)
    told = {(each.reason, each.file, each.lines) for each in quality.findings}
    assert told == {("no_moment", "a.csv", (3,)), ("no_moment", "b.csv", (4,)), ("same_contact", "b.csv", (3,))}
    assert (calls.sources, calls.file.tolist()) == (("a.csv", "b.csv"), [0, 1])


def test_counts_are_exact_though_only_the_first_lines_are_kept() -> None:
    _, quality = read(GOOD, *[REFUSED["no_moment"]] * 500)
    (finding,) = quality.findings
    assert (finding.figures, len(finding.lines), finding.more) == (500, MOST_LINES, True)
    assert lines_words(finding) == "lines 3–52, …"


def test_a_log_without_a_usable_row_is_refused_with_all_reasons() -> None:
    with pytest.raises(ReportError, match=r"is not a moment.*before it was answered"):
        read(REFUSED["no_moment"], REFUSED["end_before_answer"])


# Where clocks are moved.


def autumn(*clocks: tuple[str, str, str]) -> list[dict[str, str]]:
    day = "2026-10-25 "
    return [row(day + arrival, day + answered, day + ended, "Anna") for arrival, answered, ended in clocks]


def test_an_hour_shown_twice_is_told_by_the_order_of_rows() -> None:
    calls, quality = read(
        *autumn(
            ("02:50:00", "02:50:10", "02:55:00"),
            ("03:50:00", "03:50:10", "03:55:00"),
            ("03:10:00", "03:10:10", "03:15:00"),
            ("04:10:00", "04:10:10", "04:15:00"),
        )
    )
    assert np.diff(calls.arrival).tolist() == [3600, 1200, 3600]
    assert calls.waited.tolist() == [10] * 4
    assert found(quality) == {"shown_twice": (3, 4)}
    assert (calls.day == calls.day[0]).all()
    assert calls.clock.tolist() == [10_200, 13_800, 11_400, 15_000]


def test_a_call_may_last_from_the_first_showing_into_the_second() -> None:
    calls, _ = read(*autumn(("03:50:00", "03:59:00", "03:05:00")))
    assert calls.waited[0] == 540
    assert calls.worked[0] == 360


def test_a_call_over_the_hour_left_out_is_an_hour_shorter_than_its_clock_times() -> None:
    calls, _ = read(row("2026-03-29 02:59:00", "2026-03-29 04:01:00", "2026-03-29 04:02:00", "Anna"))
    assert calls.waited[0] == 120


def test_offsets_need_no_time_zone_and_days_are_local() -> None:
    calls, _ = read(row("2026-11-23T22:30:00Z", "2026-11-23T22:30:05Z", "2026-11-24T00:31:05+02:00", "Anna"))
    assert (calls.waited[0], calls.worked[0]) == (5, 60)
    assert calls.clock[0] == 1800


# Logs that tell clock times, lengths and words.


def answered_of(answered: tuple[str, ...], unanswered: tuple[str, ...], *, agent: bool) -> list[bool]:
    """Who was answered of four callers: of yes, of no, of a word in no list with an agent's work, and without."""
    rows = ("8:00:00,yes,Anna,60", "8:10:00,no,,0", "8:20:00,moved,Anna,60", "8:30:00,moved,,0")
    content = "\n".join(("when,what,who,work,waited", *(f"2026-11-23 {row},5" for row in rows), ""))
    columns: dict[CallRole, tuple[str, ...]] = {"arrival": ("when",), "waited": ("waited",), "outcome": ("what",)}
    columns["worked"] = ("work",)
    if agent:
        columns["agent"] = ("who",)
    mapping = CallMapping(columns, CellForms(), answered_words=answered, unanswered_words=unanswered)
    calls, _ = read_calls([("log.csv", content.encode())], mapping)
    return [bool(each) for each in calls.served]


@pytest.mark.parametrize("agent", [False, True], ids=["work", "agent"])
def test_a_word_that_is_in_no_list_leaves_it_to_agent_or_work_who_was_answered(agent: bool) -> None:
    assert answered_of(("yes",), ("no",), agent=agent) == [True, False, True, False]
    assert answered_of((), ("no",), agent=agent) == [True, False, True, False]
    assert answered_of((), (), agent=agent) == [True, False, True, False]
    assert answered_of(("yes",), (), agent=agent) == [True, False, False, False]
    assert answered_of(("yes",), ("moved",), agent=agent) == [True, False, False, False]


def outcomes(answered: str, unanswered: str, *rows: str) -> LogQuality:
    """What is found in a log that tells by words alone who was answered."""
    content = "\n".join(
        ("when,what,work,waited", *(f"2026-11-23 {k + 8}:00:00,{row},60,5" for k, row in enumerate(rows)))
    )
    columns: dict[CallRole, tuple[str, ...]] = {"arrival": ("when",), "waited": ("waited",), "outcome": ("what",)}
    mapping = CallMapping(
        {**columns, "worked": ("work",)}, CellForms(), answered_words=(answered,), unanswered_words=(unanswered,)
    )
    return read_calls([("log.csv", content.encode())], mapping)[1]


def test_words_that_no_row_has_are_told_where_one_like_them_is_there() -> None:
    rows = ("accepted", "accepted", "hung up")
    assert [each.reason for each in outcomes("accepted", "hung up", *rows).findings] == []
    assert [each.reason for each in outcomes("accepted", "queue full", *rows).findings] == []
    (told,) = outcomes("accepted", "hungup", *rows).findings
    assert (told.reason, told.kind, told.value) == ("word_misspelt", "noted", "what: hungup / hung up (1)")


def test_words_by_which_nobody_was_answered_are_refused_unless_so_it_was() -> None:
    content = b"when,what,waited,ended\n2026-11-23 8:00,accepted,5,2026-11-23 8:05\n2026-11-23 9:00,hung up,5,\n"
    columns: dict[CallRole, tuple[str, ...]] = {"arrival": ("when",), "waited": ("waited",), "outcome": ("what",)}
    columns["ended"] = ("ended",)
    with pytest.raises(ReportError, match=r'asks for "acepted"; there are accepted \(1\), hung up \(1\)'):
        read_calls([("log.csv", content)], CallMapping(columns, CellForms(), answered_words=("acepted",)))
    nobody = content.replace(b"accepted", b"hung up")
    mapping = CallMapping(columns, CellForms(), answered_words=("accepted",), unanswered_words=("hung up",))
    calls, _ = read_calls([("log.csv", nobody)], mapping)
    assert not calls.served.any()


CLOCKS = CallMapping(
    {
        "date": ("date",),
        "entered": ("in",),
        "arrival": ("queued",),
        "answered": ("start",),
        "released": ("end",),
        "gave_up": ("left", "queued"),
        "agent": ("who",),
        "outcome": ("what",),
    },
    CellForms(
        timezone="Asia/Jerusalem",
        date_format="%y%m%d",
        nothing={"start": ("0:00:00",), "end": ("0:00:00",), "left": ("0:00:00",), "who": ("NOBODY",)},
        leave_out={"what": ("GHOST",)},
    ),
    answered_words=("AGENT",),
    unanswered_words=("HANG",),
)


def clocks(*rows: str) -> tuple[Calls, LogQuality]:
    content = "\n".join(("date,in,queued,start,end,left,who,what", *rows, ""))
    return read_calls([("log.csv", content.encode())], CLOCKS)


def test_clock_times_belong_to_the_date_and_past_midnight_to_the_next() -> None:
    calls, quality = clocks(
        "990201,23:50:00,23:50:08,23:51:00,0:01:28,23:51:00,DORIT,AGENT",
        "990201,23:59:55,0:00:05,0:00:00,0:00:00,0:00:25,NOBODY,HANG",
        "990202,8:00:00,8:00:05,8:00:05,24:00:00,8:00:05,DORIT,AGENT",
    )
    assert calls.waited.tolist() == [52, 20, 0]
    assert calls.worked[0] == 628
    assert calls.worked[2] == 15 * 3600 + 59 * 60 + 55
    assert calls.clock.tolist() == [85_808, 5, 28_805]
    assert np.diff(calls.day).tolist() == [1, 0]
    assert found(quality) == {"next_day": (2, 3, 4), "very_long": (4,)}


def test_who_did_not_queue_gave_up_at_once() -> None:
    calls, _ = clocks("990201,8:00:00,8:00:05,0:00:00,0:00:00,0:00:00,NOBODY,HANG")
    assert calls.waited.tolist() == [0]


def test_outcomes_overrule_and_rows_of_no_interest_are_left_out() -> None:
    calls, quality = clocks(
        "990201,8:00:00,8:00:05,8:01:00,8:02:00,8:01:00,DORIT,AGENT",
        "990201,8:10:00,8:10:05,8:11:00,8:12:00,8:10:45,NOBODY,HANG",
        "990201,8:20:00,8:20:05,0:00:00,0:00:00,8:21:00,DORIT,AGENT",
        "990201,8:30:00,8:30:05,8:31:00,8:32:00,8:31:00,NOBODY,GHOST",
    )
    assert calls.waited.tolist() == [55, 40]
    assert found(quality) == {"no_answer_time": (4,), "not_asked_for": (5,), "not_answered_after_all": (3,)}


LENGTHS = CallMapping(
    {"arrival": ("Start",), "agent": ("Agent",), "waited": ("Wait",), "worked": ("Talk", "Hold"), "wrap_up": ("ACW",)},
    HELSINKI,
    queue="Phone",
)


def lengths(*rows: str, mapping: CallMapping = LENGTHS) -> tuple[Calls, LogQuality]:
    content = "\n".join(("Start;Agent;Wait;Talk;Hold;ACW;End", *rows, ""))
    return read_calls([("log.csv", content.encode())], mapping)


def test_lengths_of_time_stand_for_moments() -> None:
    calls, quality = lengths("23.11.2026 8:00:00;Anna;0:10;3:00;0:20,5;0:30;", "23.11.2026 8:01:00;;1:30;;;;")
    assert quality.findings == ()
    assert calls.queues == ("Phone",)
    assert calls.waited.tolist() == [10, 90]
    np.testing.assert_equal(calls.worked, [200.5, np.nan])


def test_work_after_the_end_is_the_agents() -> None:
    columns = {**LENGTHS.columns, "ended": ("End",), "worked": ()}
    ended = "23.11.2026 8:00:00;Anna;0:10;3:00;;0:30;23.11.2026 8:03:10"
    calls, _ = lengths(ended, mapping=replace(LENGTHS, columns=columns))
    assert calls.worked[0] == 210
    assert calls.ended[0] - calls.answered[0] == 180


def test_lengths_that_are_none_are_refused() -> None:
    _, quality = lengths(
        "23.11.2026 8:00:00;Anna;0:10;3:00;;;",
        "23.11.2026 8:01:00;Anna;long;3:00;;;",
        "23.11.2026 8:02:00;Anna;-0:10;3:00;;;",
    )
    assert found(quality) == {"no_length": (3,), "negative_length": (4,)}


def test_two_decimal_signs_are_refused() -> None:
    with pytest.raises(ReportError, match=r"Some decimals are written with a point"):
        lengths("23.11.2026 8:00:00;Anna;10,5;10;;;", "23.11.2026 8:00:00;Anna;10.5;10;;;")


def dated(*dates: str) -> list[dict[str, str]]:
    return [row(f"{date} 08:00", "", f"{date} 08:01") for date in dates]


def test_mixed_orders_of_dates_are_refused() -> None:
    with pytest.raises(ReportError, match=r"two orders: \"27/11/2026\" .* \"11/28/2026\""):
        read(*dated("27/11/2026", "11/28/2026"))


def test_an_order_that_nothing_tells_is_asked_for() -> None:
    with pytest.raises(ReportError, match="whether the day or the month comes first"):
        read(*dated("3/4/2026"))
    forms = replace(HELSINKI, date_order="month first")
    _, quality = read(*dated("3/4/2026"), mapping=replace(MOMENTS, forms=forms))
    assert str(quality.first_day) == "2026-03-04"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"answered": ("answered",), "ended": ("ended",)}, "in which column the arrival is"),
        ({"arrival": ("arrival",), "ended": ("ended",)}, "the moment of the answer"),
        ({"arrival": ("arrival",), "answered": ("answered",)}, "the end of the contact"),
    ],
)
def test_a_mapping_that_tells_too_little_is_refused(columns: dict[CallRole, tuple[str, ...]], words: str) -> None:
    with pytest.raises(ReportError, match=words):
        read(GOOD, mapping=CallMapping(columns, HELSINKI))


def test_an_unknown_time_zone_and_no_file_are_refused() -> None:
    with pytest.raises(ReportError, match="no time zone"):
        read(GOOD, mapping=replace(MOMENTS, forms=CellForms(timezone="Mars/Olympus")))
    with pytest.raises(ReportError, match="no file"):
        read_calls([], MOMENTS)


def test_a_column_of_numbers_is_no_column_of_queues() -> None:
    with pytest.raises(ReportError, match="600 queues"):
        read(*(row("08:00:00", "", "08:01:00", queue=str(k)) for k in range(600)))


MOMENT = st.one_of(
    st.sampled_from(["", "soon", "-", "Total", "2026-03-29 03:30:00", "2026-10-25 03:30:00", "1:2:3:4", "08:00:00"]),
    st.integers(0, 86_399).map(lambda clock: f"{DAY} {clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                **dict.fromkeys(("arrival", "answered", "consulted", "handed_over", "ended"), MOMENT),
                "agent": st.sampled_from(["", "Anna", "Bo"]),
                "customer": st.sampled_from(["", "1", "2"]),
            }
        ),
        max_size=12,
    )
)
def test_no_row_is_lost_whatever_it_says(rows: list[dict[str, str]]) -> None:
    calls, _ = read(GOOD, *rows)
    assert len(calls) >= 1
    assert (calls.waited >= 0).all()
    assert not (calls.worked < 0).any()
    assert (np.diff(calls.arrival) >= 0).all()


def test_every_reason_has_words_in_both_languages() -> None:
    for reason in KINDS:
        for language in ("en", "fi"):
            with speaking(language):
                assert finding_words(Finding(reason, (1,), "x", 1))
