"""What a scenario file says of customers reaches the description, the centre and the day that is played."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.contacts import Cause, Outcome
from simulator.demand import Demand
from simulator.engine import NO_LIMIT, Centre, centre_of, simulate
from simulator.experiment import run
from simulator.report.customers import (
    OF_ENQUIRIES,
    customer_sentences,
    customers_table,
    enquiries_table,
    measures_of_customers,
)
from simulator.scenario import Scenario, ScenarioError, load_scenario
from simulator.scenario.calendar import Calendar, Holidays
from simulator.scenario.customers import Callback, Return, Silent, Told
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.model import Distribution

if TYPE_CHECKING:
    from simulator.measures import Axis

FILE = Path(__file__).parent / "data" / "customers.toml"
SHIPPED = Path(__file__).resolve().parents[1] / "scenarios"
PHONE, CHAT, EMAIL = range(3)
PRODUCT, COMPLAINT, TECHNICAL = range(3)
HOUR = 3600.0
SPRING, AUTUMN, CHRISTMAS = date(2026, 3, 23), date(2026, 10, 19), date(2026, 12, 21)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(FILE)


@pytest.fixture(scope="module")
def centre(scenario: Scenario) -> Centre:
    return centre_of(scenario)


def exponential(mean: float) -> Distribution:
    return Distribution("exponential", mean, 1.0)


def test_who_comes_again_is_told_by_channel_and_topic(scenario: Scenario) -> None:
    product, complaint, technical = (kind.returns for kind in scenario.channels[PHONE].types)
    assert product.redial == Return(
        (0.6, 0.4), ((PHONE, 0.7), (CHAT, 0.2), (EMAIL, 0.1)), Distribution("lognormal", 900.0, 1.2), True
    )
    assert product.repeat is not None
    assert product.repeat.share == pytest.approx((0.2,))
    assert product.repeat.handling_factor == 0.8
    assert not product.repeat.waits_for_opening
    assert complaint.repeat is not None
    assert complaint.repeat.share == (0.5,)
    assert product.hand_on == Return((0.1,), ((PHONE, 1.0),), Distribution("constant", 0.0, 0.0), True, TECHNICAL, 0.8)
    assert technical.hand_on is not None
    assert technical.hand_on.share == (0.0,)
    assert product.chaser is None
    chaser = scenario.channels[EMAIL].types[0].returns.chaser
    assert chaser == Return((0.5,), ((PHONE, 0.4), (EMAIL, 0.6)), exponential(HOUR), False, None, 0.5)
    assert scenario.attempts == 4


def test_the_bot_keeps_its_own_figures_by_topic(scenario: Scenario, centre: Centre) -> None:
    product, complaint, _ = scenario.channels[CHAT].types
    assert product.bot_share == pytest.approx(0.9 * 0.8)
    assert complaint.bot_share == pytest.approx(0.9 * 0.5)
    assert [kind.returns.bounce.share for kind in (product, complaint) if kind.returns.bounce] == [(0.3,), (0.6,)]
    np.testing.assert_allclose(centre.escalated_work[CHAT, :2], [1.2, 1.5])
    np.testing.assert_allclose(centre.escalated_patience[CHAT, :2], [0.8, 0.5])
    assert centre.bot_capacity.tolist() == [NO_LIMIT, 30, NO_LIMIT]


def test_told_waits_callbacks_and_silence_reach_the_centre(scenario: Scenario, centre: Centre) -> None:
    phone, chat, _ = scenario.channels
    assert phone.told == Told(Distribution("gamma", 480.0, 0.5), 1.25)
    assert phone.callback == Callback(240.0, 0.4, 0.7, 2, Distribution("constant", 1200.0, 0.0), 25.0)
    assert chat.silent == Silent(0.35, 120.0)
    assert centre.tells.tolist() == [True, False, False]
    assert centre.told_patience.tolist() == [1.25, 1.0, 1.0]
    assert centre.callback_from.tolist() == [240.0, np.inf, np.inf]
    assert centre.silent_work.tolist() == [0.0, 120.0, 0.0]


def test_an_outage_closes_its_channel_alone_for_its_time(scenario: Scenario, centre: Centre) -> None:
    start, end = 11 * HOUR, 12.5 * HOUR
    back = Return((0.5,), ((PHONE, 1.0),), exponential(300.0), True)
    (outage,) = scenario.outages
    assert outage.switch is not None
    assert (outage.start, outage.end, outage.back) == (start, end, back)
    assert outage.switch.share == pytest.approx((0.3,))
    assert outage.switch.delay == Distribution("constant", 120.0, 0.0)
    np.testing.assert_allclose(outage.switch.channels, [(CHAT, 2 / 3), (EMAIL, 1 / 3)])
    down = (centre.edges[:-1] >= start) & (centre.edges[:-1] < end)
    hours = scenario.calendar.open_mask(scenario.channels[PHONE].hours)
    assert down.sum() == 3
    assert np.array_equal(centre.open[PHONE], hours & ~down)
    assert centre.open[EMAIL].all()
    for channel in (CHAT, EMAIL):
        moved = load_scenario(FILE, overrides={"outages.lines_cut": {
            "channel": scenario.channels[channel].name, "start": "2026-11-23 11:00", "end": "2026-11-23 12:30",
        }})  # fmt: skip
        there = centre_of(moved)
        assert not there.open[channel][down].any()
        assert not there.bot_on[channel][down].any()
        assert np.array_equal(there.open[PHONE], hours)


def test_an_outage_that_does_not_touch_a_moved_horizon_is_left_out() -> None:
    moved = load_scenario(FILE, overrides={"horizon.start": "2026-11-30"})
    assert moved.outages == ()


def test_a_variant_may_bring_a_whole_table() -> None:
    offer = {"offered_from": "2 min", "taken": "50 %"}
    changed = load_scenario(
        FILE, overrides={"channels.chat.callback": offer, "channels.phone.redial.delay.mean": "5 min"}
    )
    assert changed.channels[CHAT].callback == Callback(120.0, 0.5, 1.0, 2, exponential(1800.0), 30.0)
    redial = changed.channels[PHONE].types[0].returns.redial
    assert redial is not None
    assert redial.delay == Distribution("lognormal", 300.0, 1.2)
    with pytest.raises(ScenarioError, match='There is no outage "lines_cutt"'):
        load_scenario(FILE, overrides={"outages.lines_cutt.back": "10 %"})


def test_too_many_attempts_are_counted_before_they_are_drawn() -> None:
    with pytest.raises(ScenarioError, match="contacts would arrive"):
        load_scenario(FILE, overrides={
            "enquiries.attempts": 20, "channels.phone.redial.share": 1, "channels.phone.repeat.resolved": 0,
            "channels.phone.redial.to": {"phone": 1}, "channels.phone.repeat.to": {"phone": 1},
        })  # fmt: skip


@pytest.mark.parametrize("first", [SPRING, AUTUMN, CHRISTMAS])
@pytest.mark.parametrize(
    "hours",
    [
        "always",
        "mon-fri 08:00-20:00; sat-sun 10:00-18:00",
        "mon-fri 09:00-17:00; holidays closed",
        "mon-fri 08:00-12:00, 13:00-16:30",
        "sat 22:00-06:00",
        "sun 02:30-03:30; wed 12:01-12:02",
    ],
)
@pytest.mark.parametrize("allowed", [0.0, 60.0, 4 * HOUR, 7.3 * HOUR, 8 * HOUR, 24 * HOUR, 100 * HOUR])
def test_promises_in_straight_pieces_agree_with_due_times(first: date, hours: str, allowed: float) -> None:
    calendar = Calendar("Europe/Helsinki", first, 14, 900, Holidays("FI"))
    weekly = WeeklyHours.parse(hours)
    knots, at, rate = calendar.due_knots(allowed, weekly)
    assert knots[0] == 0
    assert np.all(np.diff(knots) > 0)
    end = calendar.edges[-1]
    # A hair beside each knot, since the sums round there; the minutes are those at which hours begin and end.
    beside = np.concatenate((knots[1:] - 1e-5, knots + 1e-5))
    instants = np.concatenate((np.random.default_rng(1).uniform(0, end, 5000), np.arange(0, end, 60.0), beside))
    piece = np.searchsorted(knots, instants, side="right") - 1
    due = at[piece] + rate[piece] * (instants - knots[piece])
    np.testing.assert_allclose(due, calendar.due_times(instants, allowed, weekly), rtol=0, atol=1e-6)


def test_a_promise_of_all_hours_is_one_straight_piece(centre: Centre) -> None:
    calendar = Calendar("Europe/Helsinki", SPRING, 7, 900)
    assert [piece.tolist() for piece in calendar.due_knots(24 * HOUR, None)] == [[0.0], [24 * HOUR], [1.0]]
    assert np.all(centre.due_at[[PHONE, CHAT]] == np.inf)


def test_the_promise_made_to_a_follow_up_is_that_of_the_calendar(scenario: Scenario, centre: Centre) -> None:
    contacts = Demand(scenario).draw(3, 0)
    records, _ = simulate(centre, contacts, scenario.staffing, "reference")
    firsts = len(contacts) - len(contacts.follow_ups)
    mails = np.arange(len(contacts)) >= firsts
    mails &= (contacts.channel == EMAIL) & (records.outcome != Outcome.NOT_MADE)
    assert mails.sum() > 20
    email = scenario.channels[EMAIL]
    due = scenario.calendar.due_times(records.arrived[mails], email.target.within, email.hours)
    np.testing.assert_allclose(records.due[mails], due, rtol=0, atol=1e-6)


def test_everything_that_may_happen_happens_in_some_future(scenario: Scenario, centre: Centre) -> None:
    """The day is too busy for its agents; every cause brings contacts, and every outcome comes about."""
    made: set[Cause] = set()
    outcomes: set[Outcome] = set()
    for replication in range(3):
        contacts = Demand(scenario).draw(5, replication)
        records, _ = simulate(centre, contacts, scenario.staffing - 3 * (scenario.staffing > 0), "reference")
        firsts = len(contacts) - len(contacts.follow_ups)
        happened = records.outcome[firsts:] != Outcome.NOT_MADE
        made |= set(map(Cause, contacts.follow_ups.cause[happened].tolist()))
        outcomes |= set(map(Outcome, records.outcome.tolist()))
        (outage,) = scenario.outages
        meets = (contacts.channel[:firsts] == PHONE) & (contacts.arrival[:firsts] >= outage.start)
        meets &= contacts.arrival[:firsts] < outage.end
        assert np.all(records.outcome[:firsts][meets] == Outcome.CLOSED)
    assert made == set(Cause) - {Cause.NEED}
    assert outcomes >= set(Outcome) - {Outcome.CUT}


def test_check_tells_what_customers_do(scenario: Scenario) -> None:
    told = " ".join(customer_sentences(scenario))
    assert "of those in vain 60 %, then 40 % try again (15 min later on average: 70 % Phone, 20 % Chat" in told
    assert "of those served 20 % need more" in told
    assert "up to 4 attempts an enquiry" in told
    assert "is out of order from" in told


def test_what_customers_do_is_shown_where_they_do_it_and_nowhere_else(scenario: Scenario) -> None:
    experiment = run(scenario, replications=2, workers=1)
    shown = measures_of_customers(experiment)
    assert {"redials", "repeat_share", "chasers", "balked_share", "callbacks_booked"} <= set(shown)
    table = customers_table(experiment)
    assert table is not None
    assert [str(cell) for cell in table.columns[0].cells] == [channel.title for channel in scenario.channels]
    quiet = run(load_scenario(SHIPPED / "phone-team.toml"), replications=2, workers=1)
    assert customers_table(quiet) is None
    assert enquiries_table(quiet) is None


def test_every_enquiry_is_resolved_or_lost_or_open_or_still_to_come_again(scenario: Scenario) -> None:
    """Of every channel, topic and interval of every replication; some of each."""
    experiment = run(scenario, replications=5, workers=1)
    axes: tuple[tuple[Axis, ...], ...] = (("channel", "topic", "day"), ("channel", "interval"), ("channel",))
    for by in axes:
        enquiries, *parts = (experiment.sums(name, by)[0] for name in OF_ENQUIRIES)
        assert np.array_equal(enquiries, np.sum(parts, axis=0))
        assert all(part.sum() > 0 for part in parts)
    assert enquiries_table(experiment) is not None
