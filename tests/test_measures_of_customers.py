"""Measures of customers who come again, balk, go without a sign or are called back: small tables worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from centres import make_contacts, make_follow_ups
from test_measures import a_yardstick, make_records

from simulator.contacts import Cause, Ledger, Outcome
from simulator.measures import MEASURES, Duration, evaluate, formulas, summarise
from simulator.scenario.model import Costs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.measures import Summary

NAN = np.nan


def played(
    attempts: Sequence[tuple[int, float, float, float, float, Outcome]],
    firsts: int,
    follow_ups: Sequence[tuple[int, Cause]],
    in_vain: Sequence[int] = (),
    **named: Any,
) -> Summary:
    """A summary of attempts: channel, arrival, entered, started, ended and outcome.

    The first ones come by themselves; `follow_ups` has what each of the others follows, and why; `in_vain` are calls
    back that find nobody.
    """
    channel, arrived, entered, started, ended, outcome = zip(*attempts, strict=True)
    enquiry, attempt = list(range(firsts)), [0] * firsts
    for before, _ in follow_ups:
        enquiry.append(enquiry[before])
        attempt.append(attempt[before] + 1)
    contacts = make_contacts(
        [*arrived[:firsts], *[np.inf] * len(follow_ups)],
        channel=channel,
        enquiry=enquiry,
        attempt=attempt,
        follow_ups=make_follow_ups(
            [after for after, _ in follow_ups],
            cause=[cause for _, cause in follow_ups],
            in_vain=np.isin(np.arange(firsts, len(attempts)), in_vain),
        ),
    )
    begun = ~np.isnan(np.array(started))
    end_of_hands = np.where(np.array(outcome) == Outcome.GONE, np.array(started) + 20, ended)
    records = make_records(
        contacts,
        arrived=arrived,
        entered=entered,
        started=started,
        ended=ended,
        outcome=outcome,
        handled=np.where(begun, np.nan_to_num(end_of_hands - np.array(started)), 0.0),
        group=np.where(begun, 0, -1),
        agent=np.where(begun, 0, -1),
    )
    return summarise(a_yardstick(**named), contacts, records, Ledger.blank(1, 1))


@pytest.fixture(scope="module")
def calls() -> Summary:
    """One line, T = 20 s, a minute of which costs 0.60, and 10 for each order of half of the enquiries."""
    return played(
        [
            (0, 0, 0, 10, 100, Outcome.SERVED),  # 0: helped, but comes again
            (0, 1, 1, NAN, 31, Outcome.ABANDONED),  # 1: redials
            (0, 2, 2, 50, 22, Outcome.GONE),  # 2: goes without a sign after 20 s; found out after 48 s, for 20 s
            (0, 3, 3, NAN, 3, Outcome.BALKED),  # 3: lost at once
            (0, 4, 4, NAN, 4, Outcome.CALLBACK),  # 4: called back, in vain, then reached
            (0, 5, 5, NAN, 5, Outcome.CALLBACK),  # 5: the call has not been made when the line is cut
            (0, 6, NAN, NAN, 6, Outcome.CLOSED),  # 6: redials, is served
            (0, 7, 7, NAN, 37, Outcome.CUT),  # 7: cut after 30 s
            (0, 300, 300, 350, 400, Outcome.SERVED),  # 8: repeat of 0
            (0, 90, 90, NAN, 95, Outcome.ABANDONED),  # 9: redial of 1, gives up after 5 s
            (0, 4, 4, 64, 84, Outcome.SERVED),  # 10: callback of 4, after a minute
            (0, 200, 200, 240, 300, Outcome.SERVED),  # 11: retry of 10, after 40 s
            (0, 5, 5, NAN, 800, Outcome.CUT),  # 12: callback of 5
            (0, 60, 60, 60, 70, Outcome.SERVED),  # 13: redial of 6
            (0, NAN, NAN, NAN, NAN, Outcome.TO_COME),  # 14: redial of 9, after the horizon
            (0, NAN, NAN, NAN, NAN, Outcome.TO_COME),  # 15: repeat of 8, likewise
            (0, NAN, NAN, NAN, NAN, Outcome.NOT_MADE),  # 16: repeat of 13, whom the agent has helped
        ],
        8,
        [
            (0, Cause.REPEAT),
            (1, Cause.REDIAL),
            (4, Cause.CALLBACK),
            (10, Cause.RETRY),
            (5, Cause.CALLBACK),
            (6, Cause.REDIAL),
            (9, Cause.REDIAL),
            (8, Cause.REPEAT),
            (13, Cause.REPEAT),
        ],
        in_vain=[10],
        costs=Costs(line_minute={0: 0.6}, order_value=10.0, order_share={(0, 0): 0.5}),
    )


# Offered: 0, 1, 2, 3, 7, 8, 9 and 13; answered: 0, 8 and 13.
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arrived", 14),
        ("offered", 8),
        ("answered", 3),
        ("abandoned", 3),  # 1, 2 and 9
        ("balked", 1),
        ("closed", 1),
        ("cut", 2),  # 7 and the callback of 5
        ("served", 4),  # 10 found nobody
        ("redials", 2),
        ("callbacks_booked", 2),
        ("service_level_offered", 2 / 8),  # 0 and 13
        ("service_level_offered_less_abandoned", 2 / 6),  # 2 and 9 gave up within 20 s
        ("service_level_answered", 2 / 3),
        ("service_level_abandoned_as_met", 4 / 8),
        ("service_level_short_abandons_as_met", 2 / 8),  # 5 s is not less than 5 s
        ("asa", (10 + 50 + 0) / 3),
        ("mean_wait", (10 + 30 + 20 + 30 + 50 + 5 + 0) / 7),
        ("abandonment_ratio", 3 / 8),
        ("cut_share", 1 / 8),
        ("balked_share", 1 / 8),
        ("silent_share", 1 / 8),
        ("silent_hours", 20 / 3600),
        ("lost_share", 7 / 14),  # 1, 2, 3, 6, 7, 9 and 12
        ("callback_wait", (60 + 40) / 2),
        ("attempts", 14 / 8),
        ("repeat_share", 2 / 4),  # 0, and 8 after the horizon
        ("handling_time", (90 + 50 + 60 + 10) / 4),
        ("enquiries", 8),
        ("resolved_enquiries", 2),  # 4 and 6
        ("open_enquiries", 0),
        ("enquiries_to_come", 2),  # 0 and 1
        ("lost_enquiries", 4),  # 2, 3, 5 and 7
        ("lost_orders", 2.0),
        ("cost_per_resolved", (145 + 210) * 0.01 / 2),  # 11 and 13
        ("line_cost", (145 + 210) * 0.01),  # ringing in vain and waiting for a callback is not on the line
    ],
)
def test_measures_of_calls_by_hand(calls: Summary, name: str, value: float) -> None:
    assert float(evaluate(MEASURES[name], calls)) == pytest.approx(value)


def test_who_is_never_reached_is_lost() -> None:
    attempts = [
        (0, 4.0, 4.0, NAN, 4.0, Outcome.CALLBACK),
        (0, 4.0, 4.0, 64.0, 84.0, Outcome.SERVED),
    ]
    for in_vain, lost in (([], 0), ([1], 1)):
        summary = played(attempts, 1, [(0, Cause.CALLBACK)], in_vain)
        assert float(evaluate(MEASURES["lost_enquiries"], summary)) == lost
        assert float(evaluate(MEASURES["served"], summary)) == 1 - lost


def test_quantiles_of_wait_leave_out_callbacks_and_who_balked(calls: Summary) -> None:
    # Sorted: 0, 5, 10, 20, 30, 30, 50, and of the answered 0, 10, 50.
    assert calls.waits.quantile[0, Duration.WAIT, :2].tolist() == [20, 30]
    assert calls.waits.quantile[0, Duration.ANSWERED_WAIT, :2].tolist() == [10, 50]


def test_who_balks_or_takes_a_callback_has_shown_nothing_of_the_virtual_wait() -> None:
    # Of four, the two who stay are answered after 10 and 50 s: half within 20 s, as if the others were like them.
    attempts = [
        (0, 0.0, 0.0, 10.0, 60.0, Outcome.SERVED),
        (0, 1.0, 1.0, NAN, 1.0, Outcome.BALKED),
        (0, 2.0, 2.0, NAN, 2.0, Outcome.CALLBACK),
        (0, 3.0, 3.0, 53.0, 90.0, Outcome.SERVED),
        (0, NAN, NAN, NAN, NAN, Outcome.TO_COME),
    ]
    summary = played(attempts, 4, [(2, Cause.CALLBACK)])
    assert summary.waits.virtual[0] == pytest.approx(0.5)
    assert "balked or chose a callback with a wait of 0" in formulas()["virtual_service_level"]


SERVED, OPEN, ABANDONED = Outcome.SERVED, Outcome.OPEN, Outcome.ABANDONED


@pytest.mark.parametrize(
    ("message", "call", "repeat", "lost"),
    [
        (SERVED, ABANDONED, None, 0),  # the answer comes after all
        (OPEN, ABANDONED, None, 0),  # and this one may
        (OPEN, SERVED, None, 0),
        (SERVED, ABANDONED, ABANDONED, 1),  # the answer was not enough, and both calls are in vain
        (SERVED, SERVED, ABANDONED, 0),
        (SERVED, ABANDONED, SERVED, 0),
    ],
)
def test_who_chased_a_message_is_lost_if_neither_the_message_nor_the_chaser_has_helped(
    message: Outcome, call: Outcome, repeat: Outcome | None, lost: int
) -> None:
    def by_phone(arrival: float, outcome: Outcome) -> tuple[int, float, float, float, float, Outcome]:
        return 0, arrival, arrival, arrival if outcome == SERVED else NAN, arrival + 30, outcome

    ended = 600.0 if message == SERVED else NAN
    nothing = (0, NAN, NAN, NAN, NAN, Outcome.NOT_MADE)
    summary = played(
        [
            (1, 0, 0, ended - 60, ended, message),
            by_phone(400, call),
            nothing if repeat is None else by_phone(700, repeat),
        ],
        1,
        [(0, Cause.CHASER), (0, Cause.REPEAT)],
        live=np.array([True, False]),
        bot_on=np.array([[False], [False]]),
        targets=a_yardstick().targets * 2,
        short_abandon=np.array([5.0, 0.0]),
    )
    assert evaluate(MEASURES["lost_enquiries"], summary, ("channel",)).tolist() == [0, lost]


def test_resolved_by_the_bot_is_who_does_not_come_back_now_or_later() -> None:
    # Four meet the bot. One is handed over; of the three contained one bounces, and one will after the end.
    contacts = make_contacts(
        [0.0, 1.0, 2.0, 3.0, np.inf, np.inf, np.inf],
        meets_bot=[True] * 4 + [False] * 3,
        contained=[True] * 3 + [False] * 4,
        bot_time=30.0,
        enquiry=[0, 1, 2, 3, 0, 1, 2],
        attempt=[0] * 4 + [1] * 3,
        follow_ups=make_follow_ups([0, 1, 2], cause=Cause.BOUNCE),
    )
    records = make_records(
        contacts,
        arrived=[0.0, 1.0, 2.0, 3.0, 500.0, NAN, NAN],
        entered=[NAN, NAN, NAN, 33.0, 500.0, NAN, NAN],
        ended=[30.0, 31.0, 32.0, NAN, NAN, NAN, NAN],
        outcome=[*[Outcome.CONTAINED] * 3, OPEN, OPEN, Outcome.TO_COME, Outcome.NOT_MADE],
    )
    summary = summarise(a_yardstick(bot_on=np.array([[True]])), contacts, records, Ledger.blank(1, 1))
    shares = {"bot_share": 4 / 5, "containment": 3 / 4, "bounce": 2 / 3, "bot_resolved": 1 / 4, "net_deflection": 1 / 4}
    assert {name: float(evaluate(MEASURES[name], summary)) for name in shares} == pytest.approx(shares)
    enquiries = {"resolved_enquiries": 1, "open_enquiries": 2, "enquiries_to_come": 1, "lost_enquiries": 0}
    assert {name: float(evaluate(MEASURES[name], summary)) for name in enquiries} == enquiries


def test_offered_load_is_of_the_work_as_the_bot_hands_it_over() -> None:
    # Past the bot: 100 x 1.5; met it not: 100; the bot was full: 100; contained: nothing. Over 900 s.
    contacts = make_contacts(
        [0.0, 1.0, 2.0, 3.0],
        work=100.0,
        meets_bot=[True, False, True, True],
        contained=[False, False, False, True],
        bot_time=30.0,
    )
    records = make_records(
        contacts, entered=[30.0, 1.0, 2.0, NAN], ended=[NAN, NAN, NAN, 33.0], outcome=[OPEN, OPEN, OPEN, 2]
    )
    bot = a_yardstick(bot_on=np.array([[True]]), escalated_handling={(0, 0): 1.5})
    summary = summarise(bot, contacts, records, Ledger.blank(1, 1))
    assert float(evaluate(MEASURES["bot_share"], summary)) == 0.5
    assert float(evaluate(MEASURES["offered_load"], summary)) == pytest.approx(350 / 900)
